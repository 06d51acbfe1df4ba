//! The crawl's clock, read in one place.

use std::time::{Duration, Instant, SystemTime};

use crate::domain::time::CaptureTime;

/// Now, for distances between requests.
#[expect(clippy::disallowed_methods, reason = "the conductor reads the clock and passes the time down")]
pub(super) fn now() -> Instant {
    Instant::now()
}

/// Now, for the run's own dates.
#[expect(clippy::disallowed_methods, reason = "the conductor reads the clock and passes the time down")]
pub(super) fn today() -> CaptureTime {
    CaptureTime::from_system(SystemTime::now())
}

/// So long ago, or now where the system's clock knows no such time.
#[expect(clippy::disallowed_methods, reason = "the conductor reads the clock and passes the time down")]
pub(super) fn ago(time: Duration) -> CaptureTime {
    let now = SystemTime::now();
    CaptureTime::from_system(now.checked_sub(time).unwrap_or(now))
}

/// In so long a time.
#[expect(clippy::disallowed_methods, reason = "the conductor reads the clock and passes the time down")]
pub(super) fn hence(time: Duration) -> CaptureTime {
    let now = SystemTime::now();
    CaptureTime::from_system(now.checked_add(time).unwrap_or(now))
}
