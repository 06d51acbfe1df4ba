//! What a crawl asks of its past, over a read-only connection of its own.

mod found;
mod media;
mod parts;
#[cfg(test)]
mod plans;
mod visited;
mod wall;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Row, params};
use url::Url;

use super::connection::{all, first, open_for_reading, place};
use super::{Error, payload, seal, text};
use crate::domain::address;
use crate::domain::digest::{PayloadDigest, RecordId};
use crate::domain::record::{Listing, ListingItem};
use crate::domain::request::Prior;
use crate::domain::time::{CaptureTime, Date};
use crate::domain::visit::Outcome;

pub use media::{Cursor, OpenMedia};
pub use parts::{HeldAnswer, Part};
pub use wall::Stood;

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
    const ALL: [Self; 4] = [Self::ReachedEnd, Self::MetKnown, Self::Capped, Self::Failed];

    /// The end a stored word stands for; `None` for a word of another version.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|end| end.as_str() == word)
    }

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
pub struct History {
    dir: PathBuf,
    /// A connection is not `Sync`; each question is a few rows, so holding the lock for one is short.
    connection: Arc<Mutex<Connection>>,
}

/// What SQLite may keep of the index to answer from, in kibibytes as it wants them: a quarter of its usual. Addresses come in no
/// order, and what is asked for again are the upper pages.
const CACHE: i32 = -512;

/// Redirects followed from stored answers before giving up on a chain.
const HOPS: usize = 10;

/// Answers of a host's robots.txt that are tried for one that leads to rules.
const ROBOTS_TRIED: usize = 50;

/// A row of `places`.
struct Place {
    outcome: Option<Outcome>,
    settled: bool,
    redirect_to: Option<String>,
    /// Time of the last visit.
    at: String,
}

impl History {
    /// Opens the index of this archive folder read-only.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        seal::check(dir)?;
        let connection = open_for_reading(dir)?;
        connection.pragma_update(None, "cache_size", CACHE).map_err(place(dir, "setting up"))?;
        Ok(Self { dir: dir.to_owned(), connection: Arc::new(Mutex::new(connection)) })
    }

    /// What a conditional request and a revisit record need; `None` where no answer with a payload is held.
    pub fn prior(&self, url: &Url) -> Result<Option<Prior>, Error> {
        let connection = self.connection();
        let row = first(
            &connection,
            "SELECT coalesce(a.etag, o.etag), coalesce(a.last_modified, o.last_modified), o.payload_digest, \
             o.record_id, o.captured_at, coalesce(a.selectors, l.selectors, o.selectors) FROM places p \
             JOIN captures a ON a.id = p.answered_id JOIN captures o ON o.id = p.original_id \
             LEFT JOIN captures l ON l.id = (SELECT max(id) FROM captures WHERE url = p.url AND selectors IS NOT NULL) \
             WHERE p.url = ?1 AND o.record_id IS NOT NULL",
            [url.as_str()],
            |row| {
                let columns: (Option<String>, Option<String>, Option<String>, String, String, Option<String>) =
                    (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?);
                Ok(columns)
            },
        )?;
        let Some((etag, last_modified, digest, record_id, captured_at, selectors)) = row else { return Ok(None) };
        Ok(Some(Prior {
            etag,
            last_modified,
            payload_digest: digest.as_deref().map(PayloadDigest::from_stored),
            record_id: RecordId::from_stored(&record_id),
            captured_at: text::moment("captures", &captured_at)?,
            selectors,
        }))
    }

    /// What is known of each URL, in their order.
    pub fn known(&self, urls: &[Url]) -> Result<Vec<Known>, Error> {
        let connection = self.connection();
        urls.iter().map(|url| known(&connection, url)).collect()
    }

    /// Whether this run has committed a visit to the URL.
    pub fn committed_in(&self, run: i64, url: &Url) -> Result<bool, Error> {
        let sql = "SELECT 1 FROM captures WHERE url = ?1 AND run_id = ?2 LIMIT 1";
        Ok(first(&self.connection(), sql, params![url.as_str(), run], |_| Ok(()))?.is_some())
    }

    /// The site's last verdict that says how it is, not how far a run came.
    pub fn last_verdict(&self, site: &str) -> Result<Option<String>, Error> {
        let sql = "SELECT verdict FROM site_runs WHERE site = ?1 AND verdict NOT IN ('unfinished', 'outside-window') \
             ORDER BY run_id DESC LIMIT 1";
        first(&self.connection(), sql, [site], |row| row.get(0))
    }

    /// Addresses of the site's articles, for a run that rechecks them all: also of those that are gone, which may come back.
    pub fn articles(&self, site: &str) -> Result<Vec<Url>, Error> {
        let sql = "SELECT url FROM articles WHERE site = ?1 AND url IS NOT NULL ORDER BY id";
        let urls = all(&self.connection(), sql, [site], |row| row.get::<_, String>(0))?;
        urls.iter().map(|address| text::url("articles", address)).collect()
    }

    /// Rows of the site's stored listings that have no settled outcome, oldest first. Only pages asked for as seed or
    /// listing have rows to follow; an article's address that shows a listing has none. A row whose page redirected to
    /// one that is not settled is given with the address it leads to.
    pub fn pending(&self, site: &str) -> Result<Vec<Pending>, Error> {
        let connection = self.connection();
        let sql = "SELECT i.url, i.title, i.date, i.listing_url FROM listing_items i \
             LEFT JOIN places p ON p.url = i.url \
             WHERE i.site = ?1 AND (p.settled IS NOT 1 OR p.redirect_to IS NOT NULL) ORDER BY i.id";
        let rows = all(&connection, sql, [site], |row| {
            let columns: (String, String, Option<String>, String) =
                (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            Ok(columns)
        })?;
        let mut pending = Vec::new();
        for (url, title, date, listing) in rows {
            let url = text::url("listing_items", &url)?;
            let url = match known(&connection, &url)? {
                Known::Unseen | Known::Retry(_) => url,
                Known::Moved(target) => target,
                Known::Held(..) => continue,
            };
            let item = ListingItem { url: Some(url), title, date: date.as_deref().and_then(Date::parse) };
            pending.push(Pending { item, listing: text::url("listing_items", &listing)? });
        }
        Ok(pending)
    }

    /// The host's robots.txt as it was last had; `authority` as [`crate::domain::address::authority`] gives it. Nights on which it
    /// could not be had (no answer, 429, 5xx, cut short) are passed over: what was had before them is what may stand in.
    pub fn robots(&self, authority: &str) -> Result<Option<CachedRobots>, Error> {
        let connection = self.connection();
        let schemes = params![format!("https://{authority}/robots.txt"), format!("http://{authority}/robots.txt")];
        for row in all(&connection, &RobotsRow::sql(ROBOTS_TRIED), schemes, RobotsRow::read)? {
            let Some(found) = end_of(&connection, row)? else { continue };
            let answer = payload::answer_of(&connection, &self.dir, found.id)?;
            let coding = answer.as_ref().and_then(|answer| answer.head.get("content-encoding"));
            return Ok(Some(CachedRobots {
                at: text::moment("captures", &found.at)?,
                status: found.status,
                content_encoding: coding.map(str::to_owned),
                payload: answer.map(|answer| answer.payload).unwrap_or_default(),
            }));
        }
        Ok(None)
    }

    /// Where the URL's last capture redirected to, one hop.
    pub fn redirect_target(&self, url: &Url) -> Result<Option<Url>, Error> {
        let target = place_of(&self.connection(), url.as_str())?.and_then(|place| place.redirect_to);
        target.map(|target| text::url("places", &target)).transpose()
    }

    /// The listing last read at this URL, for answers that say it has not changed.
    pub fn listing(&self, url: &Url) -> Result<Option<Listing>, Error> {
        let sql = "SELECT record FROM listings WHERE url = ?1";
        let record = first(&self.connection(), sql, [url.as_str()], |row| row.get::<_, String>(0))?;
        let read = |record: String| {
            serde_json::from_str(&record)
                .map_err(|error| Error::Damaged { table: "listings", what: format!("{url}: {error}") })
        };
        record.map(read).transpose()
    }

    /// A thread that panicked while asking has changed nothing, so its lock is taken over.
    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is known of a URL, redirects followed.
fn known(connection: &Connection, url: &Url) -> Result<Known, Error> {
    let normal = address::normalise(url);
    let Some(mut place) = place_of(connection, normal.as_str())? else { return Ok(Known::Unseen) };
    let mut moved: Option<Url> = None;
    for _ in 0..HOPS {
        let Some(target) = place.redirect_to.as_deref().filter(|_| place.settled) else { break };
        let target = address::normalise(&text::url("places", target)?);
        match place_of(connection, target.as_str())? {
            Some(next) => place = next,
            None => return Ok(Known::Moved(target)),
        }
        moved = Some(target);
    }
    let Some(outcome) = place.outcome else { return Ok(Known::Unseen) };
    Ok(match (place.settled, moved) {
        (true, _) => Known::Held(outcome, text::moment("captures", &place.at)?),
        (false, Some(target)) => Known::Moved(target),
        (false, None) => Known::Retry(outcome),
    })
}

fn place_of(connection: &Connection, url: &str) -> Result<Option<Place>, Error> {
    let sql = "SELECT p.outcome, p.settled, p.redirect_to, c.captured_at FROM places p \
         JOIN captures c ON c.id = p.latest_id WHERE p.url = ?1";
    first(connection, sql, [url], |row| {
        let outcome: String = row.get(0)?;
        let outcome = Outcome::from_word(&outcome);
        Ok(Place { outcome, settled: row.get(1)?, redirect_to: row.get(2)?, at: row.get(3)? })
    })
}

/// A capture of a robots.txt.
struct RobotsRow {
    id: i64,
    at: String,
    status: Option<u16>,
    redirect_to: Option<String>,
}

/// The capture at the end of a robots.txt's redirects; `None` where that was never had.
fn end_of(connection: &Connection, row: RobotsRow) -> Result<Option<RobotsRow>, Error> {
    let mut found = row;
    for _ in 0..HOPS {
        let Some(target) = &found.redirect_to else { break };
        match first(connection, &RobotsRow::sql(1), params![target, target], RobotsRow::read)? {
            Some(next) => found = next,
            // The chain was never followed to its end: there is nothing to go by.
            None => return Ok(None),
        }
    }
    Ok(Some(found))
}

impl RobotsRow {
    /// Answers at one of two addresses, newest first, but for those that say nothing of the rules.
    fn sql(most: usize) -> String {
        format!(
            "SELECT id, captured_at, status, redirect_to FROM captures WHERE url IN (?1, ?2) AND status IS NOT NULL \
             AND status <> 429 AND status < 500 AND outcome <> '{}' ORDER BY id DESC LIMIT {most}",
            Outcome::Truncated.as_str()
        )
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            at: row.get("captured_at")?,
            status: row.get("status")?,
            redirect_to: row.get("redirect_to")?,
        })
    }
}
