//! A source made safe to parse: nesting, attributes, tags and length under a cap.
//!
//! A tree builder looks through its open elements at every tag, and through a tag's attributes at every attribute, so that
//! a hundred thousand of either take it minutes; a parsed element takes a hundred times the memory of its tag. Browsers cap
//! nesting at 512; what is dropped here is the tag, never its text. Style sheets and scripts that nothing reads are left out
//! of every page. What is kept are pieces of the source: nothing is copied.

mod budget;
mod kept;
mod tag;

use memchr::{memchr, memmem};

use super::script;
use budget::Budget;
use kept::Kept;
use tag::Tag;

/// Most elements open at once.
const MAX_DEPTH: usize = 400;

/// Most formatting elements open at once: each unclosed one is opened again in every paragraph after it.
const MAX_FORMATTING: usize = 32;

/// Said of a page whose nesting was cut.
const TOO_DEEP: &str = "too-deep";
/// Said of a page whose tags were left out from some place on.
const TOO_MANY_TAGS: &str = "too-many-tags";
/// Said of a page with a tag whose attributes were cut.
const TOO_MANY_ATTRIBUTES: &str = "too-many-attributes";
/// Said of a page with an attribute of which only the beginning was read.
const ATTRIBUTE_CUT: &str = "attribute-cut";

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

/// The pieces of the source without what goes beyond the caps, in order, and which caps those were.
pub(super) fn guarded(source: &str) -> (Vec<&str>, Vec<&'static str>) {
    let mut guard = Guard { source, kept: Kept::of(source), open: Vec::new(), formatting: 0, budget: Budget::new() };
    let (mut at, mut text_from) = (0, 0);
    while let Some(found) = source.as_bytes().get(at..).and_then(|rest| memchr(b'<', rest)) {
        let start = at + found;
        if guard.kept.is_full(start) {
            break;
        }
        let Some(end) = guard.markup(start) else {
            at = start + 1;
            continue;
        };
        guard.budget.text(source.get(text_from..start).unwrap_or_default());
        (at, text_from) = (end, end);
    }
    guard.kept.finish()
}

/// A source under way.
struct Guard<'s> {
    source: &'s str,
    kept: Kept<'s>,
    open: Vec<Open<'s>>,
    formatting: usize,
    budget: Budget,
}

impl<'s> Guard<'s> {
    /// Looks at what the `<` here begins; gives the place after it, `None` where it is text.
    fn markup(&mut self, start: usize) -> Option<usize> {
        let rest = self.source.get(start + 1..)?;
        if rest.starts_with("!--") {
            let end = end_of_comment(self.source, start);
            self.budget.node();
            self.kept.leave_out_if(self.budget.is_spent(), start, end);
            return Some(end);
        }
        let closing = rest.starts_with('/');
        let name = name(if closing { rest.get(1..).unwrap_or_default() } else { rest });
        if name.is_empty() {
            return self.bogus_comment(start, rest);
        }
        let tag = Tag::scan(self.source, start);
        // End tags make elements too: a stray one of a paragraph, and those of formatting that stands across blocks.
        if !closing || is(name, FLAT) {
            self.budget.element(tag.attributes, self.formatting);
        } else if is(name, FORMATTING) {
            self.budget.node();
        }
        if self.budget.is_spent() {
            let end = if !closing && is(name, RAW) { end_of_raw(self.source, tag.end, name) } else { tag.end };
            self.kept.leave_out(start, end);
            self.kept.say(TOO_MANY_TAGS);
            Some(end)
        } else if closing {
            self.close(name, start, tag.end);
            Some(tag.end)
        } else {
            Some(self.open(name, start, &tag))
        }
    }

    /// `<!DOCTYPE>`, and what is a comment though not written as one: `<?php ?>`, `</ >`. Any other sign is text.
    fn bogus_comment(&mut self, start: usize, rest: &str) -> Option<usize> {
        if !rest.starts_with(['!', '?', '/']) {
            return None;
        }
        let end = memchr(b'>', rest.as_bytes()).map_or(self.source.len(), |end| start + end + 2);
        self.budget.node();
        self.kept.leave_out_if(self.budget.is_spent(), start, end);
        Some(end)
    }

    fn close(&mut self, name: &str, start: usize, end: usize) {
        let element = close(&mut self.open, name);
        self.formatting -= usize::from(element.as_ref().is_some_and(|element| element.formatting));
        self.kept.leave_out_if(element.is_some_and(|element| element.dropped), start, end);
    }

    fn open(&mut self, name: &'s str, start: usize, tag: &Tag) -> usize {
        if is(name, RAW) {
            self.cut_attributes(tag);
            let end = end_of_raw(self.source, tag.end, name);
            self.kept.leave_out_if(self.is_unread(name, start, tag.end, end), tag.end, end);
            return end;
        }
        if is(name, FLAT) {
            self.cut_attributes(tag);
            return tag.end;
        }
        let formatting = is(name, FORMATTING);
        let dropped = self.open.len() >= MAX_DEPTH || (formatting && self.formatting >= MAX_FORMATTING);
        if dropped {
            self.kept.leave_out(start, tag.end);
            self.kept.say(TOO_DEEP);
        } else {
            self.cut_attributes(tag);
        }
        self.formatting += usize::from(formatting);
        self.open.push(Open { name, formatting, dropped });
        tag.end
    }

    fn cut_attributes(&mut self, tag: &Tag) {
        for long in &tag.long {
            self.kept.leave_out(long.from, long.to);
            if !long.is_data {
                self.kept.say(ATTRIBUTE_CUT);
            }
        }
        if let Some(cut) = tag.cut {
            self.kept.leave_out(cut, tag.end.saturating_sub(1).max(cut));
            self.kept.say(TOO_MANY_ATTRIBUTES);
        }
    }

    /// Whether nothing is read of this element's content: style sheets, a quarter of a page of the last years, and most
    /// scripts. A tag closed in itself (`<style/>` in a drawing) has no content.
    fn is_unread(&self, name: &str, start: usize, tag_end: usize, end: usize) -> bool {
        let tag = self.source.get(start..tag_end).unwrap_or_default();
        if tag.ends_with("/>") {
            return false;
        }
        let content = || self.source.get(tag_end..end).unwrap_or_default();
        name.eq_ignore_ascii_case("style") || (name.eq_ignore_ascii_case("script") && !script::is_read(tag, content()))
    }
}

fn is(name: &str, list: &[&str]) -> bool {
    list.iter().any(|word| name.eq_ignore_ascii_case(word))
}

/// One past the end of the comment that begins here.
fn end_of_comment(source: &str, start: usize) -> usize {
    let rest = source.get(start + 4..).unwrap_or_default();
    memmem::find(rest.as_bytes(), b"-->").map_or(source.len(), |end| start + 7 + end)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What goes on to the parser, as one text.
    fn text(page: &str) -> String {
        guarded(page).0.concat()
    }

    #[test]
    fn an_ordinary_page_passes_through() {
        for page in [
            "<html><body class=\"a b\"><!-- <div> --><ul><li>a<li>b</ul><p>x<p>y<script id=x>if (a</b/.x) \"<div>\"</script></body></html>",
            "a < b <3 <",
            "<a href='x'",
            "<!-- open",
        ] {
            assert_eq!(guarded(page), (vec![page], vec![]));
        }
    }

    #[test]
    fn nesting_is_cut_and_text_stays() {
        let deep = format!("{}文{}", "<div>".repeat(1000), "</div>".repeat(1000));
        assert_eq!(guarded(&deep).1, [TOO_DEEP]);
        let cut = text(&deep);
        assert_eq!(cut.matches("<div>").count(), MAX_DEPTH);
        assert_eq!(cut.matches("</div>").count(), MAX_DEPTH);
        assert!(cut.contains('文'));
        let unclosed = text(&"<font color=red>字".repeat(500));
        assert_eq!((unclosed.matches("<font").count(), unclosed.matches('字').count()), (MAX_FORMATTING, 500));
    }

    #[test]
    fn a_stray_end_tag_closes_nothing() {
        let cut = text(&"<div></span>".repeat(1000));
        assert_eq!(cut.matches("<div>").count(), MAX_DEPTH);
    }

    #[test]
    fn attributes_are_cut() {
        let many = " a='v > w'".repeat(1000);
        let cut = text(&format!("<p{many}>文</p>"));
        assert_eq!(cut.matches("v > w").count(), tag::MAX_ATTRIBUTES);
        assert!(cut.ends_with(">文</p>"), "{}", &cut[cut.len() - 40..]);
    }

    #[test]
    fn long_values_are_cut_and_pictures_without_a_word() {
        let long = "字".repeat(tag::MAX_VALUE);
        for (page, said) in [
            (format!("<p title='{long}' id=a>文</p>"), vec![ATTRIBUTE_CUT]),
            (format!("<p id=a title={long}>文</p>"), vec![ATTRIBUTE_CUT]),
            (format!("<img src=\"data:image/png;base64,{}\">文", "A".repeat(tag::MAX_VALUE)), vec![]),
        ] {
            let (pieces, cut) = guarded(&page);
            let kept = pieces.concat();
            assert!(kept.len() < tag::MAX_VALUE + 100 && kept.len() > tag::MAX_VALUE, "{}", kept.len());
            assert!(kept.ends_with("文</p>") || kept.ends_with("\">文"), "{}", &kept[kept.len() - 20..]);
            assert_eq!(cut, said);
        }
    }

    #[test]
    fn beyond_the_last_tag_there_is_only_text() {
        let many = "<p>段</p>".repeat(budget::MAX_TREE / 500);
        let page = format!("{many}<script>var x = '<p>';</script>文</p><!-- 评 -->字");
        let (pieces, said) = guarded(&page);
        let cut = pieces.concat();
        assert!(cut.ends_with("段文字"), "{}", cut.chars().rev().take(40).collect::<String>());
        assert_eq!(said, [TOO_MANY_TAGS]);
    }

    #[test]
    fn beyond_the_last_byte_there_is_nothing() {
        let page = "字".repeat(kept::MAX_KEPT);
        for page in [page.clone(), format!("<p>{page}<p>字")] {
            let (pieces, said) = guarded(&page);
            assert!((kept::MAX_KEPT - 2..=kept::MAX_KEPT).contains(&pieces.concat().len()));
            assert_eq!(said, ["too-long"]);
        }
    }

    #[test]
    fn style_sheets_and_programs_are_left_out_and_what_a_drawing_closes_in_itself_is_not() {
        for (page, kept) in [
            ("<style media=x>p { }</style>文", "<style media=x></style>文"),
            ("<svg><style/></svg>文", "<svg><style/></svg>文"),
            ("<script>if (a</b/.x) '<div>'</script>文", "<script></script>文"),
            ("<script type=text/xml><record></script>文", "<script type=text/xml><record></script>文"),
        ] {
            assert_eq!(text(page), kept);
        }
    }

    #[test]
    fn hostile_pages_parse_quickly() {
        for page in ["<div>".repeat(100_000), "<b><p>".repeat(100_000), format!("<p{}>", " a=1".repeat(60_000))] {
            let doc = super::super::parse(&page);
            assert!(doc.tree.nodes().count() < 5_000_000);
        }
    }
}
