//! The trail to the article: 首页, column, sub-column, without the final 正文.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use scraper::{ElementRef, Html, Node};

use crate::extract::dom;
use crate::extract::profile::{Css, Present};

use super::text::{fold, skeleton};

const LABELS: &[&str] = &[
    "当前位置",
    "现在位置",
    "您的位置",
    "你的位置",
    "当前的位置",
    "所在位置",
    "现在的位置",
    "所处位置",
    "当前所在",
    "您所在的",
];
/// All of [`LABELS`], looked for at once: every text of a page is asked.
static ANY_LABEL: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(LABELS).ok());
/// Last steps that name no place.
const LEAVES: &[&str] = &[
    "正文",
    "内容",
    "详情",
    "文章内容",
    "内容页",
    "详细内容",
    "信息内容",
    "文章",
    "文章详情",
    "新闻详情",
    "阅读",
    "详细",
    "查看",
    "新闻内容",
    "浏览文章",
    "文章正文",
    "内容详情",
    "详细信息",
];
/// Longest trail and longest step believed.
const STEPS: usize = 10;
const LONGEST: usize = 40;

/// The trail named by selectors (links, or their container), else the one behind 当前位置.
pub(crate) fn read(doc: &Html, selectors: &[Css], title: Option<&str>) -> Vec<String> {
    let present = Present::of(doc);
    for css in selectors.iter().filter(|css| css.is_possible_on(&present)) {
        let elements: Vec<ElementRef<'_>> = css.select(doc).collect();
        let links: Vec<String> = elements
            .iter()
            .filter(|element| element.value().name() == "a")
            .map(|link| fold(&dom::text(*link)))
            .collect();
        let found =
            if links.is_empty() { elements.first().map(|first| trail(*first)).unwrap_or_default() } else { links };
        let found = tidy(found, title);
        if found.len() > 1 || found.first().is_some_and(|step| step.contains("首页")) {
            return found;
        }
    }
    labelled(doc).map(|container| tidy(trail(container), title)).unwrap_or_default()
}

/// The smallest element that holds the label and what follows it.
fn labelled(doc: &Html) -> Option<ElementRef<'_>> {
    let label = dom::Walk::below(doc.tree.root()).find(|node| match node.value() {
        Node::Text(text) => {
            is_labelled(text)
                && node.ancestors().take(3).all(|a| !a.value().as_element().is_some_and(|e| dom::is_silent(e.name())))
        }
        Node::Document
        | Node::Fragment
        | Node::Doctype(_)
        | Node::Comment(_)
        | Node::Element(_)
        | Node::ProcessingInstruction(_) => false,
    })?;
    let around = label.ancestors().filter_map(ElementRef::wrap).take(4);
    around.into_iter().find(|element| {
        dom::text(*element).contains(['>', '＞', '»', '›'])
            || element.descendants().any(|node| node.value().as_element().is_some_and(|e| e.name() == "a"))
    })
}

/// Whether a text holds one of the labels.
fn is_labelled(text: &str) -> bool {
    text.len() >= "当前位置".len() && ANY_LABEL.as_ref().is_some_and(|labels| labels.is_match(text))
}

/// The steps of a container: its text between separators, or its links where there are none.
fn trail(container: ElementRef<'_>) -> Vec<String> {
    let text = dom::text(container);
    let label = LABELS.iter().filter_map(|label| text.find(label).map(|at| at + label.len())).max();
    let text = label.and_then(|at| text.get(at..)).unwrap_or(&text);
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '：' | ':' | '是' | '】' | ']'));
    let separators: &[char] = &['>', '＞', '»', '›', '→', '≫', '▸', '▶'];
    if text.contains(separators) {
        return text.split(separators).map(fold).collect();
    }
    for separator in [" / ", "/", " - ", "::", " | ", "－", " · ", "—"] {
        if text.matches(separator).count() >= 1 && text.chars().count() <= 120 {
            return text.split(separator).map(fold).collect();
        }
    }
    container
        .descendants()
        .filter_map(ElementRef::wrap)
        .filter(|element| element.value().name() == "a")
        .map(|link| fold(&dom::text(link)))
        .collect()
}

fn tidy(steps: Vec<String>, title: Option<&str>) -> Vec<String> {
    let mut steps: Vec<String> = steps
        .into_iter()
        .map(|step| {
            step.trim_matches(|c: char| {
                c.is_whitespace() || matches!(c, '>' | '：' | ':' | '/' | '|' | '»' | '·' | '-')
            })
            .to_owned()
        })
        .filter(|step| !step.is_empty())
        .collect();
    let headline = title.map(skeleton).unwrap_or_default();
    while let Some(last) = steps.last() {
        let own = skeleton(last.trim_end_matches('.'));
        let is_title =
            own.chars().count() >= 6 && !headline.is_empty() && (headline.contains(&own) || own.contains(&headline));
        if LEAVES.contains(&last.as_str()) || is_title {
            steps.pop();
        } else {
            break;
        }
    }
    if steps.len() > STEPS || steps.iter().any(|step| step.chars().count() > LONGEST) { Vec::new() } else { steps }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_is_known() {
        assert!(LABELS.iter().all(|label| is_labelled(label)));
    }

    #[test]
    fn trails_as_templates_print_them() {
        for (html, expected) in [
            ("<div>当前位置：<a>首页</a> &gt; <a>新闻</a>&nbsp;&gt;&nbsp;正文</div>", vec!["首页", "新闻"]),
            (
                "<p><span>您现在的位置：</span><a>首页</a>&gt;&gt;<a>会议</a>&gt;&gt;第三届年会议程通知</p>",
                vec!["首页", "会议"],
            ),
            ("<p>您的位置：<a>首页</a><a>要闻</a></p>", vec!["首页", "要闻"]),
            ("<p>没有路径</p>", vec![]),
        ] {
            let doc = Html::parse_document(html);
            assert_eq!(read(&doc, &[], Some("第三届年会议程通知")), expected, "{html}");
        }
    }
}
