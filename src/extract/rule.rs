//! One way to find a value, evaluated.
//!
//! A rule looks at exactly one thing (selector, meta, JSON-LD, label, JSON pointer) and then cleans what it found. A
//! value is never empty: white space is folded first, and a rule whose value folds to nothing has found nothing, so
//! that the next rule of the list is tried.

mod clean;
mod evidence;
mod probe;

use regex::Regex;
use scraper::ElementRef;

use crate::domain::profile::{Clean, RuleSpec};

use super::dom;
use super::label;
use super::profile::{Css, Fault};

pub use clean::cleaned;
pub use evidence::Evidence;

/// A compiled rule.
#[derive(Debug, Clone)]
pub struct Rule {
    kind: Kind,
    clean: Vec<Clean>,
}

#[derive(Debug, Clone)]
enum Kind {
    Css { css: Css, attr: Option<String> },
    Meta(String),
    JsonLd(Vec<String>),
    Label(Regex),
    Json(String),
}

impl Rule {
    /// Compiles a rule; a fault names the key.
    pub fn compile(spec: &RuleSpec) -> Result<Self, Fault> {
        let given = [&spec.css, &spec.meta, &spec.json_ld, &spec.label, &spec.json];
        if given.iter().filter(|key| key.is_some()).count() != 1 {
            return Err(Fault::new("", "a rule is exactly one of `css`, `meta`, `json_ld`, `label`, `json`"));
        }
        if spec.attr.is_some() && spec.css.is_none() {
            return Err(Fault::new("attr", "only a rule with `css` has an attribute"));
        }
        let kind = if let Some(text) = &spec.css {
            let css = Css::parse(text).map_err(|what| Fault::new("css", what))?;
            Kind::Css { css, attr: spec.attr.clone() }
        } else if let Some(name) = &spec.meta {
            Kind::Meta(name.to_lowercase())
        } else if let Some(path) = &spec.json_ld {
            Kind::JsonLd(path.split('.').map(str::to_owned).collect())
        } else if let Some(text) = &spec.label {
            Kind::Label(super::profile::regex("label", text)?)
        } else {
            Kind::Json(spec.json.clone().unwrap_or_default())
        };
        Ok(Self { kind, clean: spec.clean.clone() })
    }

    /// The value this rule finds, folded and cleaned; never empty.
    pub fn value(&self, evidence: &Evidence<'_>) -> Option<String> {
        match &self.kind {
            Kind::Css { css, attr } => {
                let doc = evidence.doc()?;
                css.select(doc).find_map(|element| self.of_element(element, attr.as_deref()))
            }
            Kind::Meta(name) => evidence.metas(name).find_map(|content| self.finish(&dom::fold(content))),
            Kind::JsonLd(path) => self.finish(&dom::fold(&evidence.json_ld(path)?)),
            Kind::Label(label) => self.finish(label::value_after(evidence.meta_line(), label)?),
            Kind::Json(pointer) => self.finish(&dom::fold(&evidence.json(pointer)?)),
        }
    }

    fn of_element(&self, element: ElementRef<'_>, attr: Option<&str>) -> Option<String> {
        match attr {
            Some(name) => self.finish(&dom::fold(element.attr(name)?)),
            None => self.finish(&dom::text(element)),
        }
    }

    fn finish(&self, raw: &str) -> Option<String> {
        let value = cleaned(raw, &self.clean);
        (!value.is_empty()).then_some(value)
    }
}

/// The value of the first rule that finds one.
pub fn first(rules: &[Rule], evidence: &Evidence<'_>) -> Option<String> {
    rules.iter().find_map(|rule| rule.value(evidence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::Html;

    const PAGE: &str = r#"<html><head><title>喜报 - 云岭理工大学</title><meta name="ArticleTitle" content=" 喜 报 ">
        <meta property="og:title" content="另一个"><script type="application/ld+json">{"@graph":[{"@type":"WebPage"},
        {"headline":"题","author":{"name":"李禾"}}]}</script></head><body><h1></h1><h1>来源：<b>云岭</b>  校报</h1></body></html>"#;

    fn value(rule: &str) -> Option<String> {
        let doc = Html::parse_document(PAGE);
        let spec: RuleSpec = toml::from_str(rule).unwrap();
        let evidence = Evidence::of_html(&doc).with_meta_line("来源： 作者：李禾 时间：2023-06-06");
        Rule::compile(&spec).unwrap().value(&evidence)
    }

    #[test]
    fn every_kind_finds_its_value() {
        for (rule, want) in [
            ("css = 'h1'", Some("来源：云岭 校报")),
            ("css = 'h1'\nclean = ['trim-label']", Some("云岭 校报")),
            ("css = 'title'\nclean = ['trim-site-suffix']", Some("喜报")),
            ("css = 'meta[name=ArticleTitle]'\nattr = 'content'", Some("喜 报")),
            ("meta = 'articletitle'", Some("喜 报")),
            ("meta = 'og:title'", Some("另一个")),
            ("json_ld = 'headline'", Some("题")),
            ("json_ld = 'author.name'", Some("李禾")),
            ("label = '作者[:：]'", Some("李禾")),
            ("label = '来源[:：]'", None),
            ("label = '时间[:：]'", Some("2023-06-06")),
            ("css = 'h5'", None),
        ] {
            assert_eq!(value(rule).as_deref(), want, "{rule}");
        }
    }

    #[test]
    fn two_kinds_in_one_rule_are_refused() {
        for rule in ["css = 'h1'\nmeta = 'x'", "attr = 'href'", "meta = 'x'\nattr = 'y'", "css = 'h1['", "label = '('"]
        {
            let spec: RuleSpec = toml::from_str(rule).unwrap();
            assert!(Rule::compile(&spec).is_err(), "{rule}");
        }
    }
}
