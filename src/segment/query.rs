//! The query language: words, "phrases", AND OR NOT, field:, parentheses. Errors say where.
//!
//! ```text
//! query   = any ;
//! any     = all { ("OR" | "|") all } ;
//! all     = not { ["AND" | "&"] not } ;
//! not     = ("NOT" | "-") not | term ;
//! term    = "(" any ")" | field ":" term | "“" phrase "”" | word ;
//! ```
//! Full-width brackets, colons and every kind of quotation mark do as well. Operators are written in capitals, as the
//! English words are to be found too.

use super::Needle;

/// A query, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// What must hold.
    pub root: Node,
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// A word or phrase stands in a field.
    Leaf(Leaf),
    /// All of these.
    All(Vec<Node>),
    /// One of these at least.
    Any(Vec<Node>),
    /// Not this.
    Not(Box<Node>),
}

/// A word or phrase, and where it is to stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Where; title and body where nothing was said.
    pub field: Option<Field>,
    /// What.
    pub needle: Needle,
}

/// Where words can stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Headline.
    Title,
    /// Body.
    Body,
    /// Words of named persons.
    Reflection,
    /// Their names.
    Person,
    /// Their affiliations.
    Unit,
    /// 来源.
    Source,
}

impl Field {
    /// All of them with their names, the one of the index first.
    pub const ALL: [(Self, [&'static str; 2]); 6] = [
        (Self::Title, ["title", "标题"]),
        (Self::Body, ["body", "正文"]),
        (Self::Reflection, ["reflection", "感悟"]),
        (Self::Person, ["person", "人物"]),
        (Self::Unit, ["unit", "单位"]),
        (Self::Source, ["source", "来源"]),
    ];

    /// The name in the index.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(field, _)| *field == self).map_or("", |(_, [name, _])| name)
    }

    fn named(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        Self::ALL.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(field, _)| *field)
    }
}

/// Why a query cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("query, character {at}: {what}")]
pub struct QueryError {
    /// The character, from 1.
    pub at: usize,
    /// What is wrong there.
    pub what: String,
}

/// Parentheses within parentheses at the most.
const DEEPEST: usize = 64;

impl Query {
    /// Reads what was typed.
    pub fn read(text: &str) -> Result<Self, QueryError> {
        let tokens = tokens(text)?;
        let mut parser = Parser { tokens: &tokens, at: 0, end: text.chars().count() + 1, depth: 0 };
        let root = parser.any()?;
        match parser.peek() {
            None => Ok(Self { root }),
            Some(_) => Err(parser.wrong("there is no ( for this )")),
        }
    }

    /// What may be shown as found: every word that is not behind NOT.
    pub fn leaves(&self) -> Vec<&Leaf> {
        fn collect<'a>(node: &'a Node, leaves: &mut Vec<&'a Leaf>) {
            match node {
                Node::Leaf(leaf) => leaves.push(leaf),
                Node::All(nodes) | Node::Any(nodes) => nodes.iter().for_each(|node| collect(node, leaves)),
                Node::Not(_) => {}
            }
        }
        let mut leaves = Vec::new();
        collect(&self.root, &mut leaves);
        leaves
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    And,
    Or,
    Not,
    Field(Field),
    Words(Needle),
}

/// Tokens, each with its character, from 1.
fn tokens(text: &str) -> Result<Vec<(usize, Token)>, QueryError> {
    let chars: Vec<char> = text.chars().collect();
    let (mut tokens, mut at) = (Vec::new(), 0);
    while let Some(&c) = chars.get(at) {
        let place = at + 1;
        at += 1;
        let token = match c {
            c if c.is_whitespace() => continue,
            '(' | '（' => Token::Open,
            ')' | '）' => Token::Close,
            '|' | '｜' => Token::Or,
            '&' | '＆' => Token::And,
            '-' | '－' if starts_word(&chars, at) => Token::Not,
            c if closing(c).is_some() => {
                let rest = chars.get(at..).unwrap_or_default();
                let Some(length) = rest.iter().position(|c2| closing(c).is_some_and(|ends| ends.contains(c2))) else {
                    return Err(QueryError { at: place, what: "the phrase that begins here has no end".to_owned() });
                };
                let phrase: String = rest.iter().take(length).collect();
                at += length + 1;
                words(&phrase, place)?
            }
            _ => {
                let rest = chars.get(place - 1..).unwrap_or_default();
                let word: String = rest.iter().take_while(|c| !ends_word(**c)).collect();
                let length = word.chars().count().max(1);
                at = place - 1 + length;
                match (word.as_str(), rest.get(length)) {
                    (_, Some(':' | '：')) => {
                        at += 1;
                        Token::Field(field(&word, place)?)
                    }
                    ("AND", _) => Token::And,
                    ("OR", _) => Token::Or,
                    ("NOT", _) => Token::Not,
                    _ => words(&word, place)?,
                }
            }
        };
        tokens.push((place, token));
    }
    Ok(tokens)
}

/// What ends a phrase that this mark begins.
fn closing(mark: char) -> Option<&'static [char]> {
    match mark {
        '"' | '＂' => Some(&['"', '＂']),
        '“' | '”' => Some(&['“', '”']),
        '「' => Some(&['」']),
        '『' => Some(&['』']),
        _ => None,
    }
}

fn ends_word(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '(' | ')' | '（' | '）' | ':' | '：' | '|' | '｜' | '&' | '＆')
        || closing(c).is_some()
}

/// Whether a word, a phrase, a field or a bracket begins here: a dash before it says NOT.
fn starts_word(chars: &[char], at: usize) -> bool {
    chars.get(at).is_some_and(|c| !c.is_whitespace() && !matches!(c, ')' | '）'))
}

fn words(text: &str, at: usize) -> Result<Token, QueryError> {
    let what = || QueryError { at, what: format!("{text:?} has no letter or digit to look for") };
    Needle::of(text).map(Token::Words).ok_or_else(what)
}

fn field(name: &str, at: usize) -> Result<Field, QueryError> {
    Field::named(name).ok_or_else(|| {
        let known: Vec<&str> = Field::ALL.iter().map(|(_, [name, _])| *name).collect();
        let what = format!("no field is named {name:?} ({}); put what has a colon into quotes", known.join(", "));
        QueryError { at, what }
    })
}

struct Parser<'a> {
    tokens: &'a [(usize, Token)],
    at: usize,
    /// The character behind the last.
    end: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(_, token)| token)
    }

    fn wrong(&self, what: &str) -> QueryError {
        QueryError { at: self.tokens.get(self.at).map_or(self.end, |(at, _)| *at), what: what.to_owned() }
    }

    fn any(&mut self) -> Result<Node, QueryError> {
        let mut nodes = vec![self.all()?];
        while self.peek() == Some(&Token::Or) {
            self.at += 1;
            nodes.push(self.all()?);
        }
        Ok(one_or(nodes, Node::Any))
    }

    fn all(&mut self) -> Result<Node, QueryError> {
        let mut nodes = vec![self.not(None)?];
        loop {
            match self.peek() {
                Some(Token::And) => self.at += 1,
                None | Some(Token::Or | Token::Close) => return Ok(one_or(nodes, Node::All)),
                Some(Token::Open | Token::Not | Token::Field(_) | Token::Words(_)) => {}
            }
            nodes.push(self.not(None)?);
        }
    }

    fn not(&mut self, field: Option<Field>) -> Result<Node, QueryError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.wrong("brackets are too deep"));
        }
        let node = if self.peek() == Some(&Token::Not) {
            self.at += 1;
            Node::Not(Box::new(self.not(field)?))
        } else {
            self.term(field)?
        };
        self.depth -= 1;
        Ok(node)
    }

    fn term(&mut self, field: Option<Field>) -> Result<Node, QueryError> {
        let token = self.peek().cloned();
        match token {
            Some(Token::Words(needle)) => {
                self.at += 1;
                Ok(Node::Leaf(Leaf { field, needle }))
            }
            Some(Token::Field(field)) => {
                self.at += 1;
                self.not(Some(field))
            }
            Some(Token::Open) => {
                let opened = self.wrong("this ( is never closed");
                self.at += 1;
                let mut node = self.any()?;
                if self.peek() != Some(&Token::Close) {
                    return Err(opened);
                }
                self.at += 1;
                if let Some(field) = field {
                    put_in(&mut node, field);
                }
                Ok(node)
            }
            None => Err(self.wrong("a word is missing here")),
            Some(Token::And | Token::Or | Token::Not | Token::Close) => {
                Err(self.wrong("a word is missing before this"))
            }
        }
    }
}

/// `title:(一 OR 二)`: the field is that of every word inside that has none of its own.
fn put_in(node: &mut Node, field: Field) {
    match node {
        Node::Leaf(leaf) => leaf.field = leaf.field.or(Some(field)),
        Node::All(nodes) | Node::Any(nodes) => nodes.iter_mut().for_each(|node| put_in(node, field)),
        Node::Not(node) => put_in(node, field),
    }
}

fn one_or(mut nodes: Vec<Node>, several: impl Fn(Vec<Node>) -> Node) -> Node {
    match (nodes.len(), nodes.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            nodes.extend(last);
            several(nodes)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The query written back with brackets everywhere.
    fn shown(node: &Node) -> String {
        let list = |nodes: &[Node], with: &str| format!("({})", nodes.iter().map(shown).collect::<Vec<_>>().join(with));
        match node {
            Node::Leaf(leaf) => {
                let field = leaf.field.map(|field| format!("{}:", field.as_str())).unwrap_or_default();
                let tokens = leaf.needle.single().map_or_else(|| leaf.needle.tokens(), str::to_owned);
                format!("{field}{}", tokens.replace(' ', "_"))
            }
            Node::All(nodes) => list(nodes, " & "),
            Node::Any(nodes) => list(nodes, " | "),
            Node::Not(node) => format!("!{}", shown(node)),
        }
    }

    #[test]
    fn queries_people_write() {
        for (query, want) in [
            ("主题教育", "主题_题教_教育"),
            ("党课 心得", "(党课 & 心得)"),
            ("党课 AND 心得 OR 书", "((党课 & 心得) | 书)"),
            ("党课 (心得 OR 感悟) -书", "(党课 & (心得 | 感悟) & !书)"),
            ("党课 -图书馆 NOT 书", "(党课 & !图书_书馆 & !书)"),
            ("“学思想 强党性”", "学思_思想_想~强_强党_党性"),
            ("title:党课 人物：林知远", "(title:党课 & person:林知_知远)"),
            ("标题：（党课｜讲座）", "(title:党课 | title:讲座)"),
            ("NOT title:(党课 OR body:书)", "!(title:党课 | body:书)"),
            ("title:-党课", "!title:党课"),
            ("「ＡＩ」 C++ 5·20 and", "(ai & c & 5~20 & and)"),
            ("COVID-19", "covid~19"),
        ] {
            assert_eq!(shown(&Query::read(query).unwrap().root), want, "{query}");
        }
    }

    #[test]
    fn errors_say_where() {
        for (query, at, what) in [
            ("", 1, "a word is missing here"),
            ("党课 AND", 7, "a word is missing here"),
            ("OR 党课", 1, "a word is missing before this"),
            ("党课 (心得", 4, "this ( is never closed"),
            ("党课）", 3, "there is no ( for this )"),
            ("党课 “心得", 4, "the phrase that begins here has no end"),
            ("党课 ……", 4, "\"……\" has no letter"),
            ("http://a.example", 1, "no field is named \"http\" (title, body,"),
            ("title:", 7, "a word is missing here"),
            ("()", 2, "a word is missing before this"),
        ] {
            let error = Query::read(query).unwrap_err();
            assert_eq!(error.at, at, "{query}: {error}");
            assert!(error.what.starts_with(what), "{query}: {error}");
        }
        assert!(Query::read(&"(".repeat(10_000)).is_err(), "no stack is long enough for everyone");
    }
}
