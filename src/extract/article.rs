//! One article, read off a parsed page with a profile.
//!
//! Each field has its module; this one knows the order. Rules of the family come first, then what pages say of
//! themselves (meta tags, JSON-LD), then the lines around headline and body. It refuses to guess: what is printed
//! nowhere stays absent, and what was doubtful is a warning.

pub(super) mod area;
mod attachments;
pub(super) mod body;
pub(super) mod breadcrumbs;
mod canonical;
pub(super) mod closing;
mod dates;
mod files;
mod furniture;
mod images;

pub(super) mod meta_line;
mod names;
pub(super) mod pages;
pub(crate) mod prose;
pub(super) mod published;
pub(crate) mod text;
pub(super) mod title;
pub(super) mod warn;

use std::ops::Range;

use scraper::Html;

use crate::domain::article::{Article, Credit};
use crate::domain::page::Page;

use super::generic::{self, outline::Outline};
use super::profile::{ArticleRules, Profile};
use super::reflections;
use super::rule::{self, Evidence};

use body::Body;
use closing::Closing;
use dates::Stamp;
use meta_line::MetaLine;
use title::Title;

/// Whether the page looks like an article to these rules: by address or marks.
pub fn looks_like(doc: &Html, page: &Page, profile: &Profile) -> bool {
    let address = page.url.as_ref().map(super::detect::path_and_query);
    let named = address.is_some_and(|address| profile.article.url.iter().any(|shape| shape.is_match(&address)));
    named || profile.article.marks.iter().any(|mark| mark.first(doc).is_some())
}

/// Whether the page shows an article whatever its family: a headline that agrees with `<title>`, text under it, and a
/// date between or in the address. Lists of links beside the text take nothing from that.
pub(super) fn stands_out(doc: &Html, page: &Page, outline: &Outline) -> bool {
    let evidence = Evidence::of_html(doc);
    let by_address = published::by_address(page).is_some();
    let title = title::find(doc, outline, &[], &evidence).filter(|title| title.is_sentence() || by_address);
    let Some(at) = title.and_then(|title| title.line) else { return false };
    let Some(body) = generic::find(outline, Some(at)).and_then(|found| outline.lines_of(found.id)) else {
        return false;
    };
    let between = outline.lines.get(at + 1..body.start).unwrap_or_default().iter().filter(|line| !line.aside);
    let near = body.end > at && between.map(|line| line.chars - line.linked).sum::<usize>() <= NEAR;
    let dated = || {
        let line = meta_line::read(&area::between(outline, Some(at), Some(&body)), page.captured_on);
        line.published.is_some() || published::by_metas(&evidence, page).is_some() || by_address
    };
    near && dated()
}

/// Characters between headline and text at most, links not counted: meta line, summary, share bar, player.
const NEAR: usize = 600;

/// Reads an article; `None` where the page shows none.
pub(super) fn read(doc: &Html, page: &Page, profile: &Profile, outline: &Outline) -> Option<Article> {
    let reader = Reader { doc, page, rules: &profile.article, outline };
    let by_rules = Body::by_rules(doc, reader.rules);
    let missed = by_rules.is_none() && !reader.rules.body.is_empty();
    if missed && !looks_like(doc, page, profile) {
        return None;
    }
    let meta_text = reader.meta_text();
    let evidence = Evidence::of_html(doc).with_meta_line(&meta_text);
    let title = title::find(doc, reader.outline, &reader.rules.title, &evidence);
    let line = title.as_ref().and_then(|title| title.line);
    let body = by_rules.or_else(|| Body::by_prose(doc, reader.outline, reader.rules, line))?;
    let mut article = reader.article(&evidence, title, body);
    if missed {
        article.warnings.push(warn::SELECTORS_MISSED.to_owned());
    }
    Some(article)
}

/// Everything a page is read with.
#[derive(Clone, Copy)]
struct Reader<'a> {
    doc: &'a Html,
    page: &'a Page,
    rules: &'a ArticleRules,
    outline: &'a Outline,
}

/// What the lines around the text say.
struct Around {
    line: MetaLine,
    footer: Closing,
}

impl Reader<'_> {
    fn article(self, evidence: &Evidence<'_>, title: Option<Title>, mut body: Body<'_>) -> Article {
        let headline = title.as_ref().map(|title| title.text.as_str());
        let base = super::dom::base(self.doc, self.page);
        let attachments = attachments::read(self.doc, &self.rules.attachments, &body.containers, base.as_ref());
        let pictures = |body: &Body<'_>| images::read(self.doc, &body.prose, &self.rules.image, base.as_ref());
        body.settle(headline, &attachments, &pictures(&body), self.page.captured_on);
        let around = self.around(evidence.meta_line(), title.as_ref(), &body);
        let text = body.text();
        let closing = closing::read(&text.lines().collect::<Vec<_>>(), self.page.captured_on);
        let (published, from_url) = self.published(evidence, &around.line, title.as_ref());
        let mut warnings = self.warnings(&body, headline, published.is_none());
        if from_url {
            warnings.push(warn::PUBLISHED_FROM_URL.to_owned());
        }
        Article {
            url: self.page.url.clone(),
            canonical_url: canonical::read(self.doc, self.page, base.as_ref()),
            site: None,
            family: String::new(),
            subtitle: rule::first(&self.rules.subtitle, evidence)
                .filter(|subtitle| Some(subtitle.as_str()) != headline)
                .or_else(|| body.subtitle.take()),
            source: self.source(evidence, &around, &closing),
            published_at: published.map(|stamp| stamp.at),
            published_precision: published.map(|stamp| stamp.precision),
            credits: self.credits(evidence, around, closing),
            reflections: reflections::find(&text, &reflections::Context { title: headline }),
            images: pictures(&body),
            attachments,
            breadcrumbs: breadcrumbs::read(self.doc, &self.rules.breadcrumbs, headline),
            topics: Vec::new(),
            warnings,
            extractor: String::new(),
            selectors: String::new(),
            body: text,
            title: title.map(|title| title.text),
        }
    }

    /// Text of the meta line's containers.
    fn meta_text(self) -> String {
        let elements = self.rules.meta_line.iter().flat_map(|css| css.select(self.doc));
        elements.map(area::text).collect::<Vec<_>>().join("\n")
    }

    /// Lines of the body's containers in the outline.
    fn body_lines(self, body: &Body<'_>) -> Option<Range<usize>> {
        let first = self.outline.lines_of(body.containers.first()?.id())?;
        let last = self.outline.lines_of(body.containers.last()?.id())?;
        Some(first.start..last.end.max(first.start))
    }

    /// The meta line by rules, else by its place; the editors after the text.
    fn around(self, meta_text: &str, title: Option<&Title>, body: &Body<'_>) -> Around {
        let today = self.page.captured_on;
        let lines = self.body_lines(body);
        let at = title.and_then(|title| title.line);
        let mut line = meta_line::read(meta_text, today);
        if line.is_empty() {
            line = meta_line::read(&area::between(self.outline, at, lines.as_ref()), today);
        }
        if line.published.is_none() {
            line.published = meta_line::read(&area::before(self.outline, at), today).published;
        }
        let mut footer_text = String::new();
        for element in self.rules.footer.iter().flat_map(|css| css.select(self.doc)) {
            footer_text.push_str(&area::text(element));
            footer_text.push('\n');
        }
        let mut printed: Vec<&str> = footer_text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        if let Some(lines) = &lines {
            printed.extend(area::after(self.outline, lines));
        }
        if line.published.is_none() && title.is_some() {
            line.published = printed.iter().find_map(|line| meta_line::labelled_time(line, today));
        }
        Around { line, footer: closing::read(&printed, today) }
    }

    fn published(self, evidence: &Evidence<'_>, line: &MetaLine, title: Option<&Title>) -> (Option<Stamp>, bool) {
        let tagged = published::by_rules(&self.rules.published, evidence, self.page)
            .or_else(|| published::by_metas(evidence, self.page));
        let found = published::finer(tagged, line.published);
        match found {
            Some(_) => (found, false),
            None if title.is_some() => {
                let guess = published::by_address(self.page);
                (guess, guess.is_some())
            }
            None => (None, false),
        }
    }

    fn source(self, evidence: &Evidence<'_>, around: &Around, closing: &Closing) -> Option<String> {
        let today = self.page.captured_on;
        rule::first(&self.rules.source, evidence)
            .or_else(|| evidence.metas("contentsource").find_map(|value| meta_line::source(value, today)))
            .or_else(|| around.line.source.clone())
            .or_else(|| closing.source.clone())
            .or_else(|| around.footer.source.clone())
    }

    /// Credits in the order of the page: meta line, body, footer.
    fn credits(self, evidence: &Evidence<'_>, around: Around, closing: Closing) -> Vec<Credit> {
        let mut credits = Vec::new();
        for credit in &self.rules.credits {
            if let Some(value) = credit.from.value(evidence) {
                let labelled = meta_line::read(&value, self.page.captured_on).credits;
                let plain = Credit { role: credit.role.clone(), names: names::split(&value) };
                for credit in if labelled.is_empty() { vec![plain] } else { labelled } {
                    meta_line::add(&mut credits, &credit.role, credit.names);
                }
            }
        }
        for credit in around.line.credits.into_iter().chain(closing.credits).chain(around.footer.credits) {
            meta_line::add(&mut credits, &credit.role, credit.names);
        }
        credits
    }

    fn warnings(self, body: &Body<'_>, headline: Option<&str>, undated: bool) -> Vec<String> {
        let text = body.prose.lines().next().is_some();
        let pictures = body.prose.items.len() > body.prose.lines().count();
        let mut warnings = Vec::new();
        let mut warn = |when: bool, code: &str| {
            if when {
                warnings.push(code.to_owned());
            }
        };
        warn(headline.is_none(), warn::NO_TITLE);
        warn(undated, warn::NO_PUBLISHED);
        warn(body.prose.pdf_viewer, warn::PDF_VIEWER);
        warn(!text && body.prose.video, warn::VIDEO_ONLY);
        warn(!text && pictures, warn::BODY_ONLY_IMAGES);
        warn(!text && !pictures, warn::BODY_EMPTY);
        // A viewer's page carries the call too, and leads nowhere else.
        let viewer = body.prose.pdf_viewer || body.prose.video;
        warn(!text && !pictures && !viewer && self.page.text.contains("getNewsLinkUrl"), warn::EXTERNAL_BY_SCRIPT);
        warn(self.page.charset.doubtful, warn::CHARSET_DOUBTFUL);
        warnings
    }
}
