//! The page's own address for itself.

use scraper::Html;
use url::Url;

use crate::domain::address;
use crate::domain::page::Page;
use crate::extract::dom;

/// `<link rel=canonical>` on the same host, else the normalised address; without an address the link as it stands.
pub(crate) fn read(doc: &Html, page: &Page, base: Option<&Url>) -> Option<Url> {
    let written = dom::elements(doc)
        .filter(|element| element.value().name() == "link")
        .filter(|link| {
            link.attr("rel").is_some_and(|rel| rel.split_whitespace().any(|rel| rel.eq_ignore_ascii_case("canonical")))
        })
        .find_map(|link| link.attr("href"))
        .map(str::trim)
        .filter(|href| !href.is_empty() && !href.contains(['$', '{']));
    let link = written.and_then(|href| match base {
        Some(base) => address::resolve(base, href),
        None => Url::parse(href).ok().filter(|url| matches!(url.scheme(), "http" | "https")),
    });
    match (&page.url, link) {
        (Some(own), Some(link)) if link.host_str() == own.host_str() && !is_home(&link) => {
            Some(address::normalise(&link))
        }
        (Some(own), _) => Some(address::normalise(own)),
        (None, link) => link.filter(|link| !is_home(link)).map(|link| address::normalise(&link)),
    }
}

/// Templates give every page the home page's address.
fn is_home(url: &Url) -> bool {
    url.path() == "/" && url.query().is_none()
}
