//! The body: which container, and which of its lines.

use std::collections::HashSet;

use ego_tree::NodeId;
use scraper::{ElementRef, Html};

use crate::domain::article::{Attachment, Image};
use crate::domain::time::Date;
use crate::extract::generic::{self, outline::Outline};
use crate::extract::profile::ArticleRules;

use super::prose::{self, Item, Line, Prose};
use super::text::skeleton;
use super::{furniture, images, meta_line};

/// Lines at the head of a wide container within which the headline may stand.
const HEAD: usize = 14;

/// Lines, and characters of one, between a headline and the day under it: outlet, author, a button.
const BYLINES: usize = 5;
const BYLINE: usize = 30;

/// Bytes of text before a closing line that make an article, whatever follows: about eighty Han characters.
const ENOUGH: usize = 240;

/// Containers of the body and what they print.
#[derive(Debug)]
pub(crate) struct Body<'a> {
    /// The containers, in page order.
    pub(crate) containers: Vec<ElementRef<'a>>,
    /// What they print; lines that are no text are taken out by [`Body::settle`].
    pub(crate) prose: Prose,
    /// Whether a rule named the container, so that all in it is text.
    pub(crate) named: bool,
    /// `——记一次座谈`: a second headline between the headline and the meta line.
    pub(crate) subtitle: Option<String>,
    /// Whether the page's own headline stands in a container found by its prose.
    pub(crate) headed: bool,
}

impl<'a> Body<'a> {
    /// By the family's rules: the first selector whose containers show something, else the first that matches at all.
    pub(crate) fn by_rules(doc: &'a Html, rules: &ArticleRules) -> Option<Self> {
        let dropped: HashSet<NodeId> =
            rules.drop.iter().flat_map(|css| css.select(doc)).map(|element| element.id()).collect();
        let mut empty = None;
        for css in &rules.body {
            let containers = outermost(css.select(doc));
            if containers.is_empty() {
                continue;
            }
            let prose = prose::read(&containers, &dropped);
            let shows = !prose.items.is_empty() || prose.pdf_viewer || prose.video;
            let body = Self { containers, prose, named: true, subtitle: None, headed: false };
            if shows {
                return Some(body);
            }
            empty = empty.or(Some(body));
        }
        empty
    }

    /// By where the prose is.
    pub(crate) fn by_prose(
        doc: &'a Html,
        outline: &Outline,
        rules: &ArticleRules,
        title: Option<usize>,
    ) -> Option<Self> {
        let found = generic::find(outline, title)?;
        let mut dropped = found.dropped;
        dropped.extend(rules.drop.iter().flat_map(|css| css.select(doc)).map(|element| element.id()));
        let containers: Vec<_> = doc.tree.get(found.id).and_then(ElementRef::wrap).into_iter().collect();
        let prose = prose::read(&containers, &dropped);
        let headed = title.is_some_and(|title| outline.lines_of(found.id).is_some_and(|lines| lines.contains(&title)));
        Some(Self { containers, prose, named: false, subtitle: None, headed })
    }

    /// Takes out what is no text: image stems, lists of attachments; in a container found by its prose also headline,
    /// meta line, controls, and what follows the article.
    pub(crate) fn settle(
        &mut self,
        title: Option<&str>,
        attachments: &[Attachment],
        images: &[Image],
        captured_on: Date,
    ) {
        if !self.named {
            self.without_head(title, captured_on);
            self.without_after();
        }
        let stems: HashSet<&str> = images
            .iter()
            .map(|image| images::stem(&image.url))
            .flat_map(|stem| [stem, stem.rsplit('_').next().unwrap_or(stem)])
            .collect();
        let names: Vec<String> = attachments.iter().map(|file| file.name.clone()).collect();
        self.prose.items.retain(|item| match item {
            Item::Image(_) => true,
            Item::Line(line) => {
                let stem = furniture::is_stem(&line.text)
                    || (line.text.len() >= 4 && stems.contains(line.text.as_str()) && line.text.is_ascii());
                let pager = line.linked > 0 && furniture::is_pager(&line.text);
                !stem && !pager && !furniture::is_file_list(&line.text, line.filed, &names)
            }
        });
    }

    /// Takes out the headline where it is printed again before the text, and what stands between it and the text.
    fn without_head(&mut self, title: Option<&str>, captured_on: Date) {
        let wanted = title.map(skeleton).unwrap_or_default();
        let mut start = 0;
        for (at, item) in self.prose.items.iter().enumerate().take(HEAD) {
            match item {
                Item::Line(line) if repeats(line, &wanted, self.headed) => start = at + 1,
                // A later line that says the same is the text's own head, or heads a part of it.
                Item::Line(line) if start > 0 && is_meta_line(line, captured_on) => break,
                Item::Line(line) if is_prose(line) && skeleton(&line.text) != wanted => break,
                Item::Line(_) | Item::Image(_) => {}
            }
        }
        if let Some(subtitle) = self.dashed(start).filter(|_| start > 0) {
            self.subtitle = Some(subtitle);
            start += 1;
        }
        let mut dated = false;
        while let Some(item) = self.prose.items.get(start) {
            let meta = matches!(item, Item::Line(line) if is_meta_line(line, captured_on));
            if meta || matches!(item, Item::Line(line) if furniture::is_control(&line.text)) {
                start += 1;
            } else if let Some(day) = self.byline(start, captured_on).filter(|_| !dated) {
                // Behind a meta line such lines are the text's own: who spoke, and when.
                start = day + 1;
            } else {
                break;
            }
            dated |= meta;
        }
        self.prose.items.drain(..start.min(self.prose.items.len()));
    }

    /// A short line that begins with a dash and is no sentence.
    fn dashed(&self, at: usize) -> Option<String> {
        let Item::Line(line) = self.prose.items.get(at)? else { return None };
        let dashed = ["——", "--", "──", "－－"].iter().any(|dash| line.text.starts_with(dash));
        (dashed && line.text.chars().count() <= 50 && !line.text.ends_with('。')).then(|| line.text.clone())
    }

    /// A day alone on its line, behind short lines that name the outlet or offer to read aloud, and before prose.
    fn byline(&self, start: usize, captured_on: Date) -> Option<usize> {
        let items = self.prose.items.get(start..)?;
        let short = |item: &Item| matches!(item, Item::Line(line) if line.text.chars().count() <= BYLINE);
        // The picture is the author's.
        let plain = |item: &Item| match item {
            Item::Line(line) => short(item) && !line.text.contains(['：', ':', '。', '！', '？']),
            Item::Image(_) => true,
        };
        let day = |item: &Item| {
            short(item) && matches!(item, Item::Line(line) if is_day(&line.text) && is_meta_line(line, captured_on))
        };
        let at = items.iter().take(BYLINES).position(day)?;
        let read = items.iter().take(at).all(plain) && items.iter().skip(at + 1).take(HEAD).any(is_prose_item);
        read.then_some(start + at)
    }

    /// Cuts where the article is over, if enough text stands before, and takes out controls and, after the last prose,
    /// lines of links.
    fn without_after(&mut self) {
        let total: usize = self.prose.lines().map(|line| line.text.len()).sum();
        let mut before = 0;
        let mut cut = self.prose.items.len();
        for (at, item) in self.prose.items.iter().enumerate() {
            let Item::Line(line) = item else { continue };
            if (before * 2 > total || before >= ENOUGH) && furniture::ends_article(&line.text) {
                cut = at;
                break;
            }
            before += line.text.len();
        }
        self.prose.items.truncate(cut);
        let last = self.prose.items.iter().rposition(is_prose_item).unwrap_or(0);
        let mut at = 0;
        self.prose.items.retain(|item| {
            at += 1;
            match item {
                Item::Line(line) => {
                    !furniture::is_control(&line.text)
                        && !furniture::is_notice(&line.text)
                        && !furniture::is_advert(&line.text, line.linked)
                        && (at <= last + 1 || line.linked * 2 <= line.text.chars().count())
                }
                Item::Image(_) => true,
            }
        });
    }

    /// The text, one paragraph a line.
    pub(crate) fn text(&self) -> String {
        let lines: Vec<&str> = self.prose.lines().map(|line| line.text.as_str()).collect();
        lines.join("\n")
    }
}

/// The headline again: with the word of a button (`收起`), or alone in a container that holds the page's own; a text that
/// stands apart from it may begin with the same words.
fn repeats(line: &Line, wanted: &str, headed: bool) -> bool {
    if wanted.is_empty() || line.text.chars().count() > 200 {
        return false;
    }
    let text = skeleton(&line.text);
    match text.strip_prefix(wanted).map(|rest| rest.chars().count()) {
        Some(0) => headed,
        Some(1..=2) => wanted.chars().count() >= 10,
        _ => false,
    }
}

/// Digits and the words of a date and a time, and little else.
fn is_day(text: &str) -> bool {
    let other = text.chars().filter(|c| c.is_alphabetic() && !"年月日时分秒时星期周週上下午一二三四五六".contains(*c));
    text.chars().filter(char::is_ascii_digit).count() >= 6 && other.count() <= 2
}

fn is_prose_item(item: &Item) -> bool {
    matches!(item, Item::Line(line) if is_prose(line))
}

fn is_prose(line: &Line) -> bool {
    line.text.chars().count() >= 20
        && line.text.contains(['，', '。', '！', '？', '；'])
        && line.linked * 2 <= line.text.chars().count()
}

/// A short line with a date or labels and no prose.
fn is_meta_line(line: &Line, captured_on: Date) -> bool {
    let length = line.text.chars().count();
    length <= 100
        && !line.text.contains('。')
        && !line.text.contains('，')
        && !meta_line::read(&line.text, captured_on).is_empty()
}

/// Matches that are not inside an earlier match: `.v_news_content` nests in itself on some pages.
fn outermost<'a>(matches: impl Iterator<Item = ElementRef<'a>>) -> Vec<ElementRef<'a>> {
    let mut kept: Vec<ElementRef<'a>> = Vec::new();
    let mut ids: HashSet<NodeId> = HashSet::new();
    for element in matches.take(MOST_CONTAINERS) {
        // Document order: an ancestor that matches came before.
        if ids.is_empty() || !element.ancestors().any(|ancestor| ids.contains(&ancestor.id())) {
            ids.insert(element.id());
            kept.push(element);
        }
    }
    kept
}

/// More matches than this are a selector gone wrong on a hostile page.
const MOST_CONTAINERS: usize = 200;
