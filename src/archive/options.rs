//! What an archive needs to be told when it is opened for writing.

use std::path::PathBuf;
use std::time::Duration;

use crate::warc::Version;

/// Settings of one opened archive. Nothing here changes while it is open.
#[derive(Debug, Clone)]
pub struct Options {
    /// The archive folder; made (0750) where absent.
    pub dir: PathBuf,
    /// Form of the records written.
    pub warc_version: Version,
    /// A WARC file at least this long is finished and a new one begun, in bytes.
    pub roll_at_bytes: u64,
    /// Least free space to leave on the disk, in bytes; `None` for 1 GiB or 5 % of the disk, whichever is smaller.
    pub free_space_floor: Option<u64>,
    /// Size of the index's write-ahead log at which a run ends, where another program's reading keeps it from being cut, in
    /// bytes.
    pub log_most_bytes: u64,
    /// How long a visit may wait to be made safe together with those that come after it. A group costs one flush to the
    /// disk and one round of the index whatever its size, so a crawl that is in no hurry anyway is far cheaper.
    pub gather: Duration,
    /// Program and version, for `warcinfo`.
    pub software: String,
    /// Who runs the crawl, for `warcinfo`.
    pub operator: Option<String>,
    /// Address a site's owner can write to, for `warcinfo`.
    pub contact: Option<String>,
    /// How robots.txt is treated, for `warcinfo`: `obey` or `ignore`.
    pub robots_policy: String,
    /// Ids of the sites the run is about, for `warcinfo`.
    pub sites: Vec<String>,
    /// `User-Agent` as sent, for `warcinfo`.
    pub user_agent: String,
}

impl Options {
    /// A WARC file is closed at about one gigabyte, as the IIPC guidelines advise.
    pub const ROLL_AT_BYTES: u64 = 1_000_000_000;

    /// With one more group of visits a log of this size stays under 512 MiB (RELIABILITY D8).
    pub const LOG_MOST_BYTES: u64 = 448 << 20;

    /// The longest a visit is let wait, whatever the pace: what a crash in between loses is asked for again.
    pub const GATHER_MOST: Duration = Duration::from_millis(250);

    /// How long visits may be gathered where no host is asked again before `delay` is over: a quarter of it, so that what a
    /// page leads to is known long before its host's next turn.
    pub fn gather_within(delay: Duration) -> Duration {
        (delay / 4).min(Self::GATHER_MOST)
    }

    /// The defaults of the contract for this folder: WARC 1.1, files of 1 GB, robots obeyed.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            warc_version: Version::V1_1,
            roll_at_bytes: Self::ROLL_AT_BYTES,
            free_space_floor: None,
            log_most_bytes: Self::LOG_MOST_BYTES,
            gather: Duration::ZERO,
            software: format!("shiguan/{}", env!("CARGO_PKG_VERSION")),
            operator: None,
            contact: None,
            robots_policy: "obey".to_owned(),
            sites: Vec::new(),
            user_agent: String::new(),
        }
    }
}
