//! Files of articles: asked for when a site's pages are done, a batch at a time.
//!
//! The index is the list of what is open, so that a run that was cut off goes on where it was and memory stays flat.

use url::Url;

use super::plan::Origin;
use super::{Conductor, blocking};
use crate::crawl::settle::Settled;
use crate::crawl::{Error, Progress};
use crate::domain::request::FetchRequest;
use crate::domain::visit::Outcome;
use crate::frontier::{Offer, Skip};

/// Files planned at once.
const BATCH: usize = 256;

impl<P: Progress> Conductor<P> {
    /// Plans files of a site's articles until some are under way or none is left.
    pub(super) async fn plan_media(&mut self, at: usize) -> Result<(), Error> {
        loop {
            let Some(run) = self.sites.get(at).filter(|run| run.site.media && run.open == 0) else { return Ok(()) };
            let (site, mut cursor) = (run.site.id.clone(), run.media);
            let (open, cursor) = blocking(&self.desk, move |desk| {
                let open = desk.past.open_media(&site, &mut cursor, BATCH)?;
                Ok((open, cursor))
            })
            .await?;
            if let Some(run) = self.sites.get_mut(at) {
                run.media = cursor;
            }
            if open.is_empty() {
                return Ok(());
            }
            let mut elsewhere = Vec::new();
            for file in open {
                let origin = Origin { via: file.via, ..Origin::default() };
                let request = self.request(at, file.place.clone(), file.purpose, origin);
                if self.plan(at, request).await? == Offer::Refused(Skip::OtherHost) {
                    elsewhere.push(file.place);
                }
            }
            self.not_asked(at, Skip::OtherHost, elsewhere).await?;
        }
    }

    /// Notes files that this run will not ask for. What a limit or a dead host held up stays open for the next run.
    pub(super) async fn not_asked(&mut self, at: usize, why: Skip, places: Vec<Url>) -> Result<(), Error> {
        if let Some(run) = self.sites.get_mut(at) {
            run.summary.counts.media.not_asked += places.len() as u64;
        }
        let word = match why {
            Skip::OtherHost => "other-host",
            Skip::Robots => "robots",
            Skip::Hops => "hops",
            Skip::PageLimit
            | Skip::HostStopped
            | Skip::Postponed
            | Skip::OutsideWindow
            | Skip::Challenged
            | Skip::Trap => return Ok(()),
        };
        match &self.archive {
            Some(archive) if !places.is_empty() => Ok(archive.skip_media(word, places).await?),
            Some(_) | None => Ok(()),
        }
    }

    /// Counts a file that was asked for.
    pub(super) fn file_settled(&mut self, at: usize, settled: &Settled) {
        let Some(run) = self.sites.get_mut(at) else { return };
        let media = &mut run.summary.counts.media;
        if settled.outcome == Outcome::Ok {
            media.files += 1;
            media.bytes += settled.bytes;
        } else if settled.outcome != Outcome::Redirect {
            media.missing += 1;
        }
    }

    /// A file's address leads to one that is not asked for: that is what became of the file.
    pub(super) async fn file_redirected(&mut self, at: usize, from: &FetchRequest, offer: Offer) -> Result<(), Error> {
        match offer {
            Offer::Refused(why) => self.not_asked(at, why, vec![from.url.clone()]).await,
            Offer::Planned | Offer::Known => Ok(()),
        }
    }
}
