//! The day printed beside a link, in every shape sites print it (CMS facts, section 6).
//!
//! A row's texts come in pieces, one a tag. A piece that is nothing but a date is better than a date inside a sentence,
//! and pieces that are only parts of a date (a day box beside a month box) are read together.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::domain::time::Date;

/// A day as printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Printed {
    /// With its year.
    Day(Date),
    /// Month and day; the year is known to readers only.
    MonthDay(u32, u32),
}

/// Order of the groups of a shape.
#[derive(Clone, Copy)]
enum Order {
    YearMonthDay,
    MonthDayYear,
    DayYearMonth,
    DayMonthYear,
    MonthDay,
    DayMonth,
}

struct Shape {
    expression: Regex,
    order: Order,
}

const MONTH_NAMES: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// `Jun`, `June`, `Jun.`
const NAME: &str = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?";

/// Shapes with a year, surest first; anchored where a piece must be a date and nothing else.
static WITH_YEAR: LazyLock<Vec<Shape>> = LazyLock::new(|| {
    shapes(&[
        (
            r"(?:^|[^0-9])((?:19|20)[0-9][0-9])\s*[-/.．年－—]\s*([0-9]{1,2})\s*[-/.．月－—]\s*([0-9]{1,2})(?:[^0-9]|$)",
            Order::YearMonthDay,
        ),
        (r"^\s*((?:19|20)[0-9][0-9])\s*[-/.年]\s*([0-9]{1,2})\s*月?\s+([0-9]{1,2})\s*日?\s*$", Order::YearMonthDay),
        (r"^\s*((?:19|20)[0-9][0-9])\s*年?\s+([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?\s*$", Order::YearMonthDay),
        (r"^\s*([0-9]{1,2})\s*日?\s+((?:19|20)[0-9][0-9])\s*[-/.年]\s*([0-9]{1,2})\s*月?\s*$", Order::DayYearMonth),
        (r"^\s*([0-9]{2})((?:19|20)[0-9][0-9])[-/.年]([0-9]{1,2})月?\s*$", Order::DayYearMonth),
        (r"^\s*([0-9]{1,2})\s*日?\s+((?:19|20)[0-9][0-9])([0-9]{2})\s*$", Order::DayYearMonth),
        (r"^\s*((?:19|20)[0-9][0-9])([0-9]{2})\s+([0-9]{1,2})\s*日?\s*$", Order::YearMonthDay),
        (
            r"^\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?\s*[,，]?\s+((?:19|20)[0-9][0-9])\s*年?\s*$",
            Order::MonthDayYear,
        ),
        (r"^\s*((?:19|20)[0-9][0-9])([0-9]{2})-([0-9]{2})\s*$", Order::YearMonthDay),
        (r"^\s*((?:19|20)[0-9][0-9])([0-9]{2})([0-9]{2})\s*$", Order::YearMonthDay),
        (r"^\s*([0-9]{1,2})\s*日?\s+([0-9]{1,2})\s*月\s+((?:19|20)[0-9][0-9])\s*年?\s*$", Order::DayMonthYear),
        (r"^\s*([0-9]{1,2})\s*月\s+([0-9]{1,2})\s*日?\s+((?:19|20)[0-9][0-9])\s*年?\s*$", Order::MonthDayYear),
        (r"^\s*((?:19|20)[0-9][0-9])\s*年?\s+([0-9]{1,2})\s*月?\s+([0-9]{1,2})\s*日?\s*$", Order::YearMonthDay),
        (r"^[^0-9]*([0-9]{1,2})[-/]([0-9]{1,2})[-/]((?:19|20)[0-9][0-9])[^0-9]*$", Order::MonthDayYear),
        (
            &format!(r"^\s*([0-9]{{1,2}})(?:st|nd|rd|th)?\s*[-,/ ]?\s*{NAME}\s*[-,/ ]?\s*((?:19|20)[0-9][0-9])\s*$"),
            Order::DayMonthYear,
        ),
        (
            &format!(r"^\s*{NAME}\s*([0-9]{{1,2}})(?:st|nd|rd|th)?\s*[-,/ ]\s*((?:19|20)[0-9][0-9])\s*$"),
            Order::MonthDayYear,
        ),
        (&format!(r"^\s*([0-9]{{1,2}})\s+((?:19|20)[0-9][0-9])\s*[-/. ]\s*{NAME}\s*$"), Order::DayYearMonth),
    ])
});

/// Shapes without a century, for pieces that are nothing but a date.
static WITHOUT_YEAR: LazyLock<Vec<Shape>> = LazyLock::new(|| {
    shapes(&[
        (
            r"^[\[(（【〔]?\s*([0-9]{2})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?\s*[\])）】〕]?$",
            Order::YearMonthDay,
        ),
        (
            r"^[\[(（【〔]?\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?(?:\s+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?\s*[\])）】〕]?$",
            Order::MonthDay,
        ),
        (r"^\s*([0-9]{1,2})\s*月\s+([0-9]{1,2})\s*日?\s*$", Order::MonthDay),
        (r"^\s*([0-9]{1,2})\s*日?\s+([0-9]{1,2})\s*月\s*$", Order::DayMonth),
        (&format!(r"^\s*([0-9]{{1,2}})\s*[-/ ]?\s*{NAME}\s*$"), Order::DayMonth),
        (&format!(r"^\s*{NAME}\s*[-/ ]?\s*([0-9]{{1,2}})\s*$"), Order::MonthDay),
    ])
});

/// A piece made only of what dates are made of.
static DATE_LIKE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?i)^[\[(（【〔]?\s*(?:[0-9\s/:.．年月日时分秒,，-]|{NAME}|(?:星期|周)[一二三四五六日天])+\s*[\])）】〕]?$"
    ))
    .ok()
});

/// Words before a printed day.
const LABELS: &[&str] = &[
    "发布时间",
    "发布日期",
    "发表时间",
    "更新时间",
    "更新日期",
    "添加时间",
    "上传时间",
    "录入时间",
    "时间",
    "日期",
    "发布于",
    "发布",
    "Date",
    "date",
];

fn shapes(list: &[(&str, Order)]) -> Vec<Shape> {
    list.iter()
        .filter_map(|(text, order)| Some(Shape { expression: Regex::new(&format!("(?i){text}")).ok()?, order: *order }))
        .collect()
}

/// The day of a row, from its pieces of text in reading order: a piece that is a date, else neighbouring pieces that
/// make one, else a date inside a short piece.
pub(super) fn of_pieces(pieces: &[&str]) -> Option<Printed> {
    let bare: Vec<&str> = pieces.iter().map(|piece| without_label(piece)).collect();
    let whole = |piece: &&&str| is_date_like(piece);
    if let Some(found) = bare.iter().filter(whole).find_map(|piece| with_year(piece)) {
        return Some(Printed::Day(found));
    }
    if let Some(found) = runs(&bare).iter().find_map(|run| with_year(run)) {
        return Some(Printed::Day(found));
    }
    if let Some(found) = bare.iter().filter(|piece| piece.chars().count() <= MAX_SENTENCE).find_map(|p| with_year(p)) {
        return Some(Printed::Day(found));
    }
    let mut shorts = bare.iter().filter(whole).map(|piece| (*piece).to_owned()).chain(runs(&bare));
    shorts.find_map(|piece| without_year(&piece))
}

/// A date deeper in prose than this is part of the prose.
const MAX_SENTENCE: usize = 60;

/// Whether a piece is nothing but a date, or a part of one.
pub(super) fn is_date_like(piece: &str) -> bool {
    piece.chars().any(|c| c.is_ascii_digit() || c.is_ascii_alphabetic())
        && DATE_LIKE.as_ref().is_some_and(|expression| expression.is_match(piece))
}

/// The day a text holds with its year.
pub(super) fn with_year(text: &str) -> Option<Date> {
    // Every shape has a century in it; most texts have none.
    if !["19", "20"].iter().any(|century| text.contains(century)) {
        return None;
    }
    WITH_YEAR.iter().find_map(|shape| {
        let (year, month, day) = parts(&shape.expression.captures(text)?, shape.order)?;
        plausible(year, month, day)
    })
}

fn without_year(text: &str) -> Option<Printed> {
    WITHOUT_YEAR.iter().find_map(|shape| {
        let (year, month, day) = parts(&shape.expression.captures(text)?, shape.order)?;
        match shape.order {
            Order::MonthDay | Order::DayMonth => plausible(2000, month, day).map(|_| Printed::MonthDay(month, day)),
            Order::YearMonthDay | Order::MonthDayYear | Order::DayYearMonth | Order::DayMonthYear => {
                plausible(2000 + year, month, day).map(Printed::Day)
            }
        }
    })
}

fn parts(found: &Captures<'_>, order: Order) -> Option<(i32, u32, u32)> {
    let number = |group: usize| -> Option<u32> {
        let text = found.get(group)?.as_str();
        text.parse().ok().or_else(|| month_name(text))
    };
    let (one, two) = (number(1)?, number(2)?);
    let three = number(3).unwrap_or(0);
    let (year, month, day) = match order {
        Order::YearMonthDay => (one, two, three),
        Order::MonthDayYear => (three, one, two),
        Order::DayYearMonth => (two, three, one),
        Order::DayMonthYear => (three, two, one),
        Order::MonthDay => (0, one, two),
        Order::DayMonth => (0, two, one),
    };
    Some((i32::try_from(year).ok()?, month, day))
}

fn month_name(text: &str) -> Option<u32> {
    let index = MONTH_NAMES.iter().position(|name| text.eq_ignore_ascii_case(name))?;
    u32::try_from(index + 1).ok()
}

/// No university news is older than the web in China or younger than this century.
fn plausible(year: i32, month: u32, day: u32) -> Option<Date> {
    (1990..2100).contains(&year).then(|| Date::new(year, month, day))?
}

fn without_label(piece: &str) -> &str {
    let text = piece.trim_matches(|c: char| c.is_whitespace() || "[](（）)【】|".contains(c));
    let rest = LABELS.iter().find_map(|label| text.strip_prefix(label));
    rest.map_or(text, |rest| rest.trim_start_matches([':', '：', ' ', '\u{3000}']))
}

/// Runs of neighbouring date-like pieces, two or three long, joined by spaces.
fn runs(pieces: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for length in [3, 2] {
        for window in pieces.windows(length) {
            if window.iter().all(|piece| is_date_like(piece)) {
                found.push(window.join(" "));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pieces: &[&str]) -> String {
        match of_pieces(pieces) {
            Some(Printed::Day(day)) => day.to_string(),
            Some(Printed::MonthDay(month, day)) => format!("{month:02}-{day:02}"),
            None => String::new(),
        }
    }

    #[test]
    fn every_shape_is_read() {
        for (pieces, want) in [
            (&["2023-06-06"][..], "2023-06-06"),
            (&["[2020-07-03]"], "2020-07-03"),
            (&["(2021/3/5)"], "2021-03-05"),
            (&["2021年05月18日"], "2021-05-18"),
            (&["2023.06.06"], "2023-06-06"),
            (&["2023-06-06 16:49:09"], "2023-06-06"),
            (&["发布时间：2020-12-15 21:45:20 阅读次数："], "2020-12-15"),
            (&["02/13", "2023"], "2023-02-13"),
            (&["2023", "02-13"], "2023-02-13"),
            (&["06", "2023-05"], "2023-05-06"),
            (&["2023-05", "06"], "2023-05-06"),
            (&["06", "202305"], "2023-05-06"),
            (&["202305", "06"], "2023-05-06"),
            (&["30", "2023/05"], "2023-05-30"),
            (&["2023年05月", "06"], "2023-05-06"),
            (&["062023-05"], "2023-05-06"),
            (&["202305-06"], "2023-05-06"),
            (&["10", "11月"], "11-10"),
            (&["11月", "10"], "11-10"),
            (&["10", "11月", "2022"], "2022-11-10"),
            (&["2022", "11", "10"], "2022-11-10"),
            (&["15-08-11"], "2015-08-11"),
            (&["06-06"], "06-06"),
            (&["[06-06]"], "06-06"),
            (&["6月6日"], "06-06"),
            (&["05 Jun"], "06-05"),
            (&["Jun", "05", "2023"], "2023-06-05"),
            (&["05", "2023 Jun"], "2023-06-05"),
            (&["党课", "12次", "2023-06-06"], "2023-06-06"),
            (&["三月十五日我院师生于2019年3月24日上午赴展览馆参观学习，", "2019-03-26"], "2019-03-26"),
            (&["1/30"], "01-30"),
            (&["13/40"], ""),
            (&["2023-13-06"], ""),
            (&["第3期"], ""),
            (&["2019"], ""),
        ] {
            assert_eq!(shown(pieces), want, "{pieces:?}");
        }
    }
}
