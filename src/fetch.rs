//! The network edge: one request to one [`Capture`], or to the reason why there is none.
//!
//! What travels is kept as it travelled: no decompression, no redirects followed, no cookies, HTTP/1.1 only. Everything
//! is capped (time, bytes), nothing is allocated on a server's word, and no socket is opened to an address that
//! [`guard`] forbids. It decides nothing about order, delays or repeats: that is the frontier's.
//!
//! Known limit: the client hands over parsed heads, so header names arrive in lower case and heads are written anew.

mod body;
mod client;
mod credentials;
mod failure;
pub mod guard;
mod head;
mod leave;
pub mod options;
mod tls;

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::AUTHORIZATION;
use tokio::time::{Instant, timeout};
use url::Url;

use crate::domain::capture::{Capture, FailureKind, FetchFailure};
use crate::domain::digest::PayloadDigest;
use crate::domain::request::FetchRequest;
use crate::domain::time::CaptureTime;

use self::body::{Limits, Rooms};
pub use self::credentials::Login;
use self::failure::Why;
use self::guard::{Guard, Lookup, SystemLookup};
use self::leave::Departure;
pub use self::options::{Options, Resolve};
use self::tls::Flaws;

/// Most bytes of a response head (`RELIABILITY` T2). The client's own buffer ends at 408 KiB.
const HEAD_CAP: usize = 256 << 10;

/// What a capture from a legacy host says of its connection.
const LEGACY_FLAW: &str = "legacy: protocol versions, ciphers, keys and the certificate were not judged";

/// Why no client could be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// TLS or the client refused its settings.
    #[error("the HTTP client cannot be set up: {0}")]
    Client(String),
    /// The user agent is not a header value.
    #[error("user agent {0:?} cannot be sent as a header")]
    UserAgent(String),
    /// A host needs TLS of another age, and this program was built without.
    #[error("{host}: its site says tls = \"legacy\"; build the program with --features legacy-tls for that")]
    NoLegacyTls {
        /// The first such host.
        host: String,
    },
    /// The proxy cannot be used.
    #[error("proxy {url}: {reason}")]
    Proxy {
        /// The proxy as configured.
        url: Url,
        /// What is wrong with it.
        reason: String,
    },
}

/// Asks for one page. The real one is [`HttpFetch`]; replay from stored captures is another.
pub trait Fetch: Send + Sync {
    /// One request, one answer; never follows a redirect, never tries twice.
    fn fetch(&self, request: &FetchRequest) -> impl Future<Output = Result<Capture, FetchFailure>> + Send;
}

/// Fetches over HTTP/1.1. Clones share connections.
#[derive(Debug, Clone)]
pub struct HttpFetch {
    client: reqwest::Client,
    /// The client of the legacy hosts, where there are any.
    #[cfg(feature = "legacy-tls")]
    legacy: Option<reqwest::Client>,
    guard: Arc<Guard>,
    flaws: Arc<Flaws>,
    rooms: Rooms,
    options: Arc<Options>,
}

impl HttpFetch {
    /// Sets the client up; opens no connection.
    pub fn new(options: Options) -> Result<Self, Error> {
        Self::with_lookup(options, Arc::new(SystemLookup))
    }

    /// The same with names looked up in another way; what is found is filtered all the same.
    pub fn with_lookup(options: Options, lookup: Arc<dyn Lookup>) -> Result<Self, Error> {
        if reqwest::header::HeaderValue::from_str(&options.user_agent).is_err() {
            return Err(Error::UserAgent(options.user_agent));
        }
        let guard = Arc::new(Guard::new(&options));
        let flaws = Arc::new(Flaws::default());
        #[cfg(not(feature = "legacy-tls"))]
        if let Some(host) = options.legacy_hosts.first() {
            return Err(Error::NoLegacyTls { host: host.clone() });
        }
        Ok(Self {
            #[cfg(feature = "legacy-tls")]
            legacy: (!options.legacy_hosts.is_empty())
                .then(|| client::legacy(&options, &guard, Arc::clone(&lookup)))
                .transpose()?,
            client: client::build(&options, &guard, lookup, &flaws)?,
            guard,
            flaws,
            rooms: Rooms::new(),
            options: Arc::new(options),
        })
    }

    /// Why this URL would be refused before any name is resolved: its scheme, or the address it spells out.
    /// A name may still turn out to lead to a forbidden address; that is a [`FetchFailure`] of its own.
    pub fn refuses(&self, url: &Url) -> Option<String> {
        self.guard.refuses(url).map(|refused| refused.to_string())
    }

    /// Who speaks to this host.
    #[cfg(feature = "legacy-tls")]
    fn client(&self, url: &Url) -> &reqwest::Client {
        self.legacy.as_ref().filter(|_| self.is_legacy(url)).unwrap_or(&self.client)
    }

    /// Who speaks to this host: the same for all.
    #[cfg(not(feature = "legacy-tls"))]
    fn client(&self, _url: &Url) -> &reqwest::Client {
        &self.client
    }

    fn is_legacy(&self, url: &Url) -> bool {
        let host = url.host_str().map(|host| host.trim_end_matches('.'));
        host.is_some_and(|host| self.options.legacy_hosts.iter().any(|legacy| legacy.eq_ignore_ascii_case(host)))
    }

    /// What was wrong with the connection an answer came over, although the answer was taken.
    fn flaw(&self, url: &Url) -> Option<String> {
        match url.host_str() {
            Some(_) if url.scheme() != "https" => None,
            Some(_) if self.is_legacy(url) => Some(LEGACY_FLAW.to_owned()),
            Some(host) => self.flaws.of(host),
            None => None,
        }
    }

    /// The exchange up to the end of the response head.
    async fn ask(&self, request: reqwest::Request) -> Result<reqwest::Response, Why> {
        let limit = self.options.header_timeout.min(self.options.total_timeout);
        match timeout(limit, self.client(request.url()).execute(request)).await {
            Ok(answer) => answer.map_err(|e| failure::classify(&e)),
            Err(_elapsed) => Err(Why::new(FailureKind::Timeout, "no response head in time".to_owned(), true)),
        }
    }

    async fn exchange(&self, request: &FetchRequest, at: CaptureTime) -> Result<Capture, Why> {
        if let Some(refused) = self.guard.refuses(&request.url) {
            return Err(Why::new(FailureKind::Forbidden, refused.to_string(), false));
        }
        let departure = Departure::expected();
        let mut fields = head::request_fields(request, &self.options.user_agent);
        let login = credentials::for_place(&self.options.logins, &request.url);
        fields.extend(login.map(|login| (AUTHORIZATION, login.clone())));
        let sent = head::request_head(&request.url, &fields);
        let mut asked = reqwest::Request::new(reqwest::Method::GET, request.url.clone());
        *asked.headers_mut() = fields;
        *asked.body_mut() = Some(departure.body());
        let answer = self.ask(asked).await?;
        let head_at = Instant::now();
        let left = departure.left_by(head_at);
        let response = head::response_head(&answer);
        if head::size(&response) > HEAD_CAP {
            return Err(Why::new(FailureKind::Protocol, format!("response head over {HEAD_CAP} bytes"), false));
        }
        let (status, ip) = (answer.status().as_u16(), answer.remote_addr().map(|socket| socket.ip().to_canonical()));
        let cap = body::cap(&self.options, request.purpose);
        let deadline = departure.begun() + self.options.total_timeout;
        let limits = Limits { cap, idle: self.options.idle_timeout, deadline };
        let (payload, truncated) = body::receive(answer, limits, &self.rooms).await;
        Ok(Capture {
            url: request.url.clone(),
            at,
            ip,
            request: sent,
            status,
            response,
            payload_digest: PayloadDigest::of(&payload),
            payload,
            truncated,
            tls_flaw: self.flaw(&request.url),
            head_ms: millis(head_at.saturating_duration_since(left)),
            elapsed_ms: millis(left.elapsed()),
        })
    }
}

impl Fetch for HttpFetch {
    async fn fetch(&self, request: &FetchRequest) -> Result<Capture, FetchFailure> {
        let at = now();
        // Boxed: the client's future is large, and a crawl holds many of them.
        let outcome = Box::pin(self.exchange(request, at)).await;
        outcome.map_err(|Why { kind, detail, retry }| FetchFailure { at, kind, detail, retry })
    }
}

/// Whole milliseconds, the rest cut off: a request is never taken to have left sooner than it did.
fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[expect(clippy::disallowed_methods, reason = "the edge: a capture is dated when its request is sent")]
fn now() -> CaptureTime {
    CaptureTime::from_system(SystemTime::now())
}
