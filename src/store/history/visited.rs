//! When a site's articles were last asked for, for the recheck policy. Decides nothing.

use url::Url;

use super::History;
use crate::domain::recheck::Visited;
use crate::domain::time::Date;
use crate::store::connection::all;
use crate::store::{Error, text};

impl History {
    /// The site's articles, also those that are gone, and what their next visit goes by. The last visit is the last one
    /// committed to any of an article's addresses, whatever came of it: after a clock was set back, that is not the one
    /// with the latest moment.
    pub fn visited(&self, site: &str) -> Result<Vec<(Url, Visited)>, Error> {
        let sql = "SELECT a.url, a.published_on, a.first_seen, c.captured_at FROM articles a JOIN captures c ON c.id = \
             (SELECT max(p.latest_id) FROM article_urls u JOIN places p ON p.url = u.url WHERE u.article_id = a.id) \
             WHERE a.site = ?1 AND a.url IS NOT NULL ORDER BY a.id";
        let rows = all(&self.connection(), sql, [site], |row| {
            let columns: (String, Option<String>, String, String) =
                (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            Ok(columns)
        })?;
        let read = |(url, published_on, first_seen, last): (String, Option<String>, String, String)| {
            let visited = Visited {
                published_on: published_on.as_deref().and_then(Date::parse),
                first_seen: text::moment("articles", &first_seen)?,
                last: text::moment("captures", &last)?,
            };
            Ok((text::url("articles", &url)?, visited))
        };
        rows.into_iter().map(read).collect()
    }
}
