//! What kind of text a payload is: its first bytes against its declared type.
//!
//! University servers send JSON as `text/html`, error pages as JSON, PDF files as HTML. The bytes win where they
//! are clear; the declared type decides the rest. Only a file that is no text at all, or text declared as such a file,
//! is worth a warning.

use crate::domain::page::PageFormat;

/// How far into a body a root element is looked for.
const HEAD: usize = 1024;

/// First bytes of files that are not text (WHATWG MIME Sniffing 6; OLE and archives besides).
const MAGIC: &[&[u8]] = &[
    b"%PDF-",
    b"\x89PNG\r\n\x1a\n",
    b"GIF87a",
    b"GIF89a",
    b"\xff\xd8\xff",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"RIFF",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b\x08",
    b"ID3",
    b"OggS",
    b"FLV\x01",
    b"FWS",
    b"CWS",
    b"{\\rtf",
    b"\x00\x00\x01\x00",
    b"wOFF",
    b"wOF2",
];

/// The format of a body, content coding undone.
pub(super) fn sniff(body: &[u8], content_type: Option<&str>, warnings: &mut Vec<&'static str>) -> PageFormat {
    let declared = Declared::of(content_type);
    if is_file(body) {
        if declared.is_text() {
            warnings.push("type-mismatch");
        }
        return PageFormat::Binary;
    }
    let head = narrow(body.get(..body.len().min(HEAD)).unwrap_or_default());
    let found = look(&head);
    match (declared, found) {
        (Declared::File, Some(PageFormat::Html)) => {
            warnings.push("type-mismatch");
            PageFormat::Html
        }
        (Declared::File, _) => PageFormat::Binary,
        (_, Some(found)) => found,
        (Declared::Unknown, None) if head.iter().any(|b| is_control(*b)) => PageFormat::Binary,
        (Declared::Unknown, None) if has_tags(&head) => PageFormat::Html,
        (declared, None) => declared.format(),
    }
}

/// Classes of declared types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Declared {
    Html,
    Json,
    Xml,
    Text,
    File,
    Unknown,
}

impl Declared {
    fn of(content_type: Option<&str>) -> Self {
        let essence = content_type.unwrap_or_default().split([';', ',']).next().unwrap_or_default();
        let essence = essence.trim().to_ascii_lowercase();
        match essence.as_str() {
            "text/html" | "application/xhtml+xml" => Self::Html,
            "application/json" | "text/json" => Self::Json,
            "text/xml" | "application/xml" => Self::Xml,
            // Types of files that may hold anything.
            "" | "application/octet-stream" | "application/gzip" | "application/x-gzip" => Self::Unknown,
            "application/javascript" | "application/x-javascript" => Self::Text,
            other if other.ends_with("+xml") && !other.starts_with("image/") => Self::Xml,
            other if other.ends_with("+json") => Self::Json,
            other if other.starts_with("text/") => Self::Text,
            other if other.contains('/') => Self::File,
            _ => Self::Unknown,
        }
    }

    /// What it is where the bytes do not say.
    fn format(self) -> PageFormat {
        match self {
            Self::Html => PageFormat::Html,
            Self::Json => PageFormat::Json,
            Self::Xml => PageFormat::Xml,
            Self::File => PageFormat::Binary,
            Self::Text | Self::Unknown => PageFormat::Text,
        }
    }

    fn is_text(self) -> bool {
        matches!(self, Self::Html | Self::Json | Self::Xml | Self::Text)
    }
}

fn is_file(body: &[u8]) -> bool {
    MAGIC.iter().any(|magic| body.starts_with(magic)) || body.get(4..8) == Some(b"ftyp")
}

/// Bytes no text has (WHATWG MIME Sniffing 3: binary data byte).
fn is_control(byte: u8) -> bool {
    matches!(byte, 0..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f)
}

/// The head without byte order mark, white space before and the zero bytes of UTF-16, lower case.
fn narrow(head: &[u8]) -> Vec<u8> {
    let wide = super::charset::wide(head).is_some();
    let head =
        [&b"\xef\xbb\xbf"[..], b"\xff\xfe", b"\xfe\xff"].iter().find_map(|bom| head.strip_prefix(*bom)).unwrap_or(head);
    let mut narrow: Vec<u8> = head.iter().filter(|b| !wide || **b != 0).map(u8::to_ascii_lowercase).collect();
    let blank = narrow.iter().take_while(|b| b.is_ascii_whitespace()).count();
    narrow.drain(..blank);
    narrow
}

/// What the first characters say, where they say something.
fn look(head: &[u8]) -> Option<PageFormat> {
    match head.first()? {
        b'<' => look_markup(head),
        b'{' | b'[' => look_json(head),
        _ => None,
    }
}

fn look_markup(head: &[u8]) -> Option<PageFormat> {
    const XML_ROOTS: &[&[u8]] = &[b"<rss", b"<feed", b"<urlset", b"<sitemapindex", b"<rdf:rdf"];
    const HTML_ROOTS: &[&[u8]] = &[b"<!doctype html", b"<html", b"<head", b"<body"];
    let first_of = |roots: &[&[u8]]| roots.iter().filter_map(|root| memchr::memmem::find(head, root)).min();
    match (first_of(XML_ROOTS), first_of(HTML_ROOTS)) {
        (Some(xml), Some(html)) if xml < html => Some(PageFormat::Xml),
        (_, Some(_)) => Some(PageFormat::Html),
        (Some(_), None) => Some(PageFormat::Xml),
        (None, None) => None,
    }
}

/// Only what cannot be prose in brackets or an unfilled template.
fn look_json(head: &[u8]) -> Option<PageFormat> {
    let (first, rest) = head.split_first()?;
    let next = rest.iter().find(|b| !b.is_ascii_whitespace());
    let json = match (first, next) {
        (b'{', Some(next)) => b"\"}".contains(next),
        (b'[', Some(next)) => b"{[]\"".contains(next),
        _ => false,
    };
    json.then_some(PageFormat::Json)
}

fn has_tags(head: &[u8]) -> bool {
    const TAGS: &[&[u8]] =
        &[b"<meta", b"<title", b"<div", b"<table", b"<script", b"<p>", b"<a ", b"<ul", b"<!--", b"<br"];
    TAGS.iter().any(|tag| memchr::memmem::find(head, tag).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_win_where_they_are_clear() {
        use PageFormat::{Binary, Html, Json, Text, Xml};
        let mismatch = &["type-mismatch"][..];
        for (body, declared, want, warnings) in [
            (&b"<!DOCTYPE html><p>x"[..], Some("text/html; charset=utf-8"), Html, &[][..]),
            (b"just words", Some("text/html"), Html, &[]),
            (b"{\"data\": []}", Some("text/html;charset=UTF-8"), Json, &[]),
            (b"{title}", Some("text/html"), Html, &[]),
            (b"\n<html>500", Some("application/json"), Html, &[]),
            (b"{}", Some("application/json"), Json, &[]),
            (b"<?xml version=\"1.0\"?><rss>", Some("text/html"), Xml, &[]),
            (b"<?xml version=\"1.0\"?><!DOCTYPE html><html>", Some("text/xml"), Html, &[]),
            (b"<?xml version=\"1.0\"?><data>", Some("application/xml"), Xml, &[]),
            (b"\xef\xbb\xbf<urlset>", None, Xml, &[]),
            (b"%PDF-1.7", Some("text/html"), Binary, mismatch),
            (b"%PDF-1.7", Some("application/pdf"), Binary, &[]),
            (b"<html>", Some("application/pdf"), Html, mismatch),
            (b"nothing", Some("image/png"), Binary, &[]),
            (b"<div>x</div>", None, Html, &[]),
            (b"words", None, Text, &[]),
            (b"\x01\x02", Some("application/octet-stream"), Binary, &[]),
            (b"<\0h\0t\0m\0l\0>\0", None, Html, &[]),
            (b"\xfe\xff\0<\0h\0t\0m\0l\0>", None, Html, &[]),
            (b"", None, Text, &[]),
            (b"", Some("text/html"), Html, &[]),
        ] {
            let mut found = Vec::new();
            let format = sniff(body, declared, &mut found);
            assert_eq!((format, found.as_slice()), (want, warnings), "{declared:?} {}", String::from_utf8_lossy(body));
        }
    }
}
