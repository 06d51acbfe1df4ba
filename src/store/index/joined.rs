//! The record of an article of several pages, joined, in place of page one's.

use rusqlite::params;
use url::Url;

use super::articles::Incoming;
use super::{Error, Index};
use crate::domain::article::Article;
use crate::domain::visit::ArticleChange;

impl Index {
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
