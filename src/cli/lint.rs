//! `selectors`: for people who write selectors.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::args::{GlobalArgs, SelectorsCommand};
use super::exit::{Exit, Failure};
use super::{fixtures, output, selectors, settings};
use crate::domain::profile::{FamilySpec, SiteSpec};
use crate::extract::catalogue::{self, SourceFile};

/// Runs the command.
pub(super) fn run(command: &SelectorsCommand, global: &GlobalArgs) -> anyhow::Result<Exit> {
    match command {
        SelectorsCommand::Lint { paths } => lint(paths, global),
        SelectorsCommand::Test { dir, update } => fixtures::run(dir.as_deref(), *update, global),
        SelectorsCommand::Schema { kind } => schema(kind),
    }
}

/// Problems are what was asked for, so they are data on stdout.
fn lint(paths: &[PathBuf], global: &GlobalArgs) -> anyhow::Result<Exit> {
    let mut files = Vec::new();
    if paths.is_empty() {
        let file = settings::load(global)?;
        let dir = global.selectors.as_deref().or(file.selectors.as_deref());
        files = selectors::folder(dir.ok_or_else(|| {
            Failure::usage("give a folder of selectors, or --selectors DIR; the built-in files are checked by tests")
        })?)?;
    }
    for path in paths {
        if path.is_dir() {
            files.extend(selectors::folder(path)?);
        } else {
            files.push(single(path)?);
        }
    }
    for stray in files.iter().filter(|file| is_stray(&file.path)) {
        output::note(&format!("note: {} is not read: sites stand in sites/, families in families/", stray.path));
    }
    let problems = catalogue::lint(&files);
    let text: String = problems.iter().map(|problem| output::printable(&problem.to_string()) + "\n").collect();
    output::data(text.as_bytes())?;
    if problems.is_empty() {
        let files = if files.len() == 1 { "1 file".to_owned() } else { format!("{} files", files.len()) };
        output::note(&format!("{files}, no problem"));
        return Ok(Exit::Done);
    }
    Ok(Exit::Unusable)
}

/// A file at the top of a folder that is none of those read there: a site, perhaps, that would never be crawled.
fn is_stray(path: &str) -> bool {
    !path.contains('/') && !["topics.toml", "walls.toml"].contains(&path)
}

/// A file by itself is named by the last folder it lies in: `families/x.toml`.
fn single(path: &Path) -> anyhow::Result<SourceFile> {
    let root = path.parent().and_then(Path::parent).unwrap_or(Path::new(""));
    selectors::read(root, path)
}

fn schema(kind: &str) -> anyhow::Result<Exit> {
    let schema = if kind == "site" { schemars::schema_for!(SiteSpec) } else { schemars::schema_for!(FamilySpec) };
    let text = serde_json::to_string_pretty(&schema).context("writing the schema")? + "\n";
    output::data(text.as_bytes())?;
    Ok(Exit::Done)
}
