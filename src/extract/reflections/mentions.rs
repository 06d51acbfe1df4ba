//! Names of persons wherever they stand in a text, whether or not they say anything there: what is hidden when records are
//! shared.
//!
//! The readers of reflections ask for evidence on both sides of a name, since an invented speaker is worse than a missed
//! one. Here a missed name is worse than a hidden word, so one good reason is enough: a role before it, a title or a verb of
//! speech after it, brackets around it, other names beside it. What stands in the middle of a sentence with none of these is
//! not found here; `veil::unsigned` guesses at it, place by place.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::affixes::{Beginnings, Endings};
use super::names::{self, is_han};
use super::{roles, speaker, surnames};

/// A name found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Without inner spaces, dots as `·`.
    pub name: String,
    /// First byte in the text.
    pub start: usize,
    /// One past the last byte in the text.
    pub end: usize,
}

/// Verbs of speech after which even a name of two characters at a clause's beginning is taken for one.
const SPEECH: &[&str] = &[
    "说", "表示", "认为", "指出", "谈到", "谈道", "谈及", "介绍", "回忆", "坦言", "告诉", "写道", "感慨", "强调",
    "提到", "提出", "分享", "讲述", "讲道", "坚信", "发言", "透露", "解释", "补充", "总结", "呼吁", "建议", "感叹",
    "倡议", "直言", "表态", "在", "从", "是", "对", "把", "将", "就", "也", "还", "曾", "作",
];

/// Words that say what the person behind them did.
const LABELS: &[&str] = &[
    "通讯员",
    "作者",
    "文",
    "图",
    "摄影",
    "摄",
    "撰稿",
    "供稿",
    "供图",
    "审核",
    "校对",
    "责编",
    "责任编辑",
    "姓名",
    "联系人",
    "主讲",
    "主持",
    "报告人",
    "获奖者",
    "汇报人",
    "署名",
    "整理",
    "来稿",
];

/// Words before a name that are no role and no unit.
const LEADS: &[&str] = &[
    "由",
    "与",
    "和",
    "跟",
    "及",
    "请",
    "邀请",
    "邀请了",
    "感谢",
    "聘请",
    "授予",
    "走访",
    "看望",
    "慰问",
    "采访",
    "名叫",
    "叫",
    "师从",
    "纪念",
    "如",
    "据",
    "会上",
    "其中",
    "随后",
    "最后",
    "的",
    "是",
];

/// Characters between a name and its verb that are hardly the last of a given name.
const ADVERBS: [char; 14] = ['就', '再', '也', '还', '又', '才', '即', '便', '则', '却', '仍', '只', '递', '没'];

/// Titles before which a name needs nothing on its left: 听取了张明书记的汇报.
const CERTAIN: &[&str] = &[
    "同学",
    "同志",
    "老师",
    "先生",
    "女士",
    "教授",
    "副教授",
    "书记",
    "副书记",
    "院长",
    "副院长",
    "校长",
    "副校长",
    "院士",
    "主任",
    "学长",
    "学姐",
    "师兄",
    "师姐",
];

/// Whether a name under a role is a person's and no unit's: of a known shape, or, written as persons are, with nothing that
/// ends like a unit.
pub fn is_person(name: &str) -> bool {
    if names::whole(name).is_some() {
        return true;
    }
    let latin = name.is_ascii() && name.contains(' ') && !name.contains(|c: char| c.is_ascii_digit());
    let dotted = name.chars().any(|c| names::DOTS.contains(&c)) && !name.is_ascii();
    let short = (2..=3).contains(&name.chars().count()) && name.chars().all(is_han);
    latin || dotted || (short && !is_unit(name))
}

/// Ends of what signs and is nobody.
const UNITS: &[&str] = &[
    "网",
    "报",
    "刊",
    "台",
    "站",
    "办",
    "会",
    "所",
    "号",
    "端",
    "媒",
    "中国",
    "本站",
    "本刊",
    "本网",
    "本报",
    "佚名",
    "无名",
    "编辑",
    "记者",
    "匿名",
    "未知",
    "网络",
    "转载",
    "原创",
    "综合",
    "管理员",
];

fn is_unit(name: &str) -> bool {
    roles::introduces_name(name) || UNITS.iter().any(|end| name.ends_with(end))
}

/// What stands on one side of a name, the better reason the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    /// Nothing that speaks for a name.
    Nothing,
    /// Words that may stand there.
    May,
    /// The clause's end, or 等.
    Edge,
    /// A verb of speech (right), a unit (left).
    Verb,
    /// A title (right), a function of persons (left).
    Title,
    /// A function or a label with a space or a colon behind it (left).
    Label,
}

/// The first characters of surnames: most places of a text are passed over for want of one.
static FIRSTS: LazyLock<Vec<bool>> = LazyLock::new(|| {
    let mut firsts = vec![false; HAN.len()];
    let compound = surnames::COMPOUND.iter().filter_map(|surname| surname.chars().next());
    for place in surnames::SINGLE.chars().chain(compound).filter_map(place) {
        if let Some(is_first) = firsts.get_mut(place) {
            *is_first = true;
        }
    }
    firsts
});

/// Characters surnames are of.
const HAN: std::ops::Range<usize> = 0x4e00..0xa000;

fn place(c: char) -> Option<usize> {
    (c as usize).checked_sub(HAN.start)
}

/// Whether a surname begins the text.
fn begins_with_surname(right: &str, first: char) -> bool {
    place(first).and_then(|place| FIRSTS.get(place)) == Some(&true)
        && (names::is_surname(first.encode_utf8(&mut [0; 4]))
            || surnames::COMPOUND.iter().any(|surname| right.starts_with(surname)))
}

/// The names in a text, in order.
pub fn find(text: &str) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    let mut base = 0;
    for line in text.split('\n') {
        let dotted = line.contains(names::DOTS);
        let mut at = 0;
        while let Some(right) = line.get(at..).filter(|right| !right.is_empty()) {
            let left = line.get(..at).unwrap_or_default();
            let listed =
                found.last().is_some_and(|last| last.end + '、'.len_utf8() == base + at && left.ends_with('、'));
            match name_at(left, right, Line { dotted, listed }) {
                Some((name, length)) => {
                    found.push(Mention { name, start: base + at, end: base + at + length });
                    at += length;
                }
                None => at += right.chars().next().map_or(1, char::len_utf8),
            }
        }
        base += line.len() + 1;
    }
    found
}

/// What is known of the line a name may stand in.
#[derive(Clone, Copy)]
struct Line {
    /// Whether it has a dot.
    dotted: bool,
    /// Whether another name stands before the place, with 、 between them.
    listed: bool,
}

/// The name that begins the right text, and its bytes.
fn name_at(left: &str, right: &str, line: Line) -> Option<(String, usize)> {
    let first = right.chars().next().filter(|c| is_han(*c))?;
    if let Some(found) = line.dotted.then(|| dotted(left, right)).flatten() {
        return Some(found);
    }
    if !begins_with_surname(right, first) || begins_within_lead(left, right) {
        return None;
    }
    let listed = line.listed;
    let before = before(left);
    if let Some(found) = spaced(right, before) {
        return Some(found);
    }
    let judged = [3, 2, 4].into_iter().filter_map(|length| {
        let end = right.char_indices().nth(length).map_or(right.len(), |(at, _)| at);
        let (name, rest) = right.split_at_checked(end)?;
        if name.chars().count() != length || (length > 2 && name.ends_with(ADVERBS)) {
            return None;
        }
        // Where nothing before it speaks for a name, such a title must stand behind it.
        if before == Side::Nothing && !listed && !CERTAIN_BEGINNINGS.begin(rest) {
            return None;
        }
        let plain = names::is_han_name(name);
        let (whole, like_a_word) = (plain || names::whole(name).is_some(), names::begins_like_a_word(name));
        if !(whole || like_a_word) {
            return None;
        }
        let after = after(rest);
        let signed = (before >= Side::Title && after > Side::Nothing)
            || (before >= Side::Edge && CERTAIN_BEGINNINGS.begin(rest));
        let is_name = plain || (after >= Side::Edge && whole) || (signed && like_a_word);
        (is_name && speaks_for(name, &Around { left, rest, before, after, listed })).then_some((after, name))
    });
    let best = judged.fold(None, |best: Option<(Side, &str)>, one| match best {
        Some(best) if best.0 >= one.0 => Some(best),
        Some(_) | None => Some(one),
    });
    best.map(|(_, name)| (name.to_owned(), name.len()))
}

/// Words cut in two, by the first character of the second half.
static CUTS: LazyLock<HashMap<char, Vec<(&str, &str)>>> = LazyLock::new(|| {
    let mut cuts: HashMap<char, Vec<_>> = HashMap::new();
    for lead in LEADS {
        for (at, first) in lead.char_indices().skip(1) {
            cuts.entry(first).or_default().extend(lead.split_at_checked(at));
        }
    }
    cuts
});

/// 感谢傅岑: the first character belongs to the word that introduces the name.
fn begins_within_lead(left: &str, right: &str) -> bool {
    let cuts = right.chars().next().and_then(|first| CUTS.get(&first));
    cuts.into_iter().flatten().any(|(head, tail)| left.ends_with(head) && right.starts_with(tail))
}

/// What stands around a name.
struct Around<'t> {
    left: &'t str,
    rest: &'t str,
    before: Side,
    after: Side,
    /// Whether another name stands before it, with 、 between them.
    listed: bool,
}

/// Whether what stands around is reason enough.
fn speaks_for(name: &str, around: &Around<'_>) -> bool {
    let Around { left, rest, before, after, listed } = *around;
    let long = name.chars().count() > 2;
    let certain = CERTAIN_BEGINNINGS.begin(rest);
    if after == Side::Title && (certain || before > Side::Nothing) {
        return true;
    }
    if listed && after > Side::Nothing {
        return true;
    }
    match before {
        Side::Label => after >= Side::Edge || (long && after == Side::May),
        Side::Title | Side::Verb => after > Side::Nothing || (long && before == Side::Title),
        Side::Edge if long => after > Side::Nothing,
        Side::Edge => after == Side::Verb || enclosed(left, rest) || (after == Side::Edge && begins_list(rest)),
        Side::May => long && after > Side::Nothing,
        Side::Nothing => false,
    }
}

/// `（张明）`, `负责人：张明。`, or a line that is nothing else.
fn enclosed(left: &str, rest: &str) -> bool {
    let ends = rest.chars().next().is_none_or(|c| !is_han(c) && !c.is_alphanumeric());
    let bare = left.trim_end().is_empty() && rest.trim().is_empty();
    ends && (bare || left.trim_end().ends_with(['（', '(', '：', ':', '／', '/', '—', '【', '「']))
}

/// `、李华、王芳等`: the next item is a name too.
fn begins_list(rest: &str) -> bool {
    let Some(next) = rest.strip_prefix(['、', ' ', '\u{3000}']) else { return false };
    let end = next.find(|c: char| !is_han(c)).unwrap_or(next.len());
    let item = next.get(..end).unwrap_or_default();
    names::whole(item.strip_suffix('等').unwrap_or(item)).is_some()
}

static LABEL_ENDINGS: LazyLock<Endings> = LazyLock::new(|| Endings::of(&[LABELS]));
static LEAD_ENDINGS: LazyLock<Endings> = LazyLock::new(|| Endings::of(&[LEADS]));
static SPEECH_BEGINNINGS: LazyLock<Beginnings> = LazyLock::new(|| Beginnings::of(SPEECH));
static CERTAIN_BEGINNINGS: LazyLock<Beginnings> = LazyLock::new(|| Beginnings::of(CERTAIN));

fn before(left: &str) -> Side {
    let Some(last) = left.chars().next_back() else { return Side::Edge };
    // `通讯员 江一帆`, `摄影：江一帆`, `文/江一帆`
    let words = left.trim_end_matches([' ', '\u{3000}', '\u{a0}', '：', ':', '/', '／', '|', '丨']);
    if roles::role_at_end(words).is_some() || LABEL_ENDINGS.end(words) {
        return if words.len() == left.len() { Side::Title } else { Side::Label };
    }
    if !is_han(last) {
        return if last.is_ascii_alphanumeric() { Side::Nothing } else { Side::Edge };
    }
    if roles::introduces_name(left) {
        return Side::Verb;
    }
    if LEAD_ENDINGS.end(left) { Side::May } else { Side::Nothing }
}

fn after(rest: &str) -> Side {
    let Some(first) = rest.chars().next() else { return Side::Edge };
    if roles::title_at_start(rest).is_some_and(|(title, _)| title != "代表" && title != "一行") {
        return Side::Title;
    }
    if SPEECH_BEGINNINGS.begin(rest) {
        return Side::Verb;
    }
    if !is_han(first) {
        return if first.is_ascii_alphanumeric() { Side::May } else { Side::Edge };
    }
    if first == '等' {
        return Side::Edge;
    }
    let may = ['的', '和', '与', '及', '获', '出', '来', '去'].contains(&first) || speaker::follows_subject(rest);
    if may { Side::May } else { Side::Nothing }
}

/// `任 颖`, `王 小 明`: single characters with spaces between them.
fn spaced(right: &str, before: Side) -> Option<(String, usize)> {
    if before < Side::Edge {
        return None;
    }
    let run = right.find(|c: char| !is_han(c) && !matches!(c, ' ' | '\u{3000}' | '\u{a0}')).unwrap_or(right.len());
    let mut parts = right.get(..run)?.split([' ', '\u{3000}', '\u{a0}']).filter(|part| !part.is_empty());
    let first = parts.next()?;
    let single = |part: &&str| part.chars().count() == 1;
    let given = parts.next().filter(single)?;
    names::is_surname(first).then_some(())?;
    let end = given.as_ptr() as usize - right.as_ptr() as usize + given.len();
    let name = format!("{first}{given}");
    names::is_han_name(&name).then_some((name, end))
}

/// `阿依图尔荪·艾斯凯尔`: at least one part written in characters that write sounds.
fn dotted(left: &str, right: &str) -> Option<(String, usize)> {
    let sound = |c: char| surnames::TRANSLITERATION.contains(c);
    let end = right.find(|c: char| !is_han(c) && !names::DOTS.contains(&c)).unwrap_or(right.len());
    let head = right.get(..end)?;
    let (first, last) = (head.find(names::DOTS)?, head.rfind(names::DOTS)?);
    let part = head.get(..first)?;
    let sounds = part.chars().all(sound);
    let introduced = before(left);
    // 感谢巴图: 谢 writes sounds too, but 感谢 introduces a name.
    let apart = introduced > Side::Nothing || left.chars().next_back().is_none_or(|c| !sound(c));
    let begins = introduced >= Side::Edge || (sounds && apart);
    let tail_at = last + head.get(last..)?.chars().next()?.len_utf8();
    let tail = head.get(tail_at..)?;
    let sounding = tail.find(|c| !sound(c)).unwrap_or(tail.len());
    // 预科班阿依努尔, 感谢巴图: the name begins behind the last word that introduces one, also where that word is written in such
    // characters.
    let later = part.char_indices().skip(1).any(|(at, _)| {
        let near = left.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
        let text = format!("{}{}", left.get(near..).unwrap_or_default(), part.get(..at).unwrap_or_default());
        before(&text) > Side::Nothing
    });
    // 那天傍晚阿依努尔·麦麦提: what stands before the sounds is words.
    let words = part.trim_end_matches(sound).chars().filter(|c| !sound(*c)).count();
    let named = part.chars().rev().take_while(|c| sound(*c)).count();
    let begins = begins && !later && !(words > 1 && named > 1);
    if !begins || !(1..=8).contains(&part.chars().count()) || !(sounds || sounding == tail.len()) {
        return None;
    }
    // A short rest that belongs to no word after it is the name's too.
    let whole = tail.chars().count() <= 5 && (head.len() == right.len() || end == head.len()) && sounding == 0;
    let length = tail_at + if whole { tail.len() } else { sounding };
    let name = names::whole(head.get(..length)?)?;
    Some((name, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        for one in find(text) {
            assert_eq!(
                text[one.start..one.end].chars().filter(|c| !c.is_whitespace()).count(),
                one.name.chars().count()
            );
        }
        find(text).into_iter().map(|one| one.name).collect()
    }

    #[test]
    fn names_are_found_with_one_good_reason() {
        for (text, want) in [
            ("大家听取了江一帆书记的汇报。", vec!["江一帆"]),
            ("学生江一帆、魏清越、方宁等参加。", vec!["江一帆", "魏清越", "方宁"]),
            ("（江一帆）", vec!["江一帆"]),
            ("北京师范大学教授闻道远讲话", vec!["闻道远"]),
            ("东湖师范学院书记方宁", vec!["方宁"]),
            ("（通讯员 方宁）", vec!["方宁"]),
            ("文/方宁 图/江一帆", vec!["方宁", "江一帆"]),
            ("负责人：方宁。", vec!["方宁"]),
            ("方宁说，要多读书。", vec!["方宁"]),
            ("会后，江一帆在校史馆留影。", vec!["江一帆"]),
            ("主持人 任 颖 宣布开始", vec!["任颖"]),
            ("预科班阿依努尔·麦麦提同学", vec!["阿依努尔·麦麦提"]),
            ("与江一帆一起", vec!["江一帆"]),
            ("班长江一帆走进教室", vec!["江一帆"]),
            ("感谢巴图·其其格老师", vec!["巴图·其其格"]),
            ("大家请方宁再讲一遍，请江一帆和大家讲", vec!["江一帆"]),
            ("欧阳慕云老师", vec!["欧阳慕云"]),
            ("感谢傅岑老师的指导", vec!["傅岑"]),
            ("感谢谢岑老师的指导", vec!["谢岑"]),
            ("最后阿依努尔·麦麦提走上台", vec!["阿依努尔·麦麦提"]),
            ("党支部书记孟子远主持会议，孟子远同学发言", vec!["孟子远", "孟子远"]),
            ("苏来曼尼·麦麦提。", vec!["苏来曼尼·麦麦提"]),
        ] {
            assert_eq!(found(text), want, "{text}");
        }
    }

    #[test]
    fn words_of_news_are_no_names() {
        for text in [
            "学院高质量发展，全体党员同志参加。",
            "《论语·学而》中说，学而时习之。",
            "党委书记、院长出席，老师们认真学习。",
            "坚持文明校园建设，方法得当。",
            "习近平总书记指出，青年是祖国的未来。",
            "时间：6月1日，地点：报告厅。",
            "党支部书记高度重视，学生党员成功举办活动，孟子说：学则正。",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }
}
