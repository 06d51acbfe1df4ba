//! Keeps the index's write-ahead log small, whoever reads meanwhile.
//!
//! A reader that stays in the middle of its rows keeps the log from being copied into the database: the crawl goes on, and
//! the log grows with everything it commits. Past a limit the run ends in order instead (RELIABILITY D8), and says why.

use super::error::Error;
use crate::store::Index;

/// A log of so many bytes is cut. SQLite begins it anew by itself as long as nobody reads, but never shortens it.
const CUT_AT: u64 = 64 << 20;

/// Watches over the log of one open index.
#[derive(Debug)]
pub(super) struct LogWatch {
    cut_at: u64,
    most: u64,
}

impl LogWatch {
    /// Lets the log grow to so many bytes.
    pub(super) fn new(most: u64) -> Self {
        Self { cut_at: CUT_AT.min(most), most }
    }

    /// Cuts the log where it is long and nobody keeps it; an error where somebody does and it is at its limit.
    pub(super) fn check(&mut self, index: &Index) -> Result<(), Error> {
        let bytes = index.log_bytes();
        if bytes < self.cut_at {
            return Ok(());
        }
        if index.cut_log()? {
            self.cut_at = CUT_AT.min(self.most);
            return Ok(());
        }
        if bytes >= self.most {
            return Err(Error::LogHeld { path: index.path().to_owned(), mebibytes: bytes >> 20 });
        }
        tracing::warn!(mebibytes = bytes >> 20, "another program keeps reading the index, and its log grows");
        self.cut_at = (bytes * 2).min(self.most);
        Ok(())
    }
}
