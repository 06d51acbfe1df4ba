//! Payloads to text, text to records. An input is a line with an address and a content type, then the payload.

use std::sync::LazyLock;

use shiguan::decode;
use shiguan::domain::page::{Page, PageFormat};
use shiguan::domain::time::Date;
use shiguan::extract::{self, Catalogue, Hints, trace};
use url::Url;

use super::first_line;

pub(crate) static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::load(&[]).unwrap());

/// Address, content type and content coding from the first line, each after a tab.
fn parts(input: &[u8]) -> (Option<Url>, Option<String>, Option<String>, &[u8]) {
    let (line, payload) = first_line(input);
    let line = String::from_utf8_lossy(line).into_owned();
    let mut words = line.split('\t').map(str::trim);
    let url = words.next().and_then(|word| Url::parse(word).ok());
    let mut next = || words.next().filter(|word| !word.is_empty()).map(str::to_owned);
    let (kind, coding) = (next(), next());
    (url, kind, coding, payload)
}

fn captured_on() -> Date {
    Date::new(2026, 11, 30).unwrap()
}

fn page_of(input: &[u8]) -> Page {
    let (url, kind, coding, payload) = parts(input);
    let hints = decode::Hints {
        url: url.as_ref(),
        content_type: kind.as_deref(),
        content_encoding: coding.as_deref(),
        status: Some(200),
    };
    decode::decode(payload, &hints, captured_on())
}

/// Content coding, format and charset of any payload.
pub(crate) fn decode(input: &[u8]) {
    let page = page_of(input);
    assert!(page.format != PageFormat::Binary || page.text.is_empty(), "what is no text has none");
    let (_, _, coding, payload) = parts(input);
    drop(decode::undo_coding(payload, coding.as_deref()));
}

/// A page as text with an address: every family by its own marks, as a crawl reads it.
pub(crate) fn page(input: &[u8]) {
    let page = Page { format: PageFormat::Html, ..page_of(input) };
    let read = extract::extract(&page, &CATALOGUE, &Hints::default());
    extract::next_part(&read.outlinks);
    // The family's rules on a page that is not its own, as a site's file can ask for.
    let families = CATALOGUE.families();
    let family = families[input.len() % families.len()];
    extract::extract(&page, &CATALOGUE, &Hints { family: Some(family), site: None });
}

/// How a page was read, and the page with what was read marked.
pub(crate) fn inspect(input: &[u8]) {
    let page = Page { format: PageFormat::Html, ..page_of(input) };
    let (_, html) = trace::marked(&page, &CATALOGUE, &Hints::default());
    assert!(html.is_none_or(|html| !html.contains("<script")), "a marked page has no scripts");
}

/// Feeds, sitemaps, stores and JSON, each kind of them by what the input looks like and as the other.
pub(crate) fn data(input: &[u8]) {
    let page = page_of(input);
    for format in [PageFormat::Xml, PageFormat::Json] {
        let page = Page { format, ..page.clone() };
        extract::extract(&page, &CATALOGUE, &Hints::default());
    }
}
