//! Images and attachments of an article.

use scraper::ElementRef;

use crate::domain::address;
use crate::domain::article::Article;
use crate::extract::article::body::Body;
use crate::extract::article::prose::Item;
use crate::extract::dom;

use super::look::{Look, Part, in_order};
use super::shape::{By, Field, Found, Outcome, Try};

/// The images, and how many of them have each attribute the rules name.
pub(super) fn images(look: &Look<'_>, article: &Article, body: Option<&Body<'_>>, parts: &mut Vec<Part>) -> Field {
    let shown = |item: &Item| match item {
        Item::Image(id) => look.doc.tree.get(*id).and_then(ElementRef::wrap),
        Item::Line(_) => None,
    };
    let elements: Vec<ElementRef<'_>> =
        body.map(|body| body.prose.items.iter().filter_map(shown).collect()).unwrap_or_default();
    parts.extend(elements.iter().map(|element| (element.id(), "image")));
    let rules = in_order(look.origins, |origin| origin.article("image", |rules| &rules.image));
    let mut tries: Vec<Try> = Vec::with_capacity(rules.len());
    for (place, name) in rules {
        let with = elements.iter().filter(|element| element.attr(name).is_some()).count();
        let spare = tries.iter().any(|tried| tried.outcome == Outcome::Won);
        let outcome = if spare { Outcome::Spare } else { Outcome::Won };
        tries.push(match with {
            0 => Try::lost(place, format!("none of {} images has it", elements.len())),
            with => Try::gave(place, outcome, format!("on {with} of {} images", elements.len())),
        });
    }
    let won = tries.iter().any(|tried| tried.outcome == Outcome::Won);
    let by = if won { By::Rule } else { By::Generic("images of the body".to_owned()) };
    let text = |image: &crate::domain::article::Image| {
        let caption = image.caption.as_deref().map(|caption| format!(" “{caption}”")).unwrap_or_default();
        format!("{}{caption}", image.url)
    };
    Field {
        name: "images",
        found: article.images.iter().map(|image| Found::new(text(image), by.clone())).collect(),
        tries,
    }
}

/// The attachments: by rules, else because they are links to files in or beside the body.
pub(super) fn attachments(look: &Look<'_>, article: &Article, parts: &mut Vec<Part>) -> Field {
    let rules = in_order(look.origins, |origin| origin.article("attachments", |rules| &rules.attachments));
    let (tries, elements) = look.containers(rules);
    let base = dom::base(look.doc, look.page);
    let leads = |element: &ElementRef<'_>| {
        let written = element.attr("href").or_else(|| element.attr("pdfsrc"))?.trim();
        let resolved = base.as_ref().and_then(|base| address::resolve(base, written));
        Some(resolved.map_or_else(|| written.to_owned(), |url| url.to_string()))
    };
    let named: Vec<String> = elements.iter().filter_map(leads).collect();
    let found = article.attachments.iter().map(|file| {
        let text = format!("{}  {}", file.name, file.url);
        if named.contains(&file.url) {
            Found::new(text, By::Rule)
        } else {
            Found::generic(text, "a link to a file in or beside the body")
        }
    });
    let found: Vec<Found> = found.collect();
    if !found.is_empty() {
        let links = dom::elements(look.doc)
            .filter(|element| leads(element).is_some_and(|url| article.attachments.iter().any(|file| file.url == url)));
        parts.extend(links.map(|element| (element.id(), "attachment")));
    }
    Field { name: "attachments", found, tries }
}
