//! The key of pseudonyms: a file of the user's, made where there is none. Whoever has it can tell who is who.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use uuid::Uuid;

use super::super::exit::Failure;
use super::super::output;
use crate::veil::Key;

/// The key in this file; a new one where there is no file.
pub(super) fn load_or_make(path: &Path) -> Result<Key, Failure> {
    let unusable = |what: &str| Failure::unusable(format!("{}: {what}", path.display()));
    match fs::read(path) {
        Ok(bytes) => {
            let key = Key::new(&bytes).ok_or_else(|| {
                unusable(&format!("a key has at least {} bytes; take away the file to have one made", Key::LEAST))
            })?;
            if path.metadata().is_ok_and(|found| found.permissions().mode() & 0o077 != 0) {
                output::note(&format!("{}: others can read this key; chmod 600 it", path.display()));
            }
            Ok(key)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let letters = letters();
            make(path, &letters).map_err(|error| unusable(&format!("cannot make a key here: {}", error.kind())))?;
            output::note(&format!(
                "{}: new key; who has it can tell who is who, who loses it makes other tokens next time",
                path.display()
            ));
            Key::new(letters.as_bytes()).ok_or_else(|| unusable("a key could not be made"))
        }
        Err(error) => Err(unusable(&format!("cannot be read: {}", error.kind()))),
    }
}

/// Three random UUIDs: 366 random bits.
fn letters() -> String {
    (0..3).map(|_| Uuid::new_v4().simple().to_string()).collect::<String>() + "\n"
}

/// Whole or not at all, readable by the owner alone, never in the place of something else.
fn make(path: &Path, letters: &str) -> io::Result<()> {
    let folder = output::folder_of(path);
    // A temporary file is the owner's alone from its first moment.
    let mut file = tempfile::Builder::new().prefix(".shiguan-key-").tempfile_in(folder)?;
    file.write_all(letters.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    File::open(folder)?.sync_all()
}
