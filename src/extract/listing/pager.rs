//! The next page, by every scheme sites use (CMS facts, sections 2 to 5).
//!
//! A family's pagers are asked in order: each gives the next address, or knows that this is the last page, or cannot
//! tell. What no family's pager can tell, links with the word 下一页, lists of pages to choose from and printed page numbers do. Addresses that are
//! script, templates or the page itself are no next page.

pub(super) mod next_link;
mod numbers;
pub(super) mod select;

pub(super) use numbers::with_param;

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use crate::domain::address;
use crate::domain::page::Page;
use crate::extract::dom::{self, outline::Outline, script};
use crate::extract::profile::Pager;

/// What a pager says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// There is another page.
    Next(Url),
    /// This is the last page.
    Last,
    /// This pager does not tell.
    Unknown,
}

/// What pagers look at.
#[derive(Debug, Clone, Copy)]
pub struct View<'v, 'a> {
    /// The page.
    pub page: &'v Page,
    /// What is visible on it.
    pub outline: &'v Outline<'a>,
    /// What links are resolved against.
    pub base: Option<&'v Url>,
}

impl View<'_, '_> {
    /// Resolves a link of a pager: another page on the web, not this one.
    pub(in crate::extract) fn resolve(&self, written: &str) -> Option<Url> {
        let written = written.trim();
        if !super::link::names_a_page(written) {
            return None;
        }
        let url = address::resolve(self.base?, written)?;
        let own = self.page.url.as_ref().map(address::normalise);
        (own != Some(address::normalise(&url))).then_some(url)
    }
}

/// Words of pagers; where they stand the main column ends (or begins). Each holds 页, 頁 or 录.
static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[\s<>»›«‹|]*(?:上一?[页頁]|下一?[页頁]|[尾末][页頁]|后一?页)[\s<>»›«‹|]*$|共\s*[0-9]+\s*[条页頁]|共.{0,6}记录|^\s*第?\s*[0-9]+\s*/\s*[0-9]+\s*页?$|每页").ok()
});

/// Class and id words of pagers.
const CLASS_MARKS: &[&str] = &[
    "pages",
    "pager",
    "pagination",
    "paging",
    "wp_paging",
    "pb_sys_common",
    "page_nav",
    "pagebar",
    "pagelist",
    "dede_pages",
    "p_pages",
    "epages",
];

/// More marks than these are no pager.
const MAX_MARKS: usize = 40;

/// Longest piece of text that can be a pager's.
const MAX_WORDS: usize = 60;

/// Entries where pagers stand.
pub(super) fn marks(outline: &Outline<'_>) -> Vec<usize> {
    let worded = outline.all_texts().iter().filter(|text| {
        text.text.chars().take(MAX_WORDS + 1).count() <= MAX_WORDS
            && text.text.contains(['页', '頁', '录'])
            && WORDS.as_ref().is_some_and(|words| words.is_match(&text.text))
    });
    let mut marks: Vec<usize> = worded.map(|text| text.at).take(MAX_MARKS).collect();
    for (at, entry) in outline.entries() {
        let Some(element) = outline.element(at) else { continue };
        let scripted = element.name() == "script"
            && entry.node.children().any(|child| {
                child.value().as_text().is_some_and(|text| script::PAGER.iter().any(|mark| text.contains(mark)))
            });
        let classed = || {
            let is_mark = |name: &str| CLASS_MARKS.iter().any(|mark| name.eq_ignore_ascii_case(mark));
            dom::classes(element).chain(dom::attr(element, "id")).any(is_mark)
        };
        if (scripted || classed()) && marks.len() < 2 * MAX_MARKS {
            marks.push(at);
        }
    }
    marks
}

/// The next page by the family's pagers, else by the words and numbers every site uses.
pub fn next(view: View<'_, '_>, pagers: &[Pager]) -> Option<Url> {
    for pager in pagers {
        match step(view, pager) {
            Step::Next(url) => return Some(url),
            Step::Last => return None,
            Step::Unknown => {}
        }
    }
    next_link::by_words(view).or_else(|| select::by_options(view)).or_else(|| next_link::by_numbers(view))
}

/// What one pager says.
pub fn step(view: View<'_, '_>, pager: &Pager) -> Step {
    match pager {
        Pager::NextLink { css, text } => next_link::by_rule(view, css, text.as_ref()),
        Pager::CountUp { url, template, second, pages } => numbers::count_up(view, url, (template, *second), pages),
        Pager::CountDown { url, template, pages } => numbers::count_down(view, url, template, pages),
        Pager::Script { pattern, template } => numbers::script(view, pattern, template),
        Pager::PageParam { param, first, pages } => numbers::page_param(view, param, *first, pages.as_ref()),
    }
}
