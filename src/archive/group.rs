//! One group of visits made safe: members, `fdatasync`, index transaction, in this order.

use std::path::PathBuf;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::error::Error;
use super::file::WarcFile;
use super::journal::Entry;
use super::log::LogWatch;
use super::{Joined, folder, notes};
use crate::dedup;
use crate::domain::capture::Capture;
use crate::domain::time::CaptureTime;
use crate::domain::visit::{ArticleChange, Novelty, Receipt, Visit};
use crate::store::{self, Index, Member, Placement};
use crate::warc::{self, Deflater, Exchange, Info, Original, Record, RevisitProfile, Stamp, Version};

/// One gibibyte, or a twentieth of the disk where that is less.
const FLOOR: u64 = 1 << 30;
const FLOOR_SHARE: u64 = 20;

/// What one writer owns.
pub(super) struct Ledger {
    pub(super) dir: PathBuf,
    pub(super) index: Index,
    pub(super) version: Version,
    pub(super) info: Info,
    pub(super) stamp: Box<dyn Stamp + Send>,
    pub(super) roll_at: u64,
    pub(super) floor: Option<u64>,
    pub(super) log: LogWatch,
    pub(super) deflater: Deflater,
    pub(super) file: Option<WarcFile>,
    /// Set once something failed after which no promise may be given.
    pub(super) broken: bool,
    /// What that was, to be told again to whoever comes later.
    pub(super) cause: Option<Arc<Error>>,
    /// Members of the group, compressed, and one record, plain: kept to spare allocations.
    pub(super) members: Vec<u8>,
    pub(super) plain: Vec<u8>,
    /// Entries of the journal that go in with the next group.
    pub(super) waiting: Vec<Entry>,
}

impl Ledger {
    /// Makes these visits safe and says what each was. On an error none of them is promised: either nothing of the
    /// group stays, or what stays is whole and taken in at the next start.
    pub(super) fn commit(&mut self, run: i64, visits: &[&Visit]) -> Result<Vec<Receipt>, Error> {
        self.refuse_broken()?;
        self.check_space()?;
        self.log.check(&self.index)?;
        self.group(|ledger| visits.iter().map(|visit| ledger.take_in(run, visit)).collect())
    }

    /// Makes an entry of the journal safe. It is small and says how a run ended, so it may go under the floor.
    pub(super) fn note(&mut self, entry: Entry) -> Result<(), Error> {
        self.refuse_broken()?;
        self.group(|ledger| ledger.enter(&entry.settled()))
    }

    /// Keeps an entry for the next group: what begins leaves no trace before something comes of it.
    pub(super) fn note_later(&mut self, entry: Entry) {
        self.waiting.push(entry.settled());
    }

    pub(super) fn refuse_broken(&self) -> Result<(), Error> {
        if self.broken { Err(self.cause.clone().map_or(Error::Stopped, Error::Again)) } else { Ok(()) }
    }

    /// One group: everything `take_in` writes is safe when this returns, or none of it is promised.
    pub(super) fn group<T>(&mut self, take_in: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        self.roll()?;
        self.index.begin().map_err(|error| self.note_busy(error.into()))?;
        let begun_here = self.file.is_none();
        match self.write_group(take_in) {
            Ok(taken) => {
                self.waiting.clear();
                Ok(taken)
            }
            Err(error) => {
                let cause = error.shared();
                self.cause = Some(Arc::clone(&cause));
                // Rolling back what cannot be rolled back changes nothing: the connection is not used again.
                self.broken |= self.index.rollback().is_err();
                if let Some(file) = self.file.take_if(|_| begun_here && !self.broken) {
                    file.discard();
                }
                Err(Error::Again(cause))
            }
        }
    }

    /// A program that holds the index is waited for once, not again for everything that ends the run.
    fn note_busy(&mut self, error: Error) -> Error {
        if !matches!(error, Error::Store(store::Error::Busy { .. })) {
            return error;
        }
        let cause = error.shared();
        (self.broken, self.cause) = (true, Some(Arc::clone(&cause)));
        Error::Again(cause)
    }

    /// Puts a joined record in place of the one an article has, with the entry that says from which pages.
    pub(super) fn join(&mut self, joined: &Joined, at: CaptureTime) -> Result<ArticleChange, Error> {
        self.refuse_broken()?;
        let pages = self.index.answers_of(&joined.pages)?;
        let Joined { site, first, missing, .. } = joined;
        let entry = Entry::Joined { at, site: site.clone(), first: first.clone(), pages, missing: *missing };
        self.group(|ledger| {
            ledger.enter(&entry)?;
            Ok(ledger.index.join_article(first, &joined.pages, &joined.article)?)
        })
    }

    fn write_group<T>(&mut self, take_in: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        self.members.clear();
        for entry in self.waiting.clone() {
            self.enter(&entry)?;
        }
        let taken = take_in(self)?;
        // All that the index may refuse, before the file holds anything.
        self.index.write_waiting_words()?;
        if let (Some(file), false) = (&mut self.file, self.members.is_empty()) {
            if let Err(error) = file.append(&self.members) {
                self.broken = file.torn;
                return Err(error);
            }
            // From here on the file holds what the index does not: only a new start may put that right.
            self.broken = true;
            file.sync(self.members.len() as u64)?;
        }
        self.index.commit()?;
        self.broken = false;
        Ok(taken)
    }

    /// Puts an entry of the journal into the group and its rows into the transaction.
    pub(super) fn enter(&mut self, entry: &Entry) -> Result<(), Error> {
        self.ensure_file(entry.at())?;
        let warcinfo = self.file.as_ref().map(|file| &file.warcinfo);
        let record = entry.record(&mut *self.stamp, self.version, warcinfo);
        self.add(&record)?;
        entry.store(&self.index)
    }

    /// Puts a visit's records into the group and its rows into the transaction.
    fn take_in(&mut self, run: i64, visit: &Visit) -> Result<Receipt, Error> {
        let Ok(capture) = &visit.result else {
            if let Some(entry) = Entry::no_answer(run, visit) {
                self.enter(&entry)?;
            }
            return Ok(Receipt { record_id: None, novelty: None, article: ArticleChange::None });
        };
        let placement = self.place(run, visit, capture)?;
        let stored = self.index.store(run, visit, Some(&placement))?;
        Ok(Receipt { record_id: Some(placement.record_id), novelty: Some(placement.novelty), article: stored.article })
    }

    fn place(&mut self, run: i64, visit: &Visit, capture: &Capture) -> Result<Placement, Error> {
        self.ensure_file(capture.at)?;
        let past = self.index.past(visit.request.url.as_str(), &capture.payload_digest)?;
        let (novelty, held) = dedup::judge(capture, past);
        let original = held.as_ref().map(|held| Original {
            record_id: held.record_id.clone(),
            url: held.url.clone(),
            captured_at: held.captured_at,
            payload_digest: held.payload_digest.clone(),
        });
        let profile = match novelty {
            Novelty::NotModified => RevisitProfile::NotModified,
            Novelty::New | Novelty::SamePayload | Novelty::Changed => RevisitProfile::IdenticalPayload,
        };
        let exchange = Exchange {
            capture,
            revisit: original.as_ref().map(|original| (profile, original)),
            warcinfo: self.file.as_ref().map(|file| &file.warcinfo),
            notes: &notes::write(run, visit, self.version),
        };
        let [answer, request] = warc::exchange(&mut *self.stamp, self.version, &exchange);
        let record_id = answer.id().unwrap_or_else(|| self.stamp.record_id());
        let (file, member) = self.add(&answer)?;
        self.add(&request)?;
        Ok(Placement { file, member, record_id, novelty, original: held, kind: answer.kind() })
    }

    /// Compresses a record into the group and notes its member.
    fn add(&mut self, record: &Record) -> Result<(i64, Member), Error> {
        self.plain.clear();
        record.write_to(&mut self.plain);
        self.add_plain(record)
    }

    /// The same for the bytes of a record that stand in `plain`.
    pub(super) fn add_plain(&mut self, record: &Record) -> Result<(i64, Member), Error> {
        let file = self.file.as_ref().ok_or(Error::Stopped)?;
        let begin = self.members.len();
        let length = self.deflater.member(&self.plain, &mut self.members);
        let bytes = self.members.get(begin..).unwrap_or_default();
        let member = Member { offset: file.length + begin as u64, length, sha256: Sha256::digest(bytes).into() };
        self.index.add_member(file.id, record.kind().as_str(), &member)?;
        Ok((file.id, member))
    }

    /// Begins a file where none is open, with its `warcinfo` first.
    fn ensure_file(&mut self, at: CaptureTime) -> Result<(), Error> {
        let mut serial = self.index.files_begun()?;
        while self.file.is_none() {
            serial += 1;
            let file_name = warc::file_name("shiguan", at, serial, &self.info.hostname);
            let warcinfo = self.info.record(&mut *self.stamp, self.version, at, &file_name);
            let id = warcinfo.id().unwrap_or_else(|| self.stamp.record_id());
            let name = format!("{}/{}/{file_name}", folder::WARC, at.year());
            let Some(mut file) = WarcFile::create(&self.dir, &name, 0, id)? else { continue };
            file.id = self.index.begin_file(&name, file.warcinfo.as_str())?;
            self.file = Some(file);
            self.add(&warcinfo)?;
        }
        Ok(())
    }

    /// Finishes the open file where it is long enough.
    fn roll(&mut self) -> Result<(), Error> {
        if self.file.as_ref().is_some_and(|file| file.length >= self.roll_at) { self.finish_file() } else { Ok(()) }
    }

    /// Gives the open file its final name. After a failure the file is left for the next start to put right.
    pub(super) fn finish_file(&mut self) -> Result<(), Error> {
        let Some(file) = self.file.take_if(|_| !self.broken) else { return Ok(()) };
        file.finish()?;
        self.index.finish_file(file.id)?;
        Ok(())
    }

    pub(super) fn check_space(&self) -> Result<(), Error> {
        let (free, whole) = folder::space(&self.dir)?;
        let floor = self.floor.unwrap_or_else(|| FLOOR.min(whole / FLOOR_SHARE));
        if free < floor { Err(Error::NoSpace { path: self.dir.clone(), free, floor }) } else { Ok(()) }
    }
}
