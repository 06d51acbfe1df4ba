//! A redesign that leaves the listing readable and takes a field from every article: told by the site's own past.

use shiguan::domain::drift::Missed;
use shiguan::domain::verdict::SiteVerdict;
use shiguan::store::Reader;

use super::bench::Bench;
use super::college::{College, Shared, path};

/// New articles, newest first; their pages print the source where no rule looks for it.
fn redesigned(college: &Shared, numbers: std::ops::RangeInclusive<u32>) {
    let mut college = college.lock().unwrap();
    for number in numbers {
        college.articles.insert(0, number);
        let page = college.article(number).replace("<span>来源：党委宣传部</span>", "<i data-from=\"党委宣传部\"></i>");
        assert!(page.contains("data-from"));
        college.instead.insert(path(number), page);
    }
}

#[test]
fn a_field_that_is_found_no_more_is_told_until_it_is_found_again() {
    let (college, server) = College::with(40).serve();
    let bench = Bench::new(&server);
    let first = bench.run();
    assert_eq!((first.exit, first.sites[0].missed.len()), (0, 0), "a first night has no past");

    redesigned(&college, 41..=52);
    let broken = bench.run();
    let missed = [Missed { field: "source", found: 0, of: 12, found_before: 40, of_before: 40 }];
    assert_eq!((broken.exit, broken.sites[0].verdict), (4, SiteVerdict::SelectorsMissed));
    assert_eq!(broken.sites[0].missed, missed);
    assert_eq!(broken.total.new, 12, "the articles are held all the same");
    let fared = Reader::open(bench.dir()).unwrap().last_runs().unwrap().remove(0).fared;
    assert_eq!(fared.verdict, "selectors-missed");
    assert_eq!(fared.why.unwrap(), "source found in 0 of 12 articles, in 40 of 40 before");

    // Nothing new: nothing has been mended. And what was missed is not taken for the site's way.
    assert_eq!(bench.run().sites[0].verdict, SiteVerdict::SelectorsMissed, "a night without news");
    redesigned(&college, 53..=60);
    let missed = [Missed { field: "source", found: 0, of: 8, found_before: 40, of_before: 40 }];
    assert_eq!(bench.run().sites[0].missed, missed);

    college.lock().unwrap().articles.splice(0..0, (61..=66).rev());
    let mended = bench.run();
    assert_eq!((mended.exit, mended.sites[0].verdict), (0, SiteVerdict::Ok), "{:?}", mended.sites[0].missed);
    assert_eq!(bench.run().sites[0].verdict, SiteVerdict::NoNews);
}

#[test]
fn a_few_articles_without_a_source_are_no_redesign() {
    let (college, server) = College::with(40).serve();
    let bench = Bench::new(&server);
    bench.run();
    redesigned(&college, 41..=43);
    let summary = bench.run();
    assert_eq!((summary.exit, summary.total.new, summary.sites[0].missed.len()), (0, 3, 0));
}
