//! From records back to rows: what the index would say of them had they just been written.
//!
//! Two steps, so that many records can be read at once and still be stored in their order. [`prepare`] needs the
//! record alone and does the work (decode, extract); [`Derive::take_in`] needs the index and goes record by record.
//! A record is ours when it names its file's own `warcinfo`; whatever else stands in our files is kept as a member.

use std::path::Path;

use bytes::Bytes;
use url::Url;

use super::error::Error;
use super::journal::{Entry, Imported};
use super::{Reading, Reread, notes};
use crate::dedup::HeldPayload;
use crate::domain::capture::{Capture, Head, Truncation};
use crate::domain::digest::{PayloadDigest, RecordId};
use crate::domain::extraction::Extraction;
use crate::domain::record::Record as PageRecord;
use crate::domain::request::Purpose;
use crate::domain::time::CaptureTime;
use crate::domain::visit::{Novelty, Outcome, Visit};
use crate::store::{Index, Member, Placement, Refers};
use crate::warc::{Found, Kind, Record, Response};

/// A record, read as far as it can be without the index.
#[derive(Debug)]
pub(super) struct Prepared {
    member: Member,
    kind: Kind,
    what: What,
}

#[derive(Debug)]
enum What {
    /// An answer to one of our requests.
    Answer(Box<Answer>),
    /// An entry of the journal.
    Entry(Entry),
    /// A record of another tool, and what it answers, where it is an answer that was taken in as a capture.
    Foreign { id: RecordId, source: i64, answer: Option<Box<Answer>> },
    /// A member like any other.
    Nothing,
}

/// An answer on its way into the index.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) record_id: RecordId,
    pub(super) notes: notes::Notes,
    pub(super) capture: Capture,
    /// What it says of the payload it repeats.
    pub(super) refers: Option<Refers>,
    /// `None` where the payload to be read stands in another record.
    pub(super) reading: Option<Reading>,
}

/// What the entries before a record say of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Context {
    /// The source other tools' records come from.
    source: Option<i64>,
    /// The note on the next one.
    note: Option<Box<Imported>>,
}

impl Context {
    /// Gives what stands before this record, and takes in what it says of the next.
    pub(super) fn before(&mut self, found: &Found, warcinfo: Option<&RecordId>) -> Self {
        let before = Self { source: self.source, note: self.note.take() };
        if is_ours(&found.record, warcinfo) {
            match Entry::read(&found.record) {
                Some(Entry::ImportBegan(source)) => self.source = Some(source.id),
                Some(Entry::Imported(note)) => self.note = Some(note),
                Some(_) | None => {}
            }
        }
        before
    }
}

/// Whether a record says it belongs to its file's own `warcinfo`.
fn is_ours(record: &Record, warcinfo: Option<&RecordId>) -> bool {
    let told = record.fields.get("WARC-Warcinfo-ID").map(RecordId::from_stored);
    told.is_some() && told.as_ref() == warcinfo
}

/// Reads a record: its notes, its capture, and what its page says where the page is in it.
pub(super) fn prepare(found: &Found, context: Context, warcinfo: Option<&RecordId>, reread: &Reread<'_>) -> Prepared {
    let member = Member {
        offset: found.offset,
        length: found.length.unwrap_or_default(),
        sha256: found.sha256.unwrap_or_default(),
    };
    let (record, kind) = (&found.record, found.record.kind());
    let what = if is_ours(record, warcinfo) {
        match kind {
            Kind::Response | Kind::Revisit => own(record, reread).map(|answer| What::Answer(Box::new(answer))),
            Kind::Metadata => Entry::read(record).map(What::Entry),
            Kind::Warcinfo | Kind::Request | Kind::Resource | Kind::Conversion | Kind::Continuation | Kind::Other => {
                None
            }
        }
    } else {
        foreign(record, context, reread)
    };
    Prepared { member, kind, what: what.unwrap_or(What::Nothing) }
}

/// A record of another tool that was taken in; a warcinfo of ours, which belongs to nothing, is none.
fn foreign(record: &Record, context: Context, reread: &Reread<'_>) -> Option<What> {
    let id = record.id()?;
    let source = context.source.filter(|_| record.kind() != Kind::Warcinfo)?;
    let note = context.note.filter(|note| note.record_id == id);
    let answer = note.and_then(|note| {
        let notes = notes::Notes {
            run: note.run,
            request: note.request,
            outcome: note.outcome,
            elapsed_ms: 0,
            at: Some(note.at),
        };
        answer(record, notes, reread)
    });
    Some(What::Foreign { id, source, answer: answer.map(Box::new) })
}

/// A record of another tool, its answer read already, ready to be stored at this place.
pub(super) fn taken_in(member: Member, record: &Record, source: i64, answer: Option<Answer>) -> Option<Prepared> {
    let what = What::Foreign { id: record.id()?, source, answer: answer.map(Box::new) };
    Some(Prepared { member, kind: record.kind(), what })
}

fn own(record: &Record, reread: &Reread<'_>) -> Option<Answer> {
    let notes = notes::read(&record.fields, Url::parse(record.target_uri()?).ok()?)?;
    answer(record, notes, reread)
}

/// The capture a record was written from; `None` where it holds no answer.
pub(super) fn capture(record: &Record) -> Option<Capture> {
    let response = Response::of(record)?;
    let truncated = record.fields.get("WARC-Truncated").and_then(|reason| {
        [Truncation::Length, Truncation::Time, Truncation::Disconnect]
            .into_iter()
            .find(|known| known.as_str() == reason)
    });
    Some(Capture {
        url: Url::parse(record.target_uri()?).ok()?,
        at: record.date()?,
        ip: record.fields.get("WARC-IP-Address").and_then(|ip| ip.parse().ok()),
        // The index does not hold what was sent.
        request: Head::default(),
        status: response.status,
        response: response.head,
        payload_digest: PayloadDigest::of(&response.payload),
        payload: Bytes::from(response.payload),
        truncated,
        tls_flaw: record.fields.get(notes::TLS_FLAW).map(str::to_owned),
        head_ms: 0,
        elapsed_ms: 0,
    })
}

/// What a record says of the payload it repeats; `None` where it repeats none.
pub(super) fn refers(record: &Record) -> Option<Refers> {
    let get = |name: &str| record.fields.get(name).map(str::to_owned);
    (record.kind() == Kind::Revisit).then(|| Refers {
        record_id: get("WARC-Refers-To"),
        url: get("WARC-Refers-To-Target-URI"),
        at: record.fields.get("WARC-Refers-To-Date").and_then(CaptureTime::parse),
        digest: get("WARC-Payload-Digest").map(|digest| match digest.split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("sha1") => format!("sha1:{}", value.to_ascii_uppercase()),
            Some(_) | None => digest,
        }),
    })
}

fn answer(record: &Record, notes: notes::Notes, reread: &Reread<'_>) -> Option<Answer> {
    let record_id = record.id()?;
    let mut capture = capture(record)?;
    capture.at = notes.at.unwrap_or(capture.at);
    capture.elapsed_ms = notes.elapsed_ms;
    let refers = refers(record);
    let elsewhere = refers.is_some() && capture.status != 304;
    let reading = if !is_read(notes.outcome) {
        Some(Reading::default())
    } else if elsewhere {
        None
    } else {
        Some(read(&notes, &capture, reread))
    };
    Some(Answer { record_id, notes, capture, refers, reading })
}

/// Whether the page of a visit with this outcome was read.
fn is_read(outcome: Outcome) -> bool {
    !matches!(outcome, Outcome::Unchanged | Outcome::Redirect | Outcome::Unlisted)
}

/// Reads the page as the crawl did: of an article that was too old for the run it kept no record.
fn read(notes: &notes::Notes, capture: &Capture, reread: &Reread<'_>) -> Reading {
    let reading = reread.read(&notes.request, capture);
    if notes.outcome == Outcome::TooOld { Reading { extraction: None, ..reading } } else { reading }
}

/// Stores prepared records in file order. Inside a transaction.
pub(super) struct Derive<'a> {
    pub(super) dir: &'a Path,
    pub(super) index: &'a Index,
    pub(super) reread: &'a Reread<'a>,
    /// Row of the file the records are from.
    pub(super) file: i64,
}

impl Derive<'_> {
    /// Rows for one record; true where it was a visit.
    pub(super) fn take_in(&self, prepared: Prepared) -> Result<bool, Error> {
        self.index.add_member(self.file, prepared.kind.as_str(), &prepared.member)?;
        self.store(prepared)
    }

    /// The same for a record whose member is noted already.
    pub(super) fn store(&self, prepared: Prepared) -> Result<bool, Error> {
        let Prepared { member, kind, what } = prepared;
        match what {
            What::Answer(answer) => {
                let original = match &answer.refers {
                    Some(Refers { url: Some(url), record_id: Some(id), .. }) => {
                        self.index.payload_of_record(url, id)?
                    }
                    Some(_) | None => None,
                };
                self.take_in_answer((member, kind), *answer, original, false).map(|()| true)
            }
            What::Foreign { id, source, answer } => {
                self.index.add_imported(&id, source, (self.file, member.offset))?;
                let Some(answer) = answer else { return Ok(false) };
                let original = match &answer.refers {
                    Some(refers) => self.index.original(refers)?,
                    None => None,
                };
                self.take_in_answer((member, kind), *answer, original, true).map(|()| true)
            }
            What::Entry(entry) => {
                entry.store(self.index)?;
                if let Entry::Joined { site, first, pages, missing, .. } = &entry {
                    self.join_again(site, first, pages, *missing)?;
                }
                Ok(matches!(entry, Entry::NoAnswer { .. }))
            }
            What::Nothing => Ok(false),
        }
    }

    /// Joins the pages of an article as they were joined before.
    fn join_again(&self, site: &str, first: &Url, pages: &[(String, RecordId)], missing: bool) -> Result<(), Error> {
        let mut captures = Vec::new();
        for (url, record_id) in pages {
            captures.extend(self.index.capture_of(url, record_id)?);
        }
        let answers: Vec<_> = captures
            .iter()
            .filter_map(|capture| self.index.answer_of(self.dir, *capture).transpose())
            .collect::<Result<_, _>>()?;
        if answers.len() < pages.len() {
            // A damaged page leaves the record of page one, which says that it goes on.
            return Ok(());
        }
        if let Some(article) = self.reread.join(site, &answers, missing) {
            self.index.join_article(first, &captures, &article)?;
        }
        Ok(())
    }

    fn take_in_answer(
        &self,
        (member, kind): (Member, Kind),
        answer: Answer,
        original: Option<HeldPayload>,
        foreign: bool,
    ) -> Result<(), Error> {
        let Answer { record_id, notes, mut capture, reading, .. } = answer;
        self.index.ensure_run(notes.run, capture.at)?;
        if let (Some(held), false) = (&original, capture.status == 304) {
            // What the revisit left out is read back, since the page may be one the index has no record of yet.
            if let Some(payload) = self.index.payload(self.dir, held.capture)? {
                capture.payload_digest = PayloadDigest::of(&payload);
                capture.payload = payload.into();
            }
        }
        let mut reading = reading.unwrap_or_else(|| read(&notes, &capture, self.reread));
        let listing = matches!(notes.request.purpose, Purpose::Seed | Purpose::Listing);
        if notes.outcome == Outcome::Unchanged && listing {
            // The crawl let an unchanged listing page lead where it led before.
            reading.extraction = self.index.listing(&notes.request.url)?.map(|listing| Extraction {
                record: PageRecord::Listing(listing),
                article_id: None,
                outlinks: Vec::new(),
            });
        }
        let novelty = match (&original, capture.status) {
            (Some(_), 304) => Novelty::NotModified,
            (Some(_), _) => Novelty::SamePayload,
            (None, _) => Novelty::New,
        };
        let visit = Visit {
            request: notes.request,
            result: Ok(capture),
            charset: reading.charset,
            extraction: reading.extraction,
            outcome: notes.outcome,
        };
        let placement = Placement { file: self.file, member, record_id, novelty, original, kind };
        let url = visit.request.url.as_str();
        if foreign && visit.result.as_ref().is_ok_and(|c| self.index.seen_since(url, c.at).unwrap_or(false)) {
            // Of an address whose later state is held an older capture is kept as such; what is known stays.
            return Ok(self.index.store_older(notes.run, &visit, &placement)?);
        }
        self.index.store(notes.run, &visit, Some(&placement))?;
        Ok(())
    }
}
