//! The tables of a bag, each as CSV and as JSON Lines.

use std::collections::HashMap;
use std::io;

use super::Error;
use super::bagit::Bag;
use super::metadata::{self, Sayings};
use super::places::Places;
use super::shown::Shown;
use super::source::Source;
use crate::export::{self, Cell, Column, Options, Row, Table, table};
use crate::store::{self, Reader};

const fn column(name: &'static str) -> Column {
    Column::plain(name)
}

static EVENTS: Table = Table {
    name: "events",
    about: "checks and hand-overs, in the words of PREMIS 3",
    about_zh: "",
    key: &[],
    refers: &[],
    columns: &[
        column("id"),
        column("type"),
        column("at"),
        column("outcome"),
        column("agent"),
        column("object"),
        column("detail"),
        column("link"),
    ],
};

static RUNS: Table = Table {
    name: "runs",
    about: "runs of the program that made the captures",
    about_zh: "",
    key: &[],
    refers: &[],
    columns: &[
        column("id"),
        column("started_at"),
        column("program"),
        column("command"),
        column("ended_at"),
        column("ended"),
    ],
};

/// A table as it stands in the bag: its path without extension, its columns, its rows in CSV.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) path: String,
    pub(super) table: &'static Table,
}

/// What the tables are made of.
pub(super) struct Tables<'a> {
    pub(super) source: &'a Source<'a>,
    pub(super) shown: &'a Shown<'a>,
    pub(super) sayings: &'a Sayings,
    pub(super) places: &'a Places,
}

impl Tables<'_> {
    /// Writes all of them and says which there are.
    pub(super) fn write(&self, bag: &mut Bag) -> Result<Vec<Written>, Error> {
        let numbers = self.numbers()?;
        let mut written = Vec::new();
        let mut one = |bag: &mut Bag, folder: &str, table: &'static Table, fill: Fill<'_>| {
            let path = format!("data/{folder}/{}", table.name);
            write(bag, &path, table, fill)?;
            written.push(Written { path, table });
            Ok::<(), Error>(())
        };
        one(bag, "records", &table::articles::TABLE, &|put| self.articles(put))?;
        one(bag, "records", &table::reflections::TABLE, &|put| {
            each(self.shown.reader.reflections(&self.shown.filter), |held| put(table::reflections::row(held)))
        })?;
        one(bag, "records", &table::captures::TABLE, &|put| self.captures(put))?;
        one(bag, "metadata", &metadata::TABLE, &|put| self.metadata(&numbers, put))?;
        one(bag, "events", &EVENTS, &|put| self.events(put))?;
        one(bag, "events", &RUNS, &|put| self.runs(put))?;
        Ok(written)
    }

    fn reader(&self) -> &Reader {
        self.source.reader
    }

    fn articles(&self, put: Put<'_>) -> Result<(), Failed> {
        each(self.shown.reader.articles(&self.shown.filter), |mut held| {
            self.places.change(&mut held.warc_file, &mut held.warc_offset);
            put(table::articles::row(held))
        })
    }

    /// Of a selection, only what was taken: a request without an answer belongs to no record.
    fn captures(&self, put: Put<'_>) -> Result<(), Failed> {
        each(self.shown.reader.captures(&crate::domain::held::Filter::default()), |mut held| {
            if !self.source.wants(held.id) {
                return Ok(());
            }
            if let (Some(file), Some(offset)) = (&mut held.warc_file, &mut held.warc_offset) {
                self.places.change(file, offset);
            }
            put(table::captures::row(held))
        })
    }

    fn metadata(&self, numbers: &HashMap<i64, (String, u64)>, put: Put<'_>) -> Result<(), Failed> {
        let unknown = (String::new(), 0);
        each(self.shown.reader.described(&self.shown.filter), |mut held| {
            self.places.change(&mut held.article.warc_file, &mut held.article.warc_offset);
            put(metadata::row(&held, numbers.get(&held.article.id).unwrap_or(&unknown), self.sayings))
        })
    }

    fn events(&self, put: Put<'_>) -> Result<(), Failed> {
        for held in self.reader().events()? {
            let event = held.event;
            put(vec![
                Cell::Integer(held.id),
                Cell::Text(event.kind),
                Cell::Text(event.at.to_micros_string()),
                Cell::Text(event.outcome),
                Cell::Text(event.agent),
                Cell::Text(event.object),
                Cell::Text(event.detail),
                Cell::Text(held.link),
            ])?;
        }
        Ok(())
    }

    fn runs(&self, put: Put<'_>) -> Result<(), Failed> {
        each(self.reader().runs(), |run| {
            put(vec![
                Cell::Integer(run.id),
                Cell::Text(run.started_at),
                Cell::Text(run.program),
                Cell::Text(run.command),
                Cell::text(run.ended_at),
                Cell::text(run.ended),
            ])
        })
    }

    /// Each article's year and its place among the year's, over the whole archive: a selection does not change a 档号.
    fn numbers(&self) -> Result<HashMap<i64, (String, u64)>, Error> {
        let mut numbers = HashMap::new();
        if self.sayings.archive.fonds.is_none() && self.sayings.sites.values().all(|(_, said)| said.fonds.is_none()) {
            return Ok(numbers);
        }
        let mut last: HashMap<String, u64> = HashMap::new();
        for row in self.reader().years() {
            let (id, year) = row?;
            let place = last.entry(year.clone()).or_default();
            *place += 1;
            numbers.insert(id, (year, *place));
        }
        Ok(numbers)
    }
}

/// Takes a row.
type Put<'p> = &'p mut dyn FnMut(Row) -> io::Result<()>;

/// Gives all rows of a table to what takes them.
type Fill<'f> = &'f dyn Fn(Put<'_>) -> Result<(), Failed>;

/// Why a table could not be filled.
enum Failed {
    Reading(store::Error),
    Writing(io::Error),
}

impl From<store::Error> for Failed {
    fn from(error: store::Error) -> Self {
        Self::Reading(error)
    }
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::Writing(error)
    }
}

fn each<T>(
    rows: impl Iterator<Item = Result<T, store::Error>>,
    mut take: impl FnMut(T) -> io::Result<()>,
) -> Result<(), Failed> {
    for row in rows {
        take(row?)?;
    }
    Ok(())
}

fn write(bag: &mut Bag, path: &str, table: &'static Table, fill: Fill<'_>) -> Result<(), Error> {
    for format in export::FORMATS.iter().filter(|format| matches!(format.name, "csv" | "jsonl")) {
        let path = format!("{path}.{}", format.extension);
        let place = Error::io(&bag.path(&path), "writing");
        bag.file(&path, |out| {
            let mut exporter = (format.open)(Box::new(out), table, Options::default()).map_err(&place)?;
            let filled = fill(&mut |row| exporter.write(&row));
            filled.map_err(|failed| match failed {
                Failed::Reading(error) => Error::Store(error),
                Failed::Writing(error) => place(error),
            })?;
            exporter.finish().map_err(&place)
        })?;
    }
    Ok(())
}
