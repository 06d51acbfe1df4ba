//! Which addresses may be connected to.
//!
//! The check is made on the address a connection will use: names are resolved here, once, and the client connects only to
//! what passed (so a name that changes its answer gains nothing). A URL that spells out an address never reaches
//! a resolver and is checked before. Numeric spellings (decimal, octal, full-width) are the URL parser's to undo.
//!
//! Allowed: globally routable addresses, when the user agent names a contact; those of `allow`; and the address
//! `resolve` gives a host, for that host. Through a proxy only the proxy's own address can be checked, since it
//! resolves names itself; without a contact nothing goes through one.

mod public;

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolving};
use url::{Host, Url};

use self::public::counts_as_public;
pub use self::public::is_public;
use super::options::{Options, Resolve};

/// Why an address is not connected to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// Neither http nor https.
    Scheme(String),
    /// Private, loopback, link-local, reserved …, and not allowed by name.
    NotPublic(IpAddr),
    /// Public, but nobody could ask us to stop.
    NoContact(IpAddr),
    /// A proxy leads to public places, and nobody could ask us to stop.
    NoContactForProxy,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scheme(scheme) => write!(f, "scheme {scheme:?} is never opened"),
            Self::NotPublic(ip) => write!(f, "{ip} is not a public address; --allow-address or --resolve permits it"),
            Self::NoContact(ip) => {
                write!(f, "{ip} is public and no contact is set; give --contact or set `contact` in shiguan.toml")
            }
            Self::NoContactForProxy => {
                f.write_str("a proxy is set and no contact is; give --contact or set `contact` in shiguan.toml")
            }
        }
    }
}

impl std::error::Error for Refused {}

/// The rules of one client.
#[derive(Debug)]
pub struct Guard {
    contact: bool,
    proxied: bool,
    allow: Vec<IpNet>,
    resolve: Vec<Resolve>,
}

impl Guard {
    /// The rules these settings ask for.
    pub fn new(options: &Options) -> Self {
        Self {
            contact: options.contact,
            proxied: options.proxy.is_some(),
            allow: options.allow.clone(),
            resolve: options.resolve.clone(),
        }
    }

    /// Whether this URL is refused as it is written, without resolving its name.
    pub fn refuses(&self, url: &Url) -> Option<Refused> {
        if !matches!(url.scheme(), "http" | "https") {
            return Some(Refused::Scheme(url.scheme().to_owned()));
        }
        if self.proxied && !self.contact && self.own_address(url.host_str().unwrap_or_default()).is_none() {
            return Some(Refused::NoContactForProxy);
        }
        self.refuses_host(url)
    }

    /// Whether the address a URL spells out is refused; a name never is.
    pub fn refuses_host(&self, url: &Url) -> Option<Refused> {
        let ip = match url.host()? {
            Host::Ipv4(ip) => IpAddr::V4(ip),
            Host::Ipv6(ip) => IpAddr::V6(ip),
            // Of non-web schemes (a proxy's) the parser leaves numeric hosts as text.
            Host::Domain(name) => name.parse().ok()?,
        };
        self.check(ip).err()
    }

    fn check(&self, ip: IpAddr) -> Result<(), Refused> {
        let ip = ip.to_canonical();
        if is_public(ip) {
            return if self.contact { Ok(()) } else { Err(Refused::NoContact(ip)) };
        }
        if self.allow.iter().any(|net| net.contains(&ip)) { Ok(()) } else { Err(Refused::NotPublic(ip)) }
    }

    fn own_address(&self, host: &str) -> Option<&Resolve> {
        let host = host.trim_end_matches('.');
        self.resolve.iter().find(|rule| rule.host.eq_ignore_ascii_case(host))
    }

    /// The addresses of a name that may be used; the first refusal where there is none.
    fn permitted(&self, found: impl Iterator<Item = SocketAddr>) -> Result<Vec<SocketAddr>, Refused> {
        let (mut permitted, mut refused) = (Vec::new(), None);
        for socket in found {
            match self.check(socket.ip()) {
                Ok(()) => permitted.push(socket),
                Err(why) => refused = refused.or(Some(why)),
            }
        }
        match refused {
            Some(why) if permitted.is_empty() => Err(why),
            _ => Ok(permitted),
        }
    }

    /// The address `resolve` gives this host. It is permitted, unless it is public and there is no contact.
    fn assigned(&self, host: &str) -> Option<Result<SocketAddr, Refused>> {
        let rule = self.own_address(host)?;
        let public = counts_as_public(rule.addr.to_canonical());
        // Port 0 means the URL's own. The client puts a port written in the URL before one given here.
        let socket = SocketAddr::new(rule.addr, rule.port.unwrap_or(0));
        Some(if public && !self.contact { Err(Refused::NoContact(rule.addr)) } else { Ok(socket) })
    }
}

/// The addresses of a name, unfiltered. The system's are [`SystemLookup`]; tests bring answers that change.
pub trait Lookup: fmt::Debug + Send + Sync {
    /// All addresses of this name; their ports count for nothing.
    fn lookup(&self, name: String) -> Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;
}

/// What the system's resolver says.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(&self, name: String) -> Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>> {
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) })
    }
}

/// The client's resolver: rules first, then what a lookup gives, filtered.
#[derive(Debug, Clone)]
pub(super) struct Resolver {
    pub(super) guard: Arc<Guard>,
    pub(super) lookup: Arc<dyn Lookup>,
}

impl reqwest::dns::Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let Self { guard, lookup } = self.clone();
        Box::pin(async move {
            let sockets = match guard.assigned(name.as_str()) {
                Some(assigned) => vec![assigned?],
                None => guard.permitted(lookup.lookup(name.as_str().to_owned()).await?.into_iter())?,
            };
            Ok(Box::new(sockets.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(contact: bool) -> Guard {
        Guard::new(&Options {
            contact,
            allow: vec!["10.8.0.0/16".parse().unwrap()],
            resolve: ["news.example.edu.cn:127.0.0.1:8080", "far.cn:8.8.8.8", "docs.cn:203.0.113.1"]
                .map(|rule| rule.parse().unwrap())
                .to_vec(),
            ..Options::default()
        })
    }

    fn refuses(contact: bool, url: &str) -> Option<Refused> {
        guard(contact).refuses(&Url::parse(url).unwrap())
    }

    #[test]
    fn an_address_in_a_url_is_checked_in_every_spelling() {
        for url in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://127。0。0。1/",
            "http://１２７.0.0.1/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://a.cn@127.0.0.1/",
            "http://10.9.0.1/",
            "http://169.254.169.254/latest",
        ] {
            assert!(matches!(refuses(true, url), Some(Refused::NotPublic(_))), "{url}");
        }
        assert_eq!(refuses(true, "http://10.8.0.1/"), None, "allowed by name");
        assert_eq!(refuses(true, "http://[::ffff:10.8.0.1]/"), None, "allowed by name, in another dress");
        assert_eq!(refuses(true, "http://202.112.0.36/"), None);
        assert!(matches!(refuses(false, "http://202.112.0.36/"), Some(Refused::NoContact(_))));
        assert!(matches!(refuses(true, "ftp://202.112.0.36/"), Some(Refused::Scheme(_))));
        assert!(matches!(refuses(true, "file:///etc/passwd"), Some(Refused::Scheme(_))));
    }

    #[test]
    fn one_good_answer_does_not_let_a_bad_one_through() {
        let socket = |ip: &str| SocketAddr::new(ip.parse().unwrap(), 0);
        let found = [socket("127.0.0.1"), socket("202.112.0.36"), socket("10.0.0.1"), socket("10.8.1.1")];
        assert_eq!(guard(true).permitted(found.into_iter()), Ok(vec![found[1], found[3]]));
        assert_eq!(guard(false).permitted(found.into_iter()), Ok(vec![found[3]]));
        let refused = Err(Refused::NotPublic(found[0].ip()));
        assert_eq!(guard(true).permitted(found.into_iter().take(1)), refused);
        assert_eq!(guard(true).permitted([].into_iter()), Ok(Vec::new()));
    }

    #[test]
    fn a_host_is_sent_where_it_was_told() {
        let to = |contact, host| guard(contact).assigned(host).map(|a| a.map(|socket| socket.to_string()).ok());
        assert_eq!(to(false, "News.example.edu.cn."), Some(Some("127.0.0.1:8080".to_owned())));
        assert_eq!(to(true, "far.cn"), Some(Some("8.8.8.8:0".to_owned())));
        assert_eq!(to(false, "far.cn"), Some(None), "public after --resolve still needs a contact");
        assert_eq!(to(false, "docs.cn"), Some(None), "documentation addresses stand for public ones");
        assert_eq!(to(true, "docs.cn"), Some(Some("203.0.113.1:0".to_owned())));
        assert_eq!(to(true, "other.cn"), None);
    }
}
