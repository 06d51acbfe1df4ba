//! What a crash left, put right before anything new is written.
//!
//! A file still called `.open` holds the synced members of every acknowledged group and perhaps more: whole members
//! of a group that was never acknowledged, and a torn one at the end. Whole members are true captures and are taken
//! into the index; a torn tail is moved to `quarantine/`; then the file gets its final name. Every step can be
//! repeated, so that a crash during recovery costs nothing.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use url::Url;

use super::error::Error;
use super::{Reading, Recovery, Reread, file, folder, notes};
use crate::domain::capture::{Capture, Truncation};
use crate::domain::digest::{PayloadDigest, RecordId};
use crate::domain::visit::{Novelty, Outcome, Visit};
use crate::store::{Index, Member, Placement};
use crate::warc::{Found, Kind, Reader, Record, Response};

/// Deals with every file still called `.open`.
pub(super) fn recover(dir: &Path, index: &Index, reread: &Reread<'_>) -> Result<Recovery, Error> {
    let mut recovery = Recovery::default();
    for name in unfinished(dir)? {
        let tail = Tail { dir, name: &name, index, reread };
        tail.recover(&mut recovery)?;
    }
    Ok(recovery)
}

/// Final names of the files in progress, oldest first (names begin with their time).
fn unfinished(dir: &Path) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    let warc = dir.join(folder::WARC);
    for year in entries(&warc)?.into_iter().filter(|path| path.is_dir()) {
        for path in entries(&year)? {
            let below = path.strip_prefix(dir).ok().and_then(Path::to_str);
            names.extend(below.and_then(|name| name.strip_suffix(file::OPEN)).map(str::to_owned));
        }
    }
    names.sort();
    Ok(names)
}

fn entries(dir: &Path) -> Result<Vec<PathBuf>, Error> {
    let listed = fs::read_dir(dir).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    listed.map_err(|source| Error::Io { path: dir.to_owned(), doing: "listing the folder", source })
}

/// One file in progress.
struct Tail<'a> {
    dir: &'a Path,
    name: &'a str,
    index: &'a Index,
    reread: &'a Reread<'a>,
}

impl Tail<'_> {
    fn recover(&self, recovery: &mut Recovery) -> Result<(), Error> {
        let known = self.index.file(self.name)?;
        let indexed_to = known.map_or(0, |(_, end)| end);
        let (members, torn_at) = self.read_from(indexed_to)?;
        if let Some(at) = torn_at {
            recovery.quarantined.push(self.quarantine(at)?);
        }
        if known.is_none() && members.is_empty() {
            return fs::remove_file(self.path()).map_err(|source| self.io("removing", source));
        }
        self.index.begin()?;
        let taken = self.take_in(known.map(|(id, _)| id), members);
        let (id, indexed) = match taken {
            Ok(taken) => taken,
            Err(error) => {
                self.index.rollback()?;
                return Err(error);
            }
        };
        self.index.commit()?;
        recovery.indexed += indexed;
        file::finish(self.dir, self.name)?;
        self.index.finish_file(id)?;
        Ok(())
    }

    /// Whole members from an offset on, and where the torn tail begins, if there is one.
    fn read_from(&self, offset: u64) -> Result<(Vec<Found>, Option<u64>), Error> {
        let mut source = File::open(self.path()).map_err(|source| self.io("opening", source))?;
        source.seek(SeekFrom::Start(offset)).map_err(|source| self.io("reading", source))?;
        let reader = Reader::new(BufReader::new(source)).map_err(|source| self.io("reading", source))?;
        let mut members = Vec::new();
        for found in reader {
            match found {
                Ok(found) if found.length.is_some() => members.push(found),
                // We never put two records into one member; whatever this is, it is not ours.
                Ok(found) => return Ok((members, Some(found.offset))),
                Err(damage) => return Ok((members, Some(damage.offset))),
            }
        }
        Ok((members, None))
    }

    /// Copies the tail aside, syncs the copy, and only then cuts it off.
    fn quarantine(&self, at: u64) -> Result<PathBuf, Error> {
        let base = self.name.rsplit('/').next().unwrap_or(self.name);
        let aside = self.dir.join(folder::QUARANTINE).join(format!("{base}.{at}"));
        let mut to = folder::open_file(&aside, OpenOptions::new().write(true).create(true).truncate(true))?;
        let mut cut = || -> io::Result<()> {
            let mut from = OpenOptions::new().read(true).write(true).open(self.path())?;
            from.seek(SeekFrom::Start(at))?;
            io::copy(&mut from, &mut to)?;
            to.sync_all()?;
            from.set_len(at)?;
            from.sync_all()
        };
        cut().map_err(|source| self.io("moving the torn tail to quarantine", source))?;
        folder::sync_dir(&self.dir.join(folder::QUARANTINE))?;
        Ok(aside)
    }

    /// Rows for the members the index does not know; gives the file's row and the number of captures.
    fn take_in(&self, known: Option<i64>, members: Vec<Found>) -> Result<(i64, usize), Error> {
        let mut members = members.into_iter().peekable();
        let id = if let Some(id) = known {
            id
        } else {
            let first = members.peek().and_then(|found| found.record.id());
            self.index.begin_file(self.name, first.as_ref().map_or("", RecordId::as_str))?
        };
        let mut captures = 0;
        while let Some(found) = members.next() {
            let member = self.add_member(id, &found)?;
            if !matches!(found.record.kind(), Kind::Response | Kind::Revisit) {
                continue;
            }
            let request = members.peek().filter(|next| next.record.kind() == Kind::Request);
            captures += usize::from(self.take_in_answer(id, member, &found.record, request)?);
        }
        Ok((id, captures))
    }

    fn add_member(&self, file: i64, found: &Found) -> Result<Member, Error> {
        let member = Member {
            offset: found.offset,
            length: found.length.unwrap_or_default(),
            sha256: found.sha256.unwrap_or_default(),
        };
        self.index.add_member(file, found.record.kind().as_str(), &member)?;
        Ok(member)
    }

    /// Stores an answer as the visit it was; false for a record that is not one of ours.
    fn take_in_answer(
        &self,
        file: i64,
        member: Member,
        answer: &Record,
        request: Option<&Found>,
    ) -> Result<bool, Error> {
        let Some((notes, mut capture)) = restore(answer, request.map(|found| &found.record)) else { return Ok(false) };
        let Some(record_id) = answer.id() else { return Ok(false) };
        self.index.ensure_run(notes.run, capture.at)?;
        let original = match answer.fields.get("WARC-Refers-To") {
            Some(id) => self.index.payload_of_record(answer.fields.get("WARC-Refers-To-Target-URI"), id)?,
            None => None,
        };
        if let (Some(held), false) = (&original, capture.status == 304) {
            // What the revisit left out is read back, since the page may be one the index has no record of yet.
            if let Some(payload) = self.index.payload(self.dir, held.capture)? {
                capture.payload_digest = PayloadDigest::of(&payload);
                capture.payload = payload.into();
            }
        }
        let reading = if matches!(notes.outcome, Outcome::Unchanged | Outcome::Redirect) {
            Reading::default()
        } else {
            (self.reread)(&notes.request, &capture)
        };
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
        self.index.store(notes.run, &visit, Some(&Placement { file, member, record_id, novelty, original }))?;
        Ok(true)
    }

    fn path(&self) -> PathBuf {
        file::open_path(self.dir, self.name)
    }

    fn io(&self, doing: &'static str, source: io::Error) -> Error {
        Error::Io { path: self.path(), doing, source }
    }
}

/// The capture a record was written from, and the crawl's notes on it.
fn restore(answer: &Record, request: Option<&Record>) -> Option<(notes::Notes, Capture)> {
    let url = Url::parse(answer.target_uri()?).ok()?;
    let notes = notes::read(answer, url.clone())?;
    let response = Response::parse(&answer.block)?;
    let truncated = answer.fields.get("WARC-Truncated").and_then(|reason| {
        [Truncation::Length, Truncation::Time, Truncation::Disconnect]
            .into_iter()
            .find(|known| known.as_str() == reason)
    });
    let capture = Capture {
        url,
        at: answer.date()?,
        ip: answer.fields.get("WARC-IP-Address").and_then(|ip| ip.parse().ok()),
        request: request.and_then(Record::http_head).unwrap_or_default(),
        status: response.status,
        response: response.head,
        payload_digest: PayloadDigest::of(&response.payload),
        payload: Bytes::from(response.payload),
        truncated,
        elapsed_ms: notes.elapsed_ms,
    };
    Some((notes, capture))
}
