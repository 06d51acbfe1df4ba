//! A page read again: what today's rules change in the rows an earlier reading left.
//!
//! The payload is the one held, so a better reading is no new version: the record of the version the capture belongs to
//! is replaced in place, and the article keeps its id. What a run concluded in its day (the outcome) stays.

use rusqlite::params;
use serde_json::Value;

use super::articles::{Incoming, key};
use super::captures::Seen;
use super::{Error, Index};
use crate::domain::extraction::Extraction;
use crate::domain::record::Record;
use crate::domain::request::{FetchRequest, Purpose};
use crate::domain::time::CaptureTime;
use crate::domain::visit::{Outcome, Visit};
use crate::store::readable::READABLE;
use crate::store::selectors_of;

/// A page read again.
#[derive(Debug)]
pub struct Again<'a> {
    /// Row of its capture.
    pub capture: i64,
    /// The request, as far as the index holds it.
    pub request: &'a FetchRequest,
    /// When it was captured.
    pub at: CaptureTime,
    /// What it says today.
    pub extraction: &'a Extraction,
}

/// What reading again changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// Nothing, or nothing but the name of the rules.
    None,
    /// Fields of an article.
    Article(Vec<String>),
    /// An article where there was none.
    NewArticle,
    /// No article where one is held; the record stays as it is.
    NoArticle,
    /// A listing page: rows it names that were not known, and whether the page itself reads otherwise.
    Listing(usize),
}

/// The version a capture belongs to.
struct HeldVersion {
    article: i64,
    key: String,
    version: i64,
    current: bool,
    record: String,
    /// Whether a later capture of the same page, before the next version, is the one the record is from.
    superseded: bool,
    /// Whether the capture was read as an article before.
    was_article: bool,
    /// Whether the record was joined from several pages.
    joined: bool,
}

impl Index {
    /// Compares a reading with what is held, and unless `dry` puts it in its place. Inside a transaction.
    pub fn read_again(&self, again: &Again<'_>, dry: bool) -> Result<Difference, Error> {
        let difference = match &again.extraction.record {
            Record::Article(article) => match self.version_of(again)? {
                None => self.article_again(again, article, dry)?,
                Some(held) if held.was_article => self.version_again(&held, again, article, dry)?,
                // A page that was never read as an article goes on from the newest version only.
                Some(held) if held.current && !dry => self.store_again(again, Some(held.article))?,
                Some(_) => Difference::None,
            },
            Record::Listing(_) if matches!(again.request.purpose, Purpose::Seed | Purpose::Listing) => {
                self.listing_again(again, dry)?
            }
            Record::Listing(_) | Record::Other(_) => {
                let was = self.version_of(again)?.is_some_and(|held| held.was_article && !held.superseded);
                if was { Difference::NoArticle } else { Difference::None }
            }
        };
        if !dry {
            let record = &again.extraction.record;
            let (kind, selectors) = (record.kind(), selectors_of(record));
            self.write(
                "UPDATE captures SET record_kind = ?2, selectors = ?3 WHERE id = ?1 \
                 AND (record_kind IS NOT ?2 OR selectors IS NOT ?3)",
                params![again.capture, kind, selectors],
            )?;
        }
        Ok(difference)
    }

    fn version_of(&self, again: &Again<'_>) -> Result<Option<HeldVersion>, Error> {
        let sql = format!(
            "SELECT a.id, a.key, v.id, a.version_id = v.id, v.record, EXISTS (SELECT 1 FROM captures c \
             WHERE c.url = ?1 AND c.id > ?2 AND {READABLE} AND c.id < coalesce((SELECT n.capture_id FROM \
             appearances n WHERE n.article_id = a.id AND n.ordinal = s.ordinal + 1), 9223372036854775807)), \
             (SELECT c.change FROM captures c WHERE c.id = ?2) IS NOT NULL, v.pages IS NOT NULL \
             FROM article_urls u JOIN articles a ON a.id = u.article_id \
             JOIN appearances s ON s.article_id = a.id AND s.capture_id <= ?2 \
             JOIN article_versions v ON v.id = s.version_id \
             WHERE u.url = ?1 ORDER BY s.ordinal DESC LIMIT 1"
        );
        self.row(&sql, params![again.request.url.as_str(), again.capture], |row| {
            Ok(HeldVersion {
                article: row.get(0)?,
                key: row.get(1)?,
                version: row.get(2)?,
                current: row.get(3)?,
                record: row.get(4)?,
                superseded: row.get(5)?,
                was_article: row.get(6)?,
                joined: row.get(7)?,
            })
        })
    }

    /// An article where none was read: new, or another address of one that is held.
    fn article_again(
        &self,
        again: &Again<'_>,
        article: &crate::domain::article::Article,
        dry: bool,
    ) -> Result<Difference, Error> {
        let url = article.url.as_ref().unwrap_or(&again.request.url);
        let Some(held) = self.held_article(&key(url, again.extraction.article_id.as_deref()))? else {
            if !dry {
                self.store_again(again, None)?;
            }
            return Ok(Difference::NewArticle);
        };
        if !dry {
            self.name_url(again.request.url.as_str(), held.id)?;
        }
        Ok(Difference::None)
    }

    /// Takes the page in as the crawl would have, without turning back the clock of an article that is held.
    fn store_again(&self, again: &Again<'_>, held: Option<i64>) -> Result<Difference, Error> {
        let of_article = "SELECT last_seen, gone_at FROM articles WHERE id = ?1";
        let before: Option<(String, Option<String>)> =
            self.row(of_article, [held], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if before.as_ref().is_some_and(|(last_seen, _)| *last_seen > again.at.to_micros_string()) {
            return Ok(Difference::None);
        }
        let visit = Visit {
            request: again.request.clone(),
            result: Err(no_answer(again.at)),
            charset: None,
            extraction: Some(again.extraction.clone()),
            outcome: Outcome::Ok,
        };
        self.store_article(&Seen { id: again.capture, at: again.at.to_micros_string(), visit: &visit })?;
        let (last_seen, gone_at) = before.unwrap_or_default();
        self.write(
            "UPDATE articles SET last_seen = max(last_seen, ?2, coalesce((SELECT max(captured_at) FROM captures \
             WHERE url = ?1 AND outcome IN ('ok', 'unchanged')), '')), gone_at = ?3 \
             WHERE id = (SELECT article_id FROM article_urls WHERE url = ?1)",
            params![again.request.url.as_str(), last_seen, gone_at],
        )?;
        Ok(Difference::None)
    }

    fn version_again(
        &self,
        held: &HeldVersion,
        again: &Again<'_>,
        article: &crate::domain::article::Article,
        dry: bool,
    ) -> Result<Difference, Error> {
        let mut key = key(article.url.as_ref().unwrap_or(&again.request.url), again.extraction.article_id.as_deref());
        if key != held.key && self.held_article(&key)?.is_some() {
            // Today's rules see one article where two are held; which of them to give up is not for a reading to decide.
            key.clone_from(&held.key);
        }
        let at = again.at.to_micros_string();
        let incoming = Incoming::new(again.capture, &at, &again.request.site, article, &key)?;
        let same_place =
            |old: &Value| old.get("url").and_then(Value::as_str) == article.url.as_ref().map(url::Url::as_str);
        let old: Value = serde_json::from_str(&held.record).map_err(|error| Error::Damaged {
            table: "article_versions",
            what: format!("{}: {error}", held.version),
        })?;
        // Page one of a joined record is read again together with the pages behind it.
        let part = held.joined && article.goes_on();
        if part || held.superseded || held.record == incoming.record || !same_place(&old) {
            return Ok(Difference::None);
        }
        let new: Value = serde_json::from_str(&incoming.record).map_err(|error| Error::Damaged {
            table: "article_versions",
            what: format!("{}: {error}", held.version),
        })?;
        if !dry {
            if key != held.key {
                self.write("UPDATE articles SET key = ?2 WHERE id = ?1", params![held.article, key])?;
            }
            self.replace_record(held.version, &incoming)?;
            if held.current {
                self.describe_article(held.article, &incoming)?;
            }
        }
        let fields = differing(&old, &new);
        Ok(if fields.is_empty() { Difference::None } else { Difference::Article(fields) })
    }

    fn listing_again(&self, again: &Again<'_>, dry: bool) -> Result<Difference, Error> {
        let Record::Listing(listing) = &again.extraction.record else { return Ok(Difference::None) };
        let sql = format!("SELECT max(c.id) FROM captures c WHERE c.url = ?1 AND {READABLE}");
        let newest: Option<i64> = self.row(&sql, [again.request.url.as_str()], |row| row.get(0))?.flatten();
        let held = self.listing(&again.request.url)?;
        if !dry && newest == Some(again.capture) && held.as_ref() != Some(listing) {
            self.replace_listing_record(&again.request.url, listing)?;
        }
        let unknown = self.name_items(again.request, listing, dry)?;
        Ok(if unknown == 0 { Difference::None } else { Difference::Listing(unknown) })
    }
}

/// Stands where an answer would: the rows of an article need none.
fn no_answer(at: CaptureTime) -> crate::domain::capture::FetchFailure {
    let kind = crate::domain::capture::FailureKind::Protocol;
    crate::domain::capture::FetchFailure { at, kind, detail: String::new(), retry: false }
}

/// Names of the fields two records differ in; who read them is no difference.
pub(super) fn differing(old: &Value, new: &Value) -> Vec<String> {
    let (Value::Object(old), Value::Object(new)) = (old, new) else { return Vec::new() };
    let names: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let reader = |name: &str| matches!(name, "extractor" | "selectors");
    names.into_iter().filter(|name| !reader(name) && old.get(*name) != new.get(*name)).cloned().collect()
}
