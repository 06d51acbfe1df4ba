//! Who speaks: reads the words before a lead-in.

mod subject;
mod words;

use super::affiliation::{self, Standing};
use super::{names, roles, surnames};
use subject::subject;
pub(super) use subject::{follows_subject, subject_of, tells_of, turns_to_another};
use words::{FILLERS, GOES_ON};

/// Who a lead-in belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Speaker {
    /// Named persons.
    People(Named),
    /// A surname with a title: 关书记.
    Short(Short),
    /// 他 or 她: the person named last.
    Pronoun,
    /// Nobody said again; the sentence goes on with the verb alone.
    Elided,
    /// A group without names: 大家, 与会人员.
    Group,
    /// Not a lead-in of this article's speakers: 我, a statesman, no subject at all.
    None,
}

/// Named persons and the words before the first of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// Names as the record holds them, in order.
    pub(super) people: Vec<String>,
    /// Affiliation and role.
    pub(super) standing: Standing,
}

/// A surname and a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Short {
    /// 关
    pub(super) surname: String,
    /// 书记
    pub(super) title: &'static str,
}

/// Most clauses between a subject and its verb; a phrase in quotation marks counts as one.
const MOST_CLAUSES: usize = 6;

/// The speaker of the words led in after this text (from the sentence's start to the verb).
pub(super) fn before_verb(text: &str) -> Speaker {
    // A name may end with a filler (王建中), so the whole is tried before anything is taken off.
    let mut said = text.trim_end();
    let whole = said.len();
    let clause = clauses(said).pop().unwrap_or(said);
    if surnames::names_statesman(clause) {
        return Speaker::None;
    }
    loop {
        let bare = said.trim_end_matches(['，', ',', '、', '：', ':']);
        if bare.trim().is_empty() || GOES_ON.contains(&bare.trim()) {
            return Speaker::Elided;
        }

        // A transliterated name has no fixed length, so the words after it are taken off first.
        if said.contains(['·', '•'])
            && let Some(shorter) = without_filler(said)
        {
            said = shorter;
            continue;
        }
        if let Some(direct) = direct(bare, bare.len() == said.len(), said.len() < whole) {
            return direct;
        }
        let Some(shorter) = without_filler(said) else { break };
        said = shorter;
    }
    clauses(text).into_iter().rev().take(MOST_CLAUSES).find_map(subject).unwrap_or(Speaker::None)
}

/// The speaker right before the verb.
fn direct(text: &str, adjoining: bool, manner: bool) -> Option<Speaker> {
    let clause = clauses(text).pop().unwrap_or(text);
    if adjoining && let Some(pronoun) = pronoun(clause) {
        return Some(pronoun);
    }
    if let Some(people) = people_at_end(text) {
        return Some(people);
    }
    // 对学员们提出要求: the group is spoken to.
    let near = clause.char_indices().rev().nth(13).and_then(|(at, _)| clause.get(at..)).unwrap_or(clause);
    let spoken_to = near.contains(['对', '向']);
    if spoken_to || !(adjoining && roles::ends_with_group(clause)) {
        return None;
    }
    // 江一帆代表全体学员承诺: one speaks for the group. 江一帆与学员交流时指出: one speaks with it, and the manner was taken off.
    // 江一帆讲话希望: the last word only reads like a group.
    let with_group = manner && ["与", "同", "跟", "和", "给", "为", "带领"].iter().any(|word| clause.contains(word));
    let said = without_filler(clause).filter(|rest| *rest != clause).and_then(people_at_end);
    let for_group = said.or_else(|| (with_group || clause.contains("代表")).then(|| subject(clause)).flatten());
    Some(for_group.filter(|speaker| matches!(speaker, Speaker::People(_))).unwrap_or(Speaker::Group))
}

fn pronoun(clause: &str) -> Option<Speaker> {
    if clause.ends_with("其他") {
        return Some(Speaker::Group);
    }
    if clause.ends_with('他') || clause.ends_with('她') || clause.ends_with("其") {
        return Some(Speaker::Pronoun);
    }
    ["我", "我们", "自己", "人", "你", "咱们", "这"].iter().any(|own| clause.ends_with(own)).then_some(Speaker::None)
}

/// The persons a text ends with: names, `、` lists, `等同学`, titles; a surname with a title.
pub(super) fn people_at_end(text: &str) -> Option<Speaker> {
    let text = text.trim_end();
    let (text, unit) = without_note(text);
    let text = without_open_end(text);
    let (rest, title, tells) = roles::title_at_end(text).unwrap_or((text, "", false));
    let rest = rest.strip_suffix('等').unwrap_or(rest).trim_end();
    let found = if title.is_empty() { names::at_end(rest, true) } else { names::before_title(rest, true) };
    let Some(last) = found else {
        return short_at_end(rest, title);
    };
    let mut people = vec![last.name];
    let mut left = rest.get(..last.start)?;
    while let Some((before, found)) = earlier(left) {
        people.insert(0, found);
        left = before;
    }
    let mut standing = affiliation::divide(own_words(left));
    let mut words = own_words(left).to_owned();
    while let Some((companion, before)) = companion(&words) {
        people.insert(0, companion);
        standing = affiliation::divide(&before);
        words = before;
    }
    if standing.role.is_none() && tells && !title.is_empty() {
        standing.role = Some(title.to_owned());
    }
    if standing.affiliation.is_none() {
        standing.affiliation = unit.map(str::to_owned);
    }
    Some(Speaker::People(Named { people, standing }))
}

/// `江一帆（测绘学院）`: the note in brackets after a name.
fn without_note(text: &str) -> (&str, Option<&str>) {
    let inside = text.strip_suffix(['）', ')']).and_then(|open| open.rsplit_once(['（', '(']));
    match inside {
        Some((before, note)) if !note.is_empty() && note.chars().count() <= 24 && note.chars().any(names::is_han) => {
            (before.trim_end(), Some(note))
        }
        _ => (text, None),
    }
}

/// `等同学`, `等三位老师`, `等人`: an open list's end, the names kept.
fn without_open_end(text: &str) -> &str {
    let Some(at) = text.rfind('等') else { return text };
    let tail = text.get(at + '等'.len_utf8()..).unwrap_or_default();
    let people = [
        "",
        "人",
        "同学",
        "同志",
        "老师",
        "教师",
        "党员",
        "学生",
        "学生党员",
        "代表",
        "学员",
        "教授",
        "专家",
        "党员代表",
        "学生代表",
        "教师代表",
        "青年教师",
        "研究生",
        "本科生",
        "师生",
        "团员",
    ];
    let tail = tail.trim_start_matches(|c: char| "一二三四五六七八九十两几多0123456789名位个".contains(c));
    if people.contains(&tail) { text.get(..at).unwrap_or(text) } else { text }
}

fn earlier(left: &str) -> Option<(&str, String)> {
    let separators = ["以及", "、", "和", "与", "及"];
    let before = separators.iter().find_map(|separator| left.strip_suffix(separator))?;
    let untitled = roles::title_at_end(before).map_or(before, |(rest, _, _)| rest);
    let untitled = (untitled.len() < before.len()).then(|| names::before_title(untitled.trim_end(), true)).flatten();
    let found = untitled.or_else(|| names::at_end(before, true))?;
    Some((before.get(..found.start).unwrap_or_default(), found.name))
}

/// `教师甲和学生`: a person with words of its own inside the words before the last name; and the words before that person.
fn companion(words: &str) -> Option<(String, String)> {
    let (before, _) = words.rsplit_once(['、', '和', '与'])?;
    let untitled = roles::title_at_end(before).map_or(before, |(rest, _, _)| rest);
    let found = names::at_end(untitled, false).or_else(|| names::at_end(before, false))?;
    Some((found.name, before.get(..found.start)?.to_owned()))
}

/// The one person a text ends with, with that person's own words: what stands before other persons is left out.
pub(super) fn one_at_end(text: &str) -> Option<Named> {
    let (rest, title, tells) = roles::title_at_end(text).unwrap_or((text, "", false));
    let found = if title.is_empty() { names::at_end(rest, true) } else { names::before_title(rest, true) }?;
    let left = own_words(rest.get(..found.start)?);
    let after_others = others_before(left);
    let mut standing = affiliation::divide(after_others.unwrap_or(left));
    if standing.role.is_none() && tells {
        standing.role = Some(title.to_owned());
    }
    Some(Named { people: vec![found.name], standing })
}

/// `赵启明学长（机械系）以及校长奖章`: what stands after other persons in a list, if such stand there.
fn others_before(words: &str) -> Option<&str> {
    let joint = ["以及", "、", "和", "与"].iter().filter_map(|joint| Some((words.rfind(joint)?, joint.len())));
    let (at, length) = joint.max_by_key(|(at, _)| *at)?;
    let before = words.get(..at)?;
    let person = companion(words).is_some() || before.ends_with(['）', ')']) || courteous_at_end(before);
    person.then(|| words.get(at + length..)).flatten()
}

fn courteous_at_end(text: &str) -> bool {
    roles::title_at_end(text).is_some_and(|(_, title, _)| roles::is_courtesy(title) || title == "老师")
}

fn short_at_end(rest: &str, title: &'static str) -> Option<Speaker> {
    if title.is_empty() || title == "代表" {
        return None;
    }
    let surname = rest.char_indices().next_back().and_then(|(at, _)| rest.split_at_checked(at));
    let (left, surname) = surname.filter(|(_, surname)| names::is_surname(surname))?;
    let clause = clauses(left).pop().unwrap_or(left);
    let opened = affiliation::without_opening(clause);
    let free = opened.is_empty()
        || !opened.ends_with(names::is_han)
        || roles::introduces_name(opened)
        || opened.chars().count() <= 4;
    free.then(|| Speaker::Short(Short { surname: surname.to_owned(), title }))
}

/// Whether the clause that ends here makes the person before the verb the doer of a thing in the passive: `方案由江一帆提出`.
pub(super) fn is_passive(before: &str) -> bool {
    let clause = clauses(before).pop().unwrap_or_default();
    let Some((left, right)) = clause.rsplit_once('由') else { return false };
    !left.ends_with(['自', '理', '不', '缘', '事']) && !right.starts_with(['于', '此', '衷', '来'])
}

/// The words of the last clause: what an affiliation can hold.
fn own_words(left: &str) -> &str {
    clauses(left).pop().unwrap_or(left)
}

/// Clauses: cut at commas, stops and quotation marks.
fn clauses(text: &str) -> Vec<&str> {
    text.split(['，', ',', '。', '；', ';', '：', ':', '！', '？', '“', '”', '"', '\n']).collect()
}

/// Takes one word of manner or place off the right end, the longest that fits.
fn without_filler(text: &str) -> Option<&str> {
    FILLERS.iter().filter_map(|filler| text.strip_suffix(filler)).min_by_key(|rest| rest.len()).map(str::trim_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(speaker: &Speaker) -> String {
        match speaker {
            Speaker::People(named) => {
                let part = |part: &Option<String>| part.clone().unwrap_or_default();
                format!(
                    "{}|{}|{}",
                    named.people.join("、"),
                    part(&named.standing.affiliation),
                    part(&named.standing.role)
                )
            }
            Speaker::Short(short) => format!("{}+{}", short.surname, short.title),
            Speaker::Pronoun | Speaker::Elided | Speaker::Group | Speaker::None => format!("{speaker:?}"),
        }
    }

    #[test]
    fn the_words_before_a_verb_tell_the_speaker() {
        for (before, want) in [
            ("2016级学生党员吕宗清", "吕宗清|2016级|学生党员"),
            ("农学院党总支副书记许拂衣深有感触地", "许拂衣|农学院党总支|副书记"),
            ("会上，来自软件工程19级的赵启明同学", "赵启明|软件工程19级|"),
            ("耿疏影、赵怀川等老师", "耿疏影、赵怀川||"),
            ("教师方知行和学生尹素心", "方知行、尹素心||教师"),
            ("江一帆（测绘学院）", "江一帆|测绘学院|"),
            ("第一党支部江一帆和第二党支部赵启明对注意事项作了说明，并", "江一帆、赵启明|第一党支部|"),
            ("在电话中他讲述了学院大一学生赵启明将收入捐出的故事，并", "Pronoun"),
            ("他为大家播放了专题片《云岭》东湖大学耿维为教授的讲解，并", "Pronoun"),
            ("东湖大学耿维为教授", "耿维为|东湖大学|教授"),
            ("最后，赵启一学长举了例子，", "赵启一||"),
            ("测绘学院党委书记江一帆对学员们", "江一帆|测绘学院党委|书记"),
            ("副校长赵启明、纪委委员耿疏影对学院工作给予肯定，同时对领导班子", "赵启明、耿疏影||副校长"),
            ("江一帆代表全体学员郑重", "江一帆||"),
            ("邱万山在总结讲话中对学员们给予肯定，并", "邱万山||"),
            ("接着，关书记", "关+书记"),
            ("关书记在会上作了总结，", "关+书记"),
            ("院党委书记关秦川领学了文件，", "关秦川|院党委|书记"),
            ("随后，他还", "Pronoun"),
            ("大家纷纷", "Group"),
            ("其他同学", "Group"),
            ("与会人员一致", "Group"),
            ("我", "None"),
            ("习近平总书记", "None"),
            ("各参会党支部书记", "Group"),
            ("", "Elided"),
        ] {
            assert_eq!(shown(&before_verb(before)), want, "{before}");
        }
    }
}
