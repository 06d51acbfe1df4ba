//! The headline as printed, and where on the page it stands.

use scraper::Html;

use crate::extract::dom;
use crate::extract::generic::outline::{Outline, PageLine};
use crate::extract::rule::{Evidence, Rule};

use super::text::{fold, folded, skeleton};

/// Meta tags that hold the headline and nothing else (CMS facts, section 2; Open Graph).
const METAS: &[&str] = &["articletitle", "og:title", "twitter:title"];
/// Separators before a site's name in `<title>`.
const SEPARATORS: &[char] = &['-', '_', '|', '—', '–', '｜', '－', '·', '»', '<', '>', '丨'];
/// Longest headline believed, in characters.
const LONGEST: usize = 200;

/// Most of `<title>` that is looked at, in characters: every separator in it is a place where the headline may end.
const LONGEST_WINDOW: usize = 1_000;

/// A headline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Title {
    /// As printed, white space folded.
    pub(crate) text: String,
    /// The page line it stands on.
    pub(crate) line: Option<usize>,
}

impl Title {
    /// Long enough to be a headline; a column's name is shorter.
    pub(crate) fn is_sentence(&self) -> bool {
        self.text.chars().count() >= 8
    }
}

/// Finds the headline: the family's rules, meta tags, the heading that agrees with `<title>`, the line that does, and
/// `<title>` without the site's name.
pub(crate) fn find(doc: &Html, outline: &Outline, rules: &[Rule], evidence: &Evidence<'_>) -> Option<Title> {
    let window = window_title(doc);
    let agrees = |text: &str| window.as_deref().is_none_or(|window| agree(window, text));
    let given: Vec<String> =
        rules.iter().filter_map(|rule| rule.value(evidence)).filter(|text| text.chars().count() <= LONGEST).collect();
    let given = given
        .iter()
        .find(|text| agrees(text))
        .or(given.first())
        .map(|text| without_meta(&fold(text), window.as_deref()));
    let text = given
        .or_else(|| {
            METAS.iter().find_map(|name| {
                evidence.metas(name).find_map(folded).filter(|text| agrees(text) && printed(outline, text).is_some())
            })
        })
        .or_else(|| heading(outline, window.as_deref()))
        .or_else(|| window.as_deref().and_then(|window| printed_head(window, outline)))
        .or_else(|| lone_heading(outline))
        .or_else(|| {
            METAS.iter().find_map(|name| evidence.metas(name).find_map(folded)).map(|text| without_site(&text, outline))
        })
        .or_else(|| window.as_deref().map(|window| without_site(window, outline)))
        .filter(|text| text.chars().any(char::is_alphanumeric))?;
    let line = printed(outline, &text);
    Some(Title { text, line })
}

/// A heading that holds the meta line too (PHPCMS): what `<title>` begins with, where a label or a time follows it.
fn without_meta(text: &str, window: Option<&str>) -> String {
    let head = window.into_iter().flat_map(heads).find(|head| {
        let rest = text.strip_prefix(*head).filter(|rest| head.chars().count() >= 4 && rest.starts_with(' '));
        rest.is_some_and(|rest| rest.contains([':', '：']) && rest.contains(|c: char| c.is_ascii_digit()))
    });
    head.unwrap_or(text).to_owned()
}

/// `<title>`, the first that says something: pages nest documents and have two.
fn window_title(doc: &Html) -> Option<String> {
    dom::elements(doc)
        .filter(|element| element.value().name() == "title")
        .find_map(|title| folded(&title.text().flat_map(str::chars).take(LONGEST_WINDOW).collect::<String>()))
}

/// Whether one says what the other begins with; a page's `<title>` may be cut short.
fn agree(window: &str, text: &str) -> bool {
    let (window, text) = (skeleton(window), skeleton(text));
    text.chars().count() >= 2
        && (window.contains(&text)
            || (window.chars().count() >= 6 && text.contains(&window))
            || starts_alike(&window, &text))
}

/// `<title>` cut with `...` or a headline with a part missing: the first ten characters agree.
fn starts_alike(one: &str, other: &str) -> bool {
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    same >= 10
}

/// The heading that agrees with `<title>`: the longest such; a lone `h1` where there is no `<title>`.
fn heading(outline: &Outline, window: Option<&str>) -> Option<String> {
    let headings = || outline.lines.iter().filter(|line| line.heading > 0 && line.heading < 5 && line.chars <= LONGEST);
    let Some(window) = window else {
        let mut all: Vec<_> = headings().collect();
        all.sort_by_key(|line| line.heading);
        return all.first().map(|line| fold(&line.text.replace('\t', "")));
    };
    headings()
        .filter(|line| line.chars >= 4)
        .map(|line| fold(&line.text.replace('\t', "")))
        .filter(|text| agree(window, text) && !is_site_name(window, text))
        .max_by_key(|text| (skeleton(window).contains(&skeleton(text)), text.chars().count()))
}

/// A heading that is only the last part of `<title>` is the site's name.
fn is_site_name(window: &str, text: &str) -> bool {
    let (whole, own) = (skeleton(window), skeleton(text));
    whole != own && whole.ends_with(&own) && window.contains(SEPARATORS)
}

/// The page's only `h1`, where it is a sentence and no link: templates that leave `<title>` empty or general.
fn lone_heading(outline: &Outline) -> Option<String> {
    let mut headings = outline.lines.iter().filter(|line| line.heading == 1);
    let only = headings.next().filter(|line| line.linked == 0 && (8..=LONGEST).contains(&line.chars))?;
    headings.next().is_none().then(|| fold(&only.text.replace('\t', "")))
}

/// Beginnings of a text that end where a separator stands, the longest first; the whole text is the first.
fn heads(window: &str) -> impl Iterator<Item = &str> {
    let cuts: Vec<usize> = window.char_indices().filter(|(_, c)| SEPARATORS.contains(c)).map(|(at, _)| at).collect();
    let cut = cuts.into_iter().rev().filter_map(move |at| window.get(..at));
    std::iter::once(window)
        .chain(cut.map(|head| head.trim_end_matches(|c: char| c.is_whitespace() || SEPARATORS.contains(&c))))
}

/// The longest beginning of `<title>` that a line of the page prints.
fn printed_head(window: &str, outline: &Outline) -> Option<String> {
    heads(window).find(|head| head.chars().count() >= 4 && printed(outline, head).is_some()).map(str::to_owned)
}

/// The part of `<title>` that a line prints; else what stands before the last separator.
fn without_site(window: &str, outline: &Outline) -> String {
    printed_head(window, outline)
        .or_else(|| heads(window).nth(1).filter(|head| head.chars().count() >= 4).map(str::to_owned))
        .unwrap_or_else(|| window.to_owned())
}

/// The line that prints this text: a heading rather than another, an earlier one rather than a later.
fn printed(outline: &Outline, text: &str) -> Option<usize> {
    let wanted = skeleton(text);
    let length = text.chars().filter(|c| !c.is_whitespace()).count();
    let fits = |line: &PageLine| {
        line.chars >= length.saturating_sub(8) && line.chars <= length + 8 && skeleton(&line.text) == wanted
    };
    let heading = outline.lines.iter().position(|line| line.heading > 0 && fits(line));
    heading
        .or_else(|| outline.lines.iter().position(|line| line.linked == 0 && !line.aside && fits(line)))
        .or_else(|| outline.lines.iter().position(|line| line.linked == 0 && fits(line)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(html: &str) -> Option<String> {
        let doc = Html::parse_document(html);
        find(&doc, &Outline::of(&doc), &[], &Evidence::of_html(&doc)).map(|title| title.text)
    }

    #[test]
    fn the_headline_has_no_site_in_it() {
        for (html, expected) in [
            (
                "<title>喜报：我校获奖-云岭理工大学</title><h1>云岭理工大学</h1><h3>喜报：我校 获奖</h3>",
                "喜报：我校 获奖",
            ),
            ("<title>中国-东盟论坛召开_新闻网_云岭理工大学</title><div>中国-东盟论坛召开</div>", "中国-东盟论坛召开"),
            (
                "<title>云岭理工大学</title><meta name=ArticleTitle content='关于放假的通知'><div>关于放假的通知</div>",
                "关于放假的通知",
            ),
            ("<title>会议召开 - 东湖师范大学</title><p>正文。</p>", "会议召开"),
            ("<h1>没有窗口标题</h1>", "没有窗口标题"),
        ] {
            assert_eq!(title(html).as_deref(), Some(expected), "{html}");
        }
    }
}
