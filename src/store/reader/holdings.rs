//! What is handed over: the members of WARC files, which of them a filter chooses, and the pages a reader begins at.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};

use super::articles;
use super::pages::Query;
use crate::domain::article::Article;
use crate::domain::held::{Filter, HeldDescription, HeldMember, HeldPage, HeldRun};
use crate::store::Error;
use crate::store::connection::first;
use crate::store::text::{column, moment};

const MEMBERS: &str = "SELECT m.file_id, m.offset, m.length, m.kind, m.sha256, c.id AS capture_id, c.url \
    FROM members m LEFT JOIN captures c ON c.file_id = m.file_id AND c.warc_offset = m.offset";

/// Members of one file, in file order.
pub(super) fn members(file: i64) -> Query {
    let mut query = Query::new(MEMBERS, "m.file_id, m.offset");
    query.only("m.file_id = ?", file);
    query
}

pub(super) fn read_member(row: &Row<'_>) -> Result<HeldMember, Error> {
    let number = |name| Ok(u64::try_from(column::<i64>(row, name)?).unwrap_or_default());
    Ok(HeldMember {
        offset: number("offset")?,
        length: number("length")?,
        kind: column(row, "kind")?,
        sha256: column(row, "sha256")?,
        capture: column(row, "capture_id")?,
        url: column(row, "url")?,
    })
}

/// Everything that belongs to the chosen articles: what was ever captured at their addresses and on the way there, what
/// their versions were read from (every page of those of several), their images and attachments, the listings that named them, their sites' robots.txt;
/// and of each repeated payload the capture that holds it.
const CHOSEN: &str = "urls (url) AS (SELECT u.url FROM article_urls u JOIN chosen ON chosen.id = u.article_id \
      UNION SELECT i.place FROM images i JOIN chosen ON chosen.id = i.article_id WHERE i.place IS NOT NULL \
      UNION SELECT t.place FROM attachments t JOIN chosen ON chosen.id = t.article_id WHERE t.place IS NOT NULL \
      UNION SELECT c.redirect_to FROM captures c JOIN urls ON urls.url = c.url WHERE c.redirect_to IS NOT NULL), \
    places AS (SELECT url FROM urls UNION SELECT l.listing_url FROM listing_items l JOIN urls ON urls.url = l.url), \
    taken AS (SELECT c.id, c.original_id FROM captures c JOIN places ON places.url = c.url \
      UNION SELECT c.id, c.original_id FROM captures c JOIN urls ON urls.url = c.redirect_to \
      UNION SELECT c.id, c.original_id FROM captures c JOIN article_versions v ON v.capture_id = c.id \
        JOIN chosen ON chosen.id = v.article_id \
      UNION SELECT c.id, c.original_id FROM article_versions v JOIN chosen ON chosen.id = v.article_id, \
        json_each(v.pages) p JOIN captures c ON c.id = p.value \
      UNION SELECT c.id, c.original_id FROM captures c WHERE c.purpose = 'robots' \
        AND c.site IN (SELECT a.site FROM articles a JOIN chosen ON chosen.id = a.id)) \
    SELECT id FROM taken UNION SELECT original_id FROM taken WHERE original_id IS NOT NULL ORDER BY 1";

/// A query for the ids of the articles a filter chooses, and its values.
pub(in crate::store) fn chosen_articles(filter: &Filter) -> (String, Vec<Value>) {
    let mut articles = Query::new("SELECT a.id FROM articles a", "a.id, a.id");
    articles::filter(&mut articles, filter);
    articles.unordered()
}

/// Ids of the captures a filter chooses, ascending.
pub(super) fn chosen(connection: &Connection, filter: &Filter) -> Result<Vec<i64>, Error> {
    let (sql, values) = chosen_articles(filter);
    let sql = format!("WITH RECURSIVE chosen AS ({sql}), {CHOSEN}");
    let ids = connection
        .prepare(&sql)
        .and_then(|mut statement| statement.query_map(params_from_iter(values), |row| row.get(0))?.collect());
    ids.map_err(|source| Error::Sqlite { doing: "choosing captures", source })
}

const VERSIONS: &str = "SELECT v.id, v.id, v.capture_id, c.url, c.captured_at, v.record, a.site FROM article_versions v \
    JOIN articles a ON a.id = v.article_id JOIN captures c ON c.id = v.capture_id";

/// Every version of the chosen articles, in the order they were taken in.
pub(super) fn versions(filter: &Filter) -> Query {
    let mut query = Query::new(VERSIONS, "v.id, v.id");
    articles::filter(&mut query, filter);
    query
}

pub(super) fn read_version(row: &Row<'_>) -> Result<HeldPage, Error> {
    let capture = column(row, "capture_id")?;
    let record: Article = serde_json::from_str(&column::<String>(row, "record")?)
        .map_err(|error| Error::Damaged { table: "article_versions", what: format!("capture {capture}: {error}") })?;
    Ok(HeldPage { title: record.title, text: Some(record.body), ..page(row, capture)? })
}

const LISTINGS: &str = "SELECT l.url, l.url, l.capture_id, c.captured_at, l.site FROM listings l \
    JOIN captures c ON c.id = l.capture_id";

/// Every listing page as last read, by address.
pub(super) fn listings() -> Query {
    Query::new(LISTINGS, "l.url, l.url")
}

pub(super) fn read_listing(row: &Row<'_>) -> Result<HeldPage, Error> {
    page(row, column(row, "capture_id")?)
}

fn page(row: &Row<'_>, capture: i64) -> Result<HeldPage, Error> {
    Ok(HeldPage {
        capture,
        url: column(row, "url")?,
        at: moment("captures", &column::<String>(row, "captured_at")?)?,
        site: column(row, "site")?,
        title: None,
        text: None,
    })
}

/// The archive's stable id.
pub(super) fn archive_id(connection: &Connection) -> Result<Option<String>, Error> {
    first(connection, "SELECT value FROM meta WHERE key = 'archive_id'", [], |row| row.get(0))
}

const DESCRIBED: &str = "SELECT a.id, a.id, a.first_seen, a.last_seen, a.versions, a.gone_at, a.content_digest, \
    a.work_id, v.record, f.name AS warc_file, o.warc_offset, o.payload_digest, c.captured_at, c.record_id, o.status, \
    o.media_type, o.bytes, coalesce(c.charset, o.charset) AS charset, \
    coalesce(c.charset_source, o.charset_source) AS charset_source, o.truncated, m.sha256, m.length AS warc_length, \
    r.program, r.command, o.tls_flaw, (SELECT json_group_array(json_array(url, outcome)) FROM (\
      SELECT url, outcome FROM images WHERE article_id = a.id AND place IS NOT NULL AND payload_digest IS NULL UNION ALL \
      SELECT url, outcome FROM attachments WHERE article_id = a.id AND place IS NOT NULL AND payload_digest IS NULL) \
    ) AS files_missing \
    FROM articles a JOIN article_versions v ON v.id = a.version_id JOIN captures c ON c.id = a.capture_id \
    JOIN main.captures o ON o.id = c.original_id JOIN warc_files f ON f.id = o.file_id \
    JOIN members m ON m.file_id = o.file_id AND m.offset = o.warc_offset JOIN runs r ON r.id = c.run_id";

/// Articles with what is known of their captures, in the order they were first held.
pub(super) fn described(filter: &Filter) -> Query {
    let mut query = Query::new(DESCRIBED, "a.id, a.id");
    articles::filter(&mut query, filter);
    query
}

pub(super) fn read_described(row: &Row<'_>) -> Result<HeldDescription, Error> {
    let files_missing = serde_json::from_str(&column::<String>(row, "files_missing")?)
        .map_err(|error| Error::Damaged { table: "images", what: error.to_string() })?;
    Ok(HeldDescription {
        article: articles::read(row)?,
        captured_at: moment("captures", &column::<String>(row, "captured_at")?)?,
        record_id: column(row, "record_id")?,
        status: column(row, "status")?,
        media_type: column(row, "media_type")?,
        bytes: column(row, "bytes")?,
        charset: column(row, "charset")?,
        charset_source: column(row, "charset_source")?,
        truncated: column(row, "truncated")?,
        sha256: column(row, "sha256")?,
        warc_length: column(row, "warc_length")?,
        program: column(row, "program")?,
        command: column(row, "command")?,
        tls_flaw: column(row, "tls_flaw")?,
        files_missing,
    })
}

/// Year of every article: of its publication, else of its first capture.
pub(super) fn years() -> Query {
    Query::new(
        "SELECT a.id, a.id, substr(coalesce(a.published_on, a.first_seen), 1, 4) AS year FROM articles a",
        "a.id, a.id",
    )
}

pub(super) fn read_year(row: &Row<'_>) -> Result<(i64, String), Error> {
    Ok((column(row, "id")?, column(row, "year")?))
}

/// Runs, in the order they were begun.
pub(super) fn runs() -> Query {
    Query::new("SELECT r.id, r.id, r.started_at, r.program, r.command, r.ended_at, r.ended FROM runs r", "r.id, r.id")
}

pub(super) fn read_run(row: &Row<'_>) -> Result<HeldRun, Error> {
    Ok(HeldRun {
        id: column(row, "id")?,
        started_at: column(row, "started_at")?,
        program: column(row, "program")?,
        command: column(row, "command")?,
        ended_at: column(row, "ended_at")?,
        ended: column(row, "ended")?,
    })
}
