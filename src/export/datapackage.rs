//! A Frictionless Data Package of exported tables: its descriptor, data dictionary, citation and README, as texts.
//!
//! Everything said of a column is made from [`Column`](super::Column), of which the files themselves are made, so that schema,
//! dictionary and header cannot disagree. Nothing is invented: what nobody said (licence, authors) is absent or said to be
//! not stated. Nothing names a clock: one archive and one set of filters give one set of bytes.

mod schema;
mod words;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Format, Holds, Options, Table};
pub use words::{citation, dictionary, readme};

/// Name of the descriptor in a package.
pub const DESCRIPTOR: &str = "datapackage.json";

/// A licence, as somebody stated it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// Identifier, such as `CC-BY-4.0` (SPDX).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Address of its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// What a package says of itself.
#[derive(Debug, Clone)]
pub struct About {
    /// What it is called.
    pub title: String,
    /// Whom to cite; empty where nobody said.
    pub authors: Vec<String>,
    /// Licences; empty where nobody stated one.
    pub licences: Vec<Licence>,
    /// The archive's id.
    pub archive_id: Option<String>,
    /// The moment of the archive's latest capture, RFC 3339: the package's date.
    pub last_capture: Option<String>,
    /// The filters in words; empty where everything was taken.
    pub filters: String,
    /// Program and version.
    pub program: String,
    /// Where rows come from and what was done to them, in full: goes into the descriptor as it is.
    pub provenance: Value,
    /// What was left out or replaced before rows were written, in Chinese and in English; empty where nothing was.
    pub withheld: Vec<[String; 2]>,
}

/// A table as it stands in a package.
#[derive(Debug, Clone)]
pub struct Resource {
    /// The table.
    pub table: &'static Table,
    /// Name of its file.
    pub path: String,
    /// Rows.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
}

/// How the tables of a package are written.
#[derive(Debug, Clone, Copy)]
pub struct Written {
    /// The format.
    pub format: &'static Format,
    /// Its options.
    pub options: Options,
    /// Whether every row another one refers to is in the package: no filter.
    pub whole: bool,
}

impl Written {
    /// Whether lists and structures stand in it as such.
    fn is_nested(self) -> bool {
        self.format.name == "jsonl"
    }

    /// Whether a list stands in it as a list.
    fn has_lists(self) -> bool {
        matches!(self.format.name, "jsonl" | "parquet")
    }

    fn columns(self, table: &'static Table) -> Vec<&'static super::Column> {
        if self.is_nested() {
            table.nested_columns().map(|(_, column)| column).collect()
        } else {
            table.flat_columns().map(|(_, column)| column).collect()
        }
    }
}

/// `datapackage.json` (Data Package 1.0).
pub fn descriptor(about: &About, written: Written, resources: &[Resource]) -> Value {
    let mut package = Map::new();
    let mut put = |name: &str, value: Value| {
        package.insert(name.to_owned(), value);
    };
    put("profile", json!("tabular-data-package"));
    put("name", json!("shiguan"));
    if let Some(id) = &about.archive_id {
        put("id", json!(id));
    }
    put("title", json!(about.title));
    put("description", json!(words::description(about)));
    if let Some(at) = &about.last_capture {
        put("created", json!(at));
    }
    if !about.licences.is_empty() {
        put("licenses", json!(about.licences));
    }
    if !about.authors.is_empty() {
        let authors = about.authors.iter().map(|name| json!({ "title": name, "role": "author" }));
        put("contributors", Value::Array(authors.collect()));
    }
    put("provenance", about.provenance.clone());
    put("resources", resources.iter().map(|resource| self::resource(resource, written, resources)).collect());
    Value::Object(package)
}

fn resource(resource: &Resource, written: Written, all: &[Resource]) -> Value {
    let table = resource.table;
    let mut value = Map::new();
    let mut put = |name: &str, told: Value| {
        value.insert(name.to_owned(), told);
    };
    put("profile", json!("tabular-data-resource"));
    put("name", json!(table.name));
    put("path", json!(resource.path));
    put("title", json!(table.about_zh));
    put("description", json!(table.about));
    put("format", json!(written.format.extension));
    put("mediatype", json!(media_type(written.format.name)));
    put("bytes", json!(resource.bytes));
    put("hash", json!(format!("sha256:{}", resource.sha256)));
    put("rows", json!(resource.rows));
    if matches!(written.format.name, "csv" | "jsonl") {
        put("encoding", json!("utf-8"));
    }
    if written.format.name == "csv" {
        put("dialect", json!({ "delimiter": ",", "lineTerminator": "\r\n", "quoteChar": "\"", "doubleQuote": true }));
    }
    put("schema", schema::schema(table, written, all));
    Value::Object(value)
}

fn media_type(format: &str) -> &'static str {
    match format {
        "csv" => "text/csv",
        "jsonl" => "application/jsonl",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _parquet => "application/vnd.apache.parquet",
    }
}

/// What a column holds in a format, in the words of Table Schema.
fn type_of(holds: Holds, written: Written) -> &'static str {
    match holds {
        Holds::Integer => "integer",
        Holds::Number => "number",
        Holds::Published | Holds::Captured => "datetime",
        Holds::Texts | Holds::Integers | Holds::Credits | Holds::Structure if written.has_lists() => "array",
        Holds::Text | Holds::Address | Holds::Texts | Holds::Integers | Holds::Credits | Holds::Structure => "string",
    }
}
