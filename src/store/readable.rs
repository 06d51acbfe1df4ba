//! Captures whose pages can be read again, over a read-only connection of their own.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, params_from_iter};

use super::connection::{all, open_for_reading};
use super::{Error, payload, text};
use crate::domain::request::{FetchRequest, Purpose};
use crate::domain::time::CaptureTime;
use crate::warc::Response;

/// A capture whose page was read, and where its record stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Readable {
    /// Row of the capture.
    pub capture: i64,
    /// The request, as far as the index holds it.
    pub request: FetchRequest,
    /// When it was captured.
    pub at: CaptureTime,
    /// Its record: file and offset.
    record: (String, u64),
    /// The record that holds the payload, where that is another one.
    original: Option<(String, u64)>,
}

impl Readable {
    /// The answer with its payload, read back from the WARC files of this archive folder.
    pub fn answer(&self, dir: &Path) -> Result<Response, Error> {
        let read = |(file, offset): &(String, u64)| {
            let record = payload::record_at(dir, file, *offset)?;
            let no_answer = || Error::Record {
                path: dir.join(file),
                offset: *offset,
                what: "the record holds no HTTP answer".to_owned(),
            };
            Response::of(&record).ok_or_else(no_answer)
        };
        let mut answer = read(&self.record)?;
        if let Some(original) = &self.original {
            answer.payload = read(original)?.payload;
        }
        Ok(answer)
    }
}

/// The captures of an archive whose pages can be read again, in the order they were made.
#[derive(Debug)]
pub struct ReadableCaptures {
    connection: Connection,
    dir: PathBuf,
    sites: Vec<String>,
    batch: std::vec::IntoIter<Result<Readable, Error>>,
    last: i64,
    over: bool,
}

/// Rows looked up at once.
const BATCH: usize = 500;

/// Which captures those are: pages that came whole or up to the size cap, and were not known to be unchanged.
pub(super) const READABLE: &str = "c.status IN (200, 203) AND c.file_id IS NOT NULL \
     AND c.purpose IN ('seed', 'listing', 'article') AND c.outcome NOT IN ('unchanged', 'too-old', 'unlisted') \
     AND coalesce(c.truncated, 'length') = 'length'";

impl ReadableCaptures {
    /// Those of these sites; of all where none is named.
    pub fn open(dir: &Path, sites: &[String]) -> Result<Self, Error> {
        Ok(Self {
            connection: open_for_reading(dir)?,
            dir: dir.to_owned(),
            sites: sites.to_vec(),
            batch: Vec::new().into_iter(),
            last: 0,
            over: false,
        })
    }

    /// The archive's folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    fn next_batch(&mut self) -> Result<Vec<Result<Readable, Error>>, Error> {
        let marks = vec!["?"; self.sites.len()].join(", ");
        let of_sites = if self.sites.is_empty() { String::new() } else { format!("AND c.site IN ({marks})") };
        let sql = format!(
            "SELECT c.id, c.url, c.site, c.purpose, c.captured_at, f.name, c.warc_offset, o.id, g.name, o.warc_offset \
             FROM captures c JOIN warc_files f ON f.id = c.file_id JOIN captures o ON o.id = c.original_id \
             JOIN warc_files g ON g.id = o.file_id WHERE c.id > {} AND {READABLE} {of_sites} ORDER BY c.id LIMIT {BATCH}",
            self.last
        );
        let rows = all(&self.connection, &sql, params_from_iter(&self.sites), |row| {
            let id: i64 = row.get(0)?;
            let words: [String; 4] = [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?];
            let record: (String, i64) = (row.get(5)?, row.get(6)?);
            let original: (i64, String, i64) = (row.get(7)?, row.get(8)?, row.get(9)?);
            Ok((id, words, record, original))
        })?;
        self.over = rows.len() < BATCH;
        self.last = rows.last().map_or(self.last, |row| row.0);
        Ok(rows.into_iter().map(|(id, words, record, original)| readable(id, &words, record, original)).collect())
    }
}

fn readable(
    capture: i64,
    [url, site, purpose, at]: &[String; 4],
    record: (String, i64),
    (original_id, file, offset): (i64, String, i64),
) -> Result<Readable, Error> {
    let place = |(file, offset): (String, i64)| (file, u64::try_from(offset).unwrap_or_default());
    let unknown = || Error::Damaged { table: "captures", what: format!("{capture}: purpose {purpose:?}") };
    let request = FetchRequest {
        url: text::url("captures", url)?,
        site: site.clone(),
        purpose: Purpose::from_word(purpose).ok_or_else(unknown)?,
        via: None,
        hops: 0,
        attempt: 0,
        walk: None,
        item: None,
        prior: None,
    };
    Ok(Readable {
        capture,
        request,
        at: text::moment("captures", at)?,
        record: place(record),
        original: (original_id != capture).then(|| place((file, offset))),
    })
}

impl Iterator for ReadableCaptures {
    type Item = Result<Readable, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.batch.next() {
                return Some(row);
            }
            if self.over {
                return None;
            }
            match self.next_batch() {
                Ok(batch) => self.batch = batch.into_iter(),
                Err(error) => {
                    self.over = true;
                    return Some(Err(error));
                }
            }
        }
    }
}
