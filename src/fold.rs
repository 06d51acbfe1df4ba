//! Text as it is compared and searched: one width, one case, simplified characters.
//!
//! What people take for the same word is written in many ways: full-width digits, capital letters, traditional
//! characters on a site for readers abroad. [`chars`] undoes them **character by character**, so that every folded
//! character knows which one of the text it came from: a match in folded text can be shown in the original. That is
//! why the table of characters is our own file and no converter of phrases: those change the length of a text and
//! choose by context (乾隆, 干净), where comparing and searching want every spelling to fall on one.
//!
//! `fold/simplified.txt` holds pairs of a traditional character and its simplified one. It was taken from `TSCharacters`
//! of `OpenCC` (<https://github.com/BYVoid/OpenCC>, Apache License 2.0): the first choice of each row, characters of the
//! basic plane, without the one row whose choice is itself a key.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;

/// The first character of the table's range, and one past its last.
const HAN: std::ops::Range<u32> = 0x3400..0xA000;

/// For each character of [`HAN`] what it is folded to.
static SIMPLIFIED: LazyLock<Vec<char>> = LazyLock::new(|| {
    let mut table: Vec<char> = HAN.filter_map(char::from_u32).collect();
    let mut listed = include_str!("fold/simplified.txt").chars().filter(|c| !c.is_whitespace());
    while let (Some(from), Some(to)) = (listed.next(), listed.next()) {
        if let Some(slot) = place(from).and_then(|at| table.get_mut(at)) {
            *slot = to;
        }
    }
    table
});

/// Where a Chinese character stands in [`SIMPLIFIED`].
fn place(c: char) -> Option<usize> {
    HAN.contains(&u32::from(c)).then(|| (u32::from(c) - HAN.start) as usize)
}

/// The folded characters of a text, each with the place of the character it came from, counted in characters.
/// Ligatures and the like (㎡) become several characters with one place.
pub fn chars(text: &str) -> impl Iterator<Item = (char, usize)> {
    text.chars().enumerate().flat_map(|(at, c)| Folded::of(c).map(move |folded| (folded, at)))
}

/// What one character is folded to.
pub fn char(c: char) -> impl Iterator<Item = char> {
    Folded::of(c)
}

/// The folded text.
pub fn text(text: &str) -> String {
    text.chars().flat_map(Folded::of).collect()
}

/// Letters and digits of the folded text; spaces, punctuation and symbols are left out.
pub fn letters(text: &str) -> Vec<char> {
    text.chars().flat_map(Folded::of).filter(|c| is_letter(*c)).collect()
}

/// Whether a character is a letter or digit; nearly all are Chinese, which need no table.
fn is_letter(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}') || c.is_alphanumeric()
}

/// Whether a character is written in traditional form and has a simplified one.
pub fn is_traditional(c: char) -> bool {
    place(c).and_then(|at| SIMPLIFIED.get(at)).is_some_and(|simple| *simple != c)
}

/// What one character is folded to: nearly always one character, so that the common ones cost no allocation.
enum Folded {
    One(Option<char>),
    Many(std::vec::IntoIter<char>),
}

impl Folded {
    fn of(c: char) -> Self {
        if let Some(at) = place(c) {
            return Self::One(Some(SIMPLIFIED.get(at).copied().unwrap_or(c)));
        }
        match c {
            '\0'..='\u{7f}' => Self::One(Some(c.to_ascii_lowercase())),
            // Quotation marks, dashes and dots of Chinese text: as they are.
            '\u{2010}'..='\u{2023}' | '\u{3001}'..='\u{301b}' => Self::One(Some(c)),
            _ => Self::Many(unusual(c).into_iter()),
        }
    }
}

impl Iterator for Folded {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        match self {
            Self::One(c) => c.take(),
            Self::Many(rest) => rest.next(),
        }
    }
}

/// Compatibility forms first, since they may hold capitals and traditional characters.
fn unusual(c: char) -> Vec<char> {
    let plain = std::iter::once(c).nfkc().flat_map(char::to_lowercase);
    plain.map(|c| place(c).and_then(|at| SIMPLIFIED.get(at)).copied().unwrap_or(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word_fall_on_one() {
        for (spelling, folded) in [
            ("學習貫徹", "学习贯彻"),
            ("裡面乾淨", "里面干净"),
            ("臺灣大學", "台湾大学"),
            ("ＡＩ＋教育２０２３", "ai+教育2023"),
            ("Ｑｑ５g", "qq5g"),
            ("㎡①", "m21"),
            ("（“学思想”）", "(“学思想”)"),
            ("Ünïcode", "ünïcode"),
            ("精神", "精神"),
        ] {
            assert_eq!(text(spelling), folded, "{spelling}");
            assert_eq!(text(folded), folded, "folding again changes nothing");
        }
    }

    #[test]
    fn every_folded_character_knows_its_place() {
        let places: Vec<_> = chars("5㎡學").collect();
        assert_eq!(places, [('5', 0), ('m', 1), ('2', 1), ('学', 2)]);
    }

    #[test]
    fn the_table_is_whole_and_final() {
        let table: Vec<char> = include_str!("fold/simplified.txt").chars().filter(|c| !c.is_whitespace()).collect();
        assert_eq!(table.len(), 2 * 2955);
        for pair in table.chunks(2) {
            assert!(is_traditional(pair[0]), "{}", pair[0]);
            assert!(!is_traditional(pair[1]), "{} is folded further", pair[1]);
        }
    }

    #[test]
    fn letters_are_left_of_a_sentence() {
        assert_eq!(letters("「學思想」，强 党性。\n第１期").into_iter().collect::<String>(), "学思想强党性第1期");
        assert!(is_traditional('學') && !is_traditional('学') && !is_traditional('A'));
    }
}
