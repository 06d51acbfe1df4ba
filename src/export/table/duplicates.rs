//! `duplicates`: one row a pair of articles judged to be one work, with score and evidence.

use super::super::{Cell, Row};
use super::{Column, Holds, Reference, Table, WORK_ID, column};
use crate::domain::held::HeldPair;

/// The table. A part of the archive may hold one article of a pair only.
pub static TABLE: Table = Table {
    name: "duplicates",
    about: "one row a pair of articles that are one work, with score and evidence",
    about_zh: "每行一对判为同一作品的文章，附相似度与依据",
    columns: COLUMNS,
    key: &["first_article_id", "repost_article_id"],
    refers: &[
        Reference { column: "first_article_id", table: "articles", key: "id", whole_only: true },
        Reference { column: "repost_article_id", table: "articles", key: "id", whole_only: true },
        Reference { column: "work_id", table: "works", key: "work_id", whole_only: false },
    ],
};

const COLUMNS: &[Column] = &[
    WORK_ID,
    column("first_article_id", Holds::Integer, "先出现的文章编号", "the article that appeared first").required(),
    column("repost_article_id", Holds::Integer, "后出现的文章编号", "the article that repeats it").required(),
    column("score", Holds::Number, "相似度，0 到 1", "similarity, from 0 to 1").required(),
    column("evidence", Holds::Text, "判为同一作品的依据", "why the two are one work").required(),
    column("first_url", Holds::Address, "先出现者的网址", "address of the first"),
    column("first_title", Holds::Text, "先出现者的标题", "headline of the first"),
    column("first_published_at", Holds::Published, "先出现者的发布时间", "time of publication of the first"),
    column("repost_url", Holds::Address, "后出现者的网址", "address of the repost"),
    column("repost_title", Holds::Text, "后出现者的标题", "headline of the repost"),
    column("repost_published_at", Holds::Published, "后出现者的发布时间", "time of publication of the repost"),
];

/// The row of a pair.
pub fn row(held: HeldPair) -> Row {
    vec![
        Cell::Text(held.work_id),
        Cell::Integer(held.first.article_id),
        Cell::Integer(held.repost.article_id),
        Cell::Number(held.score),
        Cell::Text(held.evidence),
        Cell::text(held.first.url),
        Cell::text(held.first.title),
        Cell::published(held.first.published_at),
        Cell::text(held.repost.url),
        Cell::text(held.repost.title),
        Cell::published(held.repost.published_at),
    ]
}
