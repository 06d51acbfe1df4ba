//! A site during a run: its walks, its counts, and how many of its requests are still open.

use std::collections::{HashMap, HashSet};

use url::Url;

use crate::archive::{Cursor, Walk, WalkEnd};
use crate::domain::address;
use crate::domain::request::{FetchRequest, Purpose};
use crate::domain::site::Site;
use crate::domain::time::CaptureTime;
use crate::domain::verdict::SiteVerdict;
use crate::frontier::{Brought, Skip};

use super::gist::Gist;
use super::summary::SiteSummary;
use super::walk::{Measure, SeedWalk};

/// A site during a run.
#[derive(Debug)]
pub(super) struct SiteRun {
    pub(super) site: Site,
    pub(super) summary: SiteSummary,
    pub(super) measure: Measure,
    pub(super) walks: Vec<SeedWalk>,
    /// Places that led elsewhere in this run.
    pub(super) redirecting: HashSet<Url>,
    /// Further pages of articles that are planned or under way, each with its page one.
    pub(super) parts: HashMap<Url, Url>,
    /// Texts met in this run, as digests: what repeats them brings nothing.
    texts: HashSet<u64>,
    /// Requests planned or under way. When none is left the walks are over.
    pub(super) open: usize,
    /// The articles that are due once more have been planned.
    pub(super) rechecked: bool,
    /// The pages are done and the walks ended; what is left are files of articles.
    pub(super) pages_over: bool,
    /// How far the files have been gone through.
    pub(super) media: Cursor,
    pub(super) over: bool,
    /// The site's last verdict was that selectors missed.
    pub(super) was_missed: bool,
    /// The window of one of its hosts shut: its walks stay open for the next run.
    pub(super) shut_out: bool,
}

impl SiteRun {
    /// A site whose walks were just begun, or taken up again.
    pub(super) fn new(site: Site, walks: &[Walk], mut measure: Measure) -> Self {
        measure.fresh_from = walks.iter().map(|walk| walk.begun_at).min().unwrap_or(measure.fresh_from);
        let walks = walks.iter().zip(&site.seeds).map(|(walk, seed)| SeedWalk::new(walk, seed.clone())).collect();
        let (summary, redirecting) = (SiteSummary::new(&site.id), HashSet::new());
        Self {
            summary,
            site,
            measure,
            walks,
            redirecting,
            parts: HashMap::new(),
            texts: HashSet::new(),
            open: 0,
            rechecked: false,
            pages_over: false,
            media: Cursor::default(),
            over: false,
            was_missed: false,
            shut_out: false,
        }
    }

    /// The walk with this id.
    pub(super) fn walk(&mut self, id: Option<i64>) -> Option<&mut SeedWalk> {
        self.walks.iter_mut().find(|walk| Some(walk.id) == id)
    }

    /// Notes how a part of a walk ended.
    pub(super) fn walk_ends(&mut self, id: Option<i64>, end: WalkEnd) {
        if let Some(walk) = self.walk(id) {
            walk.ends(end);
        }
    }

    /// Whether this was settled since the site's walks began, perhaps by a run that was cut off.
    pub(super) fn is_fresh(&self, at: CaptureTime) -> bool {
        at >= self.measure.fresh_from
    }

    /// A listing page, or the seed itself, could not be read: the site has failed.
    pub(super) fn listing_failed(&mut self, request: &FetchRequest, verdict: SiteVerdict, why: &str) {
        self.summary.fail(verdict, || format!("{}: {why}", request.url));
        self.walk_ends(request.walk, WalkEnd::Failed);
    }

    /// What a page brought that this run had not met; `None` where nothing can be said of it.
    pub(super) fn brought(&mut self, gist: Gist) -> Option<Brought> {
        match gist {
            Gist::Unknown => None,
            Gist::Own => Some(Brought::Something),
            Gist::Text(digest) if self.texts.insert(digest) => Some(Brought::Something),
            Gist::Text(_) => Some(Brought::Again),
            Gist::Nothing => Some(Brought::Nothing),
        }
    }

    /// What a request that was not made means: an article is counted and left to the next run; a listing page breaks
    /// its walk off, and the site has failed but for a limit that was asked for.
    pub(super) fn missed(&mut self, url: &Url, purpose: Purpose, walk: Option<i64>, why: Skip) {
        if why == Skip::OutsideWindow {
            self.shut_out = true;
            self.summary.shut_out(&address::authority(url));
            return;
        }
        if purpose.is_media() {
            return;
        }
        let is_listing = matches!(purpose, Purpose::Seed | Purpose::Listing);
        match why {
            // A trap is no failure: it is reported by itself. Nobody knows what lies behind, so the next run looks again.
            Skip::PageLimit | Skip::Trap => self.walk_ends(walk, WalkEnd::Capped),
            Skip::OtherHost if purpose == Purpose::Listing => self.walk_ends(walk, WalkEnd::Capped),
            Skip::HostStopped | Skip::Postponed | Skip::Challenged => {
                let verdict = if why == Skip::Postponed {
                    SiteVerdict::Postponed
                } else if why == Skip::Challenged {
                    SiteVerdict::Challenged
                } else {
                    self.summary.commonest().unwrap_or(SiteVerdict::Unreachable)
                };
                self.summary.fail(verdict, || format!("{}: {}", address::authority(url), reason(why)));
                self.walk_ends(walk, WalkEnd::Failed);
            }
            Skip::Robots | Skip::Hops | Skip::OtherHost if is_listing => {
                let verdict = if why == Skip::Robots { SiteVerdict::Robots } else { SiteVerdict::Redirected };
                self.summary.fail(verdict, || format!("{url}: listing {}", reason(why)));
                self.walk_ends(walk, WalkEnd::Failed);
            }
            Skip::Robots | Skip::Hops | Skip::OtherHost | Skip::OutsideWindow => {}
        }
    }
}

fn reason(why: Skip) -> &'static str {
    match why {
        Skip::Robots => "forbidden by robots.txt",
        Skip::Hops => "behind too many redirects",
        Skip::OtherHost => "on another host, which must be named to be followed",
        Skip::PageLimit => "beyond the page limit",
        Skip::HostStopped => "stopped answering",
        Skip::Postponed => "asked us to wait; the rest is left to the next run",
        Skip::OutsideWindow => "outside its window",
        Skip::Challenged => "answers with a challenge, which is not solved",
        Skip::Trap => "in a pattern that brings nothing new",
    }
}
