//! The names gathered from an archive, before it is known how they are used.

use super::census::Census;
use super::{canonical, is_long_enough};
use crate::veil::packed::{Numbered, Packed};
use crate::veil::sorted::Sorted;

/// First characters of a name found in a text that can also be the word before a known name: 向张明老师.
const PREPOSITIONS: &str = "向于和同与由为经从对跟据请让给";

/// The names gathered from an archive, article by article.
#[derive(Debug, Default)]
pub struct Roll {
    names: Numbered,
    entries: Vec<Entry>,
    /// Articles in which persons are known, each with the place of the same person's article before it.
    own: Vec<(Number, Place)>,
}

/// An article's number. An index counts them up from one; the lists of who stands in which article are half as long so.
pub(super) type Number = u32;

/// One past a place in [`Roll::own`]; none is zero.
type Place = u32;

#[derive(Debug, Default, Clone)]
struct Entry {
    /// Whether a record says that it is a person, and not only a text.
    told: bool,
    /// The last article in which a person of this name is known.
    last: Place,
}

impl Roll {
    /// A record of this article says that this is a person.
    pub fn told(&mut self, name: &str, article: i64) {
        self.add(name, article, true);
    }

    /// Somebody of this name seems to stand in a text of this article.
    pub fn mentioned(&mut self, name: &str, article: i64) {
        self.add(name, article, false);
    }

    fn add(&mut self, name: &str, article: i64, told: bool) {
        let (name, article) = (canonical(name), number(article));
        let at = self.names.number(&name) as usize;
        if at >= self.entries.len() {
            self.entries.resize(at + 1, Entry::default());
        }
        let Some(entry) = self.entries.get_mut(at) else { return };
        entry.told |= told;
        let last = (entry.last as usize).checked_sub(1).and_then(|place| self.own.get(place));
        if can_be_word(&name, entry.told) && last.is_none_or(|(last, _)| *last != article) {
            self.own.push((article, entry.last));
            entry.last = u32::try_from(self.own.len()).unwrap_or(u32::MAX);
        }
    }

    /// Begins to count how the names are used.
    pub fn census(self) -> Census {
        let Self { names: numbered, entries, own } = self;
        let told = |name: &str| {
            numbered.known(name).and_then(|number| entries.get(number as usize)).is_some_and(|entry| entry.told)
        };
        let joined = |name: &str| {
            let mut chars = name.chars();
            chars.next().is_some_and(|first| PREPOSITIONS.contains(first)) && told(chars.as_str())
        };
        let mut order: Vec<u32> = Vec::with_capacity(entries.len());
        for (number, entry) in (0..).zip(&entries) {
            let name = numbered.names().get(number as usize);
            if is_long_enough(name) && (entry.told || !joined(name)) {
                order.push(number);
            }
        }
        let names = numbered.into_names();
        order.sort_unstable_by(|a, b| names.get(*a as usize).cmp(names.get(*b as usize)));
        let mut sorted = Packed::default();
        let mut articles = Own::default();
        for number in order {
            let name = names.get(number as usize);
            let entry = entries.get(number as usize).filter(|entry| can_be_word(name, entry.told));
            sorted.push(name);
            articles.push(entry.map(|entry| chain(&own, entry.last)).into_iter().flatten());
        }
        Census::of(Sorted::of(sorted), articles)
    }
}

/// The article's number as it is kept here.
pub(super) fn number(article: i64) -> Number {
    Number::try_from(article).unwrap_or(Number::MAX)
}

/// A name of three characters that a record tells of is hardly ever anything else.
fn can_be_word(name: &str, told: bool) -> bool {
    !told || name.chars().count() == 2
}

/// The articles of a person, the last one first.
fn chain(own: &[(Number, Place)], last: Place) -> impl Iterator<Item = Number> {
    let step = |place: Place| (place as usize).checked_sub(1).and_then(|at| own.get(at)).copied();
    std::iter::successors(step(last), move |(_, before)| step(*before)).map(|(article, _)| article)
}

/// The articles in which each person is known whose name can be a word.
#[derive(Debug, Default)]
pub(super) struct Own {
    /// In order for each name.
    articles: Vec<Number>,
    ends: Vec<u32>,
}

impl Own {
    fn push(&mut self, articles: impl Iterator<Item = Number>) {
        let start = self.articles.len();
        self.articles.extend(articles);
        if let Some(added) = self.articles.get_mut(start..) {
            added.sort_unstable();
        }
        self.ends.push(u32::try_from(self.articles.len()).unwrap_or(u32::MAX));
    }

    /// Those of the name of this number; none for one that can be no word.
    pub(super) fn of(&self, name: usize) -> &[Number] {
        let start = name.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        self.ends.get(name).and_then(|end| self.articles.get(start as usize..*end as usize)).unwrap_or_default()
    }
}
