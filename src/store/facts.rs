//! What the index says of the records that a check can hold against itself: each question gives a sentence for each thing
//! that is wrong. A filter narrows the questions to the articles it chooses and to what was captured at their addresses.

use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::Error;
use super::connection::open_for_reading;
use super::reader::chosen_articles;
use crate::domain::held::Filter;

/// A question about the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// Values whose type, range or form cannot be.
    Forms,
    /// Columns that differ from the record they were taken from.
    Copies,
    /// Captures that no run of a named program made.
    Origins,
    /// Mandatory elements that are empty and of which no warning speaks.
    Elements,
    /// Numbers that leave a gap.
    Ordinals,
    /// Articles, images and attachments whose bytes are said to be held and are not, or that nobody asked for yet.
    Contents,
    /// Images and attachments that were asked for, or ruled out, and are not held: nothing wrong, but nothing to hide.
    NotHeld,
    /// Texts with characters that could not be read.
    Texts,
    /// Files in formats that are not on the list for long keeping.
    Formats,
    /// Payloads under a coding no standard names.
    Codings,
    /// WARC files and runs that do not say by what they were made.
    Software,
    /// Credentials in addresses or command lines.
    Credentials,
}

/// Formats a reader of the far future will find software for, by the beginning of their media type.
const KEPT: &str = "'text/', 'image/', 'audio/', 'video/', 'font/', 'application/xhtml', 'application/json', \
    'application/xml', 'application/rss', 'application/atom', 'application/javascript', 'application/x-javascript', \
    'application/pdf', 'application/ofd', 'application/msword', 'application/vnd.', 'application/zip', 'application/rtf', \
    'application/wps', 'application/x-rar', 'application/octet-stream', 'application/warc', 'application/ld+json'";

impl Question {
    /// One sentence a row; `chosen` are the articles, `taken` the captures at their addresses.
    #[expect(clippy::too_many_lines, reason = "a flat list: one query a question")]
    fn sql(self) -> String {
        match self {
            Self::Forms => "SELECT 'capture ' || c.id || ' of ' || c.url || ': status ' || c.status FROM captures c \
                JOIN taken ON taken.id = c.id WHERE c.status NOT BETWEEN 100 AND 599 UNION ALL \
                SELECT 'capture ' || c.id || ' of ' || c.url || ': bytes ' || c.bytes FROM captures c \
                JOIN taken ON taken.id = c.id WHERE c.bytes < 0 UNION ALL \
                SELECT 'capture ' || c.id || ' of ' || c.url || ': moment ' || c.captured_at FROM captures c \
                JOIN taken ON taken.id = c.id WHERE c.captured_at NOT GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T*Z' \
                UNION ALL SELECT 'capture ' || c.id || ' of ' || c.url || ': digest ' || c.payload_digest FROM captures c \
                JOIN taken ON taken.id = c.id WHERE c.payload_digest NOT GLOB '[a-z]*[0-9]:?*' UNION ALL \
                SELECT 'article ' || a.id || ': published ' || a.published_at FROM articles a \
                JOIN chosen ON chosen.id = a.id \
                WHERE a.published_at NOT GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:*'"
                .to_owned(),
            Self::Copies => "SELECT 'article ' || a.id || ' of ' || a.url || ': title, source or time differ from its record' \
                FROM articles a JOIN chosen ON chosen.id = a.id JOIN article_versions v ON v.id = a.version_id \
                WHERE json_extract(v.record, '$.title') IS NOT a.title OR json_extract(v.record, '$.source') IS NOT a.source \
                OR json_extract(v.record, '$.published_at') IS NOT a.published_at UNION ALL \
                SELECT 'article ' || a.id || ' of ' || a.url || ': its record names another address' FROM articles a \
                JOIN chosen ON chosen.id = a.id JOIN article_versions v ON v.id = a.version_id \
                WHERE NOT EXISTS (SELECT 1 FROM article_urls u WHERE u.article_id = a.id \
                  AND u.url = json_extract(v.record, '$.url'))"
                .to_owned(),
            Self::Origins => "SELECT 'capture ' || c.id || ' of ' || c.url || ' belongs to no run' FROM captures c \
                JOIN taken ON taken.id = c.id LEFT JOIN runs r ON r.id = c.run_id WHERE r.id IS NULL OR c.site = ''"
                .to_owned(),
            Self::Elements => "SELECT 'article ' || a.id || ' of ' || coalesce(a.url, 'no address') || ': no 题名 or 网址' \
                FROM articles a JOIN chosen ON chosen.id = a.id JOIN article_versions v ON v.id = a.version_id \
                WHERE (coalesce(a.title, '') = '' AND json_array_length(v.record, '$.warnings') = 0) \
                OR coalesce(a.url, '') = '' UNION ALL \
                SELECT 'article ' || a.id || ': its capture has no 标识符' FROM articles a JOIN chosen ON chosen.id = a.id \
                JOIN captures c ON c.id = a.capture_id WHERE coalesce(c.record_id, '') = ''"
                .to_owned(),
            Self::Ordinals => "SELECT 'article ' || v.article_id || ': its versions are not numbered from 1 without a gap' \
                FROM article_versions v JOIN chosen ON chosen.id = v.article_id GROUP BY v.article_id \
                HAVING min(v.ordinal) <> 1 OR max(v.ordinal) <> count(*) UNION ALL \
                SELECT 'article ' || r.article_id || ': its reflections are not numbered from 1 without a gap' \
                FROM reflections r JOIN chosen ON chosen.id = r.article_id GROUP BY r.article_id \
                HAVING min(r.ordinal) <> 1 OR max(r.ordinal) <> count(*)"
                .to_owned(),
            Self::Contents => "SELECT 'article ' || a.id || ' of ' || a.url || ': its content is not held' FROM articles a \
                JOIN chosen ON chosen.id = a.id LEFT JOIN captures c ON c.id = a.capture_id \
                LEFT JOIN captures o ON o.id = c.original_id AND o.file_id IS NOT NULL WHERE o.id IS NULL UNION ALL \
                SELECT 'image ' || i.url || ' of article ' || i.article_id || ' is not held' FROM images i \
                JOIN chosen ON chosen.id = i.article_id WHERE i.payload_digest IS NOT NULL \
                AND NOT EXISTS (SELECT 1 FROM captures c WHERE c.payload_digest = i.payload_digest) UNION ALL \
                SELECT 'attachment ' || t.url || ' of article ' || t.article_id || ' is not held' FROM attachments t \
                JOIN chosen ON chosen.id = t.article_id WHERE t.payload_digest IS NOT NULL \
                AND NOT EXISTS (SELECT 1 FROM captures c WHERE c.payload_digest = t.payload_digest) UNION ALL \
                SELECT 'image ' || i.url || ' of article ' || i.article_id || ' was never asked for' FROM images i \
                JOIN chosen ON chosen.id = i.article_id WHERE i.place IS NOT NULL AND i.outcome IS NULL UNION ALL \
                SELECT 'attachment ' || t.url || ' of article ' || t.article_id || ' was never asked for' \
                FROM attachments t JOIN chosen ON chosen.id = t.article_id \
                WHERE t.place IS NOT NULL AND t.outcome IS NULL"
                .to_owned(),
            Self::NotHeld => "SELECT 'image ' || i.url || ' of article ' || i.article_id || ': ' || i.outcome FROM images i \
                JOIN chosen ON chosen.id = i.article_id \
                WHERE i.place IS NOT NULL AND i.payload_digest IS NULL AND i.outcome IS NOT NULL UNION ALL \
                SELECT 'attachment ' || t.url || ' of article ' || t.article_id || ': ' || t.outcome FROM attachments t \
                JOIN chosen ON chosen.id = t.article_id \
                WHERE t.place IS NOT NULL AND t.payload_digest IS NULL AND t.outcome IS NOT NULL"
                .to_owned(),
            Self::Texts => "SELECT 'article ' || a.id || ' of ' || a.url || ': characters that could not be read' \
                FROM articles a JOIN chosen ON chosen.id = a.id JOIN article_versions v ON v.id = a.version_id \
                WHERE instr(v.record, char(65533)) > 0 UNION ALL \
                SELECT 'article ' || a.id || ' of ' || a.url || ': no text, and nothing that says why' FROM articles a \
                JOIN chosen ON chosen.id = a.id JOIN article_versions v ON v.id = a.version_id \
                WHERE json_extract(v.record, '$.body') = '' AND json_array_length(v.record, '$.warnings') = 0"
                .to_owned(),
            Self::Formats => format!(
                "WITH kept (prefix) AS (SELECT value FROM json_each(json_array({KEPT}))) \
                SELECT 'capture ' || c.id || ' of ' || c.url || ': ' || c.media_type FROM captures c \
                JOIN taken ON taken.id = c.id WHERE c.status = 200 AND c.media_type LIKE '%/%' AND NOT EXISTS \
                (SELECT 1 FROM kept WHERE substr(lower(c.media_type), 1, length(kept.prefix)) = kept.prefix)"
            ),
            Self::Codings => "SELECT 'capture ' || c.id || ' of ' || c.url || ': coding ' || c.content_encoding \
                FROM captures c JOIN taken ON taken.id = c.id \
                WHERE c.content_encoding IS NOT NULL AND lower(c.content_encoding) NOT IN \
                ('', 'gzip', 'x-gzip', 'deflate', 'br', 'zstd', 'identity', 'none', 'utf-8')"
                .to_owned(),
            Self::Software => "SELECT 'WARC file ' || f.name || ' has no description of itself' FROM warc_files f \
                WHERE f.warcinfo_id = '' UNION ALL SELECT 'run ' || r.id || ' names no program' FROM runs r \
                WHERE r.program = ''"
                .to_owned(),
            Self::Credentials => "SELECT 'capture ' || c.id || ': its address holds a user name' FROM captures c \
                JOIN taken ON taken.id = c.id WHERE substr(c.url, 1, instr(substr(c.url, 9), '/') + 8) LIKE '%@%' UNION ALL \
                SELECT 'run ' || r.id || ': its command line holds a password' FROM runs r \
                WHERE r.command GLOB '*://*:[^/ …]*@*'"
                .to_owned(),
        }
    }
}

/// How much there is of what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amounts {
    /// Articles chosen.
    pub articles: i64,
    /// Captures at their addresses; all where nothing was chosen.
    pub captures: i64,
    /// Images and attachments named, and those held.
    pub files: (i64, i64),
    /// Rows of listings with an address, and those asked for.
    pub rows: (i64, i64),
    /// Articles without a time of publication.
    pub undated: i64,
    /// Persons named.
    pub people: i64,
}

/// The records as the index has them.
#[derive(Debug)]
pub struct Facts {
    connection: Connection,
    narrowed: String,
    values: Vec<Value>,
}

impl Facts {
    /// Opens the index of this archive folder, narrowed to what the filter chooses.
    pub fn open(dir: &Path, filter: &Filter) -> Result<Self, Error> {
        let (articles, values) = chosen_articles(filter);
        let taken = if *filter == Filter::default() {
            "SELECT id FROM captures"
        } else {
            "SELECT c.id FROM captures c JOIN article_urls u ON u.url = c.url JOIN chosen ON chosen.id = u.article_id"
        };
        let narrowed = format!("WITH chosen AS ({articles}), taken AS ({taken})");
        Ok(Self { connection: open_for_reading(dir)?, narrowed, values })
    }

    /// What is wrong.
    pub fn ask(&self, question: Question) -> Result<Vec<String>, Error> {
        self.rows(&question.sql(), |row| row.get::<_, Option<String>>(0)).map(|rows| {
            rows.into_iter().map(|sentence| sentence.unwrap_or_else(|| "a row without an address".to_owned())).collect()
        })
    }

    /// How much there is.
    pub fn amounts(&self) -> Result<Amounts, Error> {
        let files = |having: &str| {
            format!(
                "(SELECT count(*) FROM images i JOIN chosen ON chosen.id = i.article_id WHERE i.place IS NOT NULL {having}) + \
                (SELECT count(*) FROM attachments i JOIN chosen ON chosen.id = i.article_id WHERE i.place IS NOT NULL {having})"
            )
        };
        let sql = format!(
            "SELECT (SELECT count(*) FROM chosen), (SELECT count(*) FROM taken), {}, {}, \
            (SELECT count(*) FROM listing_items), \
            (SELECT count(*) FROM listing_items l JOIN places p ON p.url = l.url), \
            (SELECT count(*) FROM articles a JOIN chosen ON chosen.id = a.id WHERE a.published_at IS NULL), \
            (SELECT count(DISTINCT name) FROM people p JOIN chosen ON chosen.id = p.article_id)",
            files(""),
            files("AND i.payload_digest IS NOT NULL")
        );
        let rows = self.rows(&sql, |row| {
            Ok(Amounts {
                articles: row.get(0)?,
                captures: row.get(1)?,
                files: (row.get(2)?, row.get(3)?),
                rows: (row.get(4)?, row.get(5)?),
                undated: row.get(6)?,
                people: row.get(7)?,
            })
        })?;
        Ok(rows.first().copied().unwrap_or_default())
    }

    fn rows<T>(&self, sql: &str, read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>) -> Result<Vec<T>, Error> {
        // A question with a list of its own continues ours.
        let sql = sql
            .strip_prefix("WITH ")
            .map_or_else(|| format!("{} {sql}", self.narrowed), |own| format!("{}, {own}", self.narrowed));
        self.connection
            .prepare(&sql)
            .and_then(|mut statement| statement.query_map(params_from_iter(&self.values), read)?.collect())
            .map_err(|source| Error::Sqlite { doing: "checking records", source })
    }
}
