//! The HTTP client's settings: nothing clever on the wire, so that what is stored is what travelled.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, ClientBuilder, NoProxy, Proxy, redirect};

use super::guard::{Guard, Lookup, Resolver};
use super::tls::{self, Flaws};
use super::{Error, Options};

/// How long an idle connection is kept: longer than a polite delay, shorter than most servers' patience.
const KEEP_IDLE: Duration = Duration::from_secs(30);

/// Most header fields in a response; the client's own limit of 100 is below what some gateways send.
const MOST_FIELDS: usize = 256;

/// The client for all hosts but those of `legacy`.
pub(super) fn build(
    options: &Options,
    guard: &Arc<Guard>,
    lookup: Arc<dyn Lookup>,
    flaws: &Arc<Flaws>,
) -> Result<Client, Error> {
    finish(Client::builder().tls_backend_preconfigured(tls::config(options, flaws)?), options, guard, lookup)
}

/// The client for hosts that speak only TLS of another age: OpenSSL, any version from 1.0, any certificate. What ciphers
/// and keys it takes is for OpenSSL's own settings to say.
#[cfg(feature = "legacy-tls")]
pub(super) fn legacy(options: &Options, guard: &Arc<Guard>, lookup: Arc<dyn Lookup>) -> Result<Client, Error> {
    let builder = Client::builder()
        .tls_backend_native()
        .tls_version_min(reqwest::tls::Version::TLS_1_0)
        .tls_danger_accept_invalid_certs(true)
        .tls_danger_accept_invalid_hostnames(true);
    finish(builder, options, guard, lookup)
}

/// All that does not concern TLS. Decompression is turned off although its features are: another crate in the tree
/// could turn them on, and the stored bytes would change without a word.
fn finish(
    builder: ClientBuilder,
    options: &Options,
    guard: &Arc<Guard>,
    lookup: Arc<dyn Lookup>,
) -> Result<Client, Error> {
    let builder = builder
        .http1_only()
        .http1_title_case_headers()
        .http1_max_headers(MOST_FIELDS)
        .http1_ignore_invalid_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(options.connect_timeout)
        .pool_idle_timeout(KEEP_IDLE)
        .dns_resolver(Resolver { guard: Arc::clone(guard), lookup });
    let builder = match proxy(options, guard)? {
        Some(proxy) => builder.proxy(proxy),
        None => builder.no_proxy(),
    };
    builder.build().map_err(|e| Error::Client(super::failure::chain(&e)))
}

/// The configured proxy, its own address checked. Hosts with an address of their own do not go through it.
fn proxy(options: &Options, guard: &Guard) -> Result<Option<Proxy>, Error> {
    let Some(url) = &options.proxy else { return Ok(None) };
    let wrong = |reason: String| Error::Proxy { url: url.clone(), reason };
    if !matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") {
        return Err(wrong(format!("scheme {:?} is not one of http, https, socks5, socks5h", url.scheme())));
    }
    if let Some(refused) = guard.refuses_host(url) {
        return Err(wrong(refused.to_string()));
    }
    let own: Vec<&str> = options.resolve.iter().map(|rule| rule.host.as_str()).collect();
    let proxy = Proxy::all(url.clone()).map_err(|e| wrong(super::failure::chain(&e)))?;
    Ok(Some(proxy.no_proxy(NoProxy::from_string(&own.join(",")))))
}
