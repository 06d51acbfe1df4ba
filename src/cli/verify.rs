//! `verify`: is every byte still what it was, and are the records what records must be? Says nothing where they are.

mod html;
mod package;

use std::fmt::Write as _;

use anyhow::Context as _;
use serde::Serialize;

use super::args::{GlobalArgs, VerifyArgs};
use super::exit::Exit;
use super::{export, output, report};
use crate::archive::{self, Problem, Report};
use crate::domain::appraisal::{Check, Stage, Verdict};
use crate::domain::event::Event;
use crate::domain::held::Filter;
use crate::domain::time::CaptureTime;
use crate::store::{DATABASE, Reader};

/// Things wrong that are named on the terminal, for each check.
const NAMED: usize = 5;

/// What was found, as reports have it.
#[derive(Debug, Serialize)]
struct Found {
    #[serde(flatten)]
    fixity: Report,
    /// When the checks ended.
    checked_at: CaptureTime,
    /// Program and version.
    agent: String,
    /// Whether every record was unpacked.
    full: bool,
    /// Which articles the checks are about; empty for all.
    selection: String,
    /// The stage whose checks were made, where any was asked for.
    stage: Option<Stage>,
    /// The checks of the four properties.
    checks: Vec<Check>,
    /// Number of this check in the archive's log of events; absent where it could not be noted there.
    event: Option<i64>,
}

/// Runs the command.
pub(super) fn run(args: &VerifyArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    if let Some(path) = &args.package {
        return package::run(path, args);
    }
    args.report.as_deref().map_or(Ok(()), |path| report::check_as(path, &["json", "html"]))?;
    let dir = global.archive_dir();
    let mut tell = |problem: &Problem| {
        if !args.json {
            output::note(&format!("damaged: {problem}"));
        }
    };
    let fixity = archive::verify(&dir, args.full, &mut tell)?;
    let filter = export::filter(&args.filter);
    let asked = args.report.is_some() || filter != Filter::default();
    let stage = args.stage.or_else(|| asked.then(Stage::default));
    let sound = !fixity.problems.iter().any(|problem| problem.file == DATABASE);
    if sound && !args.filter.sites.is_empty() {
        export::note_vain(&Reader::whole(&dir)?, &args.filter)?;
    }
    let checks = match stage.map(|stage| archive::appraise(&dir, &filter, stage, &fixity, args.full)) {
        Some(Err(error)) if sound => return Err(error.into()),
        // A damaged index has been told of already.
        Some(Err(_)) | None => Vec::new(),
        Some(Ok(checks)) => checks,
    };
    let mut found = Found {
        fixity,
        checked_at: now(),
        agent: format!("shiguan/{}", env!("CARGO_PKG_VERSION")),
        full: args.full,
        selection: args.filter.in_words(),
        stage,
        checks,
        event: None,
    };
    if sound {
        found.log(&dir);
    }
    if let Some(path) = &args.report {
        if path.extension().is_some_and(|e| e == "html") {
            report::write_bytes(path, html::page(&found).as_bytes())?;
        } else {
            report::write(path, &found)?;
        }
    }
    if args.json {
        let text = serde_json::to_string_pretty(&found).context("writing the report as JSON")? + "\n";
        output::data(text.as_bytes())?;
    } else {
        found.complain();
        output::data(found.summed_up().as_bytes())?;
    }
    Ok(found.exit())
}

impl Found {
    fn failed(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| check.result == Verdict::Fail)
    }

    /// Notes the check in the archive's log. What cannot be noted (a read-only disk, an archive of an earlier version)
    /// is found all the same.
    fn log(&mut self, dir: &std::path::Path) {
        let failed: Vec<&str> = self.failed().map(|check| check.id).collect();
        let Report { files, records, bytes, captures, problems } = &self.fixity;
        let detail = serde_json::json!({
            "full": self.full, "files": files, "records": records, "bytes": bytes, "captures": captures,
            "problems": problems.len(), "stage": self.stage, "selection": self.selection, "failed": failed,
        });
        let outcome = if problems.is_empty() && failed.is_empty() { "success" } else { "failure" };
        let event = Event {
            kind: Event::FIXITY_CHECK.to_owned(),
            at: self.checked_at,
            outcome: outcome.to_owned(),
            agent: self.agent.clone(),
            object: "archive".to_owned(),
            detail: detail.to_string(),
        };
        match archive::record_event(dir, &event) {
            Ok(id) => self.event = id,
            Err(error) => tracing::info!(%error, "the check is not in the archive's log of events"),
        }
    }

    fn complain(&self) {
        for check in self.failed() {
            let Check { property, id, about, evidence, examples, .. } = check;
            output::note(&format!("failed: {} {id}: {about}: {evidence}", property.as_str()));
            for example in examples.iter().take(NAMED) {
                output::note(&format!("  {example}"));
            }
        }
    }

    fn summed_up(&self) -> String {
        let verdict = match self.fixity.problems.len() {
            0 => "all as it was".to_owned(),
            1 => "1 problem found".to_owned(),
            n => format!("{n} problems found"),
        };
        let Report { files, records, bytes, captures, .. } = &self.fixity;
        let fixity = format!(
            "{verdict} (checked {records} records, {bytes} bytes; WARC files {files}; captures in the index {captures})\n"
        );
        let Some(stage) = self.stage else { return fixity };
        let count = |result| self.checks.iter().filter(|check| check.result == result).count();
        let (passed, failed) = (count(Verdict::Pass), count(Verdict::Fail));
        let left_out = count(Verdict::NotApplicable);
        let verdict = format!("四性 ({stage}): checks passed {passed}, failed {failed}, not applicable {left_out}\n");
        format!("{fixity}{verdict}{}", self.remarks())
    }

    /// What passed checks have to name: a file a record lacks is no fault where its server did not give it, and yet it is missing.
    fn remarks(&self) -> String {
        let mut text = String::new();
        let passed = self.checks.iter().filter(|check| check.result == Verdict::Pass && !check.examples.is_empty());
        for Check { property, id, evidence, examples, .. } in passed {
            // Writing to a String cannot fail.
            writeln!(text, "{} {id}: {evidence}", property.as_str()).ok();
            for example in examples.iter().take(NAMED) {
                writeln!(text, "  {}", output::printable(example)).ok();
            }
            if examples.len() > NAMED {
                writeln!(text, "  … and {} more; --report FILE names all", examples.len() - NAMED).ok();
            }
        }
        text
    }

    /// Damage is damage; a record that is not as it must be is an input that failed.
    fn exit(&self) -> Exit {
        if !self.fixity.is_ok() {
            Exit::Damaged
        } else if self.failed().next().is_some() {
            Exit::Partial
        } else {
            Exit::Done
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the command line is the edge where the clock is read")]
fn now() -> CaptureTime {
    CaptureTime::from_system(std::time::SystemTime::now())
}
