//! What an answer to "how was this page read" is made of. Plain data, written as JSON by `inspect --json`.

use std::fmt;

use serde::Serialize;

use crate::domain::record::Record;

/// How one page was read.
#[derive(Debug, Clone, Serialize)]
pub struct Trace {
    /// The page and its text.
    pub page: PageTrace,
    /// `article`, `listing` or `other`.
    pub kind: &'static str,
    /// Which family read it, and why that one.
    pub family: FamilyTrace,
    /// What was missing or doubtful, as stable codes.
    pub warnings: Vec<String>,
    /// Field by field, in the order people read a page.
    pub fields: Vec<Field>,
    /// The record itself, as `extract` gives it.
    pub record: Record,
}

/// The page and how it became text.
#[derive(Debug, Clone, Serialize)]
pub struct PageTrace {
    /// Its address, where known.
    pub url: Option<String>,
    /// `html`, `json`, `xml`, `text` or `binary`.
    pub format: &'static str,
    /// Characters of its source.
    pub chars: usize,
    /// Charset in the Encoding Standard's spelling.
    pub charset: String,
    /// What decided the charset: `bom`, `header`, `meta`, `overruled`, `detector`.
    pub charset_by: &'static str,
    /// Whether the text may be wrong.
    pub charset_doubtful: bool,
    /// Day of capture, `YYYY-MM-DD`: it chooses the revision.
    pub captured_on: String,
}

/// Which family read the page.
#[derive(Debug, Clone, Serialize)]
pub struct FamilyTrace {
    /// Family and revision of the rules used, as the record says.
    pub selectors: String,
    /// `asked` (a flag), `site` (the site's file), `marks`, `rows` (a JSON answer its pointers fit), or `none` (no family's marks reached its threshold).
    pub chosen_by: &'static str,
    /// The family recognised or asked for, where its own rules found nothing and the generic ones read the page.
    pub fell_back_from: Option<String>,
    /// Families with at least one mark on the page, the weightiest first.
    pub candidates: Vec<Candidate>,
}

/// What speaks for one family.
#[derive(Debug, Clone, Serialize)]
pub struct Candidate {
    /// The family.
    pub family: String,
    /// Sum of the weights of the marks the page shows.
    pub sum: u32,
    /// Least sum.
    pub threshold: u32,
    /// The marks the page shows.
    pub marks: Vec<Mark>,
}

/// A mark the page shows.
#[derive(Debug, Clone, Serialize)]
pub struct Mark {
    /// Its weight.
    pub weight: u32,
    /// Where it is written.
    pub rule: Place,
}

/// A rule's place in a selector file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Path below `selectors/`.
    pub file: String,
    /// Line, from 1.
    pub line: Option<usize>,
    /// Field, such as `revision[0].article.title[1]`.
    pub field: String,
    /// The rule as written.
    pub written: String,
    /// Whether the file is built into the program.
    pub built_in: bool,
}

/// One field of the record, or one part of the page that fields are read from.
#[derive(Debug, Clone, Serialize)]
pub struct Field {
    /// Name as in the record, or as in the selector file.
    pub name: &'static str,
    /// What it holds; lists give one entry each.
    pub found: Vec<Found>,
    /// Every rule for it, in the order they are tried.
    pub tries: Vec<Try>,
}

/// A value and who gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// The value.
    pub text: String,
    /// Who gave it.
    pub by: By,
}

/// Who gave a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "reader", content = "at")]
pub enum By {
    /// A rule of a selector file: the one whose outcome is `won`.
    Rule,
    /// A meta tag, by its name, without any rule.
    Meta(String),
    /// The meta line's labels.
    MetaLine,
    /// The generic reader, and where it found it.
    Generic(String),
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule => f.write_str("rule"),
            Self::Meta(name) => write!(f, "<meta {name}>"),
            Self::MetaLine => f.write_str("meta line"),
            Self::Generic(at) => write!(f, "no rule: {at}"),
        }
    }
}

/// One rule and what came of it.
#[derive(Debug, Clone, Serialize)]
pub struct Try {
    /// The rule.
    pub rule: Place,
    /// What came of it.
    pub outcome: Outcome,
    /// Why, for people: `no match`, `3 matches, all empty`, `not a date` …
    pub why: String,
    /// What it gave.
    pub gave: Option<String>,
}

/// What came of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It gave the value.
    Won,
    /// It gave nothing that counts.
    Lost,
    /// It would have given something, but an earlier rule had won.
    Spare,
}

impl Field {
    /// A field with one value or none.
    pub(super) fn new(name: &'static str, found: Option<Found>, tries: Vec<Try>) -> Self {
        Self { name, found: found.into_iter().collect(), tries }
    }
}

impl Found {
    pub(super) fn new(text: impl Into<String>, by: By) -> Self {
        Self { text: text.into(), by }
    }

    pub(super) fn generic(text: impl Into<String>, at: impl Into<String>) -> Self {
        Self::new(text, By::Generic(at.into()))
    }
}

impl Try {
    pub(super) fn lost(rule: Place, why: impl Into<String>) -> Self {
        Self { rule, outcome: Outcome::Lost, why: why.into(), gave: None }
    }

    pub(super) fn gave(rule: Place, outcome: Outcome, gave: impl Into<String>) -> Self {
        let why = if outcome == Outcome::Spare { "an earlier rule won" } else { "" };
        Self { rule, outcome, why: why.to_owned(), gave: Some(gave.into()) }
    }
}
