//! The threads pages are read on: as many as there are cores, and always the same ones.
//!
//! Reading is work for the processor, so more readers than cores would only cost memory: a thread keeps the caches of
//! every regular expression it ran and the room of the largest page it ever read. The runtime's own blocking threads are
//! many and change, and name look-ups may hold them up for long.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::sync::oneshot;

use super::Error;

type Work = Box<dyn FnOnce() + Send>;

/// A handle to the threads; they end when it is dropped.
#[derive(Debug)]
pub(super) struct Readers(Sender<Work>);

impl Readers {
    /// Starts the threads.
    pub(super) fn start() -> Result<Self, Error> {
        let (give, take) = mpsc::channel();
        let take = Arc::new(Mutex::new(take));
        let cores = thread::available_parallelism().map_or(1, usize::from);
        for number in 0..cores {
            let take = Arc::clone(&take);
            thread::Builder::new()
                .name(format!("reader {number}"))
                .spawn(move || serve(&take))
                .map_err(Error::Reader)?;
        }
        Ok(Self(give))
    }

    /// Does some work on one of the threads, in its turn. Work that panics is an error of its own and costs no thread.
    pub(super) async fn read<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let (done, result) = oneshot::channel();
        let broken = || Error::Reader(std::io::Error::other("a reader broke off"));
        let work = move || drop(done.send(work()));
        self.0.send(Box::new(work)).map_err(|_gone| broken())?;
        result.await.map_err(|_gone| broken())
    }
}

fn serve(take: &Mutex<Receiver<Work>>) {
    loop {
        // The lock is held while waiting, so the readers take turns at that and not at the work.
        let next = take.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(work) = next else { return };
        // What broke is told by the answer that never comes.
        catch_unwind(AssertUnwindSafe(work)).ok();
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
}
