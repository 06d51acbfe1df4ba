//! One value of a row, in a shape every format can write.

use serde_json::Value;

/// One value of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing known: an empty field in CSV, `null` in JSON.
    Null,
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Several texts: joined by `;` in CSV, an array in JSON.
    List(Vec<String>),
    /// Something with inner structure.
    Nested {
        /// Whole, for JSON.
        json: Value,
        /// In one line, for CSV.
        flat: String,
    },
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

    /// A count. Counts beyond 2^63 are written as the largest number.
    pub fn count(value: usize) -> Self {
        Self::Integer(i64::try_from(value).unwrap_or(i64::MAX))
    }

    /// The cell in one line, for formats without structure.
    pub fn flat(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Text(text) => text.clone(),
            Self::Integer(number) => number.to_string(),
            Self::List(list) => list.join(";"),
            Self::Nested { flat, .. } => flat.clone(),
        }
    }

    /// The cell as JSON.
    pub fn json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Text(text) => Value::from(text.as_str()),
            Self::Integer(number) => Value::from(*number),
            Self::List(list) => Value::from(list.as_slice()),
            Self::Nested { json, .. } => json.clone(),
        }
    }
}
