//! The SQLite index: schema, migrations, queries.
//!
//! Everything here but the log of events can be rebuilt from the WARC files. Writing happens only through the connection `archive` owns;
//! [`History`] and [`Reader`] open their own read-only ones and never wait for the writer (WAL).

mod connection;
mod error;
mod events;
mod facts;
mod fixity;
mod history;
mod index;
mod migrations;
mod payload;
mod readable;
mod reader;
mod rebuilt;
mod seal;
mod takedown;
mod text;
mod unheld;

use crate::domain::record::Record;

pub use connection::refuse_lost;
pub use error::Error;
pub use events::{Beside, record_event};
pub use facts::{Amounts, Facts, Question};
pub use fixity::{FileRow, Fixity, MemberRow};
pub use history::{
    CachedRobots, Cursor, HeldAnswer, History, Known, OpenMedia, Part, Pending, Stood, Walk, WalkEnd, WalkPage,
};
pub use index::{Again, Difference, ImportSource, Index, JoinedVersion, Member, Placement, Refers, Stored};
pub use readable::{Readable, ReadableCaptures};
pub use reader::{LastRun, Provenance, Reader, SiteStatus, Totals, Withheld};
pub use rebuilt::{Rebuilt, refuse_newer_version};
pub use takedown::{Entry, FILE_NAME as TAKEDOWN_FILE, Takedown, What};
pub use unheld::without_article;

/// Name of the database in the archive folder.
pub const DATABASE: &str = "shiguan.db";

/// Where a WARC file of this name is: under it, or while it is being written under the name with `.open`. One there is no right to
/// look for is looked for under its own name.
pub fn warc_path(dir: &std::path::Path, name: &str) -> std::path::PathBuf {
    let finished = dir.join(name);
    if finished.try_exists().unwrap_or(true) { finished } else { dir.join(format!("{name}.open")) }
}

/// Family and revision of the rules a record was read with.
fn selectors_of(record: &Record) -> &str {
    match record {
        Record::Article(article) => &article.selectors,
        Record::Listing(listing) => &listing.selectors,
        Record::Other(other) => &other.selectors,
    }
}
