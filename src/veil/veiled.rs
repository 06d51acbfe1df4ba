//! A text with stretches replaced, which knows where a place of the old text is in the new one.

use std::ops::Range;

/// A text with stretches replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Veiled {
    /// The new text.
    pub text: String,
    /// Replaced stretches in order, in characters: of the old text, of the new text.
    moved: Vec<(Range<usize>, Range<usize>)>,
}

impl Veiled {
    /// The text with each stretch (bytes) replaced. Stretches that overlap become one, with what stands for the first.
    pub(super) fn of(text: &str, mut stretches: Vec<(Range<usize>, String)>) -> Self {
        stretches.sort_by_key(|(range, _)| range.start);
        let mut apart: Vec<(Range<usize>, String)> = Vec::with_capacity(stretches.len());
        for (range, token) in stretches {
            match apart.last_mut() {
                Some((last, _)) if range.start < last.end => last.end = last.end.max(range.end),
                Some(_) | None => apart.push((range, token)),
            }
        }
        let mut veiled = Self { text: String::with_capacity(text.len()), moved: Vec::new() };
        let (mut behind, mut old, mut new) = (0, 0, 0);
        for (range, token) in apart {
            let between = text.get(behind..range.start).unwrap_or_default();
            let (length, count) = (between.chars().count(), text.get(range.clone()).map_or(0, |t| t.chars().count()));
            let tokens = token.chars().count();
            (old, new) = (old + length, new + length);
            veiled.moved.push((old..old + count, new..new + tokens));
            (old, new) = (old + count, new + tokens);
            veiled.text.push_str(between);
            veiled.text.push_str(&token);
            behind = range.end;
        }
        veiled.text.push_str(text.get(behind..).unwrap_or_default());
        veiled
    }

    /// Whether anything was replaced.
    pub fn is_changed(&self) -> bool {
        !self.moved.is_empty()
    }

    /// How many stretches were replaced.
    pub fn replaced(&self) -> usize {
        self.moved.len()
    }

    /// Where a place of the old text, counted in characters, is in the new one; a place within a replaced stretch is its
    /// beginning.
    pub fn place(&self, at: usize) -> usize {
        match self.moved.iter().rev().find(|(old, _)| old.start <= at) {
            Some((old, new)) if old.end <= at => new.end + (at - old.end),
            Some((_, new)) => new.start,
            None => at,
        }
    }

    /// The same for the end of a stretch: within a replaced stretch it is that one's end.
    pub fn end_place(&self, at: usize) -> usize {
        match self.moved.iter().find(|(old, _)| old.start < at && at < old.end) {
            Some((_, new)) => new.end,
            None => self.place(at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_within_a_stretch_are_its_ends() {
        let veiled = Veiled::of("甲乙丙丁", vec![(3..9, "X-1".to_owned())]);
        assert_eq!((veiled.text.as_str(), veiled.replaced()), ("甲X-1丁", 1));
        assert_eq!([0, 1, 2, 3, 4].map(|at| veiled.place(at)), [0, 1, 1, 4, 5]);
        assert_eq!([0, 1, 2, 3, 4].map(|at| veiled.end_place(at)), [0, 1, 4, 4, 5]);
    }

    #[test]
    fn stretches_that_overlap_are_one() {
        let both = vec![(6..12, "late".to_owned()), (3..9, "X".to_owned())];
        assert_eq!(Veiled::of("甲乙丙丁", both).text, "甲X", "nothing of either is left");
    }
}
