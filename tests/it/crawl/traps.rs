//! A site that is all traps, beside a long healthy one: the crawl ends by itself, each trap costs at most fifty pages, and
//! the report names it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use shiguan::crawl::Summary;
use shiguan::domain::site::Site;
use url::Url;

use super::bench::{Bench, site};
use super::college::{self, College};
use crate::support::response::Response;
use crate::support::server::{Request, Server};

/// The most a trap may cost (RELIABILITY U1).
const MOST: usize = 50;

/// Articles of the healthy site: 60 listing pages.
const HEALTHY: u32 = 300;

fn page(title: &str, body: &str) -> Response {
    Response::html(format!(
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>{title}</title></head><body>{body}</body></html>"
    ))
}

/// A column: rows, and the link to its next page.
fn column(rows: &[(String, String)], next: &str) -> Response {
    let mut list = String::new();
    for (at, (href, title)) in rows.iter().enumerate() {
        writeln!(list, "<li><a href=\"{href}\">{title}</a><span>2023-06-{:02}</span></li>", 1 + at % 28).unwrap();
    }
    page(
        "学院新闻",
        &format!("<div class=list><ul>{list}</ul></div><div class=page><a class=next href=\"{next}\">下一页</a></div>"),
    )
}

fn article(title: &str, text: &str) -> Response {
    page(title, &format!("<h1>{title}</h1><div>发布时间：2023-06-01</div><div class=content><p>{text}</p></div>"))
}

/// A text of its own for each number below `of`.
fn text(n: usize) -> String {
    let what = ["读书班", "座谈会", "调研会", "报告会", "宣讲会", "推进会", "研讨会", "交流会", "培训班", "党课"];
    let whom =
        ["土木学院", "机械学院", "文学院", "外语学院", "医学院", "法学院", "理学院", "艺术学院", "农学院", "商学院"];
    let (what, whom) = (what[n % 10], whom[n / 10 % 10]);
    format!(
        "{whom}举行{what}，师生代表参加。{whom}负责人指出，要把{what}的成果转化为服务师生、推动{whom}发展的实际行动。"
    )
}

fn number(target: &str, key: &str) -> usize {
    let value = target.split(key).nth(1).unwrap_or_default();
    value.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0)
}

/// Ten articles that are there, under addresses this makes of their numbers.
fn ten(address: impl Fn(usize) -> String) -> Vec<(String, String)> {
    (0..10).map(|n| (address(n), format!("{}第{n}篇", &text(n).chars().take(8).collect::<String>()))).collect()
}

/// What the traps answer, by host.
fn answer(request: &Request) -> Response {
    let target = request.target.as_str();
    if target == "/robots.txt" {
        return Response::status(404);
    }
    match request.host() {
        "jsession.trap.test" | "pager.trap.test" | "orders.trap.test" | "spelt.trap.test" => few(request),
        _ => endless(request),
    }
}

/// Traps whose places are without end.
fn endless(request: &Request) -> Response {
    let target = request.target.as_str();
    match request.host() {
        // Months without end, every day a page that says nothing.
        "calendar.trap.test" if target.starts_with("/day") => {
            let n = number(target, "d=");
            article(&format!("2031年第{n}日日程"), &format!("农历初{}　暂无活动安排", n % 10))
        }
        "calendar.trap.test" => {
            let month = number(target, "m=");
            let days = (1..=28)
                .map(|day| (format!("/day.jsp?d={}", month * 28 + day), format!("{}月{day}日活动日程安排", month + 1)));
            column(&days.collect::<Vec<_>>(), &format!("/rl.jsp?m={}", month + 1))
        }
        // Every page gives its links a new session, under a name nobody knows.
        "session.trap.test" if target.contains("/info/") => article("要闻", &text(number(target, "/info/"))),
        "session.trap.test" => {
            let n = number(target, "page=");
            let token = format!("s{n}k{}x{:06}", n * 7 + 3, n * 7919);
            column(&ten(|row| format!("/{token}q8w2/info/{row}.htm")), &format!("/list.jsp?page={}&tk={token}", n + 1))
        }
        // One that goes on for ever with new rows, all of them gone.
        "ghosts.trap.test" if target.starts_with("/info/") => page("提示", "<p>您访问的页面不存在或已被删除</p>"),
        "ghosts.trap.test" => {
            let n = number(target, "p=");
            column(&ten(|row| format!("/info/{}.htm", n * 10 + row)), &format!("/xw.htm?p={}", n + 1))
        }
        // A relative link that appends to where it stands.
        "winding.trap.test" if target.contains("/n") => article("要闻", &text(number(target, "/n"))),
        "winding.trap.test" => column(&ten(|row| format!("xwdt/n{row}.htm")), "xwdt/"),
        _ => Response::status(421),
    }
}

/// Traps whose places only look like many.
fn few(request: &Request) -> Response {
    let target = request.target.as_str();
    match request.host() {
        "jsession.trap.test" | "pager.trap.test" if target.starts_with("/info/") => {
            article("要闻", &text(number(target, "/info/")))
        }
        // Known session ids do not even make other places.
        "jsession.trap.test" => {
            let n = number(target, "sid=");
            let next = format!("/xw.jsp;jsessionid=AB{n}?sid={}&PHPSESSID=q{n}", n + 1);
            column(&ten(|row| format!("/info/{row}.htm;jsessionid=AB{n}?sid={n}")), &next)
        }
        // A pager that goes on for ever with the same rows.
        "pager.trap.test" => {
            column(&ten(|row| format!("/info/{row}.htm")), &format!("/xw.htm?p={}", number(target, "p=") + 1))
        }
        // Sorted this way and that: one page under every order of its parameters.
        "orders.trap.test" if target.starts_with("/info") => article("要闻", &text(number(target, "id="))),
        "orders.trap.test" => {
            let n = number(target, "n=");
            let href = |row| match n % 2 {
                0 => format!("/info.jsp?id={row}&type=news&lang=zh"),
                _ => format!("/info.jsp?lang=zh&type=news&id={row}"),
            };
            column(&ten(href), &format!("/xw.jsp?sort=a&n={}", n + 1))
        }
        // One place in every spelling.
        "spelt.trap.test" if target.contains("info") => article("要闻", &text(number(target, "1001/"))),
        "spelt.trap.test" => {
            let ways = [
                "/info/1001/1.htm",
                "/info//1001/1.htm",
                "/info/./1001/1.htm",
                "/x/../info/1001/1.htm",
                "/info/1001/1.htm#top",
                "http://SPELT.trap.test:80/info/1001/1.htm",
                "http://spelt.trap.test./info/1001/1.htm",
                "/%69nfo/1001/1.htm",
                "/info/1001/1.htm?",
                "/info/1001/1.htm?utm_source=a&_t=5",
            ];
            let rows = ways.iter().zip(0..).map(|(way, n)| ((*way).to_owned(), format!("学院召开主题教育会议之{n}")));
            column(&rows.collect::<Vec<_>>(), "#")
        }
        _ => Response::status(421),
    }
}

const TRAPS: [(&str, &str); 9] = [
    ("calendar", "/rl.jsp?m=0"),
    ("session", "/list.jsp?page=0"),
    ("jsession", "/xw.jsp?sid=0"),
    ("pager", "/xw.htm?p=0"),
    ("ghosts", "/xw.htm?p=0"),
    ("winding", "/xwzx/"),
    ("orders", "/xw.jsp?sort=a&n=0"),
    ("spelt", "/xw.htm"),
    ("healthy", "/xwzx.htm"),
];

/// A run with so many requests at once, and every request by host; then what the next night's asked for.
fn crawl(concurrency: usize) -> (Summary, Hits, (Summary, Hits)) {
    let healthy = College::with(HEALTHY);
    let server = Server::start(move |request| match request.host() {
        college::HOST => healthy.respond(request),
        _ => answer(request),
    });
    let mut bench = Bench::new(&server);
    bench.sites.clear();
    bench.options.frontier.concurrency = concurrency;
    for (name, seed) in TRAPS {
        let host = if name == "healthy" { college::HOST.to_owned() } else { format!("{name}.trap.test") };
        bench.host(&host, &server);
        let seeds = vec![Url::parse(&format!("http://{host}{seed}")).unwrap()];
        let mut site = Site { seeds, hosts: vec![host], ..site(name, &[]) };
        site.politeness.per_host = concurrency;
        bench.sites.push(site);
    }
    let summary = bench.run();
    let before = server.hits().len();
    let next = bench.run();
    let mut nights = [Hits::new(), Hits::new()];
    for (at, hit) in server.hits().into_iter().enumerate() {
        nights[usize::from(at >= before)].entry(hit.host().to_owned()).or_default().push(hit);
    }
    let [hits, next_hits] = nights;
    (summary, hits, (next, next_hits))
}

/// Requests by host.
type Hits = BTreeMap<String, Vec<Request>>;

#[test]
fn traps_end_by_themselves_are_named_and_stop_no_healthy_site() {
    // Many at once and nobody waiting for anybody: what is under way when a trap is found out counts too.
    let (summary, hits, (next, next_hits)) = crawl(32);
    assert_eq!((summary.exit, summary.stopped), (0, None), "{:?}", summary.sites);
    let of = |name: &str| summary.sites.iter().find(|site| site.site == name).unwrap();
    let asked =
        |name: &str| hits[&format!("{name}.trap.test")].iter().map(|hit| hit.target.clone()).collect::<Vec<_>>();

    // The healthy one: every listing page, every article, no trap.
    let healthy = of("healthy");
    assert_eq!((healthy.counts.listings, healthy.counts.new), (60, u64::from(HEALTHY)));
    assert_eq!(healthy.traps, []);

    // Those that only look like many places are few.
    for (name, articles, most) in [("jsession", 10, 12), ("pager", 10, 14), ("spelt", 1, 3), ("orders", 10, 14)] {
        let targets = asked(name);
        assert!(targets.len() <= most, "{name}: {targets:?}");
        assert_eq!(of(name).counts.new, articles, "{name}");
    }

    // Those without end are closed, pattern by pattern, and named.
    for (name, patterns) in [
        ("calendar", &["calendar.trap.test/day.jsp?d", "calendar.trap.test/rl.jsp?m"][..]),
        ("ghosts", &["ghosts.trap.test/info/{n}.htm", "ghosts.trap.test/xw.htm?p"]),
        ("session", &["session.trap.test/list.jsp?page&tk", "session.trap.test/{x}/info/{n}.htm"]),
    ] {
        let site = of(name);
        let found: BTreeSet<&str> = site.traps.iter().map(|trap| trap.pattern.as_str()).collect();
        assert_eq!(found, patterns.iter().copied().collect(), "{name}: {:?}", site.traps);
        for trap in &site.traps {
            let fruit = if trap.pattern.contains("{x}") { 10 } else { 0 };
            assert!(usize::try_from(trap.asked).unwrap() <= MOST + fruit, "{trap:?}");
            assert!(trap.left > 0 && !trap.first.is_empty(), "{trap:?}");
        }
        assert!(asked(name).len() <= 2 * MOST + 12, "{name}: {} requests", asked(name).len());
        assert!(site.counts.skipped.trap > 0);
    }
    let winding = of("winding");
    assert!(asked("winding").len() <= MOST, "{:?}", asked("winding"));
    let patterns: Vec<&str> = winding.traps.iter().map(|trap| trap.pattern.as_str()).collect();
    assert_eq!(patterns, ["winding.trap.test/xwzx/xwdt…/n{n}.htm", "winding.trap.test/xwzx/xwdt…/"]);
    assert_eq!((winding.counts.listings, winding.counts.new), (3, 20), "{:?}", winding.counts);

    // The night after, those that bring nothing are looked into and left again, and named again.
    for (name, patterns) in [
        ("calendar", &["calendar.trap.test/day.jsp?d", "calendar.trap.test/rl.jsp?m"]),
        ("ghosts", &["ghosts.trap.test/info/{n}.htm", "ghosts.trap.test/xw.htm?p"]),
    ] {
        let site = next.sites.iter().find(|site| site.site == name).unwrap();
        assert_eq!((site.failed.as_ref(), next.exit), (None, 0));
        let hits = &next_hits[&format!("{name}.trap.test")];
        assert!(hits.len() <= 24, "{name}: {} requests", hits.len());
        let found: BTreeSet<&str> = site.traps.iter().map(|trap| trap.pattern.as_str()).collect();
        assert_eq!(found, patterns.iter().copied().collect(), "{name}: {:?}", site.traps);
        assert!(site.traps.iter().all(|trap| trap.known && trap.left > 0), "{:?}", site.traps);
    }
    let healthy = next.sites.iter().find(|site| site.site == "healthy").unwrap();
    assert_eq!((healthy.failed.as_ref(), healthy.traps.len()), (None, 0));
}
