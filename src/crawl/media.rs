//! Whether an answer to a request for a file is the file. Pure.
//!
//! Servers answer a request for a file with a page and status 200: VSB's `download.jsp` asks for a captcha, others send a
//! page of errors or of login. The first bytes decide, not the declared type; whatever came is kept as evidence, and what
//! is not the file is never taken for it.

use super::outcome::{self, Answer};
use crate::decode::{self, decode};
use crate::domain::capture::Capture;
use crate::domain::page::PageFormat;
use crate::domain::record::Record;
use crate::domain::request::Purpose;
use crate::domain::visit::Outcome;
use crate::extract::{self, Catalogue, extract};

/// Endings of files that are text.
const TEXTS: &[&str] = &["txt", "csv", "tsv", "json", "xml", "md", "log", "ics"];
/// Endings of files that are pages.
const PAGES: &[&str] = &["htm", "html", "xhtml", "mht", "mhtml"];

/// What became of a file.
pub(super) fn judge(purpose: Purpose, capture: &Capture, catalogue: &Catalogue) -> Outcome {
    match outcome::answer(capture, false) {
        Answer::NoPage(outcome) => outcome,
        Answer::CutPage => Outcome::Truncated,
        // No condition was sent.
        Answer::NotModified => Outcome::Unreadable,
        Answer::Page => of_payload(purpose, capture, catalogue),
    }
}

fn of_payload(purpose: Purpose, capture: &Capture, catalogue: &Catalogue) -> Outcome {
    if capture.payload.is_empty() {
        return Outcome::NotAFile;
    }
    let hints = decode::Hints {
        url: Some(&capture.url),
        content_type: capture.header("content-type"),
        content_encoding: capture.header("content-encoding"),
        status: Some(capture.status),
    };
    let page = decode(&capture.payload, &hints, capture.at.china_date());
    let named = |endings: &[&str]| purpose == Purpose::Attachment && has_ending(capture, endings);
    match page.format {
        PageFormat::Binary => Outcome::Ok,
        PageFormat::Text | PageFormat::Json | PageFormat::Xml if named(TEXTS) => Outcome::Ok,
        PageFormat::Html if named(PAGES) => Outcome::Ok,
        PageFormat::Html => match extract(&page, catalogue, &extract::Hints::default()).record {
            Record::Other(other) if other.warnings.first().is_some_and(|why| why == "captcha") => Outcome::Captcha,
            Record::Article(_) | Record::Listing(_) | Record::Other(_) => Outcome::NotAFile,
        },
        PageFormat::Text | PageFormat::Json | PageFormat::Xml => Outcome::NotAFile,
    }
}

/// Whether the file's name, in its address or in `Content-Disposition`, ends so.
fn has_ending(capture: &Capture, endings: &[&str]) -> bool {
    let of = |name: &str| {
        let ending = name
            .trim_end_matches(['"', '\'', ';', ' '])
            .rsplit_once('.')
            .map(|(_, ending)| ending.to_ascii_lowercase());
        ending.is_some_and(|ending| endings.contains(&ending.as_str()))
    };
    of(capture.url.path()) || capture.header("content-disposition").is_some_and(of)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use url::Url;

    use super::*;
    use crate::domain::capture::Head;
    use crate::domain::digest::PayloadDigest;
    use crate::domain::time::CaptureTime;

    const CAPTCHA: &str = include_str!("../../fixtures/demo/templates/vsb/captcha.html");

    fn answer(path: &str, status: u16, fields: &[(&str, &str)], payload: &'static [u8]) -> Capture {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect();
        Capture {
            url: Url::parse("http://news.yllg.example").unwrap().join(path).unwrap(),
            at: CaptureTime::parse("2026-11-22T09:00:00Z").unwrap(),
            ip: None,
            request: Head::default(),
            status,
            response: Head { line: String::new(), fields },
            payload: Bytes::from_static(payload),
            payload_digest: PayloadDigest::of(payload),
            truncated: None,
            tls_flaw: None,
            head_ms: 0,
            elapsed_ms: 1,
        }
    }

    #[test]
    fn the_bytes_say_whether_it_is_the_file() {
        use Purpose::{Attachment, Image};
        let catalogue = Catalogue::load(&[]).unwrap();
        let html = &[("content-type", "text/html; charset=utf-8")][..];
        let (png, pdf) = (&b"\x89PNG\r\n\x1a\n\0\0"[..], &b"%PDF-1.4\n"[..]);
        let error =
            "<html><head><title>出错了</title></head><body><p>系统繁忙，请稍后再试。</p></body></html>".as_bytes();
        let named = &[("content-type", "text/plain"), ("content-disposition", "attachment; filename=\"a.txt\"")][..];
        for (purpose, path, status, fields, payload, want) in [
            (Image, "/1.png", 200, &[("content-type", "image/png")][..], png, Outcome::Ok),
            (Image, "/1.png", 200, html, png, Outcome::Ok),
            (Image, "/1.svg", 200, &[("content-type", "image/svg+xml")][..], b"<svg xmlns=\"x\"/>", Outcome::Ok),
            (Image, "/1.png", 200, html, error, Outcome::NotAFile),
            (Image, "/1.png", 200, &[("content-type", "image/png")][..], error, Outcome::NotAFile),
            (Image, "/1.png", 200, &[("content-type", "image/png")][..], b"", Outcome::NotAFile),
            (Attachment, "/f.pdf", 200, html, pdf, Outcome::Ok),
            (Attachment, "/download.jsp?id=3", 200, html, CAPTCHA.as_bytes(), Outcome::Captcha),
            (Attachment, "/download.jsp?id=4", 200, html, error, Outcome::NotAFile),
            (Attachment, "/download.jsp?id=5", 200, named, b"plain words", Outcome::Ok),
            (Attachment, "/f.docx", 200, &[("content-type", "text/plain")][..], b"file not found", Outcome::NotAFile),
            (Attachment, "/f.html", 200, html, error, Outcome::Ok),
            (Image, "/1.png", 404, html, error, Outcome::NotFound),
            (Image, "/1.png", 403, html, error, Outcome::Refused),
            (Image, "/1.png", 503, html, error, Outcome::ServerError),
        ] {
            let capture = answer(path, status, fields, payload);
            assert_eq!(judge(purpose, &capture, &catalogue), want, "{path} {status} {fields:?}");
        }
    }
}
