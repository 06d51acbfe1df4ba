//! `captures`: one row for every request, answered or not.

use super::super::{Cell, Row};
use super::{Column, Holds, Table, column};
use crate::domain::held::HeldCapture;

/// The table. Its rows have no name of their own: two requests may go to one address within a microsecond.
pub static TABLE: Table = Table {
    name: "captures",
    about: "one row for every request, with its WARC record",
    about_zh: "每行一次请求（无论有无应答）及其 WARC 记录",
    columns: COLUMNS,
    key: &[],
    refers: &[],
};

const COLUMNS: &[Column] = &[
    column("url", Holds::Address, "请求的网址", "the URL asked for").required(),
    column("captured_at", Holds::Captured, "请求时间（UTC）", "when, UTC").required(),
    column("status", Holds::Integer, "HTTP 状态码，无应答则为空", "HTTP status; empty where no answer came"),
    column("outcome", Holds::Text, "结果，一个词", "the one word that sums the visit up").required(),
    column("media_type", Holds::Text, "内容类型", "Content-Type, without parameters"),
    column("bytes", Holds::Integer, "内容字节数（传输时）", "payload bytes as they travelled"),
    column("payload_digest", Holds::Text, "内容的 SHA-1 摘要（Base32）", "SHA-1 of the payload in Base32"),
    column("warc_type", Holds::Text, "WARC 记录类型", "type of the WARC record"),
    column("warc_file", Holds::Text, "WARC 文件", "WARC file, below the archive folder"),
    column("warc_offset", Holds::Integer, "记录的字节偏移", "offset of the record, in bytes"),
    column("warc_length", Holds::Integer, "记录的字节长度（压缩后）", "length of the record, in bytes, compressed"),
    column("via", Holds::Address, "由哪一页或哪一跳转而来", "the page or hop that led here"),
    column("run_id", Holds::Integer, "采集批次", "the run that made it").required(),
];

/// The row of a capture.
pub fn row(held: HeldCapture) -> Row {
    let number = |value: Option<i64>| value.map_or(Cell::Null, Cell::Integer);
    vec![
        Cell::Text(held.url),
        Cell::Captured(held.captured_at),
        number(held.status.map(i64::from)),
        Cell::Text(held.outcome),
        Cell::text(held.media_type),
        number(held.bytes),
        Cell::text(held.payload_digest),
        Cell::text(held.warc_type),
        Cell::text(held.warc_file),
        number(held.warc_offset),
        number(held.warc_length),
        Cell::text(held.via),
        Cell::Integer(held.run_id),
    ]
}
