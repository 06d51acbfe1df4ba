//! A paragraph divided: its quotations, and its sentences with quotations kept whole.
//!
//! Positions are bytes in the paragraph. Printed quotation marks are often wrong (two opening ones, straight ones, a closing one that
//! never comes), so a mark is read by what can still follow it, not by its shape alone.

use std::ops::Range;

/// An outermost quotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quote {
    /// The opening mark's first byte.
    pub(super) open: usize,
    /// The words between the marks.
    pub(super) inner: Range<usize>,
    /// One past the closing mark; the paragraph's end where none comes.
    pub(super) close: usize,
}

/// Marks that end a sentence.
const STOPS: &[char] = &['。', '！', '？', '；', '!', '?', ';', '…'];

/// Outermost quotations of a paragraph, in order.
pub(super) fn quotes(paragraph: &str) -> Vec<Quote> {
    let marks: Vec<(usize, char)> = paragraph
        .char_indices()
        .filter(|(_, c)| matches!(c, '“' | '”' | '"' | '「' | '」' | '『' | '』' | '＂'))
        .collect();
    let last = |wanted: char| marks.iter().rposition(|(_, c)| *c == wanted);
    let (last_opening, last_closing) = (last('“'), last('”'));
    let mut found = Vec::new();
    let mut open: Option<(usize, char)> = None;
    let mut depth = 0_usize;
    for (index, &(at, mark)) in marks.iter().enumerate() {
        let (opens_ahead, closes_ahead) = (last_opening > Some(index), last_closing > Some(index));
        let Some((start, opener)) = open else {
            // A closing mark with another one after it is a misprinted opening one; a lone one is noise.
            if "“\"「『＂".contains(mark) || (mark == '”' && closes_ahead && !opens_ahead) {
                open = Some((at, mark));
                depth = 1;
            }
            continue;
        };
        let closes = match (opener, mark) {
            ('“', '“') => !closes_ahead,
            ('“' | '”', '”') | ('"', '"') | ('＂', '＂') | ('「', '」') | ('『', '』') => true,
            _ => false,
        };
        if closes {
            depth -= 1;
        } else if mark == opener && opener != '"' {
            depth += 1;
        }
        if depth == 0 {
            found.push(Quote { open: start, inner: start + opener.len_utf8()..at, close: at + mark.len_utf8() });
            open = None;
        }
    }
    if let Some((start, opener)) = open {
        found.push(Quote { open: start, inner: start + opener.len_utf8()..paragraph.len(), close: paragraph.len() });
    }
    found
}

/// Sentences of a paragraph, its whole length covered: cut after a stop outside quotations and after a quotation that ends with a
/// stop, closing marks included.
pub(super) fn sentences(paragraph: &str, quotes: &[Quote]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut ahead = quotes.iter().peekable();
    let mut chars = paragraph.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        while ahead.next_if(|quote| quote.close <= at).is_some() {}
        let inside = ahead.peek().is_some_and(|quote| quote.open <= at && at < quote.close);
        let end = at + c.len_utf8();
        let ends = if inside { ends_quote(paragraph, ahead.peek().copied(), end) } else { STOPS.contains(&c) };
        let more = ends
            && chars
                .peek()
                .is_some_and(|(_, next)| STOPS.contains(next) || matches!(next, '”' | '’' | '』' | '」' | '）' | ')'));
        if ends && !more {
            found.push(start..end);
            start = end;
        }
    }
    if start < paragraph.len() {
        found.push(start..paragraph.len());
    }
    found
}

fn ends_quote(paragraph: &str, quote: Option<&Quote>, end: usize) -> bool {
    let Some(quote) = quote else { return false };
    let inner = paragraph.get(quote.inner.clone()).unwrap_or_default();
    quote.close == end && inner.trim_end().ends_with(STOPS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inner(paragraph: &str) -> Vec<&str> {
        quotes(paragraph).into_iter().map(|quote| &paragraph[quote.inner]).collect()
    }

    #[test]
    fn quotations_are_read_by_what_follows() {
        for (paragraph, want) in [
            ("他说：“好。”她说：“行。”", vec!["好。", "行。"]),
            ("他说：“要做到“两个维护”。”", vec!["要做到“两个维护”。"]),
            ("“收获很大。“江一帆说。", vec!["收获很大。"]),
            ("他说：”收获很大。”", vec!["收获很大。"]),
            ("他说：\"好。\"她说", vec!["好。"]),
            ("他说：“没有完", vec!["没有完"]),
            ("没有引号", vec![]),
        ] {
            assert_eq!(inner(paragraph), want, "{paragraph}");
        }
    }

    #[test]
    fn sentences_keep_quotations_whole() {
        let paragraph = "甲说：“一。二。”乙说：“三，”他接着说，“四。”。完；了";
        let parts: Vec<&str> =
            sentences(paragraph, &quotes(paragraph)).into_iter().map(|range| &paragraph[range]).collect();
        assert_eq!(parts, ["甲说：“一。二。”", "乙说：“三，”他接着说，“四。”。", "完；", "了"]);
    }
}
