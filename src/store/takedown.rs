//! `takedown.toml`: what is no longer shown, because somebody asked for it and somebody decided so.
//!
//! ```toml
//! [[article]]
//! url = "https://news.a.example/info/1/2.htm"   # or id = 12
//! date = 2026-11-30
//! reason = "学生本人要求撤下"
//! asked_by = "学工部来函"
//!
//! [[person]]
//! name = "某同学"
//! date = 2026-11-30
//! reason = "本人要求"
//! asked_by = "本人，邮件"
//! ```
//!
//! Nothing is deleted: the list is applied whenever rows are read for people ([`Reader::open`](super::Reader::open)), so that a line taken out
//! again shows everything as it was.

use std::fs;
use std::io;
use std::path::Path;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use toml::Spanned;
use toml::value::Datetime;
use url::Url;

use super::Error;
use crate::domain::address;

/// The file's name in the archive folder.
pub const FILE_NAME: &str = "takedown.toml";

/// What is taken down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Takedown {
    /// In the order of the file, articles first.
    pub entries: Vec<Entry>,
    /// SHA-256 of the file, lower-case hexadecimal; empty where there is none.
    pub sha256: String,
}

/// One request that was granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What is taken down.
    pub what: What,
    /// Since when, `YYYY-MM-DD`.
    pub date: String,
    /// Why.
    pub reason: String,
    /// Who asked.
    pub asked_by: String,
}

/// What an entry takes down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The article that was read at this normalised address; the address itself, where it was no article.
    Address(Url),
    /// The article of this id.
    Article(i64),
    /// Everybody of this name.
    Person(String),
}

impl What {
    /// In a word or two, for logs: the address, `article 12`, `person 某同学`.
    pub fn in_words(&self) -> String {
        match self {
            Self::Address(url) => url.to_string(),
            Self::Article(id) => format!("article {id}"),
            Self::Person(name) => format!("person {name}"),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    article: Vec<Spanned<ArticleEntry>>,
    #[serde(default)]
    person: Vec<Spanned<PersonEntry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ArticleEntry {
    url: Option<Spanned<String>>,
    id: Option<i64>,
    date: Spanned<Datetime>,
    reason: Spanned<String>,
    asked_by: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonEntry {
    name: Spanned<String>,
    date: Spanned<Datetime>,
    reason: Spanned<String>,
    asked_by: Spanned<String>,
}

impl Takedown {
    /// The list of the archive in this folder; an empty one where there is no file.
    pub fn load(dir: &Path) -> Result<Self, Error> {
        let path = dir.join(FILE_NAME);
        let wrong = |what: String| Error::Takedown { path: path.clone(), what };
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(wrong(format!(" cannot be read: {}", error.kind()))),
        };
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
            wrong(format!("{}: not UTF-8", valid.split(|byte| *byte == b'\n').count()))
        })?;
        Self::read(&text).map_err(wrong)
    }

    /// Reads the file's text; an error begins with the line.
    pub fn read(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            format!("{}: {}", line(text, at), error.message().trim())
        })?;
        let mut entries = Vec::new();
        for entry in &file.article {
            let begins = line(text, entry.span().start);
            let ArticleEntry { url, id, date, reason, asked_by } = entry.as_ref();
            let what = match (url, id) {
                (Some(url), None) => What::Address(address(text, url)?),
                (None, Some(id)) => What::Article(*id),
                (Some(_), Some(_)) | (None, None) => return Err(format!("{begins}: one of url and id is needed")),
            };
            entries.push(granted(text, what, date, [("reason", reason), ("asked_by", asked_by)])?);
        }
        for entry in &file.person {
            let PersonEntry { name, date, reason, asked_by } = entry.as_ref();
            let what = What::Person(said(text, "name", name)?);
            entries.push(granted(text, what, date, [("reason", reason), ("asked_by", asked_by)])?);
        }
        Ok(Self { entries, sha256: data_encoding::HEXLOWER.encode(&Sha256::digest(text)) })
    }

    /// Whether nothing is taken down.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Names of persons.
    pub fn persons(&self) -> impl Iterator<Item = &str> {
        self.entries
            .iter()
            .filter_map(|entry| if let What::Person(name) = &entry.what { Some(name.as_str()) } else { None })
    }
}

fn granted(
    text: &str,
    what: What,
    date: &Spanned<Datetime>,
    words: [(&str, &Spanned<String>); 2],
) -> Result<Entry, String> {
    let day = date.as_ref().date.filter(|_| date.as_ref().time.is_none());
    let day = day.ok_or_else(|| format!("{}: date: a day, such as 2026-11-30", line(text, date.span().start)))?;
    let [reason, asked_by] = words.map(|(field, value)| said(text, field, value));
    Ok(Entry { what, date: day.to_string(), reason: reason?, asked_by: asked_by? })
}

/// A field that must say something.
fn said(text: &str, field: &str, value: &Spanned<String>) -> Result<String, String> {
    let words = value.as_ref().trim();
    if words.is_empty() {
        return Err(format!("{}: {field}: is empty", line(text, value.span().start)));
    }
    Ok(words.to_owned())
}

fn address(text: &str, url: &Spanned<String>) -> Result<Url, String> {
    let parsed = Url::parse(url.as_ref().trim());
    parsed
        .map(|url| address::normalise(&url))
        .map_err(|error| format!("{}: url: {:?}: {error}", line(text, url.span().start), url.as_ref()))
}

/// The line a byte stands on, from 1.
fn line(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHY: &str = "date = 2026-11-30\nreason = \"本人要求\"\nasked_by = \"邮件\"\n";

    #[test]
    fn entries_say_what_when_why_and_who_asked() {
        let text = format!(
            "[[article]]\nurl = \"HTTP://a.example:80/1\"\n{WHY}[[person]]\nname = \" 江一帆\"\n{WHY}[[article]]\nid = 7\n{WHY}"
        );
        let list = Takedown::read(&text).unwrap();
        let what: Vec<String> = list.entries.iter().map(|entry| entry.what.in_words()).collect();
        assert_eq!(what, ["http://a.example/1", "article 7", "person 江一帆"]);
        assert_eq!((list.entries[0].date.as_str(), list.entries[2].asked_by.as_str()), ("2026-11-30", "邮件"));
        assert_ne!(list.sha256, Takedown::read("").unwrap().sha256);
    }

    #[test]
    fn errors_name_the_line_and_the_field() {
        for (text, want) in [
            (format!("[[person]]\nnam = \"江一帆\"\n{WHY}"), "2: unknown field `nam`"),
            ("[[person]]\nname = \"江一帆\"\n".to_owned(), "1: missing field `date`"),
            (format!("[[person]]\nname = \" \"\n{WHY}"), "2: name: is empty"),
            (format!("[[article]]\nurl = \"a/b\"\n{WHY}"), "2: url: \"a/b\": relative URL"),
            (format!("\n[[article]]\n{WHY}"), "2: one of url and id"),
            (format!("[[article]]\nid = 1\n{}", WHY.replace("2026-11-30", "12:00:00")), "3: date: a day"),
            (format!("[[persons]]\nname = \"江一帆\"\n{WHY}"), "1: unknown field `persons`"),
        ] {
            let error = Takedown::read(&text).unwrap_err();
            assert!(error.starts_with(want), "{error:?} for {text:?}");
        }
    }
}
