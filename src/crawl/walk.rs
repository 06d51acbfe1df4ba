//! One seed's walk over its listing pages: when it goes on, and when it is over. Pure.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use url::Url;

use crate::archive::WalkEnd;
use crate::domain::time::{CaptureTime, Date};
use crate::store::{Known, Walk};

use super::settle::Row;

/// What the rows of a page are judged by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measure {
    /// Walk every page, whatever is known.
    pub(super) full: bool,
    /// Articles of earlier days are not wanted.
    pub(super) since: Option<Date>,
    /// What was settled at this moment or later was settled by this walk itself, perhaps before it was cut off.
    pub(super) fresh_from: CaptureTime,
}

impl Measure {
    /// Whether the row was known before this walk began. What it settled itself, for another seed or before a crash,
    /// does not count: behind such rows there may be more.
    fn knew(&self, row: &Row) -> bool {
        match &row.known {
            Known::Held(_, at) => *at < self.fresh_from,
            Known::Retry(_) => true,
            Known::Unseen | Known::Moved(_) => false,
        }
    }

    /// Whether the listing itself dates the row too early.
    pub(super) fn too_old(&self, date: Option<Date>) -> bool {
        matches!((date, self.since), (Some(date), Some(since)) if date < since)
    }
}

/// One seed's walk.
#[derive(Debug)]
pub(super) struct SeedWalk {
    pub(super) id: i64,
    pub(super) seed: Url,
    /// An earlier walk reached the end, so meeting only known rows means nothing new lies behind.
    complete: bool,
    /// How it ends, as far as known: the worst of what its pages met.
    end: WalkEnd,
    /// Rows met, as hashes: a pager that repeats itself shows only these.
    met: HashSet<u64>,
    hasher: RandomState,
}

impl SeedWalk {
    pub(super) fn new(walk: &Walk, seed: Url) -> Self {
        Self {
            id: walk.id,
            seed,
            complete: walk.history_complete,
            end: WalkEnd::ReachedEnd,
            met: HashSet::new(),
            hasher: RandomState::new(),
        }
    }

    /// Whether the walk goes on behind this page. `fetchable` are its rows that may be asked for at all: links to other
    /// hosts and pages robots.txt forbids are never known and say nothing. Sticky rows on top do not end a walk, since
    /// only a whole page of known rows does.
    pub(super) fn goes_on(&mut self, rows: &[Row], fetchable: &[bool], measure: &Measure) -> bool {
        let mut new_here = false;
        for row in rows {
            new_here |= self.met.insert(self.hasher.hash_one(row.url.as_str()));
        }
        if !new_here {
            return false;
        }
        if measure.since.is_some() && rows.iter().all(|row| measure.too_old(row.item.date)) {
            self.ends(WalkEnd::Capped);
            return false;
        }
        let all_known = rows.iter().zip(fetchable).filter(|(_, may)| **may).all(|(row, _)| measure.knew(row));
        if self.complete && !measure.full && all_known {
            self.ends(WalkEnd::MetKnown);
            return false;
        }
        true
    }

    /// Notes how a part of the walk ended; the worst stands.
    pub(super) fn ends(&mut self, end: WalkEnd) {
        if rank(end) > rank(self.end) {
            self.end = end;
        }
    }

    /// Whether no page has shown a row yet.
    pub(super) fn is_blank(&self) -> bool {
        self.met.is_empty()
    }

    /// How the walk ended.
    pub(super) fn end(&self) -> WalkEnd {
        self.end
    }
}

fn rank(end: WalkEnd) -> u8 {
    match end {
        WalkEnd::ReachedEnd => 0,
        WalkEnd::MetKnown => 1,
        WalkEnd::Capped => 2,
        WalkEnd::Failed => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::ListingItem;
    use crate::domain::visit::Outcome;

    fn at(text: &str) -> CaptureTime {
        CaptureTime::parse(text).unwrap()
    }

    fn row(n: u32, known: Known) -> Row {
        let url = Url::parse(&format!("http://news.example.edu/info/{n}.htm")).unwrap();
        let item = ListingItem { url: Some(url.clone()), title: String::new(), date: Date::new(2023, 6, n) };
        Row { item, url, known, prior: None }
    }

    fn old(n: u32) -> Row {
        row(n, Known::Held(Outcome::Ok, at("2026-11-01T00:00:00Z")))
    }

    fn measure() -> Measure {
        Measure { full: false, since: None, fresh_from: at("2026-11-22T00:00:00Z") }
    }

    fn walk(history_complete: bool) -> SeedWalk {
        let begun_at = at("2026-11-22T00:00:00Z");
        let walk = Walk { id: 1, resumed: false, begun_at, history_complete, pages: Vec::new() };
        SeedWalk::new(&walk, Url::parse("http://news.example.edu/").unwrap())
    }

    #[test]
    fn a_whole_page_of_known_rows_ends_a_walk_whose_past_is_whole() {
        let full = Measure { full: true, ..measure() };
        for (complete, measure, rows, goes_on) in [
            (true, measure(), vec![old(1), old(2)], false),
            (false, measure(), vec![old(1), old(2)], true),
            (true, full, vec![old(1), old(2)], true),
            (true, measure(), vec![old(1), row(2, Known::Unseen)], true),
            (true, measure(), vec![old(1), row(2, Known::Retry(Outcome::ServerError))], false),
        ] {
            let mut walk = walk(complete);
            assert_eq!(walk.goes_on(&rows, &[true, true], &measure), goes_on, "{rows:?}");
            assert_eq!(walk.end() == WalkEnd::MetKnown, !goes_on);
        }
    }

    #[test]
    fn rows_this_walk_settled_itself_do_not_end_it() {
        let own = row(1, Known::Held(Outcome::Ok, at("2026-11-22T00:00:01Z")));
        assert!(walk(true).goes_on(&[own], &[true], &measure()));
    }

    #[test]
    fn rows_that_are_never_fetched_say_nothing() {
        let rows = [old(1), row(2, Known::Unseen)];
        assert!(!walk(true).goes_on(&rows, &[true, false], &measure()));
    }

    #[test]
    fn a_pager_that_repeats_itself_is_at_its_end() {
        let mut walk = walk(false);
        let page = || vec![row(1, Known::Unseen), row(2, Known::Unseen)];
        assert!(walk.goes_on(&page(), &[true, true], &measure()));
        assert!(!walk.goes_on(&page(), &[true, true], &measure()));
        assert!(!walk.goes_on(&[], &[], &measure()), "nor does an empty page lead on");
        assert_eq!(walk.end(), WalkEnd::ReachedEnd);
    }

    #[test]
    fn a_whole_page_before_the_day_asked_for_ends_the_walk_short() {
        let since = Measure { since: Date::new(2023, 6, 5), ..measure() };
        let mut walk = walk(false);
        assert!(walk.goes_on(&[row(4, Known::Unseen), row(5, Known::Unseen)], &[true, true], &since));
        assert!(!walk.goes_on(&[row(3, Known::Unseen), row(2, Known::Unseen)], &[true, true], &since));
        assert_eq!(walk.end(), WalkEnd::Capped);
    }

    #[test]
    fn the_worst_end_stands() {
        let mut walk = walk(true);
        walk.ends(WalkEnd::Failed);
        walk.ends(WalkEnd::Capped);
        assert_eq!(walk.end(), WalkEnd::Failed);
    }
}
