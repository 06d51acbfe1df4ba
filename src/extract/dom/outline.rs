//! A page as a flat list in reading order: what is visible, where it stands, what holds it.
//!
//! Entries are in document order and know where their subtree ends, so "is inside" is a comparison of numbers and the
//! text of any part is a slice. Made in one walk; nothing that works on it walks the tree again. Hidden and silent
//! elements are left out with all they hold; a script stays as an empty entry, because pagers made by scripts stand
//! where their script stands.

use std::borrow::Cow;

use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{ElementRef, Node};

use crate::extract::profile::Css;

use super::{folded, is_hidden, is_silent};

/// A page's visible elements and texts.
#[derive(Debug)]
pub struct Outline<'a> {
    entries: Vec<Entry<'a>>,
    texts: Vec<Text<'a>>,
}

/// One visible element.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// The element.
    pub node: NodeRef<'a, Node>,
    /// Entry that holds it; its own index for the root.
    pub parent: usize,
    /// One past the last entry of its subtree.
    pub end: usize,
    /// Number of entries above it.
    pub depth: usize,
    /// First text inside or after it.
    first_text: usize,
    /// One past the last text inside it.
    last_text: usize,
}

/// A piece of visible text, folded, never empty.
#[derive(Debug)]
pub struct Text<'a> {
    /// Entry that holds it.
    pub at: usize,
    /// The text.
    pub text: Cow<'a, str>,
}

impl<'a> Outline<'a> {
    /// Lays out everything visible below `root`.
    pub fn new(root: ElementRef<'a>) -> Self {
        Self::with_revealed(root, &[])
    }

    /// The same, with elements that are written hidden and that these selectors name.
    pub fn with_revealed(root: ElementRef<'a>, revealed: &[&Css]) -> Self {
        let mut outline = Self { entries: Vec::new(), texts: Vec::new() };
        let mut open: Vec<usize> = Vec::new();
        let mut skipped = None;
        for edge in root.traverse() {
            match edge {
                Edge::Open(_) if skipped.is_some() => {}
                Edge::Open(node) => match node.value() {
                    Node::Element(element) if is_left_out(element) && !is_revealed(node, revealed) => {
                        skipped = Some(node.id());
                    }
                    Node::Element(_) => {
                        let index = outline.push(node, open.last().copied(), open.len());
                        open.push(index);
                    }
                    Node::Text(text) => outline.push_text(open.last().copied(), text),
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
                Edge::Close(node) if node.value().is_element() => {
                    if let Some(index) = open.pop() {
                        let (end, last_text) = (outline.entries.len(), outline.texts.len());
                        if let Some(entry) = outline.entries.get_mut(index) {
                            (entry.end, entry.last_text) = (end, last_text);
                        }
                    }
                }
                Edge::Close(_) => {}
            }
        }
        outline
    }

    fn push(&mut self, node: NodeRef<'a, Node>, parent: Option<usize>, depth: usize) -> usize {
        let index = self.entries.len();
        let first_text = self.texts.len();
        let parent = parent.unwrap_or(index);
        self.entries.push(Entry { node, parent, end: index + 1, depth, first_text, last_text: first_text });
        index
    }

    fn push_text(&mut self, at: Option<usize>, text: &'a str) {
        let silent = at.and_then(|at| self.element(at)).is_none_or(|element| is_silent(element.name()));
        if silent {
            return;
        }
        let text = folded(text);
        if let (false, Some(at)) = (text.is_empty(), at) {
            self.texts.push(Text { at, text });
        }
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is visible.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// All entries in document order.
    pub fn entries(&self) -> impl Iterator<Item = (usize, &Entry<'a>)> {
        self.entries.iter().enumerate()
    }

    /// One entry.
    pub fn get(&self, index: usize) -> Option<&Entry<'a>> {
        self.entries.get(index)
    }

    /// The element of an entry.
    pub fn element(&self, index: usize) -> Option<&'a Element> {
        self.entries.get(index)?.node.value().as_element()
    }

    /// The element with its place in the tree.
    pub fn element_ref(&self, index: usize) -> Option<ElementRef<'a>> {
        ElementRef::wrap(self.entries.get(index)?.node)
    }

    /// Tag name of an entry; empty where there is none.
    pub fn tag(&self, index: usize) -> &'a str {
        self.element(index).map_or("", Element::name)
    }

    /// Entries around this one, nearest first, itself first of all.
    pub fn upward(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        let mut next = Some(index);
        std::iter::from_fn(move || {
            let at = next?;
            let parent = self.entries.get(at)?.parent;
            next = (parent != at).then_some(parent);
            Some(at)
        })
    }

    /// Whether `inner` is `outer` or below it.
    pub fn holds(&self, outer: usize, inner: usize) -> bool {
        self.entries.get(outer).is_some_and(|entry| (outer..entry.end).contains(&inner))
    }

    /// The deepest entry that holds both.
    pub fn common(&self, one: usize, other: usize) -> usize {
        self.upward(one).find(|at| self.holds(*at, other)).unwrap_or(0)
    }

    /// Texts inside an entry, in reading order.
    pub fn texts(&self, index: usize) -> &[Text<'a>] {
        let Some(entry) = self.entries.get(index) else { return &[] };
        self.texts.get(entry.first_text..entry.last_text).unwrap_or(&[])
    }

    /// Texts between the end of one entry's subtree and the start of a later entry.
    pub fn texts_between(&self, after: usize, before: usize) -> &[Text<'a>] {
        let from = self.entries.get(after).map_or(0, |entry| entry.last_text);
        let to = self.entries.get(before).map_or(self.texts.len(), |entry| entry.first_text);
        self.texts.get(from..to).unwrap_or(&[])
    }

    /// Texts inside an entry that stand before one of its descendants.
    pub fn texts_before(&self, outer: usize, inner: usize) -> &[Text<'a>] {
        let from = self.entries.get(outer).map_or(0, |entry| entry.first_text);
        let to = self.entries.get(inner).map_or(from, |entry| entry.first_text);
        self.texts.get(from..to).unwrap_or(&[])
    }

    /// Texts inside an entry that stand after one of its descendants.
    pub fn texts_after(&self, outer: usize, inner: usize) -> &[Text<'a>] {
        let from = self.entries.get(inner).map_or(0, |entry| entry.last_text);
        let to = self.entries.get(outer).map_or(from, |entry| entry.last_text);
        self.texts.get(from..to).unwrap_or(&[])
    }

    /// Every text of the page.
    pub fn all_texts(&self) -> &[Text<'a>] {
        &self.texts
    }

    /// Text of an entry in one line.
    pub fn text(&self, index: usize) -> String {
        self.start(index, usize::MAX)
    }

    /// The beginning of it: whole pieces, until there are as many bytes.
    pub fn start(&self, index: usize, bytes: usize) -> String {
        let mut line = String::new();
        for text in self.texts(index) {
            if line.len() >= bytes {
                break;
            }
            if !line.is_empty() && !seamless(&line, &text.text) {
                line.push(' ');
            }
            line.push_str(&text.text);
        }
        line
    }
}

/// Two pieces of Chinese text join without a space.
fn seamless(left: &str, right: &str) -> bool {
    let han = |c: Option<char>| c.is_some_and(|c| c as u32 >= 0x2e80);
    han(left.chars().next_back()) || han(right.chars().next())
}

fn is_revealed(node: NodeRef<'_, Node>, revealed: &[&Css]) -> bool {
    ElementRef::wrap(node).is_some_and(|element| revealed.iter().any(|css| css.matches(element)))
}

fn is_left_out(element: &Element) -> bool {
    let name = element.name();
    name != "script" && (is_silent(name) || is_hidden(element))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::dom;

    const PAGE: &str = "<body><ul><li><a>甲</a> <i>乙</i></li><li style='display: none'>隐</li><!-- <li>评</li> --></ul>\
        <script>var 字;</script><p>丙<span>丁</span></p></body>";

    #[test]
    fn only_what_is_visible_is_laid_out_in_order() {
        let doc = dom::parse(PAGE);
        let outline = Outline::new(doc.root_element());
        let texts: Vec<&str> = outline.all_texts().iter().map(|text| &*text.text).collect();
        assert_eq!(texts, ["甲", "乙", "丙", "丁"]);
        assert!(outline.entries().any(|(at, _)| outline.tag(at) == "script"));
    }

    #[test]
    fn places_are_numbers() {
        let doc = dom::parse(PAGE);
        let outline = Outline::new(doc.root_element());
        let find = |tag: &str| outline.entries().find(|(at, _)| outline.tag(*at) == tag).unwrap().0;
        assert!(outline.holds(find("ul"), find("i")));
        assert!(!outline.holds(find("li"), find("p")));
        assert_eq!(outline.common(find("a"), find("i")), find("li"));
        assert_eq!(outline.common(find("a"), find("span")), find("body"));
        assert_eq!(outline.text(find("p")), "丙丁");
        assert_eq!(outline.texts_between(find("a"), find("p")).len(), 1);
    }
}
