//! The archive's log of events, written under the archive's lock where no run holds it. Waits for no run: while one goes
//! on, the event is left in the write-ahead log and sealed with the run's own rows.

use std::path::Path;

use super::error::Error;
use super::lock::Lock;
use crate::domain::event::Event;
use crate::store::{self, Beside};

/// Writes an event behind the others and gives its number; `None` where the archive is of an earlier version, whose
/// schema has no place for it.
pub fn record_event(dir: &Path, event: &Event) -> Result<Option<i64>, Error> {
    let lock = Lock::take_for_a_moment(dir);
    // What keeps the lock from being taken, a read-only disk say, keeps the event from being written, and is named then.
    let beside = if lock.is_ok() { Beside::Nobody } else { Beside::AWriter };
    let number = store::record_event(dir, event, beside)?;
    drop(lock);
    Ok(number)
}
