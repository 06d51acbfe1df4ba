//! Disappearances: an article is never deleted, what happened to its page is written beside it.
//!
//! A page that is not there, or only a notice that it is not, is evidence; a refusal or a challenge is not, since the page
//! behind it may be as it was.

use rusqlite::params;

use super::captures::Seen;
use super::{Error, Index};
use crate::domain::extraction::Extraction;
use crate::domain::record::Record;
use crate::domain::visit::Outcome;

/// The kind of evidence that the page asked for is gone; `None` where the visit is none.
pub(super) fn evidence(outcome: Outcome, extraction: Option<&Extraction>) -> Option<&'static str> {
    if matches!(outcome, Outcome::NotFound | Outcome::Gone | Outcome::SoftNotFound) {
        return Some(outcome.as_str());
    }
    let Record::Other(other) = &extraction?.record else { return None };
    match other.warnings.first()?.as_str() {
        "soft-404" => Some("soft-404"),
        "login-wall" => Some("login-wall"),
        "campus-only" => Some("campus-only"),
        _ => None,
    }
}

impl Index {
    /// Notes that the article read at this page is gone; `false` where none is held, or it is known to be gone.
    pub(super) fn bury(&self, seen: &Seen<'_>, kind: &str) -> Result<bool, Error> {
        let url = seen.visit.request.url.as_str();
        let gone = self.write(
            "UPDATE articles SET gone_at = ?2 WHERE gone_at IS NULL \
             AND id = (SELECT article_id FROM article_urls WHERE url = ?1)",
            params![url, seen.at],
        )?;
        if gone > 0 {
            self.write(
                "INSERT INTO tombstones (article_id, kind, capture_id, began_at) \
                 SELECT article_id, ?2, ?3, ?4 FROM article_urls WHERE url = ?1",
                params![url, kind, seen.id, seen.at],
            )?;
        }
        Ok(gone > 0)
    }

    /// Notes that an article was seen by this capture, and ends its tombstone where that stands before it.
    pub(super) fn see(&self, article: i64, capture: i64, at: &str) -> Result<(), Error> {
        self.write("UPDATE articles SET last_seen = ?2, gone_at = NULL WHERE id = ?1", params![article, at])?;
        self.write(
            "UPDATE tombstones SET end_capture_id = ?2, ended_at = ?3 \
             WHERE article_id = ?1 AND ended_at IS NULL AND capture_id < ?2",
            params![article, capture, at],
        )?;
        Ok(())
    }
}
