//! One record from plain bytes.

use std::io::{self, BufRead, Read as _};

use super::Harm;
use crate::warc::fields::Fields;
use crate::warc::record::Record;

/// Longest header taken, in bytes: far above any real one, far below what could hurt.
const MAX_HEADER: u64 = 1 << 20;

/// What came of it.
pub(super) enum Parsed {
    /// A whole record, and its header as it stands.
    Record(Box<Record>, Vec<u8>),
    /// Why there is none.
    Harm(Harm),
}

/// Reads a record and the empty lines behind it.
pub(super) fn record(source: &mut impl BufRead, max_block: u64) -> Parsed {
    match try_record(source, max_block) {
        Ok((record, head)) => Parsed::Record(Box::new(record), head),
        Err(harm) => Parsed::Harm(harm),
    }
}

fn try_record(source: &mut impl BufRead, max_block: u64) -> Result<(Record, Vec<u8>), Harm> {
    let (version, fields, head) = header(source)?;
    let length = fields.get("Content-Length").and_then(|length| length.parse::<u64>().ok());
    let length = length.ok_or_else(|| Harm::Header("no Content-Length".to_owned()))?;
    if length > max_block {
        return Err(Harm::TooLarge(length));
    }
    let mut block = Vec::new();
    let read = source.take(length).read_to_end(&mut block).map_err(|error| harm(&error))?;
    if (read as u64) < length {
        return Err(Harm::Cut);
    }
    skip_line_ends(source).map_err(|error| harm(&error))?;
    Ok((Record { version, fields, block }, head))
}

fn header(source: &mut impl BufRead) -> Result<(String, Fields, Vec<u8>), Harm> {
    let mut lines = source.take(MAX_HEADER);
    let mut first = Vec::new();
    lines.read_until(b'\n', &mut first).map_err(|error| harm(&error))?;
    let version = first.strip_prefix(b"WARC/").map(<[u8]>::trim_ascii).ok_or(Harm::NoRecord)?;
    let version = String::from_utf8_lossy(version).into_owned();
    let mut text = Vec::new();
    loop {
        let begin = text.len();
        let read = lines.read_until(b'\n', &mut text).map_err(|error| harm(&error))?;
        if read == 0 {
            return Err(Harm::Cut);
        }
        if text.get(begin..).is_some_and(|line| line.trim_ascii().is_empty()) {
            break;
        }
    }
    let fields = Fields::parse(&String::from_utf8_lossy(&text)).map_err(Harm::Header)?;
    first.append(&mut text);
    Ok((version, fields, first))
}

/// The two empty lines that end a record; tools that write fewer or more are forgiven.
fn skip_line_ends(source: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = source.fill_buf()?;
        let ends = buffer.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let whole = ends == buffer.len();
        source.consume(ends);
        if ends == 0 || !whole {
            return Ok(());
        }
    }
}

/// What a failed read says about the bytes.
pub(super) fn harm(error: &io::Error) -> Harm {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        Harm::Cut
    } else if error.raw_os_error().is_some() {
        Harm::Io(error.to_string())
    } else {
        Harm::Gzip(error.to_string())
    }
}
