//! The whole page as lines and the blocks that hold them: one walk, used to find things by their place.
//!
//! Blocks are in document order and own a range of lines, so that "the lines between headline and body", "what stands
//! after the body" and sums over a subtree are slices. Inline element borders are tabs in a line's text: templates set
//! fields of a meta line in spans with no white space between.

use std::cell::OnceCell;
use std::ops::Range;

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{Html, Node};

use super::hint;
use crate::extract::article::prose::{is_block, is_silent};
use crate::extract::article::text::is_invisible;

/// A printed line of the page.
#[derive(Debug, Clone, Default)]
pub(crate) struct PageLine {
    /// Text with tabs at inline element borders; white space is not folded otherwise.
    pub(crate) text: String,
    /// Printed characters.
    pub(crate) chars: usize,
    /// Printed characters inside links.
    pub(crate) linked: usize,
    /// Sentence marks: a sign of prose.
    pub(crate) marks: usize,
    /// Heading level, 0 for none.
    pub(crate) heading: u8,
    /// Whether an element around it is named like page furniture.
    pub(crate) aside: bool,
    /// Whether it has words of page furniture, looked for when first asked.
    pub(super) boilerplate: OnceCell<bool>,
}

/// A block element.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    /// Its node.
    pub(crate) id: NodeId,
    /// Its lines.
    pub(crate) lines: Range<usize>,
    /// How deep it stands among blocks.
    pub(crate) depth: usize,
    /// Named like the text by convention.
    pub(crate) body_name: bool,
    /// Named like page furniture, itself.
    pub(crate) aside: bool,
    /// A paragraph or heading: holds text, never a page.
    pub(crate) leaf: bool,
}

/// Lines and blocks of a page.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    /// In reading order.
    pub(crate) lines: Vec<PageLine>,
    /// In document order.
    pub(crate) blocks: Vec<Block>,
}

impl Outline {
    /// Walks a page.
    pub(crate) fn of(doc: &Html) -> Self {
        let mut walk = Walk::default();
        let mut skip: Option<NodeId> = None;
        for edge in doc.tree.root().traverse() {
            match edge {
                Edge::Open(node) if skip.is_none() => match node.value() {
                    Node::Text(text) => walk.text(text),
                    Node::Element(element) if is_silent(element) => skip = Some(node.id()),
                    Node::Element(element) => walk.open(node.id(), element),
                    Node::Document
                    | Node::Fragment
                    | Node::Doctype(_)
                    | Node::Comment(_)
                    | Node::ProcessingInstruction(_) => {}
                },
                Edge::Close(node) if skip == Some(node.id()) => skip = None,
                Edge::Close(node) if skip.is_none() => {
                    if let Node::Element(element) = node.value() {
                        walk.close(node.id(), element.name());
                    }
                }
                Edge::Open(_) | Edge::Close(_) => {}
            }
        }
        walk.flush();
        walk.outline
    }

    /// The lines of an element that is a block of this page.
    pub(crate) fn lines_of(&self, id: NodeId) -> Option<Range<usize>> {
        self.blocks.iter().find(|block| block.id == id).map(|block| block.lines.clone())
    }

    /// Lines of a range as one text.
    pub(crate) fn text(&self, range: Range<usize>) -> String {
        let lines = self.lines.get(range).unwrap_or_default();
        lines.iter().map(|line| line.text.trim()).collect::<Vec<_>>().join("\n")
    }
}

#[derive(Debug, Default)]
struct Walk {
    outline: Outline,
    line: PageLine,
    /// Indices of the blocks that are open.
    open: Vec<usize>,
    link: Option<NodeId>,
    aside: Option<NodeId>,
    heading: u8,
}

impl Walk {
    fn open(&mut self, id: NodeId, element: &Element) {
        let name = element.name();
        if self.aside.is_none() && hint::is_aside(element) && !matches!(name, "body" | "html") {
            self.aside = Some(id);
        }
        if name == "a" && self.link.is_none() {
            self.link = Some(id);
        }
        if name == "br" || name == "hr" {
            self.flush();
        } else if is_block(name) {
            self.flush();
            let level = heading(name);
            self.heading = self.heading.max(level);
            let first = self.outline.lines.len();
            self.open.push(self.outline.blocks.len());
            self.outline.blocks.push(Block {
                id,
                lines: first..first,
                depth: self.open.len(),
                body_name: hint::is_body(element),
                aside: self.aside == Some(id),
                leaf: level > 0 || matches!(name, "p" | "pre" | "figcaption" | "caption" | "html"),
            });
        } else {
            self.line.text.push('\t');
        }
    }

    fn close(&mut self, id: NodeId, name: &str) {
        if is_block(name) {
            self.flush();
            if let Some(block) = self.open.pop().and_then(|at| self.outline.blocks.get_mut(at)) {
                block.lines.end = self.outline.lines.len();
            }
            if heading(name) > 0 {
                self.heading = 0;
            }
        } else {
            self.line.text.push('\t');
        }
        self.link = self.link.filter(|link| *link != id);
        self.aside = self.aside.filter(|aside| *aside != id);
    }

    fn text(&mut self, text: &str) {
        for c in text.chars() {
            if is_invisible(c) {
                continue;
            }
            // A line break of the source is white space; only blocks end lines.
            self.line.text.push(if matches!(c, '\n' | '\r') { ' ' } else { c });
            if !c.is_whitespace() {
                self.line.chars += 1;
                self.line.linked += usize::from(self.link.is_some());
                self.line.marks += usize::from(matches!(
                    c,
                    ',' | '，' | '。' | '；' | '！' | '？' | '、' | '：' | '“' | '”' | '「' | '」'
                ));
            }
        }
    }

    fn flush(&mut self) {
        if self.line.chars > 0 {
            self.line.heading = self.heading;
            self.line.aside = self.aside.is_some();
            self.outline.lines.push(std::mem::take(&mut self.line));
        } else {
            self.line.text.clear();
        }
    }
}

fn heading(name: &str) -> u8 {
    match name {
        "h1" => 1,
        "h2" => 2,
        "h3" => 3,
        "h4" => 4,
        "h5" | "h6" => 5,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_own_their_lines() {
        let doc =
            Html::parse_document("<h1>题</h1><div id=a><p>一，<a>二</a></p><div class=share>三</div></div><p>四</p>");
        let outline = Outline::of(&doc);
        let texts: Vec<String> = outline.lines.iter().map(|line| line.text.replace('\t', "")).collect();
        assert_eq!(texts, ["题", "一，二", "三", "四"]);
        let block = outline.blocks.iter().find(|b| b.lines == (1..3)).unwrap();
        assert!(!block.aside);
        assert_eq!(
            outline.lines.iter().map(|l| (l.heading, l.linked, l.aside)).collect::<Vec<_>>(),
            [(1, 0, false), (0, 1, false), (0, 0, true), (0, 0, false)]
        );
    }
}
