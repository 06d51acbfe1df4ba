//! `articles`: one row a record, gone ones too.

use serde::Serialize;
use serde_json::Value;

use super::super::{Cell, Row};
use super::{Column, Table, column, flat, nested};
use crate::domain::held::HeldArticle;
use crate::domain::time::Precision;

/// The table.
pub static TABLE: Table = Table { name: "articles", about: "one row a record, gone ones too", columns: COLUMNS };

const COLUMNS: &[Column] = &[
    nested("kind"),
    column("id"),
    column("url"),
    column("canonical_url"),
    column("site"),
    column("family"),
    column("title"),
    column("subtitle"),
    column("source"),
    column("published_at"),
    column("published_precision"),
    column("credits"),
    column("body"),
    nested("reflections"),
    nested("images"),
    nested("attachments"),
    nested("breadcrumbs"),
    flat("n_reflections"),
    flat("n_images"),
    flat("n_attachments"),
    column("topics"),
    column("warnings"),
    column("extractor"),
    column("selectors"),
    column("first_seen"),
    column("last_seen"),
    column("versions"),
    column("gone_at"),
    column("content_digest"),
    column("work_id"),
    column("warc_file"),
    column("warc_offset"),
    column("payload_digest"),
];

/// The row of an article.
pub fn row(held: &HeldArticle) -> Row {
    let mut row = record_cells(held);
    row.extend([
        Cell::display(Some(held.first_seen)),
        Cell::display(Some(held.last_seen)),
        Cell::Integer(held.versions),
        Cell::display(held.gone_at),
        Cell::Text(held.content_digest.clone()),
        Cell::Text(held.work_id.clone()),
        Cell::Text(held.warc_file.clone()),
        Cell::Integer(held.warc_offset),
        Cell::Text(held.payload_digest.clone()),
    ]);
    row
}

fn record_cells(held: &HeldArticle) -> Row {
    let record = &held.record;
    let credits = record.credits.iter().flat_map(|c| c.names.iter().map(move |name| format!("{}:{name}", c.role)));
    vec![
        Cell::Text("article".to_owned()),
        Cell::Integer(held.id),
        Cell::display(record.url.as_ref()),
        Cell::display(record.canonical_url.as_ref()),
        Cell::text(record.site.as_deref()),
        Cell::Text(record.family.clone()),
        Cell::text(record.title.as_deref()),
        Cell::text(record.subtitle.as_deref()),
        Cell::text(record.source.as_deref()),
        Cell::display(record.published_at),
        Cell::text(record.published_precision.map(Precision::as_str)),
        Cell::Nested { json: json(&record.credits), flat: credits.collect::<Vec<_>>().join(";") },
        Cell::Text(record.body.clone()),
        structured(&record.reflections),
        structured(&record.images),
        structured(&record.attachments),
        Cell::List(record.breadcrumbs.clone()),
        Cell::count(record.reflections.len()),
        Cell::count(record.images.len()),
        Cell::count(record.attachments.len()),
        Cell::List(record.topics.clone()),
        Cell::List(record.warnings.clone()),
        Cell::Text(record.extractor.clone()),
        Cell::Text(record.selectors.clone()),
    ]
}

/// A list only formats with structure write.
fn structured(value: &impl Serialize) -> Cell {
    Cell::Nested { json: json(value), flat: String::new() }
}

/// Our own plain data always has a JSON form; the null arm only satisfies the type.
fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}
