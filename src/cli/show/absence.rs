//! What the captures say of an article's absences and returns. Pure.

use crate::domain::held::{HeldCapture, HeldShowing, HeldTombstone};
use crate::domain::time::CaptureTime;

/// An absence, between what proves that the article was there and what proves that it was again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Absence {
    /// When the article was last seen before: it went some time between this and the tombstone's beginning.
    pub(super) last_seen: Option<CaptureTime>,
    /// How often it was asked for and not there, the first time included.
    pub(super) asked: usize,
}

/// The absence of a tombstone, from all captures of the article's addresses.
pub(super) fn of(tombstone: &HeldTombstone, captures: &[HeldCapture]) -> Absence {
    let is_there = |capture: &&HeldCapture| matches!(capture.outcome.as_str(), "ok" | "unchanged" | "truncated");
    let before = captures.iter().filter(|capture| capture.captured_at < tombstone.began_at);
    let meanwhile = captures.iter().filter(|capture| {
        capture.captured_at >= tombstone.began_at && tombstone.ended_at.is_none_or(|end| capture.captured_at < end)
    });
    Absence {
        last_seen: before.filter(is_there).map(|capture| capture.captured_at).max(),
        asked: meanwhile.filter(|capture| !is_there(capture)).count(),
    }
}

/// The earlier showing of the text that is shown from `at` on, where it came back.
pub(super) fn before(showings: &[HeldShowing], at: usize) -> Option<&HeldShowing> {
    let (earlier, now) = (showings.get(..at)?, showings.get(at)?);
    earlier.iter().find(|showing| showing.version == now.version)
}

/// Days and hours between two moments, as people say it.
pub(super) fn span(from: CaptureTime, to: CaptureTime) -> String {
    let hours = (to.epoch_seconds() - from.epoch_seconds()).max(0) / 3600;
    let count = |number: i64, noun: &str| format!("{number} {noun}{}", if number == 1 { "" } else { "s" });
    match (hours / 24, hours % 24) {
        (0, 0) => "less than an hour".to_owned(),
        (0, hours) => count(hours, "hour"),
        (days, _) => count(days, "day"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> CaptureTime {
        CaptureTime::parse(text).unwrap()
    }

    fn capture(day: u32, outcome: &str) -> HeldCapture {
        HeldCapture {
            id: i64::from(day),
            url: "http://news.yllg.example/1.htm".to_owned(),
            captured_at: at(&format!("2026-03-{day:02}T01:00:00Z")),
            status: Some(200),
            outcome: outcome.to_owned(),
            media_type: None,
            bytes: None,
            payload_digest: None,
            warc_type: None,
            warc_file: None,
            warc_offset: None,
            warc_length: None,
            via: None,
            run_id: 1,
        }
    }

    #[test]
    fn an_absence_lies_between_two_sights() {
        let fates = ["ok", "unchanged", "server-error", "not-found", "unreachable", "not-found", "ok", "not-found"];
        let captures: Vec<_> = (1..).zip(fates).map(|(day, fate)| capture(day, fate)).collect();
        let tombstone = |began: u32, ended: Option<u32>| HeldTombstone {
            kind: "not-found".to_owned(),
            began_at: at(&format!("2026-03-{began:02}T01:00:00Z")),
            url: String::new(),
            warc_file: None,
            warc_offset: None,
            ended_at: ended.map(|day| at(&format!("2026-03-{day:02}T01:00:00Z"))),
        };
        let first = of(&tombstone(4, Some(7)), &captures);
        assert_eq!(first, Absence { last_seen: Some(at("2026-03-02T01:00:00Z")), asked: 3 });
        let second = of(&tombstone(8, None), &captures);
        assert_eq!(second, Absence { last_seen: Some(at("2026-03-07T01:00:00Z")), asked: 1 });
    }

    #[test]
    fn a_text_that_came_back_knows_when_it_was_shown_first() {
        let showing = |version, day: u32| HeldShowing { version, began_at: at(&format!("2026-03-{day:02}T01:00:00Z")) };
        let showings = [showing(1, 1), showing(2, 2), showing(1, 3), showing(3, 4)];
        let found: Vec<_> = (0..4).map(|n| before(&showings, n).map(|s| s.began_at.to_seconds_string())).collect();
        assert_eq!(found, [None, None, Some("2026-03-01T01:00:00Z".to_owned()), None]);
    }

    #[test]
    fn a_span_is_told_in_days_or_hours() {
        for (to, want) in [
            ("2026-03-01T00:59:00Z", "less than an hour"),
            ("2026-03-01T01:00:00Z", "1 hour"),
            ("2026-03-01T23:59:00Z", "23 hours"),
            ("2026-03-02T12:00:00Z", "1 day"),
            ("2026-04-01T00:00:00Z", "31 days"),
        ] {
            assert_eq!(span(at("2026-03-01T00:00:00Z"), at(to)), want);
        }
    }
}
