//! Work on many items at once, its results taken one by one in the items' order.
//!
//! A few items are under way at any time, however many there are.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Items read ahead for each worker: enough to keep it busy past one slow page.
const AHEAD: usize = 8;

/// Runs `work` on every item, on as many threads as there are cores, and gives the results to `take` in order. The
/// items are drawn on a thread of their own. Stops at the first error `take` gives.
pub(super) fn map<T: Send, U: Send, E>(
    items: impl Iterator<Item = T> + Send,
    work: impl Fn(T) -> U + Sync,
    mut take: impl FnMut(U) -> Result<(), E>,
) -> Result<(), E> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let (jobs, inbox) = sync_channel::<(T, SyncSender<U>)>(workers * AHEAD);
        let (places, results) = sync_channel::<Receiver<U>>(workers * AHEAD);
        let (inbox, work) = (Mutex::new(inbox), &work);
        // The workers own the inbox together, so that drawing ends when they have gone.
        let inbox = std::sync::Arc::new(inbox);
        for _ in 0..workers {
            let inbox = std::sync::Arc::clone(&inbox);
            scope.spawn(move || {
                while let Some((item, result)) = next(&inbox) {
                    // Whoever waited has gone after an error: the rest is drawn in vain and dropped.
                    result.send(work(item)).ok();
                }
            });
        }
        drop(inbox);
        scope.spawn(move || {
            for item in items {
                let (result, place) = sync_channel(1);
                if places.send(place).is_err() || jobs.send((item, result)).is_err() {
                    return;
                }
            }
        });
        // A worker that broke gives nothing for its item; the scope passes its panic on.
        results.iter().filter_map(|place| place.recv().ok()).try_for_each(&mut take)
    })
}

fn next<T>(inbox: &Mutex<Receiver<T>>) -> Option<T> {
    inbox.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_an_error_ends_it() {
        let mut got = Vec::new();
        let busy = |n: u64| (0..(n % 7) * 5000).fold(n, |a, b| a.wrapping_add(b).wrapping_sub(b));
        map(0..500, busy, |n| {
            got.push(n);
            Ok::<(), ()>(())
        })
        .unwrap();
        assert_eq!(got, (0..500).collect::<Vec<_>>());
        let mut taken = 0;
        let ended = map(0..u64::MAX, busy, |n| {
            taken += 1;
            if n == 40 { Err(n) } else { Ok(()) }
        });
        assert_eq!((ended, taken), (Err(40), 41));
    }
}
