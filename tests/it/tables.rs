//! `export` over a whole archive: which rows, in which order, under which filters; and the file itself.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::generated;
use crate::support::program::run;

/// Articles of the archive the tests of this module share. Number 39 repeats 19, number 79 repeats 59.
const ARTICLES: usize = 120;

/// The shared archive, made once.
fn archive() -> &'static Path {
    static ARCHIVE: std::sync::OnceLock<tempfile::TempDir> = std::sync::OnceLock::new();
    let made = || {
        let dir = tempfile::tempdir().unwrap();
        generated::archive(dir.path(), (0..ARTICLES).map(generated::article)).unwrap();
        dir
    };
    ARCHIVE.get_or_init(made).path()
}

/// The rows of a table, as JSON.
fn rows(table: &str, more: &[&str]) -> Vec<Value> {
    let ran = run(archive(), &[&["export", table, "--archive", ".", "--format", "jsonl"], more].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn column(rows: &[Value], name: &str) -> Vec<Value> {
    rows.iter().map(|row| row[name].clone()).collect()
}

#[test]
fn lists_stand_whole_in_their_own_tables() {
    let articles = rows("articles", &[]);
    assert_eq!(articles.len(), ARTICLES);
    for (table, list) in
        [("reflections", "reflections"), ("credits", "credits"), ("images", "images"), ("attachments", "attachments")]
    {
        let entries = rows(table, &[]);
        let whole: usize = articles.iter().map(|article| article[list].as_array().unwrap().len()).sum();
        assert!(whole > 10, "{table}");
        assert_eq!(entries.len(), whole, "{table}");
        let places: Vec<(i64, i64)> =
            entries.iter().map(|row| (row["article_id"].as_i64().unwrap(), row["ordinal"].as_i64().unwrap())).collect();
        assert!(places.is_sorted(), "{table}");
    }
}

#[test]
fn a_repost_belongs_to_the_work_of_its_first_appearance() {
    let (articles, works, pairs) = (rows("articles", &[]), rows("works", &[]), rows("duplicates", &[]));
    assert_eq!((pairs.len(), works.len()), (3, ARTICLES - 3));
    assert!(works.iter().map(|work| work["work_id"].as_str().unwrap()).is_sorted());
    let published = |id: &Value| {
        let article = articles.iter().find(|article| article["id"] == *id).unwrap();
        article["published_at"].as_str().unwrap().to_owned()
    };
    for pair in &pairs {
        assert!(published(&pair["first_article_id"]) <= published(&pair["repost_article_id"]), "{pair}");
        assert_eq!(pair["score"], 1.0);
        let work = works.iter().find(|work| work["work_id"] == pair["work_id"]).unwrap();
        assert_eq!(work["first_article_id"], pair["first_article_id"]);
        assert_eq!(work["reposts"], serde_json::json!([pair["repost_article_id"]]));
        assert_eq!(work["n_articles"], 2);
    }
}

#[test]
fn people_are_counted_by_their_reflections() {
    let (people, reflections) = (rows("people", &[]), rows("reflections", &[]));
    let said: i64 = people.iter().map(|person| person["n_reflections"].as_i64().unwrap()).sum();
    assert_eq!(usize::try_from(said).unwrap(), reflections.len());
    let names = column(&people, "person");
    assert!(names.windows(2).all(|pair| pair[0].as_str() < pair[1].as_str()), "each once, in order");
    let first = people.first().unwrap();
    let of_first = rows("reflections", &["--person", first["person"].as_str().unwrap()]);
    assert_eq!(of_first.len(), usize::try_from(first["n_reflections"].as_i64().unwrap()).unwrap());
}

#[test]
fn every_filter_takes_the_rows_it_names_from_every_table() {
    let articles = rows("articles", &[]);
    let person = rows("reflections", &[])[0]["people"][0].as_str().unwrap().to_owned();
    for filter in [
        ["--site", "yuren"].as_slice(),
        &["--since", "2022-01-01", "--until", "2023-06-30"],
        &["--topic", "不忘初心"],
        &["--person", &person],
        &["--unit", "测绘学院"],
        &["--site", "yuren", "--site", "donghai-news", "--topic", "主题教育", "--unit", "研22级"],
    ] {
        let kept = rows("articles", filter);
        assert!(!kept.is_empty() && kept.len() < articles.len(), "{filter:?} takes some: {}", kept.len());
        let ids = column(&kept, "id");
        for table in ["reflections", "credits", "images", "attachments"] {
            let rows = rows(table, filter);
            assert!(rows.iter().all(|row| ids.contains(&row["article_id"])), "{table} {filter:?}");
            let has_rows: Vec<&Value> = kept
                .iter()
                .filter(|article| !article[table].as_array().unwrap().is_empty())
                .map(|a| &a["id"])
                .collect();
            let ids = column(&rows, "article_id");
            assert!(has_rows.iter().all(|id| ids.contains(id)), "{table} {filter:?}");
        }
        let works = column(&rows("works", filter), "work_id");
        assert!(column(&kept, "work_id").iter().all(|id| works.contains(id)), "{filter:?}");
        assert!(rows("people", filter).len() < rows("people", &[]).len(), "{filter:?}");
    }
    // Captures have a day of their own; who speaks in them is the article's business.
    assert_eq!(rows("captures", &["--since", "2026-01-02"]).len(), 0);
    assert_eq!(rows("captures", &["--topic", "不忘初心"]).len(), rows("articles", &["--topic", "不忘初心"]).len());
}

#[test]
fn a_query_takes_the_rows_of_what_search_finds() {
    let words = "志愿服务 NOT 校史馆";
    let ran = run(archive(), &["search", "--archive", ".", "--json", "--limit", "1000", words]);
    let found: Value = serde_json::from_str(&ran.stdout).unwrap();
    let mut wanted: Vec<i64> =
        found["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_i64().unwrap()).collect();
    wanted.sort_unstable();
    assert!(!wanted.is_empty() && wanted.len() < ARTICLES, "{}", wanted.len());
    let articles = rows("articles", &["--query", words]);
    let ids: Vec<i64> = articles.iter().map(|row| row["id"].as_i64().unwrap()).collect();
    assert_eq!(ids, wanted);
    for table in ["reflections", "credits", "images", "attachments"] {
        let all = rows(table, &[]);
        let of_found = all.iter().filter(|row| wanted.contains(&row["article_id"].as_i64().unwrap()));
        let kept = rows(table, &["--query", words]);
        assert!(of_found.eq(kept.iter()), "{table}");
    }
    assert_eq!(rows("captures", &["--query", words]).len(), wanted.len());
    assert!(rows("people", &["--query", words]).len() < rows("people", &[]).len());
    // With the other filters.
    let both = rows("articles", &["--query", words, "--site", "yuren"]);
    assert!(both.len() < wanted.len() && both.iter().all(|row| row["site"] == "yuren"));
    assert_eq!(rows("articles", &["--query", "绝无此词"]).len(), 0);
    let ran = run(archive(), &["export", "people", "--archive", ".", "--query", "\"未完"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("--query"), "{}", ran.stderr);
}

#[test]
fn a_file_is_whole_proven_and_the_same_again() {
    let dir = tempfile::tempdir().unwrap();
    let export = |name: &str, more: &[&str]| {
        let path = dir.path().join(name);
        let ran =
            run(archive(), &[&["export", "articles", "--archive", ".", "-o", path.to_str().unwrap()], more].concat());
        assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
        (fs::read(&path).unwrap(), fs::read_to_string(dir.path().join(format!("{name}.sha256"))).unwrap())
    };
    let (first, proof) = export("a.csv", &[]);
    let (again, _) = export("b.csv", &[]);
    assert_eq!(first, again);
    let digest = data_encoding::HEXLOWER.encode(&<sha2::Sha256 as sha2::Digest>::digest(&first));
    assert_eq!(proof, format!("{digest}  a.csv\n"));
    export("a.csv", &["--raw-csv", "--bom", "--site", "yuren", "--since", "2020-01-01"]);
    let told: Value = serde_json::from_slice(&fs::read(dir.path().join("a.csv.meta.json")).unwrap()).unwrap();
    assert_eq!(told["options"], serde_json::json!({ "bom": true, "formula_guard": false }));
    assert_eq!(told["filters"], serde_json::json!({ "site": ["yuren"], "since": "2020-01-01" }));
    assert_eq!(told["archive"]["archive_id"], "urn:uuid:00000000-0000-4000-8000-000000000001");
    let rows = csv::Reader::from_path(dir.path().join("a.csv")).unwrap().records().count();
    assert_eq!(told["rows"], rows);
    let left: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 6, "nothing else is left behind: {left:?}");
}

#[test]
fn a_device_is_written_to_and_not_replaced() {
    let ran = run(archive(), &["export", "people", "--archive", ".", "-o", "/dev/null"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(!Path::new("/dev/null").is_file());
    assert!(!Path::new("/dev/null.sha256").exists());
}

/// Texts that break readers: each stands in every field of an article.
const ODD: [&str; 24] = [
    "=HYPERLINK(\"http://evil.example\",\"点我\")",
    "+1-1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "＝1+1",
    "a,b;c\"d\"",
    "\"",
    "'",
    "\r\n",
    "a\rb\nc",
    ";",
    ",",
    "\u{feff}bom",
    "\u{1}\u{2}\u{1b}[31m",
    "_x0041_",
    "\u{85}\u{2028}",
    "👩‍👩‍👧‍👦\u{1f1e8}\u{1f1f3}",
    "𠮷野家",
    "\u{202e}abc",
    "NULL",
    "2023-06-06",
    "1e5",
    " lead and trail ",
];

#[test]
fn odd_texts_come_back_as_they_are() {
    let dir = tempfile::tempdir().unwrap();
    generated::archive(dir.path(), (0..).zip(ODD).map(|(number, text)| generated::holding(number, text))).unwrap();
    let export = |more: &[&str]| {
        let ran = run(dir.path(), &[&["export", "articles", "--archive", "."], more].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stdout
    };
    let lines = export(&["--format", "jsonl"]);
    for (line, text) in lines.lines().zip(ODD) {
        let row: Value = serde_json::from_str(line).unwrap();
        for field in ["title", "subtitle", "source", "body"] {
            assert_eq!(row[field], text, "{field}");
        }
        assert_eq!(row["reflections"][0]["text"], text);
    }
    for (guard, more) in [("'", [].as_slice()), ("", &["--raw-csv"])] {
        let text = export(more);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let title = reader.headers().unwrap().iter().position(|name| name == "title").unwrap();
        let titles: Vec<String> = reader.records().map(|row| row.unwrap()[title].to_owned()).collect();
        assert_eq!(titles.len(), ODD.len());
        for (title, text) in titles.iter().zip(ODD) {
            assert!(title == text || *title == format!("{guard}{text}"), "{title:?} {text:?}");
            assert!(guard.is_empty() || !title.starts_with(['=', '+', '-', '@', '\t', '\r']), "{title:?}");
        }
    }
}

#[test]
fn what_is_no_text_needs_a_file() {
    for format in ["xlsx", "parquet"] {
        let ran = run(archive(), &["export", "people", "--archive", ".", "--format", format]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
        assert!(ran.stderr.contains("-o FILE"), "{}", ran.stderr);
    }
}
