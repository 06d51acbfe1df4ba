//! Words a text may begin or end with, looked up by one letter: the tables hold hundreds, and sentences are asked for all of them.

use std::collections::HashMap;

/// Words with something said of each, by their first or their last letter, longest first.
struct ByLetter<T>(HashMap<char, Vec<(&'static str, T)>>);

impl<T> ByLetter<T> {
    fn of(words: impl IntoIterator<Item = (&'static str, T)>, letter: impl Fn(&str) -> Option<char>) -> Self {
        let mut by_letter: HashMap<char, Vec<(&'static str, T)>> = HashMap::new();
        for (word, said) in words {
            if let Some(letter) = letter(word) {
                by_letter.entry(letter).or_default().push((word, said));
            }
        }
        for words in by_letter.values_mut() {
            words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        }
        Self(by_letter)
    }

    fn longest(&self, letter: char, fits: impl Fn(&str) -> bool) -> Option<(&'static str, &T)> {
        let words = self.0.get(&letter)?;
        words.iter().find(|(word, _)| fits(word)).map(|(word, said)| (*word, said))
    }
}

/// Words a text may begin with.
pub(super) struct Beginnings<T = ()>(ByLetter<T>);

impl<T> Beginnings<T> {
    /// Of words with something said of each.
    pub(super) fn saying(words: impl IntoIterator<Item = (&'static str, T)>) -> Self {
        Self(ByLetter::of(words, |word| word.chars().next()))
    }

    /// The longest word the text begins with, and what is said of it.
    pub(super) fn longest(&self, text: &str) -> Option<(&'static str, &T)> {
        self.0.longest(text.chars().next()?, |word| text.starts_with(word))
    }
}

impl Beginnings {
    /// Of words alone.
    pub(super) fn of(words: &'static [&'static str]) -> Self {
        Self::saying(words.iter().map(|word| (*word, ())))
    }

    /// Whether the text begins with one of the words.
    pub(super) fn begin(&self, text: &str) -> bool {
        self.longest(text).is_some()
    }
}

/// Words a text may end with.
pub(super) struct Endings<T = ()>(ByLetter<T>);

impl<T> Endings<T> {
    /// Of words with something said of each.
    pub(super) fn saying(words: impl IntoIterator<Item = (&'static str, T)>) -> Self {
        Self(ByLetter::of(words, |word| word.chars().next_back()))
    }

    /// The longest word the text ends with, and what is said of it.
    pub(super) fn longest(&self, text: &str) -> Option<(&'static str, &T)> {
        self.0.longest(text.chars().next_back()?, |word| text.ends_with(word))
    }
}

impl Endings {
    /// Of several tables of words alone.
    pub(super) fn of(tables: &[&'static [&'static str]]) -> Self {
        Self::saying(tables.iter().flat_map(|table| table.iter()).map(|word| (*word, ())))
    }

    /// Whether the text ends with one of the words.
    pub(super) fn end(&self, text: &str) -> bool {
        self.longest(text).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_word_is_found_at_either_end() {
        let words = [("教授", 1), ("副教授", 2), ("教师", 3)];
        let (starts, ends) = (Beginnings::saying(words), Endings::saying(words));
        assert_eq!(starts.longest("教授在"), Some(("教授", &1)));
        assert_eq!(starts.longest("副教授"), Some(("副教授", &2)));
        assert_eq!(ends.longest("某某副教授"), Some(("副教授", &2)));
        assert_eq!(ends.longest("某某教师"), Some(("教师", &3)));
        assert_eq!((starts.longest("教"), ends.longest("授"), ends.longest("")), (None, None, None));
        assert!(Beginnings::of(&["在", "对"]).begin("对大家") && !Beginnings::of(&["在"]).begin("对大家"));
    }
}
