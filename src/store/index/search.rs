//! The words of articles, kept current in the transaction that stores the article.

use rusqlite::params;

use super::{Error, Index};
use crate::domain::article::Article;
use crate::segment;

/// The value of `meta` that tells which version of [`segment`] the words were cut by.
const META: &str = "search_version";
/// Changes with every change to how texts are cut.
const VERSION: &str = "1";

/// Articles read at once when all are indexed.
const BATCH: i64 = 256;

impl Index {
    /// Brings the words of an article up to date.
    pub(super) fn keep_words(&self, id: i64, article: &Article) -> Result<(), Error> {
        self.write("DELETE FROM search WHERE rowid = ?1", [id])?;
        self.write("DELETE FROM search_units WHERE rowid = ?1", [id])?;
        self.write_words(id, article)
    }

    fn write_words(&self, id: i64, article: &Article) -> Result<(), Error> {
        let lines = |lines: &mut dyn Iterator<Item = &str>| lines.collect::<Vec<_>>().join("\n");
        let reflections = &article.reflections;
        let fields = [
            article.title.clone().unwrap_or_default(),
            article.body.clone(),
            lines(&mut reflections.iter().map(|reflection| reflection.text.as_str())),
            lines(&mut reflections.iter().flat_map(|reflection| &reflection.people).map(String::as_str)),
            lines(&mut reflections.iter().filter_map(|reflection| reflection.affiliation.as_deref())),
            article.source.clone().unwrap_or_default(),
        ];
        for (table, cut) in [("search", segment::pairs as fn(&str) -> String), ("search_units", segment::singles)] {
            let [title, body, reflection, person, unit, source] = fields.each_ref().map(|field| cut(field));
            self.write(
                &format!(
                    "INSERT INTO {table} (rowid, title, body, reflection, person, unit, source) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
                ),
                params![id, title, body, reflection, person, unit, source],
            )?;
        }
        Ok(())
    }

    /// Indexes all articles, where another version of the program cut their words.
    pub(in crate::store) fn renew_words(&self) -> Result<(), Error> {
        let held: Option<String> = self.row("SELECT value FROM meta WHERE key = ?1", [META], |row| row.get(0))?;
        if held.as_deref() == Some(VERSION) {
            return Ok(());
        }
        self.begin()?;
        let done = self.rebuild_words().and_then(|()| self.set_meta(META, VERSION));
        done.and_then(|()| self.commit()).inspect_err(|_| self.rollback().unwrap_or_default())
    }

    /// Indexes the current records of all articles, as if nothing were indexed.
    pub fn rebuild_words(&self) -> Result<(), Error> {
        for table in ["search", "search_units"] {
            self.batch(&format!("INSERT INTO {table} ({table}) VALUES ('delete-all')"), "forgetting words")?;
        }
        let mut behind = i64::MIN;
        loop {
            let records: Vec<(i64, String)> = self.rows(
                "SELECT a.id, v.record FROM articles a JOIN article_versions v ON v.id = a.version_id \
                 WHERE a.id > ?1 ORDER BY a.id LIMIT ?2",
                [behind, BATCH],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            let Some((last, _)) = records.last() else { return Ok(()) };
            behind = *last;
            for (id, record) in records {
                let article: Article = serde_json::from_str(&record).map_err(|error| Error::Damaged {
                    table: "article_versions",
                    what: format!("article {id}: {error}"),
                })?;
                self.write_words(id, &article)?;
            }
        }
    }
}
