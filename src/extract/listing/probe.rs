//! What each of a listing's rules gives by itself, for answers to "why this rule and not that one".

use ego_tree::NodeId;
use scraper::Html;
use url::Url;

use crate::domain::page::Page;
use crate::extract::dom::{self, outline::Outline};
use crate::extract::profile::{Css, Pager, Profile};

use super::pager::{self, Step, View};
use super::{group, is_home, link, ruled, store};

/// A listing page laid out once, to ask several rules about.
#[derive(Debug)]
pub struct Probe<'a, 'p> {
    outline: &'a Outline<'a>,
    page: &'p Page,
    profile: &'p Profile,
    links: Vec<link::Link<'a>>,
    marks: Vec<usize>,
    base: Option<Url>,
}

/// Where the next page's address came from without any rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unruled {
    /// A link that says 下一页.
    Words,
    /// A list of pages to choose from.
    Options,
    /// Printed page numbers.
    Numbers,
}

impl<'a, 'p> Probe<'a, 'p> {
    /// Lays links and pager marks out.
    pub fn new(outline: &'a Outline<'a>, doc: &Html, page: &'p Page, profile: &'p Profile) -> Self {
        let base = dom::base(doc, page);
        let links = link::collect(outline, base.as_ref(), page.url.as_ref());
        Self { outline, page, profile, links, marks: pager::marks(outline), base }
    }

    /// Whether row selectors are asked at all: a home page of blocks is read by its shape.
    pub fn asks_rows(&self) -> bool {
        !(self.marks.is_empty() && is_home(self.page))
    }

    /// Elements a row selector matches, and how many of them are rows of the main column.
    pub fn rows(&self, css: &Css) -> (usize, usize) {
        let matched = self.outline.entries().filter_map(|(at, _)| self.outline.element_ref(at));
        let column = ruled(css, &self.links, self.outline, &self.marks, self.profile);
        (matched.filter(|element| css.matches(*element)).count(), column.iter().map(|group| group.rows.len()).sum())
    }

    /// Elements of the rows the reading took: by this selector, else by the page's shape.
    pub fn row_elements(&self, css: Option<&Css>) -> Vec<NodeId> {
        let column = if let Some(css) = css {
            ruled(css, &self.links, self.outline, &self.marks, self.profile)
        } else {
            let rows = super::rows::around(&self.links, self.outline);
            let groups = group::groups(rows, &self.links, self.outline, &self.profile.listing);
            group::main_column(groups, &self.marks, !self.asks_rows(), self.outline)
        };
        let tops = column.iter().flat_map(|group| &group.rows).map(|(row, _)| row.top);
        tops.filter_map(|top| self.outline.get(top)).map(|entry| entry.node.id()).collect()
    }

    /// Whether the rows are written into a script (`data_store`).
    pub fn is_stored(&self, doc: &Html) -> bool {
        store::in_scripts(doc, self.page, self.profile).is_some()
    }

    /// What one pager says.
    pub fn pager(&self, pager: &Pager) -> Step {
        pager::step(self.view(), pager)
    }

    /// What gives the next page where no pager can tell.
    pub fn unruled(&self) -> Option<Unruled> {
        let words = pager::next_link::by_words(self.view()).map(|_| Unruled::Words);
        let options = || pager::select::by_options(self.view()).map(|_| Unruled::Options);
        words.or_else(options).or_else(|| pager::next_link::by_numbers(self.view()).map(|_| Unruled::Numbers))
    }

    /// Links that lead to an address.
    pub fn links_to(&self, url: &Url) -> Vec<NodeId> {
        let base = self.base.as_ref();
        let leads = |at: usize| {
            let href = self.outline.element(at)?.attr("href")?;
            crate::domain::address::resolve(base?, href)
        };
        let entries = self.outline.entries().filter(|(at, _)| leads(*at).as_ref() == Some(url));
        entries.map(|(_, entry)| entry.node.id()).collect()
    }

    fn view(&self) -> View<'_, 'a> {
        View { page: self.page, outline: self.outline, base: self.base.as_ref() }
    }
}
