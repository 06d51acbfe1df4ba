//! From a robots.txt answer, new or kept, to rules. Pure.

use crate::archive::CachedRobots;
use crate::decode::undo_coding;
use crate::domain::robots::RobotsRules;
use crate::domain::time::CaptureTime;
use crate::robots::{self, Verdict};

/// The name robots.txt calls us by.
const AGENT: &str = "shiguan";
/// How long kept rules spare a request (RFC 9309 2.4).
const FRESH: i64 = 24 * 3600;
/// How long kept rules stand in for a file that cannot be had (RFC 9309 2.3.1.4).
const STALE: i64 = 30 * FRESH;

/// Rules of an answer: those of the file; none at all where there is no file (4xx, RFC 9309 2.3.1.3); `None` where the
/// file could not be had.
pub(super) fn of_answer(status: u16, payload: &[u8], coding: Option<&str>) -> Option<RobotsRules> {
    // "Too many requests" is a host under strain, not a host without the file.
    let verdict = if status == 429 { Verdict::DisallowAll } else { robots::verdict(Some(status)) };
    match verdict {
        Verdict::Rules => {
            // By bytes: paths may be in any charset, and a page in place of the file is the parser's to see (RB6).
            Some(robots::parse(&undo_coding(payload, coding), AGENT))
        }
        Verdict::AllowAll => Some(RobotsRules::allow_all()),
        Verdict::DisallowAll => None,
    }
}

/// Kept rules, by what their age allows.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kept {
    /// No older than a day: no request is needed.
    Fresh(RobotsRules),
    /// Good enough while the host cannot be reached.
    Stale(RobotsRules),
}

/// What a kept robots.txt is good for at this moment. A capture from the future (a clock set back) is not fresh.
pub(super) fn of_kept(kept: &CachedRobots, now: CaptureTime) -> Option<Kept> {
    let rules = of_answer(kept.status?, &kept.payload, kept.content_encoding.as_deref())?;
    match now.epoch_seconds() - kept.at.epoch_seconds() {
        0..FRESH => Some(Kept::Fresh(rules)),
        age if age < STALE => Some(Kept::Stale(rules)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    fn at(text: &str) -> CaptureTime {
        CaptureTime::parse(text).unwrap()
    }

    #[test]
    fn a_missing_file_allows_and_a_missing_answer_says_nothing() {
        let url = Url::parse("http://news.example.edu/shut/1").unwrap();
        let file = b"User-agent: *\nDisallow: /shut/\n";
        for (status, payload, want) in [
            (200, &file[..], Some(false)),
            (200, b"<!DOCTYPE html><html><body>Disallow: /shut/</body></html>", Some(true)),
            (404, file, Some(true)),
            (403, file, Some(true)),
            (301, file, Some(true)),
            (429, file, None),
            (503, file, None),
        ] {
            let rules = of_answer(status, payload, None);
            assert_eq!(rules.map(|rules| rules.allows(&url)), want, "{status}");
        }
    }

    #[test]
    fn kept_rules_age() {
        let kept = CachedRobots {
            at: at("2026-11-22T09:00:00Z"),
            status: Some(404),
            payload: Vec::new(),
            content_encoding: None,
        };
        let rules = RobotsRules::allow_all();
        for (now, want) in [
            ("2026-11-22T09:00:00Z", Some(Kept::Fresh(rules.clone()))),
            ("2026-11-23T08:59:59Z", Some(Kept::Fresh(rules.clone()))),
            ("2026-11-23T09:00:00Z", Some(Kept::Stale(rules.clone()))),
            ("2026-11-22T08:00:00Z", Some(Kept::Stale(rules.clone()))),
            ("2026-12-22T09:00:00Z", None),
        ] {
            assert_eq!(of_kept(&kept, at(now)), want, "{now}");
        }
        assert_eq!(of_kept(&CachedRobots { status: None, ..kept }, at("2026-11-22T09:00:00Z")), None);
    }
}
