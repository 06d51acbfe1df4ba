//! Decides what to visit next, given the time: the house's politeness.
//!
//! One conductor owns a frontier and passes the time in; nothing here reads a clock, sleeps or locks. A request goes in
//! with [`Frontier::offer`], comes out with [`Frontier::next`] when its host may be asked, and is given back with
//! [`Frontier::complete`] as soon as the answer (or its absence) is known.
//!
//! Invariants, whatever is offered:
//! * one URL is given out once a run, but for its own retries;
//! * between two request starts at one authority lies at least the delay, and at most `per_host` are under way;
//! * the same holds for hosts of one registrable domain together, where their sites say so;
//! * nothing is asked of a host whose window has shut;
//! * a host that is slow to answer rests as long as it takes to;
//! * no page of an authority is given out before its robots rules are known, and none they forbid;
//! * a site's requests stay on that site's hosts and within its page limit;
//! * one host's troubles never hold up another host.
//!
//! Within a host, articles come before further listing pages, those before further seeds, and files of articles last. So what is planned stays
//! near the size of one listing page, and a crawl that was cut off has finished the pages it left behind.

mod budget;
mod host;
mod options;
mod pace;
mod retry_after;
mod seen;
#[cfg(test)]
mod tests;
mod trap;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::time::{Duration, Instant};

use url::Url;

use crate::domain::address;
use crate::domain::request::{FetchRequest, Prior, Purpose};
use crate::domain::robots::RobotsRules;
use crate::domain::site::{Politeness, Share, Site};

use budget::Budget;
use host::{Host, Robots};
use pace::Chance;
use seen::Seen;
use trap::Traps;

pub use options::Options;
pub use retry_after::retry_after;
pub use trap::{Brought, Trap, Trapped};

/// Redirects followed from one page (RELIABILITY R6).
const PAGE_HOPS: u8 = 10;
/// Redirects followed from one robots.txt (RFC 9309 2.3.1.2 asks for five).
const ROBOTS_HOPS: u8 = 5;

/// What the conductor does now.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// Make this request; give it back with [`Frontier::complete`].
    Fetch(Box<FetchRequest>),
    /// This request will not be made in this run. Where it is a hop of a robots.txt, [`Frontier::give_up`] must follow.
    Skipped(Box<FetchRequest>, Skip),
    /// Nothing may be asked before this moment, unless something is offered or completed first.
    WaitUntil(Instant),
    /// Something under way must be completed first.
    Busy,
    /// Nothing is planned and nothing is under way.
    Done,
}

/// Why a planned request is never made. Such a request is counted, it is not an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Skip {
    /// Another host, which neither the site's file nor the command line names.
    OtherHost,
    /// The host's robots.txt forbids it.
    Robots,
    /// The site's page limit is reached.
    PageLimit,
    /// Too many redirects in a row.
    Hops,
    /// The host's robots.txt could not be had (RFC 9309 2.3.1.4), or it failed too often in a row.
    HostStopped,
    /// The host asked us to wait longer than a run waits for one host.
    Postponed,
    /// The host's window has shut, or is not open.
    OutsideWindow,
    /// The host answered with a challenge, which is never solved: nothing more is asked of it in this run.
    Challenged,
    /// It lies in a trap: a pattern of addresses that brings nothing new.
    Trap,
}

/// What became of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// It will be given out.
    Planned,
    /// The same place was offered before in this run.
    Known,
    /// It will never be given out.
    Refused(Skip),
}

/// How a request ended, as far as politeness goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The host answered and is well.
    Answered,
    /// The host is strained (429, 5xx) or silent; `wait` is its own `Retry-After`.
    Strained {
        /// How long the host asked to be left alone.
        wait: Option<Duration>,
    },
    /// It failed in a way that another try would not mend.
    Hopeless,
}

/// What follows from an ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The ending stands.
    Final,
    /// The request is planned again.
    Retrying,
}

/// What an earlier run asked of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recalled {
    /// When its last request left.
    pub left: Instant,
    /// How much longer, from now on, the host wants to be left alone.
    pub rest: Duration,
}

/// A site's share of the frontier.
#[derive(Debug)]
struct Scope {
    hosts: Vec<String>,
    politeness: Politeness,
    /// When the window of its hosts shuts.
    shuts_at: Option<Instant>,
    requests: u64,
    queued: usize,
}

/// Queues of all hosts and the moments they may next be asked.
#[derive(Debug)]
pub struct Frontier {
    options: Options,
    sites: HashMap<String, Scope>,
    hosts: Vec<Host>,
    ids: HashMap<String, usize>,
    seen: Seen,
    /// What earlier runs asked, by authority; `None` where that is not known.
    recalled: Option<HashMap<String, Recalled>>,
    traps: Traps,
    /// Paces several hosts share, and the registrable domains they are of.
    budgets: Vec<Budget>,
    domains: HashMap<String, usize>,
    /// When windows shut.
    closings: BinaryHeap<Reverse<(Instant, usize)>>,
    /// When each host with work and a free connection may next be asked; of several at one moment, the one that was asked
    /// longest ago. Entries may be out of date, so each is checked when its moment comes.
    agenda: BinaryHeap<Reverse<(Instant, Option<Instant>, usize)>>,
    in_flight: usize,
    chance: Chance,
}

impl Frontier {
    /// An empty frontier.
    pub fn new(options: Options) -> Self {
        Self {
            options,
            sites: HashMap::new(),
            hosts: Vec::new(),
            ids: HashMap::new(),
            seen: Seen::default(),
            recalled: None,
            traps: Traps::default(),
            budgets: Vec::new(),
            domains: HashMap::new(),
            closings: BinaryHeap::new(),
            agenda: BinaryHeap::new(),
            in_flight: 0,
            chance: Chance::new(options.seed),
        }
    }

    /// Makes a site's hosts and politeness known; requests of unknown sites are refused. `shuts_at` is when the window of its
    /// hosts shuts, where they have one: from then on nothing is asked of them, for whichever site.
    pub fn add_site(&mut self, site: &Site, shuts_at: Option<Instant>) {
        let hosts = site.hosts.iter().map(|host| host.trim_end_matches('.').to_ascii_lowercase()).collect();
        self.sites
            .insert(site.id.clone(), Scope { hosts, politeness: site.politeness, shuts_at, requests: 0, queued: 0 });
    }

    /// Hands in what earlier runs asked, by authority, before anything is offered: the distance holds from one run to the next.
    /// Hosts that are not named were not asked for longer than any delay.
    pub fn recall(&mut self, hosts: HashMap<String, Recalled>) {
        self.recalled = Some(hosts);
    }

    /// Notes a place as visited already, so that it is not planned (pages a resumed walk holds); `false` where it was
    /// noted or planned before.
    pub fn note(&mut self, url: &Url) -> bool {
        self.seen.insert(url)
    }

    /// Plans a visit, once a run for each place.
    pub fn offer(&mut self, request: FetchRequest, now: Instant) -> Offer {
        let Some(scope) = self.sites.get_mut(&request.site) else { return Offer::Refused(Skip::OtherHost) };
        if request.purpose != Purpose::Robots && !scope.holds(&request.url) {
            return Offer::Refused(Skip::OtherHost);
        }
        let limit = if request.purpose == Purpose::Robots { ROBOTS_HOPS } else { PAGE_HOPS };
        if request.hops > limit {
            return Offer::Refused(Skip::Hops);
        }
        if !self.seen.insert(&request.url) {
            return Offer::Known;
        }
        let (politeness, shuts_at) = (scope.politeness, scope.shuts_at);
        scope.queued += 1;
        self.traps.planned(&request);
        let id = self.host(&request.url, now);
        if let Some(host) = self.hosts.get_mut(id) {
            host.soften(politeness);
            if let Some(at) = shuts_at.filter(|at| host.shut_at(*at)) {
                self.closings.push(Reverse((at, id)));
            }
        }
        self.share(id, politeness, &request.url, now);
        if let Some(host) = self.hosts.get_mut(id) {
            host.push(request);
        }
        self.schedule(id);
        Offer::Planned
    }

    /// Follows a redirect: plans the next hop of `request`, with `via` set. The hop of a robots.txt stands for the same
    /// authorities as the request it came from (RFC 9309 2.3.1.2); one that leads nowhere new counts as no file.
    pub fn redirect(&mut self, request: &FetchRequest, target: &Url, prior: Option<Prior>, now: Instant) -> Offer {
        let hop = FetchRequest {
            url: address::normalise(target),
            via: Some(request.url.clone()),
            hops: request.hops.saturating_add(1),
            attempt: 0,
            prior,
            ..request.clone()
        };
        let to = hop.url.clone();
        let offer = self.offer(hop, now);
        if request.purpose == Purpose::Robots {
            self.follow_robots(&request.url, &to, offer, now);
        }
        offer
    }

    /// Who waited for the robots.txt at `from` now waits for `to`, or has its rules.
    fn follow_robots(&mut self, from: &Url, to: &Url, offer: Offer, now: Instant) {
        let target = self.ids.get(&address::authority(to)).copied();
        if offer == Offer::Planned || self.hosts.iter().any(|host| from != to && host.robots.waits_for(to)) {
            for (id, host) in self.hosts.iter_mut().enumerate() {
                host.robots.follow(from, to);
                if Some(id) == target && to.path() == "/robots.txt" && matches!(host.robots, Robots::Unknown) {
                    host.robots = Robots::Asked(to.clone());
                }
            }
            return;
        }
        let rules = match target.and_then(|id| self.hosts.get(id)).map(|host| &host.robots) {
            Some(Robots::Known(rules)) if to.path() == "/robots.txt" => rules.clone(),
            _ => RobotsRules::allow_all(),
        };
        self.set_rules(from, &rules, now);
    }

    /// Hands in the rules that answer this robots.txt URL, from the net or from the archive. They hold for every authority
    /// that waits for it.
    pub fn set_rules(&mut self, robots_url: &Url, rules: &RobotsRules, now: Instant) {
        let own = self.host(robots_url, now);
        let ignore_delay = self.options.ignore_crawl_delay;
        for id in 0..self.hosts.len() {
            let Some(host) = self.hosts.get_mut(id) else { continue };
            if host.robots.waits_for(robots_url) || (id == own && !matches!(host.robots, Robots::Known(_))) {
                host.obey(rules.clone(), ignore_delay, now);
            }
            self.schedule(id);
        }
    }

    /// The robots.txt at this URL could not be had and no kept rules may stand in: the authorities that wait for it are
    /// not asked for anything (RFC 9309 2.3.1.4).
    pub fn give_up(&mut self, robots_url: &Url, now: Instant) {
        for id in 0..self.hosts.len() {
            if let Some(host) = self.hosts.get_mut(id).filter(|host| host.robots.waits_for(robots_url)) {
                host.stop(Skip::HostStopped, now);
                self.schedule(id);
            }
        }
    }

    /// Asks nothing more of this URL's host in this run; what is planned there is skipped for this reason.
    pub fn stop(&mut self, url: &Url, why: Skip, now: Instant) {
        let Some(&id) = self.ids.get(&address::authority(url)) else { return };
        if let Some(host) = self.hosts.get_mut(id) {
            host.stop(why, now);
        }
        self.schedule(id);
    }

    /// Why nothing more is asked of this URL's host in this run, where that is so.
    pub fn why_stopped(&self, url: &Url) -> Option<Skip> {
        self.ids.get(&address::authority(url)).and_then(|id| self.hosts.get(*id))?.stopped
    }

    /// Whether the host of this URL still lacks robots rules, so that the caller may hand in kept ones first.
    pub fn lacks_rules(&self, url: &Url) -> bool {
        let known = self.ids.get(&address::authority(url)).and_then(|id| self.hosts.get(*id));
        !self.options.ignore_robots && known.is_none_or(|host| matches!(host.robots, Robots::Unknown))
    }

    /// Whether the URL is on one of the site's hosts.
    pub fn in_scope(&self, site: &str, url: &Url) -> bool {
        self.sites.get(site).is_some_and(|scope| scope.holds(url))
    }

    /// Whether the robots rules of its host, as far as they are known, forbid the URL.
    pub fn forbids(&self, url: &Url) -> bool {
        let host = self.ids.get(&address::authority(url)).and_then(|id| self.hosts.get(*id));
        !self.options.ignore_robots && host.is_some_and(|host| host.robots.forbids(url))
    }

    /// What to do at this moment.
    pub fn next(&mut self, now: Instant) -> Next {
        self.shut(now);
        if self.in_flight >= self.options.concurrency.max(1) {
            return Next::Busy;
        }
        while let Some(&Reverse((at, _, id))) = self.agenda.peek() {
            if at > now {
                let shuts = self.closings.peek().map_or(at, |Reverse((shuts, _))| *shuts);
                return Next::WaitUntil(at.min(shuts));
            }
            self.agenda.pop();
            let Some(host) = self.hosts.get_mut(id) else { continue };
            host.on_agenda = false;
            if self.ready(id).is_none_or(|ready| ready > now) {
                self.schedule(id);
                continue;
            }
            let step = self.take(id, now);
            self.schedule(id);
            if let Some(step) = step {
                return step;
            }
        }
        if self.in_flight > 0 { Next::Busy } else { Next::Done }
    }

    /// Says when a request really left, written to its connection: the distance to the next one counts from there, so
    /// that a host never sees two requests closer together than it should.
    pub fn sent(&mut self, request: &FetchRequest, at: Instant) {
        let id = self.ids.get(&address::authority(&request.url)).copied();
        let Some(host) = id.and_then(|id| self.hosts.get_mut(id)) else { return };
        host.sent(at);
        if let Some(budget) = host.budget.and_then(|budget| self.budgets.get_mut(budget)) {
            budget.sent(at, host.jitter());
        }
    }

    /// Says how long an answer was waited for. A host that is slow to answer rests as long as it takes to, a minute at the
    /// most; call it before [`Frontier::complete`].
    pub fn took(&mut self, request: &FetchRequest, time: Duration, now: Instant) {
        let id = self.ids.get(&address::authority(&request.url)).copied();
        let Some(host) = id.and_then(|id| self.hosts.get_mut(id)) else { return };
        host.took(time, now);
        if let Some(budget) = host.budget.and_then(|budget| self.budgets.get_mut(budget)) {
            budget.took(time, now);
        }
    }

    /// Gives a request back as soon as its answer is known. Says whether it is tried again.
    pub fn complete(&mut self, request: &FetchRequest, ending: Ending, now: Instant) -> Verdict {
        self.in_flight = self.in_flight.saturating_sub(1);
        let Some(&id) = self.ids.get(&address::authority(&request.url)) else { return Verdict::Final };
        let Some(host) = self.hosts.get_mut(id) else { return Verdict::Final };
        host.in_flight = host.in_flight.saturating_sub(1);
        match ending {
            Ending::Answered => host.failures = 0,
            Ending::Hopeless => host.failures = host.failures.saturating_add(1),
            Ending::Strained { wait } => host.strain(wait, &self.options, &mut self.chance, now),
        }
        if host.failures >= self.options.failures_to_stop {
            host.stop(Skip::HostStopped, now);
        } else if host.waited > self.options.max_wait {
            host.stop(Skip::Postponed, now);
        }
        let attempt = request.attempt.saturating_add(1);
        let again =
            matches!(ending, Ending::Strained { .. }) && attempt < self.options.attempts && host.stopped.is_none();
        if again {
            host.push(FetchRequest { attempt, ..request.clone() });
            if let Some(scope) = self.sites.get_mut(&request.site) {
                scope.queued += 1;
            }
        }
        self.schedule(id);
        self.release(id);
        if again {
            return Verdict::Retrying;
        }
        self.traps.over(request);
        Verdict::Final
    }

    /// Takes in what a page brought, so that a trap is known when it is one.
    pub fn brought(&mut self, request: &FetchRequest, what: Brought) {
        self.traps.brought(request, what);
    }

    /// Says that it is known what a request brought, or that nobody will know: call it after [`Frontier::brought`], once for
    /// each time it was given out. Its host may have waited for that.
    pub fn settled(&mut self, request: &FetchRequest) {
        self.traps.under_way(request, false);
        let Some(&id) = self.ids.get(&address::authority(&request.url)) else { return };
        if let Some(host) = self.hosts.get_mut(id) {
            host.held = false;
        }
        self.schedule(id);
    }

    /// Hands in the patterns that were traps of a site in earlier runs, before anything is offered.
    pub fn recall_traps(&mut self, site: &str, patterns: impl IntoIterator<Item = String>) {
        self.traps.recall(site, patterns);
    }

    /// The patterns the next run should be told of.
    pub fn remembered_traps(&self, site: &str) -> Vec<String> {
        self.traps.remembered(site)
    }

    /// The traps a site led into, the largest first.
    pub fn traps(&self, site: &str) -> Vec<Trap> {
        self.traps.of(site)
    }

    /// A request of this host has ended: others that share its pace may have waited for that.
    fn release(&mut self, id: usize) {
        let budget = self.hosts.get(id).and_then(|host| host.budget);
        let Some(budget) = budget.and_then(|budget| self.budgets.get_mut(budget)) else { return };
        budget.in_flight = budget.in_flight.saturating_sub(1);
        for host in budget.hosts.clone() {
            self.schedule(host);
        }
    }

    /// Has a host share the pace of its registrable domain, where its site says so; the gentlest of what is asked holds.
    fn share(&mut self, id: usize, politeness: Politeness, url: &Url, now: Instant) {
        let Some(host) = self.hosts.get_mut(id) else { return };
        if host.budget.is_none() && politeness.share == Share::Domain {
            let Some(domain) = budget::domain(url) else { return };
            let of_domain = |(host, recalled): (&String, &Recalled)| {
                let url = Url::parse(&format!("http://{host}/")).ok()?;
                (budget::domain(&url).as_ref() == Some(&domain)).then_some(recalled.left)
            };
            let budget = self.domains.get(&domain).copied().unwrap_or_else(|| {
                let last = self.recalled.iter().flatten().filter_map(of_domain).max();
                self.budgets.push(Budget::new(last, now));
                self.budgets.len() - 1
            });
            self.domains.insert(domain, budget);
            host.budget = Some(budget);
            if let Some(budget) = self.budgets.get_mut(budget) {
                budget.hosts.push(id);
                // What is under way already counts for all.
                budget.in_flight += host.in_flight;
            }
        }
        if let Some(budget) = host.budget.and_then(|budget| self.budgets.get_mut(budget)) {
            budget.soften(politeness);
        }
    }

    /// Stops the hosts whose windows have shut.
    fn shut(&mut self, now: Instant) {
        while let Some(&Reverse((at, id))) = self.closings.peek() {
            if at > now {
                return;
            }
            self.closings.pop();
            if let Some(host) = self.hosts.get_mut(id) {
                host.stop(Skip::OutsideWindow, now);
            }
            self.schedule(id);
        }
    }

    /// When this host may be asked, as far as is known; `None` where it has no work or no connection is free. A host that
    /// is stopped waits for nobody.
    fn ready(&self, id: usize) -> Option<Instant> {
        let host = self.hosts.get(id).filter(|host| host.can_start())?;
        match host.budget.and_then(|budget| self.budgets.get(budget)).filter(|_| host.stopped.is_none()) {
            Some(budget) => budget.has_room().then_some(host.ready_at.max(budget.ready_at)),
            None => Some(host.ready_at),
        }
    }

    /// Page requests a site has cost so far, retries and redirects included.
    pub fn requests(&self, site: &str) -> u64 {
        self.sites.get(site).map_or(0, |scope| scope.requests)
    }

    /// Requests of a site that are planned and not yet given out.
    pub fn queued(&self, site: &str) -> usize {
        self.sites.get(site).map_or(0, |scope| scope.queued)
    }

    /// The next step at this host, which may be asked now: its robots.txt, a page, or a page that is skipped.
    fn take(&mut self, id: usize, now: Instant) -> Option<Next> {
        let host = self.hosts.get_mut(id)?;
        let request = host.pop()?;
        let scope = self.sites.get_mut(&request.site)?;
        let is_page = request.purpose != Purpose::Robots;
        let asks_robots =
            is_page && host.stopped.is_none() && !self.options.ignore_robots && matches!(host.robots, Robots::Unknown);
        let request = if asks_robots {
            let robots = host.ask_robots(request);
            self.seen.insert(&robots.url);
            robots
        } else {
            scope.queued = scope.queued.saturating_sub(1);
            // Files of articles are no pages: the limit on pages limits them through the articles it lets in.
            let counts = is_page && !request.purpose.is_media();
            let full = counts && self.options.max_pages.is_some_and(|most| scope.requests >= most);
            let why = host.forbids(&request, self.options.ignore_robots).or(full.then_some(Skip::PageLimit));
            // A page limit is the stronger reason: what it leaves is asked for by the next run.
            let why = why.or_else(|| self.traps.refuses(&request).then_some(Skip::Trap));
            if why.is_none() && self.traps.waits(&request) {
                scope.queued += 1;
                host.hold(request);
                return None;
            }
            if let Some(why) = why {
                self.traps.over(&request);
                return Some(Next::Skipped(Box::new(request), why));
            }
            scope.requests += u64::from(counts);
            self.traps.under_way(&request, true);
            request
        };
        host.start((self.options.jitter, &mut self.chance), now);
        if let Some(budget) = host.budget.and_then(|budget| self.budgets.get_mut(budget)) {
            budget.start(host.jitter(), now);
        }
        self.in_flight += 1;
        Some(Next::Fetch(Box::new(request)))
    }

    /// The host of this URL, made where it is new.
    fn host(&mut self, url: &Url, now: Instant) -> usize {
        let authority = address::authority(url);
        if let Some(&id) = self.ids.get(&authority) {
            return id;
        }
        let id = self.hosts.len();
        let recalled = self.recalled.as_ref().and_then(|hosts| hosts.get(&authority).copied());
        let mut host = Host::new(self.recalled.is_some(), recalled, now);
        if host.waited > self.options.max_wait {
            host.stop(Skip::Postponed, now);
        }
        self.hosts.push(host);
        self.ids.insert(authority, id);
        id
    }

    /// Puts a host on the agenda, where it has work and a free connection and does not stand there yet.
    fn schedule(&mut self, id: usize) {
        let Some(at) = self.ready(id) else { return };
        let Some(host) = self.hosts.get_mut(id).filter(|host| !host.on_agenda) else { return };
        host.on_agenda = true;
        self.agenda.push(Reverse((at, host.started, id)));
    }
}

impl Scope {
    /// Whether the URL is on one of the site's hosts, named with or without its port.
    fn holds(&self, url: &Url) -> bool {
        let authority = address::authority(url);
        self.hosts.iter().any(|named| *named == authority || Some(named.as_str()) == url.host_str())
    }
}
