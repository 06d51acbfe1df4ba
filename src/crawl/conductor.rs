//! The loop: asks the frontier what is due, starts it, and takes in what comes back.

mod media;
mod parts;
mod plan;
mod recheck;
mod take;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::past::Past;
use super::readers::Readers;
use super::settle::{self, Desk, Settled};
use super::sites::SiteRun;
use super::summary::{Stopped, Summary};
use super::{Error, Job, Keep, Options, Progress, clock};
use crate::archive::{Archive, Asked, Hosts, RunId};
use crate::domain::capture::{Capture, FetchFailure};
use crate::domain::drift;
use crate::domain::request::FetchRequest;
use crate::domain::robots::RobotsRules;
use crate::domain::site::Site;
use crate::domain::verdict::SiteVerdict;
use crate::fetch::Fetch;
use crate::frontier::{Frontier, Next, Recalled, Verdict};

/// A request, what came of it, and when that was known: the conductor may be busy when it comes in.
type Answered = (FetchRequest, Result<Capture, FetchFailure>, Instant);

/// What comes back from a task.
enum Event {
    /// An answer, or none.
    Answered(Box<Answered>),
    /// A visit that is safe, and whether it stands.
    Settled(Box<Settled>, Verdict),
}

/// How long articles of a night whose selectors missed are no measure. What a site has been for a month is what it is.
const DOUBTED: Duration = Duration::from_hours(30 * 24);

/// Everything a run holds.
struct Conductor<P> {
    frontier: Frontier,
    sites: Vec<SiteRun>,
    by_id: HashMap<String, usize>,
    desk: Arc<Desk>,
    archive: Option<Archive>,
    progress: P,
    /// Where it is noted when each host was asked, for the next run; a dry run notes nothing.
    hosts: Option<Hosts>,
    /// Authorities whose kept rules were looked up.
    looked_up: HashSet<String>,
    /// Kept rules too old to use while the host answers.
    stale: HashMap<String, RobotsRules>,
    max_failures: f64,
    /// Requests under way, and how many there may be at once.
    asking: usize,
    concurrency: usize,
    /// Visits under way at once, until they are safe: a slow disk slows the crawl down instead of filling memory, and
    /// that many at the most are asked for again after a crash.
    unsafe_most: usize,
}

/// Conducts a run from its seeds to its summary, which is given also where the run broke off on the way.
pub(super) async fn conduct<F: Fetch + 'static>(
    job: Job,
    run: Option<RunId>,
    fetch: Arc<F>,
    progress: impl Progress,
    shutdown: impl Future<Output = ()>,
) -> Result<(Summary, Result<(), Error>), Error> {
    let (options, sites) = (job.options, job.sites.clone());
    let mut conductor = Conductor::new(job, progress)?;
    let driven = conductor.drive((sites, run), fetch, options, shutdown).await;
    let driven = match driven {
        // Whoever sent the signal waits; the next run that reads an article looks back as far.
        Ok(Some(Stopped::Interrupted)) => Ok(Some(Stopped::Interrupted)),
        Ok(stopped) => conductor.look_back(run).await.map(|()| stopped),
        Err(error) => Err(error),
    };
    let (stopped, ended) = match driven {
        Ok(stopped) => (stopped, Ok(())),
        Err(error) => (Some(Stopped::Broken), Err(error)),
    };
    Ok((conductor.sum_up(stopped), ended))
}

/// What is under way: visits being asked and visits being settled.
type Tasks = JoinSet<Result<Event, Error>>;

async fn sleep_until(at: Option<Instant>) {
    if let Some(at) = at {
        tokio::time::sleep_until(at.into()).await;
    }
}

/// Tells the frontier what earlier runs asked, so that the distance holds from one run to the next.
fn take_up_hosts(archive: &Archive, frontier: &mut Frontier) -> Result<Hosts, Error> {
    let (hosts, known) = archive.hosts()?;
    if let Some(known) = known {
        let now = clock::now();
        // A moment before the machine's own beginning is long enough ago to be taken for now: that waits, if at all, too long.
        let recalled = |asked: Asked| Recalled { left: now.checked_sub(asked.ago).unwrap_or(now), rest: asked.rest };
        frontier.recall(known.into_iter().map(|(host, asked)| (host, recalled(asked))).collect());
    }
    Ok(hosts)
}

/// Blocking look-ups, off the conductor's thread.
async fn blocking<T: Send + 'static>(
    desk: &Arc<Desk>,
    look_up: impl FnOnce(&Desk) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let asked = Arc::clone(desk);
    desk.clerk.read(move || look_up(&asked)).await?
}

impl<P: Progress> Conductor<P> {
    fn new(job: Job, progress: P) -> Result<Self, Error> {
        let (archive, history) = match job.keep {
            Keep::Archive(archive) => {
                let history = archive.history()?;
                (Some(archive), Some(history))
            }
            Keep::DryRun(history) => (None, history),
        };
        let mut frontier = Frontier::new(job.options.frontier);
        let hosts = archive.as_ref().map(|archive| take_up_hosts(archive, &mut frontier)).transpose()?;
        for (site, patterns) in archive.as_ref().map(Archive::traps).unwrap_or_default() {
            frontier.recall_traps(&site, patterns);
        }
        let families = job.sites.iter().filter_map(|site| Some((site.id.clone(), site.family.clone()?))).collect();
        let desk = Desk {
            catalogue: job.catalogue,
            families,
            past: Past::new(history),
            archive: archive.clone(),
            since: job.options.since,
            full: job.options.full,
            readers: Readers::start()?,
            clerk: Readers::clerk()?,
        };
        let concurrency = job.options.frontier.concurrency.max(1);
        let gathered = archive.as_ref().map_or(0, Archive::gathered);
        Ok(Self {
            frontier,
            hosts,
            sites: Vec::new(),
            by_id: HashMap::new(),
            desk: Arc::new(desk),
            archive,
            progress,
            looked_up: HashSet::new(),
            stale: HashMap::new(),
            max_failures: job.options.max_failures,
            asking: 0,
            concurrency,
            unsafe_most: concurrency + gathered,
        })
    }

    /// Begins the sites and works until nothing is left to do, or until the run must stop: then why.
    async fn drive<F: Fetch + 'static>(
        &mut self,
        (sites, run): (Vec<Site>, Option<RunId>),
        fetch: Arc<F>,
        options: Options,
        shutdown: impl Future<Output = ()>,
    ) -> Result<Option<Stopped>, Error> {
        for site in sites {
            self.begin(site, run).await?;
        }
        let mut tasks = JoinSet::new();
        let mut stopped: Option<(Stopped, Instant)> = None;
        let time_up = options.max_time.map(|most| clock::now() + most);
        tokio::pin!(shutdown);
        loop {
            let due = if stopped.is_none() { self.give_out(&mut tasks, &fetch).await? } else { None };
            if tasks.is_empty() && due.is_none() {
                break;
            }
            let deadline = stopped.map(|(_, at)| at + options.grace);
            tokio::select! {
                biased;
                () = &mut shutdown, if stopped.is_none() => stopped = Some((Stopped::Interrupted, clock::now())),
                () = sleep_until(time_up), if stopped.is_none() && time_up.is_some() => {
                    stopped = Some((Stopped::TimeUp, clock::now()));
                }
                () = sleep_until(deadline), if deadline.is_some() => break,
                Some(event) = tasks.join_next(), if !tasks.is_empty() => {
                    self.take_in(event??, &mut tasks).await?;
                }
                () = sleep_until(due), if due.is_some() => {}
            }
        }
        tasks.abort_all();
        Ok(stopped.map(|(why, _)| why))
    }

    /// Starts what is due; says when the next request is, where there is one to wait for.
    async fn give_out<F: Fetch + 'static>(
        &mut self,
        tasks: &mut Tasks,
        fetch: &Arc<F>,
    ) -> Result<Option<Instant>, Error> {
        while self.asking < self.concurrency && tasks.len() < self.unsafe_most {
            match self.frontier.next(clock::now()) {
                Next::Fetch(request) => {
                    self.begun(&request)?;
                    self.asking += 1;
                    let fetch = Arc::clone(fetch);
                    tasks.spawn(async move {
                        let result = fetch.fetch(&request).await;
                        Ok(Event::Answered(Box::new((*request, result, clock::now()))))
                    });
                }
                Next::Skipped(request, why) => self.skipped(&request, why).await?,
                Next::WaitUntil(at) => return Ok(Some(at)),
                Next::Busy | Next::Done => break,
            }
        }
        Ok(None)
    }

    /// Takes in what a task brought: an answer goes on to be settled, its host being free again at once.
    async fn take_in(&mut self, event: Event, tasks: &mut Tasks) -> Result<(), Error> {
        match event {
            Event::Answered(exchange) => {
                let (request, result, at) = *exchange;
                self.asking = self.asking.saturating_sub(1);
                let verdict = self.answered(&request, &result, at)?;
                let desk = Arc::clone(&self.desk);
                tasks.spawn(async move {
                    let settled = settle::settle(desk, request, result).await?;
                    Ok(Event::Settled(Box::new(settled), verdict))
                });
                Ok(())
            }
            Event::Settled(settled, verdict) => {
                let request = settled.request.clone();
                self.settled(*settled, verdict).await?;
                self.frontier.settled(&request);
                Ok(())
            }
        }
    }

    /// Compares what was found in the latest articles with what the site's articles had before, where this run read any, or the
    /// site was found wanting last time.
    async fn look_back(&mut self, run: Option<RunId>) -> Result<(), Error> {
        let Some(RunId(id)) = run else { return Ok(()) };
        let doubted_from = clock::ago(DOUBTED);
        for site in &mut self.sites {
            let counts = &site.summary.counts;
            if counts.new + counts.changed == 0 && !site.was_missed {
                continue;
            }
            let name = site.site.id.clone();
            let found = blocking(&self.desk, move |desk| Ok(desk.past.found(&name, id, doubted_from)?)).await?;
            site.summary.missed = drift::missed(&found);
        }
        Ok(())
    }

    fn sum_up(mut self, stopped: Option<Stopped>) -> Summary {
        for run in &mut self.sites {
            run.summary.traps = self.frontier.traps(&run.site.id);
        }
        if let Some(archive) = &self.archive {
            let ids = self.sites.iter().map(|run| run.site.id.clone());
            let traps = ids.map(|site| (site.clone(), self.frontier.remembered_traps(&site))).collect();
            if let Err(error) = archive.remember_traps(traps) {
                // What the night found out is in the archive; the next one only finds its traps anew.
                tracing::warn!(%error, "traps are not remembered");
            }
        }
        // The loop ends when nothing is left to do; should it ever end sooner, that must not look like success.
        for run in self.sites.iter_mut().filter(|run| run.open > 0) {
            let open = run.open;
            run.summary.left_over += open as u64;
            if stopped.is_none() {
                run.summary.fail(SiteVerdict::Unfinished, || format!("{open} requests were left over"));
            }
        }
        Summary::of(self.sites.into_iter().map(|run| run.summary).collect(), self.max_failures, stopped)
    }
}
