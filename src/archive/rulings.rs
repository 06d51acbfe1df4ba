//! What `works.toml` rules in vain: addresses at which no article is held.
//!
//! A ruling on them does nothing, and may be a slip of the pen; it may as well be early, so it is told and is no error.

use std::collections::HashSet;
use std::path::Path;

use super::error::Error;
use super::folder;
use crate::near;
use crate::store::without_article;

/// A sentence for each such address of this archive's `works.toml`: file, line, entry, address. Asked for after a run, which may
/// have brought the article.
pub fn vain_rulings(dir: &Path) -> Result<Vec<String>, Error> {
    let rulings = folder::rulings(dir)?;
    if rulings.named.is_empty() {
        return Ok(Vec::new());
    }
    let without: HashSet<_> = without_article(dir, rulings.named.iter().map(|named| &named.url))?.into_iter().collect();
    let path = dir.join(near::RULINGS_FILE);
    let vain = rulings.named.iter().filter(|named| without.contains(&named.url));
    let say = |named: &near::Named| {
        let near::Named { verdict, entry, line, url } = named;
        let (path, verdict) = (path.display(), verdict.as_str());
        format!("{path}:{line}: [[{verdict}]] {entry}: articles: {url}: no article is held at this address")
    };
    Ok(vain.map(say).collect())
}
