//! What a page says, sentence by sentence, links and furniture left out.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::extract::dom::outline::Outline;
use crate::extract::walls::{Walls, any};

/// A page with more visible characters than this says more than "no".
pub(super) const SHORT: usize = 500;

/// Of a page that says much, this much is looked at for placeholders.
const LOOKED_AT: usize = 6_000;

/// A longer sentence is no notice.
const SENTENCE: usize = 60;

/// Text of a link from which it is a headline and not a menu's word.
const HEADLINE: usize = 8;

/// Pages with less visible text than this may speak by `alert`.
const SILENT: usize = 60;

/// What a page says.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Visible characters in all, links left out.
    pub(super) chars: usize,
    /// Sentences, whole.
    pub(super) sentences: Vec<String>,
    /// Whether a line dates it as articles are dated.
    pub(super) is_article: bool,
    /// Links that read like headlines.
    pub(super) rows: usize,
    /// For each sentence: whether it is furniture.
    furniture: Vec<bool>,
}

impl Said {
    /// Lays it out. An article's headline says what it is about, not what the server says.
    pub(super) fn of(source: &str, outline: &Outline<'_>, title: Option<&str>, walls: &Walls) -> Self {
        let mut said = Self::default();
        let mut blocks: BTreeMap<usize, String> = BTreeMap::new();
        let mut links: BTreeMap<usize, usize> = BTreeMap::new();
        for piece in outline.all_texts() {
            if said.chars > LOOKED_AT {
                break;
            }
            let chars = piece.text.chars().count();
            match place(outline, piece.at) {
                Place::Link(at) => *links.entry(at).or_default() += chars,
                Place::Block(at) => {
                    said.chars += chars;
                    let block = blocks.entry(at).or_default();
                    block.push_str(&piece.text);
                }
            }
        }
        if said.chars > SHORT {
            // Nothing else is asked of it, and most pages are such.
            for text in blocks.into_values() {
                said.add(&text, false);
            }
            return said;
        }
        said.rows = links.into_values().filter(|chars| *chars >= HEADLINE).count();
        said.is_article = blocks.values().any(|text| any(&walls.article, text));
        for text in blocks.into_values() {
            let headline = said.is_article && title.is_some_and(|title| title.contains(text.as_str()));
            said.add(&text, headline || any(&walls.furniture, &text));
        }
        if said.chars <= SILENT {
            for text in alerts(source) {
                said.add(&text, false);
            }
        }
        said
    }

    fn add(&mut self, text: &str, furniture: bool) {
        let sentences = text.split_inclusive(['。', '！', '？', '!', '?', '；']).flat_map(|part| part.split(". "));
        for sentence in sentences.map(str::trim).filter(|sentence| !sentence.is_empty()) {
            self.sentences.push(sentence.to_owned());
            self.furniture.push(furniture);
        }
    }

    /// Characters of running text.
    pub(super) fn prose(&self) -> usize {
        self.own().map(|sentence| sentence.chars().count()).sum()
    }

    /// What is said beside the sentences these expressions find, in characters; `None` where they find none.
    pub(super) fn beside(&self, notices: &[Regex]) -> Option<usize> {
        let (mut found, mut beside) = (false, 0);
        for sentence in self.own() {
            let chars = sentence.chars().count();
            if chars <= SENTENCE
                && any(notices, unquoted(sentence).trim_end_matches(['。', '！', '!', '？', '?', '；']))
            {
                found = true;
            } else {
                beside += chars;
            }
        }
        found.then_some(beside)
    }

    fn own(&self) -> impl Iterator<Item = &String> {
        self.sentences.iter().zip(&self.furniture).filter(|(_, furniture)| !**furniture).map(|(sentence, _)| sentence)
    }
}

enum Place {
    Link(usize),
    Block(usize),
}

/// The block a text stands in.
fn place(outline: &Outline<'_>, at: usize) -> Place {
    let mut block = at;
    for above in outline.upward(at).take(12) {
        block = above;
        match outline.tag(above) {
            "a" | "button" | "option" => return Place::Link(above),
            "p" | "span" | "font" | "strong" | "b" | "em" | "i" | "u" | "section" | "o:p" | "center" | "label" => {
                if outline.tag(above) == "p" {
                    break;
                }
            }
            _ => break,
        }
    }
    let linked = outline.upward(block).take(4).find(|above| outline.tag(*above) == "a");
    linked.map_or(Place::Block(block), Place::Link)
}

/// A text without what stands inside quotation marks.
fn unquoted(text: &str) -> String {
    let mut depth = 0_usize;
    let kept = |c: &char| match c {
        '“' | '「' | '『' | '《' => {
            depth += 1;
            false
        }
        '”' | '」' | '』' | '》' => {
            depth = depth.saturating_sub(1);
            false
        }
        _ => depth == 0,
    };
    text.chars().filter(kept).collect()
}

/// A longer text in a box is a program's and no notice.
const LONGEST_ALERT: usize = 80;

/// What scripts say in boxes.
fn alerts(source: &str) -> Vec<String> {
    static ALERT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"alert\(\s*["']([^"']+)["']"#).ok());
    let Some(alert) = &*ALERT else { return Vec::new() };
    let said = alert.captures_iter(source).filter_map(|found| Some(found.get(1)?.as_str()));
    said.filter(|said| (2..=LONGEST_ALERT).contains(&said.chars().count())).map(str::to_owned).collect()
}
