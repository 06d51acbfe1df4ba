//! Compiled rules for articles.

use regex::Regex;

use crate::domain::profile::{ArticleSpec, CreditRuleSpec};
use crate::extract::rule::Rule;

use super::compile::{all_css, all_regex, each, present};
use super::{Css, Fault, Pager};

/// How articles are read; the fields are those of [`ArticleSpec`], compiled.
#[derive(Debug, Clone, Default)]
pub struct ArticleRules {
    /// An address like this (path and query) is an article.
    pub url: Vec<Regex>,
    /// A page with one of these is an article.
    pub marks: Vec<Css>,
    /// Headline.
    pub title: Vec<Rule>,
    /// Second headline.
    pub subtitle: Vec<Rule>,
    /// Containers of the meta line.
    pub meta_line: Vec<Css>,
    /// Publication time with a place of its own.
    pub published: Vec<Rule>,
    /// Source with a place of its own.
    pub source: Vec<Rule>,
    /// Credits with a place of their own.
    pub credits: Vec<CreditRule>,
    /// Containers that close the article with editors.
    pub footer: Vec<Css>,
    /// Body containers, best first.
    pub body: Vec<Css>,
    /// What is removed from the body.
    pub drop: Vec<Css>,
    /// Attributes of an image's address, best first.
    pub image: Vec<String>,
    /// Attachment links.
    pub attachments: Vec<Css>,
    /// Breadcrumb links or their container.
    pub breadcrumbs: Vec<Css>,
    /// How an article goes on over several pages.
    pub pages: Option<Pager>,
}

/// A credit with a place of its own.
#[derive(Debug, Clone)]
pub struct CreditRule {
    /// Role where the page prints none.
    pub role: String,
    /// Where the names are.
    pub from: Rule,
}

impl ArticleRules {
    pub(super) fn compile(spec: &ArticleSpec) -> Result<Self, Fault> {
        Ok(Self {
            url: all_regex("url", &spec.url)?,
            marks: all_css("marks", &spec.marks)?,
            title: each("title", &spec.title, Rule::compile)?,
            subtitle: each("subtitle", &spec.subtitle, Rule::compile)?,
            meta_line: all_css("meta_line", &spec.meta_line)?,
            published: each("published", &spec.published, Rule::compile)?,
            source: each("source", &spec.source, Rule::compile)?,
            credits: each("credits", &spec.credits, CreditRule::compile)?,
            footer: all_css("footer", &spec.footer)?,
            body: all_css("body", &spec.body)?,
            drop: all_css("drop", &spec.drop)?,
            image: spec.image.clone(),
            attachments: all_css("attachments", &spec.attachments)?,
            breadcrumbs: all_css("breadcrumbs", &spec.breadcrumbs)?,
            pages: spec.pages.as_ref().map(|pager| Pager::compile(pager).map_err(|f| f.under("pages"))).transpose()?,
        })
    }

    /// These rules, then those of the family.
    pub(super) fn before(&self, family: &Self) -> Self {
        Self {
            url: chain(&self.url, &family.url),
            marks: chain(&self.marks, &family.marks),
            title: chain(&self.title, &family.title),
            subtitle: chain(&self.subtitle, &family.subtitle),
            meta_line: chain(&self.meta_line, &family.meta_line),
            published: chain(&self.published, &family.published),
            source: chain(&self.source, &family.source),
            credits: chain(&self.credits, &family.credits),
            footer: chain(&self.footer, &family.footer),
            body: chain(&self.body, &family.body),
            drop: chain(&self.drop, &family.drop),
            image: chain(&self.image, &family.image),
            attachments: chain(&self.attachments, &family.attachments),
            breadcrumbs: chain(&self.breadcrumbs, &family.breadcrumbs),
            pages: self.pages.clone().or_else(|| family.pages.clone()),
        }
    }
}

impl CreditRule {
    fn compile(spec: &CreditRuleSpec) -> Result<Self, Fault> {
        present("role", &spec.role)?;
        Ok(Self { role: spec.role.clone(), from: Rule::compile(&spec.from).map_err(|fault| fault.under("from"))? })
    }
}

/// First list, then second.
pub(super) fn chain<T: Clone>(first: &[T], second: &[T]) -> Vec<T> {
    first.iter().chain(second).cloned().collect()
}
