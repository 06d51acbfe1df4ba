//! Rows a few hundred at a time: an iterator that holds no statement open and little memory, whatever the archive's
//! size. Each page continues behind the last row's key.

use std::collections::VecDeque;

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};

use crate::domain::held::Filter;
use crate::store::Error;

/// Rows a page. Large enough that looking up where to go on costs nothing beside reading.
const ROWS: usize = 256;

/// A query whose rows have an ascending key of two integers in their first two columns.
#[derive(Debug)]
pub(super) struct Query {
    /// Columns and tables, up to where conditions follow.
    select: String,
    /// The key, as the two expressions of the first two columns.
    key: &'static str,
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Query {
    pub(super) fn new(select: &str, key: &'static str) -> Self {
        Self { select: select.to_owned(), key, conditions: Vec::new(), values: Vec::new() }
    }

    /// Adds a condition with one value, written `?` in it.
    pub(super) fn only(&mut self, condition: &str, value: impl Into<Value>) {
        self.conditions.push(condition.to_owned());
        self.values.push(value.into());
    }

    /// Adds a condition that one of several values fulfils; none at all means no condition.
    pub(super) fn any_of(&mut self, before: &str, values: &[String], after: &str) {
        if values.is_empty() {
            return;
        }
        let marks = vec!["?"; values.len()].join(", ");
        self.conditions.push(format!("{before} IN ({marks}){after}"));
        self.values.extend(values.iter().cloned().map(Value::from));
    }

    /// The conditions that speak of an article `a` and its reflections.
    pub(super) fn filter_articles(&mut self, filter: &Filter) {
        self.any_of("a.site", &filter.sites, "");
        if let Some(since) = filter.since {
            self.only("a.published_on >= ?", since.to_string());
        }
        if let Some(until) = filter.until {
            self.only("a.published_on <= ?", until.to_string());
        }
        self.any_of("EXISTS (SELECT 1 FROM topics t WHERE t.article_id = a.id AND t.topic", &filter.topics, ")");
    }

    /// All rows at once, in no order, for use inside another query: its text and its values.
    pub(super) fn unordered(self) -> (String, Vec<Value>) {
        let conditions = if self.conditions.is_empty() { "TRUE".to_owned() } else { self.conditions.join(" AND ") };
        (format!("{} WHERE {conditions}", self.select), self.values)
    }

    fn sql(&self) -> String {
        let behind = format!("({}) > (?, ?)", self.key);
        let conditions: Vec<&str> = self.conditions.iter().map(String::as_str).chain([&*behind]).collect();
        format!("{} WHERE {} ORDER BY {} LIMIT {ROWS}", self.select, conditions.join(" AND "), self.key)
    }
}

/// The rows of a query.
pub(super) struct Pages<'c, T, F> {
    connection: &'c Connection,
    query: Query,
    sql: String,
    read: F,
    behind: (i64, i64),
    page: VecDeque<Result<T, Error>>,
    ended: bool,
}

impl<'c, T, F: Fn(&Row<'_>) -> Result<T, Error>> Pages<'c, T, F> {
    pub(super) fn new(connection: &'c Connection, query: Query, read: F) -> Self {
        let sql = query.sql();
        Self { connection, query, sql, read, behind: (i64::MIN, i64::MIN), page: VecDeque::new(), ended: false }
    }

    fn turn(&mut self) -> rusqlite::Result<()> {
        let mut statement = self.connection.prepare_cached(&self.sql)?;
        let key = [Value::from(self.behind.0), Value::from(self.behind.1)];
        let mut rows = statement.query(params_from_iter(self.query.values.iter().cloned().chain(key)))?;
        while let Some(row) = rows.next()? {
            self.behind = (row.get(0)?, row.get(1)?);
            self.page.push_back((self.read)(row));
        }
        self.ended = self.page.len() < ROWS;
        Ok(())
    }
}

impl<T, F: Fn(&Row<'_>) -> Result<T, Error>> Iterator for Pages<'_, T, F> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.page.is_empty()
            && !self.ended
            && let Err(source) = self.turn()
        {
            self.ended = true;
            self.page.push_back(Err(Error::Sqlite { doing: "reading rows", source }));
        }
        self.page.pop_front()
    }
}
