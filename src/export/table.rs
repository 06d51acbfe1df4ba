//! The tables: their columns, and how what the archive holds becomes a row.
//!
//! A column says what it holds and what it means, in Chinese and in English: typed formats, the schema of a data package
//! and its data dictionary are made from it.

pub mod articles;
pub mod captures;
pub mod credits;
pub mod duplicates;
pub mod media;
pub mod people;
pub mod reflections;
pub mod stats;
pub mod works;

/// A table of export.
#[derive(Debug)]
pub struct Table {
    /// Name on the command line and stem of files.
    pub name: &'static str,
    /// One line for help, manual and dictionary.
    pub about: &'static str,
    /// The same in Chinese.
    pub about_zh: &'static str,
    /// Its columns, in order.
    pub columns: &'static [Column],
    /// Columns that name a row; empty where rows have no name.
    pub key: &'static [&'static str],
    /// Columns whose values are keys of other tables.
    pub refers: &'static [Reference],
}

/// A column whose values are keys of another table, where it holds a value.
#[derive(Debug, Clone, Copy)]
pub struct Reference {
    /// The column.
    pub column: &'static str,
    /// The other table.
    pub table: &'static str,
    /// Its key.
    pub key: &'static str,
    /// Whether the other row can be missing from an export of a part of the archive.
    pub whole_only: bool,
}

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Name in the header.
    pub name: &'static str,
    /// Where it is written.
    pub shown: Shown,
    /// What it holds.
    pub holds: Holds,
    /// Whether every row has a value.
    pub required: bool,
    /// The only words it can hold; empty where any can stand.
    pub words: &'static [&'static str],
    /// What it means, in Chinese.
    pub zh: &'static str,
    /// What it means, in English.
    pub en: &'static str,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Text.
    Text,
    /// An address; text, since pages also name addresses that are none.
    Address,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A moment printed on a page, with its offset.
    Published,
    /// A moment of the archive, in UTC.
    Captured,
    /// Several texts.
    Texts,
    /// Roles with the names under them.
    Credits,
    /// Whole numbers.
    Integers,
    /// Something with inner structure.
    Structure,
}

/// Where a column is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// In every format.
    Everywhere,
    /// Only in formats of flat rows: counts of lists that stand whole elsewhere.
    Flat,
    /// Only in formats with structure: the lists themselves.
    Nested,
}

/// All tables.
pub static TABLES: &[&Table] = &[
    &articles::TABLE,
    &reflections::TABLE,
    &credits::TABLE,
    &media::IMAGES,
    &media::ATTACHMENTS,
    &captures::TABLE,
    &works::TABLE,
    &duplicates::TABLE,
    &people::TABLE,
];

impl Table {
    /// Columns of formats of flat rows, with their place in a row.
    pub fn flat_columns(&self) -> impl Iterator<Item = (usize, &'static Column)> + use<> {
        columns(self.columns, Shown::Nested)
    }

    /// Columns of formats with structure, with their place in a row.
    pub fn nested_columns(&self) -> impl Iterator<Item = (usize, &'static Column)> + use<> {
        columns(self.columns, Shown::Flat)
    }
}

fn columns(all: &'static [Column], without: Shown) -> impl Iterator<Item = (usize, &'static Column)> + use<> {
    all.iter().enumerate().filter(move |(_, column)| column.shown != without)
}

/// A column written in every format, which a row may lack.
const fn column(name: &'static str, holds: Holds, zh: &'static str, en: &'static str) -> Column {
    Column { name, shown: Shown::Everywhere, holds, required: false, words: &[], zh, en }
}

impl Column {
    /// A column of text that says no more of itself than its name.
    pub const fn plain(name: &'static str) -> Self {
        column(name, Holds::Text, "", "")
    }

    /// A column only formats of flat rows write.
    const fn flat(self) -> Self {
        Self { shown: Shown::Flat, ..self }
    }

    /// A column only formats with structure write.
    const fn nested(self) -> Self {
        Self { shown: Shown::Nested, ..self }
    }

    /// A column every row has a value in.
    const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// A column that holds one of these words, where it holds any.
    const fn one_of(self, words: &'static [&'static str]) -> Self {
        Self { words, ..self }
    }
}

/// Every row of these is of an article of the table `articles`.
const OF_ARTICLE: Reference = Reference { column: "article_id", table: "articles", key: "id", whole_only: false };

/// The columns that name a row of an article's list.
const PLACE_IN_ARTICLE: &[&str] = &["article_id", "ordinal"];

const ARTICLE_ID: Column =
    column("article_id", Holds::Integer, "文章编号，见 articles.id", "the article, by articles.id").required();
const ORDINAL: Column =
    column("ordinal", Holds::Integer, "在文章中的序号，从 1 起", "place in the article, from 1").required();
const WORK_ID: Column = column(
    "work_id",
    Holds::Text,
    "作品编号：同一文本无论发表于几处，编号相同",
    "the work: one text, whatever the number of places it was published at",
)
.required();
