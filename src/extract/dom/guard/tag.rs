//! One tag: where it ends, how many attributes it has, and what of them is left out.

use memchr::memchr;

/// Most attributes of one tag.
pub(super) const MAX_ATTRIBUTES: usize = 200;

/// Most of one attribute's value, in bytes. Pictures written into an attribute are longer, and nothing is read of them.
pub(super) const MAX_VALUE: usize = 64 << 10;

/// What scanning a tag found.
#[derive(Debug, Default)]
pub(super) struct Tag {
    /// One past its `>`.
    pub(super) end: usize,
    /// Number of its attributes, those that are left out too.
    pub(super) attributes: usize,
    /// Where the first attribute beyond the cap begins.
    pub(super) cut: Option<usize>,
    /// The ends of values that are too long.
    pub(super) long: Vec<Long>,
}

/// The part of a value that is beyond the cap.
#[derive(Debug)]
pub(super) struct Long {
    pub(super) from: usize,
    pub(super) to: usize,
    /// A picture or the like, of which nothing could have been read.
    pub(super) is_data: bool,
}

/// Where in a tag the scan stands.
#[derive(Clone, Copy)]
enum State {
    Between,
    Name,
    Value,
    Bare,
}

impl Tag {
    /// Scans the tag that begins here.
    pub(super) fn scan(source: &str, start: usize) -> Self {
        let mut tag = Self { end: source.len(), ..Self::default() };
        let (mut state, mut value) = (State::Name, start);
        let mut next = start;
        while let Some(byte) = source.as_bytes().get(next).copied() {
            let at = next;
            next += 1;
            state = match (state, byte) {
                (state, b'>') => {
                    if matches!(state, State::Bare) {
                        tag.value(source, value, at);
                    }
                    tag.end = at + 1;
                    return tag;
                }
                (State::Value, b'"' | b'\'') => {
                    let rest = source.as_bytes().get(at + 1..).unwrap_or_default();
                    let Some(length) = memchr(byte, rest) else { return tag };
                    tag.value(source, at + 1, at + 1 + length);
                    next = at + 2 + length;
                    State::Between
                }
                (State::Value, byte) if byte.is_ascii_whitespace() => State::Value,
                (State::Bare, byte) if byte.is_ascii_whitespace() => {
                    tag.value(source, value, at);
                    State::Between
                }
                (State::Between | State::Name, byte) if byte.is_ascii_whitespace() => State::Between,
                (State::Between | State::Name, b'=') => State::Value,
                (State::Between | State::Name, b'/') => State::Between,
                (State::Between, _) => {
                    tag.attributes += 1;
                    if tag.attributes == MAX_ATTRIBUTES + 1 {
                        tag.cut = Some(at);
                    }
                    State::Name
                }
                (State::Value, _) => {
                    value = at;
                    State::Bare
                }
                (State::Bare, _) => State::Bare,
                (State::Name, _) => State::Name,
            };
        }
        tag
    }

    fn value(&mut self, source: &str, from: usize, to: usize) {
        if to - from > MAX_VALUE && self.cut.is_none() {
            let is_data = source.get(from..).is_some_and(|value| value.trim_start().starts_with("data:"));
            self.long.push(Long { from: source.floor_char_boundary(from + MAX_VALUE), to, is_data });
        }
    }
}
