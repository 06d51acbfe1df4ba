//! Reflections with what a researcher cites of their article.

use rusqlite::Row;
use rusqlite::types::Value;

use super::pages::Query;
use crate::domain::article::{Facets, Reflection, ReflectionKind};
use crate::domain::held::{Filter, HeldReflection};
use crate::domain::time::Timestamp;
use crate::store::Error;
use crate::store::text::{column, list};

const SELECT: &str = "SELECT r.article_id, r.ordinal, r.people, r.affiliation, r.degree, r.year, r.major, r.class, \
    r.branch, r.unit, r.role, r.kind, r.text, r.\"start\", r.\"end\", a.url, a.site, a.title, a.source, \
    a.published_at, a.work_id, (SELECT json_group_array(topic) FROM topics t WHERE t.article_id = a.id) AS topics \
    FROM reflections r JOIN articles a ON a.id = r.article_id";

pub(super) fn query(filter: &Filter) -> Query {
    filtered(SELECT, filter)
}

/// A query for article, ordinal, unit and kind of the same reflections, and its values.
pub(super) fn ids(filter: &Filter) -> (String, Vec<Value>) {
    let select =
        "SELECT r.article_id, r.ordinal, r.unit, r.kind FROM reflections r JOIN articles a ON a.id = r.article_id";
    filtered(select, filter).unordered()
}

fn filtered(select: &str, filter: &Filter) -> Query {
    let mut query = Query::new(select, "r.article_id, r.ordinal");
    query.filter_articles(filter);
    if let Some(person) = &filter.person {
        let condition = "EXISTS (SELECT 1 FROM people p WHERE p.article_id = r.article_id \
             AND p.ordinal = r.ordinal AND p.name = ?)";
        query.only(condition, person.clone());
    }
    if let Some(unit) = &filter.unit {
        query.only("instr(r.affiliation, ?) > 0", unit.clone());
    }
    query
}

pub(super) fn read(row: &Row<'_>) -> Result<HeldReflection, Error> {
    Ok(HeldReflection {
        article_id: column(row, "article_id")?,
        reflection: Reflection {
            ordinal: place(row, "ordinal")?,
            people: list("reflections", &column::<String>(row, "people")?)?,
            affiliation: column(row, "affiliation")?,
            facets: Facets {
                degree: column(row, "degree")?,
                year: column(row, "year")?,
                major: column(row, "major")?,
                class: column(row, "class")?,
                branch: column(row, "branch")?,
                unit: column(row, "unit")?,
            },
            role: column(row, "role")?,
            kind: kind(&column::<String>(row, "kind")?)?,
            text: column(row, "text")?,
            start: place(row, "start")?,
            end: place(row, "end")?,
        },
        url: column(row, "url")?,
        site: column(row, "site")?,
        title: column(row, "title")?,
        source: column(row, "source")?,
        published_at: column::<Option<String>>(row, "published_at")?.as_deref().and_then(Timestamp::parse),
        topics: list("topics", &column::<String>(row, "topics")?)?,
        work_id: column(row, "work_id")?,
    })
}

/// A place in a list or in a text.
fn place(row: &Row<'_>, name: &str) -> Result<usize, Error> {
    Ok(usize::try_from(column::<u32>(row, name)?).unwrap_or(usize::MAX))
}

fn kind(word: &str) -> Result<ReflectionKind, Error> {
    [ReflectionKind::Signed, ReflectionKind::Quoted, ReflectionKind::Reported]
        .into_iter()
        .find(|kind| kind.as_str() == word)
        .ok_or_else(|| Error::Damaged { table: "reflections", what: format!("no kind of reflection: {word:?}") })
}
