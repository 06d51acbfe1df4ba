//! The index of a package against its records: both give a line for each record, and the lines, sorted, must pair.

use std::io::{self, BufRead, Read as _};

use serde::Deserialize;
use serde_json::json;

use super::{Check, base};
use crate::handover::Error;
use crate::handover::sorted::Sorted;
use crate::package::cdxj::Entry;

/// Longest index line that is looked at.
const LONGEST: u64 = 1 << 20;

/// Lines of both sides.
pub(super) struct Lines {
    sorted: Sorted,
    /// Whether there is an index at all.
    indexed: bool,
}

impl Lines {
    pub(super) fn new() -> Self {
        Self { sorted: Sorted::new(std::env::temp_dir()), indexed: false }
    }

    fn push(&mut self, (file, offset): (&str, u64), side: Side, url: &str, rest: &str) -> io::Result<()> {
        let (file, side) = (base(file), side.as_str());
        self.sorted.push(format!("{}\t{offset:020}\t{side}\t{}\t{rest}\n", json!(file), json!(url)))
    }
}

/// Who says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The index.
    Index,
    /// A record that every index names.
    Record,
    /// A record that some tools leave out of it.
    Other,
    /// A stretch that cannot be read.
    Damage,
}

impl Side {
    fn as_str(self) -> &'static str {
        match self {
            Self::Index => "i",
            Self::Record => "r",
            Self::Other => "o",
            Self::Damage => "d",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Index, Self::Record, Self::Other, Self::Damage].into_iter().find(|side| side.as_str() == word)
    }
}

/// What other tools' index lines have in common.
#[derive(Debug, Deserialize)]
struct Said {
    #[serde(default)]
    url: String,
    #[serde(default)]
    digest: String,
    offset: Number,
    length: Number,
    filename: String,
}

/// Tools write numbers as text, or as numbers.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Number {
    Text(String),
    Plain(u64),
}

impl Number {
    fn value(&self) -> Option<u64> {
        match self {
            Self::Text(text) => text.parse().ok(),
            Self::Plain(number) => Some(*number),
        }
    }
}

/// What a line says of a record that both sides must agree on.
fn common(length: u64, moment: &str, url: &str, digest: &str) -> String {
    json!([length, moment, url, digest]).to_string()
}

impl Check<'_> {
    /// Takes in what a record is; `None` where no index names such a record.
    pub(super) fn record_line(
        &mut self,
        file: &str,
        offset: u64,
        side: Side,
        entry: Option<&Entry>,
    ) -> Result<(), Error> {
        let (url, rest) = match entry {
            Some(entry) if self.own => (entry.url.as_str(), entry.line().trim_end().to_owned()),
            Some(entry) => {
                let Entry { url, digest, .. } = entry;
                (url.as_str(), common(entry.length, &entry.at.to_digits14(), url, digest))
            }
            None => ("", String::new()),
        };
        self.lines.push((file, offset), side, url, &rest).map_err(self.io())
    }

    /// Takes in an index, line by line.
    pub(super) fn index(&mut self, file: &str, mut source: impl BufRead) -> Result<(), Error> {
        self.lines.indexed = true;
        let (mut line, mut before, mut sorted) = (Vec::new(), Vec::new(), true);
        for number in 1_u64.. {
            line.clear();
            match (&mut source).take(LONGEST).read_until(b'\n', &mut line) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => {
                    self.wrong(file, format!("line {number}: cannot be read: {error}"));
                    break;
                }
            }
            if matches!(line.first(), None | Some(b'!' | b' ' | b'\n')) {
                continue;
            }
            self.checked.index_lines += 1;
            if sorted && line < before {
                sorted = false;
                self.wrong(file, format!("line {number}: out of order, so that readers do not find it"));
            }
            if !self.line(&line)? {
                self.wrong(file, format!("line {number}: not a line of an index"));
            }
            std::mem::swap(&mut line, &mut before);
        }
        Ok(())
    }

    /// False where it is none.
    fn line(&mut self, line: &[u8]) -> Result<bool, Error> {
        let Ok(text) = std::str::from_utf8(line) else { return Ok(false) };
        let text = text.trim_end_matches(['\r', '\n']);
        let mut parts = text.splitn(3, ' ');
        let (Some(_), Some(moment), Some(rest)) = (parts.next(), parts.next(), parts.next()) else { return Ok(false) };
        let Ok(said) = serde_json::from_str::<Said>(rest) else { return Ok(false) };
        let (Some(offset), Some(length)) = (said.offset.value(), said.length.value()) else { return Ok(false) };
        let rest = if self.own { text.to_owned() } else { common(length, moment, &said.url, &said.digest) };
        self.lines.push((&said.filename, offset), Side::Index, &said.url, &rest).map_err(self.io())?;
        Ok(true)
    }

    /// Pairs the lines of both sides.
    pub(super) fn compare_index(&mut self) -> Result<(), Error> {
        let Lines { sorted, indexed } = std::mem::replace(&mut self.lines, Lines::new());
        if !indexed {
            // A bag of other tools need not have one.
            if self.own || self.checked.format == "wacz" {
                self.wrong("index", "there is none");
            }
            return Ok(());
        }
        let mut place = Place::default();
        let done = sorted.each(|line| {
            let mut parts = line.trim_end_matches('\n').splitn(5, '\t');
            let mut next = || parts.next().unwrap_or_default();
            let (file, offset, side, url, rest) = (next(), next(), next(), next(), next());
            if (place.file.as_str(), place.offset.as_str()) != (file, offset) {
                std::mem::take(&mut place).settle(self);
                (place.file, place.offset) = (file.to_owned(), offset.to_owned());
            }
            place.lines.extend(Side::from_word(side).map(|side| (side, url.to_owned(), rest.to_owned())));
            Ok(())
        });
        done.map_err(self.io())?;
        place.settle(self);
        Ok(())
    }
}

/// What both sides say of one place.
#[derive(Default)]
struct Place {
    file: String,
    offset: String,
    lines: Vec<(Side, String, String)>,
}

impl Place {
    fn settle(self, check: &mut Check<'_>) {
        let of_index = || self.lines.iter().filter(|(side, ..)| *side == Side::Index);
        let what = match self.lines.iter().find(|(side, ..)| *side != Side::Index) {
            None if self.lines.is_empty() => return,
            None => "the index names a record that does not begin here".to_owned(),
            Some((Side::Damage, ..)) => return,
            Some((Side::Record, ..)) if of_index().next().is_none() => "no index names this record".to_owned(),
            Some((_, _, record)) => match of_index().find(|(.., index)| index != record) {
                Some((.., index)) => format!("index and record differ: {index} and {record}"),
                None => return,
            },
        };
        let read = |text: &str| serde_json::from_str::<String>(text).unwrap_or_default();
        let url = self.lines.first().map(|(_, url, _)| read(url)).filter(|url| !url.is_empty());
        check.wrong_at(&read(&self.file), self.offset.parse().ok(), url.as_deref(), what);
    }
}
