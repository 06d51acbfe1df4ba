//! Addresses of pages: one spelling for one place.
//!
//! Parsing is the `url` crate's (WHATWG); this module only removes what names the same place twice
//! (CMS facts, section 7: session ids, cache-busting stamps, fragments, trailing-dot hosts).

use std::fmt::Write as _;

use url::Url;

/// Query keys that change from request to request and never name another page.
const VOLATILE_KEYS: &[&str] =
    &["_t", "jsessionid", "phpsessid", "sessionid", "sid", "spm", "utm_campaign", "utm_medium", "utm_source"];

/// The normalised spelling of a URL: no fragment, no credentials, no session id, no trailing dot on the
/// host, no empty query, no doubled slash in the path. Case of the path and order of the query stay: they
/// can name different pages.
pub fn normalise(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    if matches!(url.scheme(), "http" | "https") {
        // Only URLs that cannot be a base refuse these, and http URLs always can.
        url.set_username("").ok();
        url.set_password(None).ok();
        if let Some(host) = url.host_str().filter(|host| host.ends_with('.')).map(str::to_owned) {
            // A host of nothing but dots stays: there is no place without a host.
            url.set_host(Some(host.trim_end_matches('.'))).ok();
        }
    }
    let path = tidy_path(url.path());
    if path != url.path() {
        url.set_path(&path);
    }
    if let Some(query) = url.query() {
        let kept: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !is_volatile(pair)).collect();
        let kept = kept.join("&");
        if kept != query {
            url.set_query(if kept.is_empty() { None } else { Some(&kept) });
        } else if kept.is_empty() {
            url.set_query(None);
        }
    }
    url
}

fn is_volatile(pair: &str) -> bool {
    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
    // jQuery's stamp against caches: milliseconds.
    let is_stamp = key == "_" && value.len() >= 10 && value.bytes().all(|b| b.is_ascii_digit());
    is_stamp || VOLATILE_KEYS.iter().any(|k| key.eq_ignore_ascii_case(k))
}

/// The key of a place: its normalised spelling with what servers do not tell apart undone too, which is the order of
/// query parameters and letters written as `%41`. No address that is asked for: a server may want its own order.
pub fn key(url: &Url) -> String {
    let normal = normalise(url);
    let mut key = format!("{}://{}", normal.scheme(), authority(&normal));
    key.push_str(&plain(normal.path()));
    if let Some(query) = normal.query() {
        let mut pairs: Vec<String> = query.split('&').map(plain).collect();
        // Values of one name keep their order.
        pairs.sort_by(|one, other| name_of(one).cmp(name_of(other)));
        key.push('?');
        key.push_str(&pairs.join("&"));
    }
    key
}

fn name_of(pair: &str) -> &str {
    pair.split('=').next().unwrap_or(pair)
}

/// Undoes escapes of letters, digits and `-._~`, and writes those that stay in one case (RFC 3986 6.2.2).
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let byte = after.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match byte {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => out.push(char::from(byte)),
            // Writing to a String cannot fail.
            Some(byte) => {
                write!(out, "%{byte:02X}").ok();
            }
            None => out.push('%'),
        }
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    out.push_str(rest);
    out
}

/// Drops `;jsessionid=…` and its like and the `(S(…))` of sessions without cookies, and folds runs of slashes.
fn tidy_path(path: &str) -> String {
    let lower = path.to_ascii_lowercase();
    let session = [";jsessionid=", ";phpsessid=", ";sid="].into_iter().filter_map(|mark| lower.find(mark)).min();
    let path = session.and_then(|at| path.get(..at)).unwrap_or(path);
    let path = match (path.find("/(S("), path.find("))/")) {
        (Some(from), Some(to)) if from < to => {
            format!("{}{}", path.get(..from).unwrap_or_default(), path.get(to + 2..).unwrap_or_default())
        }
        _ => path.to_owned(),
    };
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        if c != '/' || !out.ends_with('/') {
            out.push(c);
        }
    }
    out
}

/// Resolves a link as a browser would and keeps it only where it can be fetched: http or https.
/// White space around and line breaks inside are removed first, as HTML asks.
pub fn resolve(base: &Url, link: &str) -> Option<Url> {
    let url = base.join(link.trim()).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.host().is_some()).then_some(url)
}

/// `host` or `host:port` where the port is not the scheme's own: the authority politeness and robots count by.
pub fn authority(url: &Url) -> String {
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(text: &str) -> String {
        normalise(&Url::parse(text).unwrap()).to_string()
    }

    #[test]
    fn one_place_has_one_spelling() {
        for (given, want) in [
            ("HTTP://News.Example.EDU.cn:80/a/../b.htm#top", "http://news.example.edu.cn/b.htm"),
            ("http://news.example.edu.cn./b.htm?", "http://news.example.edu.cn/b.htm"),
            ("http://news.example.edu.cn../b.htm", "http://news.example.edu.cn/b.htm"),
            (
                "http://u:p@news.example.edu.cn//info//1/2.htm;jsessionid=AB12",
                "http://news.example.edu.cn/info/1/2.htm",
            ),
            ("http://news.example.edu.cn/l.jsp?wbtreeid=1&_t=99", "http://news.example.edu.cn/l.jsp?wbtreeid=1"),
            ("http://news.example.edu.cn/l.jsp?b=2&a=1", "http://news.example.edu.cn/l.jsp?b=2&a=1"),
            (
                "http://news.example.edu.cn/(S(ab12cd34))/list.aspx?_=1700000000000",
                "http://news.example.edu.cn/list.aspx",
            ),
            ("http://news.example.edu.cn/a.php;sid=9?_=2", "http://news.example.edu.cn/a.php?_=2"),
        ] {
            assert_eq!(normal(given), want);
            assert_eq!(normal(want), want, "normalising twice changes nothing");
        }
    }

    #[test]
    fn only_web_links_resolve() {
        let base = Url::parse("http://news.example.edu.cn/xwzx/list.htm").unwrap();
        assert_eq!(resolve(&base, " ../info/1/2.htm ").unwrap().path(), "/info/1/2.htm");
        for dead in ["javascript:void(0)", "mailto:a@b.cn", "file:///etc/passwd", "http://"] {
            assert_eq!(resolve(&base, dead), None, "{dead}");
        }
    }

    /// Numbers as they come, the same every time.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).unwrap() % sides
        }
    }

    /// One of the spellings of a place.
    fn spelled(dice: &mut Dice, hosts: &[&str], path: &[&str], query: &[(&str, &str)]) -> String {
        let mixed = |dice: &mut Dice, text: &str| -> String {
            text.chars().map(|c| if dice.roll(2) == 0 { c.to_ascii_uppercase() } else { c }).collect()
        };
        let escaped = |dice: &mut Dice, text: &str| -> String {
            let escape = |c: char| match (c.is_ascii_alphanumeric(), dice.roll(6)) {
                (true, 0) => format!("%{:02x}", c as u32),
                (true, 1) => format!("%{:02X}", c as u32),
                _ => c.to_string(),
            };
            text.chars().map(escape).collect()
        };
        let mut url = mixed(dice, "http") + "://";
        url.push_str(["", "u:p@", "guest@"][dice.roll(3)]);
        let host = hosts[dice.roll(hosts.len())];
        url.push_str(&mixed(dice, host));
        url.push_str(["", "."][dice.roll(2)]);
        url.push_str(["", ":80", ":"][dice.roll(3)]);
        for segment in path {
            url.push_str(["/", "//", "/./", "/x/../", "/%2e/", "///"][dice.roll(6)]);
            url.push_str(&escaped(dice, segment));
        }
        url.push_str(["", ";jsessionid=AB12", ";PHPSESSID=zz", ";sid=1"][dice.roll(4)]);
        let mut pairs: Vec<String> = query.iter().map(|(k, v)| format!("{k}={}", escaped(dice, v))).collect();
        for extra in ["", "_t=17", "sid=9", "utm_source=wx", "PHPSESSID=q", "_=1700000000000"] {
            if dice.roll(3) == 0 {
                pairs.push(extra.to_owned());
            }
        }
        for at in (1..pairs.len()).rev() {
            pairs.swap(at, dice.roll(at + 1));
        }
        if !pairs.is_empty() {
            url.push('?');
            url.push_str(&pairs.join("&"));
        }
        url.push_str(["", "#", "#top", "#/a/b"][dice.roll(4)]);
        url
    }

    #[test]
    fn ten_thousand_spellings_of_five_places_have_five_keys() {
        let mut dice = Dice(20_261_130);
        let ascii = &["news.yunling.example"][..];
        let punycode = Url::parse("http://新闻.云岭.example/").unwrap().host_str().unwrap().to_owned();
        let chinese = &["新闻.云岭.example", punycode.as_str()][..];
        let places = [
            (ascii, &["info", "1001", "23.htm"][..], &[][..]),
            (
                ascii,
                &["content.jsp"][..],
                &[("urltype", "news.NewsContentUrl"), ("wbtreeid", "1001"), ("wbnewsid", "7")][..],
            ),
            (
                ascii,
                &["content.jsp"][..],
                &[("urltype", "news.NewsContentUrl"), ("wbtreeid", "1001"), ("wbnewsid", "8")][..],
            ),
            (chinese, &["2023", "0601", "c30a99", "page.htm"][..], &[("p", "2")][..]),
            (ascii, &["info", "1001", "23.HTM"][..], &[][..]),
        ];
        let mut keys = std::collections::BTreeSet::new();
        for (hosts, path, query) in places {
            let first = key(&Url::parse(&spelled(&mut dice, hosts, path, query)).unwrap());
            for _ in 0..2_000 {
                let url = spelled(&mut dice, hosts, path, query);
                assert_eq!(key(&Url::parse(&url).unwrap()), first, "{url}");
            }
            keys.insert(first);
        }
        assert_eq!(keys.len(), 5, "{keys:?}");
    }
}
