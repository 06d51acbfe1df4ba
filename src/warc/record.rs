//! One record: its version, its header, its block.

use super::fields::Fields;
use crate::domain::capture::Head;
use crate::domain::digest::{PayloadDigest, RecordId};
use crate::domain::time::CaptureTime;

/// Version of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Version {
    /// ISO 28500:2017, the default.
    #[default]
    V1_1,
    /// ISO 28500:2009 (GB/T 33994-2017): dates without a fraction, the old revisit profiles.
    V1_0,
}

impl Version {
    /// `1.1` or `1.0`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1_1 => "1.1",
            Self::V1_0 => "1.0",
        }
    }

    /// A date as this version writes it: 1.0 knows no fraction of a second.
    pub fn date(self, at: CaptureTime) -> String {
        match self {
            Self::V1_1 => at.to_micros_string(),
            Self::V1_0 => at.to_seconds_string(),
        }
    }
}

/// `WARC-Type` (ISO 28500:2017, 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// About the file itself.
    Warcinfo,
    /// What a server answered.
    Response,
    /// What was asked.
    Request,
    /// An answer whose payload is held already.
    Revisit,
    /// Words about another record, or about the work itself.
    Metadata,
    /// Something kept without an exchange.
    Resource,
    /// Another form of a record's payload.
    Conversion,
    /// A further part of a record that was split.
    Continuation,
    /// A type of the future.
    Other,
}

impl Kind {
    const NAMED: [Self; 8] = [
        Self::Warcinfo,
        Self::Response,
        Self::Request,
        Self::Revisit,
        Self::Metadata,
        Self::Resource,
        Self::Conversion,
        Self::Continuation,
    ];

    /// The word in `WARC-Type`; empty for [`Kind::Other`], which we never write.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Warcinfo => "warcinfo",
            Self::Response => "response",
            Self::Request => "request",
            Self::Revisit => "revisit",
            Self::Metadata => "metadata",
            Self::Resource => "resource",
            Self::Conversion => "conversion",
            Self::Continuation => "continuation",
            Self::Other => "",
        }
    }

    fn from_word(word: &str) -> Self {
        Self::NAMED.into_iter().find(|kind| kind.as_str().eq_ignore_ascii_case(word)).unwrap_or(Self::Other)
    }
}

/// One record, in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The version its first line names, `1.1` or another tool's.
    pub version: String,
    /// The header, without `Content-Length` while it is being made: [`Record::write_to`] adds it.
    pub fields: Fields,
    /// The block.
    pub block: Vec<u8>,
}

impl Record {
    /// A record with the mandatory fields set, `Content-Length` aside.
    pub(super) fn begin(version: Version, kind: Kind, id: &RecordId, at: CaptureTime) -> Self {
        let mut fields = Fields::new();
        fields.push("WARC-Type", kind.as_str());
        fields.push("WARC-Record-ID", format!("<{id}>"));
        fields.push("WARC-Date", version.date(at));
        Self { version: version.as_str().to_owned(), fields, block: Vec::new() }
    }

    /// Sets the block with its digest and type.
    pub(super) fn finish(mut self, content_type: &str, block: Vec<u8>) -> Self {
        self.fields.push("WARC-Block-Digest", PayloadDigest::of(&block).as_str());
        self.fields.push("Content-Type", content_type);
        self.fields.push("Content-Length", block.len().to_string());
        self.block = block;
        self
    }

    /// The record as it stands in a file, before compression.
    pub fn write_to(&self, out: &mut Vec<u8>) {
        out.reserve(self.block.len() + 1024);
        out.extend_from_slice(b"WARC/");
        out.extend_from_slice(self.version.as_bytes());
        out.extend_from_slice(b"\r\n");
        self.fields.write_to(out);
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&self.block);
        out.extend_from_slice(b"\r\n\r\n");
    }

    /// Its type.
    pub fn kind(&self) -> Kind {
        self.fields.get("WARC-Type").map_or(Kind::Other, Kind::from_word)
    }

    /// Its id.
    pub fn id(&self) -> Option<RecordId> {
        self.fields.get("WARC-Record-ID").map(RecordId::from_stored)
    }

    /// Its date.
    pub fn date(&self) -> Option<CaptureTime> {
        CaptureTime::parse(self.fields.get("WARC-Date")?)
    }

    /// The URL it is about; angle brackets, which some tools write, are taken off.
    pub fn target_uri(&self) -> Option<&str> {
        self.fields.get("WARC-Target-URI").map(|uri| uri.trim_start_matches('<').trim_end_matches('>'))
    }

    /// Head of the HTTP message in the block, request or answer.
    pub fn http_head(&self) -> Option<Head> {
        super::http::parse_head(super::http::split(&self.block)?.0)
    }

    /// What the block holds behind the head of an HTTP message; the whole block where there is no such head.
    pub fn payload(&self) -> &[u8] {
        let http = self.fields.get("Content-Type").is_some_and(|kind| kind.starts_with("application/http"));
        let behind = super::http::split(&self.block).filter(|_| http);
        behind.map_or(&*self.block, |(_, payload)| payload)
    }

    /// Whether `WARC-Block-Digest`, where it is a SHA-1, fits the block.
    pub fn block_digest_fits(&self) -> bool {
        self.fields.get("WARC-Block-Digest").is_none_or(|said| digest_fits(said, &self.block))
    }

    /// Whether `WARC-Payload-Digest`, where it is a SHA-1, fits the payload: that of the HTTP message for a response.
    /// A revisit's names the payload of another record and is not judged here.
    pub fn payload_digest_fits(&self) -> bool {
        let Some(said) = self.fields.get("WARC-Payload-Digest") else { return true };
        match self.kind() {
            Kind::Response | Kind::Request => {
                super::http::split(&self.block).is_none_or(|(_, payload)| digest_fits(said, payload))
            }
            Kind::Warcinfo
            | Kind::Revisit
            | Kind::Metadata
            | Kind::Resource
            | Kind::Conversion
            | Kind::Continuation
            | Kind::Other => true,
        }
    }
}

/// Other algorithms and spellings than ours are taken on trust.
fn digest_fits(said: &str, bytes: &[u8]) -> bool {
    let ours = PayloadDigest::of(bytes);
    !said.starts_with("sha1:") || said.len() != ours.as_str().len() || said.eq_ignore_ascii_case(ours.as_str())
}
