//! Fixity: index against WARC files, byte for byte.
//!
//! The index holds the SHA-256 of every gzip member and its members cover each file without a gap, so one flipped
//! byte anywhere is found by reading each file once. The full check also unpacks every record and holds its digests,
//! its id, its type and its URL against the index. Nothing is changed here, and no lock is taken: a file another run is
//! writing is checked as far as the index knows it.

mod full;

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::error::Error;
use super::{file, folder};
use crate::domain::fixity::Problem;
use crate::store::{DATABASE, FileRow, Fixity, MemberRow, warc_path};

/// What was checked, and what was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// WARC files read.
    pub files: u64,
    /// Records checked.
    pub records: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Captures in the index.
    pub captures: u64,
    /// Everything found wrong, in the order it was met.
    pub problems: Vec<Problem>,
}

impl Report {
    /// Whether all is as promised.
    pub fn is_ok(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Checks the archive in this folder; each problem is told as soon as it is met. An index that cannot even be opened
/// is the error.
pub fn verify(dir: &Path, full: bool, on_problem: &mut dyn FnMut(&Problem)) -> Result<Report, Error> {
    let fixity = Fixity::open(dir)?;
    let mut check = Check { dir, full, report: Report::default(), on_problem };
    // Told first: what is asked of a damaged index may be answered by an error.
    if let Some(what) = fixity.unlike_its_seal() {
        check.problem(Problem { file: DATABASE.to_owned(), offset: None, url: None, what: what.to_owned() });
    }
    for what in fixity.faults(full)? {
        check.problem(Problem { file: DATABASE.to_owned(), offset: None, url: None, what });
    }
    check.report.captures = fixity.captures()?;
    let files = fixity.files()?;
    for file in &files {
        check.file(file, &fixity.members(file.id)?)?;
    }
    check.orphans(&files)?;
    Ok(check.report)
}

struct Check<'a> {
    dir: &'a Path,
    full: bool,
    report: Report,
    on_problem: &'a mut dyn FnMut(&Problem),
}

impl Check<'_> {
    fn problem(&mut self, problem: Problem) {
        (self.on_problem)(&problem);
        self.report.problems.push(problem);
    }

    fn wrong(&mut self, name: &str, offset: Option<u64>, url: Option<&str>, what: impl Into<String>) {
        self.problem(Problem { file: name.to_owned(), offset, url: url.map(str::to_owned), what: what.into() });
    }

    /// Reads a file from its first byte to its last, member by member.
    fn file(&mut self, row: &FileRow, members: &[MemberRow]) -> Result<(), Error> {
        let path = warc_path(self.dir, &row.name);
        let mut source = match File::open(&path) {
            Ok(source) => source,
            Err(error) => {
                self.wrong(&row.name, None, None, format!("cannot be read: {error}"));
                return Ok(());
            }
        };
        self.report.files += 1;
        let length = source.metadata().map_err(|source| read_error(&path, source))?.len();
        let mut at = 0;
        let mut url = None;
        for member in members {
            if member.offset != at {
                let what = format!("the index knows nothing of the bytes up to offset {}", member.offset);
                self.wrong(&row.name, Some(at), url, what);
                io::Seek::seek(&mut source, io::SeekFrom::Start(member.offset)).map_err(|e| read_error(&path, e))?;
            }
            // A request stands behind its answer and shares its URL.
            url = member.url.as_deref().or(url.filter(|_| member.kind == "request"));
            if member.offset + member.length > length {
                self.wrong(&row.name, Some(member.offset), url, "the file ends before this record does");
                return Ok(());
            }
            self.member(row, member, url, &mut source).map_err(|error| read_error(&path, error))?;
            at = member.offset + member.length;
        }
        if row.finished && length > at {
            self.wrong(&row.name, Some(at), None, format!("{} bytes the index does not know", length - at));
        }
        Ok(())
    }

    fn member(&mut self, row: &FileRow, member: &MemberRow, url: Option<&str>, source: &mut File) -> io::Result<()> {
        let mut bytes = Vec::new();
        source.take(member.length).read_to_end(&mut bytes)?;
        self.report.records += 1;
        self.report.bytes += member.length;
        if Sha256::digest(&bytes)[..] != member.sha256[..] {
            self.wrong(&row.name, Some(member.offset), url, "the bytes are not those that were written");
        } else if self.full {
            for what in full::judge(&row.name, member, &bytes) {
                self.wrong(&row.name, Some(member.offset), url, what);
            }
        }
        Ok(())
    }

    /// Files below `warc/` the index does not know. One still `.open` is the next start's business.
    fn orphans(&mut self, files: &[FileRow]) -> Result<(), Error> {
        let known: HashSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
        for path in walk(&self.dir.join(folder::WARC))? {
            let Some(name) = path.strip_prefix(self.dir).ok().and_then(Path::to_str) else { continue };
            if !known.contains(name) && !name.ends_with(file::OPEN) {
                self.wrong(name, None, None, "the index does not know this file");
            }
        }
        Ok(())
    }
}

/// All files below a folder, in the order of their names; none where there is no folder.
fn walk(dir: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut entries: Vec<PathBuf> = match fs::read_dir(dir) {
        Ok(entries) => {
            entries.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>().map_err(|e| read_error(dir, e))?
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(read_error(dir, error)),
    };
    entries.sort();
    let mut files = Vec::new();
    for path in entries {
        if path.is_dir() {
            files.extend(walk(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

fn read_error(path: &Path, source: io::Error) -> Error {
    Error::Io { path: path.to_owned(), doing: "reading", source }
}
