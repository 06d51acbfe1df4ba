//! TRS WCM: the markup of CMS facts, section 4. The pager is a script: without JavaScript there is no next link.

use super::{Slice, body, escape, fill, label, ymd};
use crate::demo::campus::{Article, Site};

const ARTICLE: &str = include_str!("../../../fixtures/demo/templates/trs/article.html");
const LISTING: &str = include_str!("../../../fixtures/demo/templates/trs/listing.html");

pub(super) fn article_path(article: &Article) -> String {
    let (year, month, date) = ymd(&article.published);
    format!("/xxjy/{year}{month}/t{year}{month}{date}_{}.html", article.id)
}

pub(super) fn part_path(article: &Article, part: usize) -> String {
    article_path(article).replace(".html", &format!("_{part}.html"))
}

pub(super) fn listing_path(page: usize) -> String {
    if page <= 1 { "/xxjy/index.html".to_owned() } else { format!("/xxjy/index_{}.html", page - 1) }
}

pub(super) fn image_path(article: &Article, index: usize, extension: &str) -> String {
    format!("{}/{}", folder(article), image_name(article, index, extension))
}

pub(super) fn attachment_path(article: &Article, index: usize) -> String {
    format!("{}/{}", folder(article), file_name(article, index))
}

fn folder(article: &Article) -> String {
    let (year, month, _) = ymd(&article.published);
    format!("/xxjy/{year}{month}")
}

fn stem(article: &Article) -> String {
    let (year, month, date) = ymd(&article.published);
    format!("0{year}{month}{date}{:06}", article.id)
}

fn image_name(article: &Article, index: usize, extension: &str) -> String {
    format!("W{}{index:03}.{extension}", stem(article))
}

fn file_name(article: &Article, index: usize) -> String {
    format!("P{}{index:03}.pdf", stem(article))
}

pub(super) fn article(site: &Site, article: &Article, day: u32, part: usize) -> String {
    let (year, month, date) = ymd(&article.published);
    let text = body(
        article.blocks_of(day, part),
        |text| format!("<p>　　{text}</p>\n"),
        |index, extension| {
            let name = image_name(article, index, extension);
            format!("<p align=\"center\"><img src=\"./{name}\" oldsrc=\"{name}\" alt=\"\"></p>\n")
        },
    );
    let files = article
        .attachments
        .iter()
        .enumerate()
        .map(|(index, file)| {
            format!("<li><a href=\"./{}\">{}</a></li>\n", file_name(article, index), escape(&file.name))
        })
        .collect::<Vec<String>>()
        .concat();
    let values = [
        ("title", escape(&article.title)),
        ("site", site.name.clone()),
        ("column", site.column.clone()),
        ("charset", label(article.charset).to_owned()),
        ("stem", format!("t{year}{month}{date}_{}", article.id)),
        ("published", article.published.get(..16).unwrap_or_default().to_owned()),
        ("source", escape(&article.source)),
        ("editor", escape(&article.editor)),
        ("parts", article.pages(day).to_string()),
        ("part", part.to_string()),
        ("body", text),
        ("files", files),
    ];
    fill(ARTICLE, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
}

pub(super) fn listing(site: &Site, slice: &Slice<'_>) -> String {
    let rows = slice
        .lines
        .iter()
        .map(|line| {
            let href = line.href.strip_prefix("/xxjy/").map_or_else(|| line.href.clone(), |rest| format!("./{rest}"));
            let (title, date) = (escape(&line.title), line.date.get(..10).unwrap_or_default());
            format!(
                "<li><span>{date}</span><a href=\"{}\" target=\"_blank\" title=\"{title}\">{title}</a></li>\n",
                escape(&href)
            )
        })
        .collect::<Vec<String>>()
        .concat();
    let values = [
        ("site", site.name.clone()),
        ("column", site.column.clone()),
        ("rows", rows),
        ("pages", slice.pages.to_string()),
        ("current", (slice.page - 1).to_string()),
    ];
    fill(LISTING, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
}
