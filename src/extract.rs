//! A page and a catalogue of profiles to a record. The heart of the program, and a pure function.
//!
//! Recognise the family (`detect`), take its rules of the day (`catalogue`, `profile`), decide what the page is
//! (`classify`), read it (`article`, `listing`). What no family knows, and what a family's own rules miss, is read by
//! the generic rules and says so.

pub mod article;
pub mod catalogue;
mod classify;
pub mod detect;
pub mod dom;
pub mod facets;
mod generic;
pub mod listing;
pub mod profile;
pub mod reflections;
pub mod rule;

use crate::domain::extraction::{Extraction, Outlink};
use crate::domain::page::{Page, PageFormat};
use crate::domain::record::{self, Other, Record};

use classify::Reading;
use profile::Profile;

pub use catalogue::Catalogue;

/// Program and version, as records name it.
pub const EXTRACTOR: &str = concat!("shiguan ", env!("CARGO_PKG_VERSION"));

/// What the caller knows or wants about a page.
#[derive(Debug, Clone, Default)]
pub struct Hints<'a> {
    /// Read with this family, `generic` included; the catalogue was asked before that it exists.
    pub family: Option<&'a str>,
    /// Site whose own rules are laid over the family's.
    pub site: Option<&'a str>,
}

/// Reads one page. Always gives a record: a page that is not news is `other` with the reason.
pub fn extract(page: &Page, catalogue: &Catalogue, hints: &Hints<'_>) -> Extraction {
    match page.format {
        PageFormat::Html => html(page, catalogue, hints),
        PageFormat::Json | PageFormat::Xml | PageFormat::Text | PageFormat::Binary => {
            let profile = catalogue.profile(hints.family.unwrap_or(catalogue::GENERIC), hints.site, page.captured_on);
            record(page, hints, &profile, Reading::Other { title: None, why: vec!["not-html".to_owned()] })
        }
    }
}

fn html(page: &Page, catalogue: &Catalogue, hints: &Hints<'_>) -> Extraction {
    let doc = dom::parse(&page.text);
    let forced = hints.family.or_else(|| catalogue.site_family(hints.site?));
    let family = match forced {
        Some(name) => catalogue.family(name),
        None => catalogue.recogniser().recognise(page, Some(&doc), catalogue.all()),
    };
    let name = family.map_or(catalogue::GENERIC, |family| family.name.as_str());
    let profile = catalogue.profile(name, hints.site, page.captured_on);
    let (reading, profile) = classify::read(&doc, page, profile, catalogue, hints);
    let mut extraction = record(page, hints, &profile, reading);
    let address = page.url.as_ref().map(detect::path_and_query);
    extraction.article_id = family.zip(address).and_then(|(family, address)| family.id_of(&address));
    extraction
}

/// Puts what was read into the contract's shape.
fn record(page: &Page, hints: &Hints<'_>, profile: &Profile, reading: Reading) -> Extraction {
    let (url, site, family) = (page.url.clone(), hints.site.map(str::to_owned), profile.family.clone());
    let (extractor, selectors) = (EXTRACTOR.to_owned(), profile.selectors());
    let mut outlinks = Vec::new();
    let mut record = match reading {
        Reading::Article(mut article) => {
            article.url = url;
            article.site = site;
            article.family = family;
            article.extractor = extractor;
            article.selectors = selectors;
            Record::Article(article)
        }
        Reading::Listing(listing) => {
            outlinks.extend(listing.items.iter().filter(|item| item.url.is_some()).cloned().map(Outlink::Item));
            outlinks.extend(listing.next.clone().map(Outlink::NextListing));
            outlinks.extend(listing.listings.into_iter().map(Outlink::Listing));
            let (items, next, warnings) = (listing.items, listing.next, listing.warnings);
            Record::Listing(record::Listing { url, site, family, items, next, warnings, extractor, selectors })
        }
        Reading::Other { title, why } => {
            Record::Other(Other { url, site, family, title, warnings: why, extractor, selectors })
        }
    };
    record.warnings_mut().extend(page.warnings.iter().cloned());
    Extraction { record, article_id: None, outlinks }
}
