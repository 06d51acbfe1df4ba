//! Where record ids come from: drawn in the program, counted in tests.

use crate::domain::digest::RecordId;

/// Source of `WARC-Record-ID` values.
pub trait Stamp {
    /// An id never given before.
    fn record_id(&mut self) -> RecordId;
}

/// Random UUIDs (version 4): two archives never give the same id, and an id tells nothing about its record.
#[derive(Debug, Clone, Copy, Default)]
pub struct RandomIds;

impl Stamp for RandomIds {
    fn record_id(&mut self) -> RecordId {
        RecordId::from_stored(&uuid::Uuid::new_v4().urn().to_string())
    }
}
