//! Articles with their current record.

use rusqlite::{Connection, Row};

use super::pages::Query;
use crate::domain::held::{Filter, HeldArticle};
use crate::store::Error;
use crate::store::connection::first;
use crate::store::text::{column, moment};

const SELECT: &str = "SELECT a.id, a.id, a.first_seen, a.last_seen, a.versions, a.gone_at, a.content_digest, a.work_id, \
    v.record, f.name AS warc_file, o.warc_offset, o.payload_digest FROM articles a \
    JOIN article_versions v ON v.id = a.version_id JOIN captures c ON c.id = a.capture_id \
    JOIN main.captures o ON o.id = c.original_id JOIN warc_files f ON f.id = o.file_id";

pub(super) fn query(filter: &Filter) -> Query {
    let mut query = Query::new(SELECT, "a.id, a.id");
    self::filter(&mut query, filter);
    query
}

/// Everything a filter says of an article `a`.
pub(super) fn filter(query: &mut Query, filter: &Filter) {
    query.filter_articles_and_speakers(filter);
}

/// The article with this id.
pub(super) fn by_id(connection: &Connection, id: i64) -> Result<Option<HeldArticle>, Error> {
    let held: Option<Result<HeldArticle, Error>> =
        first(connection, &format!("{SELECT} WHERE a.id = ?1"), [id], |row| Ok(read(row)))?;
    held.transpose()
}

pub(super) fn read(row: &Row<'_>) -> Result<HeldArticle, Error> {
    let id = column(row, "id")?;
    let record: String = column(row, "record")?;
    let gone_at: Option<String> = column(row, "gone_at")?;
    Ok(HeldArticle {
        id,
        record: serde_json::from_str(&record)
            .map_err(|error| Error::Damaged { table: "article_versions", what: format!("article {id}: {error}") })?,
        first_seen: moment("articles", &column::<String>(row, "first_seen")?)?,
        last_seen: moment("articles", &column::<String>(row, "last_seen")?)?,
        versions: column(row, "versions")?,
        gone_at: gone_at.map(|at| moment("articles", &at)).transpose()?,
        content_digest: column(row, "content_digest")?,
        work_id: column(row, "work_id")?,
        warc_file: column(row, "warc_file")?,
        warc_offset: column(row, "warc_offset")?,
        payload_digest: column(row, "payload_digest")?,
    })
}
