//! CSV after RFC 4180: CRLF line ends, fields quoted where they need it, UTF-8.

use std::io;

use csv::{Terminator, Writer, WriterBuilder};

use super::{Cell, Exporter, Format, Options, Row, Sink, Table};

/// The format's row in [`super::FORMATS`].
pub(super) const FORMAT: Format =
    Format { name: "csv", extension: "csv", about: "RFC 4180 CSV; lists joined by `;`", to_stdout: true, open };

struct Csv<'a> {
    table: &'static Table,
    writer: Writer<Sink<'a>>,
    formula_guard: bool,
}

fn open<'a>(mut sink: Sink<'a>, table: &'static Table, options: Options) -> io::Result<Box<dyn Exporter + 'a>> {
    if options.bom {
        sink.write_all("\u{feff}".as_bytes())?;
    }
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(sink);
    writer.write_record(table.flat_columns().map(|(_, column)| column.name)).map_err(unwrapped)?;
    Ok(Box::new(Csv { table, writer, formula_guard: options.formula_guard }))
}

impl Exporter for Csv<'_> {
    fn write(&mut self, row: &Row) -> io::Result<()> {
        for (at, _) in self.table.flat_columns() {
            let cell = row.get(at).unwrap_or(&Cell::Null);
            let mut text = cell.flat();
            if self.formula_guard && !cell.is_number() && looks_like_formula(&text) {
                text.to_mut().insert(0, '\'');
            }
            self.writer.write_field(text.as_bytes()).map_err(unwrapped)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(unwrapped)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.writer.flush()
    }
}

/// The system's own error, whose kind says "out of space" or "hung up"; the writer wraps it in one that does not.
fn unwrapped(error: csv::Error) -> io::Error {
    let words = error.to_string();
    if let csv::ErrorKind::Io(inner) = error.into_kind() { inner } else { io::Error::other(words) }
}

/// Whether a spreadsheet might run the cell: it begins with a formula sign, half or full width, or with one behind
/// quotes, separators or spaces, or with a control character that spreadsheets skip (RELIABILITY E1).
fn looks_like_formula(text: &str) -> bool {
    if text.starts_with(['\t', '\r', '\n']) {
        return true;
    }
    let begin = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ';' | '“' | '”'));
    begin.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_guarded_and_text_is_not() {
        for formula in ["=1+1", "+1", "-1", "@a", "\t=1", "\rx", "＝1", "＋1", "－1", "＠a", "\"=1", " =1", ";@a"] {
            assert!(looks_like_formula(formula), "{formula:?}");
        }
        for text in ["", "a=1", "2023-06-06", "——任颖", "“学思想”", "主题教育"] {
            assert!(!looks_like_formula(text), "{text:?}");
        }
    }
}
