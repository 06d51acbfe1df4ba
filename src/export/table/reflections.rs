//! `reflections`: one row for each named person's words, with what a researcher cites of the article.

use super::super::{Cell, Row};
use super::{Column, Table, column};
use crate::domain::held::HeldReflection;

/// The table.
pub static TABLE: Table = Table {
    name: "reflections",
    about: "one row for the words of named persons, with their article",
    columns: COLUMNS,
};

const COLUMNS: &[Column] = &[
    column("article_id"),
    column("ordinal"),
    column("people"),
    column("affiliation"),
    column("degree"),
    column("year"),
    column("major"),
    column("class"),
    column("branch"),
    column("unit"),
    column("role"),
    column("kind"),
    column("text"),
    column("start"),
    column("end"),
    column("url"),
    column("site"),
    column("title"),
    column("source"),
    column("published_at"),
    column("topics"),
    column("work_id"),
];

/// The row of a reflection.
pub fn row(held: &HeldReflection) -> Row {
    let reflection = &held.reflection;
    let facets = &reflection.facets;
    vec![
        Cell::Integer(held.article_id),
        Cell::count(reflection.ordinal),
        Cell::List(reflection.people.clone()),
        Cell::text(reflection.affiliation.as_deref()),
        Cell::text(facets.degree.as_deref()),
        Cell::text(facets.year.as_deref()),
        Cell::text(facets.major.as_deref()),
        Cell::text(facets.class.as_deref()),
        Cell::text(facets.branch.as_deref()),
        Cell::text(facets.unit.as_deref()),
        Cell::text(reflection.role.as_deref()),
        Cell::Text(reflection.kind.as_str().to_owned()),
        Cell::Text(reflection.text.clone()),
        Cell::count(reflection.start),
        Cell::count(reflection.end),
        Cell::text(held.url.as_deref()),
        Cell::text(held.site.as_deref()),
        Cell::text(held.title.as_deref()),
        Cell::text(held.source.as_deref()),
        Cell::display(held.published_at),
        Cell::List(held.topics.clone()),
        Cell::Text(held.work_id.clone()),
    ]
}
