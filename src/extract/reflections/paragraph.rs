//! A paragraph taken apart: its quotations and lead-ins, and what stands at a place. Look-ups are binary searches, since
//! a page written to hurt can be one paragraph of nothing but quotation marks.

use std::ops::Range;

use super::lead_in::{self, LeadIn};
use super::lines::{self, Line};
use super::names;
use super::quotes::{self, Quote};
use super::roles;

/// Fewest characters that are an utterance and not a slogan or a word in quotation marks.
const LEAST: usize = 8;
/// The same for reported speech.
const LEAST_REPORTED: usize = 6;

/// A paragraph taken apart. Positions are bytes in the paragraph.
pub(super) struct Paragraph<'a> {
    /// Its words.
    pub(super) text: &'a str,
    /// Its first byte in the body.
    pub(super) base: usize,
    /// Its sentences.
    pub(super) sentences: Vec<Range<usize>>,
    quotes: Vec<Quote>,
    leads: Vec<LeadIn>,
}

impl<'a> Paragraph<'a> {
    /// Takes a line apart.
    pub(super) fn of(line: &Line<'a>) -> Self {
        let quotes = quotes::quotes(line.text);
        let leads = lead_in::find(line.text, |at| inside(&quotes, at));
        Self {
            text: line.text,
            base: line.range.start,
            sentences: quotes::sentences(line.text, &quotes),
            quotes,
            leads,
        }
    }

    /// Its words in this range; nothing for a range that is none.
    pub(super) fn get(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    /// The range's place in the body.
    pub(super) fn in_body(&self, range: &Range<usize>) -> Range<usize> {
        self.base + range.start..self.base + range.end
    }

    /// The lead-ins of a sentence.
    pub(super) fn leads_in(&self, sentence: &Range<usize>) -> &[LeadIn] {
        let first = self.leads.partition_point(|lead| lead.verb < sentence.start);
        let last = self.leads.partition_point(|lead| lead.verb < sentence.end);
        self.leads.get(first..last).unwrap_or_default()
    }

    /// The sentence that begins here, where it is the first of several points: `一要…`.
    pub(super) fn points_after(&self, at: usize) -> Option<Range<usize>> {
        let sentence = self.sentences.get(self.sentences.partition_point(|sentence| sentence.start < at))?;
        let counts = ["一要", "一是", "第一", "首先", "1.", "1、", "（1）", "①"];
        counts.iter().any(|first| self.get(sentence.clone()).trim_start().starts_with(first)).then(|| sentence.clone())
    }

    /// Direct speech that opens at this byte or after white space.
    pub(super) fn speech_at(&self, at: usize) -> Option<&Quote> {
        let quote = self.next_quote(at)?;
        (self.get(at..quote.open).trim().is_empty() && self.is_speech(quote)).then_some(quote)
    }

    /// Direct speech that a short address leads up to: `希望同学们：“…”`.
    pub(super) fn speech_after_address(&self, at: usize) -> Option<&Quote> {
        let quote = self.next_quote(at)?;
        let address = self.get(at..quote.open);
        let group = address.len() <= 24 && roles::ends_with_group(address);
        (address.len() <= 36 && (group || address.ends_with(['：', ':'])) && self.is_speech(quote)).then_some(quote)
    }

    /// The quotation that closes right before this byte, marks of punctuation aside, if it is a sentence's beginning.
    pub(super) fn quote_before(&self, at: usize) -> Option<&Quote> {
        let quote = self.quotes.get(self.quotes.partition_point(|quote| quote.close <= at).checked_sub(1)?)?;
        let gap = self.get(quote.close..at);
        // A stop after the mark ends the quotation's own sentence: what follows is somebody else's.
        let adjoins = gap.chars().all(|c| "，,".contains(c) || c.is_whitespace());
        let before = self.get(0..quote.open).trim_end();
        let opens = before.is_empty() || before.ends_with(['。', '！', '？', '；', '!', '?']);
        (adjoins && opens).then_some(quote)
    }

    /// The last quotation within the range that is long enough to be words of a person.
    pub(super) fn last_quote_in(&self, range: &Range<usize>) -> Option<&Quote> {
        let ended = self.quotes.get(..self.quotes.partition_point(|quote| quote.close <= range.end))?;
        ended
            .iter()
            .rev()
            .take_while(|quote| quote.open >= range.start)
            .find(|quote| long_enough(self.get(quote.inner.clone())))
    }

    fn next_quote(&self, at: usize) -> Option<&Quote> {
        self.quotes.get(self.quotes.partition_point(|quote| quote.open < at))
    }

    /// Whether a quotation is somebody's words and not a term: long, and closed like a sentence or not followed by the
    /// rest of a phrase.
    fn is_speech(&self, quote: &Quote) -> bool {
        let inner = self.get(quote.inner.clone());
        let next = self.text.get(quote.close..).and_then(|rest| rest.chars().next());
        let phrase = next.is_some_and(|c| names::is_han(c) || c == '、' || c == '“');
        long_enough(inner) && (lines::ends_sentence(inner) || !phrase)
    }
}

/// Whether the text can be the beginning of what somebody is reported to have said: the person is named, so a short
/// clause is enough (提醒我们要狠抓学习).
pub(super) fn begins_report(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphanumeric()).nth(LEAST_REPORTED - 1).is_some()
}

/// Whether the text is an utterance.
pub(super) fn long_enough(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphanumeric()).nth(LEAST - 1).is_some()
}

fn inside(quotes: &[Quote], at: usize) -> bool {
    let next = quotes.partition_point(|quote| quote.open <= at);
    next.checked_sub(1).and_then(|last| quotes.get(last)).is_some_and(|quote| quote.inner.contains(&at))
}
