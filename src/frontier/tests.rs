//! The frontier by plain arithmetic: time is a number that the test adds to.

mod beyond;

use super::*;
use crate::domain::robots::Rule;

/// A frontier, and the time in milliseconds.
struct Sim {
    frontier: Frontier,
    start: Instant,
    now: u64,
    /// What is to be added to it.
    beyond: Duration,
}

#[expect(clippy::disallowed_methods, reason = "an Instant has no other beginning; only differences count")]
fn some_instant() -> Instant {
    Instant::now()
}

impl Sim {
    /// Without jitter: times are exact.
    fn new(options: Options, sites: &[Site]) -> Self {
        Self::with_jitter(Options { jitter: 0, backoff_jitter: 0, ..options }, sites)
    }

    fn with_jitter(options: Options, sites: &[Site]) -> Self {
        let mut frontier = Frontier::new(options);
        for site in sites {
            frontier.add_site(site, None);
        }
        Self { frontier, start: some_instant(), now: 0, beyond: Duration::ZERO }
    }

    /// One site on `a.test` and `b.test`, robots ignored.
    fn plain() -> Self {
        Self::new(Options { ignore_robots: true, ..Options::default() }, &[site("s", &["a.test", "b.test"])])
    }

    fn time(&self) -> Instant {
        self.start + Duration::from_millis(self.now) + self.beyond
    }

    fn offer(&mut self, url: &str, purpose: Purpose) -> Offer {
        let now = self.time();
        self.frontier.offer(request(url, purpose), now)
    }

    fn articles(&mut self, urls: &[&str]) {
        for url in urls {
            assert_eq!(self.offer(url, Purpose::Article), Offer::Planned, "{url}");
        }
    }

    /// The next request, waiting for it where the frontier says so.
    fn fetch(&mut self) -> FetchRequest {
        match self.next() {
            Next::Fetch(request) => *request,
            other @ (Next::Skipped(..) | Next::WaitUntil(_) | Next::Busy | Next::Done) => {
                panic!("a request was due at {}, not {other:?}", self.now)
            }
        }
    }

    fn next(&mut self) -> Next {
        loop {
            match self.frontier.next(self.time()) {
                Next::WaitUntil(at) => self.now = u64::try_from((at - self.start).as_millis()).unwrap(),
                other @ (Next::Fetch(_) | Next::Skipped(..) | Next::Busy | Next::Done) => return other,
            }
        }
    }

    /// The same to the nanosecond.
    fn next_exactly(&mut self) -> Next {
        loop {
            match self.frontier.next(self.time()) {
                Next::WaitUntil(at) => self.beyond += at - self.time(),
                other @ (Next::Fetch(_) | Next::Skipped(..) | Next::Busy | Next::Done) => return other,
            }
        }
    }

    /// An answer that took so many ms has just come.
    fn answer_after(&mut self, request: &FetchRequest, took: u64) {
        let now = self.time();
        self.frontier.took(request, Duration::from_millis(took), now);
        self.frontier.complete(request, Ending::Answered, now);
    }

    fn end(&mut self, request: &FetchRequest, ending: Ending) -> Verdict {
        let now = self.time();
        self.frontier.complete(request, ending, now)
    }

    /// Fetches until nothing is left, every answer taking `took` ms: (ms of start, url).
    fn drain(&mut self, took: u64) -> Vec<(u64, String)> {
        let mut starts = Vec::new();
        loop {
            match self.next() {
                Next::Fetch(request) => {
                    starts.push((self.now, request.url.to_string()));
                    self.now += took;
                    self.end(&request, Ending::Answered);
                }
                Next::Skipped(..) => {}
                Next::WaitUntil(_) | Next::Busy | Next::Done => return starts,
            }
        }
    }
}

fn site(id: &str, hosts: &[&str]) -> Site {
    Site {
        id: id.to_owned(),
        name: None,
        seeds: Vec::new(),
        hosts: hosts.iter().map(|h| (*h).to_owned()).collect(),
        family: None,
        politeness: Politeness::default(),
        media: true,
        recheck: crate::domain::recheck::Recheck::default(),
        window: None,
    }
}

fn request(url: &str, purpose: Purpose) -> FetchRequest {
    FetchRequest {
        url: Url::parse(url).unwrap(),
        site: "s".to_owned(),
        purpose,
        via: None,
        hops: 0,
        attempt: 0,
        walk: None,
        item: None,
        prior: None,
    }
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

const STRAINED: Ending = Ending::Strained { wait: None };

fn asked(seconds: u64) -> Ending {
    Ending::Strained { wait: Some(Duration::from_secs(seconds)) }
}

#[test]
fn a_place_is_planned_once() {
    let mut sim = Sim::plain();
    assert_eq!(sim.offer("http://a.test/1", Purpose::Article), Offer::Planned);
    assert_eq!(sim.offer("http://a.test:80/1#x", Purpose::Article), Offer::Known);
    sim.frontier.note(&url("http://a.test/2"));
    assert_eq!(sim.offer("http://a.test/2", Purpose::Listing), Offer::Known);
    assert_eq!(sim.frontier.queued("s"), 1);
    assert_eq!(sim.drain(0).len(), 1);
    assert_eq!((sim.frontier.queued("s"), sim.frontier.requests("s")), (0, 1));
}

#[test]
fn only_the_sites_hosts_are_asked() {
    let mut sim = Sim::new(Options::default(), &[site("s", &["a.test", "127.0.0.1:81"])]);
    for (url, want) in [
        ("http://a.test/1", Offer::Planned),
        ("https://a.test:8443/1", Offer::Planned),
        ("http://www.a.test/1", Offer::Refused(Skip::OtherHost)),
        ("http://127.0.0.1:81/1", Offer::Planned),
        ("http://127.0.0.1:82/1", Offer::Refused(Skip::OtherHost)),
    ] {
        assert_eq!(sim.offer(url, Purpose::Article), want, "{url}");
    }
    let stranger = FetchRequest { site: "other".to_owned(), ..request("http://a.test/9", Purpose::Article) };
    let now = sim.time();
    assert_eq!(sim.frontier.offer(stranger, now), Offer::Refused(Skip::OtherHost));
}

#[test]
fn starts_at_one_host_keep_their_distance_and_hosts_do_not_wait_for_each_other() {
    let mut sim = Sim::plain();
    sim.articles(&["http://a.test/1", "http://a.test/2", "http://b.test/1", "http://a.test/3"]);
    let starts = sim.drain(10);
    let at = |host: &str| starts.iter().filter(|(_, url)| url.contains(host)).map(|(at, _)| *at).collect::<Vec<_>>();
    assert_eq!(at("a.test"), [0, 1000, 2000]);
    assert!(at("b.test")[0] < 1000);
}

#[test]
fn a_slow_answer_holds_its_host_and_only_its_host() {
    let mut sim = Sim::plain();
    sim.articles(&["http://a.test/1", "http://a.test/2", "http://b.test/1"]);
    let (first, other) = (sim.fetch(), sim.fetch());
    assert_eq!((first.url.as_str(), other.url.as_str()), ("http://a.test/1", "http://b.test/1"));
    sim.now = 5000;
    assert_eq!(sim.next(), Next::Busy, "one at a time per host");
    sim.end(&first, Ending::Answered);
    assert_eq!(sim.fetch().url.as_str(), "http://a.test/2");
    assert_eq!(sim.now, 5000, "the delay counts from start to start");
}

#[test]
fn the_distance_counts_from_when_a_request_really_left() {
    let mut sim = Sim::plain();
    sim.articles(&["http://a.test/1", "http://a.test/2"]);
    let first = sim.fetch();
    sim.now = 500;
    let left = sim.start + Duration::from_millis(300);
    sim.frontier.sent(&first, left);
    sim.end(&first, Ending::Answered);
    sim.fetch();
    assert_eq!(sim.now, 1300);
}

#[test]
fn jitter_adds_to_the_delay_and_never_cuts_it() {
    let options = Options { ignore_robots: true, jitter: 100, ..Options::default() };
    let starts = |seed| {
        let mut sim = Sim::with_jitter(Options { seed, ..options }, &[site("s", &["a.test"])]);
        let pages: Vec<String> = (0..200).map(|n| format!("http://a.test/{n}")).collect();
        sim.articles(&pages.iter().map(String::as_str).collect::<Vec<_>>());
        let mut starts = vec![];
        while let Next::Fetch(request) = sim.next_exactly() {
            starts.push(sim.time());
            sim.end(&request, Ending::Answered);
        }
        starts.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<_>>()
    };
    let gaps = starts(1);
    assert_eq!(gaps.len(), 199);
    let (least, most) = (*gaps.iter().min().unwrap(), *gaps.iter().max().unwrap());
    assert!(least >= Duration::from_secs(1) && least < Duration::from_millis(1010), "{least:?}");
    assert!(most > Duration::from_millis(1090) && most < Duration::from_millis(1100), "{most:?}");
    assert_eq!(gaps, starts(1));
    assert_ne!(gaps, starts(2));
}

#[test]
fn pauses_after_failures_have_jitter_and_those_a_host_asked_for_have_none() {
    let options = Options { ignore_robots: true, ..Options::default() };
    let pause = |seed, ending| {
        let mut sim = Sim::with_jitter(Options { seed, jitter: 0, ..options }, &[site("s", &["a.test"])]);
        sim.articles(&["http://a.test/1"]);
        let first = sim.fetch();
        sim.end(&first, ending);
        sim.next_exactly();
        sim.time() - sim.start
    };
    let pauses: Vec<Duration> = (0..50).map(|seed| pause(seed, STRAINED)).collect();
    assert!(pauses.iter().all(|pause| (1000..1500).contains(&pause.as_millis())), "{pauses:?}");
    assert!(pauses.iter().any(|pause| pause.as_millis() > 1300), "{pauses:?}");
    assert!((0..50).all(|seed| pause(seed, asked(5)) == Duration::from_secs(5)));
}

#[test]
fn a_host_that_is_slow_rests_and_a_quick_one_does_not() {
    let mut sim = Sim::plain();
    sim.articles(&["http://a.test/1", "http://a.test/2", "http://a.test/3", "http://b.test/1", "http://b.test/2"]);
    let (slow, quick) = (sim.fetch(), sim.fetch());
    sim.now = 400;
    sim.answer_after(&quick, 400);
    assert_eq!((sim.fetch().url.as_str(), sim.now), ("http://b.test/2", 1000));
    sim.now = 4000;
    sim.answer_after(&slow, 4000);
    let second = sim.fetch();
    assert_eq!((second.url.as_str(), sim.now), ("http://a.test/2", 8000), "it rests as long as it took");
    sim.now = 8100;
    sim.answer_after(&second, 100);
    assert_eq!((sim.fetch().url.as_str(), sim.now), ("http://a.test/3", 10_150), "one quick answer halves the rest");
}

#[test]
fn more_at_once_per_host_still_keeps_the_distance() {
    let mut wide = site("s", &["a.test"]);
    wide.politeness = Politeness { delay: Duration::from_millis(100), per_host: 2, ..Politeness::default() };
    let mut sim = Sim::new(Options { ignore_robots: true, ..Options::default() }, &[wide]);
    sim.articles(&["http://a.test/1", "http://a.test/2", "http://a.test/3"]);
    sim.fetch();
    let second = sim.fetch();
    assert_eq!(sim.now, 100);
    assert_eq!(sim.next(), Next::Busy);
    sim.end(&second, Ending::Answered);
    sim.fetch();
    assert_eq!(sim.now, 200);
}

#[test]
fn two_sites_on_one_host_get_the_gentler_manners() {
    let (mut quick, mut slow) = (site("s", &["a.test"]), site("t", &["a.test"]));
    quick.politeness = Politeness { delay: Duration::ZERO, per_host: 9, ..Politeness::default() };
    slow.politeness = Politeness { delay: Duration::from_secs(3), per_host: 1, ..Politeness::default() };
    let mut sim = Sim::new(Options { ignore_robots: true, ..Options::default() }, &[quick, slow]);
    sim.articles(&["http://a.test/1", "http://a.test/2"]);
    let now = sim.time();
    let theirs = FetchRequest { site: "t".to_owned(), ..request("http://a.test/3", Purpose::Article) };
    sim.frontier.offer(theirs, now);
    assert_eq!(sim.drain(0).iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0, 3000, 6000]);
}

#[test]
fn the_run_as_a_whole_is_limited() {
    let options = Options { ignore_robots: true, concurrency: 1, ..Options::default() };
    let mut sim = Sim::new(options, &[site("s", &["a.test", "b.test"])]);
    sim.articles(&["http://a.test/1", "http://b.test/1"]);
    let first = sim.fetch();
    assert_eq!(sim.next(), Next::Busy);
    sim.end(&first, Ending::Answered);
    sim.fetch();
}

#[test]
fn articles_come_before_listings_and_those_before_seeds() {
    let mut sim = Sim::plain();
    sim.offer("http://a.test/seed", Purpose::Seed);
    sim.offer("http://a.test/list2", Purpose::Listing);
    sim.articles(&["http://a.test/1", "http://a.test/2"]);
    let order: Vec<_> = sim.drain(0).into_iter().map(|(_, url)| url).collect();
    assert_eq!(order, ["http://a.test/1", "http://a.test/2", "http://a.test/list2", "http://a.test/seed"]);
}

#[test]
fn robots_come_first_and_are_obeyed() {
    let mut sim = Sim::new(Options::default(), &[site("s", &["a.test"])]);
    sim.articles(&["http://a.test/open", "http://a.test/shut", "http://a.test/open2"]);
    assert!(sim.frontier.lacks_rules(&url("http://a.test/open")));
    let robots = sim.fetch();
    assert_eq!((robots.url.as_str(), robots.purpose), ("http://a.test/robots.txt", Purpose::Robots));
    assert_eq!(sim.frontier.requests("s"), 0, "robots.txt is no page");
    sim.end(&robots, Ending::Answered);
    sim.now = 9000;
    assert_eq!(sim.frontier.next(sim.time()), Next::Done, "no page before the rules are handed in");
    let rules = RobotsRules::new(vec![Rule::new(false, b"/shut")], Some(Duration::from_secs(5)), Vec::new());
    let now = sim.time();
    sim.frontier.set_rules(&robots.url, &rules, now);
    assert!(!sim.frontier.lacks_rules(&url("http://a.test/open")));
    let first = sim.fetch();
    assert_eq!(first.url.path(), "/open");
    sim.end(&first, Ending::Answered);
    assert!(matches!(sim.next(), Next::Skipped(r, Skip::Robots) if r.url.path() == "/shut"));
    assert_eq!((sim.fetch().url.path(), sim.now), ("/open2", 14_000));
}

#[test]
fn the_crawl_delay_counts_from_robots_on_and_can_be_ignored() {
    for (ignore_crawl_delay, second) in [(false, 4000), (true, 1000)] {
        let options = Options { ignore_crawl_delay, ..Options::default() };
        let mut sim = Sim::new(options, &[site("s", &["a.test"])]);
        sim.articles(&["http://a.test/1"]);
        let robots = sim.fetch();
        sim.end(&robots, Ending::Answered);
        let (now, delay) = (sim.time(), Some(Duration::from_secs(4)));
        sim.frontier.set_rules(&robots.url, &RobotsRules::new(Vec::new(), delay, Vec::new()), now);
        assert_eq!((sim.fetch().url.path(), sim.now), ("/1", second), "ignored: {ignore_crawl_delay}");
    }
}

#[test]
fn kept_rules_do_not_slow_down_a_site_that_asks_for_no_delay() {
    let mut hasty = site("s", &["a.test"]);
    hasty.politeness.delay = Duration::ZERO;
    let mut sim = Sim::new(Options::default(), &[hasty]);
    let now = sim.time();
    sim.frontier.set_rules(&url("http://a.test/robots.txt"), &RobotsRules::allow_all(), now);
    sim.articles(&["http://a.test/1"]);
    sim.fetch();
    assert_eq!(sim.now, 0);
}

#[test]
fn kept_rules_save_the_request_but_not_the_distance() {
    let mut sim = Sim::new(Options::default(), &[site("s", &["a.test"])]);
    sim.articles(&["http://a.test/1"]);
    let now = sim.time();
    sim.frontier.set_rules(&url("http://a.test/robots.txt"), &RobotsRules::allow_all(), now);
    assert_eq!((sim.fetch().url.path(), sim.now), ("/1", 1000));
}

#[test]
fn rules_behind_a_redirect_belong_to_the_first_authority() {
    let mut sim = Sim::new(Options::default(), &[site("s", &["a.test"])]);
    sim.articles(&["http://a.test/1"]);
    let robots = sim.fetch();
    sim.end(&robots, Ending::Answered);
    let now = sim.time();
    assert_eq!(sim.frontier.redirect(&robots, &url("http://elsewhere.test/r.txt"), None, now), Offer::Planned);
    let hop = sim.fetch();
    assert_eq!((hop.url.as_str(), hop.via.as_ref(), hop.hops), ("http://elsewhere.test/r.txt", Some(&robots.url), 1));
    sim.end(&hop, Ending::Answered);
    let now = sim.time();
    sim.frontier.set_rules(&hop.url, &RobotsRules::disallow_all(), now);
    assert!(matches!(sim.next(), Next::Skipped(_, Skip::Robots)));
}

#[test]
fn a_robots_loop_counts_as_no_file() {
    let mut sim = Sim::new(Options::default(), &[site("s", &["a.test"])]);
    sim.articles(&["http://a.test/1"]);
    let robots = sim.fetch();
    sim.end(&robots, Ending::Answered);
    let now = sim.time();
    assert_eq!(sim.frontier.redirect(&robots, &robots.url, None, now), Offer::Known);
    assert_eq!(sim.fetch().url.path(), "/1");
}

#[test]
fn robots_that_cannot_be_had_close_the_host_and_no_other() {
    let mut sim = Sim::new(Options::default(), &[site("s", &["a.test", "b.test"])]);
    sim.articles(&["http://a.test/1", "http://a.test/2"]);
    let robots = sim.fetch();
    assert_eq!(sim.end(&robots, STRAINED), Verdict::Retrying);
    let again = sim.fetch();
    assert_eq!((again.attempt, again.purpose, sim.now), (1, Purpose::Robots, 1000));
    assert_eq!(sim.end(&again, STRAINED), Verdict::Retrying);
    let last = sim.fetch();
    assert_eq!((last.attempt, sim.now), (2, 3000), "the second pause is longer");
    assert_eq!(sim.end(&last, STRAINED), Verdict::Final);
    let now = sim.time();
    sim.frontier.give_up(&last.url, now);
    for page in ["/1", "/2"] {
        assert!(matches!(sim.next(), Next::Skipped(r, Skip::HostStopped) if r.url.path() == page));
    }
    assert_eq!(sim.next(), Next::Done);
    sim.articles(&["http://b.test/1"]);
    assert_eq!(sim.fetch().url.as_str(), "http://b.test/robots.txt");
}

#[test]
fn a_failed_page_is_tried_after_the_others_and_three_times_in_all() {
    let mut sim = Sim::plain();
    sim.articles(&["http://a.test/bad", "http://a.test/good"]);
    let mut tried = Vec::new();
    while let Next::Fetch(request) = sim.next() {
        let bad = request.url.path() == "/bad";
        tried.push((request.url.path().to_owned(), request.attempt));
        sim.end(&request, if bad { STRAINED } else { Ending::Answered });
    }
    let want = [("/bad", 0), ("/good", 0), ("/bad", 1), ("/bad", 2)];
    assert_eq!(tried, want.map(|(path, attempt)| (path.to_owned(), attempt)));
}

#[test]
fn a_hopeless_failure_is_not_tried_again() {
    let mut sim = Sim::plain();
    sim.articles(&["http://a.test/1"]);
    let request = sim.fetch();
    assert_eq!(sim.end(&request, Ending::Hopeless), Verdict::Final);
    assert_eq!(sim.next(), Next::Done);
}

#[test]
fn retry_after_pauses_the_whole_host() {
    let mut sim = Sim::plain();
    sim.articles(&["http://a.test/1", "http://a.test/2", "http://b.test/1"]);
    let first = sim.fetch();
    sim.end(&first, asked(30));
    assert_eq!((sim.fetch().url.as_str(), sim.now), ("http://b.test/1", 0));
    assert_eq!((sim.fetch().url.as_str(), sim.now), ("http://a.test/2", 30_000));
}

#[test]
fn a_host_that_asks_for_too_long_is_left_for_the_next_run() {
    let mut sim = Sim::plain();
    sim.articles(&["http://a.test/1", "http://a.test/2"]);
    let first = sim.fetch();
    assert_eq!(sim.end(&first, asked(3600)), Verdict::Retrying);
    let second = sim.fetch();
    assert_eq!(sim.now, 3_600_000, "an hour is waited once");
    assert_eq!(sim.end(&second, asked(3600)), Verdict::Final, "but not twice");
    assert!(matches!(sim.next(), Next::Skipped(_, Skip::Postponed)));
    assert_eq!(sim.now, 3_600_000, "what is left is reported at once");
}

#[test]
fn failures_in_a_row_stop_a_host_and_a_success_starts_the_count_anew() {
    let options = Options { ignore_robots: true, failures_to_stop: 3, attempts: 1, ..Options::default() };
    let mut sim = Sim::new(options, &[site("s", &["a.test", "b.test"])]);
    let pages: Vec<String> = (0..8).map(|n| format!("http://a.test/{n}")).collect();
    sim.articles(&pages.iter().map(String::as_str).collect::<Vec<_>>());
    sim.articles(&["http://b.test/1"]);
    let (mut asked, mut left) = (Vec::new(), Vec::new());
    loop {
        match sim.next() {
            Next::Fetch(request) => {
                let well = request.url.path() == "/2" || request.url.host_str() == Some("b.test");
                sim.end(&request, if well { Ending::Answered } else { STRAINED });
                asked.push(request.url);
            }
            Next::Skipped(request, why) => left.push((request.url.path().to_owned(), why)),
            Next::WaitUntil(_) | Next::Busy | Next::Done => break,
        }
    }
    assert_eq!(asked.iter().filter(|u| u.host_str() == Some("a.test")).count(), 6, "two, a success, then three");
    assert!(asked.contains(&url("http://b.test/1")));
    assert_eq!(left, [("/6".to_owned(), Skip::HostStopped), ("/7".to_owned(), Skip::HostStopped)]);
}

#[test]
fn redirects_are_followed_ten_times_and_stay_on_the_site() {
    let mut sim = Sim::plain();
    let mut request = request("http://a.test/0", Purpose::Article);
    let now = sim.time();
    for hop in 1..=11 {
        let target = url(&format!("http://a.test/{hop}"));
        let want = if hop <= 10 { Offer::Planned } else { Offer::Refused(Skip::Hops) };
        assert_eq!(sim.frontier.redirect(&request, &target, None, now), want, "hop {hop}");
        request = FetchRequest { url: target, hops: hop, ..request };
    }
    let away = url("http://elsewhere.test/");
    request.hops = 0;
    assert_eq!(sim.frontier.redirect(&request, &away, None, now), Offer::Refused(Skip::OtherHost));
    assert_eq!(sim.frontier.redirect(&request, &url("http://a.test/3"), None, now), Offer::Known, "a loop ends");
}

#[test]
fn the_page_limit_counts_requests_of_one_site() {
    let options = Options { ignore_robots: true, max_pages: Some(2), ..Options::default() };
    let mut sim = Sim::new(options, &[site("s", &["a.test"]), site("t", &["b.test"])]);
    sim.articles(&["http://a.test/1", "http://a.test/2", "http://a.test/3"]);
    let now = sim.time();
    let theirs = FetchRequest { site: "t".to_owned(), ..request("http://b.test/1", Purpose::Article) };
    sim.frontier.offer(theirs, now);
    assert_eq!(sim.drain(0).len(), 3);
    assert_eq!((sim.frontier.requests("s"), sim.frontier.requests("t")), (2, 1));
}
