//! When a request really left.
//!
//! A first connection to a far host takes a name look-up, a handshake and perhaps TLS; the next request on it leaves at
//! once; and on a busy machine a request may wait for its turn to be written. Counted from when each was begun, two of them
//! may reach a host too close together. The client does not say when it writes a request, but it asks the body whether it
//! is at its end, right then: so every request has a body, an empty one that notes when it was asked.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::Instant;

/// How long the writing of a request may take once it was handed over.
const WRITING: Duration = Duration::from_millis(5);

/// The moment a request left, as far as it did.
#[derive(Debug, Clone)]
pub(super) struct Departure {
    begun: Instant,
    /// Microseconds from then on.
    after: Arc<AtomicU64>,
}

impl Departure {
    /// Of a request that begins now.
    pub(super) fn expected() -> Self {
        Self { begun: Instant::now(), after: Arc::default() }
    }

    /// When the request was begun.
    pub(super) fn begun(&self) -> Instant {
        self.begun
    }

    /// The body that notes when the request leaves.
    pub(super) fn body(&self) -> reqwest::Body {
        reqwest::Body::wrap(Nothing(self.clone()))
    }

    /// When the request had surely left, of one whose answer's head came at this moment: no later than that, and so long after
    /// it was handed over for writing as a busy machine may take to write it.
    pub(super) fn left_by(&self, answered: Instant) -> Instant {
        let handed_over = self.begun + Duration::from_micros(self.after.load(Ordering::Acquire));
        answered.min(handed_over + WRITING)
    }

    /// The last time counts: a connection may turn out to be dead, and the request leaves on another.
    fn note(&self) {
        let after = u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.after.fetch_max(after, Ordering::AcqRel);
    }
}

/// No body at all, and no header speaks of one.
#[derive(Debug)]
struct Nothing(Departure);

impl Body for Nothing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        self.0.note();
        true
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_had_left_when_it_was_answered_or_soon_after_it_was_handed_over() {
        let departure = Departure::expected();
        departure.after.store(20_000, Ordering::Release);
        let at = |ms| departure.begun() + Duration::from_millis(ms);
        for (answered, left) in [(21, 21), (24, 24), (26, 25), (3_000, 25)] {
            assert_eq!(departure.left_by(at(answered)), at(left), "answered after {answered} ms");
        }
    }
}
