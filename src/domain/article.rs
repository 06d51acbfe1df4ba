//! A news article as the contract's record holds it.

use serde::{Deserialize, Serialize};
use url::Url;

use super::time::{Precision, Timestamp};

/// One article at one place. Text fields are trimmed, in NFC, with white space folded; an absent scalar is
/// `None`, an absent list empty; no field changes meaning by family.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// Where it was captured; `None` for a file without an address.
    pub url: Option<Url>,
    /// The page's own canonical link on the same host, else the normalised `url`.
    pub canonical_url: Option<Url>,
    /// Site id, where known.
    pub site: Option<String>,
    /// CMS family that read it; `generic` where none fitted.
    pub family: String,
    /// Headline as printed, without a site suffix.
    pub title: Option<String>,
    /// Second headline, where the page prints one.
    pub subtitle: Option<String>,
    /// 来源: the outlet or unit named as source, label removed.
    pub source: Option<String>,
    /// When the page says it was published.
    pub published_at: Option<Timestamp>,
    /// How much of `published_at` was printed.
    pub published_precision: Option<Precision>,
    /// Who did what, with roles as printed.
    pub credits: Vec<Credit>,
    /// Plain text, one paragraph a line, reading order.
    pub body: String,
    /// Words of named persons.
    pub reflections: Vec<Reflection>,
    /// Images of the body, one an appearance, in body order.
    pub images: Vec<Image>,
    /// Files offered with the article.
    pub attachments: Vec<Attachment>,
    /// `首页`, … without the final 正文.
    pub breadcrumbs: Vec<String>,
    /// Campaign tags of `selectors/topics.toml`.
    pub topics: Vec<String>,
    /// What was missing or doubtful, as stable codes.
    pub warnings: Vec<String>,
    /// Program and version that read the page.
    pub extractor: String,
    /// Family and revision of the rules used.
    pub selectors: String,
}

impl Article {
    /// The warning of an article that goes on on pages its record does not hold.
    pub const MORE_PAGES: &'static str = "more-pages";

    /// The warning of an article of which a further page could not be had.
    pub const PART_MISSING: &'static str = "part-missing";

    /// Whether pages of it are still missing from the record and may be had.
    pub fn goes_on(&self) -> bool {
        self.warnings.iter().any(|warning| warning == Self::MORE_PAGES)
    }

    /// Whether the record holds every page of it.
    pub fn is_whole(&self) -> bool {
        !self.warnings.iter().any(|warning| matches!(warning.as_str(), Self::MORE_PAGES | Self::PART_MISSING))
    }
}

/// A role as printed, without the colon, and the names under it. A name may be a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// 作者, 责任编辑, 审核, 摄影 … as printed.
    pub role: String,
    /// Persons or units, in order.
    pub names: Vec<String>,
}

/// Words of named persons printed in the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reflection {
    /// Place among the article's reflections, from 1.
    pub ordinal: usize,
    /// Names without inner spaces and titles, any name dot as `·`.
    pub people: Vec<String>,
    /// The words before the name, without 来自/的 and without the role.
    pub affiliation: Option<String>,
    /// The affiliation taken apart.
    pub facets: Facets,
    /// Function or status word: 书记, 教师, 学生党员 …
    pub role: Option<String>,
    /// How the words are attributed.
    pub kind: ReflectionKind,
    /// The words themselves: no lead-in, no enclosing quotes.
    pub text: String,
    /// First Unicode character of `text` in the body.
    pub start: usize,
    /// One past the last Unicode character of `text` in the body.
    pub end: usize,
}

/// How a reflection's words are attributed to its people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReflectionKind {
    /// Own text under or above a name line.
    Signed,
    /// Direct speech.
    Quoted,
    /// What a named person said, in the reporter's words.
    Reported,
}

impl ReflectionKind {
    /// The word used in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Signed => "signed",
            Self::Quoted => "quoted",
            Self::Reported => "reported",
        }
    }
}

/// The parts of an affiliation such as `测绘学院研22级测绘第二党支部`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facets {
    /// 本科, 硕士, 博士, 研究生 …, as printed.
    pub degree: Option<String>,
    /// Year of entry, four digits.
    pub year: Option<String>,
    /// 专业.
    pub major: Option<String>,
    /// 班级.
    pub class: Option<String>,
    /// 党支部, 团支部.
    pub branch: Option<String>,
    /// 学院, 系, 部, 处 …
    pub unit: Option<String>,
}

/// One appearance of an image in the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Absolute address, lazy-load attributes resolved; as written where the page has no address.
    pub url: String,
    /// Alternative text; `None` where it only repeats the file's stem.
    pub alt: Option<String>,
    /// Caption printed under or beside it.
    pub caption: Option<String>,
}

/// A file offered with the article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Absolute address; as written where the page has no address.
    pub url: String,
    /// The name shown to readers.
    pub name: String,
}
