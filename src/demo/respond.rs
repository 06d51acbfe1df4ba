//! One request to the made-up university, one answer. Pure: the same arguments give the same bytes.

use std::time::{Duration, SystemTime};

use super::campus::{Article, Block, Charset, Family, Site};
use super::media;
use super::pages::{self, Slice};
use crate::domain::digest::PayloadDigest;

/// A header field: name, value.
pub type Header = (String, String);

/// What the server says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// Header fields in order.
    pub headers: Vec<(&'static str, String)>,
    /// Payload; empty with 304.
    pub body: Vec<u8>,
}

impl Response {
    /// First value of a header, name's case ignored.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    fn new(status: u16, media_type: &str, body: Vec<u8>) -> Self {
        Self { status, headers: vec![("Content-Type", media_type.to_owned())], body }
    }

    fn missing() -> Self {
        Self::new(
            404,
            "text/html; charset=utf-8",
            include_bytes!("../../fixtures/demo/templates/missing.html").to_vec(),
        )
    }

    fn redirect(to: String) -> Self {
        Self { status: 302, headers: vec![("Location", to)], body: Vec::new() }
    }

    fn changed_at(mut self, seconds: Option<i64>) -> Self {
        if let Some(seconds) = seconds.and_then(|s| u64::try_from(s).ok()) {
            let moment = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            self.headers.push(("Last-Modified", httpdate::fmt_http_date(moment)));
        }
        self
    }
}

/// Answers a GET for `target` (path and query) at `host` (a port is ignored) on `day`, 304 where the request's
/// validators still hold (RFC 9110, 13.1: `If-None-Match` goes before `If-Modified-Since`).
pub fn respond(host: &str, target: &str, headers: &[Header], day: u32) -> Response {
    let name = host.split(':').next().unwrap_or_default();
    let Some(site) = Site::by_host(name) else {
        return Response::new(421, "text/plain; charset=utf-8", "no such site in the made-up university\n".into());
    };
    let response = resource(site, target, day);
    if response.status == 200 { conditional(response, headers) } else { response }
}

fn conditional(mut response: Response, headers: &[Header]) -> Response {
    let digest = PayloadDigest::of(&response.body);
    let tag = format!("\"{}\"", digest.as_str().trim_start_matches("sha1:").get(..16).unwrap_or_default());
    let asked = |name: &str| headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.trim());
    let same = match asked("if-none-match") {
        Some(tags) => tags.split(',').any(|t| matches!(t.trim().trim_start_matches("W/"), t if t == tag || t == "*")),
        None => not_modified_since(asked("if-modified-since"), response.header("last-modified")),
    };
    response.headers.push(("ETag", tag));
    if same {
        response.status = 304;
        response.body.clear();
    }
    response
}

fn not_modified_since(asked: Option<&str>, changed: Option<&str>) -> bool {
    let moment = |text: Option<&str>| httpdate::parse_http_date(text?).ok();
    matches!((moment(asked), moment(changed)), (Some(asked), Some(changed)) if changed <= asked)
}

fn resource(site: &'static Site, target: &str, day: u32) -> Response {
    if target == "/robots.txt" {
        return Response::new(200, "text/plain; charset=utf-8", site.robots.clone().into_bytes());
    }
    if let Some(id) = site.rows.iter().find(|row| row.href == target).and_then(|row| row.redirects_to) {
        let found = site.articles.iter().find(|a| a.id == id);
        return found.map_or_else(Response::missing, |a| Response::redirect(pages::article_path(site, a)));
    }
    if target == "/" {
        return Response::redirect(pages::listing_path(site, 1, 1));
    }
    listing(site, target, day)
        .or_else(|| site.articles_on(day).into_iter().find_map(|article| of_article(site, article, target, day)))
        .unwrap_or_else(Response::missing)
}

fn listing(site: &Site, target: &str, day: u32) -> Option<Response> {
    let lines = pages::lines(site, day);
    let pages_in_all = lines.len().div_ceil(site.page_size);
    let page = (1..=pages_in_all).find(|page| pages::listing_path(site, *page, pages_in_all) == target)?;
    let from = (page - 1) * site.page_size;
    let rows = lines.get(from..lines.len().min(from + site.page_size))?;
    let text = pages::listing(site, &Slice { lines: rows, total: lines.len(), page, pages: pages_in_all });
    let media_type =
        if site.family == Family::Zcms { "application/json;charset=UTF-8" } else { "text/html; charset=utf-8" };
    Some(Response::new(200, media_type, text.into_bytes()))
}

/// The article's page, one of its images or one of its files.
fn of_article(site: &Site, article: &Article, target: &str, day: u32) -> Option<Response> {
    let mut parts = 0..pages::parts(site, article, day);
    if let Some(part) = parts.find(|part| pages::part_path(site, article, *part) == target) {
        return Some(page(site, article, day, part));
    }
    if let Some(index) = (0..article.attachments.len()).find(|i| pages::attachment_path(site, article, *i) == target) {
        let captcha = article.attachments.get(index).is_some_and(|file| file.captcha);
        return Some(if captcha {
            Response::new(200, "text/html; charset=utf-8", media::captcha().into())
        } else {
            Response::new(200, "application/pdf", media::document().to_vec()).changed_at(article.changed_at(1))
        });
    }
    article.blocks(day).into_iter().find_map(|block| match block {
        Block::Image { index, extension, .. } if pages::image_path(site, article, index, extension) == target => {
            let (media_type, bytes) = media::image(extension, index);
            Some(Response::new(200, media_type, bytes.to_vec()).changed_at(article.changed_at(1)))
        }
        Block::Image { .. } | Block::Paragraph(_) => None,
    })
}

fn page(site: &Site, article: &Article, day: u32, part: usize) -> Response {
    let text = pages::article(site, article, day, part);
    let (media_type, body) = match article.charset {
        Charset::Utf8 => ("text/html; charset=utf-8", text.into_bytes()),
        Charset::Gbk => ("text/html; charset=GBK", encoding_rs::GBK.encode(&text).0.into_owned()),
        Charset::Gb2312MetaOnly => ("text/html", encoding_rs::GBK.encode(&text).0.into_owned()),
    };
    Response::new(200, media_type, body).changed_at(article.changed_at(day))
}
