//! Reflections of whole pages. `fixtures/reflections/{signed,spoken,none}/<case>/` holds a page in real markup and the
//! reflections a person read off it; the program's answers are scored against them and must not fall under the floor.
//!
//! Expected values come from reading the page, never from the program's output: there is no way to update them here.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;
use shiguan::decode::{self, decode};
use shiguan::domain::article::{Article, Reflection};
use shiguan::domain::record::Record;
use shiguan::domain::time::CaptureTime;
use shiguan::extract::{self, Catalogue, extract};
use url::Url;

#[derive(Deserialize)]
struct Note {
    url: Url,
    captured_at: CaptureTime,
    content_type: String,
    status: u16,
    family: String,
    shows: String,
}

struct Case {
    /// `signed/heading-glued-with-status`
    name: String,
    note: Note,
    expected: Vec<Value>,
    article: Article,
}

#[test]
fn scores_do_not_fall_under_the_floor() {
    let cases = cases();
    let scores = scores(&cases);
    let floor: BTreeMap<String, f64> =
        serde_json::from_str(&fs::read_to_string(root().join("floor.json")).unwrap()).unwrap();
    assert_eq!(floor.keys().collect::<Vec<_>>(), scores.keys().collect::<Vec<_>>(), "every score has its floor");
    for (name, least) in floor {
        assert!(scores[&name] >= least, "{name} is {:.4}, the floor {least}\n{}", scores[&name], differences(&cases));
    }
}

#[test]
fn pages_without_reflections_give_none() {
    let cases: Vec<Case> = cases().into_iter().filter(|case| case.expected.is_empty()).collect();
    assert!(cases.len() >= 15, "only {} pages without reflections", cases.len());
    for case in cases {
        assert_eq!(case.article.reflections, [], "{}: {}", case.name, case.note.shows);
    }
}

#[test]
fn every_text_is_its_slice_of_the_body() {
    for case in cases() {
        let body: Vec<char> = case.article.body.chars().collect();
        let mut end = 0;
        for (found, ordinal) in case.article.reflections.iter().zip(1..) {
            let slice: String = body[found.start..found.end].iter().collect();
            assert_eq!(found.text, slice, "{}", case.name);
            assert_eq!(found.ordinal, ordinal, "{}", case.name);
            assert!(found.start >= end, "{}: two reflections overlap", case.name);
            end = found.end;
        }
    }
}

#[test]
fn every_found_text_stands_where_the_record_says() {
    let cases = cases();
    let mut asked = 0;
    for case in &cases {
        for (expected, got) in matched(case) {
            for offset in ["start", "end"] {
                assert_eq!(got[offset], expected[offset], "{}: {offset} of {}", case.name, expected["text"]);
            }
            asked += 1;
        }
    }
    assert!(asked >= 60, "only {asked} reflections were compared");
}

#[test]
fn every_case_is_read_by_the_family_it_is_written_in() {
    let cases = cases();
    assert!(cases.len() >= 60, "only {} cases", cases.len());
    for case in cases {
        assert_eq!(case.article.family, case.note.family, "{}", case.name);
    }
}

/// F1 over whole reflections (people, kind, text), and of those found how many have the right affiliation, role and facets.
fn scores(cases: &[Case]) -> BTreeMap<String, f64> {
    let (mut found, mut wanted, mut right) = (0, 0, 0);
    let mut parts: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for case in cases {
        found += case.article.reflections.len();
        wanted += case.expected.len();
        for (expected, got) in matched(case) {
            right += 1;
            for part in ["affiliation", "role"] {
                tally(&mut parts, part, got[part] == expected[part]);
            }
            for (facet, value) in expected["facets"].as_object().into_iter().flatten() {
                tally(&mut parts, "facets", got["facets"][facet] == *value);
            }
        }
    }
    let f1 = f64::from(2 * right) / f64::from(u32::try_from(found + wanted).unwrap());
    let mut scores: BTreeMap<String, f64> = parts
        .into_iter()
        .map(|(part, (right, asked))| (part.to_owned(), f64::from(right) / f64::from(asked)))
        .collect();
    scores.insert("reflections".to_owned(), f1);
    scores
}

fn tally(parts: &mut BTreeMap<&'static str, (u32, u32)>, part: &'static str, right: bool) {
    let count = parts.entry(part).or_default();
    *count = (count.0 + u32::from(right), count.1 + 1);
}

/// Expected reflections that were found, each with what was found.
fn matched(case: &Case) -> Vec<(&Value, Value)> {
    let found: Vec<Value> = case.article.reflections.iter().map(|found| serde_json::to_value(found).unwrap()).collect();
    let same = |a: &Value, b: &Value| ["people", "kind", "text"].iter().all(|part| a[part] == b[part]);
    let pair = |expected| found.iter().find(|got| same(expected, got)).map(|got| (expected, got.clone()));
    case.expected.iter().filter_map(pair).collect()
}

/// What a person needs to see when the floor is broken.
fn differences(cases: &[Case]) -> String {
    let mut lines = Vec::new();
    for case in cases {
        let right = matched(case);
        let missed = case.expected.iter().filter(|expected| !right.iter().any(|(found, _)| found == expected));
        lines.extend(
            missed.map(|expected| format!("{}: missed {} {}", case.name, expected["people"], expected["text"])),
        );
        let invented = |found: &&Reflection| !right.iter().any(|(_, got)| got["start"] == found.start);
        let invented = case.article.reflections.iter().filter(invented);
        lines.extend(invented.map(|found| format!("{}: invented {:?} {}", case.name, found.people, found.text)));
        for (expected, got) in right {
            let parts = ["affiliation", "role"].into_iter().filter(|part| got[part] != expected[part]);
            lines.extend(parts.map(|part| format!("{}: {part} {} is not {}", case.name, got[part], expected[part])));
            let facets = expected["facets"].as_object().into_iter().flatten();
            let facets = facets.filter(|(facet, value)| got["facets"][facet] != **value);
            lines.extend(
                facets.map(|(facet, value)| format!("{}: {facet} {} is not {value}", case.name, got["facets"][facet])),
            );
        }
    }
    lines.join("\n")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/reflections")
}

fn cases() -> Vec<Case> {
    let catalogue = Catalogue::load(&[]).unwrap();
    let mut cases: Vec<Case> =
        folders(&root()).iter().flat_map(|group| folders(group)).map(|folder| load(&folder, &catalogue)).collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

fn load(folder: &Path, catalogue: &Catalogue) -> Case {
    let name = folder.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
    let note: Note = toml::from_str(&fs::read_to_string(folder.join("capture.toml")).unwrap()).unwrap();
    let record: Value = serde_json::from_slice(&fs::read(folder.join("record.json")).unwrap()).unwrap();
    let hints = decode::Hints {
        url: Some(&note.url),
        content_type: Some(note.content_type.as_str()),
        content_encoding: None,
        status: Some(note.status),
    };
    let page = decode(&fs::read(folder.join("page.html")).unwrap(), &hints, note.captured_at.china_date());
    let article = article(extract(&page, catalogue, &extract::Hints::default()).record).unwrap();
    let expected = record["reflections"].as_array().unwrap().clone();
    Case { name, note, expected, article }
}

fn folders(parent: &Path) -> Vec<PathBuf> {
    fs::read_dir(parent).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect()
}

fn article(record: Record) -> Option<Article> {
    match record {
        Record::Article(article) => Some(*article),
        Record::Listing(_) | Record::Other(_) => None,
    }
}
