//! When the page says it was published.
//!
//! Order: the family's rules, meta tags and JSON-LD, the meta line, the lines around the headline, and last the address,
//! with a warning. Never the body: its dates are those of what is told.

use crate::domain::page::Page;
use crate::domain::time::Precision;
use crate::extract::rule::{Evidence, Rule};

use super::dates::{self, Stamp};

/// Meta tags that hold the publication time. `others` of TRS holds the time the file was made and is none of them.
pub(crate) const METAS: &[&str] = &[
    "pubdate",
    "publishdate",
    "publish_date",
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "weibo:article:create_at",
    "og:release_date",
    "apub:time",
    "_pubtime",
    "publish-date",
    "dc.date.issued",
    "bytedance:published_time",
    "publishtime",
    "contentpubdate",
];

/// By rules of the family.
pub(crate) fn by_rules(rules: &[Rule], evidence: &Evidence<'_>, page: &Page) -> Option<Stamp> {
    rules.iter().filter_map(|rule| rule.value(evidence)).find_map(|value| of_value(&value, page))
}

/// The time a rule's value says.
pub(crate) fn of_value(value: &str, page: &Page) -> Option<Stamp> {
    dates::of_value(value, page.captured_on).or_else(|| dates::first(value, page.captured_on).map(|found| found.stamp))
}

/// By meta tags and JSON-LD.
pub(crate) fn by_metas(evidence: &Evidence<'_>, page: &Page) -> Option<Stamp> {
    METAS.iter().find_map(|name| evidence.metas(name).find_map(|value| dates::of_value(value, page.captured_on)))
}

/// By the address.
pub(crate) fn by_address(page: &Page) -> Option<Stamp> {
    dates::of_path(page.url.as_ref()?.path(), page.captured_on)
}

/// Of a tag and what the page prints: the tag, unless the print has the same day and says more of it.
pub(crate) fn finer(tag: Option<Stamp>, print: Option<Stamp>) -> Option<Stamp> {
    match (tag, print) {
        (Some(tag), Some(print)) if tag.precision == Precision::Day && tag.at.date() == print.at.date() => Some(print),
        (Some(tag), _) => Some(tag),
        (None, print) => print,
    }
}
