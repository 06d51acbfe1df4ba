//! What a capture of another tool is: robots.txt, listing, article, image, or something that is no news.
//!
//! A crawl knows what it asked for; here it is told from what came. Pure.

use std::panic::{AssertUnwindSafe, catch_unwind};

use url::Url;

use super::outcome::{self, Answer};
use super::{parts, settle};
use crate::archive::{History, Joined, Judged, Judges, Reading};
use crate::domain::capture::Capture;
use crate::domain::record::Record;
use crate::domain::request::{FetchRequest, Purpose};
use crate::domain::visit::Outcome;
use crate::extract::catalogue::GENERIC;
use crate::extract::{Catalogue, next_part};
use crate::store;

/// Judges with the rules of a catalogue.
pub(super) struct Judge<'a> {
    pub(super) catalogue: &'a Catalogue,
}

impl Judges for Judge<'_> {
    fn judge(&self, site: &str, capture: &Capture) -> Judged {
        judge(self.catalogue, site, capture)
    }

    fn join(&self, history: &History, site: &str, first: &Url) -> Result<Option<Joined>, store::Error> {
        parts::join_held(history, self.catalogue, site, first)
    }
}

fn judge(catalogue: &Catalogue, site: &str, capture: &Capture) -> Judged {
    let unread =
        |purpose, outcome| Judged { purpose, outcome, reading: Reading::default(), certain: true, onward: None };
    if capture.url.path() == "/robots.txt" {
        return unread(Purpose::Robots, settle::outcome_of_robots(capture));
    }
    let request = FetchRequest {
        url: capture.url.clone(),
        site: site.to_owned(),
        purpose: Purpose::Article,
        via: None,
        hops: 0,
        attempt: 0,
        walk: None,
        item: None,
        prior: None,
    };
    let cut = match outcome::answer(capture, false) {
        Answer::Page => false,
        Answer::CutPage => true,
        Answer::NotModified => return unread(Purpose::Article, Outcome::Unchanged),
        Answer::NoPage(outcome) => {
            return unread(Purpose::Article, no_page(catalogue, &request, capture, outcome));
        }
    };
    if is_image(capture) {
        return unread(Purpose::Image, Outcome::Ok);
    }
    let read = AssertUnwindSafe(|| settle::read_page(catalogue, &request, capture, None));
    let Ok((charset, extraction, format)) = catch_unwind(read) else {
        return unread(Purpose::Article, Outcome::Unreadable);
    };
    let told = outcome::page(&extraction.record, format, capture.payload.len());
    let outcome = if cut {
        Outcome::Truncated
    } else if told == Outcome::Unreadable && !capture.payload.is_empty() {
        // Style sheets and scripts are no failures: nobody asked for them as pages.
        Outcome::NotNews
    } else {
        told
    };
    let (purpose, certain) = match &extraction.record {
        Record::Listing(_) => (Purpose::Listing, true),
        Record::Article(article) => (Purpose::Article, article.family != GENERIC),
        Record::Other(_) => (Purpose::Article, true),
    };
    let onward = next_part(&extraction.outlinks).cloned();
    let reading = Reading { charset: Some(charset), extraction: Some(extraction) };
    Judged { purpose, outcome, reading, certain, onward }
}

/// The outcome of an answer that is no page: what its status says, or the wall that shows in it or that it leads to.
fn no_page(catalogue: &Catalogue, request: &FetchRequest, capture: &Capture, told: Outcome) -> Outcome {
    match capture.redirect_target() {
        Some(target) => {
            let wall = outcome::of_redirect(&capture.url, &target, request.purpose, catalogue.walls());
            wall.map_or(told, outcome::of_wall)
        }
        None => outcome::behind(told, settle::hidden_wall(catalogue, request, capture, None)),
    }
}

fn is_image(capture: &Capture) -> bool {
    capture.header("content-type").is_some_and(|kind| kind.trim().to_ascii_lowercase().starts_with("image/"))
}
