//! What a reader knows of Chinese words and names: how likely each is, as costs (negative logarithms of probabilities).
//!
//! `words.txt` and `names.txt` were made from the dictionary of jieba (`dict.txt` of the crate `jieba-rs` 0.11.0, MIT License,
//! Copyright 2013 Sun Junyi; `LICENSE-jieba` beside them), words with their counts in a large corpus. Words: up to five
//! characters, counted at least 20 times; costs rounded to halves, one cost a line. Persons' names were taken out, but for those of three characters
//! counted 300 times and those of two counted 30 times, most of which are words. Of the names taken out the characters of
//! `names.txt` were counted: in surnames, in given names, in names written by their sounds. Surnames and characters that
//! write sounds are those of `extract/reflections/surnames.rs`, and rarer surnames at 10.5. What is ours: the last line of
//! `words.txt`, statesmen of that file and words of universities and of these years that the dictionary lacks; the last two lines of
//! `names.txt`, surnames of the Hundred Surnames that are rare words too (and 宝), and characters of given names of these
//! years, which the dictionary hardly knows from names.

use std::sync::LazyLock;

use crate::veil::sorted::Sorted;

/// The longest words, in characters.
pub(super) const LONGEST: usize = 5;
/// Bytes of a character words are made of.
pub(super) const WIDTH: usize = 3;
/// The cost of a character that is no word.
pub(super) const UNKNOWN: f32 = 18.5;
/// Costs of characters in names where no name of the dictionary has them.
const UNHEARD_SURNAME: f32 = 11.5;
const UNHEARD_GIVEN: f32 = 12.0;
const UNHEARD_SOUND: f32 = 13.5;
/// A character of this cost or more is hardly ever a word.
const RARE: f32 = 15.0;
/// A character of a cost below this is a word of every sentence.
const COMMON: f32 = 7.5;
/// A character of cost below this is one that writes sounds.
const SOUNDS: f32 = 7.0;

pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::read);

const FIRST: u32 = 0x4e00;
const CHARACTERS: usize = 0x5200;

/// Costs of words and of characters in names.
pub(super) struct Lexicon {
    /// Of two characters and more, and the cost of each.
    words: Sorted,
    costs: Vec<f32>,
    characters: Vec<Character>,
    compound: Vec<&'static str>,
}

/// Costs of a character.
#[derive(Clone)]
struct Character {
    /// By itself, as a word.
    word: Option<f32>,
    surname: Option<f32>,
    /// Whether it begins a surname of two characters.
    compound: bool,
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
        let unheard =
            Character { word: None, surname: None, compound: false, given: UNHEARD_GIVEN, sound: UNHEARD_SOUND };
        let mut read = Self {
            words: Sorted::default(),
            costs: Vec::new(),
            characters: vec![unheard; CHARACTERS],
            compound: Vec::new(),
        };
        let mut longer: Vec<(&str, f32)> = Vec::new();
        for (cost, words) in rows(include_str!("words.txt")) {
            let Ok(cost) = cost.parse() else { continue };
            for word in words.split(' ') {
                if let Some(character) = alone(word).and_then(|c| read.characters.get_mut(place(c)?)) {
                    character.word = Some(cost);
                } else {
                    longer.push((word, cost));
                }
            }
        }
        longer.sort_unstable_by_key(|(word, _)| *word);
        read.costs = longer.iter().map(|(_, cost)| *cost).collect();
        read.words = Sorted::of(longer.iter().map(|(word, _)| *word).collect());
        for (kind, rest) in rows(include_str!("names.txt")) {
            if kind == "compound" {
                read.compound.extend(rest.split(' '));
                let firsts = rest.split(' ').filter_map(|surname| surname.chars().next()).filter_map(place);
                firsts.for_each(|at| read.characters.get_mut(at).into_iter().for_each(|first| first.compound = true));
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
        match alone(word) {
            Some(c) => self.character(c)?.word,
            None => self.costs.get(self.words.number(word)?).copied(),
        }
    }

    /// The words of two characters and more that the text begins with: bytes and costs, the longest word first.
    pub(super) fn words<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (usize, f32)> + 't {
        let mut next = self.words.longest(text);
        std::iter::from_fn(move || {
            let number = next?;
            let word = self.words.get(number);
            let shorter = word.char_indices().next_back().and_then(|(last, _)| word.get(..last));
            next = shorter.and_then(|shorter| self.words.longest(shorter));
            Some((word.len(), self.costs.get(number).copied()?))
        })
    }

    fn character(&self, c: char) -> Option<&Character> {
        place(c).and_then(|at| self.characters.get(at))
    }

    /// The cost of a surname of one character. A character too rare to be a word may be a surname nobody listed.
    pub(super) fn surname(&self, c: char) -> Option<f32> {
        let listed = self.character(c).and_then(|character| character.surname);
        let word = self.character(c).and_then(|character| character.word);
        listed.or_else(|| word.is_none_or(|cost| cost >= RARE).then_some(UNHEARD_SURNAME))
    }

    /// Whether a character that is no surname known can be one all the same: it is no word of every sentence.
    pub(super) fn can_be_surname(&self, c: char) -> bool {
        let word = self.character(c).and_then(|character| character.word);
        word.is_some_and(|cost| cost >= COMMON)
    }

    /// Whether it is a surname of two characters.
    pub(super) fn is_compound(&self, surname: &str) -> bool {
        let first = surname.chars().next().and_then(|first| self.character(first));
        first.is_some_and(|first| first.compound) && self.compound.contains(&surname)
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

/// The only character of the text.
fn alone(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_whole() {
        let count = |of: &dyn Fn(&Character) -> bool| LEXICON.characters.iter().filter(|c| of(c)).count();
        let words: Vec<&str> = (0..LEXICON.words.len()).map(|number| LEXICON.words.get(number)).collect();
        assert_eq!(words.len(), LEXICON.costs.len());
        assert!(words.len() > 65_000 && LEXICON.compound.len() > 40);
        assert!(words.iter().all(|word| word.chars().all(is_known) && (2..=LONGEST).contains(&word.chars().count())));
        assert!(count(&|c| c.word.is_some()) > 4_000);
        assert!(count(&|c| c.surname.is_some()) > 400);
        assert!(count(&|c| c.given < UNHEARD_GIVEN) > 2_000);
        assert!(count(&|c| c.sound < SOUNDS) >= 210);
        for line in include_str!("names.txt").lines() {
            assert!(["surname ", "compound ", "given ", "sound "].iter().any(|kind| line.starts_with(kind)), "{line}");
        }
    }
}
