//! Reading a parsed page: text, hidden parts, base address.
//!
//! Every walk is a loop over the tree's own iterators: a page can nest a hundred thousand elements, and a stack cannot.

mod guard;
pub mod outline;
pub(in crate::extract) mod script;

use std::borrow::Cow;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use html5ever::driver::{self, ParseOpts};
use html5ever::tendril::{StrTendril, TendrilSink as _};
use html5ever::{LocalName, local_name};
use scraper::{ElementRef, Html, HtmlTreeSink, Node};
use url::Url;

use crate::domain::address;
use crate::domain::page::Page;

/// What the parser is handed at once, in bytes. Texts of the tree are parts of the chunk they came in, which lives as long
/// as one of them: in small chunks, what became no text is soon free again.
const CHUNK: usize = 16 << 10;

/// Parses a page's source; nesting and attributes beyond any page's need are cut.
pub fn parse(source: &str) -> Html {
    parse_guarded(source).0
}

/// The same, with the codes of what was cut: `too-deep`, `too-many-attributes`, `attribute-cut`, `too-many-tags`,
/// `too-long`.
pub fn parse_guarded(source: &str) -> (Html, Vec<&'static str>) {
    let (pieces, cut) = guard::guarded(source);
    let mut parser = driver::parse_document(HtmlTreeSink::new(Html::new_document()), ParseOpts::default());
    for mut piece in pieces {
        while !piece.is_empty() {
            let (chunk, rest) = piece.split_at(piece.floor_char_boundary(CHUNK));
            parser.process(StrTendril::from_slice(chunk));
            piece = rest;
        }
    }
    (parser.finish(), cut)
}

/// An attribute's value. The element's own `attr` makes a name to search with every time, which costs more than the search:
/// elements have few attributes.
pub fn attr<'e>(element: &'e scraper::node::Element, name: &str) -> Option<&'e str> {
    element.attrs.iter().find(|(own, _)| *own.local == *name && own.ns.is_empty()).map(|(_, value)| &**value)
}

/// The same by a name the parser knows: names are then compared as numbers.
pub(in crate::extract) fn attr_of<'e>(element: &'e scraper::node::Element, name: &LocalName) -> Option<&'e str> {
    element.attrs.iter().find(|(own, _)| own.local == *name && own.ns.is_empty()).map(|(_, value)| &**value)
}

/// Names of an element's `class`, as written.
pub(in crate::extract) fn classes(element: &scraper::node::Element) -> impl Iterator<Item = &str> {
    attr_of(element, &local_name!("class")).unwrap_or_default().split_ascii_whitespace()
}

/// All elements in document order.
pub fn elements(doc: &Html) -> impl Iterator<Item = ElementRef<'_>> {
    Walk::below(doc.tree.root()).filter_map(ElementRef::wrap)
}

/// A node and everything below it in document order. The tree's own iterator comes to every node twice, on the way down and
/// on the way up; selectors walk a page some thirty times.
#[derive(Debug, Clone)]
pub struct Walk<'a> {
    top: NodeId,
    next: Option<NodeRef<'a, Node>>,
}

impl<'a> Walk<'a> {
    /// Begins at this node, which is the first.
    pub fn below(top: NodeRef<'a, Node>) -> Self {
        Self { top: top.id(), next: Some(top) }
    }

    /// What follows a node and all in it.
    fn after(&self, node: NodeRef<'a, Node>) -> Option<NodeRef<'a, Node>> {
        let mut node = node;
        while node.id() != self.top {
            if let Some(next) = node.next_sibling() {
                return Some(next);
            }
            node = node.parent()?;
        }
        None
    }
}

impl<'a> Iterator for Walk<'a> {
    type Item = NodeRef<'a, Node>;

    fn next(&mut self) -> Option<NodeRef<'a, Node>> {
        let node = self.next?;
        self.next = node.first_child().or_else(|| self.after(node));
        Some(node)
    }
}

/// White space folded to single spaces, trimmed; no-break and ideographic spaces are white space, zero-width marks nothing.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_folded(&mut out, text);
    out.truncate(out.trim_end().len());
    out
}

/// The same, borrowed where trimming is all there is to do, as for nearly every text of a page.
pub(in crate::extract) fn folded(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim();
    let mut gap = false;
    for c in trimmed.chars() {
        let white = c.is_whitespace();
        if (white && (gap || c != ' ')) || is_invisible(c) {
            return Cow::Owned(fold(trimmed));
        }
        gap = white;
    }
    Cow::Borrowed(trimmed)
}

/// Appends `text`, folding white space also across the seam.
fn push_folded(out: &mut String, text: &str) {
    for c in text.chars() {
        if is_invisible(c) {
            continue;
        }
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(c);
        }
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}' | '\u{ad}')
}

/// Visible text of an element, folded: scripts, styles, templates and hidden elements give nothing, a line break or a
/// block's edge gives a space.
pub fn text(element: ElementRef<'_>) -> String {
    let mut out = String::new();
    let mut skip = None;
    for edge in element.traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Text(text) if skip.is_none() => push_folded(&mut out, text),
                Node::Element(value) if skip.is_none() => {
                    if node.id() != element.id() && (is_silent(value.name()) || is_hidden(value)) {
                        skip = Some(node.id());
                    } else if breaks_line(value.name()) {
                        push_folded(&mut out, " ");
                    }
                }
                Node::Text(_)
                | Node::Element(_)
                | Node::Document
                | Node::Fragment
                | Node::Doctype(_)
                | Node::Comment(_)
                | Node::ProcessingInstruction(_) => {}
            },
            Edge::Close(node) => {
                if skip == Some(node.id()) {
                    skip = None;
                } else if skip.is_none() && node.value().as_element().is_some_and(|value| breaks_line(value.name())) {
                    push_folded(&mut out, " ");
                }
            }
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Elements whose content is never printed.
pub fn is_silent(name: &str) -> bool {
    matches!(name, "script" | "style" | "noscript" | "template" | "head" | "select" | "textarea" | "iframe" | "object")
}

/// Whether an element says of itself that it is not shown.
pub fn is_hidden(element: &scraper::node::Element) -> bool {
    if element.attrs.is_empty() {
        return false;
    }
    if attr_of(element, &local_name!("hidden")).is_some() {
        return true;
    }
    attr_of(element, &local_name!("style")).is_some_and(|style| {
        // Both properties have a letter that most others lack.
        if !style.contains(['y', 'Y']) {
            return false;
        }
        let style: String = style.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
        style.contains("display:none") || style.contains("visibility:hidden")
    })
}

fn breaks_line(name: &str) -> bool {
    matches!(
        name,
        "br" | "p"
            | "div"
            | "li"
            | "ul"
            | "ol"
            | "dl"
            | "dt"
            | "dd"
            | "td"
            | "th"
            | "tr"
            | "table"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "aside"
            | "nav"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "blockquote"
            | "form"
            | "center"
            | "figure"
            | "figcaption"
            | "hr"
    )
}

/// The address links are resolved against: `<base href>` where it is a web address, else the page's own.
pub fn base(doc: &Html, page: &Page) -> Option<Url> {
    let written =
        elements(doc).find(|element| element.value().name() == "base").and_then(|base| attr(base.value(), "href"));
    match (&page.url, written) {
        (Some(own), Some(written)) => Some(address::resolve(own, written).unwrap_or_else(|| own.clone())),
        (Some(own), None) => Some(own.clone()),
        (None, Some(written)) => Url::parse(written).ok().filter(|url| matches!(url.scheme(), "http" | "https")),
        (None, None) => None,
    }
}

/// Beginnings of tags, at least one of which every page has.
const TAGS: &[&str] = &[
    "<!doctype",
    "<html",
    "<head",
    "<body",
    "<title",
    "<meta",
    "<div",
    "<p>",
    "<p ",
    "<table",
    "<td",
    "<span",
    "<br",
    "<h1",
    "<h2",
    "<h3",
    "<a href",
    "<ul",
    "<li",
    "<script",
    "<article",
    "<section",
    "<form",
    "<img",
    "<font",
    "<center",
    "<frameset",
];

/// Whether the text holds any tag that pages are made of. Plain messages and random bytes served as HTML hold none, and
/// would otherwise be read as one long paragraph.
pub(crate) fn has_markup(text: &str) -> bool {
    static FINDER: LazyLock<Option<AhoCorasick>> =
        LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(TAGS).ok());
    FINDER.as_ref().is_none_or(|tags| tags.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_meets_what_the_tree_holds_in_its_order() {
        let doc = parse("<p>一<b>二</b></p><ul><li>三<li>四</ul><!-- 五 -->");
        for top in doc.tree.root().descendants() {
            let ids = |nodes: Vec<NodeRef<'_, Node>>| nodes.iter().map(NodeRef::id).collect::<Vec<_>>();
            assert_eq!(ids(Walk::below(top).collect()), ids(top.descendants().collect()));
        }
    }

    #[test]
    fn what_is_folded_already_is_not_copied() {
        for text in ["", "字 a\u{3000}b", " \n字 a ", "a  b", "a\u{200b}b\tc", "\u{feff} a \u{200b}", "a\nb"] {
            assert_eq!(folded(text), fold(text), "{text:?}");
        }
        assert!(matches!(folded("\n\u{a0}会议 a\u{3000}"), Cow::Borrowed("会议 a")));
    }

    #[test]
    fn a_message_without_a_tag_is_no_page() {
        for page in ["<p>一", "<!DOCTYPE html>", "<BR>", "字<a href=x>"] {
            assert!(has_markup(page), "{page}");
        }
        for text in ["", "Internal error: a < b", "数据库连接失败", "<xml/>"] {
            assert!(!has_markup(text), "{text}");
        }
    }
}
