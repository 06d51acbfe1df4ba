//! XLSX for spreadsheets: every cell is text, so nothing is taken for a formula, a date or a link.
//!
//! Cells pass through a temporary file, so that memory stays flat. What the format cannot hold is said: a longer text is
//! cut at the cap of a cell, ends in a mark and is counted; more rows than a sheet holds go on in the next sheet.
//! Characters XML has no room for are written as `_xHHHH_` (ECMA-376, 22.4.2.4 `ST_Xstring`), as Excel does.

use std::borrow::Cow;
use std::io::{self, Seek as _, Write as _};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format as CellFormat, Workbook, XlsxError};

use super::{Cell, Exporter, Format, Options, Row, Sink, Table};

/// The format's row in [`super::FORMATS`].
pub(super) const FORMAT: Format =
    Format { name: "xlsx", extension: "xlsx", about: "Excel workbook; every cell is text", to_stdout: false, open };

/// Rows of a sheet, the header included.
const ROWS: u32 = 1_048_576;
/// UTF-16 units of a cell.
const CELL: usize = 32_767;
/// Ends a text that was cut.
const MARK: &str = "…[截断 cut]";

struct Xlsx<'a> {
    table: &'static Table,
    sink: Sink<'a>,
    book: Workbook,
    sheets: usize,
    /// The next row of the current sheet.
    row: u32,
    cut: u64,
}

fn open<'a>(sink: Sink<'a>, table: &'static Table, _options: Options) -> io::Result<Box<dyn Exporter + 'a>> {
    let mut book = Workbook::new();
    // A clock in the file would make two exports of one archive differ.
    let day = ExcelDateTime::from_ymd(2000, 1, 1).map_err(unwrapped)?;
    book.set_properties(&DocProperties::new().set_title(table.name).set_creation_datetime(&day));
    let mut xlsx = Xlsx { table, sink, book, sheets: 0, row: 0, cut: 0 };
    xlsx.begin_sheet()?;
    Ok(Box::new(xlsx))
}

impl Xlsx<'_> {
    fn begin_sheet(&mut self) -> io::Result<()> {
        let name = match self.sheets {
            0 => self.table.name.to_owned(),
            before => format!("{} {}", self.table.name, before + 1),
        };
        let bold = CellFormat::new().set_bold();
        let sheet = self.book.add_worksheet_with_constant_memory().map_err(unwrapped)?;
        sheet.set_name(name).map_err(unwrapped)?;
        sheet.set_freeze_panes(1, 0).map_err(unwrapped)?;
        for (column, (_, described)) in (0..).zip(self.table.flat_columns()) {
            sheet.write_string_with_format(0, column, described.name, &bold).map_err(unwrapped)?;
        }
        (self.sheets, self.row) = (self.sheets + 1, 1);
        Ok(())
    }
}

impl Exporter for Xlsx<'_> {
    fn write(&mut self, row: &Row) -> io::Result<()> {
        if self.row >= ROWS {
            self.begin_sheet()?;
        }
        let sheet = self.book.worksheet_from_index(self.sheets - 1).map_err(unwrapped)?;
        for (column, (at, _)) in (0..).zip(self.table.flat_columns()) {
            let text = row.get(at).unwrap_or(&Cell::Null).flat();
            if text.is_empty() {
                continue;
            }
            let fitted = fitted(&text);
            self.cut += u64::from(fitted.len() != text.len());
            sheet.write_string(self.row, column, fitted).map_err(unwrapped)?;
        }
        self.row += 1;
        Ok(())
    }

    fn cut(&self) -> u64 {
        self.cut
    }

    /// The archive inside needs to go back and forth in its file, which a sink cannot.
    fn finish(mut self: Box<Self>) -> io::Result<()> {
        let mut file = tempfile::tempfile()?;
        self.book.save_to_writer(&mut file).map_err(unwrapped)?;
        file.rewind()?;
        io::copy(&mut file, &mut self.sink)?;
        self.sink.flush()
    }
}

/// The text as far as a cell holds it.
fn fitted(text: &str) -> Cow<'_, str> {
    // A byte is at least a third of a UTF-16 unit, and never more than one.
    if text.len() <= CELL || text.encode_utf16().count() <= CELL {
        return Cow::Borrowed(text);
    }
    let room = CELL - MARK.encode_utf16().count();
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > room
    });
    let kept = end.and_then(|(at, _)| text.get(..at)).unwrap_or(text);
    Cow::Owned(format!("{kept}{MARK}"))
}

/// The system's own error, whose kind says "out of space" or "hung up".
fn unwrapped(error: XlsxError) -> io::Error {
    if let XlsxError::IoError(inner) = error { inner } else { io::Error::other(error) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_the_cap_and_says_so() {
        assert_eq!(fitted(&"字".repeat(CELL)), "字".repeat(CELL));
        for long in ["字".repeat(CELL + 1), "😀".repeat(CELL / 2 + 1), "x".repeat(100_000)] {
            let fitted = fitted(&long);
            assert!(fitted.ends_with(MARK));
            let units = fitted.encode_utf16().count();
            assert!((CELL - 1..=CELL).contains(&units), "{units}");
            assert!(long.starts_with(fitted.strip_suffix(MARK).unwrap()));
        }
    }
}
