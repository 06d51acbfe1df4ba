//! Next pages that follow from numbers: in the address, in the source, in a script.

use regex::{Captures, Regex};
use url::Url;

use crate::extract::detect::path_and_query;

use super::{Step, View};

/// No column has more pages; a larger number is a mistake or a trap.
const MAX_PAGES: u32 = 100_000;

/// Files count up: page one has no number, page two has `second`.
pub(super) fn count_up(view: View<'_, '_>, url: &Regex, (template, second): (&str, u32), pages: &Regex) -> Step {
    let Some(address) = view.page.url.as_ref().map(path_and_query) else { return Step::Unknown };
    let (Some(found), Some(pages)) = (url.captures(&address), number_in(pages, &view.page.text)) else {
        return Step::Unknown;
    };
    // Place of this page, from 1.
    let place = match number(&found, 2) {
        Some(number) => number.saturating_sub(second) + 2,
        None => 1,
    };
    if place >= pages {
        return Step::Last;
    }
    built(view, &found, template, place + second - 1)
}

/// Files count down to 1: page one has no number, page two has the number of pages less one (VSB: old files never move).
pub(super) fn count_down(view: View<'_, '_>, url: &Regex, template: &str, pages: &Regex) -> Step {
    let Some(address) = view.page.url.as_ref().map(path_and_query) else { return Step::Unknown };
    let Some(found) = url.captures(&address) else { return Step::Unknown };
    let n = match number(&found, 2) {
        Some(number) => number,
        None => match number_in(pages, &view.page.text) {
            Some(pages) => pages,
            None => return Step::Unknown,
        },
    };
    if n <= 1 { Step::Last } else { built(view, &found, template, n - 1) }
}

/// A script says how many pages there are and which one this is, from 0.
pub(super) fn script(view: View<'_, '_>, pattern: &Regex, template: &str) -> Step {
    let Some(found) = pattern.captures(&view.page.text) else { return Step::Unknown };
    let named = |name: &str| found.name(name).map(|group| group.as_str());
    let Some(pages) = named("pages").and_then(|n| n.parse::<u32>().ok()) else { return Step::Unknown };
    let file = view.page.url.as_ref().and_then(|url| url.path_segments()?.next_back().map(str::to_owned));
    let file = file.filter(|file| !file.is_empty()).unwrap_or_else(|| "index.html".to_owned());
    let (stem, ext) = file.rsplit_once('.').unwrap_or((&file, "html"));
    let (stem, counted) = match stem.rsplit_once('_') {
        Some((head, tail)) if !head.is_empty() && tail.len() < 5 => match tail.parse::<u32>() {
            Ok(number) => (head, Some(number)),
            Err(_) => (stem, None),
        },
        Some(_) | None => (stem, None),
    };
    // The page's own number, from 0, may be a variable that the script never fills.
    let current = named("current").and_then(|n| n.parse::<u32>().ok()).or(counted).unwrap_or(0);
    if current + 1 >= pages.min(MAX_PAGES) {
        return Step::Last;
    }
    let next = template
        .replace("{stem}", named("stem").unwrap_or(stem))
        .replace("{n}", &(current + 1).to_string())
        .replace("{ext}", named("ext").unwrap_or(ext));
    view.resolve(&next).map_or(Step::Unknown, Step::Next)
}

/// A query parameter counts up.
pub(super) fn page_param(view: View<'_, '_>, param: &str, first: u32, pages: Option<&Regex>) -> Step {
    let Some(url) = &view.page.url else { return Step::Unknown };
    let written =
        url.query_pairs().find(|(key, _)| key.eq_ignore_ascii_case(param)).map(|(_, value)| value.into_owned());
    let current = match written {
        Some(value) => match value.parse::<u32>() {
            Ok(number) => number,
            Err(_) => return Step::Unknown,
        },
        None => first,
    };
    let Some(pages) = pages.and_then(|pages| number_in(pages, &view.page.text)) else { return Step::Unknown };
    if current.saturating_sub(first) + 1 >= pages {
        return Step::Last;
    }
    Step::Next(with_param(url, param, &(current + 1).to_string()))
}

/// The address with one query parameter set, the others as they were.
pub(in crate::extract::listing) fn with_param(url: &Url, param: &str, value: &str) -> Url {
    let mut next = url.clone();
    let mut seen = false;
    let pairs: Vec<(String, String)> = url
        .query_pairs()
        .map(|(key, old)| {
            let same = key.eq_ignore_ascii_case(param);
            seen |= same;
            (key.into_owned(), if same { value.to_owned() } else { old.into_owned() })
        })
        .collect();
    next.query_pairs_mut().clear().extend_pairs(pairs);
    if !seen {
        next.query_pairs_mut().append_pair(param, value);
    }
    next
}

fn built(view: View<'_, '_>, found: &Captures<'_>, template: &str, n: u32) -> Step {
    let stem = found.get(1).map_or("", |group| group.as_str());
    let ext = found.get(3).map_or("", |group| group.as_str());
    let next = template.replace("{stem}", stem).replace("{n}", &n.to_string()).replace("{ext}", ext);
    view.resolve(&next).map_or(Step::Unknown, Step::Next)
}

fn number(found: &Captures<'_>, group: usize) -> Option<u32> {
    found.get(group)?.as_str().parse().ok()
}

fn number_in(expression: &Regex, source: &str) -> Option<u32> {
    number(&expression.captures(source)?, 1).filter(|pages| *pages <= MAX_PAGES)
}
