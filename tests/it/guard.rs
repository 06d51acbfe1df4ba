//! Where a crawl may go: a forbidden address stays unconnected however it is spelled and whoever names it.
//!
//! Proof is twofold: the fetch ends as forbidden, which is decided before a socket is asked for, and listeners on every
//! address of this machine, at the port all spellings name, count no connection. `tests/faults guard` counts the system's
//! `connect` calls besides.

mod spellings;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use shiguan::domain::capture::{FailureKind, FetchFailure};
use shiguan::domain::request::{FetchRequest, Purpose};
use shiguan::fetch::guard::Lookup;
use shiguan::fetch::{self, Fetch as _, HttpFetch, Options};
use url::Url;

use self::spellings::{spellings, spellings_of_this_machine};
use crate::crawl::bench::{Bench, site, wait};
use crate::crawl::college::{College, HOST, path};
use crate::support::response::Response;
use crate::support::server::Server;

/// A listener that counts who comes.
struct Trap {
    port: u16,
    came: Arc<AtomicUsize>,
}

impl Trap {
    fn set() -> Self {
        Self::on(Ipv4Addr::UNSPECIFIED)
    }

    fn on(address: Ipv4Addr) -> Self {
        let listener = TcpListener::bind((address, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let came = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&came);
        thread::spawn(move || {
            listener.incoming().for_each(|_| {
                counter.fetch_add(1, Ordering::SeqCst);
            });
        });
        Self { port, came }
    }

    fn came(&self) -> usize {
        self.came.load(Ordering::SeqCst)
    }
}

/// Answers, one after the other, the last for ever.
#[derive(Debug)]
struct Answers {
    rounds: Mutex<Vec<Vec<SocketAddr>>>,
    asked: AtomicUsize,
}

impl Answers {
    fn new(rounds: &[&[&str]]) -> Arc<Self> {
        let socket = |ip: &&str| SocketAddr::new(ip.parse().unwrap(), 0);
        let rounds = rounds.iter().rev().map(|round| round.iter().map(socket).collect()).collect();
        Arc::new(Self { rounds: Mutex::new(rounds), asked: AtomicUsize::new(0) })
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Lookup for Answers {
    fn lookup(&self, _name: String) -> Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut rounds = self.rounds.lock().unwrap();
        let answer = if rounds.len() > 1 { rounds.pop().unwrap() } else { rounds[0].clone() };
        Box::pin(async move { Ok(answer) })
    }
}

/// A client without a contact: whatever goes wrong here, nobody out there is asked. That an address was refused for
/// what it is, and not for want of a contact, is told by the words of the refusal.
fn options() -> Options {
    Options::default()
}

fn request(url: Url, purpose: Purpose) -> FetchRequest {
    let site = "yunling".to_owned();
    FetchRequest { url, site, purpose, via: None, hops: 0, attempt: 0, walk: None, item: None, prior: None }
}

async fn refused(fetch: &HttpFetch, url: &Url, purpose: Purpose) -> Result<(), String> {
    match fetch.fetch(&request(url.clone(), purpose)).await {
        Err(FetchFailure { kind: FailureKind::Forbidden, detail, .. })
            if detail.contains("is not a public address") =>
        {
            Ok(())
        }
        other => Err(format!("{url}: {other:?}")),
    }
}

#[test]
fn a_thousand_spellings_open_no_socket() {
    let trap = Trap::set();
    let lookup = Answers::new(&[&["127.0.0.1", "::1"]]);
    let fetch = HttpFetch::with_lookup(options(), lookup.clone()).unwrap();
    let all = spellings(trap.port);
    let different: BTreeSet<&String> = all.iter().collect();
    assert_eq!(different.len(), all.len(), "each spelling once");
    let urls: Vec<Url> = all.iter().filter_map(|text| Url::parse(text).ok()).collect();
    assert!(urls.len() >= 1000, "{} of {} are addresses at all", urls.len(), all.len());
    let purposes = [Purpose::Article, Purpose::Robots, Purpose::Image, Purpose::Seed];
    let wrong: Vec<String> = wait(async {
        let mut wrong = Vec::new();
        for (n, url) in urls.iter().enumerate() {
            wrong.extend(refused(&fetch, url, purposes[n % purposes.len()]).await.err());
        }
        wrong
    });
    assert_eq!((wrong, trap.came()), (Vec::new(), 0));
    let by_name = lookup.asked();
    assert!((20..urls.len() / 4).contains(&by_name), "{by_name} of {} were names and not addresses", urls.len());
}

#[test]
fn a_thousand_redirects_open_no_socket() {
    let trap = Trap::set();
    // A line's end cannot be within a header field.
    let all: Vec<String> = spellings(trap.port).into_iter().filter(|text| !text.contains('\n')).collect();
    let targets = all.clone();
    let server = Server::start(move |request| {
        Response::redirect(&targets[request.path().trim_start_matches('/').parse::<usize>().unwrap()])
    });
    let resolve = vec![server.resolve(HOST).parse().unwrap()];
    let lookup = Answers::new(&[&["127.0.0.1"]]);
    let fetch = HttpFetch::with_lookup(Options { resolve, ..options() }, lookup).unwrap();
    let (led, wrong) = wait(async {
        let (mut led, mut wrong) = (0, Vec::new());
        for n in 0..all.len() {
            let url = format!("http://{HOST}/{n}").parse().unwrap();
            let answer = fetch.fetch(&request(url, Purpose::Article)).await.unwrap();
            // A target may also be read as a path of the same host, which is no forbidden address.
            let Some(target) = answer.redirect_target().filter(|to| to.host_str() != Some(HOST)) else { continue };
            led += 1;
            wrong.extend(refused(&fetch, &target, Purpose::Article).await.err());
        }
        (led, wrong)
    });
    assert_eq!((wrong, trap.came()), (Vec::new(), 0));
    assert!(led >= 1000, "{led} of {} lead elsewhere", all.len());
}

/// An article's page with these images in its text.
fn page_with(images: &str) -> String {
    format!(
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>图片新闻-云岭理工大学新闻网</title>\
         <!--Announced by Visual SiteBuilder 9--></head><body><form name=\"_newscontent_fromname\"><h1>图片新闻</h1>\
         <div class=\"info\">来源：党委宣传部 发布时间：2023-06-05 09:30</div><div id=\"vsb_content\">\
         <div class=\"v_news_content\"><p>云岭理工大学主题教育读书班在学术报告厅举行，各学院师生代表参加了学习。</p>{images}\
         </div></div></form></body></html>"
    )
}

#[test]
fn a_crawl_follows_no_link_redirect_robots_or_image_there() {
    let trap = Trap::set();
    let spelled = spellings_of_this_machine(trap.port);
    let illustrated = u32::try_from(spelled.len()).unwrap() + 1;
    let mut college = College::with(illustrated);
    let mut images = String::new();
    for (n, target) in spelled.iter().enumerate() {
        college.moved.insert(format!("/pictures/{n}.png"), format!("{target}{n}.png"));
        write!(images, "<p><img src=\"/pictures/{n}.png\"><img src=\"{target}direct/{n}.png\"></p>").unwrap();
    }
    college.instead.insert(path(illustrated), page_with(&images));
    for (id, target) in (1..).zip(&spelled) {
        college.moved.insert(path(id), target.clone());
        let row = format!("<li id=\"line_u8_9{id}\"><a href=\"{target}info/1001/{id}.htm\">学院召开会议</a></li>");
        college.sticky.push_str(if id < 20 { &row } else { "" });
    }
    let (_college, server) = college.serve();
    let mut bench = Bench::new(&server);
    let targets = spelled.clone();
    let robots = Server::start(move |request| match request.path() {
        "/robots.txt" => {
            let host = request.host().trim_start_matches('r').split('.').next().unwrap().parse::<usize>().unwrap();
            Response::redirect(&format!("{}robots.txt", targets[host]))
        }
        _ => Response::status(404),
    });
    for n in 0..spelled.len() {
        bench.host(&format!("r{n}.yunling.test"), &robots);
        let mut more = site(&format!("r{n}"), &["/xwzx.htm"]);
        more.hosts = vec![format!("r{n}.yunling.test")];
        more.seeds = vec![format!("http://r{n}.yunling.test/xwzx.htm").parse().unwrap()];
        bench.sites.push(more);
    }
    bench.run();
    assert_eq!(trap.came(), 0);
    let asked = robots.hits();
    let robots = asked.iter().filter(|hit| hit.path() == "/robots.txt").count();
    assert!(robots >= spelled.len(), "{robots} robots.txt were asked for");
    let moved = server.targets().iter().filter(|target| target.contains("/info/1001/")).count();
    assert!(moved >= spelled.len(), "{moved} redirects were met");
    let pictures = server.targets().iter().filter(|target| target.starts_with("/pictures/")).count();
    assert!(pictures >= spelled.len(), "{pictures} images were asked for");
}

#[test]
fn a_name_that_changes_its_answer_gains_nothing() {
    let server = Server::start(|_| Response::html("first").header("Connection", "close"));
    let forbidden = TcpListener::bind((Ipv4Addr::new(127, 0, 0, 2), server.port())).unwrap();
    forbidden.set_nonblocking(true).unwrap();
    // One address of loopback stands for what is allowed and another for what is not.
    let permitted = || Options { allow: vec!["127.0.0.1/32".parse().unwrap()], ..options() };
    let url: Url = format!("http://rebind.yunling.test:{}/", server.port()).parse().unwrap();
    let rounds = Answers::new(&[&["127.0.0.1"], &["127.0.0.2"], &["127.0.0.2", "127.0.0.1"], &["::ffff:127.0.0.2"]]);
    let fetch = HttpFetch::with_lookup(permitted(), rounds.clone()).unwrap();
    let kinds = wait(async {
        let mut kinds = Vec::new();
        for _ in 0..4 {
            let answer = fetch.fetch(&request(url.clone(), Purpose::Article)).await;
            kinds.push(answer.map(|capture| capture.ip.unwrap().to_string()).map_err(|failure| failure.kind));
        }
        kinds
    });
    let here = Ok("127.0.0.1".to_owned());
    assert_eq!(kinds, [here.clone(), Err(FailureKind::Forbidden), here, Err(FailureKind::Forbidden)]);
    assert_eq!(rounds.asked(), 4, "what is checked is what is connected to: one answer a connection");
    assert_eq!(forbidden.accept().unwrap_err().kind(), io::ErrorKind::WouldBlock, "nobody came");
}

#[test]
fn no_proxy_is_reached_at_a_forbidden_address() {
    let trap = Trap::set();
    let mut refusals = (0, 0);
    for (n, text) in spellings(trap.port).iter().enumerate() {
        let scheme = ["http", "https", "socks5", "socks5h"][n % 4];
        let Some(rest) = text.strip_prefix("http://") else { continue };
        let Ok(proxy) = Url::parse(&format!("{scheme}://{rest}")) else { continue };
        let lookup = Answers::new(&[&["127.0.0.1"]]);
        let options = Options { proxy: Some(proxy.clone()), contact: true, ..options() };
        match HttpFetch::with_lookup(options, lookup) {
            Err(fetch::Error::Proxy { .. }) => refusals.0 += 1,
            Err(other) => panic!("{proxy}: {other}"),
            // Spelled as a name: refused when it is looked up.
            Ok(fetch) => {
                let url = "http://news.yunling.test/".parse().unwrap();
                let answer = wait(fetch.fetch(&request(url, Purpose::Article)));
                assert!(answer.is_err(), "{proxy}: {answer:?}");
                refusals.1 += 1;
            }
        }
    }
    assert_eq!(trap.came(), 0);
    assert!(refusals.0 >= 300 && refusals.1 >= 20, "{refusals:?}");
}

#[test]
fn credentials_stay_with_whom_they_were_given_for() {
    let seen = |server: &Server| {
        let of = |hit: &crate::support::server::Request| {
            ["authorization", "proxy-authorization", "cookie"].map(|name| hit.header(name).map(str::to_owned))
        };
        server.hits().iter().map(of).collect::<Vec<_>>()
    };
    let (origin, proxy) = (Server::start(|_| Response::html("1")), Server::start(|_| Response::html("2")));
    let mut through = proxy.url("/");
    through.set_username("yunling").unwrap();
    through.set_password(Some("secret")).unwrap();
    let options = Options {
        allow: vec!["127.0.0.0/8".parse().unwrap()],
        resolve: vec![origin.resolve(HOST).parse().unwrap()],
        proxy: Some(through),
        contact: true,
        ..options()
    };
    let fetch = HttpFetch::new(options).unwrap();
    let ask = |url: &str| wait(fetch.fetch(&request(url.parse().unwrap(), Purpose::Article))).unwrap();
    let heads = [
        ask(&format!("http://{HOST}/")),
        ask(&format!("http://user:password@{HOST}/")),
        ask("http://other.yunling.test/"),
    ];
    let nothing = [None, None, None];
    assert_eq!(seen(&origin), [nothing.clone(), nothing], "neither the proxy's password nor one written in a link");
    let basic = Some("Basic eXVubGluZzpzZWNyZXQ=".to_owned());
    assert_eq!(seen(&proxy), [[None, basic, None]]);
    for capture in heads {
        let stored = format!("{:?}", capture.request);
        assert!(!stored.to_ascii_lowercase().contains("authorization"), "{stored}");
    }
}
