//! What can go wrong with the index.

use std::path::PathBuf;

/// Why the index could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Written by a newer program.
    #[error("{}: schema version {found} is newer than this program's {ours}", path.display())]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its schema version.
        found: i64,
        /// The newest version this program knows.
        ours: i64,
    },
    /// There is no index where one was expected.
    #[error("{}: no archive here", path.display())]
    Missing {
        /// The database that is not there.
        path: PathBuf,
    },
    /// Another program holds the database (exit code 6).
    #[error("{}: database is busy", path.display())]
    Busy {
        /// The database.
        path: PathBuf,
    },
    /// A stored value cannot be what it says.
    #[error("{table} row {row}: {what}")]
    Damaged {
        /// The table.
        table: &'static str,
        /// Its row id.
        row: i64,
        /// What is wrong.
        what: String,
    },
    /// Anything else SQLite says.
    #[error("index: {doing}")]
    Sqlite {
        /// What was being done.
        doing: &'static str,
        /// SQLite's own words.
        #[source]
        source: rusqlite::Error,
    },
}

impl Error {
    /// Whether the disk is full.
    pub fn is_full(&self) -> bool {
        match self {
            Self::Sqlite { source, .. } => source.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull),
            Self::Newer { .. } | Self::Missing { .. } | Self::Busy { .. } | Self::Damaged { .. } => false,
        }
    }
}
