//! How the names of an archive are used: which of them are everyday words too, and in what company the word stands.

use std::ops::Range;

use super::roll::{Own, number};
use super::{Names, Word, candidates};
use crate::veil::skeleton::{Skeleton, is_han};
use crate::veil::sorted::Sorted;

/// Articles without a person of the name from which on a name can be a word.
const WORD_ARTICLES: u32 = 5;
/// How many of them there must be for each article with a person of the name.
const WORD_TIMES: u32 = 2;

/// Counts how names are used in the texts of an archive.
#[derive(Debug)]
pub struct Census {
    known: Sorted,
    own: Own,
    uses: Vec<Uses>,
    /// For each name one past the place of its uses; zero where it has none.
    places: Vec<u32>,
}

/// How a name stands where nobody of that name is known.
#[derive(Debug, Default)]
struct Uses {
    articles: u32,
    /// How many neighbours stood beside it in more than one article, and so are its company.
    company: u32,
    /// These, in order, and behind them those that stood beside it in one article, in order.
    neighbours: Vec<Neighbour>,
}

impl Census {
    pub(super) fn of(known: Sorted, own: Own) -> Self {
        Self { places: vec![0; known.len()], known, own, uses: Vec::new() }
    }

    /// Counts the uses of names in an article's texts.
    pub fn count(&mut self, article: i64, texts: impl IntoIterator<Item = impl AsRef<str>>) {
        let article = number(article);
        let mut used: Vec<(u32, Option<Neighbour>)> = Vec::new();
        for text in texts {
            let skeleton = Skeleton::of(text.as_ref());
            for (name, range) in candidates(&self.known, &skeleton) {
                let own = self.own.of(name);
                // Without an article of its own it can be no word.
                if !own.is_empty() && own.binary_search(&article).is_err() {
                    let name = u32::try_from(name).unwrap_or(u32::MAX);
                    used.push((name, None));
                    used.extend(
                        Neighbour::both(&skeleton, &range).into_iter().flatten().map(|beside| (name, Some(beside))),
                    );
                }
            }
        }
        used.sort_unstable();
        used.dedup();
        for (name, beside) in used {
            if let Some(uses) = self.uses_of(name) {
                uses.add(beside);
            }
        }
    }

    fn uses_of(&mut self, name: u32) -> Option<&mut Uses> {
        let place = self.places.get_mut(name as usize)?;
        if *place == 0 {
            self.uses.push(Uses::default());
            *place = u32::try_from(self.uses.len()).ok()?;
        }
        self.uses.get_mut(*place as usize - 1)
    }

    /// The names, words told from them.
    pub fn finish(self) -> Names {
        let Self { known, own, uses, places } = self;
        let numbered = (0..).zip(places).filter(|(_, place)| *place > 0);
        let words = numbered.filter_map(|(name, place): (u32, u32)| {
            let uses = uses.get(place as usize - 1)?;
            let own = own.of(name as usize);
            let times = u32::try_from(own.len()).unwrap_or(u32::MAX);
            let is_word = uses.articles >= WORD_ARTICLES && uses.articles > WORD_TIMES.saturating_mul(times);
            is_word.then(|| (name, Word { own: own.into(), company: uses.company().into() }))
        });
        let words = words.collect();
        Names { known, words }
    }
}

impl Uses {
    /// One more article, or what stood beside the name in it.
    fn add(&mut self, beside: Option<Neighbour>) {
        let Some(beside) = beside else {
            self.articles += 1;
            return;
        };
        let (company, once) = self.neighbours.split_at(self.company as usize);
        let Err(place) = company.binary_search(&beside) else { return };
        match once.binary_search(&beside) {
            Ok(before) => {
                self.neighbours.remove(company.len() + before);
                self.neighbours.insert(place, beside);
                self.company += 1;
            }
            Err(place) => self.neighbours.insert(company.len() + place, beside),
        }
    }

    /// What stood beside it in more than one article.
    fn company(&self) -> &[Neighbour] {
        self.neighbours.get(..self.company as usize).unwrap_or_default()
    }
}

/// A Chinese character on one side of a name, in two bytes: there are many beside each of many names. A character beyond the basic
/// plane keeps no word company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Neighbour(u16);

/// The first Chinese character of the basic plane, 〇, comes seven behind it.
const FIRST: u32 = 0x3000;

impl Neighbour {
    /// What stands on both sides of this place.
    pub(super) fn both(skeleton: &Skeleton, range: &Range<usize>) -> [Option<Self>; 2] {
        let (before, after) = skeleton.around(range);
        [before.and_then(|c| Self::beside(c, 0)), after.and_then(|c| Self::beside(c, 1))]
    }

    fn beside(c: char, side: u32) -> Option<Self> {
        if !is_han(c) {
            return None;
        }
        let place = u32::from(c).checked_sub(FIRST)?;
        u16::try_from(place * 2 + side).ok().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn company_is_what_stood_beside_a_name_twice() {
        let mut uses = Uses::default();
        let neighbour = |c| Neighbour::beside(c, 0);
        for c in "校讲校树讲校学".chars() {
            uses.add(None);
            uses.add(neighbour(c));
        }
        let mut company: Vec<Neighbour> = ['校', '讲'].into_iter().filter_map(neighbour).collect();
        company.sort_unstable();
        assert_eq!((uses.articles, uses.company()), (7, company.as_slice()));
        assert_eq!(uses.neighbours.len(), 4);
    }

    #[test]
    fn both_sides_of_all_characters_of_the_basic_plane_are_told_apart() {
        let all = ('\u{3400}'..='\u{9fff}').chain(['〇']).filter(|c| is_han(*c));
        let sides = |c| [Neighbour::beside(c, 0), Neighbour::beside(c, 1)];
        let mut neighbours: Vec<Neighbour> = all.flat_map(sides).map(|beside| beside.unwrap()).collect();
        let count = neighbours.len();
        neighbours.sort_unstable();
        neighbours.dedup();
        assert_eq!(neighbours.len(), count);
        for none in ['a', '，', '\u{20000}'] {
            assert_eq!(sides(none), [None, None]);
        }
    }
}
