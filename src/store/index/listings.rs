//! Rows of listing pages: the page as last read, and every row it ever named.

use rusqlite::params;

use super::captures::Seen;
use super::{Error, Index};
use crate::domain::address;
use crate::domain::record::Listing;
use crate::domain::request::{FetchRequest, Purpose};
use crate::domain::visit::Outcome;
use crate::store::text::{Text, text};

impl Index {
    pub(super) fn store_listing(&self, seen: &Seen<'_>) -> Result<(), Error> {
        let request = &seen.visit.request;
        match seen.visit.extraction.as_ref().and_then(|extraction| extraction.record.listing()) {
            Some(listing) => self.replace_listing(seen, listing),
            None if seen.visit.outcome == Outcome::Unchanged && request.walk.is_some() => {
                // The page says what it said before; it belongs to this walk now.
                self.write(
                    "UPDATE listings SET walk_id = ?2, capture_id = ?3 WHERE url = ?1",
                    params![request.url.as_str(), request.walk, seen.id],
                )?;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn replace_listing(&self, seen: &Seen<'_>, listing: &Listing) -> Result<(), Error> {
        let request = &seen.visit.request;
        let record = serde_json::to_string(listing)
            .map_err(|error| Error::Damaged { table: "listings", what: format!("{}: {error}", request.url) })?;
        self.write(
            "INSERT INTO listings (url, site, walk_id, capture_id, record) VALUES (?1, ?2, ?3, ?4, ?5) \
             ON CONFLICT (url) DO UPDATE SET site = ?2, walk_id = ?3, capture_id = ?4, record = ?5",
            params![request.url.as_str(), Text::from(request.site.as_str()), request.walk, seen.id, record],
        )?;
        if !matches!(request.purpose, Purpose::Seed | Purpose::Listing) {
            // A page a listing links to is not followed further, whatever it turned out to be.
            return Ok(());
        }
        self.name_items(request, listing, false)?;
        Ok(())
    }

    /// Notes the rows a listing names; gives how many were not known. A dry call notes none.
    pub(super) fn name_items(&self, request: &FetchRequest, listing: &Listing, dry: bool) -> Result<usize, Error> {
        let mut unknown = 0;
        for item in &listing.items {
            let Some(url) = &item.url else { continue };
            let url = address::normalise(url);
            if dry {
                let held = self.row("SELECT 1 FROM listing_items WHERE url = ?1", [url.as_str()], |_| Ok(()))?;
                unknown += usize::from(held.is_none());
                continue;
            }
            unknown += self.write(
                "INSERT INTO listing_items (url, site, title, date, listing_url) VALUES (?1, ?2, ?3, ?4, ?5) \
                 ON CONFLICT (url) DO NOTHING",
                params![
                    url.as_str(),
                    Text::from(request.site.as_str()),
                    Text::from(item.title.as_str()),
                    text(item.date.map(|date| date.to_string()).as_deref()),
                    request.url.as_str(),
                ],
            )?;
        }
        Ok(unknown)
    }

    /// Another reading of a listing page in the place of the one held.
    pub(super) fn replace_listing_record(&self, url: &url::Url, listing: &Listing) -> Result<(), Error> {
        let record = serde_json::to_string(listing)
            .map_err(|error| Error::Damaged { table: "listings", what: format!("{url}: {error}") })?;
        self.write("UPDATE listings SET record = ?2 WHERE url = ?1", params![url.as_str(), record])?;
        Ok(())
    }
}
