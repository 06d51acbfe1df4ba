//! What a run did, in numbers: the counts of each site, and whether a site failed. Serialised, it is the run's report.

use schemars::JsonSchema;
use serde::Serialize;
use url::Url;

use super::judge::{self, Night};
use crate::domain::drift::Missed;
use crate::domain::fared::Fared;
use crate::domain::verdict::SiteVerdict;
use crate::domain::visit::{ArticleChange, Outcome};
use crate::frontier::{Skip, Trap};

/// Failed pages named in a report, for each site. More are counted.
const NAMED: usize = 50;

/// What a run did.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Summary {
    /// Site by site, in the order they were given.
    pub sites: Vec<SiteSummary>,
    /// All sites together.
    pub total: Counts,
    /// Why the run stopped before its work was done, where it did.
    pub stopped: Option<Stopped>,
    /// 0, or 4 where a site failed.
    #[serde(skip)]
    pub exit: u8,
}

/// Why a run stopped before its work was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stopped {
    /// Asked to.
    Interrupted,
    /// It had used up its time.
    TimeUp,
    /// The archive could not be written, or the program broke: the error says why.
    Broken,
}

/// What a run did at one site.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct SiteSummary {
    /// The site's id.
    pub site: String,
    /// How it fared, as one word.
    pub verdict: SiteVerdict,
    /// Why the site failed, where it did.
    pub failed: Option<String>,
    /// Why a part of the site, or all of it, was left to a later run, where nothing is wrong with it: its window.
    pub postponed: Option<String>,
    /// Requests planned or under way when the run stopped before its work was done; the next run makes them.
    pub left_over: u64,
    /// Counts.
    pub counts: Counts,
    /// Fields that nearly all of the site's articles had, and of the latest hardly one.
    pub missed: Vec<Missed>,
    /// The site's last verdict was that of a wall.
    #[serde(skip)]
    pub was_walled: bool,
    /// The first pages that failed, and why.
    pub failures: Vec<PageFailure>,
    /// Traps the site led into: patterns of addresses that brought nothing new, the largest first.
    pub traps: Vec<Trap>,
}

/// A page that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PageFailure {
    /// The page.
    pub url: Url,
    /// The outcome's word.
    pub outcome: &'static str,
    /// For people.
    pub detail: String,
}

/// Counts of one site, or of all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// Requests made, robots.txt, redirects and repeats included.
    pub requests: u64,
    /// Listing pages read, unchanged ones included.
    pub listings: u64,
    /// Article pages asked for, each once.
    pub articles: u64,
    /// Articles not held before.
    pub new: u64,
    /// Articles whose text or fields changed.
    pub changed: u64,
    /// Articles that are as they were.
    pub unchanged: u64,
    /// 410.
    pub gone: u64,
    /// 404.
    pub not_found: u64,
    /// Pages that are not news: notices that a page is gone, pages that only lead elsewhere, templates, files of another kind.
    pub not_news: u64,
    /// Further pages of articles that stand on several.
    pub further_pages: u64,
    /// Article pages that failed.
    pub failed: u64,
    /// Of them those behind the wall they stood behind last time: known, and no news.
    pub known_walls: u64,
    /// Of them those met for the first time behind a login or a campus fence.
    pub new_fences: u64,
    /// What they and the pages that are not news were, one by one.
    pub instead: Instead,
    /// Images and attachments of articles.
    pub media: Media,
    /// Links and pages that were not asked for, by reason.
    pub skipped: Skipped,
}

/// What came in the place of articles, each page once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Instead {
    /// No answer. A failure.
    pub unreachable: u64,
    /// 5xx or 429. A failure.
    pub server_error: u64,
    /// 403, 405 and their like, or a firewall's page. A failure.
    pub blocked: u64,
    /// A challenge or a captcha. A failure.
    pub challenged: u64,
    /// A page that wants an account. A failure.
    pub login_wall: u64,
    /// A notice that the page is for the campus network only. A failure.
    pub campus_only: u64,
    /// What could not be read, or was cut short. A failure.
    pub unreadable: u64,
    /// A notice that the page is gone, under a status that says otherwise. No failure.
    pub soft_404: u64,
    /// A page that only leads elsewhere, by `<meta>` or by script. No failure.
    pub page_redirect: u64,
    /// An unfilled template, a file of another kind, a page without anything to read. No failure.
    pub other: u64,
}

impl Instead {
    fn count(&mut self, outcome: Outcome) {
        let count = match outcome {
            Outcome::Unreachable | Outcome::Forbidden => &mut self.unreachable,
            Outcome::ServerError => &mut self.server_error,
            Outcome::Refused => &mut self.blocked,
            Outcome::Challenged | Outcome::Captcha => &mut self.challenged,
            Outcome::LoginWall => &mut self.login_wall,
            Outcome::CampusOnly => &mut self.campus_only,
            Outcome::Unreadable | Outcome::Truncated => &mut self.unreadable,
            Outcome::SoftNotFound => &mut self.soft_404,
            Outcome::PageRedirect => &mut self.page_redirect,
            Outcome::NotNews => &mut self.other,
            Outcome::Ok
            | Outcome::Unchanged
            | Outcome::Redirect
            | Outcome::NotFound
            | Outcome::Gone
            | Outcome::TooOld
            | Outcome::Unlisted
            | Outcome::NotAFile => return,
        };
        *count += 1;
    }

    fn failures(&self) -> [(SiteVerdict, u64); 7] {
        [
            (SiteVerdict::Unreachable, self.unreachable),
            (SiteVerdict::ServerError, self.server_error),
            (SiteVerdict::Blocked, self.blocked),
            (SiteVerdict::Challenged, self.challenged),
            (SiteVerdict::LoginWall, self.login_wall),
            (SiteVerdict::CampusOnly, self.campus_only),
            (SiteVerdict::Unreadable, self.unreadable),
        ]
    }

    /// The failures in words, the commonest first: `9 login-wall, 2 server-error`.
    fn words(&self) -> String {
        let mut failures = self.failures();
        failures.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let met = failures.into_iter().filter(|(_, count)| *count > 0);
        met.map(|(verdict, count)| format!("{count} {}", verdict.as_str())).collect::<Vec<_>>().join(", ")
    }

    /// What most of the failures were.
    fn commonest(&self) -> Option<SiteVerdict> {
        let most = self.failures().into_iter().rev().max_by_key(|(_, count)| *count)?;
        Some(most.0).filter(|_| most.1 > 0)
    }
}

/// Images and attachments of articles. Nothing that happens to them is a failure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Media {
    /// Files that were had.
    pub files: u64,
    /// Their bytes as they travelled.
    pub bytes: u64,
    /// Files asked for and not had: missing, refused, or a page in their place.
    pub missing: u64,
    /// Files that were not asked for: on other hosts, forbidden by robots.txt, behind a limit.
    pub not_asked: u64,
}

/// Links and pages that were not asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Skipped {
    /// Forbidden by robots.txt.
    pub robots: u64,
    /// On another host.
    pub other_host: u64,
    /// Earlier than the run asked for.
    pub since: u64,
    /// Beyond the page limit.
    pub page_limit: u64,
    /// Behind too many redirects.
    pub hops: u64,
    /// On a host that stopped answering.
    pub host_stopped: u64,
    /// On a host that asked us to wait longer than a run waits; the next run asks.
    pub postponed: u64,
    /// On a host whose window had shut, or was not open; the next run within it asks.
    pub outside_window: u64,
    /// On a host that answered with a challenge.
    pub challenged: u64,
    /// In a trap: a pattern of addresses that brings nothing new.
    pub trap: u64,
    /// Behind a wall that stood for a week, and was looked at within the last: asked for once a week.
    pub walled: u64,
}

impl Counts {
    /// Counts the final outcome of an article page.
    pub(super) fn article(&mut self, outcome: Outcome, change: ArticleChange) {
        self.articles += 1;
        if change == ArticleChange::None {
            self.instead.count(outcome);
        }
        match (outcome, change) {
            (_, ArticleChange::New) => self.new += 1,
            (_, ArticleChange::Changed) => self.changed += 1,
            (Outcome::Unchanged, _) | (_, ArticleChange::Same) => self.unchanged += 1,
            (Outcome::Gone, _) => self.gone += 1,
            (Outcome::NotFound, _) => self.not_found += 1,
            (outcome, _) if outcome.is_notice() => self.not_news += 1,
            (Outcome::TooOld, _) => self.skipped.since += 1,
            (outcome, _) if outcome.is_failure() => self.failed += 1,
            _ => {}
        }
    }

    /// Counts an article's page that stood behind a wall, beside [`Self::article`]; `known` where it did so last time.
    pub(super) fn wall(&mut self, outcome: Outcome, known: bool) {
        if known && judge::is_wall(outcome) {
            self.known_walls += 1;
        } else if judge::is_fence(outcome) {
            self.new_fences += 1;
        }
    }

    /// Counts a request that was not made.
    pub(super) fn skip(&mut self, why: Skip) {
        let count = match why {
            Skip::Robots => &mut self.skipped.robots,
            Skip::OtherHost => &mut self.skipped.other_host,
            Skip::PageLimit => &mut self.skipped.page_limit,
            Skip::Hops => &mut self.skipped.hops,
            Skip::HostStopped => &mut self.skipped.host_stopped,
            Skip::Postponed => &mut self.skipped.postponed,
            Skip::OutsideWindow => &mut self.skipped.outside_window,
            Skip::Challenged => &mut self.skipped.challenged,
            Skip::Trap => &mut self.skipped.trap,
        };
        *count += 1;
    }

    fn add(&mut self, other: &Self) {
        let pairs = [
            (&mut self.requests, other.requests),
            (&mut self.listings, other.listings),
            (&mut self.articles, other.articles),
            (&mut self.new, other.new),
            (&mut self.changed, other.changed),
            (&mut self.unchanged, other.unchanged),
            (&mut self.gone, other.gone),
            (&mut self.not_found, other.not_found),
            (&mut self.not_news, other.not_news),
            (&mut self.further_pages, other.further_pages),
            (&mut self.failed, other.failed),
            (&mut self.known_walls, other.known_walls),
            (&mut self.new_fences, other.new_fences),
            (&mut self.instead.unreachable, other.instead.unreachable),
            (&mut self.instead.server_error, other.instead.server_error),
            (&mut self.instead.blocked, other.instead.blocked),
            (&mut self.instead.challenged, other.instead.challenged),
            (&mut self.instead.login_wall, other.instead.login_wall),
            (&mut self.instead.campus_only, other.instead.campus_only),
            (&mut self.instead.unreadable, other.instead.unreadable),
            (&mut self.instead.soft_404, other.instead.soft_404),
            (&mut self.instead.page_redirect, other.instead.page_redirect),
            (&mut self.instead.other, other.instead.other),
            (&mut self.media.files, other.media.files),
            (&mut self.media.bytes, other.media.bytes),
            (&mut self.media.missing, other.media.missing),
            (&mut self.media.not_asked, other.media.not_asked),
            (&mut self.skipped.robots, other.skipped.robots),
            (&mut self.skipped.other_host, other.skipped.other_host),
            (&mut self.skipped.since, other.skipped.since),
            (&mut self.skipped.page_limit, other.skipped.page_limit),
            (&mut self.skipped.hops, other.skipped.hops),
            (&mut self.skipped.host_stopped, other.skipped.host_stopped),
            (&mut self.skipped.postponed, other.skipped.postponed),
            (&mut self.skipped.outside_window, other.skipped.outside_window),
            (&mut self.skipped.challenged, other.skipped.challenged),
            (&mut self.skipped.trap, other.skipped.trap),
            (&mut self.skipped.walled, other.skipped.walled),
        ];
        for (sum, more) in pairs {
            *sum += more;
        }
    }
}

impl SiteSummary {
    /// A site nothing was done at yet.
    pub(super) fn new(site: &str) -> Self {
        Self { site: site.to_owned(), ..Self::default() }
    }

    /// The first reason stands.
    pub(super) fn fail(&mut self, verdict: SiteVerdict, why: impl FnOnce() -> String) {
        if self.failed.is_none() {
            self.verdict = verdict;
            self.failed = Some(why());
        }
    }

    /// A request was left to the next run, because this host's window is shut.
    pub(super) fn shut_out(&mut self, host: &str) {
        self.left_over += 1;
        self.postponed
            .get_or_insert_with(|| format!("{host}: outside its window; what is left is for a run within it"));
    }

    /// What most of the failures so far were.
    pub(super) fn commonest(&self) -> Option<SiteVerdict> {
        self.counts.instead.commonest()
    }

    /// Names a failed page, as long as there is room.
    pub(super) fn name(&mut self, url: &Url, outcome: Outcome, detail: &str) {
        if self.failures.len() < NAMED {
            let failure = PageFailure { url: url.clone(), outcome: outcome.as_str(), detail: detail.to_owned() };
            self.failures.push(failure);
        }
    }

    /// What the archive keeps of it.
    pub(super) fn fared(&self) -> Fared {
        let Counts { requests, listings, new, changed, unchanged, gone, not_found, not_news, failed, .. } = self.counts;
        Fared {
            site: self.site.clone(),
            verdict: self.verdict.as_str().to_owned(),
            why: self.failed.clone().or_else(|| self.postponed.clone()).or_else(|| self.noticed()),
            figures: [requests, listings, new, changed, unchanged, gone + not_found, not_news, failed],
        }
    }

    /// What is no failure and worth a line: traps, and pages behind walls.
    fn noticed(&self) -> Option<String> {
        let traps = self.traps.iter().map(|trap| {
            let known = if trap.known { ", as before" } else { "" };
            format!("trap {} ({} asked, {} left{known})", trap.pattern, trap.asked, trap.left)
        });
        let words = traps.chain(self.walled()).collect::<Vec<_>>().join("; ");
        Some(words).filter(|words| !words.is_empty())
    }

    /// Pages behind walls in words: `3 article pages behind a wall (2 campus-only, 1 login-wall), 2 of them as last time; 5 behind
    /// one that stood for a week are asked for weekly`. A site that failed for its walls says so by itself.
    pub fn walled(&self) -> Option<String> {
        let Counts { known_walls, new_fences, instead, skipped, .. } = self.counts;
        let walls = Instead {
            blocked: instead.blocked,
            login_wall: instead.login_wall,
            campus_only: instead.campus_only,
            ..Instead::default()
        };
        let all = walls.blocked + walls.login_wall + walls.campus_only;
        let met = (known_walls + new_fences > 0).then(|| {
            format!("{all} article pages behind a wall ({}), {known_walls} of them as last time", walls.words())
        });
        let resting = (skipped.walled > 0)
            .then(|| format!("{} behind one that stood for a week are asked for weekly", skipped.walled));
        let words = met.into_iter().chain(resting).collect::<Vec<_>>().join("; ");
        Some(words).filter(|words| !words.is_empty())
    }

    /// The first page of the report that stands behind such a wall.
    pub fn first_walled(&self) -> Option<&PageFailure> {
        self.failures.iter().find(|page| Outcome::from_word(page.outcome).is_some_and(judge::is_wall))
    }

    /// What the judgement goes by.
    fn night(&self) -> Night {
        let Counts { articles, new, changed, unchanged, failed, known_walls, new_fences, .. } = self.counts;
        Night {
            asked: articles,
            read: new + changed + unchanged,
            failed,
            known: known_walls,
            fenced: new_fences,
            was_walled: self.was_walled,
        }
    }

    /// Fails the site where more than this fraction of its article pages failed; says of the others how they fared.
    fn judge(&mut self, max_failures: f64) {
        let Counts { articles, failed, .. } = self.counts;
        if self.night().is_trouble(max_failures) {
            let most = self.commonest().unwrap_or(SiteVerdict::Unreadable);
            let words = self.counts.instead.words();
            self.fail(most, || format!("{failed} of {articles} article pages failed ({words})"));
        }
        if !self.missed.is_empty() {
            let words = self.missed.iter().map(Missed::words).collect::<Vec<_>>().join("; ");
            self.fail(SiteVerdict::SelectorsMissed, || words);
        }
        if self.failed.is_some() {
            return;
        }
        let Counts { listings, new, changed, gone, .. } = self.counts;
        self.verdict = match (self.left_over, new + changed + gone) {
            _ if self.postponed.is_some() => SiteVerdict::OutsideWindow,
            (1.., _) => SiteVerdict::Unfinished,
            (0, 0) if listings > 0 => SiteVerdict::NoNews,
            (0, _) => SiteVerdict::Ok,
        };
    }
}

impl Summary {
    /// Sums up: judges each site by the fraction of article failures allowed.
    pub(super) fn of(mut sites: Vec<SiteSummary>, max_failures: f64, stopped: Option<Stopped>) -> Self {
        let mut total = Counts::default();
        for site in &mut sites {
            site.judge(max_failures);
            total.add(&site.counts);
        }
        let exit = if sites.iter().any(|site| site.failed.is_some()) { 4 } else { 0 };
        Self { sites, total, stopped, exit }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(articles: u64, failed: u64) -> SiteSummary {
        let mut site = SiteSummary::new("s");
        for n in 0..articles {
            let outcome = if n < failed { Outcome::ServerError } else { Outcome::Ok };
            site.counts.article(outcome, ArticleChange::None);
        }
        site
    }

    #[test]
    fn a_site_fails_above_the_tolerance_not_at_it() {
        for (articles, failed, exit) in [(0, 0, 0), (100, 5, 0), (100, 6, 4), (10, 1, 4), (20, 1, 0)] {
            let summary = Summary::of(vec![site(articles, failed)], 0.05, None);
            assert_eq!(summary.exit, exit, "{failed} of {articles}");
        }
    }

    #[test]
    fn missing_pages_are_outcomes_not_failures() {
        let mut missing = SiteSummary::new("s");
        missing.counts.article(Outcome::NotFound, ArticleChange::None);
        missing.counts.article(Outcome::Gone, ArticleChange::None);
        let summary = Summary::of(vec![missing, site(4, 0)], 0.05, None);
        assert_eq!((summary.exit, summary.total.not_found, summary.total.gone), (0, 1, 1));
        assert_eq!(summary.total.articles, 6);
    }
}
