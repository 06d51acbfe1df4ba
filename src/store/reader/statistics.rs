//! Counts by class. The articles counted are those `export articles` gives with the same filter, the reflections those
//! `export reflections` gives: both conditions are built by the same code.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};

use super::pages::Query;
use super::{holdings, reflections};
use crate::domain::held::Filter;
use crate::domain::statistics::{Breakdown, Coverage, Tally};
use crate::store::Error;
use crate::store::connection::all;

/// Counts of all classes; those without a name last, the others by size, months by time.
pub(super) fn tallies(connection: &Connection, by: Breakdown, filter: &Filter) -> Result<Vec<Tally>, Error> {
    let (chosen, mut values) = holdings::chosen_articles(filter);
    let (said, more) = reflections::ids(filter);
    values.extend(more);
    let (key, order) = (key(by), order(by));
    let from = if by.of_reflections() { "said s JOIN chosen USING (id)" } else { "chosen LEFT JOIN said s USING (id)" };
    let sql = format!(
        "WITH chosen (id) AS MATERIALIZED ({chosen}), said (id, ordinal, unit, kind) AS MATERIALIZED ({said}) \
         SELECT {key} AS class, count(DISTINCT a.id) AS n, count(DISTINCT a.work_id), \
         count(DISTINCT s.id || ' ' || s.ordinal) AS m, count(DISTINCT p.name) \
         FROM {from} JOIN articles a ON a.id = chosen.id \
         LEFT JOIN people p ON p.article_id = s.id AND p.ordinal = s.ordinal {} \
         GROUP BY class ORDER BY class IS NULL, {order}",
        if by == Breakdown::Topic { "LEFT JOIN topics t ON t.article_id = a.id" } else { "" }
    );
    let mut tallies = all(connection, &sql, params_from_iter(values), read)?;
    if by == Breakdown::Total && tallies.is_empty() {
        tallies.push(Tally::default());
    }
    Ok(tallies)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Tally> {
    Ok(Tally {
        key: row.get(0)?,
        articles: row.get(1)?,
        works: row.get(2)?,
        reflections: row.get(3)?,
        people: row.get(4)?,
        coverage: None,
    })
}

fn key(by: Breakdown) -> &'static str {
    match by {
        Breakdown::Total => "NULL",
        Breakdown::Site => "a.site",
        Breakdown::Month => "substr(a.published_on, 1, 7)",
        Breakdown::Topic => "t.topic",
        Breakdown::Unit => "s.unit",
        Breakdown::Kind => "s.kind",
    }
}

fn order(by: Breakdown) -> &'static str {
    match by {
        Breakdown::Month => "class",
        Breakdown::Unit | Breakdown::Kind => "m DESC, class",
        Breakdown::Total | Breakdown::Site | Breakdown::Topic => "n DESC, class",
    }
}

/// Every row of a listing with the places its redirects lead through, ten at the most, as the crawl follows them.
const FOLLOWED: &str = "SELECT i.site, count(*), count(*) FILTER (WHERE held), \
    count(*) FILTER (WHERE NOT held AND asked), count(*) FILTER (WHERE NOT held AND NOT asked) FROM ( \
      SELECT i.site, EXISTS (SELECT 1 FROM places p WHERE p.url = i.url) AS asked, EXISTS ( \
        WITH RECURSIVE way (url, hops) AS (VALUES (i.url, 0) UNION ALL SELECT p.redirect_to, w.hops + 1 \
          FROM way w JOIN places p ON p.url = w.url WHERE p.redirect_to IS NOT NULL AND w.hops < 10) \
        SELECT 1 FROM way w JOIN article_urls u ON u.url = w.url) AS held \
      FROM listing_items i";

/// Listings against what is held, by site id. Days of the filter are those the listings print; a row without one is left
/// out where days are asked for. `None` where the filter asks what a listing does not tell.
pub(super) fn coverage(connection: &Connection, filter: &Filter) -> Result<Option<Vec<(String, Coverage)>>, Error> {
    let of_articles = !filter.topics.is_empty() || filter.person.is_some() || filter.unit.is_some();
    if of_articles || filter.matched.is_some() {
        return Ok(None);
    }
    let mut query = Query::new(FOLLOWED, "i.id, i.id");
    query.any_of("i.site", &filter.sites, "");
    if let Some(since) = filter.since {
        query.only("i.date >= ?", since.to_string());
    }
    if let Some(until) = filter.until {
        query.only("i.date <= ?", until.to_string());
    }
    let (sql, values): (String, Vec<Value>) = query.unordered();
    let rows =
        all(connection, &format!("{sql}) i GROUP BY i.site ORDER BY i.site"), params_from_iter(values), |row| {
            let coverage =
                Coverage { listed: row.get(1)?, held: row.get(2)?, without: row.get(3)?, unasked: row.get(4)? };
            Ok((row.get(0)?, coverage))
        })?;
    Ok(Some(rows))
}
