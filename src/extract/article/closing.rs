//! Credit and source lines inside the body: at its end, at its head, or as a line of their own.
//!
//! They stay in the body (the contract says so); here they only fill their fields. A line counts when nothing but
//! labels and names is on it, a bracket when a paragraph ends or the article begins with it. Words that also occur in
//! running text (文, 图, 作者, 单位) count only at the ends of the body.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::article::Credit;
use crate::domain::time::Date;

use super::meta_line::{add, source};
use super::names;
use crate::extract::label::{self, Field, Hit, Separator};

/// Lines from either end that belong to the ends of a body.
const TAIL: usize = 8;
const HEAD: usize = 2;
/// Longest line of credits, in characters.
const LONGEST_LINE: usize = 160;
/// Characters at the head of the first paragraphs within which a dateline's bracket stands.
const DATELINE: usize = 40;

/// What the body itself says about its makers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Closing {
    /// Credits in reading order.
    pub(crate) credits: Vec<Credit>,
    /// A source line near the end.
    pub(crate) source: Option<String>,
}

/// Reads the credit lines of a body, one paragraph a line.
pub(crate) fn read(paragraphs: &[&str], captured_on: Date) -> Closing {
    let mut closing = Closing::default();
    let last = paragraphs.len();
    for (at, paragraph) in paragraphs.iter().enumerate() {
        let tail = at + TAIL >= last;
        let head = at < HEAD;
        if head {
            dateline(paragraph, &mut closing, captured_on);
        }
        let whole = unbracketed(paragraph);
        if whole.chars().count() <= LONGEST_LINE && is_line(whole, tail || head) {
            take(whole, tail, &mut closing, captured_on);
        } else if tail && let Some(bracket) = last_bracket(paragraph).filter(|text| is_line(text, true)) {
            take(bracket, true, &mut closing, captured_on);
        }
        if (tail || head)
            && let Some((role, names)) = reversed(paragraph)
        {
            add(&mut closing.credits, role, names);
        }
    }
    closing
}

fn unbracketed(line: &str) -> &str {
    line.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(c, '（' | '）' | '(' | ')' | '【' | '】' | '[' | ']' | '■' | '●' | '◆' | '*' | '-' | '—')
    })
}

/// The bracket a paragraph ends with, without the bracket signs.
fn last_bracket(paragraph: &str) -> Option<&str> {
    let text = paragraph.trim_end_matches(|c: char| c.is_whitespace() || c == '。');
    let inner = text.strip_suffix(['）', ')', '】', ']', '〕'])?;
    let open = inner.rfind(['（', '(', '【', '[', '〔'])?;
    let inner = inner.get(open..)?;
    let mut chars = inner.chars();
    chars.next();
    Some(chars.as_str().trim())
}

/// Words that need the ends of a body to be credits.
const WEAK: &[&str] = &[
    "文",
    "图",
    "摄",
    "作者",
    "单位",
    "时间",
    "日期",
    "发布",
    "图片",
    "照片",
    "文字",
    "设计",
    "制作",
    "指导",
    "顾问",
    "策划",
    "翻译",
    "整理",
    "采访",
    "出品",
    "视频",
    "音频",
    "指导老师",
    "指导教师",
    "统筹",
    "海报",
    "总策划",
    "主编",
    "副主编",
    "版式",
    "译者",
    "评论员",
    "朗诵",
    "出处",
    "审核",
    "记者",
    "发布单位",
    "发布部门",
    "投稿",
    "报送",
    "报送单位",
    "录入",
    "上传",
    "原作者",
    "复核",
    "签发",
    "审定",
    "复审",
    "初审",
    "签发人",
    "审核人",
    "美工",
    "顾问",
    "拍摄",
    "出品人",
    "监制",
];

/// Whether a line is nothing but labels and their values.
fn is_line(line: &str, at_end: bool) -> bool {
    // Most lines are prose: told by a mark, before anything is looked for.
    if line.contains(['。', '！', '？', '!', '?']) {
        return false;
    }
    let hits = counted(line);
    if hits.first().is_none_or(|first| first.start != 0) {
        return false;
    }
    let meaningful = hits.iter().any(|hit| matches!(hit.field, Field::Credit | Field::Source));
    let strong = at_end || !hits.iter().all(|hit| hit.field != Field::Credit || WEAK.contains(&hit.word.as_str()));
    let shown: usize = hits.iter().enumerate().map(|(at, _)| value(line, &hits, at).chars().count()).sum();
    meaningful && strong && shown <= 24 + 16 * hits.len()
}

/// Labels that count on a line of credits: a space is separator enough where the label begins the line or follows a gap.
fn counted(line: &str) -> Vec<Hit> {
    let mut hits = label::find_all(line);
    hits.retain(|hit| match hit.separator {
        Separator::Colon | Separator::Slash => true,
        Separator::Space => {
            let before = line.get(..hit.start).and_then(|text| text.chars().next_back());
            hit.field == Field::Credit
                && before.is_none_or(|c| c.is_whitespace() || matches!(c, '；' | ';' | '，' | ',' | '|' | '丨'))
        }
    });
    hits
}

fn value<'a>(line: &'a str, hits: &[Hit], at: usize) -> &'a str {
    let start = hits.get(at).map_or(0, |hit| hit.end);
    let end = hits.get(at + 1).map_or(line.len(), |next| next.start);
    line.get(start..end).unwrap_or_default()
}

fn take(line: &str, tail: bool, closing: &mut Closing, captured_on: Date) {
    let hits = counted(line);
    for (at, hit) in hits.iter().enumerate() {
        let value = value(line, &hits, at);
        match hit.field {
            Field::Credit => add(&mut closing.credits, &hit.word, names::split(value)),
            Field::Source if tail && closing.source.is_none() && hit.word != "单位" => {
                closing.source = source(value, captured_on);
            }
            Field::Source | Field::Published | Field::Updated | Field::Noise => {}
        }
    }
}

/// `本网讯（文/李某、鲍某）`, `【供稿/各党总支】`, `（通讯员 张某）` at the head of the text.
fn dateline(paragraph: &str, closing: &mut Closing, captured_on: Date) {
    let Some(open) = paragraph.char_indices().take(DATELINE).find(|(_, c)| matches!(c, '（' | '(' | '【' | '['))
    else {
        return;
    };
    let rest = paragraph.get(open.0 + open.1.len_utf8()..).unwrap_or_default();
    let Some(inner) = rest.find(['）', ')', '】', ']']).and_then(|end| rest.get(..end)) else { return };
    if inner.chars().count() <= 60 && is_line(inner.trim(), true) {
        take(inner.trim(), false, closing, captured_on);
    }
}

static REVERSED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[（(【\[]?\s*(?P<names>[\p{Han}·]{2,4}(?:\s*[、，, ]\s*[\p{Han}·]{2,4}){0,4}|[\p{Han}]{2,20}(?:学院|部|处|中心|党支部|办公室|团委|系))\s*[/／]?\s*(?P<role>供稿|撰稿|供图|撰文)\s*[）)】\]]?$").ok()
});

/// `吴某某供稿`: the name before the role, alone on its line.
fn reversed(paragraph: &str) -> Option<(&'static str, Vec<String>)> {
    let line = paragraph.trim();
    if line.len() > 120 {
        return None;
    }
    let found = REVERSED.as_ref()?.captures(line)?;
    let role = ["供稿", "撰稿", "供图", "撰文"]
        .into_iter()
        .find(|role| found.name("role").is_some_and(|r| r.as_str() == *role))?;
    Some((role, names::split(found.name("names")?.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(body: &str) -> (String, String) {
        let lines: Vec<&str> = body.lines().collect();
        let closing = read(&lines, Date::new(2026, 11, 22).unwrap());
        let credits: Vec<String> =
            closing.credits.iter().map(|c| format!("{}={}", c.role, c.names.join("+"))).collect();
        (credits.join(";"), closing.source.unwrap_or_default())
    }

    #[test]
    fn lines_at_the_end_and_brackets() {
        for (body, credits, source) in [
            ("正文。\n编辑：孔某某", "编辑=孔某某", ""),
            (
                "正文。\n(撰稿:梁某某；一审:涂某某；二审:王某；三审:李某某)",
                "撰稿=梁某某;一审=涂某某;二审=王某;三审=李某某",
                "",
            ),
            (
                "正文。\n撰稿人:陆某 一审:蔺某某 :二审:孙某 终审:陈某某",
                "撰稿人=陆某;一审=蔺某某;二审=孙某;终审=陈某某",
                "",
            ),
            ("会议结束。（文、图/李某 初审/金某 终审/管某）", "文、图=李某;初审=金某;终审=管某", ""),
            ("本网讯(文/李某、鲍某)昨日，会议召开，代表出席。", "文=李某+鲍某", ""),
            ("【供稿/各党总支】为深入学习，会议召开。", "供稿=各党总支", ""),
            ("（通讯员 张某）为深入学习，会议召开。", "通讯员=张某", ""),
            ("正文。\n撰稿：付某，摄影：李某某", "撰稿=付某;摄影=李某某", ""),
            ("正文。\n【责任编辑：刘某某】", "责任编辑=刘某某", ""),
            ("正文。\n(责编：胡某某、杨某某)", "责编=胡某某+杨某某", ""),
            ("正文。\n来源：云岭日报", "", "云岭日报"),
            ("正文。（来源：云岭日报）", "", "云岭日报"),
            ("正文。\n（资料来源：参考消息、海外网等）", "", ""),
            ("吴某某供稿\n正文。", "供稿=吴某某", ""),
            ("正文。\n文/图 张某\n审核 李某", "文/图=张某;审核=李某", ""),
            ("通讯员:周某\n摄影:吴某\n编辑:郑某\n审核:王某", "通讯员=周某;摄影=吴某;编辑=郑某;审核=王某", ""),
            ("主席：李某（云岭理工大学）\n评论人：周某\n联系人：吴老师 电话：123", "", ""),
            ("记者走进会场。\n编辑部的同志们说：“很好。”", "", ""),
        ] {
            assert_eq!(shown(body), (credits.to_owned(), source.to_owned()), "{body}");
        }
    }

    #[test]
    fn a_credit_line_in_the_middle_counts_when_its_word_is_clear() {
        let filler = vec!["段落。"; 20].join("\n");
        assert_eq!(shown(&format!("{filler}\n撰稿：高某某\n{filler}")).0, "撰稿=高某某");
        assert_eq!(shown(&format!("{filler}\n作者：白居易\n{filler}")).0, "");
    }
}
