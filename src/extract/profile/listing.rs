//! Compiled rules for listings and their pagers.

use regex::Regex;

use crate::domain::profile::{JsonListingSpec, ListingSpec, PagerSpec};

use super::article::chain;
use super::compile::{all_css, all_regex, css, each, present, regex};
use super::{Css, Fault};

/// How listings are read; the fields are those of [`ListingSpec`], compiled.
#[derive(Debug, Clone, Default)]
pub struct ListingRules {
    /// An address like this (path and query) is a listing.
    pub url: Vec<Regex>,
    /// Rows, best first.
    pub rows: Vec<Css>,
    /// Elements written hidden, and the string in the source that shows them.
    pub revealed: Vec<(Css, String)>,
    /// The link inside a row.
    pub link: Vec<Css>,
    /// The headline inside a row.
    pub title: Vec<Css>,
    /// The date inside a row.
    pub date: Vec<Css>,
    /// Links of this shape (path and query, resolved) are rows.
    pub link_shape: Vec<Regex>,
    /// Ways to the next page.
    pub pager: Vec<Pager>,
    /// Scripts that hold rows.
    pub data_store: Vec<Css>,
    /// Rows of a JSON answer.
    pub json: Option<JsonRules>,
}

impl ListingRules {
    pub(super) fn compile(spec: &ListingSpec) -> Result<Self, Fault> {
        Ok(Self {
            url: all_regex("url", &spec.url)?,
            rows: all_css("rows", &spec.rows)?,
            revealed: each("revealed", &spec.revealed, |reveal| {
                present("script", &reveal.script)?;
                Ok((css("css", &reveal.css)?, reveal.script.clone()))
            })?,
            link: all_css("link", &spec.link)?,
            title: all_css("title", &spec.title)?,
            date: all_css("date", &spec.date)?,
            link_shape: all_regex("link_shape", &spec.link_shape)?,
            pager: each("pager", &spec.pager, Pager::compile)?,
            data_store: all_css("data_store", &spec.data_store)?,
            json: spec.json.as_ref().map(|json| JsonRules::compile(json).map_err(|f| f.under("json"))).transpose()?,
        })
    }

    /// These rules, then those of the family.
    pub(super) fn before(&self, family: &Self) -> Self {
        Self {
            url: chain(&self.url, &family.url),
            rows: chain(&self.rows, &family.rows),
            revealed: chain(&self.revealed, &family.revealed),
            link: chain(&self.link, &family.link),
            title: chain(&self.title, &family.title),
            date: chain(&self.date, &family.date),
            link_shape: chain(&self.link_shape, &family.link_shape),
            pager: chain(&self.pager, &family.pager),
            data_store: chain(&self.data_store, &family.data_store),
            json: self.json.clone().or_else(|| family.json.clone()),
        }
    }
}

/// How to get to the next page; see [`PagerSpec`] for what each part means.
#[derive(Debug, Clone)]
pub enum Pager {
    /// A link, chosen by its text where several match.
    NextLink {
        /// Candidates.
        css: Css,
        /// What the candidate's text must look like.
        text: Option<Regex>,
    },
    /// Numbers count up from `second` on page two.
    CountUp {
        /// Group 1 stem, group 2 number.
        url: Regex,
        /// `{stem}` and `{n}`.
        template: String,
        /// Number of page two.
        second: u32,
        /// Number of pages, group 1, in the source.
        pages: Regex,
    },
    /// Numbers count down to 1; page one has none.
    CountDown {
        /// Group 1 stem, group 2 number.
        url: Regex,
        /// `{stem}` and `{n}`.
        template: String,
        /// Number of pages, group 1, in the source.
        pages: Regex,
    },
    /// A script says it: groups `pages`, `current` (from 0), `stem`, `ext`.
    Script {
        /// Over the source.
        pattern: Regex,
        /// `{stem}`, `{n}`, `{ext}`.
        template: String,
    },
    /// A query parameter counts up.
    PageParam {
        /// Its name.
        param: String,
        /// Its value on page one.
        first: u32,
        /// Number of pages, group 1, in the source.
        pages: Option<Regex>,
    },
}

impl Pager {
    pub(super) fn compile(spec: &PagerSpec) -> Result<Self, Fault> {
        Ok(match spec {
            PagerSpec::NextLink { css: selector, text } => Self::NextLink {
                css: css("css", selector)?,
                text: text.as_ref().map(|text| regex("text", text)).transpose()?,
            },
            PagerSpec::CountUp { url, template, second, pages } => Self::CountUp {
                url: regex("url", url)?,
                template: numbered(template)?,
                second: *second,
                pages: regex("pages", pages)?,
            },
            PagerSpec::CountDown { url, template, pages } => Self::CountDown {
                url: regex("url", url)?,
                template: numbered(template)?,
                pages: regex("pages", pages)?,
            },
            PagerSpec::Script { pattern, template } => {
                let pattern = regex("pattern", pattern)?;
                if !pattern.capture_names().flatten().any(|name| name == "pages") {
                    return Err(Fault::new("pattern", "no group `pages`"));
                }
                Self::Script { pattern, template: numbered(template)? }
            }
            PagerSpec::PageParam { param, first, pages } => {
                present("param", param)?;
                let pages = pages.as_ref().map(|pages| regex("pages", pages)).transpose()?;
                Self::PageParam { param: param.clone(), first: *first, pages }
            }
        })
    }
}

fn numbered(template: &str) -> Result<String, Fault> {
    if template.contains("{n}") { Ok(template.to_owned()) } else { Err(Fault::new("template", "no `{n}`")) }
}

/// Where a JSON answer holds its rows: JSON pointers, RFC 6901.
#[derive(Debug, Clone)]
pub struct JsonRules {
    /// The array of rows.
    pub rows: String,
    /// In a row: addresses.
    pub url: Vec<String>,
    /// In a row: the headline.
    pub title: Vec<String>,
    /// In a row: the date.
    pub date: Vec<String>,
    /// How many rows in all.
    pub total: Option<String>,
    /// Page number parameter.
    pub page_param: Option<String>,
    /// Its value on the first page.
    pub first_page: u32,
    /// Page size parameter.
    pub size_param: Option<String>,
}

impl JsonRules {
    fn compile(spec: &JsonListingSpec) -> Result<Self, Fault> {
        let rows = pointer(&spec.rows).map_err(|fault| fault.under("rows"))?;
        let total = spec.total.as_deref().map(|total| pointer(total).map_err(|f| f.under("total"))).transpose()?;
        let list = |field: &str, texts: &[String]| each(field, texts, |text| pointer(text));
        Ok(Self {
            rows,
            url: list("url", &spec.url)?,
            title: list("title", &spec.title)?,
            date: list("date", &spec.date)?,
            total,
            page_param: spec.page_param.clone(),
            first_page: spec.first_page,
            size_param: spec.size_param.clone(),
        })
    }
}

fn pointer(text: &str) -> Result<String, Fault> {
    if text.is_empty() || text.starts_with('/') {
        Ok(text.to_owned())
    } else {
        Err(Fault::new("", format!("`{text}` is not a JSON pointer: it begins with `/`")))
    }
}
