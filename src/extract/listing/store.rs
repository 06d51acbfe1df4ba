//! Rows kept in a data store: `<record><![CDATA[…]]></record>` inside a script, or as an answer of its own (Hanweb).
//!
//! Each record is a piece of HTML with one headline. The pieces are laid out as one page and read like any other.

use std::fmt::Write as _;

use scraper::Html;

use crate::domain::page::Page;
use crate::extract::dom::{self, outline::Outline};
use crate::extract::profile::Profile;

use super::{Listing, group, link, rows};

const RECORD: &str = "<record>";
const CDATA: &str = "<![CDATA[";

/// Records taken from one store.
const MAX_RECORDS: usize = 2_000;

/// Rows of the stores in a page's scripts.
pub(super) fn in_scripts(doc: &Html, page: &Page, profile: &Profile) -> Option<Listing> {
    let scripts = profile.listing.data_store.iter().flat_map(|css| css.select(doc));
    let sources: String = scripts.flat_map(|script| script.text()).collect();
    read(&sources, page, profile)
}

/// Rows of a store given as text.
pub fn read(source: &str, page: &Page, profile: &Profile) -> Option<Listing> {
    let mut html = String::from("<body>");
    for record in source.split(RECORD).skip(1).take(MAX_RECORDS) {
        let record = record.trim_start().strip_prefix(CDATA).unwrap_or(record);
        let record = record.split("]]>").next().unwrap_or(record);
        let record = record.split("</record>").next().unwrap_or(record);
        // Writing to a string cannot fail.
        write!(html, "<div>{record}</div>").ok()?;
    }
    let doc = dom::parse(&html);
    let outline = Outline::new(doc.root_element());
    let links = link::collect(&outline, page.url.as_ref(), page.url.as_ref());
    let groups = group::groups(rows::around(&links, &outline), &links, &outline, &profile.listing);
    let items = super::items(groups, &links, page);
    (!items.is_empty()).then(|| Listing { items, warnings: super::warnings(&links), ..Listing::default() })
}
