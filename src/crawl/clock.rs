//! The crawl's clock, read in one place.

use std::time::{Instant, SystemTime};

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
