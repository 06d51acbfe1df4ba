//! The record of an article of several pages, joined, in place of page one's.

use std::path::Path;

use rusqlite::params;
use url::Url;

use super::articles::Incoming;
use super::{Error, Index};
use crate::domain::article::Article;
use crate::domain::digest::RecordId;
use crate::domain::visit::ArticleChange;
use crate::store::HeldAnswer;

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

    /// What this record answered to this URL, its payload read back from the WARC file that holds it.
    pub fn answer(&self, dir: &Path, url: &str, record: &RecordId) -> Result<Option<HeldAnswer>, Error> {
        let sql = "SELECT id FROM captures WHERE url = ?1 AND record_id = ?2";
        let capture: Option<i64> = self.row(sql, params![url, record.as_str()], |row| row.get(0))?;
        capture.map_or(Ok(None), |capture| HeldAnswer::of(&self.connection, dir, capture))
    }

    /// Puts the record joined from all pages of an article in place of the one it has; `first` is where page one was
    /// captured. What only completes or rereads the current version replaces its record: page one's capture proves both.
    /// Where the record was whole before and a further page has been edited since, that is a new version.
    pub fn join_article(&self, first: &Url, joined: &Article) -> Result<ArticleChange, Error> {
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
                "UPDATE article_versions SET page_digest = (SELECT v.page_digest FROM article_versions v WHERE v.id = ?2) \
                 WHERE id = (SELECT version_id FROM articles WHERE id = ?1)",
                params![held.id, held.version],
            )?;
            return Ok(ArticleChange::Changed);
        }
        self.write(
            "UPDATE article_versions SET record = ?2, content_digest = ?3, \
             page_digest = coalesce(page_digest, content_digest) WHERE id = ?1",
            params![held.version, incoming.record, incoming.content_digest],
        )?;
        self.describe_article(held.id, &incoming)?;
        Ok(ArticleChange::Same)
    }
}
