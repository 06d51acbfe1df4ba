//! A file written whole or not at all: beside its place, made safe, then renamed. A reader sees the old file or the new.

use std::fs::{File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use super::super::exit::Failure;
use super::super::output;
use crate::export::Sink;

/// What was written.
pub(super) struct Written {
    /// SHA-256 of the bytes, in lower-case hexadecimal digits.
    pub(super) sha256: String,
    /// Their number.
    pub(super) bytes: u64,
}

/// Whether something stands here that cannot be replaced by a file: a device, a pipe.
pub(super) fn is_device(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// Sees that a file can stand here.
pub(super) fn check(path: &Path) -> Result<(), Failure> {
    let folder = output::folder_of(path);
    if path.is_dir() {
        return Err(Failure::unusable(format!("{}: is a folder, not a file", path.display())));
    }
    if !folder.is_dir() {
        return Err(Failure::unusable(format!("{}: no such folder as {}", path.display(), folder.display())));
    }
    Ok(())
}

/// Writes a file in the place of the one that stands here, where one does.
pub(super) fn replace(path: &Path, write: impl FnOnce(Sink<'_>) -> anyhow::Result<()>) -> anyhow::Result<Written> {
    let place = || format!("writing {}", path.display());
    let mut file = begin(path)?;
    let mut counted = Counted { inner: file.as_file_mut(), digest: Sha256::new(), bytes: 0 };
    write(Box::new(&mut counted)).with_context(place)?;
    let written = Written { sha256: data_encoding::HEXLOWER.encode(&counted.digest.finalize()), bytes: counted.bytes };
    // What describes the old file must not stand beside the new one, should this be cut off here.
    super::sidecar::remove(path).with_context(place)?;
    end(file, path).with_context(place)?;
    Ok(written)
}

/// Writes a small file in the place of the one that stands here, where one does.
pub(in crate::cli) fn replace_plain(path: &Path, text: &str) -> anyhow::Result<()> {
    let place = || format!("writing {}", path.display());
    let mut file = begin(path)?;
    file.write_all(text.as_bytes()).with_context(place)?;
    end(file, path).with_context(place)
}

fn begin(path: &Path) -> Result<NamedTempFile, Failure> {
    // Files users make are readable as their umask says, not only by them as temporary files are.
    tempfile::Builder::new()
        .prefix(".shiguan-export-")
        .permissions(Permissions::from_mode(0o644))
        .tempfile_in(output::folder_of(path))
        .map_err(|error| Failure::unusable(format!("{}: cannot write here: {}", path.display(), error.kind())))
}

fn end(file: NamedTempFile, path: &Path) -> io::Result<()> {
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    File::open(output::folder_of(path))?.sync_all()
}

/// Counts and digests what passes.
struct Counted<'a> {
    inner: &'a mut File,
    digest: Sha256,
    bytes: u64,
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.inner.write(bytes)?;
        self.digest.update(bytes.get(..taken).unwrap_or(bytes));
        self.bytes += taken as u64;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
