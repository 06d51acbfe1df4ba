//! What a package's own list says of its files (Data Package 1.0; WACZ 1.1.1, 5.2): path, bytes and digest of each.

use std::collections::HashMap;

use serde::Deserialize;

use super::Check;

/// `datapackage.json`, as far as it is looked at.
#[derive(Debug, Default, Deserialize)]
pub(super) struct DataPackage {
    /// Who made it.
    #[serde(default)]
    pub(super) software: String,
    /// Its files.
    #[serde(default)]
    pub(super) resources: Vec<Resource>,
}

/// One file of the list.
#[derive(Debug, Deserialize)]
pub(super) struct Resource {
    pub(super) path: String,
    #[serde(default)]
    hash: Option<String>,
    #[serde(default)]
    bytes: Option<u64>,
}

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) bytes: u64,
    /// Lower-case hexadecimal.
    pub(super) sha256: String,
}

impl Check<'_> {
    /// Holds the files under `root` against the list.
    pub(super) fn resources(&mut self, root: &str, package: &DataPackage, seen: &HashMap<String, Seen>) {
        for resource in &package.resources {
            let path = format!("{root}{}", resource.path);
            let Some(seen) = seen.get(&path) else {
                self.wrong(&path, "missing, though datapackage.json names it");
                continue;
            };
            if let Some(said) = resource.bytes.filter(|said| *said != seen.bytes) {
                self.wrong(&path, format!("{} bytes, and {said} in datapackage.json", seen.bytes));
            }
            match resource.hash.as_deref().map(|hash| (hash, hash.strip_prefix("sha256:"))) {
                Some((_, Some(said))) if !said.eq_ignore_ascii_case(&seen.sha256) => {
                    self.wrong(&path, "not the bytes whose digest datapackage.json names");
                }
                Some((_, Some(_))) => {}
                Some((other, None)) => {
                    let algorithm = other.split(':').next().unwrap_or_default();
                    self.wrong(&path, format!("its digest in datapackage.json cannot be checked: {algorithm:?}"));
                }
                None => self.wrong(&path, "datapackage.json gives no digest of it"),
            }
        }
    }
}
