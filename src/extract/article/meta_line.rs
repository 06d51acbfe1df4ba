//! The line under the headline: time, source, credits beside labels.
//!
//! Text in, fields out; where the text came from is not its business. Two rules make it safe: the value of a label ends
//! where the next label begins, whatever that is (`作者：  来源：` names nobody), and a date in the value of 作者 or 来源
//! is the time of publication, not a name.

use crate::domain::article::Credit;
use crate::domain::time::Date;

use super::dates::{self, Stamp};
use super::names;
use super::text::fold;
use crate::extract::label::{self, Field, Hit, Separator};

/// What a meta line said.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct MetaLine {
    /// Time of publication.
    pub(crate) published: Option<Stamp>,
    /// Source, label removed.
    pub(crate) source: Option<String>,
    /// Roles as printed.
    pub(crate) credits: Vec<Credit>,
}

impl MetaLine {
    /// Whether nothing was found.
    pub(crate) fn is_empty(&self) -> bool {
        self.published.is_none() && self.source.is_none() && self.credits.is_empty()
    }
}

/// Longest source, in characters; longer values are a paragraph that happened to follow a label.
const LONGEST_SOURCE: usize = 60;

/// How much a date is to be believed, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Trust {
    Labelled,
    Alone,
    Updated,
}

/// Reads a meta line. Element borders may be given as tabs, block borders as line breaks; both are white space here.
pub(crate) fn read(text: &str, captured_on: Date) -> MetaLine {
    let hits: Vec<Hit> = label::find_all(text).into_iter().filter(|hit| counts(hit, text)).collect();
    let mut line = MetaLine { published: published(text, &hits, captured_on), ..MetaLine::default() };
    for (at, hit) in hits.iter().enumerate() {
        let value = value(text, &hits, at);
        match hit.field {
            Field::Source if line.source.is_none() => line.source = source(value, captured_on),
            Field::Credit => add(&mut line.credits, &hit.word, names::split(before_date(value, captured_on))),
            Field::Source | Field::Published | Field::Updated | Field::Noise => {}
        }
    }
    line
}

/// A label with a space only after it counts where a field begins: at the start of the line or after a wide gap, and
/// before a date or a name, not inside a value.
fn counts(hit: &Hit, text: &str) -> bool {
    match hit.separator {
        Separator::Colon => true,
        Separator::Slash => hit.field == Field::Credit,
        Separator::Space => {
            let before = text.get(..hit.start).unwrap_or_default();
            let starts = before.trim_end().is_empty() || before.ends_with(['\t', '\n', '|']) || before.ends_with("  ");
            let clear = hit.word.chars().count() >= 4;
            // 发布时间 announces a date anywhere; 作者 alone may be an empty label.
            (starts || clear) && matches!(hit.field, Field::Published | Field::Updated | Field::Noise)
        }
    }
}

fn value<'a>(text: &'a str, hits: &[Hit], at: usize) -> &'a str {
    let start = hits.get(at).map_or(0, |hit| hit.end);
    let end = hits.get(at + 1).map_or(text.len(), |next| next.start);
    one_line(text.get(start..end).unwrap_or_default())
}

/// A value stands on its label's line; on the next one where that is short and nothing stands beside the label.
fn one_line(value: &str) -> &str {
    let (same, rest) = value.split_once('\n').unwrap_or((value, ""));
    if !same.trim().is_empty() {
        return same;
    }
    let next = rest.trim_start().split('\n').next().unwrap_or_default();
    let value = next.chars().count() <= LONGEST_NEXT && !super::furniture::ends_article(next);
    if value { next } else { "" }
}

/// Characters of a value on the line after its label: a name or a unit, not a headline.
const LONGEST_NEXT: usize = 20;

/// The most trusted date of the line.
fn published(text: &str, hits: &[Hit], captured_on: Date) -> Option<Stamp> {
    let trust = |start: usize| {
        let owner = hits.iter().rfind(|hit| hit.end <= start);
        let Some(hit) = owner else { return Some(Trust::Alone) };
        let gap = text.get(hit.end..start).unwrap_or_default().trim();
        match hit.field {
            Field::Published if gap.chars().count() <= 6 => Some(Trust::Labelled),
            Field::Updated if gap.chars().count() <= 6 => Some(Trust::Updated),
            // A counter's value is a number, so a date after it stands for itself; a date right after a foreign label is that label's.
            Field::Noise if gap.is_empty() => None,
            Field::Noise | Field::Source | Field::Credit | Field::Published | Field::Updated => Some(Trust::Alone),
        }
    };
    dates::find_all(text, captured_on)
        .into_iter()
        .filter_map(|found| Some((trust(found.start)?, found.stamp)))
        .min_by_key(|(trust, _)| *trust)
        .map(|(_, stamp)| stamp)
        .or_else(|| dates::boxed(text, captured_on))
}

/// The time beside a label of publication, for lines under the text: a date alone is believed there no more than in it.
pub(crate) fn labelled_time(text: &str, captured_on: Date) -> Option<Stamp> {
    let hits: Vec<Hit> = label::find_all(text).into_iter().filter(|hit| counts(hit, text)).collect();
    let times = hits.iter().filter(|hit| hit.field == Field::Published);
    times
        .filter_map(|hit| dates::first(text.get(hit.end..)?, captured_on).filter(|found| found.start <= 6))
        .map(|found| found.stamp)
        .next()
}

fn before_date(value: &str, captured_on: Date) -> &str {
    dates::first(value, captured_on).and_then(|found| value.get(..found.start)).unwrap_or(value)
}

/// The source without furniture, brackets or what follows a wide gap.
pub(crate) fn source(value: &str, captured_on: Date) -> Option<String> {
    let value = names::value_part(before_date(value, captured_on));
    let value = ["  ", "\u{a0}\u{a0}", "\u{3000}", "\n", "\t"]
        .iter()
        .filter_map(|gap| value.find(gap))
        .min()
        .and_then(|at| value.get(..at))
        .unwrap_or(value);
    let value = fold(value.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '：' | ':' | '|' | '｜' | '丨' | ',' | '，' | '；' | ';')
    }));
    let value = unwrapped(&value);
    let printed = value.chars().any(char::is_alphabetic) && value.chars().count() <= LONGEST_SOURCE;
    let sentence = value.contains(['。', '！', '？']);
    (printed && !sentence && !matches!(value, "无" | "暂无" | "未知" | "不详")).then(|| value.to_owned())
}

fn unwrapped(value: &str) -> &str {
    [('《', '》'), ('“', '”'), ('"', '"'), ('（', '）'), ('(', ')'), ('[', ']'), ('【', '】')]
        .into_iter()
        .find_map(|(open, close)| value.strip_prefix(open)?.strip_suffix(close))
        .filter(|inner| !inner.contains(['《', '“', '（']))
        .map_or(value, |inner| if value.starts_with('《') { value } else { inner })
        .trim()
}

/// Adds names under a role; a role that already has them gains nothing.
pub(crate) fn add(credits: &mut Vec<Credit>, role: &str, names: Vec<String>) {
    if names.is_empty() {
        return;
    }
    match credits.iter_mut().find(|credit| credit.role == role) {
        Some(credit) => {
            for name in names {
                if !credit.names.contains(&name) {
                    credit.names.push(name);
                }
            }
        }
        None => credits.push(Credit { role: role.to_owned(), names }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> (String, String, String) {
        let line = read(text, Date::new(2026, 11, 22).unwrap());
        let credits: Vec<String> = line.credits.iter().map(|c| format!("{}={}", c.role, c.names.join("+"))).collect();
        let time = line.published.map(|s| format!("{} {}", s.at, s.precision.as_str()).replace("+08:00", ""));
        (time.unwrap_or_default(), line.source.unwrap_or_default(), credits.join(";"))
    }

    #[test]
    fn lines_as_printed() {
        for (text, time, source, credits) in [
            ("责任编辑：李禾\n相关新闻\n灯会招募启动", "", "", "责任编辑=李禾"),
            ("来源：\n      校报\n作者：\n这是一个很长的标题不是人名因为它没有标签也不短", "", "校报", ""),
            (
                "来源:云岭理工大学主题教育网 发布时间:2023-06-06 16:49:09",
                "2023-06-06T16:49:09 second",
                "云岭理工大学主题教育网",
                "",
            ),
            (
                "发布时间：2017年12月01日 12:05\u{a0}\u{a0}\u{a0}\u{a0}作者：\u{a0}\u{a0}\u{a0}来源：\n  \u{a0}点击率：次",
                "2017-12-01T12:05:00 minute",
                "",
                "",
            ),
            (
                "文章来源：党委宣传部\n　　　发布时间：2020-12-24 21:07:39　　阅读次数：",
                "2020-12-24T21:07:39 second",
                "党委宣传部",
                "",
            ),
            ("发布者:护管学院发布时间:2021-10-22浏览次数:319", "2021-10-22T00:00:00 day", "", "发布者=护管学院"),
            ("发布者：\t发布时间：2020-10-23\t点击数：", "2020-10-23T00:00:00 day", "", ""),
            ("2021-03-08 作者：浏览次数：", "2021-03-08T00:00:00 day", "", ""),
            ("作者: 来源: 编辑:崔某 时间:2022-05-03", "2022-05-03T00:00:00 day", "", "编辑=崔某"),
            ("2020-10-04 20:30\t来源: 东湖网", "2020-10-04T20:30:00 minute", "东湖网", ""),
            (
                "作者：李禾 2023-06-06 来源：校报 摄影：周某、吴某",
                "2023-06-06T00:00:00 day",
                "校报",
                "作者=李禾;摄影=周某+吴某",
            ),
            ("来源：云岭日报（海外版） 2023-06-06", "2023-06-06T00:00:00 day", "云岭日报（海外版）", ""),
            ("来源：“云岭青年”公众号 时间：2023-06-06", "2023-06-06T00:00:00 day", "“云岭青年”公众号", ""),
            ("来源：《云岭日报》（2023年6月6日第1版）", "2023-06-06T00:00:00 day", "《云岭日报》", ""),
            ("【来源：云岭日报】【字体：大 中 小】", "", "云岭日报", ""),
            ("来源：[校报] 作者：李禾", "", "校报", "作者=李禾"),
            ("来源：（校报）作者：李禾", "", "校报", "作者=李禾"),
            ("来源：校报阅读推广中心阅读：12", "", "校报阅读推广中心", ""),
            ("来源：校报点击数：319", "", "校报", ""),
            ("| 13-04-22 |  【大 中 小】【打印】【关闭】", "2013-04-22T00:00:00 day", "", ""),
            ("更新时间：2023-07-01 发布时间：2023-06-06", "2023-06-06T00:00:00 day", "", ""),
            ("截止日期：2023-07-01 日期：2023-06-06", "2023-06-06T00:00:00 day", "", ""),
            ("来源：\t宣传部\t2023-06-06", "2023-06-06T00:00:00 day", "宣传部", ""),
            ("2024年05月10日08:16 | 来源：某某网\t小字号", "2024-05-10T08:16:00 minute", "某某网", ""),
            (
                "单位：学工部 作者：张三 李四 审核：王某 2022-01-01",
                "2022-01-01T00:00:00 day",
                "学工部",
                "作者=张三+李四;审核=王某",
            ),
            ("发布人：管理员 发布时间 2022/3/4 浏览：12", "2022-03-04T00:00:00 day", "", "发布人=管理员"),
        ] {
            assert_eq!(shown(text), (time.to_owned(), source.to_owned(), credits.to_owned()), "{text:?}");
        }
    }
}
