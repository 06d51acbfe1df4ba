//! `export all`: a data package that says of its tables what stands in them.

use std::fs;
use std::path::Path;

use serde_json::Value;
use sha2::Digest as _;

use crate::support::generated;
use crate::support::program::run;

fn archive() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    generated::archive(dir.path(), (0..60).map(generated::article)).unwrap();
    dir
}

fn export(archive: &Path, to: &Path, more: &[&str]) -> Value {
    let ran = run(archive, &[&["export", "all", "--archive", ".", "-o", to.to_str().unwrap()], more].concat());
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
    serde_json::from_slice(&fs::read(to.join("datapackage.json")).unwrap()).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_descriptor_fits_the_files_to_the_byte() {
    let (archive, out) = (archive(), tempfile::tempdir().unwrap());
    let to = out.path().join("package");
    let package = export(archive.path(), &to, &[]);
    let resources = package["resources"].as_array().unwrap();
    assert_eq!(resources.len(), shiguan::export::TABLES.len());
    let dictionary = fs::read_to_string(to.join("DICTIONARY.md")).unwrap();
    for resource in resources {
        let bytes = fs::read(to.join(resource["path"].as_str().unwrap())).unwrap();
        assert_eq!(resource["bytes"], bytes.len());
        let digest = data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(&bytes));
        assert_eq!(resource["hash"], format!("sha256:{digest}"));
        let mut rows = csv::Reader::from_reader(bytes.as_slice());
        let fields = resource["schema"]["fields"].as_array().unwrap();
        let header: Vec<&str> = fields.iter().map(|field| field["name"].as_str().unwrap()).collect();
        assert_eq!(rows.headers().unwrap(), header);
        assert_eq!(resource["rows"], rows.records().count());
        for field in fields {
            let told = ["title", "description"].map(|language| field[language].as_str().unwrap());
            assert!(told.iter().all(|text| !text.is_empty() && dictionary.contains(text)), "{field}");
        }
    }
    let reflections = resources.iter().find(|resource| resource["name"] == "reflections").unwrap();
    assert_eq!(reflections["schema"]["primaryKey"], serde_json::json!(["article_id", "ordinal"]));
    let to_articles =
        serde_json::json!([{ "fields": ["article_id"], "reference": { "resource": "articles", "fields": ["id"] } }]);
    assert_eq!(reflections["schema"]["foreignKeys"], to_articles);
    assert_eq!(package["provenance"]["runs"], serde_json::json!([1]));
    assert_eq!(package["provenance"]["selectors"], serde_json::json!(["vsb@0001-01-01"]));
    // Nobody stated them.
    assert!(package.get("licenses").is_none() && package.get("contributors").is_none());
    let sums = fs::read_to_string(to.join("SHA256SUMS")).unwrap();
    assert_eq!(sums.lines().count(), names(&to).len() - 1, "every file but the list itself");
}

#[test]
fn one_archive_and_one_set_of_filters_are_one_set_of_bytes() {
    let (archive, out) = (archive(), tempfile::tempdir().unwrap());
    for more in [["--format", "csv"].as_slice(), &["--format", "xlsx", "--since", "2021-01-01"]] {
        let [first, again] = ["first", "again"].map(|name| out.path().join(name));
        for to in [&first, &again] {
            export(archive.path(), to, more);
        }
        for name in names(&first) {
            assert_eq!(fs::read(first.join(&name)).unwrap(), fs::read(again.join(&name)).unwrap(), "{name}");
        }
        assert_eq!(names(out.path()), ["again", "first"], "nothing else is left behind");
        for to in [&first, &again] {
            fs::remove_dir_all(to).unwrap();
        }
    }
}

#[test]
fn a_part_refers_to_no_row_it_lacks() {
    let (archive, out) = (archive(), tempfile::tempdir().unwrap());
    let keys = |package: &Value| {
        let works = package["resources"].as_array().unwrap().iter().find(|resource| resource["name"] == "works");
        works.unwrap()["schema"]["foreignKeys"].clone()
    };
    assert!(keys(&export(archive.path(), &out.path().join("whole"), &[])).is_array());
    let part = export(archive.path(), &out.path().join("part"), &["--site", "yuren", "--query", "志愿服务"]);
    assert!(keys(&part).is_null(), "a work's first appearance may be at another site");
    assert_eq!(part["provenance"]["filters"], serde_json::json!({ "site": ["yuren"], "query": "志愿服务" }));
    let readme = fs::read_to_string(out.path().join("part/README.md")).unwrap();
    assert!(readme.contains("| 范围 | site yuren, query 志愿服务 |"), "{readme}");
}

#[test]
fn terms_and_authors_are_those_of_the_settings() {
    let (archive, out) = (archive(), tempfile::tempdir().unwrap());
    let settings = "[export]\ntitle = \"云岭 | 数据集\"\nauthors = [\"云岭大学档案馆\"]\n\
                    licences = [{ name = \"CC-BY-4.0\", path = \"https://creativecommons.org/licenses/by/4.0/\" }]\n";
    fs::write(archive.path().join("shiguan.toml"), settings).unwrap();
    let to = out.path().join("package");
    let package = export(archive.path(), &to, &[]);
    assert_eq!(package["title"], "云岭 | 数据集");
    assert_eq!(package["licenses"][0]["name"], "CC-BY-4.0");
    let citation = fs::read_to_string(to.join("CITATION.cff")).unwrap();
    for line in ["  - name: \"云岭大学档案馆\"", "license: \"CC-BY-4.0\"", "date-released: 2025-12-31"] {
        assert!(citation.lines().any(|found| found == line), "{line}\n{citation}");
    }
}

#[test]
fn what_stands_in_the_way_stays() {
    let (archive, out) = (archive(), tempfile::tempdir().unwrap());
    let to = out.path().join("package");
    fs::create_dir(&to).unwrap();
    fs::write(to.join("mine"), "mine").unwrap();
    let ran = run(archive.path(), &["export", "all", "--archive", ".", "-o", to.to_str().unwrap()]);
    assert_eq!(ran.code, 3);
    assert!(ran.stderr.contains("already there"), "{}", ran.stderr);
    assert_eq!((names(out.path()), names(&to)), (vec!["package".to_owned()], vec!["mine".to_owned()]));
    assert_eq!(run(archive.path(), &["export", "all", "--archive", "."]).code, 2, "it needs a folder");
}
