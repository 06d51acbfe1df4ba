//! A page and a catalogue of profiles to a record. The heart of the program, and a pure function.

pub mod catalogue;
pub mod facets;
pub mod reflections;

use crate::domain::extraction::Extraction;
use crate::domain::page::Page;

pub use catalogue::Catalogue;

/// What the caller knows or wants about a page.
#[derive(Debug, Clone, Default)]
pub struct Hints<'a> {
    /// Read with this family, `generic` included; the catalogue was asked before that it exists.
    pub family: Option<&'a str>,
    /// Site whose own rules are laid over the family's.
    pub site: Option<&'a str>,
}

/// Reads one page. Always gives a record: a page that is not news is `other` with the reason.
pub fn extract(_page: &Page, _catalogue: &Catalogue, _hints: &Hints<'_>) -> Extraction {
    todo!("written next")
}
