//! How long a place has stood behind its wall. Decides nothing.

use url::Url;

use super::History;
use crate::domain::time::CaptureTime;
use crate::domain::visit::Outcome;
use crate::store::connection::first;
use crate::store::{Error, text};

/// What a place answered each time it was last asked for, without another answer between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stood {
    /// The answer.
    pub outcome: Outcome,
    /// The first time.
    pub from: CaptureTime,
    /// The last time.
    pub to: CaptureTime,
}

impl History {
    /// Since when this place has had the outcome it has; `None` where it was never asked for.
    pub fn stood(&self, url: &Url) -> Result<Option<Stood>, Error> {
        let sql = "SELECT p.outcome, min(c.captured_at), max(c.captured_at) FROM places p \
             JOIN captures c ON c.url = p.url AND c.outcome = p.outcome WHERE p.url = ?1 AND c.id > \
             coalesce((SELECT max(o.id) FROM captures o WHERE o.url = p.url AND o.outcome <> p.outcome), 0) \
             GROUP BY p.url";
        let row = first(&self.connection(), sql, [url.as_str()], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
        })?;
        let Some((outcome, from, to)) = row else { return Ok(None) };
        let Some(outcome) = Outcome::from_word(&outcome) else { return Ok(None) };
        Ok(Some(Stood { outcome, from: text::moment("captures", &from)?, to: text::moment("captures", &to)? }))
    }
}
