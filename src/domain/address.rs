//! Addresses of pages: one spelling for one place.
//!
//! Parsing is the `url` crate's (WHATWG); this module only removes what names the same place twice
//! (CMS facts, section 7: session ids, cache-busting stamps, fragments, trailing-dot hosts).

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
    let key = pair.split('=').next().unwrap_or(pair);
    VOLATILE_KEYS.iter().any(|k| key.eq_ignore_ascii_case(k))
}

/// Drops `;jsessionid=…` and folds runs of slashes.
fn tidy_path(path: &str) -> String {
    let path = match path.to_ascii_lowercase().find(";jsessionid=") {
        Some(at) => path.get(..at).unwrap_or(path),
        None => path,
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
}
