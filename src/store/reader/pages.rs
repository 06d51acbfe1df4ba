//! Rows a few hundred at a time: an iterator that holds no statement open and little memory, whatever the archive's
//! size. Each page continues behind the last row's key.

use std::collections::VecDeque;

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};

use crate::domain::held::Filter;
use crate::store::Error;

/// Rows a page. Large enough that looking up where to go on costs nothing beside reading.
const ROWS: usize = 256;

/// A query whose rows have an ascending, unique key in their first two columns.
#[derive(Debug)]
pub(super) struct Query {
    /// Columns and tables, up to where conditions follow.
    select: String,
    /// The key, as the two expressions of the first two columns.
    key: &'static str,
    /// Whether rows are gathered by the key's first column.
    grouped: bool,
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Query {
    pub(super) fn new(select: &str, key: &'static str) -> Self {
        Self { select: select.to_owned(), key, grouped: false, conditions: Vec::new(), values: Vec::new() }
    }

    /// Gathers rows by the key's first column.
    pub(super) fn grouped(self) -> Self {
        Self { grouped: true, ..self }
    }

    /// Adds a condition without a value.
    pub(super) fn always(&mut self, condition: &str) {
        self.conditions.push(condition.to_owned());
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

    /// The conditions that speak of an article `a`, whoever speaks in it.
    pub(super) fn filter_articles(&mut self, filter: &Filter) {
        self.any_of("a.site", &filter.sites, "");
        if let Some(since) = filter.since {
            self.only("a.published_on >= ?", since.to_string());
        }
        if let Some(until) = filter.until {
            self.only("a.published_on <= ?", until.to_string());
        }
        if let Some(matched) = &filter.matched {
            self.only(super::matched::CONDITION, matched.number);
        }
        self.any_of("EXISTS (SELECT 1 FROM topics t WHERE t.article_id = a.id AND t.topic", &filter.topics, ")");
    }

    /// All rows at once, in no order, for use inside another query: its text and its values.
    pub(super) fn unordered(self) -> (String, Vec<Value>) {
        let conditions = if self.conditions.is_empty() { "TRUE".to_owned() } else { self.conditions.join(" AND ") };
        (format!("{} WHERE {conditions}", self.select), self.values)
    }

    /// The conditions that speak of an article `a` and of who speaks in it: one reflection by the person, one of the unit.
    pub(super) fn filter_articles_and_speakers(&mut self, filter: &Filter) {
        self.filter_articles(filter);
        if let Some(person) = &filter.person {
            self.only("EXISTS (SELECT 1 FROM people p WHERE p.article_id = a.id AND p.name = ?)", person.clone());
        }
        if let Some(unit) = &filter.unit {
            self.only(
                "EXISTS (SELECT 1 FROM reflections r WHERE r.article_id = a.id AND instr(r.affiliation, ?) > 0)",
                unit.clone(),
            );
        }
    }

    /// Joins all conditions of another query, whose only table is in `exists`, into one of this.
    pub(super) fn only_where(&mut self, exists: &str, other: Self) {
        let all: Vec<String> = [exists.to_owned()].into_iter().chain(other.conditions).collect();
        self.conditions.push(format!("EXISTS ({})", all.join(" AND ")));
        self.values.extend(other.values);
    }

    /// Conditions alone, for [`Self::only_where`].
    pub(super) fn conditions() -> Self {
        Self::new("", "")
    }

    fn begin(&self, behind: Option<&str>) -> String {
        let conditions: Vec<&str> = self.conditions.iter().map(String::as_str).chain(behind).collect();
        let conditions =
            if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) };
        let group = if self.grouped { " GROUP BY 1" } else { "" };
        format!("{}{conditions}{group}", self.select)
    }

    fn sql(&self, behind: Option<&str>) -> String {
        // One column named twice would be sorted by, page after page: SQLite does not see that its index has that order.
        let order =
            self.key.split_once(", ").filter(|(first, second)| first == second).map_or(self.key, |(key, _)| key);
        format!("{} ORDER BY {order} LIMIT {ROWS}", self.begin(behind))
    }

    /// The condition of the pages after the first.
    fn behind(&self) -> String {
        format!("({}) > (?, ?)", self.key)
    }

    /// What the first page is asked by, and what the others are.
    #[cfg(test)]
    pub(super) fn questions(&self) -> [String; 2] {
        [self.sql(None), self.sql(Some(&self.behind()))]
    }

    /// How many rows there are.
    pub(super) fn count(&self, connection: &Connection) -> rusqlite::Result<u64> {
        let sql = format!("SELECT count(*) FROM ({})", self.begin(None));
        let count = connection.query_row(&sql, params_from_iter(&self.values), |row| row.get::<_, i64>(0))?;
        Ok(u64::try_from(count).unwrap_or_default())
    }
}

/// The rows of a query.
pub(super) struct Pages<'c, T, F> {
    connection: &'c Connection,
    query: Query,
    read: F,
    behind: Option<[Value; 2]>,
    page: VecDeque<Result<T, Error>>,
    ended: bool,
}

impl<'c, T, F: Fn(&Row<'_>) -> Result<T, Error>> Pages<'c, T, F> {
    pub(super) fn new(connection: &'c Connection, query: Query, read: F) -> Self {
        Self { connection, query, read, behind: None, page: VecDeque::new(), ended: false }
    }

    fn turn(&mut self) -> rusqlite::Result<()> {
        let condition = self.behind.as_ref().map(|_| self.query.behind());
        let mut statement = self.connection.prepare_cached(&self.query.sql(condition.as_deref()))?;
        let key = self.behind.iter().flatten();
        let mut rows = statement.query(params_from_iter(self.query.values.iter().chain(key)))?;
        let mut last = None;
        while let Some(row) = rows.next()? {
            last = Some([row.get(0)?, row.get(1)?]);
            self.page.push_back((self.read)(row));
        }
        self.ended = self.page.len() < ROWS;
        drop(rows);
        if last.is_some() {
            self.behind = last;
        }
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
