//! The compiled profiles: all families, all sites.
//!
//! Text comes in, compiled rules go out; reading files is the edge's business. A catalogue is whole or it is not
//! there: one wrong value anywhere is an error that names file, line and field, never a rule that silently matches
//! nothing.

mod error;
mod lint;
mod load;
mod locate;
mod written;

use std::collections::BTreeMap;

use crate::domain::profile::SiteSpec;
use crate::domain::time::Date;

use super::detect::Recogniser;
use super::profile::{Family, Overrides, Profile};
use super::topics::Topics;
use super::walls::Walls;

pub use error::ProfileError;
pub use lint::lint;
use written::Texts;
pub use written::Written;

/// Name of the family that reads what no other family knows.
pub const GENERIC: &str = "generic";

/// One selector file as text; the edge reads it, this module compiles it.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path below `selectors/`, shown in errors, such as `families/vsb.toml`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// All profiles, compiled. Shared between threads behind an `Arc`; nothing in it changes.
#[derive(Debug)]
pub struct Catalogue {
    families: BTreeMap<String, Family>,
    sites: BTreeMap<String, Site>,
    recogniser: Recogniser,
    topics: Topics,
    walls: Walls,
    texts: Texts,
}

/// A site's file and its compiled rules.
#[derive(Debug)]
struct Site {
    spec: SiteSpec,
    overrides: Overrides,
}

/// The line and the path of the key a byte of a TOML text belongs to, for whoever reads other settings in the same way.
pub fn place_of(text: &str, offset: usize) -> (usize, String) {
    (locate::line_at(text, offset), locate::path_at(text, offset))
}

impl Catalogue {
    /// The profiles built into the program, with these files laid over them (a file of the same path replaces the
    /// built-in one). `topics.toml` names
    /// the campaigns, `walls.toml` what stands in the place of a page; other files outside `families/` and `sites/` are other people's and left alone.
    pub fn load(overlay: &[SourceFile]) -> Result<Self, ProfileError> {
        load::load(overlay)
    }

    /// Names of all families, in order; `generic` is among them.
    pub fn families(&self) -> Vec<&str> {
        self.families.keys().map(String::as_str).collect()
    }

    /// Whether there is such a family.
    pub fn has_family(&self, name: &str) -> bool {
        self.families.contains_key(name)
    }

    /// All sites, by id.
    pub fn sites(&self) -> impl Iterator<Item = &SiteSpec> {
        self.sites.values().map(|site| &site.spec)
    }

    /// Family and revision that would read a page captured that day: `vsb@2018-01-01`. An unknown family is read
    /// as `generic`, and said so.
    pub fn selectors_revision(&self, family: &str, day: Date) -> String {
        self.profile(family, None, day).selectors()
    }

    /// The rules for a page: those of the family valid on that day, those of the site before them.
    pub fn profile(&self, family: &str, site: Option<&str>, day: Date) -> Profile {
        let overrides = site.and_then(|id| self.sites.get(id)).map(|site| &site.overrides);
        match self.family(family) {
            Some(family) => family.profile(day, overrides),
            None => Profile::empty(GENERIC),
        }
    }

    /// The family a site's file names.
    pub(in crate::extract) fn site_family(&self, site: &str) -> Option<&str> {
        self.sites.get(site)?.spec.family.as_deref()
    }

    /// A family by name; `generic` for a name nobody knows.
    pub(in crate::extract) fn family(&self, name: &str) -> Option<&Family> {
        self.families.get(name).or_else(|| self.families.get(GENERIC))
    }

    /// A field of a selector file as its author wrote it, such as `families/vsb.toml` and
    /// `revision[0].article.title[1]`.
    pub fn written(&self, path: &str, field: &str) -> Option<Written> {
        self.texts.written(path, field)
    }

    /// What a site's own file lays over its family.
    pub(in crate::extract) fn overrides(&self, site: &str) -> Option<&Overrides> {
        self.sites.get(site).map(|site| &site.overrides)
    }

    /// What recognises families.
    pub(in crate::extract) fn recogniser(&self) -> &Recogniser {
        &self.recogniser
    }

    /// The campaigns articles are tagged with.
    pub fn topics(&self) -> &Topics {
        &self.topics
    }

    /// What stands in the place of a page.
    pub fn walls(&self) -> &Walls {
        &self.walls
    }

    /// All families with their compiled rules, by name.
    pub(in crate::extract) fn all(&self) -> impl Iterator<Item = &Family> {
        self.families.values()
    }
}
