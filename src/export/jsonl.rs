//! JSON Lines: one object a row, structure kept.

use std::io::{self, BufWriter, Write as _};

use serde::Serializer as _;
use serde::ser::SerializeMap as _;

use super::{Cell, Exporter, Format, Options, Row, Sink, Table};

/// The format's row in [`super::FORMATS`].
pub(super) const FORMAT: Format = Format {
    name: "jsonl",
    extension: "jsonl",
    about: "one JSON object a line, lists and structure kept",
    to_stdout: true,
    open,
};

struct Jsonl<'a> {
    table: &'static Table,
    sink: BufWriter<Sink<'a>>,
}

#[expect(clippy::unnecessary_wraps, reason = "a format may have to write before the first row")]
fn open<'a>(sink: Sink<'a>, table: &'static Table, _options: Options) -> io::Result<Box<dyn Exporter + 'a>> {
    Ok(Box::new(Jsonl { table, sink: BufWriter::new(sink) }))
}

impl Exporter for Jsonl<'_> {
    fn write(&mut self, row: &Row) -> io::Result<()> {
        // Entry by entry, so that keys stand in the table's order.
        let mut serializer = serde_json::Serializer::new(&mut self.sink);
        let mut object = serializer.serialize_map(None)?;
        for (at, column) in self.table.nested_columns() {
            object.serialize_entry(column.name, row.get(at).unwrap_or(&Cell::Null))?;
        }
        object.end()?;
        self.sink.write_all(b"\n")
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.sink.flush()
    }
}
