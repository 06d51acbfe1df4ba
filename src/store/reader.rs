//! Rows for exports and figures for `status`, over a read-only connection.

use std::path::Path;

use super::Error;
use crate::domain::held::{Filter, HeldArticle, HeldCapture, HeldReflection};

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
    /// Failed requests of that run.
    pub failed: i64,
    /// Articles held.
    pub articles: i64,
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

/// A read-only view of an archive, one snapshot for its whole life.
#[derive(Debug)]
pub struct Reader {}

#[expect(clippy::todo, clippy::unused_self, reason = "signatures first; bodies follow")]
impl Reader {
    /// Opens the archive in this folder.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        let _ = dir;
        todo!()
    }

    /// Articles, in the order they were first held.
    pub fn articles(&self, filter: &Filter) -> impl Iterator<Item = Result<HeldArticle, Error>> {
        let _ = filter;
        std::iter::empty()
    }

    /// Reflections of the articles' current versions, in article order.
    pub fn reflections(&self, filter: &Filter) -> impl Iterator<Item = Result<HeldReflection, Error>> {
        let _ = filter;
        std::iter::empty()
    }

    /// Captures in the order they were made, failures included.
    pub fn captures(&self, filter: &Filter) -> impl Iterator<Item = Result<HeldCapture, Error>> {
        let _ = filter;
        std::iter::empty()
    }

    /// Figures a site, by site id.
    pub fn status(&self) -> Result<Vec<SiteStatus>, Error> {
        todo!()
    }

    /// Figures of the archive.
    pub fn totals(&self) -> Result<Totals, Error> {
        todo!()
    }
}
