//! Whole crawls of a made-up site over loopback: what is asked for, what is not, and what the archive holds afterwards.

pub(crate) mod bench;
pub(crate) mod college;

use bench::Bench;
use college::{College, path};

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
