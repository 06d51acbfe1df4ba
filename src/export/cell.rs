//! One value of a row, in a shape every format can write.

use std::borrow::Cow;

use serde::Serialize;
use serde::ser::Serializer;
use serde_json::Value;

use crate::domain::article::Credit;
use crate::domain::time::{CaptureTime, Timestamp};

/// One value of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing known: an empty field in CSV, `null` in JSON.
    Null,
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A moment printed on a page.
    Published(Timestamp),
    /// A moment of the archive.
    Captured(CaptureTime),
    /// Several texts: joined by `;` in CSV, an array in JSON.
    List(Vec<String>),
    /// Several numbers, likewise.
    Integers(Vec<i64>),
    /// Roles with the names under them: `role:name` joined by `;` in CSV.
    Credits(Vec<Credit>),
    /// Something with inner structure, which only formats with structure write.
    Structure(Value),
}

impl Cell {
    /// Text, or nothing.
    pub fn text(value: Option<impl Into<String>>) -> Self {
        value.map_or(Self::Null, |v| Self::Text(v.into()))
    }

    /// What prints as text, or nothing.
    pub fn display(value: Option<impl ToString>) -> Self {
        value.map_or(Self::Null, |v| Self::Text(v.to_string()))
    }

    /// A moment printed on a page, or nothing.
    pub fn published(value: Option<Timestamp>) -> Self {
        value.map_or(Self::Null, Self::Published)
    }

    /// A count. Counts beyond 2^63 are written as the largest number.
    pub fn count(value: usize) -> Self {
        Self::Integer(i64::try_from(value).unwrap_or(i64::MAX))
    }

    /// Whether a spreadsheet may take the cell for a number: those are never guarded.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Integer(_) | Self::Number(_))
    }

    /// The cell in one line, for formats of flat rows.
    pub fn flat(&self) -> Cow<'_, str> {
        match self {
            Self::Null | Self::Structure(_) => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Integer(number) => Cow::Owned(number.to_string()),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Published(at) => Cow::Owned(at.to_string()),
            Self::Captured(at) => Cow::Owned(at.to_string()),
            Self::List(list) => Cow::Owned(list.join(";")),
            Self::Integers(list) => Cow::Owned(list.iter().map(i64::to_string).collect::<Vec<_>>().join(";")),
            Self::Credits(credits) => {
                let names = credits.iter().flat_map(|c| c.names.iter().map(move |name| format!("{}:{name}", c.role)));
                Cow::Owned(names.collect::<Vec<_>>().join(";"))
            }
        }
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Integer(number) => serializer.serialize_i64(*number),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Published(at) => at.serialize(serializer),
            Self::Captured(at) => at.serialize(serializer),
            Self::List(list) => list.serialize(serializer),
            Self::Integers(list) => list.serialize(serializer),
            Self::Credits(credits) => credits.serialize(serializer),
            Self::Structure(value) => value.serialize(serializer),
        }
    }
}
