//! What goes over the wire, as cases write it.

use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use serde::Deserialize;

use crate::crawl::college::College;
use crate::support::response::{Response, Step};
use crate::support::server::Request;

/// One step of an answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum StepSpec {
    /// These characters. `{n}` is the number in the request's target, plus one.
    Send(String),
    /// These bytes.
    Hex(String),
    /// Nothing, for so many milliseconds.
    Pause(u64),
    /// The same, so many times, with a pause in milliseconds after each.
    Repeat {
        text: String,
        times: usize,
        #[serde(default)]
        pause: u64,
    },
    /// The same until the client goes away.
    Forever(String),
    /// Nothing more until the client goes away.
    Silence,
    /// The end of the connection.
    HangUp,
    /// The end of the connection as an error (RST).
    Reset,
    /// A whole answer with the page that stands here, dressed up.
    Answer(Dress),
    /// A whole answer that unfolds to a lot.
    Bomb { coding: Coding, mib: usize, label: String },
}

/// How an answer differs from a plain one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Dress {
    status: Option<u16>,
    /// In place of the page; `{n}` as in `Send`.
    body: Option<String>,
    /// Whole header lines.
    head: Vec<String>,
    /// Codings in the order they are applied.
    coding: Vec<Coding>,
    /// Bytes cut off the end of the coded body, its length stated as if it were whole.
    cut: usize,
    /// Bytes cut off before its length is stated.
    lose: usize,
    chunked: bool,
}

/// A content coding, or something like one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Coding {
    Gzip,
    Zlib,
    RawDeflate,
    Br,
    Zstd,
    /// gzip whose checksum is wrong.
    GzipBadCrc,
}

/// The answer to this request.
pub(super) fn response(steps: &[StepSpec], request: &Request) -> Response {
    Response::script(steps.iter().flat_map(|step| expand(step, request)).collect())
}

fn expand(step: &StepSpec, request: &Request) -> Vec<Step> {
    match step {
        StepSpec::Send(text) => vec![Step::Send(counted(text, request))],
        StepSpec::Hex(digits) => {
            let digits: String = digits.split_whitespace().collect();
            vec![Step::Send(data_encoding::HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).unwrap())]
        }
        StepSpec::Pause(ms) => vec![Step::Pause(Duration::from_millis(*ms))],
        StepSpec::Repeat { text, times, pause: 0 } => vec![Step::Send(text.repeat(*times).into_bytes())],
        StepSpec::Repeat { text, times, pause } => {
            let once = [Step::Send(text.clone().into_bytes()), Step::Pause(Duration::from_millis(*pause))];
            once.iter().cloned().cycle().take(2 * times).collect()
        }
        StepSpec::Forever(text) => vec![Step::Forever(text.repeat(4096 / text.len().max(1) + 1).into_bytes())],
        StepSpec::Silence => vec![Step::Silence],
        StepSpec::HangUp => vec![Step::HangUp],
        StepSpec::Reset => vec![Step::Reset],
        StepSpec::Answer(dress) => vec![Step::Send(dress.wire(request))],
        StepSpec::Bomb { coding, mib, label } => {
            let body = bomb(*coding, *mib);
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {label}\r\nContent-Length: {}\r\n\r\n",
                body.len()
            );
            vec![Step::Send(head.into_bytes()), Step::Send(body)]
        }
    }
}

/// `{n}`: one more than the number in the request's target, so that an answer can lead ever on.
fn counted(text: &str, request: &Request) -> Vec<u8> {
    let digits: String = request.target.chars().filter(char::is_ascii_digit).collect();
    let next = digits.parse::<u64>().unwrap_or(0) + 1;
    text.replace("{n}", &next.to_string()).replace("{host}", request.host()).into_bytes()
}

impl Dress {
    fn wire(&self, request: &Request) -> Vec<u8> {
        let page = || {
            let steps = College::with(1).respond(request).into_steps();
            let mut sent =
                steps.into_iter().filter_map(|step| if let Step::Send(bytes) = step { Some(bytes) } else { None });
            sent.next_back().unwrap_or_default()
        };
        let plain = self.body.as_ref().map_or_else(page, |body| counted(body, request));
        let mut body = self.coding.iter().fold(plain, |body, coding| apply(*coding, &body));
        body.truncate(body.len() - self.lose);
        let mut head = format!("HTTP/1.1 {} Answer\r\n", self.status.unwrap_or(200)).into_bytes();
        let typed = self.head.iter().any(|line| line.to_ascii_lowercase().starts_with("content-type"));
        if !typed {
            head.extend(b"Content-Type: text/html; charset=utf-8\r\n");
        }
        for line in &self.head {
            head.extend(counted(line, request));
            head.extend(b"\r\n");
        }
        if self.chunked {
            head.extend(format!("Transfer-Encoding: chunked\r\n\r\n{:x}\r\n", body.len()).as_bytes());
            body.extend(b"\r\n0\r\n\r\n");
        } else {
            head.extend(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
        }
        body.truncate(body.len() - self.cut);
        [head, body].concat()
    }
}

fn apply(coding: Coding, body: &[u8]) -> Vec<u8> {
    match coding {
        Coding::Gzip | Coding::GzipBadCrc => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(body).unwrap();
            let mut coded = encoder.finish().unwrap();
            let crc = coded.len() - 8;
            coded[crc] ^= u8::from(coding == Coding::GzipBadCrc);
            coded
        }
        Coding::Zlib => {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(body).unwrap();
            encoder.finish().unwrap()
        }
        Coding::RawDeflate => {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(body).unwrap();
            encoder.finish().unwrap()
        }
        Coding::Br => stored_brotli(body),
        Coding::Zstd => zstd_runs(body.len().div_ceil(128 << 10)),
    }
}

/// Something small that unfolds to so many MiB of spaces.
fn bomb(coding: Coding, mib: usize) -> Vec<u8> {
    let spaces = || {
        // A block that ends on a byte (full flush) can stand any number of times in one stream.
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&vec![b' '; 1 << 20]).unwrap();
        encoder.flush().unwrap();
        let block = encoder.get_ref().clone();
        [block.repeat(mib), vec![3, 0]].concat()
    };
    match coding {
        Coding::Gzip | Coding::GzipBadCrc => [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3][..], &spaces(), &[0; 8]].concat(),
        Coding::Zlib => [&[0x78, 0x9c][..], &spaces(), &[0; 4]].concat(),
        Coding::RawDeflate => spaces(),
        Coding::Br => brotli_runs(mib),
        Coding::Zstd => zstd_runs(mib * 8),
    }
}

/// Uncompressed meta-blocks of up to 2^16 bytes (RFC 7932 9.2).
fn stored_brotli(body: &[u8]) -> Vec<u8> {
    let mut out = Bits::default();
    out.put(0, 1); // a window of 64 KiB
    for block in body.chunks(1 << 16) {
        out.put(0, 1); // not the last
        out.put(0, 2); // four nibbles of length
        out.put(u32::try_from(block.len() - 1).unwrap(), 16);
        out.put(1, 1); // uncompressed
        out.align();
        out.bytes.extend(block);
    }
    out.put(3, 2); // last and empty
    out.bytes
}

/// A meta-block with one literal, one insert-and-copy command and one distance: "put a space, then copy the byte before,
/// sixteen million times" (RFC 7932 9.2, 4, 5). Again and again.
fn brotli_runs(mib: usize) -> Vec<u8> {
    let mut out = Bits::default();
    out.put(0, 1); // a window of 64 KiB
    let length: u32 = 1 << 20;
    for _ in 0..mib {
        out.put(0, 1); // not the last
        out.put(1, 2); // five nibbles of length
        out.put(length - 1, 20);
        out.put(0, 1); // compressed
        out.put(0, 3); // one block type each for literals, commands, distances
        out.put(0, 6); // no postfix bits, no direct distances
        out.put(0, 2); // literal context mode
        out.put(0, 2); // one tree for literals, one for distances
        // Simple prefix codes of one symbol take no bits in the data.
        out.put(1, 2);
        out.put(0, 2);
        out.put(u32::from(b' '), 8);
        out.put(1, 2);
        out.put(0, 2);
        out.put(INSERT_ONE_COPY_LONG, 10);
        out.put(1, 2);
        out.put(0, 2);
        out.put(16, 6); // distance code 16: one extra bit, distances 1 and 2
        out.put(length - 1 - 2118, 24); // the copy's length
        out.put(0, 1); // distance 1
    }
    out.put(3, 2); // last and empty
    out.bytes
}

/// Insert codes 0-7 beside copy codes 16-23 are the commands from 384 on (RFC 7932 5), eight for each insert code: insert
/// code 1 is one byte, copy code 23 is 2118 bytes and more, said in 24 bits.
const INSERT_ONE_COPY_LONG: u32 = 384 + 8 + 7;

/// Frames of zstd whose blocks are runs of 128 KiB (RFC 8878 3.1.1).
fn zstd_runs(blocks: usize) -> Vec<u8> {
    // Magic number; no content size, a window of 128 KiB.
    let mut out = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38];
    for block in 1..=blocks {
        let head: u32 = u32::from(block == blocks) | (1 << 1) | ((128 << 10) << 3);
        out.extend(&head.to_le_bytes()[..3]);
        out.push(b' ');
    }
    out
}

/// Bits from the lowest up, as brotli wants them.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: usize,
}

impl Bits {
    fn put(&mut self, value: u32, bits: usize) {
        for bit in 0..bits {
            if self.used.is_multiple_of(8) {
                self.bytes.push(0);
            }
            let last = self.bytes.len() - 1;
            self.bytes[last] |= u8::from(value >> bit & 1 == 1) << (self.used % 8);
            self.used += 1;
        }
    }

    fn align(&mut self) {
        self.used = 0;
    }
}

#[test]
fn the_bombs_are_what_they_seem() {
    let cap = 16 << 20;
    for (coding, label) in
        [(Coding::Gzip, "gzip"), (Coding::Zlib, "deflate"), (Coding::RawDeflate, "deflate"), (Coding::Br, "br")]
    {
        let bomb = bomb(coding, 80);
        let undone = shiguan::decode::undo_coding(&bomb, Some(label));
        assert!(bomb.len() < 200 << 10, "{coding:?}: {} bytes", bomb.len());
        assert_eq!(undone.len(), cap, "{coding:?}");
        assert!(undone.iter().all(|byte| *byte == b' '), "{coding:?}");
    }
    let page = vec![b'x'; 100_000];
    assert_eq!(*shiguan::decode::undo_coding(&stored_brotli(&page), Some("br")), page);
}
