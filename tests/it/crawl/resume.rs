//! A run that is cut off is taken up where it was: nothing committed is asked for again, nothing is missing at the end.

use std::collections::BTreeSet;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use super::bench::{Bench, wait};
use super::college::{College, HOST, Shared, path, title};
use crate::support::dump::{differences, dump};
use crate::support::program;
use crate::support::server::Server;

/// Articles of the site.
const ARTICLES: u32 = 30;
/// Pages of the site: robots.txt, six listing pages, the articles.
const PAGES: usize = 37;

/// Starts the program itself on the college, without delay.
fn start(dir: &TempDir, server: &Server) -> Child {
    let (seed, resolve) = (format!("http://{HOST}/xwzx.htm"), server.resolve(HOST));
    program::command(dir.path())
        .args(["crawl", "--seed", &seed, "--resolve", &resolve, "--delay", "0", "--concurrency", "1", "-q"])
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap()
}

/// Waits until the server was asked so often, or the program is done.
fn until(server: &Server, hits: usize, child: &mut Child) {
    let enough = (0..30_000).any(|_| {
        thread::sleep(Duration::from_millis(1));
        server.hits().len() >= hits || child.try_wait().unwrap().is_some()
    });
    assert!(enough, "only {} requests after half a minute", server.hits().len());
}

fn served() -> (Shared, Server) {
    let mut college = College::with(ARTICLES);
    college.moved.insert(path(20), "/info/1001/20.html".to_owned());
    college.moved.insert("/info/1001/20.html".to_owned(), "/info/1002/20.htm".to_owned());
    college.status.insert("/info/1002/20.htm".to_owned(), 404);
    college.serve()
}

#[test]
fn killed_again_and_again_it_asks_for_nothing_it_committed() {
    let (_college, server) = served();
    let dir = TempDir::new().unwrap();
    let kills = [1, 2, 3, 8, 9, 20, 36];
    for hits in kills {
        let mut child = start(&dir, &server);
        until(&server, hits, &mut child);
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let status = start(&dir, &server).wait().unwrap();
    assert!(status.success(), "{status}");
    let targets = server.targets();
    let different: BTreeSet<&String> = targets.iter().collect();
    assert_eq!(different.len(), PAGES + 2, "every page, and two hops");
    let repeated = targets.len() - different.len();
    assert!(repeated <= kills.len(), "{repeated} repeats, but one visit is under way at once: {targets:?}");
    let archive = dir.path().join("archive");
    assert_eq!(super::bench::titles_in(&archive).len(), 29, "one of thirty is missing");
    let before = dump(&archive);
    assert_eq!(program::run(dir.path(), &["reindex"]).code, 0);
    assert_eq!(differences(&before, &dump(&archive)), Vec::<String>::new(), "the rebuilt index");
}

#[test]
fn asked_to_stop_it_commits_what_is_under_way_and_goes_on_next_time() {
    for hits in [1, 4, 9, 20] {
        let (_college, server) = College::with(ARTICLES).serve();
        let bench = Bench::new(&server);
        let enough = async {
            while server.hits().len() < hits {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let stopped = wait(bench.run_until(enough)).unwrap();
        assert!(stopped.stopped.is_some());
        assert!(server.hits().len() < PAGES, "it stopped early");
        let rest = bench.run();
        assert_eq!(rest.exit, 0);
        assert_eq!(server.hits().len(), PAGES, "after {hits}: nothing twice, nothing missing");
        assert_eq!(bench.titles(), (1..=ARTICLES).map(title).collect::<Vec<_>>());
    }
}
