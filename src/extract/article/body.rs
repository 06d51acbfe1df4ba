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
            let body = Self { containers, prose, named: true };
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
        Some(Self { containers, prose, named: false })
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
                !stem && !furniture::is_file_list(&line.text, line.filed, &names)
            }
        });
    }

    fn without_head(&mut self, title: Option<&str>, captured_on: Date) {
        let wanted = title.map(skeleton).unwrap_or_default();
        let mut start = 0;
        for (at, item) in self.prose.items.iter().enumerate().take(HEAD) {
            if let Item::Line(line) = item
                && !wanted.is_empty()
                && line.text.chars().count() <= 200
                && skeleton(&line.text) == wanted
            {
                start = at + 1;
            }
        }
        while let Some(Item::Line(line)) = self.prose.items.get(start) {
            if furniture::is_control(&line.text) || is_meta_line(line, captured_on) {
                start += 1;
            } else {
                break;
            }
        }
        self.prose.items.drain(..start.min(self.prose.items.len()));
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
        let last =
            self.prose.items.iter().rposition(|item| matches!(item, Item::Line(line) if is_prose(line))).unwrap_or(0);
        let mut at = 0;
        self.prose.items.retain(|item| {
            at += 1;
            match item {
                Item::Line(line) => {
                    !furniture::is_control(&line.text)
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
