//! Which names are known, and where they stand in a text.
//!
//! A name of three characters is hardly ever anything else, and is replaced wherever it stands. One of two can be an everyday
//! word (高峰, 文明). Which are is read off the archive: a word stands in many articles in which nobody of that name is
//! known. There it stays, but where something beside it says that it is a name; in the articles of a person of that name it
//! is replaced, but where it stands in company the word keeps where nobody has the name (文明校园).

mod census;
mod roll;

use std::collections::HashMap;
use std::ops::Range;

pub use census::Census;
pub use roll::Roll;

use super::FindMentions;
use super::skeleton::{Skeleton, is_dot};
use super::sorted::Sorted;
use crate::fold;
use census::Neighbour;
use roll::Number;

/// A name as it is compared: folded, without white space, any dot as `·`; parts of Latin names one space apart.
pub fn canonical(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(fold::text).collect();
    let glue = if words.iter().all(|word| word.is_ascii()) { " " } else { "" };
    words.join(glue).chars().map(|c| if is_dot(c) && glue.is_empty() { '·' } else { c }).collect()
}

/// One character, or one Latin word, is too little to look for in texts.
fn is_long_enough(name: &str) -> bool {
    if name.is_ascii() { name.len() > 4 && name.contains(' ') } else { name.chars().count() > 1 }
}

/// A name that is an everyday word too.
#[derive(Debug)]
struct Word {
    /// Articles in which a person of this name is known, in order.
    own: Box<[Number]>,
    /// What stands beside it where it is the word, in order.
    company: Box<[Neighbour]>,
}

/// The names known.
#[derive(Debug)]
pub struct Names {
    known: Sorted,
    words: HashMap<u32, Word>,
}

impl Names {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Those that are everyday words too, in order.
    pub fn words(&self) -> Vec<&str> {
        let mut words: Vec<&str> = self.words.keys().map(|number| self.known.get(*number as usize)).collect();
        words.sort_unstable();
        words
    }

    /// Whether somebody of this name is known.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.known.number(&canonical(name)).is_some()
    }

    /// Where names stand that are to be replaced, as bytes of the original.
    pub(super) fn find(
        &self,
        skeleton: &Skeleton,
        text: &str,
        articles: &[i64],
        mentions: FindMentions,
    ) -> Vec<(Range<usize>, &str)> {
        let mut mentioned: Option<Vec<Range<usize>>> = None;
        let mut found = Vec::new();
        for (number, range) in candidates(&self.known, skeleton) {
            let original = skeleton.original(&range);
            let word = u32::try_from(number).ok().and_then(|number| self.words.get(&number));
            let is_name = word.is_none_or(|word| {
                word.is_name(skeleton, &range, articles) || {
                    let mentioned = mentioned.get_or_insert_with(|| mentions(text));
                    mentioned.iter().any(|place| place.start <= original.start && original.end <= place.end)
                }
            });
            if is_name {
                found.push((original, self.known.get(number)));
            }
        }
        found
    }
}

impl Word {
    /// Whether it is a name here, as far as the article and what stands beside it tell.
    fn is_name(&self, skeleton: &Skeleton, range: &Range<usize>, articles: &[i64]) -> bool {
        if range.len() == skeleton.text.len() {
            return true;
        }
        let beside = Neighbour::both(skeleton, range);
        let in_company = beside.iter().flatten().any(|beside| self.company.binary_search(beside).is_ok());
        !in_company && articles.iter().any(|article| self.own.binary_search(&roll::number(*article)).is_ok())
    }
}

/// Every place at which a known name stands, words or not.
fn candidates<'s>(known: &'s Sorted, skeleton: &'s Skeleton) -> impl Iterator<Item = (usize, Range<usize>)> + 's {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = skeleton.text.get(at..)?;
            let Some(number) = known.longest(rest) else {
                at += rest.chars().next()?.len_utf8();
                continue;
            };
            let range = at..at + known.get(number).len();
            at = range.end;
            if is_whole(skeleton, &range) {
                return Some((number, range));
            }
        }
    })
}

/// Whether a name in Latin letters is no part of a longer word.
fn is_whole(skeleton: &Skeleton, range: &Range<usize>) -> bool {
    let (before, after) = skeleton.around(range);
    let latin =
        skeleton.text.get(range.clone()).is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphanumeric()));
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    !latin || !(letter(before) || letter(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(names: &Names, text: &str, article: i64) -> Vec<String> {
        let skeleton = Skeleton::of(text);
        let found = names.find(&skeleton, text, &[article], |text| {
            text.match_indices("文明同学").map(|(at, _)| at..at + "文明".len()).collect()
        });
        found.into_iter().map(|(range, _)| text[range].to_owned()).collect()
    }

    #[test]
    fn a_name_that_is_a_word_is_told_from_the_word_by_the_archive() {
        let mut roll = Roll::default();
        roll.told("文明", 1);
        roll.told("任颖", 1);
        let mut census = roll.census();
        census.count(1, ["文明说", "文明校园"]);
        for article in 2..20 {
            census.count(article, &["建设文明校园，讲文明。", "任颖"][..=usize::from(article < 4)]);
        }
        let names = census.finish();
        assert_eq!(names.words(), ["文明"]);
        assert_eq!(replaced(&names, "文明说，文明校园里任颖", 1), ["文明", "任颖"], "but not with the word's company");
        assert_eq!(replaced(&names, "文明说，任 颖", 7), ["任 颖"], "nobody of that name there");
        assert_eq!(replaced(&names, "文明同学说，文明校园", 7), ["文明"], "what stands beside it says so");
        assert_eq!(replaced(&names, "文明", 7), ["文明"], "a cell of its own");
    }

    #[test]
    fn the_longest_name_stands_and_latin_names_are_words() {
        let mut roll = Roll::default();
        for name in ["李明", "李明华", "John Smith", "李"] {
            roll.told(name, 1);
        }
        roll.mentioned("向李明", 1);
        let names = roll.census().finish();
        assert_eq!(
            replaced(&names, "李明华、向李明，JOHN  Smith, Johnsmith, John Smithson", 1),
            ["李明华", "李明", "JOHN  Smith"]
        );
        assert_eq!(names.len(), 3);
    }
}
