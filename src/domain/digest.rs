//! Digests and record ids as types, so that no bare string passes for one.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Digest of a payload as it travelled, `sha1:` and base32: the form WARC tools compare
/// (`WARC-Payload-Digest`, ISO 28500:2017 5.9).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PayloadDigest(String);

impl PayloadDigest {
    /// Digest of these payload bytes.
    pub fn of(payload: &[u8]) -> Self {
        use sha1::Digest as _;
        Self::from_sha1(&sha1::Sha1::digest(payload))
    }

    /// From a finished SHA-1.
    pub fn from_sha1(sha1: &[u8]) -> Self {
        Self(format!("sha1:{}", data_encoding::BASE32.encode(sha1)))
    }

    /// A digest read back from an archive, taken as written (`algorithm:value`).
    pub fn from_stored(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// `sha1:BASE32`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PayloadDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `WARC-Record-ID` without the angle brackets: `urn:uuid:…`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(String);

impl RecordId {
    /// From the urn, with or without angle brackets.
    pub fn from_stored(text: &str) -> Self {
        Self(text.trim().trim_start_matches('<').trim_end_matches('>').to_owned())
    }

    /// The urn without brackets.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_payload_has_the_digest_every_warc_tool_knows() {
        assert_eq!(PayloadDigest::of(b"").as_str(), "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ");
    }

    #[test]
    fn brackets_are_not_part_of_a_record_id() {
        assert_eq!(RecordId::from_stored("<urn:uuid:1>"), RecordId::from_stored("urn:uuid:1"));
    }
}
