//! Who is meant by 关书记, 他 and 她: the persons an article names in full.

use super::affiliation::Standing;
use super::names;
use super::roles;
use super::speaker::{self, Named, Short};

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
    speaker::one_at_end(&format!("{line}{}{title}", found.name))
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
    speaker::one_at_end(&format!("{line}{}", found.name))
}

/// The person named last in `text`, for 他 and 她; where no words stand before the name there, those of the first mention in
/// `body` are taken.
pub(super) fn last_named(body: &str, text: &str) -> Option<Named> {
    let last = named_in(text)?;
    let bare = last.standing == Standing::default();
    let Some(first) = last.people.first().filter(|_| bare) else { return Some(last) };
    let introduced = body.match_indices(first.as_str()).take(8).find_map(|(at, name)| {
        let before = body.get(..at + name.len())?;
        speaker::one_at_end(before.get(line_start(before)..)?).filter(|named| named.standing != Standing::default() && named.people == last.people)
    });
    Some(introduced.unwrap_or(last))
}

fn named_in(text: &str) -> Option<Named> {
    let by_title = text.char_indices().rev().find_map(|(at, _)| {
        let (left, right) = text.split_at_checked(at)?;
        let titled = roles::title_at_start(right).is_some();
        let found = titled.then(|| names::at_end(left, false)).flatten()?;
        speaker::one_at_end(left).map(|named| (found.end, named))
    });
    let by_role = roles::name_places(text).into_iter().rev().find_map(|at| {
        let (left, right) = text.split_at_checked(at)?;
        let follows = |right: &str| speaker::follows_subject(right) || !right.starts_with(names::is_han);
        let found = names::at_start(right, follows)?;
        let line = left.get(line_start(left)..)?;
        speaker::one_at_end(&format!("{line}{}", found.name)).map(|named| (at + found.end, named))
    });
    match (by_title, by_role) {
        (Some(title), Some(role)) => Some(if title.0 >= role.0 { title.1 } else { role.1 }),
        (one, other) => one.or(other).map(|(_, named)| named),
    }
}

fn line_start(left: &str) -> usize {
    left.rfind('\n').map_or(0, |at| at + 1)
}
