//! A family with all its revisions, what a site lays over it, and the profile that comes of both.

use std::sync::{Arc, OnceLock};

use regex::Regex;

use crate::domain::profile::{DetectSpec, FamilySpec, MarkSpec, RevisionSpec, SiteSpec};
use crate::domain::recheck::Recheck;
use crate::domain::schedule::Schedule;
use crate::domain::time::Date;
use crate::domain::window::Window;

use super::compile::{all_regex, css, each, present, regex};
use super::{ArticleRules, Css, Fault, ListingRules};

/// A CMS family. What it is recognised by is compiled; its rules are, where they are known to compile, at their first use:
/// most runs meet one family or two, and the expressions of all of them are ten megabytes.
#[derive(Debug, Clone)]
pub struct Family {
    /// Its name.
    pub name: String,
    /// How its pages are recognised.
    pub detect: Detect,
    spec: FamilySpec,
    rules: OnceLock<Rules>,
}

/// How a family's pages are read.
#[derive(Debug, Clone, Default)]
struct Rules {
    /// Expressions over path and query; group 1 is the article's id within its host.
    article_id: Vec<Regex>,
    revisions: Vec<Revision>,
}

#[derive(Debug, Clone)]
struct Revision {
    since: Date,
    article: Arc<ArticleRules>,
    listing: Arc<ListingRules>,
}

/// Marks and the sum they must reach.
#[derive(Debug, Clone)]
pub struct Detect {
    /// Least sum of weights.
    pub threshold: u32,
    /// The marks.
    pub marks: Vec<Mark>,
}

/// One mark.
#[derive(Debug, Clone)]
pub struct Mark {
    /// What to look for.
    pub kind: MarkKind,
    /// What it counts.
    pub weight: u32,
}

/// What a mark looks at.
#[derive(Debug, Clone)]
pub enum MarkKind {
    /// A string anywhere in the source, ASCII case ignored.
    Text(String),
    /// A selector that matches something.
    Css(Css),
    /// Path and query of the address.
    Url(Regex),
    /// `<meta name=generator>`.
    Generator(Regex),
}

/// The rules one page is read with.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The family's name.
    pub family: String,
    /// First day of the revision; `None` for a profile without rules.
    pub since: Option<Date>,
    /// How articles are read.
    pub article: Arc<ArticleRules>,
    /// How listings are read.
    pub listing: Arc<ListingRules>,
}

impl Profile {
    /// A family without any rule.
    pub fn empty(family: &str) -> Self {
        Self { family: family.to_owned(), since: None, article: Arc::default(), listing: Arc::default() }
    }

    /// Family and revision as records name them: `vsb@2018-01-01`.
    pub fn selectors(&self) -> String {
        self.since.map_or_else(|| self.family.clone(), |since| format!("{}@{since}", self.family))
    }
}

/// What a site's own file says.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    pub(in crate::extract) article: ArticleRules,
    pub(in crate::extract) listing: ListingRules,
}

impl Overrides {
    /// Compiles a site's rules.
    pub fn compile(spec: &SiteSpec) -> Result<Self, Fault> {
        present("site", &spec.site)?;
        each("seeds", &spec.seeds, |seed| match url::Url::parse(seed) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(()),
            Ok(_) | Err(_) => Err(Fault::new("", format!("`{seed}` is not an http address"))),
        })?;
        if spec.delay.is_some_and(|delay| !delay.is_finite() || delay < 0.0) {
            return Err(Fault::new("delay", "not a number of seconds"));
        }
        if let Some(Err(error)) = spec.schedule.as_deref().map(Schedule::parse) {
            return Err(Fault::new("schedule", error.to_string()));
        }
        if let Some(Err(error)) = spec.window.as_deref().map(Window::setting) {
            return Err(Fault::new("window", error.to_string()));
        }
        if let Some(Err(what)) = spec.recheck.as_deref().map(Recheck::check) {
            return Err(Fault::new("recheck", what));
        }
        Ok(Self {
            article: ArticleRules::compile(&spec.article).map_err(|fault| fault.under("article"))?,
            listing: ListingRules::compile(&spec.listing).map_err(|fault| fault.under("listing"))?,
        })
    }
}

impl Family {
    /// Compiles a family.
    pub fn compile(spec: FamilySpec) -> Result<Self, Fault> {
        let rules = Rules::compile(&spec)?;
        Ok(Self { rules: OnceLock::from(rules), ..Self::built_in(spec)? })
    }

    /// A family of the program's own, whose rules a test compiles; here that waits for their first use.
    pub fn built_in(spec: FamilySpec) -> Result<Self, Fault> {
        present("name", &spec.name)?;
        let detect = Detect::compile(&spec.detect).map_err(|fault| fault.under("detect"))?;
        Ok(Self { name: spec.family.clone(), detect, spec, rules: OnceLock::new() })
    }

    /// Rules that do not compile after all read nothing, as no rules do.
    fn rules(&self) -> &Rules {
        self.rules.get_or_init(|| Rules::compile(&self.spec).unwrap_or_default())
    }

    /// Index of the revision that reads captures of a day: the last that is not later, else the first.
    pub(in crate::extract) fn revision_on(&self, day: Date) -> usize {
        self.rules().revisions.iter().rposition(|revision| revision.since <= day).unwrap_or(0)
    }

    /// The rules valid on a day, a site's own before them. A day before the first revision is read with the first.
    pub fn profile(&self, day: Date, site: Option<&Overrides>) -> Profile {
        let revision = self.rules().revisions.get(self.revision_on(day));
        let Some(revision) = revision else { return Profile::empty(&self.name) };
        let (article, listing) = match site {
            Some(site) => {
                (Arc::new(site.article.before(&revision.article)), Arc::new(site.listing.before(&revision.listing)))
            }
            None => (Arc::clone(&revision.article), Arc::clone(&revision.listing)),
        };
        Profile { family: self.name.clone(), since: Some(revision.since), article, listing }
    }

    /// The article's id within its host, from path and query.
    pub fn id_of(&self, path_and_query: &str) -> Option<String> {
        let captures = self.rules().article_id.iter().find_map(|id| id.captures(path_and_query))?;
        captures.get(1).map(|group| group.as_str().to_owned())
    }
}

impl Rules {
    fn compile(spec: &FamilySpec) -> Result<Self, Fault> {
        let article_id = all_regex("article_id", &spec.identity.article_id).map_err(|fault| fault.under("identity"))?;
        if let Some(index) = article_id.iter().position(|id| id.captures_len() < 2) {
            return Err(Fault::new(format!("identity.article_id[{index}]"), "no group"));
        }
        let revisions = each("revision", &spec.revisions, Revision::compile)?;
        let unordered = revisions.iter().zip(revisions.iter().skip(1)).position(|(a, b)| a.since >= b.since);
        match unordered {
            Some(index) => Err(Fault::new(format!("revision[{}].since", index + 1), "not later than the one before")),
            None if revisions.is_empty() => Err(Fault::new("revision", "no revision")),
            None => Ok(Self { article_id, revisions }),
        }
    }
}

impl Revision {
    fn compile(spec: &RevisionSpec) -> Result<Self, Fault> {
        let since = Date::parse(&spec.since)
            .ok_or_else(|| Fault::new("since", format!("`{}` is not a day written YYYY-MM-DD", spec.since)))?;
        let article = ArticleRules::compile(&spec.article).map_err(|fault| fault.under("article"))?;
        let listing = ListingRules::compile(&spec.listing).map_err(|fault| fault.under("listing"))?;
        Ok(Self { since, article: Arc::new(article), listing: Arc::new(listing) })
    }
}

impl Detect {
    fn compile(spec: &DetectSpec) -> Result<Self, Fault> {
        Ok(Self { threshold: spec.threshold, marks: each("marks", &spec.marks, Mark::compile)? })
    }
}

impl Mark {
    fn compile(spec: &MarkSpec) -> Result<Self, Fault> {
        let kind = match (&spec.text, &spec.css, &spec.url, &spec.generator) {
            (Some(text), None, None, None) => {
                present("text", text)?;
                MarkKind::Text(text.clone())
            }
            (None, Some(text), None, None) => MarkKind::Css(css("css", text)?),
            (None, None, Some(text), None) => MarkKind::Url(regex("url", text)?),
            (None, None, None, Some(text)) => MarkKind::Generator(regex("generator", text)?),
            _ => return Err(Fault::new("", "a mark is exactly one of `text`, `css`, `url`, `generator`")),
        };
        Ok(Self { kind, weight: spec.weight })
    }
}
