//! The compiler's own words: a fault with the field it is in, and lists that compile entry by entry.

use regex::{Regex, RegexBuilder};

use super::Css;

/// Largest compiled expression, and how deep its groups may nest: an expression is data from outside.
const REGEX_SIZE_LIMIT: usize = 1 << 20;
const REGEX_NEST_LIMIT: u32 = 50;

/// What is wrong with one field of a selector file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Path of the field: `revision[0].article.title[2].css`.
    pub field: String,
    /// What is wrong with it.
    pub what: String,
}

impl Fault {
    /// A fault at a field.
    pub fn new(field: impl Into<String>, what: impl Into<String>) -> Self {
        Self { field: field.into(), what: what.into() }
    }

    /// The same fault seen from the table around it.
    pub(super) fn under(mut self, outer: &str) -> Self {
        self.field = if self.field.is_empty() || self.field.starts_with('[') {
            format!("{outer}{}", self.field)
        } else {
            format!("{outer}.{}", self.field)
        };
        self
    }
}

/// Compiles every entry of a list; a fault names its place.
pub(super) fn each<S, T>(field: &str, specs: &[S], compile: impl Fn(&S) -> Result<T, Fault>) -> Result<Vec<T>, Fault> {
    specs
        .iter()
        .enumerate()
        .map(|(index, spec)| compile(spec).map_err(|fault| fault.under(&format!("[{index}]")).under(field)))
        .collect()
}

pub(super) fn all_css(field: &str, texts: &[String]) -> Result<Vec<Css>, Fault> {
    each(field, texts, |text| css("", text))
}

pub(super) fn all_regex(field: &str, texts: &[String]) -> Result<Vec<Regex>, Fault> {
    each(field, texts, |text| regex("", text))
}

pub(super) fn css(field: &str, text: &str) -> Result<Css, Fault> {
    Css::parse(text).map_err(|what| Fault::new(field, what))
}

pub(in crate::extract) fn regex(field: &str, text: &str) -> Result<Regex, Fault> {
    if text.len() > Css::MAX_BYTES {
        return Err(Fault::new(field, format!("expression longer than {} bytes", Css::MAX_BYTES)));
    }
    RegexBuilder::new(text).size_limit(REGEX_SIZE_LIMIT).nest_limit(REGEX_NEST_LIMIT).build().map_err(|error| {
        let last = error.to_string().lines().last().unwrap_or_default().trim().to_owned();
        Fault::new(field, format!("not a regular expression: {last}"))
    })
}

/// A field that must hold something.
pub(super) fn present(field: &str, text: &str) -> Result<(), Fault> {
    if text.trim().is_empty() { Err(Fault::new(field, "empty")) } else { Ok(()) }
}
