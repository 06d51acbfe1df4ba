//! A text as it is searched for persons: folded, percent-encoded characters as the characters they are, without spaces
//! within names, any dot of a name as `·`; each byte knows the stretch of the original it came from.

use std::ops::Range;

use encoding_rs::GB18030;

use crate::fold;

/// A searchable text.
#[derive(Debug, Default)]
pub(super) struct Skeleton {
    /// The searchable text.
    pub(super) text: String,
    /// For each of its bytes the stretch of the original its character came from.
    from: Vec<(u32, u32)>,
}

/// A character and the bytes of the original it stands for.
type Piece = (char, Range<usize>);

impl Skeleton {
    pub(super) fn of(text: &str) -> Self {
        let mut skeleton = Self { text: String::with_capacity(text.len()), from: Vec::with_capacity(text.len()) };
        if text.contains('%') {
            skeleton.read(decoded(text).into_iter());
        } else {
            skeleton.read(text.char_indices().map(|(at, c)| (c, at..at + c.len_utf8())));
        }
        skeleton
    }

    fn read(&mut self, pieces: impl Iterator<Item = Piece>) {
        let mut gap: Option<Range<usize>> = None;
        let mut last = None;
        let mut pieces = pieces.peekable();
        while let Some((c, range)) = pieces.next() {
            if c == '\n' {
                self.push('\n', &range);
                (gap, last) = (None, None);
                continue;
            }
            if matches!(c, '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{feff}' | '\u{ad}') {
                continue;
            }
            if c.is_whitespace() {
                gap.get_or_insert(range);
                continue;
            }
            let next = pieces.peek().map(|(next, _)| *next);
            let dot = is_dot(c) && last.is_some_and(is_han) && next.is_none_or(|c| is_han(c) || c.is_whitespace());
            let c = if dot { '·' } else { c };
            if let Some(gap) = gap.take()
                && !(last.is_some_and(joins) && joins(c))
            {
                self.push(' ', &gap);
            }
            for folded in fold::char(c) {
                self.push(folded, &range);
            }
            last = Some(c);
        }
    }

    fn push(&mut self, c: char, range: &Range<usize>) {
        self.text.push(c);
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.from.resize(self.text.len(), (place(range.start), place(range.end)));
    }

    /// The bytes of the original that these of the searchable text came from.
    pub(super) fn original(&self, range: &Range<usize>) -> Range<usize> {
        let first = self.from.get(range.start).map_or(0, |(start, _)| *start as usize);
        let last = range.end.checked_sub(1).and_then(|at| self.from.get(at)).map_or(first, |(_, end)| *end as usize);
        first..last
    }

    /// The character before this byte, and the one from it on.
    pub(super) fn around(&self, range: &Range<usize>) -> (Option<char>, Option<char>) {
        let before = self.text.get(..range.start).and_then(|text| text.chars().next_back());
        (before, self.text.get(range.end..).and_then(|text| text.chars().next()))
    }
}

pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}' | '〇')
}

/// Dots that join the parts of a name, as printed.
pub(super) fn is_dot(c: char) -> bool {
    matches!(c, '·' | '•' | '‧' | '・' | '．' | '.' | '∙' | '●' | '･')
}

/// Whether spaces beside the character may stand within a name.
fn joins(c: char) -> bool {
    is_han(c) || c == '·'
}

/// The characters of a text; `%E4%BB%BB` is one.
fn decoded(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let bytes = encoded(rest);
        if bytes.is_empty() {
            let c = rest.chars().next().unwrap_or(' ');
            pieces.push((c, at..at + c.len_utf8()));
            at += c.len_utf8();
        } else {
            unescaped(&bytes, at, &mut pieces);
            at += bytes.len() * 3;
        }
    }
    pieces
}

/// The bytes a text begins with that are written `%XX`.
fn encoded(text: &str) -> Vec<u8> {
    let byte = |escape: &[u8]| match escape {
        [b'%', digits @ ..] if digits.iter().all(u8::is_ascii_hexdigit) => {
            std::str::from_utf8(digits).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok())
        }
        _ => None,
    };
    text.as_bytes().chunks_exact(3).map_while(byte).collect()
}

/// Bytes written `%XX` from `at` on as characters, of UTF-8 or else of GB 18030.
fn unescaped(bytes: &[u8], at: usize, pieces: &mut Vec<Piece>) {
    let mut behind = 0;
    let mut push = |c: char, length: usize| {
        pieces.push((c, at + behind * 3..at + (behind + length) * 3));
        behind += length;
    };
    if let Ok(text) = std::str::from_utf8(bytes) {
        text.chars().for_each(|c| push(c, c.len_utf8()));
        return;
    }
    let mut rest = bytes;
    while let [first, more @ ..] = rest {
        let length = match more.first() {
            _ if first.is_ascii() => 1,
            Some(b'0'..=b'9') => 4,
            Some(_) | None => 2,
        };
        let (character, left) = rest.split_at(length.min(rest.len()));
        let text = GB18030.decode_without_bom_handling(character).0;
        push(text.chars().next().unwrap_or('\u{fffd}'), character.len());
        rest = left;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_knows_where_it_came_from() {
        let text = "Ａ 任 颖 • x%E4%BB%BB\n１２";
        let skeleton = Skeleton::of(text);
        assert_eq!(skeleton.text, "a 任颖· x任\n12");
        for (found, original) in [("任颖", "任 颖"), ("12", "１２"), ("x任", "x%E4%BB%BB")] {
            let at = skeleton.text.find(found).unwrap();
            assert_eq!(&text[skeleton.original(&(at..at + found.len()))], original);
        }
    }

    #[test]
    fn escapes_that_are_none_stay() {
        for text in ["增长50%，100%", "%", "%4", "%zz任", "a%00b"] {
            assert!(!Skeleton::of(text).text.is_empty(), "{text}");
        }
        assert_eq!(Skeleton::of("%C8%CE%D3%B1%41").text, "任颖a");
    }
}
