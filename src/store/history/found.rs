//! What was found in a site's latest articles, for [`crate::domain::drift`]. Decides nothing.

use rusqlite::params;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::History;
use crate::domain::drift::{FIELDS, Found, LOOKED_AT};
use crate::domain::time::CaptureTime;
use crate::domain::verdict::SiteVerdict;
use crate::store::Error;
use crate::store::connection::all;

/// As much of a record as is asked for.
#[derive(Deserialize)]
struct Fields {
    title: Option<IgnoredAny>,
    source: Option<IgnoredAny>,
    published_at: Option<IgnoredAny>,
    credits: Vec<IgnoredAny>,
    body: String,
    breadcrumbs: Vec<IgnoredAny>,
    warnings: Vec<String>,
}

impl Fields {
    /// In the order of [`FIELDS`]. A day that only the address tells was not found on the page.
    fn found(&self) -> [bool; FIELDS.len()] {
        let warns = |code: &str| self.warnings.iter().any(|warning| warning == code);
        [
            self.title.is_some(),
            self.source.is_some(),
            self.published_at.is_some() && !warns("published-from-url"),
            !self.credits.is_empty(),
            !self.body.is_empty(),
            !self.breadcrumbs.is_empty(),
            !warns("selectors-missed"),
        ]
    }
}

impl History {
    /// The site's latest articles, newest first, gone ones left out. Those read by a run since `doubted_from` whose verdict was
    /// that selectors missed are marked.
    pub fn found(&self, site: &str, run: i64, doubted_from: CaptureTime) -> Result<Vec<Found>, Error> {
        let sql = "SELECT c.run_id = ?2, c.captured_at >= ?3 AND EXISTS (SELECT 1 FROM site_runs s \
             WHERE s.site = a.site AND s.run_id = c.run_id AND s.verdict = ?4), v.record \
             FROM articles a JOIN article_versions v ON v.id = a.version_id JOIN captures c ON c.id = v.capture_id \
             WHERE a.site = ?1 AND a.gone_at IS NULL ORDER BY a.id DESC LIMIT ?5";
        let missed = SiteVerdict::SelectorsMissed.as_str();
        let most = i64::try_from(LOOKED_AT).unwrap_or(i64::MAX);
        let parameters = params![site, run, doubted_from.to_micros_string(), missed, most];
        // Each record is read and let go of: four hundred of them together may be large.
        let rows = all(&self.connection(), sql, parameters, |row| {
            let record = row.get_ref(2)?.as_str().map(serde_json::from_str::<Fields>)?;
            Ok((row.get::<_, bool>(0)?, row.get::<_, bool>(1)?, record.map(|fields| fields.found())))
        })?;
        let read = |(now, doubted, found): (bool, bool, serde_json::Result<[bool; FIELDS.len()]>)| {
            let damaged = |error: serde_json::Error| Error::Damaged {
                table: "article_versions",
                what: format!("{site}: {error}"),
            };
            Ok(Found { now, doubted, fields: found.map_err(damaged)? })
        };
        rows.into_iter().map(read).collect()
    }
}
