//! `works.toml`: what a person decided about works, over what the program would.
//!
//! ```toml
//! [[same]]
//! articles = ["https://news.a.example/info/1/2.htm", "https://www.b.example/c/3.html"]
//! who = "王编辑"
//! why = "改写后重发，同一事件"
//!
//! [[different]]
//! articles = ["https://news.a.example/info/1/5.htm", "https://news.a.example/info/1/9.htm"]
//! who = "王编辑"
//! why = "两年的通知文字相同"
//! ```

use serde::Deserialize;
use sha2::Digest as _;
use toml::Spanned;
use url::Url;

use crate::domain::address;

/// The file's name in the archive folder.
pub const FILE_NAME: &str = "works.toml";

/// All rulings of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rulings {
    /// In the order of the file.
    pub list: Vec<Ruling>,
    /// The addresses they are about, where they stand.
    pub named: Vec<Named>,
    /// Names the file's content: it changes whenever the text does.
    pub digest: String,
}

/// What was decided about two articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// What.
    pub verdict: Verdict,
    /// Normalised address of one.
    pub a: Url,
    /// Normalised address of the other.
    pub b: Url,
    /// Who decided.
    pub who: String,
    /// Why.
    pub why: String,
}

/// An address in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The list it stands in.
    pub verdict: Verdict,
    /// The entry of that list, from 1.
    pub entry: usize,
    /// The line, from 1.
    pub line: usize,
    /// The address, normalised.
    pub url: Url,
}

/// One work, or two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// One work.
    Same,
    /// Two works.
    Different,
}

impl Verdict {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Different => "different",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    same: Vec<Entry>,
    #[serde(default)]
    different: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    articles: Spanned<Vec<Spanned<String>>>,
    who: String,
    why: String,
}

impl Rulings {
    /// Reads the file's text; an error begins with the line.
    pub fn read(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            format!("{}: {}", line(text, at), error.message().trim())
        })?;
        let mut read = Self { digest: data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(text)), ..Self::default() };
        for (verdict, entries) in [(Verdict::Same, &file.same), (Verdict::Different, &file.different)] {
            for (number, entry) in (1..).zip(entries) {
                entry.rulings((verdict, number), text, &mut read)?;
            }
        }
        Ok(read)
    }
}

impl Entry {
    /// One ruling for every two articles of the list.
    fn rulings(&self, (verdict, entry): (Verdict, usize), text: &str, read: &mut Rulings) -> Result<(), String> {
        let articles = self.articles.as_ref();
        if articles.len() < 2 {
            let line = line(text, self.articles.span().start);
            return Err(format!("{line}: articles: names at least two addresses"));
        }
        let urls: Vec<Url> = articles
            .iter()
            .map(|article| {
                let url = Url::parse(article.as_ref());
                url.map(|url| address::normalise(&url)).map_err(|error| {
                    format!("{}: articles: {:?}: {error}", line(text, article.span().start), article.as_ref())
                })
            })
            .collect::<Result<_, _>>()?;
        let twice =
            articles.iter().zip(&urls).enumerate().find(|(at, (_, url))| urls.iter().take(*at).any(|u| u == *url));
        if let Some((_, (article, url))) = twice {
            let line = line(text, article.span().start);
            return Err(format!("{line}: articles: {url} stands here twice"));
        }
        read.named.extend(articles.iter().zip(&urls).map(|(article, url)| Named {
            verdict,
            entry,
            line: line(text, article.span().start),
            url: url.clone(),
        }));
        for (at, a) in urls.iter().enumerate() {
            for b in urls.iter().skip(at + 1) {
                let (who, why) = (self.who.clone(), self.why.clone());
                read.list.push(Ruling { verdict, a: a.clone(), b: b.clone(), who, why });
            }
        }
        Ok(())
    }
}

/// The line a byte stands on, from 1.
fn line(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_become_pairs() {
        let text = "[[different]]\narticles = [\"http://a.example/1\", \"http://a.example/2\", \"http://a.example/3\"]\n\
            who = \"王\"\nwhy = \"三年\"\n";
        let rulings = Rulings::read(text).unwrap();
        let pairs: Vec<_> = rulings.list.iter().map(|r| (r.a.path(), r.b.path(), r.verdict)).collect();
        let apart = Verdict::Different;
        assert_eq!(pairs, [("/1", "/2", apart), ("/1", "/3", apart), ("/2", "/3", apart)]);
        let named: Vec<_> = rulings.named.iter().map(|n| (n.entry, n.line, n.url.path())).collect();
        assert_eq!(named, [(1, 2, "/1"), (1, 2, "/2"), (1, 2, "/3")]);
        assert_ne!(rulings.digest, Rulings::read("").unwrap().digest);
    }

    #[test]
    fn errors_name_the_line_and_the_field() {
        let entry = |articles: &str, rest: &str| format!("\n[[same]]\narticles = {articles}\n{rest}");
        let whole = "who = \"王\"\nwhy = \"同\"\n";
        for (text, want) in [
            (entry("[\"http://a.example/\"]", whole), "3: articles: names at least two"),
            (
                entry("[\"http://a.example/\",\n \"http://A.example:80/#x\"]", whole),
                "4: articles: http://a.example/ stands",
            ),
            (entry("[\"http://a.example/\",\n \"b\"]", whole), "4: articles: \"b\": relative URL"),
            (entry("[\"http://a.example/\", \"http://b.example/\"]", "who = \"王\"\n"), "2: missing field `why`"),
            (entry("[]", "what = 1\n"), "4: unknown field `what`"),
            ("[[sam]]\n".to_owned(), "1: unknown field `sam`"),
        ] {
            let error = Rulings::read(&text).unwrap_err();
            assert!(error.starts_with(want), "{error:?} for {text:?}");
        }
    }
}
