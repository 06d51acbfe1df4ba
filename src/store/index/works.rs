//! Works kept current, one article at a time, in the transaction that stores the article.
//!
//! An article's text is compared with those it shares a key with; the pairs found are kept; then the works of all that
//! hangs together with the article, before and after, are made anew from the pairs. [`crate::near`] decides, purely by the
//! texts, so the result is the one [`Index::rebuild_works`] computes from nothing.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params;

use super::{Error, Index};
use crate::domain::article::Article;
use crate::near::{self, Comparison, Edge, Rulings, Sketch, Text, Verdict};

/// The value of `meta` that tells which version of [`near`] the works were kept by.
const VERSION: &str = "works_version";
/// The one that names the rulings they were kept by.
const RULINGS: &str = "works_rulings";

/// Surer than any comparison.
const RULED: f64 = 2.0;

/// An article as works are made of it: in the order of the fields.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Member {
    first_seen: String,
    key: String,
    id: i64,
}

/// Whatever hangs together by pairs and rulings.
#[derive(Default)]
struct Company {
    members: BTreeSet<Member>,
    /// By text: its articles.
    texts: BTreeMap<i64, Vec<Member>>,
    /// Pairs of texts found to be one work, with their scores.
    pairs: Vec<(i64, i64, f64)>,
    /// Articles a person brought together or held apart.
    ruled: Vec<(Verdict, i64, i64)>,
}

impl Index {
    /// Brings the works up to date with an article whose current record is this one.
    pub(super) fn keep_work(&self, article_id: i64, article: &Article) -> Result<(), Error> {
        let text = Text::of(article);
        let id = text.as_ref().map(Text::id);
        let before = self.text_of(article_id)?;
        if before == id && before.is_some() {
            return Ok(());
        }
        if before.is_none() && self.join_known(article_id, id)? {
            return Ok(());
        }
        let mut touched = BTreeSet::from([article_id]);
        if before != id {
            if let Some(before) = before {
                touched.extend(self.company_of(article_id)?.members.into_iter().map(|member| member.id));
                self.detach_text(article_id, before)?;
            }
            if let (Some(text), Some(id)) = (&text, id) {
                self.attach_text(article_id, id, text)?;
            }
        }
        self.make_works(touched)
    }

    /// Applies what was ruled about an article that has been read at an address.
    pub(super) fn rule_work(&self, article: i64) -> Result<(), Error> {
        if self.has_rulings()? { self.make_works(BTreeSet::from([article])) } else { Ok(()) }
    }

    /// An article new to the archive whose very text is held belongs to that text's work, and only one seen earlier than
    /// the work's first could change more than that: a text that six hundred sites repost costs each of them little.
    fn join_known(&self, article: i64, text: Option<i64>) -> Result<bool, Error> {
        let Some(text) = text else { return Ok(false) };
        if self.has_rulings()? {
            return Ok(false);
        }
        let sql = "SELECT a.work_id FROM article_texts t JOIN articles a ON a.id = t.article_id WHERE t.text_id = ?1";
        let work: Option<String> = self.row(sql, [text], |row| row.get(0))?;
        let Some(work) = work else { return Ok(false) };
        let joined = self.write(
            "UPDATE articles SET work_id = ?2 WHERE id = ?1 AND (first_seen, key) > \
             (SELECT first_seen, key FROM articles WHERE work_id = ?2 ORDER BY first_seen, key LIMIT 1)",
            params![article, work],
        )?;
        if joined == 0 {
            return Ok(false);
        }
        self.write("INSERT INTO article_texts (article_id, text_id) VALUES (?1, ?2)", params![article, text])?;
        Ok(true)
    }

    /// Computes all works from the articles' records, where another version of the program kept them.
    pub(in crate::store) fn renew_works(&self) -> Result<(), Error> {
        let held: Option<String> = self.row("SELECT value FROM meta WHERE key = ?1", [VERSION], |row| row.get(0))?;
        if held.as_deref() == Some(&near::VERSION.to_string()) {
            return Ok(());
        }
        self.begin()?;
        let done = self.rebuild_works().and_then(|()| self.set_meta(VERSION, &near::VERSION.to_string()));
        done.and_then(|()| self.commit()).inspect_err(|_| self.rollback().unwrap_or_default())
    }

    /// Computes all works from the articles' records, as if nothing were known of them.
    pub fn rebuild_works(&self) -> Result<(), Error> {
        for table in ["text_pairs", "text_keys", "article_texts", "texts"] {
            self.batch(&format!("DELETE FROM {table}"), "forgetting works")?;
        }
        let articles = self.article_ids()?;
        for article in &articles {
            if let Some(text) = self.read_text(*article)? {
                self.attach_text(*article, text.id(), &text)?;
            }
        }
        self.make_works(articles.into_iter().collect())
    }

    /// Takes over what `works.toml` says, where it has changed, and makes the works anew by it.
    pub fn rule_works(&self, rulings: &Rulings) -> Result<(), Error> {
        let held: Option<String> = self.row("SELECT value FROM meta WHERE key = ?1", [RULINGS], |row| row.get(0))?;
        if held.unwrap_or_default() == rulings.digest {
            return Ok(());
        }
        self.begin()?;
        let done =
            self.write_rulings(rulings).and_then(|()| self.make_works(self.article_ids()?.into_iter().collect()));
        done.and_then(|()| self.commit()).inspect_err(|_| self.rollback().unwrap_or_default())
    }

    fn write_rulings(&self, rulings: &Rulings) -> Result<(), Error> {
        self.write("DELETE FROM work_rulings", [])?;
        for ruling in &rulings.list {
            self.write(
                "INSERT INTO work_rulings (verdict, a, b, who, why) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![ruling.verdict.as_str(), ruling.a.as_str(), ruling.b.as_str(), ruling.who, ruling.why],
            )?;
        }
        self.set_meta(RULINGS, &rulings.digest)
    }

    pub(super) fn set_meta(&self, key: &str, value: &str) -> Result<(), Error> {
        let sql = "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2";
        self.write(sql, params![key, value])?;
        Ok(())
    }

    fn article_ids(&self) -> Result<Vec<i64>, Error> {
        self.rows("SELECT id FROM articles ORDER BY id", [], |row| row.get(0))
    }

    fn has_rulings(&self) -> Result<bool, Error> {
        Ok(self.row("SELECT 1 FROM work_rulings", [], |_| Ok(()))?.is_some())
    }

    fn text_of(&self, article: i64) -> Result<Option<i64>, Error> {
        self.row("SELECT text_id FROM article_texts WHERE article_id = ?1", [article], |row| row.get(0))
    }

    /// The article has this text; a text not held yet is compared with all that may be like it.
    fn attach_text(&self, article: i64, id: i64, text: &Text) -> Result<(), Error> {
        let known = self.row("SELECT 1 FROM texts WHERE id = ?1", [id], |_| Ok(()))?.is_some();
        if !known {
            let (sketch, keys) = Sketch::with_keys(text);
            for other in self.candidates(&keys, &sketch)? {
                let Some(held) = self.held_text(other)? else { continue };
                // One order for both, so that the evidence does not depend on which came first.
                let found = if id < other { near::one(text, &held) } else { near::one(&held, text) };
                if let Some(found) = found {
                    self.write_pair(id.min(other), id.max(other), &found)?;
                }
            }
            self.write_text(id, &sketch, &keys)?;
        }
        self.write("INSERT INTO article_texts (article_id, text_id) VALUES (?1, ?2)", params![article, id])?;
        Ok(())
    }

    /// Texts that share a key and, by their sketches, more than that.
    fn candidates(&self, keys: &[i64], sketch: &Sketch) -> Result<BTreeSet<i64>, Error> {
        let mut found: BTreeSet<i64> = BTreeSet::new();
        for key in keys {
            found.extend(self.rows("SELECT text_id FROM text_keys WHERE key = ?1", [key], |row| row.get::<_, i64>(0))?);
        }
        let mut like = BTreeSet::new();
        for text in found {
            let held = self.row("SELECT shingles, sketch FROM texts WHERE id = ?1", [text], |row| {
                Ok(Sketch::from_bytes(row.get(0)?, &row.get::<_, Vec<u8>>(1)?))
            })?;
            like.extend(held.filter(|held| held.may_contain(sketch)).map(|_| text));
        }
        Ok(like)
    }

    fn write_text(&self, id: i64, sketch: &Sketch, keys: &[i64]) -> Result<(), Error> {
        let stored: Vec<u8> = keys.iter().flat_map(|key| key.to_le_bytes()).collect();
        self.write(
            "INSERT INTO texts (id, shingles, sketch, keys) VALUES (?1, ?2, ?3, ?4)",
            params![id, sketch.shingles, sketch.to_bytes(), stored],
        )?;
        for key in keys {
            self.write("INSERT INTO text_keys (key, text_id) VALUES (?1, ?2)", params![key, id])?;
        }
        Ok(())
    }

    fn write_pair(&self, a: i64, b: i64, found: &Comparison) -> Result<(), Error> {
        let evidence = serde_json::to_string(&found.evidence)
            .map_err(|error| Error::Damaged { table: "text_pairs", what: error.to_string() })?;
        self.write(
            "INSERT INTO text_pairs (a, b, same, score, evidence) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![a, b, found.same, found.score, evidence],
        )?;
        Ok(())
    }

    /// The article has this text no more; a text no article has is forgotten.
    fn detach_text(&self, article: i64, text: i64) -> Result<(), Error> {
        self.write("DELETE FROM article_texts WHERE article_id = ?1", [article])?;
        let held = self.row("SELECT 1 FROM article_texts WHERE text_id = ?1", [text], |_| Ok(()))?;
        if held.is_some() {
            return Ok(());
        }
        let keys: Option<Vec<u8>> = self.row("SELECT keys FROM texts WHERE id = ?1", [text], |row| row.get(0))?;
        for key in keys.unwrap_or_default().as_chunks().0 {
            let key = i64::from_le_bytes(*key);
            self.write("DELETE FROM text_keys WHERE key = ?1 AND text_id = ?2", params![key, text])?;
        }
        self.write("DELETE FROM text_pairs WHERE a = ?1", [text])?;
        self.write("DELETE FROM text_pairs WHERE b = ?1", [text])?;
        self.write("DELETE FROM texts WHERE id = ?1", [text])?;
        Ok(())
    }

    /// Makes the works of these articles, and of all that hang together with them, anew.
    fn make_works(&self, mut articles: BTreeSet<i64>) -> Result<(), Error> {
        while let Some(article) = articles.pop_first() {
            let company = self.company_of(article)?;
            for (member, work) in company.works() {
                articles.remove(&member);
                self.write(
                    "UPDATE articles SET work_id = ?2 WHERE id = ?1 AND work_id <> ?2",
                    params![member, near::work_id(work)],
                )?;
            }
        }
        Ok(())
    }

    /// All that hangs together with an article.
    fn company_of(&self, article: i64) -> Result<Company, Error> {
        let rulings = self.has_rulings()?;
        let mut company = Company::default();
        let mut waiting = BTreeSet::from([article]);
        let mut seen = BTreeSet::new();
        while let Some(article) = waiting.pop_first() {
            if !seen.insert(article) {
                continue;
            }
            let sql = "SELECT first_seen, key, id FROM articles WHERE id = ?1";
            company.members.extend(self.row(sql, [article], member_columns)?);
            if let Some(text) = self.text_of(article)? {
                waiting.extend(self.join_text(&mut company, text)?);
            }
            if rulings {
                let ruled = self.rulings_on(article)?;
                let same = ruled.iter().filter(|(verdict, ..)| *verdict == Verdict::Same);
                waiting.extend(same.map(|(_, _, other)| *other));
                company.ruled.extend(ruled);
            }
        }
        Ok(company)
    }

    /// Notes a text with its articles and pairs; gives the articles it leads to.
    fn join_text(&self, company: &mut Company, text: i64) -> Result<BTreeSet<i64>, Error> {
        let mut articles = BTreeSet::new();
        let mut texts = BTreeSet::from([text]);
        while let Some(text) = texts.pop_first() {
            if company.texts.contains_key(&text) {
                continue;
            }
            let mut members = self.rows(
                "SELECT a.first_seen, a.key, a.id FROM article_texts t JOIN articles a ON a.id = t.article_id \
                 WHERE t.text_id = ?1",
                [text],
                member_columns,
            )?;
            members.sort();
            articles.extend(members.iter().map(|member| member.id));
            company.texts.insert(text, members);
            let pairs: Vec<(i64, i64, f64)> = self.rows(
                "SELECT a, b, score FROM text_pairs WHERE a = ?1 AND same \
                 UNION ALL SELECT a, b, score FROM text_pairs WHERE b = ?1 AND same",
                [text],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )?;
            texts.extend(pairs.iter().flat_map(|(a, b, _)| [*a, *b]));
            // Each pair once: it is met from both its texts.
            company.pairs.extend(pairs.into_iter().filter(|(a, ..)| *a == text));
        }
        Ok(articles)
    }

    fn rulings_on(&self, article: i64) -> Result<Vec<(Verdict, i64, i64)>, Error> {
        let rows: Vec<(String, i64)> = self.rows(
            "SELECT r.verdict, o.article_id FROM article_urls u JOIN work_rulings r ON r.a = u.url \
             JOIN article_urls o ON o.url = r.b WHERE u.article_id = ?1 \
             UNION SELECT r.verdict, o.article_id FROM article_urls u JOIN work_rulings r ON r.b = u.url \
             JOIN article_urls o ON o.url = r.a WHERE u.article_id = ?1",
            [article],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let verdict = |word: &str| {
            if word == Verdict::Same.as_str() { Verdict::Same } else { Verdict::Different }
        };
        Ok(rows.into_iter().map(|(word, other)| (verdict(&word), article, other)).collect())
    }
}

fn member_columns(row: &rusqlite::Row<'_>) -> rusqlite::Result<Member> {
    Ok(Member { first_seen: row.get(0)?, key: row.get(1)?, id: row.get(2)? })
}

impl Company {
    /// Each article with the key its work is named by.
    fn works(&self) -> Vec<(i64, &str)> {
        let members: Vec<&Member> = self.members.iter().collect();
        let place = |id: i64| members.iter().position(|member| member.id == id);
        let mut edges = Vec::new();
        let mut edge = |a: i64, b: i64, score: f64| {
            if let (Some(a), Some(b)) = (place(a), place(b)) {
                edges.push(Edge { a: a.min(b), b: a.max(b), score });
            }
        };
        for held in self.texts.values() {
            if let Some((first, others)) = held.split_first() {
                for other in others {
                    edge(first.id, other.id, 1.0);
                }
            }
        }
        let first = |text: &i64| self.texts.get(text).and_then(|held| held.first());
        for (a, b, score) in &self.pairs {
            if let (Some(a), Some(b)) = (first(a), first(b)) {
                edge(a.id, b.id, *score);
            }
        }
        for (_, a, b) in self.ruled.iter().filter(|(verdict, ..)| *verdict == Verdict::Same) {
            edge(*a, *b, RULED);
        }
        let apart = self.ruled.iter().filter(|(verdict, ..)| *verdict == Verdict::Different);
        let apart: Vec<_> = apart.filter_map(|(_, a, b)| Some((place(*a)?, place(*b)?))).collect();
        let works = near::cluster(members.len(), &edges, &apart);
        let named = members.iter().zip(works);
        named.filter_map(|(member, work)| Some((member.id, members.get(work)?.key.as_str()))).collect()
    }
}
