//! What a polite crawl of the made-up university must find, counted from the same data that is served.

use std::collections::BTreeSet;

use super::campus::{Article, Site};

/// What one site holds on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Site id.
    pub site: &'static str,
    /// Host name.
    pub host: &'static str,
    /// Pages of its listing.
    pub listing_pages: usize,
    /// Rows of its listing over all pages, those that lead nowhere included.
    pub rows: usize,
    /// Articles that answer 200: the records of a crawl.
    pub articles: usize,
    /// Articles copied from another site.
    pub reposts: usize,
    /// Reflections over all articles.
    pub reflections: usize,
    /// Rows whose address answers 404.
    pub missing: usize,
    /// Rows that lead to another host.
    pub elsewhere: usize,
    /// Rows that robots.txt forbids.
    pub disallowed: usize,
}

/// One reflection as the data names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reflected {
    /// `signed`, `quoted` or `reported`.
    pub kind: &'static str,
    /// Who.
    pub people: Vec<&'static str>,
}

/// What each site holds on `day`.
pub fn expected(day: u32) -> Vec<Expected> {
    Site::all().iter().map(|site| of(site, day)).collect()
}

/// How many different texts the university holds on `day`: an original and its reposts are one work.
pub fn works(day: u32) -> usize {
    let keys: BTreeSet<String> = Site::all()
        .iter()
        .flat_map(|site| {
            site.articles_on(day)
                .into_iter()
                .map(|a| a.repost.clone().unwrap_or_else(|| format!("{}/{}", site.id, a.id)))
        })
        .collect();
    keys.len()
}

impl Article {
    /// Reflections a reader finds in it, in order.
    pub fn reflected(&'static self) -> Vec<Reflected> {
        self.reflections
            .iter()
            .filter_map(|line| line.split_once(' '))
            .map(|(kind, people)| Reflected { kind, people: people.split('、').collect() })
            .collect()
    }
}

fn of(site: &'static Site, day: u32) -> Expected {
    let articles = site.articles_on(day);
    let rows = articles.len() + site.rows.len();
    let count = |wanted: Fate| site.rows.iter().filter(|row| fate(site, &row.href, row.redirects_to) == wanted).count();
    Expected {
        site: &site.id,
        host: &site.host,
        listing_pages: rows.div_ceil(site.page_size),
        rows,
        articles: articles.len(),
        reposts: articles.iter().filter(|a| a.repost.is_some()).count(),
        reflections: articles.iter().map(|a| a.reflections.len()).sum(),
        missing: count(Fate::Missing),
        elsewhere: count(Fate::Elsewhere),
        disallowed: count(Fate::Disallowed),
    }
}

/// What becomes of a row that is no article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Missing,
    Elsewhere,
    Disallowed,
    Redirect,
}

fn fate(site: &Site, href: &str, redirects_to: Option<u64>) -> Fate {
    let disallowed =
        site.robots.lines().filter_map(|l| l.strip_prefix("Disallow: ")).any(|path| href.starts_with(path));
    match (disallowed, redirects_to) {
        (true, _) => Fate::Disallowed,
        (false, Some(_)) => Fate::Redirect,
        (false, None) if href.starts_with("http") => Fate::Elsewhere,
        (false, None) => Fate::Missing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reflection_names_its_kind_and_people() {
        for article in Site::all().iter().flat_map(|site| &site.articles) {
            assert_eq!(article.reflected().len(), article.reflections.len(), "{}", article.id);
            for reflected in article.reflected() {
                assert!(
                    ["signed", "quoted", "reported"].contains(&reflected.kind),
                    "{}: {}",
                    article.id,
                    reflected.kind
                );
                for person in reflected.people {
                    assert!(article.body.replace(' ', "").contains(person), "{}: {person}", article.id);
                }
            }
        }
    }

    #[test]
    fn the_university_is_large_enough_to_be_worth_a_crawl() {
        let sites = expected(1);
        assert!(sites.len() >= 4);
        assert!(sites.iter().map(|s| s.articles).sum::<usize>() >= 60);
        assert!(sites.iter().all(|s| s.listing_pages >= 2), "{sites:?}");
        assert!(sites.iter().map(|s| s.reflections).sum::<usize>() >= 30);
        assert!(works(1) < sites.iter().map(|s| s.articles).sum());
        for count in [|s: &Expected| s.missing, |s: &Expected| s.elsewhere, |s: &Expected| s.disallowed] {
            assert!(sites.iter().map(count).sum::<usize>() >= 1);
        }
    }
}
