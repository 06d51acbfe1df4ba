//! A planned visit. It carries its own past, so that nothing reads the index in mid-flight.

use url::Url;

use super::digest::{PayloadDigest, RecordId};
use super::record::ListingItem;
use super::time::CaptureTime;

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// A host's robots.txt (RFC 9309).
    Robots,
    /// A seed whose kind is not known yet.
    Seed,
    /// A further listing page.
    Listing,
    /// A page a listing links to.
    Article,
    /// A further page of an article that stands on several.
    ArticlePage,
    /// An image of an article.
    Image,
    /// A file offered with an article.
    Attachment,
}

impl Purpose {
    /// Every purpose there is.
    pub const ALL: [Self; 7] =
        [Self::Robots, Self::Seed, Self::Listing, Self::Article, Self::ArticlePage, Self::Image, Self::Attachment];

    /// The purpose a stored word stands for; `None` for a word of another version.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == word)
    }

    /// Whether it asks for a file of an article, not for a page. Nothing that happens to one is a failure.
    pub fn is_media(self) -> bool {
        matches!(self, Self::Image | Self::Attachment)
    }

    /// The word used in the index.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Robots => "robots",
            Self::Seed => "seed",
            Self::Listing => "listing",
            Self::Article => "article",
            Self::ArticlePage => "article-page",
            Self::Image => "image",
            Self::Attachment => "attachment",
        }
    }
}

/// A planned visit, immutable once made.
#[derive(Debug, Clone, PartialEq)]
pub struct FetchRequest {
    /// Where to go. Already normalised.
    pub url: Url,
    /// Site this request counts for.
    pub site: String,
    /// What it is for.
    pub purpose: Purpose,
    /// The page that linked here, or the hop that redirected here.
    pub via: Option<Url>,
    /// Redirects followed so far to get here.
    pub hops: u8,
    /// Attempts made before this one.
    pub attempt: u8,
    /// The listing walk this page belongs to, for listing pages.
    pub walk: Option<i64>,
    /// The listing row that named it, for articles.
    pub item: Option<ListingItem>,
    /// What is known from last time.
    pub prior: Option<Prior>,
}

/// What an earlier capture of the same URL left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prior {
    /// `ETag` of the answer, verbatim.
    pub etag: Option<String>,
    /// `Last-Modified` of the answer, verbatim.
    pub last_modified: Option<String>,
    /// Digest of its payload.
    pub payload_digest: Option<PayloadDigest>,
    /// Its WARC record.
    pub record_id: RecordId,
    /// When it was captured.
    pub captured_at: CaptureTime,
    /// Rules its record was made with (`family@revision`), to know whether a re-read is due.
    pub selectors: Option<String>,
}
