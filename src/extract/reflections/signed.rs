//! Texts that stand under, beside or above the name of their writer.
//!
//! A name beside a paragraph is not enough: captions, bylines and lists of names look the same. So a head counts only with
//! evidence that the text is somebody's own: it says 我, a heading announces reflections, or several heads stand in a row.

use std::ops::Range;

use super::heads::{self, Head};
use super::lines::{self, Line};
use super::speaker::Named;
use super::{Draft, names, spans};
use crate::domain::article::ReflectionKind;

/// A line as the reader of signed texts sees it.
#[derive(Debug)]
enum Mark {
    /// Names the writer of what follows.
    Head(Head),
    /// Names the writer and begins the text at this byte of the line.
    Opening(Head, usize),
    /// Names the writer of what stands above.
    Signature(Head),
    /// A paragraph signed at its end; the signature begins at this byte of the line.
    Closing(Head, usize),
    /// Announces a part; whether of reflections.
    Section(bool),
    /// A label and its value, or a bare number: may stand between a head and its text.
    Field,
    /// Credits, captions, dates: end a text.
    End,
    /// A paragraph in which the reporter goes on.
    Narrative,
    /// A paragraph.
    Text,
    /// Anything else that is short.
    Short,
}

/// Signed texts, and the lines (by number) they take up, heads included.
pub(super) struct Signed {
    /// The texts.
    pub(super) drafts: Vec<Draft>,
    /// Lines that are no longer to be read.
    pub(super) taken: Vec<bool>,
}

/// Reads the signed texts of a body. `announced`: the headline speaks of reflections.
pub(super) fn find(body: &str, lines: &[Line<'_>], announced: bool) -> Signed {
    let marks = marks(lines);
    let heads =
        marks.iter().filter(|mark| matches!(mark, Mark::Head(_) | Mark::Opening(..) | Mark::Signature(_))).count();
    let mut reader = Reader {
        body,
        lines,
        marks: &marks,
        several: heads > 1,
        announced,
        fresh: 0,
        bounded: false,
        signed: Signed { drafts: Vec::new(), taken: vec![false; lines.len()] },
    };
    let mut at = 0;
    while at < lines.len() {
        at = reader.step(at).max(at + 1);
    }
    reader.signed
}

fn marks(lines: &[Line<'_>]) -> Vec<Mark> {
    let mut marks: Vec<Mark> = lines.iter().map(|line| mark(line.text)).collect();
    let mut at = 0;
    while at < lines.len() {
        let fields: Vec<_> = lines.iter().skip(at).map_while(|line| lines::field(line.text)).collect();
        if let Some(head) = heads::form(&fields) {
            if let Some(slot) = marks.get_mut(at) {
                *slot = Mark::Head(head);
            }
            for slot in marks.iter_mut().skip(at + 1).take(fields.len() - 1) {
                *slot = Mark::Field;
            }
        }
        at += fields.len().max(1);
    }
    marks
}

fn mark(text: &str) -> Mark {
    if lines::is_footer(text) || lines::is_caption(text) {
        return Mark::End;
    }
    if let Some(head) = heads::signature(text) {
        return Mark::Signature(head);
    }
    let long = lines::is_text(text);
    let opened = heads::opening(text).or_else(|| heads::bracketed(text)).or_else(|| heads::row(text));
    match opened {
        Some((head, from)) if text.get(from..).is_some_and(|rest| rest.trim().chars().count() >= 20) => {
            return Mark::Opening(head, from);
        }
        Some((head, from)) if text.get(from..).is_some_and(|rest| rest.trim().is_empty()) => return Mark::Head(head),
        Some(_) | None => {}
    }
    if long {
        return match heads::closing(text) {
            Some((head, at)) => Mark::Closing(head, at),
            None if lines::is_narrative(text) && !lines::says_i(text) => Mark::Narrative,
            None => Mark::Text,
        };
    }
    if let Some(head) = heads::heading(text) {
        return Mark::Head(head);
    }
    match text {
        text if lines::is_section(text) => Mark::Section(lines::is_reflective(text)),
        text if lines::is_number(text) || lines::field(text).is_some() => Mark::Field,
        _ => Mark::Short,
    }
}

struct Reader<'a> {
    body: &'a str,
    lines: &'a [Line<'a>],
    marks: &'a [Mark],
    several: bool,
    announced: bool,
    /// First line that a signature further down may claim.
    fresh: usize,
    /// Whether `fresh` is the true beginning of a text: after a heading of reflections or another signature.
    bounded: bool,
    signed: Signed,
}

impl Reader<'_> {
    /// Reads at one line; gives the next line to read.
    fn step(&mut self, at: usize) -> usize {
        match self.marks.get(at) {
            Some(Mark::Head(head)) => self.under(head, at),
            Some(Mark::Opening(head, from)) => self.beside(head, at, *from),
            Some(Mark::Signature(head)) => self.above(head, at),
            Some(Mark::Closing(head, from)) => self.signed_at_end(head, at, *from),
            Some(Mark::Section(reflective)) => {
                self.announced = self.announced || *reflective;
                self.mark_fresh(at + 1, *reflective)
            }
            Some(Mark::End | Mark::Narrative) => self.mark_fresh(at + 1, false),
            Some(Mark::Text) => self.self_introduced(at),
            Some(Mark::Field | Mark::Short) | None => at + 1,
        }
    }

    fn mark_fresh(&mut self, at: usize, bounded: bool) -> usize {
        (self.fresh, self.bounded) = (at, bounded);
        at
    }

    fn text(&self, at: usize) -> &str {
        self.lines.get(at).map_or("", |line| line.text)
    }

    fn is(&self, at: usize, wanted: fn(&Mark) -> bool) -> bool {
        self.marks.get(at).is_some_and(wanted)
    }

    fn under(&mut self, head: &Head, at: usize) -> usize {
        let gap = (at + 1..self.lines.len())
            .take_while(|&next| self.is(next, |mark| matches!(mark, Mark::Field)))
            .take(6)
            .count();
        let first = at + 1 + gap;
        let text = self.text(first);
        let own = lines::is_personal(text);
        let counts = self.is(first, |mark| matches!(mark, Mark::Text | Mark::Narrative))
            && is_prose(text)
            && !is_report(text)
            && if head.placed {
                own || self.announced || self.several
            } else {
                self.announced || (own && self.several)
            };
        if !counts {
            return at + 1;
        }
        let end = self.end_of_text(first);
        self.take(&head.named, at, first, end)
    }

    fn beside(&mut self, head: &Head, at: usize, from: usize) -> usize {
        let text = self.text(at).get(from..).unwrap_or_default();
        let own = lines::is_personal(text);
        let counts = own && (head.placed || self.several) || self.announced || (head.placed && self.several);
        if !(counts && is_prose(text)) {
            return at + 1;
        }
        let quoted = text.trim_start().starts_with(['“', '"', '「']);
        let end = if quoted { at } else { self.end_of_text(at) };
        let Some(line) = self.lines.get(at) else { return at + 1 };
        let last = self.lines.get(end).map_or(line.range.end, |last| last.range.end);
        let kind = if quoted { ReflectionKind::Quoted } else { ReflectionKind::Signed };
        self.draft(&head.named, kind, line.range.start + from..last);
        self.claim(at, end)
    }

    fn above(&mut self, head: &Head, at: usize) -> usize {
        let first = if self.bounded { self.fresh } else { at.saturating_sub(1).max(self.fresh) };
        let first = (first..at).find(|&line| self.is(line, |mark| matches!(mark, Mark::Text | Mark::Narrative)));
        let own = (first.unwrap_or(at)..at).any(|line| lines::is_personal(self.text(line)));
        let enough = own && (head.placed || self.announced) || (self.announced && self.several);
        if let Some(first) = first.filter(|_| enough) {
            let last = (first..at)
                .rev()
                .find(|&line| self.is(line, |mark| matches!(mark, Mark::Text | Mark::Narrative)))
                .unwrap_or(first);
            self.take(&head.named, first, first, last);
            self.claim(first, at);
        }
        self.mark_fresh(at + 1, true)
    }

    fn signed_at_end(&mut self, head: &Head, at: usize, from: usize) -> usize {
        let text = self.text(at).get(..from).unwrap_or_default();
        if lines::says_i(text)
            && (self.announced || head.placed)
            && let Some(line) = self.lines.get(at)
        {
            self.draft(&head.named, ReflectionKind::Signed, line.range.start..line.range.start + from);
            self.claim(at, at);
        }
        self.mark_fresh(at + 1, true)
    }

    fn self_introduced(&mut self, at: usize) -> usize {
        let Some(head) = heads::introduction(self.text(at)) else { return at + 1 };
        let end = self.end_of_text(at);
        self.take(&head.named, at, at, end)
    }

    /// The last line of a text that begins at `first`: up to the next head or heading. Where no further head closes the
    /// text, only paragraphs in which the writer speaks of himself are taken in.
    fn end_of_text(&self, first: usize) -> usize {
        let next = (first + 1..self.lines.len()).find(|&at| self.closes(at)).unwrap_or(self.lines.len());
        let headed = self.is(next, |mark| matches!(mark, Mark::Head(_) | Mark::Opening(..))) && self.announces(next);
        let mut end = first;
        for at in first + 1..next {
            let text = self.text(at);
            match self.marks.get(at) {
                Some(Mark::Text) if headed || lines::says_i(text) => end = at,
                Some(Mark::Text | Mark::Narrative) => break,
                _ => {}
            }
        }
        end
    }

    fn closes(&self, at: usize) -> bool {
        let numbered = self.is(at, |mark| matches!(mark, Mark::Field)) && lines::is_number(self.text(at));
        let introduces = self.is(at, |mark| matches!(mark, Mark::Text)) && heads::introduction(self.text(at)).is_some();
        numbered
            || introduces
            || self.is(at, |mark| {
                matches!(
                    mark,
                    Mark::Head(_)
                        | Mark::Opening(..)
                        | Mark::Section(_)
                        | Mark::End
                        | Mark::Narrative
                        | Mark::Signature(_)
                        | Mark::Closing(..)
                )
            })
    }

    /// Whether the head at this line is followed by a text, so that it closes the one before.
    fn announces(&self, at: usize) -> bool {
        self.is(at, |mark| matches!(mark, Mark::Opening(..)))
            || (at + 1..at + 5).any(|next| self.is(next, |mark| matches!(mark, Mark::Text)))
    }

    fn take(&mut self, named: &Named, head: usize, first: usize, last: usize) -> usize {
        if let (Some(start), Some(end)) = (self.lines.get(first), self.lines.get(last)) {
            self.draft(named, ReflectionKind::Signed, start.range.start..end.range.end);
        }
        self.claim(head, last)
    }

    fn draft(&mut self, named: &Named, kind: ReflectionKind, range: Range<usize>) {
        let range = spans::trimmed(self.body, range);
        let range = if kind == ReflectionKind::Quoted { spans::unquoted(self.body, range) } else { range };
        self.signed.drafts.push(Draft { named: named.clone(), kind, range });
    }

    fn claim(&mut self, first: usize, last: usize) -> usize {
        for slot in self.signed.taken.iter_mut().take(last + 1).skip(first) {
            *slot = true;
        }
        self.mark_fresh(last + 1, true)
    }
}

/// A whole page that is one person's text: the headline ends with the name (`…培训学员 江一帆`) or opens with it (`江一帆：…`).
pub(super) fn whole_page(body: &str, lines: &[Line<'_>], title: &str) -> Option<Draft> {
    let (before, last) = title.trim().rsplit_once([' ', '\u{3000}', '—', '｜', '|', '丨', '：', ':'])?;
    let name = names::whole(last.trim())?;
    let texts: Vec<usize> = (0..lines.len())
        .filter(|&at| lines.get(at).is_some_and(|line| lines::is_text(line.text) && !lines::is_footer(line.text)))
        .collect();
    let own = texts.iter().filter(|&&at| lines.get(at).is_some_and(|line| lines::says_i(line.text))).count();
    if own == 0 || own * 4 < texts.len() {
        return None;
    }
    let words = before.rsplit(['：', ':', '—', '｜', '|', '丨', '】', '！', '!', '，', ',']).next()?.trim();
    let words = if roles_or_unit(words) { words } else { "" };
    let standing = super::affiliation::divide(words);
    let (first, last) = (lines.get(*texts.first()?)?, lines.get(*texts.last()?)?);
    let range = spans::trimmed(body, first.range.start..last.range.end);
    Some(Draft { named: Named { people: vec![name], standing }, kind: ReflectionKind::Signed, range })
}

fn roles_or_unit(words: &str) -> bool {
    super::roles::introduces_name(words) || words.chars().any(|c| c.is_ascii_digit())
}

/// A paragraph that opens like a news report, not like somebody's own words.
fn is_report(text: &str) -> bool {
    ["本网讯", "（通讯员", "(通讯员", "为深入", "为贯彻", "为进一步"].iter().any(|start| text.starts_with(start))
        && !lines::says_i(text)
}

/// Whether a text is made of sentences: a title of a talk or a line of telephone numbers is not.
fn is_prose(text: &str) -> bool {
    text.contains(['。', '！', '!', '”']) || text.trim_end().ends_with(['？', '；', '.', '…'])
}
