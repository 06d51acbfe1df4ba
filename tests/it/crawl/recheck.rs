//! Articles that are held are asked for again when their site's policy says so. Nights pass by setting the times of the
//! captures back in the index.

use chrono::{Duration, FixedOffset, Utc};
use rusqlite::Connection;
use shiguan::domain::recheck::Recheck;

use super::bench::Bench;
use super::college::{College, path};
use super::passed::Passed;
use crate::support::server::Server;

/// How often each article was asked for.
fn asked(server: &Server, articles: u32) -> Vec<usize> {
    let hits = server.hits();
    (1..=articles).map(|id| hits.iter().filter(|hit| hit.path() == path(id)).count()).collect()
}

/// The day in China so many days ago.
#[expect(clippy::disallowed_methods, reason = "the crawl under test reads the same clock")]
fn ago(days: i64) -> String {
    let china = Utc::now().with_timezone(&FixedOffset::east_opt(8 * 3600).unwrap());
    (china.date_naive() - Duration::days(days)).to_string()
}

/// Six articles of 2023 but for the last one, which is three days old; asked again after 1 and 3 days and ten years.
fn young_and_old() -> (super::college::Shared, Server, Bench) {
    let dated = [(6, ago(3))].into();
    let (college, server) = College { etags: true, dated, ..College::with(6) }.serve();
    let mut bench = Bench::new(&server);
    bench.sites[0].recheck = Recheck { steps: vec![1, 3, 3650], ..Recheck::default() };
    (college, server, bench)
}

#[test]
fn a_young_article_is_asked_for_again_when_it_is_due_and_an_old_one_is_not() {
    let (college, server, bench) = young_and_old();
    bench.run();
    let same_night = bench.run().total;
    assert_eq!(asked(&server, 6), [1; 6], "{same_night:?}");

    college.lock().unwrap().edited.insert(6);
    let nights = Passed::days(&bench, 2);
    let (_, named) = bench.dry_run();
    assert_eq!(named, [path(6)], "a dry run names what is due");
    let later = bench.run().total;
    assert_eq!(asked(&server, 6), [1, 1, 1, 1, 1, 2]);
    assert_eq!((later.new, later.changed), (0, 1), "{later:?}");
    let last = server.hits().into_iter().rfind(|hit| hit.path() == path(6)).unwrap();
    assert!(last.header("if-none-match").is_some(), "a recheck is a conditional request");
    bench.run();
    assert_eq!(asked(&server, 6), [1, 1, 1, 1, 1, 2], "once asked for it is not due");
    drop(nights);
}

#[test]
fn what_was_gone_and_came_back_is_seen_without_a_full_run() {
    let (college, server, bench) = young_and_old();
    bench.run();
    college.lock().unwrap().status.insert(path(6), 404);
    let first = Passed::days(&bench, 2);
    assert_eq!(bench.run().total.not_found, 1);
    drop(first);
    college.lock().unwrap().status.clear();
    let mut bench = bench;
    // Three days old and asked for today: the step behind is ten years, so the site's file asks more often.
    bench.sites[0].recheck.steps = vec![1, 2, 3, 4, 5, 6, 7, 3650];
    let second = Passed::days(&bench, 2);
    let back = bench.run().total;
    assert_eq!((back.changed, back.unchanged), (0, 1), "{back:?}");
    drop(second);
    assert_eq!(asked(&server, 6)[5], 3);
    let index = Connection::open(bench.dir().join("shiguan.db")).unwrap();
    let ended = "SELECT count(*) FROM tombstones WHERE ended_at IS NOT NULL";
    assert_eq!(index.query_row(ended, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
}

#[test]
fn the_oldest_debt_comes_first_no_more_than_asked_for_and_never_where_it_is_switched_off() {
    let (_college, server) = College { etags: true, ..College::with(6) }.serve();
    let mut bench = Bench::new(&server);
    bench.run();
    let nights = Passed::days(&bench, 400);
    bench.sites[0].recheck.steps = Vec::new();
    bench.run();
    assert_eq!(asked(&server, 6), [1; 6], "switched off");
    bench.sites[0].recheck = Recheck { steps: vec![1, 100], most: 4 };
    bench.run();
    assert_eq!(asked(&server, 6).iter().sum::<usize>(), 10, "no more than four in a run");
    bench.run();
    assert_eq!(asked(&server, 6), [2; 6], "the rest in the next");
    bench.run();
    assert_eq!(asked(&server, 6), [2; 6]);
    drop(nights);
}

#[test]
fn rechecks_stand_back_behind_what_is_new_and_spare_what_is_too_old() {
    let (college, server) = College { etags: true, ..College::with(5) }.serve();
    let mut bench = Bench::new(&server);
    bench.run();
    let nights = Passed::days(&bench, 400);
    college.lock().unwrap().articles.insert(0, 6);
    bench.options.frontier.max_pages = Some(3);
    bench.run();
    assert_eq!(asked(&server, 6)[5], 1, "a limit on pages is spent on what is new first");
    assert!(asked(&server, 6).iter().sum::<usize>() <= 8);
    bench.options.frontier.max_pages = None;
    bench.options.since = shiguan::domain::time::Date::parse("2024-01-01");
    let before = asked(&server, 6);
    bench.run();
    assert_eq!(asked(&server, 6), before, "--since leaves earlier articles out");
    drop(nights);
}
