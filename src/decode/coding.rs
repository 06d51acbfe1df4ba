//! Undoes `Content-Encoding`: gzip, deflate (zlib or raw), br; at most two, and never more than [`DECODED_CAP`] bytes.
//!
//! Servers mislabel: plain pages labelled gzip, gzip without a label, raw deflate for zlib. The bytes are believed before
//! the label, with a warning. A stream that ends before its end gives what came, with a warning of its own (the payload
//! is not whole, whatever its length said), where curl gives it in silence.

use std::borrow::Cow;
use std::io::Read;

use flate2::bufread::{DeflateDecoder, GzDecoder, ZlibDecoder};

/// Most bytes one coding may unfold to. Pages have a few hundred kilobytes, the largest sitemaps some megabytes; past this
/// it is a bomb, and a page's tree takes several times its text.
pub(super) const DECODED_CAP: usize = 16 << 20;

/// Most codings undone; nobody sends more for an honest reason.
const MOST_CODINGS: usize = 2;

/// Size of one step, hence how far the cap can be overshot.
const STEP: usize = 32 << 10;

/// Undoes the codings named, last first, and a gzip nobody named.
pub(super) fn undo<'a>(payload: &'a [u8], header: Option<&str>, warnings: &mut Vec<&'static str>) -> Cow<'a, [u8]> {
    let names = names(header.unwrap_or_default());
    if names.len() > MOST_CODINGS {
        warn(warnings, "content-coding-unknown");
        return Cow::Borrowed(payload);
    }
    let mut body = Cow::Borrowed(payload);
    for name in names.iter().rev() {
        if body.is_empty() {
            break;
        }
        match name.as_str() {
            "gzip" | "x-gzip" | "deflate" | "br" => {
                if let Some(undone) = undo_one(&body, name, warnings) {
                    body = Cow::Owned(undone);
                }
            }
            _ => {
                warn(warnings, "content-coding-unknown");
                return body;
            }
        }
    }
    if names.len() < MOST_CODINGS && is_gzip(&body) {
        // A compressed sitemap, or a server that forgot the label.
        let undone = unfold(|body| Box::new(GzDecoder::new(body)), &body, warnings).0;
        if !undone.is_empty() {
            body = Cow::Owned(undone);
        }
    }
    body
}

fn names(header: &str) -> Vec<String> {
    let names = header.split(',').map(|name| name.trim().to_ascii_lowercase());
    names.filter(|name| !matches!(name.as_str(), "" | "identity" | "none" | "utf-8")).collect()
}

/// One coding undone; `None` where the bytes are plain whatever the label says.
fn undo_one(body: &[u8], name: &str, warnings: &mut Vec<&'static str>) -> Option<Vec<u8>> {
    let labelled_gzip = matches!(name, "gzip" | "x-gzip");
    if labelled_gzip != is_gzip(body) {
        warn(warnings, "content-coding-mislabelled");
        if labelled_gzip && !is_zlib(body) {
            return None;
        }
    }
    let mut trouble = Vec::new();
    let (undone, whole) = if is_gzip(body) {
        gunzip(body, &mut trouble)
    } else if name == "br" {
        unfold(|body| Box::new(brotli_decompressor::Decompressor::new(body, STEP)), body, &mut trouble)
    } else if is_zlib(body) {
        unfold(|body| Box::new(ZlibDecoder::new(body)), body, &mut trouble)
    } else {
        unfold(|body| Box::new(DeflateDecoder::new(body)), body, &mut trouble)
    };
    if !whole && looks_plain(body) {
        warn(warnings, "content-coding-mislabelled");
        return None;
    }
    for code in trouble {
        warn(warnings, code);
    }
    Some(undone)
}

/// All members of a gzip stream; what follows the last one is not content.
fn gunzip(body: &[u8], warnings: &mut Vec<&'static str>) -> (Vec<u8>, bool) {
    let mut out = Vec::new();
    let mut rest = body;
    while is_gzip(rest) {
        let mut decoder = GzDecoder::new(rest);
        if !pour(&mut decoder, &mut out, warnings) {
            return (out, false);
        }
        rest = decoder.into_inner();
    }
    (out, true)
}

fn unfold<'a>(
    open: impl FnOnce(&'a [u8]) -> Box<dyn Read + 'a>,
    body: &'a [u8],
    warnings: &mut Vec<&'static str>,
) -> (Vec<u8>, bool) {
    let mut out = Vec::new();
    let whole = pour(&mut open(body), &mut out, warnings);
    (out, whole)
}

/// Reads to the end, to the cap, or to the break. Whether the stream was whole as far as it was wanted.
fn pour(decoder: &mut dyn Read, out: &mut Vec<u8>, warnings: &mut Vec<&'static str>) -> bool {
    let mut step = vec![0; STEP];
    loop {
        match decoder.read(&mut step) {
            Ok(0) => return true,
            Ok(n) => out.extend(step.iter().take(n)),
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => {
                let cut = e.kind() == std::io::ErrorKind::UnexpectedEof;
                warn(warnings, if cut { "content-coding-cut" } else { "content-coding-broken" });
                return false;
            }
        }
        if out.len() >= DECODED_CAP {
            out.truncate(DECODED_CAP);
            warn(warnings, "decoded-cut");
            return true;
        }
    }
}

fn warn(warnings: &mut Vec<&'static str>, code: &'static str) {
    if !warnings.contains(&code) {
        warnings.push(code);
    }
}

/// The two magic bytes and the only method there is (RFC 1952 2.3.1).
fn is_gzip(body: &[u8]) -> bool {
    body.starts_with(&[0x1f, 0x8b, 8])
}

/// The method and the check bits of a zlib head (RFC 1950 2.2).
fn is_zlib(body: &[u8]) -> bool {
    matches!(body, [cmf, flg, ..] if cmf & 0x8f == 8 && u16::from_be_bytes([*cmf, *flg]) % 31 == 0)
}

/// Whether bytes that did not decode may be the page itself.
fn looks_plain(body: &[u8]) -> bool {
    let head = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    head.first().is_some_and(|b| b"<{[ \t\r\n".contains(b)) && !head.iter().take(512).any(|b| *b < 9)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    const PAGE: &[u8] = "<html><title>云岭理工大学新闻网</title></html>".as_bytes();
    const NOTHING: &[&str] = &[];

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(data: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn raw_deflate(data: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn check(payload: &[u8], header: Option<&str>, want: &[u8], warnings: &[&str]) {
        let mut found = Vec::new();
        let body = undo(payload, header, &mut found);
        assert_eq!((&*body == want, found.as_slice()), (true, warnings), "{header:?}");
    }

    #[test]
    fn every_coding_is_undone() {
        check(PAGE, None, PAGE, NOTHING);
        check(PAGE, Some("identity"), PAGE, NOTHING);
        check(&gzip(PAGE), Some("gzip"), PAGE, NOTHING);
        check(&gzip(PAGE), Some("X-GZIP"), PAGE, NOTHING);
        check(&zlib(PAGE), Some("deflate"), PAGE, NOTHING);
        check(&raw_deflate(PAGE), Some("deflate"), PAGE, NOTHING);
        check(&gzip(&zlib(PAGE)), Some("deflate, gzip"), PAGE, NOTHING);
        check(&[gzip(b"<p>"), gzip(b"</p>"), vec![0; 9]].concat(), Some("gzip"), b"<p></p>", NOTHING);
    }

    #[test]
    fn brotli_is_undone() {
        // An uncompressed meta-block of five bytes and the empty last one (RFC 7932 9.2).
        check(b"\x40\x00\x10hello\x03", Some("br"), b"hello", NOTHING);
    }

    #[test]
    fn a_wrong_label_is_seen() {
        check(PAGE, Some("gzip"), PAGE, &["content-coding-mislabelled"]);
        check(PAGE, Some("deflate"), PAGE, &["content-coding-mislabelled"]);
        check(PAGE, Some("br"), PAGE, &["content-coding-mislabelled"]);
        check(&gzip(PAGE), Some("deflate"), PAGE, &["content-coding-mislabelled"]);
        check(&zlib(PAGE), Some("gzip"), PAGE, &["content-coding-mislabelled"]);
        check(PAGE, Some("rot13"), PAGE, &["content-coding-unknown"]);
        check(PAGE, Some("gzip, gzip, gzip"), PAGE, &["content-coding-unknown"]);
        check(&gzip(PAGE), None, PAGE, NOTHING);
    }

    #[test]
    fn a_break_keeps_what_came_before() {
        let long: Vec<u8> = (0_u32..40_000).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        for (coded, header) in [(gzip(&long), "gzip"), (zlib(&long), "deflate")] {
            let mut found = Vec::new();
            let half = coded.get(..coded.len() / 2).unwrap();
            let body = undo(half, Some(header), &mut found);
            assert!(body.len() > 50_000 && long.starts_with(&body), "{} bytes of {header}", body.len());
            assert_eq!(found, ["content-coding-cut"]);
        }
    }

    #[test]
    fn a_wrong_checksum_is_a_warning_and_no_loss() {
        let mut coded = gzip(PAGE);
        let at = coded.len() - 8;
        coded[at] ^= 1;
        check(&coded, Some("gzip"), PAGE, &["content-coding-broken"]);
    }

    #[test]
    fn a_bomb_is_cut() {
        let bomb = gzip(&vec![b' '; DECODED_CAP + 1]);
        let mut found = Vec::new();
        assert_eq!(undo(&bomb, Some("gzip"), &mut found).len(), DECODED_CAP);
        assert_eq!(found, ["decoded-cut"]);
    }
}
