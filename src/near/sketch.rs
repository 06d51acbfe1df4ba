//! A text in few numbers, by which those are found that may share much of it.
//!
//! `MinHash` of the shingles finds texts that are alike over their whole length, also where every sentence was touched;
//! neighbouring sentences find what was cut down to a part of itself or built upon; the title finds what keeps little
//! else. Values are stable: they are stored.

use std::collections::BTreeSet;

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::{Text, bytes};

/// Letters of a shingle: in Chinese text two words or so.
pub(super) const SHINGLE: usize = 4;
/// Hash functions of the sketch.
const MINIMA: usize = 64;
/// Minima of a band: sixteen bands of four find a Jaccard similarity of 0.8 with probability 0.9998, of 0.1 with 0.002.
const BAND: usize = 4;
/// Sentence keys of a text at the most: the smallest ones, so that a part of a text keeps its share of them.
const SENTENCE_KEYS: usize = 24;
/// Two sentences in a row with fewer letters say little (还要学习。还要工作。).
const SENTENCE_PAIR_LETTERS: usize = 24;
/// Texts of so few sentences also have each sentence as a key, from so many letters on.
const FEW_SENTENCES: usize = 5;
const SENTENCE_LETTERS: usize = 20;
/// Shorter titles are shared by too many articles (学习心得).
const TITLE_LETTERS: usize = 10;

/// The numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sketch {
    /// Different shingles of the text.
    pub shingles: u32,
    minima: Vec<u32>,
}

impl Sketch {
    /// The sketch of a text.
    pub fn of(text: &Text) -> Self {
        let shingles = shingles(text);
        let functions: Vec<(u64, u64)> = functions().take(MINIMA).collect();
        let mut minima = vec![u32::MAX; MINIMA];
        for shingle in &shingles {
            for (minimum, (factor, summand)) in minima.iter_mut().zip(&functions) {
                let value = shingle.wrapping_mul(*factor).wrapping_add(*summand) >> 32;
                *minimum = (*minimum).min(u32::try_from(value).unwrap_or(u32::MAX));
            }
        }
        Self { shingles: u32::try_from(shingles.len()).unwrap_or(u32::MAX), minima }
    }

    /// Two texts without a common key are not compared.
    pub fn keys(&self, text: &Text) -> Vec<i64> {
        let bands = self.minima.chunks(BAND).zip(0..).map(|(band, number)| {
            let band: Vec<u8> = band.iter().flat_map(|minimum| minimum.to_le_bytes()).collect();
            xxh3_64_with_seed(&band, number)
        });
        let mut keys: BTreeSet<u64> = bands.collect();
        keys.extend(sentence_keys(text));
        if text.title.len() >= TITLE_LETTERS {
            keys.insert(xxh3_64_with_seed(&bytes(&text.title), 101));
        }
        keys.into_iter().map(u64::cast_signed).collect()
    }

    /// Whether the shorter text may stand in the longer one to the half, as far as the sketches tell; texts that share
    /// but a turn of phrase need not be read.
    pub fn may_contain(&self, other: &Self) -> bool {
        let alike = self.minima.iter().zip(&other.minima).filter(|(a, b)| a == b).count();
        let jaccard = f64::from(u32::try_from(alike).unwrap_or_default()) / 64.0;
        let (shorter, longer) = (self.shingles.min(other.shingles), self.shingles.max(other.shingles));
        // |A ∩ B| = J (|A| + |B|) / (1 + J); a quarter is asked for, since 64 numbers tell J to ± 0.06.
        let common = jaccard * (f64::from(shorter) + f64::from(longer)) / (1.0 + jaccard);
        common >= 0.25 * f64::from(shorter)
    }

    /// As stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.minima.iter().flat_map(|minimum| minimum.to_le_bytes()).collect()
    }

    /// As it was stored.
    pub fn from_bytes(shingles: u32, stored: &[u8]) -> Self {
        let minima = stored.as_chunks().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect();
        Self { shingles, minima }
    }
}

/// Different shingles of the body, ascending.
pub(super) fn shingles(text: &Text) -> Vec<u64> {
    let mut hashes: Vec<u64> = if text.body.len() < SHINGLE {
        vec![xxh3_64_with_seed(&bytes(&text.body), 0)]
    } else {
        text.body.windows(SHINGLE).map(|shingle| xxh3_64_with_seed(&bytes_of(shingle), 0)).collect()
    };
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// The bytes of a shingle, without an allocation.
fn bytes_of(shingle: &[char]) -> [u8; 4 * SHINGLE] {
    let mut bytes = [0; 4 * SHINGLE];
    for (place, letter) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(shingle) {
        *place = u32::from(*letter).to_le_bytes();
    }
    bytes
}

/// Multiply-and-shift hash functions with fixed odd factors (`SplitMix64`).
fn functions() -> impl Iterator<Item = (u64, u64)> {
    let mut state = 0_u64;
    let mut number = move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    std::iter::repeat_with(move || (number() | 1, number()))
}

fn sentence_keys(text: &Text) -> impl Iterator<Item = u64> {
    let pairs = text.sentences.windows(2).filter_map(|pair| match pair {
        [one, two] => text.body.get(one.start..two.end),
        _ => None,
    });
    let pairs = pairs.filter(|letters| letters.len() >= SENTENCE_PAIR_LETTERS);
    let single = text.sentences.iter().filter(|_| text.sentences.len() <= FEW_SENTENCES);
    let single = single.map(|range| text.sentence(range)).filter(|letters| letters.len() >= SENTENCE_LETTERS);
    let keys: BTreeSet<u64> = pairs.chain(single).map(|letters| xxh3_64_with_seed(&bytes(letters), 100)).collect();
    keys.into_iter().take(SENTENCE_KEYS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(body: &str) -> Text {
        Text::new("云岭理工大学召开学习会", body, &[]).unwrap()
    }

    #[test]
    fn parts_and_wholes_share_keys() {
        let sentences: Vec<String> =
            (0..40).map(|n| format!("第{n}支部交流了读书体会{}并谈了打算。", n * 37)).collect();
        let whole = text(&sentences.concat());
        let part = Text::new("另一个题目", &sentences[10..22].concat(), &[]).unwrap();
        let other = Text::new("再一个题目", "图书馆周五上午闭馆检修。请相互转告。", &[]).unwrap();
        let keys = |text: &Text| Sketch::of(text).keys(text).into_iter().collect::<BTreeSet<_>>();
        assert!(keys(&whole).intersection(&keys(&part)).next().is_some());
        assert!(keys(&whole).intersection(&keys(&other)).next().is_none());
        assert!(Sketch::of(&whole).may_contain(&Sketch::of(&part)));
        assert!(!Sketch::of(&whole).may_contain(&Sketch::of(&other)));
    }

    #[test]
    fn sketches_are_stored_whole_and_stay_what_they_are() {
        let text = text("学思想、强党性、重实践、建新功。");
        let sketch = Sketch::of(&text);
        assert_eq!(Sketch::from_bytes(sketch.shingles, &sketch.to_bytes()), sketch);
        assert_eq!(
            (sketch.shingles, sketch.minima[0], sketch.minima[63]),
            (9, 877_132_201, 449_470_731),
            "stored values"
        );
    }
}
