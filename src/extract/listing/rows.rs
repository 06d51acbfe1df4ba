//! Links to rows: which part of the page belongs to one headline.
//!
//! A row is the largest part of the page around a headline that holds no other headline. Several links to one address in
//! a row (image, headline, summary, 全文) are one run and make one row.

use std::collections::HashMap;

use crate::extract::dom::outline::Outline;
use crate::extract::profile::Css;

use super::link::Link;

/// One headline's part of the page.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// The entry that holds it all.
    pub(super) top: usize,
    /// Its links: indices into the page's links.
    pub(super) links: Vec<usize>,
}

/// An address that recurs this often, with others between, is a column's link and no headline.
const RECURRING: usize = 3;

/// A lone headline's row is not larger than this many entries.
const LONE_ROW: usize = 60;

/// Rows around headlines, in page order.
pub(super) fn around(links: &[Link<'_>], outline: &Outline<'_>) -> Vec<Row> {
    let runs = runs(links);
    let mut rows = Vec::with_capacity(runs.len());
    for (index, run) in runs.iter().enumerate() {
        let place = |index: usize| links.get(index).map(|link| link.at);
        let (Some(first), Some(last)) = (run.first().copied().and_then(place), run.last().copied().and_then(place))
        else {
            continue;
        };
        let before = index.checked_sub(1).and_then(|i| runs.get(i)?.last().copied()).and_then(place);
        let after = runs.get(index + 1).and_then(|run| run.first().copied()).and_then(place);
        let alone = |at: &usize| {
            before.is_none_or(|before| !outline.holds(*at, before))
                && after.is_none_or(|after| !outline.holds(*at, after))
        };
        let own = outline.common(first, last);
        let top = outline.upward(own).take_while(alone).filter(|at| is_row_sized(outline, *at)).last().unwrap_or(own);
        rows.push(Row { top, links: run.clone() });
    }
    rows
}

fn is_row_sized(outline: &Outline<'_>, at: usize) -> bool {
    let small = outline.get(at).is_some_and(|entry| entry.end - at <= LONE_ROW);
    small && !matches!(outline.tag(at), "body" | "html" | "main" | "form")
}

/// Rows that a family's selector names: each with the headlines inside it.
pub(super) fn selected(css: &Css, links: &[Link<'_>], outline: &Outline<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut next = 0;
    for (at, entry) in outline.entries() {
        if at < next || !outline.element_ref(at).is_some_and(|element| css.matches(element)) {
            continue;
        }
        let from = links.partition_point(|link| link.at < at);
        let to = links.partition_point(|link| link.at < entry.end);
        if let Some(first) = links.get(from).filter(|_| from < to) {
            let same = (from..to).filter(|i| links.get(*i).is_some_and(|link| link.key == first.key));
            rows.push(Row { top: at, links: same.collect() });
            next = entry.end;
        }
    }
    rows
}

/// Neighbouring links to one address, column links left out.
fn runs(links: &[Link<'_>]) -> Vec<Vec<usize>> {
    let group = |kept: &dyn Fn(&Link<'_>) -> bool| {
        let mut runs: Vec<Vec<usize>> = Vec::new();
        let mut last: Option<&str> = None;
        for (index, link) in links.iter().enumerate().filter(|(_, link)| kept(link)) {
            match runs.last_mut().filter(|_| last == Some(link.key.as_str())) {
                Some(run) => run.push(index),
                None => runs.push(vec![index]),
            }
            last = Some(&link.key);
        }
        runs
    };
    let mut times: HashMap<&str, usize> = HashMap::new();
    for run in group(&|_| true) {
        if let Some(link) = run.first().and_then(|index| links.get(*index)) {
            *times.entry(&link.key).or_default() += 1;
        }
    }
    group(&|link| times.get(link.key.as_str()).is_none_or(|times| *times < RECURRING))
}
