//! Columns that line up on a terminal, with Chinese characters two cells wide.

use unicode_width::UnicodeWidthStr as _;

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

/// A number with its noun: `1 run`, `2 runs`.
pub(super) fn count(number: i64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_takes_two_cells() {
        let rows = [vec!["主题".to_owned(), "1".to_owned()], vec!["ab".to_owned(), "100".to_owned()]];
        assert_eq!(align(&rows, 1), "主题    1\nab    100\n");
    }
}
