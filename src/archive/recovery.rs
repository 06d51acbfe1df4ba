//! What a crash left, put right before anything new is written.
//!
//! A file still called `.open` holds the synced members of every acknowledged group and perhaps more: whole members
//! of a group that was never acknowledged, and a torn one at the end. Whole members are true captures and are taken
//! into the index; a torn tail is moved to `quarantine/`; then the file gets its final name. Every step can be
//! repeated, so that a crash during recovery costs nothing.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use super::derive::{Context, Derive, prepare};
use super::error::Error;
use super::{Recovery, Reread, file, folder};
use crate::domain::digest::RecordId;
use crate::store::Index;
use crate::warc::{Found, Reader};

/// Deals with every file still called `.open`.
pub(super) fn recover(dir: &Path, index: &Index, reread: &Reread<'_>) -> Result<Recovery, Error> {
    let mut recovery = Recovery::default();
    for name in unfinished(dir)? {
        let tail = Tail { dir, name: &name, index, reread };
        tail.recover(&mut recovery)?;
    }
    Ok(recovery)
}

/// Gives every file in progress its final name without asking an index what it knows: a tail behind the last whole
/// record is torn, damage before it is not.
pub(super) fn finish_all(dir: &Path) -> Result<(), Error> {
    for name in unfinished(dir)? {
        let path = file::open_path(dir, &name);
        let io = |doing| {
            let path = path.clone();
            move |source| Error::Io { path, doing, source }
        };
        let source = File::open(&path).map_err(io("opening"))?;
        let (mut whole, mut torn_at) = (0, None);
        for found in Reader::new(BufReader::new(source)).map_err(io("reading"))? {
            match found {
                Ok(_) => (whole, torn_at) = (whole + 1, None),
                Err(damage) => torn_at = torn_at.or(Some(damage.offset)),
            }
        }
        if let Some(at) = torn_at {
            quarantine(dir, &name, at)?;
        }
        if whole == 0 {
            fs::remove_file(&path).map_err(io("removing"))?;
        } else {
            file::finish(dir, &name)?;
        }
    }
    Ok(())
}

/// Final names of the files in progress, oldest first (names begin with their time).
fn unfinished(dir: &Path) -> Result<Vec<String>, Error> {
    let names = names(dir)?;
    Ok(names.iter().filter_map(|name| name.strip_suffix(file::OPEN)).map(str::to_owned).collect())
}

/// Names of the finished files in the order they were begun: by the number in their names, since a clock can go back.
pub(super) fn finished(dir: &Path) -> Result<Vec<String>, Error> {
    let mut names = names(dir)?;
    names.retain(|name| name.ends_with(".warc.gz"));
    names.sort_by_key(|name| serial(name));
    Ok(names)
}

/// The number in a file's name (`PREFIX-TIMESTAMP-SERIAL-HOST.warc.gz`).
pub(super) fn serial(name: &str) -> Option<i64> {
    name.rsplit('/').next()?.split('-').nth(2)?.parse().ok()
}

/// Names of the files in the years' folders, sorted.
fn names(dir: &Path) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    let warc = dir.join(folder::WARC);
    for year in entries(&warc)?.into_iter().filter(|path| path.is_dir()) {
        for path in entries(&year)? {
            names.extend(path.strip_prefix(dir).ok().and_then(Path::to_str).map(str::to_owned));
        }
    }
    names.sort();
    Ok(names)
}

fn entries(dir: &Path) -> Result<Vec<PathBuf>, Error> {
    let listed = fs::read_dir(dir).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    listed.map_err(|source| Error::Io { path: dir.to_owned(), doing: "listing the folder", source })
}

/// One file in progress.
struct Tail<'a> {
    dir: &'a Path,
    name: &'a str,
    index: &'a Index,
    reread: &'a Reread<'a>,
}

impl Tail<'_> {
    fn recover(&self, recovery: &mut Recovery) -> Result<(), Error> {
        let known = self.index.file(self.name)?;
        let indexed_to = known.as_ref().map_or(0, |(_, _, end)| *end);
        let (members, torn_at) = self.read_from(indexed_to)?;
        if let Some(at) = torn_at {
            recovery.quarantined.push(quarantine(self.dir, self.name, at)?);
        }
        if known.is_none() && members.is_empty() {
            return fs::remove_file(self.path()).map_err(|source| self.io("removing", source));
        }
        self.index.begin()?;
        let taken = self.take_in(known.map(|(id, warcinfo, _)| (id, warcinfo)), members);
        let (id, indexed) = match taken {
            Ok(taken) => taken,
            Err(error) => {
                self.index.rollback()?;
                return Err(error);
            }
        };
        self.index.commit()?;
        recovery.indexed += indexed;
        file::finish(self.dir, self.name)?;
        self.index.finish_file(id)?;
        Ok(())
    }

    /// Whole members from an offset on, and where the torn tail begins, if there is one.
    fn read_from(&self, offset: u64) -> Result<(Vec<Found>, Option<u64>), Error> {
        let mut source = File::open(self.path()).map_err(|source| self.io("opening", source))?;
        source.seek(SeekFrom::Start(offset)).map_err(|source| self.io("reading", source))?;
        let reader = Reader::new(BufReader::new(source)).map_err(|source| self.io("reading", source))?;
        let mut members = Vec::new();
        for found in reader {
            match found {
                Ok(found) if found.length.is_some() => members.push(found),
                // We never put two records into one member; whatever this is, it is not ours.
                Ok(found) => return Ok((members, Some(found.offset))),
                Err(damage) => return Ok((members, Some(damage.offset))),
            }
        }
        Ok((members, None))
    }

    /// Rows for the members the index does not know; gives the file's row and the number of captures.
    fn take_in(&self, known: Option<(i64, RecordId)>, members: Vec<Found>) -> Result<(i64, usize), Error> {
        let (id, warcinfo) = match (known, members.first()) {
            (Some(known), _) => known,
            (None, first) => {
                let warcinfo = first.and_then(|found| found.record.id()).unwrap_or_else(|| RecordId::from_stored(""));
                (self.index.begin_file(self.name, warcinfo.as_str())?, warcinfo)
            }
        };
        let derive = Derive { dir: self.dir, index: self.index, reread: self.reread, file: id };
        let mut captures = 0;
        let mut context = Context::default();
        for found in members {
            let before = context.before(&found, Some(&warcinfo));
            captures += usize::from(derive.take_in(prepare(&found, before, Some(&warcinfo), self.reread))?);
        }
        Ok((id, captures))
    }

    fn path(&self) -> PathBuf {
        file::open_path(self.dir, self.name)
    }

    fn io(&self, doing: &'static str, source: io::Error) -> Error {
        Error::Io { path: self.path(), doing, source }
    }
}

/// Copies the tail aside, syncs the copy, and only then cuts it off.
fn quarantine(dir: &Path, name: &str, at: u64) -> Result<PathBuf, Error> {
    let base = name.rsplit('/').next().unwrap_or(name);
    let aside = dir.join(folder::QUARANTINE).join(format!("{base}.{at}"));
    let mut to = folder::open_file(&aside, OpenOptions::new().write(true).create(true).truncate(true))?;
    let path = file::open_path(dir, name);
    let mut cut = || -> io::Result<()> {
        let mut from = OpenOptions::new().read(true).write(true).open(&path)?;
        from.seek(SeekFrom::Start(at))?;
        io::copy(&mut from, &mut to)?;
        to.sync_all()?;
        from.set_len(at)?;
        from.sync_all()
    };
    cut().map_err(|source| Error::Io { path: path.clone(), doing: "moving the torn tail to quarantine", source })?;
    folder::sync_dir(&dir.join(folder::QUARANTINE))?;
    Ok(aside)
}
