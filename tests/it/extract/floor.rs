//! The quality floor: per field, how much of what is read is right (precision) and how much of what is there is read
//! (recall), over all fixtures. `fixtures/floor.json` pins the scores and a digest of the corpus.
//!
//! `UPDATE_FLOOR=1` pins anew and refuses to lower a score; `UPDATE_FLOOR=lower` says that it is meant.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shiguan::domain::digest::PayloadDigest;

use super::corpus::{Case, read, root};

/// Fields that say nothing about the reading of the page.
const NOT_SCORED: &[&str] = &["url", "site", "warnings"];

/// One field over all cases.
#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Score {
    precision: f64,
    recall: f64,
    expected: usize,
}

#[derive(Default, Serialize, Deserialize)]
struct Floor {
    corpus: String,
    fields: BTreeMap<String, Score>,
}

#[derive(Default)]
struct Tally {
    right: usize,
    read: usize,
    expected: usize,
}

/// Scores per field, `kind` among them.
pub(super) fn scores(cases: &[Case]) -> BTreeMap<String, Score> {
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for case in cases {
        let Some(Value::Object(expected)) = &case.expected else { continue };
        let (record, _) = read(case);
        for (field, value) in expected.iter().filter(|(field, _)| !NOT_SCORED.contains(&field.as_str())) {
            let (mut wanted, got) = (parts(value), parts(&record[field.as_str()]));
            let tally = tallies.entry(field.clone()).or_default();
            tally.expected += wanted.len();
            tally.read += got.len();
            for part in got {
                if let Some(at) = wanted.iter().position(|w| *w == part) {
                    wanted.swap_remove(at);
                    tally.right += 1;
                }
            }
        }
    }
    tallies.into_iter().map(|(field, tally)| (field, tally.score())).collect()
}

impl Tally {
    fn score(&self) -> Score {
        Score {
            precision: share(self.right, self.read),
            recall: share(self.right, self.expected),
            expected: self.expected,
        }
    }
}

/// Rounded to four digits, so that the file does not flicker; nothing asked for is all found.
fn share(right: usize, of: usize) -> f64 {
    let exact = |n: usize| f64::from(u32::try_from(n).unwrap());
    if of == 0 { 1.0 } else { (exact(right) / exact(of) * 1e4).round() / 1e4 }
}

/// What is compared one by one: rows, images, names of a list; paragraphs of a text; a scalar as a whole.
fn parts(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().map(Value::to_string).collect(),
        Value::String(text) => text.lines().map(str::to_owned).collect(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => vec![value.to_string()],
    }
}

/// Digest over the names and bytes of all case files.
pub(super) fn digest() -> String {
    let mut files = Vec::new();
    collect(&root(), &mut files);
    files.retain(|file| file.parent().is_some_and(|folder| folder.join("capture.toml").exists()));
    files.sort();
    let mut bytes = Vec::new();
    for file in files {
        bytes.extend_from_slice(file.strip_prefix(root()).unwrap().to_string_lossy().as_bytes());
        bytes.extend(fs::read(file).unwrap());
    }
    PayloadDigest::of(&bytes).to_string()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}

/// Compares with the pinned floor, or pins anew where asked.
pub(super) fn check(scores: &BTreeMap<String, Score>, corpus: &str, file: &Path) {
    let pinned: Option<Floor> = fs::read(file).ok().map(|bytes| serde_json::from_slice(&bytes).unwrap());
    let fallen: Vec<String> = pinned.iter().flat_map(|floor| fallen(&floor.fields, scores)).collect();
    let asked = env::var("UPDATE_FLOOR").unwrap_or_default();
    if asked != "lower" {
        assert!(fallen.is_empty(), "scores fell below the floor: {fallen:#?}");
    }
    if asked.is_empty() {
        let pinned = pinned.unwrap_or_default();
        assert_eq!(pinned.corpus, corpus, "the fixtures changed: pin the floor anew with UPDATE_FLOOR=1");
    } else {
        let floor = Floor { corpus: corpus.to_owned(), fields: scores.clone() };
        fs::write(file, serde_json::to_string_pretty(&floor).unwrap() + "\n").unwrap();
    }
}

fn fallen(floor: &BTreeMap<String, Score>, now: &BTreeMap<String, Score>) -> Vec<String> {
    let zero = Score::default();
    floor
        .iter()
        .filter_map(|(field, was)| {
            let is = now.get(field).unwrap_or(&zero);
            (is.precision < was.precision || is.recall < was.recall).then(|| format!("{field}: {was:?} -> {is:?}"))
        })
        .collect()
}

#[test]
fn a_score_that_falls_is_named() {
    let score = |precision, recall| BTreeMap::from([("title".to_owned(), Score { precision, recall, expected: 4 })]);
    assert_eq!(fallen(&score(0.9, 0.9), &score(0.95, 0.9)), Vec::<String>::new());
    assert_eq!(fallen(&score(0.9, 0.9), &score(0.9, 0.8)).len(), 1);
    assert_eq!(fallen(&score(0.9, 0.9), &BTreeMap::new()).len(), 1);
}
