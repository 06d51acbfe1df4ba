//! Words of named persons in an article: who said or wrote what, and where in the body it stands.

use crate::domain::article::Reflection;

/// What is known of the article beside its body.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// The headline: a whole page can be one person's text, and then the headline names the person.
    pub title: Option<&'a str>,
}

/// Finds the reflections of a body (one paragraph a line), in reading order.
pub fn find(_body: &str, _context: &Context<'_>) -> Vec<Reflection> {
    Vec::new()
}
