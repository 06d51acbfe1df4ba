//! Text that people type, and text that is read as prose.

use clap::Parser as _;
use shiguan::domain::schedule::{Last, Schedule, Standing};
use shiguan::domain::time::CaptureTime;
use shiguan::extract::reflections::{self, Context};
use shiguan::near::{self, Sketch, Text, compare};
use shiguan::segment::{self, Query};

use super::first_line;
use super::pages::CATALOGUE;

fn text(input: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(input)
}

/// A command line, one argument a line.
pub(crate) fn arguments(input: &[u8]) {
    let text = text(input);
    if let Err(error) = shiguan::cli::Args::try_parse_from(std::iter::once("shiguan").chain(text.lines())) {
        error.render();
    }
}

/// A query, and what of a text is shown for it: the first line, and what follows it.
pub(crate) fn query(input: &[u8]) {
    let (asked, body) = first_line(input);
    let (asked, body) = (text(asked), text(body));
    let units = segment::units(&body);
    segment::pairs(&units);
    segment::singles(&units);
    match Query::read(&asked) {
        Ok(query) => {
            let needles: Vec<_> = query.leaves().into_iter().map(|leaf| &leaf.needle).collect();
            for needle in &needles {
                drop(needle.tokens());
            }
            let shown = segment::snippet(&body, &needles, 60);
            let length = shown.text.chars().count();
            assert!(length <= 60 && shown.highlights.iter().all(|(from, to)| from < to && *to <= length));
        }
        Err(error) => assert!(error.at >= 1 && error.at <= asked.chars().count() + 1, "{error}"),
    }
}

/// A cron expression, and when it is due.
pub(crate) fn schedule(input: &[u8]) {
    let Ok(schedule) = Schedule::parse(&text(input)) else { return };
    let at = |moment| CaptureTime::parse(moment).unwrap();
    for begun_at in ["2026-11-29T16:00:00Z", "2024-02-29T15:59:59Z", "2037-12-31T23:59:59Z"].map(at) {
        let last = Some(Last { begun_at, open: false });
        if let Standing::Next(next) = schedule.standing(last, begun_at) {
            assert!(next > begun_at, "the next time comes after the last");
            assert_eq!(schedule.standing(last, next), Standing::Due, "due when it is time");
        }
    }
}

/// Plain text with a title: who said what, and the campaigns it belongs to.
pub(crate) fn reflections(input: &[u8]) {
    let (title, body) = first_line(input);
    let (title, body) = (text(title), text(body));
    let chars: Vec<char> = body.chars().collect();
    for found in reflections::find(&body, &Context { title: Some(&title) }) {
        assert!(!found.text.is_empty() && found.start < found.end && found.end <= chars.len(), "{found:?}");
        assert_eq!(chars[found.start..found.end].iter().collect::<String>(), found.text, "the place of the words");
    }
    CATALOGUE.topics().tags(Some(&title), &body, None);
}

/// Two texts with an empty line between them: whether they are one work, from either side.
pub(crate) fn texts(input: &[u8]) {
    let all = text(input);
    let (one, other) = all.split_once("\n\n").unwrap_or((&all, ""));
    let read = |text: &str| {
        let (title, body) = text.split_once('\n').unwrap_or(("", text));
        Text::new(title, body, &[])
    };
    let (Some(one), Some(other)) = (read(one), read(other)) else { return };
    let [(one_sketch, _), (other_sketch, _)] = [&one, &other].map(Sketch::with_keys);
    assert_eq!(one_sketch.may_contain(&other_sketch), other_sketch.may_contain(&one_sketch), "from either side");
    let found = compare(&one, &other);
    assert_eq!(found.is_some(), compare(&other, &one).is_some(), "from either side");
    assert_eq!(near::one(&one, &other), found.filter(|found| found.same), "by either way");
}
