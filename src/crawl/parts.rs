//! Articles of several pages: which page is to be asked for next, and the record joined from those that are held.
//!
//! Nothing is held back in memory: every page is a capture as soon as it comes, and this reads them back from the archive,
//! page one first, as far as they go. It asks for nothing and writes nothing itself (docs/adr/0009).

use url::Url;

use super::Error;
use super::settle::Desk;
use crate::archive::{HeldAnswer, History, Part};
use crate::decode::{self, decode};
use crate::domain::article::Article;
use crate::domain::page::Page;
use crate::domain::record::Record;
use crate::domain::request::Prior;
use crate::extract::{self, Catalogue, MOST_PAGES, Rest, extract, join, next_part};

/// What to do about a page that is not held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Absent {
    /// Ask for it.
    Ask,
    /// Leave it to the next run: the record says `more-pages`.
    Leave,
    /// It cannot be had: the record says `part-missing`.
    GiveUp,
}

/// What is to be done about an article.
#[derive(Debug)]
pub(super) enum Step {
    /// Nothing: no article is held there.
    Nothing,
    /// Ask for this page; what is known of it from before.
    Ask(Box<(Url, Option<Prior>)>),
    /// The record of all pages that can be had now.
    Joined(Box<Article>),
}

impl Desk {
    /// Goes through the pages held of the article whose page one was captured at `first`.
    pub(super) fn step(&self, site: &str, first: &Url, absent: Absent) -> Result<Step, Error> {
        let Some(history) = self.past.history() else { return Ok(Step::Nothing) };
        let family = self.families.get(site).map(String::as_str);
        let hints = extract::Hints { family, site: Some(site) };
        let Gathered { pages, next } = gather(history, &self.catalogue, &hints, first)?;
        let rest = match next {
            Next::End => Rest::Open,
            Next::Missing => Rest::Missing,
            Next::Wanted(url) | Next::Failed(url) => match absent {
                Absent::Ask => {
                    let prior = history.prior(&url)?;
                    return Ok(Step::Ask(Box::new((url, prior))));
                }
                Absent::Leave => Rest::Open,
                Absent::GiveUp => Rest::Missing,
            },
        };
        let joined = join(&pages, rest, &self.catalogue, &hints);
        Ok(match joined.map(|joined| joined.record) {
            Some(Record::Article(article)) => Step::Joined(article),
            Some(Record::Listing(_) | Record::Other(_)) | None => Step::Nothing,
        })
    }
}

/// The record joined from the pages an archive holds of the article whose page one was captured at `first`: what a crawl
/// makes of them, with no request. A page that was never asked for leaves `more-pages`.
pub fn join_held(history: &History, catalogue: &Catalogue, site: &str, first: &Url) -> Result<Option<Article>, Error> {
    let hints = extract::Hints { family: None, site: Some(site) };
    let Gathered { pages, next } = gather(history, catalogue, &hints, first)?;
    let rest = if next == Next::Missing { Rest::Missing } else { Rest::Open };
    Ok(match join(&pages, rest, catalogue, &hints).map(|joined| joined.record) {
        Some(Record::Article(article)) => Some(*article),
        Some(Record::Listing(_) | Record::Other(_)) | None => None,
    })
}

/// Pages of an article, and what comes behind the last of them.
struct Gathered {
    pages: Vec<Page>,
    next: Next,
}

/// What comes behind the last page held.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    /// Nothing: that was the last one.
    End,
    /// A page that is to be asked for.
    Wanted(Url),
    /// A page that was asked for in vain.
    Failed(Url),
    /// A page that cannot be had.
    Missing,
}

fn gather(
    history: &History,
    catalogue: &Catalogue,
    hints: &extract::Hints<'_>,
    first: &Url,
) -> Result<Gathered, Error> {
    let Some((capture, since)) = history.first_page(first)? else {
        return Ok(Gathered { pages: Vec::new(), next: Next::End });
    };
    let mut pages: Vec<Page> = history.answer(capture)?.iter().map(page).collect();
    let mut met = vec![first.clone()];
    let next = loop {
        let Some(last) = pages.last() else { break Next::End };
        let Some(onward) = next_part(&extract(last, catalogue, hints).outlinks).cloned() else { break Next::End };
        // A pager that goes round, or on and on, has shown what it has.
        if met.contains(&onward) || pages.len() >= MOST_PAGES as usize {
            break Next::Missing;
        }
        match history.part(&onward, since)? {
            Part::Held(capture) => pages.extend(history.answer(capture)?.iter().map(page)),
            Part::Wanted(url) => break Next::Wanted(url),
            Part::Failed(url) => break Next::Failed(url),
            Part::Missing => break Next::Missing,
        }
        met.push(onward);
    };
    Ok(Gathered { pages, next })
}

/// An answer read back, as text.
fn page(answer: &HeldAnswer) -> Page {
    let hints = decode::Hints {
        url: Some(&answer.url),
        content_type: answer.head.get("content-type"),
        content_encoding: answer.head.get("content-encoding"),
        status: Some(answer.status),
    };
    decode(&answer.payload, &hints, answer.at.china_date())
}
