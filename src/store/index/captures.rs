//! Rows of visits: the capture, its members, and the present state of its URL.

use rusqlite::params;

use super::{Error, Index};
use crate::dedup::HeldPayload;
use crate::domain::capture::Capture;
use crate::domain::digest::RecordId;
use crate::domain::visit::{ArticleChange, Novelty, Outcome, Visit};
use crate::store::text::text;
use crate::warc::Kind;

/// A gzip member of a WARC file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// First byte.
    pub offset: u64,
    /// Bytes.
    pub length: u64,
    /// SHA-256 of those bytes.
    pub sha256: [u8; 32],
}

/// Where an answer's record stands and what it says about payloads.
#[derive(Debug, Clone)]
pub struct Placement {
    /// The file.
    pub file: i64,
    /// The answer's member.
    pub member: Member,
    /// Its record.
    pub record_id: RecordId,
    /// What it is beside the past.
    pub novelty: Novelty,
    /// The payload it repeats.
    pub original: Option<HeldPayload>,
    /// `WARC-Type` of its record.
    pub kind: Kind,
}

/// What storing a visit gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// Row of the capture.
    pub capture: i64,
    /// What it did to an article.
    pub article: ArticleChange,
}

/// What later rows need of a capture.
pub(super) struct Seen<'a> {
    pub(super) id: i64,
    pub(super) at: String,
    pub(super) visit: &'a Visit,
}

impl Index {
    /// Stores a visit with everything read from it. Inside a transaction.
    pub fn store(&self, run: i64, visit: &Visit, placement: Option<&Placement>) -> Result<Stored, Error> {
        let at = match &visit.result {
            Ok(capture) => capture.at,
            Err(failure) => failure.at,
        }
        .to_micros_string();
        let id = self.insert_capture(run, visit, &at)?;
        if let (Ok(capture), Some(placement)) = (&visit.result, placement) {
            self.describe_answer(id, capture, placement)?;
        }
        if let Err(failure) = &visit.result {
            self.write(
                "UPDATE captures SET failure = ?2, failure_detail = ?3 WHERE id = ?1",
                params![id, failure.kind.as_str(), text(Some(&failure.detail))],
            )?;
        }
        self.settle_place(id, visit, placement)?;
        let seen = Seen { id, at, visit };
        self.store_listing(&seen)?;
        self.store_media(&seen)?;
        let article = self.store_article(&seen)?;
        Ok(Stored { capture: id, article })
    }

    /// Notes a gzip member; together they cover the file.
    pub fn add_member(&self, file: i64, kind: &str, member: &Member) -> Result<(), Error> {
        self.write(
            "INSERT INTO members (file_id, offset, length, kind, sha256) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![file, signed(member.offset), signed(member.length), kind, &member.sha256[..]],
        )?;
        Ok(())
    }

    pub(super) fn insert_capture(&self, run: i64, visit: &Visit, at: &str) -> Result<i64, Error> {
        let request = &visit.request;
        let record = visit.extraction.as_ref().map(|extraction| &extraction.record);
        let charset = visit.charset.as_ref();
        let selectors = record.map(crate::store::selectors_of);
        self.insert(
            "INSERT INTO captures (run_id, walk_id, site, purpose, url, via, captured_at, outcome, charset, \
             charset_source, charset_doubtful, record_kind, selectors) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            params![
                run,
                request.walk,
                text(Some(&request.site)),
                request.purpose.as_str(),
                request.url.as_str(),
                request.via.as_ref().map(url::Url::as_str),
                at,
                visit.outcome.as_str(),
                charset.map(|charset| charset.name.as_str()),
                charset.map(|charset| charset.source.as_str()),
                charset.map(|charset| charset.doubtful),
                record.map(crate::domain::record::Record::kind),
                selectors,
            ],
        )
    }

    pub(super) fn describe_answer(&self, id: i64, capture: &Capture, placement: &Placement) -> Result<(), Error> {
        let original = placement.original.as_ref();
        let digest = original.map_or(&capture.payload_digest, |held| &held.payload_digest);
        let redirect = capture.redirect_target();
        self.write(
            "UPDATE captures SET elapsed_ms = ?2, status = ?3, media_type = ?4, bytes = ?5, payload_digest = ?6, \
             original_id = ?7, record_id = ?8, warc_type = ?9, file_id = ?10, warc_offset = ?11, etag = ?12, \
             last_modified = ?13, content_encoding = ?14, redirect_to = ?15, truncated = ?16, tls_flaw = ?17 WHERE id = ?1",
            params![
                id,
                signed(capture.elapsed_ms),
                capture.status,
                text(media_type(capture).as_deref()),
                signed(capture.payload.len() as u64),
                digest.as_str(),
                original.map_or(id, |held| held.capture),
                placement.record_id.as_str(),
                placement.kind.as_str(),
                placement.file,
                signed(placement.member.offset),
                text(capture.header("etag")),
                text(capture.header("last-modified")),
                text(capture.header("content-encoding")),
                redirect.as_ref().map(url::Url::as_str),
                capture.truncated.map(crate::domain::capture::Truncation::as_str),
                text(capture.tls_flaw.as_deref()),
            ],
        )?;
        Ok(())
    }

    /// Brings the URL's present state up to date. A failure does not make a settled URL unsettled: what is held stays
    /// held, and the recheck policy decides when to ask again.
    fn settle_place(&self, id: i64, visit: &Visit, placement: Option<&Placement>) -> Result<(), Error> {
        let capture = visit.result.as_ref().ok();
        let good = capture
            .filter(|capture| capture.truncated.is_none() && matches!(capture.status, 200..=299 | 304))
            // A notice or a wall in place of the page has validators too; they are not the page's.
            .filter(|_| !visit.outcome.is_failure() && !visit.outcome.is_notice())
            .is_some_and(|_| placement.is_some());
        let original = placement.and_then(|placement| placement.original.as_ref()).map_or(id, |held| held.capture);
        let redirect = capture.and_then(Capture::redirect_target);
        self.write(
            "INSERT INTO places (url, latest_id, answered_id, original_id, outcome, settled, redirect_to) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (url) DO UPDATE SET latest_id = ?2, \
             answered_id = coalesce(?3, answered_id), original_id = coalesce(?4, original_id), \
             outcome = iif(?6 OR NOT settled, ?5, outcome), settled = ?6 OR settled, \
             redirect_to = iif(?6 OR NOT settled, ?7, redirect_to)",
            params![
                visit.request.url.as_str(),
                id,
                good.then_some(id),
                good.then_some(original),
                visit.outcome.as_str(),
                visit.request.purpose.is_media() || is_settled(visit.outcome),
                redirect.as_ref().map(url::Url::as_str),
            ],
        )?;
        Ok(())
    }
}

/// Whether an ordinary run need not ask again.
fn is_settled(outcome: Outcome) -> bool {
    !outcome.is_failure() && !matches!(outcome, Outcome::TooOld | Outcome::Unlisted)
}

/// `Content-Type` without parameters, lower case.
fn media_type(capture: &Capture) -> Option<String> {
    let essence = capture.header("content-type")?.split(';').next()?.trim().to_ascii_lowercase();
    (!essence.is_empty()).then_some(essence)
}

/// SQLite's integers are signed; no file or payload of ours comes near the difference.
pub(super) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
