//! The index's seal: a checksum of every part of `shiguan.db`, written when a run lets go of it and held against it before
//! it is believed again.
//!
//! SQLite notices damage to its own structure; a flipped bit inside a title or a count is to it as good as the right one.
//! Whoever writes the index breaks the seal first and seals it again at the end, both under the archive's lock, so a sealed
//! index is one nobody has written since. An index without a seal (after a crash, while a run goes on, of an earlier
//! version) is not judged. It refuses nothing but accidents: the checksums are no signature, and whoever can write the index
//! can write the seal.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::{DATABASE, Error, refuse_lost};

/// Ending of the seal's name behind that of the database.
const ENDING: &str = "seal";

/// Bytes a checksum covers.
const PART: usize = 1 << 16;

/// What every seal begins with: its version, its checksum, the bytes a line covers.
const HEAD: &str = "shiguan-seal 1 xxh3-64 65536";

/// The owner writes, the group reads, as with the database.
pub(super) const MODE: u32 = 0o640;

fn path(dir: &Path) -> PathBuf {
    dir.join(format!("{DATABASE}.{ENDING}"))
}

/// What is wrong with the index in this folder, where it is sealed and differs from its seal.
pub(super) fn fault(dir: &Path) -> Result<Option<String>, Error> {
    refuse_lost(dir)?;
    let Some(seal) = read(dir)? else { return Ok(None) };
    if has_log(dir) {
        return Ok(None);
    }
    let fault = match &seal {
        Err(what) => Some((*what).to_owned()),
        Ok(seal) => seal.differs(&parts(&dir.join(DATABASE)).map_err(|source| unreadable(dir, source))?),
    };
    // Where a run began meanwhile, what was read is its business.
    let stands = || Ok::<_, Error>(read(dir)? == Some(seal) && !has_log(dir));
    Ok(if fault.is_some() && stands()? { fault } else { None })
}

/// Refuses an index that differs from its seal.
pub(super) fn check(dir: &Path) -> Result<(), Error> {
    fault(dir)?.map_or(Ok(()), |what| Err(Error::Corrupt { path: dir.join(DATABASE), what }))
}

/// Takes the seal away, for good, before the index is written.
pub(super) fn unseal(dir: &Path) -> Result<(), Error> {
    let gone = match fs::remove_file(path(dir)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other,
    };
    // After a power cut an old seal beside new rows would be a false alarm.
    gone.and_then(|()| sync(dir)).map_err(|source| Error::Seal { path: path(dir), source })
}

/// Seals the index. Its connections have to be closed: reading the file beside them would drop their locks (POSIX).
pub(super) fn seal(dir: &Path) -> Result<(), Error> {
    let written = || {
        if has_log(dir) {
            return Ok(());
        }
        let text = parts(&dir.join(DATABASE))?.in_words();
        let new = path(dir).with_extension(format!("{ENDING}.new"));
        // One a crash left; made anew, it cannot be a link to elsewhere.
        fs::remove_file(&new).ok();
        let mut file = OpenOptions::new().write(true).create_new(true).mode(MODE).open(&new)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all())?;
        fs::rename(&new, path(dir)).and_then(|()| sync(dir))
    };
    written().map_err(|source| Error::Seal { path: path(dir), source })
}

/// Checksums of a file's parts.
#[derive(Debug, Default, PartialEq, Eq)]
struct Parts {
    bytes: u64,
    sums: Vec<u64>,
}

impl Parts {
    fn in_words(&self) -> String {
        let mut lines = vec![format!("{HEAD} {}", self.bytes)];
        lines.extend(self.sums.iter().map(|sum| format!("{sum:016x}")));
        let text = lines.join("\n") + "\n";
        format!("{text}{:016x}\n", xxh3_64(text.as_bytes()))
    }

    /// `None` where the text is no seal or is damaged itself.
    fn from_words(text: &str) -> Option<Self> {
        let (said, own) = text.strip_suffix('\n')?.rsplit_once('\n')?;
        let said = format!("{said}\n");
        if number(own)? != xxh3_64(said.as_bytes()) {
            return None;
        }
        let mut lines = said.lines();
        let bytes = lines.next()?.strip_prefix(HEAD)?.trim().parse().ok()?;
        Some(Self { bytes, sums: lines.map(number).collect::<Option<_>>()? })
    }

    /// How the file as it is differs from the one that was sealed.
    fn differs(&self, now: &Self) -> Option<String> {
        if self.bytes != now.bytes {
            return Some(format!("{} bytes long; the last run left {}", now.bytes, self.bytes));
        }
        let mut changed = self.sums.iter().zip(&now.sums).enumerate().filter(|(_, (was, is))| was != is);
        let (first, _) = changed.next()?;
        let (more, of) = (changed.count() + 1, self.sums.len());
        let at = first * PART;
        Some(format!("{more} of {of} parts are not as the last run left them, the first at offset {at}"))
    }
}

fn number(word: &str) -> Option<u64> {
    u64::from_str_radix(word, 16).ok()
}

fn parts(path: &Path) -> io::Result<Parts> {
    let mut file = BufReader::with_capacity(PART, File::open(path)?);
    let mut parts = Parts::default();
    let (mut part, mut held) = (Xxh3::new(), 0);
    loop {
        let read = file.fill_buf()?;
        let taken = read.len().min(PART - held);
        part.update(read.get(..taken).unwrap_or_default());
        file.consume(taken);
        held += taken;
        if held == PART || (taken == 0 && held > 0) {
            parts.bytes += held as u64;
            parts.sums.push(part.digest());
            (part, held) = (Xxh3::new(), 0);
        }
        if taken == 0 {
            return Ok(parts);
        }
    }
}

/// The seal, where there is one, or why it cannot be used.
fn read(dir: &Path) -> Result<Option<Result<Parts, &'static str>>, Error> {
    match fs::read(path(dir)) {
        Ok(bytes) => {
            let parts = std::str::from_utf8(&bytes).ok().and_then(Parts::from_words);
            Ok(Some(parts.ok_or("the seal beside it is damaged itself")))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::Seal { path: path(dir), source }),
    }
}

/// Whether rows stand in the write-ahead log that the database does not have yet.
pub(super) fn has_log(dir: &Path) -> bool {
    dir.join(format!("{DATABASE}-wal")).metadata().is_ok_and(|found| found.len() > 0)
}

fn sync(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// A database that is gone, or cannot be read to its end. One there is no right to may be as whole as ever.
fn unreadable(dir: &Path, error: io::Error) -> Error {
    let path = dir.join(DATABASE);
    if error.kind() == io::ErrorKind::PermissionDenied {
        return Error::Shut { path, source: error };
    }
    Error::Corrupt { path, what: format!("cannot be read: {error}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_is_read_as_it_was_written_and_damage_to_itself_is_seen() {
        let parts = Parts { bytes: 65_537, sums: vec![1, u64::MAX] };
        let text = parts.in_words();
        assert_eq!(Parts::from_words(&text), Some(parts));
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            let read = String::from_utf8(bytes).ok().and_then(|text| Parts::from_words(&text));
            assert_eq!(read, None, "byte {at}");
            assert_eq!(Parts::from_words(&text[..at]), None, "cut at {at}");
        }
    }

    #[test]
    fn an_index_there_is_no_right_to_is_not_called_damaged() {
        let of = |kind: io::ErrorKind| unreadable(Path::new("a"), kind.into());
        let shut = of(io::ErrorKind::PermissionDenied);
        assert!(shut.is_shut() && !shut.is_damage(), "{shut}");
        assert!(of(io::ErrorKind::NotFound).is_damage());
    }

    #[test]
    fn what_was_written_since_is_named_by_its_place() {
        let dir = tempfile::tempdir().unwrap();
        let database = dir.path().join(DATABASE);
        let mut bytes = vec![7; PART * 2 + 5];
        fs::write(&database, &bytes).unwrap();
        assert_eq!(fault(dir.path()).unwrap(), None, "nothing is said of an index without a seal");
        seal(dir.path()).unwrap();
        assert_eq!(fault(dir.path()).unwrap(), None);
        bytes[PART + 1] ^= 1;
        fs::write(&database, &bytes).unwrap();
        let said = fault(dir.path()).unwrap().unwrap();
        assert_eq!(said, "1 of 3 parts are not as the last run left them, the first at offset 65536");
        assert!(matches!(check(dir.path()), Err(Error::Corrupt { .. })));
        fs::write(dir.path().join(format!("{DATABASE}-wal")), "x").unwrap();
        assert_eq!(fault(dir.path()).unwrap(), None, "a log that is not empty means that somebody writes");
        fs::remove_file(dir.path().join(format!("{DATABASE}-wal"))).unwrap();
        fs::write(&database, &bytes[..9]).unwrap();
        assert_eq!(fault(dir.path()).unwrap().unwrap(), "9 bytes long; the last run left 131077");
        unseal(dir.path()).unwrap();
        unseal(dir.path()).unwrap();
        assert_eq!(fault(dir.path()).unwrap(), None);
    }
}
