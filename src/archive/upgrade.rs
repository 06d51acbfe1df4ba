//! An archive of an earlier version, brought up to date without a crawl. Changes the index only: no WARC file, no record.

use std::path::Path;

use super::error::Error;
use super::folder;
use super::lock::Lock;
use crate::store::{self, Index, Reader};

/// Brings the index of the archive in this folder to today's schema, under its lock; leaves one alone that has it. Says
/// whether there was anything to do.
pub fn bring_up_to_date(dir: &Path) -> Result<bool, Error> {
    match Reader::whole(dir) {
        Err(store::Error::Older { .. }) => {}
        opened => return Ok(opened.map(|_| false)?),
    }
    folder::refuse_links(dir)?;
    let _lock = Lock::take(dir)?;
    Index::open(dir)?.close()?;
    Ok(true)
}
