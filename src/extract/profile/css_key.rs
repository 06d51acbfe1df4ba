//! What an element must be called for a selector to match it.
//!
//! Every selector ends in the element it is about, and that end nearly always names an id, a class or a tag. Looking at
//! that name alone turns away nearly every element of a page, without the machinery of matching. A name that is not
//! understood turns away nothing.

use html5ever::{LocalName, local_name, ns};
use scraper::node::Element;

use crate::extract::dom;

/// A name an element must bear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    Id(String),
    Class(String),
    /// Tag name, lower case.
    Tag(LocalName),
    /// Nothing is known.
    Any,
}

impl Key {
    /// One key for every selector of a list; the list is known to compile.
    pub(super) fn of_list(text: &str) -> Vec<Self> {
        // Escapes and comments are rare, and would have to be undone first.
        if text.contains('\\') || text.contains("/*") {
            return vec![Self::Any];
        }
        let mut keys = Vec::new();
        let mut last = String::new();
        let mut nested = 0_usize;
        let mut quote = None;
        for c in text.chars() {
            match (quote, c) {
                (Some(mark), c) => quote = Some(mark).filter(|mark| *mark != c),
                (None, '"' | '\'') => quote = Some(c),
                (None, '(' | '[') => nested += 1,
                (None, ')' | ']') => {
                    nested = nested.saturating_sub(1);
                    // Stands for what is passed over, so that names on both sides stay apart.
                    last.push('[');
                }
                (None, ',') if nested == 0 => keys.push(Self::of_compound(&std::mem::take(&mut last))),
                (None, c) if nested == 0 => last.push(c),
                (None, _) => {}
            }
        }
        keys.push(Self::of_compound(&last));
        keys
    }

    /// The key of a selector from which brackets were taken out.
    fn of_compound(text: &str) -> Self {
        let end = text.trim().rsplit(|c: char| c.is_whitespace() || matches!(c, '>' | '+' | '~' | '|')).next();
        let end = end.unwrap_or_default();
        let plain =
            |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
        let after = |mark: char| {
            let (_, rest) = end.split_once(mark)?;
            rest.split(['.', '#', '[', ':', '*']).next().filter(plain)
        };
        let (tag, rest) = end.split_at(end.find(['.', '#', '[', ':', '*']).unwrap_or(end.len()));
        // A pseudo-class without brackets may hold a dot in no case, but its name is no tag's.
        match (after('#'), after('.')) {
            (Some(id), _) => Self::Id(id.to_owned()),
            (None, Some(class)) => Self::Class(class.to_owned()),
            (None, None) if plain(&tag) && !rest.starts_with('*') => Self::Tag(tag.to_ascii_lowercase().into()),
            (None, None) => Self::Any,
        }
    }

    /// Whether an element bears the name.
    pub(super) fn fits(&self, element: &Element) -> bool {
        match self {
            Self::Id(id) => dom::attr_of(element, &local_name!("id")) == Some(id.as_str()),
            Self::Class(class) => {
                dom::attr_of(element, &local_name!("class")).is_some_and(|classes| classes.contains(class.as_str()))
            }
            // Only names in drawings have capitals.
            Self::Tag(tag) => {
                element.name.local == *tag || (element.name.ns != ns!(html) && element.name().eq_ignore_ascii_case(tag))
            }
            Self::Any => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use scraper::Html;

    use super::super::Css;
    use super::*;

    #[test]
    fn the_last_name_is_the_key() {
        let id = |name: &str| Key::Id(name.to_owned());
        let class = |name: &str| Key::Class(name.to_owned());
        let tag = |name: &str| Key::Tag(name.into());
        for (text, keys) in [
            ("#vsb_content", vec![id("vsb_content")]),
            ("div.a > P", vec![tag("p")]),
            ("ul li a[href*='a, b.c']", vec![tag("a")]),
            (".a.b, h1#c.d ,td", vec![class("a"), id("c"), tag("td")]),
            ("[id^=vsb_content]", vec![Key::Any]),
            ("div:not(.x):first-child", vec![tag("div")]),
            (":is(.a, .b) + *", vec![Key::Any]),
            ("a:has(> .b)", vec![tag("a")]),
            ("[x='1'].c", vec![class("c")]),
            (r".a\.b", vec![Key::Any]),
        ] {
            assert!(Css::parse(text).is_ok(), "{text}");
            assert_eq!(Key::of_list(text), keys, "{text}");
        }
    }

    #[test]
    fn keys_turn_away_nothing_that_matches() {
        let doc = Html::parse_document(
            "<DIV id=a class='x Y-z'><p class=x><a href='u.v'>1</a></p><svg><linearGradient id=g /></svg><td></div>",
        );
        for text in
            ["*", "div", "DIV", ".x", ".Y-z", "#a", "p.x > a", "a[href='u.v']", ":root", "linearGradient", "p:has(a)"]
        {
            let css = Css::parse(text).unwrap();
            let plain = scraper::Selector::parse(text).unwrap();
            let ids = |found: Vec<scraper::ElementRef<'_>>| found.into_iter().map(|e| e.id()).collect::<Vec<_>>();
            assert_eq!(ids(css.select(&doc).collect()), ids(doc.root_element().select(&plain).collect()), "{text}");
        }
    }
}
