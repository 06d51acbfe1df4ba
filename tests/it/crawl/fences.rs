//! Pages for the campus, or for whoever has an account, on a public listing: they are counted and named every night, and the
//! site is in trouble only where it shows nothing else.

use shiguan::domain::verdict::SiteVerdict;
use shiguan::store::{LastRun, Reader};

use super::bench::Bench;
use super::college::{College, path};
use super::passed::Passed;

/// What a college shows in place of an article to whoever is not on its campus.
const FENCE: &str = "<html><head><meta charset=utf-8><title>提示</title></head><body>\
    <p>该信息仅限校内访问，您的IP不在允许范围内。</p></body></html>";

fn fence(college: &mut College, articles: impl IntoIterator<Item = u32>) {
    college.instead.extend(articles.into_iter().map(|number| (path(number), FENCE.to_owned())));
}

fn last(bench: &Bench) -> LastRun {
    Reader::open(bench.dir()).unwrap().last_runs().unwrap().remove(0)
}

#[test]
fn a_fenced_article_is_told_every_night_and_is_no_trouble() {
    let mut college = College::with(10);
    fence(&mut college, [3, 7]);
    let (college, server) = college.serve();
    let bench = Bench::new(&server);
    let first = bench.run();
    let counts = first.total;
    assert_eq!((first.exit, first.sites[0].verdict), (0, SiteVerdict::Ok), "{:?}", first.sites[0].failed);
    assert_eq!((counts.new, counts.failed, counts.new_fences, counts.known_walls), (8, 2, 2, 0));
    assert_eq!(first.sites[0].failures.len(), 2, "each is named");

    let second = bench.run();
    assert_eq!((second.exit, second.sites[0].verdict), (0, SiteVerdict::NoNews), "{:?}", second.sites[0].failed);
    assert_eq!((second.total.failed, second.total.new_fences, second.total.known_walls), (2, 0, 2));
    let why = last(&bench).fared.why.unwrap();
    assert_eq!(why, "2 article pages behind a wall (2 campus-only), 2 of them as last time");
    assert_eq!(bench.outcomes(&path(3)), ["campus-only", "campus-only"]);

    // One of them is opened.
    college.lock().unwrap().instead.remove(&path(3));
    let third = bench.run();
    assert_eq!((third.exit, third.total.new, third.total.known_walls), (0, 1, 1));
}

#[test]
fn a_fence_that_stood_for_a_week_is_looked_at_once_a_week() {
    let mut college = College::with(10);
    fence(&mut college, [3]);
    let (_college, server) = college.serve();
    let bench = Bench::new(&server);
    bench.run();
    // The nights after, on which it is asked for or not.
    let mut nights = Vec::new();
    let mut asked = 1;
    for (days, asks) in [(3, true), (4, true), (1, false), (5, false), (1, true), (1, false)] {
        nights.push(Passed::days(&bench, days));
        let summary = bench.run();
        asked += usize::from(asks);
        assert_eq!((summary.exit, server.count(&path(3))), (0, asked), "{days} days later");
        let counts = summary.total;
        assert_eq!((counts.known_walls, counts.skipped.walled), (u64::from(asks), u64::from(!asks)));
    }
    let why = last(&bench).fared.why.unwrap();
    assert_eq!(why, "1 behind one that stood for a week are asked for weekly");
}

#[test]
fn a_site_that_shows_nothing_but_fences_is_in_trouble_until_it_shows_something() {
    let (college, server) = College::with(4).serve();
    let bench = Bench::new(&server);
    assert_eq!(bench.run().exit, 0);
    {
        let mut college = college.lock().unwrap();
        college.articles.splice(0..0, [6, 5]);
        fence(&mut college, [5, 6]);
    }
    for night in ["the first", "the second"] {
        let summary = bench.run();
        assert_eq!((summary.exit, summary.sites[0].verdict), (4, SiteVerdict::CampusOnly), "{night}");
    }
    college.lock().unwrap().articles.insert(0, 7);
    let after = bench.run();
    assert_eq!((after.exit, after.total.new, after.total.known_walls), (0, 1, 2), "{:?}", after.sites[0].failed);
    assert_eq!(bench.run().exit, 0, "and the two are known from then on");
}

#[test]
fn a_blocked_site_stays_in_trouble_and_a_refused_page_is_known() {
    let mut college = College::with(4);
    college.status.extend((1..=4).map(|number| (path(number), 403)));
    let (college, server) = college.serve();
    let bench = Bench::new(&server);
    for night in ["the first", "the second"] {
        let summary = bench.run();
        assert_eq!((summary.exit, summary.sites[0].verdict), (4, SiteVerdict::Blocked), "{night}");
    }
    for number in [1, 2, 3] {
        college.lock().unwrap().status.remove(&path(number));
    }
    let opened = bench.run();
    assert_eq!((opened.exit, opened.total.new, opened.total.known_walls), (0, 3, 1));
}

#[test]
fn pages_that_lead_to_one_login_page_each_are_known_by_where_they_lead() {
    let mut college = College::with(6);
    let login = "<html><head><meta charset=utf-8><title>用户登录</title></head><body><form>用户名 <input name=user> 密码 \
        <input type=password name=pass> <button>登录</button></form></body></html>";
    for number in [2, 4] {
        college.moved.insert(path(number), format!("/enter/{number}.jsp"));
        college.instead.insert(format!("/enter/{number}.jsp"), login.to_owned());
    }
    let (_college, server) = college.serve();
    let bench = Bench::new(&server);
    let first = bench.run();
    assert_eq!((first.exit, first.total.new, first.total.instead.login_wall), (0, 4, 2), "{:?}", first.sites[0]);
    let second = bench.run();
    assert_eq!((second.exit, second.total.known_walls), (0, 2), "{:?}", second.sites[0]);
}
