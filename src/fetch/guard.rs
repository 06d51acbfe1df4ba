//! Which addresses may be connected to.
//!
//! The check is made on the address a connection will use: names are resolved here, once, and the client connects only to
//! what passed (so a name that changes its answer gains nothing). A URL that spells out an address never reaches
//! a resolver and is checked before. Numeric spellings (decimal, octal, full-width) are the URL parser's to undo.
//!
//! Allowed: globally routable addresses, when the user agent names a contact; those of `allow`; and the address
//! `resolve` gives a host, for that host. Through a proxy only the proxy's own address can be checked, since it
//! resolves names itself; without a contact nothing goes through one.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use reqwest::dns::{Addrs, Name, Resolving};
use url::{Host, Url};

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
            Self::NoContact(ip) => write!(f, "{ip} is public and no contact is set; set `contact` to crawl it"),
            Self::NoContactForProxy => {
                f.write_str("a proxy is set and no contact is; set `contact` to crawl through it")
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
        let public = is_public(rule.addr.to_canonical());
        // Port 0 means the URL's own. The client puts a port written in the URL before one given here.
        let socket = SocketAddr::new(rule.addr, rule.port.unwrap_or(0));
        Some(if public && !self.contact { Err(Refused::NoContact(rule.addr)) } else { Ok(socket) })
    }
}

/// The client's resolver: rules first, then the system's, filtered.
#[derive(Debug, Clone)]
pub(super) struct Resolver(pub(super) std::sync::Arc<Guard>);

impl reqwest::dns::Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = std::sync::Arc::clone(&self.0);
        Box::pin(async move {
            let sockets = match guard.assigned(name.as_str()) {
                Some(assigned) => vec![assigned?],
                None => guard.permitted(tokio::net::lookup_host((name.as_str(), 0)).await?)?,
            };
            Ok(Box::new(sockets.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is globally routable (IANA special-purpose registries, RFC 6890 and after), cloud metadata
/// services left out. Addresses that carry an IPv4 one inside are as public as that one.
pub fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => !SPECIAL_V4.iter().any(|net| net.contains(&ip)),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let v4 = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    let inside = match ip.segments() {
        [0x2002, high, low, ..] => Some(v4(high, low)), // 6to4, RFC 3056
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(v4(high, low)), // NAT64, RFC 6052
        _ => None,
    };
    match inside {
        Some(v4) => is_public(IpAddr::V4(v4)),
        None => GLOBAL_V6.contains(&ip) && !SPECIAL_V6.iter().any(|net| net.contains(&ip)),
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const SPECIAL_V4: &[Ipv4Net] = &[
    v4(0, 0, 0, 0, 8),        // this network
    v4(10, 0, 0, 0, 8),       // private
    v4(100, 64, 0, 0, 10),    // carrier-grade NAT; Alibaba's metadata service too
    v4(127, 0, 0, 0, 8),      // loopback
    v4(168, 63, 129, 16, 32), // Azure's metadata service, in public space
    v4(169, 254, 0, 0, 16),   // link-local; most metadata services
    v4(172, 16, 0, 0, 12),    // private
    v4(192, 0, 0, 0, 24),     // protocol assignments
    v4(192, 0, 2, 0, 24),     // documentation
    v4(192, 88, 99, 0, 24),   // 6to4 relays, withdrawn
    v4(192, 168, 0, 0, 16),   // private
    v4(198, 18, 0, 0, 15),    // benchmarks
    v4(198, 51, 100, 0, 24),  // documentation
    v4(203, 0, 113, 0, 24),   // documentation
    v4(224, 0, 0, 0, 4),      // multicast
    v4(240, 0, 0, 0, 4),      // reserved; broadcast
];

const fn v6(a: u16, b: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), prefix)
}

/// The only block global addresses are given from.
const GLOBAL_V6: Ipv6Net = v6(0x2000, 0, 3);

const SPECIAL_V6: &[Ipv6Net] = &[
    v6(0x2001, 0, 23),     // protocol assignments: Teredo, benchmarks, ORCHID
    v6(0x2001, 0xdb8, 32), // documentation
    v6(0x3fff, 0, 20),     // documentation
];

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(contact: bool) -> Guard {
        Guard::new(&Options {
            contact,
            allow: vec!["10.8.0.0/16".parse().unwrap()],
            resolve: vec!["news.example.edu.cn:127.0.0.1:8080".parse().unwrap(), "far.cn:8.8.8.8".parse().unwrap()],
            ..Options::default()
        })
    }

    fn refuses(contact: bool, url: &str) -> Option<Refused> {
        guard(contact).refuses(&Url::parse(url).unwrap())
    }

    const SPECIAL: &str = "0.0.0.0 10.1.2.3 100.64.0.1 100.100.100.200 127.0.0.1 127.9.9.9 168.63.129.16 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::7f00:1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 100::1 2001::1 2001:2::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:c0a8:101:: 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1";
    const PUBLIC: &str = "1.1.1.1 100.63.255.255 100.128.0.0 172.15.0.1 172.32.0.1 192.0.1.1 198.17.0.1 202.112.0.36 223.255.255.254 2001:da8::1 2400:3200::1 ::ffff:202.112.0.36 64:ff9b::808:808 2002:808:808::";

    #[test]
    fn special_addresses_are_not_public() {
        let is_public = |ip: &str| super::is_public(ip.parse().unwrap());
        assert_eq!(SPECIAL.split(' ').filter(|ip| is_public(ip)).collect::<Vec<_>>(), [""; 0]);
        assert_eq!(PUBLIC.split(' ').filter(|ip| !is_public(ip)).collect::<Vec<_>>(), [""; 0]);
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
        assert_eq!(to(true, "other.cn"), None);
    }
}
