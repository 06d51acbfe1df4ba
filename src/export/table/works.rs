//! `works`: one row a work, with its first appearance and its reposts.

use super::super::{Cell, Row};
use super::{Column, Holds, Reference, Table, WORK_ID, column};
use crate::domain::held::HeldWork;

/// The table. A work chosen for one of its reposts still names its true first appearance, which the part exported may lack.
pub static TABLE: Table = Table {
    name: "works",
    about: "one row a work: its first appearance and its reposts in order",
    about_zh: "每行一件作品：首次出现之处，以及按先后排列的转载",
    columns: COLUMNS,
    key: &["work_id"],
    refers: &[Reference { column: "first_article_id", table: "articles", key: "id", whole_only: true }],
};

const COLUMNS: &[Column] = &[
    WORK_ID,
    column("first_article_id", Holds::Integer, "首次出现的文章编号", "the article that appeared first").required(),
    column("url", Holds::Address, "其网址", "its address"),
    column("site", Holds::Text, "其站点", "its site"),
    column("title", Holds::Text, "其标题", "its headline"),
    column("published_at", Holds::Published, "其发布时间", "its time of publication"),
    column("first_seen", Holds::Captured, "其首次采集时间（UTC）", "when it was first captured, UTC").required(),
    column("n_articles", Holds::Integer, "共出现几处", "places it appeared at, the first included").required(),
    column("n_sites", Holds::Integer, "涉及几个站点", "different sites among them").required(),
    column(
        "reposts",
        Holds::Integers,
        "转载的文章编号，按先后以分号相连",
        "articles that repeat it, in order, joined by `;`",
    ),
];

/// The row of a work.
pub fn row(held: HeldWork) -> Row {
    vec![
        Cell::Text(held.work_id),
        Cell::Integer(held.first.article_id),
        Cell::text(held.first.url),
        Cell::text(held.first.site),
        Cell::text(held.first.title),
        Cell::published(held.first.published_at),
        Cell::Captured(held.first_seen),
        Cell::count(held.reposts.len().saturating_add(1)),
        Cell::Integer(held.sites),
        Cell::Integers(held.reposts),
    ]
}
