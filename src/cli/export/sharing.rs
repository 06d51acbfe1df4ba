//! Rows made fit for sharing: persons become tokens (`--pseudonymize`), texts are left out (`--drop-text`).
//!
//! The names are gathered from the whole archive, whatever the filter: whoever is a person in one article is one in the others.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::treatment::{Treatment, treatment};
use crate::domain::article::{Article, Credit};
use crate::domain::held::Filter;
use crate::export::{Cell, Column, Row, Table};
use crate::extract::reflections::mentions;
use crate::store::{self, Reader};
use crate::veil::{Census, Key, Kind, Names, Roll, Veil, Veiled};

/// What is done to rows before they are written.
pub(super) struct Sharing<'r> {
    reader: &'r Reader,
    veil: Option<Veil>,
    key_id: Option<String>,
    keep_addresses: bool,
    drop_text: bool,
    /// The body asked for last: a table's rows come article by article.
    body: RefCell<Option<(i64, Option<Veiled>)>>,
}

/// What a sidecar and a data package say of it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Statement {
    /// Persons and numbers are tokens.
    pseudonymised: bool,
    /// Tells which key the tokens were made with, without telling the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    key_id: Option<String>,
    /// Addresses, digests and works are tokens too.
    addresses_replaced: bool,
    /// Texts are left out.
    texts_left_out: bool,
}

impl Statement {
    /// In Chinese and in English, a sentence each.
    pub(super) fn in_words(&self) -> Vec<[String; 2]> {
        let pairs = [
            (
                self.pseudonymised,
                "已知人名、电话、证件号、电子邮箱、QQ、微信号已替换为加密钥的代号；同一人代号相同。这是去标识化，不是匿名化",
                "Known names of persons, telephone and paper numbers, e-mail, QQ and WeChat became tokens of a key; one person has one token. This is de-identification, not anonymisation",
            ),
            (
                self.addresses_replaced,
                "网址、内容摘要、作品编号已替换为代号",
                "Addresses, digests of contents and ids of works became tokens",
            ),
            (
                self.texts_left_out,
                "标题、正文、心得原文、图片说明、附件名未列入",
                "Titles, bodies, the words of reflections, captions and names of attachments are left out",
            ),
        ];
        let said = pairs.into_iter().filter(|(applies, ..)| *applies);
        said.map(|(_, zh, en)| [zh.to_owned(), en.to_owned()]).collect()
    }
}

impl<'r> Sharing<'r> {
    /// With the key rows are pseudonymised.
    pub(super) fn new(
        reader: &'r Reader,
        key: Option<Key>,
        keep_addresses: bool,
        drop_text: bool,
    ) -> Result<Self, store::Error> {
        let key_id = key.as_ref().map(Key::id);
        let veil = key.map(|key| Ok(Veil::keyed(gather(reader)?, key, find_mentions))).transpose()?;
        Ok(Self { reader, veil, key_id, keep_addresses, drop_text, body: RefCell::new(None) })
    }

    /// What is done, where anything is.
    pub(super) fn statement(&self) -> Option<Statement> {
        let pseudonymised = self.veil.is_some();
        (pseudonymised || self.drop_text).then(|| Statement {
            pseudonymised,
            key_id: self.key_id.clone(),
            addresses_replaced: pseudonymised && !self.keep_addresses,
            texts_left_out: self.drop_text,
        })
    }

    /// The table as it is written: without the columns that are left out.
    pub(super) fn table(&self, table: &'static Table) -> &'static Table {
        if !self.drop_text {
            return table;
        }
        let columns: Vec<Column> = table.columns.iter().filter(|column| !is_text(column)).copied().collect();
        let Table { name, about, about_zh, key, refers, .. } = *table;
        // Tables live as long as the program; this one is made at most once for each of them.
        Box::leak(Box::new(Table { name, about, about_zh, columns: columns.leak(), key, refers }))
    }

    /// Typed words of a filter, which can name somebody.
    pub(super) fn words<'t>(&self, words: &'t str) -> Cow<'t, str> {
        match &self.veil {
            // Whoever is searched for is a person, known or not.
            Some(veil) => Cow::Owned(veil.person(words)),
            None => Cow::Borrowed(words),
        }
    }

    /// The row of the table as it is written.
    pub(super) fn row(&self, table: &Table, row: Row) -> Result<Row, store::Error> {
        if self.veil.is_none() && !self.drop_text {
            return Ok(row);
        }
        let articles = articles(table, &row);
        let mut cells = Vec::with_capacity(row.len());
        let own_body =
            table.columns.iter().position(|column| column.name == "body").and_then(|at| row.get(at)).and_then(text_of);
        let body = match (&self.veil, own_body, articles.first()) {
            (Some(veil), Some(body), _) => Some(veil.text(body, &articles)),
            (Some(_), None, Some(&article)) if has(table, "start") => self.body(article)?,
            (Some(_) | None, ..) => None,
        };
        let place = Place { articles: &articles, body: body.as_ref(), said: said(table, &row) };
        for (column, cell) in table.columns.iter().zip(row) {
            if self.drop_text && is_text(column) {
                continue;
            }
            cells.push(self.cell(column.name, cell, &place));
        }
        Ok(cells)
    }

    fn cell(&self, column: &str, cell: Cell, place: &Place<'_>) -> Cell {
        let treatment = treatment_of(column);
        if treatment == Treatment::Evidence {
            return without_swaps(cell);
        }
        if treatment == Treatment::Lists {
            return self.lists(cell, place);
        }
        let Some(veil) = &self.veil else { return cell };
        match cell {
            Cell::Text(old) => Cell::Text(self.text(veil, column, &old, place)),
            Cell::List(list) => Cell::List(list.into_iter().map(|old| self.text(veil, column, &old, place)).collect()),
            Cell::Credits(credits) => Cell::Credits(
                credits
                    .into_iter()
                    .map(|Credit { role, names }| Credit {
                        role: self.text(veil, "role", &role, place),
                        names: names.into_iter().map(|name| credited(veil, &name, place.articles)).collect(),
                    })
                    .collect(),
            ),
            Cell::Integer(at) if treatment == Treatment::Place => Cell::Integer(place.moved(column, at)),
            Cell::Null
            | Cell::Integer(_)
            | Cell::Number(_)
            | Cell::Published(_)
            | Cell::Captured(_)
            | Cell::Integers(_)
            | Cell::Structure(_) => cell,
        }
    }

    /// What stands in a text's place.
    fn text(&self, veil: &Veil, column: &str, old: &str, place: &Place<'_>) -> String {
        let whole = match (treatment_of(column), column) {
            (Treatment::Text, "body") => place.body.map(|body| body.text.clone()),
            (Treatment::Text, "text") => place.words(),
            (Treatment::Persons, _) => Some(veil.person(old)),
            (Treatment::Names, _) => Some(credited(veil, old, place.articles)),
            (Treatment::Lookup(kind), _) => Some(self.lookup(veil, kind, old, place.articles)),
            (Treatment::Keep | Treatment::Place, _) => Some(old.to_owned()),
            (Treatment::Text | Treatment::Words | Treatment::Credits | Treatment::Evidence | Treatment::Lists, _) => {
                None
            }
        };
        whole.unwrap_or_else(|| veil.text(old, place.articles).text)
    }

    fn lookup(&self, veil: &Veil, kind: Kind, value: &str, articles: &[i64]) -> String {
        if self.keep_addresses {
            return if kind == Kind::Address { veil.text(value, articles).text } else { value.to_owned() };
        }
        veil.lookup(kind, value).unwrap_or_else(|| value.to_owned())
    }

    /// An article's lists: each entry as a row of their own table would be.
    fn lists(&self, cell: Cell, place: &Place<'_>) -> Cell {
        let Cell::Structure(mut list) = cell else { return cell };
        for entry in list.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
            let number = |name: &str| entry.get(name).and_then(Value::as_u64).and_then(|at| usize::try_from(at).ok());
            let place = Place { said: number("start").zip(number("end")), ..*place };
            self.entry(entry, &place);
        }
        Cell::Structure(list)
    }

    fn entry(&self, entry: &mut Map<String, Value>, place: &Place<'_>) {
        if self.drop_text {
            entry.retain(|name, _| !matches!(treatment(name), Some(Treatment::Text)));
        }
        let Some(veil) = &self.veil else { return };
        for (name, value) in entry {
            let text = |old: &mut String| *old = self.text(veil, name, old, place);
            match value {
                Value::String(old) => text(old),
                Value::Array(list) => list.iter_mut().for_each(|one| {
                    if let Value::String(old) = one {
                        text(old);
                    }
                }),
                // The facets of an affiliation.
                Value::Object(fields) => self.entry(fields, place),
                Value::Number(number) if treatment_of(name) == Treatment::Place => {
                    if let Some(at) = number.as_i64() {
                        *value = Value::from(place.moved(name, at));
                    }
                }
                Value::Number(_) | Value::Null | Value::Bool(_) => {}
            }
        }
    }

    fn body(&self, article: i64) -> Result<Option<Veiled>, store::Error> {
        let mut last = self.body.borrow_mut();
        if let Some((_, body)) = last.as_ref().filter(|(id, _)| *id == article) {
            return Ok(body.clone());
        }
        let held = self.reader.article(article)?;
        let body = held.zip(self.veil.as_ref()).map(|(held, veil)| veil.text(&held.record.body, &[article]));
        *last = Some((article, body.clone()));
        Ok(body)
    }

    /// Whether rows of this table have to be gathered: what was ordered by name is ordered by token.
    pub(super) fn gathers(&self, table: &Table) -> bool {
        self.veil.is_some() && table.name == "people"
    }
}

/// People by their tokens: spellings of one name are one person, and the order tells nothing of the names.
#[derive(Debug, Default)]
pub(super) struct People(BTreeMap<String, (Vec<String>, i64)>);

impl People {
    /// Adds a row of the table.
    pub(super) fn add(&mut self, row: Row) {
        let mut cells = row.into_iter();
        if let (Some(Cell::Text(person)), Some(Cell::List(affiliations)), Some(Cell::Integer(count))) =
            (cells.next(), cells.next(), cells.next())
        {
            let (known, counted) = self.0.entry(person).or_default();
            for affiliation in affiliations {
                if !known.contains(&affiliation) {
                    known.push(affiliation);
                }
            }
            *counted += count;
        }
    }

    /// The rows.
    pub(super) fn rows(self) -> impl Iterator<Item = Row> {
        self.0.into_iter().map(|(person, (affiliations, count))| {
            vec![Cell::Text(person), Cell::List(affiliations), Cell::Integer(count)]
        })
    }
}

/// What a cell is written beside.
#[derive(Clone, Copy)]
struct Place<'a> {
    articles: &'a [i64],
    /// The article's body, where places in it are told.
    body: Option<&'a Veiled>,
    /// Where words stand in the old body.
    said: Option<(usize, usize)>,
}

impl Place<'_> {
    /// The words as they stand in the new body.
    fn words(&self) -> Option<String> {
        let (body, (start, end)) = self.body.zip(self.said)?;
        let (start, end) = (body.place(start), body.end_place(end));
        Some(body.text.chars().skip(start).take(end.saturating_sub(start)).collect())
    }

    fn moved(&self, column: &str, at: i64) -> i64 {
        let Some((body, old)) = self.body.zip(usize::try_from(at).ok()) else { return at };
        let new = if column == "end" { body.end_place(old) } else { body.place(old) };
        i64::try_from(new).unwrap_or(i64::MAX)
    }
}

/// What nobody thought of is treated as words.
fn treatment_of(column: &str) -> Treatment {
    treatment(column).unwrap_or(Treatment::Words)
}

fn text_of(cell: &Cell) -> Option<&str> {
    if let Cell::Text(text) = cell { Some(text) } else { None }
}

fn is_text(column: &Column) -> bool {
    treatment(column.name) == Some(Treatment::Text)
}

fn has(table: &Table, column: &str) -> bool {
    table.columns.iter().any(|one| one.name == column)
}

fn number(table: &Table, row: &Row, name: &str) -> Option<i64> {
    let at = table.columns.iter().position(|column| column.name == name)?;
    if let Cell::Integer(number) = row.get(at)? { Some(*number) } else { None }
}

/// The articles a row speaks of.
fn articles(table: &Table, row: &Row) -> Vec<i64> {
    let id = number(table, row, "id").filter(|_| table.name == "articles");
    let others = ["article_id", "first_article_id", "repost_article_id"].map(|name| number(table, row, name));
    id.into_iter().chain(others.into_iter().flatten()).collect()
}

fn said(table: &Table, row: &Row) -> Option<(usize, usize)> {
    let place = |name| number(table, row, name).and_then(|at| usize::try_from(at).ok());
    place("start").zip(place("end"))
}

/// What stands for a name under a role, which can be a unit's.
fn credited(veil: &Veil, name: &str, articles: &[i64]) -> String {
    if mentions::is_person(name) || veil.knows(name) { veil.person(name) } else { veil.text(name, articles).text }
}

/// Evidence without the words that were swapped: half a name is in no list of names.
fn without_swaps(cell: Cell) -> Cell {
    let Cell::Text(text) = &cell else { return cell };
    match serde_json::from_str::<Map<String, Value>>(text) {
        Ok(mut evidence) => {
            if let Some(Value::Array(swaps)) = evidence.get_mut("swaps") {
                swaps.clear();
            }
            Cell::Text(Value::Object(evidence).to_string())
        }
        Err(_) => Cell::Null,
    }
}

fn find_mentions(text: &str) -> Vec<std::ops::Range<usize>> {
    mentions::find(text).into_iter().map(|mention| mention.start..mention.end).collect()
}

/// Everybody in the archive, and how their names are used.
fn gather(reader: &Reader) -> Result<Names, store::Error> {
    let mut roll = Roll::default();
    for held in reader.articles(&Filter::default()) {
        let held = held?;
        enrol(&mut roll, held.id, &held.record);
    }
    let mut census: Census = roll.census();
    for held in reader.articles(&Filter::default()) {
        let held = held?;
        census.count(held.id, texts(&held.record));
    }
    Ok(census.finish())
}

fn enrol(roll: &mut Roll, id: i64, record: &Article) {
    let said = record.reflections.iter().flat_map(|reflection| &reflection.people);
    let credited = record.credits.iter().flat_map(|credit| &credit.names).filter(|name| mentions::is_person(name));
    for name in said.chain(credited) {
        roll.told(name, id);
    }
    for mention in texts(record).flat_map(mentions::find) {
        roll.mentioned(&mention.name, id);
    }
}

/// The texts of a record in which somebody can be named.
fn texts(record: &Article) -> impl Iterator<Item = &str> {
    let scalars = [&record.title, &record.subtitle, &record.source].into_iter().flatten();
    let images = record.images.iter().flat_map(|image| image.alt.iter().chain(&image.caption));
    let files = record.attachments.iter().map(|file| &file.name);
    let standings = record.reflections.iter().filter_map(|reflection| reflection.affiliation.as_ref());
    std::iter::once(&record.body).chain(scalars).chain(images).chain(files).chain(standings).map(String::as_str)
}
