//! Which of many strings a source holds, in one pass over it.
//!
//! The automaton is a chain: every byte waits for the state that the byte before led to. So the source is taken in parts
//! that go through it side by side, each beginning a little before its own place, so that no string is lost between two.

use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::dfa::DFA;
use aho_corasick::{Anchored, BuildError};

/// Parts that are looked through side by side.
const PARTS: usize = 4;

/// Strings to look for, ASCII letters in either case.
#[derive(Debug)]
pub(super) struct Scanner {
    strings: DFA,
}

impl Scanner {
    /// Compiles the strings.
    pub(super) fn new(strings: &[&str]) -> Result<Self, BuildError> {
        Ok(Self { strings: DFA::builder().ascii_case_insensitive(true).prefilter(false).build(strings)? })
    }

    /// For every string, in the order given, whether the source holds it.
    pub(super) fn seen(&self, source: &str) -> Vec<bool> {
        let dfa = &self.strings;
        let mut seen = vec![false; dfa.patterns_len()];
        let Ok(start) = dfa.start_state(Anchored::No) else { return seen };
        let source = source.as_bytes();
        let (parts, rest) = source.split_at(source.len() - source.len() % PARTS);
        let length = parts.len() / PARTS;
        // A string that ends in a part may begin this far before it.
        let before = dfa.max_pattern_len().saturating_sub(1);
        let mut run = |state: &mut StateID, byte: u8| {
            *state = dfa.next_state(Anchored::No, *state, byte);
            if dfa.is_special(*state) && dfa.is_match(*state) {
                note(dfa, *state, &mut seen);
            }
        };
        let mut states = [start; PARTS];
        for (part, state) in states.iter_mut().enumerate() {
            let head = part * length;
            let lead = source.get(head.saturating_sub(before)..head).unwrap_or_default();
            for byte in lead {
                run(state, *byte);
            }
        }
        let part = |at: usize| parts.get(at * length..(at + 1) * length).unwrap_or_default().iter();
        let [mut one, mut two, mut three, mut four] = states;
        for (((a, b), c), d) in part(0).zip(part(1)).zip(part(2)).zip(part(3)) {
            run(&mut one, *a);
            run(&mut two, *b);
            run(&mut three, *c);
            run(&mut four, *d);
        }
        for byte in rest {
            run(&mut four, *byte);
        }
        seen
    }
}

#[cold]
fn note(dfa: &DFA, state: StateID, seen: &mut [bool]) {
    for at in 0..dfa.match_len(state) {
        if let Some(slot) = seen.get_mut(dfa.match_pattern(state, at).as_usize()) {
            *slot = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_is_found_wherever_it_stands() {
        let words = ["vsb_content", "_content", "/System/", "站群", "none"];
        let scanner = Scanner::new(&words).unwrap();
        let want = |text: &str| words.map(|word| text.to_lowercase().contains(&word.to_lowercase())).to_vec();
        for word in ["VSB_content", "/system/", "站群", "", "x_conten", "nonone"] {
            for length in 0..60 {
                for at in 0..=length {
                    let text =
                        ["字".repeat(at / 3), "-".repeat(at % 3), word.to_owned(), ".".repeat(length - at)].concat();
                    assert_eq!(scanner.seen(&text), want(&text), "{text}");
                }
            }
        }
    }
}
