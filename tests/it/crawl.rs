//! Whole crawls of a made-up site over loopback: what is asked for, what is not, and what the archive holds afterwards.

pub(crate) mod bench;
pub(crate) mod college;
mod drift;
mod fences;
mod media;
mod parts;
mod passed;
mod recheck;
mod resume;
mod robots_kept;
pub(crate) mod serial;
mod traps;
mod versions;

use shiguan::domain::time::Date;
use shiguan::domain::visit::Outcome;

use bench::{Bench, site, url};
use college::{College, HOST, path, title};

#[test]
fn a_first_run_takes_everything_and_a_second_finds_nothing_new() {
    let (_college, server) = College { etags: true, ..College::with(12) }.serve();
    let bench = Bench::new(&server);
    let first = bench.run();
    assert_eq!((first.exit, first.total.listings, first.total.new), (0, 3, 12), "{first:?}");
    assert_eq!(server.hits().len(), 1 + 3 + 12);
    assert_eq!(bench.titles(), (1..=12).map(title).collect::<Vec<_>>());

    let second = bench.run();
    assert_eq!(server.targets()[16..], ["/xwzx.htm"], "rules are kept, one conditional request answers the rest");
    assert_eq!((second.exit, second.total.new, second.total.listings), (0, 0, 1));
}

#[test]
fn articles_come_before_the_next_listing_page() {
    let (_college, server) = College::with(7).serve();
    Bench::new(&server).run();
    let listings: Vec<usize> =
        (0..).zip(server.targets()).filter(|(_, t)| t.contains("xwzx")).map(|(at, _)| at).collect();
    assert_eq!(listings, [1, 7], "robots, a listing page, its five articles, the next listing page");
}

#[test]
fn later_runs_stop_at_a_page_of_known_rows_and_not_at_a_sticky_one() {
    let sticky = format!("<li id=\"line_u8_90\"><a href=\"{}\">{}</a><span>2023-01-02</span></li>", path(1), title(1));
    let (college, server) = College { sticky, ..College::with(20) }.serve();
    let bench = Bench::new(&server);
    bench.run();
    let before = server.hits().len();
    college.lock().unwrap().articles.splice(0..0, [23, 22, 21]);
    let second = bench.run();
    assert_eq!(second.total.new, 3);
    let mut asked = server.targets()[before..].to_vec();
    asked.sort();
    let mut want = vec!["/xwzx.htm".to_owned(), "/xwzx/4.htm".to_owned(), path(21), path(22), path(23)];
    want.sort();
    assert_eq!(asked, want, "the page of known rows is the last one asked for");
}

#[test]
fn a_missing_article_is_an_outcome_and_a_failing_one_is_tried_again_next_run() {
    let mut college = College::with(4);
    college.status.extend([(path(1), 404), (path(2), 410), (path(3), 500)]);
    let (college, server) = college.serve();
    let mut bench = Bench::new(&server);
    bench.options.max_failures = 0.5;
    let first = bench.run();
    let counts = first.total;
    assert_eq!((counts.new, counts.not_found, counts.gone, counts.failed), (1, 1, 1, 1));
    assert_eq!(first.exit, 0, "one in four may fail here");
    assert_eq!(server.count(&path(3)), 3, "three attempts");

    college.lock().unwrap().status.clear();
    let second = bench.run();
    assert_eq!(second.total.new, 1);
    assert_eq!([1, 2, 3].map(|id| server.count(&path(id))), [1, 1, 4]);
}

#[test]
fn a_site_fails_when_too_many_articles_do() {
    let mut college = College::with(4);
    college.status.insert(path(3), 403);
    let (_college, server) = college.serve();
    let summary = Bench::new(&server).run();
    assert_eq!(summary.exit, 4);
    assert_eq!(summary.sites[0].failures[0].url, url(&path(3)));
    assert_eq!(summary.sites[0].failures[0].outcome, Outcome::Refused.as_str());
}

#[test]
fn redirects_are_captures_and_lead_to_one_record() {
    let mut college = College::with(3);
    college.moved.insert(path(2), "/info/1001/2.html".to_owned());
    college.moved.insert("/info/1001/2.html".to_owned(), path(3));
    let (_college, server) = college.serve();
    let bench = Bench::new(&server);
    let first = bench.run();
    assert_eq!((first.exit, first.total.new), (0, 2));
    assert_eq!(server.count(&path(3)), 1, "a place two rows lead to is asked for once");
    assert_eq!(bench.outcomes(&path(2)), ["redirect"]);
    assert_eq!(bench.outcomes("/info/1001/2.html"), ["redirect"]);
    let before = server.hits().len();
    bench.run();
    assert_eq!(server.targets()[before..], ["/xwzx.htm"]);
}

#[test]
fn what_robots_forbid_is_counted_and_does_not_keep_later_runs_walking() {
    let robots = Some(format!("User-agent: *\nDisallow: {}\n", path(12)));
    let (_college, server) = College { robots, ..College::with(12) }.serve();
    let bench = Bench::new(&server);
    let first = bench.run();
    assert_eq!((first.exit, first.total.new, first.total.skipped.robots), (0, 11, 1));
    let before = server.hits().len();
    bench.run();
    assert_eq!(server.targets()[before..], ["/xwzx.htm"]);
    assert_eq!(server.count(&path(12)), 0);
}

#[test]
fn links_to_other_hosts_are_recorded_and_not_followed_unless_named() {
    let row = "<li id=\"line_u8_90\"><a href=\"http://paper.donghu.test/info/1001/1.htm\">东湖师范大学报道</a><span>2023-01-02</span></li>";
    let (_college, server) = College { sticky: row.to_owned(), ..College::with(3) }.serve();
    let mut bench = Bench::new(&server);
    bench.host("paper.donghu.test", &server);
    let first = bench.run();
    assert_eq!((first.exit, first.total.new, first.total.skipped.other_host), (0, 3, 1));
    assert!(server.hits().iter().all(|hit| hit.host() == HOST));
    let listing = bench.history().listing(&url("/xwzx.htm")).unwrap().unwrap();
    assert_eq!(listing.items[0].url.as_ref().unwrap().host_str(), Some("paper.donghu.test"));

    bench.sites[0].hosts.push("paper.donghu.test".to_owned());
    let second = bench.run();
    assert_eq!((second.total.new, second.total.skipped.other_host), (1, 0));
}

#[test]
fn a_dead_host_does_not_hold_up_a_live_one() {
    let (_college, server) = College::with(3).serve();
    let mut bench = Bench::new(&server);
    let mut dead = site("dead", &[]);
    dead.seeds = vec!["http://dead.yunling.test/".parse().unwrap()];
    dead.hosts = vec!["dead.yunling.test".to_owned()];
    bench.sites.insert(0, dead);
    // Port 1 of loopback: nobody listens there.
    bench.resolve("dead.yunling.test:127.0.0.1:1");
    let summary = bench.run();
    assert_eq!((summary.exit, summary.total.new), (4, 3));
    assert!(summary.sites[0].failed.as_ref().unwrap().contains("dead.yunling.test"));
    assert_eq!(summary.sites[1].failed, None);
}

#[test]
fn the_page_limit_leaves_the_rest_to_the_next_run() {
    let (_college, server) = College::with(12).serve();
    let mut bench = Bench::new(&server);
    bench.options.frontier.max_pages = Some(4);
    let first = bench.run();
    assert_eq!(server.hits().len(), 1 + 4, "robots are not counted");
    assert_eq!((first.exit, first.total.new), (0, 3));
    bench.options.frontier.max_pages = None;
    let second = bench.run();
    assert_eq!(second.total.new, 9);
    assert!((1..=12).all(|id| server.count(&path(id)) == 1));
}

#[test]
fn earlier_articles_are_skipped_by_the_listings_date_or_the_pages_own() {
    for undated in [false, true] {
        let (_college, server) = College { undated, ..College::with(20) }.serve();
        let mut bench = Bench::new(&server);
        bench.options.since = Date::parse(&college::date(17));
        let first = bench.run();
        assert_eq!((first.exit, first.total.new), (0, 4), "undated: {undated}");
        assert_eq!(bench.titles(), (17..=20).map(title).collect::<Vec<_>>());
        assert_eq!(server.count("/xwzx/1.htm"), usize::from(undated), "a page of earlier rows ends the walk");

        bench.options.since = None;
        bench.run();
        assert_eq!(bench.titles().len(), 20, "a later run takes what was skipped");
    }
}

#[test]
fn a_dry_run_asks_for_listings_only_and_writes_nothing() {
    let (_college, server) = College::with(12).serve();
    let bench = Bench::new(&server);
    let (summary, named) = bench.dry_run();
    assert_eq!(server.targets(), ["/robots.txt", "/xwzx.htm", "/xwzx/2.htm", "/xwzx/1.htm"]);
    assert_eq!(named, (1..=12).rev().map(path).collect::<Vec<_>>());
    assert_eq!((summary.exit, summary.total.listings), (0, 3));
    assert_eq!(std::fs::read_dir(bench.dir()).unwrap().count(), 0);
}

#[test]
fn two_seeds_that_link_one_article_make_one_record() {
    let (_college, server) = College::with(7).serve();
    let mut bench = Bench::new(&server);
    bench.sites = vec![site("yunling", &["/xwzx.htm", "/xwzx/1.htm", &path(7)])];
    let summary = bench.run();
    assert_eq!((summary.exit, summary.total.new), (0, 7), "{summary:?}");
    assert!((1..=7).all(|id| server.count(&path(id)) == 1));
    assert_eq!(bench.titles().len(), 7);
}

#[test]
fn a_single_article_can_be_a_seed() {
    let (_college, server) = College { etags: true, ..College::with(7) }.serve();
    let mut bench = Bench::new(&server);
    bench.sites = vec![site("yunling", &[&path(7)])];
    assert_eq!(bench.run().total.new, 1);
    let second = bench.run();
    assert_eq!((second.exit, second.total.new, second.total.unchanged), (0, 0, 1));
}

#[test]
fn a_full_run_rechecks_every_article_and_sees_edits_and_losses() {
    let (college, server) = College { etags: true, ..College::with(12) }.serve();
    let mut bench = Bench::new(&server);
    bench.run();
    {
        let mut college = college.lock().unwrap();
        college.edited.insert(5);
        college.articles.retain(|id| *id != 2);
        college.status.insert(path(2), 410);
    }
    bench.options.full = true;
    let full = bench.run();
    let counts = full.total;
    assert_eq!((full.exit, counts.new, counts.changed, counts.gone, counts.unchanged), (0, 0, 1, 1, 10), "{counts:?}");
    let recheck = server.hits().into_iter().filter(|hit| hit.path() == path(7)).nth(1).unwrap();
    assert!(recheck.header("if-none-match").is_some(), "a recheck is a conditional request");
}

#[test]
fn a_listing_without_rows_is_a_failure() {
    let (_college, server) = College::with(0).serve();
    let summary = Bench::new(&server).run();
    assert_eq!(summary.exit, 4);
    assert!(summary.sites[0].failed.is_some());
}

#[test]
fn nothing_to_crawl_is_said_so() {
    let (_college, server) = College::with(1).serve();
    let server = server.may_stay_unasked();
    let mut bench = Bench::new(&server);
    bench.sites.clear();
    let result = bench::wait(bench.run_until(std::future::pending()));
    assert!(matches!(result, Err(shiguan::crawl::Error::NoSeeds)));
}
