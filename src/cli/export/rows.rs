//! Which rows a table has: the one place that knows what of the index becomes which table.

use crate::domain::held::Filter;
use crate::export::table::{articles, captures, credits, duplicates, media, people, reflections, works};
use crate::export::{Row, Table};
use crate::store::{self, Reader};

/// Hands every row of the table to `write`, in the table's order.
pub(super) fn each(
    reader: &Reader,
    table: &Table,
    filter: &Filter,
    mut write: impl FnMut(Row) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    match table.name {
        "articles" => all(reader.articles(filter), articles::row, &mut write),
        "reflections" => all(reader.reflections(filter), reflections::row, &mut write),
        "credits" => all(reader.credits(filter), credits::row, &mut write),
        "images" => all(reader.images(filter), media::image, &mut write),
        "attachments" => all(reader.attachments(filter), media::attachment, &mut write),
        "works" => all(reader.works(filter), works::row, &mut write),
        "duplicates" => all(reader.duplicates(filter), duplicates::row, &mut write),
        "people" => all(reader.people(filter), people::row, &mut write),
        _captures => all(reader.captures(filter), captures::row, &mut write),
    }
}

fn all<T>(
    held: impl Iterator<Item = Result<T, store::Error>>,
    row: impl Fn(T) -> Row,
    write: &mut impl FnMut(Row) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    for one in held {
        write(row(one?))?;
    }
    Ok(())
}
