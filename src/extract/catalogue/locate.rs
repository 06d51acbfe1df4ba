//! From a field's path to the line it stands on, and from a place in the text to the field that stands there.
//!
//! Compiling names a field as `revision[0].article.title[2].css`; people look for a line. TOML keeps the span of every
//! value, so the way back is a walk, not a guess.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The line, from 1, of the value at `path`, or of its nearest written ancestor.
pub(super) fn line_of(text: &str, path: &str) -> Option<usize> {
    let root = DeTable::parse(text).ok()?;
    let mut steps = steps(path).into_iter();
    let Step::Key(first) = steps.next()? else { return None };
    let (key, mut value) = root.get_ref().iter().find(|(key, _)| key.get_ref() == first)?;
    let mut offset = start_of(key.span(), value);
    for step in steps {
        let Some((at, next)) = child(value, step) else { break };
        offset = at;
        value = next;
    }
    Some(line_at(text, offset))
}

/// Line, from 1, and text of the value at `path` as its author wrote it; a table that is not inline is put together
/// from its entries.
pub(super) fn written(text: &str, path: &str) -> Option<(usize, String)> {
    let root = DeTable::parse(text).ok()?;
    let mut steps = steps(path).into_iter();
    let Step::Key(first) = steps.next()? else { return None };
    let (key, value) = root.get_ref().iter().find(|(key, _)| key.get_ref() == first)?;
    let found = steps.try_fold((start_of(key.span(), value), value), |(_, value), step| child(value, step))?;
    Some((line_at(text, found.0), source(text, found.1)))
}

fn source(text: &str, value: &Spanned<DeValue<'_>>) -> String {
    let raw = |value: &Spanned<DeValue<'_>>| text.get(value.span()).unwrap_or_default().to_owned();
    match value.get_ref() {
        DeValue::Table(table) if !raw(value).starts_with('{') => {
            let entries: Vec<String> =
                table.iter().map(|(key, value)| format!("{} = {}", key.get_ref(), raw(value))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        DeValue::Table(_)
        | DeValue::Array(_)
        | DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_) => raw(value),
    }
}

/// The line, from 1, of a byte offset.
pub(super) fn line_at(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|b| *b == b'\n').count() + 1
}

/// The path of the innermost field written around `offset`; empty where there is none. A table's own span is only its
/// header, so every field is looked at.
pub(super) fn path_at(text: &str, offset: usize) -> String {
    let Ok(root) = DeTable::parse(text) else { return String::new() };
    let mut found = String::new();
    let mut waiting = Vec::new();
    push_fields(&mut waiting, "", root.get_ref());
    while let Some((path, written, value)) = waiting.pop() {
        if (written.contains(&offset) || value.span().contains(&offset)) && path.len() > found.len() {
            found.clone_from(&path);
        }
        match value.get_ref() {
            DeValue::Table(table) => push_fields(&mut waiting, &path, table),
            DeValue::Array(items) => waiting
                .extend(items.iter().enumerate().map(|(index, item)| (format!("{path}[{index}]"), item.span(), item))),
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => {}
        }
    }
    found
}

/// A field's path, where its key is written, and its value.
type Field<'v, 'i> = (String, Range<usize>, &'v Spanned<DeValue<'i>>);

fn push_fields<'v, 'i>(waiting: &mut Vec<Field<'v, 'i>>, outer: &str, table: &'v DeTable<'i>) {
    for (key, value) in table {
        let dot = if outer.is_empty() { "" } else { "." };
        waiting.push((format!("{outer}{dot}{}", key.get_ref()), key.span(), value));
    }
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

fn steps(path: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    for part in path.split('.') {
        let mut pieces = part.split('[');
        if let Some(key) = pieces.next().filter(|key| !key.is_empty()) {
            steps.push(Step::Key(key));
        }
        steps.extend(pieces.filter_map(|piece| piece.trim_end_matches(']').parse().ok()).map(Step::Index));
    }
    steps
}

fn child<'v, 'i>(value: &'v Spanned<DeValue<'i>>, step: Step<'_>) -> Option<(usize, &'v Spanned<DeValue<'i>>)> {
    match step {
        Step::Key(name) => {
            let table = value.get_ref().as_table()?;
            let (key, value) = table.iter().find(|(key, _)| key.get_ref() == name)?;
            Some((start_of(key.span(), value), value))
        }
        Step::Index(index) => {
            let item = value.get_ref().as_array()?.get(index)?;
            Some((item.span().start, item))
        }
    }
}

/// A scalar is where its value is; a table is where its key is written.
fn start_of(key: Range<usize>, value: &Spanned<DeValue<'_>>) -> usize {
    match value.get_ref() {
        DeValue::Table(_) | DeValue::Array(_) => key.start,
        DeValue::String(_) | DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {
            value.span().start
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "family = \"x\"\n\n[[revision]]\nsince = \"0001-01-01\"\n\n[revision.article]\ntitle = [\n  { css = \"h1\" },\n  { css = \"h2[\" },\n]\n";

    #[test]
    fn a_field_has_a_line() {
        for (path, line) in [
            ("family", 1),
            ("revision[0].since", 4),
            ("revision[0].article.title[0].css", 8),
            ("revision[0].article.title[1].css", 9),
            ("revision[0].article.title[1].attr", 9),
        ] {
            assert_eq!(line_of(TEXT, path), Some(line), "{path}");
        }
    }

    #[test]
    fn a_place_has_a_field() {
        let at = TEXT.find("h2[").unwrap();
        assert_eq!(path_at(TEXT, at), "revision[0].article.title[1].css");
        assert_eq!(path_at(TEXT, 0), "family");
    }
}
