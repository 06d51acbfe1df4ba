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

mod appraise;
mod clock;
mod derive;
mod error;
mod events;
mod file;
mod folder;
mod group;
mod hosts;
mod import;
mod journal;
mod lock;
mod log;
mod notes;
mod options;
mod ordered;
mod own;
mod recovery;
mod reextract;
mod reindex;
mod rulings;
pub mod source;
mod traps;
mod upgrade;
mod verify;
mod writer;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use tokio::sync::{mpsc, oneshot};
use url::Url;

use crate::domain::article::Article;
use crate::domain::capture::Capture;
use crate::domain::extraction::Extraction;
use crate::domain::fared::Fared;
pub use crate::domain::fixity::Problem;
use crate::domain::page::Charset;
use crate::domain::request::FetchRequest;
use crate::domain::time::CaptureTime;
use crate::domain::visit::{ArticleChange, Receipt, Visit};
pub use crate::store::{
    CachedRobots, Cursor, HeldAnswer, History, Known, OpenMedia, Part, Pending, Stood, Walk, WalkEnd, WalkPage,
};
pub use crate::warc::Version;
pub use appraise::appraise;
pub use error::{Error, Holder, Unusable};
pub use events::record_event;
use group::Ledger;
pub use hosts::{Asked, Hosts};
pub use import::{ImportJob, ImportReport, Judged, Judges, import};
use lock::Lock;
use log::LogWatch;
pub use options::Options;
pub use reextract::{Change, ReextractOptions, Reextracted, reextract};
pub use reindex::{Reindexed, reindex};
pub use rulings::vain_rulings;
pub use traps::Traps;
pub use upgrade::bring_up_to_date;
pub use verify::{Report, verify};
use writer::{Order, Reply};

use crate::store::{self, Index};
use crate::warc::{Deflater, Info, RandomIds};

/// How stored answers are read again: the caller's own decode and extract.
pub type Reread<'a> = dyn Rereads + 'a;

/// Reads stored answers again, as the crawl that stored them did.
pub trait Rereads: Sync {
    /// Reads the answer to one request.
    fn read(&self, request: &FetchRequest, capture: &Capture) -> Reading;
    /// Joins the pages of one article of a site, in order; `missing` where a further page could not be had.
    fn join(&self, site: &str, pages: &[HeldAnswer], missing: bool) -> Option<Article>;
}

/// A function reads answers; it joins nothing.
impl<F: Fn(&FetchRequest, &Capture) -> Reading + Sync> Rereads for F {
    fn read(&self, request: &FetchRequest, capture: &Capture) -> Reading {
        self(request, capture)
    }

    fn join(&self, _site: &str, _pages: &[HeldAnswer], _missing: bool) -> Option<Article> {
        None
    }
}

/// The record of an article of several pages, and what it was joined from.
#[derive(Debug, Clone)]
pub struct Joined {
    /// Its site.
    pub site: String,
    /// Where page one was captured.
    pub first: Url,
    /// The captures of its pages, in order.
    pub pages: Vec<i64>,
    /// Whether a further page could not be had.
    pub missing: bool,
    /// The record.
    pub article: Article,
}

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
    /// How each site fared.
    pub sites: Vec<Fared>,
}

/// A handle to an archive open for writing. Clones share the one writer.
#[derive(Debug, Clone)]
pub struct Archive {
    dir: PathBuf,
    orders: mpsc::Sender<Order>,
    gathered: usize,
}

impl Archive {
    /// Takes the lock, checks and migrates the folder, recovers what a crash left, and starts the writer.
    /// Blocking: call it before the async work begins, or in `spawn_blocking`.
    pub fn open(options: Options, reread: &Reread<'_>) -> Result<(Self, Recovery), Error> {
        let (program, gather) = (options.software.clone(), options.gather);
        let (lock, ledger, recovery) = open_ledger(options, reread)?;
        let (orders, inbox) = mpsc::channel(writer::WAITING);
        let gathered = if gather.is_zero() { 0 } else { writer::GATHERED };
        let handle = Self { dir: ledger.dir.clone(), orders, gathered };
        let failed = |source| Error::Io { path: handle.dir.clone(), doing: "starting the writer", source };
        let inbox = writer::Inbox::new(inbox, gather).map_err(failed)?;
        std::thread::Builder::new()
            .name("archive".to_owned())
            .spawn(move || writer::work(ledger, lock, &program, inbox))
            .map_err(failed)?;
        Ok((handle, recovery))
    }

    /// The archive folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// How many visits may be waiting here for others to be made safe with; 0 where none waits longer than it must.
    pub fn gathered(&self) -> usize {
        self.gathered
    }

    /// Notes the start of a run; every commit belongs to the run begun last.
    pub async fn begin_run(&self, start: RunStart) -> Result<RunId, Error> {
        self.ask(|reply| Order::BeginRun(start, reply)).await
    }

    /// Notes the end of a run.
    pub async fn end_run(&self, run: RunId, end: RunEnd) -> Result<(), Error> {
        self.ask(|reply| Order::EndRun(run, end, reply)).await
    }

    /// Begins a walk over a seed's listing pages. An unfinished walk of the same site and seed is given back to be
    /// resumed, with the pages it has committed.
    pub async fn begin_walk(&self, run: RunId, site: &str, seed: &Url) -> Result<Walk, Error> {
        let (site, seed) = (site.to_owned(), seed.clone());
        self.ask(|reply| Order::BeginWalk { run, site, seed, reply }).await
    }

    /// Ends a walk.
    pub async fn end_walk(&self, walk: i64, end: WalkEnd) -> Result<(), Error> {
        self.ask(|reply| Order::EndWalk(walk, end, reply)).await
    }

    /// Notes of files of articles that they will not be asked for, and why: `other-host`, `robots`.
    pub async fn skip_media(&self, why: &'static str, places: Vec<Url>) -> Result<(), Error> {
        self.ask(|reply| Order::SkipMedia { why, places, reply }).await
    }

    /// Puts the record joined from the pages of an article in place of the one it has. Which pages were joined is an
    /// entry of the journal, so that the same record can be made again from the captures.
    pub async fn join_article(&self, joined: Joined) -> Result<ArticleChange, Error> {
        let joined = Box::new(joined);
        self.ask(|reply| Order::JoinArticle(joined, reply)).await
    }

    /// Makes a visit safe: its records are synced and its index rows committed when this returns.
    pub async fn commit(&self, visit: Visit) -> Result<Receipt, Error> {
        let visit = Box::new(visit);
        self.ask(|reply| Order::Commit(visit, reply)).await
    }

    /// The read side, with a connection of its own; it never waits for the writer. Its calls block.
    pub fn history(&self) -> Result<History, Error> {
        Ok(History::open(&self.dir)?)
    }

    /// Takes up the notes of when each host was last asked; once a run. What earlier runs left in them is by authority, `None`
    /// where nothing is known of them.
    pub fn hosts(&self) -> Result<(Hosts, Option<HashMap<String, Asked>>), Error> {
        Hosts::open(&self.dir, clock::now())
    }

    /// The patterns that earlier runs left as traps, by site. Blocks.
    pub fn traps(&self) -> Traps {
        traps::read(&self.dir)
    }

    /// Remembers the patterns a run left as traps at each of its sites. Blocks.
    pub fn remember_traps(&self, found: Traps) -> Result<(), Error> {
        traps::update(&self.dir, found)
    }

    /// Commits what is waiting, finishes the WARC file under its final name, and lets go of the lock.
    pub async fn close(self) -> Result<(), Error> {
        self.ask(Order::Close).await
    }

    async fn ask<T>(&self, order: impl FnOnce(Reply<T>) -> Order) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        // Both ends hang up only when the writer is gone.
        self.orders.send(order(reply)).await.map_err(|_gone| Error::Closed)?;
        answer.await.map_err(|_gone| Error::Closed)?
    }
}

/// Takes the lock, checks and migrates the folder, and recovers what a crash left.
fn open_ledger(options: Options, reread: &Reread<'_>) -> Result<(Lock, Ledger, Recovery), Error> {
    store::refuse_lost(&options.dir)?;
    folder::prepare(&options.dir)?;
    let lock = Lock::take(&options.dir)?;
    let index = Index::open(&options.dir)?;
    index.rule_works(&folder::rulings(&options.dir)?)?;
    let archive_id = index.meta("archive_id", || uuid::Uuid::new_v4().urn().to_string())?;
    let recovery = recovery::recover(&options.dir, &index, reread)?;
    Ok((lock, ledger(options, index, archive_id), recovery))
}

fn ledger(options: Options, index: Index, archive_id: String) -> Ledger {
    Ledger {
        dir: options.dir,
        index,
        version: options.warc_version,
        info: Info {
            software: options.software,
            hostname: folder::host_name(),
            operator: options.operator,
            contact: options.contact,
            robots: options.robots_policy,
            sites: options.sites,
            user_agent: options.user_agent,
            is_part_of: archive_id,
        },
        stamp: Box::new(RandomIds),
        roll_at: options.roll_at_bytes,
        floor: options.free_space_floor,
        log: LogWatch::new(options.log_most_bytes),
        deflater: Deflater::default(),
        file: None,
        broken: false,
        cause: None,
        members: Vec::new(),
        plain: Vec::new(),
        waiting: Vec::new(),
    }
}
