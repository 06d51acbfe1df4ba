//! How much running text a page holds outside its links: what tells an article from a listing where no family knows.

use std::collections::HashMap;

use crate::extract::dom::outline::Outline;

/// A shorter piece is a label, a day, a counter.
const MIN_PIECE: usize = 12;

/// Characters of running text in the block that holds most of it, links and these parts left out.
pub(super) fn longest(outline: &Outline<'_>, left_out: &[usize]) -> usize {
    let mut blocks: HashMap<usize, usize> = HashMap::new();
    let mut sorted = left_out.to_vec();
    sorted.sort_unstable();
    for text in outline.all_texts() {
        let chars = text.text.chars().count();
        if chars < MIN_PIECE || is_within(outline, &sorted, text.at) {
            continue;
        }
        let mut block = text.at;
        let mut linked = false;
        for at in outline.upward(text.at).take(12) {
            block = at;
            match outline.tag(at) {
                "a" | "button" | "option" | "label" => {
                    linked = true;
                    break;
                }
                "p" | "span" | "font" | "strong" | "b" | "em" | "i" | "u" | "section" | "o:p" | "center" => {}
                _ => break,
            }
        }
        if !linked {
            *blocks.entry(block).or_default() += chars;
        }
    }
    blocks.into_values().max().unwrap_or(0)
}

/// Whether an entry lies in one of these disjoint parts, given in order.
fn is_within(outline: &Outline<'_>, sorted: &[usize], at: usize) -> bool {
    let next = sorted.partition_point(|part| *part <= at);
    next.checked_sub(1).and_then(|index| sorted.get(index)).is_some_and(|part| outline.holds(*part, at))
}
