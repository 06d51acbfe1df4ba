//! Captures as the index knows them.

use rusqlite::Row;

use super::pages::Query;
use crate::domain::held::{Filter, HeldCapture};
use crate::domain::time::{Date, Timestamp};
use crate::store::Error;
use crate::store::text::{column, moment};

const SELECT: &str = "SELECT c.id, c.id, c.url, c.captured_at, c.status, c.outcome, c.media_type, c.bytes, \
    c.payload_digest, c.warc_type, f.name AS warc_file, c.warc_offset, m.length AS warc_length, c.via, c.run_id \
    FROM captures c LEFT JOIN warc_files f ON f.id = c.file_id \
    LEFT JOIN members m ON m.file_id = c.file_id AND m.offset = c.warc_offset";

/// A capture is asked for by its own site and day; topic, person and unit speak of the article that was read at its
/// address, so with one of them only captures of such articles are left.
pub(super) fn query(filter: &Filter) -> Query {
    let mut query = Query::new(SELECT, "c.id, c.id");
    query.any_of("c.site", &filter.sites, "");
    if let Some(from) = filter.since.and_then(Date::midnight) {
        query.only("c.captured_at >= ?", utc(from));
    }
    if let Some(to) = filter.until.and_then(|day| day.plus_days(1)).and_then(Date::midnight) {
        query.only("c.captured_at < ?", utc(to));
    }
    let of_articles = Filter { sites: Vec::new(), since: None, until: None, ..filter.clone() };
    if of_articles != Filter::default() {
        let mut articles = Query::conditions();
        articles.filter_articles_and_speakers(&of_articles);
        query.only_where(
            "SELECT 1 FROM article_urls u JOIN articles a ON a.id = u.article_id WHERE u.url = c.url",
            articles,
        );
    }
    query
}

/// Captures of the addresses an article was read at.
pub(super) fn of_article(article: i64) -> Query {
    let mut query = Query::new(SELECT, "c.id, c.id");
    query.only("c.url IN (SELECT u.url FROM article_urls u WHERE u.article_id = ?)", article);
    query
}

/// Captures of all pages that this version of an article was joined from; none where it stands on one.
pub(super) fn of_version(version: i64) -> Query {
    let mut query = Query::new(SELECT, "c.id, c.id");
    query.only("c.id IN (SELECT p.value FROM article_versions v, json_each(v.pages) p WHERE v.id = ?)", version);
    query
}

/// A moment as `captured_at` is written, so that text order is time order.
fn utc(at: Timestamp) -> String {
    at.to_capture_time().to_micros_string()
}

pub(super) fn read(row: &Row<'_>) -> Result<HeldCapture, Error> {
    Ok(HeldCapture {
        id: column(row, "id")?,
        url: column(row, "url")?,
        captured_at: moment("captures", &column::<String>(row, "captured_at")?)?,
        status: column(row, "status")?,
        outcome: column(row, "outcome")?,
        media_type: column(row, "media_type")?,
        bytes: column(row, "bytes")?,
        payload_digest: column(row, "payload_digest")?,
        warc_type: column(row, "warc_type")?,
        warc_file: column(row, "warc_file")?,
        warc_offset: column(row, "warc_offset")?,
        warc_length: column(row, "warc_length")?,
        via: column(row, "via")?,
        run_id: column(row, "run_id")?,
    })
}
