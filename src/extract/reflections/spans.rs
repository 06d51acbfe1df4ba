//! Stretches of the body in bytes, and their places in Unicode characters.

use std::ops::Range;

/// Marks that open a quotation.
const OPENING: &[char] = &['“', '"', '「', '『', '＂'];
/// Marks that close one; a misprinted closing mark can be an opening one.
const CLOSING: &[char] = &['”', '"', '」', '』', '＂', '“'];

/// The range without white space and without marks of punctuation left over from a lead-in at its start.
pub(super) fn trimmed(body: &str, range: Range<usize>) -> Range<usize> {
    let text = body.get(range.clone()).unwrap_or_default();
    let left = text.len() - text.trim_start_matches(|c: char| c.is_whitespace() || "，,：:。；、".contains(c)).len();
    let right = text.trim_end().len();
    if left >= right { range.start..range.start } else { range.start + left..range.start + right }
}

/// The range without one pair of marks that encloses all of it.
pub(super) fn unquoted(body: &str, range: Range<usize>) -> Range<usize> {
    let text = body.get(range.clone()).unwrap_or_default();
    let Some(first) = text.chars().next().filter(|c| OPENING.contains(c)) else { return range };
    let trailing = text.trim_end_matches(['。', '，', ',', '；']);
    let Some(last) = trailing.chars().next_back().filter(|c| CLOSING.contains(c)) else { return range };
    let inner = trailing.get(first.len_utf8()..trailing.len().saturating_sub(last.len_utf8())).unwrap_or_default();
    if inner.contains(OPENING) || inner.contains(CLOSING) {
        return range;
    }
    range.start + first.len_utf8()..range.start + first.len_utf8() + inner.len()
}

/// The range without a closing mark at its end: the last words are a quotation, and its marks are none of the words.
pub(super) fn without_last_mark(body: &str, range: Range<usize>) -> Range<usize> {
    let text = body.get(range.clone()).unwrap_or_default();
    let inner = text.strip_suffix('。').filter(|inner| inner.ends_with(['”', '」'])).unwrap_or(text);
    let bare = inner.strip_suffix(['”', '」', '"']).filter(|bare| bare.ends_with(['。', '！', '？', '…', '!', '?']));
    range.start..range.start + bare.unwrap_or(text).len()
}

/// Character places of byte positions that come in any order; one walk over the body.
pub(super) fn characters(body: &str, bytes: &[usize]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..bytes.len()).collect();
    order.sort_by_key(|&index| bytes.get(index));
    let mut places = vec![0; bytes.len()];
    let (mut at, mut count) = (0, 0);
    for index in order {
        let wanted = bytes.get(index).copied().unwrap_or(at).max(at);
        count += body.get(at..wanted).map_or(0, |part| part.chars().count());
        at = wanted;
        if let Some(place) = places.get_mut(index) {
            *place = count;
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_characters_in_any_order() {
        assert_eq!(characters("甲a乙", &[7, 0, 3, 4]), [3, 0, 1, 2]);
    }

    #[test]
    fn one_enclosing_pair_is_taken_off() {
        for (text, want) in
            [("“收获很大。”", "收获很大。"), ("“甲”和“乙”", "“甲”和“乙”"), ("无", "无"), ("“收获很大”。", "收获很大")]
        {
            assert_eq!(&text[unquoted(text, 0..text.len())], want);
        }
    }
}
