//! The SQLite index: schema, migrations, queries.
