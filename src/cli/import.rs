//! `import`: other tools' WARC and WACZ taken into the archive.

use std::path::PathBuf;

use anyhow::Context as _;

use super::args::{GlobalArgs, ImportArgs};
use super::crawl::command_line;
use super::exit::Exit;
use super::settings::SettingsFile;
use super::{extract, output, selectors, settings, table, works};
use crate::archive::{self, ImportJob, ImportReport, Version, source};
use crate::crawl;

/// Runs the command. What could not be read is named, and makes it exit with 4; everything else is taken in.
pub(super) fn run(args: &ImportArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let file = settings::load(global)?;
    let catalogue = selectors::load(global, &file)?;
    let mut failed = false;
    let paths = without_others(extract::files(&args.paths, &mut failed), &args.paths);
    for folder in args.paths.iter().filter(|path| path.is_dir() && !paths.iter().any(|file| file.starts_with(path))) {
        output::note(&format!("{}: holds neither WARC nor WACZ", folder.display()));
        failed = true;
    }
    let job = ImportJob { site: args.site.as_deref(), command: command_line() };
    let (judge, reread) = (crawl::judge(&catalogue), crawl::reread(&catalogue));
    let found = archive::import(options(&file, global), &paths, &job, &judge, &reread)?;
    for problem in &found.problems {
        output::note(problem);
    }
    let text = if args.json {
        serde_json::to_string_pretty(&found).context("writing the result as JSON")? + "\n"
    } else {
        summed_up(&found)
    };
    output::data(text.as_bytes())?;
    works::tell_vain_rulings(&global.archive_dir());
    Ok(if failed || !found.problems.is_empty() { Exit::Partial } else { Exit::Done })
}

/// Without what a folder holds beside WARC and WACZ, as a bag does: what was not named itself was not asked for. What is called a
/// WARC file and is none stays, and so does what cannot be read: both will be named as problems.
fn without_others(found: Vec<PathBuf>, named: &[PathBuf]) -> Vec<PathBuf> {
    let is_asked_for = |path: &PathBuf| {
        let name = path.as_os_str().to_string_lossy().to_ascii_lowercase();
        named.contains(path)
            || [".warc", ".warc.gz", ".wacz"].iter().any(|end| name.ends_with(end))
            || !matches!(source::parts(path), Ok(None))
    };
    let (asked, others): (Vec<_>, Vec<_>) = found.into_iter().partition(is_asked_for);
    if !others.is_empty() {
        let others = table::count(i64::try_from(others.len()).unwrap_or(i64::MAX), "file");
        output::note(&format!("note: {others} beside them neither WARC nor WACZ, passed over"));
    }
    asked
}

fn options(file: &SettingsFile, global: &GlobalArgs) -> archive::Options {
    let mut options = archive::Options::new(global.archive_dir());
    if file.archive.warc_version.as_deref() == Some("1.0") {
        options.warc_version = Version::V1_0;
    }
    if let Some(mib) = file.archive.roll_mib {
        options.roll_at_bytes = mib.saturating_mul(1 << 20);
    }
    options.free_space_floor = file.archive.free_space_mib.map(|mib| mib.saturating_mul(1 << 20));
    options.operator.clone_from(&file.operator);
    options.contact.clone_from(&file.contact);
    options
}

fn summed_up(found: &ImportReport) -> String {
    let count = |number: u64, noun: &str| table::count(i64::try_from(number).unwrap_or(i64::MAX), noun);
    if found.records == 0 && found.held > 0 {
        let (held, files) = (count(found.held, "record"), count(found.files, "WARC file"));
        return format!("took in nothing: {held} of {files} are held already\n");
    }
    let held = if found.held > 0 { format!("; {} held already", count(found.held, "record")) } else { String::new() };
    format!(
        "took in {} with {} from {}{held}\n",
        count(found.records, "record"),
        count(found.captures, "capture"),
        count(found.files, "WARC file"),
    )
}
