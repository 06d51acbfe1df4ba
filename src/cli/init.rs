//! `init`: makes an archive folder with a commented settings file. Writes over nothing.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use super::args::{GlobalArgs, InitArgs};
use super::exit::{Exit, Failure};
use super::{output, settings};

/// Runs the command.
pub(super) fn run(args: &InitArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let dir = args.dir.clone().unwrap_or_else(|| global.archive_dir());
    make(&dir).map_err(|(path, error)| Failure::unusable(format!("{path}: {error}")))?;
    let file = dir.join(settings::FILE_NAME);
    match write_new(&file) {
        Ok(()) => output::note(&format!("made {}; set `contact` there before the first crawl", file.display())),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && file.is_file() => {
            output::note(&format!("{} is already there and stays as it is", file.display()));
        }
        Err(error) if error.kind() == io::ErrorKind::StorageFull => {
            return Err(anyhow::Error::new(error).context(format!("writing {}", file.display())));
        }
        Err(error) => return Err(Failure::unusable(format!("{}: {error}", file.display())).into()),
    }
    Ok(Exit::Done)
}

fn make(dir: &Path) -> Result<(), (String, io::Error)> {
    if dir.exists() && !dir.is_dir() {
        return Err((dir.display().to_string(), io::Error::other("is a file, not a folder")));
    }
    fs::create_dir_all(dir).map_err(|error| (dir.display().to_string(), error))
}

/// Writes beside the place and renames, so that a full disk leaves no empty settings file behind.
fn write_new(file: &Path) -> io::Result<()> {
    if file.exists() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let mut beside = tempfile::NamedTempFile::new_in(file.parent().unwrap_or(Path::new(".")))?;
    beside.write_all(settings::TEMPLATE.as_bytes())?;
    beside.as_file().sync_all()?;
    beside.persist_noclobber(file).map_err(|error| error.error)?;
    Ok(())
}
