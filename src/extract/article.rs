//! One article, read off a parsed page with a profile.

mod closing;
mod dates;
mod label;
mod meta_line;
mod names;
mod text;

use scraper::Html;

use crate::domain::article::Article;
use crate::domain::page::Page;

use super::profile::Profile;

/// Reads an article; `None` where the page shows none.
pub fn read(_doc: &Html, _page: &Page, _profile: &Profile) -> Option<Article> {
    None
}

/// Whether the page looks like an article to these rules: by address or marks.
pub fn looks_like(doc: &Html, page: &Page, profile: &Profile) -> bool {
    let address = page.url.as_ref().map(super::detect::path_and_query);
    let named = address.is_some_and(|address| profile.article.url.iter().any(|shape| shape.is_match(&address)));
    named || profile.article.marks.iter().any(|mark| mark.first(doc).is_some())
}
