//! A page of links to articles.

use scraper::Html;
use url::Url;

use crate::domain::page::Page;
use crate::domain::record::ListingItem;

use super::profile::Profile;

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

/// Reads a listing; `None` where the page shows none.
pub fn read(_doc: &Html, _page: &Page, _profile: &Profile) -> Option<Listing> {
    None
}
