//! The SQLite index: schema, migrations, queries.
//!
//! Everything here can be rebuilt from the WARC files. Writing happens only through the connection `archive` owns;
//! [`History`] and [`Reader`] open their own read-only ones and never wait for the writer (WAL).

mod error;
mod history;
mod reader;

pub use error::Error;
pub use history::{CachedRobots, History, Known, Pending, Walk, WalkEnd, WalkPage};
pub use reader::{Reader, SiteStatus, Totals};

/// Name of the database in the archive folder.
pub const DATABASE: &str = "shiguan.db";
