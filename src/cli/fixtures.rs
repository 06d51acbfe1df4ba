//! `selectors test`: the pages kept beside a folder of selectors, read again and compared with the records beside them.
//!
//! For people who write selectors and cannot run the project's own tests. It changes no page, and a record only where
//! `--update` asks for it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::args::GlobalArgs;
use super::exit::{Exit, Failure};
use super::{output, selectors, settings};
use crate::decode;
use crate::domain::time::CaptureTime;
use crate::extract::{self, Catalogue};

/// Folders looked through below `fixtures/`: family, kind, case.
const DEEPEST: usize = 4;
/// Parts of a record that change with every release and are compared with nothing.
const CHANGING: [&str; 2] = ["extractor", "selectors"];

/// `capture.toml`: how the page was captured. Its other keys are for readers.
#[derive(Debug, Deserialize)]
struct Note {
    url: Url,
    captured_at: CaptureTime,
    content_type: Option<String>,
    status: Option<u16>,
    family: Option<String>,
}

/// Runs the command.
pub(super) fn run(dir: Option<&Path>, update: bool, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let file = settings::load(global)?;
    let dir = dir.or(global.selectors.as_deref()).or(file.selectors.as_deref());
    let dir = dir.ok_or_else(|| Failure::usage("give a folder of selectors, or --selectors DIR"))?;
    let catalogue = Catalogue::load(&selectors::folder(dir)?).map_err(|error| Failure::unusable(error.to_string()))?;
    let root = fixtures(dir)?;
    let mut cases = Vec::new();
    collect(&root, DEEPEST, &mut cases)?;
    cases.sort();
    if cases.is_empty() {
        return Err(Failure::unusable(format!("{}: no page with a capture.toml", root.display())).into());
    }
    let mut differ = 0;
    for case in &cases {
        let record = read(case, &catalogue)?;
        if update {
            let text = serde_json::to_string_pretty(&record).context("writing a record")? + "\n";
            fs::write(case.join("record.json"), text).with_context(|| format!("writing {}", case.display()))?;
            continue;
        }
        let lines = differences(&expected(case)?, &record);
        if !lines.is_empty() {
            differ += 1;
            let name = case.strip_prefix(&root).unwrap_or(case).display();
            let text = format!("{name}\n{}\n", output::printable(&lines.join("\n")));
            output::data(text.as_bytes())?;
        }
    }
    let ended = if update { "records written".to_owned() } else { format!("{differ} differ") };
    output::note(&format!("{} pages, {ended}", cases.len()));
    Ok(if differ > 0 { Exit::Partial } else { Exit::Done })
}

/// `fixtures/` in the folder of selectors or beside it.
fn fixtures(dir: &Path) -> Result<PathBuf, Failure> {
    let beside = fs::canonicalize(dir).ok().and_then(|dir| dir.parent().map(|parent| parent.join("fixtures")));
    let inside = Some(dir.join("fixtures"));
    inside
        .into_iter()
        .chain(beside)
        .find(|folder| folder.is_dir())
        .ok_or_else(|| Failure::unusable(format!("{}: no folder fixtures in it or beside it", dir.display())))
}

fn collect(folder: &Path, deeper: usize, cases: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    if folder.join("capture.toml").is_file() {
        cases.push(folder.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry.with_context(|| format!("reading {}", folder.display()))?.path();
        if path.is_dir() && deeper > 0 {
            collect(&path, deeper - 1, cases)?;
        }
    }
    Ok(())
}

/// What the page gives today, as the record beside it is written.
fn read(case: &Path, catalogue: &Catalogue) -> anyhow::Result<Value> {
    let note = case.join("capture.toml");
    let unusable = |what: String| Failure::unusable(format!("{}: {what}", note.display()));
    let text = fs::read_to_string(&note).map_err(|error| unusable(error.to_string()))?;
    let note: Note = toml::from_str(&text).map_err(|error| unusable(error.to_string()))?;
    let page = ["page.html", "page.json", "page.xml"].map(|file| case.join(file));
    let page = page.iter().find_map(|file| fs::read(file).ok());
    let page = page.ok_or_else(|| unusable("no page.html, page.json or page.xml beside it".to_owned()))?;
    let hints = decode::Hints {
        url: Some(&note.url),
        content_type: note.content_type.as_deref(),
        content_encoding: None,
        status: note.status,
    };
    let page = decode::decode(&page, &hints, note.captured_at.china_date());
    let extraction = extract::extract(&page, catalogue, &extract::Hints::default());
    let mut record = serde_json::to_value(&extraction.record).context("writing a record")?;
    if let Some(fields) = record.as_object_mut() {
        fields.retain(|field, _| !CHANGING.contains(&field.as_str()));
        // Another family than the one the case is for is the first thing to know.
        if let Some(family) = note.family.filter(|family| fields.get("family") != Some(&Value::from(family.as_str()))) {
            output::note(&format!("{}: capture.toml expects the family {family}", case.display()));
        }
    }
    Ok(record)
}

fn expected(case: &Path) -> anyhow::Result<Value> {
    let file = case.join("record.json");
    let unusable = |what: String| Failure::unusable(format!("{}: {what}", file.display()));
    let bytes = fs::read(&file).map_err(|error| unusable(format!("{error}; selectors test --update writes it")))?;
    Ok(serde_json::from_slice(&bytes).map_err(|error| unusable(error.to_string()))?)
}

/// Fields of the expected record that read otherwise: `-` expected, `+` read. A field it does not name is not asked.
fn differences(expected: &Value, read: &Value) -> Vec<String> {
    let asked: BTreeSet<&String> = expected.as_object().into_iter().flat_map(serde_json::Map::keys).collect();
    let mut lines = Vec::new();
    for field in asked {
        let (want, got) = (expected.get(field), read.get(field));
        if !want.zip(got).is_some_and(|(want, got)| fits(want, got)) {
            field_lines(field, want.unwrap_or(&Value::Null), got.unwrap_or(&Value::Null), &mut lines);
        }
    }
    lines
}

/// Whether what was read is what the record names, all the way down.
fn fits(want: &Value, got: &Value) -> bool {
    match (want, got) {
        (Value::Object(want), Value::Object(got)) => {
            want.iter().all(|(field, want)| got.get(field).is_some_and(|got| fits(want, got)))
        }
        (Value::Array(want), Value::Array(got)) => {
            want.len() == got.len() && want.iter().zip(got).all(|(want, got)| fits(want, got))
        }
        _ => want == got,
    }
}

/// Lists by their entries, texts by their lines, so that one wrong row of thirty shows as one.
fn field_lines(field: &str, want: &Value, got: &Value, lines: &mut Vec<String>) {
    let entries = |value: &Value| match value {
        Value::Array(list) => list.clone(),
        Value::String(text) => text.lines().map(Value::from).collect(),
        Value::Null => Vec::new(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => vec![value.clone()],
    };
    let (want, got) = (entries(want), entries(got));
    let single = want.len() <= 1 && got.len() <= 1;
    for at in 0..want.len().max(got.len()) {
        let (left, right) = (want.get(at), got.get(at));
        if left.zip(right).is_some_and(|(left, right)| fits(left, right)) {
            continue;
        }
        lines.push(if single { format!("  {field}") } else { format!("  {field}[{at}]") });
        lines.extend(left.map(|value| format!("- {value}")));
        lines.extend(right.map(|value| format!("+ {value}")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_differs_is_shown() {
        let want = json!({ "title": "甲", "items": [{ "n": 1 }, { "n": 2 }], "body": "一\n二" });
        let got = json!({ "title": "甲", "items": [{ "n": 1, "m": 2 }], "body": "一\n三", "source": "校报" });
        assert_eq!(differences(&want, &got), ["  body[1]", "- \"二\"", "+ \"三\"", "  items[1]", "- {\"n\":2}"]);
        assert_eq!(differences(&json!({ "title": null }), &json!({ "title": "甲" })), ["  title", "+ \"甲\""]);
    }
}
