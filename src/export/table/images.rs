//! `images`: one row an appearance of an image, with what became of the file.

use super::super::{Cell, Row};
use super::{
    ARTICLE_ID, Column, FILE_BYTES, FILE_DIGEST, FILE_OUTCOME, FILE_TYPE, Holds, OF_ARTICLE, ORDINAL, PLACE_IN_ARTICLE,
    Table, column, file_cells,
};
use crate::domain::held::HeldImage;

/// The table.
pub static TABLE: Table = Table {
    name: "images",
    about: "one row an image of an article, with what became of the file",
    about_zh: "每行正文中的一幅图片及其获取结果",
    columns: COLUMNS,
    key: PLACE_IN_ARTICLE,
    refers: &[OF_ARTICLE],
};

const COLUMNS: &[Column] = &[
    ARTICLE_ID,
    ORDINAL,
    column("url", Holds::Address, "图片网址", "address of the image").required(),
    column("alt", Holds::Text, "替代文字", "alternative text"),
    column("caption", Holds::Text, "图片说明", "caption printed under or beside it"),
    FILE_DIGEST,
    FILE_BYTES,
    FILE_TYPE,
    FILE_OUTCOME,
];

/// The row of an image.
pub fn row(held: HeldImage) -> Row {
    let mut row = vec![
        Cell::Integer(held.article_id),
        Cell::Integer(held.ordinal),
        Cell::Text(held.image.url),
        Cell::text(held.image.alt),
        Cell::text(held.image.caption),
    ];
    row.extend(file_cells(&held.file));
    row
}
