//! What a server answered at one moment. One hop is one capture; a redirect is a capture too.

use std::net::IpAddr;

use bytes::Bytes;
use url::Url;

use super::digest::PayloadDigest;
use super::time::CaptureTime;

/// One exchange: the request as sent and the answer as received, payload as it travelled.
#[derive(Debug, Clone)]
pub struct Capture {
    /// The URL asked for.
    pub url: Url,
    /// When the request was sent.
    pub at: CaptureTime,
    /// Address that answered.
    pub ip: Option<IpAddr>,
    /// Request head as sent.
    pub request: Head,
    /// Status code.
    pub status: u16,
    /// Response head as parsed; names lower-cased by the client, order kept.
    pub response: Head,
    /// Payload: content coding kept, chunking undone.
    pub payload: Bytes,
    /// Digest of `payload`.
    pub payload_digest: PayloadDigest,
    /// Why the payload is shorter than the server meant, where it is.
    pub truncated: Option<Truncation>,
    /// What was wrong with the host's certificate, where the site's file permits to read it all the same.
    pub tls_flaw: Option<String>,
    /// Milliseconds from sending to the end of the response head; not kept by archives.
    pub head_ms: u64,
    /// Milliseconds from sending to the last byte.
    pub elapsed_ms: u64,
}

impl Capture {
    /// First value of a response header, as text, where it is visible ASCII or UTF-8.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.response.get(name)
    }

    /// Where a redirect leads, resolved; `None` where the answer is none or leads nowhere fetchable.
    pub fn redirect_target(&self) -> Option<Url> {
        if !matches!(self.status, 301 | 302 | 303 | 307 | 308) {
            return None;
        }
        super::address::resolve(&self.url, self.header("location")?)
    }
}

/// First line and header fields of a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// `GET /path HTTP/1.1` or `HTTP/1.1 200 OK`.
    pub line: String,
    /// Fields in order; values as bytes, since servers send GBK in them.
    pub fields: Vec<(String, Vec<u8>)>,
}

impl Head {
    /// First value of a field, where it is UTF-8.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .and_then(|(_, value)| std::str::from_utf8(value).ok())
            .map(str::trim)
    }
}

/// `WARC-Truncated` reasons (ISO 28500:2017 5.13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truncation {
    /// Longer than the cap.
    Length,
    /// Took longer than allowed.
    Time,
    /// The server hung up early.
    Disconnect,
}

impl Truncation {
    /// The word WARC uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Time => "time",
            Self::Disconnect => "disconnect",
        }
    }
}

/// Why there is no capture. Data, never a reason to stop the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchFailure {
    /// When the request was begun.
    pub at: CaptureTime,
    /// What went wrong.
    pub kind: FailureKind,
    /// The client's own words, for the log.
    pub detail: String,
    /// Whether trying again may help.
    pub retry: bool,
}

/// Classes of failure, as stable words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailureKind {
    /// The name did not resolve.
    Dns,
    /// No connection.
    Connect,
    /// Refused by our own address rules; never a request.
    Forbidden,
    /// Handshake or certificate.
    Tls,
    /// Too slow.
    Timeout,
    /// The connection broke before a complete head.
    Disconnect,
    /// Not HTTP, or broken HTTP.
    Protocol,
}

impl FailureKind {
    const ALL: [Self; 7] =
        [Self::Dns, Self::Connect, Self::Forbidden, Self::Tls, Self::Timeout, Self::Disconnect, Self::Protocol];

    /// The kind a stored word stands for; `None` for a word of another version.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The word used as an outcome in the index.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Forbidden => "forbidden-address",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Disconnect => "disconnect",
            Self::Protocol => "protocol",
        }
    }
}
