//! The lines around headline and body, where families print their meta line and their editors.

use std::ops::Range;

use ego_tree::iter::Edge;
use scraper::{ElementRef, Node};

use crate::extract::generic::outline::Outline;
use crate::extract::label;

use super::furniture;
use super::prose::{is_block, is_silent};

/// Lines looked at before, between and after.
const BEFORE: usize = 4;
const BETWEEN: usize = 16;
const AFTER: usize = 10;
/// Characters of a line with sentence marks that make it prose: the text has begun.
const PROSE: usize = 50;

/// Text of a meta line's container: tabs at inline borders, line breaks at blocks'.
pub(crate) fn text(element: ElementRef<'_>) -> String {
    let mut out = String::new();
    let mut skip = None;
    for edge in element.traverse() {
        match edge {
            Edge::Open(node) if skip.is_none() => match node.value() {
                Node::Text(text) => out.extend(text.chars().map(|c| if matches!(c, '\n' | '\r') { ' ' } else { c })),
                Node::Element(value) if is_silent(value) && node.id() != element.id() => skip = Some(node.id()),
                Node::Element(value) => out.push(border(value.name())),
                Node::Document
                | Node::Fragment
                | Node::Doctype(_)
                | Node::Comment(_)
                | Node::ProcessingInstruction(_) => {}
            },
            Edge::Close(node) if skip == Some(node.id()) => skip = None,
            Edge::Close(node) if skip.is_none() => {
                if let Node::Element(value) = node.value() {
                    out.push(border(value.name()));
                }
            }
            Edge::Open(_) | Edge::Close(_) => {}
        }
    }
    out
}

fn border(name: &str) -> char {
    if is_block(name) || name == "br" { '\n' } else { '\t' }
}

/// The lines between headline and body; after the headline, where it stands inside the body.
pub(crate) fn between(outline: &Outline, title: Option<usize>, body: Option<&Range<usize>>) -> String {
    let range = match (title, body) {
        (Some(title), Some(body)) if title < body.start => title + 1..body.start.min(title + 1 + BETWEEN),
        (Some(title), Some(body)) => head(outline, title + 1..body.end.max(title + 1)),
        (Some(title), None) => head(outline, title + 1..outline.lines.len()),
        (None, Some(body)) => body.start.saturating_sub(BEFORE)..body.start,
        (None, None) => 0..0,
    };
    outline.text(range)
}

/// Lines up to the first prose.
fn head(outline: &Outline, range: Range<usize>) -> Range<usize> {
    let lines = outline.lines.get(range.clone()).unwrap_or_default();
    // A line of many labels is long and marked without being prose.
    let labelled = |text: &str| !text.contains('。') && label::opens_field(text.trim());
    let prose =
        lines.iter().take(BETWEEN / 2).position(|line| line.marks >= 2 && line.chars >= PROSE && !labelled(&line.text));
    range.start..(range.start + prose.unwrap_or(BETWEEN / 2)).min(range.end)
}

/// The first lines of the body, and those just before the headline: where some templates put the date.
pub(crate) fn before(outline: &Outline, title: Option<usize>) -> String {
    title.map_or_else(String::new, |title| outline.text(title.saturating_sub(BEFORE)..title))
}

/// The lines after the body, up to what belongs to the page.
pub(crate) fn after<'a>(outline: &'a Outline, body: &Range<usize>) -> Vec<&'a str> {
    let lines = outline.lines.get(body.end..).unwrap_or_default();
    lines.iter().take(AFTER).map(|line| line.text.trim()).take_while(|line| !furniture::ends_article(line)).collect()
}
