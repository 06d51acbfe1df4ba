//! From an answer to a committed visit: read, sum up, commit. What the visit leads to goes back to the conductor.
//!
//! Reading runs on a blocking thread, since a DOM must not cross an await and parsing must not hold up the network.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use url::Url;

use super::gist::{self, Gist};
use super::outcome::{self, Answer};
use super::past::Past;
use super::readers::Readers;
use super::{Error, judge, media, rules};
use crate::archive::{Archive, Known};
use crate::decode::{self, decode};
use crate::domain::address;
use crate::domain::capture::{Capture, FetchFailure};
use crate::domain::extraction::{Extraction, Outlink};
use crate::domain::page::Charset;
use crate::domain::record::{Listing, ListingItem, Record};
use crate::domain::request::{FetchRequest, Prior, Purpose};
use crate::domain::robots::RobotsRules;
use crate::domain::time::Date;
use crate::domain::visit::{ArticleChange, Outcome, Visit};
use crate::extract::walls::Wall;
use crate::extract::{self, Catalogue, extract};

/// What settling needs; shared by all visits of a run.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) catalogue: Arc<Catalogue>,
    /// The family a site's own pages must be read with.
    pub(super) families: HashMap<String, String>,
    pub(super) past: Past,
    /// `None` in a dry run: nothing is written.
    pub(super) archive: Option<Archive>,
    pub(super) since: Option<Date>,
    pub(super) full: bool,
    /// The threads pages are read on.
    pub(super) readers: Readers,
    /// The thread the index is asked on.
    pub(super) clerk: Readers,
}

/// Of texts above this many bytes only one is read at a time: its tree takes several times its bytes.
const LARGE: usize = 1 << 20;

/// Answers without a page of at most this many bytes are looked through for a challenge; interstitials are short.
const INTERSTITIAL: usize = 256 << 10;

/// Held by whoever reads a large page.
static LARGE_PAGE: Mutex<()> = Mutex::new(());

/// A settled visit.
#[derive(Debug)]
pub(super) struct Settled {
    pub(super) request: FetchRequest,
    pub(super) outcome: Outcome,
    /// For people: why it failed, where it did.
    pub(super) detail: String,
    pub(super) article: ArticleChange,
    /// Payload bytes as they travelled.
    pub(super) bytes: u64,
    pub(super) finding: Finding,
    /// What stood in the place of the page. After a challenge the host is not asked for anything more in this run.
    pub(super) wall: Option<Wall>,
    /// The page came to the same wall last time.
    pub(super) known_wall: bool,
    /// What an article's page brought, as far as it was read.
    pub(super) gist: Gist,
}

/// What a visit leads to.
#[derive(Debug)]
pub(super) enum Finding {
    /// Nothing.
    Nothing,
    /// Another place, and what is known of it.
    Redirect { target: Url, known: Known, prior: Option<Prior> },
    /// A host's rules; `None` where they could not be had.
    Robots(Option<RobotsRules>),
    /// A listing page.
    Page(Paging),
    /// An article that goes on on further pages.
    GoesOn,
    /// A seed that is neither listing nor article: why.
    NotNews(String),
}

/// A listing page, as far as the walk is concerned.
#[derive(Debug, Default)]
pub(super) struct Paging {
    /// Rows with a link, in page order.
    pub(super) rows: Vec<Row>,
    /// The next page, and what its request carries.
    pub(super) next: Option<(Url, Option<Prior>)>,
    /// Listings this page is an index of.
    pub(super) more: Vec<(Url, Option<Prior>)>,
}

/// A row with a link, and its past.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) item: ListingItem,
    /// The link, normalised.
    pub(super) url: Url,
    pub(super) known: Known,
    pub(super) prior: Option<Prior>,
}

/// What reading an answer gave.
struct Reading {
    outcome: Outcome,
    charset: Option<Charset>,
    extraction: Option<Extraction>,
    finding: Finding,
    wall: Option<Wall>,
}

impl Reading {
    fn nothing(outcome: Outcome) -> Self {
        Self { outcome, charset: None, extraction: None, finding: Finding::Nothing, wall: None }
    }
}

/// Reads an answer and commits the visit.
pub(super) async fn settle(
    desk: Arc<Desk>,
    request: FetchRequest,
    result: Result<Capture, FetchFailure>,
) -> Result<Settled, Error> {
    let reader = Arc::clone(&desk);
    let (visit, finding, wall, known_wall) = desk
        .readers
        .read(move || {
            let (visit, finding, wall) = reader.read(request, result)?;
            let known = reader.same_wall(&visit)?;
            Ok::<_, Error>((visit, finding, wall, known))
        })
        .await??;
    let (request, outcome) = (visit.request.clone(), visit.outcome);
    let (detail, gist) = (detail(&visit, wall), gist::of(&visit));
    let bytes = visit.result.as_ref().map_or(0, |capture| capture.payload.len() as u64);
    let article = match &desk.archive {
        Some(archive) => archive.commit(visit).await?.article,
        None => ArticleChange::None,
    };
    Ok(Settled { request, outcome, detail, article, bytes, finding, wall, known_wall, gist })
}

fn detail(visit: &Visit, wall: Option<Wall>) -> String {
    let capture = match &visit.result {
        Err(failure) => return format!("{}: {}", failure.kind.as_str(), failure.detail),
        Ok(capture) => capture,
    };
    let why = visit.extraction.as_ref().and_then(|extraction| match &extraction.record {
        Record::Other(other) => other.warnings.first().cloned(),
        Record::Article(_) | Record::Listing(_) => None,
    });
    match (wall, capture.redirect_target()) {
        (Some(_), Some(target)) => format!("leads to {target}"),
        (Some(wall), None) if matches!(capture.status, 200 | 203) => outcome::words(wall).to_owned(),
        (Some(wall), None) => format!("{}: {}", status(capture.status), outcome::words(wall)),
        (None, _) => why.unwrap_or_else(|| status(capture.status)),
    }
}

/// A status in words, for the ones people ask about.
fn status(status: u16) -> String {
    let words = match status {
        403 => " (forbidden by the server)",
        404 => " (not found)",
        410 => " (gone)",
        429 => " (too many requests)",
        500..=599 => " (server error)",
        _ => "",
    };
    format!("status {status}{words}")
}

impl Desk {
    fn read(
        &self,
        request: FetchRequest,
        result: Result<Capture, FetchFailure>,
    ) -> Result<(Visit, Finding, Option<Wall>), Error> {
        let reading = match &result {
            Err(_) if request.purpose == Purpose::Robots => {
                Reading { finding: Finding::Robots(None), ..Reading::nothing(Outcome::Unreachable) }
            }
            Err(failure) => Reading::nothing(outcome::no_answer(failure)),
            Ok(capture) if request.purpose == Purpose::Robots => robots(capture),
            Ok(capture) if request.purpose.is_media() => self.file(request.purpose, capture),
            Ok(capture) => self.answer(&request, capture)?,
        };
        let Reading { outcome, charset, extraction, finding, wall } = reading;
        Ok((Visit { request, result, charset, extraction, outcome }, finding, wall))
    }

    /// Whether an article's page stands behind the wall it stood behind when it was last asked for.
    fn same_wall(&self, visit: &Visit) -> Result<bool, Error> {
        if visit.request.purpose != Purpose::Article || !judge::is_wall(visit.outcome) {
            return Ok(false);
        }
        let known = self.past.known(std::slice::from_ref(&visit.request.url))?;
        Ok(known == [Known::Retry(visit.outcome)])
    }

    /// The answer to a request for a file of an article.
    fn file(&self, purpose: Purpose, capture: &Capture) -> Reading {
        let judge = AssertUnwindSafe(|| media::judge(purpose, capture, &self.catalogue));
        let outcome = catch_unwind(judge).unwrap_or(Outcome::NotAFile);
        match (outcome, capture.redirect_target()) {
            (Outcome::Redirect, Some(target)) => {
                let target = address::normalise(&target);
                let finding = Finding::Redirect { target, known: Known::Unseen, prior: None };
                Reading { finding, ..Reading::nothing(outcome) }
            }
            _ => Reading::nothing(outcome),
        }
    }

    /// The shortcut, in one match: a page known to be unchanged is not read again while the rules that read it hold.
    fn answer(&self, request: &FetchRequest, capture: &Capture) -> Result<Reading, Error> {
        let prior = request.prior.as_ref();
        let conditional = prior.is_some_and(|p| p.etag.is_some() || p.last_modified.is_some());
        match (outcome::answer(capture, conditional), prior) {
            (Answer::NotModified, _) => self.unchanged(request, self.stored(request)?),
            (Answer::Page, Some(prior)) if prior.payload_digest.as_ref() == Some(&capture.payload_digest) => {
                let listing = self.stored(request)?;
                let rules = listing.as_ref().map(|l| &l.selectors).or(prior.selectors.as_ref());
                if rules.is_some_and(|rules| self.current(rules, capture)) {
                    self.unchanged(request, listing)
                } else {
                    self.page(request, capture, Answer::Page)
                }
            }
            (answer @ (Answer::Page | Answer::CutPage), _) => self.page(request, capture, answer),
            (Answer::NoPage(Outcome::Redirect), _) => self.redirect(request, capture),
            (Answer::NoPage(outcome), _) => {
                let family = self.families.get(&request.site).map(String::as_str);
                let wall = hidden_wall(&self.catalogue, request, capture, family);
                Ok(Reading { wall, ..Reading::nothing(outcome::behind(outcome, wall)) })
            }
        }
    }

    /// The listing held of a page that was asked for as one.
    fn stored(&self, request: &FetchRequest) -> Result<Option<Listing>, Error> {
        match request.purpose {
            Purpose::Seed | Purpose::Listing => Ok(self.past.listing(&request.url)?),
            Purpose::Article | Purpose::ArticlePage | Purpose::Robots | Purpose::Image | Purpose::Attachment => {
                Ok(None)
            }
        }
    }

    /// Whether a record made with these rules (`family@revision`) would be made with the same ones today.
    fn current(&self, selectors: &str, capture: &Capture) -> bool {
        let family = selectors.split('@').next().unwrap_or(selectors);
        self.catalogue.selectors_revision(family, capture.at.china_date()) == selectors
    }

    /// A page that has not changed: an article is done with; a listing leads where it led before.
    fn unchanged(&self, request: &FetchRequest, listing: Option<Listing>) -> Result<Reading, Error> {
        let Some(listing) = listing else { return Ok(Reading::nothing(Outcome::Unchanged)) };
        let finding = Finding::Page(self.paging(&request.url, &listing, &[])?);
        let extraction = Extraction { record: Record::Listing(listing), article_id: None, outlinks: Vec::new() };
        Ok(Reading { extraction: Some(extraction), finding, ..Reading::nothing(Outcome::Unchanged) })
    }

    /// Decodes and reads a page. A reader that panics costs this page its record, never the run its other pages.
    fn page(&self, request: &FetchRequest, capture: &Capture, answer: Answer) -> Result<Reading, Error> {
        let read = AssertUnwindSafe(|| self.decode_and_extract(request, capture));
        let Ok((charset, extraction, outcome)) = catch_unwind(read) else {
            return Ok(Reading::nothing(Outcome::Unreadable));
        };
        if extraction.record.warnings().iter().any(|code| code == "content-coding-cut") {
            // Half a page must not stand where a whole one may be held.
            return Ok(Reading { charset: Some(charset), ..Reading::nothing(Outcome::Truncated) });
        }
        let outcome = if answer == Answer::CutPage { Outcome::Truncated } else { outcome };
        let wall = outcome::wall_of(&extraction.record);
        if request.purpose == Purpose::ArticlePage {
            // It makes no record: it is read back together with the pages before it.
            return Ok(Reading { charset: Some(charset), wall, ..Reading::nothing(outcome) });
        }
        let is_listing_request = matches!(request.purpose, Purpose::Seed | Purpose::Listing);
        let finding = match &extraction.record {
            Record::Article(article) => {
                let date = article.published_at.map(crate::domain::time::Timestamp::date);
                let too_old = matches!((date, self.since), (Some(date), Some(since)) if date < since);
                if too_old && request.prior.is_none() {
                    return Ok(Reading { charset: Some(charset), ..Reading::nothing(Outcome::TooOld) });
                }
                if article.goes_on() { Finding::GoesOn } else { Finding::Nothing }
            }
            Record::Listing(listing) if is_listing_request => {
                Finding::Page(self.paging(&request.url, listing, &extraction.outlinks)?)
            }
            Record::Other(other) if is_listing_request => {
                Finding::NotNews(other.warnings.first().cloned().unwrap_or_default())
            }
            Record::Listing(_) | Record::Other(_) => Finding::Nothing,
        };
        Ok(Reading { outcome, charset: Some(charset), extraction: Some(extraction), finding, wall })
    }

    fn decode_and_extract(&self, request: &FetchRequest, capture: &Capture) -> (Charset, Extraction, Outcome) {
        let family = self.families.get(&request.site).map(String::as_str);
        let (charset, extraction, format) = read_page(&self.catalogue, request, capture, family);
        let outcome = outcome::page(&extraction.record, format, capture.payload.len());
        (charset, extraction, outcome)
    }

    fn redirect(&self, request: &FetchRequest, capture: &Capture) -> Result<Reading, Error> {
        let Some(target) = capture.redirect_target() else { return Ok(Reading::nothing(Outcome::Redirect)) };
        if let Some(wall) = outcome::of_redirect(&capture.url, &target, request.purpose, self.catalogue.walls()) {
            // A login server is not asked for anything, and a home page is no article.
            return Ok(Reading { wall: Some(wall), ..Reading::nothing(outcome::of_wall(wall)) });
        }
        let target = address::normalise(&target);
        let known = self.past.known(std::slice::from_ref(&target))?.into_iter().next().unwrap_or(Known::Unseen);
        let prior = match request.purpose {
            Purpose::Seed | Purpose::Listing => self.past.prior_of_listing(&target)?,
            Purpose::Article => self.past.prior_of_article(&target)?,
            Purpose::ArticlePage => self.past.prior(&target)?,
            Purpose::Robots | Purpose::Image | Purpose::Attachment => None,
        };
        Ok(Reading { finding: Finding::Redirect { target, known, prior }, ..Reading::nothing(Outcome::Redirect) })
    }

    /// Where a listing page leads.
    pub(super) fn paging(&self, page: &Url, listing: &Listing, outlinks: &[Outlink]) -> Result<Paging, Error> {
        let with_prior = |url: &Url| -> Result<_, Error> {
            let url = address::normalise(url);
            let prior = self.past.prior_of_listing(&url)?;
            Ok((url, prior))
        };
        let next = listing.next.as_ref().filter(|next| *next != page).map(with_prior).transpose()?;
        let more = outlinks.iter().filter_map(|link| match link {
            Outlink::Listing(url) => Some(url),
            Outlink::Item(_) | Outlink::NextListing(_) | Outlink::NextPage(_) => None,
        });
        let more = more.map(with_prior).collect::<Result<_, _>>()?;
        Ok(Paging { rows: self.rows(listing.items.iter().cloned())?, next, more })
    }

    /// Rows with their past, in one look-up.
    pub(super) fn rows(&self, items: impl Iterator<Item = ListingItem>) -> Result<Vec<Row>, Error> {
        let linked: Vec<(ListingItem, Url)> =
            items.filter_map(|item| item.url.as_ref().map(address::normalise).map(|url| (item, url))).collect();
        let urls: Vec<Url> = linked.iter().map(|(_, url)| url.clone()).collect();
        let known = self.past.known(&urls)?;
        let row = |((item, url), known): ((ListingItem, Url), Known)| -> Result<Row, Error> {
            let asked_before = match &known {
                Known::Retry(_) => true,
                Known::Held(..) => self.full,
                Known::Unseen | Known::Moved(_) => false,
            };
            let prior = if asked_before { self.past.prior_of_article(&url)? } else { None };
            Ok(Row { item, url, known, prior })
        };
        linked.into_iter().zip(known).map(row).collect()
    }
}

/// What stands in the place of a page under a status that refuses, where it is short enough to be such.
pub(super) fn hidden_wall(
    catalogue: &Catalogue,
    request: &FetchRequest,
    capture: &Capture,
    family: Option<&str>,
) -> Option<Wall> {
    if !outcome::may_hide_a_wall(capture.status) || capture.payload.is_empty() || capture.payload.len() > INTERSTITIAL {
        return None;
    }
    let read = AssertUnwindSafe(|| read_page(catalogue, request, capture, family));
    let (_, extraction, _) = catch_unwind(read).ok()?;
    outcome::wall_of(&extraction.record)
}

/// A robots.txt answer; one that redirects is followed like a page.
fn robots(capture: &Capture) -> Reading {
    let answer = outcome::answer(capture, false);
    match (answer, capture.redirect_target()) {
        (Answer::NoPage(Outcome::Redirect), Some(target)) => Reading {
            finding: Finding::Redirect { target, known: Known::Unseen, prior: None },
            ..Reading::nothing(Outcome::Redirect)
        },
        (Answer::NoPage(Outcome::Truncated), _) => {
            Reading { finding: Finding::Robots(None), ..Reading::nothing(Outcome::Truncated) }
        }
        (answer, _) => {
            let outcome = match answer {
                Answer::NoPage(outcome) => outcome,
                Answer::Page | Answer::CutPage | Answer::NotModified => Outcome::Ok,
            };
            let coding = capture.header("content-encoding");
            let rules = rules::of_answer(capture.status, &capture.payload, coding);
            Reading { finding: Finding::Robots(rules), ..Reading::nothing(outcome) }
        }
    }
}

/// The word for a robots.txt answer.
pub(super) fn outcome_of_robots(capture: &Capture) -> Outcome {
    robots(capture).outcome
}

/// Decodes and extracts one capture, as the crawl does.
pub(super) fn read_page(
    catalogue: &Catalogue,
    request: &FetchRequest,
    capture: &Capture,
    family: Option<&str>,
) -> (Charset, Extraction, crate::domain::page::PageFormat) {
    let hints = decode::Hints {
        url: Some(&capture.url),
        content_type: capture.header("content-type"),
        content_encoding: capture.header("content-encoding"),
        status: Some(capture.status),
    };
    let page = decode(&capture.payload, &hints, capture.at.china_date());
    // A reader that panicked leaves nothing behind the lock.
    let alone = (page.text.len() > LARGE).then(|| LARGE_PAGE.lock().unwrap_or_else(PoisonError::into_inner));
    let hints = extract::Hints { family, site: Some(&request.site) };
    let extraction = extract(&page, catalogue, &hints);
    drop(alone);
    (page.charset, extraction, page.format)
}
