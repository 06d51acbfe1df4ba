//! A page laid out once for all questions about it, and the parts of it that answers point at.

use ego_tree::NodeId;
use scraper::{ElementRef, Html, Node};

use crate::domain::page::Page;
use crate::extract::article::area;
use crate::extract::dom;
use crate::extract::profile::Css;
use crate::extract::rule::{Evidence, Rule};

use super::origin::Origin;
use super::shape::{Outcome, Place, Try};

/// A part of the page and the field it gave.
pub(super) type Part = (NodeId, &'static str);

/// What questions look at.
#[derive(Debug)]
pub(super) struct Look<'a> {
    pub(super) doc: &'a Html,
    pub(super) page: &'a Page,
    /// The rules that read the page: the family's, then the generic ones where those were asked too.
    pub(super) origins: &'a [Origin<'a>],
    pub(super) evidence: Evidence<'a>,
}

/// Text of the containers of the meta line, by the first rules that have any on this page.
pub(super) fn meta_text(doc: &Html, origins: &[Origin<'_>]) -> String {
    let texts = origins.iter().map(|origin| {
        let elements = origin.profile.article.meta_line.iter().flat_map(|css| css.select(doc));
        elements.map(area::text).collect::<Vec<_>>().join("\n")
    });
    texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
}

/// Rules of all origins in the order they are tried, each once.
pub(super) fn in_order<'s, T>(
    origins: &'s [Origin<'_>],
    list: impl Fn(&'s Origin<'_>) -> Vec<(Place, &'s T)>,
) -> Vec<(Place, &'s T)> {
    let mut rules: Vec<(Place, &T)> = Vec::new();
    for (place, rule) in origins.iter().flat_map(list) {
        if !rules.iter().any(|(known, _)| *known == place) {
            rules.push((place, rule));
        }
    }
    rules
}

impl<'a> Look<'a> {
    /// Tries of a field whose rules give text: the first value `judge` accepts wins.
    pub(super) fn values(
        &self,
        rules: Vec<(Place, &Rule)>,
        judge: impl Fn(&str) -> Result<(), String>,
    ) -> (Vec<Try>, Option<ElementRef<'a>>) {
        let (mut won, mut giver) = (false, None);
        let mut tries = Vec::with_capacity(rules.len());
        for (place, rule) in rules {
            let Some(value) = rule.value(&self.evidence) else {
                tries.push(Try::lost(place, nothing(rule.matches(&self.evidence))));
                continue;
            };
            match judge(&value) {
                _ if won => tries.push(Try::gave(place, Outcome::Spare, value)),
                Ok(()) => {
                    won = true;
                    giver = rule.giver(&self.evidence);
                    tries.push(Try::gave(place, Outcome::Won, value));
                }
                Err(why) => tries.push(Try { gave: Some(value), ..Try::lost(place, why) }),
            }
        }
        (tries, giver)
    }

    /// Tries of containers that are all read, and the containers.
    pub(super) fn containers(&self, rules: Vec<(Place, &Css)>) -> (Vec<Try>, Vec<ElementRef<'a>>) {
        let mut found = Vec::new();
        let mut tries = Vec::with_capacity(rules.len());
        for (place, css) in rules {
            let matches: Vec<ElementRef<'a>> = css.select(self.doc).collect();
            let text = matches.iter().map(|element| dom::text(*element)).collect::<Vec<_>>().join(" ");
            tries.push(match matches.len() {
                0 => Try::lost(place, nothing(0)),
                count if text.is_empty() => Try::lost(place, nothing(count)),
                _ => Try::gave(place, Outcome::Won, text),
            });
            found.extend(matches);
        }
        (tries, found)
    }

    /// Name of a meta tag that says this and nothing else.
    pub(super) fn meta_saying(&self, value: &str) -> Option<String> {
        let mut metas = dom::elements(self.doc).filter(|element| element.value().name() == "meta");
        metas.find_map(|meta| {
            let name = meta.attr("name").or_else(|| meta.attr("property"))?;
            (dom::fold(meta.attr("content")?) == value).then(|| name.to_owned())
        })
    }

    /// The element that prints this and nothing else: the heading, else the one right around the text.
    pub(super) fn printing(&self, value: &str) -> Option<ElementRef<'a>> {
        let heading =
            |element: &ElementRef<'_>| matches!(element.value().name(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
        let mut headings = dom::elements(self.doc).filter(heading);
        headings.find(|element| dom::text(*element) == value).or_else(|| {
            let texts = self.doc.tree.root().descendants();
            let saying = texts.filter(|node| matches!(node.value(), Node::Text(text) if dom::fold(text) == value));
            let mut around = saying.filter_map(|node| node.parent().and_then(ElementRef::wrap));
            around.find(|element| !dom::is_silent(element.value().name()) && element.value().name() != "title")
        })
    }
}

/// Why a rule gave nothing.
pub(super) fn nothing(matches: usize) -> String {
    match matches {
        0 => "no match".to_owned(),
        1 => "1 match, empty".to_owned(),
        count => format!("{count} matches, all empty"),
    }
}

/// `div.wrap > div#content.text`: an element and the one around it, as a selector would name them; three classes are enough.
pub(super) fn path(element: ElementRef<'_>) -> String {
    let own = name(element);
    match element.parent().and_then(ElementRef::wrap) {
        Some(parent) if !element.value().attrs().any(|(name, _)| name == "id") => format!("{} > {own}", name(parent)),
        Some(_) | None => own,
    }
}

fn name(element: ElementRef<'_>) -> String {
    let value = element.value();
    let id = value.id().map(|id| format!("#{id}")).unwrap_or_default();
    let classes: String = value.classes().take(3).flat_map(|class| [".", class]).collect();
    format!("{}{id}{classes}", value.name())
}
