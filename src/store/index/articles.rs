//! Rows of articles: the article, its versions, and the lists of the current one.

use rusqlite::params;

use super::captures::Seen;
use super::{Error, Index, tombstones};
use crate::dedup;
use crate::domain::address;
use crate::domain::article::Article;
use crate::domain::extraction::Extraction;
use crate::domain::time::Timestamp;
use crate::domain::visit::{ArticleChange, Outcome};
use crate::near;
use crate::store::text::{Text, json, text};

/// What is held of an article.
pub(super) struct Held {
    pub(super) id: i64,
    url: Option<String>,
    pub(super) content_digest: String,
    /// Of page one alone, where the record was joined from several pages.
    page_digest: Option<String>,
    pub(super) version: i64,
    payload_digest: Option<String>,
    pub(super) record: String,
}

impl Held {
    /// Whether the record holds every page of the article.
    pub(super) fn is_whole(&self) -> Result<bool, Error> {
        let record: Article = serde_json::from_str(&self.record).map_err(|error| Error::Damaged {
            table: "article_versions",
            what: format!("{}: {error}", self.version),
        })?;
        Ok(record.is_whole())
    }

    /// Whether a reading says what the article said before. Where the record was joined from several pages, the reading
    /// of a page one that goes on is beside page one as it was.
    fn says(&self, incoming: &Incoming<'_>) -> bool {
        incoming.content_digest
            == *self.page_digest.as_ref().filter(|_| incoming.article.goes_on()).unwrap_or(&self.content_digest)
    }
}

/// An article on its way into the index.
pub(super) struct Incoming<'a> {
    /// The capture that proves it.
    pub(super) capture: i64,
    /// When that was made.
    pub(super) at: &'a str,
    pub(super) site: &'a str,
    pub(super) article: &'a Article,
    pub(super) record: String,
    pub(super) content_digest: String,
}

impl<'a> Incoming<'a> {
    /// An article read from a capture, beside the key it is held under.
    pub(super) fn new(
        capture: i64,
        at: &'a str,
        site: &'a str,
        article: &'a Article,
        key: &str,
    ) -> Result<Self, Error> {
        let record = serde_json::to_string(article)
            .map_err(|error| Error::Damaged { table: "articles", what: format!("{key}: {error}") })?;
        Ok(Self { capture, at, site, article, record, content_digest: dedup::content_digest(article) })
    }
}

impl Index {
    pub(super) fn store_article(&self, seen: &Seen<'_>) -> Result<ArticleChange, Error> {
        let url = seen.visit.request.url.as_str();
        if let Some(kind) = tombstones::evidence(seen.visit.outcome, seen.visit.extraction.as_ref()) {
            if self.bury(seen, kind)? {
                self.write("UPDATE captures SET change = 'gone' WHERE id = ?1", params![seen.id])?;
            }
            return Ok(ArticleChange::None);
        }
        let (change, word) = match (&seen.visit.extraction, seen.visit.outcome) {
            (_, Outcome::TooOld) => (ArticleChange::None, None),
            (Some(extraction), _) => match extraction.record.article() {
                Some(article) => self.store_read_article(seen, extraction, article)?,
                None => (ArticleChange::None, None),
            },
            (None, Outcome::Unchanged) => {
                let held: Option<i64> =
                    self.row("SELECT article_id FROM article_urls WHERE url = ?1", [url], |row| row.get(0))?;
                if let Some(article) = held {
                    self.see(article, seen.id, &seen.at)?;
                    (ArticleChange::Same, Some("same"))
                } else {
                    (ArticleChange::None, None)
                }
            }
            (None, _) => (ArticleChange::None, None),
        };
        if let Some(word) = word {
            self.write("UPDATE captures SET change = ?2 WHERE id = ?1", params![seen.id, word])?;
        }
        Ok(change)
    }

    fn store_read_article(
        &self,
        seen: &Seen<'_>,
        extraction: &Extraction,
        article: &Article,
    ) -> Result<(ArticleChange, Option<&'static str>), Error> {
        let url = article.url.as_ref().unwrap_or(&seen.visit.request.url);
        let key = key(url, extraction.article_id.as_deref());
        let incoming = Incoming::new(seen.id, &seen.at, &seen.visit.request.site, article, &key)?;
        let (id, change) = match self.held_article(&key)? {
            None => (self.insert_article(&key, &incoming)?, ArticleChange::New),
            Some(held) => (held.id, self.update_article(&held, &incoming)?),
        };
        self.name_url(seen.visit.request.url.as_str(), id)?;
        self.rule_work(id)?;
        let word = match change {
            ArticleChange::New => "new",
            ArticleChange::Changed => "changed",
            ArticleChange::Same | ArticleChange::None => "same",
        };
        Ok((change, Some(word)))
    }

    /// Notes that an article was read at this address.
    pub(super) fn name_url(&self, url: &str, article: i64) -> Result<(), Error> {
        self.write(
            "INSERT INTO article_urls (url, article_id) VALUES (?1, ?2) \
             ON CONFLICT (url) DO UPDATE SET article_id = ?2",
            params![url, article],
        )?;
        Ok(())
    }

    pub(super) fn held_article(&self, key: &str) -> Result<Option<Held>, Error> {
        self.row(
            "SELECT a.id, a.url, a.content_digest, v.page_digest, a.version_id, c.payload_digest, v.record \
             FROM articles a JOIN article_versions v ON v.id = a.version_id \
             JOIN captures c ON c.id = a.capture_id WHERE a.key = ?1",
            [key],
            |row| {
                Ok(Held {
                    id: row.get(0)?,
                    url: row.get(1)?,
                    content_digest: row.get(2)?,
                    page_digest: row.get(3)?,
                    version: row.get(4)?,
                    payload_digest: row.get(5)?,
                    record: row.get(6)?,
                })
            },
        )
    }

    fn insert_article(&self, key: &str, incoming: &Incoming<'_>) -> Result<i64, Error> {
        let article = incoming.article;
        let id = self.insert(
            "INSERT INTO articles (key, family, content_digest, work_id, version_id, versions, capture_id, \
             first_seen, last_seen) VALUES (?1, ?2, ?3, ?4, 0, 0, ?5, ?6, ?6)",
            params![
                Text::from(key),
                Text::from(article.family.as_str()),
                incoming.content_digest,
                near::work_id(key),
                incoming.capture,
                incoming.at,
            ],
        )?;
        self.add_version(id, incoming)?;
        Ok(id)
    }

    /// What the page's new reading does to the article. Another payload with another content is a new version; the
    /// same payload read better, or the same content in another payload, replaces the record of the current one.
    fn update_article(&self, held: &Held, incoming: &Incoming<'_>) -> Result<ArticleChange, Error> {
        self.see(held.id, incoming.capture, incoming.at)?;
        let same_content = held.says(incoming);
        if !same_content && held.payload_digest != self.payload_of(incoming.capture)? {
            match self.earlier_version(held.id, incoming)? {
                Some(version) => self.return_to(held.id, version, incoming)?,
                None => self.add_version(held.id, incoming)?,
            }
            return Ok(ArticleChange::Changed);
        }
        if same_content && held.content_digest != incoming.content_digest {
            // Page one of a joined record: the whole stands until its pages are joined again.
            return Ok(ArticleChange::Same);
        }
        // The article linked from two columns is one article; its record does not swing between the two addresses.
        let same_place = held.url.as_deref() == incoming.article.url.as_ref().map(url::Url::as_str);
        if held.record != incoming.record && (same_place || !same_content) {
            self.replace_record(held.version, incoming)?;
            self.describe_article(held.id, incoming)?;
        }
        Ok(ArticleChange::Same)
    }

    /// Another reading of a version in the place of its record.
    pub(super) fn replace_record(&self, version: i64, incoming: &Incoming<'_>) -> Result<(), Error> {
        self.write(
            "UPDATE article_versions SET record = ?2, content_digest = ?3, page_digest = NULL, pages = NULL WHERE id = ?1",
            params![version, incoming.record, incoming.content_digest],
        )?;
        Ok(())
    }

    fn payload_of(&self, capture: i64) -> Result<Option<String>, Error> {
        Ok(self.row("SELECT payload_digest FROM captures WHERE id = ?1", [capture], |row| row.get(0))?.flatten())
    }

    /// The version of this article that said the same, where one did. Page one alone does not say which text is back, so
    /// an article that goes on, and a version joined from several pages, are left out.
    fn earlier_version(&self, id: i64, incoming: &Incoming<'_>) -> Result<Option<i64>, Error> {
        if incoming.article.goes_on() {
            return Ok(None);
        }
        self.row(
            "SELECT id FROM article_versions WHERE article_id = ?1 AND content_digest = ?2 AND page_digest IS NULL \
             ORDER BY ordinal LIMIT 1",
            params![id, incoming.content_digest],
            |row| row.get(0),
        )
    }

    /// An earlier text is back: it is the version it was.
    fn return_to(&self, id: i64, version: i64, incoming: &Incoming<'_>) -> Result<(), Error> {
        self.replace_record(version, incoming)?;
        self.show(id, version, incoming)
    }

    /// From this capture on the article shows this version.
    fn show(&self, id: i64, version: i64, incoming: &Incoming<'_>) -> Result<(), Error> {
        self.write(
            "UPDATE articles SET version_id = ?2, capture_id = ?3 WHERE id = ?1",
            params![id, version, incoming.capture],
        )?;
        self.write(
            "INSERT INTO appearances (article_id, ordinal, version_id, capture_id, began_at) VALUES (?1, \
             (SELECT coalesce(max(ordinal), 0) + 1 FROM appearances WHERE article_id = ?1), ?2, ?3, ?4)",
            params![id, version, incoming.capture, incoming.at],
        )?;
        self.describe_article(id, incoming)
    }

    pub(super) fn add_version(&self, id: i64, incoming: &Incoming<'_>) -> Result<(), Error> {
        let version = self.insert(
            "INSERT INTO article_versions (article_id, ordinal, capture_id, content_digest, record) \
             SELECT id, versions + 1, ?2, ?3, ?4 FROM articles WHERE id = ?1",
            params![id, incoming.capture, incoming.content_digest, incoming.record],
        )?;
        self.write("UPDATE articles SET versions = versions + 1 WHERE id = ?1", [id])?;
        self.show(id, version, incoming)
    }

    /// Columns and lists of the current version.
    pub(super) fn describe_article(&self, id: i64, incoming: &Incoming<'_>) -> Result<(), Error> {
        let article = incoming.article;
        self.write(
            "UPDATE articles SET url = ?2, site = ?3, family = ?4, title = ?5, source = ?6, published_at = ?7, \
             published_on = ?8, content_digest = ?9, goes_on = ?10 WHERE id = ?1",
            params![
                id,
                article.url.as_ref().map(url::Url::as_str),
                Text::from(incoming.site),
                Text::from(article.family.as_str()),
                text(article.title.as_deref()),
                text(article.source.as_deref()),
                article.published_at.map(|at| at.to_string()),
                article.published_at.map(Timestamp::china_date).map(|day| day.to_string()),
                incoming.content_digest,
                article.goes_on(),
            ],
        )?;
        self.clear_lists(id)?;
        self.write_reflections(id, article)?;
        self.write_lists(id, article)?;
        self.keep_work(id, article)?;
        self.keep_words(id, article)
    }

    fn clear_lists(&self, id: i64) -> Result<(), Error> {
        for sql in [
            "DELETE FROM reflections WHERE article_id = ?1",
            "DELETE FROM people WHERE article_id = ?1",
            "DELETE FROM credits WHERE article_id = ?1",
            "DELETE FROM images WHERE article_id = ?1",
            "DELETE FROM attachments WHERE article_id = ?1",
            "DELETE FROM topics WHERE article_id = ?1",
        ] {
            self.write(sql, [id])?;
        }
        Ok(())
    }

    fn write_reflections(&self, id: i64, article: &Article) -> Result<(), Error> {
        for (ordinal, reflection) in (1_i64..).zip(&article.reflections) {
            let facets = &reflection.facets;
            self.write(
                "INSERT INTO reflections VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
                params![
                    id,
                    ordinal,
                    json(&reflection.people),
                    text(reflection.affiliation.as_deref()),
                    text(facets.degree.as_deref()),
                    text(facets.year.as_deref()),
                    text(facets.major.as_deref()),
                    text(facets.class.as_deref()),
                    text(facets.branch.as_deref()),
                    text(facets.unit.as_deref()),
                    text(reflection.role.as_deref()),
                    reflection.kind.as_str(),
                    Text::from(reflection.text.as_str()),
                    i64::try_from(reflection.start).unwrap_or(i64::MAX),
                    i64::try_from(reflection.end).unwrap_or(i64::MAX),
                ],
            )?;
            for name in &reflection.people {
                self.write(
                    "INSERT OR IGNORE INTO people VALUES (?1, ?2, ?3)",
                    params![Text::from(name.as_str()), id, ordinal],
                )?;
            }
        }
        Ok(())
    }

    fn write_lists(&self, id: i64, article: &Article) -> Result<(), Error> {
        for (ordinal, credit) in (1_i64..).zip(&article.credits) {
            let role = Text::from(credit.role.as_str());
            self.write("INSERT INTO credits VALUES (?1, ?2, ?3, ?4)", params![id, ordinal, role, json(&credit.names)])?;
        }
        self.write_media(id, article)?;
        for topic in &article.topics {
            self.write("INSERT OR IGNORE INTO topics VALUES (?1, ?2)", params![id, Text::from(topic.as_str())])?;
        }
        Ok(())
    }
}

/// The article's identity, spelled out: (host, the CMS's id), else the normalised URL.
pub(super) fn key(url: &url::Url, article_id: Option<&str>) -> String {
    match (article_id, url.host_str()) {
        (Some(id), Some(host)) => format!("cms:{host}:{id}"),
        _ => format!("url:{}", address::normalise(url)),
    }
}
