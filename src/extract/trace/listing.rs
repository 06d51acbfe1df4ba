//! A listing: its rows and its way to the next page.

use scraper::Html;

use crate::domain::page::{Page, PageFormat};
use crate::domain::record::{Listing, ListingItem};
use crate::extract::listing;
use crate::extract::listing::pager::Step;
use crate::extract::listing::probe::{Probe, Unruled};
use crate::extract::profile::Css;

use super::look::{Look, Part, in_order, nothing};
use super::origin::Origin;
use super::shape::{By, Field, Found, Outcome, Try};

/// Rows, items and the next page, and the parts of the page that gave them.
pub(super) fn fields(look: &Look<'_>, record: &Listing) -> (Vec<Field>, Vec<Part>) {
    let Some(origin) =
        look.origins.iter().find(|origin| origin.profile.family == record.family).or(look.origins.first())
    else {
        return (Vec::new(), Vec::new());
    };
    let outline = listing::outline(look.doc, look.page, &origin.profile);
    let probe = Probe::new(&outline, look.doc, look.page, &origin.profile);
    let (tries, winner) = rows(&probe, look.origins);
    let stored = probe.is_stored(look.doc);
    let by = match (stored, winner) {
        (true, _) => By::Generic("rows written into a script (data_store)".to_owned()),
        (false, Some(_)) => By::Rule,
        (false, None) => By::Generic("the shape of the page: a headline's neighbours of the same kind".to_owned()),
    };
    let elements = probe.row_elements(winner);
    let mut parts: Vec<Part> = elements.iter().map(|id| (*id, "row")).collect();
    let count = Found::new(format!("{} rows, {} items", elements.len(), record.items.len()), by.clone());
    let items = record.items.iter().map(|item| Found::new(shown(item), by.clone())).collect();
    let (next, links) = next(&probe, look.origins, record);
    parts.extend(links);
    let fields =
        vec![Field::new("rows", Some(count), tries), Field { name: "items", found: items, tries: Vec::new() }, next];
    (fields, parts)
}

/// A listing that is no HTML: rows by pointers, or by what feeds and sitemaps are.
pub(super) fn of_data(page: &Page, origin: &Origin<'_>, record: &Listing) -> Vec<Field> {
    let answer = serde_json::from_str::<serde_json::Value>(&page.text).ok();
    let ruled = answer.as_ref().zip(origin.profile.listing.json.as_ref());
    let tries = match ruled {
        Some((value, pointers)) => match listing::json::read(value, page, pointers) {
            Some(found) => vec![Try::gave(origin.json(), Outcome::Won, format!("{} items", found.items.len()))],
            None => vec![Try::lost(origin.json(), "its pointers lead to no rows")],
        },
        None => Vec::new(),
    };
    let by = match (tries.iter().any(|tried| tried.outcome == Outcome::Won), answer.is_some()) {
        (true, _) => By::Rule,
        (false, true) => By::Generic("the first array of objects with a headline and an address".to_owned()),
        (false, false) => By::Generic("what feeds and sitemaps are".to_owned()),
    };
    let count = Found::new(format!("{} items", record.items.len()), by.clone());
    let items = record.items.iter().map(|item| Found::new(shown(item), by.clone())).collect();
    let next = record.next.as_ref().map(|url| Found::new(url.as_str(), by.clone()));
    vec![
        Field::new("rows", Some(count), tries),
        Field { name: "items", found: items, tries: Vec::new() },
        Field::new("next", next, Vec::new()),
    ]
}

fn shown(item: &ListingItem) -> String {
    let date = item.date.map_or_else(|| "no date   ".to_owned(), |date| date.to_string());
    let url = item.url.as_ref().map_or("dead link", |url| url.as_str());
    format!("{date}  {}  {url}", item.title)
}

fn rows<'s>(probe: &Probe<'_, '_>, origins: &'s [Origin<'_>]) -> (Vec<Try>, Option<&'s Css>) {
    let mut winner = None;
    let mut tries = Vec::new();
    for (place, css) in in_order(origins, |origin| origin.listing("rows", |rules| &rules.rows)) {
        if !probe.asks_rows() {
            tries.push(Try::lost(place, "not asked: a home page of blocks is read by its shape"));
            continue;
        }
        tries.push(match probe.rows(css) {
            (0, _) => Try::lost(place, nothing(0)),
            (matches, 0) => Try::lost(place, format!("{matches} matches, none a row of the main column")),
            (matches, rows) => {
                let outcome = if winner.is_some() { Outcome::Spare } else { Outcome::Won };
                winner = winner.or(Some(css));
                Try::gave(place, outcome, format!("{matches} matches, {rows} rows"))
            }
        });
    }
    (tries, winner)
}

fn next(probe: &Probe<'_, '_>, origins: &[Origin<'_>], record: &Listing) -> (Field, Vec<Part>) {
    let mut tries: Vec<Try> = Vec::new();
    for (place, pager) in in_order(origins, |origin| origin.listing("pager", |rules| &rules.pager)) {
        let outcome =
            if tries.iter().any(|tried| tried.outcome == Outcome::Won) { Outcome::Spare } else { Outcome::Won };
        tries.push(match probe.pager(pager) {
            Step::Next(url) => Try::gave(place, outcome, url),
            Step::Last => Try::gave(place, outcome, "this is the last page"),
            Step::Unknown => Try::lost(place, "cannot tell on this page"),
        });
    }
    let ruled = tries.iter().any(|tried| tried.outcome == Outcome::Won);
    let by = match probe.unruled() {
        _ if ruled => By::Rule,
        Some(Unruled::Words) => By::Generic("a link that says 下一页".to_owned()),
        Some(Unruled::Options) => By::Generic("a list of pages to choose from".to_owned()),
        Some(Unruled::Numbers) | None => By::Generic("printed page numbers".to_owned()),
    };
    let parts = record.next.as_ref().map(|url| probe.links_to(url)).unwrap_or_default();
    let found = record.next.as_ref().map(|url| Found::new(url.as_str(), by));
    (Field::new("next", found, tries), parts.into_iter().map(|id| (id, "next")).collect())
}

/// What `kind` rests on is asked of addresses and marks, for every page.
pub(super) fn kind(look: &Look<'_>, doc: &Html, kind: &'static str) -> Field {
    let address = look.page.url.as_ref().map(crate::extract::detect::path_and_query);
    let origins = look.origins;
    let mut tries = Vec::new();
    let addressed = [
        ("article", in_order(origins, |origin| origin.article("url", |rules| &rules.url))),
        ("article", in_order(origins, |origin| origin.listing("link_shape", |rules| &rules.link_shape))),
        ("listing", in_order(origins, |origin| origin.listing("url", |rules| &rules.url))),
    ];
    for (speaks_for, rules) in addressed {
        for (place, expression) in rules {
            tries.push(match &address {
                None => Try::lost(place, "the page has no address"),
                Some(address) if expression.is_match(address) => spoken(place, ("its address", speaks_for), kind),
                Some(_) => Try::lost(place, nothing(0)),
            });
        }
    }
    for (place, css) in in_order(origins, |origin| origin.article("marks", |rules| &rules.marks)) {
        let found = css.first(doc).is_some();
        tries.push(if found {
            spoken(place, ("what it holds", "article"), kind)
        } else {
            Try::lost(place, nothing(0))
        });
    }
    let ruled = tries.iter().any(|tried| tried.outcome == Outcome::Won);
    let without = match look.page.format {
        PageFormat::Html => "running text weighed against rows of links",
        PageFormat::Json | PageFormat::Xml | PageFormat::Text | PageFormat::Binary => "what the answer is made of",
    };
    let by = if ruled { By::Rule } else { By::Generic(without.to_owned()) };
    Field::new("kind", Some(Found::new(kind, by)), tries)
}

fn spoken(place: super::shape::Place, (what, speaks_for): (&str, &str), kind: &'static str) -> Try {
    let outcome = if speaks_for == kind { Outcome::Won } else { Outcome::Spare };
    let why = if speaks_for == kind { "" } else { "outweighed by what the page holds" };
    Try { why: why.to_owned(), ..Try::gave(place, outcome, format!("{what} speaks for {speaks_for}")) }
}
