//! Rows of a table to a format, one at a time.
//!
//! A table is a list of columns and a way to make a row of what the archive holds (`export/table/*`); a format is a file
//! and a row in [`FORMATS`]. Help text, completion and the manual iterate both lists. Exporters stream: they never
//! collect, and they write only to the `Write` they are given.

mod cell;
mod csv;
pub mod datapackage;
mod jsonl;
#[cfg(feature = "parquet")]
mod parquet;
pub mod table;
mod xlsx;

use std::io::{self, Write};

pub use cell::Cell;
pub use table::{Column, Holds, Reference, Shown, TABLES, Table};

/// One row, a cell for each column of its table.
pub type Row = Vec<Cell>;

/// Where a format's bytes go. `Send`, so that an export may run beside other work.
pub type Sink<'a> = Box<dyn Write + Send + 'a>;

/// How a format is written; every format takes what it knows and ignores the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Options {
    /// Begin with a byte order mark, by which Excel knows UTF-8.
    pub bom: bool,
    /// Keep spreadsheets from reading a cell as a formula.
    pub formula_guard: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { bom: false, formula_guard: true }
    }
}

/// Writes the rows of one table.
pub trait Exporter {
    /// Writes one row; it has a cell for each column of the table.
    fn write(&mut self, row: &Row) -> io::Result<()>;
    /// Texts that were longer than the format holds, so far.
    fn cut(&self) -> u64 {
        0
    }
    /// Writes what closes the file, and flushes.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// Opens an exporter: writes what begins the file.
type Open = for<'a> fn(Sink<'a>, &'static Table, Options) -> io::Result<Box<dyn Exporter + 'a>>;

/// A format of export.
#[derive(Debug)]
pub struct Format {
    /// Name on the command line.
    pub name: &'static str,
    /// Extension of files, without the dot.
    pub extension: &'static str,
    /// One line for help and manual.
    pub about: &'static str,
    /// Whether it makes sense on a terminal or in a pipe.
    pub to_stdout: bool,
    /// Opens an exporter.
    pub open: Open,
}

/// All formats.
pub static FORMATS: &[Format] = &[
    csv::FORMAT,
    jsonl::FORMAT,
    xlsx::FORMAT,
    #[cfg(feature = "parquet")]
    parquet::FORMAT,
];

/// The format of this name.
pub fn format_named(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// The table of this name.
pub fn table_named(name: &str) -> Option<&'static Table> {
    TABLES.iter().copied().find(|table| table.name == name)
}
