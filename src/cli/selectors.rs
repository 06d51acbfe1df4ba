//! Reads selector files from disk for the catalogue to compile.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::args::GlobalArgs;
use super::exit::Failure;
use super::settings::{self, SettingsFile};
use crate::extract::Catalogue;
use crate::extract::catalogue::SourceFile;

/// Largest selector file read, in bytes; a larger one is a mistake, not a profile.
const MAX_FILE: u64 = 1 << 20;

/// The built-in profiles with the files of a folder laid over them: that of the flag, else that of the settings file.
pub(super) fn load(global: &GlobalArgs, file: &SettingsFile) -> anyhow::Result<Catalogue> {
    let mut overlay = Vec::new();
    if let Some(dir) = &global.selectors {
        overlay = folder(dir)?;
    } else if let Some(dir) = &file.selectors {
        overlay = folder(dir).with_context(|| format!("{}: selectors", settings::path(global).display()))?;
    }
    Catalogue::load(&overlay).map_err(|error| Failure::unusable(error.to_string()).into())
}

/// The selector files of a folder, by path.
pub(super) fn folder(dir: &Path) -> anyhow::Result<Vec<SourceFile>> {
    if !dir.is_dir() {
        return Err(Failure::unusable(format!("{}: no such folder of selectors", dir.display())).into());
    }
    let mut files = Vec::new();
    collect(dir, dir, &mut Vec::new(), &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// `above` are the folders this one lies in: a link that leads back to one of them is not followed.
fn collect(root: &Path, dir: &Path, above: &mut Vec<PathBuf>, files: &mut Vec<SourceFile>) -> anyhow::Result<()> {
    let real = dir.canonicalize().with_context(|| format!("reading {}", dir.display()))?;
    if above.contains(&real) {
        return Ok(());
    }
    above.push(real);
    for entry in fs::read_dir(dir).with_context(|| format!("reading {}", dir.display()))? {
        let path = entry.with_context(|| format!("reading {}", dir.display()))?.path();
        if path.is_dir() {
            collect(root, &path, above, files)?;
        } else if path.extension().is_some_and(|e| e == "toml") {
            files.push(read(root, &path)?);
        }
    }
    above.pop();
    Ok(())
}

/// One selector file, named by its path below `root`.
pub(super) fn read(root: &Path, path: &Path) -> anyhow::Result<SourceFile> {
    let unusable = |what: String| Failure::unusable(format!("{}: {what}", path.display()));
    let size = fs::metadata(path).map_err(|e| unusable(e.to_string()))?.len();
    if size > MAX_FILE {
        return Err(unusable(format!("{size} bytes is too large for a selector file")).into());
    }
    let bytes = fs::read(path).map_err(|e| unusable(e.to_string()))?;
    let text =
        settings::utf8(bytes).map_err(|line| Failure::unusable(format!("{}:{line}: not UTF-8", path.display())))?;
    let relative = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
    Ok(SourceFile { path: relative, text })
}
