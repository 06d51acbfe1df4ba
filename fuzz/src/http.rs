//! What a server says: whole answers over a socket, heads, robots.txt, addresses.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use shiguan::archive::Judges as _;
use shiguan::domain::address;
use shiguan::domain::capture::Capture;
use shiguan::domain::request::{FetchRequest, Purpose};
use shiguan::domain::time::{CaptureTime, Date, Timestamp};
use shiguan::fetch::{Fetch as _, HttpFetch, Options, Resolve};
use shiguan::package::{cdxj, surt};
use shiguan::warc::{self, Exchange, Fields, RandomIds, Reader, Response, Version};
use shiguan::{crawl, frontier};
use tokio::runtime::{Builder, Runtime};
use url::Url;

use super::first_line;
use super::pages::CATALOGUE;

fn received() -> CaptureTime {
    CaptureTime::parse("2026-11-30T09:00:00Z").unwrap()
}

/// Values of header fields and heads as they stand in records.
pub(crate) fn head(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    if let Some(wait) = frontier::retry_after(&text, received()) {
        assert!((Duration::from_secs(1)..=Duration::from_hours(1)).contains(&wait), "{wait:?}");
    }
    cdxj::mime(&text);
    Date::parse(&text);
    Timestamp::parse(&text);
    if let Some(time) = CaptureTime::parse(&text) {
        time.to_micros_string();
        time.to_digits14();
        time.china_date();
    }
    if let Some(answer) = Response::parse(input) {
        answer.head.get("content-type");
        answer.head.get("location").and_then(|to| address::resolve(&base(), to));
    }
}

fn base() -> Url {
    Url::parse("http://a.test/xwzx/list.htm").unwrap()
}

/// A server on loopback that answers every request with the input, and a client that asks it.
struct Line {
    client: HttpFetch,
    runtime: Runtime,
    answer: &'static Mutex<Vec<u8>>,
}

static LINE: LazyLock<Mutex<Line>> = LazyLock::new(|| Mutex::new(Line::open()));

impl Line {
    fn open() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let answer: &'static Mutex<Vec<u8>> = Box::leak(Box::default());
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { continue };
                let (mut asked, mut buffer) = (Vec::new(), [0; 4096]);
                while !asked.ends_with(b"\r\n\r\n") {
                    match stream.read(&mut buffer) {
                        Ok(read @ 1..) => asked.extend_from_slice(&buffer[..read]),
                        Ok(0) | Err(_) => break,
                    }
                }
                let bytes = answer.lock().unwrap_or_else(PoisonError::into_inner).clone();
                // The client hangs up early on what it will not take.
                stream.write_all(&bytes).ok();
                stream.shutdown(Shutdown::Write).ok();
                while stream.read(&mut buffer).is_ok_and(|read| read > 0) {}
            }
        });
        let addr = Ipv4Addr::LOCALHOST.into();
        let options = Options {
            resolve: vec![Resolve { host: "a.test".to_owned(), addr, port: Some(port) }],
            max_wire_bytes: 2 << 20,
            ..Options::default()
        };
        let client = HttpFetch::new(options).unwrap();
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        Self { client, runtime, answer }
    }
}

/// An answer as it comes over the wire: received, judged, written as a record and read back.
pub(crate) fn answer(input: &[u8]) {
    let line = LINE.lock().unwrap_or_else(PoisonError::into_inner);
    *line.answer.lock().unwrap_or_else(PoisonError::into_inner) = input.to_vec();
    let paths = ["/robots.txt", "/info/1001/1.htm", "/xwzx.htm", "/a.png"];
    let request = FetchRequest {
        url: base().join(paths[input.len() % paths.len()]).unwrap(),
        site: "a.test".to_owned(),
        purpose: Purpose::Article,
        via: None,
        hops: 0,
        attempt: 0,
        walk: None,
        item: None,
        prior: None,
    };
    if let Ok(capture) = line.runtime.block_on(line.client.fetch(&request)) {
        capture.redirect_target();
        crawl::judge(&CATALOGUE).judge("a.test", &capture);
        read_back(&capture);
    }
}

/// What is written of an exchange is read as two records, the payload as it travelled.
fn read_back(capture: &Capture) {
    let notes = Fields::new();
    for version in [Version::V1_1, Version::V1_0] {
        let exchange = Exchange { capture, revisit: None, warcinfo: None, notes: &notes };
        let mut bytes = Vec::new();
        for record in warc::exchange(&mut RandomIds, version, &exchange) {
            record.write_to(&mut bytes);
        }
        let read: Vec<_> = Reader::new(std::io::Cursor::new(bytes)).unwrap().collect();
        assert!(matches!(read[..], [Ok(_), Ok(_)]), "not two records: {read:?}");
        let Some(Ok(answer)) = read.first() else { return };
        let response = Response::of(&answer.record).unwrap();
        assert_eq!(response.status, capture.status);
        assert_eq!(response.payload, capture.payload, "the payload is another");
        assert!(answer.record.block_digest_fits() && answer.record.payload_digest_fits());
    }
}

/// Rules for one agent, and what they say of an address: the first line, as a path.
pub(crate) fn robots(input: &[u8]) {
    let (path, payload) = first_line(input);
    let rules = shiguan::robots::parse(payload, "shiguan");
    if let Ok(url) = base().join(&String::from_utf8_lossy(path)) {
        rules.allows(&url);
    }
    rules.allows(&base());
    rules.crawl_delay();
    assert!(rules.sitemaps().len() <= 1000);
}

/// One spelling for one place: resolving, normalising, keys of an index, forbidden addresses.
pub(crate) fn address(input: &[u8]) {
    let (from, link) = first_line(input);
    let from = Url::parse(&String::from_utf8_lossy(from)).unwrap_or_else(|_| base());
    let Some(url) = address::resolve(&from, &String::from_utf8_lossy(link)) else { return };
    let normal = address::normalise(&url);
    assert_eq!(address::normalise(&normal), normal, "normalising twice changes nothing");
    assert!(normal.fragment().is_none() && normal.username().is_empty() && normal.password().is_none());
    address::authority(&normal);
    let key = surt(normal.as_str());
    assert!(!key.contains(['\n', ' ']), "a key of an index is one word: {key:?}");
    let guard = shiguan::fetch::guard::Guard::new(&Options::default());
    let spelled = |url: &Url| url.host().is_some_and(|host| !matches!(host, url::Host::Domain(_)));
    assert!(!spelled(&url) || guard.refuses(&url).is_some(), "without a contact no address is asked: {url}");
}
