//! What a fetch may take and where it may go. The defaults are the polite ones (`RELIABILITY`: T1, T2).

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;
use url::Url;

use super::credentials::Login;

/// Settings of a client.
#[derive(Debug, Clone)]
pub struct Options {
    /// `User-Agent` as sent: name, version and, where there is one, the contact.
    pub user_agent: String,
    /// Whether the user agent names a contact. Without one, public addresses are refused.
    pub contact: bool,
    /// Host names sent to an address of their own; that address is permitted.
    pub resolve: Vec<Resolve>,
    /// Addresses permitted although they are not public.
    pub allow: Vec<IpNet>,
    /// Longest time to a connection, name resolution and handshake included.
    pub connect_timeout: Duration,
    /// Longest time from sending a request to the end of the response head.
    pub header_timeout: Duration,
    /// Longest silence within a body.
    pub idle_timeout: Duration,
    /// Longest time for everything.
    pub total_timeout: Duration,
    /// Most payload bytes taken, as they travel; what is longer is cut and marked.
    pub max_wire_bytes: usize,
    /// Hosts, in lower case, that are read although their certificate would be refused; each capture says what was wrong.
    pub lenient_hosts: Vec<String>,
    /// Hosts, in lower case, that are read with TLS of any age and any certificate; each capture says so. Needs the
    /// feature `legacy-tls`.
    pub legacy_hosts: Vec<String>,
    /// Root certificates (DER) believed beside Mozilla's: a campus's own authority.
    pub roots: Vec<Vec<u8>>,
    /// Passwords, each said at its own origin only.
    pub logins: Vec<Login>,
    /// Proxy for every request. It resolves names for us, so it is the proxy's address that is checked.
    pub proxy: Option<Url>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            user_agent: concat!("shiguan/", env!("CARGO_PKG_VERSION")).to_owned(),
            contact: false,
            resolve: Vec::new(),
            allow: Vec::new(),
            connect_timeout: Duration::from_secs(15),
            header_timeout: Duration::from_secs(30),
            idle_timeout: Duration::from_secs(30),
            total_timeout: Duration::from_mins(5),
            max_wire_bytes: 32 << 20,
            lenient_hosts: Vec::new(),
            legacy_hosts: Vec::new(),
            roots: Vec::new(),
            logins: Vec::new(),
            proxy: None,
        }
    }
}

impl Options {
    /// The defaults, identified: `shiguan/VERSION (+contact)`.
    pub fn identified(contact: &str) -> Self {
        Self {
            user_agent: format!(concat!("shiguan/", env!("CARGO_PKG_VERSION"), " (+{})"), contact),
            contact: true,
            ..Self::default()
        }
    }
}

/// `HOST:ADDR[:PORT]`: a host name sent to an address. URL and `Host` header keep the name; the port counts for http
/// and https alike. A port written in a URL stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolve {
    /// Host name, lower case.
    pub host: String,
    /// Where it is sent.
    pub addr: IpAddr,
    /// Which port, where it is not the URL's own.
    pub port: Option<u16>,
}

/// Not of the form `HOST:ADDR[:PORT]`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not HOST:ADDR[:PORT] (an IPv6 address goes in brackets)")]
pub struct ResolveError(String);

impl FromStr for Resolve {
    type Err = ResolveError;

    fn from_str(text: &str) -> Result<Self, ResolveError> {
        let parsed = || {
            let (host, address) = text.split_once(':')?;
            if host.is_empty() {
                return None;
            }
            let (addr, port) = parse_address(address)?;
            Some(Self { host: host.trim_end_matches('.').to_ascii_lowercase(), addr, port })
        };
        parsed().ok_or_else(|| ResolveError(text.to_owned()))
    }
}

fn parse_address(text: &str) -> Option<(IpAddr, Option<u16>)> {
    if let Ok(socket) = text.parse::<SocketAddr>() {
        return (socket.port() != 0).then(|| (socket.ip(), Some(socket.port())));
    }
    let bracketed = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match bracketed {
        Some(inside) => inside.parse::<Ipv6Addr>().ok().map(|addr| (addr.into(), None)),
        None => text.parse::<std::net::Ipv4Addr>().ok().map(|addr| (addr.into(), None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resolve_rule_is_read_as_written() {
        let of = |text: &str| text.parse::<Resolve>().map(|r| (r.host, r.addr.to_string(), r.port)).ok();
        let want = |host: &str, addr: &str, port| Some((host.to_owned(), addr.to_owned(), port));
        assert_eq!(of("News.Example.edu.cn:127.0.0.1"), want("news.example.edu.cn", "127.0.0.1", None));
        assert_eq!(of("a.cn:127.0.0.2:8080"), want("a.cn", "127.0.0.2", Some(8080)));
        assert_eq!(of("a.cn:[::1]:8080"), want("a.cn", "::1", Some(8080)));
        assert_eq!(of("a.cn:[::1]"), want("a.cn", "::1", None));
        for wrong in
            ["a.cn", "a.cn:", ":127.0.0.1", "a.cn:host:80", "a.cn:127.0.0.1:0", "a.cn:127.0.0.1:99999", "a.cn:::1"]
        {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }
}
