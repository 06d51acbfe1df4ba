//! Text as it goes into a column, and as it comes back.

use std::borrow::Cow;

use rusqlite::Row;
use rusqlite::types::{ToSql, ToSqlOutput};
use url::Url;

use super::Error;
use crate::domain::time::CaptureTime;

/// Text from outside. NUL would end the value for many readers of the database, so it is stored as U+FFFD.
pub(super) struct Text<'a>(Cow<'a, str>);

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self(if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { Cow::Borrowed(text) })
    }
}

impl ToSql for Text<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(&*self.0))
    }
}

/// The same for what may be absent.
pub(super) fn text(value: Option<&str>) -> Option<Text<'_>> {
    value.map(Text::from)
}

/// A list in one column.
pub(super) fn json(list: &[String]) -> String {
    serde_json::Value::from(list).to_string()
}

/// A list out of one column.
pub(super) fn list(table: &'static str, text: &str) -> Result<Vec<String>, Error> {
    serde_json::from_str(text).map_err(|error| Error::Damaged { table, what: format!("{text:?}: {error}") })
}

/// A moment out of a column.
pub(super) fn moment(table: &'static str, text: &str) -> Result<CaptureTime, Error> {
    CaptureTime::parse(text).ok_or_else(|| Error::Damaged { table, what: format!("not a moment: {text:?}") })
}

/// A URL out of a column.
pub(super) fn url(table: &'static str, text: &str) -> Result<Url, Error> {
    Url::parse(text).map_err(|error| Error::Damaged { table, what: format!("{text:?}: {error}") })
}

/// A column by name, with the place where it cannot be read.
pub(super) fn column<T: rusqlite::types::FromSql>(row: &Row<'_>, name: &str) -> Result<T, Error> {
    row.get(name).map_err(|source| Error::Sqlite { doing: "reading a row", source })
}
