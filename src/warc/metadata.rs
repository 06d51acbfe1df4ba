//! A `metadata` record of named fields: words about another record, or about the work itself (ISO 28500:2017, 6.6).
//!
//! The block is `application/warc-fields`, which indexers of other tools leave out of their lists of pages.

use super::fields::Fields;
use super::record::{Kind, Record, Version};
use super::stamp::Stamp;
use crate::domain::digest::RecordId;
use crate::domain::time::CaptureTime;

/// What the words are about.
#[derive(Debug, Clone, Copy, Default)]
pub struct About<'a> {
    /// The file's `warcinfo`, where known.
    pub warcinfo: Option<&'a RecordId>,
    /// The URL, where they are about one.
    pub target_uri: Option<&'a str>,
    /// The record they describe (`WARC-Refers-To`), where they are about one.
    pub record: Option<&'a RecordId>,
}

/// The record.
pub fn metadata(stamp: &mut dyn Stamp, version: Version, at: CaptureTime, about: About<'_>, fields: &Fields) -> Record {
    let mut record = Record::begin(version, Kind::Metadata, &stamp.record_id(), at);
    if let Some(uri) = about.target_uri {
        record.fields.push("WARC-Target-URI", uri);
    }
    if let Some(described) = about.record {
        record.fields.push("WARC-Refers-To", format!("<{described}>"));
    }
    if let Some(warcinfo) = about.warcinfo {
        record.fields.push("WARC-Warcinfo-ID", format!("<{warcinfo}>"));
    }
    let mut block = Vec::with_capacity(256);
    fields.write_to(&mut block);
    record.finish(FIELDS, block)
}

/// Type of a block of named fields.
const FIELDS: &str = "application/warc-fields";

/// The fields in a record's block; `None` where the block is of another type or does not hold fields.
pub fn fields_of(record: &Record) -> Option<Fields> {
    let essence = record.fields.get("Content-Type")?.split(';').next()?.trim();
    if !essence.eq_ignore_ascii_case(FIELDS) {
        return None;
    }
    Fields::parse(std::str::from_utf8(&record.block).ok()?).ok()
}
