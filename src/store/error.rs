//! What can go wrong with the index.

use std::path::PathBuf;

/// Why the index could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Written by a newer program.
    #[error("{}: schema version {found} is newer than this program's {ours}; a newer shiguan reads it", path.display())]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its schema version.
        found: i64,
        /// The newest version this program knows.
        ours: usize,
    },
    /// Written by an earlier program, and opened by one who only reads.
    #[error("{}: schema version {found} is older than the {ours} this program reads; the next `shiguan crawl` brings it up to date, or `shiguan reextract --dry-run`, which asks for no page and changes no record", path.display())]
    Older {
        /// The database.
        path: PathBuf,
        /// Its schema version.
        found: i64,
        /// The version this program reads.
        ours: usize,
    },
    /// There is no index where one was expected.
    #[error("{}: no archive here; `shiguan crawl` makes one, --archive DIR names another", path.display())]
    Missing {
        /// The database that is not there.
        path: PathBuf,
    },
    /// WARC files stand here without the index that belongs to them.
    #[error("{}: index missing beside existing WARC files, which are untouched; put it back or rebuild it with `shiguan reindex`", path.display())]
    Lost {
        /// The database that is not there, or is empty.
        path: PathBuf,
    },
    /// The database is damaged beyond what SQLite can open; the WARC files have nothing to do with it.
    #[error("{}: index damaged: {what}; the WARC files beside it are untouched, and `shiguan reindex` rebuilds it from them", path.display())]
    Corrupt {
        /// The database.
        path: PathBuf,
        /// SQLite's own words.
        what: String,
    },
    /// The schema could not be brought up to date.
    #[error("{}: cannot migrate: {what}", path.display())]
    Migration {
        /// The database.
        path: PathBuf,
        /// What the migration said.
        what: String,
    },
    /// Another program holds the database (exit code 6).
    #[error("{}: database is busy", path.display())]
    Busy {
        /// The database.
        path: PathBuf,
    },
    /// A stored value cannot be what it says.
    #[error("index: {table}: {what}")]
    Damaged {
        /// The table.
        table: &'static str,
        /// The row and what is wrong with it.
        what: String,
    },
    /// A stored record could not be read back from its WARC file.
    #[error("{}: offset {offset}: {what}", path.display())]
    Record {
        /// The file.
        path: PathBuf,
        /// Where the record should begin.
        offset: u64,
        /// What is wrong.
        what: String,
    },
    /// The system does not let the index be read: that says nothing of what is in it.
    #[error("{}: cannot be read", path.display())]
    Shut {
        /// The database.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The index's seal could not be read, taken away or written.
    #[error("{}: the index's seal", path.display())]
    Seal {
        /// The seal.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The rebuilt index could not take the old one's place; the old one is as it was.
    #[error("{}: putting the rebuilt index in its place", path.display())]
    Replace {
        /// The database.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The list of what is taken down cannot be used.
    #[error("{}:{what}", path.display())]
    Takedown {
        /// The file.
        path: PathBuf,
        /// Line, field and what is wrong.
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
            Self::Sqlite { source, .. } => {
                // The log's index could not be enlarged, which "normally means that the underlying filesystem volume is out
                // of space" (sqlite.org/rescode.html#ioerr_shmsize).
                let enlarging =
                    source.sqlite_error().map(|error| error.extended_code) == Some(rusqlite::ffi::SQLITE_IOERR_SHMSIZE);
                enlarging || source.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull)
            }
            Self::Replace { source, .. } | Self::Seal { source, .. } | Self::Shut { source, .. } => {
                source.kind() == std::io::ErrorKind::StorageFull
            }
            Self::Newer { .. }
            | Self::Older { .. }
            | Self::Missing { .. }
            | Self::Lost { .. }
            | Self::Corrupt { .. }
            | Self::Migration { .. }
            | Self::Busy { .. }
            | Self::Damaged { .. }
            | Self::Takedown { .. }
            | Self::Record { .. } => false,
        }
    }

    /// Whether the index itself is damaged (exit code 5).
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Lost { .. } | Self::Corrupt { .. } | Self::Damaged { .. } | Self::Record { .. } => true,
            Self::Sqlite { source, .. } => {
                use rusqlite::Error as Row;
                // A value of another kind than its column's, which a strict table never takes.
                let misread = matches!(
                    source,
                    Row::Utf8Error(..)
                        | Row::FromSqlConversionFailure(..)
                        | Row::InvalidColumnType(..)
                        | Row::IntegralValueOutOfRange(..)
                );
                misread
                    || matches!(
                        source.sqlite_error_code(),
                        Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase)
                    )
            }
            Self::Newer { .. }
            | Self::Older { .. }
            | Self::Missing { .. }
            | Self::Migration { .. }
            | Self::Busy { .. }
            | Self::Shut { .. }
            | Self::Seal { .. }
            | Self::Takedown { .. }
            | Self::Replace { .. } => false,
        }
    }

    /// Whether the index is there and may not be used: no right to it, or no folder above it.
    pub fn is_shut(&self) -> bool {
        use std::io::ErrorKind::{NotADirectory, PermissionDenied, ReadOnlyFilesystem};
        match self {
            Self::Shut { source, .. } | Self::Seal { source, .. } | Self::Replace { source, .. } => {
                matches!(source.kind(), NotADirectory | PermissionDenied | ReadOnlyFilesystem)
            }
            Self::Sqlite { source, .. } => {
                use rusqlite::ErrorCode::{CannotOpen, PermissionDenied, ReadOnly};
                matches!(source.sqlite_error_code(), Some(CannotOpen | PermissionDenied | ReadOnly))
            }
            Self::Newer { .. }
            | Self::Older { .. }
            | Self::Missing { .. }
            | Self::Lost { .. }
            | Self::Corrupt { .. }
            | Self::Migration { .. }
            | Self::Busy { .. }
            | Self::Damaged { .. }
            | Self::Takedown { .. }
            | Self::Record { .. } => false,
        }
    }
}
