//! What can end a hand-over.

use std::io;
use std::path::{Path, PathBuf};

use crate::store;

/// Why there is no package.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The index could not be read.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A file could not be read or written.
    #[error("{}: {doing}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A record is not what the index promises; `verify` says what else is wrong.
    #[error("{file}: offset {offset}: {url}{what}")]
    Damaged {
        /// The WARC file, below the archive folder.
        file: String,
        /// Where in it, in bytes.
        offset: u64,
        /// The URL concerned and a colon, or nothing.
        url: String,
        /// What is wrong.
        what: String,
    },
    /// Something stands where the package should be.
    #[error("{}: already exists", path.display())]
    Exists {
        /// The place.
        path: PathBuf,
    },
    /// What is to be checked is no package.
    #[error("{}: {why}", path.display())]
    NotAPackage {
        /// What it is.
        path: PathBuf,
        /// Why not.
        why: String,
    },
    /// The filter chooses nothing.
    #[error("nothing to hand over: no capture fits the filters")]
    Nothing,
}

impl Error {
    /// Names the file in what the system said.
    pub(super) fn io(path: &Path, doing: &'static str) -> impl Fn(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Io { path: path.clone(), doing, source }
    }

    /// Whether the disk is full (exit code 7).
    pub fn is_full(&self) -> bool {
        match self {
            Self::Io { source, .. } => source.kind() == io::ErrorKind::StorageFull,
            Self::Store(source) => source.is_full(),
            Self::Damaged { .. } | Self::Exists { .. } | Self::NotAPackage { .. } | Self::Nothing => false,
        }
    }
}
