//! Full-text search: a query to the articles for which it holds, best first.
//!
//! Every word gives the set of articles that have it; the sets are combined as the query says, so that the result is
//! exactly what stands in the texts. Rank comes after: BM25 for words that few articles have; a word that thousands have says
//! little, and reading its places in all of them costs more than it tells, so there a word in the title counts, and
//! beyond that the newest article comes first.

use std::collections::HashMap;

use rusqlite::Connection;

use super::pages::{Pages, Query as Rows};
use super::{Reader, articles};
use crate::domain::article::Article;
use crate::domain::held::{Filter, Found, HeldArticle};
use crate::segment::{self, Field, Leaf, Needle, Node, Query};
use crate::store::Error;
use crate::store::connection::all;

/// Articles up to which a word's places are read for ranking.
const RANKED: usize = 4096;
/// How much more a word in the title counts than one in the body.
const TITLE: f64 = 8.0;

/// Articles by id, one bit each.
#[derive(Clone, Default)]
struct Set(Vec<u64>);

impl Set {
    fn insert(&mut self, id: i64) {
        let Ok(id) = usize::try_from(id) else { return };
        if self.0.len() <= id / 64 {
            self.0.resize(id / 64 + 1, 0);
        }
        if let Some(word) = self.0.get_mut(id / 64) {
            *word |= 1 << (id % 64);
        }
    }

    fn contains(&self, id: i64) -> bool {
        usize::try_from(id).is_ok_and(|id| self.0.get(id / 64).is_some_and(|word| word >> (id % 64) & 1 == 1))
    }

    fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    fn and(mut self, other: &Self) -> Self {
        self.0.truncate(other.0.len());
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= other);
        self
    }

    fn or(mut self, other: &Self) -> Self {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
        self
    }

    fn without(mut self, other: &Self) -> Self {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= !other);
        self
    }

    fn ids(&self) -> impl Iterator<Item = i64> {
        let words = self.0.iter().zip((0_i64..).step_by(64));
        words.flat_map(|(word, from)| (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| from + bit))
    }
}

/// One search over one snapshot.
pub(super) struct Search<'c> {
    connection: &'c Connection,
    reader: &'c Reader,
    /// Every article.
    articles: Set,
    /// Articles that name somebody who is taken down: what they say is searched as it is shown.
    masked: Set,
}

impl<'c> Search<'c> {
    pub(super) fn new(reader: &'c Reader) -> Result<Self, Error> {
        let connection = &reader.connection;
        let every = if reader.hidden.is_some() {
            "SELECT rowid FROM search_units_docsize WHERE rowid IN (SELECT id FROM articles)"
        } else {
            "SELECT rowid FROM search_units_docsize"
        };
        let articles = ids(connection, every, None)?;
        let mut masked = Set::default();
        for needle in reader.takedown().persons().flat_map(spellings).filter_map(|name| Needle::of(&name)) {
            let (table, words) = match needle.single() {
                Some(unit) => ("search_units", format!("\"{unit}\"")),
                None => ("search", format!("\"{}\"", needle.tokens())),
            };
            let found = ids(connection, &format!("SELECT rowid FROM {table} WHERE {table} MATCH ?1"), Some(&words))?;
            masked = masked.or(&found);
        }
        let masked = masked.and(&articles);
        Ok(Self { connection, reader, articles, masked })
    }

    /// The articles for which the query and the filter hold, ascending.
    pub(super) fn matching(&self, query: &Query, filter: &Filter) -> Result<Vec<i64>, Error> {
        Ok(self.found(query, filter)?.ids().collect())
    }

    fn found(&self, query: &Query, filter: &Filter) -> Result<Set, Error> {
        let found = self.node(&query.root)?;
        if *filter == Filter::default() {
            return Ok(found);
        }
        let mut rows = Rows::new("SELECT a.id, a.id FROM articles a", "a.id, a.id");
        articles::filter(&mut rows, filter);
        let mut allowed = Set::default();
        for id in Pages::new(self.connection, rows, |row| crate::store::text::column::<i64>(row, "id")) {
            allowed.insert(id?);
        }
        Ok(found.and(&allowed))
    }

    fn node(&self, node: &Node) -> Result<Set, Error> {
        match node {
            Node::Leaf(leaf) => self.leaf(leaf, columns(leaf.field)),
            Node::All(nodes) => {
                let sets = nodes.iter().map(|node| self.node(node)).collect::<Result<Vec<_>, _>>()?;
                Ok(sets.iter().fold(self.articles.clone(), Set::and))
            }
            Node::Any(nodes) => {
                let sets = nodes.iter().map(|node| self.node(node)).collect::<Result<Vec<_>, _>>()?;
                Ok(sets.iter().fold(Set::default(), Set::or))
            }
            Node::Not(node) => Ok(self.articles.clone().without(&self.node(node)?)),
        }
    }

    fn leaf(&self, leaf: &Leaf, columns: &str) -> Result<Set, Error> {
        let (table, words) = asked(leaf, columns);
        let found = ids(self.connection, &format!("SELECT rowid FROM {table} WHERE {table} MATCH ?1"), Some(&words))?;
        if self.reader.hidden.is_none() {
            return Ok(found);
        }
        let found = found.and(&self.articles);
        let mut not = Set::default();
        for id in found.clone().and(&self.masked).ids() {
            let shown = said(&self.article(id)?.record, columns);
            if !shown.iter().any(|text| !leaf.needle.find(&segment::units(text)).is_empty()) {
                not.insert(id);
            }
        }
        Ok(found.without(&not))
    }

    /// So many of the best articles behind the first so many, and how many there are.
    pub(super) fn page(&self, query: &Query, filter: &Filter, offset: usize, limit: usize) -> Result<Found, Error> {
        let found = self.found(query, filter)?;
        let total = found.len();
        let mut scores: HashMap<i64, f64> = HashMap::new();
        for leaf in query.leaves() {
            self.score(leaf, &found, &mut scores)?;
        }
        let mut ranked: Vec<(i64, f64)> = scores.into_iter().collect();
        ranked.sort_by(|(id, score), (other, than)| than.total_cmp(score).then(other.cmp(id)));
        let rest = (offset + limit).saturating_sub(ranked.len());
        if rest > 0 && ranked.len() < total {
            let mut told = Set::default();
            for (id, _) in &ranked {
                told.insert(*id);
            }
            let newest = self.newest(&found.without(&told), rest)?;
            ranked.extend(newest.into_iter().map(|id| (id, 0.0)));
        }
        let page = ranked.into_iter().skip(offset).take(limit);
        let hits = page.map(|(id, score)| Ok((self.article(id)?, score))).collect::<Result<Vec<_>, Error>>()?;
        Ok(Found { total, hits })
    }

    /// Adds what a word tells of the articles found.
    fn score(&self, leaf: &Leaf, found: &Set, scores: &mut HashMap<i64, f64>) -> Result<(), Error> {
        let having = self.leaf(leaf, columns(leaf.field))?.len();
        let mut add = |(id, score): (i64, f64)| {
            if score > 0.0 && found.contains(id) {
                *scores.entry(id).or_default() += score;
            }
        };
        if having <= RANKED {
            let (table, words) = asked(leaf, columns(leaf.field));
            let sql = format!("SELECT rowid, -bm25({table}, {TITLE:.1}) FROM {table} WHERE {table} MATCH ?1");
            let rows: Vec<(i64, f64)> = all(self.connection, &sql, [words], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.into_iter().for_each(&mut add);
        } else if leaf.field.is_none_or(|field| field == Field::Title) {
            let rarity = rarity(self.articles.len(), having);
            self.leaf(leaf, columns(Some(Field::Title)))?.ids().for_each(|id| add((id, TITLE * rarity)));
        }
        Ok(())
    }

    /// The most recently published of these, at most so many; those without a date last.
    fn newest(&self, found: &Set, limit: usize) -> Result<Vec<i64>, Error> {
        let doing = |source| Error::Sqlite { doing: "asking the index", source };
        let sql = "SELECT id FROM articles ORDER BY published_on DESC, id DESC";
        let mut statement = self.connection.prepare_cached(sql).map_err(doing)?;
        let mut rows = statement.query([]).map_err(doing)?;
        let mut newest = Vec::new();
        while newest.len() < limit
            && let Some(row) = rows.next().map_err(doing)?
        {
            let id = row.get(0).map_err(doing)?;
            if found.contains(id) {
                newest.push(id);
            }
        }
        Ok(newest)
    }

    fn article(&self, id: i64) -> Result<HeldArticle, Error> {
        let missing = || Error::Damaged { table: "search", what: format!("there is no article {id}") };
        self.reader.article(id)?.ok_or_else(missing)
    }
}

/// A name as texts print it: whole, with a space behind the surname, with one behind every character.
fn spellings(name: &str) -> [String; 3] {
    let name: String = name.chars().filter(|c| !c.is_whitespace()).collect();
    let spaced = |gaps: usize| {
        let chars = name.chars().enumerate();
        chars.fold(
            String::new(),
            |text, (at, c)| if (1..=gaps).contains(&at) { text + " " } else { text } + c.encode_utf8(&mut [0; 4]),
        )
    };
    [name.clone(), spaced(1), spaced(name.len())]
}

/// The texts of these columns, as the index holds them.
fn said(record: &Article, columns: &str) -> Vec<String> {
    let lines = |lines: &mut dyn Iterator<Item = &str>| lines.collect::<Vec<_>>().join("\n");
    let reflections = &record.reflections;
    let texts = columns.split(' ').map(|column| match column {
        "title" => record.title.clone().unwrap_or_default(),
        "body" => record.body.clone(),
        "reflection" => lines(&mut reflections.iter().map(|said| said.text.as_str())),
        "person" => lines(&mut reflections.iter().flat_map(|said| &said.people).map(String::as_str)),
        "unit" => lines(&mut reflections.iter().filter_map(|said| said.affiliation.as_deref())),
        _source => record.source.clone().unwrap_or_default(),
    });
    texts.collect()
}

/// The columns of a field; those of title and body where none is named.
fn columns(field: Option<Field>) -> &'static str {
    field.map_or("title body", Field::as_str)
}

/// The table a word is looked for in, and what it is asked.
fn asked(leaf: &Leaf, columns: &str) -> (&'static str, String) {
    match leaf.needle.single() {
        Some(unit) => ("search_units", format!("{{{columns}}} : \"{unit}\"")),
        None => ("search", format!("{{{columns}}} : \"{}\"", leaf.needle.tokens())),
    }
}

/// What a word tells that so many of all articles have: BM25's inverse document frequency, never below nothing.
#[expect(clippy::cast_precision_loss, reason = "articles are far fewer than 2^52")]
fn rarity(articles: usize, having: usize) -> f64 {
    let (articles, having) = (articles as f64, having as f64);
    (1.0 + (articles - having + 0.5) / (having + 0.5)).ln().max(0.01)
}

fn ids(connection: &Connection, sql: &str, words: Option<&String>) -> Result<Set, Error> {
    let doing = |source| Error::Sqlite { doing: "searching", source };
    let mut statement = connection.prepare_cached(sql).map_err(doing)?;
    let mut rows = statement.query(rusqlite::params_from_iter(words)).map_err(doing)?;
    let mut set = Set::default();
    while let Some(row) = rows.next().map_err(doing)? {
        set.insert(row.get(0).map_err(doing)?);
    }
    Ok(set)
}
