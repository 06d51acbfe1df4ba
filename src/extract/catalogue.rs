//! The compiled profiles: all families, all sites.

use crate::domain::profile::SiteSpec;

/// One selector file as text; the edge reads it, this module compiles it.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path shown in errors, such as `families/vsb.toml`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// All profiles, compiled.
#[derive(Debug)]
pub struct Catalogue {}

/// What is wrong with a selector file: names file, line and field.
#[derive(Debug, thiserror::Error)]
#[error("{path}{}: {what}", line.map(|l| format!(":{l}")).unwrap_or_default())]
pub struct ProfileError {
    /// The file.
    pub path: String,
    /// The line, from 1, where known.
    pub line: Option<usize>,
    /// The field and what is wrong with it.
    pub what: String,
}

impl Catalogue {
    /// The profiles built into the program, with these files laid over them (a file of the same path replaces the built-in one).
    pub fn load(_overlay: &[SourceFile]) -> Result<Self, ProfileError> {
        todo!("written next")
    }

    /// Names of all families, in order; `generic` is among them.
    pub fn families(&self) -> Vec<&str> {
        todo!("written next")
    }

    /// All sites, by id.
    pub fn sites(&self) -> impl Iterator<Item = &SiteSpec> {
        std::iter::empty()
    }
}
