//! A source made safe to parse: nesting and attributes under a cap.
//!
//! A tree builder looks through its open elements at every tag, and through a tag's attributes at every attribute, so that
//! a hundred thousand of either take it minutes. Browsers cap nesting at 512; what is dropped here is the tag, never its
//! text. An ordinary page passes through untouched and uncopied.

use std::borrow::Cow;

use memchr::{memchr, memmem};

/// Most elements open at once.
const MAX_DEPTH: usize = 400;

/// Most formatting elements open at once: each unclosed one is opened again in every paragraph after it.
const MAX_FORMATTING: usize = 32;

/// Most attributes of one tag.
const MAX_ATTRIBUTES: usize = 200;

/// Most that the tags of a page count together: one each, and one more for every formatting element that a paragraph
/// opens again. The largest real pages have a tenth of this; a parsed element takes some three hundred bytes.
const MAX_TAGS: usize = 300_000;

/// Said of a page whose nesting was cut.
const TOO_DEEP: &str = "too-deep";
/// Said of a page whose tags were left out from some place on.
const TOO_MANY_TAGS: &str = "too-many-tags";
/// Said of a page with a tag whose attributes were cut.
const TOO_MANY_ATTRIBUTES: &str = "too-many-attributes";

/// How far a stray end tag looks for its start.
const LOOK_BACK: usize = 16;

/// Elements without content, and those that the next of their kind closes: they never nest by themselves.
const FLAT: &[&str] = &[
    "area", "base", "body", "br", "caption", "col", "colgroup", "dd", "dt", "embed", "head", "hr", "html", "img",
    "input", "li", "link", "meta", "optgroup", "option", "p", "param", "source", "tbody", "td", "tfoot", "th", "thead",
    "tr", "track", "wbr",
];

/// Elements whose content is text up to their own end tag.
const RAW: &[&str] = &["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript"];

/// Elements that are opened again where their parent ends before them.
const FORMATTING: &[&str] =
    &["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// An open element: its name's place in the source, and whether its tag was dropped.
struct Open<'s> {
    name: &'s str,
    formatting: bool,
    dropped: bool,
}

/// The source with what goes beyond the caps left out, and which caps those were.
pub(super) fn guarded(source: &str) -> (Cow<'_, str>, Vec<&'static str>) {
    let mut copy = Copy { source, out: String::new(), taken: 0, said: Vec::new() };
    let mut open: Vec<Open<'_>> = Vec::new();
    let (mut formatting, mut tags) = (0_usize, 0_usize);
    let mut at = 0;
    while let Some(found) = source.as_bytes().get(at..).and_then(|rest| memchr(b'<', rest)) {
        let start = at + found;
        at = start + 1;
        let Some(rest) = source.get(at..) else { break };
        if rest.starts_with("!--") {
            at = end_of_comment(source, start);
            tags += 1;
            copy.leave_out_if(tags > MAX_TAGS, start, at);
            continue;
        }
        let closing = rest.starts_with('/');
        let name = name(if closing { rest.get(1..).unwrap_or_default() } else { rest });
        if name.is_empty() {
            continue;
        }
        let tag = Tag::scan(source, start);
        at = tag.end;
        let is = |list: &[&str]| list.iter().any(|word| name.eq_ignore_ascii_case(word));
        tags += 1 + formatting;
        if tags > MAX_TAGS {
            if !closing && is(RAW) {
                at = end_of_raw(source, tag.end, name);
            }
            copy.leave_out(start, at);
            copy.say(TOO_MANY_TAGS);
            continue;
        }
        if closing {
            let element = close(&mut open, name);
            formatting -= usize::from(element.as_ref().is_some_and(|element| element.formatting));
            copy.leave_out_if(element.is_some_and(|element| element.dropped), start, tag.end);
            continue;
        }
        if let Some(cut) = tag.cut {
            copy.leave_out(cut, tag.end.saturating_sub(1).max(cut));
            copy.say(TOO_MANY_ATTRIBUTES);
        }
        if is(RAW) {
            at = end_of_raw(source, tag.end, name);
            if is_style_sheet(source, name, tag.end) {
                copy.leave_out(tag.end, at);
            }
        } else if !is(FLAT) {
            let is_formatting = is(FORMATTING);
            let dropped = open.len() >= MAX_DEPTH || (is_formatting && formatting >= MAX_FORMATTING);
            if dropped {
                copy.leave_out(start, tag.end);
                copy.say(TOO_DEEP);
            }
            formatting += usize::from(is_formatting);
            open.push(Open { name, formatting: is_formatting, dropped });
        }
    }
    copy.finish()
}

/// One past the end of the comment that begins here.
fn end_of_comment(source: &str, start: usize) -> usize {
    let rest = source.get(start + 4..).unwrap_or_default();
    memmem::find(rest.as_bytes(), b"-->").map_or(source.len(), |end| start + 7 + end)
}

/// Whether the element whose tag ends here is a style sheet: a quarter of a page of the last years, of which nothing is
/// read. A tag closed in itself (`<style/>` in a drawing) has no content.
fn is_style_sheet(source: &str, name: &str, tag_end: usize) -> bool {
    name.eq_ignore_ascii_case("style") && !source.get(..tag_end).is_some_and(|tag| tag.ends_with("/>"))
}

/// Takes the nearest open element of this name off the stack, with the unclosed ones inside it.
fn close<'s>(open: &mut Vec<Open<'s>>, name: &str) -> Option<Open<'s>> {
    let back = open.iter().rev().take(LOOK_BACK).position(|element| element.name.eq_ignore_ascii_case(name))?;
    let at = open.len() - 1 - back;
    Some(open.remove(at))
}

fn name(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '_'))).unwrap_or(text.len());
    match text.chars().next() {
        Some(c) if c.is_ascii_alphabetic() => text.get(..end).unwrap_or_default(),
        Some(_) | None => "",
    }
}

/// One tag: where it ends, and where its attributes are cut.
struct Tag {
    end: usize,
    cut: Option<usize>,
}

/// Where in a tag the scan stands.
enum State {
    Between,
    Name,
    Value,
    Quoted(u8),
    Bare,
}

impl Tag {
    fn scan(source: &str, start: usize) -> Self {
        let (mut state, mut attributes, mut cut) = (State::Name, 0, None);
        for (offset, byte) in source.as_bytes().get(start..).unwrap_or_default().iter().copied().enumerate() {
            state = match (state, byte) {
                (State::Quoted(quote), byte) if byte == quote => State::Between,
                (State::Quoted(quote), _) => State::Quoted(quote),
                (_, b'>') => return Self { end: start + offset + 1, cut },
                (State::Value, b'"' | b'\'') => State::Quoted(byte),
                (State::Value, byte) if byte.is_ascii_whitespace() => State::Value,
                (State::Between | State::Name | State::Bare, byte) if byte.is_ascii_whitespace() => State::Between,
                (State::Between | State::Name, b'=') => State::Value,
                (State::Between | State::Name, b'/') => State::Between,
                (State::Between, _) => {
                    attributes += 1;
                    if attributes == MAX_ATTRIBUTES + 1 {
                        cut = Some(start + offset);
                    }
                    State::Name
                }
                (State::Value | State::Bare, _) => State::Bare,
                (State::Name, _) => State::Name,
            };
        }
        Self { end: source.len(), cut }
    }
}

/// Where the content of a raw text element ends: before its end tag.
fn end_of_raw(source: &str, from: usize, name: &str) -> usize {
    let mut at = from;
    while let Some(found) = source.as_bytes().get(at..).and_then(|rest| memmem::find(rest, b"</")) {
        let start = at + found;
        let rest = source.get(start + 2..).unwrap_or_default();
        if rest.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name)) {
            return start;
        }
        at = start + 2;
    }
    source.len()
}

/// The source so far, less what was left out; nothing is copied before the first cut.
struct Copy<'s> {
    source: &'s str,
    out: String,
    taken: usize,
    /// Caps that were reached.
    said: Vec<&'static str>,
}

impl<'s> Copy<'s> {
    fn leave_out_if(&mut self, out: bool, from: usize, to: usize) {
        if out {
            self.leave_out(from, to);
        }
    }

    fn leave_out(&mut self, from: usize, to: usize) {
        self.out.push_str(self.source.get(self.taken..from).unwrap_or_default());
        self.taken = to.max(self.taken);
    }

    fn say(&mut self, cap: &'static str) {
        if !self.said.contains(&cap) {
            self.said.push(cap);
        }
    }

    fn finish(mut self) -> (Cow<'s, str>, Vec<&'static str>) {
        if self.taken == 0 {
            return (Cow::Borrowed(self.source), self.said);
        }
        self.out.push_str(self.source.get(self.taken..).unwrap_or_default());
        (Cow::Owned(self.out), self.said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_page_is_not_copied() {
        for page in [
            "<html><body class=\"a b\"><!-- <div> --><ul><li>a<li>b</ul><p>x<p>y<script>if (a</b/.x) \"<div>\"</script></body></html>",
            "a < b <3 <",
            "<a href='x'",
            "<!-- open",
        ] {
            assert!(matches!(guarded(page).0, Cow::Borrowed(_)), "{page}");
        }
    }

    #[test]
    fn nesting_is_cut_and_text_stays() {
        let deep = format!("{}文{}", "<div>".repeat(1000), "</div>".repeat(1000));
        let (cut, said) = guarded(&deep);
        assert_eq!(said, [TOO_DEEP]);
        assert_eq!(cut.matches("<div>").count(), MAX_DEPTH);
        assert_eq!(cut.matches("</div>").count(), MAX_DEPTH);
        assert!(cut.contains('文'));
        let unclosed = guarded(&"<font color=red>字".repeat(500)).0.into_owned();
        assert_eq!((unclosed.matches("<font").count(), unclosed.matches('字').count()), (MAX_FORMATTING, 500));
    }

    #[test]
    fn a_stray_end_tag_closes_nothing() {
        let cut = guarded(&"<div></span>".repeat(1000)).0.into_owned();
        assert_eq!(cut.matches("<div>").count(), MAX_DEPTH);
    }

    #[test]
    fn attributes_are_cut() {
        let many = " a='v > w'".repeat(1000);
        let cut = guarded(&format!("<p{many}>文</p>")).0.into_owned();
        assert_eq!(cut.matches("v > w").count(), MAX_ATTRIBUTES);
        assert!(cut.ends_with(">文</p>"), "{}", &cut[cut.len() - 40..]);
    }

    #[test]
    fn beyond_the_last_tag_there_is_only_text() {
        let page = format!("{}<script>var x = '<p>';</script>文</p><!-- 评 -->字", "<p>段</p>".repeat(MAX_TAGS / 2));
        let (cut, said) = guarded(&page);
        assert!(cut.ends_with("段</p>文字"), "{}", cut.chars().rev().take(40).collect::<String>());
        assert_eq!(said, [TOO_MANY_TAGS]);
    }

    #[test]
    fn style_sheets_are_left_out_and_what_a_drawing_closes_in_itself_is_not() {
        assert_eq!(guarded("<style media=x>p { }</style>文").0, "<style media=x></style>文");
        assert_eq!(guarded("<svg><style/></svg>文").0, "<svg><style/></svg>文");
    }

    #[test]
    fn hostile_pages_parse_quickly() {
        for page in ["<div>".repeat(100_000), "<b><p>".repeat(100_000), format!("<p{}>", " a=1".repeat(60_000))] {
            let doc = super::super::parse(&page);
            assert!(doc.tree.nodes().count() < 5_000_000);
        }
    }
}
