//! A page of links to articles.
//!
//! Rows come from a family's selectors or from the shape of the page; the main column is found the same way for both;
//! the next page by the family's pagers, else by what pagers of all sites share.

mod date;
pub mod feed;
mod group;
mod item;
pub mod json;
mod link;
pub mod pager;
pub mod probe;
mod rows;
pub mod sitemap;
pub mod store;
mod years;

use scraper::Html;
use url::Url;

use crate::domain::page::Page;
use crate::domain::record::ListingItem;

use super::detect::path_and_query;
use super::dom;
use super::dom::outline::Outline;
use super::profile::{Css, Profile};
use group::Group;
use link::Link;
use pager::View;

/// Rows and the next page, before they become a record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// Rows in page order.
    pub items: Vec<ListingItem>,
    /// The next page; `None` on the last one.
    pub next: Option<Url>,
    /// Further listings this one names (an index of sitemaps).
    pub listings: Vec<Url>,
    /// Doubts, as stable codes.
    pub warnings: Vec<String>,
}

/// Fewer rows than these are a listing only where a pager or the address says so.
const FEW_ROWS: usize = 3;

/// Said of a page of whose links only the first were looked at.
pub(super) const TOO_MANY_LINKS: &str = "too-many-links";

/// A listing with what its page looks like around it, for whoever has to decide what the page is.
#[derive(Debug)]
pub struct Survey {
    /// The listing.
    pub listing: Listing,
    /// Entries of the rows.
    pub rows: Vec<usize>,
    /// Whether a pager stands on the page.
    pub has_pager: bool,
    /// Whether the family knows the address as a listing's.
    pub by_address: bool,
}

/// What is visible on a page, rows that its family's scripts show included.
pub fn outline<'a>(doc: &'a Html, page: &Page, profile: &Profile) -> Outline<'a> {
    let revealed = profile.listing.revealed.iter().filter(|(_, script)| page.text.contains(script));
    let revealed: Vec<&Css> = revealed.map(|(css, _)| css).collect();
    Outline::with_revealed(doc.root_element(), &revealed)
}

/// Reads a listing; `None` where the page shows none.
pub fn survey(outline: &Outline<'_>, doc: &Html, page: &Page, profile: &Profile) -> Option<Survey> {
    let base = dom::base(doc, page);
    let links = link::collect(outline, base.as_ref(), page.url.as_ref());
    let marks = pager::marks(outline);
    let column = column(&links, outline, &marks, page, profile);
    let next = pager::next(View { page, outline, base: base.as_ref() }, &profile.listing.pager);
    let by_address = is_listing_address(page, profile);
    let has_pager = next.is_some() || !marks.is_empty();
    let rows: Vec<usize> = column.iter().flat_map(|group| group.rows.iter().map(|(row, _)| row.top)).collect();
    let stored = store::in_scripts(doc, page, profile);
    if stored.is_none() && (rows.is_empty() || (rows.len() < FEW_ROWS && !by_address && !has_pager)) {
        return None;
    }
    let items = match &stored {
        Some(stored) => stored.items.clone(),
        None => items(column, &links, page),
    };
    let warnings = warnings(&links);
    let listing = Listing { items, next, warnings, ..Listing::default() };
    Some(Survey { listing, rows, has_pager, by_address })
}

/// What there is to say of the links a listing was read from.
fn warnings(links: &[Link<'_>]) -> Vec<String> {
    if links.len() < link::MAX_LINKS { Vec::new() } else { vec![TOO_MANY_LINKS.to_owned()] }
}

/// Whether a page has more links than are looked at.
pub(super) fn has_too_many_links(outline: &Outline<'_>) -> bool {
    outline.entries().filter(|(at, _)| outline.tag(*at) == "a").nth(link::MAX_LINKS).is_some()
}

/// The main column: by the family's rows where they give any, else by the page's shape.
fn column(links: &[Link<'_>], outline: &Outline<'_>, marks: &[usize], page: &Page, profile: &Profile) -> Vec<Group> {
    let portal = marks.is_empty() && is_home(page);
    if !portal {
        for css in &profile.listing.rows {
            let column = ruled(css, links, outline, marks, profile);
            if !column.is_empty() {
                return column;
            }
        }
    }
    let groups = group::groups(rows::around(links, outline), links, outline, &profile.listing);
    group::main_column(groups, marks, portal, outline)
}

/// The main column of one selector's rows.
fn ruled(css: &Css, links: &[Link<'_>], outline: &Outline<'_>, marks: &[usize], profile: &Profile) -> Vec<Group> {
    let rows = rows::selected(css, links, outline);
    let groups = group::groups(rows, links, outline, &profile.listing);
    group::main_column(groups, marks, false, outline)
}

/// Rows in page order with years; a second appearance of one address in blocks is the same row.
fn items(column: Vec<Group>, links: &[Link<'_>], page: &Page) -> Vec<ListingItem> {
    let several = column.len() > 1;
    let mut rows: Vec<_> = column.into_iter().flat_map(|group| group.rows).collect();
    rows.sort_by_key(|(row, _)| row.top);
    let url = |draft: &item::Draft| links.get(draft.link).and_then(|link| link.url.as_ref());
    let printed: Vec<_> = rows.iter().map(|(_, draft)| (draft.printed, url(draft))).collect();
    let dates = years::complete(&printed, page.captured_on);
    let mut items: Vec<ListingItem> = Vec::with_capacity(rows.len());
    let mut seen = std::collections::HashMap::new();
    for ((_, draft), date) in rows.iter().zip(dates) {
        let item = ListingItem { url: url(draft).cloned(), title: draft.title.clone(), date };
        let again = item.url.as_ref().filter(|_| several).and_then(|url| seen.get(url).copied());
        if let Some(first) = again.and_then(|index: usize| items.get_mut(index)) {
            first.date = first.date.or(item.date);
            if item.title.chars().count() > first.title.chars().count() {
                first.title = item.title;
            }
            continue;
        }
        if let Some(url) = &item.url {
            seen.insert(url.clone(), items.len());
        }
        items.push(item);
    }
    items
}

/// Whether the family knows the address as a listing's.
pub(super) fn is_listing_address(page: &Page, profile: &Profile) -> bool {
    let Some(address) = page.url.as_ref().map(path_and_query) else { return false };
    profile.listing.url.iter().any(|expression| expression.is_match(&address))
}

/// `/`, `/index.htm`, `/main.psp`: where blocks of several columns stand.
fn is_home(page: &Page) -> bool {
    let Some(url) = &page.url else { return true };
    let path = url.path().trim_matches('/').to_ascii_lowercase();
    if path.contains('/') {
        return false;
    }
    let stem = path.split('.').next().unwrap_or_default();
    url.query().is_none() && matches!(stem, "" | "index" | "main" | "default" | "home" | "sy")
}
