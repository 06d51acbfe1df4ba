//! Images of the body: address, alternative text, caption.

use ego_tree::NodeId;
use scraper::node::Element;
use scraper::{ElementRef, Html};
use url::Url;

use crate::domain::address;
use crate::domain::article::Image;

use super::prose::{Item, Line, Prose};
use super::text::folded;

/// Attributes that hold an image's address, best first: originals before thumbnails, lazy-load attributes before
/// placeholders (CMS facts, sections 2 to 4).
const ADDRESS: &[&str] = &[
    "orisrc",
    "original-src",
    "data-original",
    "data-src",
    "data-lazy-src",
    "data-lazyload",
    "data-echo",
    "data-url",
    "lazy-src",
    "_src",
    "zoomfile",
    "file",
    "src",
    "oldsrc",
    "vurl",
];

/// Parts of addresses of page furniture: file-type icons, emoji, spacers, counters.
const FURNITURE: &[&str] = &[
    "/filetypeimages/",
    "/fileicon",
    "/file_icon",
    "icon_doc",
    "icon_pdf",
    "icon_xls",
    "icon_rar",
    "icon_zip",
    "icon_ppt",
    "icon_txt",
    "/icon16/",
    "/icons/",
    "/emotion",
    "/emoji",
    "/smiley",
    "/face/",
    "spacer.",
    "blank.gif",
    "blank.png",
    "loading.gif",
    "grey.gif",
    "/_visitcount",
    "transparent.gif",
    "pixel.gif",
    "/ueditor/themes",
    "/fck/editor/images",
    "qrcode",
    "erweima",
];

/// Longest caption, in characters.
const LONGEST_CAPTION: usize = 80;

/// Images in a row that can share a caption.
const IN_A_ROW: usize = 100;

/// The images among the items, in order, each with the caption printed under it.
pub(crate) fn read(doc: &Html, prose: &Prose, attributes: &[String], base: Option<&Url>) -> Vec<Image> {
    let mut images = Vec::new();
    for (at, item) in prose.items.iter().enumerate() {
        let Item::Image(id) = item else { continue };
        let Some(element) = element(doc, *id) else { continue };
        let Some(written) = written(element, attributes) else { continue };
        let url = base
            .and_then(|base| address::resolve(base, written))
            .map_or_else(|| written.to_owned(), |url| url.to_string());
        let alt = alt(element, &url);
        let caption = caption(prose.items.get(at + 1..).unwrap_or_default());
        images.push(Image { url, alt, caption });
    }
    images
}

fn element(doc: &Html, id: NodeId) -> Option<&Element> {
    doc.tree.get(id).and_then(ElementRef::wrap).map(|element| element.value())
}

/// The address as written; `None` for page furniture.
fn written<'a>(element: &'a Element, attributes: &[String]) -> Option<&'a str> {
    let own = attributes.iter().map(String::as_str).chain(ADDRESS.iter().copied());
    let written = own.filter_map(|name| element.attr(name)).map(str::trim).find(|value| {
        let placeholder = value.is_empty()
            || value.starts_with("data:")
            || value.starts_with("about:")
            || value.starts_with("javascript:");
        !placeholder && value.contains(['/', '.'])
    })?;
    let lower = written.to_ascii_lowercase();
    let tiny = |name: &str| {
        element.attr(name).is_some_and(|size| matches!(size.trim().trim_end_matches("px"), "0" | "1" | "2"))
    };
    let furniture = FURNITURE.iter().any(|mark| lower.contains(mark)) || (tiny("width") && tiny("height"));
    (!furniture).then_some(written)
}

/// The file's stem: the last part of the path, without extension.
pub(crate) fn stem(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The alternative text where it says something: VSB repeats the last part of the file's stem, editors the file's name.
fn alt(element: &Element, url: &str) -> Option<String> {
    let alt = folded(element.attr("alt")?)?;
    let stem = stem(url);
    let last = stem.rsplit('_').next().unwrap_or(stem);
    let file_name = alt.rsplit_once('.').is_some_and(|(_, extension)| {
        ["jpg", "jpeg", "png", "gif", "bmp", "webp", "tif"].iter().any(|known| extension.eq_ignore_ascii_case(known))
    });
    let hex = alt.len() >= 4 && alt.len() <= 6 && alt.bytes().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b));
    let said = alt != stem
        && alt != last
        && !file_name
        && !hex
        && !matches!(alt.as_str(), "undefined" | "null" | "图片" | "image" | "img" | "点击查看");
    said.then_some(alt)
}

/// The line right under an image, where it reads as a caption; one line under several images in a row belongs to each.
fn caption(after: &[Item]) -> Option<String> {
    let line = after.iter().take(IN_A_ROW).find_map(|item| match item {
        Item::Line(line) => Some(line),
        Item::Image(_) => None,
    })?;
    is_caption(line).then(|| line.text.clone())
}

fn is_caption(line: &Line) -> bool {
    let text = line.text.trim_start_matches(['（', '(', '【', '[']);
    let length = text.chars().count();
    let marked = ["图为", "图：", "图:", "▲", "△", "▼", "图片"].iter().any(|mark| text.starts_with(mark))
        || text.strip_prefix('图').is_some_and(|rest| {
            rest.starts_with(|c: char| c.is_numeric() || c.is_whitespace() || "一二三四五六七八九十".contains(c))
        });
    let short = line.centred && length <= 40 && !text.ends_with(['。', '！', '？', '：', ':']);
    line.caption || (length <= LONGEST_CAPTION && marked) || short
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn images(html: &str) -> Vec<Image> {
        let doc = Html::parse_document(html);
        let prose = super::super::prose::read(&[doc.root_element()], &HashSet::new());
        let base = Url::parse("http://news.yunling.example/info/1/2.htm").unwrap();
        read(&doc, &prose, &[], Some(&base))
    }

    #[test]
    fn lazy_addresses_stems_and_captions() {
        let found = images(
            r#"<p><img src="/loading.gif" orisrc="/__local/1/22/A_B_24FF0.jpg" alt="24FF0"></p><p style="text-align: center;">图1 会议现场</p>
            <p><img data-src="x/a.png" alt="代表发言"></p><p>会议随后结束，代表们离开了会场。</p>
            <img src="/system/images/fileTypeImages/icon_doc.gif"><img src="data:image/png;base64,AAAA"><img src="/t.gif" width="1" height="1">"#,
        );
        let shown: Vec<_> = found.iter().map(|i| (i.url.as_str(), i.alt.as_deref(), i.caption.as_deref())).collect();
        assert_eq!(
            shown,
            [
                ("http://news.yunling.example/__local/1/22/A_B_24FF0.jpg", None, Some("图1 会议现场")),
                ("http://news.yunling.example/info/1/x/a.png", Some("代表发言"), None),
            ]
        );
    }
}
