//! The subject of a clause or sentence: a person at its start whose verb comes later.

use std::sync::LazyLock;

use super::super::affixes::Beginnings;
use super::super::{affiliation, names, roles};
use super::words::{AFTER_SUBJECT, OBJECT, TOLD};
use super::{Short, Speaker, clauses, people_at_end};

/// Whether a sentence opens with a person or group as its subject, other than these people.
pub(in crate::extract::reflections) fn turns_to_another(sentence: &str, people: &[String]) -> bool {
    let clause = clauses(affiliation::without_opening(sentence)).into_iter().next().unwrap_or_default();
    match mention_at_start(clause, opens_sentence) {
        Some(Speaker::People(named)) => !named.people.iter().any(|name| people.contains(name)),
        Some(Speaker::Short(short)) => !people.iter().any(|name| name.starts_with(short.surname.as_str())),
        Some(Speaker::Pronoun | Speaker::Elided | Speaker::Group | Speaker::None) | None => false,
    }
}

/// Whether a sentence names one of these people again as its subject and tells what was shown or gone through: the reporter
/// goes on (江一帆老师介绍了近年的考试大纲).
pub(in crate::extract::reflections) fn tells_of(sentence: &str, people: &[String]) -> bool {
    let clause = clauses(affiliation::without_opening(sentence)).into_iter().next().unwrap_or_default();
    let named = match mention_at_start(clause, opens_sentence) {
        Some(Speaker::People(named)) => named.people.iter().any(|name| people.contains(name)),
        Some(Speaker::Short(short)) => people.iter().any(|name| name.starts_with(short.surname.as_str())),
        Some(Speaker::Pronoun | Speaker::Elided | Speaker::Group | Speaker::None) | None => false,
    };
    named && TOLD.iter().any(|verb| clause.contains(verb))
}

/// The subject of a sentence: in the last of its clauses that has a person at its start.
pub(in crate::extract::reflections) fn subject_of(sentence: &str) -> Option<Speaker> {
    let person = |speaker: &Speaker| !matches!(speaker, Speaker::Group | Speaker::None | Speaker::Elided);
    // 她的经历打动了大家 has no person as its subject.
    let owned = |clause: &&str| clause.starts_with("他的") || clause.starts_with("她的");
    let clauses = clauses(affiliation::without_opening(sentence));
    clauses.into_iter().rev().take(12).filter(|clause| !owned(clause)).filter_map(subject).find(person)
}

/// A clause whose subject stands at its start and whose verb comes later: `某某在发言中…`.
pub(super) fn subject(clause: &str) -> Option<Speaker> {
    let opened = affiliation::without_opening(clause);
    // 江一帆最后…, 江一帆在听完宣讲之后…: the words of time stand after the name.
    subject_in(opened)
        .or_else(|| (opened.len() < clause.len()).then(|| mention_in_subject(clause.trim_start())).flatten())
}

fn mention_in_subject(clause: &str) -> Option<Speaker> {
    mention_at_start(clause, |_, right| follows_subject(right) || right.starts_with('、'))
        .filter(|speaker| !stops_at_list(speaker, clause))
}

/// `江一帆、`: a list of which only the first was read as a name.
fn stops_at_list(speaker: &Speaker, clause: &str) -> bool {
    let Speaker::People(named) = speaker else { return false };
    let only = named.people.first().filter(|_| named.people.len() == 1);
    only.and_then(|name| clause.split_once(name.as_str())).is_some_and(|(_, right)| right.starts_with('、'))
}

fn subject_in(clause: &str) -> Option<Speaker> {
    let own = [
        "他们",
        "她们",
        "大家",
        "同学们",
        "我",
        "与会",
        "会议",
        "参会",
        "全体",
        "学院",
        "党支部",
        "老师们",
        "党员们",
        "活动",
        "各",
        "师生",
    ];
    if clause.starts_with("他们") || clause.starts_with("她们") {
        return Some(Speaker::Group);
    }
    if clause.starts_with('他') || clause.starts_with('她') {
        return Some(Speaker::Pronoun);
    }
    if let Some(found) = mention_in_subject(clause) {
        return Some(found);
    }
    // 在电话中他讲述了…: the clause has its own subject.
    if clause.char_indices().take(12).any(|(at, c)| matches!(c, '他' | '她') && stands_alone(clause, at)) {
        return Some(Speaker::Pronoun);
    }
    own.iter().any(|word| clause.starts_with(word)).then_some(Speaker::Group)
}

/// Whether 他 or 她 at this byte is one person and not 他们 or 其他.
fn stands_alone(clause: &str, at: usize) -> bool {
    let (left, right) = (clause.get(..at).unwrap_or_default(), clause.get(at..).unwrap_or_default());
    let after = right.chars().nth(1);
    // 对他的影响: an object.
    !left.ends_with(['其', '对', '向', '为', '给', '与', '和', '跟', '让', '把', '被', '了'])
        && !matches!(after, Some('们' | '人' | '的' | '国'))
}

/// Whether a person at the start of a sentence turns the report to that person: what follows lets it be the subject, or
/// words that only a person can follow stand before the name and a list or a clause after it.
fn opens_sentence(words: &str, right: &str) -> bool {
    let introduced = words.ends_with('的') || roles::role_at_end(words).is_some();
    let goes_on = right.starts_with(names::is_han) && !right.starts_with('的');
    follows_subject(right) || right.starts_with('、') || (introduced && goes_on)
}

/// The persons a clause begins with, `may_follow` having the words before a name and those after it.
fn mention_at_start(clause: &str, may_follow: impl Fn(&str, &str) -> bool) -> Option<Speaker> {
    // 来自2022级的江一帆, 考取云水县的江一帆同学
    let graded = clause.find('的').map(|at| at + '的'.len_utf8()).filter(|&at| {
        let (words, rest) = clause.split_at_checked(at).unwrap_or_default();
        let named = || names::at_start(rest, |right| roles::title_at_start(right).is_some());
        is_grade(words)
            || (words.len() < 60
                && named().is_some_and(|found| title_length(rest.get(found.end..).unwrap_or_default()) > 0))
    });
    let places = std::iter::once(0).chain(roles::name_places(clause).take_while(|&at| at < 120));
    let mut places: Vec<usize> = places.chain(graded).collect();
    places.sort_unstable();
    for place in places {
        let (words, rest) = clause.split_at_checked(place)?;
        // 播放了…教授: what stands after 了 is an object.
        if OBJECT.iter().any(|verb| words.starts_with(verb)) || words.contains(['了', '》']) {
            return None;
        }
        if let Some(found) = names::at_start(rest, |right| may_follow(words, right)) {
            let end = place + found.end;
            let end = end + title_length(clause.get(end..)?);
            return with_others(people_at_end(clause.get(..end)?)?, clause.get(end..)?);
        }
        if let Some(short) = short_at_start(rest) {
            return Some(short);
        }
    }
    None
}

/// `来自2022级的`, `15级的`: a grade after which a name may stand.
fn is_grade(words: &str) -> bool {
    words.len() < 60 && words.contains(|c: char| c.is_ascii_digit()) && words.ends_with(['的'])
}

/// Bytes of the title a text begins with; 代表 after a name is the verb (江一帆代表学院发言).
fn title_length(text: &str) -> usize {
    roles::title_at_start(text).map_or(0, |(title, _)| if title == "代表" { 0 } else { title.len() })
}

/// `第一党支部江一帆和第二党支部赵启明对…`: subjects with words of their own, joined by 和.
fn with_others(speaker: Speaker, mut rest: &str) -> Option<Speaker> {
    let Speaker::People(mut named) = speaker else { return Some(speaker) };
    for _ in 0..MOST_SUBJECTS {
        let Some(next) = ["以及", "、", "和", "与", "及"].iter().find_map(|joint| rest.strip_prefix(joint))
        else {
            break;
        };
        let near = next.char_indices().nth(24).and_then(|(at, _)| next.get(..at)).unwrap_or(next);
        let found = std::iter::once(0).chain(roles::name_places(near)).find_map(|place| {
            let right = next.get(place..)?;
            let found = names::at_start(right, |right| follows_subject(right) || right.starts_with(['、', '等']))?;
            let end = place + found.end;
            Some((found.name, end + title_length(next.get(end..)?)))
        });
        let Some((name, end)) = found else { break };
        named.people.push(name);
        rest = next.get(end..)?;
    }
    Some(Speaker::People(named))
}

/// Most persons joined to one subject.
const MOST_SUBJECTS: usize = 12;

fn short_at_start(rest: &str) -> Option<Speaker> {
    let first = rest.chars().next()?;
    let (surname, after) = rest.split_at_checked(first.len_utf8())?;
    let (title, _) = roles::title_at_start(after).filter(|(title, _)| *title != "代表")?;
    let follows = after.get(title.len()..).is_some_and(ends_or_goes_on);
    (follows && names::is_surname(surname)).then(|| Speaker::Short(Short { surname: surname.to_owned(), title }))
}

/// Whether nothing follows a subject, or what does follow one.
fn ends_or_goes_on(right: &str) -> bool {
    static FOLLOWING: LazyLock<Beginnings> = LazyLock::new(|| Beginnings::of(AFTER_SUBJECT));
    right.is_empty() || FOLLOWING.begin(right)
}

/// Whether the text after a name lets it be a subject.
pub(in crate::extract::reflections) fn follows_subject(right: &str) -> bool {
    let right = right.trim_start();
    let untitled = roles::title_at_start(right).and_then(|(title, _)| right.get(title.len()..)).unwrap_or(right);
    ends_or_goes_on(untitled) || ends_or_goes_on(right)
}
