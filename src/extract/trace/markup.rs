//! The page with its parts outlined and labelled, safe to open: an archived script must never run.
//!
//! The tree is written anew, element by element, from a list of what may stand: no scripts, frames, forms' targets,
//! event handlers or foreign content; images become their names, links are shown and lead nowhere but the web. A
//! content security policy says the same to the browser, so that a slip here is still no script.

use std::collections::HashMap;
use std::fmt::Write as _;

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{Html, Node};

use super::look::Part;

/// Fields and their colours, in the order of the legend.
const COLOURS: &[(&str, &str)] = &[
    ("title", "#c2185b"),
    ("subtitle", "#ad1457"),
    ("meta line", "#6a1b9a"),
    ("source", "#4527a0"),
    ("published_at", "#283593"),
    ("credits", "#00695c"),
    ("footer", "#00695c"),
    ("body", "#2e7d32"),
    ("image", "#ef6c00"),
    ("attachment", "#d84315"),
    ("breadcrumbs", "#5d4037"),
    ("row", "#1565c0"),
    ("next", "#c62828"),
];

/// Elements left out with all they hold.
const LEFT_OUT: &[&str] = &[
    "script",
    "noscript",
    "iframe",
    "frame",
    "frameset",
    "object",
    "embed",
    "applet",
    "template",
    "svg",
    "math",
    "base",
    "link",
    "meta",
    "title",
    "audio",
    "video",
    "source",
    "track",
    "plaintext",
    "xmp",
    "noembed",
    "noframes",
    "listing",
    "portal",
];

/// Elements without an end tag.
const VOID: &[&str] = &["area", "br", "col", "hr", "input", "wbr"];

/// Attributes kept: what lays a page out and says what its parts are called.
const KEPT: &[&str] = &[
    "class",
    "id",
    "style",
    "title",
    "alt",
    "width",
    "height",
    "align",
    "valign",
    "border",
    "cellpadding",
    "cellspacing",
    "colspan",
    "rowspan",
    "bgcolor",
    "color",
    "size",
    "face",
    "dir",
    "lang",
    "hidden",
    "type",
    "value",
    "name",
    "open",
    "start",
    "span",
];

const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";

/// Writes the page.
pub(super) fn write(doc: &Html, parts: &[Part]) -> String {
    let mut labels: HashMap<NodeId, Vec<&'static str>> = HashMap::new();
    for (id, label) in parts {
        let own = labels.entry(*id).or_default();
        if !own.contains(label) {
            own.push(label);
        }
    }
    let mut page = Writer { out: head(parts), labels, reached: Vec::new() };
    page.body(doc);
    page.out.push_str("</body></html>\n");
    page.out
}

/// Head, style and legend.
fn head(parts: &[Part]) -> String {
    let mut out = format!(
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\
         <title>shiguan inspect</title></head><body>\n<style>\n"
    );
    out.push_str(
        "[data-shiguan]{outline:3px solid var(--shiguan)!important;outline-offset:1px;position:relative!important}\n\
         [data-shiguan]::before{content:attr(data-shiguan);position:absolute!important;top:-2px;right:0;z-index:9999;background:var(--shiguan);color:#fff;\
         font:12px/1.4 sans-serif;padding:0 5px;white-space:nowrap}\n\
         [data-shiguan][style*=\"none\"],[data-shiguan][hidden]{display:revert!important}\n\
         span[data-shiguan]::before{top:auto;bottom:100%}a[data-shiguan]::before{right:auto;left:100%}\n\
         [data-shiguan^=\"row\"]{outline-width:2px!important;outline-offset:-1px}[data-shiguan^=\"row\"]::before{top:0;right:100%}\n\
         .shiguan-image{display:inline-block;min-width:120px;min-height:48px;padding:14px 8px 4px;background:#eee;color:#555;font:12px/1.4 monospace}\n",
    );
    for (field, colour) in COLOURS {
        // Writing to a String cannot fail.
        writeln!(out, "[data-shiguan^=\"{field}\"]{{--shiguan:{colour}}}").ok();
    }
    out.push_str("</style>\n<div style=\"all:initial;display:block;position:sticky;top:0;z-index:99999;padding:8px;background:#222;color:#fff;font:14px/1.8 sans-serif\">shiguan inspect: ");
    for (field, colour) in COLOURS {
        let count = parts.iter().filter(|(_, label)| label == field).count();
        if count > 0 {
            let style = format!("background:{colour};color:#fff;padding:1px 7px;margin-right:6px;text-decoration:none");
            write!(out, "<a href=\"#{}\" style=\"{style}\">{field} × {count}</a>", anchor(field)).ok();
        }
    }
    if parts.is_empty() {
        out.push_str("nothing on this page gave a field");
    }
    out.push_str("</div>\n");
    out
}

struct Writer {
    out: String,
    labels: HashMap<NodeId, Vec<&'static str>>,
    /// Labels already met: the legend leads to the first part of each.
    reached: Vec<&'static str>,
}

impl Writer {
    fn body(&mut self, doc: &Html) {
        let mut skipped = None;
        for edge in doc.tree.root().traverse() {
            match edge {
                Edge::Open(_) if skipped.is_some() => {}
                Edge::Open(node) => match node.value() {
                    Node::Text(text) => escape(&mut self.out, text),
                    Node::Element(element) => match element.name() {
                        name if LEFT_OUT.contains(&name) => skipped = Some(node.id()),
                        "img" => self.image(node.id(), element),
                        "style" => {
                            let texts = node.children().filter_map(|child| child.value().as_text());
                            self.style(&texts.map(|text| &**text).collect::<String>());
                            skipped = Some(node.id());
                        }
                        name => self.open(node.id(), written_as(name), element),
                    },
                    Node::Document
                    | Node::Fragment
                    | Node::Doctype(_)
                    | Node::Comment(_)
                    | Node::ProcessingInstruction(_) => {}
                },
                Edge::Close(node) if skipped.is_some() => {
                    if skipped == Some(node.id()) {
                        skipped = None;
                    }
                }
                Edge::Close(node) => {
                    let name = node.value().as_element().map(Element::name).filter(|name| *name != "img");
                    if let Some(name) = name.map(written_as).filter(|name| !name.is_empty() && !VOID.contains(name)) {
                        self.out.extend(["</", name, ">"]);
                    }
                }
            }
        }
    }

    fn open(&mut self, id: NodeId, name: &str, element: &Element) {
        if name.is_empty() {
            return;
        }
        self.out.extend(["<", name]);
        for (key, value) in element.attrs().filter(|(key, _)| KEPT.contains(key)) {
            self.attribute(key, value);
        }
        if let Some(href) = element
            .attr("href")
            .map(str::trim)
            .filter(|href| href.starts_with("http://") || href.starts_with("https://"))
        {
            self.attribute("href", href);
            self.attribute("rel", "noreferrer noopener");
        }
        self.label(id);
        self.out.push('>');
        if !VOID.contains(&name) {
            self.anchors(id);
        }
    }

    /// An image as the last part of its address: opening the page asks nobody for anything.
    fn image(&mut self, id: NodeId, element: &Element) {
        let labelled = self.labels.contains_key(&id);
        let address = ["orisrc", "data-src", "data-original", "src"]
            .iter()
            .find_map(|name| element.attr(name))
            .unwrap_or_default();
        let name = address.rsplit('/').next().unwrap_or(address);
        self.out.push_str("<span");
        if labelled {
            self.attribute("class", "shiguan-image");
        }
        self.label(id);
        self.out.push('>');
        self.anchors(id);
        let text = if labelled { name } else { element.attr("alt").unwrap_or_default() };
        escape(&mut self.out, text);
        self.out.push_str("</span>");
    }

    /// A style sheet of the page's own, where it cannot end itself early or fetch another.
    fn style(&mut self, text: &str) {
        if !text.contains('<') {
            self.out.extend(["<style>", text, "</style>"]);
        }
    }

    /// Places for the legend to lead to.
    fn anchors(&mut self, id: NodeId) {
        for label in self.labels.get(&id).into_iter().flatten().copied() {
            if !self.reached.contains(&label) {
                self.reached.push(label);
                // Writing to a String cannot fail.
                write!(self.out, "<i id=\"{}\" style=\"scroll-margin-top:60px\"></i>", anchor(label)).ok();
            }
        }
    }

    fn label(&mut self, id: NodeId) {
        if let Some(labels) = self.labels.get(&id) {
            let labels = labels.join(" + ");
            self.attribute("data-shiguan", &labels);
        }
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.extend([" ", name, "=\""]);
        escape(&mut self.out, value);
        self.out.push('"');
    }
}

/// The place of the first part of a field.
fn anchor(field: &str) -> String {
    format!("shiguan-{}", field.replace([' ', '_'], "-"))
}

/// The name an element is written under; document elements are ours, unknown ones are inline.
fn written_as(name: &str) -> &str {
    match name {
        "html" | "head" => "",
        "body" | "form" => "div",
        "a" | "abbr" | "address" | "article" | "aside" | "b" | "big" | "blockquote" | "br" | "button" | "caption"
        | "center" | "cite" | "code" | "col" | "colgroup" | "dd" | "del" | "details" | "div" | "dl" | "dt" | "em"
        | "fieldset" | "figcaption" | "figure" | "font" | "footer" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
        | "header" | "hr" | "i" | "input" | "ins" | "label" | "legend" | "li" | "main" | "mark" | "nav" | "ol"
        | "option" | "p" | "pre" | "q" | "s" | "section" | "select" | "small" | "span" | "strike" | "strong"
        | "sub" | "summary" | "sup" | "table" | "tbody" | "td" | "textarea" | "tfoot" | "th" | "thead" | "time"
        | "tr" | "u" | "ul" | "wbr" | "area" => name,
        _ => "span",
    }
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::dom;

    #[test]
    fn nothing_of_the_page_can_run_or_ask_for_anything() {
        let doc = dom::parse(
            r#"<html onload="x()"><head><base href="http://evil.example/"><meta http-equiv="refresh" content="0;url=http://evil.example/">
            <link rel=stylesheet href="http://evil.example/a.css"><style>b{color:red}</style><style>@x "<!--"</style></head>
            <body onload=x()><script>x()</script><a href="javascript:x()" onclick="x()" data-shiguan="title">甲&lt;b&gt;</a>
            <img src="http://evil.example/p/a.png" onerror="x()"><iframe srcdoc="<script>x()</script>"></iframe>
            <svg><style><img src=x onerror=x()></style></svg><math><mi>m</mi></math><form action="http://evil.example/"><input name="a" autofocus onfocus=x()></form>
            <a href='http://ok.example/?a="b'>乙</a><x-y"z onclick=x()>丙</x-y"z><noscript><p title="</noscript><img src=x onerror=x()>"></noscript></body></html>"#,
        );
        let image = dom::elements(&doc).find(|element| element.value().name() == "img").unwrap();
        let html = write(&doc, &[(image.id(), "image")]);
        let again = dom::parse(&html);
        for element in dom::elements(&again) {
            let name = element.value().name();
            assert!(
                !matches!(name, "script" | "iframe" | "img" | "svg" | "math" | "link" | "base" | "object" | "form"),
                "{name} stands"
            );
            for (key, value) in element.value().attrs() {
                assert!(!key.starts_with("on") && !matches!(key, "src" | "action" | "srcdoc"), "{name} has {key}");
                assert!(!value.contains("javascript:"), "{name} {key}={value}");
            }
        }
        let labels: Vec<&str> = dom::elements(&again).filter_map(|element| element.attr("data-shiguan")).collect();
        assert_eq!(labels, ["image"], "only our own labels stand");
        assert!(
            html.contains(POLICY) && html.contains("甲&lt;b&gt;") && html.contains("?a=&quot;b") && html.contains("丙")
        );
    }

    #[test]
    fn the_legend_leads_to_the_first_part_of_each_field() {
        let doc = dom::parse("<body><ul><li>甲</li><li style='display:none'>乙</li></ul></body>");
        let rows: Vec<Part> =
            dom::elements(&doc).filter(|element| element.value().name() == "li").map(|row| (row.id(), "row")).collect();
        let html = write(&doc, &rows);
        assert!(html.contains("href=\"#shiguan-row\"") && html.contains("row × 2"));
        assert_eq!(html.matches("id=\"shiguan-row\"").count(), 1);
        assert_eq!(html.matches("data-shiguan=\"row\"").count(), 2);
    }
}
