//! `verify PACKAGE`: a package checked by itself, without the archive it came from.

use std::path::Path;

use anyhow::Context as _;
use serde::Serialize;

use super::super::args::VerifyArgs;
use super::super::exit::Exit;
use super::super::{output, report};
use super::html;
use crate::domain::fixity::Problem;
use crate::domain::time::CaptureTime;
use crate::handover::{self, Checked};

/// What was found, as reports have it.
#[derive(Debug, Serialize)]
struct Found {
    #[serde(flatten)]
    checked: Checked,
    /// When the check ended.
    checked_at: CaptureTime,
    /// Program and version.
    agent: String,
}

/// Checks the package.
pub(super) fn run(path: &Path, args: &VerifyArgs) -> anyhow::Result<Exit> {
    args.report.as_deref().map_or(Ok(()), report::check)?;
    let mut tell = |problem: &Problem| {
        if !args.json {
            output::note(&format!("damaged: {problem}"));
        }
    };
    let checked = handover::check(path, &mut tell)?;
    let agent = format!("shiguan/{}", env!("CARGO_PKG_VERSION"));
    let found = Found { checked, checked_at: super::now(), agent };
    if let Some(path) = &args.report {
        if path.extension().is_some_and(|ending| ending == "html") {
            report::write_bytes(path, html::of_package(&found.checked, found.checked_at, &found.agent).as_bytes())?;
        } else {
            report::write(path, &found)?;
        }
    }
    let text = if args.json {
        serde_json::to_string_pretty(&found).context("writing the report as JSON")? + "\n"
    } else {
        summed_up(&found.checked)
    };
    output::data(text.as_bytes())?;
    Ok(if found.checked.is_ok() { Exit::Done } else { Exit::Damaged })
}

fn summed_up(checked: &Checked) -> String {
    let Checked { files, bytes, records, index_lines, format, .. } = checked;
    let verdict = match checked.problems.len() as u64 + checked.further_problems {
        0 => "all as it says".to_owned(),
        1 => "1 problem found".to_owned(),
        n => format!("{n} problems found"),
    };
    format!(
        "{verdict} ({format}: checked {files} files, {bytes} bytes; WARC records {records}; index lines {index_lines})\n"
    )
}
