//! The log of events: the one thing in the index that WARC files do not hold. It is written with a connection of its own,
//! for one short transaction, so that a check can be logged while a crawl goes on.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Row, params};

use super::connection::{all, first, open_existing, place};
use super::index::empty_log;
use super::{DATABASE, Error, seal, text};
use crate::domain::event::{Event, HeldEvent};

/// Who else may be writing the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// Nobody: the caller holds the archive's lock, and the index is sealed again.
    Nobody,
    /// Whoever holds the lock. The event stays in the write-ahead log, so that the file is not changed behind the back of
    /// who is about to seal it.
    AWriter,
}

/// Writes an event behind the others and gives its number; `None` where the archive is of an earlier version, whose
/// schema has no place for it. Waits at most ten seconds for a crawl's transaction; readers are not kept waiting (WAL).
pub fn record_event(dir: &Path, event: &Event, beside: Beside) -> Result<Option<i64>, Error> {
    if beside == Beside::Nobody {
        seal::check(dir)?;
    }
    let Some(connection) = open_existing(dir)? else { return Ok(None) };
    let path = dir.join(DATABASE);
    let failed = || place(&path, "writing an event");
    if beside == Beside::Nobody {
        seal::unseal(dir)?;
    } else {
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map_err(failed())?;
    }
    let id = append(&connection, event).map_err(failed())?;
    if beside == Beside::Nobody && empty_log(&connection).map_err(failed())? {
        drop(connection);
        seal::seal(dir)?;
    }
    Ok(Some(id))
}

fn append(connection: &Connection, event: &Event) -> rusqlite::Result<i64> {
    connection.execute_batch("PRAGMA synchronous = FULL; BEGIN IMMEDIATE")?;
    let last = "SELECT link FROM events ORDER BY id DESC LIMIT 1";
    let before: Option<String> = connection.query_row(last, [], |row| row.get(0)).optional()?;
    insert(connection, event, &event.link(&before.unwrap_or_default()))?;
    let id = connection.last_insert_rowid();
    connection.execute_batch("COMMIT")?;
    Ok(id)
}

fn insert(connection: &Connection, event: &Event, link: &str) -> rusqlite::Result<usize> {
    let Event { kind, at, outcome, agent, object, detail } = event;
    connection.execute(
        "INSERT INTO events (type, at, outcome, agent, object, detail, link) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![kind, at.to_micros_string(), outcome, agent, object, detail, link],
    )
}

/// All events, in order; none for an archive of an earlier version.
pub(super) fn events(connection: &Connection) -> Result<Vec<HeldEvent>, Error> {
    let known = first(connection, "SELECT 1 FROM sqlite_master WHERE name = 'events'", [], |_| Ok(()))?.is_some();
    if !known {
        return Ok(Vec::new());
    }
    let sql = "SELECT id, type, at, outcome, agent, object, detail, link FROM events ORDER BY id";
    all(connection, sql, [], columns)?.into_iter().map(held).collect()
}

type Columns = (i64, [String; 7]);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok((row.get(0)?, [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?, row.get(7)?]))
}

fn held((id, [kind, at, outcome, agent, object, detail, link]): Columns) -> Result<HeldEvent, Error> {
    let at = text::moment("events", &at)?;
    Ok(HeldEvent { id, event: Event { kind, at, outcome, agent, object, detail }, link })
}

/// Copies the log of another index into this one, where it can be read.
pub(super) fn carry(from: &Path, to: &Connection) {
    // Also that of an earlier version, whose log is told as today's.
    let Ok(old) = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY) else { return };
    let Ok(events) = events(&old) else { return };
    for held in events {
        // The log's gap is seen by its links; captures must not wait for it.
        insert(to, &held.event, &held.link).ok();
    }
}
