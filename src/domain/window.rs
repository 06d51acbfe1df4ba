//! Hours of the day in which a host may be asked: a window such as `22:00-06:00` on China's clock, over midnight where
//! it ends before it begins.
//!
//! Pure: the caller brings the moment. China's clock has had one offset and no summer time since 1991.

use std::fmt;
use std::time::Duration;

use chrono::Timelike as _;

use crate::domain::time::CaptureTime;

/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// Says that a site has no window where the settings name one for all.
const ALWAYS: &str = "always";

/// Hours in which a host may be asked, from its first minute up to, not including, its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Minutes after midnight.
    from: u16,
    /// Minutes after midnight; less than `from` where the window lies over midnight.
    to: u16,
}

/// Why a window cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no window such as \"22:00-06:00\": two times of the day in China, parted by a hyphen; or \"always\"")]
pub struct Unreadable(pub String);

/// A window as seen from a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pane {
    /// Open, and for how much longer.
    Open(Duration),
    /// Shut, and for how much longer.
    Shut(Duration),
}

impl Window {
    /// Reads `HH:MM-HH:MM`. `24:00` is the end of the day.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        let read = || {
            let (from, to) = text.split_once('-')?;
            let (from, to) = (time_of_day(from.trim())?, time_of_day(to.trim())?);
            // A window as long as the day, or of no length, is a mistake either way.
            (from < DAY && from != to && to - from.min(to) != DAY).then_some(Self { from, to: to % DAY })
        };
        read().ok_or_else(|| Unreadable(text.to_owned()))
    }

    /// Reads what a setting says: a window, or `always` for none.
    pub fn setting(text: &str) -> Result<Option<Self>, Unreadable> {
        if text == ALWAYS { Ok(None) } else { Self::parse(text).map(Some) }
    }

    /// How it stands at this moment.
    pub fn at(self, moment: CaptureTime) -> Pane {
        let now = moment.in_china();
        let micros =
            u64::from(now.num_seconds_from_midnight()) * 1_000_000 + u64::from(now.nanosecond() % 1_000_000_000) / 1000;
        let until = |minute: u16| {
            let (then, day) = (u64::from(minute) * 60_000_000, u64::from(DAY) * 60_000_000);
            Duration::from_micros(if then > micros { then - micros } else { then + day - micros })
        };
        let (opens, shuts) = (until(self.from), until(self.to));
        // Whichever comes first tells which it is not now.
        if shuts < opens { Pane::Open(shuts) } else { Pane::Shut(opens) }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [from, to] = [self.from, self.to].map(|minute| (minute / 60, minute % 60));
        write!(f, "{:02}:{:02}-{:02}:{:02}", from.0, from.1, to.0, to.1)
    }
}

/// `HH:MM` as minutes after midnight.
fn time_of_day(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let digits = |part: &str, most: usize| {
        let whole = (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        whole.then(|| part.parse::<u16>().ok()).flatten()
    };
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2).filter(|_| minutes.len() == 2)?);
    let minute = hours * 60 + minutes;
    (minutes < 60 && minute <= DAY).then_some(minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pane(window: &str, moment: &str) -> Pane {
        Window::parse(window).unwrap().at(CaptureTime::parse(moment).unwrap())
    }

    fn minutes(count: u64) -> Duration {
        Duration::from_mins(count)
    }

    #[test]
    fn a_window_is_open_from_its_first_minute_up_to_its_last_in_china() {
        for (window, moment, want) in [
            ("22:00-06:00", "2026-11-30T21:59:00+08:00", Pane::Shut(minutes(1))),
            ("22:00-06:00", "2026-11-30T22:00:00+08:00", Pane::Open(minutes(8 * 60))),
            ("22:00-06:00", "2026-12-01T00:00:00+08:00", Pane::Open(minutes(6 * 60))),
            ("22:00-06:00", "2026-12-01T05:59:59.5+08:00", Pane::Open(Duration::from_millis(500))),
            ("22:00-06:00", "2026-12-01T06:00:00+08:00", Pane::Shut(minutes(16 * 60))),
            ("22:00-06:00", "2026-11-30T14:30:00Z", Pane::Open(minutes(7 * 60 + 30))),
            ("1:05-2:00", "2026-11-30T01:00:00+08:00", Pane::Shut(minutes(5))),
            ("1:05-2:00", "2026-11-30T01:05:00+08:00", Pane::Open(minutes(55))),
            ("1:05-2:00", "2026-11-30T02:00:00+08:00", Pane::Shut(minutes(23 * 60 + 5))),
            ("20:00-24:00", "2026-11-30T23:59:00+08:00", Pane::Open(minutes(1))),
            ("20:00-24:00", "2026-12-01T00:00:00+08:00", Pane::Shut(minutes(20 * 60))),
            ("00:00-06:00", "2026-12-01T00:00:00+08:00", Pane::Open(minutes(6 * 60))),
        ] {
            assert_eq!(pane(window, moment), want, "{window} at {moment}");
        }
    }

    #[test]
    fn a_window_that_cannot_be_read_says_so() {
        for text in [
            "",
            "22:00",
            "22-06",
            "22:00–06:00",
            "25:00-06:00",
            "22:60-06:00",
            "22:0-06:00",
            "22:00-22:00",
            "24:00-06:00",
            "00:00-24:00",
            "+1:00-06:00",
            "22:00-06:00-07:00",
            "022:00-06:00",
        ] {
            assert_eq!(Window::parse(text), Err(Unreadable(text.to_owned())), "{text}");
        }
        assert_eq!(Window::setting("always"), Ok(None));
        assert_eq!(Window::parse(" 9:30 - 24:00 ").unwrap().to_string(), "09:30-00:00");
    }
}
