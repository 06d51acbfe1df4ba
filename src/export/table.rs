//! The tables: their columns, and how what the archive holds becomes a row.

pub mod articles;
pub mod captures;
pub mod reflections;

/// A table of export.
#[derive(Debug)]
pub struct Table {
    /// Name on the command line and stem of files.
    pub name: &'static str,
    /// One line for help and manual.
    pub about: &'static str,
    /// Its columns, in order.
    pub columns: &'static [Column],
}

/// A column of a table.
#[derive(Debug)]
pub struct Column {
    /// Name in the header.
    pub name: &'static str,
    /// Where it is written.
    pub shown: Shown,
}

/// Where a column is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// In every format.
    Everywhere,
    /// Only in formats without structure: counts of lists that stand whole elsewhere.
    Flat,
    /// Only in formats with structure: the lists themselves.
    Nested,
}

/// All tables.
pub static TABLES: &[&Table] = &[&articles::TABLE, &reflections::TABLE, &captures::TABLE];

impl Table {
    /// Columns of formats without structure, with their place in a row.
    pub fn flat_columns(&self) -> impl Iterator<Item = (usize, &'static Column)> + use<> {
        columns(self.columns, Shown::Nested)
    }

    /// Columns of formats with structure, with their place in a row.
    pub fn nested_columns(&self) -> impl Iterator<Item = (usize, &'static Column)> + use<> {
        columns(self.columns, Shown::Flat)
    }
}

fn columns(all: &'static [Column], without: Shown) -> impl Iterator<Item = (usize, &'static Column)> + use<> {
    all.iter().enumerate().filter(move |(_, column)| column.shown != without)
}

/// A column written in every format.
const fn column(name: &'static str) -> Column {
    Column { name, shown: Shown::Everywhere }
}

/// A column only formats without structure write.
const fn flat(name: &'static str) -> Column {
    Column { name, shown: Shown::Flat }
}

/// A column only formats with structure write.
const fn nested(name: &'static str) -> Column {
    Column { name, shown: Shown::Nested }
}
