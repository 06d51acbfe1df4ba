//! Is this a person's name, and where does it begin and end?
//!
//! Chinese is written without spaces, so a name is cut out by three kinds of evidence: a known surname, what stands before
//! it (a role, a unit, a space, the start of the clause), and what stands after it (a title, a verb). Without evidence on
//! the left there is no name: an invented person is worse than a missed one.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::{roles, surnames};

static SINGLE: LazyLock<HashSet<char>> = LazyLock::new(|| surnames::SINGLE.chars().collect());
static COMPOUND: LazyLock<HashSet<&str>> = LazyLock::new(|| surnames::COMPOUND.iter().copied().collect());
static WORD_STARTS: LazyLock<HashSet<&str>> = LazyLock::new(|| surnames::WORD_STARTS.iter().copied().collect());
static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| surnames::WORDS.iter().copied().collect());
static TRANSLITERATION: LazyLock<HashSet<char>> = LazyLock::new(|| surnames::TRANSLITERATION.chars().collect());

/// Dots that join the parts of a name, as printed; records hold `·` (U+00B7).
pub(super) const DOTS: &[char] = &['·', '•', '‧', '・', '．', '.', '∙', '●', '•'];

/// A name found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// As the record holds it: no inner space, dots as `·`.
    pub(super) name: String,
    /// First byte in the text.
    pub(super) start: usize,
    /// One past the last byte in the text.
    pub(super) end: usize,
}

/// Whether this whole string is a Han name: a known surname and one or two characters more.
pub(super) fn is_han_name(text: &str) -> bool {
    let surname = surname_length(text);
    let given = text.chars().count().saturating_sub(surname);
    surname > 0
        && (1..=2).contains(&given)
        && text.chars().all(|c| is_han(c) && !surnames::NEVER_IN_NAMES.contains(c))
        && text.chars().next_back().is_some_and(|last| !surnames::NEVER_LAST.contains(last))
        && !WORDS.contains(text)
        && !WORD_STARTS.contains(first_two(text))
        && !surnames::STATESMEN.contains(&text)
        && !["大家", "同学", "学习", "我们", "工作", "教育", "大学", "学院"].iter().any(|word| text.ends_with(word))
}

/// Whether this string would be a Han name of three characters if its first two were no word: 孟子远.
pub(super) fn begins_like_a_word(text: &str) -> bool {
    text.chars().count() == 3
        && WORD_STARTS.contains(first_two(text))
        && surname_length(text) == 1
        && text.chars().all(|c| is_han(c) && !surnames::NEVER_IN_NAMES.contains(c))
        && !text.ends_with(|c| surnames::NEVER_LAST.contains(c))
        && !surnames::STATESMEN.contains(&text)
}

/// Whether this string is a Han name where both its ends are certain (a title follows, or it stands by itself): given names
/// may then hold characters that elsewhere end a word or begin a clause (张维为教授, 李建党书记, 王会同学).
fn is_bounded_name(text: &str) -> bool {
    is_name_but_for(text, surnames::GIVEN_TOO)
}

/// Whether [`is_han_name`] would hold if names could have these characters.
fn is_name_but_for(text: &str, allowed: &str) -> bool {
    let doubtful = text.chars().skip(surname_length(text)).any(|c| allowed.contains(c));
    let plain: String =
        text.chars().enumerate().map(|(at, c)| if at > 0 && allowed.contains(c) { '明' } else { c }).collect();
    doubtful
        && is_han_name(&plain)
        && !WORDS.contains(text)
        && !WORD_STARTS.contains(first_two(text))
        && !surnames::STATESMEN.contains(&text)
}

/// Whether this whole string is a name, of any of the known shapes.
pub(super) fn whole(text: &str) -> Option<String> {
    let joined: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let han = is_han_name(&joined) || is_bounded_name(&joined);
    if text.contains(char::is_whitespace) && !(han && spaced(text)) {
        return None;
    }
    if han {
        return Some(joined);
    }
    dotted(&joined).or_else(|| transliterated(&joined))
}

/// The name this text ends with, given evidence on its left; `bare` says that the start of the text is such evidence.
pub(super) fn at_end(text: &str, bare: bool) -> Option<Found> {
    dotted_at_end(text)
        .or_else(|| spaced_at_end(text))
        .or_else(|| han_at_end(text, bare, is_han_name))
        .or_else(|| transliterated_at_end(text))
        .or_else(|| han_at_end(text, bare, |name| is_name_but_for(name, surnames::BEFORE_VERB_TOO)))
}

/// The same where a title follows the text, so that the name's end is certain.
pub(super) fn before_title(text: &str, bare: bool) -> Option<Found> {
    at_end(text, bare).or_else(|| han_at_end(text, bare, is_bounded_name))
}

fn han_at_end(text: &str, bare: bool, is_name: impl Fn(&str) -> bool) -> Option<Found> {
    [3, 2, 4].into_iter().find_map(|length| {
        let start = back(text, length)?;
        let (left, candidate) = text.split_at_checked(start)?;
        let ok = is_name(candidate) && (if left.is_empty() { bare } else { allows_name(left) });
        ok.then(|| Found { name: candidate.to_owned(), start, end: text.len() })
    })
}

/// The name this text begins with: one that a title follows, else one after which `may_follow` holds.
pub(super) fn at_start(text: &str, may_follow: impl Fn(&str) -> bool) -> Option<Found> {
    if let Some(found) = dotted_at_start(text) {
        return Some(found);
    }
    let cut = |length: usize| {
        let end = text.char_indices().nth(length).map_or(text.len(), |(at, _)| at);
        let (candidate, right) = text.split_at_checked(end)?;
        let joins = candidate.ends_with('和') && !AFTER_AND.iter().any(|title| right.starts_with(title));
        let han = is_han_name(candidate) || (ends_before_title(candidate, right) && is_bounded_name(candidate));
        // 王菁代表全体: the name's last character would be the verb's first.
        let halves = candidate.ends_with('代') && right.starts_with('表');
        let fits = candidate.chars().count() == length && han && !joins && !halves;
        fits.then(|| (Found { name: candidate.to_owned(), start: 0, end }, right))
    };
    let candidates: Vec<(Found, &str)> = [3, 2, 4].into_iter().filter_map(cut).collect();
    let titled = |right: &str| {
        roles::title_at_start(right).is_some_and(|(title, _)| {
            let after = right.get(title.len()..).unwrap_or_default();
            title != "代表" && !after.starts_with('的') && !after.starts_with('家')
        })
    };
    let chosen = candidates
        .iter()
        .position(|(_, right)| titled(right) && may_follow(right))
        .or_else(|| candidates.iter().position(|(_, right)| titled(right)))
        .or_else(|| candidates.iter().position(|(_, right)| may_follow(right)))?;
    candidates.into_iter().nth(chosen).map(|(found, _)| found)
}

/// Whether a title after the candidate shows where the name ends. 为 and its like before 同学 or 老师 are rather the verb of
/// what is done for them (王丽为同学讲解).
fn ends_before_title(candidate: &str, right: &str) -> bool {
    roles::title_at_start(right).is_some_and(|(title, tells)| {
        let certain = tells || matches!(title, "同志" | "先生" | "女士");
        title != "代表" && (certain || !candidate.ends_with(['为', '让', '对', '向', '与', '从', '在']))
    })
}

/// Titles that show a 和 before them to be the name's last character and no 'and'.
const AFTER_AND: &[&str] = &["同志", "先生", "书记", "院长", "教授", "校长", "主任", "处长"];

/// The last-resort reading of a heading such as `18人资魏泽樱`: any known surname, three characters before two.
pub(super) fn glued_at_end(text: &str) -> Option<Found> {
    [3, 2].into_iter().find_map(|length| {
        let start = back(text, length)?;
        let candidate = text.get(start..)?;
        is_han_name(candidate).then(|| Found { name: candidate.to_owned(), start, end: text.len() })
    })
}

/// Whether the text is one surname, as in 关书记.
pub(super) fn is_surname(text: &str) -> bool {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(only), None) => SINGLE.contains(&only),
        _ => COMPOUND.contains(text),
    }
}

/// Whether a Han ideograph, those of the supplementary planes included.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}' | '〇')
}

fn surname_length(text: &str) -> usize {
    if text.chars().count() > 2 && COMPOUND.contains(first_two(text)) {
        return 2;
    }
    usize::from(text.chars().count() < 4 && text.chars().next().is_some_and(|c| SINGLE.contains(&c)))
}

fn first_two(text: &str) -> &str {
    text.char_indices().nth(2).map_or(text, |(at, _)| text.get(..at).unwrap_or(text))
}

/// Byte position `count` characters before the end.
fn back(text: &str, count: usize) -> Option<usize> {
    text.char_indices().rev().nth(count.checked_sub(1)?).map(|(at, _)| at)
}

/// Whether a name may stand right after this text.
fn allows_name(left: &str) -> bool {
    let Some(last) = left.chars().last() else { return true };
    if !is_han(last) {
        return !last.is_ascii_digit();
    }
    roles::introduces_name(left) || last == '的' || LEADS.iter().any(|word| left.ends_with(word))
}

/// Words of sequence and place after which a person may be named.
const LEADS: &[&str] = &[
    "随后",
    "接着",
    "最后",
    "其中",
    "首先",
    "会上",
    "之后",
    "期间",
    "然后",
    "同时",
    "随即",
    "继而",
    "紧接着",
    "接下来",
    "例如",
    "比如",
    "正如",
    "如",
    "据",
    "邀请了",
    "请到了",
    "请来了",
];

/// `邓 晨`: two single characters with space between them, whatever stands before.
fn spaced(text: &str) -> bool {
    let parts: Vec<&str> = text.split_whitespace().collect();
    parts.len() == 2 && parts.iter().all(|part| part.chars().count() == 1)
}

fn spaced_at_end(text: &str) -> Option<Found> {
    let last = back(text, 1)?;
    let before = text.get(..last)?;
    let trimmed = before.trim_end();
    let first = back(trimmed, 1)?;
    if trimmed.len() == before.len() {
        return None;
    }
    let left = text.get(..first)?;
    let name: String = text.get(first..)?.split_whitespace().collect();
    let alone = left.chars().last().is_none_or(|c| !is_han(c)) || roles::introduces_name(left);
    (alone && is_han_name(&name)).then_some(Found { name, start: first, end: text.len() })
}

/// `阿依图尔荪·艾斯凯尔` in any dot.
fn dotted(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(DOTS).collect();
    let fine =
        parts.len() > 1 && parts.iter().all(|part| (1..=8).contains(&part.chars().count()) && part.chars().all(is_han));
    (fine && text.chars().count() > 4).then(|| parts.join("·"))
}

fn dotted_at_end(text: &str) -> Option<Found> {
    let run = text
        .rfind(|c: char| !is_han(c) && !DOTS.contains(&c))
        .map_or(0, |at| at + text.get(at..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8));
    let tail = text.get(run..)?;
    let dot = tail.find(DOTS)?;
    let place = roles::name_places(tail.get(..dot)?).rfind(|&at| at < dot).unwrap_or(0);
    let name = dotted(tail.get(place..)?)?;
    Some(Found { name, start: run + place, end: text.len() })
}

fn dotted_at_start(text: &str) -> Option<Found> {
    let end = text.find(|c: char| !is_han(c) && !DOTS.contains(&c)).unwrap_or(text.len());
    let head = text.get(..end)?;
    let dot = head.rfind(DOTS)?;
    // The last part ends where a title begins, or with the run of transliterating characters.
    let tail_at = dot + head.get(dot..)?.chars().next()?.len_utf8();
    let tail = head.get(tail_at..)?;
    let length = tail.find(|c| !TRANSLITERATION.contains(&c)).unwrap_or(tail.len());
    let name = dotted(head.get(..tail_at + length)?)?;
    Some(Found { name, start: 0, end: tail_at + length })
}

/// `恰尔谢别克`: no dot, only characters that write sounds, and no surname reading.
fn transliterated(text: &str) -> Option<String> {
    let length = text.chars().count();
    ((4..=8).contains(&length) && text.chars().all(|c| TRANSLITERATION.contains(&c))).then(|| text.to_owned())
}

fn transliterated_at_end(text: &str) -> Option<Found> {
    (4..=8).rev().find_map(|length| {
        let start = back(text, length)?;
        let (left, candidate) = text.split_at_checked(start)?;
        let name = transliterated(candidate)?;
        (left.is_empty() || allows_name(left)).then_some(Found { name, start, end: text.len() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_at_the_end_needs_evidence_before_it() {
        for (text, want) in [
            ("测绘学院学生江一帆", Some("江一帆")),
            ("班主任王明", Some("王明")),
            ("副主任任真", Some("任真")),
            ("党支部书记欧阳慕云", Some("欧阳慕云")),
            ("2022级 邓 晨", Some("邓晨")),
            ("预科5班阿依努尔•麦麦提", Some("阿依努尔·麦麦提")),
            ("预科5班赛力.卡得尔拜", Some("赛力·卡得尔拜")),
            ("藏文系教师次仁多吉", Some("次仁多吉")),
            ("学生李有为", Some("李有为")),
            ("教师赵谦让", Some("赵谦让")),
            ("院长韩青则", None),
            ("参观江一帆", None),
            ("全体党员", None),
            ("学院高质量", None),
            ("同学于是", None),
        ] {
            assert_eq!(at_end(text, true).map(|found| found.name).as_deref(), want, "{text}");
        }
    }

    #[test]
    fn a_name_at_the_start_ends_where_a_subject_can() {
        let follows = |right: &str| right.starts_with('在') || right.starts_with("老师") || right.starts_with("同志");
        for (text, want) in [
            ("李明在会上", Some("李明")),
            ("韩燮老师", Some("韩燮")),
            ("尤致和同志", Some("尤致和")),
            ("张维为教授在", Some("张维为")),
            ("李建党书记举", Some("李建党")),
            ("魏祥一老师举", Some("魏祥一")),
            ("王会同志在", Some("王会")),
            ("王丽为同志们", None),
            ("王菁代表老师", None),
            ("王丽为老师在", None),
            ("李明去了", None),
        ] {
            assert_eq!(at_start(text, follows).map(|found| found.name).as_deref(), want, "{text}");
        }
    }
}
