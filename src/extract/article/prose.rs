//! From a container of the page to printed lines and images, in reading order.
//!
//! One walk over the tree, without recursion and linear in its size: a page may nest a hundred thousand elements. A line
//! ends at a block's edge and at `<br>`; the cells of a table row are one line, joined by tabs, where each holds at most
//! one line (a data table; layout tables hold paragraphs). What a browser does not show gives nothing.

use std::collections::HashSet;
use std::mem;

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{ElementRef, Node};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::files;
use super::text::{is_invisible, is_wide};
use crate::extract::dom;
use crate::extract::dom::script;

/// A printed line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Line {
    /// Its text, white space folded, NFC, never empty.
    pub(crate) text: String,
    /// Whether it is set in the middle.
    pub(crate) centred: bool,
    /// Whether it stands in a `<figcaption>`.
    pub(crate) caption: bool,
    /// Characters of it inside links.
    pub(crate) linked: usize,
    /// Characters of it inside links to files.
    pub(crate) filed: usize,
}

/// What a container prints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Item {
    /// A line of text.
    Line(Line),
    /// An image element.
    Image(NodeId),
}

/// The whole of it.
#[derive(Debug, Default)]
pub(crate) struct Prose {
    /// Lines and images in reading order.
    pub(crate) items: Vec<Item>,
    /// A viewer shows a PDF in the text's place.
    pub(crate) pdf_viewer: bool,
    /// A video is embedded.
    pub(crate) video: bool,
}

impl Prose {
    /// Its lines.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &Line> {
        self.items.iter().filter_map(|item| match item {
            Item::Line(line) => Some(line),
            Item::Image(_) => None,
        })
    }
}

/// Reads containers one after the other; subtrees whose root is in `dropped` are passed over.
pub(crate) fn read(containers: &[ElementRef<'_>], dropped: &HashSet<NodeId>) -> Prose {
    let mut walk = Walk::default();
    for container in containers {
        walk.container(*container, dropped);
        walk.flush();
    }
    walk.prose
}

/// White space not yet written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Gap {
    #[default]
    None,
    Space,
    /// A line break of the source: nothing between two wide characters (CSS Text, segment breaks).
    Break,
}

/// A table row under way: its cells' items.
type Row = Vec<Vec<Item>>;

#[derive(Debug, Default)]
struct Walk {
    prose: Prose,
    line: Line,
    gap: Gap,
    rows: Vec<Row>,
    /// Elements that set their alignment, and whether to the middle.
    aligned: Vec<(NodeId, bool)>,
    /// The link, the file link, the caption and the preformatted block the walk is in.
    link: Option<(NodeId, bool)>,
    caption: Option<NodeId>,
    preformatted: Option<NodeId>,
}

impl Walk {
    fn container(&mut self, container: ElementRef<'_>, dropped: &HashSet<NodeId>) {
        let mut skip: Option<NodeId> = None;
        for edge in container.traverse() {
            match edge {
                Edge::Open(node) if skip.is_none() => match node.value() {
                    Node::Text(text) => self.text(text),
                    Node::Element(element) => {
                        self.notice(
                            element,
                            node.first_child().and_then(|child| child.value().as_text().map(|t| &**t)),
                        );
                        let silent = is_silent(element) && node.id() != container.id();
                        if silent || dropped.contains(&node.id()) {
                            skip = Some(node.id());
                        } else {
                            self.open(node.id(), element);
                        }
                    }
                    Node::Document
                    | Node::Fragment
                    | Node::Doctype(_)
                    | Node::Comment(_)
                    | Node::ProcessingInstruction(_) => {}
                },
                Edge::Close(node) if skip == Some(node.id()) => skip = None,
                Edge::Close(node) if skip.is_none() => {
                    if let Node::Element(element) = node.value() {
                        self.close(node.id(), element.name());
                    }
                }
                Edge::Open(_) | Edge::Close(_) => {}
            }
        }
    }

    /// Players and viewers, some of which are scripts (CMS facts, sections 2 and 3).
    fn notice(&mut self, element: &Element, text: Option<&str>) {
        match element.name() {
            "video" => self.prose.video = true,
            "script" => {
                self.prose.video |= dom::attr(element, "name") == Some("_videourl")
                    || text.is_some_and(|text| text.contains(script::VIDEO));
                self.prose.pdf_viewer |= text.is_some_and(|text| script::PDF.iter().any(|call| text.contains(call)));
            }
            "embed" | "object" | "iframe" => {
                let source = dom::attr(element, "src")
                    .or_else(|| dom::attr(element, "data"))
                    .unwrap_or_default()
                    .to_ascii_lowercase();
                self.prose.pdf_viewer |= source.contains(".pdf");
                self.prose.video |=
                    [".mp4", ".swf", ".flv", "video", "player"].iter().any(|mark| source.contains(mark));
            }
            _ => {
                if let Some(class) = dom::attr(element, "class") {
                    self.prose.pdf_viewer |= class.contains("wp_pdf_player") || class.contains("pdfViewer");
                    self.prose.video |= class.contains("wp_video_player") || class.contains("vsbcontent_video");
                }
            }
        }
    }

    fn open(&mut self, id: NodeId, element: &Element) {
        match element.name() {
            "br" | "hr" => self.flush(),
            "img" | "image" => self.sink().push(Item::Image(id)),
            "a" if self.link.is_none() => self.link = Some((id, files::is_file_link(element))),
            name if is_block(name) => {
                self.flush();
                match name {
                    "tr" => self.rows.push(Row::new()),
                    "td" | "th" => {
                        if let Some(row) = self.rows.last_mut() {
                            row.push(Vec::new());
                        }
                    }
                    "figcaption" => self.caption = self.caption.or(Some(id)),
                    "pre" => self.preformatted = self.preformatted.or(Some(id)),
                    _ => {}
                }
                if let Some(centred) = alignment(element) {
                    self.aligned.push((id, centred));
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, id: NodeId, name: &str) {
        if self.link.is_some_and(|(link, _)| link == id) {
            self.link = None;
        }
        if !is_block(name) {
            return;
        }
        self.flush();
        if name == "tr"
            && let Some(row) = self.rows.pop()
        {
            let items = joined(row);
            self.sink().extend(items);
        }
        if self.aligned.last().is_some_and(|(aligned, _)| *aligned == id) {
            self.aligned.pop();
        }
        self.caption = self.caption.filter(|caption| *caption != id);
        self.preformatted = self.preformatted.filter(|pre| *pre != id);
    }

    fn text(&mut self, text: &str) {
        for c in text.chars() {
            if c == '\n' && self.preformatted.is_some() {
                self.flush();
            } else if c.is_whitespace() || c.is_control() {
                self.gap = match (self.gap, c) {
                    (Gap::None | Gap::Break, '\n' | '\r' | '\t') | (Gap::Break, ' ') => Gap::Break,
                    _ => Gap::Space,
                };
            } else if !is_invisible(c) {
                self.letter(c);
            }
        }
    }

    fn letter(&mut self, c: char) {
        let last = self.line.text.chars().next_back();
        let written = match self.gap {
            Gap::None => false,
            Gap::Space => true,
            Gap::Break => !(is_wide(c) && last.is_some_and(is_wide)),
        };
        if written && last.is_some() {
            self.line.text.push(' ');
        }
        self.gap = Gap::None;
        self.line.text.push(c);
        if let Some((_, file)) = self.link {
            self.line.linked += 1;
            self.line.filed += usize::from(file);
        }
    }

    /// Ends the line.
    fn flush(&mut self) {
        self.gap = Gap::None;
        if self.line.text.is_empty() {
            return;
        }
        let mut line = mem::take(&mut self.line);
        if !is_nfc(&line.text) {
            line.text = line.text.nfc().collect();
        }
        line.centred = self.aligned.last().is_some_and(|(_, centred)| *centred);
        line.caption = self.caption.is_some();
        self.sink().push(Item::Line(line));
    }

    /// Where items go: the cell under way, else the page.
    fn sink(&mut self) -> &mut Vec<Item> {
        match self.rows.last_mut().and_then(|row| row.last_mut()) {
            Some(cell) => cell,
            None => &mut self.prose.items,
        }
    }
}

/// A row of single lines as one line; anything else as it stands.
fn joined(row: Row) -> Vec<Item> {
    let single = |cell: &Vec<Item>| cell.len() <= 1 && cell.iter().all(|item| matches!(item, Item::Line(_)));
    if row.len() < 2 || !row.iter().all(single) {
        return row.into_iter().flatten().collect();
    }
    let mut whole = Line::default();
    for item in row.into_iter().flatten() {
        if let Item::Line(cell) = item {
            if !whole.text.is_empty() {
                whole.text.push('\t');
            }
            whole.text.push_str(&cell.text);
            whole.linked += cell.linked;
            whole.filed += cell.filed;
        }
    }
    if whole.text.is_empty() { Vec::new() } else { vec![Item::Line(whole)] }
}

/// Whether an element and all in it prints nothing.
pub(crate) fn is_silent(element: &Element) -> bool {
    let name = element.name();
    dom::is_silent(name)
        || matches!(
            name,
            "button" | "input" | "svg" | "canvas" | "audio" | "video" | "map" | "option" | "title" | "meta" | "link"
        )
        || dom::attr(element, "hidden").is_some()
        || dom::attr(element, "style").is_some_and(is_taken_out)
}

/// `display: none`. What is only invisible (`visibility: hidden`) keeps its place and is often the article itself, which a
/// script uncovers (WeChat's `#js_content`).
fn is_taken_out(style: &str) -> bool {
    let lower = |text: &str| text.trim().to_ascii_lowercase();
    (style.contains("none") || style.contains("NONE") || style.contains("None"))
        && style
            .split(';')
            .filter_map(|rule| rule.split_once(':'))
            .any(|(name, value)| lower(name) == "display" && lower(value).starts_with("none"))
}

/// Whether an element begins and ends a line.
pub(crate) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "li"
            | "ul"
            | "ol"
            | "dl"
            | "dt"
            | "dd"
            | "table"
            | "thead"
            | "tbody"
            | "tfoot"
            | "tr"
            | "td"
            | "th"
            | "caption"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "aside"
            | "nav"
            | "main"
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
            | "pre"
            | "address"
            | "fieldset"
            | "details"
            | "summary"
            | "body"
            | "html"
    )
}

fn alignment(element: &Element) -> Option<bool> {
    if element.name() == "center" {
        return Some(true);
    }
    if let Some(align) = dom::attr(element, "align") {
        return Some(align.eq_ignore_ascii_case("center"));
    }
    let style = dom::attr(element, "style")?;
    let at = style.find("text-align")?;
    let value = style.get(at + "text-align".len()..)?.trim_start_matches([' ', ':']);
    Some(value.get(..6).is_some_and(|value| value.eq_ignore_ascii_case("center")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::Html;

    fn lines(html: &str) -> Vec<String> {
        let doc = Html::parse_document(html);
        let prose = read(&[doc.root_element()], &HashSet::new());
        prose
            .items
            .iter()
            .map(|item| match item {
                Item::Line(line) => line.text.clone(),
                Item::Image(_) => "<img>".to_owned(),
            })
            .collect()
    }

    #[test]
    fn blocks_and_breaks_end_lines() {
        assert_eq!(
            lines("<div>一<p>二<span>三</span></p>四<br>五<div>六</div></div>"),
            ["一", "二三", "四", "五", "六"]
        );
        assert_eq!(
            lines("<p>\u{3000}\u{3000}会议\n在东湖\u{200b}召开 &nbsp; 了</p><p>&nbsp;</p>"),
            ["会议在东湖召开 了"]
        );
    }

    #[test]
    fn rows_of_a_data_table_are_lines_and_layout_tables_are_not() {
        assert_eq!(
            lines("<table><tr><td>学号</td><td><p>姓 名</p></td></tr><tr><td>1</td><td></td></tr></table>"),
            ["学号\t姓 名", "1"]
        );
        assert_eq!(
            lines("<table><tr><td>侧栏</td><td><p>一段。</p><p>二段。</p></td></tr></table>"),
            ["侧栏", "一段。", "二段。"]
        );
    }

    #[test]
    fn what_is_not_shown_is_not_read() {
        let page = "<style>p{}</style><script>var a</script><p>一<i style='DISPLAY: none'>二</i></p><img src=a><select><option>三</select>";
        assert_eq!(lines(page), ["一", "<img>"]);
    }

    #[test]
    fn deep_nesting_needs_no_stack() {
        let page = format!("{}深{}", "<b>".repeat(20_000), "</b>".repeat(20_000));
        assert_eq!(lines(&page), ["深"]);
    }
}
