//! ZCMS, the aggregator: the address shapes of the contract's first page. The listing is JSON, counted from page 0.

use serde_json::json;

use super::{Slice, body, escape, fill, ymd};
use crate::demo::campus::{Article, Site};

const ARTICLE: &str = include_str!("../../../fixtures/demo/templates/zcms/article.html");

/// The university's studio on the aggregator, in addresses and in the listing's query.
const STUDIO: &str = "yllgdx";
/// The listing's number of the aggregator and of the studio.
const SITE_ID: u32 = 143;
const STUDIO_ID: u32 = 927;

pub(super) fn article_path(article: &Article) -> String {
    let (year, month, date) = ymd(&article.published);
    format!("/a/{STUDIO}/{}{month}{date}/{}.shtml", year.get(2..).unwrap_or_default(), article.id)
}

/// Page two of `123.shtml` is `123_2.shtml`.
pub(super) fn part_path(article: &Article, part: usize) -> String {
    article_path(article).replace(".shtml", &format!("_{}.shtml", part + 1))
}

/// Links to the article's other pages, where it has some.
fn pager(article: &Article, day: u32, part: usize) -> String {
    let parts = article.pages(day);
    if parts < 2 {
        return String::new();
    }
    let path = |part| if part == 0 { article_path(article) } else { part_path(article, part) };
    let number = |at: usize| {
        if at == part {
            format!("<span class=\"current\">{}</span>", at + 1)
        } else {
            format!("<a href=\"{}\">{}</a>", path(at), at + 1)
        }
    };
    let numbers = (0..parts).map(number).collect::<Vec<_>>().join(" ");
    let next = if part + 1 < parts { format!(" <a href=\"{}\">下一页</a>", path(part + 1)) } else { String::new() };
    format!("<div class=\"pagebreak\">{numbers}{next}</div>\n")
}

pub(super) fn listing_path(site: &Site, page: usize) -> String {
    format!(
        "/zcms/front/information/studio?pageIndex={}&pageSize={}&siteID={SITE_ID}&studioID={STUDIO_ID}",
        page.saturating_sub(1),
        site.page_size
    )
}

pub(super) fn image_path(article: &Article, index: usize, extension: &str) -> String {
    let (year, month, date) = ymd(&article.published);
    format!("/upload/resources/image/{year}/{month}/{date}/{}{index}.{extension}", article.id)
}

pub(super) fn attachment_path(article: &Article, index: usize) -> String {
    let (year, month, date) = ymd(&article.published);
    format!("/upload/resources/file/{year}/{month}/{date}/{}{index}.pdf", article.id)
}

pub(super) fn article(site: &Site, article: &Article, day: u32, part: usize) -> String {
    let text = body(
        article.blocks_of(day, part),
        |text| format!("<p style=\"text-indent: 2em;\">{text}</p>\n"),
        |index, extension| {
            let path = image_path(article, index, extension);
            format!("<p style=\"text-align: center;\"><img src=\"{path}\" alt=\"\"></p>\n")
        },
    );
    let values = [
        ("title", escape(&article.title)),
        ("site", site.name.clone()),
        ("id", article.id.to_string()),
        ("source", escape(&article.source)),
        ("published", article.published.clone()),
        ("editor", escape(&article.editor)),
        ("body", text),
        ("pager", pager(article, day, part)),
    ];
    fill(ARTICLE, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
}

/// Rows under `data.data`; the keys are the contract's.
pub(super) fn listing(site: &Site, slice: &Slice<'_>) -> String {
    let rows: Vec<_> = slice
        .lines
        .iter()
        .map(|line| {
            let link = if line.href.starts_with("http") { line.href.clone() } else { format!("http://{}{}", site.host, line.href) };
            json!({ "articleID": line.id, "title": line.title, "publishDate": line.date, "pcLink": link, "hitCount": line.id % 397 })
        })
        .collect();
    json!({
        "status": 1,
        "message": "",
        "data": { "total": slice.total, "pageIndex": slice.page - 1, "pageSize": site.page_size, "data": rows },
    })
    .to_string()
}
