//! When a site is due: a cron expression read in China time, a last crawl, and the present moment to yes or no.
//!
//! Pure: the caller brings the clock and the past. A schedule says when a crawl should *begin*; a program that is started
//! every hour, or that was off for a week, crawls a site once as soon as it finds it due, however many times were missed.

use std::str::FromStr as _;

use croner::Cron;

use crate::domain::time::CaptureTime;

/// What holds where neither the site's file nor the settings name a schedule: once a day, by the China date.
pub const DEFAULT: &str = "@daily";

/// Times at which a site should be crawled.
#[derive(Debug, Clone)]
pub struct Schedule {
    cron: Cron,
}

/// Why a schedule cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is no schedule such as \"@daily\", \"@weekly\" or \"30 2 * * *\" (minute hour day month weekday): {why}"
)]
pub struct Unreadable {
    /// As written.
    pub text: String,
    /// What the cron library says of it.
    pub why: String,
}

/// How a site stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// To be crawled now.
    Due,
    /// Not before this moment.
    Next(CaptureTime),
    /// No time of the schedule will ever come (the 30th of February).
    Never,
}

/// A site's last crawl.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Last {
    /// When it was begun.
    pub begun_at: CaptureTime,
    /// Whether it was cut off, so that part of it is still to be done.
    pub open: bool,
}

impl Schedule {
    /// Reads five fields of cron or one of its names (`@daily`).
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        // The crate takes `,` for a field that fits nothing, and then looks for its time through every minute of thousands of years.
        if text.split_whitespace().any(|field| field.split(',').any(str::is_empty)) {
            return Err(Unreadable { text: text.to_owned(), why: "a list with nothing in it".to_owned() });
        }
        let cron =
            Cron::from_str(text).map_err(|error| Unreadable { text: text.to_owned(), why: error.to_string() })?;
        Ok(Self { cron })
    }

    /// How a site with this past stands now. One never crawled is due, one that was cut off is due, and one whose last
    /// crawl lies in the future too: the clock was set back, and a crawl too many does less harm than months without.
    pub fn standing(&self, last: Option<Last>, now: CaptureTime) -> Standing {
        let Some(last) = last.filter(|last| !last.open && last.begun_at <= now) else { return Standing::Due };
        match self.after(last.begun_at) {
            Some(next) if next <= now => Standing::Due,
            Some(next) => Standing::Next(next),
            None => Standing::Never,
        }
    }

    /// The first time after this moment.
    fn after(&self, moment: CaptureTime) -> Option<CaptureTime> {
        self.cron.find_next_occurrence(&moment.in_china(), false).ok().map(CaptureTime::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> CaptureTime {
        CaptureTime::parse(text).unwrap()
    }

    fn begun(text: &str) -> Last {
        Last { begun_at: at(text), open: false }
    }

    #[test]
    fn a_day_is_a_day_in_china() {
        let daily = Schedule::parse(DEFAULT).unwrap();
        let last = Some(begun("2026-11-24T15:30:00Z")); // 23:30 in China
        assert_eq!(daily.standing(last, at("2026-11-24T15:59:59Z")), Standing::Next(at("2026-11-24T16:00:00Z")));
        assert_eq!(daily.standing(last, at("2026-11-24T16:00:00Z")), Standing::Due);
    }

    #[test]
    fn missed_times_make_one_crawl() {
        let nightly = Schedule::parse("30 2 * * *").unwrap();
        let now = at("2026-11-30T01:00:00Z"); // 09:00 in China
        assert_eq!(nightly.standing(Some(begun("2026-11-20T18:30:00Z")), now), Standing::Due);
        assert_eq!(
            nightly.standing(Some(Last { begun_at: now, open: false }), now),
            Standing::Next(at("2026-11-30T18:30:00Z"))
        );
    }

    #[test]
    fn what_is_unknown_cut_off_or_from_the_future_is_due() {
        let weekly = Schedule::parse("@weekly").unwrap();
        let now = at("2026-11-25T00:00:00Z");
        assert_eq!(weekly.standing(None, now), Standing::Due);
        assert_eq!(weekly.standing(Some(Last { begun_at: now, open: true }), now), Standing::Due);
        assert_eq!(weekly.standing(Some(begun("2027-12-30T00:00:00Z")), now), Standing::Due);
        assert_eq!(
            weekly.standing(Some(begun("2026-11-24T00:00:00Z")), now),
            Standing::Next(at("2026-11-28T16:00:00Z"))
        );
    }

    #[test]
    fn a_schedule_that_cannot_be_read_says_so() {
        for text in ["", "daily", "61 * * * *", "* * *", ",  1 * * *", "0 1,,3 * * *"] {
            let error = Schedule::parse(text).unwrap_err();
            assert!(error.to_string().contains(&format!("{text:?}")), "{error}");
        }
        let never = Schedule::parse("0 0 30 2 *").unwrap();
        assert_eq!(never.standing(Some(begun("2026-11-24T00:00:00Z")), at("2026-11-25T00:00:00Z")), Standing::Never);
    }
}
