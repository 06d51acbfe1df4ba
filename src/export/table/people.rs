//! `people`: one row a name, with affiliations and the number of reflections.

use super::super::{Cell, Row};
use super::{Column, Holds, Table, column};
use crate::domain::held::HeldPerson;

/// The table.
pub static TABLE: Table = Table {
    name: "people",
    about: "one row a person whose words are held; persons of one name are not told apart",
    about_zh: "每行一个姓名及其单位、心得条数；同名者不作区分",
    columns: COLUMNS,
    key: &["person"],
    refers: &[],
};

const COLUMNS: &[Column] = &[
    column("person", Holds::Text, "姓名", "name").required(),
    column("affiliations", Holds::Texts, "出现过的单位、身份，以分号相连", "affiliations as printed, joined by `;`"),
    column(
        "n_reflections",
        Holds::Integer,
        "心得条数，多人共署的各计一次",
        "reflections; one by several people counts for each",
    )
    .required(),
];

/// The row of a person.
pub fn row(held: HeldPerson) -> Row {
    vec![Cell::Text(held.person), Cell::List(held.affiliations), Cell::Integer(held.n_reflections)]
}
