//! The only writer: WARC append and index row, in the order that survives a crash.
//!
//! One thread owns the open WARC file and the index connection. Visits reach it over a bounded channel, so a slow
//! disk slows the crawl instead of filling memory. Whatever is waiting is written as one group: members, one
//! `fdatasync`, one index transaction, then every visit of the group is acknowledged. The index therefore never
//! points past what is safe, and what a crash leaves behind is at most whole members the index does not know yet;
//! opening the archive again takes them in.
//!
//! It refuses to follow symbolic links, to go under the free-space floor, and to promise anything after a failed
//! `fsync`.

mod error;
mod options;

use std::path::{Path, PathBuf};

use url::Url;

use crate::domain::capture::Capture;
use crate::domain::extraction::Extraction;
use crate::domain::page::Charset;
use crate::domain::request::FetchRequest;
use crate::domain::time::CaptureTime;
use crate::domain::visit::{Receipt, Visit};
pub use crate::store::{CachedRobots, History, Known, Pending, Walk, WalkEnd, WalkPage};
pub use crate::warc::Version;
pub use error::{Error, Holder, Unusable};
pub use options::Options;

/// How a recovered response is read again: the caller's own decode and extract.
pub type Reread<'a> = dyn Fn(&FetchRequest, &Capture) -> Reading + 'a;

/// What reading a capture gave.
#[derive(Debug, Default)]
pub struct Reading {
    /// How the payload became text, where it was read.
    pub charset: Option<Charset>,
    /// What the page said, where it was read.
    pub extraction: Option<Extraction>,
}

/// What opening an archive had to put right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovery {
    /// Captures found whole in a WARC file and taken into the index.
    pub indexed: usize,
    /// Torn tails moved to `quarantine/`.
    pub quarantined: Vec<PathBuf>,
}

/// Number of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RunId(pub i64);

/// What is known of a run when it starts.
#[derive(Debug, Clone)]
pub struct RunStart {
    /// When it started.
    pub started_at: CaptureTime,
    /// The command line, without secrets.
    pub command: String,
}

/// What is known of a run when it ends.
#[derive(Debug, Clone)]
pub struct RunEnd {
    /// When it ended.
    pub ended_at: CaptureTime,
    /// The word of how it ended: `done`, `failed`, `interrupted`, `out-of-space`.
    pub ended: String,
}

/// A handle to an archive open for writing. Clones share the one writer.
#[derive(Debug, Clone)]
pub struct Archive {
    dir: PathBuf,
}

#[expect(clippy::unused_async, clippy::todo, reason = "signatures first; bodies follow")]
impl Archive {
    /// Takes the lock, checks and migrates the folder, recovers what a crash left, and starts the writer.
    /// Blocking: call it before the async work begins, or in `spawn_blocking`.
    pub fn open(options: Options, reread: &Reread<'_>) -> Result<(Self, Recovery), Error> {
        let _ = (options, reread);
        todo!()
    }

    /// The archive folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Notes the start of a run; every commit belongs to the run begun last.
    pub async fn begin_run(&self, start: RunStart) -> Result<RunId, Error> {
        let _ = start;
        todo!()
    }

    /// Notes the end of a run.
    pub async fn end_run(&self, run: RunId, end: RunEnd) -> Result<(), Error> {
        let _ = (run, end);
        todo!()
    }

    /// Begins a walk over a seed's listing pages. An unfinished walk of the same site and seed is given back to be
    /// resumed, with the pages it has committed.
    pub async fn begin_walk(&self, run: RunId, site: &str, seed: &Url) -> Result<Walk, Error> {
        let _ = (run, site, seed);
        todo!()
    }

    /// Ends a walk.
    pub async fn end_walk(&self, walk: i64, end: WalkEnd) -> Result<(), Error> {
        let _ = (walk, end);
        todo!()
    }

    /// Makes a visit safe: its records are synced and its index rows committed when this returns.
    pub async fn commit(&self, visit: Visit) -> Result<Receipt, Error> {
        let _ = visit;
        todo!()
    }

    /// The read side, with a connection of its own; it never waits for the writer. Its calls block.
    pub fn history(&self) -> Result<History, Error> {
        Ok(History::open(&self.dir)?)
    }

    /// Commits what is waiting, finishes the WARC file under its final name, and lets go of the lock.
    pub async fn close(self) -> Result<(), Error> {
        todo!()
    }
}
