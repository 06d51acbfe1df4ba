//! What is held of an article that stands on several pages, page by page.

use std::path::Path;

use rusqlite::Connection;
use url::Url;

use super::{HOPS, History};
use crate::domain::address;
use crate::domain::capture::Head;
use crate::domain::time::CaptureTime;
use crate::domain::visit::Outcome;
use crate::store::connection::{all, first};
use crate::store::{Error, payload, text};

/// What is known of a further page of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Not asked for since page one said what it says; where to ask (redirects followed).
    Wanted(Url),
    /// Captured: the capture that says so.
    Held(i64),
    /// Asked for, and the attempt failed; where.
    Failed(Url),
    /// Asked for, and not to be had.
    Missing,
}

/// An answer read back from its WARC file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldAnswer {
    /// The URL it answered.
    pub url: Url,
    /// When.
    pub at: CaptureTime,
    /// Status code.
    pub status: u16,
    /// Response head.
    pub head: Head,
    /// Payload as it travelled.
    pub payload: Vec<u8>,
}

/// The present state of a further page's place.
struct State {
    latest: i64,
    held: Option<i64>,
    outcome: String,
    redirect_to: Option<String>,
}

impl History {
    /// Where page one was captured of the site's articles whose records do not hold all their pages yet.
    pub fn unfinished(&self, site: &str) -> Result<Vec<Url>, Error> {
        let sql = "SELECT c.url FROM articles a JOIN captures c ON c.id = a.capture_id \
             WHERE a.site = ?1 AND a.goes_on = 1 AND a.gone_at IS NULL ORDER BY a.id";
        let urls = all(&self.connection(), sql, [site], |row| row.get::<_, String>(0))?;
        urls.iter().map(|address| text::url("captures", address)).collect()
    }

    /// Page one of the article captured at this place: its last capture, and the one since which its further pages must
    /// have been asked for to belong to it. `None` where no article was read there.
    pub fn first_page(&self, url: &Url) -> Result<Option<(i64, i64)>, Error> {
        let sql = "SELECT p.answered_id, max(p.original_id, v.capture_id) FROM places p \
             JOIN article_urls u ON u.url = p.url JOIN articles a ON a.id = u.article_id \
             JOIN article_versions v ON v.id = a.version_id WHERE p.url = ?1 AND p.answered_id IS NOT NULL";
        first(&self.connection(), sql, [url.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// What is known of a further page, asked for since the capture given.
    pub fn part(&self, url: &Url, since: i64) -> Result<Part, Error> {
        let connection = self.connection();
        let sql = "SELECT p.latest_id, iif(c.outcome IN ('ok', 'unchanged'), p.answered_id, NULL), c.outcome, c.redirect_to \
             FROM places p JOIN captures c ON c.id = p.latest_id WHERE p.url = ?1";
        let mut place = address::normalise(url);
        for _ in 0..=HOPS {
            let state = first(&connection, sql, [place.as_str()], |row| {
                Ok(State { latest: row.get(0)?, held: row.get(1)?, outcome: row.get(2)?, redirect_to: row.get(3)? })
            })?;
            let Some(state) = state.filter(|state| state.latest > since) else { return Ok(Part::Wanted(place)) };
            if let Some(target) = state.redirect_to {
                place = address::normalise(&text::url("captures", &target)?);
                continue;
            }
            return Ok(match (state.held, Outcome::from_word(&state.outcome)) {
                (Some(capture), _) => Part::Held(capture),
                (None, Some(outcome)) if outcome.is_failure() => Part::Failed(place),
                (None, _) => Part::Missing,
            });
        }
        Ok(Part::Missing)
    }

    /// What a capture answered, its payload read back from the WARC file that holds it; `None` where it has none.
    pub fn answer(&self, capture: i64) -> Result<Option<HeldAnswer>, Error> {
        HeldAnswer::of(&self.connection(), &self.dir, capture)
    }
}

impl HeldAnswer {
    /// What a capture answered.
    pub(in crate::store) fn of(connection: &Connection, dir: &Path, capture: i64) -> Result<Option<Self>, Error> {
        let sql = "SELECT url, captured_at FROM captures WHERE id = ?1";
        let row: Option<(String, String)> = first(connection, sql, [capture], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let Some(answer) = payload::answer_of(connection, dir, capture)? else { return Ok(None) };
        let Some((url, at)) = row else { return Ok(None) };
        Ok(Some(Self {
            url: text::url("captures", &url)?,
            at: text::moment("captures", &at)?,
            status: answer.status,
            head: answer.head,
            payload: answer.payload,
        }))
    }
}
