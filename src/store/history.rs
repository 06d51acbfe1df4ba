//! What a crawl asks of its past, over a read-only connection of its own.

use std::path::Path;

use url::Url;

use super::Error;
use crate::domain::record::{Listing, ListingItem};
use crate::domain::request::Prior;
use crate::domain::time::CaptureTime;
use crate::domain::visit::Outcome;

/// What the archive knows of a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// Never asked for.
    Unseen,
    /// Settled: an ordinary run does not ask again. With it the moment of the last visit, by which a resumed walk tells
    /// what it settled itself from what was known before it.
    Held(Outcome, CaptureTime),
    /// The last attempt failed, or read an article that was too old for that run ([`Outcome::TooOld`]).
    Retry(Outcome),
    /// Redirected; the end of the known chain is this URL, which is itself unseen or to be retried.
    Moved(Url),
}

/// A row of a stored listing that has no settled outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The row; its `url` is normalised and never `None`.
    pub item: ListingItem,
    /// The listing page it was first seen on.
    pub listing: Url,
}

/// A host's robots.txt as last captured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CachedRobots {
    /// When.
    pub at: CaptureTime,
    /// Status at the end of its redirects; `None` where no answer came.
    pub status: Option<u16>,
    /// Payload as it travelled.
    pub payload: Vec<u8>,
    /// `Content-Encoding` of the payload.
    pub content_encoding: Option<String>,
}

/// A walk over a seed's listing pages, new or resumed.
#[derive(Debug, Clone, PartialEq)]
pub struct Walk {
    /// Its id, for [`crate::domain::request::FetchRequest::walk`].
    pub id: i64,
    /// Whether it was begun by an earlier run.
    pub resumed: bool,
    /// When it was begun.
    pub begun_at: CaptureTime,
    /// Whether the seed's past is held without a gap, so that meeting known pages may end the walk.
    pub history_complete: bool,
    /// Pages committed so far, in the order of their commit.
    pub pages: Vec<WalkPage>,
}

/// A listing page a resumed walk need not fetch again.
#[derive(Debug, Clone, PartialEq)]
pub struct WalkPage {
    /// The page, as requested.
    pub url: Url,
    /// What it said.
    pub listing: Listing,
}

/// How a walk ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WalkEnd {
    /// The last page was read.
    ReachedEnd,
    /// Only known pages were met.
    MetKnown,
    /// A limit stopped it.
    Capped,
    /// A page could not be fetched or read.
    Failed,
}

impl WalkEnd {
    /// The word used in the index.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReachedEnd => "reached-end",
            Self::MetKnown => "met-known",
            Self::Capped => "capped",
            Self::Failed => "failed",
        }
    }
}

/// The read side of an archive a crawl is writing. Blocking; shared freely.
#[derive(Debug, Clone)]
pub struct History {}

#[expect(clippy::todo, clippy::unused_self, reason = "signatures first; bodies follow")]
impl History {
    /// Opens the index of this archive folder read-only.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        let _ = dir;
        todo!()
    }

    /// What a conditional request and a revisit record need; `None` where no answer with a payload is held.
    pub fn prior(&self, url: &Url) -> Result<Option<Prior>, Error> {
        let _ = url;
        todo!()
    }

    /// What is known of each URL, in their order.
    pub fn known(&self, urls: &[Url]) -> Result<Vec<Known>, Error> {
        let _ = urls;
        todo!()
    }

    /// Whether this run has committed a visit to the URL.
    pub fn committed_in(&self, run: i64, url: &Url) -> Result<bool, Error> {
        let _ = (run, url);
        todo!()
    }

    /// Addresses of the site's articles that are not known to be gone, for a run that rechecks them all.
    pub fn articles(&self, site: &str) -> Result<Vec<Url>, Error> {
        let _ = site;
        todo!()
    }

    /// Rows of the site's stored listings that have no settled outcome, oldest first. Only pages asked for as seed or
    /// listing have rows to follow; an article's address that shows a listing has none.
    pub fn pending(&self, site: &str) -> Result<Vec<Pending>, Error> {
        let _ = site;
        todo!()
    }

    /// The host's robots.txt as last captured; `authority` as [`crate::domain::address::authority`] gives it.
    pub fn robots(&self, authority: &str) -> Result<Option<CachedRobots>, Error> {
        let _ = authority;
        todo!()
    }

    /// Where the URL's last capture redirected to, one hop.
    pub fn redirect_target(&self, url: &Url) -> Result<Option<Url>, Error> {
        let _ = url;
        todo!()
    }

    /// The listing last read at this URL, for answers that say it has not changed.
    pub fn listing(&self, url: &Url) -> Result<Option<Listing>, Error> {
        let _ = url;
        todo!()
    }
}
