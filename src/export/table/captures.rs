//! `captures`: one row for every request, answered or not.

use super::super::{Cell, Row};
use super::{Column, Table, column};
use crate::domain::held::HeldCapture;

/// The table.
pub static TABLE: Table =
    Table { name: "captures", about: "one row for every request, with its WARC record", columns: COLUMNS };

const COLUMNS: &[Column] = &[
    column("url"),
    column("captured_at"),
    column("status"),
    column("outcome"),
    column("media_type"),
    column("bytes"),
    column("payload_digest"),
    column("warc_type"),
    column("warc_file"),
    column("warc_offset"),
    column("warc_length"),
    column("via"),
    column("run_id"),
];

/// The row of a capture.
pub fn row(held: &HeldCapture) -> Row {
    let number = |value: Option<i64>| value.map_or(Cell::Null, Cell::Integer);
    vec![
        Cell::Text(held.url.clone()),
        Cell::display(Some(held.captured_at)),
        number(held.status.map(i64::from)),
        Cell::Text(held.outcome.clone()),
        Cell::text(held.media_type.as_deref()),
        number(held.bytes),
        Cell::text(held.payload_digest.as_deref()),
        Cell::text(held.warc_type.as_deref()),
        Cell::text(held.warc_file.as_deref()),
        number(held.warc_offset),
        number(held.warc_length),
        Cell::text(held.via.as_deref()),
        Cell::Integer(held.run_id),
    ]
}
