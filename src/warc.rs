//! WARC records to bytes and back, over Write and Read (ISO 28500:2017).

/// Version of the format written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Version {
    /// ISO 28500:2017, the default.
    #[default]
    V1_1,
    /// ISO 28500:2009 (GB/T 33994-2017): dates without a fraction, the old revisit profiles.
    V1_0,
}
