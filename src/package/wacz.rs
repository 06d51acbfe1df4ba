//! WACZ 1.1.1: WARC files, their index and a list of pages in one ZIP file that a reader over a network opens in parts.
//!
//! What is compressed already (WARC files, the index) is stored and never deflated again; every entry may be larger than
//! 4 GiB (ZIP64). Bytes go straight through: what is held is the list of entries. `datapackage.json` names every entry
//! with its size and SHA-256, `datapackage-digest.json` holds the digest of that list.

use std::io::{self, Seek, Write};

use serde::Serialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::domain::time::CaptureTime;

/// Version of the format, as its readers compare it.
pub const VERSION: &str = "1.1.1";

/// What a package says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// What it is called.
    pub title: String,
    /// What it holds, in a sentence.
    pub description: String,
    /// Program and version.
    pub software: String,
    /// When it was made.
    pub created: CaptureTime,
    /// Who hands it over.
    pub organization: Option<String>,
    /// The archive it was made from, a stable id.
    pub archive_id: String,
}

/// One entry of the list.
#[derive(Debug, Serialize)]
struct Resource {
    name: String,
    path: String,
    hash: String,
    bytes: u64,
}

/// Whether an entry's bytes are worth deflating.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storing {
    /// Compressed already.
    Stored,
    /// Text.
    Deflated,
}

/// A package being written. Between [`Wacz::begin`] and the next, bytes written go to that entry.
pub struct Wacz<W: Write + Seek> {
    zip: ZipWriter<W>,
    about: About,
    done: Vec<Resource>,
    open: Option<(String, Sha256, u64)>,
}

impl<W: Write + Seek> std::fmt::Debug for Wacz<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wacz").field("done", &self.done).finish_non_exhaustive()
    }
}

impl<W: Write + Seek> Wacz<W> {
    /// An empty package.
    pub fn new(out: W, about: About) -> Self {
        Self { zip: ZipWriter::new(out), about, done: Vec::new(), open: None }
    }

    /// Begins an entry, and ends the one before.
    pub fn begin(&mut self, path: &str, storing: Storing) -> io::Result<()> {
        self.end();
        self.zip.start_file(path, options(storing, self.about.created)).map_err(io::Error::from)?;
        self.open = Some((path.to_owned(), Sha256::new(), 0));
        Ok(())
    }

    /// Writes the two descriptions and what closes the file; gives back where it was written to.
    pub fn finish(mut self) -> io::Result<W> {
        self.end();
        let package = self.datapackage()?;
        self.whole("datapackage.json", &package)?;
        let digest = json!({ "path": "datapackage.json", "hash": hash(Sha256::digest(&package)) });
        self.whole("datapackage-digest.json", &pretty(&digest)?)?;
        self.zip.finish().map_err(io::Error::from)
    }

    fn datapackage(&self) -> io::Result<Vec<u8>> {
        let about = &self.about;
        let mut package = json!({
            "profile": "data-package",
            "wacz_version": VERSION,
            "title": about.title,
            "description": about.description,
            "software": about.software,
            "created": about.created.to_seconds_string(),
            "id": about.archive_id,
            "resources": self.done,
        });
        if let (Some(package), Some(organization)) = (package.as_object_mut(), &about.organization) {
            let organization = json!([{ "title": organization, "role": "publisher" }]);
            package.insert("contributors".to_owned(), organization);
        }
        pretty(&package)
    }

    fn whole(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.zip.start_file(path, options(Storing::Deflated, self.about.created)).map_err(io::Error::from)?;
        self.zip.write_all(bytes)
    }

    fn end(&mut self) {
        let Some((path, sha256, bytes)) = self.open.take() else { return };
        let base = path.rsplit('/').next().unwrap_or(&path);
        // A resource's name is lower case, and no other's (Data Package, 1.0).
        let taken = |name: &String| self.done.iter().any(|other| other.name == *name);
        let names = [base.to_ascii_lowercase(), path.replace('/', "-").to_ascii_lowercase()].into_iter();
        let numbered = (2_u64..).map(|number| format!("{number}-{base}").to_ascii_lowercase());
        let name = names.chain(numbered).find(|name| !taken(name)).unwrap_or_default();
        self.done.push(Resource { name, path, hash: hash(sha256.finalize()), bytes });
    }
}

impl<W: Write + Seek> Write for Wacz<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.zip.write(bytes)?;
        if let Some((_, sha256, count)) = &mut self.open {
            sha256.update(bytes.get(..written).unwrap_or(bytes));
            *count += written as u64;
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.zip.flush()
    }
}

fn options(storing: Storing, at: CaptureTime) -> SimpleFileOptions {
    let method = match storing {
        Storing::Stored => CompressionMethod::Stored,
        Storing::Deflated => CompressionMethod::Deflated,
    };
    let options = SimpleFileOptions::default().compression_method(method).large_file(true).unix_permissions(0o644);
    // A moment before 1980 or after 2107 has no form in ZIP; the default stands for it.
    dos_time(at).map_or(options, |at| options.last_modified_time(at))
}

fn dos_time(at: CaptureTime) -> Option<zip::DateTime> {
    let digits = at.to_digits14();
    let part = |from: usize, to: usize| digits.get(from..to)?.parse::<u16>().ok();
    let small = |from, to| u8::try_from(part(from, to)?).ok();
    let (date, time) = ((small(4, 6)?, small(6, 8)?), (small(8, 10)?, small(10, 12)?, small(12, 14)?));
    zip::DateTime::from_date_and_time(part(0, 4)?, date.0, date.1, time.0, time.1, time.2).ok()
}

fn hash(digest: impl AsRef<[u8]>) -> String {
    format!("sha256:{}", data_encoding::HEXLOWER.encode(digest.as_ref()))
}

fn pretty(value: &serde_json::Value) -> io::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// A page to begin reading at: one line of `pages/pages.jsonl`.
#[derive(Debug, Serialize)]
pub struct Page<'a> {
    /// Stable id within the package.
    pub id: String,
    /// Address.
    pub url: &'a str,
    /// Moment of its capture, RFC 3339, to the second as in the index.
    pub ts: String,
    /// What it is called.
    pub title: &'a str,
    /// Its text, for full-text search.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<&'a str>,
}

/// The first line of the list of pages.
pub fn pages_header(title: &str) -> serde_json::Value {
    json!({ "format": "json-pages-1.0", "id": "pages", "title": title, "hasText": true })
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use super::*;

    fn about() -> About {
        About {
            title: "云岭理工大学主题教育网".to_owned(),
            description: "3 captures".to_owned(),
            software: "shiguan/0.1.0".to_owned(),
            created: CaptureTime::parse("2026-11-22T09:08:07.5Z").unwrap(),
            organization: Some("云岭理工大学档案馆".to_owned()),
            archive_id: "urn:uuid:1".to_owned(),
        }
    }

    #[test]
    fn no_two_resources_have_one_name() {
        let mut wacz = Wacz::new(Cursor::new(Vec::new()), about());
        for path in ["archive/A.warc.gz", "more/a.warc.gz", "more-a.warc.gz", "archive/b.warc.gz"] {
            wacz.begin(path, Storing::Stored).unwrap();
        }
        wacz.end();
        let names: Vec<&str> = wacz.done.iter().map(|resource| resource.name.as_str()).collect();
        assert_eq!(names, ["a.warc.gz", "more-a.warc.gz", "2-more-a.warc.gz", "b.warc.gz"]);
    }

    #[test]
    fn every_entry_is_listed_with_its_digest_and_compressed_ones_are_stored() {
        let mut wacz = Wacz::new(Cursor::new(Vec::new()), about());
        wacz.begin("archive/A.warc.gz", Storing::Stored).unwrap();
        wacz.write_all(b"abc").unwrap();
        wacz.write_all(b"def").unwrap();
        wacz.begin("pages/pages.jsonl", Storing::Deflated).unwrap();
        wacz.write_all(&[b'x'; 1000]).unwrap();
        let bytes = wacz.finish().unwrap().into_inner();
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut read = |path: &str| {
            let mut entry = zip.by_name(path).unwrap();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            (bytes, entry.compression())
        };
        assert_eq!(read("archive/A.warc.gz"), (b"abcdef".to_vec(), CompressionMethod::Stored));
        assert_eq!(read("pages/pages.jsonl").1, CompressionMethod::Deflated);
        let (package, _) = read("datapackage.json");
        let described: serde_json::Value = serde_json::from_slice(&package).unwrap();
        assert_eq!(described["wacz_version"], "1.1.1");
        assert_eq!(described["created"], "2026-11-22T09:08:07Z");
        assert_eq!(described["resources"].as_array().unwrap().len(), 2);
        let expected = json!({
            "name": "a.warc.gz", "path": "archive/A.warc.gz", "bytes": 6,
            "hash": "sha256:bef57ec7f53a6d40beb640a780a639c83bc29ac8a9816f1fc6c5c6dcd93c4721",
        });
        assert_eq!(described["resources"][0], expected, "sha256sum of abcdef");
        let digest: serde_json::Value = serde_json::from_slice(&read("datapackage-digest.json").0).unwrap();
        assert_eq!(digest["hash"], hash(Sha256::digest(&package)));
    }
}
