//! What came of it: answers, committed visits, requests that were not made.

use std::time::{Duration, Instant};

use url::Url;

use super::Conductor;
use super::plan::Origin;
use crate::archive::{Known, WalkEnd};
use crate::crawl::outcome;
use crate::crawl::parts::Absent;
use crate::crawl::settle::{Finding, Paging, Row, Settled};
use crate::crawl::sites::SiteRun;
use crate::crawl::{Error, Progress, Standing, clock};
use crate::domain::address;
use crate::domain::capture::{Capture, FetchFailure};
use crate::domain::request::{FetchRequest, Prior, Purpose};
use crate::domain::robots::RobotsRules;
use crate::domain::verdict::SiteVerdict;
use crate::domain::visit::{ArticleChange, Outcome};
use crate::extract::walls::Wall;
use crate::frontier::{Brought, Ending, Offer, Skip, Verdict};

const CIRCLE: &str = "redirects in a circle";
const ENDLESS: &str = "redirects without end";

impl<P: Progress> Conductor<P> {
    /// Notes and counts a request that is about to be made.
    pub(super) fn begun(&mut self, request: &FetchRequest) -> Result<(), Error> {
        if let Some(hosts) = &mut self.hosts {
            hosts.asks(&address::authority(&request.url), clock::today())?;
        }
        let Some(run) = self.by_id.get(&request.site).and_then(|at| self.sites.get_mut(*at)) else { return Ok(()) };
        run.summary.counts.requests += 1;
        // A robots.txt comes from the frontier itself, on behalf of a page.
        if request.purpose == Purpose::Robots && request.hops == 0 && request.attempt == 0 {
            run.open += 1;
        }
        Ok(())
    }

    /// Frees the host at once; settling goes on beside the next request.
    pub(super) fn answered(
        &mut self,
        request: &FetchRequest,
        result: &Result<Capture, FetchFailure>,
        at: Instant,
    ) -> Result<Verdict, Error> {
        let now = clock::now();
        let elapsed = Duration::from_millis(result.as_ref().map_or(0, |capture| capture.elapsed_ms));
        let ending = outcome::ending(result);
        if let Some(hosts) = &mut self.hosts {
            let until = match ending {
                Ending::Strained { wait } => wait.map(clock::hence),
                Ending::Answered | Ending::Hopeless => None,
            };
            let ago = elapsed + now.saturating_duration_since(at);
            hosts.asked(&address::authority(&request.url), clock::ago(ago), until)?;
        }
        if let Some(left) = at.checked_sub(elapsed) {
            self.frontier.sent(request, left);
        }
        if let Ok(capture) = result {
            // The body of a file is long because the file is, not because the host is slow.
            let took = if request.purpose.is_media() { capture.head_ms } else { capture.elapsed_ms };
            self.frontier.took(request, Duration::from_millis(took), now);
        }
        Ok(self.frontier.complete(request, ending, now))
    }

    /// Takes in a visit that is safe.
    pub(super) async fn settled(&mut self, settled: Settled, verdict: Verdict) -> Result<(), Error> {
        let Some(&at) = self.by_id.get(&settled.request.site) else { return Ok(()) };
        if settled.wall == Some(Wall::Challenge) {
            // Before anything else is given out, a second attempt included.
            self.frontier.stop(&settled.request.url, Skip::Challenged, clock::now());
        }
        let is_part = settled.request.purpose == Purpose::ArticlePage && matches!(settled.finding, Finding::Nothing);
        if is_part && verdict != Verdict::Retrying {
            self.part_settled(at, &settled).await?;
        }
        let is_file = settled.request.purpose.is_media();
        if is_file && verdict != Verdict::Retrying {
            self.file_settled(at, &settled);
        }
        let Settled { request, outcome, .. } = &settled;
        tracing::debug!(site = %request.site, url = %request.url, outcome = outcome.as_str(), "visited");
        if verdict == Verdict::Retrying {
            return Ok(());
        }
        let Some(run) = self.sites.get_mut(at) else { return Ok(()) };
        if request.purpose == Purpose::Article
            && let Some(brought) = run.brought(settled.gist)
        {
            self.frontier.brought(request, brought);
        }
        if outcome.is_failure() && request.purpose != Purpose::Robots && !is_file {
            run.summary.name(&request.url, *outcome, &settled.detail);
        }
        self.leads_on(at, settled, is_part || is_file).await?;
        if let Some(run) = self.sites.get_mut(at) {
            run.open = run.open.saturating_sub(1);
        }
        self.after(at).await
    }

    /// What a visit leads to; a part of an article, or a file, leads to nothing here.
    async fn leads_on(&mut self, at: usize, settled: Settled, is_aside: bool) -> Result<(), Error> {
        let Settled { request, outcome, detail, article, finding, known_wall, .. } = settled;
        let postponed =
            outcome == Outcome::ServerError && self.frontier.why_stopped(&request.url) == Some(Skip::Postponed);
        let verdict = if postponed { SiteVerdict::Postponed } else { SiteVerdict::of_outcome(outcome) };
        let Some(run) = self.sites.get_mut(at) else { return Ok(()) };
        match finding {
            Finding::Robots(rules) => self.ruled(&request, rules, verdict, (outcome, &detail)),
            Finding::Redirect { target, known, prior } => {
                self.redirected(at, &request, &target, (known, prior)).await?;
            }
            Finding::Page(paging) => {
                run.summary.counts.listings += 1;
                self.frontier.brought(&request, self.shown(at, &paging));
                self.walked(at, &request.url, request.walk, paging).await?;
            }
            Finding::NotNews(why) => {
                if is_honestly_empty(&request, &why) {
                    run.summary.counts.listings += 1;
                } else {
                    run.listing_failed(&request, verdict, &not_a_listing(verdict, &why, &detail));
                }
            }
            Finding::Nothing if is_aside => {}
            Finding::GoesOn => {
                run.summary.counts.article(outcome, article);
                self.go_on(at, request.url.clone(), Absent::Ask).await?;
            }
            Finding::Nothing if request.purpose == Purpose::Listing => {
                run.listing_failed(&request, verdict, &detail);
            }
            Finding::Nothing => {
                if request.purpose == Purpose::Seed && (outcome.is_failure() || !is_article(outcome)) {
                    run.listing_failed(&request, verdict, &detail);
                } else {
                    run.summary.counts.article(outcome, article);
                    run.summary.counts.wall(outcome, known_wall);
                }
            }
        }
        Ok(())
    }

    /// What a listing page brought by itself: rows that are held, or that are never asked for here. The others bring what
    /// their articles bring.
    fn shown(&self, at: usize, paging: &Paging) -> Brought {
        let Some(run) = self.sites.get(at) else { return Brought::Nothing };
        let rows = &paging.rows;
        let brings = rows.iter().any(|row| match row.known {
            Known::Held(outcome, _) => !outcome.is_notice(),
            Known::Moved(_) => true,
            Known::Unseen | Known::Retry(_) => !self.frontier.in_scope(&run.site.id, &row.url),
        });
        // A dry run asks for no article, so what they would bring is taken on trust.
        let trusted = self.archive.is_none() && !rows.is_empty();
        if brings || trusted { Brought::Something } else { Brought::Nothing }
    }

    /// A host's rules came in, or could not be had.
    fn ruled(
        &mut self,
        request: &FetchRequest,
        rules: Option<RobotsRules>,
        verdict: SiteVerdict,
        (outcome, detail): (Outcome, &str),
    ) {
        let stale = || self.stale.get(&address::authority(&request.url)).cloned();
        if let Some(rules) = rules.or_else(stale) {
            self.frontier.set_rules(&request.url, &rules, clock::now());
            return;
        }
        self.frontier.give_up(&request.url, clock::now());
        let run = self.by_id.get(&request.site).and_then(|at| self.sites.get_mut(*at));
        // A host that is asked for files only costs the site nothing but these files.
        if let Some(run) = run.filter(|run| !run.pages_over) {
            run.summary.fail(verdict, || format!("{}: {detail}", request.url));
            run.summary.name(&request.url, outcome, detail);
        }
    }

    /// Follows a redirect, but not to an article that is settled already.
    async fn redirected(
        &mut self,
        at: usize,
        request: &FetchRequest,
        target: &Url,
        (known, prior): (Known, Option<Prior>),
    ) -> Result<(), Error> {
        if let Some(run) = self.sites.get_mut(at) {
            run.redirecting.insert(address::normalise(&request.url));
        }
        let settled = matches!(known, Known::Held(..)) && !self.desk.full;
        if request.purpose == Purpose::Article && settled {
            return Ok(());
        }
        let hop = FetchRequest { url: target.clone(), ..request.clone() };
        self.look_for_rules(&hop).await?;
        let offer = self.frontier.redirect(request, target, prior, clock::now());
        if request.purpose.is_media() {
            self.file_redirected(at, request, offer).await?;
        } else if request.purpose == Purpose::ArticlePage {
            self.part_redirected(at, &request.url, target, offer).await?;
        } else if let Some(why) = self.leads_nowhere(at, request, target, offer) {
            self.never_had(at, request, why);
            return Ok(());
        }
        if request.purpose != Purpose::Robots {
            self.offered(at, offer, (target, request.purpose, request.walk));
        } else if offer == Offer::Planned
            && let Some(run) = self.sites.get_mut(at)
        {
            run.open += 1;
        }
        Ok(())
    }

    /// Why a redirect will never lead to a page: back to a place that redirects itself, or ever on. Robots.txt has rules of
    /// its own, and files are counted apart.
    fn leads_nowhere(&self, at: usize, request: &FetchRequest, target: &Url, offer: Offer) -> Option<&'static str> {
        if !matches!(request.purpose, Purpose::Seed | Purpose::Listing | Purpose::Article) {
            return None;
        }
        let redirects = |run: &SiteRun| run.redirecting.contains(&address::normalise(target));
        match offer {
            Offer::Known if self.sites.get(at).is_some_and(redirects) => Some(CIRCLE),
            Offer::Refused(Skip::Hops) => Some(ENDLESS),
            Offer::Planned | Offer::Known | Offer::Refused(_) => None,
        }
    }

    /// A page that redirects keep from being had: a listing page has failed, and so has an article.
    fn never_had(&mut self, at: usize, request: &FetchRequest, why: &str) {
        let Some(run) = self.sites.get_mut(at) else { return };
        match request.purpose {
            Purpose::Robots | Purpose::ArticlePage | Purpose::Image | Purpose::Attachment => {}
            Purpose::Seed | Purpose::Listing => run.listing_failed(request, SiteVerdict::Redirected, why),
            Purpose::Article => {
                run.summary.counts.article(Outcome::Unreadable, ArticleChange::None);
                run.summary.name(&request.url, Outcome::Unreadable, why);
            }
        }
    }

    /// A listing page is there: its rows are planned, and the next page unless the walk is over.
    pub(super) async fn walked(
        &mut self,
        at: usize,
        page: &Url,
        walk: Option<i64>,
        paging: Paging,
    ) -> Result<(), Error> {
        let Paging { rows, next, more } = paging;
        let Some(run) = self.sites.get_mut(at) else { return Ok(()) };
        let site = run.site.id.clone();
        let may = |row: &Row| self.frontier.in_scope(&site, &row.url) && !self.frontier.forbids(&row.url);
        let fetchable: Vec<bool> = rows.iter().map(may).collect();
        let measure = run.measure;
        let Some(state) = run.walk(walk) else { return Ok(()) };
        if rows.is_empty() && more.is_empty() && state.is_blank() {
            run.summary.fail(SiteVerdict::NoRows, || format!("{page}: listing with no items"));
            run.walk_ends(walk, WalkEnd::Failed);
        }
        let goes_on = !rows.is_empty() && run.walk(walk).is_some_and(|w| w.goes_on(&rows, &fetchable, &measure));
        for row in rows {
            self.plan_row(at, row, page).await?;
        }
        for (url, prior) in next.filter(|_| goes_on).into_iter().chain(more) {
            let origin = Origin { via: Some(page.clone()), walk, item: None, prior };
            let request = self.request(at, url, Purpose::Listing, origin);
            self.plan(at, request).await?;
        }
        Ok(())
    }

    /// Takes in a request that will not be made.
    pub(super) async fn skipped(&mut self, request: &FetchRequest, why: Skip) -> Result<(), Error> {
        let Some(&at) = self.by_id.get(&request.site) else { return Ok(()) };
        if request.purpose == Purpose::Robots {
            self.frontier.give_up(&request.url, clock::now());
        }
        if let Some(run) = self.sites.get_mut(at) {
            run.open = run.open.saturating_sub(1);
            if !request.purpose.is_media() {
                run.summary.counts.skip(why);
            }
            run.missed(&request.url, request.purpose, request.walk, why);
        }
        if request.purpose.is_media() {
            self.not_asked(at, why, vec![request.url.clone()]).await?;
        } else if request.purpose == Purpose::ArticlePage {
            self.part_skipped(at, request, why).await?;
        }
        self.after(at).await
    }

    /// Tells how a site stands, and ends its walks when no page of it is left to ask for. Until then they stay open, so that
    /// a run that is cut off is taken up where it was.
    pub(super) async fn after(&mut self, at: usize) -> Result<(), Error> {
        let Some(run) = self.sites.get_mut(at) else { return Ok(()) };
        let standing = Standing { site: &run.site.id, counts: &run.summary.counts, open: run.open };
        self.progress.moved(standing);
        if run.open > 0 || run.over {
            return Ok(());
        }
        if run.shut_out {
            // What is left is the next run's, which takes the walks up where they are.
            run.over = true;
            tracing::info!(site = %run.site.id, "outside its window; the rest is left to the next run");
            return Ok(());
        }
        self.recheck_due(at).await?;
        let Some(run) = self.sites.get_mut(at).filter(|run| run.open == 0) else { return Ok(()) };
        if !run.pages_over {
            run.pages_over = true;
            if let Some(archive) = &self.archive {
                for walk in &run.walks {
                    archive.end_walk(walk.id, walk.end()).await?;
                }
            }
        }
        self.plan_media(at).await?;
        if let Some(run) = self.sites.get_mut(at) {
            run.over = run.open == 0;
        }
        Ok(())
    }
}

/// Why a page that was to be a listing is none. One without rows is what a redesign leaves behind.
fn not_a_listing(verdict: SiteVerdict, why: &str, detail: &str) -> String {
    if verdict == SiteVerdict::NoRows {
        return format!("no items: neither a listing nor an article ({why})");
    }
    format!("no listing: {detail}")
}

/// Whether a listing without rows says that it has none, and none was ever read there. One that had rows before must
/// raise an alarm, whatever it says.
fn is_honestly_empty(request: &FetchRequest, why: &str) -> bool {
    why == Wall::NoNews.code() && request.prior.is_none()
}

/// Whether a seed that is no listing is at least an article.
fn is_article(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Ok | Outcome::Unchanged | Outcome::TooOld)
}
