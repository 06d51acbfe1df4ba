//! The report of a run: JSON beside the archive, a page for people, and the few lines cron mails when something went wrong.

mod advice;
mod html;

use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use schemars::JsonSchema;
use serde::Serialize;

use super::exit::Failure;
use super::output;
use crate::crawl::{Stopped, Summary};
use crate::domain::time::CaptureTime;

/// The report of one run: `reports/crawl-….json`, and the file of `--report`. Fields are only ever added.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RunReport<'a> {
    /// Program and version.
    pub(super) program: &'static str,
    /// When the run began, RFC 3339 in UTC.
    pub(super) started_at: String,
    /// When it ended.
    pub(super) ended_at: String,
    /// Exit code of the run.
    pub(super) exit: u8,
    /// What broke the run off, where something did: the line on stderr.
    pub(super) error: Option<String>,
    /// What it did.
    #[serde(flatten)]
    pub(super) summary: &'a Summary,
}

/// Failed pages named on the terminal, for each site.
const NAMED: usize = 5;

/// Where an archive keeps the report of the run that ends now.
#[expect(clippy::disallowed_methods, reason = "the command line is the edge where the clock is read")]
pub(super) fn own_path(archive: &Path) -> PathBuf {
    let now = CaptureTime::from_system(std::time::SystemTime::now());
    archive.join("reports").join(format!("crawl-{}-{}.json", now.to_digits14(), std::process::id()))
}

/// Sees, before any work is done, that a report can be written here: its name says a format, its folder takes a file.
pub(super) fn check(path: &Path) -> anyhow::Result<()> {
    check_as(path, &["json", "html"])
}

/// The same for a report that has other formats too.
pub(super) fn check_as(path: &Path, formats: &[&str]) -> anyhow::Result<()> {
    if !formats.iter().any(|format| path.extension().is_some_and(|found| found == *format)) {
        let endings = formats.iter().map(|format| format!(".{format}")).collect::<Vec<_>>().join(" or ");
        return Err(Failure::usage(format!("{}: a report's name ends in {endings}", path.display())).into());
    }
    if path.is_dir() {
        return Err(Failure::unusable(format!("{}: is a folder, not a file", path.display())).into());
    }
    let folder = output::folder_of(path);
    make_folder(folder).and_then(|()| tempfile::NamedTempFile::new_in(folder).map(drop)).map_err(|error| {
        let why = if folder.exists() && !folder.is_dir() {
            format!("{} is not a folder", folder.display())
        } else {
            error.kind().to_string()
        };
        Failure::unusable(format!("{}: cannot write a report here: {why}", path.display()))
    })?;
    Ok(())
}

/// Folders made for reports are as the archive's own: for the owner and their group, whatever the umask.
fn make_folder(folder: &Path) -> std::io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o750).create(folder)
}

/// Writes a run's report in the format its name says.
pub(super) fn write_run(path: &Path, run: &RunReport<'_>) -> anyhow::Result<()> {
    if path.extension().is_some_and(|ending| ending == "html") {
        return write_bytes(path, html::page(run).as_bytes());
    }
    write(path, run)
}

/// Writes a report, whole or not at all.
pub(super) fn write(path: &Path, report: &impl Serialize) -> anyhow::Result<()> {
    let mut text = serde_json::to_vec_pretty(report).with_context(|| format!("writing {}", path.display()))?;
    text.push(b'\n');
    write_bytes(path, &text)
}

/// Writes a report that is text already, whole or not at all. Those of the folder's group may read it, as the rest of an archive.
pub(super) fn write_bytes(path: &Path, text: &[u8]) -> anyhow::Result<()> {
    let place = || format!("writing {}", path.display());
    let folder = output::folder_of(path);
    make_folder(folder).with_context(place)?;
    let group = Permissions::from_mode(0o640);
    let mut file = tempfile::Builder::new().permissions(group).tempfile_in(folder).with_context(place)?;
    file.write_all(text).with_context(place)?;
    file.persist(path).map_err(|error| error.error).with_context(place)?;
    Ok(())
}

/// What a person must know of a run: nothing where all went well.
pub(super) fn complaints(summary: &Summary) -> Vec<String> {
    let mut lines = Vec::new();
    for site in &summary.sites {
        let Some(why) = &site.failed else { continue };
        lines.push(format!("{}: failed: {}: {why}", site.site, site.verdict.as_str()));
        // The page the site failed for is in the line above already.
        let others: Vec<_> =
            site.failures.iter().filter(|failure| !why.starts_with(&format!("{}: ", failure.url))).collect();
        for failure in others.iter().take(NAMED) {
            lines.push(format!("  {}: {}: {}", failure.url, failure.outcome, failure.detail));
        }
        if others.len() > NAMED {
            lines.push(format!("  … and {} more; the report names them", others.len() - NAMED));
        }
    }
    match summary.stopped {
        Some(Stopped::Interrupted) => lines.push("interrupted; the next run goes on from here".to_owned()),
        Some(Stopped::TimeUp) => lines.push("time is up; the next run goes on from here".to_owned()),
        // The error itself is the last line of a run that broke off.
        Some(Stopped::Broken) | None => {}
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The documented schema is made from the types; `UPDATE_SCHEMA=1` writes it anew.
    #[test]
    fn the_schema_of_a_run_s_report_is_what_the_types_say() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema/run-report.json");
        let want = serde_json::to_string_pretty(&schemars::schema_for!(RunReport<'_>)).unwrap() + "\n";
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            fs::write(&path, &want).unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap_or_default(), want, "run the tests once with UPDATE_SCHEMA=1");
    }
}
