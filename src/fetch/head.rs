//! Heads of messages: the fields we send, and both heads as data.

use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, HOST, HeaderMap, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, USER_AGENT,
};
use reqwest::{Response, Version};
use url::Url;

use super::credentials::WITHHELD;
use crate::domain::address::authority;
use crate::domain::capture::Head;
use crate::domain::request::FetchRequest;

/// What we can read, best first.
const ACCEPTED: &str = "text/html,application/xhtml+xml,application/json;q=0.9,application/xml;q=0.9,*/*;q=0.8";

/// The fields of a request, in the order they are sent. A stored validator that is no header value is left out.
pub(super) fn request_fields(request: &FetchRequest, user_agent: &str) -> HeaderMap {
    let prior = request.prior.as_ref();
    let fields = [
        (HOST, Some(authority(&request.url))),
        (USER_AGENT, Some(user_agent.to_owned())),
        (ACCEPT, Some(ACCEPTED.to_owned())),
        // gzip only: sites pay for their bandwidth, and every reader of WARC files can undo it.
        (ACCEPT_ENCODING, Some("gzip".to_owned())),
        (IF_NONE_MATCH, prior.and_then(|prior| prior.etag.clone())),
        (IF_MODIFIED_SINCE, prior.and_then(|prior| prior.last_modified.clone())),
    ];
    let usable = |value: Option<String>| value.and_then(|value| HeaderValue::from_str(&value).ok());
    fields.into_iter().filter_map(|(name, value)| Some((name, usable(value)?))).collect()
}

/// The request head as it goes over the wire, but for secrets: of those it says only that there was one.
pub(super) fn request_head(url: &Url, fields: &HeaderMap) -> Head {
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let line = format!("GET {}{query} HTTP/1.1", url.path());
    let shown = |value: &HeaderValue| {
        if value.is_sensitive() { WITHHELD.as_bytes().to_vec() } else { value.as_bytes().to_vec() }
    };
    let fields = fields.iter().map(|(name, value)| (title_case(name.as_str()), shown(value))).collect();
    Head { line, fields }
}

/// `if-none-match` as the client writes it: `If-None-Match`.
fn title_case(name: &str) -> String {
    let words = name.split('-').map(|word| {
        let (first, rest) = word.split_at_checked(1).unwrap_or(("", word));
        first.to_ascii_uppercase() + rest
    });
    words.collect::<Vec<_>>().join("-")
}

/// The response head as parsed, values byte for byte.
pub(super) fn response_head(response: &Response) -> Head {
    let version = if response.version() == Version::HTTP_10 { "HTTP/1.0" } else { "HTTP/1.1" };
    let status = response.status();
    let reason = match response.extensions().get::<hyper::ext::ReasonPhrase>() {
        Some(phrase) => String::from_utf8_lossy(phrase.as_bytes()).into_owned(),
        None => status.canonical_reason().unwrap_or_default().to_owned(),
    };
    let fields = response.headers().iter();
    let fields = fields.map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec())).collect();
    Head { line: format!("{version} {} {reason}", status.as_str()), fields }
}

/// Bytes of a head on the wire, near enough for a cap.
pub(super) fn size(head: &Head) -> usize {
    head.line.len() + head.fields.iter().map(|(name, value)| name.len() + value.len() + 4).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::digest::RecordId;
    use crate::domain::request::{Prior, Purpose};
    use crate::domain::time::CaptureTime;

    fn request(url: &str, etag: Option<&str>) -> FetchRequest {
        let prior = Prior {
            etag: etag.map(str::to_owned),
            last_modified: Some("Tue, 06 Jun 2023 08:49:09 GMT".to_owned()),
            payload_digest: None,
            record_id: RecordId::from_stored("urn:uuid:1"),
            captured_at: CaptureTime::parse("2026-01-01T00:00:00Z").unwrap(),
            selectors: None,
        };
        FetchRequest {
            url: Url::parse(url).unwrap(),
            site: "s".to_owned(),
            purpose: Purpose::Article,
            via: None,
            hops: 0,
            attempt: 0,
            walk: None,
            item: None,
            prior: Some(prior),
        }
    }

    #[test]
    fn a_request_head_is_written_in_full() {
        let request = request("http://news.example.edu.cn:8080/a/b.htm?x=1&y=%E6%96%B0", Some("\"v1\""));
        let head = request_head(&request.url, &request_fields(&request, "shiguan/0 (+a@b.cn)"));
        assert_eq!(head.line, "GET /a/b.htm?x=1&y=%E6%96%B0 HTTP/1.1");
        assert_eq!(head.get("host"), Some("news.example.edu.cn:8080"));
        let names: Vec<&str> = head.fields.iter().map(|(name, _)| name.as_str()).collect();
        let want = ["Host", "User-Agent", "Accept", "Accept-Encoding", "If-None-Match", "If-Modified-Since"];
        assert_eq!(names, want);
    }

    #[test]
    fn a_validator_that_breaks_the_head_is_not_sent() {
        let request = request("http://a.cn/", Some("\"v1\"\r\nX-Evil: 1"));
        let fields = request_fields(&request, "shiguan/0");
        assert!(!fields.contains_key(IF_NONE_MATCH) && fields.contains_key(IF_MODIFIED_SINCE));
    }
}
