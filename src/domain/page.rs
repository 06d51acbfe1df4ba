//! A capture's payload as text. A parsed DOM never crosses a module boundary; this does.

use url::Url;

use super::time::Date;

/// Text of a page and how it came to be text.
#[derive(Debug, Clone)]
pub struct Page {
    /// Where it was captured; `None` for a file without an address.
    pub url: Option<Url>,
    /// The text. Unsure bytes are U+FFFD.
    pub text: String,
    /// What kind of text it is, from its type and its first characters.
    pub format: PageFormat,
    /// How the charset was chosen.
    pub charset: Charset,
    /// Status of the answer; `None` for a file.
    pub status: Option<u16>,
    /// Day of capture in China Standard Time; selects the selector revision and completes dates without a year.
    pub captured_on: Date,
    /// Doubts that arose while decoding, as stable codes (`decoded-cut`, `content-coding-broken`, …).
    pub warnings: Vec<String>,
}

/// What a payload turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageFormat {
    /// HTML or XHTML.
    Html,
    /// JSON.
    Json,
    /// XML: a feed or a sitemap.
    Xml,
    /// Plain text.
    Text,
    /// Not text at all (PDF, image, office file …); `text` is empty.
    Binary,
}

/// The charset a page was read with, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charset {
    /// Name in the Encoding Standard's spelling, `GBK` written as `GB18030`.
    pub name: String,
    /// What decided.
    pub source: CharsetSource,
    /// Whether the text may be wrong: replacement characters, or evidence against the choice.
    pub doubtful: bool,
}

/// What decided a charset, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CharsetSource {
    /// Byte order mark.
    Bom,
    /// `Content-Type` header.
    Header,
    /// `<meta charset>` or `http-equiv` within the prescan.
    Meta,
    /// Declared, but the bytes said otherwise and the detector was believed.
    Overruled,
    /// Nothing declared; detector.
    Detector,
}

impl CharsetSource {
    /// The word used in the index.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bom => "bom",
            Self::Header => "header",
            Self::Meta => "meta",
            Self::Overruled => "overruled",
            Self::Detector => "detector",
        }
    }
}
