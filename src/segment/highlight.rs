//! What of a text is shown for a query, and what in it is marked.

use super::{Needle, units};

/// A stretch of a text with what was found in it. Places count characters.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Snippet {
    /// The stretch as it stands in the text, line breaks as spaces.
    pub text: String,
    /// Its first character in the text.
    pub start: usize,
    /// First and one past the last character of each place found, in the stretch; ascending, without overlap.
    pub highlights: Vec<(usize, usize)>,
}

/// The stretch of at most so many characters in which most is found, or the beginning where nothing is.
pub fn snippet(text: &str, needles: &[&Needle], width: usize) -> Snippet {
    let units = units(text);
    let mut found: Vec<(usize, usize)> = needles.iter().flat_map(|needle| needle.find(&units)).collect();
    found.sort_unstable();
    let found = merged(found);
    let chars: Vec<char> = text.chars().collect();
    // A text that fits is shown whole.
    let last = chars.len().saturating_sub(width);
    let start = best(&found, width).map_or(0, |at| begin(&chars, at, width)).min(last);
    let end = (start + width).min(chars.len());
    let inside = found.iter().filter(|(from, to)| *from >= start && *to <= end);
    let line = |c: &char| if *c == '\n' { ' ' } else { *c };
    Snippet {
        text: chars.get(start..end).unwrap_or_default().iter().map(line).collect(),
        start,
        highlights: inside.map(|(from, to)| (from - start, to - start)).collect(),
    }
}

/// Places without overlap: touching ones stay two.
fn merged(found: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    let mut merged: Vec<(usize, usize)> = Vec::with_capacity(found.len());
    for (from, to) in found {
        match merged.last_mut() {
            Some(last) if from < last.1 => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    merged
}

/// The place from which on most is found within the width.
fn best(found: &[(usize, usize)], width: usize) -> Option<usize> {
    let within = |from: usize| found.iter().filter(|(at, to)| *at >= from && *to <= from + width).count();
    found.iter().map(|(from, _)| *from).rev().max_by_key(|from| within(*from))
}

/// Begins a little before the place: at the sentence's beginning where that is near.
fn begin(chars: &[char], at: usize, width: usize) -> usize {
    let earliest = at.saturating_sub(width / 4);
    let ends = |c: &char| matches!(c, '\n' | '。' | '！' | '？' | '；');
    let before = chars.get(earliest..at).unwrap_or_default();
    before.iter().rposition(ends).map_or(earliest, |end| earliest + end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_richest_stretch_is_shown() {
        let text = "开头说到党课。中间说了很多别的事情，与此无关，一点关系也没有。後面講了黨課與心得，\n再講黨課。";
        let words = ["党课", "心得", "讲座"].map(|word| Needle::of(word).unwrap());
        let needles = [&words[0], &words[1]];
        let shown = snippet(text, &needles, 16);
        assert_eq!(shown.text, "後面講了黨課與心得， 再講黨課。");
        assert_eq!(shown.highlights, [(4, 6), (7, 9), (13, 15)]);
        assert_eq!(text.chars().skip(shown.start).take(2).collect::<String>(), "後面");
        assert_eq!(snippet(text, &[&words[2]], 4).text, "开头说到");
        assert_eq!(snippet("", &needles, 4), Snippet { text: String::new(), start: 0, highlights: vec![] });
    }

    #[test]
    fn overlapping_finds_are_one() {
        let words = ["主题教育", "教育", "教育部"].map(|word| Needle::of(word).unwrap());
        assert_eq!(snippet("主题教育部", &words.each_ref(), 9).highlights, [(0, 5)]);
    }
}
