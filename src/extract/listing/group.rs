//! Rows to groups, groups to the main column.
//!
//! Rows under one parent are a group. The main column is the group that shares the narrowest part of the page with the
//! pager; without a pager the weightiest one, or, on a home page of blocks, all that weigh. Menus, link boxes and
//! footers use the same markup as news; they are told by what they are in and by having no days.

use std::collections::HashMap;

use regex::Regex;

use crate::extract::dom::{self, outline::Outline};
use crate::extract::profile::ListingRules;

use super::item::{self, Draft};
use super::link::Link;
use super::rows::Row;

/// Rows under one parent.
#[derive(Debug)]
pub(super) struct Group {
    /// The entry that holds them.
    pub(super) parent: usize,
    /// Rows with what they say, in page order.
    pub(super) rows: Vec<(Row, Draft)>,
    weight: f64,
    dated: f64,
    shaped: f64,
    mean_length: f64,
}

/// Class and id words of parts that are never the main column.
const CHROME: &[&str] = &[
    "nav",
    "menu",
    "foot",
    "footer",
    "header",
    "crumb",
    "breadcrumb",
    "copyright",
    "friend",
    "yqlj",
    "toolbar",
    "topbar",
    "login",
    "search",
    "banner",
    "sitemap",
    "share",
];

/// What a group in a menu or a footer still counts.
const CHROME_FACTOR: f64 = 0.1;

/// Groups weigh little against the best one below this part of its weight.
const WORTH: f64 = 0.2;

/// Groups of the page with weights.
pub(super) fn groups(rows: Vec<Row>, links: &[Link<'_>], outline: &Outline<'_>, rules: &ListingRules) -> Vec<Group> {
    let mut by_parent: Vec<(usize, Vec<Row>)> = Vec::new();
    let mut place: HashMap<(usize, String), usize> = HashMap::new();
    for row in rows {
        let parent = outline.get(row.top).map_or(0, |entry| entry.parent);
        let holder = holder(outline, parent);
        let key = (holder, format!("{}>{}", signature(outline, parent), outline.tag(row.top)));
        if let Some((_, rows)) = place.get(&key).and_then(|index| by_parent.get_mut(*index)) {
            rows.push(row);
        } else {
            place.insert(key, by_parent.len());
            by_parent.push((parent, vec![row]));
        }
    }
    by_parent.into_iter().filter_map(|(parent, rows)| Group::new(parent, rows, links, outline, rules)).collect()
}

/// A list may be cut into several `ul` or `table` of one kind under one parent; they are one list.
fn holder(outline: &Outline<'_>, parent: usize) -> usize {
    if matches!(outline.tag(parent), "ul" | "ol" | "tbody" | "table" | "dl") {
        let table =
            if outline.tag(parent) == "tbody" { outline.get(parent).map_or(parent, |e| e.parent) } else { parent };
        return outline.get(table).map_or(parent, |entry| entry.parent);
    }
    parent
}

/// Tag and classes without their numbers.
fn signature(outline: &Outline<'_>, at: usize) -> String {
    let Some(element) = outline.element(at) else { return String::new() };
    let mut signature = element.name().to_owned();
    for class in element.classes() {
        signature.push('.');
        signature.extend(class.chars().filter(|c| !c.is_ascii_digit()));
    }
    signature
}

impl Group {
    fn new(
        parent: usize,
        rows: Vec<Row>,
        links: &[Link<'_>],
        outline: &Outline<'_>,
        rules: &ListingRules,
    ) -> Option<Self> {
        let mut read: Vec<(Row, Draft)> = rows
            .into_iter()
            .filter_map(|row| item::read(&row, links, outline, rules).map(|draft| (row, draft)))
            .collect();
        dates_beside(parent, &mut read, outline);
        if read.is_empty() {
            return None;
        }
        let mut group = Self { parent, rows: read, weight: 0.0, dated: 0.0, shaped: 0.0, mean_length: 0.0 };
        group.weigh(links, outline, &rules.link_shape);
        Some(group)
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of rows are small")]
    fn weigh(&mut self, links: &[Link<'_>], outline: &Outline<'_>, shapes: &[Regex]) {
        let count = self.rows.len() as f64;
        let mut weight = 0.0;
        let (mut dated, mut alike, mut length) = (0.0, 0.0, 0.0);
        for (_, draft) in &self.rows {
            let chars = draft.title.chars().count().min(30) as f64;
            let url = links.get(draft.link).and_then(|link| link.url.as_ref());
            let is_alike = url.is_some_and(|url| {
                let address = crate::extract::detect::path_and_query(url);
                shapes.iter().any(|shape| shape.is_match(&address))
            });
            length += chars;
            weight += chars / 10.0;
            if is_alike {
                alike += 1.0;
                weight += 2.0;
            }
            if draft.printed.is_some() {
                dated += 1.0;
                weight += 3.0;
            }
        }
        (self.dated, self.shaped, self.mean_length) = (dated / count, alike / count, length / count);
        self.weight = if in_chrome(outline, self.parent) { weight * CHROME_FACTOR } else { weight };
    }

    /// Whether this could be news at all.
    pub(super) fn is_plausible(&self) -> bool {
        (self.dated >= 0.5 && self.mean_length >= 4.0)
            || (self.shaped >= 0.5 && self.mean_length >= 6.0)
            || (self.mean_length >= 9.0 && self.rows.len() >= 3)
    }

    /// Whether most rows have a day.
    pub(super) fn is_dated(&self) -> bool {
        self.dated >= 0.5
    }
}

/// Days printed between rows instead of inside: all after their row, or all before.
fn dates_beside(parent: usize, rows: &mut [(Row, Draft)], outline: &Outline<'_>) {
    if rows.iter().filter(|(_, draft)| draft.printed.is_some()).count() * 2 > rows.len() {
        return;
    }
    let tops: Vec<usize> = rows.iter().map(|(row, _)| row.top).collect();
    let after: Vec<_> = tops
        .iter()
        .enumerate()
        .map(|(index, top)| match tops.get(index + 1) {
            Some(next) => item::printed_in(outline.texts_between(*top, *next)),
            None => item::printed_in(outline.texts_after(parent, *top)),
        })
        .collect();
    let before: Vec<_> = tops
        .iter()
        .enumerate()
        .map(|(index, top)| match index.checked_sub(1).and_then(|i| tops.get(i)) {
            Some(previous) => item::printed_in(outline.texts_between(*previous, *top)),
            None => item::printed_in(outline.texts_before(parent, *top)),
        })
        .collect();
    let count = |days: &[Option<_>]| days.iter().filter(|day| day.is_some()).count();
    let days = if count(&before) > count(&after) { before } else { after };
    for ((_, draft), day) in rows.iter_mut().zip(days) {
        draft.printed = draft.printed.or(day);
    }
}

fn in_chrome(outline: &Outline<'_>, at: usize) -> bool {
    outline.upward(at).any(|at| {
        let Some(element) = outline.element(at) else { return false };
        if matches!(element.name(), "nav" | "header" | "footer") {
            return true;
        }
        if matches!(element.name(), "body" | "html") {
            return false;
        }
        dom::classes(element).chain(dom::attr(element, "id")).any(is_chrome_word)
    })
}

/// Whether a class or id names a menu, footer or the like: the word alone, or as a part set off by `-`, `_`, digits or case.
fn is_chrome_word(name: &str) -> bool {
    let is_word = |word: &str| CHROME.iter().any(|known| word.eq_ignore_ascii_case(known));
    name.split(|c: char| !c.is_ascii_alphabetic()).any(|run| {
        let turn = |pair: &[u8]| matches!(pair, [before, c] if before.is_ascii_lowercase() && c.is_ascii_uppercase());
        let mut start = 0;
        for at in run.as_bytes().windows(2).enumerate().filter_map(|(at, pair)| turn(pair).then_some(at + 1)) {
            if run.get(start..at).is_some_and(is_word) {
                return true;
            }
            start = at;
        }
        run.get(start..).is_some_and(is_word)
    })
}

/// The groups of the main column, in page order; empty where nothing is plausible.
pub(super) fn main_column(groups: Vec<Group>, marks: &[usize], portal: bool, outline: &Outline<'_>) -> Vec<Group> {
    let best = groups.iter().filter(|g| g.is_plausible()).map(|g| g.weight).fold(0.0, f64::max);
    let worth = |group: &Group| group.weight >= best * WORTH && group.weight > 0.0;
    let depth = |at: usize| outline.get(at).map_or(0, |entry| entry.depth);
    let nearest =
        |group: &Group| marks.iter().map(|mark| outline.common(group.parent, *mark)).max_by_key(|at| depth(*at));
    if marks.is_empty() && portal {
        return groups.into_iter().filter(|g| g.is_plausible() && g.weight >= best * WORTH / 2.0).collect();
    }
    let chosen =
        groups.iter().enumerate().filter(|(_, group)| worth(group) && group.is_plausible()).max_by(|(_, a), (_, b)| {
            let depths = |g: &Group| nearest(g).map_or(0, depth);
            depths(a).cmp(&depths(b)).then(a.weight.total_cmp(&b.weight))
        });
    let Some((index, group)) = chosen else { return Vec::new() };
    let column = nearest(group).filter(|at| !matches!(outline.tag(*at), "body" | "html")).unwrap_or(group.parent);
    let (kind, dated) = (row_kind(group, outline), group.is_dated());
    groups
        .into_iter()
        .enumerate()
        .filter(|(i, other)| {
            *i == index
                || (outline.holds(column, other.parent)
                    && row_kind(other, outline) == kind
                    && other.is_dated() == dated
                    && other.weight >= best * WORTH / 4.0)
        })
        .map(|(_, group)| group)
        .collect()
}

fn row_kind(group: &Group, outline: &Outline<'_>) -> String {
    group.rows.first().map_or_else(String::new, |(row, _)| signature(outline, row.top))
}
