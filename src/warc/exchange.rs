//! One exchange as records: the answer, or its revisit, and the request.

use super::fields::Fields;
use super::http;
use super::record::{Kind, Record, Version};
use super::stamp::Stamp;
use crate::domain::capture::Capture;
use crate::domain::digest::{PayloadDigest, RecordId};
use crate::domain::time::CaptureTime;

/// `application/http` with what kind of message, as every tool expects it.
const RESPONSE: &str = "application/http; msgtype=response";
const REQUEST: &str = "application/http; msgtype=request";

/// Why a payload need not be stored again (ISO 28500:2017, 6.7.2 and 6.7.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevisitProfile {
    /// The payload is one held already.
    IdenticalPayload,
    /// The server said 304.
    NotModified,
}

impl RevisitProfile {
    /// The normative URI of `WARC-Profile`.
    pub fn uri(self, version: Version) -> &'static str {
        match (self, version) {
            (Self::IdenticalPayload, Version::V1_1) => {
                "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
            }
            (Self::NotModified, Version::V1_1) => "http://netpreserve.org/warc/1.1/revisit/server-not-modified",
            (Self::IdenticalPayload, Version::V1_0) => {
                "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
            }
            (Self::NotModified, Version::V1_0) => "http://netpreserve.org/warc/1.0/revisit/server-not-modified",
        }
    }
}

/// The response record a revisit refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// Its id.
    pub record_id: RecordId,
    /// The URL it answers.
    pub url: String,
    /// Its date.
    pub captured_at: CaptureTime,
    /// Digest of its payload.
    pub payload_digest: PayloadDigest,
}

/// What is to be written for one capture.
#[derive(Debug)]
pub struct Exchange<'a> {
    /// The capture.
    pub capture: &'a Capture,
    /// Set where the payload is held already.
    pub revisit: Option<(RevisitProfile, &'a Original)>,
    /// The file's `warcinfo`, where known.
    pub warcinfo: Option<&'a RecordId>,
    /// Further fields of the answer's record, after the standard ones.
    pub notes: &'a Fields,
}

/// The answer's record and the request's, in the order they are written.
pub fn exchange(stamp: &mut dyn Stamp, version: Version, exchange: &Exchange<'_>) -> [Record; 2] {
    let answer_id = stamp.record_id();
    let answer = answer(version, exchange, &answer_id);
    let request = request(version, exchange, &stamp.record_id(), &answer_id);
    [answer, request]
}

fn answer(version: Version, exchange: &Exchange<'_>, id: &RecordId) -> Record {
    let capture = exchange.capture;
    let kind = if exchange.revisit.is_some() { Kind::Revisit } else { Kind::Response };
    let mut record = begin(version, kind, id, exchange);
    if let Some(reason) = capture.truncated {
        record.fields.push("WARC-Truncated", reason.as_str());
    }
    let mut block = http::response_head(capture);
    if let Some((profile, original)) = exchange.revisit {
        record.fields.push("WARC-Profile", profile.uri(version));
        record.fields.push("WARC-Refers-To", format!("<{}>", original.record_id));
        record.fields.push("WARC-Refers-To-Target-URI", &original.url);
        record.fields.push("WARC-Refers-To-Date", version.date(original.captured_at));
        record.fields.push("WARC-Payload-Digest", original.payload_digest.as_str());
    } else {
        record.fields.push("WARC-Payload-Digest", capture.payload_digest.as_str());
        block.extend_from_slice(&capture.payload);
    }
    for (name, value) in exchange.notes.iter() {
        record.fields.push(name, value);
    }
    record.finish(RESPONSE, block)
}

fn request(version: Version, exchange: &Exchange<'_>, id: &RecordId, answer: &RecordId) -> Record {
    let mut record = begin(version, Kind::Request, id, exchange);
    record.fields.push("WARC-Concurrent-To", format!("<{answer}>"));
    record.finish(REQUEST, http::request_block(&exchange.capture.request))
}

fn begin(version: Version, kind: Kind, id: &RecordId, exchange: &Exchange<'_>) -> Record {
    let capture = exchange.capture;
    let mut record = Record::begin(version, kind, id, capture.at);
    record.fields.push("WARC-Target-URI", capture.url.as_str());
    if let Some(ip) = capture.ip {
        record.fields.push("WARC-IP-Address", ip.to_string());
    }
    if let Some(warcinfo) = exchange.warcinfo {
        record.fields.push("WARC-Warcinfo-ID", format!("<{warcinfo}>"));
    }
    record
}
