//! The one place of the archive that reads the clock: for the lock, and for the times of walks.

use crate::domain::time::CaptureTime;

/// The present moment.
#[expect(clippy::disallowed_methods, reason = "the archive is an edge: who holds it since when is real time")]
pub(super) fn now() -> CaptureTime {
    CaptureTime::from_system(std::time::SystemTime::now())
}
