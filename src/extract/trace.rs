//! How a page was read: rule by rule, for the person who writes the rules.
//!
//! The record comes from [`extract`](super::extract) itself; every rule is then asked by itself with the code that reads
//! pages, and what it gave is compared with the record. Nothing here reads a page in a way of its own, so an answer can
//! be less precise than one wishes ("a line around the body"), never another reader's opinion.

mod article;
mod family;
mod listing;
mod look;
mod markup;
mod media;
mod origin;
pub mod shape;

use scraper::Html;

use crate::domain::page::{Page, PageFormat};
use crate::domain::record::Record;

use super::catalogue::{Catalogue, GENERIC};
use super::rule::Evidence;
use super::{Hints, dom, family_of};

use look::{Look, Part};
use origin::Origin;
pub use shape::Trace;
use shape::{By, Field, Found, PageTrace};

/// How a page is read with these profiles.
pub fn trace(page: &Page, catalogue: &Catalogue, hints: &Hints<'_>) -> Trace {
    look_at(page, catalogue, hints, |_, _| ()).0
}

/// The same, with the page as HTML in which the parts that gave something are outlined and labelled. Scripts are gone and
/// a content security policy forbids any. `None` in place of the page where it is no HTML.
pub fn marked(page: &Page, catalogue: &Catalogue, hints: &Hints<'_>) -> (Trace, Option<String>) {
    let (trace, html) = look_at(page, catalogue, hints, markup::write);
    (trace, html)
}

/// Reads and traces; `with` sees the parsed page and its parts, and is not called where the page is no HTML.
fn look_at<T>(
    page: &Page,
    catalogue: &Catalogue,
    hints: &Hints<'_>,
    with: impl FnOnce(&Html, &[Part]) -> T,
) -> (Trace, Option<T>) {
    let record = super::extract(page, catalogue, hints).record;
    let doc = dom::parse(if page.format == PageFormat::Html { &page.text } else { "" });
    let chosen = if page.format == PageFormat::Html { family_of(&doc, page, catalogue, hints) } else { None };
    let family = family::choice(page, &doc, catalogue, hints, (chosen, selectors(&record)));
    let names = chosen.map(|family| family.name.as_str()).into_iter().chain([record.family()]);
    let mut origins: Vec<Origin<'_>> = Vec::new();
    for name in names {
        if origins.iter().all(|origin| origin.profile.family != name) {
            let revision = catalogue.family(name).map_or(0, |family| family.revision_on(page.captured_on));
            let profile = catalogue.profile(name, hints.site, page.captured_on);
            origins.push(Origin::new(catalogue, profile, hints.site, revision));
        }
    }
    let meta_text = look::meta_text(&doc, &origins);
    let evidence = Evidence::of_html(&doc).with_meta_line(&meta_text);
    let look = Look { doc: &doc, page, origins: &origins, evidence };
    let (fields, parts) = fields(&look, &record);
    let html = (page.format == PageFormat::Html).then(|| with(&doc, &parts));
    let (kind, warnings) = (record.kind(), record.warnings().to_vec());
    (Trace { page: of_page(page), kind, family, warnings, fields, record }, html)
}

fn fields(look: &Look<'_>, record: &Record) -> (Vec<Field>, Vec<Part>) {
    let kind = listing::kind(look, look.doc, record.kind());
    let (mut fields, parts) = match record {
        Record::Article(article) => article::fields(look, article),
        Record::Listing(found) if look.page.format == PageFormat::Html => listing::fields(look, found),
        Record::Listing(found) => {
            let origin = look.origins.iter().find(|origin| origin.profile.family == found.family);
            (origin.map(|origin| listing::of_data(look.page, origin, found)).unwrap_or_default(), Vec::new())
        }
        Record::Other(other) => {
            let why = other.warnings.join(", ");
            let title = other.title.as_ref().map(|title| Found::generic(title, "<title>"));
            let found = Found::new("other", By::Generic(why));
            return (vec![Field::new("kind", Some(found), kind.tries), Field::new("title", title, Vec::new())], Vec::new());
        }
    };
    fields.insert(0, kind);
    (fields, parts)
}

/// Family and revision of the rules used, `generic` without a day where nothing says.
fn selectors(record: &Record) -> &str {
    let selectors = match record {
        Record::Article(article) => &article.selectors,
        Record::Listing(listing) => &listing.selectors,
        Record::Other(other) => &other.selectors,
    };
    if selectors.is_empty() { GENERIC } else { selectors }
}

fn of_page(page: &Page) -> PageTrace {
    PageTrace {
        url: page.url.as_ref().map(ToString::to_string),
        format: match page.format {
            PageFormat::Html => "html",
            PageFormat::Json => "json",
            PageFormat::Xml => "xml",
            PageFormat::Text => "text",
            PageFormat::Binary => "binary",
        },
        chars: page.text.chars().count(),
        charset: page.charset.name.clone(),
        charset_by: page.charset.source.as_str(),
        charset_doubtful: page.charset.doubtful,
        captured_on: page.captured_on.to_string(),
    }
}
