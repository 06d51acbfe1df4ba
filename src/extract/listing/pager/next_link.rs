//! Next pages that the page links to.

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use crate::extract::dom;
use crate::extract::profile::Css;

use super::{Step, View};

/// 下页 in all its spellings. 下一篇 and 下一条 lead from article to article and are something else.
static NEXT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^[\s\[<>»›＞→]*(?:下一?[页頁]|后一?[页頁]|next(?:\s*page)?|下一[页頁])[\s\]<>»›＞→]*$").ok()
});

/// An arrow that means "next" where its class or title says so.
static ARROW: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^[\s>»›＞→]*$").ok());

/// 尾页: the last page, never the next one.
static LAST: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)[尾末最][页頁后]|last").ok());

/// By a family's selector; where several match, the text decides.
pub(super) fn by_rule(view: View<'_, '_>, css: &Css, text: Option<&Regex>) -> Step {
    let mut disabled = false;
    for (at, _) in view.outline.entries() {
        let Some(element) = view.outline.element_ref(at).filter(|element| css.matches(*element)) else { continue };
        let words = view.outline.text(at);
        let fits = match text {
            Some(text) => text.is_match(&words),
            None => !LAST.as_ref().is_some_and(|last| last.is_match(&words)),
        };
        if !fits {
            continue;
        }
        match element.attr("href").and_then(|href| view.resolve(href)) {
            Some(url) => return Step::Next(url),
            None => disabled = true,
        }
    }
    // A dead link may be a copy's fault; other pagers of the family may still know.
    let _ = disabled;
    Step::Unknown
}

/// A link that says 下一页, or an arrow whose class says next.
pub(in crate::extract::listing) fn by_words(view: View<'_, '_>) -> Option<Url> {
    let links = || {
        view.outline.entries().filter_map(|(at, _)| {
            let element = view.outline.element(at)?;
            (element.name() == "a").then_some((at, element))
        })
    };
    let says_next = |text: &str| NEXT.as_ref().is_some_and(|next| next.is_match(text));
    let worded = links().find_map(|(at, element)| {
        let words = view.outline.text(at);
        let titled = words.chars().count() <= 2 && dom::attr(element, "title").is_some_and(says_next);
        (says_next(&words) || titled).then(|| view.resolve(element.attr("href")?))?
    });
    // A bare arrow behind the numbers of a pager leads on.
    let numbered = |at: usize| {
        let parent = view.outline.upward(at).nth(1).unwrap_or(at);
        links()
            .filter(|(link, _)| view.outline.upward(*link).nth(1) == Some(parent))
            .take(24)
            .filter(|(link, _)| view.outline.text(*link).trim().parse::<u32>().is_ok())
            .count()
            > 1
    };
    let bare = || {
        links().find_map(|(at, element)| {
            let arrow = matches!(view.outline.text(at).trim(), ">" | "›" | "＞");
            (arrow && numbered(at)).then(|| view.resolve(element.attr("href")?))?
        })
    };
    worded.or_else(bare).or_else(|| {
        links().find_map(|(at, element)| {
            let named = dom::classes(element).any(|class| {
                let class = class.to_ascii_lowercase();
                class == "next" || class.ends_with("-next") || class.ends_with("_next") || class == "nextpage"
            }) || dom::attr(element, "rel") == Some("next");
            let words = view.outline.text(at);
            let arrow = ARROW.as_ref().is_some_and(|arrow| arrow.is_match(&words));
            (named && arrow).then(|| view.resolve(element.attr("href")?))?
        })
    })
}

/// Numbered links: the current number is no link (or marked), and its successor is.
pub(in crate::extract::listing) fn by_numbers(view: View<'_, '_>) -> Option<Url> {
    let numbers: Vec<(usize, usize, u32)> = view
        .outline
        .all_texts()
        .iter()
        .filter_map(|text| {
            let number = text.text.trim_matches(|c: char| "[]().…第页 ".contains(c)).parse().ok()?;
            let link = view.outline.upward(text.at).take(3).find(|at| view.outline.tag(*at) == "a");
            Some((text.at, link.unwrap_or(text.at), number))
        })
        .collect();
    numbers.windows(2).find_map(|pair| {
        let [(_, current, one), (_, next, two)] = pair else { return None };
        let is_current = view.outline.tag(*current) != "a"
            || view
                .outline
                .upward(*current)
                .take(2)
                .any(|at| view.outline.element(at).is_some_and(|e| e.classes().any(is_current_word)));
        let near = view.outline.common(*current, *next);
        let close = view.outline.get(near).is_some_and(|entry| entry.end - near < 80);
        if !(is_current && close && *two == one + 1 && view.outline.tag(*next) == "a") {
            return None;
        }
        view.resolve(view.outline.element(*next)?.attr("href")?)
    })
}

fn is_current_word(class: &str) -> bool {
    matches!(
        class.to_ascii_lowercase().as_str(),
        "cur" | "curr" | "current" | "active" | "on" | "now" | "thisclass" | "selected" | "hover"
    )
}
