//! What several hosts share: one distance, and so many requests under way, for all of them together.
//!
//! A university's hosts are often names of one machine. Each host keeps its own state besides (robots rules, pauses,
//! its own Crawl-delay); a request leaves when both agree.

use std::time::{Duration, Instant};

use url::{Host, Url};

use crate::domain::site::Politeness;

use super::pace::AnswerTime;

/// One registrable domain's pace.
#[derive(Debug)]
pub(super) struct Budget {
    /// Hosts that share it, by their ids.
    pub(super) hosts: Vec<usize>,
    pub(super) in_flight: usize,
    /// No request of any of them starts before.
    pub(super) ready_at: Instant,
    /// When an earlier run's last request to any of them left.
    last: Option<Instant>,
    politeness: Option<Politeness>,
    answers: AnswerTime,
}

impl Budget {
    pub(super) fn new(last: Option<Instant>, now: Instant) -> Self {
        Self { hosts: Vec::new(), in_flight: 0, ready_at: now, last, politeness: None, answers: AnswerTime::default() }
    }

    /// Takes the gentlest of what the hosts' sites ask for.
    pub(super) fn soften(&mut self, new: Politeness) {
        self.politeness = Some(self.politeness.map_or(new, |old| old.gentler(new)));
        if let Some(last) = self.last {
            self.sent(last, Duration::ZERO);
        }
    }

    /// Whether one more request may be under way.
    pub(super) fn has_room(&self) -> bool {
        self.in_flight < self.politeness.map_or(1, |p| p.per_host.max(1))
    }

    /// Marks a request as begun.
    pub(super) fn start(&mut self, jitter: Duration, now: Instant) {
        self.in_flight += 1;
        self.sent(now, jitter);
    }

    /// Keeps the distance from a request that left at this moment.
    pub(super) fn sent(&mut self, at: Instant, jitter: Duration) {
        self.ready_at = self.ready_at.max(at + self.delay() + jitter);
    }

    /// Rests where the machine was slow to answer, whichever of its names was asked.
    pub(super) fn took(&mut self, time: Duration, now: Instant) {
        self.answers.take(time);
        if let Some(rest) = self.answers.rest(self.delay()) {
            self.ready_at = self.ready_at.max(now + rest);
        }
    }

    fn delay(&self) -> Duration {
        self.politeness.map_or(Politeness::DEFAULT_DELAY, |p| p.delay)
    }
}

/// The registrable domain of a URL's host by the Public Suffix List: `example.edu.cn` of `news.example.edu.cn`. An
/// address, and a name that is a public suffix itself, stand for themselves.
pub(super) fn domain(url: &Url) -> Option<String> {
    match url.host()? {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            Some(psl::domain_str(name).unwrap_or(name).to_owned())
        }
        address @ (Host::Ipv4(_) | Host::Ipv6(_)) => Some(address.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registrable_domain_is_what_a_school_registers() {
        for (host, want) in [
            ("news.yunling.edu.cn", "yunling.edu.cn"),
            ("yunling.edu.cn", "yunling.edu.cn"),
            ("xsc.dxy.yunling.edu.cn", "yunling.edu.cn"),
            ("www.yunling.cn", "yunling.cn"),
            ("www.yunling.gov.cn", "yunling.gov.cn"),
            ("www.yunling.bj.cn", "yunling.bj.cn"),
            ("edu.cn", "edu.cn"),
            ("news.yunling.test", "yunling.test"),
            ("news.xn--fiq228c.xn--fiqs8s", "xn--fiq228c.xn--fiqs8s"),
            ("localhost", "localhost"),
            ("192.0.2.7", "192.0.2.7"),
            ("[2001:db8::7]", "[2001:db8::7]"),
        ] {
            let url = Url::parse(&format!("http://{host}:8080/info/1.htm")).unwrap();
            assert_eq!(domain(&url).as_deref(), Some(want), "{host}");
        }
    }
}
