//! Dates and times as pages print them.
//!
//! Reads the shapes of the CMS facts (section 6) and refuses what cannot be: days no calendar has, years before the web
//! came to Chinese universities, moments after the capture. It never completes a date without a year.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::domain::time::{Date, Precision, Timestamp};

/// The first year believed: the first Chinese university web pages are of the mid-nineties.
const FIRST_YEAR: i32 = 1994;

/// A moment and how much of it was printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// The moment.
    pub(crate) at: Timestamp,
    /// What of it was printed.
    pub(crate) precision: Precision,
}

/// A moment within a text; positions are bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    /// The moment.
    pub(crate) stamp: Stamp,
    /// Where it begins.
    pub(crate) start: usize,
    /// Where it ends.
    pub(crate) end: usize,
}

static PRINTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?P<year>(?:19|20)[0-9]{2} | [0-9]{2}) \s* (?: [-/.．－] | 年 ) \s* (?P<month>[0-9]{1,2}) \s* (?: [-/.．－] | 月 ) \s* (?P<day>[0-9]{1,2}) \s* [日号]?
        (?:
            [\sT,，|]* (?: [（(]?(?:星期|周)[一二三四五六日天][）)]? )? \s* (?P<half>凌晨|早上|上午|中午|下午|晚上|晚|AM|PM|am|pm)? \s*
            (?P<hour>[0-9]{1,2}) \s* (?: [:：] | [时点] ) \s* (?P<minute>[0-9]{1,2})
            (?: \s* (?: [:：] | 分 ) \s* (?P<second>[0-9]{2}) (?: \.[0-9]{1,9} )? )?
            \s* (?P<zone>Z | [+-][0-9]{2}:?[0-9]{2} (?-u:\b))?
        )?",
    )
    .ok()
});

/// All moments printed in a text, in order. A two-digit year counts only with hyphens and nothing but a boundary around
/// it (TRS lists and meta lines print `13-04-22`).
pub(crate) fn find_all(text: &str, captured_on: Date) -> Vec<Found> {
    let Some(pattern) = PRINTED.as_ref() else { return Vec::new() };
    pattern.captures_iter(text).filter_map(|found| read(text, &found, captured_on)).collect()
}

/// The first moment printed in a text.
pub(crate) fn first(text: &str, captured_on: Date) -> Option<Found> {
    let pattern = PRINTED.as_ref()?;
    pattern.captures_iter(text).find_map(|found| read(text, &found, captured_on))
}

/// A day box beside a month box: `06` over `2023-06`, `2023-06` over `06`, `06 Jun 2023`.
static BOXED: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let month = "(?P<name>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\\.?";
    [
        r"(?:^|[^0-9:./-])(?P<day>[0-3]?[0-9])\s*日?\s*(?P<year>(?:19|20)[0-9][0-9])\s*[-/.年]\s*(?P<month>[01]?[0-9])\s*月?(?:[^0-9/.-]|$)".to_owned(),
        r"(?:^|[^0-9:./-])(?P<year>(?:19|20)[0-9][0-9])\s*[-/.年]\s*(?P<month>[01]?[0-9])\s*月?\s+(?P<day>[0-3]?[0-9])\s*日?(?:[^0-9:./-]|$)".to_owned(),
        format!(r"(?i)(?:^|[^0-9:./-])(?P<day>[0-3]?[0-9])\s*{month}\s*,?\s*(?P<year>(?:19|20)[0-9][0-9])(?:[^0-9]|$)"),
        format!(r"(?i)(?:^|[^a-z]){month}\s*(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?\s*,?\s+(?P<year>(?:19|20)[0-9][0-9])(?:[^0-9]|$)"),
    ]
    .iter()
    .filter_map(|pattern| Regex::new(pattern).ok())
    .collect()
});

/// The day of a meta line that prints it in boxes or with the month's English name; only where no plain date stands.
pub(crate) fn boxed(text: &str, captured_on: Date) -> Option<Stamp> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let found = BOXED.iter().find_map(|pattern| pattern.captures(text))?;
    let named = || {
        let name = found.name("name")?.as_str().to_lowercase();
        MONTHS.iter().zip(1..).find(|(month, _)| **month == name).map(|(_, number)| number)
    };
    let month = number(&found, "month").or_else(named)?;
    let date = Date::new(i32::try_from(number(&found, "year")?).ok()?, month, number(&found, "day")?)?;
    let stamp = Stamp { at: date.midnight()?, precision: Precision::Day };
    plausible(stamp.at, captured_on).then_some(stamp)
}

fn number(found: &Captures<'_>, name: &str) -> Option<u32> {
    found.name(name)?.as_str().parse().ok()
}

fn read(text: &str, found: &Captures<'_>, captured_on: Date) -> Option<Found> {
    let whole = found.get(0)?;
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let before = text.get(..whole.start())?.chars().next_back();
    if is_digit(before) || before == Some('-') {
        return None;
    }
    let short = found.name("year")?.as_str().len() == 2;
    let day_end = found.name("day")?.end();
    if short && (whole.as_str().get(2..3) != Some("-") || before.is_some_and(|c| c.is_alphanumeric() || c == '.')) {
        return None;
    }
    let date = date_of(found, short)?;
    let with_time = moment_of(found, date).filter(|stamp| plausible(stamp.at, captured_on));
    let (stamp, end) = match with_time {
        Some(stamp) => (stamp, whole.end()),
        None => (Stamp { at: date.midnight()?, precision: Precision::Day }, day_end),
    };
    let after = text.get(day_end..)?.chars().next();
    if stamp.precision == Precision::Day && is_digit(after) {
        return None;
    }
    plausible(stamp.at, captured_on).then_some(Found { stamp, start: whole.start(), end })
}

fn date_of(found: &Captures<'_>, short: bool) -> Option<Date> {
    let printed = i32::try_from(number(found, "year")?).ok()?;
    let year = match (short, printed) {
        (true, 90..) => 1900 + printed,
        (true, _) => 2000 + printed,
        (false, _) => printed,
    };
    Date::new(year, number(found, "month")?, number(found, "day")?)
}

fn moment_of(found: &Captures<'_>, date: Date) -> Option<Stamp> {
    let minute = number(found, "minute")?;
    let printed = number(found, "hour")?;
    let hour = match found.name("half").map(|half| half.as_str()) {
        Some("下午" | "晚上" | "晚" | "PM" | "pm") if printed < 12 => printed + 12,
        Some("中午") if printed < 3 => printed + 12,
        Some("AM" | "am" | "凌晨") if printed == 12 => 0,
        _ => printed,
    };
    let second = number(found, "second");
    let precision = if second.is_some() { Precision::Second } else { Precision::Minute };
    let second = second.unwrap_or(0);
    let at = match found.name("zone").map(|zone| zone.as_str()) {
        None => Timestamp::china(date, hour, minute, second)?,
        Some(zone) => {
            let offset = match zone {
                "Z" => "+00:00".to_owned(),
                z if z.contains(':') => z.to_owned(),
                z => format!("{}:{}", z.get(..3)?, z.get(3..)?),
            };
            Timestamp::parse(&format!("{date}T{hour:02}:{minute:02}:{second:02}{offset}"))?
        }
    };
    Some(Stamp { at, precision })
}

/// Not before [`FIRST_YEAR`], not after the day that follows the capture (clocks and zones differ a little).
fn plausible(at: Timestamp, captured_on: Date) -> bool {
    let day = at.date();
    day.year() >= FIRST_YEAR && captured_on.plus_days(1).is_none_or(|last| day <= last)
}

static COMPACT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?P<year>(?:19|20)[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?:T?(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?P<second>[0-9]{2})?)?Z?$").ok()
});

/// A value that is nothing but a moment: a meta tag, a JSON-LD key, an attribute. Knows `20230606164909` and
/// milliseconds or seconds since 1970 as well.
pub(crate) fn of_value(value: &str, captured_on: Date) -> Option<Stamp> {
    let value = value.trim();
    if let Some(found) = COMPACT.as_ref().and_then(|pattern| pattern.captures(value))
        && let Some(date) = date_of(&found, false)
    {
        let stamp = moment_of(&found, date).or(Some(Stamp { at: date.midnight()?, precision: Precision::Day }))?;
        return plausible(stamp.at, captured_on).then_some(stamp);
    }
    if matches!(value.len(), 10 | 13) && value.bytes().all(|b| b.is_ascii_digit()) {
        let number: i64 = value.parse().ok()?;
        let at = Timestamp::from_epoch_millis(if value.len() == 10 { number.checked_mul(1000)? } else { number })?;
        return plausible(at, captured_on).then_some(Stamp { at, precision: Precision::Second });
    }
    first(value, captured_on).filter(|found| found.start <= 24).map(|found| found.stamp)
}

static IN_URL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x) [/_-] (?: t | tt )?
        (?P<year>(?:19|20)[0-9]{2}) [-/_]? (?P<month>0[1-9]|1[0-2]) [-/_]? (?P<day>0[1-9]|[12][0-9]|3[01]) (?: [/_.\-] | t?[0-9]{4,} | $ )
        | /(?P<year3>(?:19|20)[0-9]{2})/(?P<month3>[0-9]{1,2})/(?P<day3>[0-9]{1,2})/
        | /(?P<year2>[12][0-9])(?P<month2>0[1-9]|1[0-2])(?P<day2>0[1-9]|[12][0-9]|3[01])/",
    )
    .ok()
});

/// The day in an address: `/2023/0606/`, `/t20230606_`, `/2023-06-06/`, `/230606/`. The last resort: it can differ by a
/// day or two from what the page says (CMS facts, section 3).
pub(crate) fn of_path(path: &str, captured_on: Date) -> Option<Stamp> {
    let found = IN_URL.as_ref()?.captures(path)?;
    let part = |name: &str| number(&found, name);
    let spaced = || Date::new(i32::try_from(part("year3")?).ok()?, part("month3")?, part("day3")?);
    let short = || Date::new(2000 + i32::try_from(part("year2")?).ok()?, part("month2")?, part("day2")?);
    let date = date_of(&found, false).or_else(spaced).or_else(short)?;
    let stamp = Stamp { at: date.midnight()?, precision: Precision::Day };
    plausible(stamp.at, captured_on).then_some(stamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Date {
        Date::new(2026, 11, 22).unwrap()
    }

    fn shown(stamp: Stamp) -> String {
        format!("{} {}", stamp.at, stamp.precision.as_str())
    }

    #[test]
    fn boxes_of_a_day_are_read() {
        for (text, want) in [
            ("06\t\t2023-06", Some("2023-06-06")),
            ("062023/06", Some("2023-06-06")),
            ("2023年6月\n08", Some("2023-06-08")),
            ("06 Jun 2023", Some("2023-06-06")),
            ("June 6th, 2023", Some("2023-06-06")),
            ("12:05 2023-06", None),
            ("第062023号", None),
            ("31 2023-02", None),
        ] {
            let found = boxed(text, today()).map(|stamp| stamp.at.date().to_string());
            assert_eq!(found.as_deref(), want, "{text}");
        }
    }

    #[test]
    fn printed_shapes_are_read() {
        for (text, expected) in [
            ("2023-06-06 16:49:09", "2023-06-06T16:49:09+08:00 second"),
            ("发布时间:2023-06-06 16:49", "2023-06-06T16:49:00+08:00 minute"),
            ("2025/10/13 22:45:09", "2025-10-13T22:45:09+08:00 second"),
            ("2023.06.06", "2023-06-06T00:00:00+08:00 day"),
            ("2017年12月01日 12:05", "2017-12-01T12:05:00+08:00 minute"),
            ("2011年9月9日", "2011-09-09T00:00:00+08:00 day"),
            (" | 13-04-22 | ", "2013-04-22T00:00:00+08:00 day"),
            ("[2020-07-03]", "2020-07-03T00:00:00+08:00 day"),
            ("(2021/3/5)", "2021-03-05T00:00:00+08:00 day"),
            ("2021-10-22浏览次数:319", "2021-10-22T00:00:00+08:00 day"),
            ("2023-06-06T08:49:09Z", "2023-06-06T08:49:09+00:00 second"),
            ("2023年6月6日 星期二 下午3:05", "2023-06-06T15:05:00+08:00 minute"),
            ("2024年05月10日08:16", "2024-05-10T08:16:00+08:00 minute"),
        ] {
            assert_eq!(first(text, today()).map(|f| shown(f.stamp)).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for text in [
            "2023-02-30",
            "2027-01-01",
            "1970-01-01",
            "12023-01-01",
            "192.168.12.11",
            "06-06",
            "2023级第1-2班",
            "电话 0536-12-11",
        ] {
            assert_eq!(first(text, today()), None, "{text}");
        }
        assert_eq!(
            first("2023-06-06 25:61", today()).map(|f| shown(f.stamp)).as_deref(),
            Some("2023-06-06T00:00:00+08:00 day")
        );
    }

    #[test]
    fn values_and_paths() {
        for (value, expected) in [
            ("20230606164909", "2023-06-06T16:49:09+08:00 second"),
            ("1686041349000", "2023-06-06T16:49:09+08:00 second"),
            ("2023-06-06T16:49:09+0800", "2023-06-06T16:49:09+08:00 second"),
        ] {
            assert_eq!(of_value(value, today()).map(shown).as_deref(), Some(expected), "{value}");
        }
        for (path, expected) in [
            ("/2023/0606/c12a34/page.htm", "2023-06-06"),
            ("/kpdt/201304/t20130422_3825152.html", "2013-04-22"),
            ("/a/yllgdx/230606/1541104.shtml", "2023-06-06"),
            ("/tzgg/2019-06-05/4890.html", "2019-06-05"),
            ("/art/2021/3/5/art_19_1234.html", "2021-03-05"),
            ("/info/1038/1004.htm", ""),
        ] {
            let day = of_path(path, today()).map(|s| s.at.date().to_string()).unwrap_or_default();
            assert_eq!(day, expected, "{path}");
        }
    }
}
