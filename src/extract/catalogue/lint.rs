//! Everything that is wrong with selector files, not only the first thing.
//!
//! The catalogue is loaded as ever; what it stumbles over is noted, mended in a copy, and loading is tried again, so that
//! one mistake does not hide the next. Lines are those of the file as written: mending changes values, never their
//! places.

use toml::Value;

use super::load::load;
use super::{ProfileError, SourceFile, locate};

/// More problems than this are one: the file is something else.
const MOST: usize = 200;

/// All problems of the files of an overlay, in the order they are found.
pub fn lint(files: &[SourceFile]) -> Vec<ProfileError> {
    let mut files = files.to_vec();
    let written = files.clone();
    let mut problems: Vec<ProfileError> = Vec::new();
    while problems.len() < MOST {
        let Err(error) = load(&files) else { break };
        let text = written.iter().find(|file| file.path == error.path).map(|file| file.text.as_str());
        let field = error.what.split(": ").next().unwrap_or_default().to_owned();
        let line = text.and_then(|text| locate::line_of(text, &field)).or(error.line);
        let mended =
            files.iter_mut().find(|file| file.path == error.path).is_some_and(|file| mend(file, &field, &error));
        let path = error.path.clone();
        problems.push(ProfileError { line, ..error });
        if !mended {
            // Nothing more can be said of this file; others may have problems of their own.
            let before = files.len();
            files.retain(|file| file.path != path);
            if files.len() == before {
                break;
            }
        }
    }
    problems.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    problems.dedup();
    problems
}

/// Puts something harmless where the problem is; whether it could.
fn mend(file: &mut SourceFile, field: &str, error: &ProfileError) -> bool {
    let Ok(mut root) = file.text.parse::<toml::Table>() else { return false };
    let unknown = error.what.split("unknown field `").nth(1).and_then(|rest| rest.split('`').next());
    let path = match unknown {
        Some(key) if field.rsplit('.').next() == Some(key) => field.to_owned(),
        Some(key) => format!("{field}.{key}"),
        None => field.to_owned(),
    };
    let Some((parent, last)) = step_in(&mut root, &path) else { return false };
    match (parent, last, unknown) {
        (Value::Table(table), Last::Key(key), Some(_)) => {
            if table.remove(&key).is_none() {
                return false;
            }
        }
        (Value::Table(table), Last::Key(key), None) => match harmless(&error.what, table.get(&key)) {
            Some(value) => drop(table.insert(key, value)),
            None => return false,
        },
        (Value::Array(items), Last::Index(at), _) => {
            let Some(item) = items.get_mut(at) else { return false };
            match harmless(&error.what, Some(item)) {
                Some(value) => *item = value,
                None => return false,
            }
        }
        _ => return false,
    }
    let Ok(text) = toml::to_string(&root) else { return false };
    let changed = text != file.text;
    file.text = text;
    changed
}

/// A value of the kind the problem is about that has no problem.
fn harmless(what: &str, old: Option<&Value>) -> Option<Value> {
    let said = |words: &str| what.contains(words);
    let text = if said("selector") {
        "a"
    } else if said("expression") || said("no group") {
        "(?P<pages>x)"
    } else if said("no `{n}`") {
        "{n}"
    } else if said("JSON pointer") {
        "/a"
    } else if said("is no schedule") {
        "@daily"
    } else if said("is no window") {
        "always"
    } else if said(": empty") {
        "x"
    } else if said("exactly one of") {
        let mut rule = toml::Table::new();
        rule.insert("css".to_owned(), Value::String("a".to_owned()));
        if let Some(weight) = old.and_then(|old| old.get("weight")) {
            rule.insert("weight".to_owned(), weight.clone());
        }
        return Some(Value::Table(rule));
    } else {
        return None;
    };
    Some(Value::String(text.to_owned()))
}

enum Last {
    Key(String),
    Index(usize),
}

/// The value that holds the last step of a path, and that step.
fn step_in<'v>(root: &'v mut toml::Table, path: &str) -> Option<(&'v mut Value, Last)> {
    let steps: Vec<Last> = path
        .split('.')
        .flat_map(|part| part.split('['))
        .filter(|piece| !piece.is_empty())
        .map(|piece| match piece.strip_suffix(']').and_then(|index| index.parse().ok()) {
            Some(index) => Last::Index(index),
            None => Last::Key(piece.to_owned()),
        })
        .collect();
    let (last, outer) = steps.split_last()?;
    let mut steps = outer.iter();
    let Some(Last::Key(first)) = steps.next() else { return None };
    let mut value = root.get_mut(first)?;
    for step in steps {
        value = match step {
            Last::Key(key) => value.as_table_mut()?.get_mut(key)?,
            Last::Index(at) => value.as_array_mut()?.get_mut(*at)?,
        };
    }
    Some((
        value,
        match last {
            Last::Key(key) => Last::Key(key.clone()),
            Last::Index(at) => Last::Index(*at),
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_mistake_does_not_hide_the_next() {
        let text = "family = \"x\"\nname = \"X\"\nevidence = \"general\"\n[detect]\nthreshold = 1\nmarks = [\n  { css = \"a[\", weight = 1 },\n  { weight = 1 },\n]\n\
            [[revision]]\nsince = \"0001-01-01\"\n[revision.article]\ntitel = []\nbody = [\n  \"div[\",\n  \"p\",\n  \"p[\",\n]\nurl = [\"(\"]\n";
        let files = [
            SourceFile { path: "families/x.toml".to_owned(), text: text.to_owned() },
            SourceFile { path: "sites/y.toml".to_owned(), text: "site = 5\n".to_owned() },
        ];
        let found: Vec<(String, Option<usize>)> = lint(&files).into_iter().map(|p| (p.path, p.line)).collect();
        let x = |line| ("families/x.toml".to_owned(), Some(line));
        assert_eq!(found, [x(7), x(8), x(13), x(15), x(17), x(19), ("sites/y.toml".to_owned(), Some(1))]);
        assert_eq!(lint(&[]), []);
    }
}
