//! Whether a record that says it was written here still stands here.
//!
//! The index knows the ids of answers and of other tools' records. Those of our own requests and notes stand in the WARC
//! files alone, so the file a record names by its `warcinfo` is read once, whole. What is damaged there is not held.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

use super::error::Error;
use crate::domain::digest::RecordId;
use crate::store::{Index, warc_path};
use crate::warc::{Found, Reader, Record};

/// The ids of one of our files, kept while records of that file are asked for.
#[derive(Debug, Default)]
pub(super) struct Own {
    /// The `warcinfo` asked for last, and what its file holds; nothing where the file is not ours.
    file: Option<(RecordId, HashSet<RecordId>)>,
}

impl Own {
    /// Whether a record with this one's id stands in the file of ours that it names.
    pub(super) fn holds(&mut self, dir: &Path, index: &Index, record: &Record) -> Result<bool, Error> {
        let (Some(id), Some(told)) = (record.id(), record.fields.get("WARC-Warcinfo-ID")) else { return Ok(false) };
        let told = RecordId::from_stored(told);
        if self.file.as_ref().is_none_or(|(file, _)| *file != told) {
            let held = match index.file_described_by(&told)? {
                Some(name) => ids(dir, &name)?,
                None => HashSet::new(),
            };
            self.file = Some((told, held));
        }
        Ok(self.file.as_ref().is_some_and(|(_, held)| held.contains(&id)))
    }
}

/// Ids of the records that stand whole in a file of ours, each in a member of its own; none where the file is missing.
fn ids(dir: &Path, name: &str) -> Result<HashSet<RecordId>, Error> {
    let path = warc_path(dir, name);
    let reader = match File::open(&path).and_then(|file| Reader::new(BufReader::with_capacity(1 << 16, file))) {
        Ok(reader) => reader,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(HashSet::new()),
        Err(source) => return Err(Error::Io { path, doing: "reading", source }),
    };
    let whole = |found: &Found| found.length.is_some() && found.record.block_digest_fits();
    Ok(reader.filter_map(Result::ok).filter(whole).filter_map(|found| found.record.id()).collect())
}
