//! Which places were planned in this run, at sixteen bytes a place.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use url::Url;

use crate::domain::address;

/// A set of places, by their keys, that keeps only two independent 64-bit hashes of each. At a hundred million places the
/// chance that any one is taken for another is below 2⁻⁷⁰.
#[derive(Debug, Default)]
pub(super) struct Seen {
    places: HashSet<(u64, u64)>,
    left: RandomState,
    right: RandomState,
}

impl Seen {
    /// Notes a place; `false` where it was noted before under any spelling.
    pub(super) fn insert(&mut self, url: &Url) -> bool {
        let key = address::key(url);
        self.places.insert((self.left.hash_one(&key), self.right.hash_one(&key)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_place_are_one() {
        let mut seen = Seen::default();
        for (url, new) in [
            ("http://news.example.edu/info/1/2.htm", true),
            ("http://news.example.edu:80/info//1/2.htm#top", false),
            ("http://news.example.edu/info/1/2.htm?x=1", true),
            ("http://news.example.edu/info/1/2.htm?y=2&x=1", true),
            ("http://news.example.edu/info/1/2.htm?x=1&y=2", false),
            ("https://news.example.edu/info/1/2.htm", true),
        ] {
            assert_eq!(seen.insert(&Url::parse(url).unwrap()), new, "{url}");
        }
    }
}
