//! Where other tools' records come from: WARC files, compressed or not, and WACZ packages.
//!
//! A file is known by its first bytes, not by its name. Nothing is unpacked under a name a package gives: its parts are
//! read where they stand, or through a nameless temporary file where the package compressed them.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use zip::{CompressionMethod, ZipArchive};

use crate::warc::{Damage, Found, Harm, Proof, Reader, Section};

/// A stretch of bytes that can be read and sought.
pub trait Bytes: Read + Seek + Send {}

impl<T: Read + Seek + Send> Bytes for T {}

/// What records are read through.
pub type Records = Reader<BufReader<Box<dyn Bytes>>>;

/// A WARC file, or one inside a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    path: PathBuf,
    /// Its place in the package, and its name there.
    entry: Option<(usize, String)>,
}

impl Part {
    /// The file's name; for a part of a package `FILE!NAME`.
    pub fn name(&self) -> String {
        let file = self.path.display();
        self.entry.as_ref().map_or_else(|| file.to_string(), |(_, name)| format!("{file}!{name}"))
    }

    /// Opens it for reading its records.
    pub fn records(&self) -> io::Result<Records> {
        Reader::new(BufReader::with_capacity(1 << 16, self.bytes()?))
    }

    fn bytes(&self) -> io::Result<Box<dyn Bytes>> {
        let file = File::open(&self.path)?;
        let Some((at, _)) = &self.entry else { return Ok(Box::new(file)) };
        let mut package = ZipArchive::new(BufReader::new(file.try_clone()?))?;
        let mut entry = package.by_index(*at)?;
        if entry.compression() == CompressionMethod::Stored
            && let Some(begin) = entry.data_start()
        {
            return Ok(Box::new(Section::new(File::open(&self.path)?, begin, entry.size())?));
        }
        let mut unpacked = tempfile::tempfile()?;
        let declared = entry.size();
        // One byte more than it says it has shows that it lies.
        if io::copy(&mut (&mut entry).take(declared.saturating_add(1)), &mut unpacked)? > declared {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "longer than the package says"));
        }
        unpacked.seek(SeekFrom::Start(0))?;
        Ok(Box::new(unpacked))
    }
}

/// Gzip members that hold several records and whose checksum does not hold, or was not reached: their records are given
/// before that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Broken(HashSet<u64>);

impl Broken {
    /// Takes in what a reader said of a stretch.
    pub fn take_in(&mut self, damage: &Damage) {
        // Behind a record that is no rubbish the checksum was read and fitted.
        if damage.harm != Harm::NoRecord {
            self.0.insert(damage.offset);
        }
    }

    /// Those of a part, read to its end.
    pub fn of(part: &Part) -> io::Result<Self> {
        let mut broken = Self::default();
        part.records()?.filter_map(Result::err).for_each(|damage| broken.take_in(&damage));
        Ok(broken)
    }

    /// Whether a record stands in one of them.
    pub fn holds(&self, found: &Found) -> bool {
        found.length.is_none() && self.0.contains(&found.offset)
    }
}

/// How far a record of another tool is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// Nothing speaks against it.
    Whole,
    /// It is the record its tool wrote, as the gzip checksum shows, and yet something does not fit.
    Marked(&'static str),
    /// It is not, or nothing shows that it is.
    Refused(&'static str),
}

/// Holds a record against its digests, and against the checksum of its gzip member where it has one of its own.
pub fn trust(found: &Found, broken: &Broken) -> Trust {
    match found.record.proof() {
        Proof::Nothing if broken.holds(found) => {
            Trust::Refused("the gzip member it shares is damaged, and it has no digest to prove it")
        }
        Proof::Fits | Proof::Nothing => Trust::Whole,
        Proof::PayloadDiffers if found.length.is_some() => {
            Trust::Marked("the payload does not fit its digest, though the file is as it was written; it was taken")
        }
        Proof::PayloadDiffers => Trust::Refused("the payload does not fit its digest"),
        Proof::BlockDiffers => Trust::Refused("the block does not fit its digest"),
    }
}

/// The WARC files at this path: the file itself, or those of a package in the order it names them. `None` where it is
/// neither. A part whose name leads out of the package is an error.
pub fn parts(path: &Path) -> io::Result<Option<Vec<Part>>> {
    match kind(path)? {
        Kind::Warc => Ok(Some(vec![Part { path: path.to_owned(), entry: None }])),
        Kind::Package => of_package(path).map(Some),
        Kind::Other => Ok(None),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Warc,
    Package,
    Other,
}

fn kind(path: &Path) -> io::Result<Kind> {
    let mut file = BufReader::new(File::open(path)?);
    let begin = file.fill_buf()?;
    if begin.starts_with(b"PK\x03\x04") || begin.starts_with(b"PK\x05\x06") {
        return Ok(Kind::Package);
    }
    let is_record = if begin.starts_with(&[0x1f, 0x8b]) {
        let mut start = [0; 5];
        flate2::bufread::GzDecoder::new(file).read_exact(&mut start).is_ok() && &start == b"WARC/"
    } else {
        begin.starts_with(b"WARC/")
    };
    Ok(if is_record { Kind::Warc } else { Kind::Other })
}

fn of_package(path: &Path) -> io::Result<Vec<Part>> {
    let mut package = ZipArchive::new(BufReader::new(File::open(path)?))?;
    let mut parts = Vec::new();
    for at in 0..package.len() {
        let entry = package.by_index_raw(at)?;
        let name = entry.name()?.into_owned();
        if entry.enclosed_name().is_none() {
            let what = format!("{name:?} leads out of the package");
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        // WACZ 1.1.1, 5.2.1: the WARC files are in archive/.
        let lower = name.to_ascii_lowercase();
        if name.starts_with("archive/") && [".warc.gz", ".warc"].iter().any(|end| lower.ends_with(end)) {
            parts.push(Part { path: path.to_owned(), entry: Some((at, name)) });
        }
    }
    parts.sort_by(|a, b| a.entry.as_ref().map(|(_, name)| name).cmp(&b.entry.as_ref().map(|(_, name)| name)));
    Ok(parts)
}
