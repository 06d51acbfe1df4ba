//! Words of named persons in an article: who said or wrote what, and where in the body it stands.
//!
//! Text in, reflections out: no markup, no clock, no settings. Two readers share the work. [`signed`] takes the texts that stand under,
//! beside or above a name line; [`spoken`] reads what is left for speech, quoted or reported. Both need a *named* person:
//! 大家纷纷表示 has none and gives nothing. An invented person is worse than a missed one, so every rule asks for evidence on both sides
//! of a name. Knowledge of the language sits in tables ([`surnames`], [`roles`], the verbs of [`lead_in`]); time is linear in the body.
//!
//! Invariants: `text` is the slice `start..end` of the body (in characters); ordinals count from 1 in reading order; no two reflections overlap.

mod affiliation;
mod affixes;
mod heads;
mod lead_in;
mod lines;
pub mod mentions;
mod names;
mod paragraph;
mod quotes;
mod roles;
mod roster;
mod signed;
mod spans;
mod speaker;
mod spoken;
mod surnames;

use std::ops::Range;

use super::facets;
use crate::domain::article::{Reflection, ReflectionKind};

/// What is known of the article beside its body.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// The headline: a whole page can be one person's text, and then the headline names the person.
    pub title: Option<&'a str>,
}

/// A reflection before its place is counted in characters.
#[derive(Debug, Clone)]
struct Draft {
    named: speaker::Named,
    kind: ReflectionKind,
    /// Bytes of the body.
    range: Range<usize>,
}

/// Finds the reflections of a body (one paragraph a line), in reading order.
pub fn find(body: &str, context: &Context<'_>) -> Vec<Reflection> {
    let lines = lines::lines(body);
    let title = context.title.unwrap_or_default();
    let signed = signed::find(body, &lines, lines::is_reflective(title));
    if signed.drafts.is_empty()
        && let Some(whole) = signed::whole_page(body, &lines, title)
    {
        return finished(body, vec![whole]);
    }
    let mut drafts = signed.drafts;
    drafts.extend(spoken::find(body, &lines, &signed.taken));
    drafts.sort_by_key(|draft| draft.range.start);
    finished(body, drafts)
}

/// Counts characters, slices the text, takes the affiliations apart.
fn finished(body: &str, mut drafts: Vec<Draft>) -> Vec<Reflection> {
    drafts.retain(|draft| draft.range.start < draft.range.end);
    let bytes: Vec<usize> = drafts.iter().flat_map(|draft| [draft.range.start, draft.range.end]).collect();
    let places = spans::characters(body, &bytes);
    let places =
        places.chunks_exact(2).map(|pair| (pair.first().copied().unwrap_or(0), pair.last().copied().unwrap_or(0)));
    let numbered = drafts.into_iter().zip(places).zip(1..);
    numbered
        .map(|((Draft { named, kind, range }, (start, end)), ordinal)| Reflection {
            ordinal,
            people: named.people,
            facets: named.standing.affiliation.as_deref().map(facets::parse).unwrap_or_default(),
            affiliation: named.standing.affiliation,
            role: named.standing.role,
            kind,
            text: body.get(range).unwrap_or_default().to_owned(),
            start,
            end,
        })
        .collect()
}
