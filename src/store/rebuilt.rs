//! A new index on its way into the old one's place.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::connection::{make, place as named};
use super::migrations::VERSION;
use super::{DATABASE, Error, Index, seal};

/// Name the new index has until it is whole.
const NEW: &str = "shiguan.db.reindexing";

/// Name the old index is kept under; where one is kept already the next is `…before-reindex.2`, and so on.
const OLD: &str = "shiguan.db.before-reindex";

/// A new index. Dropped before it took the old one's place, it is removed again.
#[derive(Debug)]
pub struct Rebuilt {
    index: Index,
    place: Place,
}

/// Where the new index stands until it is whole.
#[derive(Debug)]
struct Place {
    dir: PathBuf,
}

impl Place {
    fn clear(&self) {
        for suffix in ["", "-journal", "-wal", "-shm"] {
            // What cannot be removed will be named when the new index is made.
            remove(&self.dir.join(format!("{NEW}{suffix}"))).ok();
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.clear();
    }
}

impl Rebuilt {
    /// Begins a new, empty index in this archive folder, beside the old one.
    pub fn begin(dir: &Path) -> Result<Self, Error> {
        let place = Place { dir: dir.to_owned() };
        place.clear();
        let path = dir.join(NEW);
        // Made here, so that it and SQLite's own files get the mode the old one has.
        let made = OpenOptions::new().write(true).create_new(true).mode(seal::MODE).open(&path);
        made.map_err(|source| Error::Replace { path: path.clone(), source })?;
        let connection = make(&path)?;
        // Nothing of it is promised before it is whole, so it is synced once, at the end.
        connection
            .execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536")
            .map_err(named(&path, "setting up"))?;
        let index = Index::over(connection, path);
        index.renew_works()?;
        index.renew_words()?;
        Ok(Self { index, place })
    }

    /// The new index.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Syncs the new index and gives it the old one's name in one step. The old one, with what its write-ahead log
    /// still holds, keeps its rows under another name; gives that name, where there was an old one.
    pub fn replace_old(self) -> Result<Option<String>, Error> {
        let Self { index, place } = self;
        index.carry_events(&place.dir.join(DATABASE));
        index.seal()?;
        let dir = &place.dir;
        let (new, old) = (dir.join(NEW), dir.join(DATABASE));
        let failed = |source| Error::Replace { path: old.clone(), source };
        File::open(&new).and_then(|file| file.sync_all()).map_err(failed)?;
        seal::unseal(dir)?;
        let kept = if old.metadata().is_ok_and(|found| found.len() > 0) {
            settle(&old);
            let (name, is_kept) = name_to_keep(dir);
            if !is_kept {
                keep(dir, &name).map_err(failed)?;
            }
            Some(name)
        } else {
            None
        };
        // Were they left, the new index would be read with the old one's log.
        for suffix in ["-wal", "-shm"] {
            remove(&dir.join(format!("{DATABASE}{suffix}"))).map_err(failed)?;
        }
        fs::rename(&new, &old).map_err(failed)?;
        File::open(dir).and_then(|dir| dir.sync_all()).map_err(failed)?;
        seal::seal(dir)?;
        Ok(kept)
    }
}

/// Moves the old index's log into it, where it can still be opened; one that is damaged is kept as it is.
fn settle(old: &Path) {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if let Ok(connection) = Connection::open_with_flags(old, flags) {
        connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").ok();
    }
}

/// The name the old index is kept under: the first that is free, since what is kept is never written over and the first may
/// hold what no later one does; or the one it has already, where a rebuild was killed between its last two steps.
fn name_to_keep(dir: &Path) -> (String, bool) {
    let is_taken =
        |name: &str| ["", "-wal"].iter().any(|suffix| dir.join(format!("{name}{suffix}")).symlink_metadata().is_ok());
    let (mut name, mut number) = (OLD.to_owned(), 1);
    while is_taken(&name) {
        if is_one_file(&dir.join(&name), &dir.join(DATABASE)) {
            return (name, true);
        }
        number += 1;
        name = format!("{OLD}.{number}");
    }
    (name, false)
}

fn is_one_file(one: &Path, other: &Path) -> bool {
    let place = |path: &Path| path.symlink_metadata().ok().map(|found| (found.dev(), found.ino()));
    place(one).is_some_and(|one| place(other) == Some(one))
}

/// A second name for the old index, its log moved along.
fn keep(dir: &Path, name: &str) -> io::Result<()> {
    let (old, kept) = (dir.join(DATABASE), dir.join(name));
    // Its reader would take it for the kept one's.
    remove(&dir.join(format!("{name}-shm")))?;
    // A disk that knows no second names gets a copy.
    fs::hard_link(&old, &kept).or_else(|_| fs::copy(&old, &kept).map(drop))?;
    let log = dir.join(format!("{DATABASE}-wal"));
    if log.metadata().is_ok_and(|found| found.len() > 0) {
        fs::rename(&log, dir.join(format!("{name}-wal")))?;
    }
    Ok(())
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Refuses an index of a newer program. One that cannot be read is no reason to refuse.
pub fn refuse_newer_version(dir: &Path) -> Result<(), Error> {
    let path = dir.join(DATABASE);
    if seal::fault(dir).is_ok_and(|fault| fault.is_some()) {
        // Nothing it says is believed, its version neither.
        return Ok(());
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let Ok(connection) = Connection::open_with_flags(&path, flags) else { return Ok(()) };
    let found = connection.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0));
    // A version far from any that will be is a damaged header.
    match found {
        Ok(found) if usize::try_from(found).is_ok_and(|found| (VERSION + 1..VERSION + 1000).contains(&found)) => {
            Err(Error::Newer { path, found, ours: VERSION })
        }
        Ok(_) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_kept_once_and_never_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        let next = || name_to_keep(dir.path());
        fs::write(path(DATABASE), "old").unwrap();
        assert_eq!(next(), (OLD.to_owned(), false));
        fs::hard_link(path(DATABASE), path(OLD)).unwrap();
        assert_eq!(next(), (OLD.to_owned(), true), "killed before the new one took the name");
        fs::write(path("new"), "new").unwrap();
        fs::rename(path("new"), path(DATABASE)).unwrap();
        assert_eq!(next(), (format!("{OLD}.2"), false));
        fs::write(path(&format!("{OLD}.2-wal")), "rows").unwrap();
        assert_eq!(next(), (format!("{OLD}.3"), false), "a log alone is kept too");
    }
}
