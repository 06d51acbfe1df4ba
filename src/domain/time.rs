//! Moments and days. The only module that names `chrono`, so that it can be exchanged in one place; `schedule` hands
//! its moments through to the cron library.

use std::fmt;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveTime, SecondsFormat, TimeZone, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Seconds between UTC and China Standard Time, the zone of every page that names none
/// (CMS facts, section 1: 175 of 703 routes add +08:00 by hand, none another zone).
const CHINA: i32 = 8 * 3600;

fn china() -> FixedOffset {
    // An offset of eight hours is within chrono's range; UTC is the harmless answer if it were not.
    FixedOffset::east_opt(CHINA).unwrap_or_else(|| Utc.fix())
}

use chrono::Offset as _;

/// A moment printed on a page, with its offset from UTC. Whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(DateTime<FixedOffset>);

impl Timestamp {
    /// A moment in China Standard Time; `None` where the clock has no such time.
    pub fn china(date: Date, hour: u32, minute: u32, second: u32) -> Option<Self> {
        let time = NaiveTime::from_hms_opt(hour, minute, second)?;
        china().from_local_datetime(&date.0.and_time(time)).single().map(Self)
    }

    /// Reads RFC 3339, the form records are written in.
    pub fn parse(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text).ok().map(Self)
    }

    /// Milliseconds since 1970-01-01T00:00Z, as JSON listings give it, shown in China Standard Time.
    pub fn from_epoch_millis(millis: i64) -> Option<Self> {
        Some(Self(DateTime::<Utc>::from_timestamp_millis(millis)?.with_timezone(&china())))
    }

    /// The day as printed, in the moment's own offset.
    pub fn date(self) -> Date {
        Date(self.0.date_naive())
    }

    /// The same moment on the captures' clock.
    pub fn to_capture_time(self) -> CaptureTime {
        CaptureTime(self.0.with_timezone(&Utc))
    }

    /// The day in China Standard Time: the day filters go by.
    pub fn china_date(self) -> Date {
        Date(self.0.with_timezone(&china()).date_naive())
    }

    /// Seconds since 1970-01-01T00:00Z.
    pub fn epoch_seconds(self) -> i64 {
        self.0.timestamp()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Secs, false))
    }
}

/// How much of a [`Timestamp`] the page really printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// The second was printed.
    Second,
    /// Hour and minute were printed; the seconds are zero.
    Minute,
    /// Only the day was printed; the time is midnight.
    Day,
}

impl Precision {
    /// The word used in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Day => "day",
        }
    }
}

/// A calendar day, `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(NaiveDate);

impl Date {
    /// A day of the calendar; `None` where there is no such day.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(Self)
    }

    /// Reads `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Option<Self> {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(Self)
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// The month, from 1.
    pub fn month(self) -> u32 {
        self.0.month()
    }

    /// The day of the month, from 1.
    pub fn day(self) -> u32 {
        self.0.day()
    }

    /// Midnight of this day in China Standard Time.
    pub fn midnight(self) -> Option<Timestamp> {
        Timestamp::china(self, 0, 0, 0)
    }

    /// The day `days` later (earlier where negative).
    pub fn plus_days(self, days: i64) -> Option<Self> {
        self.0.checked_add_signed(chrono::TimeDelta::try_days(days)?).map(Self)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d"))
    }
}

/// The moment a capture was made, in UTC with microseconds (WARC 1.1 allows a fraction in `WARC-Date`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaptureTime(DateTime<Utc>);

impl CaptureTime {
    /// From the system's clock value; the edge modules read the clock, not this one.
    pub fn from_system(time: std::time::SystemTime) -> Self {
        let time = DateTime::<Utc>::from(time);
        Self(DateTime::from_timestamp_micros(time.timestamp_micros()).unwrap_or(time))
    }

    /// Reads an RFC 3339 moment, as `WARC-Date` carries it.
    pub fn parse(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text).ok().map(|t| Self(t.with_timezone(&Utc)))
    }

    /// `2026-11-22T09:00:00.123456Z`: the WARC 1.1 form.
    pub fn to_micros_string(self) -> String {
        self.0.to_rfc3339_opts(SecondsFormat::Micros, true)
    }

    /// `2026-11-22T09:00:00Z`: the WARC 1.0 form.
    pub fn to_seconds_string(self) -> String {
        self.0.to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// `20261122090000`: the form of CDXJ keys and WARC file names.
    pub fn to_digits14(self) -> String {
        self.0.format("%Y%m%d%H%M%S").to_string()
    }

    /// `2026-11-22 17:00:00`: the moment on China's clock, for people; what stands around it says which clock.
    pub fn to_china_string(self) -> String {
        self.in_china().format("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// The year in UTC.
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// The day in China Standard Time.
    pub fn china_date(self) -> Date {
        Date(self.0.with_timezone(&china()).date_naive())
    }

    /// Seconds since 1970-01-01T00:00Z.
    pub fn epoch_seconds(self) -> i64 {
        self.0.timestamp()
    }

    /// The same moment on China's clock, as schedules are written.
    pub(crate) fn in_china(self) -> DateTime<FixedOffset> {
        self.0.with_timezone(&china())
    }

    /// So much later.
    #[must_use]
    pub fn plus(self, time: std::time::Duration) -> Self {
        let later = chrono::TimeDelta::from_std(time).ok().and_then(|time| self.0.checked_add_signed(time));
        Self(later.unwrap_or(self.0))
    }

    /// Microseconds since 1970-01-01T00:00Z.
    pub fn epoch_micros(self) -> i64 {
        self.0.timestamp_micros()
    }
}

impl From<DateTime<FixedOffset>> for CaptureTime {
    fn from(moment: DateTime<FixedOffset>) -> Self {
        Self(moment.with_timezone(&Utc))
    }
}

impl fmt::Display for CaptureTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_micros_string())
    }
}

/// Serialization as text, shared by the three newtypes.
macro_rules! text_serde {
    ($type:ty, $what:literal) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).ok_or_else(|| de::Error::custom(format!("not {}: {text:?}", $what)))
            }
        }
    };
}

text_serde!(Timestamp, "an RFC 3339 moment");
text_serde!(Date, "a day written YYYY-MM-DD");
text_serde!(CaptureTime, "an RFC 3339 moment");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_china_moment_is_written_with_its_offset() {
        let day = Date::new(2023, 6, 6).unwrap();
        let moment = Timestamp::china(day, 16, 49, 9).unwrap();
        assert_eq!(moment.to_string(), "2023-06-06T16:49:09+08:00");
        assert_eq!(Timestamp::parse("2023-06-06T16:49:09+08:00"), Some(moment));
        assert_eq!(moment.date(), day);
    }

    #[test]
    fn impossible_days_and_times_are_refused() {
        assert_eq!(Date::new(2023, 2, 29), None);
        assert_eq!(Timestamp::china(Date::new(2023, 2, 28).unwrap(), 24, 0, 0), None);
    }

    #[test]
    fn a_capture_time_keeps_microseconds() {
        let time = CaptureTime::parse("2026-11-22T17:00:00.123456Z").unwrap();
        assert_eq!(time.to_micros_string(), "2026-11-22T17:00:00.123456Z");
        assert_eq!(time.to_seconds_string(), "2026-11-22T17:00:00Z");
        assert_eq!(time.to_digits14(), "20261122170000");
        assert_eq!(time.china_date().to_string(), "2026-11-23");
        assert_eq!(time.to_china_string(), "2026-11-23 01:00:00");
    }
}
