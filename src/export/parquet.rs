//! Parquet: typed columns, lists as lists, Snappy.
//!
//! The file is written with the column writers of the `parquet` crate, without Arrow. Columns are gathered until a row
//! group is full, by bytes, so that memory stays flat whatever the length of texts.
//!
//! A publication time is written as wall time in China Standard Time without a zone, so that the day a reader sees is the
//! day the page printed; a moment of the archive is in UTC and says so.

use std::io;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;

use super::{Cell, Column, Exporter, Format, Holds, Options, Row, Sink, Table};

/// The format's row in [`super::FORMATS`].
pub(super) const FORMAT: Format = Format {
    name: "parquet",
    extension: "parquet",
    about: "Parquet: typed columns, lists as lists",
    to_stdout: false,
    open,
};

/// Bytes of values gathered before a row group is written.
const GROUP_BYTES: usize = 8 << 20;
/// Rows gathered before a row group is written, however small they are.
const GROUP_ROWS: usize = 1 << 16;
/// Seconds between UTC and China Standard Time.
const CHINA: i64 = 8 * 3_600;

struct Parquet<'a> {
    table: &'static Table,
    writer: SerializedFileWriter<Sink<'a>>,
    leaves: Vec<Leaf>,
    rows: usize,
    bytes: usize,
}

/// The values of one column of the file, with their levels (Dremel): a list's column says of each value whether it begins
/// a row (repetition 0) and how much of the list is there (definition).
struct Leaf {
    values: Values,
    definition: Vec<i16>,
    repetition: Vec<i16>,
}

enum Values {
    Texts(Vec<ByteArray>),
    Integers(Vec<i64>),
    Numbers(Vec<f64>),
}

impl Leaf {
    fn new(holds: Holds) -> Self {
        let values = match holds {
            Holds::Integer | Holds::Integers | Holds::Published | Holds::Captured => Values::Integers(Vec::new()),
            Holds::Number => Values::Numbers(Vec::new()),
            Holds::Text | Holds::Address | Holds::Texts | Holds::Credits | Holds::Structure => {
                Values::Texts(Vec::new())
            }
        };
        Self { values, definition: Vec::new(), repetition: Vec::new() }
    }

    /// Says where the next value stands, or that there is none.
    fn level(&mut self, definition: i16, repetition: i16) {
        self.definition.push(definition);
        self.repetition.push(repetition);
    }

    /// Adds a text; gives its bytes.
    fn text(&mut self, text: &str) -> usize {
        if let Values::Texts(texts) = &mut self.values {
            texts.push(ByteArray::from(text));
        }
        text.len()
    }

    fn integer(&mut self, number: i64) -> usize {
        if let Values::Integers(numbers) = &mut self.values {
            numbers.push(number);
        }
        size_of::<i64>()
    }

    fn number(&mut self, number: f64) -> usize {
        if let Values::Numbers(numbers) = &mut self.values {
            numbers.push(number);
        }
        size_of::<f64>()
    }

    fn clear(&mut self) {
        match &mut self.values {
            Values::Texts(texts) => texts.clear(),
            Values::Integers(numbers) => numbers.clear(),
            Values::Numbers(numbers) => numbers.clear(),
        }
        self.definition.clear();
        self.repetition.clear();
    }

    fn write(&self, column: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let (definition, repetition) = (Some(&*self.definition), Some(&*self.repetition));
        match (column.untyped(), &self.values) {
            (ColumnWriter::ByteArrayColumnWriter(column), Values::Texts(texts)) => {
                column.write_batch(texts, definition, repetition)?;
            }
            (ColumnWriter::Int64ColumnWriter(column), Values::Integers(numbers)) => {
                column.write_batch(numbers, definition, repetition)?;
            }
            (ColumnWriter::DoubleColumnWriter(column), Values::Numbers(numbers)) => {
                column.write_batch(numbers, definition, repetition)?;
            }
            (_, _) => return Err(ParquetError::General("the schema and the values disagree".to_owned())),
        }
        Ok(())
    }
}

/// A column in the language of Parquet's schemas. A scalar may be absent; a list is there, though it may be empty.
fn schema(column: &Column) -> String {
    let name = column.name;
    let list = |element: &str| format!("REQUIRED GROUP {name} (LIST) {{ REPEATED GROUP list {{ {element} }} }}\n");
    match column.holds {
        Holds::Text | Holds::Address | Holds::Structure => format!("OPTIONAL BYTE_ARRAY {name} (STRING);\n"),
        Holds::Integer => format!("OPTIONAL INT64 {name};\n"),
        Holds::Number => format!("OPTIONAL DOUBLE {name};\n"),
        Holds::Published => format!("OPTIONAL INT64 {name} (TIMESTAMP(MICROS,false));\n"),
        Holds::Captured => format!("OPTIONAL INT64 {name} (TIMESTAMP(MICROS,true));\n"),
        Holds::Texts => list("REQUIRED BYTE_ARRAY element (STRING);"),
        Holds::Integers => list("REQUIRED INT64 element;"),
        Holds::Credits => list(
            "REQUIRED GROUP element { REQUIRED BYTE_ARRAY role (STRING); \
             REQUIRED GROUP names (LIST) { REPEATED GROUP list { REQUIRED BYTE_ARRAY element (STRING); } } }",
        ),
    }
}

fn open<'a>(sink: Sink<'a>, table: &'static Table, _options: Options) -> io::Result<Box<dyn Exporter + 'a>> {
    let columns: String = table.flat_columns().map(|(_, column)| schema(column)).collect();
    let schema = parse_message_type(&format!("message {} {{ {columns} }}", table.name)).map_err(unwrapped)?;
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(concat!("shiguan ", env!("CARGO_PKG_VERSION")).to_owned());
    for long in ["body", "text"] {
        // No two are alike: a dictionary of them would be built and thrown away.
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(long), false);
    }
    let writer = SerializedFileWriter::new(sink, Arc::new(schema), Arc::new(properties.build())).map_err(unwrapped)?;
    let mut leaves = Vec::new();
    for (_, column) in table.flat_columns() {
        leaves.push(Leaf::new(column.holds));
        if column.holds == Holds::Credits {
            leaves.push(Leaf::new(column.holds));
        }
    }
    Ok(Box::new(Parquet { table, writer, leaves, rows: 0, bytes: 0 }))
}

impl Parquet<'_> {
    fn write_group(&mut self) -> io::Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group().map_err(unwrapped)?;
        for leaf in &mut self.leaves {
            let Some(mut column) = group.next_column().map_err(unwrapped)? else { break };
            leaf.write(&mut column).map_err(unwrapped)?;
            column.close().map_err(unwrapped)?;
            leaf.clear();
        }
        group.close().map_err(unwrapped)?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

impl Exporter for Parquet<'_> {
    fn write(&mut self, row: &Row) -> io::Result<()> {
        let mut leaves = self.leaves.iter_mut();
        for (at, column) in self.table.flat_columns() {
            let cell = row.get(at).unwrap_or(&Cell::Null);
            let Some(leaf) = leaves.next() else { break };
            self.bytes += match (column.holds, cell) {
                (Holds::Credits, Cell::Credits(credits)) => {
                    let Some(names) = leaves.next() else { break };
                    write_credits(credits, leaf, names)
                }
                (Holds::Texts, Cell::List(list)) => write_list(list, leaf, |leaf, text| leaf.text(text)),
                (Holds::Integers, Cell::Integers(list)) => write_list(list, leaf, |leaf, number| leaf.integer(*number)),
                (Holds::Texts | Holds::Integers, _) => write_list(&[], leaf, |_, ()| 0),
                _ => write_scalar(cell, leaf),
            };
        }
        self.rows += 1;
        if self.rows >= GROUP_ROWS || self.bytes >= GROUP_BYTES { self.write_group() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.write_group()?;
        let mut sink = self.writer.into_inner().map_err(unwrapped)?;
        sink.flush()
    }
}

fn write_scalar(cell: &Cell, leaf: &mut Leaf) -> usize {
    leaf.level(i16::from(!matches!(cell, Cell::Null)), 0);
    match cell {
        Cell::Null => 0,
        Cell::Integer(number) => leaf.integer(*number),
        Cell::Number(number) => leaf.number(*number),
        Cell::Published(at) => leaf.integer((at.epoch_seconds() + CHINA) * 1_000_000),
        Cell::Captured(at) => leaf.integer(at.epoch_micros()),
        Cell::Text(_) | Cell::List(_) | Cell::Integers(_) | Cell::Credits(_) | Cell::Structure(_) => {
            leaf.text(&cell.flat())
        }
    }
}

fn write_list<T>(list: &[T], leaf: &mut Leaf, write: impl Fn(&mut Leaf, &T) -> usize) -> usize {
    if list.is_empty() {
        leaf.level(0, 0);
    }
    let mut bytes = 0;
    for (at, value) in list.iter().enumerate() {
        leaf.level(1, i16::from(at > 0));
        bytes += write(leaf, value);
    }
    bytes
}

/// Roles are a list; names are a list within each of its elements, so their column has a level more.
fn write_credits(credits: &[crate::domain::article::Credit], roles: &mut Leaf, names: &mut Leaf) -> usize {
    if credits.is_empty() {
        roles.level(0, 0);
        names.level(0, 0);
    }
    let mut bytes = 0;
    for (at, credit) in credits.iter().enumerate() {
        let begins = i16::from(at > 0);
        roles.level(1, begins);
        bytes += roles.text(&credit.role);
        if credit.names.is_empty() {
            names.level(1, begins);
        }
        for (at, name) in credit.names.iter().enumerate() {
            names.level(2, if at > 0 { 2 } else { begins });
            bytes += names.text(name);
        }
    }
    bytes
}

/// The system's own error, whose kind says "out of space" or "hung up"; the writer wraps it in one that does not.
fn unwrapped(error: ParquetError) -> io::Error {
    if let ParquetError::External(inner) = error {
        return match inner.downcast::<io::Error>() {
            Ok(inner) => *inner,
            Err(inner) => io::Error::other(inner),
        };
    }
    io::Error::other(error)
}
