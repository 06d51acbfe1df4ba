//! Articles of several pages: which page is to be asked for next, and the record joined from those that are held.
//!
//! Nothing is held back in memory: every page is a capture as soon as it comes, and this reads them back from the archive,
//! page one first, as far as they go. It asks for nothing and writes nothing itself (docs/adr/0009).

use url::Url;

use super::Error;
use super::settle::Desk;
use crate::archive::{HeldAnswer, History, Joined, Part};
use crate::decode::{self, decode};
use crate::domain::article::Article;
use crate::domain::page::Page;
use crate::domain::record::Record;
use crate::domain::request::Prior;
use crate::extract::{self, Catalogue, MOST_PAGES, Rest, extract, join, next_part};
use crate::store;

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
    Joined(Box<Joined>),
}

impl Desk {
    /// Goes through the pages held of the article whose page one was captured at `first`.
    pub(super) fn step(&self, site: &str, first: &Url, absent: Absent) -> Result<Step, Error> {
        let Some(history) = self.past.history() else { return Ok(Step::Nothing) };
        let family = self.families.get(site).map(String::as_str);
        let hints = extract::Hints { family, site: Some(site) };
        let Gathered { pages, answers, next } = gather(history, &self.catalogue, &hints, first)?;
        let missing = match next {
            Next::End => false,
            Next::Missing => true,
            Next::Wanted(url) | Next::Failed(url) => match absent {
                Absent::Ask => {
                    let prior = history.prior(&url)?;
                    return Ok(Step::Ask(Box::new((url, prior))));
                }
                Absent::Leave => false,
                Absent::GiveUp => true,
            },
        };
        let joined = join_pages(&answers, missing, &self.catalogue, &hints);
        let whole = |article| Joined { site: site.to_owned(), first: first.clone(), pages, missing, article };
        Ok(joined.map_or(Step::Nothing, |article| Step::Joined(Box::new(whole(article)))))
    }
}

/// The record joined from the pages held of the article whose page one was captured at `first`, with no request; `None`
/// where there is only one.
pub(super) fn join_held(
    history: &History,
    catalogue: &Catalogue,
    site: &str,
    first: &Url,
) -> Result<Option<Joined>, store::Error> {
    let hints = extract::Hints { family: None, site: Some(site) };
    let Gathered { pages, answers, next } = gather(history, catalogue, &hints, first)?;
    if pages.len() < 2 {
        return Ok(None);
    }
    let missing = next == Next::Missing;
    let joined = join_pages(&answers, missing, catalogue, &hints);
    Ok(joined.map(|article| Joined { site: site.to_owned(), first: first.clone(), pages, missing, article }))
}

/// The record joined from answers, in order; `None` where page one is no article.
pub(super) fn join_pages(
    answers: &[HeldAnswer],
    missing: bool,
    catalogue: &Catalogue,
    hints: &extract::Hints<'_>,
) -> Option<Article> {
    let pages: Vec<Page> = answers.iter().map(page).collect();
    let rest = if missing { Rest::Missing } else { Rest::Open };
    match join(&pages, rest, catalogue, hints)?.record {
        Record::Article(article) => Some(*article),
        Record::Listing(_) | Record::Other(_) => None,
    }
}

/// Pages of an article, and what comes behind the last of them.
struct Gathered {
    /// Their captures.
    pages: Vec<i64>,
    answers: Vec<HeldAnswer>,
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
) -> Result<Gathered, store::Error> {
    let mut held = Gathered { pages: Vec::new(), answers: Vec::new(), next: Next::End };
    let Some((capture, since)) = history.first_page(first)? else { return Ok(held) };
    held.add(history, capture)?;
    let mut met = vec![first.clone()];
    while let Some(last) = held.answers.last() {
        let Some(onward) = next_part(&extract(&page(last), catalogue, hints).outlinks).cloned() else { break };
        // A pager that goes round, or on and on, has shown what it has.
        if met.contains(&onward) || held.pages.len() >= MOST_PAGES as usize {
            held.next = Next::Missing;
            break;
        }
        held.next = match history.part(&onward, since)? {
            Part::Held(capture) if held.add(history, capture)? => Next::End,
            Part::Held(_) | Part::Missing => Next::Missing,
            Part::Wanted(url) => Next::Wanted(url),
            Part::Failed(url) => Next::Failed(url),
        };
        if held.next != Next::End {
            break;
        }
        met.push(onward);
    }
    Ok(held)
}

impl Gathered {
    /// Adds a page; `false` where its payload is not held.
    fn add(&mut self, history: &History, capture: i64) -> Result<bool, store::Error> {
        let Some(answer) = history.answer(capture)? else { return Ok(false) };
        self.answers.push(answer);
        self.pages.push(capture);
        Ok(true)
    }
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
