//! What a page is: article, listing, or neither and why.
//!
//! What refuses the reader comes first, then what the family's addresses and marks say, then the balance of the page:
//! running text against rows of links. A page of a known family whose own rules find nothing is read with the generic
//! ones and carries the warning `selectors-missed`.

mod prose;
mod refusal;

use scraper::Html;

use crate::domain::article::Article;
use crate::domain::page::Page;

use super::catalogue::{Catalogue, GENERIC};
use super::dom::{self, outline::Outline};
use super::listing::{self, Listing};
use super::profile::Profile;
use super::{Hints, article, detect};

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

/// Said of a page whose family is known and whose family's rules found nothing.
pub(super) const SELECTORS_MISSED: &str = "selectors-missed";

/// Running text shorter than this is no article by itself.
const MIN_PROSE: usize = 120;

/// Reads a page with its family's rules, else with the generic ones; says which were used.
pub(super) fn read(
    doc: &Html,
    page: &Page,
    profile: Profile,
    catalogue: &Catalogue,
    hints: &Hints<'_>,
) -> (Reading, Profile) {
    let title = title(doc);
    if let Some(why) = refusal::why(page, &Outline::new(doc.root_element()), title.as_deref()) {
        return (Reading::Other { title, why: vec![why.to_owned()] }, profile);
    }
    if let Some(reading) = with(doc, page, &profile) {
        return (reading, profile);
    }
    let mut why = vec!["no-content".to_owned()];
    if profile.family != GENERIC && hints.family.is_none() {
        why.push(SELECTORS_MISSED.to_owned());
        let generic = catalogue.profile(GENERIC, hints.site, page.captured_on);
        if let Some(mut reading) = with(doc, page, &generic) {
            reading.warn(SELECTORS_MISSED);
            return (reading, generic);
        }
    }
    (Reading::Other { title, why }, profile)
}

impl Reading {
    /// What is neither HTML nor a listing in another form.
    pub(super) fn not_html() -> Self {
        Self::Other { title: None, why: vec!["not-html".to_owned()] }
    }

    fn warn(&mut self, code: &str) {
        match self {
            Self::Article(article) => article.warnings.push(code.to_owned()),
            Self::Listing(listing) => listing.warnings.push(code.to_owned()),
            Self::Other { why, .. } => why.push(code.to_owned()),
        }
    }
}

fn title(doc: &Html) -> Option<String> {
    let title = dom::elements(doc).find(|element| element.value().name() == "title")?;
    Some(dom::fold(&title.text().collect::<String>())).filter(|title| !title.is_empty())
}

/// One profile's reading of the page.
fn with(doc: &Html, page: &Page, profile: &Profile) -> Option<Reading> {
    let read_article = || article::read(doc, page, profile).map(|article| Reading::Article(Box::new(article)));
    if article::looks_like(doc, page, profile) || is_item_address(page, profile) {
        if let Some(reading) = read_article() {
            return Some(reading);
        }
    }
    let Some(survey) = listing::survey(doc, page, profile) else { return read_article() };
    if (is_mostly_prose(&survey) || (!survey.by_address && article::stands_out(doc, page)))
        && let Some(reading) = read_article()
    {
        return Some(reading);
    }
    Some(Reading::Listing(survey.listing))
}

/// An address of the shape listings of this family link to is an article's own.
fn is_item_address(page: &Page, profile: &Profile) -> bool {
    let Some(address) = page.url.as_ref().map(detect::path_and_query) else { return false };
    profile.listing.link_shape.iter().any(|shape| shape.is_match(&address))
}

/// Whether the page's running text outweighs its rows.
fn is_mostly_prose(survey: &listing::Survey<'_>) -> bool {
    if survey.by_address {
        return false;
    }
    let prose = prose::longest(&survey.outline, &survey.rows);
    let titles: usize = survey.listing.items.iter().map(|item| item.title.chars().count()).sum();
    let dated = survey.listing.items.iter().filter(|item| item.date.is_some()).count();
    let rows = titles + 10 * dated + if survey.has_pager { 150 } else { 0 };
    prose >= MIN_PROSE && prose > rows
}
