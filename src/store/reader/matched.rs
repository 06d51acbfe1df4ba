//! The articles a search finds, as a part of a filter: kept in a temporary table of the connection, so that a table of a
//! hundred thousand rows can be asked for page by page without handing the ids over each time. The archive's own database
//! is open for reading only and stays so.

use rusqlite::Connection;

use crate::domain::held::Matched;
use crate::store::Error;

const TABLE: &str = "CREATE TEMP TABLE IF NOT EXISTS matched (number INTEGER, article_id INTEGER, PRIMARY KEY (number, article_id)) \
     WITHOUT ROWID";

/// The condition on an article `a`, with the number of what was found written `?`.
pub(super) const CONDITION: &str = "a.id IN (SELECT m.article_id FROM temp.matched m WHERE m.number = ?)";

/// Keeps what a query found for as long as the connection is open.
pub(super) fn keep(connection: &Connection, query: &str, ids: &[i64]) -> Result<Matched, Error> {
    // Also temporary tables are closed to a connection that may only ask.
    let kept = connection
        .pragma_update(None, "query_only", false)
        .and_then(|()| insert(connection, ids))
        .map_err(|source| Error::Sqlite { doing: "keeping what a search found", source });
    connection
        .pragma_update(None, "query_only", true)
        .map_err(|source| Error::Sqlite { doing: "setting up", source })?;
    Ok(Matched { query: query.to_owned(), number: kept? })
}

fn insert(connection: &Connection, ids: &[i64]) -> rusqlite::Result<i64> {
    connection.execute_batch(TABLE)?;
    let number = connection
        .query_row("SELECT coalesce(max(number), 0) + 1 FROM temp.matched", [], |row| row.get::<_, i64>(0))?;
    let mut statement = connection.prepare("INSERT INTO temp.matched VALUES (?1, ?2)")?;
    for id in ids {
        statement.execute([number, *id])?;
    }
    Ok(number)
}
