//! What the crawl asks of earlier runs. Without an archive (a dry run somewhere new) nothing is known.
//!
//! Every call blocks; the conductor has a clerk make them.

use url::Url;

use crate::archive::{CachedRobots, Cursor, History, Known, OpenMedia, Pending, Stood};
use crate::domain::drift::Found;
use crate::domain::recheck::Visited;
use crate::domain::record::Listing;
use crate::domain::request::Prior;
use crate::domain::time::CaptureTime;
use crate::store::Error;

/// The read side of an archive, where there is one.
#[derive(Debug, Clone)]
pub(super) struct Past {
    history: Option<History>,
}

impl Past {
    pub(super) fn new(history: Option<History>) -> Self {
        Self { history }
    }

    /// Whether there is a past at all.
    pub(super) fn exists(&self) -> bool {
        self.history.is_some()
    }

    /// What is known of each place, in order.
    pub(super) fn known(&self, urls: &[Url]) -> Result<Vec<Known>, Error> {
        match &self.history {
            Some(history) => history.known(urls),
            None => Ok(vec![Known::Unseen; urls.len()]),
        }
    }

    /// What an article's request carries. An earlier capture no record was made of is no reason to be content with a 304.
    pub(super) fn prior_of_article(&self, url: &Url) -> Result<Option<Prior>, Error> {
        Ok(self.prior(url)?.filter(|prior| prior.selectors.is_some()))
    }

    /// What a listing's request carries. An index of sitemaps has no rows of its own and must be read each time.
    pub(super) fn prior_of_listing(&self, url: &Url) -> Result<Option<Prior>, Error> {
        let rowless = self.listing(url)?.is_some_and(|listing| listing.items.is_empty());
        if rowless { Ok(None) } else { self.prior(url) }
    }

    /// What an earlier capture of this place left behind, whatever was made of it.
    pub(super) fn prior(&self, url: &Url) -> Result<Option<Prior>, Error> {
        self.history.as_ref().map_or(Ok(None), |history| history.prior(url))
    }

    /// The listing last read at this place.
    pub(super) fn listing(&self, url: &Url) -> Result<Option<Listing>, Error> {
        self.history.as_ref().map_or(Ok(None), |history| history.listing(url))
    }

    /// Rows of the site's listings that were never settled.
    pub(super) fn pending(&self, site: &str) -> Result<Vec<Pending>, Error> {
        self.history.as_ref().map_or(Ok(Vec::new()), |history| history.pending(site))
    }

    /// The site's last verdict.
    pub(super) fn last_verdict(&self, site: &str) -> Result<Option<String>, Error> {
        self.history.as_ref().map_or(Ok(None), |history| history.last_verdict(site))
    }

    /// Since when a place has had the outcome it has.
    pub(super) fn stood(&self, url: &Url) -> Result<Option<Stood>, Error> {
        self.history.as_ref().map_or(Ok(None), |history| history.stood(url))
    }

    /// What was found in the site's latest articles, newest first; see [`History::found`].
    pub(super) fn found(&self, site: &str, run: i64, doubted_from: CaptureTime) -> Result<Vec<Found>, Error> {
        self.history.as_ref().map_or(Ok(Vec::new()), |history| history.found(site, run, doubted_from))
    }

    /// The site's articles, for a run that rechecks them all.
    pub(super) fn articles(&self, site: &str) -> Result<Vec<Url>, Error> {
        self.history.as_ref().map_or(Ok(Vec::new()), |history| history.articles(site))
    }

    /// The site's articles and what their next visit goes by.
    pub(super) fn visited(&self, site: &str) -> Result<Vec<(Url, Visited)>, Error> {
        self.history.as_ref().map_or(Ok(Vec::new()), |history| history.visited(site))
    }

    /// Where page one stands of the site's articles whose further pages are not all in their records yet.
    pub(super) fn unfinished(&self, site: &str) -> Result<Vec<Url>, Error> {
        self.history.as_ref().map_or(Ok(Vec::new()), |history| history.unfinished(site))
    }

    /// Files of the site's articles that were not asked for yet, from where the cursor stands.
    pub(super) fn open_media(&self, site: &str, cursor: &mut Cursor, most: usize) -> Result<Vec<OpenMedia>, Error> {
        self.history.as_ref().map_or(Ok(Vec::new()), |history| history.open_media(site, cursor, most))
    }

    /// The archive itself, for those who read pages back.
    pub(super) fn history(&self) -> Option<&History> {
        self.history.as_ref()
    }

    /// A host's robots.txt as last captured.
    pub(super) fn robots(&self, authority: &str) -> Result<Option<CachedRobots>, Error> {
        self.history.as_ref().map_or(Ok(None), |history| history.robots(authority))
    }
}
