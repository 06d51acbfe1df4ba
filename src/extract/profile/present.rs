//! Which names a page's elements bear, so that a selector that names none of them is not looked for.
//!
//! A page is asked for dozens of selectors and shows a few of them. One walk notes every id, class and tag in a filter; a
//! selector that the filter turns away matches nothing, and no walk is made for it. The filter errs only on the safe side:
//! two names may share a bit.

use html5ever::local_name;
use scraper::{ElementRef, Html};

use crate::extract::dom::{self, Walk};

use super::css_key::Key;

/// Words of the filter: the few hundred names of a page fill a fiftieth of its bits.
const WORDS: usize = 256;

/// The names on one page.
#[derive(Debug)]
pub struct Present {
    bits: Box<[u64; WORDS]>,
}

/// What a name names.
#[derive(Clone, Copy)]
enum Kind {
    Id,
    Class,
    Tag,
}

impl Present {
    /// Notes the names of all elements.
    pub fn of(doc: &Html) -> Self {
        let mut present = Self { bits: Box::new([0; WORDS]) };
        let mut last = None;
        for element in Walk::below(doc.tree.root()).filter_map(ElementRef::wrap) {
            let element = element.value();
            // Rows of one tag follow each other.
            if last != Some(&element.name.local) {
                present.note(Kind::Tag, element.name());
                last = Some(&element.name.local);
            }
            if let Some(id) = dom::attr_of(element, &local_name!("id")) {
                present.note(Kind::Id, id);
            }
            dom::classes(element).for_each(|class| present.note(Kind::Class, class));
        }
        present
    }

    fn note(&mut self, kind: Kind, name: &str) {
        let (word, bit) = place(kind, name);
        if let Some(word) = self.bits.get_mut(word) {
            *word |= bit;
        }
    }

    /// Whether an element may bear the name.
    pub(super) fn may_hold(&self, key: &Key) -> bool {
        let (word, bit) = match key {
            Key::Id(id) => place(Kind::Id, id),
            Key::Class(class) => place(Kind::Class, class),
            Key::Tag(tag) => place(Kind::Tag, tag),
            Key::Any => return true,
        };
        self.bits.get(word).is_none_or(|word| word & bit != 0)
    }
}

/// The word and the bit of a name: FNV-1a, which takes letters in lower case as they come, without a copy of the name. Case is
/// no part of a tag, and for the others it only shares bits.
fn place(kind: Kind, name: &str) -> (usize, u64) {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = name.bytes().map(|byte| byte.to_ascii_lowercase()).fold(step(0xcbf2_9ce4_8422_2325, kind as u8), step);
    let mixed = hash ^ (hash >> 32);
    let word = usize::try_from(mixed >> 6).unwrap_or(usize::MAX) % WORDS;
    (word, 1 << (mixed & 63))
}

#[cfg(test)]
mod tests {
    use super::super::Css;
    use super::*;

    #[test]
    fn what_is_on_the_page_is_never_turned_away_and_most_else_is() {
        let doc = dom::parse("<div ID=main class='a  B\tc'><p class=x>一</p><svg><linearGradient id=g /></svg></div>");
        let present = Present::of(&doc);
        for text in ["#main", ".a", ".B", "p.x", "div > p", "linearGradient", "#g", "[class]", "*", ".none, .x"] {
            let css = Css::parse(text).unwrap();
            assert!(css.first(&doc).is_some() && css.is_possible_on(&present), "{text}");
        }
        let none = (0..100).map(|n| Css::parse(&format!("p .none{n}")).unwrap());
        assert!(none.filter(|css| css.is_possible_on(&present)).count() < 5);
        assert!(!Css::parse("#a").unwrap().is_possible_on(&present), "an id is no class");
    }
}
