//! People whose words are held, by name. Persons of one name are not told apart.

use rusqlite::Row;

use super::pages::Query;
use crate::domain::held::{Filter, HeldPerson};
use crate::store::Error;
use crate::store::text::column;

/// A reflection by several people counts for each of them.
const SELECT: &str = "SELECT p.name, p.name, count(*) AS n_reflections, \
    json_group_array(r.affiliation ORDER BY p.article_id, p.ordinal) AS affiliations \
    FROM people p JOIN articles a ON a.id = p.article_id \
    JOIN reflections r ON r.article_id = p.article_id AND r.ordinal = p.ordinal";

pub(super) fn query(filter: &Filter) -> Query {
    let mut query = Query::new(SELECT, "p.name, p.name").grouped();
    query.filter_articles(filter);
    if let Some(person) = &filter.person {
        query.only("p.name = ?", person.clone());
    }
    if let Some(unit) = &filter.unit {
        query.only("instr(r.affiliation, ?) > 0", unit.clone());
    }
    query
}

pub(super) fn read(row: &Row<'_>) -> Result<HeldPerson, Error> {
    let printed: String = column(row, "affiliations")?;
    // An absent affiliation is a null of the array; `list` takes texts only.
    let printed: Vec<Option<String>> = serde_json::from_str(&printed)
        .map_err(|error| Error::Damaged { table: "reflections", what: format!("{printed:?}: {error}") })?;
    let mut affiliations = Vec::<String>::new();
    for affiliation in printed.into_iter().flatten() {
        if !affiliations.contains(&affiliation) {
            affiliations.push(affiliation);
        }
    }
    Ok(HeldPerson { person: column(row, "name")?, affiliations, n_reflections: column(row, "n_reflections")? })
}
