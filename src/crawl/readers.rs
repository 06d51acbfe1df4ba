//! The threads pages are read on: one, and as many as there are cores where pages have to wait for it.
//!
//! Reading is work for the processor, so more readers than cores would only cost memory: a thread keeps the caches of
//! every regular expression it ran and the room of the largest page it ever read. A polite crawl hardly ever needs a second.
//! The runtime's own blocking threads are many and change, each with memory of its own, and name look-ups may hold them up
//! for long; so questions to the index have a thread too.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::{Error, clock};

/// What is to be done, and since when it waits.
type Work = (Instant, Box<dyn FnOnce() + Send>);

/// A page that waited this long shows that its reader needs a companion. What falls together by chance, as the first pages of
/// all sites do, is read sooner than that.
const PATIENCE: Duration = Duration::from_millis(250);

/// A handle to the threads; they end when it is dropped.
#[derive(Debug)]
pub(super) struct Readers(Sender<Work>);

/// What the threads share.
#[derive(Debug)]
struct Team {
    name: &'static str,
    take: Mutex<Receiver<Work>>,
    started: AtomicUsize,
    most: usize,
}

impl Readers {
    /// Starts the first of the threads that read pages.
    pub(super) fn start() -> Result<Self, Error> {
        Self::at_most(thread::available_parallelism().map_or(1, usize::from), "reader")
    }

    /// Starts a thread for questions to the index, which come one at a time.
    pub(super) fn clerk() -> Result<Self, Error> {
        Self::at_most(1, "clerk")
    }

    fn at_most(most: usize, name: &'static str) -> Result<Self, Error> {
        let (give, take) = mpsc::channel();
        let team = Arc::new(Team { name, take: Mutex::new(take), started: AtomicUsize::new(1), most });
        begin(&team, 0).map_err(Error::Reader)?;
        Ok(Self(give))
    }

    /// Does some work on one of the threads, in its turn. Work that panics is an error of its own and costs no thread.
    pub(super) async fn read<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let (done, result) = oneshot::channel();
        let broken = || Error::Reader(std::io::Error::other("a reader broke off"));
        let work = move || drop(done.send(work()));
        self.0.send((clock::now(), Box::new(work))).map_err(|_gone| broken())?;
        result.await.map_err(|_gone| broken())
    }
}

fn begin(team: &Arc<Team>, number: usize) -> std::io::Result<()> {
    let team = Arc::clone(team);
    thread::Builder::new().name(format!("{} {number}", team.name)).spawn(move || serve(&team)).map(drop)
}

fn serve(team: &Arc<Team>) {
    loop {
        // The lock is held while waiting, so the readers take turns at that and not at the work.
        let next = team.take.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((given, work)) = next else { return };
        if clock::now().saturating_duration_since(given) > PATIENCE {
            keep_up(team);
        }
        // What broke is told by the answer that never comes.
        catch_unwind(AssertUnwindSafe(work)).ok();
    }
}

/// Starts another thread, where there may be one. One that cannot be had is done without.
fn keep_up(team: &Arc<Team>) {
    let more = |started| (started < team.most).then_some(started + 1);
    if let Ok(number) = team.started.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more) {
        begin(team, number).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_that_panics_costs_no_reader() {
        let readers = Readers::start().unwrap();
        for _ in 0..64 {
            let broken = readers.read(|| assert_eq!(1, 2)).await;
            assert!(matches!(broken, Err(Error::Reader(_))));
        }
        assert_eq!(readers.read(|| 7).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn a_reader_gets_a_companion_only_where_pages_wait() {
        let readers = Readers::at_most(2, "reader").unwrap();
        let name = || thread::current().name().map(str::to_owned);
        for _ in 0..64 {
            assert_eq!(readers.read(name).await.unwrap().as_deref(), Some("reader 0"));
        }
        let long = || {
            readers.read(move || {
                thread::sleep(PATIENCE + Duration::from_millis(50));
                name()
            })
        };
        let names = futures_util::future::try_join_all([long(), long(), long(), long()]).await.unwrap();
        assert!(names.contains(&Some("reader 1".to_owned())), "{names:?}");
    }
}
