//! The made-up university, seen from outside: what its server says over a socket, and that what it says agrees with
//! what it claims to hold.

mod command;
mod reading;

use shiguan::demo::{self, Family, Response, Site, expected, respond};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

fn get(host: &str, target: &str, day: u32) -> Response {
    respond(host, target, &[], day)
}

fn text(response: &Response) -> String {
    String::from_utf8_lossy(&response.body).into_owned()
}

/// Path and query of every listing page, found by counting as a reader would.
fn listing_pages(site: &Site, day: u32) -> Vec<Response> {
    let held = expected(day).into_iter().find(|held| held.site == site.id).unwrap();
    let path = |page: usize| match (site.family, page) {
        (Family::Vsb, 1) => "/xwzx/ztjy.htm".to_owned(),
        (Family::Vsb, page) => format!("/xwzx/ztjy/{}.htm", held.listing_pages + 1 - page),
        (Family::Webplus, 1) => "/3042/list.htm".to_owned(),
        (Family::Webplus, page) => format!("/3042/list{page}.htm"),
        (Family::Trs, 1) => "/xxjy/index.html".to_owned(),
        (Family::Trs, page) => format!("/xxjy/index_{}.html", page - 1),
        (Family::Zcms, page) => {
            let rows = site.page_size;
            format!("/zcms/front/information/studio?pageIndex={}&pageSize={rows}&siteID=143&studioID=927", page - 1)
        }
    };
    (1..=held.listing_pages).map(|number| get(&site.host, &path(number), day)).collect()
}

#[test]
fn listings_name_every_article_once_over_all_pages() {
    for site in Site::all() {
        for day in [1, 2] {
            let pages = listing_pages(site, day);
            assert!(pages.iter().all(|page| page.status == 200), "{} day {day}", site.id);
            let all: String = pages.iter().map(text).collect();
            for article in site.articles_on(day) {
                let shapes = [
                    format!("/{}.htm\"", article.id),
                    format!("a{}/page.htm'", article.id),
                    format!("_{}.html\"", article.id),
                    format!("/{}.shtml\"", article.id),
                ];
                let times: usize = shapes.iter().map(|shape| all.matches(shape.as_str()).count()).sum();
                assert_eq!(times, 1, "{} {}", site.id, article.id);
            }
        }
    }
}

#[test]
fn a_seed_is_the_first_listing_page_and_answers() {
    let seeds = demo::seeds();
    assert_eq!(seeds.len(), Site::all().len());
    for (_, url) in seeds {
        let target = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        assert_eq!(get(url.host_str().unwrap(), &target, 1).status, 200, "{url}");
    }
}

#[test]
fn validators_that_still_hold_get_304_without_a_body() {
    let (host, target) = ("news.yunling.example", "/info/1012/2055.htm");
    let first = get(host, target, 1);
    let tag = first.header("etag").unwrap().to_owned();
    let modified = first.header("last-modified").unwrap().to_owned();
    for headers in [
        vec![("If-None-Match".to_owned(), tag.clone())],
        vec![("if-none-match".to_owned(), format!("\"other\", W/{tag}"))],
        vec![("If-Modified-Since".to_owned(), modified.clone())],
    ] {
        let again = respond(host, target, &headers, 1);
        assert_eq!((again.status, again.body.len()), (304, 0), "{headers:?}");
        assert_eq!(again.header("etag"), Some(tag.as_str()));
        assert_eq!(respond(host, target, &headers, 2).status, 200, "edited on day two: {headers:?}");
    }
    let both = [("If-None-Match".to_owned(), "\"other\"".to_owned()), ("If-Modified-Since".to_owned(), modified)];
    assert_eq!(respond(host, target, &both, 1).status, 200, "a tag that differs goes before a date that agrees");
}

#[test]
fn day_two_takes_down_adds_and_edits() {
    let host = "news.yunling.example";
    let status = |id: u32, day| get(host, &format!("/info/1012/{id}.htm"), day).status;
    assert_eq!((status(2057, 1), status(2057, 2)), (200, 404), "taken down");
    assert_eq!((status(2060, 1), status(2060, 2)), (404, 200), "added");
    assert_ne!(get(host, "/info/1012/2055.htm", 1).body, get(host, "/info/1012/2055.htm", 2).body, "edited");
}

#[test]
fn gbk_pages_hold_names_gb2312_cannot_write() {
    let site = Site::by_host("party.yunling.example").unwrap();
    let mut seen = Vec::new();
    for (target, media_type) in [
        ("/xxjy/202305/t20230523_5498.html", "text/html"),
        ("/xxjy/202306/t20230615_5519.html", "text/html; charset=GBK"),
    ] {
        let page = get(&site.host, target, 1);
        assert_eq!(page.header("content-type"), Some(media_type));
        assert!(String::from_utf8(page.body.clone()).is_err(), "not UTF-8");
        let (decoded, _, broken) = encoding_rs::GBK.decode(&page.body);
        assert!(!broken && decoded.contains('喆'), "{target}");
        seen.push(decoded.contains("charset=gb2312"));
    }
    assert_eq!(seen, [true, false]);
}

#[test]
fn images_and_files_are_what_their_type_says() {
    let mut checked = 0;
    for site in Site::all() {
        for article in site.articles_on(1) {
            let page = get(&site.host, &path_of(site, article.id), 1);
            let page = encoding_rs::GBK.decode(&page.body).0.into_owned();
            for link in links(&page, &path_of(site, article.id)) {
                let answer = get(&site.host, &link, 1);
                let begins: &[u8] = match answer.header("content-type").unwrap() {
                    "image/png" => b"\x89PNG",
                    "image/jpeg" => b"\xff\xd8\xff",
                    "application/pdf" => b"%PDF",
                    _ => b"<!DOCTYPE html>",
                };
                assert!(answer.status == 200 && answer.body.starts_with(begins), "{} {link}", site.id);
                checked += 1;
            }
        }
    }
    assert!(checked > 20, "{checked}");
}

fn path_of(site: &Site, id: u64) -> String {
    let all: String = listing_pages(site, 1).iter().map(text).collect();
    let article = site.articles.iter().find(|article| article.id == id).unwrap();
    let (date, month) = (article.day_printed().replace('-', ""), article.published[..7].replace('-', ""));
    let path = match site.family {
        Family::Vsb => format!("/info/1012/{id}.htm"),
        Family::Webplus => format!("/{}/{}/c3042a{id}/page.htm", &date[..4], &date[4..]),
        Family::Trs => format!("/xxjy/{month}/t{date}_{id}.html"),
        Family::Zcms => format!("/a/yllgdx/{}/{id}.shtml", &date[2..]),
    };
    assert!(all.contains(path.trim_start_matches("/xxjy")), "{path}");
    path
}

/// Addresses of body images and attachments on a page, resolved by hand for the two forms the templates use.
fn links(page: &str, path: &str) -> Vec<String> {
    let folder = path.rsplit_once('/').unwrap().0;
    let quoted = |marker: &str| -> Vec<String> {
        page.split(marker).skip(1).map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&")).collect()
    };
    let all = [quoted("src=\""), quoted("href=\"")].concat();
    let wanted = ["/__local/", "download.jsp", "/_upload/article/", "./W0", "./P0", "/upload/resources/"];
    let mut found: Vec<String> = all
        .into_iter()
        .filter(|link| wanted.iter().any(|w| link.contains(w)))
        .map(|link| link.strip_prefix("./").map_or_else(|| link.clone(), |name| format!("{folder}/{name}")))
        .collect();
    found.dedup();
    found
}

#[test]
fn a_stranger_is_misdirected_and_a_lost_page_is_missing() {
    assert_eq!(get("www.elsewhere.example", "/", 1).status, 421);
    for held in expected(1).iter().filter(|held| held.missing > 0) {
        let site = Site::by_host(held.host).unwrap();
        let dead = site.rows.iter().filter(|row| get(&site.host, &row.href, 1).status == 404).count();
        assert!(dead >= held.missing, "{}", held.site);
    }
    let moved = get("marx.yunling.example", "/_redirect?siteId=41&columnId=3042&articleId=120245", 1);
    assert_eq!((moved.status, moved.header("location")), (302, Some("/2023/0610/c3042a120245/page.htm")));
}

async fn exchange(address: std::net::SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn the_server_tells_hosts_apart_and_remembers_who_asked() {
    let server = demo::serve(TcpListener::bind("127.0.0.1:0").await.unwrap()).unwrap();
    let address = server.address();
    assert!(server.resolves().iter().all(|(host, to)| host.ends_with(".example") && *to == address));
    let ask = |host: &str, target: &str| format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");

    let listing = exchange(address, &ask("news.yunling.example", "/xwzx/ztjy.htm")).await;
    assert!(listing.starts_with("HTTP/1.1 200 OK") && listing.contains("fanye189044"), "{listing}");
    let robots = exchange(address, &ask("party.yunling.example:80", "/robots.txt")).await;
    assert!(robots.contains("Allow: /"), "{robots}");
    assert!(exchange(address, &ask("news.yunling.example", "/info/1012/2060.htm")).await.starts_with("HTTP/1.1 404"));
    server.set_day(2);
    assert!(exchange(address, &ask("news.yunling.example", "/info/1012/2060.htm")).await.starts_with("HTTP/1.1 200"));
    let posted =
        exchange(address, "POST / HTTP/1.1\r\nHost: yuren.example\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            .await;
    assert!(posted.starts_with("HTTP/1.1 405"), "{posted}");

    let seen: Vec<u16> = server.hits().iter().map(|hit| hit.status).collect();
    assert_eq!(seen, [200, 200, 404, 200, 405]);
    server.shutdown().await.unwrap();
}
