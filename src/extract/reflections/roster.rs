//! Who is meant by 关书记, 他 and 她: the persons an article names in full.

use std::collections::HashMap;

use super::affiliation::Standing;
use super::names;
use super::roles;
use super::speaker::{self, Named, Short, Speaker};

/// Most surnames with titles an article can hold; beyond, they stay unresolved.
const MOST: usize = 64;
/// Marks that end a sentence.
const STOPS: &[char] = &['。', '！', '？', '；', '!', '?', ';'];
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

    /// 党委书记江一帆为优秀党员颁奖。他…: the subject of the sentence before is meant, not the person named last in it. A sentence that
    /// itself opens with 他 is passed over with all its objects.
    fn subject_before<'t>(&mut self, text: &'t str, until: usize) -> Found<'t> {
        let mut left = text;
        while !left.trim().is_empty() {
            let body = left.trim_end_matches(STOPS);
            let start = body
                .rfind(STOPS)
                .map_or(0, |at| at + body.get(at..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8));
            let (before, sentence) = left.split_at_checked(start).unwrap_or(("", left));
            match speaker::subject_of(sentence) {
                Some(Speaker::People(named)) if named.people.len() == 1 => {
                    return Found::Person(self.introduced(named));
                }
                Some(Speaker::Short(short)) => {
                    return self.in_full(until, &short).map_or(Found::Unknown, Found::Person);
                }
                Some(Speaker::Pronoun) => left = before,
                Some(Speaker::People(_) | Speaker::Group | Speaker::Elided | Speaker::None) | None => {
                    return Found::Before(left);
                }
            }
        }
        Found::Before(left)
    }

    /// The person with the words of the first mention, where none stand before the name here.
    fn introduced(&self, named: Named) -> Named {
        if named.standing != Standing::default() {
            return named;
        }
        let Some(first) = named.people.first() else { return named };
        let found = self.body.match_indices(first.as_str()).take(8).find_map(|(at, name)| {
            let before = self.body.get(..at + name.len())?;
            let full = speaker::one_at_end(before.get(line_start(before)..)?)?;
            (full.standing != Standing::default() && full.people == named.people).then_some(full)
        });
        found.unwrap_or(named)
    }

    /// The person named last between `from` and `until` (bytes of the body), for 他 and 她; where no words stand before the
    /// name there, those of the first mention are taken.
    pub(super) fn last_named(&mut self, from: usize, until: usize) -> Antecedent {
        match self.before_pronoun(from, until) {
            Some(Found::Person(named)) => Antecedent::Person(named),
            Some(Found::Unknown) => Antecedent::Unknown,
            Some(Found::Before(_)) | None => Antecedent::Nobody,
        }
    }

    fn before_pronoun(&mut self, from: usize, until: usize) -> Option<Found<'a>> {
        let mut from = from.max(until.saturating_sub(REACH));
        while !self.body.is_char_boundary(from) {
            from += 1;
        }
        let text = after_reporter(self.body.get(from..until)?);
        let text = match self.subject_before(text, until) {
            Found::Before(text) => text,
            found @ (Found::Person(_) | Found::Unknown) => return Some(found),
        };
        let named = named_in(text);
        let last = match (short_in(text), named) {
            (Some((at, short)), named) if named.as_ref().is_none_or(|(end, _)| *end < at) => {
                return Some(self.in_full(until, &short).map_or(Found::Unknown, Found::Person));
            }
            (_, named) => named?.1,
        };
        Some(Found::Person(self.introduced(last)))
    }
}

/// `（记者江一帆）`: who wrote the report is nobody in it.
fn after_reporter(text: &str) -> &str {
    let mut notes = text.match_indices(['（', '(']).filter_map(|(at, _)| {
        let (note, rest) = text.get(at..)?.split_once(['）', ')'])?;
        (note.len() < 120 && ["记者", "通讯员", "供稿", "摄影", "撰稿"].iter().any(|word| note.contains(word)))
            .then_some(rest)
    });
    notes.next_back().unwrap_or(text)
}

/// Whom a pronoun means.
pub(super) enum Antecedent {
    /// This person.
    Person(Named),
    /// A person the article nowhere names in full.
    Unknown,
    /// Nobody is named before it.
    Nobody,
}

/// What the sentences before a pronoun say about whom it means.
enum Found<'t> {
    /// Their subject.
    Person(Named),
    /// Somebody the article nowhere names in full: 魏老师.
    Unknown,
    /// No subject that is a person: the last name in this text.
    Before(&'t str),
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
    // 耿疏影副校长 is 耿校长 too, and 方知行教授 is 方老师.
    let (printed, _) = roles::title_at_start(rest.get(found.end..)?)?;
    let teaches = |title: &str| ACADEMIC.iter().any(|word| title.ends_with(word));
    let same = printed.ends_with(title) || (teaches(title) && teaches(printed));
    if !same {
        return None;
    }
    let line = left.get(line_start(left)..)?;
    speaker::one_at_end(&format!("{line}{}{printed}", found.name))
}

/// Titles of one person at a university that stand for each other.
const ACADEMIC: &[&str] = &["老师", "教授", "博士", "讲师", "导师", "研究员", "院士", "先生"];

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
        let (title, _) = roles::title_at_start(right)?;
        // Where no known word stands before 彭瑞学姐, the surname alone decides; a function is too often part of a unit's name.
        let glued = || names::glued_at_end(left).filter(|_| roles::is_courtesy(title));
        let found = names::before_title(left, false).or_else(glued)?;
        let titled = text.get(..at + title.len())?;
        let named = speaker::one_at_end(titled.get(line_start(titled)..)?);
        let bare = || Named { people: vec![found.name.clone()], standing: Standing::default() };
        Some((found.end, named.filter(|named| named.people.first() == Some(&found.name)).unwrap_or_else(bare)))
    });
    let by_role = roles::name_places(text).rev().find_map(|at| {
        let (left, right) = text.split_at_checked(at)?;
        let follows = |right: &str| {
            speaker::follows_subject(right) || right.starts_with('的') || !right.starts_with(names::is_han)
        };
        let found = names::at_start(right, follows)?;
        let line = left.get(line_start(left)..)?;
        let (title, _) = roles::title_at_start(right.get(found.end..)?).unwrap_or_default();
        speaker::one_at_end(&format!("{line}{}{title}", found.name)).map(|named| (at + found.end, named))
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
