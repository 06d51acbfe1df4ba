//! What was edited between two texts of an article: lines of the body, and fields beside it. Pure.

use serde::Serialize;
use serde_json::Value;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::domain::article::Article;

/// Fields that say how a page was read, not what it says; the body has its own lines, and reflections are part of it.
const NOT_SAID: [&str; 5] = ["body", "reflections", "extractor", "selectors", "warnings"];

/// What was edited.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Difference {
    /// Ordinal of the earlier version.
    pub(super) from: i64,
    /// Ordinal of the later one.
    pub(super) to: i64,
    /// Fields other than the body that changed.
    pub(super) fields: Vec<Field>,
    /// The lines of both bodies in order.
    pub(super) body: Vec<Line>,
}

/// A field that changed.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Field {
    #[serde(rename = "field")]
    pub(super) name: String,
    pub(super) before: Value,
    pub(super) after: Value,
}

/// A line of a body.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Line {
    pub(super) change: Change,
    pub(super) line: String,
}

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Change {
    /// In both.
    Equal,
    /// Only in the earlier.
    Removed,
    /// Only in the later.
    Added,
}

/// Compares two versions, each with its ordinal.
pub(super) fn difference(before: (i64, &Article), after: (i64, &Article)) -> serde_json::Result<Difference> {
    let fields = fields(&serde_json::to_value(before.1)?, &serde_json::to_value(after.1)?);
    Ok(Difference { from: before.0, to: after.0, fields, body: lines(&before.1.body, &after.1.body) })
}

fn fields(before: &Value, after: &Value) -> Vec<Field> {
    let names = after.as_object().into_iter().flatten().map(|(name, _)| name);
    let said = names.filter(|name| !NOT_SAID.contains(&name.as_str()) && before.get(name) != after.get(name));
    let value = |of: &Value, name: &String| of.get(name).cloned().unwrap_or_default();
    said.map(|name| Field { name: name.clone(), before: value(before, name), after: value(after, name) }).collect()
}

fn lines(before: &str, after: &str) -> Vec<Line> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let mut lines = Vec::new();
    let mut put = |change, stretch: Option<&[&str]>| {
        let stretch = stretch.unwrap_or_default().iter();
        lines.extend(stretch.map(|line| Line { change, line: (*line).to_owned() }));
    };
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        if matches!(op, DiffOp::Equal { .. }) {
            put(Change::Equal, old.get(op.old_range()));
        } else {
            put(Change::Removed, old.get(op.old_range()));
            put(Change::Added, new.get(op.new_range()));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_both_bodies_stand_in_order() {
        let got: Vec<(Change, String)> =
            lines("一\n二\n三", "一\n贰\n三\n四").into_iter().map(|line| (line.change, line.line)).collect();
        let want = [
            (Change::Equal, "一"),
            (Change::Removed, "二"),
            (Change::Added, "贰"),
            (Change::Equal, "三"),
            (Change::Added, "四"),
        ];
        assert_eq!(got, want.map(|(change, line)| (change, line.to_owned())));
        assert_eq!(lines("", ""), []);
    }

    #[test]
    fn fields_that_say_how_a_page_was_read_are_no_edit() {
        let before = serde_json::json!({"title": "甲", "source": null, "selectors": "vsb@1", "body": "a"});
        let after = serde_json::json!({"title": "乙", "source": null, "selectors": "vsb@2", "body": "b"});
        let want = Field { name: "title".to_owned(), before: "甲".into(), after: "乙".into() };
        assert_eq!(fields(&before, &after), [want]);
    }
}
