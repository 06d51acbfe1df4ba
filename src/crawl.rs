//! The conductor: the only place that knows the order fetch, decode, extract, commit, and back to the frontier.
//!
//! One task owns the frontier. A visit has two stages, each a task of its own: asking (the host's connection is free
//! again as soon as the answer is there) and settling (read on a blocking thread, commit on the archive's). What a visit
//! leads to is planned only after its commit, so whatever a crash leaves behind is whole.
//!
//! Each seed has a *walk* over its listing pages. An ordinary walk ends at a page of known rows once an earlier walk
//! has reached the end; a walk that was cut off is resumed from the listing pages it stored, without asking for them
//! again. One page's trouble is an outcome, one host's trouble is that site's failure; only an archive that cannot be
//! written or read ends the run.

mod clock;
mod conductor;
mod gist;
mod import;
mod judge;
mod media;
mod outcome;
mod parts;
mod past;
mod readers;
mod rules;
mod settle;
mod sites;
mod summary;
mod walk;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use crate::archive::{self, Archive, HeldAnswer, History, Reading, Rereads, RunEnd, RunStart};
use crate::domain::article::Article;
use crate::domain::capture::Capture;
use crate::domain::record::ListingItem;
use crate::domain::request::{FetchRequest, Purpose};
use crate::domain::site::Site;
use crate::domain::time::Date;
use crate::extract::{self, Catalogue};
use crate::fetch::Fetch;
use crate::{frontier, store};

pub use summary::{Counts, Instead, Media, PageFailure, SiteSummary, Skipped, Stopped, Summary};

/// Why a run ended before its time.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing to crawl.
    #[error("no site and no seed to crawl")]
    NoSeeds,
    /// The archive stopped; everything it acknowledged is safe.
    #[error(transparent)]
    Archive(#[from] archive::Error),
    /// The past could not be read.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The run broke off; the summary says how far it had come.
    #[error("{error}")]
    Broken {
        /// Why.
        error: Box<Error>,
        /// What was done before.
        summary: Box<Summary>,
    },
    /// The threads that read pages cannot be had, or one broke.
    #[error("reading pages: {0}")]
    Reader(#[source] std::io::Error),
    /// A task of the crawl itself broke.
    #[error("a task of the crawl broke off")]
    Task(#[from] tokio::task::JoinError),
}

/// How a run goes about it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Politeness over all hosts.
    pub frontier: frontier::Options,
    /// Walk every listing page and recheck every known article.
    pub full: bool,
    /// Articles of earlier days are not wanted.
    pub since: Option<Date>,
    /// Fraction of a site's article pages that may fail before the site has failed.
    pub max_failures: f64,
    /// Stop after this long, as if interrupted.
    pub max_time: Option<Duration>,
    /// Longest time given to what is under way once the run must stop.
    pub grace: Duration,
}

impl Options {
    /// Five percent, the contract's default.
    pub const MAX_FAILURES: f64 = 0.05;
    /// Ten seconds (RELIABILITY D12).
    pub const GRACE: Duration = Duration::from_secs(10);
}

impl Default for Options {
    fn default() -> Self {
        Self {
            frontier: frontier::Options::default(),
            full: false,
            since: None,
            max_failures: Self::MAX_FAILURES,
            max_time: None,
            grace: Self::GRACE,
        }
    }
}

/// Where a run's visits go.
#[derive(Debug, Clone)]
pub enum Keep {
    /// Into this archive.
    Archive(Archive),
    /// Nowhere: robots.txt and listings are asked for, articles only named, nothing is written. What an archive at hand
    /// knows already is not named.
    DryRun(Option<History>),
}

/// What to crawl.
#[derive(Debug, Clone)]
pub struct Job {
    /// The sites, each with its seeds.
    pub sites: Vec<Site>,
    /// How.
    pub options: Options,
    /// Where to.
    pub keep: Keep,
    /// What pages are read with.
    pub catalogue: Arc<Catalogue>,
    /// The command line, without secrets, for the run's log.
    pub command: String,
}

/// Where a site stands, for those who watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing<'a> {
    /// The site's id.
    pub site: &'a str,
    /// Its counts so far.
    pub counts: &'a Counts,
    /// Requests planned or under way.
    pub open: usize,
}

/// Told about a run while it goes on. Knows nothing of terminals; called from the conductor's task, so it must not block.
pub trait Progress: Send {
    /// A site moved on.
    fn moved(&mut self, standing: Standing<'_>);
    /// A dry run would ask for this article.
    fn would_fetch(&mut self, site: &str, item: &ListingItem);
}

/// Watches nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Progress for Unwatched {
    fn moved(&mut self, _standing: Standing<'_>) {}
    fn would_fetch(&mut self, _site: &str, _item: &ListingItem) {}
}

/// Crawls. When `shutdown` resolves, nothing more is asked for; what is under way is finished and committed within the
/// grace, and the walks stay open for the next run.
pub async fn run<F: Fetch + 'static>(
    job: Job,
    fetch: Arc<F>,
    progress: impl Progress,
    shutdown: impl Future<Output = ()>,
) -> Result<Summary, Error> {
    if job.sites.iter().all(|site| site.seeds.is_empty()) {
        return Err(Error::NoSeeds);
    }
    let archive = match &job.keep {
        Keep::Archive(archive) => Some(archive.clone()),
        Keep::DryRun(_) => None,
    };
    let run = match &archive {
        Some(archive) => {
            let start = RunStart { started_at: clock::today(), command: job.command.clone() };
            Some(archive.begin_run(start).await?)
        }
        None => None,
    };
    let (summary, mut ended) = Box::pin(conductor::conduct(job, run, fetch, progress, shutdown)).await?;
    if let (Some(archive), Some(run)) = (archive, run) {
        let sites = summary.sites.iter().map(SiteSummary::fared).collect();
        let end = RunEnd { ended_at: clock::today(), ended: how_it_ended(&summary, &ended).to_owned(), sites };
        let noted = archive.end_run(run, end).await;
        // Where the run itself broke, its own error says more than a run that cannot be noted as ended.
        ended = ended.and_then(|()| Ok(noted?));
    }
    match ended {
        Ok(()) => Ok(summary),
        Err(error) => Err(Error::Broken { error: Box::new(error), summary: Box::new(summary) }),
    }
}

fn how_it_ended(summary: &Summary, ended: &Result<(), Error>) -> &'static str {
    match ended {
        Ok(()) if summary.stopped.is_some() => "interrupted",
        Ok(()) => "done",
        Err(Error::Archive(error)) if error.is_no_space() => "out-of-space",
        Err(_) => "failed",
    }
}

/// How an archive reads captures again that a crash left without index rows: as the crawl reads them.
pub fn reread(catalogue: &Catalogue) -> impl Rereads + '_ {
    Rereader { catalogue }
}

struct Rereader<'a> {
    catalogue: &'a Catalogue,
}

impl Rereads for Rereader<'_> {
    fn read(&self, request: &FetchRequest, capture: &Capture) -> Reading {
        let page = matches!(outcome::answer(capture, false), outcome::Answer::Page | outcome::Answer::CutPage);
        if !page || request.purpose == Purpose::Robots || request.purpose.is_media() {
            return Reading::default();
        }
        // As in the crawl, a reader that panics costs this page its record only.
        let read = || settle::read_page(self.catalogue, request, capture, None);
        let Ok((charset, extraction, _)) = catch_unwind(AssertUnwindSafe(read)) else {
            return Reading::default();
        };
        // A further page of an article makes no record of its own.
        let extraction = Some(extraction).filter(|_| request.purpose != Purpose::ArticlePage);
        Reading { charset: Some(charset), extraction }
    }

    fn join(&self, site: &str, pages: &[HeldAnswer], missing: bool) -> Option<Article> {
        let hints = extract::Hints { family: None, site: Some(site) };
        let joined = || parts::join_pages(pages, missing, self.catalogue, &hints);
        catch_unwind(AssertUnwindSafe(joined)).ok().flatten()
    }
}

/// How captures of other tools are judged when they are taken in: as the crawl would have, but what they were asked for is
/// told from what came.
pub fn judge(catalogue: &Catalogue) -> impl archive::Judges + '_ {
    import::Judge { catalogue }
}
