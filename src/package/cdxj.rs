//! Index lines in CDXJ: by URL and time to the place of a record, byte for byte as `cdxj-indexer` 1.5 writes them.
//!
//! `KEY TIMESTAMP {JSON}`, the JSON of fixed keys in fixed order, all values text, everything beyond ASCII escaped.
//! Lines are sorted bytewise and stand once; sorting is the caller's, since only it knows how many there are.

use std::io::{self, Write};

use flate2::{Compression, GzBuilder};

use super::surt::surt;
use crate::domain::time::CaptureTime;

/// What an index line says of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// `WARC-Target-URI`.
    pub url: String,
    /// `WARC-Date`.
    pub at: CaptureTime,
    /// `warc/revisit`, or `Content-Type` up to the first semicolon or white space; `None` where there is none.
    pub mime: Option<String>,
    /// Status of an HTTP answer.
    pub status: Option<String>,
    /// `WARC-Payload-Digest`, algorithm and value.
    pub digest: String,
    /// Bytes of the record's member.
    pub length: u64,
    /// First byte of the member.
    pub offset: u64,
    /// File name, without folders.
    pub filename: String,
}

impl Entry {
    /// The line, with its line end.
    pub fn line(&self) -> String {
        let mut line = format!("{} {} {{", surt(&self.url), self.at.to_digits14());
        let (length, offset) = (self.length.to_string(), self.offset.to_string());
        let fields = [
            ("url", Some(&*self.url)),
            ("mime", self.mime.as_deref()),
            ("status", self.status.as_deref()),
            ("digest", Some(&self.digest)),
            ("length", Some(&length)),
            ("offset", Some(&offset)),
            ("filename", Some(&self.filename)),
        ];
        let mut between = "\"";
        for (name, value) in fields {
            let Some(value) = value else { continue };
            line.push_str(between);
            line.push_str(name);
            line.push_str("\": \"");
            escape(value, &mut line);
            line.push('"');
            between = ", \"";
        }
        line.push_str("}\n");
        line
    }
}

/// The media type as index lines carry it.
pub fn mime(content_type: &str) -> String {
    content_type.split([';', ' ', '\t', '\r', '\n', '\x0b', '\x0c']).next().unwrap_or_default().to_owned()
}

/// JSON text in ASCII.
fn escape(text: &str, out: &mut String) {
    use std::fmt::Write as _;
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            ' '..='~' => out.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    // Writing to a String cannot fail.
                    write!(out, "\\u{unit:04x}").ok();
                }
            }
        }
    }
}

/// An index in two levels, as WACZ 1.1.1 names it: sorted lines in gzip members of [`Zipped::LINES`], and one line a
/// member that says where it begins, so that a reader over a network takes only the part it needs.
#[derive(Debug)]
pub struct Zipped<W> {
    data: W,
    name: String,
    block: Vec<u8>,
    lines: usize,
    first: String,
    offset: u64,
    idx: Vec<u8>,
}

impl<W: Write> Zipped<W> {
    /// Lines a member.
    pub const LINES: usize = 1024;

    /// An index whose members go to `data`, a file of this name.
    pub fn new(data: W, name: &str) -> Self {
        let idx = format!("!meta 0 {{\"format\": \"cdxj-gzip-1.0\", \"filename\": \"{name}\"}}\n").into_bytes();
        Self { data, name: name.to_owned(), block: Vec::new(), lines: 0, first: String::new(), offset: 0, idx }
    }

    /// Adds the next line, with its line end.
    pub fn push(&mut self, line: &str) -> io::Result<()> {
        if self.lines == 0 {
            line.split('{').next().unwrap_or_default().trim_end().clone_into(&mut self.first);
        }
        self.block.extend_from_slice(line.as_bytes());
        self.lines += 1;
        if self.lines == Self::LINES { self.flush() } else { Ok(()) }
    }

    /// Writes the last member and gives the upper level's bytes.
    pub fn finish(mut self) -> io::Result<Vec<u8>> {
        if self.lines > 0 {
            self.flush()?;
        }
        tracing::debug!(file = self.name, bytes = self.offset, "wrote the index");
        Ok(self.idx)
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut member = GzBuilder::new().write(Vec::new(), Compression::default());
        member.write_all(&self.block)?;
        let member = member.finish()?;
        self.data.write_all(&member)?;
        let length = member.len() as u64;
        writeln!(self.idx, "{} {{\"offset\": {}, \"length\": {length}}}", self.first, self.offset)?;
        self.offset += length;
        self.block.clear();
        self.lines = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn entry(url: &str) -> Entry {
        Entry {
            url: url.to_owned(),
            at: CaptureTime::parse("2026-11-22T09:08:07.999999Z").unwrap(),
            mime: Some(mime("text/html; charset=utf-8")),
            status: Some("200".to_owned()),
            digest: "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ".to_owned(),
            length: 512,
            offset: 1024,
            filename: "shiguan-20261122090800-00001-x.warc.gz".to_owned(),
        }
    }

    #[test]
    fn a_line_has_key_time_and_json_in_ascii() {
        let line = entry("http://www.yllg.example/主题/\u{1f600}\u{7f}\"").line();
        assert_eq!(
            line,
            "example,yllg)/%e4%b8%bb%e9%a2%98/%f0%9f%98%80%7f\" 20261122090807 \
             {\"url\": \"http://www.yllg.example/\\u4e3b\\u9898/\\ud83d\\ude00\\u007f\\\"\", \"mime\": \"text/html\", \
             \"status\": \"200\", \"digest\": \"sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ\", \"length\": \"512\", \
             \"offset\": \"1024\", \"filename\": \"shiguan-20261122090800-00001-x.warc.gz\"}\n"
        );
    }

    #[test]
    fn what_is_absent_is_left_out_and_what_is_empty_is_not() {
        let line = Entry { mime: None, status: None, ..entry("http://a.example/") }.line();
        assert!(line.contains("\"url\": \"http://a.example/\", \"digest\": "), "{line}");
        assert!(Entry { mime: Some(mime("")), ..entry("http://a.example/") }.line().contains("\"mime\": \"\""));
    }

    #[test]
    fn each_member_is_found_by_its_line() {
        let lines: Vec<String> = (10_000..12_500).map(|n| entry(&format!("http://a.example/{n}")).line()).collect();
        let mut data = Vec::new();
        let mut zipped = Zipped::new(&mut data, "index.cdx.gz");
        for line in &lines {
            zipped.push(line).unwrap();
        }
        let idx = String::from_utf8(zipped.finish().unwrap()).unwrap();
        let mut idx = idx.lines();
        assert_eq!(idx.next().unwrap(), "!meta 0 {\"format\": \"cdxj-gzip-1.0\", \"filename\": \"index.cdx.gz\"}");
        let mut found = Vec::new();
        for (n, line) in idx.enumerate() {
            assert!(line.starts_with(lines[n * 1024].split(" {").next().unwrap()), "{line}");
            let place: serde_json::Value = serde_json::from_str(&line[line.find('{').unwrap()..]).unwrap();
            let at = |key: &str| usize::try_from(place[key].as_u64().unwrap()).unwrap();
            let member = &data[at("offset")..at("offset") + at("length")];
            let mut text = String::new();
            flate2::read::GzDecoder::new(member).read_to_string(&mut text).unwrap();
            found.extend(text.lines().map(|line| format!("{line}\n")));
        }
        assert_eq!(found, lines);
    }
}
