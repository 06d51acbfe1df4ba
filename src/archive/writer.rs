//! The writer's thread: takes what is waiting, makes groups of it, answers.

use std::sync::Arc;

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

/// Works until told to close, or until nobody is left to tell it.
pub(super) fn work(mut ledger: Ledger, lock: Lock, program: &str, mut orders: mpsc::Receiver<Order>) {
    let mut run = None;
    let mut next = orders.blocking_recv();
    while let Some(order) = next.take() {
        match order {
            Order::Commit(visit, reply) => {
                let (group, behind) = gather(visit, reply, &mut orders);
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
            next = orders.blocking_recv();
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

/// The first visit and whatever else is ready behind it, up to an order of another kind.
fn gather(
    visit: Box<Visit>,
    reply: Reply<Receipt>,
    orders: &mut mpsc::Receiver<Order>,
) -> (Vec<Waiting>, Option<Order>) {
    let mut bytes = size(&visit);
    let mut group = vec![(visit, reply)];
    while bytes < GROUP_BYTES && group.len() < WAITING {
        match orders.try_recv() {
            Ok(Order::Commit(visit, reply)) => {
                bytes += size(&visit);
                group.push((visit, reply));
            }
            Ok(other) => return (group, Some(other)),
            Err(_) => break,
        }
    }
    (group, None)
}

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
