//! Limits of a run, and their polite defaults.

use std::time::Duration;

/// Limits of a whole run. The defaults are the polite ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Requests under way at once, over all hosts.
    pub concurrency: usize,
    /// Fetch no robots.txt and obey none.
    pub ignore_robots: bool,
    /// Obey robots.txt but not its crawl delay.
    pub ignore_crawl_delay: bool,
    /// Page requests a site may cost; robots.txt is not counted.
    pub max_pages: Option<u64>,
    /// Times one request is made before its failure stands.
    pub attempts: u8,
    /// Failures in a row that stop a host for this run.
    pub failures_to_stop: u32,
    /// Pause after a host's first failure; doubled with each further one in a row.
    pub backoff: Duration,
    /// Thousandths of the delay that chance adds to it at the most, so that what a run asks of many hosts does not fall into
    /// one beat. The delay itself is never cut.
    pub jitter: u32,
    /// The same for the pause after a failure.
    pub backoff_jitter: u32,
    /// What chance begins from.
    pub seed: u64,
    /// What one host may have a run wait by `Retry-After`, all told; beyond it the rest of the host is postponed to the
    /// next run, so that a run ends in bounded time (RELIABILITY L1).
    pub max_wait: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            concurrency: 32,
            ignore_robots: false,
            ignore_crawl_delay: false,
            max_pages: None,
            attempts: 3,
            failures_to_stop: 12,
            backoff: Duration::from_secs(1),
            jitter: 5,
            backoff_jitter: 500,
            seed: 0,
            max_wait: Duration::from_hours(1),
        }
    }
}
