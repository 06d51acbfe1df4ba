//! One request, one answer: against a real server with every fault we know of.

use std::future::Future;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use shiguan::domain::capture::{Capture, FailureKind, FetchFailure, Truncation};
use shiguan::domain::digest::{PayloadDigest, RecordId};
use shiguan::domain::request::{FetchRequest, Prior, Purpose};
use shiguan::domain::time::CaptureTime;
use shiguan::fetch::{Fetch as _, HttpFetch, Options};
use url::Url;

use crate::support::response::{Response, Step};
use crate::support::server::Server;

const PAGE: &str = "<!DOCTYPE html><title>云岭理工大学新闻网</title><p>主题教育</p>";

/// Short times, loopback permitted, no contact: nothing here may reach beyond this machine.
fn options() -> Options {
    Options {
        allow: vec!["127.0.0.0/8".parse().unwrap()],
        connect_timeout: Duration::from_millis(500),
        header_timeout: Duration::from_millis(400),
        idle_timeout: Duration::from_millis(300),
        total_timeout: Duration::from_secs(3),
        max_wire_bytes: 1 << 20,
        ..Options::default()
    }
}

fn request(url: Url) -> FetchRequest {
    let site = "yunling".to_owned();
    FetchRequest {
        url,
        site,
        purpose: Purpose::Article,
        via: None,
        hops: 0,
        attempt: 0,
        walk: None,
        item: None,
        prior: None,
    }
}

fn wait<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn fetch_with(options: Options, request: &FetchRequest) -> Result<Capture, FetchFailure> {
    wait(HttpFetch::new(options).unwrap().fetch(request))
}

fn get(response: Response) -> Result<Capture, FetchFailure> {
    let server = Server::start(move |_| response.clone());
    fetch_with(options(), &request(server.url("/info/1001/2.htm")))
}

fn failure(response: Response) -> (FailureKind, bool) {
    let failure = get(response).unwrap_err();
    (failure.kind, failure.retry)
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_page_is_captured_as_it_travelled() {
    let coded = gzip(PAGE.as_bytes());
    let capture = get(Response::html(coded.clone()).header("Content-Encoding", "gzip").chunked(7)).unwrap();
    assert_eq!(capture.payload, coded, "content coding kept, chunking undone");
    assert_eq!(capture.payload_digest, PayloadDigest::of(&coded));
    assert_eq!(capture.header("content-encoding"), Some("gzip"));
    assert_eq!(capture.header("transfer-encoding"), Some("chunked"));
    assert_eq!((capture.status, capture.truncated), (200, None));
    assert_eq!(capture.response.line, "HTTP/1.1 200 Answer", "the reason phrase is the server's own");
    assert_eq!(capture.ip, Some("127.0.0.1".parse().unwrap()));
    let capture = get(Response::html(PAGE).ended_by_hanging_up()).unwrap();
    assert_eq!((&*capture.payload, capture.truncated), (PAGE.as_bytes(), None), "ended by hanging up");
}

#[test]
fn the_request_stored_is_the_request_sent() {
    let server = Server::start(|_| Response::not_modified().header("ETag", "\"v1\""));
    let prior = Prior {
        etag: Some("\"v1\"".to_owned()),
        last_modified: Some("Tue, 06 Jun 2023 08:49:09 GMT".to_owned()),
        payload_digest: None,
        record_id: RecordId::from_stored("urn:uuid:1"),
        captured_at: CaptureTime::parse("2026-01-01T00:00:00Z").unwrap(),
        selectors: None,
    };
    let options = Options { allow: options().allow, ..Options::identified("mailto:archive@yunling.example") };
    let request = FetchRequest { prior: Some(prior), ..request(server.url("/a.htm?id=1")) };
    let capture = fetch_with(options, &request).unwrap();
    assert_eq!((capture.status, capture.payload.len(), capture.truncated), (304, 0, None));
    let hit = server.hits().remove(0);
    let stored = capture.request.fields.iter();
    let stored: Vec<_> = stored.map(|(n, v)| (n.clone(), String::from_utf8(v.clone()).unwrap())).collect();
    assert_eq!(capture.request.line, format!("{} {} HTTP/1.1", hit.method, hit.target));
    assert_eq!(stored, hit.headers, "every field, its order, its spelling");
    assert_eq!(hit.header("if-none-match"), Some("\"v1\""));
    assert_eq!(hit.header("if-modified-since"), Some("Tue, 06 Jun 2023 08:49:09 GMT"));
    assert_eq!(hit.header("accept-encoding"), Some("gzip"));
    let agent = concat!("shiguan/", env!("CARGO_PKG_VERSION"), " (+mailto:archive@yunling.example)");
    assert_eq!(hit.header("user-agent"), Some(agent));
    for private in ["cookie", "referer", "authorization"] {
        assert_eq!(hit.header(private), None);
    }
}

#[test]
fn every_status_is_an_answer() {
    let throttled = Response::status(429).header("Retry-After", "120");
    assert_eq!(get(throttled).unwrap().header("retry-after"), Some("120"));
    for (response, status, payload) in [
        (Response::json("{}"), 200, "{}"),
        (Response::text("User-agent: *"), 200, "User-agent: *"),
        (Response::status(404), 404, "status 404"),
        (Response::status(503), 503, "status 503"),
    ] {
        let capture = get(response).unwrap();
        assert_eq!((capture.status, &*capture.payload), (status, payload.as_bytes()));
    }
}

#[test]
fn a_redirect_is_an_answer_and_no_cookie_is_kept() {
    let server = Server::start(|_| Response::redirect("/b.htm").header("Set-Cookie", "sid=1"));
    let fetch = HttpFetch::new(options()).unwrap();
    wait(async {
        let capture = fetch.fetch(&request(server.url("/a.htm"))).await.unwrap();
        assert_eq!((capture.status, capture.redirect_target()), (302, Some(server.url("/b.htm"))));
        fetch.fetch(&request(server.url("/c.htm"))).await.unwrap();
    });
    assert_eq!(server.targets(), ["/a.htm", "/c.htm"]);
    assert_eq!((server.count("/a.htm"), server.count("/b.htm")), (1, 0));
    assert_eq!(server.hits()[1].header("cookie"), None);
}

#[test]
fn one_connection_serves_a_host() {
    let server = Server::start(|_| Response::html(PAGE));
    let fetch = HttpFetch::new(options()).unwrap();
    wait(async {
        for target in ["/1.htm", "/2.htm", "/3.htm"] {
            fetch.fetch(&request(server.url(target))).await.unwrap();
        }
    });
    let hits = server.hits();
    assert!(hits.iter().all(|hit| hit.connection == 0));
    assert!(hits.is_sorted_by_key(|hit| hit.at));
}

#[test]
fn header_values_keep_their_bytes() {
    let gbk = b"attachment; filename=\xd0\xc2\xce\xc5.doc";
    let capture = get(Response::html(PAGE).header("Content-Disposition", *gbk)).unwrap();
    let stored = capture.response.fields.iter().find(|(name, _)| name == "content-disposition").unwrap();
    assert_eq!(stored.1, gbk);
}

#[test]
fn an_incomplete_payload_never_passes_for_a_whole_one() {
    let body = vec![b'x'; 5000];
    let short_chunk = Step::Send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\nabc".to_vec());
    let bad_chunk = Step::Send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n".to_vec());
    for (case, response, kept, truncated) in [
        ("hangs up", Response::html(body.clone()).dropped_after(1000), 1000, Truncation::Disconnect),
        ("lies long", Response::html(body.clone()).false_length("9000"), 5000, Truncation::Disconnect),
        ("lies huge", Response::html(body.clone()).false_length("1099511627776"), 5000, Truncation::Disconnect),
        ("cuts a chunk", Response::script(vec![short_chunk, Step::HangUp]), 3, Truncation::Disconnect),
        ("breaks a chunk", Response::script(vec![bad_chunk, Step::HangUp]), 3, Truncation::Disconnect),
        ("falls silent", Response::html(body.clone()).silent_after(1000), 1000, Truncation::Time),
        ("head only", Response::html(body.clone()).silent_after(0), 0, Truncation::Time),
        ("never ends", Response::html(body.clone()).endless(), 1 << 20, Truncation::Length),
        ("is too long", Response::html(vec![b'x'; (1 << 20) + 1]), 1 << 20, Truncation::Length),
    ] {
        let capture = get(response).unwrap();
        assert_eq!((capture.payload.len(), capture.truncated), (kept, Some(truncated)), "{case}");
    }
}

#[test]
fn a_payload_of_exactly_the_cap_is_whole() {
    for response in [Response::html(vec![b'x'; 1 << 20]), Response::html(vec![b'x'; 1 << 20]).chunked(1 << 14)] {
        let capture = get(response).unwrap();
        assert_eq!((capture.payload.len(), capture.truncated), (1 << 20, None));
    }
}

#[test]
fn a_drip_ends_with_the_total_time() {
    let drip = vec![Step::Send(b"x".to_vec()), Step::Pause(Duration::from_millis(50))];
    let head = Step::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".to_vec());
    let steps = std::iter::once(head).chain(drip.into_iter().cycle().take(60)).collect();
    let response = Response::script(steps);
    let server = Server::start(move |_| response.clone());
    let options = Options { total_timeout: Duration::from_millis(600), ..options() };
    let capture = fetch_with(options, &request(server.url("/"))).unwrap();
    assert_eq!(capture.truncated, Some(Truncation::Time));
    assert!((1..60).contains(&capture.payload.len()), "{} bytes", capture.payload.len());
    assert!((500..2000).contains(&capture.elapsed_ms), "{} ms", capture.elapsed_ms);
}

#[test]
fn old_and_odd_servers_are_understood() {
    for (case, wire, want) in [
        ("HTTP/1.0", &b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<p>1</p>"[..], "<p>1</p>"),
        ("no reason", b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", "ok"),
        (
            "early hints",
            b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
            "ok",
        ),
        ("folded header", b"HTTP/1.1 200 OK\r\nX-A: a\r\n  b\r\nContent-Length: 2\r\n\r\nok", "ok"),
        ("broken header", b"HTTP/1.1 200 OK\r\nX A\r\nContent-Length: 2\r\n\r\nok", "ok"),
        ("space before colon", b"HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok", "ok"),
        ("surplus", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\nevil", "ok"),
        (
            "both framings",
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
            "ok",
        ),
    ] {
        let capture = get(Response::raw(wire)).unwrap_or_else(|e| panic!("{case}: {e:?}"));
        assert_eq!((&*capture.payload, capture.truncated), (want.as_bytes(), None), "{case}");
    }
}

#[test]
fn what_is_not_an_answer_is_a_classified_failure() {
    use FailureKind::{Disconnect, Protocol, Timeout};
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X-Filler: 0123456789\r\n".repeat(300));
    let long = format!("HTTP/1.1 200 OK\r\nX-Filler: {}\r\n\r\n", "x".repeat(300 << 10));
    let header = Step::Forever(b"X-Filler: 0123456789\r\n".to_vec());
    let endless = vec![Step::Send(b"HTTP/1.1 200 OK\r\n".to_vec()), header];
    for (case, response, want) in [
        ("silence", Response::script(vec![Step::Silence]), (Timeout, true)),
        ("half a head", Response::script(vec![Step::Send(b"HTTP/1.1 200".to_vec()), Step::Silence]), (Timeout, true)),
        ("slow", Response::html(PAGE).after(Duration::from_millis(900)), (Timeout, true)),
        ("no answer", Response::script(vec![Step::HangUp]), (Disconnect, true)),
        ("cut head", Response::raw("HTTP/1.1 200 OK\r\nContent-Le"), (Disconnect, true)),
        ("not HTTP", Response::raw("SSH-2.0-OpenSSH_9.2\r\n\r\n"), (Protocol, false)),
        ("HTTP/0.9", Response::raw("<html>old</html>"), (Protocol, false)),
        (
            "two lengths",
            Response::raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok!"),
            (Protocol, false),
        ),
        ("negative length", Response::html("x").false_length("-1"), (Protocol, false)),
        ("length of 2^64", Response::html("x").false_length("18446744073709551616"), (Protocol, false)),
        ("too many fields", Response::raw(many), (Protocol, false)),
        ("a head too long", Response::raw(long), (Protocol, false)),
        ("endless head", Response::script(endless), (Protocol, false)),
    ] {
        assert_eq!(failure(response), want, "{case}");
    }
}

#[test]
fn nobody_there_is_a_failure_worth_a_retry() {
    let server = Server::start(|_| Response::html(PAGE)).may_stay_unasked();
    let url = server.url("/");
    drop(server);
    let failure = fetch_with(options(), &request(url)).unwrap_err();
    assert_eq!((failure.kind, failure.retry), (FailureKind::Connect, true), "{}", failure.detail);
}

#[test]
fn a_plain_server_behind_https_is_no_certificate() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.read_exact(&mut [0; 5]).unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
    });
    let failure = fetch_with(options(), &request(url)).unwrap_err();
    assert_eq!((failure.kind, failure.retry), (FailureKind::Tls, false), "{}", failure.detail);
    server.join().unwrap();
}

#[test]
fn a_name_is_sent_where_it_was_told_and_keeps_its_name() {
    let server = Server::start(|_| Response::html(PAGE));
    let resolve = vec![server.resolve("news.yunling.example").parse().unwrap()];
    let options = Options { resolve, allow: Vec::new(), ..options() };
    let url: Url = "http://news.yunling.example/a.htm".parse().unwrap();
    let capture = fetch_with(options, &request(url.clone())).unwrap();
    assert_eq!(capture.url, url);
    assert_eq!(server.hits()[0].host(), "news.yunling.example");
}

#[test]
fn forbidden_addresses_get_no_socket() {
    let server = Server::start(|_| Response::html(PAGE)).may_stay_unasked();
    let port = server.port();
    let strict = || Options { allow: Vec::new(), contact: true, ..options() };
    for host in [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.1",
        "0.0.0.0",
        "[::ffff:127.0.0.1]",
        "[::1]",
        "127。0。0。1",
        "user:pass@127.0.0.1",
    ] {
        let url: Url = format!("http://{host}:{port}/").parse().unwrap();
        let failure = fetch_with(strict(), &request(url)).unwrap_err();
        assert_eq!((failure.kind, failure.retry), (FailureKind::Forbidden, false), "{host}: {}", failure.detail);
    }
    assert_eq!(server.hits().len(), 0);
}

#[test]
fn public_addresses_need_a_contact() {
    let failure = fetch_with(options(), &request("http://202.112.0.36/".parse().unwrap())).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Forbidden);
    assert!(failure.detail.contains("contact"), "{}", failure.detail);
}

#[test]
fn other_schemes_are_never_opened() {
    for url in ["ftp://127.0.0.1/a", "file:///etc/passwd", "gopher://127.0.0.1/1"] {
        assert_eq!(fetch_with(options(), &request(url.parse().unwrap())).unwrap_err().kind, FailureKind::Forbidden);
    }
}

#[test]
fn a_proxy_is_asked_for_everything_but_hosts_with_their_own_address() {
    let proxy = Server::start(|_| Response::html("by proxy"));
    let direct = Server::start(|_| Response::html("direct"));
    let through = |resolve: Vec<String>| Options {
        contact: true,
        proxy: Some(proxy.url("/")),
        resolve: resolve.iter().map(|rule| rule.parse().unwrap()).collect(),
        ..options()
    };
    let url: Url = "http://news.yunling.example/a.htm".parse().unwrap();
    let capture = fetch_with(through(Vec::new()), &request(url.clone())).unwrap();
    assert_eq!(&*capture.payload, b"by proxy");
    let capture = fetch_with(through(vec![direct.resolve("news.yunling.example")]), &request(url)).unwrap();
    assert_eq!(&*capture.payload, b"direct");
}

#[test]
fn a_proxy_at_a_forbidden_address_is_refused() {
    let options = Options { proxy: Some("http://169.254.169.254:3128/".parse().unwrap()), contact: true, ..options() };
    assert!(HttpFetch::new(options).is_err());
}
