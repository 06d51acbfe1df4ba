//! What a reader knows of Chinese words and names: how likely each is, as costs (negative logarithms of probabilities).
//!
//! `words.txt` and `names.txt` were made from the dictionary of jieba (`dict.txt` of the crate `jieba-rs` 0.11.0, MIT License,
//! Copyright 2013 Sun Junyi; `LICENSE-jieba` beside them), words with their counts in a large corpus. Words: up to five
//! characters, counted at least 20 times; costs rounded to halves, one cost a line. Persons' names were taken out, but for those of three characters
//! counted 300 times and those of two counted 30 times, most of which are words. Of the names taken out the characters of
//! `names.txt` were counted: in surnames, in given names, in names written by their sounds. Surnames and characters that
//! write sounds are those of `extract/reflections/surnames.rs`, and rarer surnames at 10.5. The last line of `words.txt` is
//! ours: statesmen of that file, and words of universities and of these years that the dictionary lacks.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The longest words, in characters.
pub(super) const LONGEST: usize = 5;
/// The cost of a character that is no word.
pub(super) const UNKNOWN: f32 = 18.5;
/// Costs of characters in names where no name of the dictionary has them.
const UNHEARD_SURNAME: f32 = 11.5;
const UNHEARD_GIVEN: f32 = 12.0;
const UNHEARD_SOUND: f32 = 13.5;
/// A character of this cost or more is hardly ever a word.
const RARE: f32 = 15.0;
/// A character of cost below this is one that writes sounds.
const SOUNDS: f32 = 7.0;

pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::read);

const FIRST: u32 = 0x4e00;
const CHARACTERS: usize = 0x5200;

/// Costs of words and of characters in names.
pub(super) struct Lexicon {
    words: HashMap<&'static str, f32>,
    characters: Vec<Character>,
    compound: Vec<&'static str>,
}

/// Costs of a character.
#[derive(Clone)]
struct Character {
    surname: Option<f32>,
    given: f32,
    sound: f32,
}

fn place(c: char) -> Option<usize> {
    usize::try_from(u32::from(c).checked_sub(FIRST)?).ok().filter(|at| *at < CHARACTERS)
}

/// Whether it is a character words and names are made of.
pub(super) fn is_known(c: char) -> bool {
    place(c).is_some()
}

impl Lexicon {
    fn read() -> Self {
        let rows = |file: &'static str| file.lines().filter_map(|line| line.split_once(' '));
        let unheard = Character { surname: None, given: UNHEARD_GIVEN, sound: UNHEARD_SOUND };
        let mut read = Self { words: HashMap::new(), characters: vec![unheard; CHARACTERS], compound: Vec::new() };
        for (cost, words) in rows(include_str!("words.txt")) {
            let Ok(cost) = cost.parse() else { continue };
            read.words.extend(words.split(' ').map(|word| (word, cost)));
        }
        for (kind, rest) in rows(include_str!("names.txt")) {
            if kind == "compound" {
                read.compound.extend(rest.split(' '));
                continue;
            }
            let Some((cost, list)) = rest.split_once(' ') else { continue };
            let Ok(cost) = cost.parse() else { continue };
            for at in list.chars().filter_map(place) {
                let Some(character) = read.characters.get_mut(at) else { continue };
                match kind {
                    "surname" => character.surname = Some(cost),
                    "given" => character.given = cost,
                    _ => character.sound = cost,
                }
            }
        }
        read
    }

    /// The cost of a word.
    pub(super) fn word(&self, word: &str) -> Option<f32> {
        self.words.get(word).copied()
    }

    fn character(&self, c: char) -> Option<&Character> {
        place(c).and_then(|at| self.characters.get(at))
    }

    /// The cost of a surname of one character. A character too rare to be a word may be a surname nobody listed.
    pub(super) fn surname(&self, c: char) -> Option<f32> {
        let listed = self.character(c).and_then(|character| character.surname);
        let rare = || self.word(c.encode_utf8(&mut [0; 4])).is_none_or(|cost| cost >= RARE).then_some(UNHEARD_SURNAME);
        listed.or_else(rare)
    }

    /// Whether it is a surname of two characters.
    pub(super) fn is_compound(&self, surname: &str) -> bool {
        self.compound.contains(&surname)
    }

    /// The cost of a character in a given name.
    pub(super) fn given(&self, c: char) -> f32 {
        self.character(c).map_or(UNHEARD_GIVEN, |character| character.given)
    }

    /// The cost of a character in a name written by its sounds, and whether it is one of those that write them.
    pub(super) fn sound(&self, c: char) -> (f32, bool) {
        let cost = self.character(c).map_or(UNHEARD_SOUND, |character| character.sound);
        (cost, cost < SOUNDS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_whole() {
        let count = |of: &dyn Fn(&Character) -> bool| LEXICON.characters.iter().filter(|c| of(c)).count();
        assert!(LEXICON.words.len() > 70_000 && LEXICON.compound.len() > 40);
        assert!(LEXICON.words.keys().all(|word| word.chars().all(is_known) && word.chars().count() <= LONGEST));
        assert!(count(&|c| c.surname.is_some()) > 400);
        assert!(count(&|c| c.given < UNHEARD_GIVEN) > 2_000);
        assert!(count(&|c| c.sound < SOUNDS) >= 210);
        for line in include_str!("names.txt").lines() {
            assert!(["surname ", "compound ", "given ", "sound "].iter().any(|kind| line.starts_with(kind)), "{line}");
        }
    }
}
