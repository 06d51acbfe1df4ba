//! From records back to rows: what the index would say of them had they just been written.
//!
//! Two steps, so that many records can be read at once and still be stored in their order. [`prepare`] needs the
//! record alone and does the work (decode, extract); [`Derive::take_in`] needs the index and goes record by record.
//! A record is ours when it names its file's own `warcinfo`; whatever else stands in our files is kept as a member.

use std::path::Path;

use bytes::Bytes;
use url::Url;

use super::error::Error;
use super::journal::Entry;
use super::{Reading, Reread, notes};
use crate::domain::capture::{Capture, Head, Truncation};
use crate::domain::digest::{PayloadDigest, RecordId};
use crate::domain::extraction::Extraction;
use crate::domain::record::Record as PageRecord;
use crate::domain::request::Purpose;
use crate::domain::visit::{Novelty, Outcome, Visit};
use crate::store::{Index, Member, Placement};
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
    /// A member like any other.
    Nothing,
}

#[derive(Debug)]
struct Answer {
    record_id: RecordId,
    notes: notes::Notes,
    capture: Capture,
    /// The URL and the record whose payload it repeats.
    refers_to: Option<(String, String)>,
    /// `None` where the payload to be read stands in another record.
    reading: Option<Reading>,
}

/// Reads a record of ours: its notes, its capture, and what its page says where the page is in it.
pub(super) fn prepare(found: &Found, warcinfo: Option<&RecordId>, reread: &Reread<'_>) -> Prepared {
    let member = Member {
        offset: found.offset,
        length: found.length.unwrap_or_default(),
        sha256: found.sha256.unwrap_or_default(),
    };
    let kind = found.record.kind();
    let ours = found.record.fields.get("WARC-Warcinfo-ID").map(RecordId::from_stored);
    let what = match kind {
        _ if ours.is_none() || ours.as_ref() != warcinfo => None,
        Kind::Response | Kind::Revisit => answer(&found.record, reread).map(|answer| What::Answer(Box::new(answer))),
        Kind::Metadata => Entry::read(&found.record).map(What::Entry),
        Kind::Warcinfo | Kind::Request | Kind::Resource | Kind::Conversion | Kind::Continuation | Kind::Other => None,
    };
    Prepared { member, kind, what: what.unwrap_or(What::Nothing) }
}

fn answer(record: &Record, reread: &Reread<'_>) -> Option<Answer> {
    let url = Url::parse(record.target_uri()?).ok()?;
    let notes = notes::read(&record.fields, url.clone())?;
    let record_id = record.id()?;
    let response = Response::parse(&record.block)?;
    let truncated = record.fields.get("WARC-Truncated").and_then(|reason| {
        [Truncation::Length, Truncation::Time, Truncation::Disconnect]
            .into_iter()
            .find(|known| known.as_str() == reason)
    });
    let get = |name: &str| record.fields.get(name).map(str::to_owned);
    let refers_to = get("WARC-Refers-To").map(|id| (get("WARC-Refers-To-Target-URI").unwrap_or_default(), id));
    let capture = Capture {
        url,
        at: notes.at.or_else(|| record.date())?,
        ip: record.fields.get("WARC-IP-Address").and_then(|ip| ip.parse().ok()),
        // The index does not hold what was sent.
        request: Head::default(),
        status: response.status,
        response: response.head,
        payload_digest: PayloadDigest::of(&response.payload),
        payload: Bytes::from(response.payload),
        truncated,
        elapsed_ms: notes.elapsed_ms,
    };
    let elsewhere = refers_to.is_some() && capture.status != 304;
    let reading = if !is_read(notes.outcome) {
        Some(Reading::default())
    } else if elsewhere {
        None
    } else {
        Some(read(&notes, &capture, reread))
    };
    Some(Answer { record_id, notes, capture, refers_to, reading })
}

/// Whether the page of a visit with this outcome was read.
fn is_read(outcome: Outcome) -> bool {
    !matches!(outcome, Outcome::Unchanged | Outcome::Redirect)
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
        let Prepared { member, kind, what } = prepared;
        self.index.add_member(self.file, kind.as_str(), &member)?;
        match what {
            What::Answer(answer) => self.take_in_answer(member, *answer).map(|()| true),
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

    fn take_in_answer(&self, member: Member, answer: Answer) -> Result<(), Error> {
        let Answer { record_id, notes, mut capture, refers_to, reading } = answer;
        self.index.ensure_run(notes.run, capture.at)?;
        let original = match &refers_to {
            Some((url, id)) => self.index.payload_of_record(url, id)?,
            None => None,
        };
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
        let placement = Placement { file: self.file, member, record_id, novelty, original };
        self.index.store(notes.run, &visit, Some(&placement))?;
        Ok(())
    }
}
