//! Arithmetic of waiting.

use std::time::Duration;

/// Longest pause of our own making.
const LONGEST_BACKOFF: Duration = Duration::from_mins(2);

/// Pause after this many failures in a row: `first`, then doubled each time, up to two minutes.
pub(super) fn backoff(first: Duration, failures: u32) -> Duration {
    let factor = 1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX);
    first.saturating_mul(factor).min(LONGEST_BACKOFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_ceiling() {
        let second = Duration::from_secs(1);
        for (failures, want) in [(0, 1), (1, 1), (2, 2), (3, 4), (7, 64), (8, 120), (31, 120), (500, 120)] {
            assert_eq!(backoff(second, failures), Duration::from_secs(want), "{failures} failures");
        }
    }
}
