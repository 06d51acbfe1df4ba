//! An article read with a family's rules.

use scraper::Html;

use crate::domain::article::Article;
use crate::domain::page::Page;

use super::profile::Profile;

/// Reads an article; `None` where the page shows none.
pub fn read(_doc: &Html, _page: &Page, _profile: &Profile) -> Option<Article> {
    None
}

/// Whether the page looks like an article to these rules: by address or marks.
pub fn looks_like(_doc: &Html, _page: &Page, _profile: &Profile) -> bool {
    false
}
