//! Whether a site's pages are still read as they were: its own past is the measure.
//!
//! A redesign that leaves listings readable takes the source, the date or the text from every article that follows. No single
//! article tells: some never had a source. A field that nearly all of a site's articles had, and hardly one of the latest has,
//! does (SPEC, "Drift"). Pure.

use schemars::JsonSchema;
use serde::Serialize;

/// What is looked for in each article, by the names of the record. `selectors` is whether the rules of the page's own family
/// read it; where they find nothing, the generic ones stand in (`selectors-missed`).
pub const FIELDS: [&str; 7] = ["title", "source", "published_at", "credits", "body", "breadcrumbs", "selectors"];

/// Articles of this run from which on they are judged by themselves; with fewer, the latest ones are judged together.
const BY_ITSELF: usize = 5;
/// The latest articles, where this run alone brought too few.
const LATEST: usize = 12;
/// Articles of the past from which on it is a measure.
const ENOUGH: usize = 20;
/// Articles of the past that are looked at.
const PAST: usize = 200;
/// Articles that are looked at, at the most.
pub const LOOKED_AT: usize = 400;

/// An article, as far as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// This run read it.
    pub now: bool,
    /// The run that read it was one whose selectors missed: it is no measure.
    pub doubted: bool,
    /// Which of [`FIELDS`] it has.
    pub fields: [bool; FIELDS.len()],
}

/// A field that is found no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Missed {
    /// The field's name in the record; `selectors` where the rules of the page's own family find no article.
    pub field: &'static str,
    /// Of the latest articles so many have it.
    pub found: usize,
    /// The latest articles.
    pub of: usize,
    /// Of the articles before them so many have it.
    pub found_before: usize,
    /// The articles before them.
    pub of_before: usize,
}

impl Missed {
    /// For people: `source found in 0 of 12 articles, in 196 of 200 before`.
    pub fn words(&self) -> String {
        let Self { field, found, of, found_before, of_before } = self;
        format!("{field} found in {found} of {of} articles, in {found_before} of {of_before} before")
    }
}

/// The fields that nine of ten articles had and not one of three has now. The articles are given newest first.
pub fn missed(articles: &[Found]) -> Vec<Missed> {
    let now = articles.iter().take_while(|article| article.now).count();
    let latest = if now >= BY_ITSELF { now } else { LATEST };
    let (latest, before) = articles.split_at(latest.min(articles.len()));
    let before: Vec<&Found> = before.iter().filter(|article| !article.doubted).take(PAST).collect();
    if latest.len() < BY_ITSELF || before.len() < ENOUGH {
        return Vec::new();
    }
    let missed = FIELDS.iter().enumerate().map(|(at, field)| {
        let has = |article: &Found| article.fields.get(at).is_some_and(|found| *found);
        Missed {
            field,
            found: latest.iter().filter(|article| has(article)).count(),
            of: latest.len(),
            found_before: before.iter().filter(|article| has(article)).count(),
            of_before: before.len(),
        }
    });
    missed.filter(|m| m.found_before * 10 >= m.of_before * 9 && m.found * 3 <= m.of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: usize = 1;

    /// Articles of this run, then of earlier ones, newest first; of each whether a source was found.
    fn site(now: &[bool], before: &[bool]) -> Vec<Found> {
        let article = |now: bool| {
            move |source: &bool| {
                let mut fields = [true; FIELDS.len()];
                fields[SOURCE] = *source;
                Found { now, doubted: false, fields }
            }
        };
        now.iter().map(article(true)).chain(before.iter().map(article(false))).collect()
    }

    #[test]
    fn a_field_that_nearly_all_had_and_hardly_any_has_is_missed() {
        let past: Vec<bool> = (0..200).map(|n| n % 50 != 0).collect();
        let found = missed(&site(&[false; 12], &past));
        assert_eq!(
            found,
            [Missed { field: "source", found: 0, of: 12, found_before: 196, of_before: 200 }],
            "and nothing else"
        );
        assert_eq!(found[0].words(), "source found in 0 of 12 articles, in 196 of 200 before");
        assert_eq!(missed(&site(&[true, true, false, false, false, false], &past)).len(), 1, "two of six");
        assert!(missed(&site(&[true, true, false, false, false], &past)).is_empty(), "two of five");
    }

    #[test]
    fn what_a_site_never_always_had_is_not_missed() {
        let past: Vec<bool> = (0..200).map(|n| n % 8 != 0).collect();
        assert!(missed(&site(&[false; 12], &past)).is_empty());
    }

    #[test]
    fn a_short_past_and_a_single_article_say_nothing() {
        assert!(missed(&site(&[false; 12], &[true; 19])).is_empty());
        assert!(!missed(&site(&[false; 12], &[true; 20])).is_empty());
        assert!(missed(&site(&[false], &[true; 200])).is_empty(), "one article without a source");
        assert!(missed(&[]).is_empty());
    }

    #[test]
    fn small_nights_add_up() {
        // Three articles a night: the third night after the redesign tells.
        for (nights, told) in [(1, false), (2, false), (3, true), (4, true)] {
            let earlier: Vec<bool> = (0..200).map(|n| n >= 3 * (nights - 1)).collect();
            assert_eq!(!missed(&site(&[false; 3], &earlier)).is_empty(), told, "night {nights}");
        }
    }

    #[test]
    fn nights_that_missed_are_no_measure() {
        let mut articles = site(&[false; 12], &[true; 60]);
        articles.splice(12..12, site(&[], &[false; 100]).into_iter().map(|found| Found { doubted: true, ..found }));
        assert_eq!(missed(&articles)[0].of_before, 60);
    }
}
