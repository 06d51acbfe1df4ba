//! The report of a run: JSON beside the archive, and the few lines cron mails when something went wrong.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Serialize;

use super::exit::Failure;
use crate::crawl::{Stopped, Summary};
use crate::domain::time::CaptureTime;

/// Where an archive keeps the report of the run that ends now.
#[expect(clippy::disallowed_methods, reason = "the command line is the edge where the clock is read")]
pub(super) fn own_path(archive: &Path) -> PathBuf {
    let now = CaptureTime::from_system(std::time::SystemTime::now());
    archive.join("reports").join(format!("crawl-{}-{}.json", now.to_digits14(), std::process::id()))
}

/// Writes a report, whole or not at all.
pub(super) fn write(path: &Path, report: &impl Serialize) -> anyhow::Result<()> {
    if path.extension().is_none_or(|e| e != "json") {
        return Err(Failure::usage(format!("{}: a report's name ends in .json", path.display())).into());
    }
    let place = || format!("writing {}", path.display());
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).with_context(place)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).with_context(place)?;
    serde_json::to_writer_pretty(&mut file, report).with_context(place)?;
    file.write_all(b"\n").with_context(place)?;
    file.persist(path).map_err(|error| error.error).with_context(place)?;
    Ok(())
}

/// What a person must know of a run: nothing where all went well.
pub(super) fn complaints(summary: &Summary) -> Vec<String> {
    let mut lines = Vec::new();
    for site in &summary.sites {
        let Some(why) = &site.failed else { continue };
        lines.push(format!("{}: failed: {why}", site.site));
        for failure in site.failures.iter().take(5) {
            lines.push(format!("  {}: {}: {}", failure.url, failure.outcome, failure.detail));
        }
        if site.failures.len() > 5 {
            lines.push(format!("  … and {} more; the report names them", site.failures.len() - 5));
        }
    }
    match summary.stopped {
        Some(Stopped::Interrupted) => lines.push("interrupted; the next run goes on from here".to_owned()),
        Some(Stopped::TimeUp) => lines.push("time is up; the next run goes on from here".to_owned()),
        None => {}
    }
    lines
}
