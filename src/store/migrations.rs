//! Steps from one schema to the next. Append an entry; never edit an old one: the list's length is the version.

use rusqlite_migration::{M, Migrations};

const STEPS: &[M<'_>] = &[
    M::up(include_str!("schema/0001.sql")),
    M::up(include_str!("schema/0002.sql")),
    M::up(include_str!("schema/0003.sql")),
    M::up(include_str!("schema/0004.sql")),
    M::up(include_str!("schema/0005.sql")),
    M::up(include_str!("schema/0006.sql")),
    M::up(include_str!("schema/0007.sql")),
    M::up(include_str!("schema/0008.sql")),
    M::up(include_str!("schema/0009.sql")),
    M::up(include_str!("schema/0010.sql")),
    M::up(include_str!("schema/0011.sql")),
    M::up(include_str!("schema/0012.sql")),
];

/// All steps, oldest first.
pub(super) const MIGRATIONS: Migrations<'_> = Migrations::from_slice(STEPS);

/// The newest version this program knows.
pub(super) const VERSION: usize = STEPS.len();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_applies() {
        MIGRATIONS.validate().unwrap();
    }
}
