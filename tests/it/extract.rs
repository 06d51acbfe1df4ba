//! Pages in, records out: every `fixtures/<family>/<case>/` is decoded and read, and the whole record compared.
//!
//! A record is what the *page* says, read by a person. `UPDATE_FIXTURES=1 cargo test --test it extract::` writes what
//! the program says instead; read it before you commit it. Beside the cases stand rules about them, so that no family,
//! revision or declared field goes untested, and the quality floor, so that no score falls unseen.

mod corpus;
mod diff;
mod floor;

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::Path;

use corpus::{Case, cases, read, root};
use serde_json::Value;
use shiguan::domain::profile::{FamilySpec, RevisionSpec};

/// Files a case may hold.
const KNOWN_FILES: &[&str] = &["capture.toml", "record.json", "page.html", "page.json", "page.xml"];

#[test]
fn every_page_gives_the_record_beside_it() {
    let update = env::var_os("UPDATE_FIXTURES").is_some_and(|value| value == "1");
    let mut wrong = Vec::new();
    for case in cases() {
        let (record, article_id) = read(&case);
        if update {
            fs::write(case.folder.join("record.json"), corpus::pretty(&record) + "\n").unwrap();
            continue;
        }
        let Some(expected) = &case.expected else {
            wrong.push(format!("{}: no record.json", case.name));
            continue;
        };
        if *expected != record {
            wrong.push(format!("{}\n{}", case.name, diff::lines(&corpus::pretty(expected), &corpus::pretty(&record))));
        }
        if case.note.article_id.is_some() && case.note.article_id != article_id {
            wrong.push(format!("{}: article id {article_id:?}, not {:?}", case.name, case.note.article_id));
        }
    }
    assert!(wrong.is_empty(), "{} cases differ (- expected, + read)\n\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn no_score_falls_and_no_page_changes_unseen() {
    let scores = floor::scores(&cases());
    floor::check(&scores, &floor::digest(), &root().join("floor.json"));
}

#[test]
fn every_case_is_whole_and_holds_nothing_else() {
    let families: BTreeSet<String> = families().into_iter().map(|family| family.family).collect();
    for case in cases() {
        assert!(families.contains(&case.family), "{}: no family {}", case.name, case.family);
        let files: Vec<String> = names(&case.folder);
        for file in &files {
            assert!(KNOWN_FILES.contains(&file.as_str()), "{}: what is {file}?", case.name);
        }
        let pages = files.iter().filter(|file| file.starts_with("page.")).count();
        assert_eq!((files.len(), pages), (3, 1), "{}: one page, capture.toml and record.json", case.name);
        assert!(!case.note.shows.trim().is_empty(), "{}: say what it shows", case.name);
        let family = case.expected.as_ref().map(|record| record["family"].clone());
        assert_eq!(family, Some(Value::from(case.note.family.as_str())), "{}", case.name);
    }
}

#[test]
fn every_family_has_an_article_and_a_listing() {
    let mut missing = Vec::new();
    for family in families() {
        let of_family: Vec<Case> = cases().into_iter().filter(|case| case.note.family == family.family).collect();
        let has = |kind: &str| of_family.iter().any(|case| case.kind() == kind);
        let (articles, listings) = (reads_articles(&family), reads_listings(&family));
        if articles && !has("article") {
            missing.push(format!("{}: article", family.family));
        }
        if listings && !has("listing") {
            missing.push(format!("{}: listing", family.family));
        }
        for (revision, until) in spans(&family.revisions) {
            let days = of_family.iter().map(|case| case.note.day().to_string());
            if !days.into_iter().any(|day| day >= revision.since && until.is_none_or(|until| day.as_str() < until)) {
                missing.push(format!("{}: a case captured under the revision of {}", family.family, revision.since));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn every_declared_field_is_found_somewhere() {
    let mut missing = Vec::new();
    for family in families() {
        let records: Vec<Value> = cases()
            .into_iter()
            .filter(|case| case.note.family == family.family)
            .filter_map(|case| case.expected)
            .collect();
        let found = |field: &str| records.iter().any(|record| is_filled(&record[field]));
        for (field, declared) in declared(&family.revisions) {
            if declared && !found(field) {
                missing.push(format!("{}: {field}", family.family));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

/// All built-in families, read from their files.
fn families() -> Vec<FamilySpec> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("selectors/families");
    let files = names(&folder).into_iter().filter(|name| Path::new(name).extension().is_some_and(|e| e == "toml"));
    let families: Vec<FamilySpec> =
        files.map(|file| toml::from_str(&fs::read_to_string(folder.join(file)).unwrap()).unwrap()).collect();
    assert!(families.len() >= 5, "the walk found the families");
    families
}

/// A family with no rules at all for one kind of page is not asked for such a page; `generic` reads both without rules.
fn reads_articles(family: &FamilySpec) -> bool {
    family.family == "generic"
        || family.revisions.iter().any(|r| !r.article.body.is_empty() || !r.article.title.is_empty())
}

fn reads_listings(family: &FamilySpec) -> bool {
    family.family == "generic"
        || family.revisions.iter().any(|r| {
            let listing = &r.listing;
            !listing.rows.is_empty() || !listing.link_shape.is_empty() || listing.json.is_some()
        })
}

/// Each revision with the day the next one begins.
fn spans(revisions: &[RevisionSpec]) -> impl Iterator<Item = (&RevisionSpec, Option<&str>)> {
    let ends = revisions.iter().skip(1).map(|next| Some(next.since.as_str())).chain([None]);
    revisions.iter().zip(ends)
}

/// Record fields and whether any revision declares rules of their own for them.
fn declared(revisions: &[RevisionSpec]) -> BTreeMap<&'static str, bool> {
    let any = |declares: fn(&RevisionSpec) -> bool| revisions.iter().any(declares);
    BTreeMap::from([
        ("title", any(|r| !r.article.title.is_empty())),
        ("subtitle", any(|r| !r.article.subtitle.is_empty())),
        ("published_at", any(|r| !r.article.published.is_empty())),
        ("source", any(|r| !r.article.source.is_empty())),
        ("credits", any(|r| !r.article.credits.is_empty() || !r.article.footer.is_empty())),
        ("body", any(|r| !r.article.body.is_empty())),
        ("images", any(|r| !r.article.image.is_empty())),
        ("attachments", any(|r| !r.article.attachments.is_empty())),
        ("breadcrumbs", any(|r| !r.article.breadcrumbs.is_empty())),
        ("items", any(|r| !r.listing.rows.is_empty() || r.listing.json.is_some())),
        ("next", any(|r| !r.listing.pager.is_empty())),
    ])
}

fn is_filled(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => true,
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
