//! The write side of the index: rows of one group of visits, in one transaction the archive begins and commits.

mod again;
mod articles;
mod captures;
mod imports;
mod joined;
mod listings;
mod media;
mod runs;
mod search;
mod texts;
mod tombstones;
mod works;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, Params, Row, params};

pub use again::{Again, Difference};
pub use captures::{Member, Placement, Stored};
pub use imports::{ImportSource, Refers};
pub use joined::JoinedVersion;

use super::connection::{BUSY, open_for_writing, place};
use super::{DATABASE, Error, seal, text};
use crate::dedup::{HeldPayload, Past};
use crate::domain::digest::{PayloadDigest, RecordId};

/// The one connection that writes.
#[derive(Debug)]
pub struct Index {
    connection: Connection,
    path: PathBuf,
    /// Texts compared lately.
    texts: texts::Texts,
    /// Words to write before the transaction ends.
    waiting: search::Waiting,
}

impl Index {
    /// Opens or makes the index of this archive folder, under the archive's lock. One that differs from its seal is
    /// refused; the seal of one that does not is taken away until [`Index::close`].
    pub fn open(dir: &Path) -> Result<Self, Error> {
        seal::check(dir)?;
        seal::unseal(dir)?;
        let index = Self::over(open_for_writing(dir)?, dir.join(DATABASE));
        index.name_places()?;
        index.renew_works()?;
        index.renew_words()?;
        Ok(index)
    }

    /// The index over a connection that is set up already.
    pub(super) fn over(connection: Connection, path: PathBuf) -> Self {
        Self { connection, path, texts: texts::Texts::default(), waiting: search::Waiting::default() }
    }

    /// Makes the index ready for readers that never wait, and closes it.
    pub(super) fn seal(self) -> Result<(), Error> {
        self.batch("PRAGMA optimize; PRAGMA journal_mode = WAL; PRAGMA wal_checkpoint(TRUNCATE)", "sealing")
    }

    /// Visits, articles, and runs known by their visits only.
    pub fn rebuilt_counts(&self) -> Result<(i64, i64, i64), Error> {
        let sql = "SELECT (SELECT count(*) FROM captures), (SELECT count(*) FROM articles), \
             (SELECT count(*) FROM runs WHERE program = '')";
        let counts = self.row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(counts.unwrap_or_default())
    }

    /// Begins a transaction; waits for another program's at most ten seconds.
    pub fn begin(&self) -> Result<(), Error> {
        self.batch("BEGIN IMMEDIATE", "beginning a transaction")
    }

    /// Makes the transaction's rows safe and visible.
    pub fn commit(&self) -> Result<(), Error> {
        self.write_waiting_words()?;
        self.batch("COMMIT", "committing")
    }

    /// Forgets the transaction's rows, where one is open.
    pub fn rollback(&self) -> Result<(), Error> {
        self.waiting.forget();
        if self.connection.is_autocommit() { Ok(()) } else { self.batch("ROLLBACK", "rolling back") }
    }

    /// Moves the write-ahead log into the database and seals it. Where a reader still needs the log, the index stays
    /// without a seal until the next writer is done.
    pub fn close(self) -> Result<(), Error> {
        let dir = self.path.parent().map(Path::to_owned).unwrap_or_default();
        let emptied = empty_log(&self.connection).map_err(place(&self.path, "checkpointing"))?;
        drop(self);
        if emptied { seal::seal(&dir) } else { Ok(()) }
    }

    /// A stable value of the archive, made by `make` where it is not set.
    pub fn meta(&self, key: &str, make: impl FnOnce() -> String) -> Result<String, Error> {
        let held = self.row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0))?;
        if let Some(value) = held {
            return Ok(value);
        }
        let value = make();
        self.write("INSERT INTO meta (key, value) VALUES (?1, ?2)", params![key, value])?;
        Ok(value)
    }

    /// What bears on an answer with this digest from this URL.
    pub fn past(&self, url: &str, digest: &PayloadDigest) -> Result<Past, Error> {
        let same_url = self.row(
            "SELECT c.id, c.record_id, c.url, c.captured_at, c.payload_digest FROM places p \
             JOIN captures c ON c.id = p.original_id WHERE p.url = ?1",
            [url],
            held_columns,
        )?;
        let same_payload = self.row(
            "SELECT id, record_id, url, captured_at, payload_digest FROM captures \
             WHERE payload_digest = ?1 AND warc_type = 'response' AND truncated IS NULL AND bytes > 0 \
             ORDER BY id LIMIT 1",
            [digest.as_str()],
            held_columns,
        )?;
        Ok(Past { same_url: same_url.map(held).transpose()?, same_payload: same_payload.map(held).transpose()? })
    }

    /// The held payload of a response record, by its id and the URL it answers.
    pub fn payload_of_record(&self, url: &str, record_id: &str) -> Result<Option<HeldPayload>, Error> {
        let id = RecordId::from_stored(record_id);
        let row = self.row(
            "SELECT id, record_id, url, captured_at, payload_digest FROM captures \
             WHERE url = ?1 AND record_id = ?2 AND warc_type = 'response'",
            params![url, id.as_str()],
            held_columns,
        )?;
        row.map(held).transpose()
    }

    /// The payload of a capture, read back from its WARC file.
    pub fn payload(&self, dir: &Path, capture: i64) -> Result<Option<Vec<u8>>, Error> {
        Ok(super::payload::answer_of(&self.connection, dir, capture)?.map(|answer| answer.payload))
    }

    /// Copies the log of events of another index into this one, where that can be read.
    pub(super) fn carry_events(&self, from: &Path) {
        super::events::carry(from, &self.connection);
    }

    fn batch(&self, sql: &str, doing: &'static str) -> Result<(), Error> {
        self.connection.execute_batch(sql).map_err(place(&self.path, doing))
    }

    /// Runs a prepared statement that changes rows.
    fn write(&self, sql: &str, params: impl Params) -> Result<usize, Error> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(params))
            .map_err(place(&self.path, "writing rows"))
    }

    /// Writes a row and gives its id.
    fn insert(&self, sql: &str, params: impl Params) -> Result<i64, Error> {
        self.write(sql, params)?;
        Ok(self.connection.last_insert_rowid())
    }

    /// The first row of a prepared query.
    fn row<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Error> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row(params, read).optional())
            .map_err(place(&self.path, "looking up"))
    }

    /// All rows of a prepared query.
    fn rows<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_map(params, read)?.collect())
            .map_err(place(&self.path, "looking up"))
    }

    /// The database.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes of the write-ahead log; 0 where there is none.
    pub fn log_bytes(&self) -> u64 {
        self.path.with_file_name(format!("{DATABASE}-wal")).metadata().map_or(0, |found| found.len())
    }

    /// Moves the log into the database and shortens it to nothing; whether it could, or somebody reads.
    pub fn cut_log(&self) -> Result<bool, Error> {
        let cut = empty_log(&self.connection).map_err(place(&self.path, "checkpointing"))?;
        self.connection.busy_timeout(BUSY).map_err(place(&self.path, "setting up"))?;
        Ok(cut)
    }
}

/// Moves the write-ahead log into the database; says whether nothing is left in it.
pub(super) fn empty_log(connection: &Connection) -> rusqlite::Result<bool> {
    // A reader in the middle of its rows is not waited for.
    connection.busy_timeout(Duration::from_millis(200))?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0)).map(|busy| busy == 0)
}

type HeldColumns = (i64, String, String, String, String);

fn held_columns(row: &Row<'_>) -> rusqlite::Result<HeldColumns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
}

fn held((capture, record_id, url, captured_at, digest): HeldColumns) -> Result<HeldPayload, Error> {
    Ok(HeldPayload {
        capture,
        record_id: RecordId::from_stored(&record_id),
        url,
        captured_at: text::moment("captures", &captured_at)?,
        payload_digest: PayloadDigest::from_stored(&digest),
    })
}
