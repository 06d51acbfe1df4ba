//! The words of articles, kept current in the transaction that stores the article, at its end.
//!
//! FTS5 holds what it is given in memory until its transaction ends, or until any statement of it begins a savepoint, as
//! every second of ours does: then all of it is written out as a segment of its own, to be merged later. So the words of
//! a group of visits wait for the group's other rows.

use std::cell::RefCell;

use rusqlite::params;

use super::{Error, Index};
use crate::domain::article::Article;
use crate::segment;

/// The value of `meta` that tells which version of [`segment`] the words were cut by.
const META: &str = "search_version";
/// Changes with every change to how texts are cut.
const VERSION: &str = "2";

/// Articles read at once when all are indexed.
const BATCH: i64 = 256;

/// The tables: every two units in a row, and single units.
const TABLES: [&str; 2] = ["search", "search_units"];

/// Articles whose words may wait: a rebuilt index has thousands in a transaction.
const WAITING: usize = 64;

/// What is searched, cut into the words of a table: title, body, reflections, people, units, source.
type Words = [String; 6];

/// Articles of a transaction whose words are still to be written: for each its id, and its words in each of [`TABLES`].
#[derive(Debug, Default)]
pub(super) struct Waiting(RefCell<Vec<(i64, [Words; 2])>>);

impl Waiting {
    /// Forgets them with the transaction they belong to.
    pub(super) fn forget(&self) {
        self.0.take();
    }
}

fn words(article: &Article) -> [Words; 2] {
    let lines = |lines: &mut dyn Iterator<Item = &str>| lines.collect::<Vec<_>>().join("\n");
    let reflections = &article.reflections;
    let fields = [
        article.title.as_deref().unwrap_or_default(),
        &article.body,
        &lines(&mut reflections.iter().map(|reflection| reflection.text.as_str())),
        &lines(&mut reflections.iter().flat_map(|reflection| &reflection.people).map(String::as_str)),
        &lines(&mut reflections.iter().filter_map(|reflection| reflection.affiliation.as_deref())),
        article.source.as_deref().unwrap_or_default(),
    ];
    let units = fields.map(segment::units);
    [units.each_ref().map(|units| segment::pairs(units)), units.each_ref().map(|units| segment::singles(units))]
}

impl Index {
    /// Brings the words of an article up to date when the transaction ends.
    pub(super) fn keep_words(&self, id: i64, article: &Article) -> Result<(), Error> {
        let many = {
            let mut waiting = self.waiting.0.borrow_mut();
            waiting.retain(|(other, _)| *other != id);
            waiting.push((id, words(article)));
            waiting.len() >= WAITING
        };
        if many { self.write_waiting_words() } else { Ok(()) }
    }

    /// Writes what waits; one table after the other, each with nothing in between.
    pub fn write_waiting_words(&self) -> Result<(), Error> {
        let waiting = self.waiting.0.take();
        for (at, table) in TABLES.into_iter().enumerate() {
            for (id, _) in &waiting {
                self.write(&format!("DELETE FROM {table} WHERE rowid = ?1"), [id])?;
            }
            for (id, words) in &waiting {
                words.get(at).map_or(Ok(()), |words| self.write_words(table, *id, words))?;
            }
        }
        Ok(())
    }

    fn write_words(&self, table: &str, id: i64, words: &Words) -> Result<(), Error> {
        let [title, body, reflection, person, unit, source] = words;
        self.write(
            &format!(
                "INSERT INTO {table} (rowid, title, body, reflection, person, unit, source) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
            ),
            params![id, title, body, reflection, person, unit, source],
        )?;
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
        for table in TABLES {
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
                let words = words(&article);
                TABLES.iter().zip(&words).try_for_each(|(table, words)| self.write_words(table, id, words))?;
            }
        }
    }
}
