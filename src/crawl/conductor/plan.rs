//! What a run wants: seeds, rows of listings, what earlier runs left over.

use url::Url;

use super::{Conductor, blocking};
use crate::archive::{Known, RunId, Walk, WalkEnd};
use crate::crawl::judge;
use crate::crawl::rules::{self, Kept};
use crate::crawl::settle::Row;
use crate::crawl::sites::SiteRun;
use crate::crawl::walk::Measure;
use crate::crawl::{Error, Progress, clock};
use crate::domain::address;
use crate::domain::record::ListingItem;
use crate::domain::request::{FetchRequest, Prior, Purpose};
use crate::domain::site::Site;
use crate::domain::verdict::SiteVerdict;
use crate::domain::window::Pane;
use crate::frontier::{Offer, Skip};

/// Where a request comes from and what it carries.
#[derive(Debug, Default)]
pub(super) struct Origin {
    pub(super) via: Option<Url>,
    pub(super) walk: Option<i64>,
    pub(super) item: Option<ListingItem>,
    pub(super) prior: Option<Prior>,
}

impl<P: Progress> Conductor<P> {
    /// Begins or takes up a site's walks and plans what is known to be due: rows left over, then seeds.
    pub(super) async fn begin(&mut self, site: Site, run: Option<RunId>) -> Result<(), Error> {
        let closes = site.window.map(|window| match window.at(clock::today()) {
            Pane::Open(left) => clock::now() + left,
            Pane::Shut(_) => clock::now(),
        });
        self.frontier.add_site(&site, closes);
        let measure = Measure { full: self.desk.full, since: self.desk.since, fresh_from: clock::today() };
        let mut walks = Vec::new();
        for (number, seed) in (0_i64..).zip(&site.seeds) {
            walks.push(match (&self.archive, run) {
                (Some(archive), Some(run)) => archive.begin_walk(run, &site.id, seed).await?,
                _ => Walk {
                    id: number,
                    resumed: false,
                    begun_at: measure.fresh_from,
                    history_complete: self.desk.past.exists(),
                    pages: Vec::new(),
                },
            });
        }
        let at = self.sites.len();
        let id = site.id.clone();
        self.by_id.insert(id.clone(), at);
        self.sites.push(SiteRun::new(site, &walks, measure));
        let known = blocking(&self.desk, move |desk| {
            let last = desk.past.last_verdict(&id)?;
            let items = desk.past.pending(&id)?.into_iter().map(|pending| (pending.item, pending.listing));
            let (items, listings): (Vec<_>, Vec<_>) = items.unzip();
            let rows = desk.rows(items.into_iter())?;
            Ok((last, rows.into_iter().zip(listings).collect::<Vec<_>>()))
        });
        let (last, left_over) = known.await?;
        if let Some(run) = self.sites.get_mut(at) {
            run.summary.was_walled = last.as_deref().is_some_and(judge::was_walled);
            run.was_missed = last.as_deref() == Some(SiteVerdict::SelectorsMissed.as_str());
        }
        for (row, listing) in left_over {
            self.plan_row(at, row, &listing).await?;
        }
        for walk in walks {
            if walk.pages.is_empty() {
                self.plan_seed(at, &walk).await?;
            } else {
                self.take_up(at, walk).await?;
            }
        }
        self.take_up_parts(at).await?;
        self.recheck_all(at).await?;
        self.after(at).await
    }

    /// Plans a seed, or the end of its redirects where a walk that was cut off had followed them.
    async fn plan_seed(&mut self, at: usize, walk: &Walk) -> Result<(), Error> {
        let Some(run) = self.sites.get_mut(at) else { return Ok(()) };
        let Some(seed) = run.walk(Some(walk.id)).map(|walk| address::normalise(&walk.seed)) else { return Ok(()) };
        let (place, resumed) = (seed.clone(), walk.resumed);
        let (url, prior) = blocking(&self.desk, move |desk| {
            let moved = match desk.past.known(std::slice::from_ref(&place))?.into_iter().next() {
                Some(Known::Moved(target)) if resumed => target,
                _ => place,
            };
            let prior = desk.past.prior_of_listing(&moved)?;
            Ok((moved, prior))
        })
        .await?;
        let via = (url != seed).then_some(seed);
        let request = self.request(at, url, Purpose::Seed, Origin { via, walk: Some(walk.id), item: None, prior });
        self.plan(at, request).await?;
        Ok(())
    }

    /// Takes up a walk that was cut off: its stored pages are gone through as if they had just come in.
    async fn take_up(&mut self, at: usize, walk: Walk) -> Result<(), Error> {
        for page in &walk.pages {
            self.frontier.note(&page.url);
        }
        for page in walk.pages {
            let url = page.url.clone();
            let paging = blocking(&self.desk, move |desk| desk.paging(&page.url, &page.listing, &[])).await?;
            self.walked(at, &url, Some(walk.id), paging).await?;
        }
        Ok(())
    }

    pub(super) fn request(&self, at: usize, url: Url, purpose: Purpose, origin: Origin) -> FetchRequest {
        let site = self.sites.get(at).map(|run| run.site.id.clone()).unwrap_or_default();
        let Origin { via, walk, item, prior } = origin;
        FetchRequest { url, site, purpose, via, hops: 0, attempt: 0, walk, item, prior }
    }

    /// Plans a request, after looking for kept rules of its host.
    pub(super) async fn plan(&mut self, at: usize, request: FetchRequest) -> Result<Offer, Error> {
        self.look_for_rules(&request).await?;
        let (purpose, walk) = (request.purpose, request.walk);
        let url = request.url.clone();
        let offer = self.frontier.offer(request, clock::now());
        self.offered(at, offer, (&url, purpose, walk));
        Ok(offer)
    }

    /// Counts an offer, and what a refusal means for the walk.
    pub(super) fn offered(&mut self, at: usize, offer: Offer, of: (&Url, Purpose, Option<i64>)) {
        let (url, purpose, walk) = of;
        let Some(run) = self.sites.get_mut(at) else { return };
        match offer {
            Offer::Planned => run.open += 1,
            // Another seed, or another site, leads the same way: what lies behind is not this walk's own.
            Offer::Known if purpose == Purpose::Seed => run.walk_ends(walk, WalkEnd::Capped),
            Offer::Known => {}
            Offer::Refused(_) if purpose.is_media() => {}
            Offer::Refused(why) => {
                run.summary.counts.skip(why);
                run.missed(url, purpose, walk, why);
            }
        }
    }

    /// Rules kept from the last day spare a request; older ones stand by in case the host cannot be reached.
    pub(super) async fn look_for_rules(&mut self, request: &FetchRequest) -> Result<(), Error> {
        let authority = address::authority(&request.url);
        let wanted = self.frontier.in_scope(&request.site, &request.url) && self.frontier.lacks_rules(&request.url);
        if !wanted || !self.looked_up.insert(authority.clone()) {
            return Ok(());
        }
        let place = authority.clone();
        let kept = blocking(&self.desk, move |desk| Ok(desk.past.robots(&place)?)).await?;
        match kept.and_then(|kept| rules::of_kept(&kept, clock::today())) {
            Some(Kept::Fresh(rules)) => {
                let mut robots = request.url.clone();
                robots.set_path("/robots.txt");
                robots.set_query(None);
                self.frontier.set_rules(&robots, &rules, clock::now());
            }
            Some(Kept::Stale(rules)) => {
                self.stale.insert(authority, rules);
            }
            None => {}
        }
        Ok(())
    }

    /// Plans a row's article, where this run wants it.
    pub(super) async fn plan_row(&mut self, at: usize, row: Row, listing: &Url) -> Result<(), Error> {
        let Some(run) = self.sites.get_mut(at) else { return Ok(()) };
        let Row { item, url, known, prior } = row;
        let maybe_walled = match known {
            Known::Retry(outcome) => judge::is_wall(outcome),
            Known::Moved(_) => true,
            Known::Held(..) | Known::Unseen => false,
        };
        let (url, via) = match known {
            Known::Held(_, when) if !run.measure.full || run.is_fresh(when) => return Ok(()),
            Known::Moved(target) => (target, url),
            Known::Held(..) | Known::Unseen | Known::Retry(_) => (url, listing.clone()),
        };
        if run.measure.too_old(item.date) {
            run.summary.counts.skipped.since += 1;
            return Ok(());
        }
        if maybe_walled && !run.measure.full && !run.summary.was_walled {
            let place = url.clone();
            let stood = blocking(&self.desk, move |desk| Ok(desk.past.stood(&place)?)).await?;
            if stood.is_some_and(|stood| judge::rests(stood, clock::today())) {
                if let Some(run) = self.sites.get_mut(at) {
                    run.summary.counts.skipped.walled += 1;
                }
                return Ok(());
            }
        }
        if self.archive.is_none() {
            return self.name_row(at, &url, item).await;
        }
        let origin = Origin { via: Some(via), walk: None, item: Some(item), prior };
        let request = self.request(at, url, Purpose::Article, origin);
        self.plan(at, request).await?;
        Ok(())
    }

    /// A dry run names what it would ask for.
    pub(super) async fn name_row(&mut self, at: usize, url: &Url, item: ListingItem) -> Result<(), Error> {
        let item = ListingItem { url: Some(url.clone()), ..item };
        let request = self.request(at, url.clone(), Purpose::Article, Origin::default());
        self.look_for_rules(&request).await?;
        let Some(run) = self.sites.get_mut(at) else { return Ok(()) };
        if !self.frontier.in_scope(&run.site.id, url) {
            run.summary.counts.skip(Skip::OtherHost);
        } else if self.frontier.forbids(url) {
            run.summary.counts.skip(Skip::Robots);
        } else if !self.frontier.note(url) {
            return Ok(());
        } else {
            self.progress.would_fetch(&run.site.id, &item);
        }
        Ok(())
    }
}
