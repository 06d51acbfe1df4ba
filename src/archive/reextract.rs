//! All records derived again from the stored captures with today's rules: no request, nothing written to WARC.
//!
//! Pages are read on all cores and compared one by one, in the order of their captures, with what is held.

use std::collections::BTreeMap;
use std::path::Path;

use bytes::Bytes;
use serde::Serialize;

use super::error::Error;
use super::lock::Lock;
use super::{Reading, Reread, ordered};
use crate::domain::capture::{Capture, Head};
use crate::domain::digest::PayloadDigest;
use crate::store::{self, Again, Difference, Index, Readable, ReadableCaptures};

/// Captures compared in one transaction.
const BATCH: usize = 1000;

/// What is read again, and whether anything is changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReextractOptions {
    /// Only these sites; empty means all.
    pub sites: Vec<String>,
    /// Say what would change and change nothing.
    pub dry_run: bool,
}

/// An article whose record reads otherwise today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Where it was captured.
    pub url: String,
    /// The capture that was read again.
    pub capture: i64,
    /// `changed`, `new`, or `no-longer` for one that today's rules do not see; its record is kept.
    pub what: &'static str,
    /// The fields that differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
}

/// What reading again came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reextracted {
    /// Pages read.
    pub captures: u64,
    /// Articles among the changes, by what happened to them.
    pub changed: u64,
    /// Articles where none was read before.
    pub new: u64,
    /// Articles held that are not seen any more.
    pub no_longer: u64,
    /// Listing rows that were not known.
    pub rows: u64,
    /// How many records differ in each field.
    pub fields: BTreeMap<String, u64>,
    /// Every change of an article.
    pub changes: Vec<Change>,
    /// Records that could not be read back.
    pub damages: Vec<String>,
}

/// What a worker made of a capture.
type Read = Result<(Readable, Result<Reading, store::Error>), store::Error>;

/// Reads the archive's captures again, under its lock.
pub fn reextract(dir: &Path, options: &ReextractOptions, reread: &Reread<'_>) -> Result<Reextracted, Error> {
    super::folder::refuse_links(dir)?;
    store::refuse_lost(dir)?;
    let _lock = Lock::take(dir)?;
    let rulings = super::folder::rulings(dir)?;
    let index = Index::open(dir)?;
    if !options.dry_run {
        index.rule_works(&rulings)?;
    }
    let captures = ReadableCaptures::open(dir, &options.sites)?;
    let mut found = Reextracted::default();
    let read = |item: Result<Readable, store::Error>| -> Read {
        let readable = item?;
        let reading = readable.answer(dir).map(|answer| {
            let capture = Capture {
                url: readable.request.url.clone(),
                at: readable.at,
                ip: None,
                request: Head::default(),
                status: answer.status,
                response: answer.head,
                payload_digest: PayloadDigest::from_stored(""),
                payload: Bytes::from(answer.payload),
                truncated: None,
                tls_flaw: None,
                head_ms: 0,
                elapsed_ms: 0,
            };
            reread.read(&readable.request, &capture)
        });
        Ok((readable, reading))
    };
    index.begin()?;
    let mut in_batch = 0;
    let done = ordered::map(captures, read, |item: Read| {
        let (readable, reading) = item?;
        match reading {
            Ok(reading) => found.take_in(&index, &readable, &reading, options.dry_run)?,
            Err(error) => found.damages.push(error.to_string()),
        }
        in_batch += 1;
        if in_batch % BATCH == 0 {
            index.commit()?;
            index.begin()?;
        }
        Ok::<(), Error>(())
    });
    let done = done.and_then(|()| found.join_again((dir, &index), options, reread));
    if let Err(error) = done {
        // The cause says more than a transaction that cannot be taken back.
        index.rollback().ok();
        return Err(error);
    }
    index.commit()?;
    index.close()?;
    Ok(found)
}

impl Reextracted {
    /// Reads the pages of articles that stand on several again, together.
    fn join_again(
        &mut self,
        (dir, index): (&Path, &Index),
        options: &ReextractOptions,
        reread: &Reread<'_>,
    ) -> Result<(), Error> {
        for version in index.joined_versions(&options.sites)? {
            let answers = version.pages.iter().filter_map(|page| index.answer_of(dir, *page).transpose());
            let answers: Vec<_> = match answers.collect::<Result<_, _>>() {
                Ok(answers) => answers,
                Err(error) => {
                    self.damages.push(error.to_string());
                    continue;
                }
            };
            let Some(article) = reread.join(&version.site, &answers, version.is_cut_short()) else { continue };
            let fields = index.join_again(&version, &article, options.dry_run)?;
            if fields.is_empty() {
                continue;
            }
            self.changed += 1;
            for field in &fields {
                *self.fields.entry(field.clone()).or_default() += 1;
            }
            let url = article.url.as_ref().map(ToString::to_string).unwrap_or_default();
            self.changes.push(Change { url, capture: version.capture, what: "changed", fields });
        }
        Ok(())
    }

    fn take_in(&mut self, index: &Index, readable: &Readable, reading: &Reading, dry: bool) -> Result<(), Error> {
        self.captures += 1;
        let Some(extraction) = &reading.extraction else { return Ok(()) };
        let (capture, request) = (readable.capture, &readable.request);
        let difference = index.read_again(&Again { capture, request, at: readable.at, extraction }, dry)?;
        let (what, fields) = match difference {
            Difference::None => return Ok(()),
            Difference::Listing(rows) => {
                self.rows += rows as u64;
                return Ok(());
            }
            Difference::Article(fields) => {
                self.changed += 1;
                ("changed", fields)
            }
            Difference::NewArticle => {
                self.new += 1;
                ("new", Vec::new())
            }
            Difference::NoArticle => {
                self.no_longer += 1;
                ("no-longer", Vec::new())
            }
        };
        for field in &fields {
            *self.fields.entry(field.clone()).or_default() += 1;
        }
        self.changes.push(Change { url: request.url.to_string(), capture, what, fields });
        Ok(())
    }
}
