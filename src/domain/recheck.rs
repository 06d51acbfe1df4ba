//! When an article that is held is asked for again: often while it is young, seldom once it is old.
//!
//! Pure: the caller brings the moments. The policy knows nothing of how an article fared; one that is gone is due by the
//! same steps, so that its return is seen.

use crate::domain::time::{CaptureTime, Date, Timestamp};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// A site's policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recheck {
    /// Ages in days at which an article is asked for again, rising; the last one repeats. Empty: never.
    pub steps: Vec<u32>,
    /// Most articles of a site asked for again in one run; the rest is left to the next.
    pub most: usize,
}

impl Recheck {
    /// A day, three, a week, a month, a quarter, and every quarter from there.
    pub const DEFAULT_STEPS: [u32; 5] = [1, 3, 7, 30, 90];
    /// Articles of a site in one run.
    pub const DEFAULT_MOST: usize = 200;
    /// Seconds that lie between two visits at the least.
    pub const LEAST: i64 = DAY / 2;
    /// Largest step, in days.
    pub const LONGEST: u32 = 3650;

    /// What is wrong with steps somebody wrote down.
    pub fn check(steps: &[u32]) -> Result<(), String> {
        if steps.iter().any(|days| !(1..=Self::LONGEST).contains(days)) {
            return Err(format!("days lie between 1 and {}", Self::LONGEST));
        }
        if steps.iter().zip(steps.iter().skip(1)).any(|(earlier, later)| earlier >= later) {
            return Err("each step must be later than the one before".to_owned());
        }
        Ok(())
    }

    /// Since when the article has been due, in seconds since 1970; `None` where it is not due now. It is due once it has
    /// reached the first step that lies after its age at the last visit, half a day after that visit at the soonest. A
    /// last visit in the future means that the clock was set back: such an article is due, and the visit puts it right.
    pub fn due_since(&self, article: &Visited, now: CaptureTime) -> Option<i64> {
        let (last, now) = (article.last.epoch_seconds(), now.epoch_seconds());
        let final_step = i64::from(*self.steps.last()?).max(1) * DAY;
        if last > now {
            return Some(now);
        }
        // A page dated in the future is new.
        let age = (last - article.born()).max(0);
        let born = last - age;
        let step = self.steps.iter().map(|days| i64::from(*days) * DAY).find(|step| *step > age);
        let step = step.unwrap_or_else(|| (age / final_step + 1) * final_step);
        let due = (born + step).max(last + Self::LEAST);
        (due <= now).then_some(due)
    }
}

impl Default for Recheck {
    fn default() -> Self {
        Self { steps: Self::DEFAULT_STEPS.to_vec(), most: Self::DEFAULT_MOST }
    }
}

/// What the policy goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visited {
    /// The day it was published, in China.
    pub published_on: Option<Date>,
    /// When it was first seen, which stands in for a date the page does not give.
    pub first_seen: CaptureTime,
    /// When any of its addresses was last asked for.
    pub last: CaptureTime,
}

impl Visited {
    fn born(&self) -> i64 {
        let midnight = self.published_on.and_then(Date::midnight);
        midnight.map_or(self.first_seen.epoch_seconds(), Timestamp::epoch_seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> CaptureTime {
        CaptureTime::parse(text).unwrap()
    }

    /// Published, first seen, last visit, now, and since when it is due ("" where it is not, or not dated).
    const CASES: &[[&str; 5]] = &[
        // Its day begins at 16:00 UTC of the day before.
        ["2026-03-02", "2026-03-02T01:00:00Z", "2026-03-02T01:00:00Z", "2026-03-02T15:59:59Z", ""],
        ["2026-03-02", "2026-03-02T01:00:00Z", "2026-03-02T01:00:00Z", "2026-03-02T16:00:00Z", "2026-03-02T16:00:00Z"],
        // A step is reached, but half a day has not passed.
        ["2026-03-02", "2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z", "2026-03-02T21:59:59Z", ""],
        ["2026-03-02", "2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z", "2026-03-02T22:00:00Z", "2026-03-02T22:00:00Z"],
        // Two days old when last visited: three days is next. Steps that were missed make one visit.
        ["2026-03-02", "2026-03-01T17:00:00Z", "2026-03-03T16:00:00Z", "2026-03-04T15:59:59Z", ""],
        ["2026-03-02", "2026-03-01T17:00:00Z", "2026-03-03T16:00:00Z", "2026-06-30T00:00:00Z", "2026-03-04T16:00:00Z"],
        // Exactly on a step: that one is done, a month is next.
        ["2026-03-02", "2026-03-01T17:00:00Z", "2026-03-08T16:00:00Z", "2026-03-31T15:59:59Z", ""],
        ["2026-03-02", "2026-03-01T17:00:00Z", "2026-03-08T16:00:00Z", "2026-03-31T16:00:00Z", "2026-03-31T16:00:00Z"],
        // Past the last step it repeats: 90 days, 180, 270.
        ["2026-03-02", "2026-03-01T17:00:00Z", "2026-06-10T00:00:00Z", "2026-08-28T15:59:59Z", ""],
        ["2026-03-02", "2026-03-01T17:00:00Z", "2026-06-10T00:00:00Z", "2026-08-28T16:00:00Z", "2026-08-28T16:00:00Z"],
        // Undated: the first sight counts.
        ["", "2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z", "2026-03-03T09:59:59Z", ""],
        ["", "2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z", "2026-03-03T10:00:00Z", "2026-03-03T10:00:00Z"],
        // Dated in the future: as if published when it was visited.
        ["2031-01-01", "2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z", "2026-03-03T10:00:00Z", "2026-03-03T10:00:00Z"],
        // The clock was set back behind the last visit.
        ["2026-03-02", "2026-03-02T10:00:00Z", "2029-03-02T10:00:00Z", "2026-03-03T10:00:00Z", "2026-03-03T10:00:00Z"],
    ];

    #[test]
    fn an_article_is_due_at_the_first_step_after_its_last_visit() {
        let policy = Recheck::default();
        for [published, first, last, now, due] in CASES {
            let article = Visited { published_on: Date::parse(published), first_seen: at(first), last: at(last) };
            let want = CaptureTime::parse(due).map(CaptureTime::epoch_seconds);
            assert_eq!(policy.due_since(&article, at(now)), want, "{published} {last} {now}");
        }
    }

    #[test]
    fn no_steps_means_never() {
        let never = Recheck { steps: Vec::new(), ..Recheck::default() };
        for last in ["2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"] {
            let article = Visited { published_on: None, first_seen: at("2020-01-01T00:00:00Z"), last: at(last) };
            assert_eq!(never.due_since(&article, at("2026-01-01T00:00:00Z")), None);
        }
    }

    #[test]
    fn steps_rise_and_are_days() {
        for steps in [&[][..], &[1], &Recheck::DEFAULT_STEPS] {
            assert_eq!(Recheck::check(steps), Ok(()));
        }
        for steps in [&[0, 1][..], &[3, 1], &[1, 1], &[4000]] {
            assert!(Recheck::check(steps).is_err(), "{steps:?}");
        }
    }
}
