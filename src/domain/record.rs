//! What one page said, in the shape the contract fixes: one JSON object a page, told apart by `kind`.

use serde::{Deserialize, Serialize};
use url::Url;

use super::article::Article;
use super::time::Date;

/// One page as a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Record {
    /// A news article.
    Article(Box<Article>),
    /// A page of links to articles.
    Listing(Listing),
    /// Not news: soft 404, login wall, challenge, captcha, unfilled template; `warnings` says which.
    Other(Other),
}

impl Record {
    /// `article`, `listing` or `other`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Article(_) => "article",
            Self::Listing(_) => "listing",
            Self::Other(_) => "other",
        }
    }

    /// The article, where it is one.
    pub fn article(&self) -> Option<&Article> {
        match self {
            Self::Article(article) => Some(article),
            Self::Listing(_) | Self::Other(_) => None,
        }
    }

    /// The listing, where it is one.
    pub fn listing(&self) -> Option<&Listing> {
        match self {
            Self::Listing(listing) => Some(listing),
            Self::Article(_) | Self::Other(_) => None,
        }
    }

    /// What was missing or doubtful, as stable codes.
    pub fn warnings(&self) -> &[String] {
        match self {
            Self::Article(article) => &article.warnings,
            Self::Listing(listing) => &listing.warnings,
            Self::Other(other) => &other.warnings,
        }
    }

    /// The same list, to add to.
    pub fn warnings_mut(&mut self) -> &mut Vec<String> {
        match self {
            Self::Article(article) => &mut article.warnings,
            Self::Listing(listing) => &mut listing.warnings,
            Self::Other(other) => &mut other.warnings,
        }
    }

    /// The CMS family that read the page; `generic` where none fitted.
    pub fn family(&self) -> &str {
        match self {
            Self::Article(article) => &article.family,
            Self::Listing(listing) => &listing.family,
            Self::Other(other) => &other.family,
        }
    }
}

/// A page of links to articles, from its main column only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Listing {
    /// Where it was captured; `None` for a file without an address.
    pub url: Option<Url>,
    /// Site id, where known.
    pub site: Option<String>,
    /// CMS family that read it.
    pub family: String,
    /// Rows in page order.
    pub items: Vec<ListingItem>,
    /// The next listing page, resolved; `None` on the last one.
    pub next: Option<Url>,
    /// What was missing or doubtful, as stable codes.
    pub warnings: Vec<String>,
    /// Program and version that read the page.
    pub extractor: String,
    /// Family and revision of the rules used.
    pub selectors: String,
}

/// One row of a listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListingItem {
    /// The article's address, resolved but not canonicalised; `None` where the row's link is dead.
    pub url: Option<Url>,
    /// The whole headline, also where the page shows it cut.
    pub title: String,
    /// The date printed beside the link.
    pub date: Option<Date>,
}

/// A page that is neither article nor listing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Other {
    /// Where it was captured; `None` for a file without an address.
    pub url: Option<Url>,
    /// Site id, where known.
    pub site: Option<String>,
    /// CMS family that read it.
    pub family: String,
    /// The page's `<title>`, where it has one.
    pub title: Option<String>,
    /// Why it is not news, first, as stable codes (`soft-404`, `login-wall`, `campus-only`,
    /// `challenge`, `captcha`, `blocked`, `redirect`, `template`, `no-news`, `no-content`, `not-html`).
    pub warnings: Vec<String>,
    /// Program and version that read the page.
    pub extractor: String,
    /// Family and revision of the rules used.
    pub selectors: String,
}
