//! The index made anew from the WARC files alone, and put in the old one's place.
//!
//! The new index is built beside the old one and takes its name in one step once it is whole; the old one is kept as
//! `shiguan.db.before-reindex`, since it may hold what an archive of an earlier layout never wrote to WARC; a later one is
//! numbered and replaces none. Records are read in the order they were written, with the rules of their day. A damaged stretch is named and passed over.
//! A file below `warc/` that does not say it belongs to this archive is left alone.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use serde::Serialize;

use super::derive::{Context, Derive, prepare};
use super::error::Error;
use super::lock::Lock;
use super::{Reread, folder, ordered, recovery};
use crate::domain::digest::RecordId;
use crate::store::{self, Index, Rebuilt};
use crate::warc::{self, Fields, Found, Kind, Reader};

/// Records stored in one transaction.
const BATCH: usize = 2000;

/// What was rebuilt, and what could not be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reindexed {
    /// WARC files read.
    pub files: u64,
    /// Records read.
    pub records: u64,
    /// Visits, with and without an answer.
    pub captures: i64,
    /// Articles.
    pub articles: i64,
    /// Runs that only their captures tell of: made before runs were written to WARC.
    pub runs_without_entry: i64,
    /// Files that do not belong to this archive and were left alone, below the archive folder.
    pub left_alone: Vec<String>,
    /// Stretches that could not be read.
    pub damages: Vec<String>,
    /// Where the old index is kept, where there was one.
    pub old_index: Option<String>,
}

/// Rebuilds the index of the archive in this folder, under its lock.
pub fn reindex(dir: &Path, reread: &Reread<'_>) -> Result<Reindexed, Error> {
    if !dir.join(folder::WARC).is_dir() {
        return Err(store::Error::Missing { path: dir.join(store::DATABASE) }.into());
    }
    folder::refuse_links(dir)?;
    let _lock = Lock::take(dir)?;
    store::refuse_newer_version(dir)?;
    folder::make_dir(&dir.join(folder::QUARANTINE))?;
    recovery::finish_all(dir)?;
    let rulings = folder::rulings(dir)?;
    let new = Rebuilt::begin(dir)?;
    new.index().rule_works(&rulings)?;
    let mut found = Reindexed::default();
    let mut rebuild = Rebuild { dir, index: new.index(), reread, found: &mut found, archive_id: None };
    for name in recovery::finished(dir)? {
        rebuild.file(&name)?;
    }
    (found.captures, found.articles, found.runs_without_entry) = new.index().rebuilt_counts()?;
    found.old_index = new.replace_old()?;
    Ok(found)
}

struct Rebuild<'a> {
    dir: &'a Path,
    index: &'a Index,
    reread: &'a Reread<'a>,
    found: &'a mut Reindexed,
    archive_id: Option<String>,
}

impl Rebuild<'_> {
    fn file(&mut self, name: &str) -> Result<(), Error> {
        let Some(warcinfo) = self.belongs(name)? else {
            self.found.left_alone.push(name.to_owned());
            return Ok(());
        };
        self.found.files += 1;
        let id = self.index.begin_file_as(recovery::serial(name), name, warcinfo.as_str())?;
        let records = self.reader(name)?;
        let derive = Derive { dir: self.dir, index: self.index, reread: self.reread, file: id };
        let (reread, found) = (self.reread, &mut *self.found);
        let mut context = Context::default();
        let records = records.map(|item| {
            let found = item.map_err(|damage| damage.to_string())?;
            if found.length.is_none() || !found.record.block_digest_fits() {
                // Ours stand in members of their own; a broken one can look like a record with something behind it.
                return Err(format!("offset {}: not the record that was written", found.offset));
            }
            let before = context.before(&found, Some(&warcinfo));
            Ok((found, before))
        });
        let read = |item: Result<(Found, Context), String>| {
            item.map(|(found, before)| prepare(&found, before, Some(&warcinfo), reread))
        };
        let (index, mut in_batch) = (self.index, 0);
        index.begin()?;
        ordered::map(records, read, |item| {
            match item {
                Ok(prepared) => {
                    found.records += 1;
                    derive.take_in(prepared)?;
                }
                Err(damage) => found.damages.push(format!("{name}: {damage}")),
            }
            in_batch += 1;
            if in_batch % BATCH == 0 {
                index.commit()?;
                index.begin()?;
            }
            Ok::<(), Error>(())
        })?;
        self.index.commit()?;
        self.index.finish_file(id)?;
        Ok(())
    }

    /// The file's `warcinfo`, where it says it belongs to this archive: the first file that names one decides which.
    /// Where that record is damaged the file is taken by its name alone, and by what its other records refer to.
    fn belongs(&mut self, name: &str) -> Result<Option<RecordId>, Error> {
        for item in self.reader(name)? {
            let Ok(Found { record, .. }) = item else { continue };
            if record.kind() != Kind::Warcinfo {
                let told = record.fields.get("WARC-Warcinfo-ID").map(RecordId::from_stored);
                return Ok(told.filter(|_| recovery::serial(name).is_some()));
            }
            let part_of =
                warc::fields_of(&record).as_ref().and_then(|about: &Fields| about.get("isPartOf")).map(str::to_owned);
            let Some(part_of) = part_of else { return Ok(None) };
            let Some(id) = record.id() else { return Ok(None) };
            if self.archive_id.is_none() {
                self.index.meta("archive_id", || part_of.clone())?;
                self.archive_id = Some(part_of.clone());
            }
            return Ok((self.archive_id.as_ref() == Some(&part_of)).then_some(id));
        }
        Ok(None)
    }

    fn reader(&self, name: &str) -> Result<Reader<BufReader<File>>, Error> {
        let path = self.dir.join(name);
        let opened = File::open(&path).and_then(|file| Reader::new(BufReader::with_capacity(1 << 16, file)));
        opened.map_err(|source| Error::Io { path, doing: "reading", source })
    }
}
