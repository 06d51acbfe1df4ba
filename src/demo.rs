//! A made-up university of several sites, as data and as a loopback server.
//!
//! 云岭理工大学 does not exist, nor do its people: names are under `.example` (RFC 2606), the text is ours. It has a
//! news site (VSB), a college (webplus), a party office (TRS, partly GBK) and an aggregator that reposts them (ZCMS),
//! so that a newcomer, a test and a demonstration can crawl something real without troubling anyone. The articles are
//! `fixtures/demo/sites/*.toml`, the families' markup is `fixtures/demo/templates/`; both are built into the program.
//!
//! The university has a *day*: on day two one article was edited, one was added and one was taken down.
//! [`respond()`] is a pure function of host, path, request headers and day; [`serve`] puts it behind a socket on
//! loopback; [`expected()`] says what a crawl must find. Nothing here knows the crawler.

mod campus;
mod expected;
mod media;
mod pages;
mod respond;
mod server;

pub use campus::{Article, Attachment, Block, Family, Row, Site};
pub use expected::{Expected, Reflected, expected, works};
pub use respond::{Header, Response, respond};
pub use server::{Hit, Server, serve};

use url::Url;

/// Where a crawl of the made-up university starts: (site id, listing), one a site.
pub fn seeds() -> Vec<(&'static str, Url)> {
    Site::all().iter().filter_map(|site| Some((site.id.as_str(), Url::parse(&site.seed()).ok()?))).collect()
}
