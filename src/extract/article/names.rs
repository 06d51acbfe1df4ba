//! From the text after a role to names.
//!
//! A name is a person or a unit; nothing here decides which. Two single Han characters side by side are one person
//! whose name was spaced out to the width of three (任 颖). Words of production (摄, 报道, 整理) that templates leave
//! after a name are no names.

use super::text::{fold, is_han};

/// Longest name kept, in characters: the longest unit names with their university's name in front.
const LONGEST: usize = 32;

const TAILS: &[&str] = &[
    "摄影报道",
    "综合报道",
    "摄影",
    "报道",
    "整理",
    "整合",
    "编译",
    "供图",
    "供稿",
    "摄",
    "文",
    "图",
    "等",
    "无",
    "暂无",
    "佚名",
    "未知",
    "本站",
    "不详",
];

/// Words after which the value of a label is over: page furniture without a colon.
const FURNITURE: &[&str] = &[
    "字体",
    "字号",
    "打印",
    "关闭",
    "分享",
    "收藏",
    "返回",
    "点击",
    "浏览",
    "阅读",
    "人气",
    "评论",
    "大 中 小",
    "大中小",
    "扫一扫",
    "手机",
    "我要",
    "查看",
    "更多",
    "听新闻",
    "纠错",
    "视力保护",
    "举报",
    "上一",
    "下一",
    "小 中 大",
];

const COMPOUND_SURNAMES: &[&str] = &[
    "欧阳", "司马", "上官", "诸葛", "司徒", "东方", "独孤", "南宫", "慕容", "令狐", "宇文", "长孙", "皇甫", "尉迟",
    "公孙", "轩辕", "端木", "夏侯",
];

/// The part of a label's value before page furniture, counters in brackets and opening brackets of another kind.
pub(crate) fn value_part(value: &str) -> &str {
    let value = value.trim_start();
    let bracket = value.find(['【', '[', '<', '★']).filter(|&at| at > 0);
    let cut = FURNITURE.iter().filter_map(|word| furniture(value, word)).chain(bracket).min();
    let value = cut.and_then(|at| value.get(..at)).unwrap_or(value);
    trimmed(value)
}

/// Where this word of page furniture stands. Inside a unit's name (阅读推广中心, 新闻评论部) it is none: furniture begins a
/// field and is followed by no letter, or by more furniture.
fn furniture(value: &str, word: &str) -> Option<usize> {
    value.match_indices(word).map(|(at, _)| at).find(|&at| {
        let before = value.get(..at).and_then(|left| left.chars().next_back());
        let after = value.get(at + word.len()..).unwrap_or_default();
        let begins = before.is_none_or(|c| !is_han(c));
        let bare = !after.chars().next().is_some_and(is_han);
        let goes_on = AFTER_FURNITURE.iter().any(|next| after.starts_with(next));
        let unit =
            UNIT_ENDS.iter().any(|end| after.split(char::is_whitespace).next().is_some_and(|run| run.ends_with(end)));
        bare || goes_on || (begins && !unit)
    })
}

/// What follows a word of furniture and belongs to it: 打印本页, 点击次数, 分享到.
const AFTER_FURNITURE: &[&str] = &[
    "本页",
    "此页",
    "本文",
    "窗口",
    "次数",
    "次",
    "量",
    "数",
    "率",
    "人次",
    "到",
    "大小",
    "此文",
    "列表",
    "顶部",
    "上一页",
    "我要",
    "分享",
    "打印",
    "关闭",
];
/// Ends of units' names.
const UNIT_ENDS: &[&str] = &["中心", "部", "处", "室", "社", "协会", "平台", "团", "组", "院", "系", "馆", "办"];

/// Without marks at either end that belong to no word: a bracket or a quotation mark goes only where its other half is missing
/// (人民日报（海外版） keeps it).
fn trimmed(value: &str) -> &str {
    let mut value = value;
    loop {
        let edge = |c: char, rest: &str| c.is_whitespace() || (is_edge(c) && !is_half(c, rest));
        let shorter = match (value.chars().next(), value.chars().next_back()) {
            (Some(first), _) if edge(first, value.get(first.len_utf8()..).unwrap_or_default()) => {
                value.get(first.len_utf8()..)
            }
            (_, Some(last)) if edge(last, value.get(..value.len() - last.len_utf8()).unwrap_or_default()) => {
                value.get(..value.len() - last.len_utf8())
            }
            _ => return value,
        };
        let Some(shorter) = shorter else { return value };
        value = shorter;
    }
}

/// Whether the mark is one half of a pair whose other half stands in the rest.
fn is_half(mark: char, rest: &str) -> bool {
    let other = match mark {
        '）' | ')' => ['（', '('],
        '（' | '(' => ['）', ')'],
        ']' | '】' => ['[', '【'],
        '[' | '【' => [']', '】'],
        '”' | '“' | '"' => return rest.contains(['“', '”', '"']),
        _ => return false,
    };
    rest.contains(other)
}

fn is_edge(c: char) -> bool {
    matches!(
        c,
        '：' | ':'
            | '|'
            | '丨'
            | '｜'
            | '/'
            | '／'
            | '、'
            | '，'
            | ','
            | '；'
            | ';'
            | '。'
            | '·'
            | '-'
            | '—'
            | '－'
            | '>'
            | '»'
            | '）'
            | ')'
            | '（'
            | '('
            | ']'
            | '】'
            | '“'
            | '”'
            | '"'
            | '．'
    )
}

/// Names under one role, in order.
pub(crate) fn split(value: &str) -> Vec<String> {
    let value = value_part(value);
    let mut names: Vec<String> = Vec::new();
    // （作者：某某，系某大学教授）: what somebody is ends the names.
    let value = ["，系", ",系", "，为", "，单位", "；单位"]
        .iter()
        .filter_map(|mark| value.find(mark))
        .min()
        .and_then(|at| value.get(..at))
        .unwrap_or(value);
    for part in value.split(|c: char| {
        matches!(c, '、' | '，' | ',' | '；' | ';' | '/' | '／' | '&' | '|' | '\n' | '：' | ':' | '。')
    }) {
        names.extend(split_spaces(&fold(&without_brackets(part))));
    }
    names.retain(|name| is_name(name));
    names.dedup();
    names
}

/// `（校报记者）` beside a name says what somebody is, not who.
fn without_brackets(part: &str) -> String {
    let mut depth = 0_usize;
    part.chars()
        .filter(|c| match c {
            '（' | '(' => {
                depth += 1;
                false
            }
            '）' | ')' => {
                depth = depth.saturating_sub(1);
                false
            }
            _ => depth == 0,
        })
        .collect()
}

fn single_han(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(is_han) && chars.next().is_none()
}

fn split_spaces(part: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut words = part.split(' ').filter(|word| !word.is_empty()).peekable();
    while let Some(word) = words.next() {
        let joins = words.peek().is_some_and(|next| {
            (single_han(word)
                && next.chars().count() <= 2
                && next.chars().all(is_han)
                && single_han(word)
                && !TAILS.contains(next))
                || (COMPOUND_SURNAMES.contains(&word) && next.chars().count() <= 2 && next.chars().all(is_han))
                || (word.is_ascii() && next.is_ascii())
        });
        match (joins, words.peek()) {
            (true, Some(next)) => {
                let glue = if word.is_ascii() { " " } else { "" };
                out.push(format!("{word}{glue}{next}"));
                words.next();
            }
            (true | false, _) => out.push(word.to_owned()),
        }
    }
    out.into_iter().map(|word| without_tail(&word)).collect()
}

fn without_tail(word: &str) -> String {
    let word = word.trim_matches(is_edge);
    // 某某_NN2587: an account number after the name.
    let word = word.split_once('_').filter(|(_, rest)| rest.is_ascii()).map_or(word, |(name, _)| name);
    let cut = TAILS.iter().find_map(|tail| {
        let head = word.strip_suffix(tail)?;
        let length = head.chars().count();
        // 文 and 图 end given names too: only whole words go.
        (length == 0
            || (*tail == "等" && (2..=4).contains(&length))
            || (tail.chars().count() >= 2 && (2..=4).contains(&length))
            || (*tail == "摄" && (2..=3).contains(&length)))
        .then_some(head)
    });
    cut.unwrap_or(word).to_owned()
}

/// Letters, of a length names have, and no date or counter.
fn is_name(name: &str) -> bool {
    let length = name.chars().count();
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let digits = name.chars().filter(char::is_ascii_digit).count();
    letters > 0 && length <= LONGEST && digits * 2 <= length && !single_han(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_as_people_write_them() {
        for (value, expected) in [
            ("任 颖", vec!["任颖"]),
            ("李文、鲍洁", vec!["李文", "鲍洁"]),
            ("王佑戈 杜晨乐 宣传思想工作站", vec!["王佑戈", "杜晨乐", "宣传思想工作站"]),
            ("邓　晨 张　艳", vec!["邓晨", "张艳"]),
            ("蔺燕涛 :", vec!["蔺燕涛"]),
            ("地学学院", vec!["地学学院"]),
            ("李禾；周某某,吴某", vec!["李禾", "周某某", "吴某"]),
            ("  字体：大 中 小", vec![]),
            ("李禾 【打印本页】", vec!["李禾"]),
            ("欧阳 万福", vec!["欧阳万福"]),
            ("李小文", vec!["李小文"]),
            ("李禾 摄", vec!["李禾"]),
            ("John Smith", vec!["John Smith"]),
            ("阿依图尔荪·艾斯凯尔", vec!["阿依图尔荪·艾斯凯尔"]),
            ("李禾（学生记者）", vec!["李禾"]),
            ("2023-06-06", vec![]),
            ("319", vec![]),
            ("南某，系某某大学文学院特约研究员", vec!["南某"]),
            ("李某_NN2587", vec!["李某"]),
            ("李禾、周某某等", vec!["李禾", "周某某"]),
            ("阅读推广中心", vec!["阅读推广中心"]),
            ("新闻评论部 李禾", vec!["新闻评论部", "李禾"]),
            ("李禾 点击：", vec!["李禾"]),
            ("李禾点击次数", vec!["李禾"]),
            ("李禾）", vec!["李禾"]),
        ] {
            assert_eq!(split(value), expected, "{value}");
        }
    }
}
