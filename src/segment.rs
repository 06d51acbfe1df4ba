//! Text cut into what is searched for: units, queries over them, and where they stand in the original.
//!
//! A unit is one Chinese character, one run of Latin letters, or one run of digits, folded. Every two units in a row are
//! one token of the index, so that a word of any length is found wherever it stands: no dictionary decides that 主题教育
//! is not to be found in 以主题教育为契机. A segmenter's words would find less (a word across its boundaries is lost) and cost a
//! dictionary in every run; `docs/adr/0014-search.md` has the figures. Latin words and numbers are whole: 6月 is not
//! found in 16月, nor art in party.
//!
//! Entry points: [`units`] with [`pairs`] and [`singles`] for the index, [`Query`] for what was asked, [`Needle::find`] for highlights.

mod highlight;
mod query;

use std::collections::BTreeSet;

use crate::fold;
pub use highlight::{Snippet, snippet};
pub use query::{Field, Leaf, Node, Query, QueryError};

/// Stands between two units with a space or punctuation between them.
const GAP: char = '~';

/// One unit of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Folded letters.
    pub text: String,
    /// Its first character in the original text.
    pub start: usize,
    /// One past its last character.
    pub end: usize,
    /// What stands between it and the unit before.
    pub before: Before,
}

/// What stands between a unit and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// Nothing.
    Nothing,
    /// Spaces, punctuation, symbols; but no spaces alone between Chinese and Latin letters or numbers.
    Gap,
    /// The end of a paragraph, or the text's beginning.
    Break,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Latin,
    Digit,
    /// A character that is a unit of its own.
    Single,
}

fn kind(c: char) -> Option<Kind> {
    match c {
        '0'..='9' => Some(Kind::Digit),
        'a'..='z' => Some(Kind::Latin),
        // Nearly every character there is, told without looking it up.
        '\u{4e00}'..='\u{9fff}' => Some(Kind::Single),
        // Letters of alphabets written in words; all others, Chinese above all, stand for themselves.
        '\u{c0}'..='\u{24f}' | '\u{370}'..='\u{5ff}' if c.is_alphanumeric() => Some(Kind::Latin),
        _ => c.is_alphanumeric().then_some(Kind::Single),
    }
}

/// The units of a text, in order.
pub fn units(text: &str) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let (mut before, mut open) = (Before::Break, None);
    // What the last unit was, as long as nothing but spaces stands behind it.
    let mut spaced = None;
    for (c, at) in fold::chars(text) {
        let Some(found) = kind(c) else {
            if c == '\n' {
                before = Before::Break;
            } else if before == Before::Nothing {
                before = Before::Gap;
            }
            spaced = spaced.filter(|_| c.is_whitespace());
            open = None;
            continue;
        };
        // Whether there is a space between Chinese and Latin letters or numbers is the typesetter's taste.
        if before == Before::Gap && spaced.is_some_and(|last| (last == Kind::Single) != (found == Kind::Single)) {
            before = Before::Nothing;
        }
        match units.last_mut().filter(|_| open == Some(found) && found != Kind::Single) {
            Some(unit) => {
                unit.text.push(c);
                unit.end = at + 1;
            }
            None => units.push(Unit { text: c.to_string(), start: at, end: at + 1, before }),
        }
        (before, open, spaced) = (Before::Nothing, Some(found), Some(found));
    }
    units
}

/// The tokens of a text, one for each unit: the unit with the next one, alone at the end of a paragraph.
pub fn pairs(units: &[Unit]) -> String {
    tokens(units, true)
}

/// Each unit of a text once.
pub fn singles(units: &[Unit]) -> String {
    let units: BTreeSet<&str> = units.iter().map(|unit| unit.text.as_str()).collect();
    units.into_iter().collect::<Vec<_>>().join(" ")
}

/// Tokens of units, separated by spaces; the last unit has one of its own only in a text, not in a query.
fn tokens(units: &[Unit], last: bool) -> String {
    let mut tokens = String::new();
    for (at, unit) in units.iter().enumerate() {
        let next = units.get(at + 1);
        if next.is_none() && !last {
            break;
        }
        if at > 0 {
            tokens.push(' ');
        }
        tokens.push_str(&unit.text);
        match next.map(|next| (next, next.before)) {
            Some((next, Before::Nothing)) => tokens.push_str(&next.text),
            Some((next, Before::Gap)) => {
                tokens.push(GAP);
                tokens.push_str(&next.text);
            }
            Some((_, Before::Break)) | None => {}
        }
    }
    tokens
}

/// Units looked for in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needle {
    units: Vec<Unit>,
}

impl Needle {
    /// What a word or phrase looks for; `None` where it has no letter or digit.
    pub fn of(text: &str) -> Option<Self> {
        let mut units = units(text);
        // A line break typed into a phrase is a space.
        units.iter_mut().skip(1).filter(|unit| unit.before == Before::Break).for_each(|unit| unit.before = Before::Gap);
        (!units.is_empty()).then_some(Self { units })
    }

    /// Its only unit, where it has one.
    pub fn single(&self) -> Option<&str> {
        match self.units.as_slice() {
            [only] => Some(&only.text),
            _ => None,
        }
    }

    /// Its tokens in the index of pairs.
    pub fn tokens(&self) -> String {
        tokens(&self.units, false)
    }

    /// Where it stands among a text's units, as characters of the text; matches do not overlap.
    pub fn find(&self, text: &[Unit]) -> Vec<(usize, usize)> {
        let (mut found, mut at) = (Vec::new(), 0);
        while let Some(window) = text.get(at..at + self.units.len()) {
            let same = |(at, (a, b)): (usize, (&Unit, &Unit))| a.text == b.text && (at == 0 || a.before == b.before);
            if window.iter().zip(&self.units).enumerate().all(same) {
                found.extend(window.first().zip(window.last()).map(|(first, last)| (first.start, last.end)));
                at += self.units.len();
            } else {
                at += 1;
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_tokens() {
        for (text, want) in [
            ("主题教育", "主题 题教 教育 育"),
            ("學思想，強黨性。", "学思 思想 想~强 强党 党性 性"),
            ("第５期\nAI技术 2.0", "第5 5期 期 ai技 技术 术2 2~0 0"),
            ("5G", "5g g"),
            ("AI 技术，自 2023 年 6 月起", "ai技 技术 术~自 自2023 2023年 年6 6月 月起 起"),
            ("于 AI、技术 会议", "于ai ai~技 技术 术~会 会议 议"),
            (" …\n", ""),
        ] {
            assert_eq!(pairs(&units(text)), want, "{text}");
        }
        assert_eq!(singles(&units("学而时习，学AI AI")), "ai 习 学 时 而");
    }

    #[test]
    fn needles_are_found_where_they_stand() {
        let find = |needle: &str, text: &str| Needle::of(needle).unwrap().find(&units(text));
        assert_eq!(find("教育", "主題教育，教育"), [(2, 4), (5, 7)]);
        assert_eq!(find("教育人", "主题教育\n人"), [], "not across paragraphs");
        assert_eq!(find("学 思", "学，思；学思"), [(0, 3)], "a space stands for what separates");
        assert_eq!(find("6月", "16月6月"), [(3, 5)]);
        assert_eq!(find("ART", "party art"), [(6, 9)]);
        assert_eq!(find("m2", "50㎡"), [(2, 3)], "one character that reads as two");
        assert_eq!(Needle::of("——"), None);
    }
}
