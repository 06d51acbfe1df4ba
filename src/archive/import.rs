//! Other tools' WARC and WACZ taken in (`docs/adr/0013-imports-are-copied.md`).
//!
//! Every record is copied whole into our own files, header and block as they stand, one gzip member a record, its id and
//! date kept. Before an answer stands a note of ours with what a crawl would have noted of it and where it came from. A
//! record whose id is held is not copied again, nor is one of our own work that came back in a package. What cannot be
//! read is named, and reading goes on behind it.

use std::collections::{BTreeSet, HashSet};
use std::io::{self, Read as _};
use std::path::Path;

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::derive::{self, Answer, Derive};
use super::error::Error;
use super::group::Ledger;
use super::journal::{Entry, Imported};
use super::own::Own;
use super::source::{self, Broken, Part, Trust};
use super::{Joined, Options, Reading, Reread, clock, notes, ordered};
use crate::domain::address;
use crate::domain::capture::Capture;
use crate::domain::digest::RecordId;
use crate::domain::record::Record as PageRecord;
use crate::domain::request::{FetchRequest, Purpose};
use crate::domain::visit::Outcome;
use crate::store::{self, History, ImportSource, Refers};
use crate::warc::{self, Damage, Found, Kind, Record};

/// A group of records is closed at this many bytes or records.
const GROUP_BYTES: usize = 16 << 20;
const GROUP_RECORDS: usize = 256;

/// What a capture of another tool is to us.
#[derive(Debug)]
pub struct Judged {
    /// What it would have been asked for.
    pub purpose: Purpose,
    /// What it came to.
    pub outcome: Outcome,
    /// What its page says.
    pub reading: Reading,
    /// Whether its address or markup says it is an article; otherwise a listing has to name it.
    pub certain: bool,
    /// The further page it goes on on.
    pub onward: Option<Url>,
}

/// The caller's knowledge of pages.
pub trait Judges: Sync {
    /// Says what a capture of another tool is, for the site given.
    fn judge(&self, site: &str, capture: &Capture) -> Judged;
    /// Joins the pages held of the article whose page one was captured at `first`; `None` where it has only one.
    fn join(&self, history: &History, site: &str, first: &Url) -> Result<Option<Joined>, store::Error>;
}

type Judge<'a> = dyn Judges + 'a;

/// What was taken in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// WARC files read, those of packages included.
    pub files: u64,
    /// Records taken in.
    pub records: u64,
    /// Captures among them.
    pub captures: u64,
    /// Records that were held already.
    pub held: u64,
    /// What could not be read or taken in, each with its file and offset.
    pub problems: Vec<String>,
}

/// Who imports, and what for.
#[derive(Debug, Clone)]
pub struct ImportJob<'a> {
    /// Site of every page; its host's name where none is given.
    pub site: Option<&'a str>,
    /// The command line, without secrets.
    pub command: String,
}

/// Takes in the WARC files at these paths, in their order. The archive is open for writing meanwhile.
pub fn import(
    options: Options,
    paths: &[std::path::PathBuf],
    job: &ImportJob<'_>,
    judge: &Judge<'_>,
    reread: &Reread<'_>,
) -> Result<ImportReport, Error> {
    let mut report = ImportReport::default();
    let inputs: Vec<_> = paths.iter().flat_map(|path| inputs(path, &mut report)).collect();
    if inputs.is_empty() {
        // A slip in a path makes no archive.
        return Ok(report);
    }
    let program = options.software.clone();
    let (_lock, mut ledger, _) = super::open_ledger(options, reread)?;
    let run = ledger.index.next_run()?;
    ledger.note_later(Entry::RunBegan { run, at: clock::now(), program, command: job.command.clone() });
    let mut intake = Intake { ledger, run, job, judge, report, unproved: 0, own: Own::default() };
    intake.all(inputs)?;
    let Intake { mut ledger, report, .. } = intake;
    if report.records > 0 {
        ledger.note(Entry::RunEnded { run, at: clock::now(), ended: "done".to_owned() })?;
    }
    ledger.finish_file()?;
    ledger.index.close()?;
    Ok(report)
}

struct Intake<'a> {
    ledger: Ledger,
    run: i64,
    job: &'a ImportJob<'a>,
    judge: &'a Judge<'a>,
    report: ImportReport,
    /// Records of the present file that stand in broken members and were believed by their digests.
    unproved: u64,
    own: Own,
}

/// A record of another tool, read as far as it can be without the index.
struct Foreign {
    found: Found,
    capture: Option<(Capture, String)>,
    /// `None` for a revisit, whose page stands elsewhere.
    judged: Option<Judged>,
}

/// A file to be taken in, and what the first pass found of it alone.
struct Input {
    part: Part,
    /// Digest of the file it is in.
    sha256: String,
    software: Option<String>,
    /// Members whose records are believed by their digests only.
    broken: Broken,
}

/// The WARC files at this path.
fn inputs(path: &Path, report: &mut ImportReport) -> Vec<Input> {
    let found = source::parts(path).and_then(|parts| match parts {
        Some(parts) => digest_of(path).map(|digest| Some((parts, digest))),
        None => Ok(None),
    });
    let problem = match found {
        Ok(Some((parts, sha256))) => {
            let input = |part| Input { part, sha256: sha256.clone(), software: None, broken: Broken::default() };
            return parts.into_iter().map(input).collect();
        }
        Ok(None) => "neither WARC nor WACZ".to_owned(),
        Err(error) => error.to_string(),
    };
    report.problems.push(format!("{}: {problem}", path.display()));
    Vec::new()
}

impl Intake<'_> {
    /// Two passes over all files: what the listings name first, since a tool may have come by the articles before them, and
    /// may have put them into another file.
    fn all(&mut self, inputs: Vec<Input>) -> Result<(), Error> {
        let mut known = Known::default();
        let mut readable = Vec::new();
        for mut input in inputs {
            self.report.files += 1;
            match self.look(&mut known, &mut input) {
                Ok(()) => readable.push(input),
                Err(error) => self.report.problems.push(format!("{}: {error}", input.part.name())),
            }
        }
        let before = self.report.records;
        for input in readable {
            known.broken = input.broken;
            self.part(&input.part, input.sha256, input.software, &known)?;
        }
        if self.report.records > before { self.join(&known) } else { Ok(()) }
    }

    /// The first pass over a file.
    fn look(&self, known: &mut Known, input: &mut Input) -> io::Result<()> {
        let (job, judge) = (self.job, self.judge);
        let read = |item: Result<Found, Damage>| item.map(|found| foreign(found, job, judge));
        ordered::map(input.part.records()?, read, |item| {
            match item {
                Ok(foreign) => known.take_in(&foreign),
                Err(damage) => known.broken.take_in(&damage),
            }
            Ok::<(), io::Error>(())
        })?;
        input.software = known.software.take();
        input.broken = std::mem::take(&mut known.broken);
        Ok(())
    }

    /// The second pass: the file's records are taken in.
    fn part(&mut self, part: &Part, sha256: String, software: Option<String>, known: &Known) -> Result<(), Error> {
        let (job, judge) = (self.job, self.judge);
        let read = |item: Result<Found, Damage>| item.map(|found| foreign(found, job, judge));
        let (id, name) = (self.ledger.index.next_source()?, part.name());
        let source = ImportSource { id, run: self.run, at: clock::now(), name, sha256, software };
        let records =
            part.records().map_err(|source| Error::Io { path: part.name().into(), doing: "reading", source })?;
        let (mut group, mut bytes) = (Vec::new(), 0);
        ordered::map(records, read, |item| {
            match item {
                Ok(foreign) => {
                    bytes += foreign.found.record.block.len();
                    group.push(foreign);
                }
                Err(damage) => self.report.problems.push(format!("{}: {damage}", part.name())),
            }
            if bytes >= GROUP_BYTES || group.len() >= GROUP_RECORDS {
                bytes = 0;
                self.flush(&source, known, std::mem::take(&mut group))?;
            }
            Ok::<(), Error>(())
        })?;
        self.flush(&source, known, group)?;
        if std::mem::take(&mut self.unproved) > 0 {
            let what = "what was taken from damaged gzip members is proved by each record's own digest, which does not cover its header";
            self.report.problems.push(format!("{}: {what}", part.name()));
        }
        Ok(())
    }

    /// Joins the articles of several pages whose pages came in.
    fn join(&mut self, known: &Known) -> Result<(), Error> {
        if known.parts.is_empty() {
            return Ok(());
        }
        let history = History::open(&self.ledger.dir)?;
        for site in &known.sites {
            for first in history.unfinished(site)? {
                if let Some(joined) = self.judge.join(&history, site, &first)? {
                    self.ledger.join(&joined, clock::now())?;
                }
            }
        }
        Ok(())
    }

    /// Makes one group safe; one that brings nothing new writes nothing.
    fn flush(&mut self, source: &ImportSource, known: &Known, group: Vec<Foreign>) -> Result<(), Error> {
        let mut fresh = Vec::new();
        let mut ids = HashSet::new();
        for foreign in group {
            let record = &foreign.found.record;
            if record.kind() == Kind::Warcinfo {
                continue;
            }
            let Some(id) = record.id() else {
                let offset = foreign.found.offset;
                self.report.problems.push(format!("{}: offset {offset}: a record without an id", source.name));
                continue;
            };
            let trust = source::trust(&foreign.found, &known.broken);
            if let Trust::Refused(what) | Trust::Marked(what) = trust {
                let (name, offset) = (&source.name, foreign.found.offset);
                let url = record.target_uri().unwrap_or(id.as_str());
                self.report.problems.push(format!("{name}: offset {offset}: {url}: {what}"));
            }
            if matches!(trust, Trust::Refused(_)) {
                continue;
            }
            self.unproved += u64::from(known.broken.holds(&foreign.found));
            if !ids.insert(id.clone()) || self.is_held(&id, record)? {
                self.report.held += 1;
                continue;
            }
            // The payload a revisit repeats is read back from the file, so it has to stand there.
            let response = |foreign: &Foreign| foreign.found.record.kind() == Kind::Response;
            if record.kind() == Kind::Revisit && fresh.iter().any(response) {
                self.make_safe(source, known, std::mem::take(&mut fresh))?;
            }
            fresh.push(foreign);
        }
        self.make_safe(source, known, fresh)
    }

    fn is_held(&mut self, id: &RecordId, record: &Record) -> Result<bool, Error> {
        let index = &self.ledger.index;
        Ok(index.holds_record(id, record.target_uri())? || self.own.holds(&self.ledger.dir, index, record)?)
    }

    fn make_safe(&mut self, source: &ImportSource, known: &Known, fresh: Vec<Foreign>) -> Result<(), Error> {
        if fresh.is_empty() {
            return Ok(());
        }
        self.report.records += fresh.len() as u64;
        let (run, judge) = (self.run, self.judge);
        let captures = self.ledger.import(source, |ledger| {
            let mut captures = 0;
            for foreign in fresh {
                captures += u64::from(take_in(ledger, (run, source.id), (known, judge), foreign)?);
            }
            Ok(captures)
        })?;
        self.report.captures += captures;
        Ok(())
    }
}

/// What the first pass found: of all files, and of the one being read.
#[derive(Debug, Default)]
struct Known {
    /// Addresses listings name, normalised.
    listed: HashSet<String>,
    /// Addresses of further pages of articles, normalised.
    parts: HashSet<String>,
    sites: BTreeSet<String>,
    software: Option<String>,
    /// Members whose records are believed by their digests only.
    broken: Broken,
}

impl Known {
    fn take_in(&mut self, foreign: &Foreign) {
        let record = &foreign.found.record;
        if record.kind() == Kind::Warcinfo && self.software.is_none() {
            self.software = warc::fields_of(record).and_then(|fields| fields.get("software").map(str::to_owned));
        }
        let onward = foreign.judged.as_ref().and_then(|judged| judged.onward.as_ref());
        self.parts.extend(onward.map(|url| address::normalise(url).into()));
        self.sites.extend(foreign.capture.as_ref().map(|(_, site)| site.clone()));
        let extraction = foreign.judged.as_ref().and_then(|judged| judged.reading.extraction.as_ref());
        if let Some(PageRecord::Listing(listing)) = extraction.map(|extraction| &extraction.record) {
            let urls = listing.items.iter().filter_map(|item| item.url.as_ref());
            self.listed.extend(urls.map(|url| address::normalise(url).into()));
        }
    }
}

/// Reads a record: what it captured, and what its page says where the page is in it.
fn foreign(found: Found, job: &ImportJob<'_>, judge: &Judge<'_>) -> Foreign {
    let kind = found.record.kind();
    let web = |capture: &Capture| matches!(capture.url.scheme(), "http" | "https");
    let capture = match kind {
        Kind::Response | Kind::Revisit | Kind::Resource => derive::capture(&found.record).filter(web),
        Kind::Warcinfo | Kind::Request | Kind::Metadata | Kind::Conversion | Kind::Continuation | Kind::Other => None,
    };
    let capture = capture.map(|mut capture| {
        capture.url = address::normalise(&capture.url);
        let site = job.site.or(capture.url.host_str()).unwrap_or_default().to_owned();
        (capture, site)
    });
    let judged = capture.as_ref().filter(|_| kind != Kind::Revisit).map(|(capture, site)| judge.judge(site, capture));
    Foreign { found, capture, judged }
}

/// Puts a record into the group, and its rows into the transaction; true where it is a capture.
fn take_in(
    ledger: &mut Ledger,
    (run, source): (i64, i64),
    (known, judge): (&Known, &Judge<'_>),
    foreign: Foreign,
) -> Result<bool, Error> {
    let Foreign { found, capture, judged } = foreign;
    let record = &found.record;
    let mut answer = None;
    if let (Some((mut capture, site)), Some(id)) = (capture, record.id()) {
        let refers = derive::refers(record);
        let judged = match (&refers, judged) {
            (Some(refers), _) => of_revisit(ledger, refers, (&mut capture, &site), judge)?,
            (None, judged) => judged,
        };
        if let Some(judged) = judged {
            let listed = known.listed.contains(capture.url.as_str()) || ledger.index.is_listed(capture.url.as_str())?;
            let judged = settle(judged, listed, known.parts.contains(capture.url.as_str()));
            let request = request(&capture, site, judged.purpose);
            let note = Imported {
                record_id: id.clone(),
                run,
                request: request.clone(),
                at: capture.at,
                outcome: judged.outcome,
                offset: found.offset,
            };
            ledger.enter(&Entry::Imported(Box::new(note)))?;
            let (outcome, at) = (judged.outcome, Some(capture.at));
            let notes = notes::Notes { run, request, outcome, elapsed_ms: 0, at };
            let reading = Some(judged.reading);
            answer = Some(Answer { record_id: id, notes, capture, refers, reading });
        }
    }
    let is_capture = answer.is_some();
    let (file, member) = ledger.copy(&found)?;
    if let Some(prepared) = derive::taken_in(member, record, source, answer) {
        let dir = ledger.dir.clone();
        let never = |_: &FetchRequest, _: &Capture| Reading::default();
        Derive { dir: &dir, index: &ledger.index, reread: &never, file }.store(prepared)?;
    }
    Ok(is_capture)
}

/// A revisit is a capture where the payload it repeats is held. Of its own address it says nothing new; under another
/// address the payload is a page of its own.
fn of_revisit(
    ledger: &Ledger,
    refers: &Refers,
    (capture, site): (&mut Capture, &str),
    judge: &Judge<'_>,
) -> Result<Option<Judged>, Error> {
    let Some(held) = ledger.index.original(refers)? else { return Ok(None) };
    if held.url != capture.url.as_str()
        && capture.status != 304
        && let Some(payload) = ledger.index.payload(&ledger.dir, held.capture)?
    {
        capture.payload = payload.into();
        return Ok(Some(judge.judge(site, capture)));
    }
    let reading = Reading::default();
    Ok(Some(Judged { purpose: Purpose::Article, outcome: Outcome::Unchanged, reading, certain: true, onward: None }))
}

/// What reads like an article and is neither known by its family nor named by a listing makes no record.
/// A further page of an article makes none of its own.
fn settle(judged: Judged, listed: bool, part: bool) -> Judged {
    let article = judged.reading.extraction.as_ref().is_some_and(|e| e.record.article().is_some());
    if article && part {
        let reading = Reading { extraction: None, ..judged.reading };
        return Judged { purpose: Purpose::ArticlePage, reading, ..judged };
    }
    if !article || judged.certain || listed {
        return judged;
    }
    Judged { outcome: Outcome::Unlisted, reading: Reading::default(), ..judged }
}

fn request(capture: &Capture, site: String, purpose: Purpose) -> FetchRequest {
    FetchRequest {
        url: capture.url.clone(),
        site,
        purpose,
        via: None,
        hops: 0,
        attempt: 0,
        walk: None,
        item: None,
        prior: None,
    }
}

/// SHA-256 of a file, in hex.
fn digest_of(path: &Path) -> io::Result<String> {
    let mut file = std::fs::File::open(path)?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(data_encoding::HEXLOWER.encode(&hash.finalize()));
        }
        hash.update(buffer.get(..read).unwrap_or_default());
    }
}

impl Ledger {
    /// One group of another tool's records; it begins with a word on where they come from.
    fn import<T>(
        &mut self,
        source: &ImportSource,
        take_in: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.refuse_broken()?;
        self.check_space()?;
        let began = Entry::ImportBegan(Box::new(source.clone())).settled();
        self.group(|ledger| {
            ledger.enter(&began)?;
            take_in(ledger)
        })
    }

    /// Copies a record as it stands into the group.
    fn copy(&mut self, found: &Found) -> Result<(i64, store::Member), Error> {
        let mut plain = std::mem::take(&mut self.plain);
        plain.clear();
        plain.extend_from_slice(&found.head);
        plain.extend_from_slice(&found.record.block);
        plain.extend_from_slice(b"\r\n\r\n");
        self.plain = plain;
        self.add_plain(&found.record)
    }
}
