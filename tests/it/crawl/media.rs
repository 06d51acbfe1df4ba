//! Images and attachments of articles: fetched once, last, politely, and never a failure.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use shiguan::store::Reader;

use super::bench::{Bench, site};
use super::college::HOST;
use crate::support::response::Response;
use crate::support::server::{Request, Server};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n the first picture";
const OTHER: &[u8] = b"\x89PNG\r\n\x1a\n the second one";
const CAPTCHA: &str = include_str!("../../../fixtures/demo/templates/vsb/captcha.html");

type Pages = Arc<Mutex<BTreeMap<String, Response>>>;

fn article(id: u32, inside: &str, annex: &str) -> Response {
    Response::html(format!(
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>第{id}次读书班-云岭理工大学新闻网</title>\
         <!--Announced by Visual SiteBuilder 9--></head><body><form name=\"_newscontent_fromname\"><h1>第{id}次读书班</h1>\
         <div class=\"info\">来源：党委宣传部 发布时间：2023-06-0{id} 09:30</div>\
         <div id=\"vsb_content\"><div class=\"v_news_content\"><p>云岭理工大学第{id}次主题教育读书班在学术报告厅举行。</p>{inside}\
         <p>会议指出，要把学习成果转化为服务师生、推动发展的实际行动。</p></div></div>{annex}</form></body></html>"
    ))
}

fn png(bytes: &[u8]) -> Response {
    Response::new(200, "image/png", bytes)
}

/// Two articles, four images (one twice, one under two names, one elsewhere, one missing), two attachments (one a trap).
fn pages() -> Pages {
    let mut rows = String::new();
    for id in [2, 1] {
        let link = format!("<a href=\"/info/1001/{id}.htm\" title=\"第{id}次读书班\">第{id}次读书班</a>");
        write!(rows, "<li id=\"line_u8_{id}\">{link}<span>2023-06-0{id}</span></li>").unwrap();
    }
    for n in 1..=3 {
        let link = format!("<a href=\"http://paper.donghu.test/{n}.htm\">他校报道{n}</a>");
        write!(rows, "<li id=\"line_u8_9{n}\">{link}<span>2023-06-01</span></li>").unwrap();
    }
    let listing = format!(
        "<html><head><title>新闻-云岭</title><!--Announced by Visual SiteBuilder 9--></head><body><div class=\"list\"><ul>{rows}</ul></div></body></html>"
    );
    let one = "<p><img src=\"/__local/a.png\"></p><p><img src=\"/__local/lost.png\"></p><p><img src=\"http://cdn.donghu.test/c.png\"></p>";
    let two =
        "<p><img src=\"/__local/a.png\"></p><p><img src=\"/__local/same.png\"></p><p><img src=\"/moved.png\"></p>";
    let annex = "<ul><li>附件【<a href=\"/system/_content/download.jsp?wbfileid=7\">名单.docx</a>】</li>\
                 <li>附件【<a href=\"/files/plan.pdf\">方案.pdf</a>】</li></ul>";
    let all = [
        ("/xwzx.htm", Response::html(listing)),
        ("/info/1001/1.htm", article(1, one, "")),
        ("/info/1001/2.htm", article(2, two, annex)),
        ("/__local/a.png", png(PNG)),
        ("/__local/same.png", png(PNG)),
        ("/moved.png", Response::redirect("/__local/other.png")),
        ("/__local/other.png", png(OTHER)),
        ("/system/_content/download.jsp", Response::html(CAPTCHA)),
        ("/files/plan.pdf", Response::new(200, "application/pdf", "%PDF-1.4 plan")),
    ];
    Arc::new(Mutex::new(all.into_iter().map(|(path, response)| (path.to_owned(), response)).collect()))
}

fn serve(pages: &Pages) -> Server {
    let pages = Arc::clone(pages);
    let answer = move |request: &Request| pages.lock().unwrap().get(request.path()).cloned();
    Server::start(move |request| answer(request).unwrap_or_else(|| Response::status(404)))
}

/// Path and outcome of every file, with its size where it was had.
fn files(bench: &Bench) -> BTreeMap<String, String> {
    let index = rusqlite::Connection::open(bench.dir().join("shiguan.db")).unwrap();
    let sql = "SELECT url, coalesce(outcome, 'open') || coalesce(' ' || bytes, '') || coalesce(' ' || media_type, '') FROM \
               (SELECT url, outcome, bytes, media_type FROM images UNION ALL SELECT url, outcome, bytes, media_type FROM attachments)";
    let mut statement = index.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))).unwrap();
    rows.map(Result::unwrap).map(|(url, told)| (url.replace(&format!("http://{HOST}"), ""), told)).collect()
}

fn told(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(url, told)| ((*url).to_owned(), (*told).to_owned())).collect()
}

#[test]
fn files_are_fetched_once_after_the_pages_and_a_trap_is_no_file() {
    let pages = pages();
    let server = serve(&pages);
    let bench = Bench::new(&server);
    let first = bench.run();
    assert_eq!((first.exit, first.total.failed), (0, 0), "{first:?}");
    let media = first.total.media;
    assert_eq!((media.files, media.missing, media.not_asked), (4, 2, 1), "{media:?}");
    let had = format!("ok {} image/png", PNG.len());
    assert_eq!(
        files(&bench),
        told(&[
            ("/__local/a.png", &had),
            ("/__local/same.png", &had),
            ("/__local/lost.png", "not-found"),
            ("http://cdn.donghu.test/c.png", "other-host"),
            ("/moved.png", &format!("ok {} image/png", OTHER.len())),
            ("/system/_content/download.jsp?wbfileid=7", "captcha"),
            ("/files/plan.pdf", "ok 13 application/pdf"),
        ])
    );
    let targets = server.targets();
    let last_page = targets.iter().rposition(|target| target.contains("/info/")).unwrap();
    assert_eq!(last_page, 3, "robots, the listing, two articles, then files: {targets:?}");
    assert_eq!(server.count("/__local/a.png"), 1, "two articles show it");

    let reader = Reader::open(bench.dir()).unwrap();
    let filter = shiguan::domain::held::Filter::default();
    let kinds: BTreeMap<String, Option<String>> = reader
        .captures(&filter)
        .map(Result::unwrap)
        .map(|capture| (capture.url.replace(&format!("http://{HOST}"), ""), capture.warc_type))
        .collect();
    let same = [&kinds["/__local/a.png"], &kinds["/__local/same.png"]].map(|kind| kind.as_deref().unwrap());
    assert!(same == ["response", "revisit"] || same == ["revisit", "response"], "one payload, kept once: {same:?}");
    assert_eq!(
        kinds["/system/_content/download.jsp?wbfileid=7"].as_deref(),
        Some("response"),
        "the trap is kept as evidence"
    );

    let before = server.hits().len();
    let second = bench.run();
    assert_eq!(server.targets()[before..], ["/xwzx.htm"], "neither those that were had nor those that were not");
    assert_eq!((second.total.media.files, second.total.media.not_asked), (0, 0));
}

#[test]
fn files_can_be_left_out_and_fetched_later_and_hosts_allowed() {
    let pages = pages();
    let server = serve(&pages);
    let mut bench = Bench::new(&server);
    bench.sites[0].media = false;
    let without = bench.run();
    assert_eq!((without.exit, without.total.media.files, server.hits().len()), (0, 0, 4));
    assert_eq!(files(&bench)["/files/plan.pdf"], "open");

    bench.sites = vec![site("yunling", &["/xwzx.htm"])];
    bench.sites[0].hosts.push("cdn.donghu.test".to_owned());
    bench.host("cdn.donghu.test", &server);
    let with = bench.run();
    assert_eq!((with.exit, with.total.new, with.total.media.files), (0, 0, 4));
    assert_eq!(files(&bench)["http://cdn.donghu.test/c.png"], "not-found", "it was asked for there");
    assert_eq!(server.count("/info/1001/1.htm"), 1);
}

#[test]
fn whatever_happens_to_files_the_site_has_not_failed() {
    let pages = pages();
    {
        let mut pages = pages.lock().unwrap();
        for path in ["/__local/a.png", "/__local/same.png", "/files/plan.pdf"] {
            pages.insert(path.to_owned(), Response::status(500));
        }
        let robots = Response::text("User-agent: *\nDisallow: /moved.png\n");
        pages.insert("/robots.txt".to_owned(), robots);
    }
    let server = serve(&pages);
    let mut bench = Bench::new(&server);
    bench.options.max_failures = 0.0;
    let first = bench.run();
    assert_eq!((first.exit, first.total.failed, first.sites[0].failures.len()), (0, 0, 0), "{first:?}");
    let files = files(&bench);
    assert_eq!((files["/__local/a.png"].as_str(), files["/moved.png"].as_str()), ("server-error", "robots"));
    let status = Reader::open(bench.dir()).unwrap().status().unwrap();
    assert_eq!(status[0].failed, 0);
    let before = server.hits().len();
    bench.run();
    assert_eq!(server.targets()[before..], ["/xwzx.htm"]);
}
