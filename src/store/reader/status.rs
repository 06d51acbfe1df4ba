//! Figures: a site's last run, and the whole archive.

use rusqlite::Connection;

use crate::store::Error;
use crate::store::connection::{all, first};

/// A site's figures for `status`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct SiteStatus {
    /// Site id.
    pub site: String,
    /// Start of the last run that visited it, RFC 3339.
    pub last_run: Option<String>,
    /// Articles first held in that run.
    pub new: i64,
    /// Articles changed in that run.
    pub changed: i64,
    /// Articles found gone in that run.
    pub gone: i64,
    /// URLs of that run whose last answer was a failure.
    pub failed: i64,
    /// Articles held, gone ones included.
    pub articles: i64,
    /// How the run ended for the site: `ok`, or the word of what went wrong; `None` while a run has not ended.
    pub verdict: Option<String>,
    /// The same for people: why the site failed, else the traps it led into.
    pub why: Option<String>,
}

/// Figures of the whole archive.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Totals {
    /// Runs begun.
    pub runs: i64,
    /// Captures held, failures included.
    pub captures: i64,
    /// Articles held, gone ones included.
    pub articles: i64,
    /// Reflections of the current versions.
    pub reflections: i64,
    /// WARC files.
    pub warc_files: i64,
    /// Bytes of indexed WARC records.
    pub warc_bytes: i64,
}

/// A run that asked nothing of a site, because its window was shut, has no captures of it and was its last all the same.
const SITES: &str = "WITH last AS (SELECT site, max(run_id) AS run_id FROM ( \
        SELECT site, max(run_id) AS run_id FROM captures GROUP BY site UNION ALL \
        SELECT site, max(run_id) FROM site_runs GROUP BY site) GROUP BY site) \
    SELECT l.site, r.started_at, \
    count(DISTINCT iif(c.change = 'new', c.url, NULL)), count(DISTINCT iif(c.change = 'changed', c.url, NULL)), \
    count(DISTINCT iif(c.change = 'gone', c.url, NULL)), \
    count(DISTINCT iif(p.latest_id = c.id AND c.outcome IN \
        ('refused', 'challenged', 'login-wall', 'campus-only', 'server-error', 'unreadable', 'truncated', 'unreachable', 'forbidden') \
        AND c.purpose NOT IN ('image', 'attachment'), c.url, NULL)), \
    (SELECT count(*) FROM articles a WHERE a.site = l.site), s.verdict, s.why \
    FROM last l JOIN runs r ON r.id = l.run_id LEFT JOIN captures c ON c.site = l.site AND c.run_id = l.run_id \
    LEFT JOIN site_runs s ON s.site = l.site AND s.run_id = l.run_id LEFT JOIN places p ON p.url = c.url GROUP BY l.site ORDER BY l.site";

pub(super) fn sites(connection: &Connection) -> Result<Vec<SiteStatus>, Error> {
    all(connection, SITES, [], |row| {
        Ok(SiteStatus {
            site: row.get(0)?,
            last_run: row.get(1)?,
            new: row.get(2)?,
            changed: row.get(3)?,
            gone: row.get(4)?,
            failed: row.get(5)?,
            articles: row.get(6)?,
            verdict: row.get(7)?,
            why: row.get(8)?,
        })
    })
}

const TOTALS: &str = "SELECT (SELECT count(*) FROM runs), (SELECT count(*) FROM captures), \
    (SELECT count(*) FROM articles), (SELECT count(*) FROM reflections), (SELECT count(*) FROM warc_files), \
    (SELECT coalesce(sum(length), 0) FROM members)";

pub(super) fn totals(connection: &Connection) -> Result<Totals, Error> {
    let totals = first(connection, TOTALS, [], |row| {
        Ok(Totals {
            runs: row.get(0)?,
            captures: row.get(1)?,
            articles: row.get(2)?,
            reflections: row.get(3)?,
            warc_files: row.get(4)?,
            warc_bytes: row.get(5)?,
        })
    })?;
    Ok(totals.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::visit::Outcome;

    #[test]
    fn the_failures_counted_are_the_contracts() {
        let (_, failures) = SITES.split_once(" IN ").unwrap();
        let (failures, _) = failures.split_once(')').unwrap();
        for outcome in Outcome::ALL {
            let word = format!("'{}'", outcome.as_str());
            assert_eq!(failures.contains(&word), outcome.is_failure(), "{word}");
        }
    }
}
