//! Files offered with the article.

use std::collections::HashSet;

use ego_tree::NodeId;
use scraper::{ElementRef, Html};
use url::Url;

use crate::domain::address;
use crate::domain::article::Attachment;
use crate::extract::dom;
use crate::extract::generic::hint;
use crate::extract::profile::Css;

use super::files;
use super::text::{fold, folded};

/// Attachments named by selectors anywhere on the page, then file links inside the body and near it, in page order.
pub(crate) fn read(doc: &Html, selectors: &[Css], body: &[ElementRef<'_>], base: Option<&Url>) -> Vec<Attachment> {
    let named: HashSet<NodeId> = selectors.iter().flat_map(|css| css.select(doc)).map(|element| element.id()).collect();
    let inside: HashSet<NodeId> = body.iter().flat_map(|body| body.descendants().map(|node| node.id())).collect();
    let mut found: Vec<Attachment> = Vec::new();
    let mut aside: Option<NodeId> = None;
    for edge in doc.tree.root().traverse() {
        match edge {
            ego_tree::iter::Edge::Open(node) => {
                let Some(element) = ElementRef::wrap(node) else { continue };
                let (id, value) = (node.id(), element.value());
                if aside.is_none()
                    && !inside.contains(&id)
                    && hint::is_aside(value)
                    && !body.iter().any(|b| is_within(*b, id))
                {
                    aside = Some(id);
                }
                let shown = aside.is_none() && (inside.contains(&id) || !body.is_empty());
                if named.contains(&id) || (shown && is_attachment(element)) {
                    add(&mut found, element, base);
                }
            }
            ego_tree::iter::Edge::Close(node) if aside == Some(node.id()) => aside = None,
            ego_tree::iter::Edge::Close(_) => {}
        }
    }
    found
}

fn is_within(body: ElementRef<'_>, id: NodeId) -> bool {
    body.ancestors().any(|ancestor| ancestor.id() == id)
}

/// A link to a file, or one whose words are a file's name (copies of pages lose the address).
fn is_attachment(element: ElementRef<'_>) -> bool {
    let value = element.value();
    match value.name() {
        "a" => {
            let href = dom::attr(value, "href").unwrap_or_default();
            let dead = href.is_empty() || href.starts_with("javascript:") || href.starts_with('#');
            files::is_file_link(value) || (dead && files::has_extension(&dom::text(element)))
        }
        _ => dom::attr(value, "pdfsrc").is_some(),
    }
}

fn add(found: &mut Vec<Attachment>, element: ElementRef<'_>, base: Option<&Url>) {
    let value = element.value();
    let written = ["pdfsrc", "href", "src"].iter().find_map(|name| value.attr(name)).unwrap_or_default().trim();
    let url =
        base.and_then(|base| address::resolve(base, written)).map_or_else(|| written.to_owned(), |url| url.to_string());
    let Some(name) = name(element, written) else { return };
    let dead = written.is_empty() || written.starts_with("javascript:");
    if !found.iter().any(|known| known.url == url && (!dead || known.name == name)) {
        found.push(Attachment { url, name });
    }
}

/// The link's words; where those only say 下载, what its attributes call the file; else the file's own name.
fn name(element: ElementRef<'_>, written: &str) -> Option<String> {
    let value = element.value();
    let words = Some(dom::text(element)).map(|text| fold(&text)).filter(|text| says_something(text));
    let sudy = || {
        value
            .attr("sudyfile-attr")
            .and_then(|attr| attr.split_once("'title':'"))
            .and_then(|(_, rest)| rest.split('\'').next())
            .and_then(folded)
    };
    let titled =
        || value.attr("title").or_else(|| value.attr("download")).and_then(folded).filter(|text| says_something(text));
    let file = || {
        let path = written.split(['?', '#']).next()?;
        folded(&percent_decoded(path.rsplit('/').next()?))
    };
    words.or_else(sudy).or_else(titled).or_else(file)
}

fn says_something(words: &str) -> bool {
    !words.is_empty()
        && !matches!(
            words,
            "下载"
                | "点击下载"
                | "附件下载"
                | "附件"
                | "点击查看"
                | "查看"
                | "点击此处下载"
                | "立即下载"
                | "下载附件"
                | "查看附件"
                | "点此下载"
        )
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes().iter().copied();
    while let Some(byte) = rest.next() {
        let hex = |b: u8| char::from(b).to_digit(16);
        let mut ahead = rest.clone();
        match (byte, ahead.next().and_then(hex), ahead.next().and_then(hex)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                rest = ahead;
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_words_then_attributes_then_the_file() {
        let doc = Html::parse_document(
            r#"<div id=b>正文<a href="/a/1.pdf">点击下载</a><div class=wp_pdf_player pdfsrc="/_upload/article/files/x/%E5%90%8D%E5%8D%95.pdf"></div></div>
            <p>附件【<a href="/system/_content/download.jsp?urltype=news.DownloadAttachUrl&wbfileid=1">名单.doc.doc</a>】已下载</p>
            <a href="javascript:;">表.xls</a><a href="/x/2.docx" sudyfile-attr="{'title':'通知.docx'}">下载</a>
            <div class="sidebar"><a href="/z.doc">常用表格.doc</a></div>"#,
        );
        let css = Css::parse("#b").unwrap();
        let body: Vec<_> = css.select(&doc).collect();
        let base = Url::parse("http://news.yunling.example/info/1/2.htm").unwrap();
        let found = read(&doc, &[], &body, Some(&base));
        let names: Vec<&str> = found.iter().map(|a| a.name.as_str()).collect();
        assert_eq!(names, ["1.pdf", "名单.pdf", "名单.doc.doc", "表.xls", "通知.docx"]);
        assert_eq!(found[0].url, "http://news.yunling.example/a/1.pdf");
    }
}
