//! What a page is: article, listing, or neither and why.
//!
//! What refuses the reader comes first, then what the family's addresses and marks say, then the balance of the page:
//! running text against rows of links. A page of a known family whose own rules find nothing is read with the generic
//! ones and carries the warning `selectors-missed`.

mod prose;
mod refusal;

use std::cell::OnceCell;

use scraper::Html;
use url::Url;

use crate::domain::article::Article;
use crate::domain::page::Page;

use super::catalogue::{Catalogue, GENERIC};
use super::dom::{self, outline::Outline};
use super::listing::{self, Listing};
use super::profile::Profile;
use super::{Hints, article, detect, generic};

/// What a page turned out to be.
#[derive(Debug)]
pub(super) enum Reading {
    /// A news article, and the page it goes on on.
    Article(Box<Article>, Option<Url>),
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

/// Said by `article` of an article without a text: a mark alone does not make such a page one.
const BODY_EMPTY: &str = "body-empty";

/// Running text shorter than this is no article by itself.
const MIN_PROSE: usize = 120;

/// What a row's day and a pager count against running text, in characters.
const DAY_WEIGHT: usize = 10;
const PAGER_WEIGHT: usize = 150;

/// Reads a page with its family's rules, else with the generic ones; says which were used.
pub(super) fn read(
    doc: &Html,
    page: &Page,
    profile: Profile,
    catalogue: &Catalogue,
    hints: &Hints<'_>,
) -> (Reading, Profile) {
    let title = title(doc);
    let outline = listing::outline(doc, page, &profile);
    if let Some(wall) = refusal::why(doc, page, &outline, title.as_deref(), catalogue.walls()) {
        return (Reading::Other { title, why: vec![wall.code().to_owned()] }, profile);
    }
    let sight = Sight { doc, page, outline: &outline, lines: &OnceCell::new() };
    let bound = profile.family == GENERIC || hints.family.is_some();
    let generic = || catalogue.profile(GENERIC, hints.site, page.captured_on);
    if let Some(reading) = sight.with(&profile) {
        return if bound || !reading.warns(SELECTORS_MISSED) { (reading, profile) } else { (reading, generic()) };
    }
    let nothing = || {
        let mut reading = match refusal::emptiness(page, &outline, catalogue.walls()) {
            Some(wall) => Reading::Other { title: title.clone(), why: vec![wall.code().to_owned()] },
            None => Reading::no_content(title.clone()),
        };
        if listing::has_too_many_links(&outline) {
            reading.warn(listing::TOO_MANY_LINKS);
        }
        reading
    };
    if bound {
        return (nothing(), profile);
    }
    let generic = generic();
    let found = sight.with(&generic).map(|reading| (reading, generic));
    let (mut reading, profile) = found.unwrap_or_else(|| (nothing(), profile));
    reading.warn(SELECTORS_MISSED);
    (reading, profile)
}

impl Reading {
    /// What is neither HTML nor a listing in another form.
    pub(super) fn not_html() -> Self {
        Self::Other { title: None, why: vec!["not-html".to_owned()] }
    }

    /// An answer that is not read because of its size.
    pub(super) fn too_long() -> Self {
        Self::Other { title: None, why: vec!["too-long".to_owned()] }
    }

    /// What no rules found anything on.
    pub(super) fn no_content(title: Option<String>) -> Self {
        Self::Other { title, why: vec!["no-content".to_owned()] }
    }

    fn warns(&self, code: &str) -> bool {
        let warnings = match self {
            Self::Article(article, _) => &article.warnings,
            Self::Listing(listing) => &listing.warnings,
            Self::Other { why, .. } => why,
        };
        warnings.iter().any(|warning| warning == code)
    }

    fn warn(&mut self, code: &str) {
        match self {
            Self::Article(article, _) => article.warnings.push(code.to_owned()),
            Self::Listing(listing) => listing.warnings.push(code.to_owned()),
            Self::Other { why, .. } => why.push(code.to_owned()),
        }
    }
}

fn title(doc: &Html) -> Option<String> {
    let title = dom::elements(doc).find(|element| element.value().name() == "title")?;
    Some(dom::fold(&title.text().collect::<String>())).filter(|title| !title.is_empty())
}

/// A page as it is looked at with one profile after another.
#[derive(Clone, Copy)]
struct Sight<'s, 'a> {
    doc: &'a Html,
    page: &'s Page,
    outline: &'s Outline<'a>,
    /// The page as lines, laid out when first asked for.
    lines: &'s OnceCell<generic::outline::Outline>,
}

impl<'s> Sight<'s, '_> {
    fn lines(self) -> &'s generic::outline::Outline {
        self.lines.get_or_init(|| generic::outline::Outline::of(self.doc))
    }

    /// One profile's reading of the page.
    fn with(self, profile: &Profile) -> Option<Reading> {
        let (doc, page) = (self.doc, self.page);
        let read_article = || {
            let article = article::read(doc, page, profile, self.lines())?;
            Some(Reading::Article(Box::new(article), self.next_page(profile)))
        };
        let addressed = is_item_address(page, profile);
        if (addressed || article::looks_like(doc, page, profile))
            && let Some(reading) = read_article()
            && (addressed || !reading.warns(BODY_EMPTY))
        {
            return Some(reading);
        }
        // Asked before the rows are surveyed, which costs more and could not change the answer.
        if !listing::is_listing_address(page, profile)
            && article::stands_out(doc, page, self.lines())
            && let Some(reading) = read_article()
        {
            return Some(reading);
        }
        let Some(survey) = listing::survey(self.outline, doc, page, profile) else { return read_article() };
        let prosaic = !survey.by_address && self.is_mostly_prose(&survey);
        if prosaic && let Some(reading) = read_article() {
            return Some(reading);
        }
        Some(Reading::Listing(survey.listing))
    }

    /// The page the article goes on on.
    fn next_page(self, profile: &Profile) -> Option<Url> {
        let base = dom::base(self.doc, self.page);
        let view = listing::pager::View { page: self.page, outline: self.outline, base: base.as_ref() };
        article::pages::next(view, profile.article.pages.as_ref())
    }

    /// Whether the page's running text outweighs its rows.
    fn is_mostly_prose(self, survey: &listing::Survey) -> bool {
        let prose = prose::longest(self.outline, &survey.rows);
        let titles: usize = survey.listing.items.iter().map(|item| item.title.chars().count()).sum();
        let dated = survey.listing.items.iter().filter(|item| item.date.is_some()).count();
        let pager = if survey.has_pager { PAGER_WEIGHT } else { 0 };
        prose >= MIN_PROSE && prose > titles + DAY_WEIGHT * dated + pager
    }
}

/// An address of the shape of articles, or of what listings of this family link to.
fn is_item_address(page: &Page, profile: &Profile) -> bool {
    let Some(address) = page.url.as_ref().map(detect::path_and_query) else { return false };
    profile.listing.link_shape.iter().chain(&profile.article.url).any(|shape| shape.is_match(&address))
}
