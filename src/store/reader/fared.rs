//! How each site fared in its last run.

use rusqlite::Connection;

use crate::domain::fared::Fared;
use crate::domain::time::CaptureTime;
use crate::store::connection::all;
use crate::store::{Error, text};

/// A site's last run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastRun {
    /// When it ended.
    pub ended_at: CaptureTime,
    /// How the site fared.
    pub fared: Fared,
}

const LAST: &str = "SELECT s.site, s.verdict, s.why, coalesce(r.ended_at, r.started_at), \
    s.requests, s.listings, s.new, s.changed, s.unchanged, s.missing, s.not_news, s.failed \
    FROM site_runs s JOIN runs r ON r.id = s.run_id \
    WHERE s.run_id = (SELECT max(run_id) FROM site_runs l WHERE l.site = s.site) ORDER BY s.site";

/// Sites by id; those of archives made before the verdicts were kept appear with their next run.
pub(super) fn last_runs(connection: &Connection) -> Result<Vec<LastRun>, Error> {
    let rows = all(connection, LAST, [], |row| {
        let mut figures = [0; 8];
        for (at, figure) in figures.iter_mut().enumerate() {
            *figure = row.get::<_, i64>(at + 4)?.unsigned_abs();
        }
        let fared = Fared { site: row.get(0)?, verdict: row.get(1)?, why: row.get(2)?, figures };
        Ok((row.get::<_, String>(3)?, fared))
    })?;
    rows.into_iter()
        .map(|(ended_at, fared)| Ok(LastRun { ended_at: text::moment("runs", &ended_at)?, fared }))
        .collect()
}
