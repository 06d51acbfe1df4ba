//! A page of a table goes on where the last one ended: none sorts or gathers all rows first, which would make a table's
//! export cost by the square of its rows.

use super::pages::Query;
use super::*;
use crate::store::connection::{asked, make};

#[test]
fn no_page_sorts_all_rows() {
    let dir = tempfile::tempdir().unwrap();
    let connection = make(&dir.path().join("index.db")).unwrap();
    let filter = Filter::default();
    let tables: [(&str, Query); 12] = [
        ("articles", articles::query(&filter)),
        ("reflections", reflections::query(&filter)),
        ("credits", credits::query(&filter)),
        ("images", media::images(&filter)),
        ("attachments", media::attachments(&filter)),
        ("captures", captures::query(&filter)),
        ("duplicates", works::pairs(&filter)),
        ("works", works::works(&filter)),
        ("people", people::query(&filter)),
        ("members", holdings::members(1)),
        ("versions", holdings::versions(&filter)),
        ("listings", holdings::listings()),
    ];
    for (table, query) in tables {
        for sql in query.questions() {
            let plan = asked::plan(&connection, &sql);
            // A subquery may sort what it finds for one row, and one group what it gathers.
            let sorts = |(parent, step): &(i64, String)| {
                *parent == 0
                    && ["TEMP B-TREE FOR ORDER BY", "TEMP B-TREE FOR GROUP BY"].iter().any(|all| step.contains(all))
            };
            assert!(!plan.iter().any(sorts), "{table}: {plan:?} for {sql}");
        }
    }
}
