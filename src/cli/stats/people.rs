//! Counts as tables on a terminal.

use std::fmt::Write as _;

use super::super::{output, table};
use super::Class;
use crate::domain::statistics::{Breakdown, Coverage, Tally};

/// Classes shown of one breakdown; months are all shown.
const SHOWN: usize = 20;

/// All breakdowns that have a class, one below the other.
pub(super) fn text(classes: &[Class]) -> String {
    let mut text = String::new();
    for (by, tallies) in classes.iter().filter(|(_, tallies)| !tallies.is_empty()) {
        if !text.is_empty() {
            text.push('\n');
        }
        let shown = if *by == Breakdown::Month { tallies.len() } else { SHOWN };
        let covered = tallies.iter().any(|tally| tally.coverage.is_some());
        let mut rows = vec![head(*by, covered)];
        rows.extend(tallies.iter().take(shown).map(|tally| row(*by, tally, covered)));
        text.push_str(&table::align(&rows, 1));
        if tallies.len() > shown {
            // Writing to a String cannot fail.
            writeln!(text, "… and {} more: --format csv has all", tallies.len() - shown).ok();
        }
    }
    text
}

fn head(by: Breakdown, covered: bool) -> Vec<String> {
    let mut head = vec![by.as_str(), "articles", "works", "reflections", "names"];
    if covered {
        head.extend(["listed", "held", "without", "unasked"]);
    }
    head.into_iter().map(str::to_owned).collect()
}

fn row(by: Breakdown, tally: &Tally, covered: bool) -> Vec<String> {
    let class = tally.key.as_deref().map(|key| output::printable(&key.replace(['\n', '\t'], " ")));
    let none = if by == Breakdown::Total { "" } else { "—" };
    let mut row = vec![class.unwrap_or_else(|| none.to_owned())];
    row.extend([tally.articles, tally.works, tally.reflections, tally.people].map(|number| number.to_string()));
    if covered {
        let Coverage { listed, held, without, unasked } = tally.coverage.unwrap_or_default();
        row.extend([listed, held, without, unasked].map(|number| number.to_string()));
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(key: Option<&str>, articles: i64) -> Tally {
        Tally { key: key.map(str::to_owned), articles, ..Tally::default() }
    }

    #[test]
    fn wide_names_line_up_and_what_has_no_name_is_a_dash() {
        let shown = text(&[(Breakdown::Topic, vec![tally(Some("主题教育"), 10), tally(None, 5)])]);
        let lines = [
            "topic     articles  works  reflections  names",
            "主题教育        10      0            0      0",
            "—                5      0            0      0",
        ];
        assert_eq!(shown, lines.join("\n") + "\n");
    }

    #[test]
    fn a_long_table_says_how_much_is_left_out() {
        let units = (0..23).map(|number| tally(Some(&format!("第{number}支部")), 1)).collect();
        let shown = text(&[(Breakdown::Unit, units)]);
        assert!(shown.ends_with("… and 3 more: --format csv has all\n") && shown.lines().count() == 22, "{shown}");
    }
}
