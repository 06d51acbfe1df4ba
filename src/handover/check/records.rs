//! The WARC records of a package: each readable, each as its own digests say.

use std::io::{BufRead, Seek};

use super::Check;
use super::index::Side;
use crate::handover::{Error, entry};
use crate::warc::{Found, Kind, Reader};

/// Bytes that end a record.
const END: u64 = 4;

impl Check<'_> {
    /// Reads a WARC file from its first byte to its last.
    pub(super) fn warc(&mut self, file: &str, source: impl BufRead + Seek) -> Result<(), Error> {
        let compressed = file.to_ascii_lowercase().ends_with(".gz");
        let before = self.checked.records;
        for found in Reader::new(source).map_err(self.io())? {
            match found {
                Ok(found) => self.record(file, &found, compressed)?,
                Err(damage) => {
                    self.wrong_at(file, Some(damage.offset), None, damage.harm.to_string());
                    self.record_line(file, damage.offset, Side::Damage, None)?;
                }
            }
        }
        if self.checked.records == before {
            self.wrong(file, "holds no record");
        }
        Ok(())
    }

    fn record(&mut self, file: &str, found: &Found, compressed: bool) -> Result<(), Error> {
        let Found { record, offset, .. } = found;
        self.checked.records += 1;
        let url = record.target_uri();
        if let Some(what) = record.proof().complaint() {
            self.wrong_at(file, Some(*offset), url, what);
        }
        let length = match found.length {
            Some(length) => length,
            None if compressed => {
                let what = "shares its gzip member with other records, so that no index can lead to it";
                self.wrong_at(file, Some(*offset), url, what);
                return self.record_line(file, *offset, Side::Damage, None);
            }
            None => found.head.len() as u64 + record.block.len() as u64 + END,
        };
        let Some(entry) = entry(record, *offset, length, super::base(file)) else { return Ok(()) };
        let answer = matches!(record.kind(), Kind::Response | Kind::Revisit);
        let side = if answer || self.own { Side::Record } else { Side::Other };
        self.record_line(file, *offset, side, Some(&entry))
    }
}
