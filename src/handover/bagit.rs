//! An archive as a bag: a folder with the captures, their index, the records as tables, what is known of each under its
//! Chinese name, the log of events, the settings, and how to read all of it without this program.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::metadata::Sayings;
use super::places::Places;
use super::shown::Shown;
use super::sorted::Sorted;
use super::source::Source;
use super::tables::{Tables, Written};
use super::{Error, Job, Summary, readme};
use crate::package::bagit::{DECLARATION, Digesting, Digests, info, manifests, oxum};
use crate::package::wacz::About;
use crate::store::{Reader, TAKEDOWN_FILE};

/// What a bag holds beside the archive's own content.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// The settings file as it is handed over: without secrets.
    pub settings: String,
    /// What an archivist says of records.
    pub sayings: Sayings,
}

/// Writes the bag to the folder `path`: beside it first, then under its name. What stands there is left alone.
pub fn bagit(job: &Job, beside: &Beside, path: &Path) -> Result<Summary, Error> {
    if path.symlink_metadata().is_ok() {
        return Err(Error::Exists { path: path.to_owned() });
    }
    let without = Reader::shown_beside(&job.dir)?;
    let reader = Reader::whole(&job.dir)?;
    let source = Source::new(job, &reader)?;
    let shown = Shown::new(job, &source, without.as_ref())?;
    let parts = source.parts()?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let place = Error::io(path, "writing the package");
    let made = tempfile::Builder::new().prefix(".shiguan-package-").tempdir_in(folder).map_err(&place)?;
    let summary = super::figures(path, &parts);
    let about = super::described(&job.about, &summary, reader.archive_id()?, shown.withheld().as_deref());
    let mut bag = Bag { root: made.path().to_owned(), payload: Vec::new() };
    let (mut lines, mut places) = (Sorted::new(folder.to_owned()), Places::default());
    for part in &parts {
        bag.file(&format!("data/{}", part.path()), |out| {
            source.copy(part, out, &place, &mut |member, entry| {
                if !part.whole {
                    places.moved(part.file(), member.offset, (&part.path(), entry.offset));
                }
                lines.push(entry.line()).map_err(&place)
            })
        })?;
    }
    bag.file("data/index/index.cdxj", |out| lines.each(|line| out.write_all(line.as_bytes())).map_err(&place))?;
    let tables = Tables { source: &source, shown: &shown, sayings: &beside.sayings, places: &places };
    let tables = tables.write(&mut bag)?;
    bag.whole("data/settings/shiguan.toml", beside.settings.as_bytes())?;
    if let Some(list) = shown.list(job)? {
        bag.whole(&format!("data/settings/{TAKEDOWN_FILE}"), &list)?;
    }
    for (name, text) in readme::texts(&about) {
        bag.whole(&format!("data/{name}"), text.as_bytes())?;
    }
    bag.describe(&about, &tables)?;
    bag.close(&about)?;
    let open_to_read = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(made.path(), open_to_read).map_err(&place)?;
    fs::rename(made.path(), path).map_err(&place)?;
    // What was renamed is no longer there to be removed.
    drop(made.keep());
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(&place)?;
    Ok(summary)
}

/// A bag being filled.
pub(super) struct Bag {
    root: PathBuf,
    payload: Vec<Digests>,
}

impl Bag {
    /// Where a file of the bag is.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Writes a file of the payload through `fill`.
    pub(super) fn file(
        &mut self,
        name: &str,
        fill: impl FnOnce(&mut Digesting<BufWriter<File>>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let path = self.path(name);
        let mut out = Digesting::new(BufWriter::with_capacity(1 << 18, create(&path)?));
        fill(&mut out)?;
        let (out, digests) = out.finish(name);
        finish(out, &path)?;
        self.payload.push(digests);
        Ok(())
    }

    /// Writes a file of the payload that is at hand.
    pub(super) fn whole(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let place = Error::io(&self.path(name), "writing");
        self.file(name, |out| out.write_all(bytes).map_err(place))
    }

    /// `datapackage.json`: the tables with their columns (Data Package 1.0), for programs that read tables.
    fn describe(&mut self, about: &About, tables: &[Written]) -> Result<(), Error> {
        let resource = |written: &Written| {
            let path = format!("{}.csv", written.path);
            let digests = self.payload.iter().find(|file| file.path == path)?;
            let fields: Vec<_> =
                written.table.flat_columns().map(|(_, column)| json!({ "name": column.name, "type": "any" })).collect();
            Some(json!({
                "name": written.table.name, "path": path.strip_prefix("data/").unwrap_or(&path),
                "title": written.table.about, "profile": "tabular-data-resource", "format": "csv",
                "mediatype": "text/csv", "encoding": "utf-8", "bytes": digests.bytes,
                "hash": format!("sha256:{}", digests.sha256), "schema": { "fields": fields },
            }))
        };
        let resources: Vec<_> = tables.iter().filter_map(resource).collect();
        let package = json!({
            "profile": "tabular-data-package", "name": "shiguan-bag", "title": about.title,
            "description": about.description, "created": about.created.to_seconds_string(), "resources": resources,
        });
        let text = format!("{package:#}\n");
        self.whole("data/datapackage.json", text.as_bytes())
    }

    /// The bag's own files: what it is, and the digests of everything in it.
    fn close(self, about: &About) -> Result<(), Error> {
        let mut tags = vec![("bagit.txt".to_owned(), DECLARATION.to_owned()), self.info(about)];
        tags.extend(manifests("manifest", &self.payload));
        let mut digests = Vec::new();
        for (name, text) in &tags {
            digests.push(self.tag(name, text)?);
        }
        for (name, text) in manifests("tagmanifest", &digests) {
            self.tag(&name, &text)?;
        }
        Ok(())
    }

    fn info(&self, about: &About) -> (String, String) {
        let day = about.created.to_seconds_string().split('T').next().unwrap_or_default().to_owned();
        let mut fields = Vec::new();
        fields.extend(about.organization.iter().map(|name| ("Source-Organization", name.clone())));
        fields.extend([
            ("External-Description", format!("{}: {}", about.title, about.description)),
            ("External-Identifier", about.archive_id.clone()),
            ("Bagging-Date", day),
            ("Payload-Oxum", oxum(&self.payload)),
            ("Bag-Software-Agent", about.software.clone()),
        ]);
        ("bag-info.txt".to_owned(), info(&fields))
    }

    fn tag(&self, name: &str, text: &str) -> Result<Digests, Error> {
        let path = self.path(name);
        let mut out = Digesting::new(BufWriter::new(create(&path)?));
        out.write_all(text.as_bytes()).map_err(Error::io(&path, "writing"))?;
        let (out, digests) = out.finish(name);
        finish(out, &path)?;
        Ok(digests)
    }
}

fn create(path: &Path) -> Result<File, Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o755).create(folder).map_err(Error::io(folder, "making the folder"))?;
    OpenOptions::new().write(true).create_new(true).mode(0o644).open(path).map_err(Error::io(path, "making"))
}

/// Nothing is given its name before it is on the disk.
fn finish(out: BufWriter<File>, path: &Path) -> Result<(), Error> {
    let file = out.into_inner().map_err(std::io::IntoInnerError::into_error);
    file.and_then(|file| file.sync_all()).map_err(Error::io(path, "writing"))
}
