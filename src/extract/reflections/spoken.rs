//! What named persons are quoted or reported to have said inside running paragraphs.
//!
//! One walk over the sentences. A lead-in with a person opens a reflection; the sentences after it belong to it until somebody else
//! is led in, the reporter goes on with the event, or the paragraph ends. 他还表示 and 关书记要求 after it carry it on, also in
//! the next paragraph. Direct speech reaches to the last quotation of the same person and no further.

use std::ops::Range;

use super::lead_in::LeadIn;
use super::lines::{self, Line};
use super::paragraph::{Paragraph, begins_report, long_enough};
use super::roster::{Antecedent, Roster};
use super::speaker::{self, Named, Speaker};
use super::{Draft, spans};
use crate::domain::article::ReflectionKind;

/// Most bytes before a verb that are read for its speaker; sentences of news are shorter.
const REACH: usize = 900;
/// Most verbs of one sentence that are looked at; sentences of news hold a handful.
const MOST: usize = 24;

/// Reads the paragraphs that no signed text has taken.
pub(super) fn find(body: &str, lines: &[Line<'_>], taken: &[bool]) -> Vec<Draft> {
    let mut reader = Reader { body, roster: Roster::new(body), open: None, found: Vec::new() };
    for (line, taken) in lines.iter().zip(taken) {
        if *taken || lines::is_footer(line.text) || lines::is_caption(line.text) {
            reader.close();
        } else if !reader.lists(line) {
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
    /// How its last words were given: after reported words plain sentences go on, after direct speech they do not.
    last: ReflectionKind,
    range: Range<usize>,
    /// Led in within the paragraph being read, so that plain sentences belong to it.
    here: bool,
    /// Its last line is one of a numbered list.
    listing: bool,
    /// A later sentence of the reporter has ended it; the same person can still carry it on.
    paused: bool,
}

/// A lead-in in its sentence.
struct Place<'p> {
    paragraph: &'p Paragraph<'p>,
    sentence: &'p Range<usize>,
    /// Where the words about the speaker begin: the sentence's start, or the end of the lead-in before.
    from: usize,
    lead: LeadIn,
}

impl Place<'_> {
    /// The words before the verb, as far back as a speaker can stand.
    fn before(&self) -> &str {
        let text = self.paragraph.get(self.from..self.lead.verb);
        let mut start = text.len().saturating_sub(REACH);
        while !text.is_char_boundary(start) {
            start += 1;
        }
        text.get(start..).unwrap_or_default()
    }

    /// Where the last 他 or 她 before the verb stands: whom it means is named before it.
    fn pronoun(&self) -> usize {
        let before = self.before();
        before.rfind(['他', '她', '其']).map_or(self.lead.verb, |at| self.lead.verb - before.len() + at)
    }

    /// Where the clause that names the speaker begins: after the quotation before it, if one stands there.
    fn clause_start(&self) -> usize {
        let mark = self.before().char_indices().rfind(|(_, c)| "”“\"」".contains(*c));
        mark.map_or(self.from, |(at, c)| self.lead.verb - self.before().len() + at + c.len_utf8())
    }
}

/// Whom a lead-in belongs to.
enum Who {
    Person(Named),
    Group,
    Nobody,
}

struct Reader<'a> {
    body: &'a str,
    roster: Roster<'a>,
    open: Option<Open>,
    found: Vec<Draft>,
}

impl Reader<'_> {
    /// Takes in a numbered line after words that announce it: `提出以下要求：`, then `1.…` and `2.…`.
    fn lists(&mut self, line: &Line<'_>) -> bool {
        let body = self.body;
        let Some(open) = self.open.as_mut().filter(|open| open.here) else { return false };
        let said = body.get(open.range.clone()).unwrap_or_default();
        open.listing |= said.ends_with(['：', ':']);
        let goes_on = open.listing && lines::is_numbered(line.text);
        if goes_on {
            open.range.end = line.range.end;
        }
        open.listing = goes_on;
        goes_on
    }

    fn paragraph(&mut self, line: &Line<'_>) {
        let paragraph = Paragraph::of(line);
        if let Some(open) = &mut self.open {
            open.here = false;
            open.paused = true;
        }
        let mut spoken = false;
        for sentence in &paragraph.sentences {
            let led = self.sentence(&paragraph, sentence);
            spoken |= led;
            if !led {
                self.plain(&paragraph, sentence);
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
        for &lead in paragraph.leads_in(sentence).iter().take(MOST) {
            if lead.verb < from {
                continue;
            }
            let place = Place { paragraph, sentence, from, lead };
            if !lead.colon && speaker::is_passive(place.before()) {
                continue;
            }
            let speaker = speaker::before_verb(place.before());
            if led && !matches!(speaker, Speaker::People(_) | Speaker::Short(_)) {
                // The same sentence goes on: 认为…, 强调….
                continue;
            }
            match self.who(speaker, &place) {
                Who::Person(named) => {
                    if self.words(&place, named) {
                        (led, from) = (true, lead.words);
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

    fn who(&mut self, speaker: Speaker, place: &Place<'_>) -> Who {
        let verb = place.paragraph.base + place.lead.verb;
        let open = self.open.as_ref();
        match speaker {
            Speaker::People(named) => Who::Person(named),
            Speaker::Short(short) => self.roster.in_full(verb, &short).map_or(Who::Group, Who::Person),
            Speaker::Pronoun => {
                match self.roster.last_named(place.paragraph.base, place.paragraph.base + place.pronoun()) {
                    Antecedent::Person(named) => Who::Person(named),
                    Antecedent::Unknown => Who::Group,
                    Antecedent::Nobody => open.map_or(Who::Nobody, |open| Who::Person(open.named.clone())),
                }
            }
            Speaker::Elided => {
                let goes_on = open.filter(|open| open.here && !open.paused);
                goes_on.map_or(Who::Nobody, |open| Who::Person(open.named.clone()))
            }
            Speaker::Group => Who::Group,
            Speaker::None => Who::Nobody,
        }
    }

    /// Takes the words a lead-in gives to a person; whether there were any.
    fn words(&mut self, place: &Place<'_>, named: Named) -> bool {
        let Place { paragraph, sentence, lead, .. } = place;
        let earlier =
            paragraph.quote_before(place.clause_start()).filter(|quote| !self.covers(paragraph.base + quote.open));
        if let Some(points) = paragraph.points_after(lead.words).filter(|_| lead.words >= sentence.end && !lead.closing)
        {
            return self.grow(named, ReflectionKind::Reported, paragraph.in_body(&points));
        }
        if lead.closing || lead.words >= sentence.end {
            return earlier
                .is_some_and(|quote| self.grow(named, ReflectionKind::Quoted, paragraph.in_body(&quote.inner)));
        }
        let speech = paragraph.speech_at(lead.words);
        let speech = speech.or_else(|| paragraph.speech_after_address(lead.words).filter(|_| lead.directive));
        let (mut kind, mut range) = match speech {
            Some(quote) => (ReflectionKind::Quoted, quote.inner.start..quote.inner.end),
            // A colon and a term in quotation marks, but no speech.
            None if lead.colon && paragraph.get(lead.words..sentence.end).trim_start().starts_with(['“', '"']) => {
                return false;
            }
            None => (ReflectionKind::Reported, lead.words..sentence.end),
        };
        if speech.is_some()
            && let Some(last) = paragraph.last_quote_in(&(range.start..sentence.end))
        {
            range.end = range.end.max(last.inner.end);
        }
        if let Some(quote) = earlier {
            (kind, range.start) = (ReflectionKind::Quoted, quote.inner.start);
        }
        self.grow(named, kind, paragraph.in_body(&range))
    }

    /// Whether this byte of the body belongs to the reflection read last.
    fn covers(&self, byte: usize) -> bool {
        let last = self.open.as_ref().map(|open| &open.range).or_else(|| self.found.last().map(|draft| &draft.range));
        last.is_some_and(|range| byte < range.end)
    }

    /// Carries on the open reflection where the person is the same, else opens a new one.
    fn grow(&mut self, named: Named, kind: ReflectionKind, range: Range<usize>) -> bool {
        let range = spans::trimmed(self.body, range);
        if let Some(open) = self.open.as_mut().filter(|open| open.named.people == named.people) {
            open.range.end = open.range.end.max(range.end);
            (open.here, open.paused, open.last) = (true, false, kind);
            return true;
        }
        let words = self.body.get(range.clone()).unwrap_or_default();
        if !(long_enough(words) || (kind == ReflectionKind::Reported && begins_report(words))) {
            return false;
        }
        self.close();
        self.open = Some(Open { named, kind, last: kind, range, here: true, listing: false, paused: false });
        true
    }

    /// A sentence that leads in nobody.
    fn plain(&mut self, paragraph: &Paragraph<'_>, sentence: &Range<usize>) {
        let text = paragraph.get(sentence.clone());
        let narrates = (lines::is_narrative(text.trim_start()) || lines::is_aftermath(text)) && !lines::says_i(text);
        let Some(open) = self.open.as_mut().filter(|open| open.here && !open.paused) else { return };
        let people = &open.named.people;
        if narrates || speaker::turns_to_another(text, people) || speaker::tells_of(text, people) {
            open.paused = true;
        } else if open.last == ReflectionKind::Reported {
            open.range.end = paragraph.base + sentence.end;
        } else if let Some(quote) = paragraph.speech_at(sentence.start) {
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
