//! What binds a host beyond its own queue: the run before, the other hosts of its domain, its window.

use super::*;

/// A frontier that knows of earlier runs: by host, how many ms before its start they asked last, and what is left of a rest.
fn recalling(options: Options, delay: u64, hosts: &[(&str, u64, u64)]) -> Sim {
    let mut own = site("s", &["a.test", "b.test", "c.test"]);
    own.politeness.delay = Duration::from_millis(delay);
    let mut sim = Sim::new(options, &[own]);
    sim.now = 60_000;
    let recalled = |ago: u64, rest| Recalled {
        left: sim.start + Duration::from_millis(60_000 - ago),
        rest: Duration::from_millis(rest),
    };
    let hosts = hosts.iter().map(|(host, ago, rest)| ((*host).to_owned(), recalled(*ago, *rest))).collect();
    sim.frontier.recall(hosts);
    sim
}

#[test]
fn the_distance_holds_from_one_run_to_the_next() {
    let options = Options { ignore_robots: true, ..Options::default() };
    let mut sim = recalling(options, 3000, &[("a.test", 1000, 0), ("b.test", 5000, 0)]);
    sim.articles(&["http://a.test/1", "http://a.test/2", "http://b.test/1", "http://c.test/1"]);
    let mut starts = sim.drain(0);
    starts.sort();
    let want = [
        (60_000, "http://b.test/1"),
        (60_000, "http://c.test/1"),
        (62_000, "http://a.test/1"),
        (65_000, "http://a.test/2"),
    ];
    assert_eq!(starts, want.map(|(at, url)| (at, url.to_owned())));
    let mut sim = recalling(options, 0, &[("a.test", 0, 0)]);
    sim.articles(&["http://a.test/1"]);
    assert_eq!(sim.drain(0), [(60_000, "http://a.test/1".to_owned())], "a site that is asked without delay is");
}

#[test]
fn a_crawl_delay_kept_from_an_earlier_run_counts_from_its_last_request() {
    for offered_first in [true, false] {
        let mut sim = recalling(Options::default(), 1000, &[("a.test", 4000, 0)]);
        let rules = RobotsRules::new(Vec::new(), Some(Duration::from_secs(10)), Vec::new());
        if offered_first {
            sim.articles(&["http://a.test/1"]);
        }
        let now = sim.time();
        sim.frontier.set_rules(&url("http://a.test/robots.txt"), &rules, now);
        if !offered_first {
            sim.articles(&["http://a.test/1"]);
        }
        assert_eq!((sim.fetch().url.path(), sim.now), ("/1", 66_000), "offered first: {offered_first}");
    }
}

#[test]
fn what_a_host_asked_for_holds_from_one_run_to_the_next() {
    let options = Options { ignore_robots: true, max_wait: Duration::from_mins(1), ..Options::default() };
    let mut sim = recalling(options, 1000, &[("a.test", 5000, 30_000), ("b.test", 5000, 90_000)]);
    sim.articles(&["http://a.test/1", "http://b.test/1"]);
    assert!(matches!(sim.next(), Next::Skipped(r, Skip::Postponed) if r.url.host_str() == Some("b.test")));
    let first = sim.fetch();
    assert_eq!((first.url.as_str(), sim.now), ("http://a.test/1", 90_000));
    assert_eq!(sim.end(&first, asked(31)), Verdict::Final, "together that is longer than a run waits");
}

/// A site on three hosts of one domain and one of another, all of which share their domain's pace.
fn sharing() -> Site {
    let mut site = site("s", &["a.yunling.test", "b.yunling.test", "c.yunling.test", "a.donghu.test"]);
    site.politeness.share = Share::Domain;
    site
}

#[test]
fn hosts_of_one_domain_share_its_pace_in_turn_and_leave_others_theirs() {
    let mut sim = Sim::new(Options { ignore_robots: true, ..Options::default() }, &[sharing()]);
    sim.articles(&[
        "http://a.yunling.test/1",
        "http://a.yunling.test/2",
        "http://b.yunling.test:8080/1",
        "http://a.donghu.test/1",
        "http://b.yunling.test:8080/2",
    ]);
    let mut starts = sim.drain(0);
    starts.sort();
    let want = [
        (0, "http://a.donghu.test/1"),
        (0, "http://a.yunling.test/1"),
        (1000, "http://b.yunling.test:8080/1"),
        (2000, "http://a.yunling.test/2"),
        (3000, "http://b.yunling.test:8080/2"),
    ];
    assert_eq!(starts, want.map(|(at, url)| (at, url.to_owned())));
}

#[test]
fn a_shared_pace_is_one_request_at_a_time_too() {
    let mut sim = Sim::new(Options { ignore_robots: true, ..Options::default() }, &[sharing()]);
    sim.articles(&["http://a.yunling.test/1", "http://b.yunling.test/1"]);
    let first = sim.fetch();
    sim.now = 5000;
    assert_eq!(sim.next(), Next::Busy);
    sim.end(&first, Ending::Answered);
    assert_eq!((sim.fetch().url.as_str(), sim.now), ("http://b.yunling.test/1", 5000));
}

#[test]
fn a_pause_of_one_host_is_not_that_of_its_whole_domain() {
    let mut sim = Sim::new(Options { ignore_robots: true, ..Options::default() }, &[sharing()]);
    sim.articles(&["http://a.yunling.test/1", "http://b.yunling.test/1", "http://b.yunling.test/2"]);
    let first = sim.fetch();
    sim.end(&first, asked(30));
    let starts = sim.drain(0);
    let at = |url: &str| starts.iter().find(|(_, asked)| asked == url).unwrap().0;
    assert_eq!((at("http://b.yunling.test/1"), at("http://b.yunling.test/2")), (1000, 2000));
    assert_eq!(at("http://a.yunling.test/1"), 30_000);
}

#[test]
fn a_shared_pace_holds_from_one_run_to_the_next() {
    let mut sim = Sim::new(Options { ignore_robots: true, ..Options::default() }, &[sharing()]);
    sim.now = 9000;
    let left = sim.start + Duration::from_millis(8600);
    let asked = HashMap::from([("b.yunling.test".to_owned(), Recalled { left, rest: Duration::ZERO })]);
    sim.frontier.recall(asked);
    sim.articles(&["http://a.yunling.test/1"]);
    sim.fetch();
    assert_eq!(sim.now, 9600);
}

#[test]
fn when_its_window_shuts_nothing_more_is_asked_of_a_host() {
    let mut sim = Sim::new(Options { ignore_robots: true, ..Options::default() }, &[]);
    let shuts = sim.start + Duration::from_millis(1500);
    sim.frontier.add_site(&site("s", &["a.test"]), Some(shuts));
    sim.frontier.add_site(&site("t", &["a.test", "b.test"]), None);
    sim.articles(&["http://a.test/1", "http://a.test/2", "http://a.test/3"]);
    let now = sim.time();
    for url in ["http://a.test/4", "http://b.test/1"] {
        sim.frontier.offer(FetchRequest { site: "t".to_owned(), ..request(url, Purpose::Article) }, now);
    }
    let (mut asked, mut left) = (Vec::new(), Vec::new());
    loop {
        match sim.next() {
            Next::Fetch(request) => {
                asked.push((sim.now, request.url.to_string()));
                sim.end(&request, Ending::Answered);
            }
            Next::Skipped(request, why) => left.push((sim.now, request.url.path().to_owned(), why)),
            Next::WaitUntil(_) | Next::Busy | Next::Done => break,
        }
    }
    asked.sort();
    let want = [(0, "http://a.test/1"), (0, "http://b.test/1"), (1000, "http://a.test/2")];
    assert_eq!(asked, want.map(|(at, url)| (at, url.to_owned())));
    let want = ["/3", "/4"].map(|path| (1500, path.to_owned(), Skip::OutsideWindow));
    assert_eq!(left, want, "at once, and whichever site it was for");
}
