//! `verify`: is every byte still what it was? Says nothing where it is.

use anyhow::Context as _;

use super::args::{GlobalArgs, VerifyArgs};
use super::exit::Exit;
use super::{output, report};
use crate::archive::{self, Problem, Report};

/// Runs the command.
pub(super) fn run(args: &VerifyArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    args.report.as_deref().map_or(Ok(()), report::check)?;
    let mut tell = |problem: &Problem| {
        if !args.json {
            output::note(&format!("damaged: {problem}"));
        }
    };
    let found = archive::verify(&global.archive_dir(), args.full, &mut tell)?;
    if let Some(path) = &args.report {
        report::write(path, &found)?;
    }
    let text = if args.json {
        serde_json::to_string_pretty(&found).context("writing the report as JSON")? + "\n"
    } else {
        summed_up(&found)
    };
    output::data(text.as_bytes())?;
    Ok(if found.is_ok() { Exit::Done } else { Exit::Damaged })
}

fn summed_up(found: &Report) -> String {
    let verdict = match found.problems.len() {
        0 => "all as it was".to_owned(),
        1 => "1 problem found".to_owned(),
        n => format!("{n} problems found"),
    };
    let Report { files, records, bytes, captures, .. } = found;
    format!(
        "{verdict} (checked {records} records, {bytes} bytes; WARC files {files}; captures in the index {captures})\n"
    )
}
