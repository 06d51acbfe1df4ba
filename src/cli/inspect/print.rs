//! An answer as text: a block for the page, one for the family, one a field.
//!
//! A value stands beside its field; below it the rules, `+` for the one that won, `-` for those that lost and why, `.` for
//! those not needed. Rules that match nothing are only counted where there are many, unless all are asked for.

use std::fmt::Write as _;

use crate::cli::{output, table};
use crate::extract::trace::Trace;
use crate::extract::trace::shape::{Candidate, Field, Outcome, Place, Try};

/// Longest value printed, in characters.
const LONGEST: usize = 72;
/// Entries of a list printed.
const ENTRIES: usize = 3;
/// Rules without a match printed for a field before they are only counted.
const SILENT: usize = 3;
/// Width of the column of field names.
const NAMES: usize = 14;

/// The whole answer.
pub(super) fn people(trace: &Trace, all: bool) -> String {
    let mut out = String::new();
    page(&mut out, trace);
    family(&mut out, trace, all);
    for field in &trace.fields {
        one_field(&mut out, field, all);
    }
    let warnings = if trace.warnings.is_empty() { "none".to_owned() } else { trace.warnings.join(", ") };
    line(&mut out, "warnings", &warnings);
    out
}

fn line(out: &mut String, name: &str, value: &str) {
    // Writing to a String cannot fail.
    writeln!(out, "{name:<NAMES$}{}", output::printable(value).replace('\n', " ⏎ ")).ok();
}

fn below(out: &mut String, text: &str) {
    line(out, "", text);
}

fn page(out: &mut String, trace: &Trace) {
    let page = &trace.page;
    line(out, "page", page.url.as_deref().unwrap_or("no address (--url gives one)"));
    let by = match page.charset_by {
        "bom" => "byte order mark",
        "header" => "the Content-Type header",
        "meta" => "the page's own meta tag",
        "overruled" => "the bytes, against what is declared",
        _ => "the bytes; nothing is declared",
    };
    let doubt = if page.charset_doubtful { ", doubtful" } else { "" };
    below(out, &format!("{}, {} characters, captured {}", page.format, page.chars, page.captured_on));
    line(out, "charset", &format!("{}, by {by}{doubt}", page.charset));
}

fn family(out: &mut String, trace: &Trace, all: bool) {
    let family = &trace.family;
    let by = match family.chosen_by {
        "asked" => "as asked",
        "site" => "named by the site's file",
        "marks" => "by its marks",
        "rows" => "its pointers lead to rows",
        _ => "no family's marks reach its threshold",
    };
    line(out, "family", &format!("{} ({by})", family.selectors));
    if let Some(from) = &family.fell_back_from {
        below(out, &format!("the rules of {from} found no text here: read as any page is"));
    }
    for (at, candidate) in family.candidates.iter().enumerate() {
        if at > 0 && !all {
            let others: Vec<String> = family.candidates.iter().skip(1).map(sum).collect();
            below(out, &format!("then {}", others.join(", ")));
            break;
        }
        below(out, &sum(candidate));
        let marks: Vec<Vec<String>> = candidate
            .marks
            .iter()
            .map(|mark| vec![format!("  + {}", mark.weight), mark_text(&mark.rule.written), place(&mark.rule)])
            .collect();
        for row in table::align(&marks, 3).lines() {
            below(out, row);
        }
    }
    out.push('\n');
}

fn sum(candidate: &Candidate) -> String {
    format!("{} {} of {}", candidate.family, candidate.sum, candidate.threshold)
}

/// `{ text = "x", weight = 8 }` without its weight, which stands before it.
fn mark_text(written: &str) -> String {
    let inner = written.trim_start_matches('{').trim_end_matches('}').trim();
    short(inner.rsplit_once(", weight").map_or(inner, |(mark, _)| mark))
}

fn one_field(out: &mut String, field: &Field, all: bool) {
    if field.found.is_empty() {
        line(out, field.name, "nothing");
    }
    let alike = field.found.iter().all(|found| Some(&found.by) == field.found.first().map(|first| &first.by));
    for (at, found) in field.found.iter().take(ENTRIES).enumerate() {
        let name = if at == 0 { field.name } else { "" };
        let together = alike && field.found.len() > 1;
        let by = if together { String::new() } else { format!("   [{}]", found.by) };
        line(out, name, format!("{}{by}", short(&found.text)).trim_start());
    }
    if field.found.len() > ENTRIES {
        below(out, &format!("… {} in all", field.found.len()));
    }
    if let Some(first) = field.found.first().filter(|_| alike && field.found.len() > 1) {
        below(out, &format!("[{}]", first.by));
    }
    tries(out, &field.tries, all);
    out.push('\n');
}

fn tries(out: &mut String, tries: &[Try], all: bool) {
    let silent = |tried: &&Try| tried.why == "no match" || tried.why == "the page has no address";
    let count = tries.iter().filter(silent).count();
    let folded = !all && count > SILENT;
    let rows: Vec<Vec<String>> = tries.iter().filter(|tried| !(folded && silent(tried))).map(row).collect();
    for row in table::align(&rows, 3).lines() {
        below(out, row);
    }
    if folded {
        below(out, &format!("- {count} rules match nothing (--all shows them)"));
    }
}

fn row(tried: &Try) -> Vec<String> {
    let sign = match tried.outcome {
        Outcome::Won => "+",
        Outcome::Lost => "-",
        Outcome::Spare => ".",
    };
    let gave = tried.gave.as_deref().map(|gave| clipped(gave, 40));
    let said = match (gave, tried.why.is_empty()) {
        (Some(gave), true) => gave,
        (Some(gave), false) => format!("{gave}   ({})", tried.why),
        (None, _) => tried.why.clone(),
    };
    vec![format!("{sign} {}", clipped(&tried.rule.written, 56)), place(&tried.rule), said]
}

fn place(place: &Place) -> String {
    let line = place.line.map(|line| format!(":{line}")).unwrap_or_default();
    let own = if place.built_in { "" } else { " (yours)" };
    format!("{}{line}{own}", place.file)
}

fn short(text: &str) -> String {
    clipped(text, LONGEST)
}

/// At most so many characters, white space and line breaks shown as they are told apart from the end.
fn clipped(text: &str, most: usize) -> String {
    let text = output::printable(text).replace('\n', " ⏎ ").replace('\t', " ");
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or(&text)),
        None => text,
    }
}
