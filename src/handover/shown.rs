//! What of an archive stands in a package where people read: everything but what `takedown.toml` hides.
//!
//! A package keeps the captures whole, for whoever keeps them next. Its tables and lists of pages are read by others, and
//! hold what `export` would give them.

use std::fs;

use super::source::Source;
use super::{Error, Filter, Job};
use crate::store::{Reader, TAKEDOWN_FILE};

/// The rows that are shown.
pub(super) struct Shown<'a> {
    pub(super) reader: &'a Reader,
    /// The job's filter, with what the search found among what is shown.
    pub(super) filter: Filter,
}

impl<'a> Shown<'a> {
    /// `without` is the archive without what is taken down, where anything is. Open it before the whole archive: whatever it
    /// names is then among what is handed over, also while a crawl goes on.
    pub(super) fn new(job: &Job, source: &'a Source<'a>, without: Option<&'a Reader>) -> Result<Self, Error> {
        let Some(reader) = without else { return Ok(Self { reader: source.reader, filter: source.filter.clone() }) };
        let matched = job.query.as_ref().map(|asked| reader.find(&asked.query, &asked.typed)).transpose()?;
        Ok(Self { reader, filter: Filter { matched, ..job.filter.clone() } })
    }

    /// What is kept in the captures and not shown, for the description of the package.
    pub(super) fn withheld(&self) -> Option<String> {
        let held = self.reader.withheld()?;
        Some(format!(
            "taken down, so in the WARC files and nowhere else: {} articles and {} reflections of the archive ({TAKEDOWN_FILE}, sha256 {})",
            held.articles, held.reflections, held.list_sha256
        ))
    }

    /// The list itself, which goes along where keepers look.
    pub(super) fn list(&self, job: &Job) -> Result<Option<Vec<u8>>, Error> {
        if self.reader.withheld().is_none() {
            return Ok(None);
        }
        let path = job.dir.join(TAKEDOWN_FILE);
        fs::read(&path).map(Some).map_err(Error::io(&path, "reading"))
    }
}
