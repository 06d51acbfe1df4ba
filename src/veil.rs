//! Persons in texts made unrecognisable: names and numbers that lead to somebody become tokens made with a key, or one mark.
//!
//! Pure: texts in, texts out; the key's file, the archive and the tables are somebody else's. A name is replaced where it is
//! **known**: gathered beforehand ([`Roll`]) from everything the archive holds as a person, or found in a text by the reader
//! of mentions. All known names are looked for at once, in folded text ([`fold`](crate::fold)) without the spaces within
//! names, so that 任 颖, 任颖 and 任穎 are one person. A name that is also an everyday word is told from the word by how the
//! archive itself uses it ([`Names`]), not by a list of words. With a key, what only reads like a name is replaced too,
//! where it stands (`unsigned`). What this cannot find, and what tokens do not protect from, is in `docs/personal-data.md`.

mod names;
mod numbers;
mod packed;
mod skeleton;
mod sorted;
mod token;
mod unsigned;
mod veiled;

use std::ops::Range;

pub use names::{Census, Names, Roll, canonical};
pub use token::{Key, Kind};
pub use veiled::Veiled;

use skeleton::Skeleton;

/// Where the names of a text stand, as bytes: for words that are names only where something beside them says so.
pub type FindMentions = fn(&str) -> Vec<Range<usize>>;

/// What stands in place of a person.
#[derive(Debug)]
enum Marks {
    /// A token of this key; the same for the same person.
    Keyed(Key),
    /// One mark for all.
    Plain,
}

/// Replaces persons in texts.
#[derive(Debug)]
pub struct Veil {
    names: Names,
    marks: Marks,
    mentions: FindMentions,
}

impl Veil {
    /// Stands for a person where no token does.
    pub const MARK: &'static str = "某某";

    /// Names and identifiers become tokens of a key.
    pub fn keyed(names: Names, key: Key, mentions: FindMentions) -> Self {
        Self { names, marks: Marks::Keyed(key), mentions }
    }

    /// Names become [`Self::MARK`]; identifiers stay.
    pub fn plain(names: Names, mentions: FindMentions) -> Self {
        Self { names, marks: Marks::Plain, mentions }
    }

    /// The text without the persons known; `articles` are those the text belongs to.
    pub fn text(&self, text: &str, articles: &[i64]) -> Veiled {
        let skeleton = Skeleton::of(text);
        let mut found: Vec<(Range<usize>, String)> = Vec::new();
        if let Marks::Keyed(key) = &self.marks {
            for number in numbers::find(&skeleton.text) {
                found.push((skeleton.original(&number.range), key.token(number.kind, &number.canonical)));
            }
        }
        for (range, name) in self.names.find(&skeleton, text, articles, self.mentions) {
            found.push((range, self.person(name)));
        }
        if matches!(self.marks, Marks::Keyed(_)) {
            self.guess(&skeleton, &mut found);
        }
        Veiled::of(text, found)
    }

    /// Adds what reads like a name where nothing known was found.
    fn guess(&self, skeleton: &Skeleton, found: &mut Vec<(Range<usize>, String)>) {
        let known: Vec<Range<usize>> = found.iter().map(|(range, _)| range.clone()).collect();
        for name in unsigned::find(&skeleton.text) {
            let range = skeleton.original(&name);
            if !known.iter().any(|known| known.start < range.end && range.start < known.end) {
                found.push((range, self.person(skeleton.text.get(name).unwrap_or_default())));
            }
        }
    }

    /// What stands for a person of this name.
    pub fn person(&self, name: &str) -> String {
        match &self.marks {
            Marks::Keyed(key) => key.token(Kind::Person, &canonical(name)),
            Marks::Plain => Self::MARK.to_owned(),
        }
    }

    /// Whether a person of this name is known.
    pub fn knows(&self, name: &str) -> bool {
        self.names.knows(name)
    }

    /// What stands for a value that leads back to a page: its address, or a digest of it. `None` without a key.
    pub fn lookup(&self, kind: Kind, value: &str) -> Option<String> {
        match &self.marks {
            Marks::Keyed(key) => Some(key.token(kind, value)),
            Marks::Plain => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn veil(names: &[&str]) -> Veil {
        let mut roll = Roll::default();
        for name in names {
            roll.told(name, 1);
        }
        Veil::keyed(roll.census().finish(), Key::new(b"0123456789abcdef").unwrap(), |_| Vec::new())
    }

    #[test]
    fn one_person_has_one_token_in_every_spelling() {
        let veil = veil(&["任颖", "阿依努尔·麦麦提", "张学明"]);
        let token = veil.person("任颖");
        assert!(token.starts_with("人-") && token.chars().count() == 12, "{token}");
        for spelling in ["任颖", "任 颖", "任\u{3000}颖", "任穎", "%E4%BB%BB%E9%A2%96", "%C8%CE%D3%B1"] {
            let text = format!("作者：{spelling}，2023年");
            assert_eq!(veil.text(&text, &[]).text, format!("作者：{token}，2023年"), "{spelling}");
        }
        let other = veil.person("阿依努尔·麦麦提");
        for dot in ["·", "•", "．", "・", " · "] {
            assert_eq!(veil.text(&format!("学生阿依努尔{dot}麦麦提说"), &[]).text, format!("学生{other}说"), "{dot}");
        }
        assert_eq!(veil.text("張學明", &[]).text, veil.person("张学明"));
        assert_ne!(veil.person("任颖"), veil.person("张学明"));
    }

    #[test]
    fn places_in_a_text_move_with_it() {
        let veil = veil(&["任颖"]);
        let veiled = veil.text("任颖说：“好”，任 颖走了", &[]);
        let place = |c: char| veiled.text.chars().position(|x| x == c).unwrap();
        assert_eq!(veiled.place(5), place('好'));
        assert_eq!(veiled.place(11), place('走'));
        assert_eq!(veiled.place(13), veiled.text.chars().count(), "the end");
    }

    #[test]
    fn what_only_reads_like_a_name_is_replaced_with_a_key_alone() {
        let text = "那天傍晚江一 帆一直留在实验室，任颖时常来看他。";
        let keyed = veil(&["任颖"]);
        let (guessed, known) = (keyed.person("江一帆"), keyed.person("任颖"));
        let want = format!("那天傍晚{guessed}一直留在实验室，{known}时常来看他。");
        assert_eq!(keyed.text(text, &[]).text, want, "and nothing beside what is known");
        let plain = Veil::plain(Roll::default().census().finish(), |_| Vec::new());
        assert!(!plain.text(text, &[]).is_changed());
    }

    #[test]
    fn one_mark_hides_names_and_nothing_else() {
        let mut roll = Roll::default();
        roll.told("任颖", 1);
        let veil = Veil::plain(roll.census().finish(), |_| Vec::new());
        assert_eq!(veil.text("任颖，电话13800001111", &[]).text, "某某，电话13800001111");
    }
}
