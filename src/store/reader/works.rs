//! Works and their appearances. A work is the articles of one `work_id`; which articles share one is decided elsewhere.
//!
//! The order of appearance goes by the time of publication, and by the first capture where a page prints no time; the id
//! decides between equals. A work is described whole, also where a filter chose it for one of its reposts.

use rusqlite::Row;

use super::pages::Query;
use crate::domain::held::{Filter, HeldAppearance, HeldPair, HeldWork};
use crate::domain::time::Timestamp;
use crate::store::Error;
use crate::store::text::{column, moment};

/// When article `x` appeared, in seconds.
macro_rules! appeared {
    ($x:literal) => {
        concat!("coalesce(unixepoch(", $x, ".published_at), unixepoch(", $x, ".first_seen))")
    };
}

/// The article that appeared first among those of a work.
macro_rules! first_of {
    ($work:literal) => {
        concat!(
            "(SELECT y.id FROM articles y WHERE y.work_id = ",
            $work,
            " ORDER BY ",
            appeared!("y"),
            ", y.id LIMIT 1)"
        )
    };
}

const WORKS: &str = concat!(
    "SELECT f.work_id, f.work_id, f.id AS article_id, f.url, f.site, f.title, f.published_at, f.first_seen, ",
    "(SELECT json_group_array(x.id ORDER BY ",
    appeared!("x"),
    ", x.id) FROM articles x WHERE x.work_id = f.work_id AND x.id <> f.id) AS reposts, ",
    "(SELECT count(DISTINCT x.site) FROM articles x WHERE x.work_id = f.work_id) AS sites FROM articles f"
);

const PAIRS: &str = concat!(
    "SELECT x.work_id, x.id, f.work_id, f.id AS article_id, f.url, f.site, f.title, f.published_at, x.id AS repost_id, ",
    "x.url AS repost_url, x.site AS repost_site, x.title AS repost_title, x.published_at AS repost_published_at ",
    "FROM articles x JOIN articles f ON f.id = ",
    first_of!("x.work_id")
);

pub(super) fn works(filter: &Filter) -> Query {
    let mut query = Query::new(WORKS, "f.work_id, f.work_id");
    query.always(concat!("f.id = ", first_of!("f.work_id")));
    let mut articles = Query::conditions();
    articles.filter_articles_and_speakers(filter);
    query.only_where("SELECT 1 FROM articles a WHERE a.work_id = f.work_id", articles);
    query
}

/// Pairs of a work's first appearance with each of its reposts, where the filter takes at least one of the two.
pub(super) fn pairs(filter: &Filter) -> Query {
    let mut query = Query::new(PAIRS, "x.work_id, x.id");
    query.always("x.id <> f.id");
    let mut articles = Query::conditions();
    articles.filter_articles_and_speakers(filter);
    query.only_where("SELECT 1 FROM articles a WHERE a.id IN (f.id, x.id)", articles);
    query
}

pub(super) fn read_work(row: &Row<'_>) -> Result<HeldWork, Error> {
    let reposts: String = column(row, "reposts")?;
    Ok(HeldWork {
        work_id: column(row, "work_id")?,
        first: appearance(row, ["article_id", "url", "site", "title", "published_at"])?,
        first_seen: moment("articles", &column::<String>(row, "first_seen")?)?,
        reposts: serde_json::from_str(&reposts)
            .map_err(|error| Error::Damaged { table: "articles", what: format!("{reposts:?}: {error}") })?,
        sites: column(row, "sites")?,
    })
}

pub(super) fn read_pair(row: &Row<'_>) -> Result<HeldPair, Error> {
    let repost = ["repost_id", "repost_url", "repost_site", "repost_title", "repost_published_at"];
    Ok(HeldPair {
        work_id: column(row, "work_id")?,
        first: appearance(row, ["article_id", "url", "site", "title", "published_at"])?,
        repost: appearance(row, repost)?,
        // Compared by the reader, one pair at a time.
        score: 0.0,
        evidence: String::new(),
    })
}

fn appearance(row: &Row<'_>, [id, url, site, title, published_at]: [&str; 5]) -> Result<HeldAppearance, Error> {
    Ok(HeldAppearance {
        article_id: column(row, id)?,
        url: column(row, url)?,
        site: column(row, site)?,
        title: column(row, title)?,
        published_at: column::<Option<String>>(row, published_at)?.as_deref().and_then(Timestamp::parse),
    })
}
