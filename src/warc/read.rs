//! Records out of a file, one after the other, whoever wrote it: a gzip member a record, one member for all, or none.
//!
//! A damaged stretch is one [`Damage`] naming its offset; reading goes on at the next place where a record really
//! begins. Memory holds one record at a time, up to a limit.

mod counted;
mod parse;

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use flate2::bufread::GzDecoder;

use super::record::Record;
use counted::Counted;
use parse::Parsed;

/// A record and where it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The record.
    pub record: Record,
    /// Its header as it stands, the empty line at its end included.
    pub head: Vec<u8>,
    /// First byte of its member, or of the record itself where the file is not compressed.
    pub offset: u64,
    /// Bytes of its member; `None` where it shares the member with others.
    pub length: Option<u64>,
    /// SHA-256 of those bytes; `None` where there is no member of its own.
    pub sha256: Option<[u8; 32]>,
}

/// A stretch that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("offset {offset}: {harm}")]
pub struct Damage {
    /// Where the unreadable record or member begins.
    pub offset: u64,
    /// What is wrong there.
    pub harm: Harm,
}

/// What is wrong with a stretch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Harm {
    /// Neither a gzip member nor a record begins here.
    #[error("no record begins here")]
    NoRecord,
    /// The file ends inside a record.
    #[error("cut short")]
    Cut,
    /// The compressed bytes are wrong: a broken stream or checksum.
    #[error("broken gzip member: {0}")]
    Gzip(String),
    /// The header is not a WARC header.
    #[error("not a record header: {0}")]
    Header(String),
    /// The block is larger than the limit.
    #[error("block of {0} bytes is over the limit")]
    TooLarge(u64),
    /// The system could not read.
    #[error("cannot read: {0}")]
    Io(String),
}

/// Where the reader stands.
enum State<R> {
    /// Between members.
    Outside(Counted<R>),
    /// Inside a gzip member.
    Inside(Box<BufReader<GzDecoder<Counted<R>>>>),
}

/// Reads records in file order.
pub struct Reader<R> {
    state: Option<State<R>>,
    /// Offset of the member being read, and whether it has given a record already.
    member: (u64, bool),
    /// What is wrong behind the record given last.
    behind: Option<Damage>,
    max_block: u64,
}

impl<R> std::fmt::Debug for Reader<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("member", &self.member).finish_non_exhaustive()
    }
}

impl<R: BufRead + Seek> Reader<R> {
    /// The largest block taken into memory unless told otherwise, in bytes.
    pub const MAX_BLOCK: u64 = 512 << 20;

    /// A reader that begins where `inner` stands; offsets count from `inner`'s own start.
    pub fn new(mut inner: R) -> io::Result<Self> {
        let at = inner.stream_position()?;
        Ok(Self {
            state: Some(State::Outside(Counted::new(inner, at))),
            member: (at, false),
            behind: None,
            max_block: Self::MAX_BLOCK,
        })
    }

    /// Sets the largest block taken into memory.
    #[must_use]
    pub fn with_max_block(mut self, bytes: u64) -> Self {
        self.max_block = bytes;
        self
    }

    fn step(&mut self) -> Option<Result<Found, Damage>> {
        loop {
            match self.state.take()? {
                State::Outside(source) => {
                    if let Some(answer) = self.outside(source) {
                        return Some(answer);
                    }
                }
                State::Inside(member) => return Some(self.inside(*member)),
            }
        }
    }

    /// Looks at what begins here. `None` means: look at the new state.
    fn outside(&mut self, mut source: Counted<R>) -> Option<Result<Found, Damage>> {
        let offset = source.position();
        let begin = match source.fill_buf() {
            Ok([]) => return None,
            Ok(bytes) => bytes.first().copied().unwrap_or_default(),
            Err(error) => return Some(Err(Damage { offset, harm: Harm::Io(error.to_string()) })),
        };
        self.member = (offset, false);
        match begin {
            0x1f => {
                source.begin_hash();
                self.state = Some(State::Inside(Box::new(BufReader::new(GzDecoder::new(source)))));
                None
            }
            b'\r' | b'\n' => {
                source.consume(1);
                self.state = Some(State::Outside(source));
                None
            }
            _ => {
                let parsed = parse::record(&mut source, self.max_block);
                Some(self.settle(source, offset, parsed, false))
            }
        }
    }

    /// Reads the next record of an open member, and closes the member where that was the last.
    fn inside(&mut self, mut member: BufReader<GzDecoder<Counted<R>>>) -> Result<Found, Damage> {
        let (offset, shared) = self.member;
        let parsed = parse::record(&mut member, self.max_block);
        if matches!(parsed, Parsed::Record(..)) {
            match member.fill_buf().map(what_follows) {
                Ok(Follows::Record) => {
                    self.member = (offset, true);
                    self.state = Some(State::Inside(Box::new(member)));
                    return parsed.into_found(offset);
                }
                Ok(Follows::Rubbish) => return self.before_rubbish(member, parsed),
                Ok(Follows::Nothing) => {}
                Err(error) => {
                    let source = member.into_inner().into_inner();
                    return self.settle(source, offset, Parsed::Harm(parse::harm(&error)), false);
                }
            }
        }
        self.settle(member.into_inner().into_inner(), offset, parsed, !shared)
    }

    /// A record with something behind it that is none. A damaged length leaves a part of its block there, and only the
    /// checksum at the member's end tells that from rubbish a tool wrote; so it is read before the record is believed.
    fn before_rubbish(
        &mut self,
        mut member: BufReader<GzDecoder<Counted<R>>>,
        parsed: Parsed,
    ) -> Result<Found, Damage> {
        let (offset, _) = self.member;
        let checked = io::copy(&mut member, &mut io::sink());
        let source = member.into_inner().into_inner();
        let parsed = match checked {
            Ok(_) => {
                self.behind = Some(Damage { offset, harm: Harm::NoRecord });
                parsed
            }
            Err(error) => Parsed::Harm(parse::harm(&error)),
        };
        self.settle(source, offset, parsed, false)
    }

    /// Ends a member: its record with its length, or its damage and the search for the next beginning.
    fn settle(&mut self, mut source: Counted<R>, offset: u64, parsed: Parsed, own: bool) -> Result<Found, Damage> {
        let sha256 = source.end_hash();
        match parsed {
            Parsed::Record(record, head) => {
                let length = source.position() - offset;
                self.state = Some(State::Outside(source));
                let (length, sha256) = if own { (Some(length), sha256) } else { (None, None) };
                Ok(Found { record: *record, head, offset, length, sha256 })
            }
            Parsed::Harm(harm) => {
                if !matches!(harm, Harm::Io(_)) {
                    self.state = next_beginning(source, offset + 1).ok().flatten().map(State::Outside);
                }
                Err(Damage { offset, harm })
            }
        }
    }
}

impl<R: BufRead + Seek> Iterator for Reader<R> {
    type Item = Result<Found, Damage>;

    fn next(&mut self) -> Option<Self::Item> {
        self.behind.take().map(Err).or_else(|| self.step())
    }
}

/// What stands behind a record in its member.
enum Follows {
    Nothing,
    Record,
    Rubbish,
}

/// Looks at the bytes at hand, which may be as few as one.
fn what_follows(bytes: &[u8]) -> Follows {
    const BEGIN: &[u8] = b"WARC/";
    match bytes.get(..BEGIN.len().min(bytes.len())) {
        None | Some([]) => Follows::Nothing,
        Some(begin) if BEGIN.starts_with(begin) => Follows::Record,
        Some(_) => Follows::Rubbish,
    }
}

/// Bytes of a gzip member of the deflate kind without reserved flags.
const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b, 8];

/// Moves to the first place from `from` on where a gzip member inflates to the beginning of a record.
fn next_beginning<R: BufRead + Seek>(source: Counted<R>, from: u64) -> io::Result<Option<Counted<R>>> {
    let mut inner = source.into_inner();
    let mut at = from;
    loop {
        inner.seek(SeekFrom::Start(at))?;
        let Some(found) = find_magic(&mut inner, at)? else { return Ok(None) };
        inner.seek(SeekFrom::Start(found))?;
        let mut begin = [0; 5];
        let is_record = GzDecoder::new(&mut inner).read_exact(&mut begin).is_ok() && &begin == b"WARC/";
        if is_record {
            inner.seek(SeekFrom::Start(found))?;
            return Ok(Some(Counted::new(inner, found)));
        }
        at = found + 1;
    }
}

/// Offset of the next gzip magic, reading from `at`, where `inner` stands.
fn find_magic(inner: &mut impl BufRead, mut at: u64) -> io::Result<Option<u64>> {
    let mut matched = 0;
    loop {
        let buffer = inner.fill_buf()?;
        if buffer.is_empty() {
            return Ok(None);
        }
        for &byte in buffer {
            at += 1;
            matched = match GZIP_MAGIC.get(matched) {
                Some(&want) if byte == want => matched + 1,
                // The magic has no prefix that is also a suffix, so a mismatch can only begin it anew.
                _ => usize::from(Some(&byte) == GZIP_MAGIC.first()),
            };
            if matched == GZIP_MAGIC.len() {
                return Ok(Some(at - GZIP_MAGIC.len() as u64));
            }
        }
        let read = buffer.len();
        inner.consume(read);
    }
}

impl Parsed {
    fn into_found(self, offset: u64) -> Result<Found, Damage> {
        match self {
            Self::Record(record, head) => Ok(Found { record: *record, head, offset, length: None, sha256: None }),
            Self::Harm(harm) => Err(Damage { offset, harm }),
        }
    }
}
