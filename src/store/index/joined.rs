//! The record of an article of several pages, joined, in place of page one's.

use std::path::Path;

use rusqlite::params;
use url::Url;

use super::again::differing;
use super::articles::Incoming;
use super::{Error, Index};
use crate::domain::article::Article;
use crate::domain::digest::RecordId;
use crate::domain::visit::ArticleChange;
use crate::store::HeldAnswer;
use crate::store::connection::all;

impl Index {
    /// The URL and the record of each of these captures' answers.
    pub fn answers_of(&self, captures: &[i64]) -> Result<Vec<(String, RecordId)>, Error> {
        let mut answers = Vec::new();
        for capture in captures {
            let sql = "SELECT url, record_id FROM captures WHERE id = ?1 AND record_id IS NOT NULL";
            answers.extend(self.row(sql, [capture], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?);
        }
        Ok(answers.into_iter().map(|(url, id)| (url, RecordId::from_stored(&id))).collect())
    }

    /// The capture whose answer to this URL is this record.
    pub fn capture_of(&self, url: &str, record: &RecordId) -> Result<Option<i64>, Error> {
        let sql = "SELECT id FROM captures WHERE url = ?1 AND record_id = ?2";
        self.row(sql, params![url, record.as_str()], |row| row.get(0))
    }

    /// Puts the record joined from these captures in place of the one it has; `first` is where page one was
    /// captured. What only completes or rereads the current version replaces its record: page one's capture proves both.
    /// Where the record was whole before and a further page has been edited since, that is a new version.
    pub fn join_article(&self, first: &Url, pages: &[i64], joined: &Article) -> Result<ArticleChange, Error> {
        let row: Option<(String, String, i64, String)> = self.row(
            "SELECT a.key, a.site, p.answered_id, c.captured_at FROM article_urls u JOIN articles a ON a.id = u.article_id \
             JOIN places p ON p.url = u.url JOIN captures c ON c.id = p.answered_id WHERE u.url = ?1",
            [first.as_str()],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )?;
        let Some((key, site, capture, at)) = row else { return Ok(ArticleChange::None) };
        let Some(held) = self.held_article(&key)? else { return Ok(ArticleChange::None) };
        let incoming = Incoming::new(capture, &at, &site, joined, &key)?;
        if held.record == incoming.record {
            return Ok(ArticleChange::Same);
        }
        if held.content_digest != incoming.content_digest && held.is_whole()? {
            self.add_version(held.id, &incoming)?;
            self.write(
                "UPDATE article_versions SET pages = ?3, page_digest = (SELECT v.page_digest FROM article_versions v \
                 WHERE v.id = ?2) WHERE id = (SELECT version_id FROM articles WHERE id = ?1)",
                params![held.id, held.version, list(pages)],
            )?;
            return Ok(ArticleChange::Changed);
        }
        self.write(
            "UPDATE article_versions SET record = ?2, content_digest = ?3, pages = ?4, \
             page_digest = coalesce(page_digest, content_digest) WHERE id = ?1",
            params![held.version, incoming.record, incoming.content_digest, list(pages)],
        )?;
        self.describe_article(held.id, &incoming)?;
        Ok(ArticleChange::Same)
    }
    /// Versions whose records were joined from several pages, of these sites (all where none is named).
    pub fn joined_versions(&self, sites: &[String]) -> Result<Vec<JoinedVersion>, Error> {
        let sql = "SELECT v.id, a.id, a.key, a.site, a.version_id = v.id, v.pages, v.record, v.capture_id, c.captured_at \
             FROM article_versions v JOIN articles a ON a.id = v.article_id JOIN captures c ON c.id = v.capture_id \
             WHERE v.pages IS NOT NULL ORDER BY v.id";
        let rows = all(&self.connection, sql, [], |row| {
            let pages: String = row.get(5)?;
            Ok(JoinedVersion {
                version: row.get(0)?,
                article: row.get(1)?,
                key: row.get(2)?,
                site: row.get(3)?,
                current: row.get(4)?,
                pages: serde_json::from_str(&pages).unwrap_or_default(),
                record: row.get(6)?,
                capture: row.get(7)?,
                at: row.get(8)?,
            })
        })?;
        Ok(rows.into_iter().filter(|row| sites.is_empty() || sites.contains(&row.site)).collect())
    }

    /// What a capture answered, its payload read back.
    pub fn answer_of(&self, dir: &Path, capture: i64) -> Result<Option<HeldAnswer>, Error> {
        HeldAnswer::of(&self.connection, dir, capture)
    }

    /// Puts another reading of a joined version's pages in the place of its record, unless `dry`; gives the names of the
    /// fields that differ.
    pub fn join_again(&self, held: &JoinedVersion, article: &Article, dry: bool) -> Result<Vec<String>, Error> {
        let incoming = Incoming::new(held.capture, &held.at, &held.site, article, &held.key)?;
        if held.record == incoming.record {
            return Ok(Vec::new());
        }
        if !dry {
            self.write(
                "UPDATE article_versions SET record = ?2, content_digest = ?3 WHERE id = ?1",
                params![held.version, incoming.record, incoming.content_digest],
            )?;
            if held.current {
                self.describe_article(held.article, &incoming)?;
            }
        }
        let value = |record: &str| serde_json::from_str(record).unwrap_or_default();
        Ok(differing(&value(&held.record), &value(&incoming.record)))
    }
}

fn list(pages: &[i64]) -> String {
    serde_json::Value::from(pages).to_string()
}

/// A version whose record was joined from several pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinedVersion {
    version: i64,
    article: i64,
    key: String,
    /// Its site.
    pub site: String,
    current: bool,
    /// The captures of its pages.
    pub pages: Vec<i64>,
    record: String,
    /// The capture that proves it.
    pub capture: i64,
    at: String,
}

impl JoinedVersion {
    /// Whether a further page could not be had.
    pub fn is_cut_short(&self) -> bool {
        let record: Option<Article> = serde_json::from_str(&self.record).ok();
        record.is_some_and(|record| !record.is_whole() && !record.goes_on())
    }
}
