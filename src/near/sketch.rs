//! A text in few numbers, by which those are found that may share much of it: keys, and a sample for a second look.
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
const MINIMA: usize = 32;
/// Minima of a band: eight bands of four find a Jaccard similarity of 0.8 with probability 0.985, of 0.1 with 0.001. Texts that
/// are less alike share sentences.
const BAND: usize = 4;
/// Sentence keys of a text at the most: the smallest ones, so that a part of a text keeps its share of them. A half of a text
/// shares none of ten with probability 0.001, a third with 0.02. Every key is a row at a place of its own in the index, and
/// a page to read and to write.
const SENTENCE_KEYS: usize = 10;
/// Two sentences in a row with fewer letters say little (还要学习。还要工作。).
const SENTENCE_PAIR_LETTERS: usize = 24;
/// Texts of so few sentences also have each sentence as a key, from so many letters on.
const FEW_SENTENCES: usize = 5;
const SENTENCE_LETTERS: usize = 20;
/// Shorter titles are shared by too many articles (学习心得).
const TITLE_LETTERS: usize = 10;

/// One shingle in so many stands in the sample.
const SAMPLED: u64 = 4;
/// Shingles of a sample at the most, the smallest: a text of 4,000 letters has as many.
const SAMPLE: usize = 1024;
/// A text with fewer than one in so many of the other's shingles is too small a part of it; sizes of shingles and of
/// texts (`compare.rs` asks for a fifth) differ where sentences are repeated.
const LEAST_SIZE: u32 = 8;

/// What tells how much of two texts is the same: some of the shingles, the same ones in every text that has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sketch {
    /// Different shingles of the text.
    pub shingles: u32,
    /// Upper bits of the sampled ones, ascending.
    sample: Vec<u16>,
}

impl Sketch {
    /// The sketch of a text, and its keys: two texts without a common key are not compared.
    pub fn with_keys(text: &Text) -> (Self, Vec<i64>) {
        let shingles = shingles(text);
        let least = shingles.iter().take_while(|hash| **hash < u64::MAX / SAMPLED);
        let mut sample: Vec<u16> = least.map(|hash| upper(*hash)).collect();
        sample.dedup();
        sample.truncate(SAMPLE);
        let sketch = Self { shingles: u32::try_from(shingles.len()).unwrap_or(u32::MAX), sample };
        (sketch, keys(text, &shingles))
    }

    /// Whether the shorter text may stand in the longer one to the half, as far as the sketches tell; texts that share
    /// but a turn of phrase need not be read.
    pub fn may_contain(&self, other: &Self) -> bool {
        let (shorter, longer) = (self.shingles.min(other.shingles), self.shingles.max(other.shingles));
        if shorter.saturating_mul(LEAST_SIZE) < longer {
            return false;
        }
        // Beyond the last of a full sample nothing is known.
        let last = [self, other].into_iter().filter_map(|sketch| sketch.sample.get(SAMPLE - 1)).min();
        let known =
            |sketch: &Self| last.map_or(sketch.sample.len(), |last| sketch.sample.partition_point(|v| v <= last));
        let (one, two) = (known(self), known(other));
        let fewer = one.min(two);
        let common = common(self.sample.get(..one).unwrap_or_default(), other.sample.get(..two).unwrap_or_default());
        // Of n shingles that are common with probability 1/2, n/2 are, give or take √n/2; twice that is allowed.
        let lack = fewer.saturating_sub(2 * common);
        lack * lack <= 4 * fewer
    }

    /// As stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.sample.iter().flat_map(|value| value.to_le_bytes()).collect()
    }

    /// As it was stored.
    pub fn from_bytes(shingles: u32, stored: &[u8]) -> Self {
        let sample = stored.as_chunks().0.iter().map(|bytes| u16::from_le_bytes(*bytes)).collect();
        Self { shingles, sample }
    }
}

/// The sixteen bits below those that are nought in every sampled shingle.
fn upper(hash: u64) -> u16 {
    u16::try_from(hash.wrapping_mul(SAMPLED) >> 48).unwrap_or_default()
}

/// How many numbers two ascending lists have in common.
pub(super) fn common<T: Ord>(a: &[T], b: &[T]) -> usize {
    let (mut i, mut j, mut common) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        common += usize::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    common
}

fn keys(text: &Text, shingles: &[u64]) -> Vec<i64> {
    let minima = minima(shingles);
    let bands = minima.chunks(BAND).zip(0..).map(|(band, number)| {
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

fn minima(shingles: &[u64]) -> Vec<u32> {
    let functions: Vec<(u64, u64)> = functions().take(MINIMA).collect();
    let mut minima = vec![u32::MAX; MINIMA];
    for shingle in shingles {
        for (minimum, (factor, summand)) in minima.iter_mut().zip(&functions) {
            let value = shingle.wrapping_mul(*factor).wrapping_add(*summand) >> 32;
            *minimum = (*minimum).min(u32::try_from(value).unwrap_or(u32::MAX));
        }
    }
    minima
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
        let keys = |text: &Text| Sketch::with_keys(text).1.into_iter().collect::<BTreeSet<_>>();
        let may = |a: &Text, b: &Text| Sketch::with_keys(a).0.may_contain(&Sketch::with_keys(b).0);
        assert!(keys(&whole).intersection(&keys(&part)).next().is_some());
        assert!(keys(&whole).intersection(&keys(&other)).next().is_none());
        assert!(may(&whole, &part) && may(&part, &whole));
        assert!(!may(&whole, &other) && !may(&other, &whole));
    }

    #[test]
    fn long_texts_are_told_apart_by_what_both_samples_know() {
        let sentences = |from: usize, to: usize| -> Text {
            // Eight letters of their own.
            let letter = |n: usize| char::from_u32(0x4e00 + u32::try_from(n * 7919 % 20_000).unwrap()).unwrap();
            let made = (from..to).map(|n| (0..8).map(|at| letter(n * 8 + at)).chain(['。']).collect::<String>());
            text(&made.collect::<String>())
        };
        let may = |a: &Text, b: &Text| Sketch::with_keys(a).0.may_contain(&Sketch::with_keys(b).0);
        let whole = sentences(0, 1500);
        assert_eq!(Sketch::with_keys(&whole).0.sample.len(), SAMPLE, "longer than a sample");
        assert!(may(&whole, &sentences(700, 1200)), "a third of it");
        assert!(!may(&whole, &sentences(1400, 1900)), "a fifth of the other");
        assert!(!may(&whole, &sentences(1400, 2900)), "two long texts with a part in common");
        assert!(!may(&whole, &sentences(0, 40)), "too small a part");
    }

    #[test]
    fn sketches_are_stored_whole_and_stay_what_they_are() {
        let text = text("学思想、强党性、重实践、建新功。");
        let (sketch, keys) = Sketch::with_keys(&text);
        assert_eq!(Sketch::from_bytes(sketch.shingles, &sketch.to_bytes()), sketch);
        let minima = minima(&shingles(&text));
        assert_eq!((sketch.shingles, minima[0], minima[31]), (9, 877_132_201, 296_689_343), "stored values");
        assert_eq!((sketch.sample.as_slice(), keys.len()), ([18_714, 30_107].as_slice(), 9), "stored values");
    }
}
