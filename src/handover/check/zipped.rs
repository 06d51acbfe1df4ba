//! A WACZ file (1.1.1): a ZIP file whose every entry is listed with its digest.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek as _, SeekFrom};

use flate2::bufread::MultiGzDecoder;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use zip::read::ZipFile;
use zip::{CompressionMethod, ZipArchive};

use super::resources::{DataPackage, Seen};
use super::{Check, ends, is_index, is_warc};
use crate::handover::Error;
use crate::warc::Section;

type Zip = ZipArchive<BufReader<File>>;

const LIST: &str = "datapackage.json";
const DIGEST: &str = "datapackage-digest.json";

/// Largest list of files that is taken into memory.
const LARGEST: u64 = 64 << 20;

/// `datapackage-digest.json`.
#[derive(Debug, Deserialize)]
struct ListDigest {
    path: String,
    hash: String,
}

/// Something a file is read through.
trait Source: BufRead + io::Seek {}
impl<T: BufRead + io::Seek> Source for T {}

impl Check<'_> {
    pub(super) fn wacz(&mut self) -> Result<(), Error> {
        let file = File::open(self.root).map_err(self.io())?;
        let mut zip = match ZipArchive::new(BufReader::new(file)) {
            Ok(zip) => zip,
            Err(error) => {
                let name = self.root.file_name().unwrap_or_default().to_string_lossy();
                self.wrong(&name, format!("not a whole ZIP file: {error}"));
                return Ok(());
            }
        };
        let mut seen = HashMap::new();
        let mut order = Vec::new();
        for at in 0..zip.len() {
            if let Some((name, found)) = self.entry(&mut zip, at) {
                seen.insert(name.clone(), found);
                order.push((at, name));
            }
        }
        let package = self.list(&mut zip, &seen);
        self.own = package.software.starts_with("shiguan/");
        self.resources("", &package, &seen);
        let listed: HashSet<&str> = package.resources.iter().map(|resource| resource.path.as_str()).collect();
        for (at, name) in &order {
            if !listed.contains(name.as_str()) && name != LIST && name != DIGEST {
                self.wrong(name, "not named by datapackage.json");
            }
            if name.starts_with("archive/") && is_warc(name) {
                self.with_source(&mut zip, *at, name, |check, source| check.warc(name, source))?;
            } else if name.starts_with("indexes/") && is_index(name) {
                let gzip = ends(name, &[".gz"]);
                self.with_source(&mut zip, *at, name, |check, source| {
                    if gzip {
                        check.index(name, BufReader::new(MultiGzDecoder::new(source)))
                    } else {
                        check.index(name, source)
                    }
                })?;
            }
        }
        for (at, name) in order.iter().filter(|(_, name)| name.starts_with("indexes/") && ends(name, &[".idx"])) {
            self.upper_level(&mut zip, *at, name, &order)?;
        }
        Ok(())
    }

    /// Reads an entry to its end; `None` where it is a folder or cannot be read.
    fn entry(&mut self, zip: &mut Zip, at: usize) -> Option<(String, Seen)> {
        let name = zip.name_for_index(at).and_then(Result::ok).unwrap_or_default().into_owned();
        let mut entry = match zip.by_index(at) {
            Ok(entry) => entry,
            Err(error) => {
                self.wrong(&name, format!("cannot be read: {error}"));
                return None;
            }
        };
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        if entry.is_dir() {
            return None;
        }
        self.checked.files += 1;
        if entry.enclosed_name().is_none() {
            self.wrong(&name, "its name leads out of the package");
        }
        match local_header(self.root, &entry) {
            Ok(true) => {}
            Ok(false) => self.wrong(&name, "its own header and the package's directory differ"),
            Err(error) => self.wrong(&name, format!("its own header cannot be read: {error}")),
        }
        let (mut sha256, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 16]);
        loop {
            match entry.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => {
                    sha256.update(buffer.get(..read).unwrap_or_default());
                    bytes += read as u64;
                }
                Err(error) => {
                    self.wrong(&name, format!("cannot be read: {error}"));
                    return None;
                }
            }
        }
        self.checked.bytes += bytes;
        let sha256 = data_encoding::HEXLOWER.encode(&sha256.finalize());
        Some((name, Seen { bytes, sha256 }))
    }

    /// The list of files, held against its own digest.
    fn list(&mut self, zip: &mut Zip, seen: &HashMap<String, Seen>) -> DataPackage {
        let Some(list) = seen.get(LIST) else {
            self.wrong(LIST, "missing: nothing says what the package holds");
            return DataPackage::default();
        };
        match small(zip, DIGEST).map(|bytes| serde_json::from_slice::<ListDigest>(&bytes)) {
            None => self.wrong(DIGEST, "missing: nothing proves datapackage.json"),
            Some(Err(error)) => self.wrong(DIGEST, format!("cannot be read: {error}")),
            Some(Ok(said)) if said.path != LIST => self.wrong(DIGEST, format!("is about {:?}", said.path)),
            Some(Ok(said)) if said.hash.strip_prefix("sha256:") != Some(list.sha256.as_str()) => {
                self.wrong(LIST, "not the bytes whose digest datapackage-digest.json names");
            }
            Some(Ok(_)) => {}
        }
        let Some(bytes) = small(zip, LIST) else {
            self.wrong(LIST, "cannot be read");
            return DataPackage::default();
        };
        serde_json::from_slice(&bytes).unwrap_or_else(|error| {
            self.wrong(LIST, format!("cannot be read: {error}"));
            DataPackage::default()
        })
    }

    /// Opens an entry as a file that can be sought: where it stands, or unpacked into a nameless one.
    fn with_source(
        &mut self,
        zip: &mut Zip,
        at: usize,
        name: &str,
        take: impl FnOnce(&mut Self, &mut dyn Source) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let opened = (|| -> io::Result<Box<dyn Source>> {
            let mut entry = zip.by_index(at)?;
            if let (CompressionMethod::Stored, Some(begin)) = (entry.compression(), entry.data_start()) {
                let section = Section::new(File::open(self.root)?, begin, entry.size())?;
                return Ok(Box::new(BufReader::with_capacity(1 << 16, section)));
            }
            let mut unpacked = tempfile::tempfile()?;
            io::copy(&mut entry, &mut unpacked)?;
            unpacked.seek(SeekFrom::Start(0))?;
            Ok(Box::new(BufReader::with_capacity(1 << 16, unpacked)))
        })();
        match opened {
            Ok(mut source) => take(self, &mut *source),
            Err(error) => {
                self.wrong(name, format!("cannot be read: {error}"));
                Ok(())
            }
        }
    }

    /// The upper level of an index in two: each line leads to the member that begins with its key.
    fn upper_level(&mut self, zip: &mut Zip, at: usize, name: &str, order: &[(usize, String)]) -> Result<(), Error> {
        let mut text = String::new();
        self.with_source(zip, at, name, |check, source| {
            if let Err(error) = source.take(LARGEST).read_to_string(&mut text) {
                check.wrong(name, format!("cannot be read: {error}"));
            }
            Ok(())
        })?;
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('!')) {
            let told = upper_line(line);
            let lower = told.as_ref().and_then(|told| {
                let wanted = told.file.as_deref();
                order.iter().find(|(_, name)| {
                    name.starts_with("indexes/") && is_index(name) && wanted.is_none_or(|w| super::base(name) == w)
                })
            });
            let (Some(told), Some((at, lower))) = (told, lower) else {
                self.wrong(name, format!("line {}: not a line of an index", number + 1));
                continue;
            };
            self.with_source(zip, *at, lower, |check, source| {
                let mut first = String::new();
                let found = source.seek(SeekFrom::Start(told.offset)).and_then(|_| {
                    let member = flate2::bufread::GzDecoder::new(source.take(told.length));
                    BufReader::new(member).read_line(&mut first)
                });
                if found.is_err() || !first.starts_with(&told.key) {
                    check.wrong(name, format!("line {}: does not lead to {}", number + 1, told.key));
                }
                Ok(())
            })?;
        }
        Ok(())
    }
}

struct Upper {
    key: String,
    offset: u64,
    length: u64,
    file: Option<String>,
}

fn upper_line(line: &str) -> Option<Upper> {
    let (key, place) = line.split_at_checked(line.find('{')?)?;
    let place: serde_json::Value = serde_json::from_str(place).ok()?;
    let number = |name: &str| place.get(name)?.as_u64();
    let file = place.get("filename").and_then(|name| name.as_str()).map(str::to_owned);
    Some(Upper { key: key.trim_end().to_owned(), offset: number("offset")?, length: number("length")?, file })
}

/// A small entry whole; `None` where it is not there, cannot be read, or is not small.
fn small(zip: &mut Zip, name: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = zip.by_name(name).ok()?.take(LARGEST + 1).read_to_end(&mut bytes);
    read.is_ok_and(|read| read as u64 <= LARGEST).then_some(bytes)
}

/// Whether an entry's own header says the same as the directory at the end of the file. Readers that go through a ZIP file from its
/// beginning believe the one, others the other.
fn local_header(path: &std::path::Path, entry: &ZipFile<'_, BufReader<File>>) -> io::Result<bool> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(entry.header_start()))?;
    let mut head = [0; 30];
    file.read_exact(&mut head)?;
    let short = |at: usize| head.get(at..at + 2).map_or(0, |b| b.iter().rev().fold(0, |n, b| n << 8 | u16::from(*b)));
    let long = |at: usize| u64::from(short(at)) | u64::from(short(at + 2)) << 16;
    let mut name = vec![0; usize::from(short(26))];
    file.read_exact(&mut name)?;
    let mut extra = vec![0; usize::from(short(28))];
    file.read_exact(&mut extra)?;
    let of_method = [(CompressionMethod::Stored, 0), (CompressionMethod::Deflated, 8)];
    let method = of_method.iter().find(|(method, _)| *method == entry.compression()).map(|(_, number)| *number);
    // APPNOTE 4.4.4, bit 3: length and checksum follow the bytes.
    let follow = short(6) & 8 != 0;
    let sizes = sizes((long(22), long(18)), &extra);
    let same = name == entry.name_raw() && method.is_none_or(|method| short(8) == method);
    let as_long = sizes == (entry.size(), entry.compressed_size()) && long(14) == u64::from(entry.crc32());
    Ok(same && (follow || as_long))
}

/// Sizes, unpacked and packed; where they do not fit into a header of 32 bits they stand behind it (APPNOTE 4.5.3).
fn sizes((unpacked, packed): (u64, u64), mut extra: &[u8]) -> (u64, u64) {
    const LARGE: u64 = 0xffff_ffff;
    let number = |bytes: &[u8]| bytes.iter().rev().fold(0_u64, |n, b| n << 8 | u64::from(*b));
    while let Some((head, rest)) = extra.split_at_checked(4) {
        let (id, length) = (number(head.get(..2).unwrap_or_default()), number(head.get(2..).unwrap_or_default()));
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let Some((field, behind)) = rest.split_at_checked(length) else { break };
        if id == 1 {
            let mut values = field.chunks_exact(8).map(number);
            let mut pick = |value| if value == LARGE { values.next().unwrap_or(value) } else { value };
            return (pick(unpacked), pick(packed));
        }
        extra = behind;
    }
    (unpacked, packed)
}
