//! How many letters two passages can have in common, in order: a bound, much cheaper than laying them side by side.
//!
//! The longest common subsequence by bits, 64 letters a step (Hyyrö 2004, "Bit-parallel LCS-length computation
//! revisited"). Letters are told apart by a few bits of theirs alone: taking two letters for one can only find more.

/// Kinds of letters told apart.
const KINDS: usize = 512;

/// No common subsequence of the two is longer.
pub(super) fn at_most_common(a: &[char], b: &[char]) -> usize {
    let (pattern, text) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let words = pattern.len().div_ceil(64);
    // For each kind of letter the places at which it stands in the pattern.
    let mut places = vec![0_u64; KINDS * words];
    for (at, letter) in pattern.iter().enumerate() {
        if let Some(word) = places.get_mut(kind(*letter) * words + at / 64) {
            *word |= 1 << (at % 64);
        }
    }
    // A zero bit for each place at which the common subsequence grew.
    let mut rows = vec![u64::MAX; words];
    for letter in text {
        let from = kind(*letter) * words;
        let matches = places.get(from..from + words).unwrap_or_default();
        let mut carry = false;
        for (row, matches) in rows.iter_mut().zip(matches) {
            let met = *row & matches;
            let (sum, over) = row.overflowing_add(met);
            let (sum, over_too) = sum.overflowing_add(u64::from(carry));
            carry = over || over_too;
            *row = sum | (*row & !matches);
        }
    }
    // Places beyond the pattern's end match nothing and stay ones.
    rows.iter().map(|row| row.count_zeros() as usize).sum()
}

/// Neighbours in Unicode are often neighbours in a text too, so the upper bits are folded in.
fn kind(letter: char) -> usize {
    let code = u32::from(letter);
    (code ^ (code >> 9)) as usize % KINDS
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use similar::{Algorithm, DiffOp, capture_diff_slices};

    use super::*;

    fn letters(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn what_is_common_is_counted_in_order() {
        for (a, b, common) in [
            ("", "学思想", 0),
            ("学思想", "学思想", 3),
            ("学思想强党性", "强党性学思想", 3),
            ("定于六日召开", "定于十三日召开", 5),
            ("图书馆", "报告厅", 0),
        ] {
            assert_eq!(at_most_common(&letters(a), &letters(b)), common, "{a} {b}");
        }
        let long = letters(&"学思想强党性重实践建新功".repeat(30));
        assert_eq!(at_most_common(&long, &long), long.len());
        assert_eq!(at_most_common(&long[..200], &long), 200);
    }

    proptest! {
        /// Never less than what a diff finds in common.
        #[test]
        fn it_is_a_bound(a in "[一-上a-d]{0,150}", b in "[一-上a-d]{0,150}") {
            let (a, b) = (letters(&a), letters(&b));
            let ops = capture_diff_slices(Algorithm::Myers, &a, &b);
            let equal = |op: &DiffOp| if matches!(op, DiffOp::Equal { .. }) { op.old_range().len() } else { 0 };
            let found: usize = ops.iter().map(equal).sum();
            let most = at_most_common(&a, &b);
            prop_assert!(found <= most && most <= a.len().min(b.len()), "{found} {most}");
        }
    }
}
