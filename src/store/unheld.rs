//! At which addresses no article is held. Reads beside whoever writes, so the seal is not asked for.

use std::path::Path;

use url::Url;

use super::Error;
use super::connection::{first, open_for_reading};

/// Those of these normalised addresses at which this archive holds no article, in their order.
pub fn without_article<'a>(dir: &Path, urls: impl IntoIterator<Item = &'a Url>) -> Result<Vec<&'a Url>, Error> {
    let connection = open_for_reading(dir)?;
    let mut without = Vec::new();
    for url in urls {
        let held = first(&connection, "SELECT 1 FROM article_urls WHERE url = ?1", [url.as_str()], |_| Ok(()))?;
        if held.is_none() {
            without.push(url);
        }
    }
    Ok(without)
}
