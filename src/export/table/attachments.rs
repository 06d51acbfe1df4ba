//! `attachments`: one row a file offered with an article, with what became of it.

use super::super::{Cell, Row};
use super::{
    ARTICLE_ID, Column, FILE_BYTES, FILE_DIGEST, FILE_OUTCOME, FILE_TYPE, Holds, OF_ARTICLE, ORDINAL, PLACE_IN_ARTICLE,
    Table, column, file_cells,
};
use crate::domain::held::HeldAttachment;

/// The table.
pub static TABLE: Table = Table {
    name: "attachments",
    about: "one row a file offered with an article, with what became of it",
    about_zh: "每行一个附件及其获取结果",
    columns: COLUMNS,
    key: PLACE_IN_ARTICLE,
    refers: &[OF_ARTICLE],
};

const COLUMNS: &[Column] = &[
    ARTICLE_ID,
    ORDINAL,
    column("url", Holds::Address, "附件网址", "address of the file").required(),
    column("name", Holds::Text, "页面所示名称", "the name shown to readers").required(),
    FILE_DIGEST,
    FILE_BYTES,
    FILE_TYPE,
    FILE_OUTCOME,
];

/// The row of an attachment.
pub fn row(held: HeldAttachment) -> Row {
    let mut row = vec![
        Cell::Integer(held.article_id),
        Cell::Integer(held.ordinal),
        Cell::Text(held.attachment.url),
        Cell::Text(held.attachment.name),
    ];
    row.extend(file_cells(&held.file));
    row
}
