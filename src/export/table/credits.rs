//! `credits`: one row a role of an article, with the names under it.

use super::super::{Cell, Row};
use super::{ARTICLE_ID, Column, Holds, OF_ARTICLE, ORDINAL, PLACE_IN_ARTICLE, Table, column};
use crate::domain::held::HeldCredit;

/// The table.
pub static TABLE: Table = Table {
    name: "credits",
    about: "one row a role of an article, with the names under it",
    about_zh: "每行一项署名：角色及其姓名",
    columns: COLUMNS,
    key: PLACE_IN_ARTICLE,
    refers: &[OF_ARTICLE],
};

const COLUMNS: &[Column] = &[
    ARTICLE_ID,
    ORDINAL,
    column("role", Holds::Text, "角色，如页面所示，不含冒号", "role as printed, without the colon").required(),
    column("names", Holds::Texts, "个人或单位，以分号相连", "persons or units, joined by `;`"),
];

/// The row of a credit.
pub fn row(held: HeldCredit) -> Row {
    vec![Cell::Integer(held.article_id), Cell::Integer(held.ordinal), Cell::Text(held.role), Cell::List(held.names)]
}
