//! What a snapshot of the archive is, for whoever has to say where rows came from.

use rusqlite::Connection;

use crate::store::Error;
use crate::store::connection::{all, first};

/// A snapshot: which archive, and how far it had come.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Provenance {
    /// The archive's id; `None` where it was never written to.
    pub archive_id: Option<String>,
    /// The latest run.
    pub last_run: Option<i64>,
    /// The moment of the latest capture, RFC 3339 in UTC.
    pub last_capture: Option<String>,
    /// Captures held, failures included.
    pub captures: i64,
}

const SNAPSHOT: &str = "SELECT (SELECT value FROM meta WHERE key = 'archive_id'), (SELECT max(id) FROM runs), \
    (SELECT max(captured_at) FROM captures), (SELECT count(*) FROM captures)";

pub(super) fn of(connection: &Connection) -> Result<Provenance, Error> {
    let found = first(connection, SNAPSHOT, [], |row| {
        Ok(Provenance {
            archive_id: row.get(0)?,
            last_run: row.get(1)?,
            last_capture: row.get(2)?,
            captures: row.get(3)?,
        })
    })?;
    Ok(found.unwrap_or_default())
}

/// The rules the articles' current versions were read with, each once.
pub(super) fn selectors(connection: &Connection) -> Result<Vec<String>, Error> {
    let sql = "SELECT DISTINCT json_extract(v.record, '$.selectors') FROM articles a \
        JOIN article_versions v ON v.id = a.version_id ORDER BY 1";
    all(connection, sql, [], |row| row.get(0))
}
