//! An affiliation taken apart.

use crate::domain::article::Facets;

/// Takes the words before a name apart; what is not said stays `None`.
pub fn parse(_affiliation: &str) -> Facets {
    Facets::default()
}
