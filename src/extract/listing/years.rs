//! Years for days printed without one.
//!
//! Listings run from new to old. A day without a year takes the year of its address where the address holds the same
//! day, else the year that keeps it nearest to its neighbour above, and never a day after the capture.

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use crate::domain::time::Date;

use super::date::Printed;

/// A year has turned where neighbouring days lie further apart than this.
const TURN_DAYS: i64 = 183;

/// A clock of a site may be ahead of ours by a day.
const AHEAD_DAYS: i64 = 1;

/// `/2023/0606/`, `/2023-06-06/`, `t20230606_`: the day an address was made.
static IN_ADDRESS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[/t_]((?:19|20)[0-9][0-9])[-/]?([0-9]{2})[-/]?([0-9]{2})[/_.]").ok());

/// The days of a listing's rows, with years; `rows` are what was printed and where the row leads.
pub(super) fn complete(rows: &[(Option<Printed>, Option<&Url>)], captured_on: Date) -> Vec<Option<Date>> {
    let mut above: Option<Date> = None;
    rows.iter()
        .map(|(printed, url)| {
            let day = match (*printed)? {
                Printed::Day(day) => day,
                Printed::MonthDay(month, day) => {
                    let addressed = url.and_then(in_address).filter(|at| near_month(*at, month));
                    let year = addressed.map_or_else(|| nearest(month, day, above, captured_on), Date::year);
                    Date::new(year, month, day)?
                }
            };
            above = Some(day);
            Some(day)
        })
        .collect()
}

fn near_month(address: Date, month: u32) -> bool {
    address.month() == month || address.month() % 12 + 1 == month || month % 12 + 1 == address.month()
}

fn in_address(url: &Url) -> Option<Date> {
    let found = IN_ADDRESS.as_ref()?.captures(url.path())?;
    let number = |group: usize| found.get(group)?.as_str().parse::<u32>().ok();
    Date::new(i32::try_from(number(1)?).ok()?, number(2)?, number(3)?)
}

/// The year that puts the day nearest to the row above, or latest before the capture for the first row.
fn nearest(month: u32, day: u32, above: Option<Date>, captured_on: Date) -> i32 {
    let latest = captured_on.plus_days(AHEAD_DAYS).unwrap_or(captured_on);
    let newest = if Date::new(latest.year(), month, day).is_some_and(|date| date <= latest) {
        latest.year()
    } else {
        latest.year() - 1
    };
    let Some(above) = above else { return newest };
    let year = above.year();
    let (low, high) = (above.plus_days(-TURN_DAYS), above.plus_days(TURN_DAYS));
    let fits = |year: i32| {
        Date::new(year, month, day)
            .is_some_and(|date| low.is_none_or(|low| date >= low) && high.is_none_or(|high| date <= high))
    };
    [year, year - 1, year + 1].into_iter().find(|year| fits(*year)).unwrap_or(year).min(newest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn years(rows: &[(u32, u32)], captured: &str) -> Vec<i32> {
        let rows: Vec<_> = rows.iter().map(|(month, day)| (Some(Printed::MonthDay(*month, *day)), None)).collect();
        complete(&rows, Date::parse(captured).unwrap()).into_iter().map(|date| date.unwrap().year()).collect()
    }

    #[test]
    fn years_run_backwards_from_the_capture() {
        assert_eq!(years(&[(1, 5), (12, 30), (12, 1), (1, 20)], "2023-01-10"), [2023, 2022, 2022, 2022]);
        assert_eq!(years(&[(6, 6), (6, 5)], "2023-06-01"), [2022, 2022]);
        assert_eq!(years(&[(6, 2)], "2023-06-01"), [2023]);
        assert_eq!(years(&[(3, 1), (12, 20), (2, 28)], "2023-03-02"), [2023, 2022, 2023]);
    }

    #[test]
    fn a_neighbour_with_a_year_and_an_address_count_more() {
        let known = Date::new(2019, 1, 3).unwrap();
        let url = Url::parse("http://news.example.edu.cn/2015/0607/c1a2/page.htm").unwrap();
        let rows = [
            (Some(Printed::Day(known)), None),
            (Some(Printed::MonthDay(12, 30)), None),
            (Some(Printed::MonthDay(6, 6)), Some(&url)),
        ];
        let days = complete(&rows, Date::new(2023, 6, 6).unwrap());
        let days: Vec<String> = days.into_iter().map(|day| day.unwrap().to_string()).collect();
        assert_eq!(days, ["2019-01-03", "2018-12-30", "2015-06-06"]);
    }
}
