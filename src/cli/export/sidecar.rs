//! What stands beside an exported file: `FILE.sha256`, as `sha256sum -c` reads it, and `FILE.meta.json`, which says how the
//! file came about. Neither names a clock: one archive and one set of filters give one set of bytes.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::file::Written;
use super::sharing::{Sharing, Statement};
use crate::domain::held::Filter;
use crate::domain::time::Date;
use crate::export::Options;
use crate::store::{Provenance, Withheld};

/// How a file came about.
#[derive(Serialize)]
pub(super) struct Description {
    pub(super) table: &'static str,
    pub(super) format: &'static str,
    pub(super) rows: u64,
    pub(super) cut_cells: u64,
    pub(super) bytes: u64,
    pub(super) sha256: String,
    pub(super) options: Options,
    pub(super) filters: Filters,
    /// What was done so that the file can be shared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) personal_data: Option<Statement>,
    /// What the takedown list hides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) withheld: Option<Withheld>,
    pub(super) archive: Provenance,
    pub(super) program: &'static str,
}

/// The filters, as they were typed.
#[derive(Serialize)]
pub(super) struct Filters {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    site: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Date>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    topic: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<String>,
}

impl Filters {
    /// The filters; words that can name somebody as tokens, where persons are tokens.
    pub(super) fn of(filter: &Filter, sharing: &Sharing<'_>) -> Self {
        let Filter { sites, since, until, topics, person, unit, matched } = filter.clone();
        let told = |words: Option<String>| words.map(|words| sharing.words(&words).into_owned());
        let query = told(matched.map(|found| found.query));
        Self { site: sites, since, until, topic: topics, person: told(person), unit: told(unit), query }
    }
}

/// Writes both files, each whole or not at all.
pub(super) fn write(path: &Path, written: &Written, description: &impl Serialize) -> anyhow::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let digest = format!("{}  {name}\n", written.sha256);
    let text = serde_json::to_string_pretty(description)? + "\n";
    for (beside, text) in beside(path).into_iter().zip([digest, text]) {
        super::file::replace_plain(&beside, &text)?;
    }
    Ok(())
}

/// Removes what described an earlier file.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    for beside in beside(path) {
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

fn beside(path: &Path) -> [PathBuf; 2] {
    ["sha256", "meta.json"].map(|extension| {
        let mut name = OsString::from(path);
        name.push(".");
        name.push(extension);
        PathBuf::from(name)
    })
}
