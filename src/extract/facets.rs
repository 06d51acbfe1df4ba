//! An affiliation taken apart: degree, year of entry, major, class, branch, unit.
//!
//! Reads `测绘学院研22级测绘第二党支部`, `公共管理学院行政管理2203班`, `18人资` and their kin. What is not said stays `None`: a year is
//! never guessed from a class number of four digits (`2203班`), only from a number that is a year (`20230901班`).

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::article::Facets;

/// Letters of units and majors are `[々〇㐀-鿿]`, which is `\p{Han}` without what is added beyond the first plane, where names have letters and
/// units have none: repeated sixteen times, the whole class took ten times the memory.
#[expect(clippy::expect_used, reason = "constant patterns; the table of cases below compiles each")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a constant pattern")
}

/// Unit at the front: as short as it can be, so that 学院 wins over the 系 inside it, but a 学院 is preferred to a 部.
static UNIT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^(?:[々〇㐀-鿿]{2,14}?大学)?(?:[々〇㐀-鿿]{1,16}?(?:学院|书院|研究院|研究所|学部|医院|公司|集团|图书馆|办公室|委员会|中心|实验室|教研室)\
         |[々〇㐀-鿿]{1,6}?院|[々〇㐀-鿿]{2,8}?系|[々〇㐀-鿿]{2,8}?(?:部|处|馆|科)|[々〇㐀-鿿]{2,6}?(?:学校|中学|小学|街道|社区))",
    )
});
static UNIVERSITY: LazyLock<Regex> = LazyLock::new(|| pattern("^[々〇㐀-鿿]{2,14}?大学"));
/// `研22级`, `2017级`, `18人资`, `研22测绘`.
static YEAR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "(?P<sort>[研博硕本])?(?P<long>(?:19|20)[0-9][0-9])(?:级|年级)?|(?P<sort2>[研博硕本])?(?P<short>[0-9][0-9])级|(?P<sort3>[研博硕本])(?P<short3>[0-9][0-9])",
    )
});
static LEADING_YEAR: LazyLock<Regex> = LazyLock::new(|| pattern("^([0-9][0-9])[々〇㐀-鿿]"));
static DEGREE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "博士研究生|硕士研究生|博士后|博士生|硕士生|直博生|研究生|本科生|专科生|预科生|留学生|专硕|学硕|科硕|博士|硕士|本科|专科|高职|预科",
    )
});
static BRANCH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "[々〇㐀-鿿]{0,14}?(?:第[一二三四五六七八九十0-9]+)?(?:学生|教工|教师|研究生|本科生|博士|硕士)*(?:第[一二三四五六七八九十0-9]+)?(?:联合)?(?:党支部|团支部|党总支|党小组|党委|团委)",
    )
});
static CLASS: LazyLock<Regex> = LazyLock::new(|| {
    pattern("[々〇㐀-鿿A-Za-z]{0,14}[0-9A-Za-z]*(?:[（(][0-9一二三四五六七八九十]+[)）])?[一二三四五六七八九十0-9]*班")
});
static MAJOR_SAID: LazyLock<Regex> = LazyLock::new(|| pattern("([々〇㐀-鿿]{2,16}?)专业"));
/// What a major is not: counters and kinds of people around it.
static NOT_MAJOR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "第[一二三四五六七八九十0-9]+|党支部|团支部|支部|党总支|党小组|党委|团委|联合|学生|教工|教师|党员|博士研究生|硕士研究生|研究生|本科生|博士生|硕士生|博士|硕士|本科|专科|高职|预科|专硕|学硕|科硕|直博生|同学|的|班|级|[（(][^)）]*[)）]|[一二三四五六七八九十]$",
    )
});

/// Takes the words before a name apart; what is not said stays `None`.
pub fn parse(affiliation: &str) -> Facets {
    let words: String = affiliation.chars().filter(|c| !c.is_whitespace()).collect();
    let (unit, rest) = unit(&words);
    let year = year(&words, rest);
    let after_year = year.as_ref().map_or("", |year| rest.get(year.end..).unwrap_or_default());
    let before_year = year.as_ref().map_or(rest, |year| rest.get(..year.start).unwrap_or_default());
    let tail = if after_year.is_empty() { rest } else { after_year };
    let branch = part(&BRANCH, tail)
        .map(|found| if is_bare_branch(found) { whole_branch(&words, found) } else { found.to_owned() });
    let class = if branch.is_some() { part(&CLASS, before_branch(tail)) } else { part(&CLASS, rest) };
    Facets {
        degree: degree(&words, year.as_ref()),
        major: major(before_year, tail, year.is_some() || class.is_some() || branch.is_some()),
        class: class.map(|class| class.trim_start_matches(['级', '的']).to_owned()),
        branch,
        unit: unit.map(str::to_owned),
        year: year.map(|year| year.value),
    }
}

/// A year of entry and where it stands.
struct Year {
    value: String,
    sort: Option<char>,
    start: usize,
    end: usize,
}

fn unit(words: &str) -> (Option<&str>, &str) {
    let found = UNIT.find(words).or_else(|| UNIVERSITY.find(words));
    let Some(found) = found else { return (None, words) };
    let rest = words.get(found.end()..).unwrap_or_default();
    // 机关一党总支, 某某支部: the 部 or 支 of a branch is no unit; so is 院 of 院党委.
    if found.as_str().ends_with('部') && found.as_str().ends_with("支部") || found.as_str() == "院" {
        return (None, words);
    }
    (Some(found.as_str()), rest)
}

fn year(_words: &str, rest: &str) -> Option<Year> {
    if let Some(found) = YEAR.captures(rest) {
        let whole = found.get(0)?;
        let value = found.name("long").or_else(|| found.name("short")).or_else(|| found.name("short3"))?.as_str();
        let sort =
            ["sort", "sort2", "sort3"].iter().find_map(|name| found.name(name)).and_then(|m| m.as_str().chars().next());
        let mut end = whole.end();
        if rest.get(end..).is_some_and(|after| after.starts_with('级')) {
            end += '级'.len_utf8();
        }
        return Some(Year { value: four_digits(value), sort, start: whole.start(), end });
    }
    let found = LEADING_YEAR.captures(rest)?.get(1)?;
    Some(Year { value: four_digits(found.as_str()), sort: None, start: found.start(), end: found.end() })
}

fn four_digits(year: &str) -> String {
    if year.len() == 2 { format!("20{year}") } else { year.to_owned() }
}

fn degree(words: &str, year: Option<&Year>) -> Option<String> {
    let said = DEGREE.find(words).map(|found| found.as_str().to_owned());
    said.or_else(|| match year?.sort? {
        '研' => Some("研究生".to_owned()),
        '博' => Some("博士".to_owned()),
        '硕' => Some("硕士".to_owned()),
        _ => Some("本科".to_owned()),
    })
}

fn part<'a>(pattern: &Regex, text: &'a str) -> Option<&'a str> {
    pattern.find(text).map(|found| found.as_str())
}

fn is_bare_branch(branch: &str) -> bool {
    ["党支部", "团支部", "党总支", "党小组", "党委", "团委"].contains(&branch)
}

/// 中文系党支部: a branch that bears its unit's name and nothing else is printed whole.
fn whole_branch(words: &str, branch: &str) -> String {
    words.find(branch).and_then(|at| words.get(..at + branch.len())).unwrap_or(branch).to_owned()
}

fn before_branch(tail: &str) -> &str {
    BRANCH.find(tail).and_then(|found| tail.get(..found.start())).unwrap_or(tail)
}

/// Said with 专业, else what stands between the year and the class or branch (or right before the year).
fn major(before_year: &str, tail: &str, placed: bool) -> Option<String> {
    for text in [before_year, tail] {
        if let Some(said) = MAJOR_SAID.captures(text).and_then(|found| found.get(1)) {
            return Some(said.as_str().to_owned());
        }
    }
    if !placed {
        return None;
    }
    [before_year, tail].into_iter().find_map(|text| {
        let head = text.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default();
        let cleaned = NOT_MAJOR.replace_all(head, "");
        let length = cleaned.chars().count();
        ((2..=12).contains(&length)
            && cleaned.chars().all(|c| matches!(c, '\u{4e00}'..='\u{9fff}'))
            && !cleaned.ends_with(['系', '院', '部', '类']))
        .then(|| cleaned.into_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// affiliation, degree, year, major, class, branch, unit; `-` is none.
    const CASES: &[[&str; 7]] = &[
        ["研22测绘第二党支部", "研究生", "2022", "测绘", "-", "测绘第二党支部", "-"],
        ["研22级环境第一党支部", "研究生", "2022", "环境", "-", "环境第一党支部", "-"],
        ["2017级", "-", "2017", "-", "-", "-", "-"],
        ["18人资", "-", "2018", "人资", "-", "-", "-"],
        ["22级马原理", "-", "2022", "马原理", "-", "-", "-"],
        ["公共管理学院行政管理2203班", "-", "-", "行政管理", "行政管理2203班", "-", "公共管理学院"],
        ["2017级国际政治专业本科生", "本科生", "2017", "国际政治", "-", "-", "-"],
        ["马克思主义理论专业2020级", "-", "2020", "马克思主义理论", "-", "-", "-"],
        ["软件工程19级", "-", "2019", "软件工程", "-", "-", "-"],
        ["19级软件工程本科班", "本科", "2019", "软件工程", "软件工程本科班", "-", "-"],
        ["2022级预科5班", "预科", "2022", "-", "预科5班", "-", "-"],
        ["化学专业2020(1)班", "-", "2020", "化学", "化学专业2020(1)班", "-", "-"],
        ["中文系党支部", "-", "-", "-", "-", "中文系党支部", "中文系"],
        ["计算机学院2020级专硕二班", "专硕", "2020", "-", "专硕二班", "-", "计算机学院"],
        ["软件学院2020级科硕党支部", "科硕", "2020", "-", "-", "科硕党支部", "软件学院"],
        ["计算机学院2017级博士生党支部", "博士生", "2017", "-", "-", "博士生党支部", "计算机学院"],
        ["博士党支部", "博士", "-", "-", "-", "博士党支部", "-"],
        ["研21级党支部", "研究生", "2021", "-", "-", "研21级党支部", "-"],
        ["公共管理学院20230901班研究生", "研究生", "2023", "-", "20230901班", "-", "公共管理学院"],
        ["农林学院党总支", "-", "-", "-", "-", "农林学院党总支", "农林学院"],
        ["教务处", "-", "-", "-", "-", "-", "教务处"],
        ["云岭理工大学测绘学院", "-", "-", "-", "-", "-", "云岭理工大学测绘学院"],
        ["", "-", "-", "-", "-", "-", "-"],
    ];

    #[test]
    fn affiliations_come_apart() {
        let shown = |part: &Option<String>| part.clone().unwrap_or_else(|| "-".to_owned());
        for case in CASES {
            let f = parse(case[0]);
            let got = [&f.degree, &f.year, &f.major, &f.class, &f.branch, &f.unit].map(shown);
            assert_eq!(got.as_slice(), &case[1..], "{}", case[0]);
        }
    }
}
