//! The key by which replay tools look a URL up: its host reversed, what does not tell pages apart taken off.
//!
//! The rules are those of the Internet Archive's canonicalizer as the `surt` package for Python has them, whose keys
//! pywb and ReplayWeb.page compare with: unescape until nothing changes, escape once, lower case throughout, no
//! `www.`, no session id, the query's arguments sorted. What that package cannot read it leaves as it is, and so do we.

use std::sync::LazyLock;

use regex::bytes::Regex;

/// The key of a URL; the URL itself where it has no key.
pub fn surt(url: &str) -> String {
    if url.is_empty() {
        return "-".to_owned();
    }
    if url.starts_with("filedesc") {
        return url.to_owned();
    }
    Parts::of(url).and_then(|parts| String::from_utf8(parts.key()).ok()).unwrap_or_else(|| url.to_owned())
}

/// A URL taken apart.
#[derive(Debug)]
struct Parts {
    scheme: String,
    host: Option<Vec<u8>>,
    port: Option<u16>,
    path: Vec<u8>,
    query: Option<Vec<u8>>,
}

impl Parts {
    /// `None` for a port that is no number.
    fn of(url: &str) -> Option<Self> {
        let mut url: String = url.trim_ascii().chars().filter(|c| !matches!(c, '\n' | '\r' | '\t')).collect();
        if !has_scheme(&url) {
            url.insert_str(0, "http://");
        }
        let rest = without_repeated_scheme(&url);
        let (scheme, rest) = rest.split_once(':')?;
        let rest = rest.split_once('#').map_or(rest, |(before, _)| before);
        let (rest, query) = rest.split_once('?').map_or((rest, None), |(before, query)| (before, Some(query)));
        let (authority, path) = match rest.strip_prefix("//") {
            Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
            None => ("", rest),
        };
        let (mut host, port) = host_and_port(authority)?;
        let mut path = path.to_owned();
        if host.is_empty() && scheme.starts_with("http") && !path.is_empty() {
            // `http:////host/path`: browsers find the host all the same.
            let (found, rest) = path.trim_start_matches('/').split_once('/').unwrap_or((path.trim_matches('/'), ""));
            (host, path) = (found.to_owned(), format!("/{rest}"));
        }
        let host = (!host.is_empty()).then(|| canonical_host(&host));
        let path = unescaped(path.as_bytes());
        let path = if host.is_some() { normal_path(&path) } else { path };
        let query = query.filter(|query| !query.is_empty()).map(|query| escaped(&unescaped(query.as_bytes())));
        Some(Self { scheme: scheme.to_owned(), host, port, path: escaped(&path), query })
    }

    fn key(self) -> Vec<u8> {
        let mut key = Vec::with_capacity(128);
        let default_port = match self.scheme.to_ascii_lowercase().as_str() {
            "http" => Some(80),
            "https" => Some(443),
            _ => None,
        };
        if let Some(host) = &self.host {
            let host = host.to_ascii_lowercase();
            let host = if self.scheme == "dns" { &host } else { without_www(&host) };
            let labels: Vec<&[u8]> = host.split(|&b| b == b'.').rev().collect();
            key.extend_from_slice(&labels.join(&b','));
            if let Some(port) = self.port.filter(|port| Some(*port) != default_port) {
                key.extend_from_slice(format!(":{port}").as_bytes());
            }
            key.push(b')');
        } else {
            key.extend_from_slice(self.scheme.as_bytes());
            key.push(b':');
        }
        let path = without_path_session(self.path.to_ascii_lowercase());
        let query = self.query.map(|query| sorted(&without_query_session(query).to_ascii_lowercase()));
        let query = query.filter(|query| !query.is_empty());
        match path.strip_suffix(b"/") {
            Some(shorter) if !shorter.is_empty() => key.extend_from_slice(shorter),
            Some(_) | None => key.extend_from_slice(&path),
        }
        if let Some(query) = query {
            if path.is_empty() {
                key.push(b'/');
            }
            key.push(b'?');
            key.extend_from_slice(&query);
        }
        key
    }
}

/// Whether letters, digits, `+`, `-` and `.`, the first a letter, stand before the first colon.
fn has_scheme(url: &str) -> bool {
    url.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}

/// `http://https://host/` is a mistake for its last scheme.
fn without_repeated_scheme(url: &str) -> &str {
    let mut kept = url;
    loop {
        let behind = kept.strip_prefix("http://").or_else(|| kept.strip_prefix("https://"));
        match behind {
            Some(rest) if rest.starts_with("http://") || rest.starts_with("https://") => kept = rest,
            Some(_) | None => return kept,
        }
    }
}

/// Host in lower case, without user and password, and the port; port 0 is none, another that is no number gives `None`.
fn host_and_port(authority: &str) -> Option<(String, Option<u16>)> {
    let authority = authority.trim_end_matches(':');
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    let (host, port) = match place.split_once('[') {
        Some((_, bracketed)) => {
            let (host, behind) = bracketed.split_once(']').unwrap_or((bracketed, ""));
            (host, behind.split_once(':').map_or("", |(_, port)| port))
        }
        None => place.split_once(':').unwrap_or((place, "")),
    };
    let port = if port.is_empty() { None } else { Some(port.parse::<u16>().ok()?).filter(|port| *port != 0) };
    Some((host.to_lowercase(), port))
}

fn canonical_host(host: &str) -> Vec<u8> {
    let mut host = unescaped(host.as_bytes());
    if !host.is_ascii() {
        let text = String::from_utf8_lossy(&host).into_owned();
        if let Ok(url::Host::Domain(ascii)) = url::Host::parse(&text) {
            host = ascii.into_bytes();
        }
    }
    let text = String::from_utf8_lossy(&host).replace("..", ".");
    let text = text.trim_matches('.');
    if looks_like_ipv4(text)
        && let Ok(url::Host::Ipv4(address)) = url::Host::parse(text)
    {
        return address.to_string().into_bytes();
    }
    escaped(text.to_ascii_lowercase().as_bytes())
}

/// One to four numbers with dots between them.
fn looks_like_ipv4(host: &str) -> bool {
    let numbers = host.split('.');
    numbers.clone().count() <= 4 && numbers.into_iter().all(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// `www.`, `www2.` and the like name no other site.
fn without_www(host: &[u8]) -> &[u8] {
    let Some(rest) = host.strip_prefix(b"www") else { return host };
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    rest.get(digits..).and_then(|rest| rest.strip_prefix(b".")).unwrap_or(host)
}

/// Undoes percent-encoding until nothing changes.
fn unescaped(bytes: &[u8]) -> Vec<u8> {
    let mut now = bytes.to_vec();
    loop {
        let next = unescaped_once(&now);
        if next == now {
            return now;
        }
        now = next;
    }
}

fn unescaped_once(bytes: &[u8]) -> Vec<u8> {
    let digit = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16)).and_then(|d| u8::try_from(d).ok());
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if let (b'%', Some(high), Some(low)) = (byte, digit(at + 1), digit(at + 2)) {
            out.push(high << 4 | low);
            at += 3;
        } else {
            out.push(byte);
            at += 1;
        }
    }
    out
}

/// Percent-encodes controls, space, `#`, `%` and everything beyond ASCII.
fn escaped(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for &byte in bytes {
        if byte.is_ascii_graphic() && !matches!(byte, b'#' | b'%') {
            out.push(byte);
        } else {
            out.extend_from_slice(format!("%{byte:02X}").as_bytes());
        }
    }
    out
}

/// A path without `.`, `..` and empty segments; a slash at the end stays.
fn normal_path(path: &[u8]) -> Vec<u8> {
    let mut kept: Vec<&[u8]> = Vec::new();
    for segment in path.split(|&b| b == b'/').skip(1) {
        match segment {
            b"." => {}
            b".." if kept.pop().is_some() => {}
            other => kept.push(other),
        }
    }
    let last = kept.pop().unwrap_or_default();
    let mut out = b"/".to_vec();
    for segment in kept.into_iter().filter(|segment| !segment.is_empty()) {
        out.extend_from_slice(segment);
        out.push(b'/');
    }
    out.extend_from_slice(last);
    out
}

/// Arguments in the order of their names, then values.
fn sorted(query: &[u8]) -> Vec<u8> {
    let mut arguments: Vec<(&[u8], Option<&[u8]>)> = query
        .split(|&b| b == b'&')
        .map(|argument| match argument.iter().position(|&b| b == b'=') {
            Some(at) => (argument.get(..at).unwrap_or_default(), argument.get(at + 1..)),
            None => (argument, None),
        })
        .collect();
    arguments.sort_unstable();
    let mut out = Vec::with_capacity(query.len());
    for (at, (name, value)) in arguments.into_iter().enumerate() {
        if at > 0 {
            out.push(b'&');
        }
        out.extend_from_slice(name);
        if let Some(value) = value {
            out.push(b'=');
            out.extend_from_slice(value);
        }
    }
    out
}

/// Session ids of Java, PHP, ASP and `ColdFusion` in a query: what stands before and after one is kept.
static QUERY_SESSIONS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let ids =
        ["jsessionid=[0-9a-z]{32}", "phpsessid=[0-9a-z]{32}", "sid=[0-9a-z]{32}", "aspsessionid[a-z]{8}=[a-z]{24}"];
    let ids = ids.into_iter().chain(["cfid=[^&]+&cftoken=[^&]+"]);
    ids.filter_map(|id| Regex::new(&format!("(?i-u)^(.*){id}(?:&(.*))?$")).ok()).collect()
});

/// Session ids of ASP.NET as a segment of a path that leads to an `.aspx` page.
static PATH_SESSIONS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let ids = [r"\((?:[a-z]\([0-9a-z]{24}\))+\)/", r"\([0-9a-z]{24}\)/"];
    ids.into_iter().filter_map(|id| Regex::new(&format!(r"(?i-u)^(.*/){id}([^?]+\.aspx.*)$")).ok()).collect()
});

fn without_query_session(query: Vec<u8>) -> Vec<u8> {
    QUERY_SESSIONS.iter().fold(query, without)
}

fn without_path_session(path: Vec<u8>) -> Vec<u8> {
    PATH_SESSIONS.iter().fold(path, without)
}

/// What the pattern's two groups hold, where it fits.
fn without(text: Vec<u8>, pattern: &Regex) -> Vec<u8> {
    let Some(found) = pattern.captures(&text) else { return text };
    let group = |n| found.get(n).map_or(&b""[..], |group| group.as_bytes());
    [group(1), group(2)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys as the `surt` package 0.3.1 for Python gave them.
    #[test]
    fn keys_are_those_of_the_reference() {
        for (url, key) in include_str!("surt_cases.txt").lines().map(|line| line.split_once('\t').unwrap()) {
            let url: String = serde_json::from_str(url).unwrap();
            assert_eq!(surt(&url), key, "{url:?}");
        }
    }
}
