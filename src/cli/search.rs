//! `search`: articles by their words, best first, with what was found marked.

use std::fmt::Write as _;
use std::io::IsTerminal as _;

use serde_json::json;

use super::args::{GlobalArgs, SearchArgs};
use super::exit::{Exit, Failure};
use super::{export, output, table, takedown};
use crate::domain::held::{Found, HeldArticle};
use crate::domain::time::CaptureTime;
use crate::segment::{Field, Needle, Query, Snippet, snippet};

/// Characters of a body shown around what was found.
const SNIPPET: usize = 80;

/// Runs the command.
pub(super) fn run(args: &SearchArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let query = Query::read(&args.query.join(" ")).map_err(|error| Failure::usage(error.to_string()))?;
    let reader = takedown::open(&global.archive_dir(), takedown::Asked::Few)?;
    export::note_vain(&reader, &args.filter)?;
    let found = reader.search(&query, &export::filter(&args.filter), args.offset, args.limit)?;
    let text = if args.json {
        json(args, &query, &found)?
    } else {
        people(args, &query, &found, std::io::stdout().is_terminal())
    };
    output::data(text.as_bytes())?;
    Ok(Exit::Done)
}

/// What is marked in a field: words for it, and for the title and body those for no field in particular.
fn needles(query: &Query, field: Field) -> Vec<&Needle> {
    let leaves = query.leaves().into_iter();
    let here = leaves.filter(|leaf| match leaf.field {
        Some(asked) => asked == field || (field == Field::Body && asked != Field::Title && asked != Field::Source),
        None => true,
    });
    here.map(|leaf| &leaf.needle).collect()
}

fn shown(query: &Query, article: &HeldArticle) -> (Snippet, Snippet) {
    let title = article.record.title.as_deref().unwrap_or_default();
    let title = snippet(title, &needles(query, Field::Title), title.chars().count());
    (title, snippet(&article.record.body, &needles(query, Field::Body), SNIPPET))
}

fn json(args: &SearchArgs, query: &Query, found: &Found) -> serde_json::Result<String> {
    let hits = found.hits.iter().map(|(held, score)| {
        let (title, snippet) = shown(query, held);
        let record = &held.record;
        json!({
            "id": held.id, "url": record.url, "site": record.site, "title": record.title,
            "title_highlights": title.highlights, "source": record.source, "published_at": record.published_at,
            "gone_at": held.gone_at.map(CaptureTime::to_micros_string), "work_id": held.work_id,
            "score": score, "snippet": snippet,
        })
    });
    let value = json!({
        "query": args.query.join(" "), "total": found.total, "offset": args.offset, "limit": args.limit,
        "hits": hits.collect::<Vec<_>>(),
    });
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

fn people(args: &SearchArgs, query: &Query, found: &Found, terminal: bool) -> String {
    let mut text = String::new();
    for (number, (held, _)) in (args.offset + 1..).zip(&found.hits) {
        let (title, snippet) = shown(query, held);
        let record = &held.record;
        let day = record.published_at.map(|at| at.china_date().to_string());
        let gone = held.gone_at.map(|at| format!("gone {}", at.china_date()));
        let about = [day, record.site.clone(), record.source.clone(), gone];
        let about: Vec<String> = about.into_iter().flatten().map(|part| output::printable(&part)).collect();
        // Writing to a String cannot fail.
        writeln!(text, "{number}. {}\n   {}", marked(&title, terminal), about.join(" · ")).ok();
        if !snippet.text.is_empty() {
            writeln!(text, "   {}", marked(&snippet, terminal)).ok();
        }
        writeln!(text, "   {}\n", output::printable(record.url.as_ref().map_or("", url::Url::as_str))).ok();
    }
    let total = i64::try_from(found.total).unwrap_or(i64::MAX);
    writeln!(text, "{} found", table::count(total, "article")).ok();
    text
}

/// The stretch with what was found in bold, or between brackets where the output is no terminal.
fn marked(snippet: &Snippet, terminal: bool) -> String {
    let (open, close) = if terminal { ("\x1b[1m", "\x1b[0m") } else { ("【", "】") };
    let mut text = String::new();
    let mut behind = 0;
    let stretch = |from: usize, to: usize| -> String {
        output::printable(&snippet.text.chars().skip(from).take(to - from).collect::<String>())
    };
    for (from, to) in &snippet.highlights {
        text.extend([&stretch(behind, *from), open, &stretch(*from, *to), close]);
        behind = *to;
    }
    text.push_str(&stretch(behind, snippet.text.chars().count()));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_marked_and_escapes_are_shown() {
        let needle = Needle::of("党课").unwrap();
        let shown = snippet("讲\x1b党课，党课", &[&needle], 20);
        assert_eq!(marked(&shown, false), "讲\\x1b【党课】，【党课】");
        assert_eq!(marked(&shown, true), "讲\\x1b\x1b[1m党课\x1b[0m，\x1b[1m党课\x1b[0m");
    }

    #[test]
    fn words_for_other_fields_are_not_marked_in_the_title() {
        let query = Query::read("title:党课 person:林知远 讲座").unwrap();
        assert_eq!((needles(&query, Field::Title).len(), needles(&query, Field::Body).len()), (2, 2));
    }
}
