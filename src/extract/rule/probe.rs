//! What a rule looked at, for answers to "why did this rule give nothing".

use scraper::ElementRef;

use super::{Evidence, Kind, Rule};

impl Rule {
    /// How many places on the page this rule looks at; those may still be empty.
    pub fn matches(&self, evidence: &Evidence<'_>) -> usize {
        match &self.kind {
            Kind::Css { css, .. } => evidence.doc().map_or(0, |doc| css.select(doc).count()),
            Kind::Meta(name) => evidence.metas(name).count(),
            Kind::JsonLd(path) => usize::from(evidence.json_ld(path).is_some()),
            Kind::Label(label) => label.find_iter(evidence.meta_line()).count(),
            Kind::Json(pointer) => usize::from(evidence.json(pointer).is_some()),
        }
    }

    /// The element whose text or attribute is this rule's value; `None` for rules that look at no element.
    pub fn giver<'a>(&self, evidence: &Evidence<'a>) -> Option<ElementRef<'a>> {
        match &self.kind {
            Kind::Css { css, attr } => {
                css.select(evidence.doc()?).find(|element| self.of_element(*element, attr.as_deref()).is_some())
            }
            Kind::Meta(_) | Kind::JsonLd(_) | Kind::Label(_) | Kind::Json(_) => None,
        }
    }
}
