//! Rows of other tools' records.

use rusqlite::params;

use super::captures::{Placement, signed};
use super::{Error, Index, held, held_columns};
use crate::dedup::HeldPayload;
use crate::domain::digest::RecordId;
use crate::domain::time::CaptureTime;
use crate::domain::visit::Visit;
use crate::store::text::{Text, text};

/// A file records are taken in from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportSource {
    /// Its number in this archive.
    pub id: i64,
    /// The run that takes it in.
    pub run: i64,
    /// When.
    pub at: CaptureTime,
    /// Its name; `FILE!NAME` for a part of a package.
    pub name: String,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
    /// What wrote it, as its `warcinfo` says.
    pub software: Option<String>,
}

/// What a revisit of another tool says of the payload it repeats.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refers {
    /// `WARC-Refers-To`.
    pub record_id: Option<String>,
    /// `WARC-Refers-To-Target-URI`.
    pub url: Option<String>,
    /// `WARC-Refers-To-Date`.
    pub at: Option<CaptureTime>,
    /// `WARC-Payload-Digest`.
    pub digest: Option<String>,
}

const COLUMNS: &str = "c.id, c.record_id, c.url, c.captured_at, c.payload_digest";

impl Index {
    /// The number of the next source.
    pub fn next_source(&self) -> Result<i64, Error> {
        let next = self.row("SELECT coalesce(max(id), 0) + 1 FROM import_sources", [], |row| row.get(0))?;
        Ok(next.unwrap_or(1))
    }

    /// Notes a source; a second note of one says nothing new.
    pub fn add_source(&self, source: &ImportSource) -> Result<(), Error> {
        self.write(
            "INSERT OR IGNORE INTO import_sources (id, run_id, imported_at, name, sha256, software) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                source.id,
                source.run,
                source.at.to_micros_string(),
                Text::from(source.name.as_str()),
                source.sha256,
                text(source.software.as_deref()),
            ],
        )?;
        Ok(())
    }

    /// Whether a record with this id is held: one of another tool, or an answer of our own.
    pub fn holds_record(&self, id: &RecordId, url: Option<&str>) -> Result<bool, Error> {
        let sql = "SELECT 1 WHERE EXISTS (SELECT 1 FROM imported WHERE record_id = ?1) \
             OR EXISTS (SELECT 1 FROM captures WHERE url = ?2 AND record_id = ?1)";
        Ok(self.row(sql, params![id.as_str(), url], |_| Ok(()))?.is_some())
    }

    /// Notes where a record of another tool stands.
    pub fn add_imported(&self, id: &RecordId, source: i64, (file, offset): (i64, u64)) -> Result<(), Error> {
        self.write(
            "INSERT OR IGNORE INTO imported (record_id, source_id, file_id, offset) VALUES (?1, ?2, ?3, ?4)",
            params![id.as_str(), source, file, signed(offset)],
        )?;
        Ok(())
    }

    /// Whether a listing names this page, by its normalised address.
    pub fn is_listed(&self, url: &str) -> Result<bool, Error> {
        Ok(self.row("SELECT 1 FROM listing_items WHERE url = ?1", [url], |_| Ok(()))?.is_some())
    }

    /// The payload a revisit of another tool repeats: by record, else by address and date, else by digest.
    pub fn original(&self, refers: &Refers) -> Result<Option<HeldPayload>, Error> {
        let by_id = format!(
            "SELECT {COLUMNS} FROM imported i JOIN captures c ON c.file_id = i.file_id AND c.warc_offset = i.offset \
             WHERE i.record_id = ?1 AND c.warc_type = 'response'"
        );
        let by_date = format!(
            "SELECT {COLUMNS} FROM captures c WHERE c.url = ?1 AND c.captured_at = ?2 AND c.warc_type = 'response'"
        );
        let by_digest = format!(
            "SELECT {COLUMNS} FROM captures c WHERE c.payload_digest = ?1 AND c.warc_type = 'response' \
             AND c.truncated IS NULL AND c.bytes > 0 ORDER BY c.id LIMIT 1"
        );
        let mut row = match &refers.record_id {
            Some(id) => self.row(&by_id, [RecordId::from_stored(id).as_str()], held_columns)?,
            None => None,
        };
        if let (None, Some(url), Some(at)) = (&row, &refers.url, refers.at) {
            row = self.row(&by_date, params![url, at.to_micros_string()], held_columns)?;
        }
        if let (None, Some(digest)) = (&row, &refers.digest) {
            row = self.row(&by_digest, [digest], held_columns)?;
        }
        row.map(held).transpose()
    }

    /// Whether this address was captured later than that.
    pub fn seen_since(&self, url: &str, at: CaptureTime) -> Result<bool, Error> {
        let sql =
            "SELECT 1 FROM places p JOIN captures c ON c.id = p.latest_id WHERE p.url = ?1 AND c.captured_at > ?2";
        Ok(self.row(sql, params![url, at.to_micros_string()], |_| Ok(()))?.is_some())
    }

    /// Stores a visit that is older than what is held of its address: a capture, which changes no present state.
    pub fn store_older(&self, run: i64, visit: &Visit, placement: &Placement) -> Result<(), Error> {
        if let Ok(capture) = &visit.result {
            let id = self.insert_capture(run, visit, &capture.at.to_micros_string())?;
            self.describe_answer(id, capture, placement)?;
        }
        Ok(())
    }
}
