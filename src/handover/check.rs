//! A package checked by itself, ours or another tool's: is it whole, is every byte what its own lists say, does its index
//! lead to the records it names.
//!
//! Asks no archive and changes nothing. Memory holds one record and a bounded number of index lines; a damaged package is an
//! answer and not an error.

mod bag;
mod index;
mod records;
mod resources;
mod zipped;

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Error;
use crate::domain::fixity::Problem;
use index::Lines;

/// Problems that are kept; further ones are counted.
const KEPT: usize = 1000;

/// What a package is, and what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Where it is.
    #[serde(serialize_with = "super::in_words")]
    pub package: PathBuf,
    /// `wacz` or `bagit`.
    pub format: &'static str,
    /// Files in it.
    pub files: u64,
    /// Their bytes, unpacked.
    pub bytes: u64,
    /// WARC records read.
    pub records: u64,
    /// Lines of its index.
    pub index_lines: u64,
    /// The first thousand things found wrong, in the order they were met.
    pub problems: Vec<Problem>,
    /// Those behind them.
    pub further_problems: u64,
}

impl Checked {
    /// Whether all is as it says.
    pub fn is_ok(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Checks the package at this path: a WACZ file, or the folder of a bag. Each problem is told as soon as it is met. What is
/// neither is the error.
pub fn check(path: &Path, on_problem: &mut dyn FnMut(&Problem)) -> Result<Checked, Error> {
    let format = format_of(path)?;
    let checked = Checked {
        package: path.to_owned(),
        format: format.as_str(),
        files: 0,
        bytes: 0,
        records: 0,
        index_lines: 0,
        problems: Vec::new(),
        further_problems: 0,
    };
    let mut check = Check { root: path, checked, on_problem, lines: Lines::new(), own: false };
    match format {
        Format::Wacz => check.wacz()?,
        Format::Bag => check.bag()?,
    }
    check.compare_index()?;
    Ok(check.checked)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Wacz,
    Bag,
}

impl Format {
    fn as_str(self) -> &'static str {
        match self {
            Self::Wacz => "wacz",
            Self::Bag => "bagit",
        }
    }
}

/// A package may be so damaged that only its name, or what is left of a bag, says what it was.
fn format_of(path: &Path) -> Result<Format, Error> {
    let not = |why: &str| Error::NotAPackage { path: path.to_owned(), why: why.to_owned() };
    let found = path.metadata().map_err(|error| {
        let missing = error.kind() == io::ErrorKind::NotFound;
        if missing { not("no such file or folder") } else { Error::io(path, "opening")(error) }
    })?;
    if found.is_dir() {
        let has = |name: &str| path.join(name).exists();
        let left =
            ["bagit.txt", "bag-info.txt", "manifest-sha256.txt", "manifest-sha512.txt"].iter().any(|name| has(name));
        return match left {
            true => Ok(Format::Bag),
            false if has("shiguan.db") => {
                Err(not("an archive and no package; check it with `shiguan verify --archive`"))
            }
            false => Err(not("neither a WACZ file nor the folder of a bag")),
        };
    }
    let mut begin = [0; 2];
    let zip = File::open(path).and_then(|mut file| file.read_exact(&mut begin)).is_ok() && &begin == b"PK";
    let named = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("wacz"));
    if zip || named { Ok(Format::Wacz) } else { Err(not("neither a WACZ file nor the folder of a bag")) }
}

/// A check under way.
struct Check<'a> {
    root: &'a Path,
    checked: Checked,
    on_problem: &'a mut dyn FnMut(&Problem),
    lines: Lines,
    /// Whether the package says that this program made it: then its index is byte for byte what this program writes.
    own: bool,
}

impl Check<'_> {
    fn wrong(&mut self, file: &str, what: impl Into<String>) {
        self.wrong_at(file, None, None, what);
    }

    fn wrong_at(&mut self, file: &str, offset: Option<u64>, url: Option<&str>, what: impl Into<String>) {
        let problem = Problem { file: file.to_owned(), offset, url: url.map(str::to_owned), what: what.into() };
        (self.on_problem)(&problem);
        if self.checked.problems.len() < KEPT {
            self.checked.problems.push(problem);
        } else {
            self.checked.further_problems += 1;
        }
    }

    fn io(&self) -> impl Fn(io::Error) -> Error + use<> {
        Error::io(self.root, "checking the package")
    }
}

/// Whether a name ends so, in any case.
fn ends(name: &str, ends: &[&str]) -> bool {
    let name = name.to_ascii_lowercase();
    ends.iter().any(|end| name.ends_with(end))
}

/// Whether a file of a package holds WARC records.
fn is_warc(name: &str) -> bool {
    ends(name, &[".warc.gz", ".warc"])
}

/// Whether it is an index of them.
fn is_index(name: &str) -> bool {
    ends(name, &[".cdx", ".cdxj", ".cdx.gz", ".cdxj.gz"])
}

/// A name without its folders.
fn base(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}
