//! Who is meant by 关书记, 他 and 她: the persons an article names in full.

use std::collections::HashMap;

use super::affiliation::Standing;
use super::names;
use super::roles;
use super::speaker::{self, Named, Short, Speaker};

/// Most surnames with titles an article can hold; beyond, they stay unresolved.
const MOST: usize = 64;
/// Bytes of a paragraph looked through for the person 他 means.
const REACH: usize = 3000;

/// The persons of one body, looked up when they are needed.
pub(super) struct Roster<'a> {
    body: &'a str,
    /// First mention in full of a surname with a title, and where it ends.
    full: HashMap<(String, &'static str), Option<(usize, Named)>>,
}

impl<'a> Roster<'a> {
    /// The roster of this body.
    pub(super) fn new(body: &'a str) -> Self {
        Self { body, full: HashMap::new() }
    }

    /// The person named in full before `until` (a byte of the body) whom a surname and a title mean.
    pub(super) fn in_full(&mut self, until: usize, short: &Short) -> Option<Named> {
        if self.full.len() >= MOST {
            return None;
        }
        let body = self.body;
        let key = (short.surname.clone(), short.title);
        let first = self.full.entry(key).or_insert_with(|| first_in_full(body, short));
        first.as_ref().filter(|(at, _)| *at < until).map(|(_, named)| named.clone())
    }

    /// The person named last between `from` and `until` (bytes of the body), for 他 and 她; where no words stand before the
    /// name there, those of the first mention are taken.
    pub(super) fn last_named(&mut self, from: usize, until: usize) -> Option<Named> {
        let mut from = from.max(until.saturating_sub(REACH));
        while !self.body.is_char_boundary(from) {
            from += 1;
        }
        let text = self.body.get(from..until)?;
        let named = named_in(text);
        let last = match (short_in(text), named) {
            (Some((at, short)), named) if named.as_ref().is_none_or(|(end, _)| *end < at) => {
                return self.in_full(until, &short);
            }
            (_, named) => named?.1,
        };
        if last.standing != Standing::default() {
            return Some(last);
        }
        let first = last.people.first()?;
        let introduced = self.body.match_indices(first.as_str()).take(8).find_map(|(at, name)| {
            let before = self.body.get(..at + name.len())?;
            let named = speaker::one_at_end(before.get(line_start(before)..)?)?;
            (named.standing != Standing::default() && named.people == last.people).then_some(named)
        });
        Some(introduced.unwrap_or(last))
    }
}

fn first_in_full(body: &str, short: &Short) -> Option<(usize, Named)> {
    body.match_indices(short.surname.as_str()).find_map(|(at, _)| {
        let (left, rest) = body.split_at_checked(at)?;
        let named = titled(left, rest, short.title).or_else(|| introduced(left, rest, short.title))?;
        Some((at, named))
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

/// The last name in the text, and where it ends.
fn named_in(text: &str) -> Option<(usize, Named)> {
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
    by_title.into_iter().chain(by_role).max_by_key(|(end, _)| *end)
}

/// The last surname with a title in the text, and where it ends.
fn short_in(text: &str) -> Option<(usize, Short)> {
    text.char_indices().rev().find_map(|(at, _)| {
        let (title, _) = roles::title_at_start(text.get(at..)?)?;
        let end = at + title.len();
        match speaker::people_at_end(text.get(..end)?)? {
            Speaker::Short(short) => Some((end, short)),
            Speaker::People(_) | Speaker::Pronoun | Speaker::Elided | Speaker::Group | Speaker::None => None,
        }
    })
}

fn line_start(left: &str) -> usize {
    left.rfind('\n').map_or(0, |at| at + 1)
}
