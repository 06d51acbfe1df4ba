//! What a page is: article, listing, or neither and why.

use scraper::Html;

use crate::domain::article::Article;
use crate::domain::page::Page;

use super::catalogue::{Catalogue, GENERIC};
use super::listing::Listing;
use super::profile::{Css, Profile};
use super::{Hints, article, dom, listing};

/// What a page turned out to be.
#[derive(Debug)]
pub(super) enum Reading {
    /// A news article.
    Article(Box<Article>),
    /// A page of links to articles.
    Listing(Listing),
    /// Neither.
    Other {
        /// The page's `<title>`.
        title: Option<String>,
        /// Why, as stable codes.
        why: Vec<String>,
    },
}

/// Reads a page with its family's rules, else with the generic ones; says which were used.
pub(super) fn read(
    doc: &Html,
    page: &Page,
    profile: Profile,
    catalogue: &Catalogue,
    hints: &Hints<'_>,
) -> (Reading, Profile) {
    if let Some(reading) = with(doc, page, &profile) {
        return (reading, profile);
    }
    if profile.family != GENERIC && hints.family.is_none() {
        let generic = catalogue.profile(GENERIC, hints.site, page.captured_on);
        if let Some(reading) = with(doc, page, &generic) {
            return (reading, generic);
        }
    }
    let title = Css::parse("title").ok().and_then(|css| css.first(doc)).map(dom::text).filter(|t| !t.is_empty());
    (Reading::Other { title, why: vec!["no-content".to_owned()] }, profile)
}

fn with(doc: &Html, page: &Page, profile: &Profile) -> Option<Reading> {
    if article::looks_like(doc, page, profile) {
        return article::read(doc, page, profile).map(|article| Reading::Article(Box::new(article)));
    }
    let listed = listing::read(doc, page, profile).map(Reading::Listing);
    listed.or_else(|| article::read(doc, page, profile).map(|article| Reading::Article(Box::new(article))))
}
