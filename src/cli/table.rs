//! Columns that line up on a terminal, with Chinese characters two cells wide.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Rows as lines; the first `left` columns are aligned left, the others right.
pub(super) fn align(rows: &[Vec<String>], left: usize) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> =
        (0..columns).map(|at| rows.iter().filter_map(|r| r.get(at)).map(|c| c.width()).max().unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (at, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let space = " ".repeat(width.saturating_sub(cell.width()));
            let gap = if at == 0 { "" } else { "  " };
            let (before, after) = if at < left { ("", space.as_str()) } else { (space.as_str(), "") };
            line.extend([gap, before, cell, after]);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Text in lines of at most so many cells, each behind an indent. A line breaks between Chinese characters and at
/// spaces, never before a closing mark; a word longer than a line (an address) stays whole, so that it can be copied.
pub(super) fn wrap(text: &str, cells: usize, indent: &str) -> String {
    let room = cells.saturating_sub(indent.width());
    let mut lines = String::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for unit in units(paragraph) {
            if !line.is_empty() && line.width() + unit.trim_end().width() > room {
                lines.extend([indent, line.trim_end(), "\n"]);
                line.clear();
            }
            line.push_str(&unit);
        }
        lines.extend([format!("{indent}{line}").trim_end(), "\n"]);
    }
    lines
}

/// What no line begins with.
const CLOSING: &str = "，。、；：！？”’）》」』】…,.;:!?)]}%";

/// A paragraph in the parts no line break goes through: words with the space behind them, single wide characters, both
/// with the closing marks that follow.
fn units(paragraph: &str) -> Vec<String> {
    let mut units: Vec<String> = Vec::new();
    let mut open = false;
    for c in paragraph.chars() {
        let wide = c.width().unwrap_or(0) > 1;
        match units.last_mut() {
            Some(last) if CLOSING.contains(c) || c.is_whitespace() || (open && !wide) => last.push(c),
            _ => units.push(c.to_string()),
        }
        open = !wide && !c.is_whitespace();
    }
    units
}

/// A number with its noun: `1 run`, `2 runs`.
pub(super) fn count(number: i64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_by_width_and_not_before_closing_marks() {
        assert_eq!(wrap("学思想强党性", 8, "  "), "  学思想\n  强党性\n");
        assert_eq!(wrap("学思想，强党性", 6, ""), "学思\n想，强\n党性\n");
        assert_eq!(wrap("see http://a.example/long/path 学", 10, ""), "see\nhttp://a.example/long/path\n学\n");
        assert_eq!(wrap("", 10, " "), "");
    }

    #[test]
    fn chinese_takes_two_cells() {
        let rows = [vec!["主题".to_owned(), "1".to_owned()], vec!["ab".to_owned(), "100".to_owned()]];
        assert_eq!(align(&rows, 1), "主题    1\nab    100\n");
    }
}
