//! The WARC file being written: `NAME.warc.gz.open` until it is finished.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::error::Error;
use super::folder;
use crate::domain::digest::RecordId;

/// What a file in progress ends in, after its final name.
pub(super) const OPEN: &str = ".open";

/// An open WARC file. Everything before `length` is synced; nothing after it is promised.
#[derive(Debug)]
pub(super) struct WarcFile {
    file: File,
    dir: PathBuf,
    /// Final name below the archive folder, with `/` between its parts.
    pub(super) name: String,
    /// Row in the index.
    pub(super) id: i64,
    /// Its `warcinfo`.
    pub(super) warcinfo: RecordId,
    /// Synced bytes.
    pub(super) length: u64,
    /// Set where a failed write could not be cut off again.
    pub(super) torn: bool,
}

impl WarcFile {
    /// Makes a new file; `None` where the name is taken, finished or not.
    pub(super) fn create(dir: &Path, name: &str, id: i64, warcinfo: RecordId) -> Result<Option<Self>, Error> {
        let path = open_path(dir, name);
        if dir.join(name).exists() || path.exists() {
            return Ok(None);
        }
        let parent = path.parent().unwrap_or(dir);
        folder::make_dir(parent)?;
        let file = folder::open_file(&path, OpenOptions::new().append(true).create_new(true))?;
        folder::sync_dir(parent)?;
        folder::sync_dir(&dir.join(folder::WARC))?;
        Ok(Some(Self { file, dir: dir.to_owned(), name: name.to_owned(), id, warcinfo, length: 0, torn: false }))
    }

    /// Appends whole members. Where that fails the file is cut back to what was synced, so that nothing torn stays.
    pub(super) fn append(&mut self, members: &[u8]) -> Result<(), Error> {
        self.file.write_all(members).map_err(|source| {
            // A tail that cannot be cut off now is quarantined at the next start.
            self.torn = self.file.set_len(self.length).is_err();
            self.io("writing", source)
        })
    }

    /// Makes what was appended safe. After a failure nothing more may be promised of this file.
    pub(super) fn sync(&mut self, appended: u64) -> Result<(), Error> {
        self.file.sync_data().map_err(|source| self.io("syncing", source))?;
        self.length += appended;
        Ok(())
    }

    /// Gives the file its final name.
    pub(super) fn finish(&self) -> Result<(), Error> {
        finish(&self.dir, &self.name)
    }

    /// Takes back a file nothing was committed of.
    pub(super) fn discard(self) {
        // A leftover without a whole member is dealt with at the next start.
        fs::remove_file(open_path(&self.dir, &self.name)).ok();
    }

    fn io(&self, doing: &'static str, source: std::io::Error) -> Error {
        Error::Io { path: open_path(&self.dir, &self.name), doing, source }
    }
}

/// Gives a file in progress its final name.
pub(super) fn finish(dir: &Path, name: &str) -> Result<(), Error> {
    let (from, to) = (open_path(dir, name), dir.join(name));
    fs::rename(&from, &to).map_err(|source| Error::Io { path: from, doing: "renaming", source })?;
    folder::sync_dir(to.parent().unwrap_or(dir))
}

/// Where a file is while it is being written.
pub(super) fn open_path(dir: &Path, name: &str) -> PathBuf {
    dir.join(format!("{name}{OPEN}"))
}
