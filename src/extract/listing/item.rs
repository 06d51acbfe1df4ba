//! A row to an item: the whole headline, the address, the day printed beside it.

use crate::extract::dom;
use crate::extract::dom::outline::{Outline, Text};
use crate::extract::profile::{Css, ListingRules};

use super::date::{self, Printed};
use super::link::{Link, squeezed};
use super::rows::Row;

/// What a row says.
#[derive(Debug)]
pub(super) struct Draft {
    /// Index of the link that is the headline.
    pub(super) link: usize,
    /// The whole headline.
    pub(super) title: String,
    /// The day, as printed.
    pub(super) printed: Option<Printed>,
}

/// Class words of the part that holds the headline, where the link wraps a whole row.
const HEADING_CLASSES: &[&str] = &["title", "tit", "bt", "headline", "biaoti", "name"];

/// Signs that lists print before headlines.
const BULLETS: &str = "·•▪■□◆◇●○»›>＞▶►▸※★☆∙‧・-–—|";

/// Reads a row; `None` where no link of it has words.
pub(super) fn read(row: &Row, links: &[Link<'_>], outline: &Outline<'_>, rules: &ListingRules) -> Option<Draft> {
    let (index, link) = headline_link(row, links, outline, rules)?;
    let shown = chosen(row.top, &rules.title, outline).unwrap_or_else(|| shown_title(link, outline));
    let attributes = row.links.iter().filter_map(|index| links.get(*index)?.title);
    let attributes: Vec<&str> = link.title.into_iter().chain(attributes).collect();
    let title = whole(&shown, &attributes);
    let printed = match chosen(row.top, &rules.date, outline) {
        Some(text) => date::of_pieces(&text.split(' ').collect::<Vec<_>>()).or_else(|| date::of_pieces(&[&text])),
        None => None,
    };
    let printed = printed.or_else(|| printed_inside(row.top, link, &title, outline));
    (!title.is_empty()).then_some(Draft { link: index, title, printed })
}

/// The day among pieces beside a row.
pub(super) fn printed_in(texts: &[Text<'_>]) -> Option<Printed> {
    let pieces: Vec<&str> = texts.iter().take(12).map(|text| &*text.text).collect();
    date::of_pieces(&pieces)
}

fn chosen(top: usize, rules: &[Css], outline: &Outline<'_>) -> Option<String> {
    let row = outline.element_ref(top)?;
    rules.iter().find_map(|css| css.within(row).map(dom::text).find(|text| !text.is_empty()))
}

/// The rules' link, else the first with words, one inside a heading before others.
fn headline_link<'l, 'a>(
    row: &Row,
    links: &'l [Link<'a>],
    outline: &Outline<'a>,
    rules: &ListingRules,
) -> Option<(usize, &'l Link<'a>)> {
    let of_row = || row.links.iter().filter_map(|index| Some((*index, links.get(*index)?)));
    let named = rules.link.iter().find_map(|css| {
        of_row().find(|(_, link)| outline.element_ref(link.at).is_some_and(|element| css.matches(element)))
    });
    let worded = || of_row().filter(|(_, link)| !link.text.is_empty() && !date::is_date_like(&link.text));
    named
        .or_else(|| worded().find(|(_, link)| outline.upward(link.at).take(4).any(|at| is_heading(outline, at))))
        .or_else(|| worded().next())
        .or_else(|| of_row().next())
}

fn is_heading(outline: &Outline<'_>, at: usize) -> bool {
    let Some(element) = outline.element(at) else { return false };
    matches!(element.name(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
        || dom::classes(element).any(|class| {
            let class = class.to_ascii_lowercase();
            let ends = |word: &&str| {
                class.strip_suffix(word).is_some_and(|rest| rest.is_empty() || rest.ends_with(['_', '-']))
            };
            HEADING_CLASSES.iter().any(ends)
        })
}

/// The headline as the link shows it. A link that wraps a whole row shows it in a heading, else in its first piece
/// that is no date; an ordinary link is a headline as a whole, less a day glued to its ends.
fn shown_title(link: &Link<'_>, outline: &Outline<'_>) -> String {
    let Some(entry) = outline.get(link.at) else { return String::new() };
    let inside = || (link.at + 1)..entry.end;
    if let Some(heading) = inside().find(|at| is_heading(outline, *at) && !outline.texts(*at).is_empty()) {
        return bare(&outline.text(heading));
    }
    let block = inside().find(|at| {
        matches!(outline.tag(*at), "p" | "div" | "dt" | "dd" | "li")
            && outline.texts(*at).iter().any(|t| !date::is_date_like(&t.text))
    });
    if let Some(block) = block.filter(|_| outline.texts(link.at).len() > 1) {
        let words: Vec<&str> =
            outline.texts(block).iter().map(|t| &*t.text).filter(|t| !date::is_date_like(t)).collect();
        return bare(&words.join(""));
    }
    let texts = outline.texts(link.at);
    let words = texts.iter().map(|text| &*text.text).filter(|text| !date::is_date_like(text)).count();
    if words > 0 && words < texts.len() {
        let kept: Vec<&str> = texts.iter().map(|t| &*t.text).filter(|t| !date::is_date_like(t)).collect();
        return bare(&kept.join(""));
    }
    bare(&link.text)
}

/// Without bullets before it and a day in brackets behind it.
fn bare(text: &str) -> String {
    let text = text.trim().trim_start_matches(|c: char| BULLETS.contains(c) || c.is_whitespace());
    let tail = text.char_indices().rev().take(14).find(|(_, c)| matches!(c, '[' | '(' | '（' | '【' | ' '));
    let cut = tail.and_then(|(at, _)| {
        let (head, tail) = text.split_at_checked(at)?;
        let tail = tail.trim();
        (tail.len() >= 8 && date::is_date_like(tail) && date::with_year(tail).is_some() && !head.trim().is_empty())
            .then(|| head.trim_end().to_owned())
    });
    cut.unwrap_or_else(|| text.to_owned())
}

/// The whole headline: an attribute that begins as the shown text does and goes on, or the attribute where nothing is
/// shown.
fn whole(shown: &str, attributes: &[&str]) -> String {
    let uncut = shown.trim_end_matches(['.', '…', '·', '。']);
    let was_cut = uncut.len() < shown.len() && !shown.ends_with('。');
    let stem = squeezed(if was_cut { uncut } else { shown });
    let longer = attributes.iter().map(|attribute| dom::fold(attribute)).find(|attribute| {
        let full = squeezed(attribute);
        full.len() > stem.len() && full.starts_with(&stem) && full.chars().count() < 300
    });
    match longer {
        Some(attribute) => bare(&attribute),
        None => shown.to_owned(),
    }
}

/// The day inside the row: outside the headline first, then inside the link that wraps it.
fn printed_inside(top: usize, link: &Link<'_>, title: &str, outline: &Outline<'_>) -> Option<Printed> {
    let outside: Vec<&str> =
        outline.texts(top).iter().filter(|text| !outline.holds(link.at, text.at)).map(|text| &*text.text).collect();
    let found = date::of_pieces(&outside);
    found.or_else(|| {
        let inside = outline.texts(link.at).iter().map(|text| &*text.text);
        let pieces: Vec<&str> = inside.filter(|text| date::is_date_like(text)).collect();
        date::of_pieces(&pieces).or_else(|| {
            let rest = link.text.strip_prefix(title)?.trim();
            date::is_date_like(rest).then(|| date::of_pieces(&[rest]))?
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_headline_is_completed() {
        for (shown, attribute, want) in [
            ("学院召开主题教育…", "学院召开主题教育动员会", "学院召开主题教育动员会"),
            ("学院召开主题教育...", "学院召开 主题教育动员会", "学院召开 主题教育动员会"),
            ("学院召开主题", "学院召开主题教育动员会", "学院召开主题教育动员会"),
            ("学院召开主题教育动员会", "点击查看", "学院召开主题教育动员会"),
            ("学院召开主题教育…", "另一件事", "学院召开主题教育…"),
            ("", "图片新闻的标题", "图片新闻的标题"),
        ] {
            assert_eq!(whole(shown, &[attribute]), want, "{shown}");
        }
    }

    #[test]
    fn bullets_and_glued_days_are_no_part_of_a_headline() {
        assert_eq!(bare("· 动员会召开 [2023-06-06]"), "动员会召开");
        assert_eq!(bare("动员会召开 2023-06-06"), "动员会召开");
        assert_eq!(bare("纪念五四运动（2019）"), "纪念五四运动（2019）");
    }
}
