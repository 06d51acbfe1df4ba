//! Which CMS family made a page.
//!
//! Every family has marks with weights. The weights of the marks a page shows are added up; the family with the
//! largest sum reads the page, if the sum reaches the family's threshold. Strings of all families are looked for in
//! one pass over the source; selectors are tried only for families they could still carry over the threshold.

mod scan;

use std::cell::OnceCell;
use std::collections::BTreeMap;

use aho_corasick::AhoCorasick;
use scraper::Html;
use url::Url;

use crate::domain::page::Page;

use super::profile::{Family, MarkKind, Present};
use super::rule::Evidence;

use scan::Scanner;

/// All text marks of all families, compiled into one automaton.
#[derive(Debug)]
pub struct Recogniser {
    texts: Option<Scanner>,
    /// For every pattern: the family's place by name, and the weight.
    owners: Vec<(usize, u32)>,
    /// Names of the families in order.
    names: Vec<String>,
}

/// What a page's marks add up to for one family.
struct Sum<'a> {
    family: &'a Family,
    sum: u32,
}

impl Recogniser {
    /// Gathers the text marks of all families.
    pub fn new(families: &BTreeMap<String, Family>) -> Result<Self, String> {
        let mut patterns = Vec::new();
        let mut owners = Vec::new();
        let names: Vec<String> = families.values().map(|family| family.name.clone()).collect();
        for (place, family) in families.values().enumerate() {
            for mark in &family.detect.marks {
                if let MarkKind::Text(text) = &mark.kind {
                    patterns.push(text.as_str());
                    owners.push((place, mark.weight));
                }
            }
        }
        if patterns.is_empty() {
            return Ok(Self { texts: None, owners, names });
        }
        let texts = Scanner::new(&patterns).map_err(|error| format!("detect.marks: {error}"))?;
        Ok(Self { texts: Some(texts), owners, names })
    }

    /// The family whose marks weigh most, if any reaches its threshold; of equals the first by name.
    pub fn recognise<'a>(
        &self,
        page: &Page,
        doc: Option<&Html>,
        families: impl Iterator<Item = &'a Family>,
    ) -> Option<&'a Family> {
        let seen = self.seen(&page.text);
        let address = page.url.as_ref().map(path_and_query);
        let evidence = doc.map(Evidence::of_html);
        let generator = evidence.as_ref().and_then(|evidence| evidence.metas("generator").next());
        let present = OnceCell::new();
        let mut best: Option<Sum<'a>> = None;
        for family in families {
            let place = self.names.iter().position(|name| *name == family.name);
            let texts = place.and_then(|place| seen.get(place)).copied().unwrap_or_default();
            let sum = texts + cheap_marks(family, address.as_deref(), generator);
            let sum = with_selectors(family, sum, doc, &present);
            if sum >= family.detect.threshold && sum > 0 && best.as_ref().is_none_or(|best| sum > best.sum) {
                best = Some(Sum { family, sum });
            }
        }
        best.map(|best| best.family)
    }

    /// For every family what its text marks in the source weigh.
    fn seen(&self, source: &str) -> Vec<u32> {
        let mut weights = vec![0; self.names.len()];
        let Some(texts) = &self.texts else { return weights };
        let seen = texts.seen(source);
        for ((place, weight), _) in self.owners.iter().zip(&seen).filter(|(_, seen)| **seen) {
            if let Some(sum) = weights.get_mut(*place) {
                *sum += weight;
            }
        }
        weights
    }
}

/// Whether a page shows one mark; [`Recogniser::recognise`] comes to the same sums, faster.
pub(in crate::extract) fn shows(kind: &MarkKind, page: &Page, doc: &Html) -> bool {
    match kind {
        MarkKind::Text(text) => {
            let text = AhoCorasick::builder().ascii_case_insensitive(true).build([text]);
            text.is_ok_and(|text| text.is_match(&page.text))
        }
        MarkKind::Css(css) => css.first(doc).is_some(),
        MarkKind::Url(expression) => page.url.as_ref().is_some_and(|url| expression.is_match(&path_and_query(url))),
        MarkKind::Generator(expression) => {
            let evidence = Evidence::of_html(doc);
            evidence.metas("generator").next().is_some_and(|generator| expression.is_match(generator))
        }
    }
}

/// Path and query: what expressions over addresses see.
pub fn path_and_query(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}

fn cheap_marks(family: &Family, address: Option<&str>, generator: Option<&str>) -> u32 {
    let fits = |kind: &MarkKind| match kind {
        MarkKind::Url(expression) => address.is_some_and(|address| expression.is_match(address)),
        MarkKind::Generator(expression) => generator.is_some_and(|generator| expression.is_match(generator)),
        MarkKind::Text(_) | MarkKind::Css(_) => false,
    };
    family.detect.marks.iter().filter(|mark| fits(&mark.kind)).map(|mark| mark.weight).sum()
}

/// Adds the weights of matching selectors, where they could decide.
fn with_selectors(family: &Family, mut sum: u32, doc: Option<&Html>, present: &OnceCell<Present>) -> u32 {
    let Some(doc) = doc else { return sum };
    let selectors = || {
        family.detect.marks.iter().filter_map(|mark| match &mark.kind {
            MarkKind::Css(css) => Some((css, mark.weight)),
            MarkKind::Text(_) | MarkKind::Url(_) | MarkKind::Generator(_) => None,
        })
    };
    let possible = selectors().map(|(_, weight)| weight).sum::<u32>();
    if sum + possible < family.detect.threshold {
        return sum;
    }
    let present = present.get_or_init(|| Present::of(doc));
    for (css, weight) in selectors() {
        if css.is_possible_on(present) && css.first(doc).is_some() {
            sum += weight;
        }
    }
    sum
}
