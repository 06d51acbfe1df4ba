//! What reading a page gives back to the crawl.

use url::Url;

use super::record::{ListingItem, Record};

/// The record of a page, its identity, and where it leads.
#[derive(Debug, Clone, PartialEq)]
pub struct Extraction {
    /// The page as a record.
    pub record: Record,
    /// The CMS's own id of the article within its host, where the family has one (VSB news id, webplus article id …).
    /// An article is (host, this id), else its canonical URL.
    pub article_id: Option<String>,
    /// Links the crawl may follow, in page order.
    pub outlinks: Vec<Outlink>,
}

/// A link found on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outlink {
    /// A listing row that leads somewhere.
    Item(ListingItem),
    /// The next page of the same article, which goes on there.
    NextPage(Url),
    /// The next page of the same listing.
    NextListing(Url),
    /// Another listing (an index of sitemaps).
    Listing(Url),
}
