//! When each site was last crawled, for schedules.

use std::collections::HashMap;

use rusqlite::Connection;

use crate::domain::schedule::Last;
use crate::store::connection::all;
use crate::store::{Error, text};

/// The begin of each site's last walk over its listings, and whether any is still open.
const LAST: &str = "WITH last AS (SELECT site, max(id) AS id FROM walks GROUP BY site) \
    SELECT l.site, w.started_at, EXISTS (SELECT 1 FROM walks o WHERE o.site = l.site AND o.ended_at IS NULL) \
    FROM last l JOIN walks w ON w.id = l.id";

/// Sites that were crawled before, with their last crawl.
pub(super) fn crawls(connection: &Connection) -> Result<HashMap<String, Last>, Error> {
    let rows = all(connection, LAST, [], |row| {
        let columns: (String, String, bool) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(columns)
    })?;
    rows.into_iter()
        .map(|(site, begun_at, open)| Ok((site, Last { begun_at: text::moment("walks", &begun_at)?, open })))
        .collect()
}
