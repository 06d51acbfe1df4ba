//! How two articles of a work compare, and what reposts changed.

use rusqlite::Connection;

use crate::domain::article::Article;
use crate::domain::held::{HeldRepost, Likeness};
use crate::domain::time::Timestamp;
use crate::near::{self, Text};
use crate::store::Error;
use crate::store::connection::{all, first};
use crate::store::text::moment;

/// An article with what decides when it appeared.
struct Appearance {
    id: i64,
    /// Seconds since 1970: publication, else first capture.
    appeared: i64,
    record: Article,
    first_seen: String,
}

/// The articles of the work this article belongs to, in order of appearance: the first, then its reposts, each with
/// what it changed.
pub(super) fn of(connection: &Connection, article: i64) -> Result<Vec<HeldRepost>, Error> {
    let rows: Vec<(i64, String, String)> = all(
        connection,
        "SELECT a.id, v.record, a.first_seen FROM articles a JOIN article_versions v ON v.id = a.version_id \
         WHERE a.work_id = (SELECT work_id FROM articles WHERE id = ?1)",
        [article],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let mut appearances = rows.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    appearances.sort_by_key(|appearance| (appearance.appeared, appearance.id));
    let mut reposts = Vec::with_capacity(appearances.len());
    let mut earliest: Option<(i64, Article)> = None;
    for Appearance { id, record, first_seen, .. } in appearances {
        let (likeness, changes) = match &earliest {
            None => (None, Vec::new()),
            Some((first, text)) => {
                let changes = near::changes(text, &record).into_iter().map(|change| change.as_str().to_owned());
                (Some(likeness(connection, *first, id)?), changes.collect())
            }
        };
        reposts.push(HeldRepost {
            article_id: id,
            url: record.url.as_ref().map(ToString::to_string),
            site: record.site.clone(),
            title: record.title.clone(),
            source: record.source.clone(),
            published_at: record.published_at,
            first_seen: moment("articles", &first_seen)?,
            likeness,
            changes,
        });
        earliest.get_or_insert((id, record));
    }
    Ok(reposts)
}

fn read((id, record, first_seen): (i64, String, String)) -> Result<Appearance, Error> {
    let record: Article = serde_json::from_str(&record)
        .map_err(|error| Error::Damaged { table: "article_versions", what: format!("article {id}: {error}") })?;
    let captured = moment("articles", &first_seen)?;
    let appeared = record.published_at.map_or_else(|| captured.epoch_seconds(), Timestamp::epoch_seconds);
    Ok(Appearance { id, appeared, record, first_seen })
}

/// How two articles compare: as found when the later one was stored; for two that are one work only through others, or
/// by a ruling, compared now.
pub(super) fn likeness(connection: &Connection, a: i64, b: i64) -> Result<Likeness, Error> {
    let stored: Option<(bool, Option<f64>, Option<String>)> = first(
        connection,
        "SELECT s.text_id = t.text_id, p.score, p.evidence FROM article_texts s JOIN article_texts t \
         LEFT JOIN text_pairs p ON p.a = min(s.text_id, t.text_id) AND p.b = max(s.text_id, t.text_id) \
         WHERE s.article_id = ?1 AND t.article_id = ?2",
        [a, b],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    match stored {
        Some((true, ..)) => Ok(Likeness { score: 1.0, evidence: EXACT.to_owned() }),
        Some((false, Some(score), Some(evidence))) => Ok(Likeness { score, evidence }),
        Some(_) | None => compare(connection, a, b),
    }
}

/// Evidence of two articles with one text.
const EXACT: &str = r#"{"rule":"same-letters"}"#;
/// Evidence of two articles that have next to nothing in common and are one work all the same.
const STRANGERS: &str = r#"{"rule":"through-others"}"#;

fn compare(connection: &Connection, a: i64, b: i64) -> Result<Likeness, Error> {
    let (a, b) = (text(connection, a)?, text(connection, b)?);
    let found = a.zip(b).and_then(|(a, b)| if a.id() < b.id() { near::compare(&a, &b) } else { near::compare(&b, &a) });
    let Some(found) = found else { return Ok(Likeness { score: 0.0, evidence: STRANGERS.to_owned() }) };
    let evidence = serde_json::to_string(&found.evidence)
        .map_err(|error| Error::Damaged { table: "text_pairs", what: error.to_string() })?;
    Ok(Likeness { score: found.score, evidence })
}

fn text(connection: &Connection, article: i64) -> Result<Option<Text>, Error> {
    let sql = "SELECT v.record FROM articles a JOIN article_versions v ON v.id = a.version_id WHERE a.id = ?1";
    let record: Option<String> = first(connection, sql, [article], |row| row.get(0))?;
    let Some(record) = record else { return Ok(None) };
    let record: Article = serde_json::from_str(&record)
        .map_err(|error| Error::Damaged { table: "article_versions", what: format!("article {article}: {error}") })?;
    Ok(Text::of(&record))
}
