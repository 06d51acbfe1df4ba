//! What can end an archive's work, each with its place.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::time::CaptureTime;
use crate::store;

/// Why an archive cannot be opened, or why it stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another run holds the lock.
    #[error("archive is in use by {holder}")]
    Locked {
        /// Who, as far as the lock file says.
        holder: Holder,
    },
    /// The folder cannot be an archive.
    #[error("{}: {why}", path.display())]
    Unusable {
        /// The folder, or what stands in its place.
        path: PathBuf,
        /// What is wrong with it.
        why: Unusable,
    },
    /// `works.toml` cannot be read.
    #[error("{}:{what}", path.display())]
    Rulings {
        /// The file.
        path: PathBuf,
        /// The line, the field, and what is wrong with it.
        what: String,
    },
    /// The disk is full, or would be under the floor; everything committed before is safe.
    #[error("{}: out of space: {free} bytes free, {floor} wanted", path.display())]
    NoSpace {
        /// Where writing was tried.
        path: PathBuf,
        /// Bytes free.
        free: u64,
        /// Bytes that must stay free.
        floor: u64,
    },
    /// The disk was full when the index was written; everything committed before is safe.
    #[error("out of space: the disk was full when the index was written")]
    Full,
    /// Another program has been reading the index for so long that its log is at its limit; everything committed before is
    /// safe.
    #[error("{}: another program keeps reading, and the log has grown to {mebibytes} MiB; the next run goes on once it has ended", path.display())]
    LogHeld {
        /// The database.
        path: PathBuf,
        /// Size of the log.
        mebibytes: u64,
    },
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
    /// The index could not be read or written.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// What failed for the first of those whom it concerns, told to each of them: whoever hears of it first ends the run and
    /// says why.
    #[error(transparent)]
    Again(Arc<Error>),
    /// An earlier failure stopped the writer; what was not acknowledged is not promised.
    #[error("archive stopped after an earlier failure")]
    Stopped,
    /// A visit came before any run was begun.
    #[error("no run was begun")]
    NoRun,
    /// The archive was closed before.
    #[error("archive is closed")]
    Closed,
}

impl Error {
    /// Whether this is a lack of space (exit code 7).
    pub fn is_no_space(&self) -> bool {
        match self {
            Self::NoSpace { .. } | Self::Full => true,
            Self::Io { source, .. } => source.kind() == io::ErrorKind::StorageFull,
            Self::Store(source) => source.is_full(),
            Self::Again(cause) => cause.is_no_space(),
            Self::Locked { .. }
            | Self::Unusable { .. }
            | Self::Rulings { .. }
            | Self::LogHeld { .. }
            | Self::Stopped
            | Self::NoRun
            | Self::Closed => false,
        }
    }

    /// The cause of a failure, for all whom it concerns.
    pub(super) fn shared(self) -> Arc<Self> {
        if let Self::Again(cause) = self { cause } else { Arc::new(self) }
    }
}

/// Who holds an archive's lock, as the lock file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Its process id; `None` where the file does not say (yet).
    pub pid: Option<u32>,
    /// When it took the lock, RFC 3339.
    pub since: Option<String>,
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.pid {
            Some(pid) => write!(f, "process {pid}")?,
            None => f.write_str("another process")?,
        }
        let Some(since) = &self.since else { return Ok(()) };
        match CaptureTime::parse(since) {
            Some(since) => write!(f, " since {} (+08:00)", since.to_china_string()),
            None => write!(f, " since {since}"),
        }
    }
}

/// What makes a folder unusable as an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// A file stands where the folder should be.
    #[error("not a folder")]
    NotAFolder,
    /// A symbolic link stands where the archive's own file or folder should be.
    #[error("a symbolic link; give the folder it leads to")]
    SymbolicLink,
    /// Nothing can be written there.
    #[error("not writable")]
    NotWritable,
}
