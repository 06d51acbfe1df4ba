//! `Retry-After` (RFC 9110 10.2.3): seconds, or a date.

use std::time::{Duration, SystemTime};

use crate::domain::time::CaptureTime;

/// Shortest wait taken from a host's own words, also where its date lies in the past.
const SHORTEST: Duration = Duration::from_secs(1);
/// Longest wait taken from a host's own words (RELIABILITY L1).
const LONGEST: Duration = Duration::from_hours(1);

/// How long the host asks to be left alone, clamped to one second and one hour; `None` where the value is neither a
/// number of seconds nor a date.
pub fn retry_after(value: &str, received: CaptureTime) -> Option<Duration> {
    let value = value.trim();
    let wait = if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than a number holds still mean: very long.
        value.parse().map_or(LONGEST, Duration::from_secs)
    } else if let Some(digits) = value.strip_prefix('-') {
        digits.parse::<u64>().ok().map(|_| SHORTEST)?
    } else {
        let until = httpdate::parse_http_date(value).ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        let now = Duration::from_secs(u64::try_from(received.epoch_seconds()).unwrap_or(0));
        until.saturating_sub(now)
    };
    Some(wait.clamp(SHORTEST, LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read_and_clamped() {
        let received = CaptureTime::parse("2026-11-22T09:00:00Z").unwrap();
        for (value, seconds) in [
            ("120", Some(120)),
            (" 5 ", Some(5)),
            ("0", Some(1)),
            ("-30", Some(1)),
            ("7200", Some(3600)),
            ("99999999999999999999999999", Some(3600)),
            ("Sun, 22 Nov 2026 09:02:00 GMT", Some(120)),
            ("Sun, 22 Nov 2026 08:00:00 GMT", Some(1)),
            ("Mon, 23 Nov 2026 09:00:00 GMT", Some(3600)),
            ("Sunday, 22-Nov-26 09:02:00 GMT", Some(120)),
            ("Sun Nov 22 09:02:00 2026", Some(120)),
            ("", None),
            ("soon", None),
            ("1.5", None),
            ("-", None),
        ] {
            assert_eq!(retry_after(value, received), seconds.map(Duration::from_secs), "{value:?}");
        }
    }
}
