//! The writer's thread: takes what is waiting, makes groups of it, answers.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::{mpsc, oneshot};
use url::Url;

use super::error::Error;
use super::group::Ledger;
use super::journal::Entry;
use super::lock::Lock;
use super::{Joined, RunEnd, RunId, RunStart, clock};
use crate::domain::visit::{ArticleChange, Receipt, Visit};
use crate::store::{Walk, WalkEnd};

/// Visits and requests that may wait. A full channel slows the crawl down to the disk; the number only has to be
/// above the crawl's concurrency, so that whatever is ready makes one group.
pub(super) const WAITING: usize = 256;

/// A group is closed at this many payload bytes, so that its buffer stays small beside the crawl's.
const GROUP_BYTES: usize = 16 << 20;

/// Visits one group waits for, where it waits at all.
pub(super) const GATHERED: usize = 16;

/// Where an answer goes.
pub(super) type Reply<T> = oneshot::Sender<Result<T, Error>>;

/// What can be asked of the writer.
pub(super) enum Order {
    Commit(Box<Visit>, Reply<Receipt>),
    BeginRun(RunStart, Reply<RunId>),
    EndRun(RunId, RunEnd, Reply<()>),
    BeginWalk { run: RunId, site: String, seed: Url, reply: Reply<Walk> },
    EndWalk(i64, WalkEnd, Reply<()>),
    JoinArticle(Box<Joined>, Reply<ArticleChange>),
    SkipMedia { why: &'static str, places: Vec<Url>, reply: Reply<()> },
    Close(Reply<()>),
}

/// What comes in, and how long a group waits for more of it.
pub(super) struct Inbox {
    orders: mpsc::Receiver<Order>,
    wait: Duration,
    /// A clock for the waiting.
    runtime: Runtime,
}

impl Inbox {
    /// An inbox whose groups wait this long.
    pub(super) fn new(orders: mpsc::Receiver<Order>, wait: Duration) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        Ok(Self { orders, wait, runtime })
    }

    /// The first visit and what comes behind it: whatever is ready, and where there is time, what comes within it. An order
    /// of another kind ends the group, since whoever gave it waits for the answer.
    fn gather(&mut self, visit: Box<Visit>, reply: Reply<Receipt>) -> (Vec<Waiting>, Option<Order>) {
        let Self { orders, wait, runtime } = self;
        let mut bytes = size(&visit);
        let mut group = vec![(visit, reply)];
        runtime.block_on(async {
            let over = tokio::time::sleep(*wait);
            tokio::pin!(over);
            let mut waits = !wait.is_zero();
            while bytes < GROUP_BYTES && group.len() < WAITING {
                waits &= group.len() < GATHERED;
                let order = match orders.try_recv() {
                    Err(mpsc::error::TryRecvError::Empty) if waits => tokio::select! {
                        biased;
                        order = orders.recv() => order,
                        () = &mut over => {
                            waits = false;
                            continue;
                        }
                    },
                    order => order.ok(),
                };
                match order {
                    Some(Order::Commit(visit, reply)) => {
                        bytes += size(&visit);
                        group.push((visit, reply));
                    }
                    other => return (group, other),
                }
            }
            (group, None)
        })
    }
}

/// Works until told to close, or until nobody is left to tell it.
pub(super) fn work(mut ledger: Ledger, lock: Lock, program: &str, mut inbox: Inbox) {
    let mut run = None;
    let mut next = inbox.orders.blocking_recv();
    while let Some(order) = next.take() {
        match order {
            Order::Commit(visit, reply) => {
                let (group, behind) = inbox.gather(visit, reply);
                commit(&mut ledger, run, group);
                next = behind;
            }
            Order::BeginRun(start, reply) => {
                let begun = begin_run(&mut ledger, start, program);
                run = begun.as_ref().ok().map(|run| run.0);
                answer(reply, begun);
            }
            Order::EndRun(run, end, reply) => {
                answer(reply, end_run(&mut ledger, run.0, end));
            }
            Order::BeginWalk { run, site, seed, reply } => {
                answer(reply, begin_walk(&mut ledger, run, site, seed));
            }
            Order::EndWalk(walk, end, reply) => {
                answer(reply, ledger.note(Entry::WalkEnded { walk, at: clock::now(), ended: end }));
            }
            Order::SkipMedia { why, places, reply } => {
                answer(reply, ledger.note(Entry::NotAsked { at: clock::now(), why: why.to_owned(), places }));
            }
            Order::JoinArticle(joined, reply) => answer(reply, ledger.join(&joined, clock::now())),
            Order::Close(reply) => {
                let closed = close(ledger);
                drop(lock);
                answer(reply, closed);
                return;
            }
        }
        if next.is_none() {
            next = inbox.orders.blocking_recv();
        }
    }
    // Dropped without a close: nobody hears of a failure, and the next start puts it right.
    close(ledger).ok();
    drop(lock);
}

/// A run's number is known at once; its entry waits for the first thing that comes of it.
fn begin_run(ledger: &mut Ledger, start: RunStart, program: &str) -> Result<RunId, Error> {
    let run = ledger.index.next_run()?;
    ledger.waiting.clear();
    let (at, program) = (start.started_at, program.to_owned());
    ledger.note_later(Entry::RunBegan { run, at, program, command: start.command });
    Ok(RunId(run))
}

/// How each site fared, and the run's end, in one group.
fn end_run(ledger: &mut Ledger, run: i64, end: RunEnd) -> Result<(), Error> {
    let at = end.ended_at;
    for fared in end.sites {
        ledger.note_later(Entry::SiteEnded { run, at, fared });
    }
    ledger.note(Entry::RunEnded { run, at, ended: end.ended })
}

/// The same for a walk; several may wait.
fn begin_walk(ledger: &mut Ledger, run: RunId, site: String, seed: Url) -> Result<Walk, Error> {
    let mut walk = ledger.index.walk(&site, &seed, clock::now())?;
    if !walk.resumed {
        let begun = |entry: &Entry| matches!(entry, Entry::WalkBegan { .. });
        let waiting = ledger.waiting.iter().filter(|entry| begun(entry)).count();
        walk.id += i64::try_from(waiting).unwrap_or_default();
        let at = walk.begun_at;
        ledger.note_later(Entry::WalkBegan { walk: walk.id, run: run.0, site, seed, at });
    }
    Ok(walk)
}

type Waiting = (Box<Visit>, Reply<Receipt>);

fn size(visit: &Visit) -> usize {
    visit.result.as_ref().map_or(0, |capture| capture.payload.len())
}

fn commit(ledger: &mut Ledger, run: Option<i64>, group: Vec<Waiting>) {
    let (visits, replies): (Vec<_>, Vec<_>) = group.into_iter().unzip();
    let visits: Vec<&Visit> = visits.iter().map(|visit| &**visit).collect();
    let done = run.ok_or(Error::NoRun).and_then(|run| ledger.commit(run, &visits));
    match done {
        Ok(receipts) => replies.into_iter().zip(receipts).for_each(|(reply, receipt)| answer(reply, Ok(receipt))),
        Err(error) => {
            let cause = error.shared();
            for reply in replies {
                answer(reply, Err(Error::Again(Arc::clone(&cause))));
            }
        }
    }
}

fn close(mut ledger: Ledger) -> Result<(), Error> {
    ledger.finish_file()?;
    let broken = ledger.broken;
    ledger.index.close()?;
    if broken { Err(Error::Stopped) } else { Ok(()) }
}

/// Answers; whoever asked may have gone.
fn answer<T>(reply: Reply<T>, result: Result<T, Error>) {
    reply.send(result).ok();
}
