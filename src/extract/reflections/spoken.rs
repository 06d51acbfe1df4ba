//! What named persons are quoted or reported to have said inside running paragraphs.
//!
//! One walk over the sentences. A lead-in with a person opens a reflection; the sentences after it belong to it until somebody else
//! is led in, the reporter goes on with the event, or the paragraph ends. 他还表示 and 关书记要求 after it carry it on, also in
//! the next paragraph. Direct speech reaches to the last quotation of the same person and no further.

use std::ops::Range;

use super::lead_in::{self, LeadIn};
use super::lines::{self, Line};
use super::quotes::{self, Quote};
use super::speaker::{self, Named, Speaker};
use super::{Draft, roster, spans};
use crate::domain::article::ReflectionKind;

/// Fewest characters that are an utterance and not a slogan or a word in quotation marks.
const LEAST: usize = 8;

/// Reads the paragraphs that no signed text has taken.
pub(super) fn find(body: &str, lines: &[Line<'_>], taken: &[bool]) -> Vec<Draft> {
    let mut reader = Reader { body, open: None, found: Vec::new() };
    for (line, taken) in lines.iter().zip(taken) {
        if *taken || lines::is_footer(line.text) || lines::is_caption(line.text) {
            reader.close();
        } else {
            reader.paragraph(line);
        }
    }
    reader.close();
    reader.found
}

/// A reflection still growing.
struct Open {
    named: Named,
    kind: ReflectionKind,
    range: Range<usize>,
    /// Led in within the paragraph being read, so that plain sentences belong to it.
    here: bool,
    /// A later sentence of the reporter has ended it; the same person can still carry it on.
    paused: bool,
}

struct Reader<'a> {
    body: &'a str,
    open: Option<Open>,
    found: Vec<Draft>,
}

/// A paragraph taken apart.
struct Paragraph<'a> {
    text: &'a str,
    /// Its first byte in the body.
    base: usize,
    quotes: Vec<Quote>,
    leads: Vec<LeadIn>,
}

impl Paragraph<'_> {
    /// The outermost quotation that opens at this byte or after white space.
    fn quote_at(&self, at: usize) -> Option<&Quote> {
        self.quotes
            .iter()
            .find(|quote| quote.open >= at && self.text.get(at..quote.open).is_some_and(|gap| gap.trim().is_empty()))
    }

    /// The quotation that closes right before this byte, marks of punctuation aside.
    fn quote_before(&self, at: usize) -> Option<&Quote> {
        let gap = |quote: &&Quote| {
            self.text
                .get(quote.close..at)
                .is_some_and(|gap| gap.chars().all(|c| "，。,".contains(c) || c.is_whitespace()))
        };
        self.quotes.iter().rev().filter(|quote| quote.close <= at).find(gap)
    }

    /// Whether nothing but a full stop or the paragraph's start stands before the quotation.
    fn opens_sentence(&self, quote: &Quote) -> bool {
        let before = self.text.get(..quote.open).unwrap_or_default().trim_end();
        before.is_empty() || before.ends_with(['。', '！', '？', '；', '”', '!', '?', '“'])
    }

    fn last_quote_in(&self, range: &Range<usize>) -> Option<&Quote> {
        self.quotes.iter().rev().find(|quote| {
            range.start <= quote.open
                && quote.close <= range.end
                && long_enough(self.text.get(quote.inner.clone()).unwrap_or_default())
        })
    }
}

impl Reader<'_> {
    fn paragraph(&mut self, line: &Line<'_>) {
        let quotes = quotes::quotes(line.text);
        let leads = lead_in::find(line.text, |at| quotes.iter().any(|quote| quote.inner.contains(&at)));
        let sentences = quotes::sentences(line.text, &quotes);
        let paragraph = Paragraph { text: line.text, base: line.range.start, quotes, leads };
        if let Some(open) = &mut self.open {
            open.here = false;
            open.paused = true;
        }
        let mut spoken = false;
        for sentence in sentences {
            let led = self.sentence(&paragraph, &sentence);
            spoken |= led;
            if !led {
                self.plain(&paragraph, &sentence);
            }
        }
        if !spoken {
            self.close();
        }
    }

    /// Reads the lead-ins of a sentence; whether one belonged to a speaker.
    fn sentence(&mut self, paragraph: &Paragraph<'_>, sentence: &Range<usize>) -> bool {
        let mut from = sentence.start;
        let mut led = false;
        for lead in paragraph.leads.iter().filter(|lead| sentence.contains(&lead.verb)) {
            let Some(before) = paragraph.text.get(from..lead.verb) else { continue };
            if before.contains(['；', ';']) && led {
                continue;
            }
            let speaker = speaker::before_verb(before);
            if led && !matches!(speaker, Speaker::People(_) | Speaker::Short(_)) {
                // The same sentence goes on: 认为…, 强调…. Only its last quotation is of interest.
                continue;
            }
            match self.person(speaker, paragraph, from, lead) {
                Who::Person(named) => {
                    if self.words(paragraph, sentence, from, lead, named) {
                        led = true;
                        from = lead.words;
                    }
                }
                Who::Group => {
                    self.pause();
                    return true;
                }
                Who::Nobody => {}
            }
        }
        led
    }

    fn person(&self, speaker: Speaker, paragraph: &Paragraph<'_>, from: usize, lead: &LeadIn) -> Who {
        let current = || self.open.as_ref().map(|open| open.named.clone());
        match speaker {
            Speaker::People(named) => Who::Person(named),
            Speaker::Short(short) => {
                roster::in_full(self.body, paragraph.base + lead.verb, &short).map_or(Who::Group, Who::Person)
            }
            Speaker::Pronoun => {
                let past = paragraph.text.get(..from.max(lead.verb)).unwrap_or_default();
                let named = roster::last_named(self.body, past).or_else(current);
                named.map_or(Who::Nobody, Who::Person)
            }
            Speaker::Elided if lead.directive => Who::Nobody,
            Speaker::Elided => current()
                .filter(|_| self.open.as_ref().is_some_and(|open| open.here && !open.paused))
                .map_or(Who::Nobody, Who::Person),
            Speaker::Group => Who::Group,
            Speaker::None => Who::Nobody,
        }
    }

    /// Takes the words a lead-in gives to a person; whether there were any.
    fn words(
        &mut self,
        paragraph: &Paragraph<'_>,
        sentence: &Range<usize>,
        from: usize,
        lead: &LeadIn,
        named: Named,
    ) -> bool {
        let earlier = paragraph
            .quote_before(clause_start(paragraph.text, from, lead.verb))
            .filter(|quote| paragraph.opens_sentence(quote) && !self.covers(paragraph.base + quote.open));
        if lead.closing || lead.words >= sentence.end {
            return earlier
                .is_some_and(|quote| self.grow(named, ReflectionKind::Quoted, at(paragraph.base, &quote.inner)));
        }
        let text = paragraph.text.get(lead.words..sentence.end).unwrap_or_default();
        let speech = paragraph.quote_at(lead.words).filter(|quote| is_speech(paragraph.text, quote));
        let addressed = || paragraph.quotes.iter().find(|quote| lead.directive && is_addressee(paragraph.text.get(lead.words..quote.open)));
        let speech = speech.or_else(|| addressed().filter(|quote| is_speech(paragraph.text, quote)));
        let (kind, mut range) = match speech {
            Some(quote) => (ReflectionKind::Quoted, quote.inner.clone()),
            None if text.trim_start().starts_with(['“', '"'])
                && lead.words > 0
                && paragraph.text.get(..lead.words).is_some_and(|t| t.ends_with(['：', ':'])) =>
            {
                return false;
            }
            None => (ReflectionKind::Reported, lead.words..sentence.end),
        };
        if kind == ReflectionKind::Quoted {
            if let Some(last) = paragraph.last_quote_in(&(range.start..sentence.end)) {
                range.end = range.end.max(last.inner.end);
            }
        }
        if let Some(quote) = earlier {
            range.start = quote.inner.start;
            let kind = ReflectionKind::Quoted;
            return self.grow(named, kind, at(paragraph.base, &range));
        }
        self.grow(named, kind, at(paragraph.base, &range))
    }

    fn covers(&self, byte: usize) -> bool {
        self.open.as_ref().is_some_and(|open| open.range.contains(&byte))
            || self.found.iter().any(|draft| draft.range.contains(&byte))
    }

    /// Carries on the open reflection where the person is the same, else opens a new one.
    fn grow(&mut self, named: Named, kind: ReflectionKind, range: Range<usize>) -> bool {
        let range = spans::trimmed(self.body, range);
        let text = self.body.get(range.clone()).unwrap_or_default();
        if let Some(open) = self.open.as_mut().filter(|open| open.named.people == named.people) {
            open.range.end = open.range.end.max(range.end);
            (open.here, open.paused) = (true, false);
            return true;
        }
        if !long_enough(text) {
            return false;
        }
        self.close();
        self.open = Some(Open { named, kind, range, here: true, paused: false });
        true
    }

    /// A sentence that leads in nobody.
    fn plain(&mut self, paragraph: &Paragraph<'_>, sentence: &Range<usize>) {
        let text = paragraph.text.get(sentence.clone()).unwrap_or_default();
        let narrates = lines::is_narrative(text.trim_start()) && !lines::says_i(text);
        let Some(open) = self.open.as_mut().filter(|open| open.here && !open.paused) else { return };
        if narrates || speaker::turns_to_another(text, &open.named.people) {
            open.paused = true;
        } else if open.kind == ReflectionKind::Reported {
            open.range.end = paragraph.base + sentence.end;
        } else if let Some(quote) = paragraph.quote_at(sentence.start).filter(|quote| is_speech(paragraph.text, quote))
        {
            open.range.end = paragraph.base + quote.inner.end;
        }
    }

    fn pause(&mut self) {
        if let Some(open) = &mut self.open {
            open.paused = true;
        }
    }

    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            let range = spans::unquoted(self.body, spans::trimmed(self.body, open.range));
            let range = spans::without_last_mark(self.body, range);
            self.found.push(Draft { named: open.named, kind: open.kind, range });
        }
    }
}

/// Whom a lead-in belongs to.
enum Who {
    Person(Named),
    Group,
    Nobody,
}

/// 希望同学们：“…”: whom the words are for, and a colon.
fn is_addressee(between: Option<&str>) -> bool {
    between.is_some_and(|words| words.chars().count() <= 12 && words.ends_with(['：', ':']))
}

/// Whether a quotation is somebody's words and not a term: long, or closed like a sentence, and not followed by the rest of a phrase.
fn is_speech(paragraph: &str, quote: &Quote) -> bool {
    let inner = paragraph.get(quote.inner.clone()).unwrap_or_default();
    let next = paragraph.get(quote.close..).and_then(|rest| rest.chars().next());
    let phrase = next.is_some_and(|c| super::names::is_han(c) || c == '、' || c == '“');
    let sentence = lines::ends_sentence(inner);
    long_enough(inner) && (sentence || !phrase)
}

fn long_enough(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphanumeric()).count() >= LEAST
}

/// Where the clause that names the speaker begins: after the quotation before it, if one stands there.
fn clause_start(text: &str, from: usize, verb: usize) -> usize {
    let mark = text.get(..verb).and_then(|before| before.char_indices().rfind(|(_, c)| "”“\"」".contains(*c)));
    mark.map_or(from, |(at, c)| at + c.len_utf8()).max(from)
}

fn at(base: usize, range: &Range<usize>) -> Range<usize> {
    base + range.start..base + range.end
}
