//! An index as text, so that two of them can be compared row by row.

use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

/// Every row of every table, a line each: the table's name, then `column=value`. Rows are sorted; ids stand as they
/// are, since an index rebuilt in the same order gives the same ones. The log of events is no part of what captures say.
pub(crate) fn dump(archive: &Path) -> Vec<String> {
    let index = Connection::open_with_flags(archive.join("shiguan.db"), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    // Inside the full-text index the same rows may stand in other segments.
    let tables = names(
        &index,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'events' \
         AND name NOT LIKE 'search_%'",
    );
    let mut lines: Vec<String> = tables.iter().flat_map(|table| rows(&index, table)).collect();
    lines.sort();
    lines
}

/// Lines that stand in one of the two only, with the side they stand on.
pub(crate) fn differences(old: &[String], new: &[String]) -> Vec<String> {
    let only = |side: char, these: &[String], those: &[String]| -> Vec<String> {
        let lines = these.iter().filter(|line| those.binary_search(line).is_err());
        lines.map(|line| format!("{side} {}", line.chars().take(400).collect::<String>())).collect()
    };
    [only('-', old, new), only('+', new, old)].concat()
}

fn names(index: &Connection, sql: &str) -> Vec<String> {
    index.prepare(sql).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn rows(index: &Connection, table: &str) -> Vec<String> {
    let mut statement = index.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
    let columns: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
    let rows = statement.query_map([], |row| {
        let cells = columns.iter().enumerate().map(|(at, column)| {
            let value = match row.get_ref(at).unwrap() {
                ValueRef::Null => "-".to_owned(),
                ValueRef::Integer(number) => number.to_string(),
                ValueRef::Real(number) => number.to_string(),
                ValueRef::Text(text) => format!("{:?}", String::from_utf8_lossy(text)),
                ValueRef::Blob(bytes) => format!("{bytes:?}"),
            };
            format!("{column}={value}")
        });
        Ok(format!("{table}: {}", cells.collect::<Vec<_>>().join(" ")))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

/// The index of an archive to write to by hand: its seal is taken away, as someone who does this has to.
pub(crate) fn by_hand(archive: &Path) -> Connection {
    std::fs::remove_file(archive.join("shiguan.db.seal")).ok();
    Connection::open(archive.join("shiguan.db")).unwrap()
}
