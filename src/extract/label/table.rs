//! Where labels stand in a text: the words of a table that something sets off, the first of them and of those the longest.
//!
//! What is looked for is an expression of four hundred words, each with white space between its letters or not. Compiled it takes
//! two megabytes in every thread that reads; looked up by first letters it takes none, and the tests hold it to the expression.

use std::collections::HashMap;
use std::ops::Range;

/// What sets a label off from its value as a colon does, white space aside.
pub(super) const COLONS: &[char] = &[':', '：', '∶', '︰', '|', '丨', '｜'];
/// What sets a label off as a slash does.
pub(super) const SLASHES: &[char] = &['/', '／'];
/// What stands between two roles in one hand.
const JOINTS: &[char] = &['/', '／', '、', '&', '·', '和', '与'];
/// Roles in one hand, at the most.
const MOST_JOINED: usize = 16;
/// Letters of a word that may stand apart (`作　者`), at the most.
const SPACED: usize = 3;

/// A word of the table.
struct Word {
    letters: &'static str,
    spaced: bool,
    /// Whether others may be joined to it.
    role: bool,
}

/// Words by their first letter, longest first, so that 发布时间 is not read as 发布.
pub(super) struct Table {
    words: HashMap<char, Vec<Word>>,
    /// The first letters, a bit each: nearly every letter of a text is none.
    first: Vec<u64>,
}

impl Table {
    /// Of words that stand alone, and of roles, which also stand joined (`文/图`).
    pub(super) fn of(alone: impl Iterator<Item = &'static str>, roles: impl Iterator<Item = &'static str>) -> Self {
        let mut table = Self { words: HashMap::new(), first: Vec::new() };
        let all = alone.map(|word| (word, false)).chain(roles.map(|word| (word, true)));
        for (letters, role) in all {
            let Some(first) = letters.chars().next() else { continue };
            let (at, bit) = place(first);
            table.first.resize(table.first.len().max(at + 1), 0);
            if let Some(bits) = table.first.get_mut(at) {
                *bits |= bit;
            }
            let spaced = letters.chars().count() <= SPACED;
            table.words.entry(first).or_default().push(Word { letters, spaced, role });
        }
        for words in table.words.values_mut() {
            words.sort_by_key(|word| std::cmp::Reverse(word.letters.chars().count()));
        }
        table
    }

    /// The first label from a byte on, with what sets it off.
    pub(super) fn find_at(&self, text: &str, from: usize) -> Option<Range<usize>> {
        let letters = text.get(from..)?.char_indices().filter(|(_, c)| self.may_begin(*c));
        letters.map(|(at, _)| from + at).find_map(|start| {
            let end = self.joined(text, start).or_else(|| self.alone(text, start))?;
            Some(start..end)
        })
    }

    fn may_begin(&self, c: char) -> bool {
        let (at, bit) = place(c);
        self.first.get(at).is_some_and(|bits| bits & bit != 0)
    }

    /// Where the words end that stand at a byte, the longest first.
    fn words_at<'t>(&'t self, text: &'t str, at: usize) -> impl Iterator<Item = (&'t Word, usize)> {
        let rest = text.get(at..).unwrap_or_default();
        let words = rest.chars().next().and_then(|first| self.words.get(&first)).into_iter().flatten();
        words.filter_map(move |word| Some((word, at + word.length_in(rest)?)))
    }

    fn roles_at<'t>(&'t self, text: &'t str, at: usize) -> impl Iterator<Item = usize> {
        self.words_at(text, at).filter(|(word, _)| word.role).map(|(_, end)| end)
    }

    fn alone(&self, text: &str, at: usize) -> Option<usize> {
        self.words_at(text, at).find_map(|(_, end)| behind_separator(text, end))
    }

    /// Two roles or more.
    fn joined(&self, text: &str, at: usize) -> Option<usize> {
        self.roles_at(text, at).find_map(|end| self.roles_behind(text, behind_joint(text, end)?, MOST_JOINED))
    }

    /// The rest of joined roles, and what sets them off. No role holds a joint, so that at most one of those that stand at a
    /// byte leads on, and time is linear.
    fn roles_behind(&self, text: &str, at: usize, most: usize) -> Option<usize> {
        let on = |end| self.roles_behind(text, behind_joint(text, end)?, most - 1);
        self.roles_at(text, at).find_map(|end| {
            let joined = if most > 1 { on(end) } else { None };
            joined.or_else(|| behind_separator(text, end))
        })
    }
}

impl Word {
    /// Bytes of the word at the start of a text, white space between its letters included.
    fn length_in(&self, text: &str) -> Option<usize> {
        if !self.spaced {
            return text.starts_with(self.letters).then_some(self.letters.len());
        }
        let mut letters = self.letters.chars();
        let mut rest = text.strip_prefix(letters.next()?)?;
        for letter in letters {
            rest = rest.trim_start().strip_prefix(letter)?;
        }
        Some(text.len() - rest.len())
    }
}

/// Where a letter's bit stands.
fn place(c: char) -> (usize, u64) {
    let code = u32::from(c);
    (usize::try_from(code / 64).unwrap_or(usize::MAX), 1 << (code % 64))
}

/// Where what sets a label off ends that may stand at a byte: a colon, a slash, or white space alone.
fn behind_separator(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let bare = rest.trim_start();
    let slash = without_space(rest);
    let behind = if let Some(value) = bare.strip_prefix(COLONS) {
        value
    } else if let Some(value) = slash.strip_prefix(SLASHES) {
        value
    } else if bare.len() < rest.len() {
        bare
    } else {
        return None;
    };
    Some(text.len() - behind.len())
}

fn behind_joint(text: &str, at: usize) -> Option<usize> {
    let behind = without_space(text.get(at..)?).strip_prefix(JOINTS)?;
    Some(text.len() - without_space(behind).len())
}

/// Without one space it may begin with.
fn without_space(text: &str) -> &str {
    text.strip_prefix(char::is_whitespace).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    use super::*;

    const ALONE: [&str; 6] = ["图片来源", "发布时间", "时间", "来源", "单位", "Date"];
    const ROLES: [&str; 9] = ["责任编辑", "图文编辑", "编辑者", "编辑", "图文", "文图", "图", "文", "摄影"];

    fn table() -> Table {
        Table::of(ALONE.into_iter(), ROLES.into_iter())
    }

    /// What is looked for, as an expression.
    fn expression() -> Regex {
        let alternatives = |words: &[&str]| {
            let mut words = words.to_vec();
            words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
            let spaced = |word: &&str| {
                let letters: Vec<String> = word.chars().map(String::from).collect();
                if letters.len() <= SPACED { letters.join(r"\s*") } else { letters.concat() }
            };
            words.iter().map(spaced).collect::<Vec<_>>().join("|")
        };
        let (roles, all) = (alternatives(&ROLES), alternatives(&[ALONE.as_slice(), ROLES.as_slice()].concat()));
        let joined = format!(r"(?:{roles})(?:\s?[/／、&·和与]\s?(?:{roles}))+");
        Regex::new(&format!(r"(?:{joined}|{all})(?:\s*[:：∶︰|丨｜]|\s?[/／]|\s+)")).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn it_finds_what_the_expression_finds(
            pieces in prop::collection::vec(
                prop::sample::select([ALONE.as_slice(), ROLES.as_slice(), &[
                    " ", " ", "  ", "　", "\n", ":", "：", "|", "/", "／", "、", "和", "与", "·", "&", "片", "辑", "编", "来", "李", "D",
                ]].concat()),
                0..14,
            )
        ) {
            let text = pieces.concat();
            let (table, expression) = (table(), expression());
            for from in text.char_indices().map(|(at, _)| at) {
                let want = expression.find_at(&text, from).map(|found| found.range());
                prop_assert_eq!(table.find_at(&text, from), want, "{:?} from {}", text, from);
            }
        }
    }

    #[test]
    fn joined_roles_without_end_are_no_burden() {
        let (table, text) = (table(), "文/".repeat(200_000));
        let mut from = 0;
        let mut labels = 0;
        while let Some(found) = table.find_at(&text, from) {
            from = found.end;
            labels += 1;
        }
        assert_eq!(labels, text.len() / "文/".len() / (MOST_JOINED + 1) + 1);
    }
}
