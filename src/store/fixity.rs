//! What the index promises of the WARC files, and what it can say about itself: the questions `verify` asks.

use std::path::Path;

use rusqlite::Connection;

use super::connection::{all, open_for_reading};
use super::{DATABASE, Error, seal};

/// A WARC file the index knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    /// Row id.
    pub id: i64,
    /// Final name below the archive folder.
    pub name: String,
    /// Whether it has been given that name.
    pub finished: bool,
}

/// A gzip member the index knows, with what its record must say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// First byte.
    pub offset: u64,
    /// Bytes.
    pub length: u64,
    /// `WARC-Type`.
    pub kind: String,
    /// SHA-256 of its bytes.
    pub sha256: Vec<u8>,
    /// URL of its capture, for an answer.
    pub url: Option<String>,
    /// Record id of its capture, for an answer.
    pub record_id: Option<String>,
    /// Digest of the capture's payload, for an answer.
    pub payload_digest: Option<String>,
    /// Whether another tool wrote the record: what it says of its payload may be meant otherwise than ours.
    pub imported: bool,
}

/// The index as a list of promises.
#[derive(Debug)]
pub struct Fixity {
    connection: Connection,
    /// How the index differs from its seal.
    unlike_its_seal: Option<String>,
}

/// Rows that point at nothing; each query gives a sentence a row.
const DANGLING: &[&str] = &[
    "SELECT 'capture ' || c.id || ' of ' || c.url || ' has no record at offset ' || c.warc_offset FROM captures c \
     LEFT JOIN members m ON m.file_id = c.file_id AND m.offset = c.warc_offset \
     WHERE c.file_id IS NOT NULL AND m.offset IS NULL",
    "SELECT 'revisit ' || c.id || ' of ' || c.url || ' repeats no response' FROM captures c \
     LEFT JOIN captures o ON o.id = c.original_id AND o.warc_type = 'response' \
     WHERE c.warc_type = 'revisit' AND o.id IS NULL",
    "SELECT 'record at offset ' || m.offset || ' of ' || f.name || ' has no capture' FROM members m \
     JOIN warc_files f ON f.id = m.file_id \
     LEFT JOIN captures c ON c.file_id = m.file_id AND c.warc_offset = m.offset \
     WHERE m.kind IN ('response', 'revisit') AND c.id IS NULL \
     AND NOT EXISTS (SELECT 1 FROM imported i WHERE i.file_id = m.file_id AND i.offset = m.offset)",
    "SELECT 'article ' || a.id || ' has no capture with a payload' FROM articles a \
     LEFT JOIN captures c ON c.id = a.capture_id \
     LEFT JOIN captures o ON o.id = c.original_id AND o.file_id IS NOT NULL WHERE o.id IS NULL",
    "SELECT 'article ' || a.id || ' shows another version than it last became' FROM articles a \
     JOIN appearances s ON s.article_id = a.id \
     AND s.ordinal = (SELECT max(l.ordinal) FROM appearances l WHERE l.article_id = a.id) WHERE s.version_id <> a.version_id",
    "SELECT 'article ' || a.id || ' and its tombstones differ on whether it is gone' FROM articles a WHERE \
     (a.gone_at IS NULL) = EXISTS (SELECT 1 FROM tombstones t WHERE t.article_id = a.id AND t.ended_at IS NULL)",
    "SELECT 'article ' || a.id || ' says ' || a.versions || ' versions and has ' || count(v.id) FROM articles a \
     LEFT JOIN article_versions v ON v.article_id = a.id GROUP BY a.id HAVING count(v.id) <> a.versions",
];

impl Fixity {
    /// Opens the index of this archive folder.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        let unlike_its_seal = seal::fault(dir)?;
        match open_for_reading(dir) {
            Ok(connection) => Ok(Self { connection, unlike_its_seal }),
            // A damaged header looks like another version.
            Err(error) => match unlike_its_seal {
                Some(what) if !error.is_damage() => Err(Error::Corrupt { path: dir.join(DATABASE), what }),
                Some(_) | None => Err(error),
            },
        }
    }

    /// How the index differs from what the last run left, where it is sealed.
    pub fn unlike_its_seal(&self) -> Option<&str> {
        self.unlike_its_seal.as_deref()
    }

    /// What is wrong within the database: SQLite's own check (every page and index when `full`, pages only
    /// otherwise), references, and rows that point at nothing.
    pub fn faults(&self, full: bool) -> Result<Vec<String>, Error> {
        let check = if full { "PRAGMA integrity_check" } else { "PRAGMA quick_check" };
        let mut faults: Vec<String> = all(&self.connection, check, [], |row| row.get(0))?;
        faults.retain(|word| word != "ok");
        faults.extend(all(&self.connection, "PRAGMA foreign_key_check", [], |row| {
            let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
            Ok(format!("a row of {table} refers to no row of {parent}"))
        })?);
        for sql in DANGLING {
            faults.extend(all(&self.connection, sql, [], |row| row.get::<_, String>(0))?);
        }
        Ok(faults)
    }

    /// All WARC files, in the order they were begun.
    pub fn files(&self) -> Result<Vec<FileRow>, Error> {
        files(&self.connection)
    }

    /// The members of a file, in file order.
    pub fn members(&self, file: i64) -> Result<Vec<MemberRow>, Error> {
        let sql = "SELECT m.offset, m.length, m.kind, m.sha256, c.url, c.record_id, c.payload_digest, \
             i.record_id IS NOT NULL FROM members m \
             LEFT JOIN imported i ON i.file_id = m.file_id AND i.offset = m.offset \
             LEFT JOIN captures c ON c.file_id = m.file_id AND c.warc_offset = m.offset \
             WHERE m.file_id = ?1 ORDER BY m.offset";
        all(&self.connection, sql, [file], |row| {
            Ok(MemberRow {
                offset: u64::try_from(row.get::<_, i64>(0)?).unwrap_or_default(),
                length: u64::try_from(row.get::<_, i64>(1)?).unwrap_or_default(),
                kind: row.get(2)?,
                sha256: row.get(3)?,
                url: row.get(4)?,
                record_id: row.get(5)?,
                payload_digest: row.get(6)?,
                imported: row.get(7)?,
            })
        })
    }

    /// How many captures the index holds, failures included.
    pub fn captures(&self) -> Result<u64, Error> {
        let count = all(&self.connection, "SELECT count(*) FROM captures", [], |row| row.get::<_, i64>(0))?;
        Ok(count.first().and_then(|&count| u64::try_from(count).ok()).unwrap_or_default())
    }
}

/// All WARC files, in the order they were begun.
pub(super) fn files(connection: &Connection) -> Result<Vec<FileRow>, Error> {
    all(connection, "SELECT id, name, finished FROM warc_files ORDER BY id", [], |row| {
        Ok(FileRow { id: row.get(0)?, name: row.get(1)?, finished: row.get(2)? })
    })
}
