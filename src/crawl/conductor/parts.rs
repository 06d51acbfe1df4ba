//! Further pages of articles: asked for one after the other, joined when the last one is there.

use url::Url;

use super::plan::Origin;
use super::{Conductor, blocking};
use crate::crawl::parts::{Absent, Step};
use crate::crawl::settle::Settled;
use crate::crawl::{Error, Progress};
use crate::domain::request::{FetchRequest, Prior, Purpose};
use crate::domain::visit::ArticleChange;
use crate::frontier::{Offer, Skip};

impl<P: Progress> Conductor<P> {
    /// Takes up articles that earlier runs left unfinished.
    pub(super) async fn take_up_parts(&mut self, at: usize) -> Result<(), Error> {
        let Some(site) = self.sites.get(at).map(|run| run.site.id.clone()) else { return Ok(()) };
        let unfinished = blocking(&self.desk, move |desk| Ok(desk.past.unfinished(&site)?)).await?;
        for first in unfinished {
            self.go_on(at, first, Absent::Ask).await?;
        }
        Ok(())
    }

    /// Goes on with the article whose page one is at `first`: plans its next page, or joins its pages.
    pub(super) async fn go_on(&mut self, at: usize, first: Url, mut absent: Absent) -> Result<(), Error> {
        let Some(site) = self.sites.get(at).map(|run| run.site.id.clone()) else { return Ok(()) };
        let Some(archive) = self.archive.clone() else { return Ok(()) };
        loop {
            let (of, page_one) = (site.clone(), first.clone());
            match blocking(&self.desk, move |desk| desk.step(&of, &page_one, absent)).await? {
                Step::Nothing => return Ok(()),
                Step::Ask(next) => match self.plan_part(at, &first, *next).await? {
                    Offer::Planned => return Ok(()),
                    // It was asked for in this run already, and in vain.
                    Offer::Known => absent = Absent::Leave,
                    Offer::Refused(why) => absent = on_skip(why),
                },
                Step::Joined(joined) => {
                    let change = archive.join_article(*joined).await?;
                    if let Some(run) = self.sites.get_mut(at).filter(|_| change == ArticleChange::Changed) {
                        run.summary.counts.changed += 1;
                        run.summary.counts.unchanged = run.summary.counts.unchanged.saturating_sub(1);
                    }
                    return Ok(());
                }
            }
        }
    }

    async fn plan_part(&mut self, at: usize, first: &Url, (url, prior): (Url, Option<Prior>)) -> Result<Offer, Error> {
        let origin = Origin { via: Some(first.clone()), walk: None, item: None, prior };
        let request = self.request(at, url.clone(), Purpose::ArticlePage, origin);
        let offer = self.plan(at, request).await?;
        if let Some(run) = self.sites.get_mut(at).filter(|_| offer == Offer::Planned) {
            run.parts.insert(url, first.clone());
        }
        Ok(offer)
    }

    /// A further page is safe: the article goes on behind it, or ends where it could not be had.
    pub(super) async fn part_settled(&mut self, at: usize, settled: &Settled) -> Result<(), Error> {
        let Some(run) = self.sites.get_mut(at) else { return Ok(()) };
        let Some(first) = run.parts.remove(&settled.request.url) else { return Ok(()) };
        let failed = settled.outcome.is_failure();
        if failed {
            run.summary.counts.article(settled.outcome, ArticleChange::None);
        } else {
            run.summary.counts.further_pages += 1;
        }
        self.go_on(at, first, if failed { Absent::Leave } else { Absent::Ask }).await
    }

    /// A further page leads elsewhere: what waits for it waits for that place, where that is asked for.
    pub(super) async fn part_redirected(&mut self, at: usize, from: &Url, to: &Url, offer: Offer) -> Result<(), Error> {
        let Some(run) = self.sites.get_mut(at) else { return Ok(()) };
        let Some(first) = run.parts.remove(from) else { return Ok(()) };
        match offer {
            Offer::Planned => {
                run.parts.insert(to.clone(), first);
                Ok(())
            }
            Offer::Known => self.go_on(at, first, Absent::GiveUp).await,
            Offer::Refused(why) => self.go_on(at, first, on_skip(why)).await,
        }
    }

    /// A further page will not be asked for in this run.
    pub(super) async fn part_skipped(&mut self, at: usize, request: &FetchRequest, why: Skip) -> Result<(), Error> {
        let first = self.sites.get_mut(at).and_then(|run| run.parts.remove(&request.url));
        match first {
            Some(first) => self.go_on(at, first, on_skip(why)).await,
            None => Ok(()),
        }
    }
}

/// What a page that is not asked for means for its article: what is forbidden cannot be had, a limit passes.
fn on_skip(why: Skip) -> Absent {
    match why {
        Skip::OtherHost | Skip::Robots | Skip::Hops => Absent::GiveUp,
        Skip::PageLimit | Skip::HostStopped | Skip::Postponed | Skip::OutsideWindow | Skip::Challenged | Skip::Trap => {
            Absent::Leave
        }
    }
}
