//! What a server sees of our manners, over real sockets with short times. Only lower bounds are asserted: a busy machine
//! may be slower, never faster.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use shiguan::domain::request::{FetchRequest, Purpose};
use shiguan::domain::site::Share;
use shiguan::domain::time::CaptureTime;
use shiguan::domain::window::{Pane, Window};
use shiguan::fetch::guard::Lookup;
use shiguan::fetch::{self, Fetch as _, HttpFetch};

use crate::crawl::bench::{Bench, site, wait};
use crate::crawl::college::{College, HOST};
use crate::support::response::Response;
use crate::support::server::Server;

/// What arrival may differ from departure on a busy machine.
const JITTER: Duration = Duration::from_millis(20);

fn with_delay(server: &Server, delay: Duration) -> Bench {
    let mut bench = Bench::new(server);
    bench.sites[0].politeness.delay = delay;
    bench
}

/// Times between one arrival and the next.
fn gaps(server: &Server) -> Vec<Duration> {
    server.hits().windows(2).map(|pair| pair[1].at - pair[0].at).collect()
}

#[test]
fn requests_to_one_host_keep_their_distance_robots_included() {
    let (_college, server) = College::with(20).serve();
    let delay = Duration::from_millis(150);
    with_delay(&server, delay).dry_run();
    let gaps = gaps(&server);
    assert_eq!(gaps.len(), 4, "robots and four listing pages");
    assert!(gaps.iter().all(|gap| *gap + JITTER >= delay), "{gaps:?}");
}

#[test]
fn a_slow_host_is_asked_one_thing_at_a_time() {
    let college = College::with(20);
    let busy = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let (inside, peak) = (Arc::clone(&busy), Arc::clone(&most));
    let server = Server::start(move |request| {
        peak.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        thread::sleep(Duration::from_millis(15));
        inside.fetch_sub(1, Ordering::SeqCst);
        college.respond(request)
    });
    let mut bench = Bench::new(&server);
    bench.sites[0].seeds.push(super::crawl::bench::url("/xwzx/1.htm"));
    bench.dry_run();
    assert_eq!(most.load(Ordering::SeqCst), 1);
}

/// A name that takes its time to be looked up.
#[derive(Debug)]
struct SlowName(Duration);

impl Lookup for SlowName {
    fn lookup(&self, _name: String) -> Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>> {
        let time = self.0;
        Box::pin(async move {
            tokio::time::sleep(time).await;
            Ok(vec![SocketAddr::from(([127, 0, 0, 1], 0))])
        })
    }
}

#[test]
fn a_request_leaves_when_it_is_written_and_not_when_it_is_begun() {
    let server = Server::start(|_| Response::html("<p>主题教育</p>"));
    let place = server.url("/1.htm").as_str().replace("127.0.0.1", "slow.yunling.test");
    let slow = Duration::from_millis(1500);
    let options = fetch::Options { allow: vec!["127.0.0.0/8".parse().unwrap()], ..fetch::Options::default() };
    let client = HttpFetch::with_lookup(options, Arc::new(SlowName(slow))).unwrap();
    let request = FetchRequest {
        url: place.parse().unwrap(),
        site: "yunling".to_owned(),
        purpose: Purpose::Article,
        via: None,
        hops: 0,
        attempt: 0,
        walk: None,
        item: None,
        prior: None,
    };
    let begun = server_time();
    let capture = wait(client.fetch(&request)).unwrap();
    assert!(server_time() - begun >= slow, "the name was looked up");
    assert!(Duration::from_millis(capture.elapsed_ms) < slow, "{} ms", capture.elapsed_ms);
    assert!(capture.head_ms <= capture.elapsed_ms);
}

#[expect(clippy::disallowed_methods, reason = "what the server saw is real time")]
fn server_time() -> Instant {
    Instant::now()
}

#[test]
fn a_host_that_is_slow_to_answer_rests_as_long() {
    let college = College::with(12);
    let slow = Duration::from_millis(1100);
    let server = Server::start(move |request| {
        if request.path() == "/robots.txt" {
            thread::sleep(slow);
        }
        college.respond(request)
    });
    Bench::new(&server).dry_run();
    let gaps = gaps(&server);
    assert_eq!(gaps.len(), 3, "robots and three listing pages");
    assert!(gaps[0] + JITTER >= 2 * slow, "{gaps:?}");
}

#[test]
fn the_distance_holds_from_one_run_to_the_next() {
    let (_college, server) = College::with(3).serve();
    let delay = Duration::from_millis(300);
    let bench = with_delay(&server, delay);
    for _ in 0..3 {
        bench.run();
    }
    let gaps = gaps(&server);
    assert!(gaps.len() >= 6, "robots, a listing, three articles, and the listing twice more");
    assert_eq!(server.count("/robots.txt"), 1, "its rules are kept for a day (RFC 9309 2.4)");
    assert!(gaps.iter().all(|gap| *gap + JITTER >= delay), "{gaps:?}");
}

#[test]
fn what_a_host_asked_for_holds_from_one_run_to_the_next() {
    let college = College::with(3);
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |request| {
        if request.path() == "/xwzx.htm" && asked.fetch_add(1, Ordering::SeqCst) == 0 {
            return Response::status(429).header("Retry-After", "2");
        }
        college.respond(request)
    });
    let mut bench = Bench::new(&server);
    bench.options.max_time = Some(Duration::from_millis(500));
    bench.run();
    let before = server.hits().len();
    bench.options.max_time = None;
    bench.run();
    let hits = server.hits();
    assert_eq!(before, 2, "robots.txt, and the page that was refused");
    let gap = hits[2].at - hits[1].at;
    assert!(gap + JITTER >= Duration::from_secs(2), "{gap:?}");
}

#[test]
fn hosts_of_one_domain_share_its_pace_where_their_sites_say_so() {
    let (_college, server) = College::with(3).serve();
    let mut bench = with_delay(&server, Duration::from_millis(150));
    bench.sites[0].politeness.share = Share::Domain;
    let mut other = site("other", &[]);
    other.politeness = bench.sites[0].politeness;
    other.seeds = vec!["http://marx.yunling.test/xwzx.htm".parse().unwrap()];
    other.hosts = vec!["marx.yunling.test".to_owned()];
    bench.sites.push(other);
    bench.host("marx.yunling.test", &server);
    bench.dry_run();
    let gaps = gaps(&server);
    assert_eq!(gaps.len(), 3, "robots.txt and a listing of each");
    assert!(gaps.iter().all(|gap| *gap + JITTER >= Duration::from_millis(150)), "{gaps:?}");
}

#[test]
fn a_walk_its_window_cuts_off_is_taken_up_within_the_next() {
    let (_college, server) = College::with(12).serve();
    let mut bench = with_delay(&server, Duration::from_millis(300));
    bench.options.max_time = Some(Duration::from_millis(1500));
    bench.run();
    bench.options.max_time = None;
    let asked = server.hits().len();
    // Whatever the time is, one of these is shut.
    let windows = ["00:00-12:00", "12:00-00:00"].map(|window| Window::parse(window).unwrap());
    #[expect(clippy::disallowed_methods, reason = "the conductor reads the same clock")]
    let now = CaptureTime::from_system(SystemTime::now());
    bench.sites[0].window = windows.into_iter().find(|window| matches!(window.at(now), Pane::Shut(_)));
    let summary = bench.run();
    assert_eq!((server.hits().len(), summary.exit), (asked, 0), "nothing was asked, and nothing is wrong");
    assert!(summary.sites[0].postponed.is_some() && summary.sites[0].left_over > 0);
    bench.sites[0].window = None;
    bench.sites[0].politeness.delay = Duration::ZERO;
    bench.run();
    assert_eq!(bench.titles().len(), 12);
    assert_eq!(server.count("/xwzx.htm"), 1, "the walk was taken up, not begun anew");
}

#[test]
fn the_crawl_delay_of_robots_is_kept_unless_ignored() {
    for (ignore, least) in [(false, 200), (true, 0)] {
        let robots = Some("User-agent: *\nCrawl-delay: 0.2\n".to_owned());
        let (_college, server) = College { robots, ..College::with(10) }.serve();
        let mut bench = Bench::new(&server);
        bench.options.frontier.ignore_crawl_delay = ignore;
        bench.dry_run();
        let gaps = gaps(&server);
        assert_eq!(gaps.len(), 2);
        assert!(gaps.iter().all(|gap| *gap + JITTER >= Duration::from_millis(least)), "{gaps:?}");
    }
}

#[test]
fn forbidden_pages_are_not_asked_for_unless_told_to() {
    for (ignore, asked) in [(false, 0), (true, 1)] {
        let robots = Some("User-agent: shiguan\nDisallow: /xwzx/\n".to_owned());
        let (_college, server) = College { robots, ..College::with(10) }.serve();
        let mut bench = Bench::new(&server);
        bench.options.frontier.ignore_robots = ignore;
        let (summary, _) = bench.dry_run();
        assert_eq!(server.count("/xwzx/1.htm"), asked, "ignored: {ignore}");
        assert_eq!(summary.sites[0].failed.is_some(), !ignore, "a listing that may not be read is a failure");
    }
}

#[test]
fn retry_after_is_waited_for() {
    let college = College::with(3);
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |request| {
        if request.path() == "/xwzx.htm" && asked.fetch_add(1, Ordering::SeqCst) == 0 {
            return Response::status(503).header("Retry-After", "1");
        }
        college.respond(request)
    });
    let (summary, named) = Bench::new(&server).dry_run();
    assert_eq!((named.len(), summary.exit), (3, 0));
    let gap = *gaps(&server).last().unwrap();
    assert!(gap + JITTER >= Duration::from_secs(1), "{gap:?}");
}

#[test]
fn robots_that_cannot_be_had_close_the_host_and_leave_others_alone() {
    let college = College::with(3);
    let down = Server::start(|_| Response::status(500));
    let up = Server::start(move |request| college.respond(request));
    let mut bench = Bench::new(&up);
    let mut dead = site("dead", &[]);
    dead.seeds = vec!["http://down.yunling.test/xwzx.htm".parse().unwrap()];
    dead.hosts = vec!["down.yunling.test".to_owned()];
    bench.sites.insert(0, dead);
    bench.host("down.yunling.test", &down);
    let (summary, named) = bench.dry_run();
    assert_eq!(down.targets(), ["/robots.txt"; 3], "three attempts, and no page");
    assert_eq!((named.len(), summary.exit), (3, 4));
    assert!(summary.sites[0].failed.is_some() && summary.sites[1].failed.is_none());
}

/// Interstitials in the shapes of the two defences common on campus sites, and one under 200.
const CHALLENGES: [(u16, &str); 3] = [
    (412, "<html><head><script>$_ts=window['$_ts'];$_ts.cd='q1';</script></head><body></body></html>"),
    (521, "<script>document.cookie='__jsl_clearance=1';location.href=location.pathname</script>"),
    (200, "<html><head><script>$_ts=window['$_ts'];$_ts.cd='q1';</script></head><body></body></html>"),
];

#[test]
fn a_challenge_stops_its_host_for_the_run_and_no_other() {
    for (status, page) in CHALLENGES {
        let college = College::with(3);
        let guarded = Server::start(move |request| match request.path() {
            "/robots.txt" => Response::status(404),
            _ => Response::new(status, "text/html", page),
        });
        let up = Server::start(move |request| college.respond(request));
        let mut bench = Bench::new(&up);
        let mut wall = site("wall", &[]);
        wall.politeness.delay = Duration::from_millis(500);
        wall.seeds = ["/a.htm", "/b.htm", "/c.htm"]
            .map(|path| format!("http://wall.yunling.test{path}").parse().unwrap())
            .to_vec();
        wall.hosts = vec!["wall.yunling.test".to_owned()];
        bench.sites.insert(0, wall);
        bench.host("wall.yunling.test", &guarded);
        let (summary, named) = bench.dry_run();
        assert_eq!(guarded.targets().len(), 2, "robots.txt and one page under {status}: {:?}", guarded.targets());
        let counts = &summary.sites[0].counts;
        assert_eq!(counts.skipped.challenged, if status == 521 { 3 } else { 2 }, "{status}");
        let why = summary.sites[0].failed.as_deref().unwrap_or_default();
        assert!(why.contains("challenge"), "{status}: {why}");
        assert_eq!((named.len(), summary.exit), (3, 4), "the other host goes on");
        assert!(summary.sites[1].failed.is_none());
    }
}

#[test]
fn a_plain_refusal_is_no_challenge() {
    for status in [403, 412] {
        let refused = Server::start(move |request| match request.path() {
            "/robots.txt" => Response::status(404),
            _ => Response::new(status, "text/html", "<html><body><h1>禁止访问</h1><p>本页暂不开放。</p></body></html>"),
        });
        let mut bench = Bench::new(&refused);
        bench.sites[0].seeds.push(super::crawl::bench::url("/xwzx/1.htm"));
        let (summary, _) = bench.dry_run();
        assert_eq!(refused.targets().len(), 3, "both seeds were asked for");
        assert_eq!(summary.sites[0].counts.skipped.challenged, 0);
    }
}

#[test]
fn one_host_name_is_one_host_for_two_sites() {
    let (_college, server) = College::with(10).serve();
    let mut bench = with_delay(&server, Duration::from_millis(150));
    bench.sites.push(site("other", &["/xwzx/1.htm"]));
    bench.sites[1].hosts = vec![HOST.to_owned()];
    bench.dry_run();
    assert_eq!(server.count("/robots.txt"), 1);
    let gaps = gaps(&server);
    assert!(gaps.iter().all(|gap| *gap + JITTER >= Duration::from_millis(150)), "{gaps:?}");
}
