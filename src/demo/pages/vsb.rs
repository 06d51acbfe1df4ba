//! 博达 VSB: the markup of CMS facts, section 2. Listing files count down to 1; page one has no number.

use super::{Slice, body, escape, fill, hex, ymd};
use crate::demo::campus::{Article, Site};

const ARTICLE: &str = include_str!("../../../fixtures/demo/templates/vsb/article.html");
const LISTING: &str = include_str!("../../../fixtures/demo/templates/vsb/listing.html");

/// Tree id of the column; part of every article's address.
const TREE: u64 = 1012;

pub(super) fn article_path(article: &Article) -> String {
    format!("/info/{TREE}/{}.htm", article.id)
}

pub(super) fn listing_path(page: usize, pages: usize) -> String {
    if page <= 1 { "/xwzx/ztjy.htm".to_owned() } else { format!("/xwzx/ztjy/{}.htm", (pages + 1).saturating_sub(page)) }
}

pub(super) fn image_path(article: &Article, index: usize, extension: &str) -> String {
    let (hash, size) = (hash(article, index), size(article, index));
    let folder = |from: usize, to: usize| hash.get(from..to).unwrap_or_default().to_owned();
    format!(
        "/__local/{}/{}/{}/{}_{}_{size}.{extension}",
        folder(0, 1),
        folder(1, 3),
        folder(3, 5),
        folder(5, 32),
        hex(article.id, 8)
    )
}

pub(super) fn attachment_path(article: &Article, index: usize) -> String {
    format!(
        "/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1527043817&wbfileid={}",
        article.id * 10 + index as u64
    )
}

pub(super) fn article(site: &Site, article: &Article, day: u32) -> String {
    let (year, month, date) = ymd(&article.published);
    let clock = article.published.get(11..16).unwrap_or_default();
    let text = body(
        article.blocks(day),
        |text| format!("<p style=\"text-indent: 2em;\"><span style=\"font-size: 16px;\">{text}</span></p>\n"),
        |index, extension| image(article, index, extension),
    );
    let values = [
        ("title", escape(&article.title)),
        ("site", site.name.clone()),
        ("column", site.column.clone()),
        ("id", article.id.to_string()),
        ("published", format!("{year}年{month}月{date}日 {clock}")),
        ("author", escape(&article.author)),
        ("source", escape(&article.source)),
        ("body", text),
        ("annex", annex(article)),
    ];
    fill(ARTICLE, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
}

/// `src` shows a smaller copy; `alt` repeats the file name's last part, as the editor fills it in.
fn image(article: &Article, index: usize, extension: &str) -> String {
    let path = image_path(article, index, extension);
    format!(
        "<p class=\"vsbcontent_img\" style=\"text-align: center;\"><img src=\"{path}\" width=\"500\" vsbhref=\"vurl\" \
         vurl=\"/_vsl/{}/{}/{size}\" orisrc=\"{path}\" class=\"img_vsb_content\" alt=\"{size}\"></p>\n",
        hash(article, index),
        hex(article.id, 8),
        size = size(article, index),
    )
}

fn annex(article: &Article) -> String {
    let rows = article
        .attachments
        .iter()
        .enumerate()
        .map(|(index, file)| {
            let href = escape(&attachment_path(article, index));
            let name = escape(&file.name);
            format!("<li>附件【<a href=\"{href}\" target=\"_blank\">{name}</a>】已下载<span id=\"nattach{index}\"></span>次</li>\n")
        })
        .collect::<Vec<String>>()
        .concat();
    if rows.is_empty() { rows } else { format!("<ul style=\"list-style-type:none;\">\n{rows}</ul>\n") }
}

fn hash(article: &Article, index: usize) -> String {
    hex(article.id * 100 + index as u64, 32)
}

fn size(article: &Article, index: usize) -> String {
    hex(article.id * 31 + index as u64, 5)
}

pub(super) fn listing(site: &Site, slice: &Slice<'_>) -> String {
    let rows = slice
        .lines
        .iter()
        .enumerate()
        .map(|(at, line)| {
            let (year, month, date) = ymd(&line.date);
            let href = if line.id == 0 { line.href.clone() } else { format!("{}{}", up(slice), line.href.trim_start_matches('/')) };
            let title = escape(&line.title);
            format!(
                "<li id=\"line_u9_{at}\"><a href=\"{}\" target=\"_blank\" title=\"{title}\">{}</a><span>{year}年{month}月{date}日</span></li>\n",
                escape(&href),
                shortened(&title),
            )
        })
        .collect::<Vec<String>>()
        .concat();
    let values = [
        ("site", site.name.clone()),
        ("column", site.column.clone()),
        ("rows", rows),
        ("up", up(slice).to_owned()),
        ("pager", pager(slice)),
    ];
    fill(LISTING, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
}

/// Lists print long titles cut; the whole stands in the link's `title`.
fn shortened(title: &str) -> String {
    if title.chars().count() <= 30 {
        title.to_owned()
    } else {
        format!("{}...", title.chars().take(28).collect::<String>())
    }
}

/// The way from this listing file to the root.
fn up(slice: &Slice<'_>) -> &'static str {
    if slice.page == 1 { "../" } else { "../../" }
}

/// The old pager: 下页 and 尾页 carry the same class.
fn pager(slice: &Slice<'_>) -> String {
    let folder = if slice.page == 1 { "ztjy/" } else { "" };
    let back = match slice.page {
        1 => "<span class=\"PrevDisabled\">首页</span><span class=\"PrevDisabled\">上页</span>".to_owned(),
        2 => {
            "<a href=\"../ztjy.htm\" class=\"Prev\">首页</a><a href=\"../ztjy.htm\" class=\"Prev\">上页</a>".to_owned()
        }
        page => format!(
            "<a href=\"../ztjy.htm\" class=\"Prev\">首页</a><a href=\"{}.htm\" class=\"Prev\">上页</a>",
            slice.pages + 2 - page
        ),
    };
    let on = if slice.page >= slice.pages {
        "<span class=\"NextDisabled\">下页</span><span class=\"NextDisabled\">尾页</span>".to_owned()
    } else {
        let next = slice.pages - slice.page;
        format!(
            "<a href=\"{folder}{next}.htm\" class=\"Next\">下页</a><a href=\"{folder}1.htm\" class=\"Next\">尾页</a>"
        )
    };
    format!(
        "<td nowrap=\"\" align=\"left\" width=\"1%\" id=\"fanye189044\">共{}条&nbsp;&nbsp;{}/{}&nbsp;</td><td nowrap=\"\" align=\"left\"><div>{back}{on}</div></td>",
        slice.total, slice.page, slice.pages
    )
}
