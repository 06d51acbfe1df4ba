//! Who is meant by 关书记, 他 and 她: the persons an article names in full.

use super::names;
use super::roles;
use super::speaker::{self, Named, Short, Speaker};

/// The person named in full before `until` (a byte of the body) whom a surname and a title mean.
pub(super) fn in_full(body: &str, until: usize, short: &Short) -> Option<Named> {
    let past = body.get(..until)?;
    past.match_indices(short.surname.as_str()).find_map(|(at, _)| {
        let (left, rest) = past.split_at_checked(at)?;
        titled(left, rest, short.title).or_else(|| introduced(left, rest, short.title))
    })
}

/// `关秦川书记`, or with 同志 or 老师 after a fitting role.
fn titled(left: &str, rest: &str, title: &str) -> Option<Named> {
    let found = names::at_start(rest, |right| right.starts_with(title))?;
    let line = left.get(line_start(left)..)?;
    named(&format!("{line}{}{title}", found.name))
}

/// `党委书记关秦川…`: the role before the name ends as the title does.
fn introduced(left: &str, rest: &str, title: &str) -> Option<Named> {
    let fits = roles::role_at_end(left).is_some_and(|role| role.ends_with(title) || title == "老师");
    if !fits {
        return None;
    }
    let found = names::at_start(rest, speaker::follows_subject)
        .or_else(|| names::at_start(rest, |right| !right.starts_with(names::is_han)))
        .or_else(|| names::at_start(rest, |_| true))?;
    let line = left.get(line_start(left)..)?;
    named(&format!("{line}{}", found.name))
}

/// The person named last in this text, for 他 and 她.
pub(super) fn last_named(text: &str) -> Option<Named> {
    let by_title = text.char_indices().rev().find_map(|(at, _)| {
        let (left, right) = text.split_at_checked(at)?;
        let titled = roles::title_at_start(right).is_some();
        let found = titled.then(|| names::at_end(left, false)).flatten()?;
        named(left).map(|named| (found.end, named))
    });
    let by_role = roles::name_places(text).into_iter().rev().find_map(|at| {
        let (left, right) = text.split_at_checked(at)?;
        let found = names::at_start(right, speaker::follows_subject)?;
        let line = left.get(line_start(left)..)?;
        named(&format!("{line}{}", found.name)).map(|named| (at + found.end, named))
    });
    match (by_title, by_role) {
        (Some(title), Some(role)) => Some(if title.0 >= role.0 { title.1 } else { role.1 }),
        (one, other) => one.or(other).map(|(_, named)| named),
    }
}

fn named(text: &str) -> Option<Named> {
    match speaker::people_at_end(text)? {
        Speaker::People(named) => Some(named),
        Speaker::Short(_) | Speaker::Pronoun | Speaker::Elided | Speaker::Group | Speaker::None => None,
    }
}

fn line_start(left: &str) -> usize {
    left.rfind('\n').map_or(0, |at| at + 1)
}
