//! Which patterns of addresses earlier runs left as traps: `.traps`, beside the index.
//!
//! A host that leads into a trap would cost every night what it cost the first. Nothing else rests on this file: one that is
//! absent or damaged makes the next run find the traps anew.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::Path;

use super::error::Error;
use super::folder;

/// Its name in the archive.
pub(super) const FILE: &str = ".traps";
/// Where it is written anew, before it takes the name.
pub(super) const NEW: &str = ".traps.new";
/// Most bytes of the file that are read.
const MOST: u64 = 16 << 20;

/// By site, the patterns.
pub type Traps = BTreeMap<String, Vec<String>>;

/// What is remembered; nothing where that cannot be read.
pub(super) fn read(dir: &Path) -> Traps {
    let mut text = String::new();
    let read = File::open(dir.join(FILE)).and_then(|file| file.take(MOST).read_to_string(&mut text));
    read.ok().and_then(|_| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// Takes over what a run found out about its sites; the others keep what they have. The archive's lock is held.
pub(super) fn update(dir: &Path, found: Traps) -> Result<(), Error> {
    let before = read(dir);
    let mut traps = before.clone();
    traps.extend(found);
    traps.retain(|_, patterns| !patterns.is_empty());
    if traps == before {
        return Ok(());
    }
    let (path, new) = (dir.join(FILE), dir.join(NEW));
    let io = |doing| {
        let path = new.clone();
        move |source| Error::Io { path, doing, source }
    };
    let text = serde_json::to_string_pretty(&traps).unwrap_or_default();
    let mut file = folder::open_file(&new, OpenOptions::new().write(true).create(true).truncate(true))?;
    file.write_all(text.as_bytes()).map_err(io("writing"))?;
    fs::rename(&new, &path).map_err(io("renaming"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traps(of: &[(&str, &[&str])]) -> Traps {
        of.iter().map(|(site, list)| ((*site).to_owned(), list.iter().map(|p| (*p).to_owned()).collect())).collect()
    }

    #[test]
    fn a_run_speaks_of_its_own_sites_and_damage_is_nothing_remembered() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(read(dir.path()), Traps::new());
        update(dir.path(), traps(&[("a", &[]), ("b", &[])])).unwrap();
        assert!(!dir.path().join(FILE).exists(), "nothing to remember");
        update(dir.path(), traps(&[("a", &["a.test/rl?m"]), ("b", &["b.test/{n}"])])).unwrap();
        update(dir.path(), traps(&[("b", &[])])).unwrap();
        assert_eq!(read(dir.path()), traps(&[("a", &["a.test/rl?m"])]));
        fs::write(dir.path().join(FILE), "{\"a\": [").unwrap();
        assert_eq!(read(dir.path()), Traps::new());
        update(dir.path(), traps(&[("a", &["a.test/rl?m"])])).unwrap();
        assert_eq!(read(dir.path()), traps(&[("a", &["a.test/rl?m"])]));
    }
}
