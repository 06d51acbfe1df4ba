//! The fixture pages: finding them, and reading them the way the program does.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;
use shiguan::decode::{self, decode};
use shiguan::domain::time::{CaptureTime, Date};
use shiguan::extract::{self, Catalogue, extract};
use url::Url;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::load(&[]).unwrap());

/// One page and what must come of it.
pub(super) struct Case {
    /// `family/case`, for messages.
    pub(super) name: String,
    /// The folder's family.
    pub(super) family: String,
    /// Where it lies.
    pub(super) folder: PathBuf,
    /// How it was captured and what it shows.
    pub(super) note: Note,
    /// The record a person read off the page.
    pub(super) expected: Option<Value>,
    payload: Vec<u8>,
}

/// `capture.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Note {
    url: String,
    captured_at: CaptureTime,
    content_type: String,
    status: u16,
    /// The family that must read it; not a hint.
    pub(super) family: String,
    /// Why the case exists.
    pub(super) shows: String,
    /// The CMS's own id, where the address tells it.
    pub(super) article_id: Option<String>,
}

impl Note {
    /// The day of capture, which selects the revision.
    pub(super) fn day(&self) -> Date {
        self.captured_at.china_date()
    }
}

impl Case {
    /// `article`, `listing` or `other`, as expected.
    pub(super) fn kind(&self) -> &str {
        self.expected.as_ref().and_then(|record| record["kind"].as_str()).unwrap_or("none")
    }
}

pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Folders with a `capture.toml` two levels down, by name.
pub(super) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = folders(&root())
        .iter()
        .flat_map(|family| folders(family))
        .filter(|folder| folder.join("capture.toml").exists())
        .map(load)
        .collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(cases.len() > 30, "the walk found the cases");
    cases
}

/// Decodes and reads the page; gives its record, without the parts that change with every release, and its article id.
pub(super) fn read(case: &Case) -> (Value, Option<String>) {
    let url = Url::parse(&case.note.url).unwrap();
    let hints = decode::Hints {
        url: Some(&url),
        content_type: Some(case.note.content_type.as_str()),
        content_encoding: None,
        status: Some(case.note.status),
    };
    let page = decode(&case.payload, &hints, case.note.day());
    let extraction = extract(&page, &CATALOGUE, &extract::Hints::default());
    (normalised(serde_json::to_value(&extraction.record).unwrap()), extraction.article_id)
}

/// Keys are sorted by `serde_json`'s map.
pub(super) fn pretty(record: &Value) -> String {
    serde_json::to_string_pretty(record).unwrap()
}

fn normalised(mut record: Value) -> Value {
    let fields = record.as_object_mut().unwrap();
    assert!(
        fields.remove("extractor").is_some() && fields.remove("selectors").is_some(),
        "every record names its reader"
    );
    record
}

fn load(folder: PathBuf) -> Case {
    let part = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let family = part(folder.parent().unwrap());
    let name = format!("{family}/{}", part(&folder));
    let note: Result<Note, _> = toml::from_str(&fs::read_to_string(folder.join("capture.toml")).unwrap());
    assert!(note.is_ok(), "{name}/capture.toml: {note:?}");
    let pages = ["page.html", "page.json", "page.xml"].map(|file| folder.join(file));
    let payload = pages.iter().find_map(|file| fs::read(file).ok()).unwrap_or_default();
    assert!(!payload.is_empty(), "{name}: no page");
    let expected = fs::read(folder.join("record.json")).ok().map(|bytes| serde_json::from_slice(&bytes).unwrap());
    Case { name, family, folder, note: note.unwrap(), expected, payload }
}

fn folders(parent: &Path) -> Vec<PathBuf> {
    fs::read_dir(parent).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect()
}
