//! Which names are known, and where they stand in a text.
//!
//! A name of three characters is hardly ever anything else, and is replaced wherever it stands. One of two can be an everyday
//! word (高峰, 文明). Which are is read off the archive: a word stands in many articles in which nobody of that name is
//! known. There it stays, but where something beside it says that it is a name; in the articles of a person of that name it
//! is replaced, but where it stands in company the word keeps where nobody has the name (文明校园).

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use aho_corasick::{AhoCorasick, Input, MatchKind};

use super::FindMentions;
use super::skeleton::{Skeleton, is_dot, is_han};
use crate::fold;

/// Articles without a person of the name from which on a name can be a word.
const WORD_ARTICLES: u32 = 5;
/// How many of them there must be for each article with a person of the name.
const WORD_TIMES: u32 = 2;
/// Articles in which a neighbour must stand beside a word to be its company.
const COMPANY: u32 = 2;
/// First characters of a name found in a text that can also be the word before a known name: 向张明老师.
const PREPOSITIONS: &str = "向于和同与由为经从对跟据请让给";

/// A name as it is compared: folded, without white space, any dot as `·`; parts of Latin names one space apart.
pub fn canonical(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(fold::text).collect();
    let glue = if words.iter().all(|word| word.is_ascii()) { " " } else { "" };
    words.join(glue).chars().map(|c| if is_dot(c) && glue.is_empty() { '·' } else { c }).collect()
}

/// The names gathered from an archive.
#[derive(Debug, Default)]
pub struct Roll(HashMap<String, Entry>);

#[derive(Debug, Default)]
struct Entry {
    /// Whether a record says that it is a person, and not only a text.
    told: bool,
    /// Articles in which a person of this name is known.
    own: Vec<i64>,
}

impl Roll {
    /// A record of this article says that this is a person.
    pub fn told(&mut self, name: &str, article: i64) {
        self.add(name, article).told = true;
    }

    /// Somebody of this name seems to stand in a text of this article.
    pub fn mentioned(&mut self, name: &str, article: i64) {
        self.add(name, article);
    }

    fn add(&mut self, name: &str, article: i64) -> &mut Entry {
        let entry = self.0.entry(canonical(name)).or_default();
        if entry.own.last() != Some(&article) {
            entry.own.push(article);
        }
        entry
    }

    /// Begins to count how the names are used.
    pub fn census(mut self) -> Census {
        let told = |name: &str| self.0.get(name).is_some_and(|entry| entry.told);
        let joined = |name: &str| {
            let mut chars = name.chars();
            chars.next().is_some_and(|first| PREPOSITIONS.contains(first)) && told(chars.as_str())
        };
        let wrong: Vec<String> =
            self.0.iter().filter(|(name, entry)| !entry.told && joined(name)).map(|(name, _)| name.clone()).collect();
        for name in wrong {
            self.0.remove(&name);
        }
        let mut entries: Vec<(String, Entry)> = self.0.into_iter().filter(|(name, _)| is_long_enough(name)).collect();
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        let (names, entries): (Vec<String>, Vec<Entry>) = entries.into_iter().unzip();
        let uses = entries.iter().map(|_| Uses::default()).collect();
        Census { names: Names::of(names, HashMap::new()), entries, uses }
    }
}

/// One character, or one Latin word, is too little to look for in texts.
fn is_long_enough(name: &str) -> bool {
    if name.is_ascii() { name.len() > 4 && name.contains(' ') } else { name.chars().count() > 1 }
}

/// The characters before and after a name.
type Neighbours = (Option<char>, Option<char>);

/// How a name stands where nobody of that name is known.
#[derive(Debug, Default)]
struct Uses {
    articles: u32,
    before: HashMap<char, u32>,
    after: HashMap<char, u32>,
}

/// Counts how names are used in the texts of an archive.
#[derive(Debug)]
pub struct Census {
    names: Names,
    entries: Vec<Entry>,
    uses: Vec<Uses>,
}

impl Census {
    /// Counts the uses of names in an article's texts.
    pub fn count(&mut self, article: i64, texts: impl IntoIterator<Item = impl AsRef<str>>) {
        let mut used: HashMap<usize, HashSet<Neighbours>> = HashMap::new();
        for text in texts {
            let skeleton = Skeleton::of(text.as_ref());
            for (number, range) in self.names.candidates(&skeleton) {
                let can_be_word =
                    self.entries.get(number).is_some_and(|entry| can_be_word(entry, self.names.name(number)));
                if can_be_word {
                    used.entry(number).or_default().insert(skeleton.around(&range));
                }
            }
        }
        for (number, company) in used {
            let own = self.entries.get(number).is_some_and(|entry| entry.own.binary_search(&article).is_ok());
            if let Some(uses) = self.uses.get_mut(number).filter(|_| !own) {
                uses.articles += 1;
                let (before, after): (HashSet<_>, HashSet<_>) = company.into_iter().unzip();
                before.into_iter().flatten().for_each(|c| *uses.before.entry(c).or_default() += 1);
                after.into_iter().flatten().for_each(|c| *uses.after.entry(c).or_default() += 1);
            }
        }
    }

    /// The names, words told from them.
    pub fn finish(self) -> Names {
        let Self { names, entries, uses } = self;
        let company = |uses: HashMap<char, u32>| {
            uses.into_iter().filter(|(c, articles)| is_han(*c) && *articles >= COMPANY).map(|(c, _)| c).collect()
        };
        let counted = entries.into_iter().zip(uses).enumerate();
        let words = counted.filter_map(|(number, (entry, uses))| {
            let own = u32::try_from(entry.own.len()).unwrap_or(u32::MAX);
            let is_word = uses.articles >= WORD_ARTICLES && uses.articles > WORD_TIMES.saturating_mul(own);
            is_word.then(|| (number, Word { own: entry.own, before: company(uses.before), after: company(uses.after) }))
        });
        let words = words.collect();
        Names { words, ..names }
    }
}

fn can_be_word(entry: &Entry, name: &str) -> bool {
    !entry.told || name.chars().count() == 2
}

/// A name that is an everyday word too.
#[derive(Debug)]
struct Word {
    /// Articles in which a person of this name is known.
    own: Vec<i64>,
    /// Characters beside it where it is the word.
    before: HashSet<char>,
    after: HashSet<char>,
}

/// The names known.
#[derive(Debug)]
pub struct Names {
    /// In bytewise order.
    known: Vec<String>,
    finder: Option<AhoCorasick>,
    words: HashMap<usize, Word>,
}

impl Names {
    fn of(names: Vec<String>, words: HashMap<usize, Word>) -> Self {
        // It fails for more than 2^31 states alone: a hundred million characters of names.
        let finder = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&names).ok();
        Self { known: names, finder, words }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Those that are everyday words too, in order.
    pub fn words(&self) -> Vec<&str> {
        let mut words: Vec<&str> = self.words.keys().map(|number| self.name(*number)).collect();
        words.sort_unstable();
        words
    }

    fn name(&self, number: usize) -> &str {
        self.known.get(number).map_or("", String::as_str)
    }

    /// Whether somebody of this name is known.
    pub(super) fn knows(&self, name: &str) -> bool {
        let name = canonical(name);
        self.known.binary_search(&name).is_ok()
    }

    /// Every place at which a name stands, words or not.
    fn candidates<'s>(&'s self, skeleton: &'s Skeleton) -> impl Iterator<Item = (usize, Range<usize>)> + 's {
        let mut at = 0;
        std::iter::from_fn(move || {
            loop {
                let found = self.finder.as_ref()?.find(Input::new(&skeleton.text).range(at..))?;
                at = found.end();
                if is_whole(skeleton, &found.range()) {
                    return Some((found.pattern().as_usize(), found.range()));
                }
            }
        })
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
        for (number, range) in self.candidates(skeleton) {
            let original = skeleton.original(&range);
            let is_name = self.words.get(&number).is_none_or(|word| {
                word.is_name(skeleton, &range, articles) || {
                    let mentioned = mentioned.get_or_insert_with(|| mentions(text));
                    mentioned.iter().any(|place| place.start <= original.start && original.end <= place.end)
                }
            });
            if is_name {
                found.push((original, self.name(number)));
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
        let (before, after) = skeleton.around(range);
        let in_company =
            before.is_some_and(|c| self.before.contains(&c)) || after.is_some_and(|c| self.after.contains(&c));
        !in_company && articles.iter().any(|article| self.own.binary_search(article).is_ok())
    }
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
