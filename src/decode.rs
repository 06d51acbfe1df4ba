//! Payload bytes to text: content coding first, then format, then charset.
//!
//! Never fails: unsure bytes become U+FFFD and are counted as doubt, a broken content coding is a warning and what came
//! before the break is read. The stored payload is not touched. Everything is capped, so that no payload, however
//! compressed, can fill memory ([`coding::DECODED_CAP`]).

mod charset;
mod coding;
mod format;
mod label;
mod plausible;

use std::borrow::Cow;

use url::Url;

use crate::domain::page::{Charset, CharsetSource, Page, PageFormat};
use crate::domain::time::Date;

/// What is known about a payload besides its bytes.
#[derive(Debug, Clone, Default)]
pub struct Hints<'a> {
    /// Where it came from.
    pub url: Option<&'a Url>,
    /// `Content-Type` as received.
    pub content_type: Option<&'a str>,
    /// `Content-Encoding` as received.
    pub content_encoding: Option<&'a str>,
    /// Status of the answer.
    pub status: Option<u16>,
}

/// Makes text of a payload. `captured_on` is the day of capture in China Standard Time and is passed on.
///
/// Warnings it may leave on the page: `content-coding-broken` (what could be undone was), `content-coding-cut` (the
/// stream ends before its end), `content-coding-mislabelled`,
/// `content-coding-unknown`, `decoded-cut` (longer than the cap), `type-mismatch` (the bytes are not of the declared kind).
pub fn decode(payload: &[u8], hints: &Hints<'_>, captured_on: Date) -> Page {
    let mut warnings = Vec::new();
    let body = coding::undo(payload, hints.content_encoding, &mut warnings);
    let format = format::sniff(&body, hints.content_type, &mut warnings);
    let body = readable(body, format, &mut warnings);
    let (text, charset) = if format == PageFormat::Binary {
        (String::new(), not_text())
    } else {
        let declared = label::declared(&body, hints.content_type, format);
        charset::read(&body, declared, hints.url)
    };
    Page {
        url: hints.url.cloned(),
        text,
        format,
        charset,
        status: hints.status,
        captured_on,
        warnings: warnings.into_iter().map(str::to_owned).collect(),
    }
}

/// Most bytes of a page that are read: its tree takes several times its text. Data (feeds, sitemaps, JSON) may be longer,
/// as it is read in one pass.
const PAGE_CAP: usize = 4 << 20;

/// The part of a body that is made text.
fn readable<'a>(mut body: Cow<'a, [u8]>, format: PageFormat, warnings: &mut Vec<&'static str>) -> Cow<'a, [u8]> {
    let is_data = matches!(format, PageFormat::Json | PageFormat::Xml);
    if body.len() > PAGE_CAP && !is_data {
        if !warnings.contains(&"decoded-cut") {
            warnings.push("decoded-cut");
        }
        // At a byte that is part of no character in any charset, so that the cut itself is no doubt about the charset.
        let head = body.get(..PAGE_CAP).unwrap_or_default();
        let end = memchr::memrchr3(b'<', b'\n', b' ', head).unwrap_or(PAGE_CAP);
        match &mut body {
            Cow::Owned(bytes) => {
                bytes.truncate(end);
                bytes.shrink_to_fit();
            }
            Cow::Borrowed(bytes) => *bytes = bytes.get(..end).unwrap_or(bytes),
        }
    }
    body
}

/// The payload without its content coding, for files that are read by bytes: a robots.txt has no charset to go by.
/// Capped and as forgiving as [`decode`].
pub fn undo_coding<'a>(payload: &'a [u8], content_encoding: Option<&str>) -> Cow<'a, [u8]> {
    coding::undo(payload, content_encoding, &mut Vec::new())
}

/// Stands where a charset would: there is no text that could be wrong.
fn not_text() -> Charset {
    Charset { name: "binary".to_owned(), source: CharsetSource::Detector, doubtful: false }
}
