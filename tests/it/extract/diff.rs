//! Two texts side by side, as people read differences: `-` lines expected, `+` lines read.

/// The lines that differ, in order; equal lines are left out but for the one before a difference.
pub(super) fn lines(expected: &str, actual: &str) -> String {
    let (left, right): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), actual.lines().collect());
    let common = longest_common(&left, &right);
    let (mut i, mut j) = (0, 0);
    let mut shown: Vec<String> = Vec::new();
    let mut before: Option<&str> = None;
    while i < left.len() || j < right.len() {
        if i < left.len() && j < right.len() && left[i] == right[j] {
            before = Some(left[i]);
            (i, j) = (i + 1, j + 1);
            continue;
        }
        shown.extend(before.take().map(|line| format!("  {line}")));
        if j >= right.len() || (i < left.len() && common[i + 1][j] >= common[i][j + 1]) {
            shown.push(format!("- {}", left[i]));
            i += 1;
        } else {
            shown.push(format!("+ {}", right[j]));
            j += 1;
        }
    }
    shown.join("\n")
}

/// `table[i][j]`: length of the longest common run of lines of `left[i..]` and `right[j..]`.
fn longest_common(left: &[&str], right: &[&str]) -> Vec<Vec<usize>> {
    let mut table = vec![vec![0; right.len() + 1]; left.len() + 1];
    for i in (0..left.len()).rev() {
        for j in (0..right.len()).rev() {
            table[i][j] =
                if left[i] == right[j] { table[i + 1][j + 1] + 1 } else { table[i + 1][j].max(table[i][j + 1]) };
        }
    }
    table
}

#[test]
fn only_differences_and_the_line_before_them_are_shown() {
    assert_eq!(lines("a\nb\nc\nd", "a\nb\nx\nd\ne"), "  b\n- c\n+ x\n  d\n+ e");
    assert_eq!(lines("same", "same"), "");
}
