//! Payload bytes to text: content coding first, then charset.
//!
//! Never fails: unsure bytes become U+FFFD and are counted, a broken content coding is a warning. The stored payload is not touched.

use url::Url;

use crate::domain::page::Page;
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

/// Makes text of a payload.
pub fn decode(_payload: &[u8], _hints: &Hints<'_>, _captured_on: Date) -> Page {
    todo!("written next")
}
