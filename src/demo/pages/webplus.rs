//! 苏迪 webplus: the markup of CMS facts, section 3. Listing files count up; stock output quotes with `'`.

use super::{Slice, body, escape, fill, hex, ymd};
use crate::demo::campus::{Article, Site};

const ARTICLE: &str = include_str!("../../../fixtures/demo/templates/webplus/article.html");
const LISTING: &str = include_str!("../../../fixtures/demo/templates/webplus/listing.html");

/// Column id; part of every article's address.
const COLUMN: u64 = 3042;

pub(super) fn article_path(article: &Article) -> String {
    let (year, month, date) = ymd(&article.published);
    format!("/{year}/{month}{date}/c{COLUMN}a{}/page.htm", article.id)
}

pub(super) fn listing_path(page: usize) -> String {
    if page <= 1 { format!("/{COLUMN}/list.htm") } else { format!("/{COLUMN}/list{page}.htm") }
}

pub(super) fn image_path(article: &Article, index: usize, extension: &str) -> String {
    let name = hex(article.id * 100 + index as u64, 32).to_lowercase();
    let part = |from: usize, to: usize| name.get(from..to).unwrap_or_default().to_owned();
    format!(
        "/_upload/article/images/{}/{}/{}/{}-{}-{}.{extension}",
        part(0, 2),
        part(2, 4),
        part(4, 16),
        part(16, 20),
        part(20, 24),
        part(24, 32)
    )
}

pub(super) fn attachment_path(article: &Article, index: usize) -> String {
    format!("/_upload/article/files/{}.pdf", hex(article.id * 1000 + index as u64, 24).to_lowercase())
}

pub(super) fn article(site: &Site, article: &Article, day: u32) -> String {
    let mut text = body(
        article.blocks(day),
        |text| {
            format!(
                "<p style=\"text-indent:2em;\"><span style=\"font-size:16px;font-family:宋体;\">{text}</span></p>\n"
            )
        },
        |index, extension| image(article, index, extension),
    );
    for (index, file) in article.attachments.iter().enumerate() {
        text.push_str(&annex(&attachment_path(article, index), &escape(&file.name)));
    }
    let values = [
        ("title", escape(&article.title)),
        ("site", site.name.clone()),
        ("column", site.column.clone()),
        ("id", article.id.to_string()),
        ("date", article.day_printed().to_owned()),
        ("publisher", escape(&article.author)),
        ("body", text),
    ];
    fill(ARTICLE, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
}

fn annex(href: &str, name: &str) -> String {
    format!(
        "<p><img src=\"/_ueditor/themes/default/images/icon_pdf.gif\"><a href=\"{href}\" sudyfile-attr=\"{{'title':'{name}'}}\">{name}</a></p>\n"
    )
}

fn image(article: &Article, index: usize, extension: &str) -> String {
    let path = image_path(article, index, extension);
    format!(
        "<p style=\"text-align:center;\"><img data-layer=\"photo\" src=\"{path}\" original-src=\"{path}\" sudyfile-attr=\"{{'title':'DSC{:05}.{extension}'}}\"></p>\n",
        article.id % 100_000
    )
}

pub(super) fn listing(site: &Site, slice: &Slice<'_>) -> String {
    let rows = slice
        .lines
        .iter()
        .enumerate()
        .map(|(at, line)| {
            let title = escape(&line.title);
            format!(
                "<li class=\"news n{} clearfix\"><span class=\"news_title\"><a href='{}' target='_blank' title='{title}'>{title}</a></span><span class=\"news_meta\">{}</span></li>\n",
                at + 1,
                escape(&line.href),
                line.date.get(..10).unwrap_or_default(),
            )
        })
        .collect::<Vec<String>>()
        .concat();
    let next = if slice.page < slice.pages { listing_path(slice.page + 1) } else { "javascript:void(0);".to_owned() };
    let back = if slice.page > 1 { listing_path(slice.page - 1) } else { "javascript:void(0);".to_owned() };
    let values = [
        ("site", site.name.clone()),
        ("column", site.column.clone()),
        ("rows", rows),
        ("per_page", site.page_size.to_string()),
        ("total", slice.total.to_string()),
        ("page", slice.page.to_string()),
        ("pages", slice.pages.to_string()),
        ("next", next),
        ("back", back),
        ("first", listing_path(1)),
        ("last", listing_path(slice.pages)),
    ];
    fill(LISTING, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
}
