//! `package`: the archive, or what the filters choose of it, as a package to hand over.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::args::{GlobalArgs, PackageArgs, PackageFormat};
use super::exit::{Exit, Failure};
use super::settings::SettingsFile;
use super::{export, output, settings};
use crate::domain::time::CaptureTime;
use crate::handover::{self, About, Job, Summary};

/// Runs the command.
pub(super) fn run(args: &PackageArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let file = settings::load(global)?;
    let dir = global.archive_dir();
    let created = now();
    let path = args.output.clone().unwrap_or_else(|| default_name(args.format, created));
    check(&path)?;
    let job = Job { about: about(args, &file, &dir, created), filter: export::filter(&args.filter), dir };
    let made = match args.format {
        PackageFormat::Wacz => handover::wacz(&job, &path)?,
    };
    let text = if args.json {
        serde_json::to_string_pretty(&made).context("writing the summary as JSON")? + "\n"
    } else {
        summed_up(&made)
    };
    output::data(text.as_bytes())?;
    Ok(Exit::Done)
}

/// Sees that a package can stand here before any work is done.
fn check(path: &Path) -> Result<(), Failure> {
    let unusable = |what: &str| Failure::unusable(format!("{}: {what}", path.display()));
    if path.is_dir() {
        return Err(unusable("is a folder, not a file"));
    }
    let folder = output::folder_of(path);
    if !folder.is_dir() {
        return Err(unusable(&format!("no such folder as {}", folder.display())));
    }
    match tempfile::tempfile_in(folder) {
        Ok(_) => Ok(()),
        Err(error) => Err(unusable(&format!("cannot write here: {}", error.kind()))),
    }
}

fn about(args: &PackageArgs, file: &SettingsFile, dir: &Path, created: CaptureTime) -> About {
    let folder = || {
        let dir = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
        dir.file_name().map_or_else(|| "archive".to_owned(), |name| name.to_string_lossy().into_owned())
    };
    About {
        title: args.title.clone().or_else(|| file.operator.clone()).unwrap_or_else(folder),
        description: args.filter.in_words(),
        software: format!("shiguan/{}", env!("CARGO_PKG_VERSION")),
        created,
        organization: file.operator.clone(),
        archive_id: String::new(),
    }
}

fn default_name(format: PackageFormat, created: CaptureTime) -> PathBuf {
    let extension = match format {
        PackageFormat::Wacz => ".wacz",
    };
    PathBuf::from(format!("shiguan-{}{extension}", created.to_digits14()))
}

fn summed_up(made: &Summary) -> String {
    let Summary { package, files, captures, warc_bytes, pages } = made;
    let package = output::printable(&package.display().to_string());
    format!("{package} (captures {captures}, pages {pages}, WARC files {files}, bytes {warc_bytes})\n")
}

#[expect(clippy::disallowed_methods, reason = "the command line is the edge where the clock is read")]
fn now() -> CaptureTime {
    CaptureTime::from_system(std::time::SystemTime::now())
}
