//! Functions, statuses and titles of persons, and what a function or a name may follow.
//!
//! Longest-match look-ups over the tables of [`words`]. Nothing here decides whether a string is a name.

mod words;

use std::collections::HashMap;
use std::sync::LazyLock;

use words::{DEGREES, GROUPS, ROLES, TITLES, UNITS};

/// Words by their last character, longest first, so that a look-up at the end of a text tries a handful.
pub(super) struct Endings(HashMap<char, Vec<&'static str>>);

impl Endings {
    pub(super) fn of(tables: &[&[&'static str]]) -> Self {
        let mut by_last: HashMap<char, Vec<&'static str>> = HashMap::new();
        for word in tables.iter().flat_map(|table| table.iter()) {
            if let Some(last) = word.chars().last() {
                by_last.entry(last).or_default().push(word);
            }
        }
        for words in by_last.values_mut() {
            words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        }
        Self(by_last)
    }

    /// The longest word the text ends with.
    pub(super) fn longest(&self, text: &str) -> Option<&'static str> {
        self.0.get(&text.chars().last()?)?.iter().find(|word| text.ends_with(*word)).copied()
    }
}

/// Words by their first character, longest first: the same for the start of a text.
pub(super) struct Beginnings(HashMap<char, Vec<&'static str>>);

impl Beginnings {
    pub(super) fn of(words: impl IntoIterator<Item = &'static str>) -> Self {
        let mut by_first: HashMap<char, Vec<&'static str>> = HashMap::new();
        for word in words {
            if let Some(first) = word.chars().next() {
                by_first.entry(first).or_default().push(word);
            }
        }
        for words in by_first.values_mut() {
            words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        }
        Self(by_first)
    }

    /// The longest word the text begins with.
    pub(super) fn longest(&self, text: &str) -> Option<&'static str> {
        self.0.get(&text.chars().next()?)?.iter().find(|word| text.starts_with(*word)).copied()
    }
}

static TITLE_BEGINNINGS: LazyLock<Beginnings> =
    LazyLock::new(|| Beginnings::of(TITLES.iter().map(|(title, _)| *title)));
static ROLE_ENDINGS: LazyLock<Endings> = LazyLock::new(|| Endings::of(&[ROLES]));
static INTRODUCTIONS: LazyLock<Endings> = LazyLock::new(|| Endings::of(&[ROLES, DEGREES, UNITS]));
static GROUP_ENDINGS: LazyLock<Endings> = LazyLock::new(|| Endings::of(&[GROUPS]));

/// A group at the end of the text.
pub(super) fn ends_with_group(text: &str) -> bool {
    text.ends_with('们') || GROUP_ENDINGS.longest(text).is_some()
}

/// The longest role at the end of the text.
pub(super) fn role_at_end(text: &str) -> Option<&'static str> {
    ROLE_ENDINGS.longest(text)
}

/// Whether a name may follow this text because it ends with a role, a degree or a unit.
pub(super) fn introduces_name(text: &str) -> bool {
    INTRODUCTIONS.longest(text).is_some()
}

/// The title at the end of the text: what stands before it, and whether it tells the role.
pub(super) fn title_at_end(text: &str) -> Option<(&str, &'static str, bool)> {
    TITLES
        .iter()
        .filter_map(|&(title, tells)| text.strip_suffix(title).map(|rest| (rest, title, tells)))
        .max_by_key(|(_, title, _)| title.len())
}

/// The title at the start of the text, and whether it tells the role.
pub(super) fn title_at_start(text: &str) -> Option<(&'static str, bool)> {
    let longest = TITLE_BEGINNINGS.longest(text)?;
    let title = TITLES.iter().find(|(title, _)| *title == longest)?;
    // 为同学们 is a group.
    (!text.get(title.0.len()..)?.starts_with('们')).then_some(*title)
}

/// Whether the title is given to anybody and names no function: 学姐, 同学.
pub(super) fn is_courtesy(title: &str) -> bool {
    ["同学", "同志", "学长", "学姐", "学弟", "学妹", "师兄", "师姐", "校友"].contains(&title)
}

/// A status that may stand after the name on a heading line (`魏某某 中共党员`).
pub(super) fn is_status(text: &str) -> bool {
    ROLES.contains(&text) || DEGREES.contains(&text)
}

/// Byte positions after each role, degree or unit in the text, from left to right: where a name may begin.
pub(super) fn name_places(text: &str) -> Vec<usize> {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.filter(|&end| text.get(..end).is_some_and(introduces_name)).collect()
}
