//! `stats`: one row a class, for the command of that name. Not among the tables of `export`: it counts them.

use super::super::{Cell, Row};
use super::{Column, Holds, Table, column};
use crate::domain::statistics::{Breakdown, Tally};

/// The table.
pub static TABLE: Table = Table {
    name: "stats",
    about: "counts by site, month, campaign, unit and kind of reflection",
    about_zh: "按站点、月份、专题、单位、心得类别计数",
    columns: COLUMNS,
    key: &["by", "key"],
    refers: &[],
};

const COLUMNS: &[Column] = &[
    column("by", Holds::Text, "分类依据", "by what is counted")
        .required()
        .one_of(&["total", "site", "month", "topic", "unit", "kind"]),
    column(
        "key",
        Holds::Text,
        "类别；空表示没有（合计行亦空）",
        "the class; empty for what has none, and for the total",
    ),
    column("articles", Holds::Integer, "文章数", "articles").required(),
    column("works", Holds::Integer, "作品数，转载不另计", "works: a repost adds none").required(),
    column("reflections", Holds::Integer, "心得条数", "reflections").required(),
    column("people", Holds::Integer, "不同姓名数", "different names under the reflections").required(),
    column("listed", Holds::Integer, "列表页所列条目", "rows of listings, each address once"),
    column("listed_held", Holds::Integer, "其中已存为文章者", "of them led to an article that is held"),
    column("listed_without", Holds::Integer, "其中请求过而无文章者", "of them asked for, and no article came"),
    column("listed_unasked", Holds::Integer, "其中从未请求者", "of them never asked for"),
];

/// The row of a class.
pub fn row(by: Breakdown, tally: &Tally) -> Row {
    let mut row = vec![Cell::Text(by.as_str().to_owned()), Cell::text(tally.key.as_deref())];
    row.extend([tally.articles, tally.works, tally.reflections, tally.people].map(Cell::Integer));
    match tally.coverage {
        Some(seen) => row.extend([seen.listed, seen.held, seen.without, seen.unasked].map(Cell::Integer)),
        None => row.extend([Cell::Null, Cell::Null, Cell::Null, Cell::Null]),
    }
    row
}
