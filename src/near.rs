//! Whether two articles are one work: what is compared, how candidates are found, and the decision with its reasons.
//!
//! A repost keeps most of a text; a template for another event keeps most of it too. What tells them apart is *what*
//! differs: a repost leaves out or adds, and now and then changes a word; another event swaps dates, numbers, names.
//! So texts that share a key ([`Sketch::with_keys`]) are aligned, and the swapped places decide ([`compare()`]).
//!
//! Everything here is a pure function of the texts compared, never of what else is held or of the order in which it
//! came: works kept up one article at a time are therefore the works of a computation from nothing. No limit such as
//! "skip keys that are too common" may be added for that reason. Instead each step is cheap and leaves little to the
//! next: sketches say who shares half a text, [`one()`] gives up as soon as too little can be in common.

mod align;
mod changes;
mod cluster;
mod common;
mod compare;
mod rulings;
mod sketch;

use std::ops::Range;

use sha2::Digest as _;
use xxhash_rust::xxh3::xxh3_64;

use crate::domain::article::{Article, Credit};
use crate::fold;
pub use changes::{Change, changes};
pub use cluster::{Edge, cluster};
pub use compare::{Comparison, Evidence, Swap, SwapKind, TitleRelation, compare, one};
pub use rulings::{FILE_NAME as RULINGS_FILE, Named, Ruling, Rulings, Verdict};
pub use sketch::Sketch;

/// Changes with every change to what this module computes: works kept by another version are computed anew.
pub const VERSION: u32 = 3;

/// A paragraph of more letters is not taken for a credit line.
const LONGEST_CREDIT_LINE: usize = 60;

/// A text as it is compared: letters and digits in one width, case and script, cut into sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    title: Vec<char>,
    body: Vec<char>,
    sentences: Vec<Range<usize>>,
    /// For each sentence a hash of its letters.
    hashes: Vec<u64>,
}

impl Text {
    /// The article's text; `None` where there is nothing to compare (a page of images only).
    pub fn of(article: &Article) -> Option<Self> {
        Self::new(article.title.as_deref().unwrap_or_default(), &article.body, &article.credits)
    }

    /// The text of these parts of a record.
    pub fn new(title: &str, body: &str, credits: &[Credit]) -> Option<Self> {
        let mut text =
            Self { title: fold::letters(title), body: Vec::new(), sentences: Vec::new(), hashes: Vec::new() };
        // Those who repost put their own editors under the text.
        for paragraph in body.lines().filter(|line| !is_credit_line(line, credits)) {
            for sentence in paragraph.split(['。', '！', '？', '!', '?']) {
                let from = text.body.len();
                text.body.extend(fold::letters(sentence));
                if let Some(letters) = text.body.get(from..).filter(|letters| !letters.is_empty()) {
                    text.hashes.push(xxh3_64(&bytes(letters)));
                    text.sentences.push(from..text.body.len());
                }
            }
        }
        (!text.body.is_empty()).then_some(text)
    }

    /// Names the text: equal for equal texts, and in practice only for them (63 bits of a SHA-256).
    pub fn id(&self) -> i64 {
        let mut hash = sha2::Sha256::new();
        let ends = self.sentences.iter().map(|sentence| sentence.end);
        for number in [self.title.len(), self.body.len(), self.sentences.len()].into_iter().chain(ends) {
            hash.update((number as u64).to_le_bytes());
        }
        for letter in self.title.iter().chain(&self.body) {
            hash.update(u32::from(*letter).to_le_bytes());
        }
        let first: [u8; 8] = hash.finalize().first_chunk().copied().unwrap_or_default();
        i64::from_le_bytes(first) & i64::MAX
    }

    /// Letters of the body.
    pub fn letters(&self) -> usize {
        self.body.len()
    }

    fn sentence(&self, range: &Range<usize>) -> &[char] {
        self.body.get(range.clone()).unwrap_or_default()
    }
}

/// The name of the work whose earliest held article has this key.
pub fn work_id(key: &str) -> String {
    let mut id = data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(key));
    id.truncate(24);
    format!("w{id}")
}

/// A short paragraph in which a role of the article stands with one of its names.
fn is_credit_line(line: &str, credits: &[Credit]) -> bool {
    line.chars().count() <= LONGEST_CREDIT_LINE
        && credits.iter().any(|credit| line.contains(&credit.role) && credit.names.iter().any(|n| line.contains(n)))
}

/// Bytes to hash for some letters.
fn bytes(letters: &[char]) -> Vec<u8> {
    letters.iter().flat_map(|letter| u32::from(*letter).to_le_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(title: &str, body: &str) -> Text {
        Text::new(title, body, &[]).unwrap()
    }

    #[test]
    fn reposts_that_differ_in_punctuation_width_and_script_have_one_id() {
        let first = text("主题教育读书班开班", "“学思想”,强党性。\n第1期");
        assert_eq!(first.id(), text("主題教育讀書班 開班", "「學思想」、強黨性。\n第１期").id());
        assert_ne!(first.id(), text("主题教育读书班开班", "学思想,强党性。\n第2期").id());
        assert_ne!(first.id(), text("主题教育读书班", "开班学思想强党性。\n第1期").id(), "the parts are apart");
        assert_eq!(Text::new("图集", " …\n", &[]), None, "nothing to compare");
    }

    #[test]
    fn credit_lines_are_the_reposters_own() {
        let editors = |name: &str| [Credit { role: "编辑".to_owned(), names: vec![name.to_owned()] }];
        let first = Text::new("开班", "学思想。\n（编辑：林知远）", &editors("林知远")).unwrap();
        let repost = Text::new("开班", "学思想。\n编辑：邓晨", &editors("邓晨")).unwrap();
        assert_eq!(first, repost);
    }

    #[test]
    fn a_work_is_named_by_its_first_article() {
        assert_eq!(work_id("cms:news.dhnu.example:1").len(), 25);
        assert_ne!(work_id("a"), work_id("b"));
    }
}
