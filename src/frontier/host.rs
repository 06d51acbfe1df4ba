//! One authority: its queues, its robots rules, and when it may next be asked.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use url::Url;

use crate::domain::request::{FetchRequest, Purpose};
use crate::domain::robots::RobotsRules;
use crate::domain::site::Politeness;

use super::pace::{self, AnswerTime, Chance};
use super::{Options, Recalled, Skip};

/// What is known of a host's robots.txt.
#[derive(Debug)]
pub(super) enum Robots {
    /// Not asked for yet.
    Unknown,
    /// Asked for; the URL of the hop that will answer.
    Asked(Url),
    /// Known.
    Known(RobotsRules),
}

impl Robots {
    pub(super) fn waits_for(&self, url: &Url) -> bool {
        matches!(self, Self::Asked(hop) if hop == url)
    }

    pub(super) fn forbids(&self, url: &Url) -> bool {
        matches!(self, Self::Known(rules) if !rules.allows(url))
    }

    /// Waits for the next hop where it waited for this one.
    pub(super) fn follow(&mut self, from: &Url, to: &Url) {
        if self.waits_for(from) {
            *self = Self::Asked(to.clone());
        }
    }
}

/// One authority.
#[derive(Debug)]
pub(super) struct Host {
    pub(super) robots: Robots,
    pub(super) in_flight: usize,
    /// No request starts before.
    pub(super) ready_at: Instant,
    /// Failures in a row.
    pub(super) failures: u32,
    /// Why nothing more is given out in this run.
    pub(super) stopped: Option<Skip>,
    /// Nothing is given out until it is known what a request under way brought.
    pub(super) held: bool,
    pub(super) on_agenda: bool,
    /// When its last request of this run started.
    pub(super) started: Option<Instant>,
    /// Where it shares its pace with others.
    pub(super) budget: Option<usize>,
    /// When its window shuts.
    shuts_at: Option<Instant>,
    politeness: Option<Politeness>,
    /// When an earlier run's last request to it left.
    last: Option<Instant>,
    /// Whether it is known what earlier runs asked.
    recalls: bool,
    /// When rules kept from an earlier run were taken on, before it was known which delay to keep from then.
    kept_at: Option<Instant>,
    crawl_delay: Duration,
    /// What the request made last adds to the delay.
    jitter: Duration,
    answers: AnswerTime,
    /// Time this host had us wait by `Retry-After`, all told.
    pub(super) waited: Duration,
    robots_hops: VecDeque<FetchRequest>,
    articles: VecDeque<FetchRequest>,
    listings: VecDeque<FetchRequest>,
    seeds: VecDeque<FetchRequest>,
    media: VecDeque<FetchRequest>,
}

impl Host {
    /// A host first met at this moment, and what earlier runs asked of it, where it `recalls` that.
    pub(super) fn new(recalls: bool, recalled: Option<Recalled>, now: Instant) -> Self {
        let rest = recalled.map_or(Duration::ZERO, |recalled| recalled.rest);
        Self {
            robots: Robots::Unknown,
            in_flight: 0,
            ready_at: now + rest,
            failures: 0,
            stopped: None,
            on_agenda: false,
            held: false,
            started: None,
            budget: None,
            shuts_at: None,
            politeness: None,
            last: recalled.map(|recalled| recalled.left),
            recalls,
            kept_at: None,
            crawl_delay: Duration::ZERO,
            jitter: Duration::ZERO,
            answers: AnswerTime::default(),
            waited: rest,
            robots_hops: VecDeque::new(),
            articles: VecDeque::new(),
            listings: VecDeque::new(),
            seeds: VecDeque::new(),
            media: VecDeque::new(),
        }
    }

    /// Takes the gentler of what two sites on one host ask for.
    pub(super) fn soften(&mut self, new: Politeness) {
        self.politeness = Some(self.politeness.map_or(new, |old| old.gentler(new)));
        if let Some(at) = self.kept_at.take() {
            self.sent(at);
        }
        self.keep_from_last();
    }

    /// Keeps the distance from an earlier run's last request.
    fn keep_from_last(&mut self) {
        if let Some(last) = self.last {
            self.ready_at = self.ready_at.max(last + self.delay());
        }
    }

    /// Puts back a request that must wait for what is under way here, and gives out nothing until that is settled.
    pub(super) fn hold(&mut self, request: FetchRequest) {
        self.queue(request.purpose).push_front(request);
        self.held = true;
    }

    pub(super) fn push(&mut self, request: FetchRequest) {
        self.queue(request.purpose).push_back(request);
    }

    fn queue(&mut self, purpose: Purpose) -> &mut VecDeque<FetchRequest> {
        match purpose {
            Purpose::Robots => &mut self.robots_hops,
            Purpose::Article | Purpose::ArticlePage => &mut self.articles,
            Purpose::Listing => &mut self.listings,
            Purpose::Seed => &mut self.seeds,
            Purpose::Image | Purpose::Attachment => &mut self.media,
        }
    }

    pub(super) fn pop(&mut self) -> Option<FetchRequest> {
        let queues = [&mut self.robots_hops, &mut self.articles, &mut self.listings, &mut self.seeds, &mut self.media];
        queues.into_iter().find_map(VecDeque::pop_front)
    }

    /// Whether there is something to give out: work and a free connection for it, where robots.txt is on its way only
    /// hops of it, and in a stopped host everything that is left, to be skipped.
    pub(super) fn can_start(&self) -> bool {
        let queues = [&self.articles, &self.listings, &self.seeds, &self.media];
        let pages = queues.into_iter().any(|queue| !queue.is_empty());
        if self.stopped.is_some() {
            return pages || !self.robots_hops.is_empty();
        }
        let work = !self.robots_hops.is_empty() || (pages && !matches!(self.robots, Robots::Asked(_)));
        work && !self.held && self.in_flight < self.politeness.map_or(1, |p| p.per_host.max(1))
    }

    /// Marks a request as begun.
    pub(super) fn start(&mut self, jitter: (u32, &mut Chance), now: Instant) {
        let (thousandths, chance) = jitter;
        self.jitter = chance.up_to(thousandths, self.delay());
        self.in_flight += 1;
        self.started = Some(now);
        self.sent(now);
    }

    /// What chance adds to the distance from the request made last.
    pub(super) fn jitter(&self) -> Duration {
        self.jitter
    }

    /// Shuts at this moment, where it does not shut sooner; whether that is news.
    pub(super) fn shut_at(&mut self, at: Instant) -> bool {
        let sooner = self.shuts_at.is_none_or(|held| at < held);
        if sooner {
            self.shuts_at = Some(at);
        }
        sooner
    }

    /// Keeps the distance from a request that left at this moment.
    pub(super) fn sent(&mut self, at: Instant) {
        self.ready_at = self.ready_at.max(at + self.delay() + self.jitter);
    }

    /// Rests where the host was slow to answer.
    pub(super) fn took(&mut self, time: Duration, now: Instant) {
        self.answers.take(time);
        if let Some(rest) = self.answers.rest(self.delay()) {
            self.ready_at = self.ready_at.max(now + rest);
        }
    }

    /// The request for this host's robots.txt, made on behalf of a page, which goes back to its queue's front.
    pub(super) fn ask_robots(&mut self, page: FetchRequest) -> FetchRequest {
        let mut url = page.url.clone();
        url.set_path("/robots.txt");
        url.set_query(None);
        self.robots = Robots::Asked(url.clone());
        let site = page.site.clone();
        self.queue(page.purpose).push_front(page);
        FetchRequest {
            url,
            site,
            purpose: Purpose::Robots,
            via: None,
            hops: 0,
            attempt: 0,
            walk: None,
            item: None,
            prior: None,
        }
    }

    /// Takes rules on. Where they were kept from an earlier run and it is not known what that asked, it may have ended a moment
    /// ago, so the first request keeps its distance too.
    pub(super) fn obey(&mut self, rules: RobotsRules, ignore_delay: bool, now: Instant) {
        let before = self.delay();
        if let Some(delay) = rules.crawl_delay().filter(|_| !ignore_delay) {
            self.crawl_delay = delay;
        }
        if matches!(self.robots, Robots::Unknown) && self.recalls {
            // Before the politeness is known, the delay is not: it is kept as soon as it is.
            if self.politeness.is_some() {
                self.keep_from_last();
            }
        } else if matches!(self.robots, Robots::Unknown) && self.politeness.is_none() {
            self.kept_at = Some(now);
        } else if matches!(self.robots, Robots::Unknown) {
            self.sent(now);
        } else {
            // The request for robots.txt began at the short distance; the next one keeps the longer.
            self.ready_at += self.delay().saturating_sub(before);
        }
        self.robots = Robots::Known(rules);
    }

    /// Least time between two request starts.
    fn delay(&self) -> Duration {
        self.politeness.map_or(Politeness::DEFAULT_DELAY, |p| p.delay).max(self.crawl_delay)
    }

    /// Gives out nothing more in this run; the first reason stands.
    pub(super) fn stop(&mut self, why: Skip, now: Instant) {
        self.stopped = self.stopped.or(Some(why));
        self.ready_at = now;
        // An entry for a later moment may stand on the agenda; it finds nothing to do when its time comes.
        self.on_agenda = false;
    }

    /// Why this page may not be asked for.
    pub(super) fn forbids(&self, request: &FetchRequest, ignore_robots: bool) -> Option<Skip> {
        self.stopped.or((!ignore_robots && self.robots.forbids(&request.url)).then_some(Skip::Robots))
    }

    /// Leaves a strained host alone: as long as it asked, else longer with every failure in a row.
    pub(super) fn strain(&mut self, wait: Option<Duration>, options: &Options, chance: &mut Chance, now: Instant) {
        self.failures = self.failures.saturating_add(1);
        self.waited += wait.unwrap_or_default();
        let pause = wait.unwrap_or_else(|| {
            let pause = pace::backoff(options.backoff, self.failures);
            pause + chance.up_to(options.backoff_jitter, pause)
        });
        self.ready_at = self.ready_at.max(now + pause);
    }
}
