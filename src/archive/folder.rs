//! The folder on disk: made, checked, and never written through a symbolic link.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use super::error::{Error, Unusable};
use crate::near::{self, Rulings};
use crate::store::DATABASE;

/// Folders are for the owner and their group.
const DIR_MODE: u32 = 0o750;
/// Files too, the group only reading.
const FILE_MODE: u32 = 0o640;

/// Where WARC files are.
pub(super) const WARC: &str = "warc";
/// Where torn tails go.
pub(super) const QUARANTINE: &str = "quarantine";

/// Makes the folder where it is absent and sees that it can be an archive: a folder, writable, no link where the
/// archive's own things belong.
pub(super) fn prepare(dir: &Path) -> Result<(), Error> {
    refuse_links(dir)?;
    make_dir(dir)?;
    for name in [WARC, QUARANTINE] {
        make_dir(&dir.join(name))?;
    }
    let database = dir.join(DATABASE);
    // Made here, so that SQLite's own files get this one's mode.
    drop(open_file(&database, OpenOptions::new().write(true).create(true).truncate(false))?);
    Ok(())
}

/// Refuses links where the archive and its own things belong.
pub(super) fn refuse_links(dir: &Path) -> Result<(), Error> {
    refuse_link(dir)?;
    [WARC, QUARANTINE, DATABASE].iter().try_for_each(|name| refuse_link(&dir.join(name)))
}

/// What a person ruled about works; nothing where there is no such file.
pub(super) fn rulings(dir: &Path) -> Result<Rulings, Error> {
    let path = dir.join(near::RULINGS_FILE);
    let text = match fs::read(&path) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|error| {
            let valid = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
            let line = valid.split(|byte| *byte == b'\n').count();
            Error::Rulings { path: path.clone(), what: format!("{line}: not UTF-8") }
        })?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Rulings::default()),
        Err(error) => return Err(Error::Rulings { path, what: format!(" cannot be read: {}", error.kind()) }),
    };
    Rulings::read(&text).map_err(|what| Error::Rulings { path, what })
}

/// Makes a folder with its parents; what stands in its place is the error.
pub(super) fn make_dir(dir: &Path) -> Result<(), Error> {
    match DirBuilder::new().recursive(true).mode(DIR_MODE).create(dir) {
        Ok(()) => Ok(()),
        Err(error) if matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory) => {
            Err(Error::Unusable { path: dir.to_owned(), why: Unusable::NotAFolder })
        }
        Err(error) => Err(unusable(dir, "making the folder", error)),
    }
}

/// Opens a file for writing with our mode, not through a link.
pub(super) fn open_file(path: &Path, options: &mut OpenOptions) -> Result<File, Error> {
    let no_follow = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();
    options.mode(FILE_MODE).custom_flags(no_follow).open(path).map_err(|error| unusable(path, "opening", error))
}

/// Makes names in this folder safe: a new file or a renamed one.
pub(super) fn sync_dir(dir: &Path) -> Result<(), Error> {
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(|source| Error::Io {
        path: dir.to_owned(),
        doing: "syncing the folder",
        source,
    })
}

/// Bytes free for us, and bytes of the whole disk.
pub(super) fn space(dir: &Path) -> Result<(u64, u64), Error> {
    let disk = rustix::fs::statvfs(dir).map_err(|errno| Error::Io {
        path: dir.to_owned(),
        doing: "asking for the free space",
        source: errno.into(),
    })?;
    Ok((disk.f_bavail.saturating_mul(disk.f_frsize), disk.f_blocks.saturating_mul(disk.f_frsize)))
}

/// This machine's name, for file names.
pub(super) fn host_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

fn refuse_link(path: &Path) -> Result<(), Error> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => Err(Error::Unusable { path: path.to_owned(), why: Unusable::SymbolicLink }),
        // What is absent will be made; what cannot be looked at will be named when it is opened.
        Ok(_) | Err(_) => Ok(()),
    }
}

/// The kinds of refusal a user can do something about have their own words.
fn unusable(path: &Path, doing: &'static str, source: io::Error) -> Error {
    let kind = source.kind();
    let why = if matches!(kind, io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem) {
        Unusable::NotWritable
    } else if matches!(kind, io::ErrorKind::IsADirectory | io::ErrorKind::NotADirectory) {
        Unusable::NotAFolder
    } else if source.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) {
        Unusable::SymbolicLink
    } else {
        return Error::Io { path: path.to_owned(), doing, source };
    };
    Error::Unusable { path: path.to_owned(), why }
}
