//! Files of articles that nobody has asked for yet.

use rusqlite::params;
use url::Url;

use super::History;
use crate::domain::request::Purpose;
use crate::store::connection::all;
use crate::store::{Error, text};

/// Where a look through the open files of a site has got to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cursor {
    /// Images first, then attachments.
    of_attachments: bool,
    behind: (i64, i64),
}

/// A file to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenMedia {
    /// Where it is, normalised.
    pub place: Url,
    /// Image or attachment.
    pub purpose: Purpose,
    /// The article that names it.
    pub via: Option<Url>,
}

impl History {
    /// The next files of the site's articles of which it is not known what became of them, at most `most`; none at the
    /// end. Each call goes on behind the one before, so that a file is met once, whatever becomes of it.
    pub fn open_media(&self, site: &str, cursor: &mut Cursor, most: usize) -> Result<Vec<OpenMedia>, Error> {
        loop {
            let (table, purpose) =
                if cursor.of_attachments { ("attachments", Purpose::Attachment) } else { ("images", Purpose::Image) };
            let sql = format!(
                "SELECT m.article_id, m.ordinal, m.place, a.url FROM {table} m JOIN articles a ON a.id = m.article_id \
                 WHERE m.outcome IS NULL AND m.place IS NOT NULL AND a.site = ?1 \
                 AND (m.article_id, m.ordinal) > (?2, ?3) ORDER BY m.article_id, m.ordinal LIMIT ?4"
            );
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            let (article, ordinal) = cursor.behind;
            let rows = all(&self.connection(), &sql, params![site, article, ordinal, most], |row| {
                let columns: (i64, i64, String, Option<String>) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
                Ok(columns)
            })?;
            if rows.is_empty() && !cursor.of_attachments {
                *cursor = Cursor { of_attachments: true, behind: (0, 0) };
                continue;
            }
            let mut open = Vec::with_capacity(rows.len());
            for (article, ordinal, place, via) in rows {
                cursor.behind = (article, ordinal);
                let via = via.and_then(|url| Url::parse(&url).ok());
                open.push(OpenMedia { place: text::url(table, &place)?, purpose, via });
            }
            return Ok(open);
        }
    }
}
