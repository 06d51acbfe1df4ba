//! The streaming hand-over: an archive, or what a filter chooses of it, into a package other institutions can open.
//!
//! Captures are taken as whole gzip members, byte for byte, and each is held against its SHA-256 on the way: damage ends
//! the hand-over and is never passed on. A hand-over reads one snapshot of the index, takes no lock, and holds one record
//! and a bounded number of index lines in memory, whatever the archive's size. It appears under its name when it is
//! whole, and not before.

mod bagit;
mod check;
mod entry;
mod error;
pub mod metadata;
mod places;
mod readme;
mod shown;
mod sorted;
mod source;
mod tables;
mod wacz;

use std::path::{Path, PathBuf};

use serde::Serialize;

pub use crate::domain::held::Filter;
use crate::domain::held::HeldPage;
pub use crate::package::wacz::About;
use crate::segment::Query;
pub use bagit::{Beside, bagit};
pub use check::{Checked, check};
pub use entry::entry;
pub use error::Error;
use source::Part;
pub use wacz::wacz;

/// What is to be handed over.
#[derive(Debug, Clone)]
pub struct Job {
    /// The archive folder.
    pub dir: PathBuf,
    /// Which articles; the default is everything, captures that belong to no article included.
    pub filter: Filter,
    /// Of them only those this search finds.
    pub query: Option<Asked>,
    /// What the package says of itself. Its description is completed with the figures, its archive id from the index.
    pub about: About,
}

/// A search by which articles are chosen.
#[derive(Debug, Clone)]
pub struct Asked {
    /// As it was typed.
    pub typed: String,
    /// What it means.
    pub query: Query,
}

/// What was handed over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Where it is.
    #[serde(serialize_with = "in_words")]
    pub package: PathBuf,
    /// WARC files.
    pub files: u64,
    /// Captures.
    pub captures: u64,
    /// Bytes of WARC records.
    pub warc_bytes: u64,
    /// Pages named to begin reading at.
    pub pages: u64,
}

/// Figures of what will be written.
fn figures(path: &Path, parts: &[Part]) -> Summary {
    Summary {
        package: path.to_owned(),
        files: parts.len() as u64,
        captures: parts.iter().map(|part| part.captures).sum(),
        warc_bytes: parts.iter().map(|part| part.bytes).sum(),
        pages: 0,
    }
}

/// The package's description, completed with what was found.
fn described(about: &About, summary: &Summary, archive_id: Option<String>, withheld: Option<&str>) -> About {
    let mut figures =
        format!("{} captures in {} WARC files, {} bytes", summary.captures, summary.files, summary.warc_bytes);
    if let Some(withheld) = withheld {
        figures.extend(["; ", withheld]);
    }
    let description = if about.description.is_empty() { figures } else { format!("{}; {figures}", about.description) };
    About { description, archive_id: archive_id.unwrap_or_default(), ..about.clone() }
}

/// A path as far as it is text: names of files need not be, and JSON is.
fn in_words<S: serde::Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

/// What a listing is called, which has no headline.
fn listing_title(page: &HeldPage) -> String {
    format!("{} {}", page.site.as_deref().unwrap_or("列表"), page.url)
}

/// Packages are readable as their users' files are, not only by their owner as temporary files are.
fn file_mode() -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::Permissions::from_mode(0o644)
}
