//! Arithmetic of waiting.

use std::time::Duration;

/// Longest pause of our own making.
const LONGEST_BACKOFF: Duration = Duration::from_mins(2);

/// Pause after this many failures in a row: `first`, then doubled each time, up to two minutes.
pub(super) fn backoff(first: Duration, failures: u32) -> Duration {
    let factor = 1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX);
    first.saturating_mul(factor).min(LONGEST_BACKOFF)
}

/// Answers that come sooner than this are no sign of strain, however short the delay.
const BRISK: Duration = Duration::from_secs(1);
/// Longest rest given to a slow host.
const LONGEST_REST: Duration = Duration::from_mins(1);

/// How long a host takes to answer: each answer counts as much as all before it together, so that one hiccup is
/// forgotten after a few quick answers and a lasting slowness is believed after a few slow ones.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct AnswerTime(Option<Duration>);

impl AnswerTime {
    /// Takes in an answer's time.
    pub(super) fn take(&mut self, took: Duration) {
        self.0 = Some(self.0.map_or(took, |held| held / 2 + took / 2));
    }

    /// How long the host rests after an answer: as long as it takes to give one, where that is longer than the delay it
    /// is given anyway. So a host that is slow works for us half of its time at the most.
    pub(super) fn rest(self, delay: Duration) -> Option<Duration> {
        self.0.filter(|took| *took > delay.max(BRISK)).map(|took| took.min(LONGEST_REST))
    }
}

/// Where jitter comes from: `SplitMix64` (Steele, Lea and Flood 2014), the same from the same seed. Nothing rests on its
/// being hard to guess.
#[derive(Debug, Clone)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Somewhere between nothing and so many thousandths of a time.
    pub(super) fn up_to(&mut self, thousandths: u32, of: Duration) -> Duration {
        let most = u64::try_from(of.as_nanos()).unwrap_or(u64::MAX) / 1000 * u64::from(thousandths);
        // The high half of a product is a fair share of `most`.
        let share = (u128::from(self.next()) * u128::from(most)) >> 64;
        Duration::from_nanos(u64::try_from(share).unwrap_or(u64::MAX))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
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

    #[test]
    fn a_host_rests_as_long_as_it_takes_to_answer() {
        let rest = |answers: &[u64], delay: u64| {
            let mut time = AnswerTime::default();
            for ms in answers {
                time.take(Duration::from_millis(*ms));
            }
            time.rest(Duration::from_millis(delay)).map(|rest| u64::try_from(rest.as_millis()).unwrap())
        };
        for (answers, delay, want) in [
            (&[][..], 0, None),
            (&[900], 0, None),
            (&[1000], 1000, None),
            (&[1500], 1000, Some(1500)),
            (&[1500], 2000, None),
            (&[200_000], 1000, Some(60_000)),
            (&[100, 100, 3000], 1000, Some(1550)),
            (&[100, 100, 3000, 100], 1000, None),
            (&[3000, 3000, 3000, 100], 1000, Some(1550)),
        ] {
            assert_eq!(rest(answers, delay), want, "{answers:?} under {delay} ms");
        }
    }

    #[test]
    fn jitter_is_spread_evenly_below_its_bound_and_the_same_from_the_same_seed() {
        let second = Duration::from_secs(1);
        let draw = |seed| {
            let mut chance = Chance::new(seed);
            (0..10_000).map(|_| chance.up_to(10, second)).collect::<Vec<_>>()
        };
        let drawn = draw(7);
        assert_eq!(drawn, draw(7));
        assert_ne!(drawn, draw(8));
        assert!(drawn.iter().all(|jitter| *jitter < Duration::from_millis(10)));
        let mean = drawn.iter().sum::<Duration>() / 10_000;
        assert!(mean > Duration::from_micros(4900) && mean < Duration::from_micros(5100), "{mean:?}");
        assert_eq!(Chance::new(1).up_to(0, second), Duration::ZERO);
        assert_eq!(Chance::new(1).up_to(1000, Duration::ZERO), Duration::ZERO);
    }
}
