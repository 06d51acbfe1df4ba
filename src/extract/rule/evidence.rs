//! What rules look at: a document and what was already read off it. Meta tags and JSON-LD are collected once a page,
//! and only when a rule asks.

use std::cell::OnceCell;

use scraper::Html;
use serde_json::Value;

use crate::extract::dom;

/// JSON-LD larger than this, all blocks of a page together, is a data dump and not the description of an article.
const MAX_JSON_LD_BYTES: usize = 256 * 1024;

/// The evidence of one page.
#[derive(Debug, Default)]
pub struct Evidence<'a> {
    doc: Option<&'a Html>,
    meta_line: &'a str,
    json: Option<&'a Value>,
    metas: OnceCell<Vec<(String, &'a str)>>,
    json_ld: OnceCell<Vec<Value>>,
}

impl<'a> Evidence<'a> {
    /// A page of HTML.
    pub fn of_html(doc: &'a Html) -> Self {
        Self { doc: Some(doc), ..Self::default() }
    }

    /// A JSON answer.
    pub fn of_json(value: &'a Value) -> Self {
        Self { json: Some(value), ..Self::default() }
    }

    /// The same with the text of the meta line, which `label` rules read.
    #[must_use]
    pub fn with_meta_line(mut self, text: &'a str) -> Self {
        self.meta_line = text;
        self
    }

    pub(super) fn doc(&self) -> Option<&'a Html> {
        self.doc
    }

    /// Text of the meta line.
    pub(in crate::extract) fn meta_line(&self) -> &'a str {
        self.meta_line
    }

    /// Contents of the `<meta name>` or `<meta property>` of this lower-case name, in page order.
    pub fn metas<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'a str> + 's {
        let all = self.metas.get_or_init(|| self.doc.map(metas).unwrap_or_default());
        all.iter().filter(move |(key, _)| key == name).map(|(_, content)| *content)
    }

    /// The first scalar at a dotted path in any JSON-LD object of the page.
    pub(super) fn json_ld(&self, path: &[String]) -> Option<String> {
        let objects = self.json_ld.get_or_init(|| self.doc.map(json_ld).unwrap_or_default());
        objects.iter().find_map(|object| {
            let found = path.iter().try_fold(object, |value, key| match value {
                Value::Array(items) => items.iter().find_map(|item| item.get(key)),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => value.get(key),
            })?;
            scalar(found)
        })
    }

    /// The scalar at a JSON pointer of a JSON answer.
    pub(super) fn json(&self, pointer: &str) -> Option<String> {
        scalar(self.json?.pointer(pointer)?)
    }
}

/// Text of a string or number; of an array the first that has one.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(items) => items.iter().find_map(|item| match item {
            Value::String(text) => Some(text.clone()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
        }),
        Value::Null | Value::Bool(_) | Value::Object(_) => None,
    }
}

fn metas(doc: &Html) -> Vec<(String, &str)> {
    dom::elements(doc)
        .filter(|element| element.value().name() == "meta")
        .filter_map(|element| {
            let attr = |name| dom::attr(element.value(), name);
            let name = attr("name").or_else(|| attr("property"))?;
            Some((name.trim().to_lowercase(), attr("content")?))
        })
        .collect()
}

/// Every JSON-LD object, `@graph` members as objects of their own.
fn json_ld(doc: &Html) -> Vec<Value> {
    let scripts = dom::elements(doc).filter(|element| {
        element.value().name() == "script"
            && dom::attr(element.value(), "type")
                .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/ld+json"))
    });
    let mut objects = Vec::new();
    let mut left = MAX_JSON_LD_BYTES;
    for script in scripts {
        let source: String = script.text().collect();
        let Some(rest) = left.checked_sub(source.len()) else { continue };
        left = rest;
        // A broken block describes nothing; others on the page still count.
        let Ok(value) = serde_json::from_str::<Value>(source.trim()) else { continue };
        let mut waiting = vec![value];
        while let Some(value) = waiting.pop() {
            match value {
                Value::Array(items) => waiting.extend(items.into_iter().rev()),
                Value::Object(mut fields) => {
                    if let Some(graph) = fields.remove("@graph") {
                        waiting.push(graph);
                    }
                    objects.push(Value::Object(fields));
                }
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            }
        }
    }
    objects
}
