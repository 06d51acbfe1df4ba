//! The chosen members of the WARC files, byte for byte, each held against its digest.

use std::fs::File;
use std::io::{BufReader, Cursor, Read as _, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::entry::entry;
use super::{Error, Filter, Job};
use crate::domain::held::HeldMember;
use crate::package::cdxj::Entry;
use crate::store::{FileRow, Reader, warc_path};
use crate::warc;

/// An archive and what of it is wanted.
pub(super) struct Source<'a> {
    dir: &'a Path,
    pub(super) reader: &'a Reader,
    /// Which articles, with what a search found of them.
    pub(super) filter: Filter,
    /// Ids of captures, ascending; `None` for everything.
    chosen: Option<Vec<i64>>,
}

/// One WARC file of the package.
#[derive(Debug)]
pub(super) struct Part {
    row: FileRow,
    /// Its name in the package, without folders.
    pub(super) name: String,
    /// Captures in it.
    pub(super) captures: u64,
    /// Bytes of what is taken.
    pub(super) bytes: u64,
    /// Whether it is the archive's own file under its own name, and not a selection of its members.
    pub(super) whole: bool,
}

impl Part {
    /// The archive's file it is taken from, below the archive folder.
    pub(super) fn file(&self) -> &str {
        &self.row.name
    }

    /// Its path in a package that keeps the archive's folders.
    pub(super) fn path(&self) -> String {
        self.row
            .name
            .rsplit_once('/')
            .map_or_else(|| self.name.clone(), |(folder, _)| format!("{folder}/{}", self.name))
    }
}

impl<'a> Source<'a> {
    pub(super) fn new(job: &'a Job, reader: &'a Reader) -> Result<Self, Error> {
        let asked = job.query.as_ref();
        let matched = asked.map(|asked| reader.find(&asked.query, &asked.typed)).transpose()?;
        let filter = Filter { matched, ..job.filter.clone() };
        let chosen = if filter == Filter::default() { None } else { Some(reader.chosen(&filter)?) };
        Ok(Self { dir: &job.dir, reader, filter, chosen })
    }

    /// Whether a capture is wanted.
    pub(super) fn wants(&self, capture: i64) -> bool {
        self.chosen.as_ref().is_none_or(|chosen| chosen.binary_search(&capture).is_ok())
    }

    /// The files of which anything is wanted, in the order they were begun.
    pub(super) fn parts(&self) -> Result<Vec<Part>, Error> {
        let mut parts = Vec::new();
        for row in self.reader.files()? {
            let base = row.name.rsplit('/').next().unwrap_or(&row.name).to_owned();
            let mut part = Part { row, name: base, captures: 0, bytes: 0, whole: true };
            let mut wish = Wish::new(self);
            for member in self.reader.members(part.row.id) {
                let member = member?;
                if wish.takes(&member) {
                    part.bytes += member.length;
                    part.captures += u64::from(member.capture.is_some());
                } else {
                    part.whole = false;
                }
            }
            if !part.whole {
                part.name = marked(&part.name, "selection");
            }
            if part.captures > 0 || (part.whole && part.bytes > 0) {
                // Index lines and WACZ name files without their folders, so two of one name would be one.
                while parts.iter().any(|other: &Part| other.name == part.name) {
                    part.name = marked(&part.name, "again");
                    part.whole = false;
                }
                parts.push(part);
            }
        }
        if parts.iter().all(|part| part.captures == 0) { Err(Error::Nothing) } else { Ok(parts) }
    }

    /// Writes the wanted members of a file and gives an index entry for each record readers look up.
    pub(super) fn copy(
        &self,
        part: &Part,
        out: &mut dyn Write,
        on_write: impl Fn(std::io::Error) -> Error,
        on_entry: &mut dyn FnMut(&HeldMember, Entry) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let (path, file) = open(self.dir, &part.row.name)?;
        let mut file = BufReader::with_capacity(1 << 18, file);
        let mut wish = Wish::new(self);
        let (mut stands_at, mut written) = (0, 0);
        let mut bytes = Vec::new();
        for member in self.reader.members(part.row.id) {
            let member = member?;
            if !wish.takes(&member) {
                continue;
            }
            if member.offset != stands_at {
                file.seek(SeekFrom::Start(member.offset)).map_err(Error::io(&path, "reading"))?;
            }
            bytes.clear();
            (&mut file).take(member.length).read_to_end(&mut bytes).map_err(Error::io(&path, "reading"))?;
            stands_at = member.offset + bytes.len() as u64;
            let record = judged(&part.row.name, &member, &bytes)?;
            out.write_all(&bytes).map_err(&on_write)?;
            if let Some(entry) = entry(&record, written, member.length, &part.name) {
                on_entry(&member, entry)?;
            }
            written += member.length;
        }
        Ok(())
    }
}

/// Decides member by member. Of a selection: the file's own description, the wanted answers, and the request behind each;
/// not the crawl's log of other work.
struct Wish<'a, 's> {
    source: &'s Source<'a>,
    last: bool,
}

impl<'a, 's> Wish<'a, 's> {
    fn new(source: &'s Source<'a>) -> Self {
        Self { source, last: true }
    }

    fn takes(&mut self, member: &HeldMember) -> bool {
        if let Some(capture) = member.capture {
            self.last = self.source.wants(capture);
        }
        let of_answer = member.capture.is_some() || member.kind == "request";
        self.source.chosen.is_none() || (self.last && of_answer) || member.kind == "warcinfo"
    }
}

/// Opens a file that a crawl may be giving its final name at this moment.
fn open(dir: &Path, name: &str) -> Result<(PathBuf, File), Error> {
    let path = warc_path(dir, name);
    match File::open(&path) {
        Ok(file) => Ok((path, file)),
        Err(_gone) => {
            let path = warc_path(dir, name);
            let file = File::open(&path).map_err(Error::io(&path, "opening"))?;
            Ok((path, file))
        }
    }
}

/// The record in these bytes, which must be those that were written.
fn judged(file: &str, member: &HeldMember, bytes: &[u8]) -> Result<warc::Record, Error> {
    let damaged = |what: String| Error::Damaged {
        file: file.to_owned(),
        offset: member.offset,
        url: member.url.as_ref().map_or_else(String::new, |url| format!("{url}: ")),
        what,
    };
    if bytes.len() as u64 != member.length {
        return Err(damaged("the file ends before this record does".to_owned()));
    }
    if Sha256::digest(bytes)[..] != member.sha256[..] {
        return Err(damaged("the bytes are not those that were written".to_owned()));
    }
    let mut records = warc::Reader::new(Cursor::new(bytes)).map_err(|error| damaged(error.to_string()))?;
    match records.next() {
        Some(Ok(found)) if found.length == Some(member.length) => Ok(found.record),
        Some(Ok(_)) => Err(damaged("more than one record in a member".to_owned())),
        Some(Err(damage)) => Err(damaged(damage.harm.to_string())),
        None => Err(damaged("no record".to_owned())),
    }
}

/// A file that is not the archive's own, such as a selection, does not bear that one's name.
fn marked(name: &str, mark: &str) -> String {
    match name.split_once('-') {
        Some((prefix, rest)) => format!("{prefix}_{mark}-{rest}"),
        None => format!("{mark}-{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selection_has_a_name_of_its_own_in_the_same_form() {
        assert_eq!(
            marked("shiguan-20261122090807-00001-vm.warc.gz", "selection"),
            "shiguan_selection-20261122090807-00001-vm.warc.gz"
        );
        assert_eq!(marked("x.warc.gz", "selection"), "selection-x.warc.gz");
    }
}
