//! Whether its article pages put a site in trouble. Pure.
//!
//! A public listing may name pages for the campus or for whoever has an account, every night for as long as it stands. They
//! are counted and named, and they are no trouble of the site's while it shows other articles. Where it shows none, they are.

use crate::archive::Stood;
use crate::domain::time::CaptureTime;
use crate::domain::verdict::SiteVerdict;
use crate::domain::visit::Outcome;

/// What a site's article pages were in a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Night {
    /// Article pages asked for.
    pub(super) asked: u64,
    /// Of them those that showed an article: new, changed, or as it was.
    pub(super) read: u64,
    /// Of them those that failed, whatever for.
    pub(super) failed: u64,
    /// Of the failed those behind a wall they stood behind last time.
    pub(super) known: u64,
    /// Of the failed those behind a fence, met for the first time.
    pub(super) fenced: u64,
    /// The site was in trouble for a wall before.
    pub(super) was_walled: bool,
}

impl Night {
    /// Failures that count, and pages they are counted against.
    ///
    /// A wall that stood there last time is known, unless the site was in trouble for it and has shown nothing since. New
    /// fences are the pages' own as long as no more of them were met than articles were read.
    pub(super) fn counted(self) -> (u64, u64) {
        let known = if self.was_walled && self.read == 0 { 0 } else { self.known };
        let fenced = if self.fenced > self.read { 0 } else { self.fenced };
        let excused = known + fenced;
        (self.failed.saturating_sub(excused), self.asked.saturating_sub(excused))
    }

    /// Whether more than this fraction of the pages failed.
    #[expect(clippy::cast_precision_loss, reason = "page counts lie far below 2^52")]
    pub(super) fn is_trouble(self, tolerance: f64) -> bool {
        let (failed, asked) = self.counted();
        failed as f64 > tolerance * asked as f64
    }
}

/// A fence keeps out whoever is not of the house: it says nothing of how we ask.
pub(super) fn is_fence(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::LoginWall | Outcome::CampusOnly)
}

/// A wall a page may stand behind for good. A challenge is none: it stands before a host.
pub(super) fn is_wall(outcome: Outcome) -> bool {
    is_fence(outcome) || outcome == Outcome::Refused
}

/// A wall that stood for so many seconds stands, and is looked at again after as many.
const WEEK: i64 = 7 * 24 * 3600;

/// Whether a page behind a wall need not be asked for now: the wall stood for a week, and a week has not passed since.
pub(super) fn rests(stood: Stood, now: CaptureTime) -> bool {
    let (from, to, now) = (stood.from.epoch_seconds(), stood.to.epoch_seconds(), now.epoch_seconds());
    // A last visit in the future means that the clock was set back.
    is_wall(stood.outcome) && to - from >= WEEK && (0..WEEK).contains(&(now - to))
}

/// Whether a site's verdict, as stored, was that of such a wall.
pub(super) fn was_walled(verdict: &str) -> bool {
    [SiteVerdict::LoginWall, SiteVerdict::CampusOnly, SiteVerdict::Blocked].iter().any(|wall| wall.as_str() == verdict)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asked, read, failed, known, fenced.
    fn night([asked, read, failed, known, fenced]: [u64; 5]) -> Night {
        Night { asked, read, failed, known, fenced, was_walled: false }
    }

    #[test]
    fn single_fences_are_no_trouble_and_a_fenced_site_is() {
        for (figures, trouble, why) in [
            ([20, 18, 2, 0, 2], false, "two new ones for the campus among eighteen articles"),
            ([3, 2, 1, 0, 1], false, "one of three"),
            ([1, 0, 1, 0, 1], true, "the only new article"),
            ([20, 0, 20, 0, 20], true, "all of a new site"),
            ([20, 9, 11, 0, 11], true, "most of a new site"),
            ([5, 0, 5, 5, 0], false, "nothing new, and the five of last night"),
            ([8, 0, 8, 5, 3], true, "the five of last night and nothing but fences new"),
            ([8, 3, 5, 5, 0], false, "the five of last night and three articles"),
        ] {
            assert_eq!(night(figures).is_trouble(0.05), trouble, "{why}");
        }
    }

    #[test]
    fn other_failures_are_counted_against_the_other_pages() {
        assert!(night([30, 19, 11, 10, 0]).is_trouble(0.04), "one of twenty");
        assert!(!night([30, 19, 11, 10, 0]).is_trouble(0.05));
        assert!(night([3, 1, 2, 1, 0]).is_trouble(0.05));
    }

    #[test]
    fn a_wall_that_stood_for_a_week_is_looked_at_weekly() {
        let at = |day: u32| CaptureTime::parse(&format!("2026-11-{day:02}T03:00:00Z")).unwrap();
        let stood = |outcome, to| Stood { outcome, from: at(1), to: at(to) };
        for (to, now, outcome, want) in [
            (7, 8, Outcome::CampusOnly, false),
            (8, 9, Outcome::CampusOnly, true),
            (8, 14, Outcome::Refused, true),
            (8, 15, Outcome::LoginWall, false),
            (8, 7, Outcome::LoginWall, false),
            (8, 9, Outcome::ServerError, false),
            (8, 9, Outcome::Challenged, false),
        ] {
            assert_eq!(rests(stood(outcome, to), at(now)), want, "{outcome:?} from 1 to {to}, on {now}");
        }
    }

    #[test]
    fn a_site_that_was_walled_is_in_trouble_until_it_shows_something() {
        let walled = |figures| Night { was_walled: true, ..night(figures) };
        assert!(walled([20, 0, 20, 20, 0]).is_trouble(0.05));
        assert!(!walled([21, 1, 20, 20, 0]).is_trouble(0.05));
        assert!(!walled([0, 0, 0, 0, 0]).is_trouble(0.05));
    }
}
