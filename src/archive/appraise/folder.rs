//! What stands in an archive's folder, and who may write it.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::archive::error::Error;
use crate::archive::{hosts, traps};
use crate::near;
use crate::store::{DATABASE, TAKEDOWN_FILE};

/// What was seen.
#[derive(Debug, Default)]
pub(super) struct Looked {
    /// Files.
    pub(super) files: u64,
    /// Files that have no business in an archive.
    pub(super) foreign: Vec<String>,
    /// Files everybody may write.
    pub(super) open_to_all: Vec<String>,
    /// Files that cannot be opened.
    pub(super) unreadable: Vec<String>,
}

/// Names an archive's folder has at its top, beside those that begin as the database's does.
const OWN: &[&str] = &[
    "shiguan.toml",
    "warc",
    "quarantine",
    "reports",
    ".lock",
    hosts::FILE,
    hosts::NEW,
    traps::FILE,
    traps::NEW,
    "README.md",
    ".gitignore",
    "selectors",
    "metrics.prom",
    TAKEDOWN_FILE,
    near::RULINGS_FILE,
];

/// Looks at everything below an archive's folder. A folder that is an archive of its own is left to its own check.
pub(super) fn look(dir: &Path) -> Result<Looked, Error> {
    let mut looked = Looked::default();
    walk(dir, dir, &mut looked)?;
    Ok(looked)
}

fn walk(root: &Path, dir: &Path, looked: &mut Looked) -> Result<(), Error> {
    let failed = |source| Error::Io { path: dir.to_owned(), doing: "listing the folder", source };
    let mut entries = fs::read_dir(dir).and_then(Iterator::collect::<io::Result<Vec<_>>>).map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let below = path.strip_prefix(root).unwrap_or(&path).display().to_string();
        // A file a crawl removes at this moment is no fault.
        let Ok(found) = path.symlink_metadata() else { continue };
        if found.is_dir() {
            if path.join(DATABASE).exists() {
                continue;
            }
            if dir == root && !OWN.contains(&name.as_str()) {
                looked.foreign.push(format!("{below}/"));
            } else {
                walk(root, &path, looked)?;
            }
            continue;
        }
        looked.files += 1;
        if is_foreign(root, dir, &name) || found.is_symlink() {
            looked.foreign.push(below.clone());
        }
        if found.permissions().mode() & 0o002 != 0 && !found.is_symlink() {
            looked.open_to_all.push(below.clone());
        }
        if let Err(error) = File::open(&path)
            && error.kind() != io::ErrorKind::NotFound
        {
            looked.unreadable.push(format!("{below}: {}", error.kind()));
        }
    }
    Ok(())
}

fn is_foreign(root: &Path, dir: &Path, name: &str) -> bool {
    if dir == root {
        return !OWN.contains(&name) && !name.starts_with(DATABASE);
    }
    let in_warc = dir.strip_prefix(root).is_ok_and(|below| below.starts_with("warc"));
    in_warc && ![".warc.gz", ".warc.gz.open", ".warc"].iter().any(|ending| name.ends_with(ending))
}
