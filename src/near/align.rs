//! Two texts laid side by side: what stands in both, what only in one, what was swapped for what.
//!
//! Sentences first, letters only between sentences that differ: a repost costs little more than reading it.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::Text;
use super::common::at_most_common;

/// Gaps of at most so many letters on both sides are a swap, however little they have in common.
const SMALL_GAP: usize = 12;
/// Gaps of more letters on both sides are laid side by side only where enough can be common.
const LARGE_GAP: usize = 48;
/// In larger gaps so much of the shorter side must be common (in percent); else one passage was left out and another
/// put in. Single letters of a few words are easily met somewhere in a passage twice as long.
const COMMON_PERCENT: usize = 40;
const COMMON_PERCENT_OF_FEW: usize = 80;

/// The alignment.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Alignment {
    /// Letters in both.
    pub(super) matched: usize,
    /// Letters only in the first.
    pub(super) removed: usize,
    /// Letters only in the second.
    pub(super) added: usize,
    /// What stands in place of what.
    pub(super) swaps: Vec<Swapped>,
}

/// Letters of the first text and those that stand in their place in the second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Swapped {
    /// The letter before, the same in both.
    pub(super) before: Option<char>,
    pub(super) old: Vec<char>,
    pub(super) new: Vec<char>,
    /// The letter behind.
    pub(super) behind: Option<char>,
}

/// Lays the bodies side by side.
pub(super) fn align(a: &Text, b: &Text) -> Alignment {
    align_if(a, b, 0, |_| false).unwrap_or_default()
}

/// Lays the bodies side by side; `None` where fewer letters than asked for stand in both, or where swaps found on the way are
/// hopeless. Both are found out long before all sentences that differ are laid side by side, which is nearly all of the
/// work where texts share but phrases, or a template.
pub(super) fn align_if(a: &Text, b: &Text, matched: usize, hopeless: impl Fn(&[Swapped]) -> bool) -> Option<Alignment> {
    let ops = capture_diff_slices(Algorithm::Myers, &a.hashes, &b.hashes);
    let (equal, gaps): (Vec<_>, Vec<_>) = ops.into_iter().partition(|op| matches!(op, DiffOp::Equal { .. }));
    let whole: usize = equal.iter().map(|op| letters(a, op.old_range()).len()).sum();
    let gaps: Vec<_> = gaps.iter().map(|op| (letters(a, op.old_range()), letters(b, op.new_range()))).collect();
    let least = |(old, new): &(&[char], &[char])| old.len().min(new.len());
    let mut reachable = whole + gaps.iter().map(least).sum::<usize>();
    // The smallest gaps first: they cost least, and tell as much of a template.
    let mut order: Vec<usize> = (0..gaps.len()).collect();
    order.sort_by_key(|at| gaps.get(*at).map(|(old, new)| old.len() * new.len()));
    let large = order.iter().position(|at| gaps.get(*at).is_some_and(|gap| least(gap) > LARGE_GAP));
    let (small, large) = order.split_at(large.unwrap_or(order.len()));
    let mut laid: Vec<Alignment> = gaps.iter().map(|_| Alignment::default()).collect();
    let mut lay = |at: usize, reachable: &mut usize| {
        let (gap, laid) = gaps.get(at).zip(laid.get_mut(at))?;
        laid.gap(gap.0, gap.1);
        *reachable -= least(gap) - laid.matched;
        (*reachable >= matched && !hopeless(&laid.swaps)).then_some(())
    };
    for at in small {
        lay(*at, &mut reachable)?;
    }
    let mut bounded = reachable;
    for gap in large.iter().filter_map(|at| gaps.get(*at)).filter(|_| matched > 0) {
        bounded -= least(gap) - at_most_common(gap.0, gap.1);
        if bounded < matched {
            return None;
        }
    }
    for at in large {
        lay(*at, &mut reachable)?;
    }
    let mut alignment = Alignment { matched: whole, ..Alignment::default() };
    for part in laid {
        alignment.matched += part.matched;
        alignment.removed += part.removed;
        alignment.added += part.added;
        alignment.swaps.extend(part.swaps);
    }
    (alignment.matched >= matched && !hopeless(&alignment.swaps)).then_some(alignment)
}

/// The letters of some sentences in a row.
fn letters(text: &Text, range: Range<usize>) -> &[char] {
    match text.sentences.get(range).unwrap_or_default() {
        [] => &[],
        [only] => text.sentence(only),
        [first, .., last] => text.body.get(first.start..last.end).unwrap_or_default(),
    }
}

impl Alignment {
    /// Sentences that differ.
    fn gap(&mut self, old: &[char], new: &[char]) {
        if old.is_empty() || new.is_empty() {
            self.removed += old.len();
            self.added += new.len();
            return;
        }
        let ops = capture_diff_slices(Algorithm::Myers, old, new);
        let equal = |op: &DiffOp| if matches!(op, DiffOp::Equal { .. }) { op.old_range().len() } else { 0 };
        let matched: usize = ops.iter().map(equal).sum();
        let (shorter, longer) = (old.len().min(new.len()), old.len().max(new.len()));
        let percent = if shorter * 2 < longer { COMMON_PERCENT_OF_FEW } else { COMMON_PERCENT };
        if longer > SMALL_GAP && matched * 100 < shorter * percent {
            self.removed += old.len();
            self.added += new.len();
            return;
        }
        self.matched += matched;
        for op in ops {
            let (range, with) = (op.old_range(), op.new_range());
            let swapped = Swapped {
                before: range.start.checked_sub(1).and_then(|at| old.get(at)).copied(),
                behind: old.get(range.end).copied(),
                old: old.get(range).unwrap_or_default().to_vec(),
                new: new.get(with).unwrap_or_default().to_vec(),
            };
            match op {
                DiffOp::Equal { .. } => {}
                DiffOp::Replace { .. } => self.swaps.push(swapped),
                DiffOp::Delete { .. } | DiffOp::Insert { .. } if swapped.is_part_of_a_number() => {
                    self.swaps.push(swapped);
                }
                DiffOp::Delete { old_len, .. } => self.removed += old_len,
                DiffOp::Insert { new_len, .. } => self.added += new_len,
            }
        }
    }
}

impl Swapped {
    /// Whether digits were put into a number or taken out of one: 16日 for 6日.
    fn is_part_of_a_number(&self) -> bool {
        let digits = self.old.iter().chain(&self.new).all(|c| numeral(*c).is_some());
        digits && [self.before, self.behind].into_iter().flatten().any(|c| numeral(c).is_some())
    }
}

/// The digit a letter stands for: 7 for 7 and 七.
pub(super) fn numeral(c: char) -> Option<u32> {
    match c {
        '0'..='9' => c.to_digit(10),
        '〇' | '零' => Some(0),
        '两' => Some(2),
        '十' => Some(10),
        '百' => Some(100),
        _ => "一二三四五六七八九".chars().position(|n| n == c).and_then(|at| u32::try_from(at + 1).ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aligned(a: &str, b: &str) -> (usize, usize, usize, Vec<(String, String)>) {
        let text = |body: &str| Text::new("", body, &[]).unwrap();
        let alignment = align(&text(a), &text(b));
        let pair = |s: &Swapped| (s.old.iter().collect(), s.new.iter().collect());
        (alignment.matched, alignment.removed, alignment.added, alignment.swaps.iter().map(pair).collect())
    }

    #[test]
    fn what_was_left_out_is_no_swap() {
        assert_eq!(aligned("开班。学思想。结业。", "开班。结业。"), (4, 3, 0, vec![]));
        assert_eq!(aligned("开班，学思想。", "开班。"), (2, 3, 0, vec![]));
    }

    #[test]
    fn swapped_letters_are_named() {
        let swap = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(aligned("定于6月6日召开。", "定于6月13日召开。"), (7, 0, 0, vec![swap("6", "13")]));
        assert_eq!(aligned("定于6月16日召开。", "定于6月6日召开。"), (8, 0, 0, vec![swap("1", "")]), "inside a number");
        assert_eq!(aligned("请张三主讲。", "请李四主讲。"), (3, 0, 0, vec![swap("张三", "李四")]));
    }

    #[test]
    fn a_passage_for_another_is_no_swap() {
        let (a, b) = ("各支部围绕书目交流了读书体会与打算。", "活动最后全体人员参观了校史馆并合影留念。");
        let (matched, removed, added, swaps) = aligned(a, b);
        assert_eq!((matched, swaps), (0, vec![]));
        assert_eq!((removed, added), (17, 19));
    }
}
