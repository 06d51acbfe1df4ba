//! Credits of the articles' current versions.

use rusqlite::Row;

use super::pages::Query;
use crate::domain::held::{Filter, HeldCredit};
use crate::store::Error;
use crate::store::text::{column, list};

const SELECT: &str =
    "SELECT k.article_id, k.ordinal, k.role, k.names FROM credits k JOIN articles a ON a.id = k.article_id";

pub(super) fn query(filter: &Filter) -> Query {
    let mut query = Query::new(SELECT, "k.article_id, k.ordinal");
    query.filter_articles_and_speakers(filter);
    query
}

pub(super) fn read(row: &Row<'_>) -> Result<HeldCredit, Error> {
    Ok(HeldCredit {
        article_id: column(row, "article_id")?,
        ordinal: column(row, "ordinal")?,
        role: column(row, "role")?,
        names: list("credits", &column::<String>(row, "names")?)?,
    })
}
