//! Articles of several pages: every page a capture, one record of them all, whatever goes wrong in between.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use shiguan::domain::article::Article;
use shiguan::domain::held::Filter;
use shiguan::store::Reader;
use tempfile::TempDir;

use super::bench::{Bench, site, url};
use super::college::HOST;
use super::serial::{Serial, part, says};
use crate::support::program;
use crate::support::server::Server;

fn bench(server: &Server) -> Bench {
    let mut bench = Bench::new(server);
    bench.sites = vec![site("yunling", &["/xw/index.html"])];
    bench
}

/// Articles held, by address, and how many versions there are of each.
fn held(dir: &std::path::Path) -> Vec<(Article, i64)> {
    let reader = Reader::open(dir).unwrap();
    let filter = Filter::default();
    let mut held: Vec<_> =
        reader.articles(&filter).map(Result::unwrap).map(|held| (held.record, held.versions)).collect();
    held.sort_by(|(one, _), (other, _)| one.url.cmp(&other.url));
    held
}

/// How much `verify` finds wrong.
fn faults(bench: &Bench) -> usize {
    shiguan::archive::verify(bench.dir(), true, &mut |_| {}).unwrap().problems.len()
}

fn whole(id: u32, pages: usize) -> String {
    (0..pages).map(|page| says(id, page)).collect::<Vec<_>>().join("\n")
}

#[test]
fn an_article_of_several_pages_is_one_record_and_a_second_run_asks_nothing() {
    let (_serial, server) = Serial::with(&[3, 1]).serve();
    let bench = bench(&server);
    let first = bench.run();
    assert_eq!((first.exit, first.total.new, first.total.further_pages), (0, 2, 2), "{first:?}");
    let records = held(bench.dir());
    assert_eq!(records[0].0.body, whole(1, 3));
    assert_eq!((&records[0].0.warnings, records[0].1), (&Vec::<String>::new(), 1));
    assert_eq!(records[0].0.url, Some(url(&part(1, 0))), "page one is the article");
    assert_eq!(records.len(), 2, "a further page makes no record of its own");
    for page in 0..3 {
        assert_eq!(bench.outcomes(&part(1, page)), ["ok"]);
    }
    let before = server.hits().len();
    bench.run();
    assert_eq!(server.targets()[before..], ["/xw/index.html"]);
    assert_eq!(held(bench.dir()), records);
    assert_eq!(bench.reextract().changes, [], "read again together they say the same");
    assert_eq!(held(bench.dir()), records);
    assert_eq!(faults(&bench), 0);
}

#[test]
fn a_page_that_is_not_there_is_said_to_be_missing_and_text_behind_it_is_left_out() {
    let mut serial = Serial::with(&[3]);
    serial.status.insert(part(1, 1), 404);
    let (serial, server) = serial.serve();
    let bench = bench(&server);
    let first = bench.run();
    assert_eq!((first.exit, first.total.failed), (0, 0), "a missing page is an outcome, not a failure");
    let (article, _) = held(bench.dir()).remove(0);
    assert_eq!((article.body, article.warnings), (says(1, 0), vec!["part-missing".to_owned()]));
    assert_eq!(server.count(&part(1, 2)), 0);
    serial.lock().unwrap().status.clear();
    let before = server.hits().len();
    bench.run();
    assert_eq!(server.targets()[before..], ["/xw/index.html"], "settled, like a missing article");
}

#[test]
fn a_page_that_fails_is_left_to_the_next_run() {
    let mut serial = Serial::with(&[3]);
    serial.status.insert(part(1, 1), 500);
    let (serial, server) = serial.serve();
    let mut bench = bench(&server);
    bench.options.max_failures = 0.5;
    let first = bench.run();
    assert_eq!((first.exit, first.total.new, first.total.failed), (0, 1, 1));
    assert_eq!(first.sites[0].failures[0].url, url(&part(1, 1)));
    let (article, _) = held(bench.dir()).remove(0);
    assert_eq!((article.body, article.warnings), (says(1, 0), vec!["more-pages".to_owned()]));
    serial.lock().unwrap().status.clear();
    bench.run();
    let (article, versions) = held(bench.dir()).remove(0);
    assert_eq!(
        (article.body, article.warnings, versions),
        (whole(1, 3), vec![], 1),
        "completed in place, no new version"
    );
    assert_eq!((server.count(&part(1, 0)), server.count(&part(1, 2))), (1, 1));
}

#[test]
fn a_page_that_moved_is_followed_and_one_that_goes_round_is_not() {
    let mut serial = Serial::with(&[2, 2]);
    serial.moved.insert(part(1, 1), "/xw/p2.html".to_owned());
    serial.moved.insert(part(2, 1), part(2, 0));
    let (_serial, server) = serial.serve();
    let bench = bench(&server);
    let first = bench.run();
    assert_eq!(first.exit, 0, "{first:?}");
    assert_eq!(server.count("/xw/p2.html"), 1);
    let warned: Vec<_> = held(bench.dir()).into_iter().map(|(article, _)| article.warnings).collect();
    assert_eq!(
        warned,
        [["part-missing"], ["part-missing"]],
        "there is nothing at the one, page one again at the other"
    );
    assert_eq!(server.count(&part(2, 0)), 1);
}

#[test]
fn no_more_than_twenty_pages_are_asked_for() {
    let (_serial, server) = Serial::with(&[24]).serve();
    let bench = bench(&server);
    bench.run();
    let (article, _) = held(bench.dir()).remove(0);
    assert_eq!((article.body, article.warnings), (whole(1, 20), vec!["part-missing".to_owned()]));
    assert_eq!(server.count(&part(1, 20)), 0);
}

#[test]
fn an_edit_of_any_page_is_a_version_and_a_mere_mark_is_none() {
    let (serial, server) = Serial::with(&[3]).serve();
    let mut bench = bench(&server);
    bench.run();
    bench.options.full = true;
    serial.lock().unwrap().mark = "page generated anew".to_owned();
    let marked = bench.run();
    assert_eq!((marked.total.changed, marked.total.unchanged), (0, 1), "{marked:?}");
    assert_eq!(held(bench.dir())[0].1, 1);

    serial.lock().unwrap().articles.get_mut(&1).unwrap()[0] =
        "首段改写：观测站换了新的水尺，读数从这一天起以厘米计。".to_owned();
    let edited = bench.run();
    assert_eq!((edited.total.changed, edited.total.unchanged), (1, 0));
    let (article, versions) = held(bench.dir()).remove(0);
    assert_eq!((article.body.lines().count(), versions, article.warnings), (3, 2, vec![]));
    assert!(article.body.starts_with("首段改写") && article.body.ends_with(&says(1, 2)));

    {
        let mut serial = serial.lock().unwrap();
        serial.articles.get_mut(&1).unwrap()[2] = "末段改写：水位回落之后，候鸟提前两天离开。".to_owned();
        serial.mark = "and again".to_owned();
    }
    let edited = bench.run();
    assert_eq!((edited.total.changed, edited.total.unchanged), (1, 0), "page one says what it said");
    let (article, versions) = held(bench.dir()).remove(0);
    assert_eq!((versions, article.body.ends_with("提前两天离开。")), (3, true));
    assert_eq!(faults(&bench), 0);
}

#[test]
fn killed_between_pages_it_asks_only_for_those_it_has_not() {
    let (_serial, server) = Serial::with(&[4, 4]).serve();
    let dir = TempDir::new().unwrap();
    let (seed, resolve) = (format!("http://{HOST}/xw/index.html"), server.resolve(HOST));
    let start = || {
        let args = ["crawl", "--seed", &seed, "--resolve", &resolve, "--delay", "0", "--concurrency", "1", "-q"];
        program::command(dir.path()).args(args).stdout(Stdio::null()).stderr(Stdio::inherit()).spawn().unwrap()
    };
    let kills = [3, 4, 5, 6, 8, 9];
    for hits in kills {
        let mut child = start();
        let enough = (0..30_000).any(|_| {
            thread::sleep(Duration::from_millis(1));
            server.hits().len() >= hits || child.try_wait().unwrap().is_some()
        });
        assert!(enough, "only {} requests after half a minute", server.hits().len());
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(start().wait().unwrap().success());
    let targets = server.targets();
    let different: BTreeSet<&String> = targets.iter().collect();
    assert_eq!(different.len(), 2 + 8, "robots.txt, the listing, every page");
    assert!(targets.len() - different.len() <= kills.len(), "one visit is under way at once: {targets:?}");
    let bodies: Vec<_> = held(&dir.path().join("archive")).into_iter().map(|(article, _)| article.body).collect();
    assert_eq!(bodies, [whole(1, 4), whole(2, 4)]);
}
