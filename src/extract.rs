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
mod join;
mod label;
pub mod listing;
pub mod profile;
pub mod reflections;
pub mod rule;
pub mod topics;
pub mod trace;
pub mod walls;

use scraper::Html;

use crate::domain::extraction::{Extraction, Outlink};
use crate::domain::page::{Page, PageFormat};
use crate::domain::record::{self, Other, Record};
use crate::domain::time::Timestamp;

use classify::Reading;
use profile::{Family, Profile};

pub use article::pages::MOST_PAGES;
pub use catalogue::Catalogue;
pub use join::{Rest, join, next_part};

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
        PageFormat::Html if !dom::has_markup(&page.text) => {
            record(page, hints, &named(catalogue, hints, None, page), Reading::not_html())
        }
        PageFormat::Html => html(page, catalogue, hints),
        PageFormat::Json => json(page, catalogue, hints),
        PageFormat::Xml => xml(page, catalogue, hints),
        PageFormat::Text | PageFormat::Binary => {
            record(page, hints, &named(catalogue, hints, None, page), Reading::not_html())
        }
    }
}

/// An answer in JSON: by the family that is recognised, else by any whose pointers lead to rows, else by its keys.
fn json(page: &Page, catalogue: &Catalogue, hints: &Hints<'_>) -> Extraction {
    if listing::json::is_too_large(&page.text) {
        return record(page, hints, &named(catalogue, hints, None, page), Reading::too_long());
    }
    let Ok(answer) = serde_json::from_str::<serde_json::Value>(&page.text) else {
        return record(page, hints, &named(catalogue, hints, None, page), Reading::not_html());
    };
    let known = catalogue.recogniser().recognise(page, None, catalogue.all()).map(|family| family.name.as_str());
    let names = known.into_iter().chain(catalogue.families());
    let families: Vec<&str> = hints.family.map_or_else(|| names.collect(), |family| vec![family]);
    let found = families.into_iter().find_map(|name| {
        let profile = named(catalogue, hints, Some(name), page);
        let listing = listing::json::read(&answer, page, profile.listing.json.as_ref()?)?;
        Some((listing, profile))
    });
    let generic = || Some((listing::json::guess(&answer, page)?, named(catalogue, hints, None, page)));
    let (reading, profile) = match found.or_else(generic) {
        Some((listing, profile)) => (Reading::Listing(listing), profile),
        None => (Reading::no_content(None), named(catalogue, hints, None, page)),
    };
    record(page, hints, &profile, reading)
}

/// An answer in XML: a sitemap, a data store, a feed.
fn xml(page: &Page, catalogue: &Catalogue, hints: &Hints<'_>) -> Extraction {
    let profile = named(catalogue, hints, None, page);
    let found = listing::sitemap::read(page)
        .or_else(|| listing::store::read(&page.text, page, &profile))
        .or_else(|| listing::feed::read(page));
    record(page, hints, &profile, found.map_or_else(Reading::not_html, Reading::Listing))
}

/// The profile of the family asked for, else of this one, else the generic one.
fn named(catalogue: &Catalogue, hints: &Hints<'_>, family: Option<&str>, page: &Page) -> Profile {
    let name = hints.family.or(family).unwrap_or(catalogue::GENERIC);
    catalogue.profile(name, hints.site, page.captured_on)
}

fn html(page: &Page, catalogue: &Catalogue, hints: &Hints<'_>) -> Extraction {
    let (doc, cut) = dom::parse_guarded(&page.text);
    let family = family_of(&doc, page, catalogue, hints);
    let name = family.map_or(catalogue::GENERIC, |family| family.name.as_str());
    let profile = catalogue.profile(name, hints.site, page.captured_on);
    let (mut reading, profile) = classify::read(&doc, page, profile, catalogue, hints);
    if let Reading::Article(article, _) = &mut reading {
        let day = article.published_at.map(Timestamp::china_date);
        article.topics = catalogue.topics().tags(article.title.as_deref(), &article.body, day);
    }
    let mut extraction = record(page, hints, &profile, reading);
    extraction.record.warnings_mut().extend(cut.into_iter().map(str::to_owned));
    let address = page.url.as_ref().map(detect::path_and_query);
    extraction.article_id = family.zip(address).and_then(|(family, address)| family.id_of(&address));
    extraction
}

/// The family asked for, else the one the site's file names, else the one recognised.
fn family_of<'c>(doc: &Html, page: &Page, catalogue: &'c Catalogue, hints: &Hints<'_>) -> Option<&'c Family> {
    match hints.family.or_else(|| catalogue.site_family(hints.site?)) {
        Some(name) => catalogue.family(name),
        None => catalogue.recogniser().recognise(page, Some(doc), catalogue.all()),
    }
}

/// Puts what was read into the contract's shape.
fn record(page: &Page, hints: &Hints<'_>, profile: &Profile, reading: Reading) -> Extraction {
    let (url, site, family) = (page.url.clone(), hints.site.map(str::to_owned), profile.family.clone());
    let (extractor, selectors) = (EXTRACTOR.to_owned(), profile.selectors());
    let mut outlinks = Vec::new();
    let mut record = match reading {
        Reading::Article(mut article, next) => {
            if next.is_some() {
                article.warnings.push(article::warn::MORE_PAGES.to_owned());
            }
            outlinks.extend(next.map(Outlink::NextPage));
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

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::page::{Charset, CharsetSource};
    use crate::domain::time::Date;

    /// A page captured on 2023-06-07, its format told by its first character.
    pub(crate) fn page(url: &str, source: &str) -> Page {
        let format = match source.trim_start().get(..5) {
            Some(start) if start.starts_with(['{', '[']) => PageFormat::Json,
            Some("<?xml" | "<feed" | "<urls") => PageFormat::Xml,
            Some(_) | None => PageFormat::Html,
        };
        Page {
            url: url::Url::parse(url).ok(),
            text: source.to_owned(),
            format,
            charset: Charset { name: "UTF-8".to_owned(), source: CharsetSource::Header, doubtful: false },
            status: Some(200),
            captured_on: Date::new(2023, 6, 7).unwrap(),
            warnings: Vec::new(),
        }
    }
}
