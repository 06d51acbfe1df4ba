//! Rows of images and attachments: the files an article shows or offers, and what became of each.
//!
//! A file is known by its place, the normalised address that is asked for; what became of the place is said in the row of
//! every article that names it. Only a file that was had has a digest, a size and a type: a page in its place has none.

use rusqlite::params;
use url::Url;

use super::captures::Seen;
use super::{Error, Index};
use crate::domain::address;
use crate::domain::article::Article;
use crate::domain::visit::Outcome;
use crate::store::text::{Text, text};

/// The word for a file without an address to ask for.
const NO_ADDRESS: &str = "not-fetchable";

/// Redirects followed from a file's address to the file.
const HOPS: usize = 10;

/// What is known of a file.
#[derive(Default)]
struct State {
    payload_digest: Option<String>,
    bytes: Option<i64>,
    media_type: Option<String>,
    outcome: Option<String>,
}

/// What a capture of a file says, and where it leads.
struct Told {
    state: State,
    redirect_to: Option<String>,
    via: Option<String>,
}

impl Index {
    /// Gives rows of an archive that was made before files were fetched their places.
    pub(super) fn name_places(&self) -> Result<(), Error> {
        for table in ["images", "attachments"] {
            let nameless = format!("SELECT url FROM {table} WHERE outcome IS NULL AND place IS NULL LIMIT 1");
            while let Some(url) = self.row(&nameless, [], |row| row.get::<_, String>(0))? {
                let place = place_of(&url);
                let outcome = place.is_none().then_some(NO_ADDRESS);
                self.write(
                    &format!("UPDATE {table} SET place = ?2, outcome = ?3 WHERE url = ?1 AND place IS NULL"),
                    params![url, place.as_ref().map(Url::as_str), outcome],
                )?;
            }
        }
        Ok(())
    }

    /// The files of an article's current version, with what is known of them already.
    pub(super) fn write_media(&self, id: i64, article: &Article) -> Result<(), Error> {
        for (ordinal, image) in (1_i64..).zip(&article.images) {
            let (place, state) = self.known_media(&image.url)?;
            let (alt, caption) = (text(image.alt.as_deref()), text(image.caption.as_deref()));
            self.write(
                "INSERT INTO images (article_id, ordinal, url, alt, caption, place, payload_digest, bytes, media_type, \
                 outcome) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                params![
                    id,
                    ordinal,
                    Text::from(image.url.as_str()),
                    alt,
                    caption,
                    place.as_ref().map(Url::as_str),
                    state.payload_digest,
                    state.bytes,
                    state.media_type,
                    state.outcome,
                ],
            )?;
        }
        for (ordinal, file) in (1_i64..).zip(&article.attachments) {
            let (place, state) = self.known_media(&file.url)?;
            self.write(
                "INSERT INTO attachments (article_id, ordinal, url, name, place, payload_digest, bytes, media_type, \
                 outcome) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    id,
                    ordinal,
                    Text::from(file.url.as_str()),
                    Text::from(file.name.as_str()),
                    place.as_ref().map(Url::as_str),
                    state.payload_digest,
                    state.bytes,
                    state.media_type,
                    state.outcome,
                ],
            )?;
        }
        Ok(())
    }

    /// Says in the rows of every article that names this file what became of it. The end of a chain of redirects speaks
    /// for every place on its way.
    pub(super) fn store_media(&self, seen: &Seen<'_>) -> Result<(), Error> {
        let request = &seen.visit.request;
        if !request.purpose.is_media() {
            return Ok(());
        }
        let Some(told) = self.told(request.url.as_str())? else { return Ok(()) };
        let mut place = request.url.to_string();
        let mut before = told.via;
        for _ in 0..=HOPS {
            self.write_state(&place, &told.state)?;
            let Some(earlier) = before.take() else { break };
            let Some(hop) = self.told(&earlier)?.filter(|hop| hop.redirect_to.as_deref() == Some(&place)) else {
                break;
            };
            (place, before) = (earlier, hop.via);
        }
        Ok(())
    }

    /// Notes of a file that will not be asked for why that is so.
    pub fn skip_media(&self, place: &Url, why: &str) -> Result<(), Error> {
        self.write_state(place.as_str(), &State { outcome: Some(why.to_owned()), ..State::default() })
    }

    fn write_state(&self, place: &str, state: &State) -> Result<(), Error> {
        for sql in [
            "UPDATE images SET payload_digest = ?2, bytes = ?3, media_type = ?4, outcome = ?5 WHERE place = ?1",
            "UPDATE attachments SET payload_digest = ?2, bytes = ?3, media_type = ?4, outcome = ?5 WHERE place = ?1",
        ] {
            self.write(sql, params![place, state.payload_digest, state.bytes, state.media_type, state.outcome])?;
        }
        Ok(())
    }

    /// Where a file is asked for, and what is known of it.
    fn known_media(&self, url: &str) -> Result<(Option<Url>, State), Error> {
        let Some(place) = place_of(url) else {
            return Ok((None, State { outcome: Some(NO_ADDRESS.to_owned()), ..State::default() }));
        };
        let mut next = Some(place.to_string());
        let mut state = State::default();
        for _ in 0..=HOPS {
            let Some(url) = next.take() else { break };
            let Some(told) = self.told(&url)? else { break };
            (state, next) = (told.state, told.redirect_to);
        }
        Ok((Some(place), state))
    }

    /// What the last visit to a file said; `None` where it was never asked for as a file.
    fn told(&self, url: &str) -> Result<Option<Told>, Error> {
        self.row(
            "SELECT c.outcome, c.payload_digest, c.bytes, c.media_type, c.redirect_to, c.via FROM places p \
             JOIN captures c ON c.id = p.latest_id WHERE p.url = ?1 AND c.purpose IN ('image', 'attachment')",
            [url],
            |row| {
                let outcome: String = row.get(0)?;
                let had = outcome == Outcome::Ok.as_str();
                let state = State {
                    payload_digest: row.get::<_, Option<String>>(1)?.filter(|_| had),
                    bytes: row.get::<_, Option<i64>>(2)?.filter(|_| had),
                    media_type: row.get::<_, Option<String>>(3)?.filter(|_| had),
                    outcome: Some(outcome),
                };
                let redirect_to = row.get::<_, Option<String>>(4)?.and_then(|url| place_of(&url)).map(String::from);
                Ok(Told { state, redirect_to, via: row.get(5)? })
            },
        )
    }
}

/// The address a file is asked for at.
fn place_of(url: &str) -> Option<Url> {
    let url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    Some(address::normalise(&url))
}
