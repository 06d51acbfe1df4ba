//! `export all`: every table as a Frictionless Data Package, a folder that appears whole or not at all.

use std::fs::{self, File, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::super::exit::Failure;
use super::super::output;
use super::super::settings::ExportSection;
use super::{Job, cells, file, sharing, sidecar};
use crate::domain::held::Filter;
use crate::export::datapackage::{self, About, Resource, Written};
use crate::export::{TABLES, Table};

/// What the settings and the command line say of the package.
pub(super) struct Said {
    /// Title, authors, licences.
    pub(super) section: ExportSection,
    /// The institution: the author where none is named.
    pub(super) operator: Option<String>,
    /// The filters in words.
    pub(super) filters: String,
}

/// Writes the package to the folder `path`, which must not be there yet.
pub(super) fn write(job: &Job<'_>, said: Said, path: &Path) -> anyhow::Result<()> {
    check(path)?;
    let place = || format!("writing {}", path.display());
    let folder = output::folder_of(path);
    let made = tempfile::Builder::new()
        .prefix(".shiguan-export-")
        .tempdir_in(folder)
        .map_err(|error| Failure::unusable(format!("{}: cannot write here: {}", path.display(), error.kind())))?;
    let resources = TABLES.iter().map(|table| job.resource(table, made.path())).collect::<anyhow::Result<Vec<_>>>()?;
    let about = job.about(said)?;
    let written = job.written();
    let descriptor = serde_json::to_string_pretty(&datapackage::descriptor(&about, written, &resources))? + "\n";
    let texts = [
        ("CITATION.cff", datapackage::citation(&about)),
        ("DICTIONARY.md", datapackage::dictionary(written, &resources)),
        ("README.md", datapackage::readme(&about, written, &resources)),
        (datapackage::DESCRIPTOR, descriptor),
    ];
    let mut sums = resources.iter().fold(String::new(), |sums, file| sums + &file.sha256 + "  " + &file.path + "\n");
    for (name, text) in &texts {
        put(&made.path().join(name), text).with_context(place)?;
        let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(text));
        sums.extend([&digest, "  ", name, "\n"]);
    }
    put(&made.path().join("SHA256SUMS"), &sums).with_context(place)?;
    fs::set_permissions(made.path(), Permissions::from_mode(0o755)).with_context(place)?;
    File::open(made.path()).and_then(|folder| folder.sync_all()).with_context(place)?;
    fs::rename(made.path(), path).with_context(place)?;
    // What was renamed is no longer there to be removed.
    drop(made.keep());
    File::open(folder).and_then(|folder| folder.sync_all()).with_context(place)
}

/// Sees that a folder can be made here, and that nothing stands in its place but an empty one.
fn check(path: &Path) -> Result<(), Failure> {
    let folder = output::folder_of(path);
    if !folder.is_dir() {
        return Err(Failure::unusable(format!("{}: no such folder as {}", path.display(), folder.display())));
    }
    let is_free = match fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_none(),
        Err(_) => path.symlink_metadata().is_err(),
    };
    if is_free {
        return Ok(());
    }
    Err(Failure::unusable(format!("{}: is already there; a package is written to a new folder", path.display())))
}

fn put(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

impl Job<'_> {
    fn resource(&self, table: &'static Table, folder: &Path) -> anyhow::Result<Resource> {
        let path = format!("{}.{}", table.name, self.format.extension);
        let place = folder.join(&path);
        let mut watch = self.watch(table)?;
        let mut counts = super::Counts::default();
        let written = file::replace(&place, |sink| {
            counts = self.write(table, sink, &mut watch)?;
            Ok(())
        })?;
        Self::tell_cut(&path, counts);
        Ok(Resource {
            table: self.sharing.table(table),
            path,
            rows: counts.rows,
            bytes: written.bytes,
            sha256: written.sha256,
        })
    }

    fn written(&self) -> Written {
        Written { format: self.format, options: self.options, whole: self.filter == Filter::default() }
    }

    fn about(&self, said: Said) -> anyhow::Result<About> {
        let archive = self.reader.provenance()?;
        let runs = self.reader.runs().map(|run| Ok(run?.id)).collect::<anyhow::Result<Vec<_>>>()?;
        let program = concat!("shiguan ", env!("CARGO_PKG_VERSION"));
        let Said { section, operator, filters } = said;
        let statement = self.sharing.statement();
        let provenance = json!({
            "program": program,
            "archive": archive,
            "runs": runs,
            "selectors": self.reader.selectors()?,
            "options": self.options,
            "filters": sidecar::Filters::of(&self.filter, &self.sharing),
            "personal_data": statement,
            "withheld": self.reader.withheld(),
        });
        Ok(About {
            title: section.title.unwrap_or_else(|| "高校主题教育新闻记录 Records of theme-education news".to_owned()),
            authors: if section.authors.is_empty() { operator.into_iter().collect() } else { section.authors },
            licences: section.licences,
            archive_id: archive.archive_id.clone(),
            last_capture: archive.last_capture.clone(),
            filters,
            program: program.to_owned(),
            withheld: self.withheld(statement.as_ref()),
            provenance: without_nulls(provenance),
        })
    }
}

impl Job<'_> {
    /// What was replaced or left out, in Chinese and in English.
    fn withheld(&self, statement: Option<&sharing::Statement>) -> Vec<[String; 2]> {
        let taken_down = self.reader.withheld().map(|withheld| {
            let (articles, reflections) = (withheld.articles, withheld.reflections);
            [
                format!(
                    "按撤下清单未列入文章 {articles} 篇、其余文章中的心得 {reflections} 条，撤下的人名在文中为“某某”"
                ),
                format!(
                    "Taken down on request: {} and {} of other articles; persons taken down are 某某 in texts",
                    cells(articles, "article"),
                    cells(reflections, "reflection")
                ),
            ]
        });
        statement.map(sharing::Statement::in_words).unwrap_or_default().into_iter().chain(taken_down).collect()
    }
}

/// What there is nothing to say of is not mentioned.
fn without_nulls(mut value: Value) -> Value {
    if let Value::Object(fields) = &mut value {
        fields.retain(|name, value| !matches!(name.as_str(), "personal_data" | "withheld") || !value.is_null());
    }
    value
}
