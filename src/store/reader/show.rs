//! One article's history: its texts, since when each was shown, and when it was gone.

use rusqlite::{Connection, Row};

use crate::domain::held::{HeldShowing, HeldTombstone, HeldVersion};
use crate::store::Error;
use crate::store::connection::{all, first};
use crate::store::text::{column, moment};

pub(super) fn article_at(connection: &Connection, url: &str) -> Result<Option<i64>, Error> {
    first(connection, "SELECT article_id FROM article_urls WHERE url = ?1", [url], |row| row.get(0))
}

pub(super) fn versions(connection: &Connection, article: i64) -> Result<Vec<HeldVersion>, Error> {
    let sql = "SELECT v.id, v.ordinal, v.record, v.content_digest, c.captured_at, c.url, f.name AS warc_file, o.warc_offset, \
         o.payload_digest FROM article_versions v JOIN captures c ON c.id = v.capture_id \
         JOIN main.captures o ON o.id = c.original_id JOIN warc_files f ON f.id = o.file_id \
         WHERE v.article_id = ?1 ORDER BY v.ordinal";
    rows(connection, sql, article, |row| {
        let record: String = column(row, "record")?;
        Ok(HeldVersion {
            id: column(row, "id")?,
            ordinal: column(row, "ordinal")?,
            record: serde_json::from_str(&record).map_err(|error| Error::Damaged {
                table: "article_versions",
                what: format!("article {article}: {error}"),
            })?,
            content_digest: column(row, "content_digest")?,
            captured_at: moment("captures", &column::<String>(row, "captured_at")?)?,
            url: column(row, "url")?,
            warc_file: column(row, "warc_file")?,
            warc_offset: column(row, "warc_offset")?,
            payload_digest: column(row, "payload_digest")?,
        })
    })
}

pub(super) fn appearances(connection: &Connection, article: i64) -> Result<Vec<HeldShowing>, Error> {
    let sql = "SELECT v.ordinal AS version, p.began_at FROM appearances p \
         JOIN article_versions v ON v.id = p.version_id WHERE p.article_id = ?1 ORDER BY p.ordinal";
    rows(connection, sql, article, |row| {
        let began_at = moment("appearances", &column::<String>(row, "began_at")?)?;
        Ok(HeldShowing { version: column(row, "version")?, began_at })
    })
}

pub(super) fn tombstones(connection: &Connection, article: i64) -> Result<Vec<HeldTombstone>, Error> {
    let sql = "SELECT t.kind, t.began_at, t.ended_at, c.url, f.name AS warc_file, c.warc_offset FROM tombstones t \
         JOIN captures c ON c.id = t.capture_id LEFT JOIN warc_files f ON f.id = c.file_id \
         WHERE t.article_id = ?1 ORDER BY t.began_at, t.id";
    rows(connection, sql, article, |row| {
        let ended_at: Option<String> = column(row, "ended_at")?;
        Ok(HeldTombstone {
            kind: column(row, "kind")?,
            began_at: moment("tombstones", &column::<String>(row, "began_at")?)?,
            url: column(row, "url")?,
            warc_file: column(row, "warc_file")?,
            warc_offset: column(row, "warc_offset")?,
            ended_at: ended_at.map(|at| moment("tombstones", &at)).transpose()?,
        })
    })
}

fn rows<T>(
    connection: &Connection,
    sql: &str,
    article: i64,
    read: impl Fn(&Row<'_>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    all(connection, sql, [article], |row| Ok(read(row)))?.into_iter().collect()
}
