//! HTTP messages as record blocks, and back.

use super::record::{Kind, Record};
use crate::domain::capture::{Capture, Head};

/// Where a header that no longer tells the truth about the stored bytes goes.
const ORIGINAL: &str = "X-Archive-Orig-";

/// The request as a block: head only, since we send no body.
pub(super) fn request_block(head: &Head) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    write_line(&mut out, &head.line);
    for (name, value) in &head.fields {
        write_field(&mut out, name, value);
    }
    out.extend_from_slice(b"\r\n");
    out
}

/// The answer's head as stored. What the server said of chunking is renamed, since chunking is undone; a
/// `Content-Length` that differs from the stored payload is renamed too and the true one added, so that a reader of
/// the block never waits for bytes that are not there. A 304's length speaks of another answer and stays.
pub(super) fn response_head(capture: &Capture) -> Vec<u8> {
    let length = capture.payload.len().to_string();
    let bodyless = capture.status == 304;
    let mut out = Vec::with_capacity(1024 + capture.payload.len());
    let mut stated = bodyless;
    write_line(&mut out, &capture.response.line);
    for (name, value) in &capture.response.fields {
        if name.eq_ignore_ascii_case("transfer-encoding") {
            write_field(&mut out, &format!("{ORIGINAL}Transfer-Encoding"), value);
        } else if name.eq_ignore_ascii_case("content-length") && !bodyless {
            if value.trim_ascii() == length.as_bytes() {
                stated = true;
                write_field(&mut out, name, value);
            } else {
                write_field(&mut out, &format!("{ORIGINAL}Content-Length"), value);
            }
        } else {
            write_field(&mut out, name, value);
        }
    }
    if !stated {
        write_field(&mut out, "Content-Length", length.as_bytes());
    }
    out.extend_from_slice(b"\r\n");
    out
}

fn write_line(out: &mut Vec<u8>, line: &str) {
    write_guarded(out, line.as_bytes(), |_| false);
    out.extend_from_slice(b"\r\n");
}

fn write_field(out: &mut Vec<u8>, name: &str, value: &[u8]) {
    write_guarded(out, name.as_bytes(), |byte| byte == b':' || byte == b' ');
    out.extend_from_slice(b": ");
    write_guarded(out, value, |_| false);
    out.extend_from_slice(b"\r\n");
}

/// Copies bytes; CR, LF and NUL, and whatever else `also` names, are percent-encoded. GBK values stay as they are.
fn write_guarded(out: &mut Vec<u8>, bytes: &[u8], also: impl Fn(u8) -> bool) {
    for &byte in bytes {
        if matches!(byte, b'\r' | b'\n' | 0) || also(byte) {
            out.extend_from_slice(format!("%{byte:02X}").as_bytes());
        } else {
            out.push(byte);
        }
    }
}

/// An answer read back from a `response` or `revisit` record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// Head as stored.
    pub head: Head,
    /// Payload: content coding kept, chunking undone where the writing tool left it in. Empty for a revisit.
    pub payload: Vec<u8>,
}

impl Response {
    /// The answer in a record. A `resource` is taken for the answer that would have brought it (ISO 28500:2017, 6.4).
    pub fn of(record: &Record) -> Option<Self> {
        if record.kind() != Kind::Resource {
            return Self::parse(&record.block);
        }
        let kind = record.fields.get("Content-Type").map(|kind| ("content-type".to_owned(), kind.as_bytes().to_vec()));
        let head = Head { line: "HTTP/1.1 200 OK".to_owned(), fields: kind.into_iter().collect() };
        Some(Self { status: 200, head, payload: record.block.clone() })
    }

    /// Reads a block; `None` where it is no HTTP answer.
    pub fn parse(block: &[u8]) -> Option<Self> {
        let (head, body) = split(block)?;
        let head = parse_head(head)?;
        let mut words = head.line.split_ascii_whitespace();
        words.next().filter(|version| version.starts_with("HTTP/"))?;
        let status = words.next()?.parse().ok()?;
        let chunked =
            head.get("transfer-encoding").is_some_and(|coding| coding.to_ascii_lowercase().contains("chunked"));
        let payload = if chunked { dechunk(body) } else { None };
        let payload = payload.unwrap_or_else(|| body.to_vec());
        Some(Self { status, head, payload })
    }
}

/// The head with its empty line, and what follows it.
pub(super) fn split(block: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr::memmem::find(block, b"\r\n\r\n").map(|at| at + 4);
    let end = end.or_else(|| memchr::memmem::find(block, b"\n\n").map(|at| at + 2))?;
    block.split_at_checked(end)
}

/// A message head from bytes; lines without a colon are left out, as browsers do.
pub(super) fn parse_head(bytes: &[u8]) -> Option<Head> {
    let mut lines = bytes.split(|&b| b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let line = String::from_utf8_lossy(lines.next()?).into_owned();
    let fields = lines
        .filter_map(|line| {
            let colon = memchr::memchr(b':', line)?;
            let (name, value) = line.split_at_checked(colon)?;
            let name = String::from_utf8_lossy(name.trim_ascii()).into_owned();
            Some((name, value.get(1..)?.trim_ascii().to_vec()))
        })
        .collect();
    Some(Head { line, fields })
}

/// Undoes chunking (RFC 9112, 7.1); `None` where the bytes are not chunked after all, as in archives of tools that
/// undid it and kept the header. A last chunk that was cut gives what there is.
fn dechunk(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len());
    loop {
        let line_end = memchr::memchr(b'\n', body);
        let Some(line_end) = line_end else { return (!out.is_empty()).then_some(out) };
        let (line, rest) = body.split_at_checked(line_end)?;
        let size = std::str::from_utf8(line).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        let rest = rest.get(1..)?;
        if size == 0 {
            return Some(out);
        }
        let Some((chunk, rest)) = rest.split_at_checked(size) else {
            out.extend_from_slice(rest);
            return Some(out);
        };
        out.extend_from_slice(chunk);
        body = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunking_left_in_by_other_tools_is_undone() {
        let block = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nshig\r\n3\r\nuan\r\n0\r\n\r\n";
        assert_eq!(Response::parse(block).unwrap().payload, b"shiguan");
        let lying = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<html>no chunks</html>";
        assert_eq!(Response::parse(lying).unwrap().payload, b"<html>no chunks</html>");
        let cut = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nshig\r\n30\r\nua";
        assert_eq!(Response::parse(cut).unwrap().payload, b"shigua");
    }

    #[test]
    fn what_is_no_answer_is_none() {
        for block in [&b""[..], b"HTTP/1.1 200 OK", b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 two\r\n\r\n"] {
            assert_eq!(Response::parse(block), None);
        }
    }

    #[test]
    fn a_field_cannot_begin_another() {
        let head = Head {
            line: "GET /\r\nX: y HTTP/1.1".to_owned(),
            fields: vec![("a\r\nb".to_owned(), b"c\r\nd: \xb9\xe3".to_vec())],
        };
        assert_eq!(request_block(&head), b"GET /%0D%0AX: y HTTP/1.1\r\na%0D%0Ab: c%0D%0Ad: \xb9\xe3\r\n\r\n");
    }
}
