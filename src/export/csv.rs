//! CSV after RFC 4180: CRLF line ends, fields quoted where they need it, UTF-8.

use std::io;

use csv::{Terminator, Writer, WriterBuilder};

use super::{Cell, Exporter, Format, Options, Row, Sink, Table};

/// The format's row in [`super::FORMATS`].
pub(super) const FORMAT: Format =
    Format { name: "csv", extension: "csv", about: "RFC 4180 CSV; lists joined by `;`", to_stdout: true, open };

/// Stands before a cell that a spreadsheet might run.
const GUARD: char = '\'';

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
            if self.formula_guard && !cell.is_number() && needs_guard(&text) {
                text.to_mut().insert(0, GUARD);
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

/// Whether the guard is put before a text: where a spreadsheet might run it, and where the text begins with the guard's
/// sign itself, so that taking one sign off every cell that begins with one gives all texts again.
fn needs_guard(text: &str) -> bool {
    text.starts_with(GUARD) || looks_like_formula(text)
}

/// Whether a spreadsheet might run the cell: it begins with a formula sign, half or full width, or with one behind
/// quotes, separators, spaces or characters nobody sees, or with a control character that spreadsheets skip
/// (RELIABILITY E1). `LibreOffice` drops a NUL, so that what stood behind it comes first.
fn looks_like_formula(text: &str) -> bool {
    if text.starts_with(['\t', '\r', '\n']) {
        return true;
    }
    let begin = text.trim_start_matches(|c: char| {
        c.is_whitespace() || is_unseen(c) || matches!(c, '"' | '\'' | ',' | ';' | '“' | '”')
    });
    begin.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

/// Control characters, and marks that take no room: the byte order mark, zero-width spaces and joiners, directions.
fn is_unseen(c: char) -> bool {
    let marks = ['\u{ad}', '\u{61c}', '\u{180e}', '\u{feff}'];
    c.is_control()
        || marks.contains(&c)
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_guarded_and_text_is_not() {
        for formula in ["=1+1", "+1", "-1", "@a", "\t=1", "\rx", "＝1", "＋1", "－1", "＠a", "\"=1", " =1", ";@a"] {
            assert!(looks_like_formula(formula), "{formula:?}");
        }
        for unseen in ["\0=1", "\u{1b}@a", "\u{feff}=1", "\u{200b}+1", "\u{202e}-1", "\u{2060} \u{ad}=1"] {
            assert!(looks_like_formula(unseen), "{unseen:?}");
        }
        for text in ["", "a=1", "2023-06-06", "——任颖", "“学思想”", "主题教育", "\u{200b}主题"] {
            assert!(!needs_guard(text), "{text:?}");
        }
    }

    #[test]
    fn one_sign_taken_off_gives_the_text_again() {
        for text in ["=1", "'=1", "''=1", "'", "''", "'原话'", "\t表", "'\t表", "原话", "", "\0'=1"] {
            let guarded = if needs_guard(text) { format!("{GUARD}{text}") } else { text.to_owned() };
            assert_eq!(guarded.strip_prefix(GUARD).unwrap_or(&guarded), text, "{guarded:?}");
        }
    }
}
