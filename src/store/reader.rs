//! Rows for exports and figures for `status`, over a read-only connection.

mod articles;
mod captures;
mod last;
mod pages;
mod reflections;
mod status;

use std::collections::HashMap;
use std::path::Path;

use rusqlite::Connection;

use super::Error;
use super::connection::open_for_reading;
use crate::domain::held::{Filter, HeldArticle, HeldCapture, HeldReflection};
use crate::domain::schedule::Last;
use pages::Pages;
pub use status::{SiteStatus, Totals};

/// A read-only view of an archive, one snapshot for its whole life: what a run commits meanwhile is not seen, so that
/// the tables of one export fit each other.
#[derive(Debug)]
pub struct Reader {
    connection: Connection,
}

impl Reader {
    /// Opens the archive in this folder.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        let connection = open_for_reading(dir)?;
        // The snapshot begins with the first read.
        connection
            .execute_batch("BEGIN; SELECT count(*) FROM meta;")
            .map_err(super::connection::place(&dir.join(super::DATABASE), "beginning to read"))?;
        Ok(Self { connection })
    }

    /// Articles, in the order they were first held.
    pub fn articles(&self, filter: &Filter) -> impl Iterator<Item = Result<HeldArticle, Error>> {
        Pages::new(&self.connection, articles::query(filter), articles::read)
    }

    /// Reflections of the articles' current versions, in article order.
    pub fn reflections(&self, filter: &Filter) -> impl Iterator<Item = Result<HeldReflection, Error>> {
        Pages::new(&self.connection, reflections::query(filter), reflections::read)
    }

    /// Captures in the order they were made, failures included.
    pub fn captures(&self, filter: &Filter) -> impl Iterator<Item = Result<HeldCapture, Error>> {
        Pages::new(&self.connection, captures::query(filter), captures::read)
    }

    /// Figures a site, by site id.
    pub fn status(&self) -> Result<Vec<SiteStatus>, Error> {
        status::sites(&self.connection)
    }

    /// When each site was last crawled, by site id.
    pub fn last_crawls(&self) -> Result<HashMap<String, Last>, Error> {
        last::crawls(&self.connection)
    }

    /// Figures of the archive.
    pub fn totals(&self) -> Result<Totals, Error> {
        status::totals(&self.connection)
    }
}
