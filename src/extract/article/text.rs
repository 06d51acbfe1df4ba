//! White space and other small matters of printed text.
//!
//! Every text field of a record goes through [`fold`]: runs of any white space (U+3000 and U+00A0 included) become one
//! space, invisible characters go, and the result is in NFC.

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Characters that print nothing and only get in the way of comparing: zero width marks, joiners, byte order mark.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}' | '\u{0}')
}

/// Trimmed, white space folded to single spaces, invisible characters removed, NFC.
pub(crate) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            gap = true;
        } else if !is_invisible(c) {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(c);
        }
    }
    if is_nfc(&out) { out } else { out.nfc().collect() }
}

/// The same, `None` where nothing is left.
pub(crate) fn folded(text: &str) -> Option<String> {
    let text = fold(text);
    (!text.is_empty()).then_some(text)
}

/// Han characters: the unified ideographs, their extensions and 〇.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}' | '〇')
}

/// Characters set in a full square: Han, kana, and the punctuation that goes with them.
pub(crate) fn is_wide(c: char) -> bool {
    is_han(c) || matches!(c, '\u{3000}'..='\u{30ff}' | '\u{ff00}'..='\u{ff60}' | '“' | '”' | '‘' | '’' | '…' | '—')
}

/// Letters and digits only, lower case: for asking whether two printings say the same.
pub(crate) fn skeleton(text: &str) -> String {
    text.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_of_every_kind_is_one_space() {
        assert_eq!(fold("\u{a0}\u{3000}任\u{3000} \n颖\u{200b} "), "任 颖");
        assert_eq!(folded(" \u{3000}\u{feff}"), None);
    }

    #[test]
    fn a_skeleton_forgets_width_case_and_punctuation() {
        assert_eq!(skeleton("“ＡＢ”——会议 （二）"), "ab会议二");
    }
}
