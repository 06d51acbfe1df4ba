//! The network edge: one request to one [`Capture`], or to the reason why there is none.
//!
//! What travels is kept as it travelled: no decompression, no redirects followed, no cookies, HTTP/1.1 only. Everything
//! is capped (time, bytes), nothing is allocated on a server's word, and no socket is opened to an address that
//! [`guard`] forbids. It decides nothing about order, delays or repeats: that is the frontier's.

pub mod guard;
pub mod options;

use std::future::Future;

use url::Url;

use crate::domain::capture::{Capture, FetchFailure};
use crate::domain::request::FetchRequest;

pub use self::options::{Options, Resolve};

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
    /// The proxy's address is not one.
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

/// Fetches over HTTP/1.1.
#[derive(Debug)]
pub struct HttpFetch {
    #[expect(dead_code, reason = "read once the client is written")]
    options: Options,
}

impl HttpFetch {
    /// Sets the client up; opens no connection.
    pub fn new(options: Options) -> Result<Self, Error> {
        Ok(Self { options })
    }
}

impl Fetch for HttpFetch {
    async fn fetch(&self, _request: &FetchRequest) -> Result<Capture, FetchFailure> {
        todo!("written next")
    }
}
