//! Functions, statuses and titles of persons, and what a function or a name may follow.
//!
//! Longest-match look-ups over the tables of [`words`]. Nothing here decides whether a string is a name.

mod words;

use std::sync::LazyLock;

use super::affixes::{Beginnings, Endings};
use words::{DEGREES, GROUPS, ROLES, TITLES, UNITS};

static ROLE_ENDINGS: LazyLock<Endings> = LazyLock::new(|| Endings::of(&[ROLES]));
static INTRODUCTIONS: LazyLock<Endings> = LazyLock::new(|| Endings::of(&[ROLES, DEGREES, UNITS]));
static GROUP_ENDINGS: LazyLock<Endings> = LazyLock::new(|| Endings::of(&[GROUPS]));
static TITLE_ENDINGS: LazyLock<Endings<bool>> = LazyLock::new(|| Endings::saying(TITLES.iter().copied()));
static TITLE_BEGINNINGS: LazyLock<Beginnings<bool>> = LazyLock::new(|| Beginnings::saying(TITLES.iter().copied()));

/// A group at the end of the text.
pub(super) fn ends_with_group(text: &str) -> bool {
    text.ends_with('们') || GROUP_ENDINGS.end(text)
}

/// The longest role at the end of the text.
pub(super) fn role_at_end(text: &str) -> Option<&'static str> {
    ROLE_ENDINGS.longest(text).map(|(role, ())| role)
}

/// Whether a name may follow this text because it ends with a role, a degree or a unit.
pub(super) fn introduces_name(text: &str) -> bool {
    INTRODUCTIONS.end(text)
}

/// The title at the end of the text: what stands before it, and whether it tells the role.
pub(super) fn title_at_end(text: &str) -> Option<(&str, &'static str, bool)> {
    let (title, tells) = TITLE_ENDINGS.longest(text)?;
    Some((text.strip_suffix(title)?, title, *tells))
}

/// The title at the start of the text, and whether it tells the role.
pub(super) fn title_at_start(text: &str) -> Option<(&'static str, bool)> {
    let (title, tells) = TITLE_BEGINNINGS.longest(text)?;
    // 为同学们 is a group.
    (!text.get(title.len()..)?.starts_with('们')).then_some((title, *tells))
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
pub(super) fn name_places(text: &str) -> impl DoubleEndedIterator<Item = usize> {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.filter(|&end| text.get(..end).is_some_and(introduces_name))
}
