//! Which family was chosen, and what spoke for the others.

use scraper::Html;

use crate::domain::page::Page;
use crate::extract::catalogue::{Catalogue, GENERIC};
use crate::extract::profile::Family;
use crate::extract::{Hints, detect};

use super::origin::place;
use super::shape::{Candidate, FamilyTrace, Mark};

/// What is said of the choice; `read_with` is the record's own word.
pub(super) fn choice(
    page: &Page,
    doc: &Html,
    catalogue: &Catalogue,
    hints: &Hints<'_>,
    (chosen, read_with): (Option<&Family>, &str),
) -> FamilyTrace {
    let mut candidates: Vec<Candidate> =
        catalogue.all().map(|family| candidate(family, page, doc, catalogue)).collect();
    candidates.retain(|candidate| candidate.sum > 0);
    candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.sum));
    let recognised = |name: &str| {
        candidates.iter().any(|candidate| candidate.family == name && candidate.sum >= candidate.threshold)
    };
    let chosen_by = match (hints.family, hints.site.and_then(|site| catalogue.site_family(site)), chosen) {
        (Some(_), _, _) => "asked",
        (None, Some(_), _) => "site",
        (None, None, Some(family)) if !recognised(&family.name) => "rows",
        (None, None, Some(_)) => "marks",
        (None, None, None) => "none",
    };
    let read_generic = read_with.split('@').next() == Some(GENERIC);
    let fell_back_from = chosen.map(|family| family.name.clone()).filter(|name| read_generic && name != GENERIC);
    FamilyTrace { selectors: read_with.to_owned(), chosen_by, fell_back_from, candidates }
}

fn candidate(family: &Family, page: &Page, doc: &Html, catalogue: &Catalogue) -> Candidate {
    let file = format!("families/{}.toml", family.name);
    let marks: Vec<Mark> = family
        .detect
        .marks
        .iter()
        .enumerate()
        .filter(|(_, mark)| detect::shows(&mark.kind, page, doc))
        .map(|(at, mark)| Mark { weight: mark.weight, rule: place(catalogue, &file, format!("detect.marks[{at}]")) })
        .collect();
    let sum = marks.iter().map(|mark| mark.weight).sum();
    Candidate { family: family.name.clone(), sum, threshold: family.detect.threshold, marks }
}
