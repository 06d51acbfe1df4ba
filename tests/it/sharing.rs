//! `export --pseudonymize` and `--drop-text`: what is left of persons, and what of everything else.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use regex::Regex;
use serde_json::Value;
use shiguan::segment;

use crate::support::generated;
use crate::support::planted::{Plant, Planted, planted};
use crate::support::program::run;

/// Names and numbers planted in a test run; `SHIGUAN_PLANTED=10000` plants as many as the measure asks for.
fn count() -> usize {
    std::env::var("SHIGUAN_PLANTED").ok().and_then(|count| count.parse().ok()).unwrap_or(300)
}

fn export(archive: &Path, arguments: &[&str]) {
    let ran = run(archive, &[&["export", "--archive", ".", "--pseudonymize", "../key"], arguments].concat());
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
}

/// Everything a file says, unpacked.
fn said(path: &Path) -> String {
    match path.extension().unwrap().to_str().unwrap() {
        "xlsx" => {
            let mut zip = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
            let mut all = String::new();
            for at in 0..zip.len() {
                zip.by_index(at).unwrap().read_to_string(&mut all).unwrap();
            }
            all
        }
        "parquet" => {
            let reader = SerializedFileReader::new(fs::File::open(path).unwrap()).unwrap();
            reader.get_row_iter(None).unwrap().fold(String::new(), |text, row| text + &row.unwrap().to_string() + "\n")
        }
        _ => fs::read_to_string(path).unwrap(),
    }
}

/// What stands behind each marker of a planted line.
fn judged(text: &str) -> HashMap<&str, &str> {
    let marked = text.lines().filter(|line| line.starts_with("第p"));
    marked.filter_map(|line| line.split_once('，')).collect()
}

/// The bodies of an export of articles as JSON Lines, one text.
fn bodies(jsonl: &str) -> String {
    let rows = jsonl.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    rows.map(|row| row["body"].as_str().unwrap().to_owned() + "\n").collect()
}

/// The stretches of a line that tokens stand for.
fn replaced<'t>(old: &'t str, new: &str) -> Vec<&'t str> {
    static TOKEN: LazyLock<Regex> = LazyLock::new(|| Regex::new("(?:人|电话|证件|邮箱|QQ|微信)-[A-Z2-7]{10}").unwrap());
    let (mut stretches, mut rest) = (Vec::new(), old);
    let mut kept = TOKEN.split(new);
    rest = rest.strip_prefix(kept.next().unwrap()).unwrap();
    let mut kept = kept.peekable();
    while let Some(piece) = kept.next() {
        let at = if kept.peek().is_none() { rest.len() - piece.len() } else { rest.find(piece).unwrap() };
        stretches.push(&rest[..at]);
        rest = &rest[at + piece.len()..];
    }
    stretches
}

#[test]
fn nothing_is_left_of_who_is_known_and_hardly_a_word_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let archive = dir.path().join("archive");
    let Planted { articles, plants, all } = planted(count());
    generated::archive(&archive, articles.into_iter()).unwrap();

    let spellings: BTreeSet<&String> = plants.iter().flat_map(|plant| &plant.spellings).collect();
    let spellings: Vec<&String> = spellings.into_iter().collect();
    let finder = AhoCorasick::new(&spellings).unwrap();
    for format in ["csv", "jsonl", "xlsx", "parquet"] {
        let to = dir.path().join(format);
        export(&archive, &["all", "--format", format, "-o", to.to_str().unwrap()]);
        for entry in fs::read_dir(&to).unwrap() {
            let path = entry.unwrap().path();
            if path.file_name().unwrap() == "SHA256SUMS" {
                continue;
            }
            let text = said(&path);
            let left: Vec<&str> =
                finder.find_iter(&text).take(20).map(|found| spellings[found.pattern()].as_str()).collect();
            assert_eq!(left, Vec::<&str>::new(), "left in {}", path.display());
        }
    }

    let shared = bodies(&said(&dir.path().join("jsonl/articles.jsonl")));
    let judged = judged(&shared);
    let line = |plant: &Plant| judged[plant.marker.trim_end_matches('，')];
    let (told, untold): (Vec<&Plant>, Vec<&Plant>) = plants.iter().partition(|plant| plant.told);
    for plant in &told {
        assert!(!line(plant).contains(&plant.words), "{}: {}", plant.words, line(plant));
    }
    let missed: Vec<&str> =
        untold.iter().filter(|plant| line(plant).contains(&plant.words)).map(|plant| line(plant)).collect();
    println!("planted and known: none of {} left", told.len());
    println!("planted and told nowhere: {} of {} left: {missed:?}", missed.len(), untold.len());
    assert!(missed.len() * 100 <= untold.len(), "{} of {}", missed.len(), untold.len());

    // Around what was planted, and in everything else, words stay.
    let plain = run(&archive, &["export", "articles", "--archive", ".", "--format", "jsonl"]);
    let plain = bodies(&plain.stdout);
    let (mut touched, mut tokens) = (0, 0);
    let mut wrong = BTreeMap::<&str, usize>::new();
    for (old, new) in plain.lines().zip(shared.lines()) {
        tokens += segment::units(old).len();
        for stretch in replaced(old, new) {
            if !all.contains(stretch) {
                touched += segment::units(stretch).len();
                *wrong.entry(stretch).or_default() += 1;
            }
        }
    }
    assert_eq!(plain.lines().count(), shared.lines().count());
    println!("other tokens touched: {touched} of {tokens}: {wrong:?}");
    assert!(touched * 100 <= tokens, "{touched} of {tokens} tokens");
}

/// A small archive, its key beside it.
fn small() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let Planted { articles, .. } = planted(40);
    generated::archive(&dir.path().join("archive"), articles.into_iter()).unwrap();
    dir
}

fn rows(dir: &Path, table: &str, more: &[&str]) -> Vec<Value> {
    let ran = run(&dir.join("archive"), &[&["export", table, "--archive", ".", "--format", "jsonl"], more].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_key_is_made_where_there_is_none_and_makes_the_same_files_again() {
    let dir = small();
    let archive = dir.path().join("archive");
    let (first, again, other) = (dir.path().join("1"), dir.path().join("2"), dir.path().join("3"));
    let all = |key: &str, to: &Path| {
        run(&archive, &["export", "all", "--archive", ".", "--pseudonymize", key, "-o", to.to_str().unwrap()])
    };
    let ran = all("../key", &first);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.starts_with("../key: new key"), "{}", ran.stderr);
    let key = dir.path().join("key");
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    let secret = fs::read_to_string(&key).unwrap();
    assert_eq!(all("../key", &again).stderr, "");
    assert_eq!(all("../other", &other).code, 0);
    for entry in fs::read_dir(&first).unwrap() {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        let bytes = fs::read(&path).unwrap();
        assert_eq!(bytes, fs::read(again.join(&name)).unwrap(), "{name:?}");
        assert!(!String::from_utf8_lossy(&bytes).contains(secret.trim()), "the key is in {name:?}");
    }
    assert_ne!(fs::read(first.join("people.csv")).unwrap(), fs::read(other.join("people.csv")).unwrap());
}

#[test]
fn a_key_that_is_none_is_refused_by_name() {
    let dir = small();
    let archive = dir.path().join("archive");
    for (name, bytes) in [("empty", ""), ("short", "0123456789\n")] {
        fs::write(dir.path().join(name), bytes).unwrap();
        let key = format!("../{name}");
        let ran = run(&archive, &["export", "people", "--archive", ".", "--pseudonymize", &key]);
        assert_eq!((ran.code, ran.stdout.as_str()), (3, ""), "{name}");
        assert!(ran.stderr.contains(&key), "{}", ran.stderr);
        assert_eq!(fs::read_to_string(dir.path().join(name)).unwrap(), bytes, "left as it was");
    }
    let ran = run(&archive, &["export", "people", "--archive", ".", "--pseudonymize", "../k", "-o", "../k"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(!dir.path().join("k").exists());
}

#[test]
fn one_person_is_one_token_in_every_table_and_words_stand_where_they_are_said_to() {
    let dir = small();
    let key = ["--pseudonymize", "../key"];
    let (reflections, articles) = (rows(dir.path(), "reflections", &key), rows(dir.path(), "articles", &key));
    let people: Vec<Value> = rows(dir.path(), "people", &key).into_iter().map(|row| row["person"].clone()).collect();
    assert!(people.windows(2).all(|pair| pair[0].as_str() < pair[1].as_str()), "each once, in the order of tokens");
    let mut seen = 0;
    for reflection in &reflections {
        for person in reflection["people"].as_array().unwrap() {
            assert!(people.contains(person), "{person}");
        }
        let article = articles.iter().find(|article| article["id"] == reflection["article_id"]).unwrap();
        let ordinal = usize::try_from(reflection["ordinal"].as_u64().unwrap()).unwrap();
        let whole = &article["reflections"][ordinal - 1];
        for field in ["people", "text", "start", "end", "affiliation"] {
            assert_eq!(whole[field], reflection[field], "{field}");
        }
        assert_eq!(article["url"], reflection["url"]);
        let place = |name: &str| usize::try_from(reflection[name].as_u64().unwrap()).unwrap();
        let body = article["body"].as_str().unwrap().chars();
        let words: String = body.skip(place("start")).take(place("end") - place("start")).collect();
        assert_eq!(words, reflection["text"].as_str().unwrap());
        seen += usize::from(words.contains("人-"));
    }
    assert!(seen > 2, "words that name somebody are among them: {seen}");
    let plain = rows(dir.path(), "articles", &[]);
    let with_addresses = rows(dir.path(), "articles", &["--pseudonymize", "../key", "--keep-addresses"]);
    for (plain, kept) in plain.iter().zip(&with_addresses) {
        assert_eq!((&plain["url"], &plain["work_id"], &plain["id"]), (&kept["url"], &kept["work_id"], &kept["id"]));
    }
}

#[test]
fn texts_can_be_left_out_and_what_was_done_is_said() {
    let dir = small();
    let archive = dir.path().join("archive");
    let to = dir.path().join("package");
    let person = rows(dir.path(), "people", &[])[0]["person"].as_str().unwrap().to_owned();
    let out = to.to_str().unwrap();
    let ran = run(
        &archive,
        &["export", "all", "--archive", ".", "-o", out, "--drop-text", "--pseudonymize", "../key", "--person", &person],
    );
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let descriptor = fs::read_to_string(to.join("datapackage.json")).unwrap();
    let package: Value = serde_json::from_str(&descriptor).unwrap();
    let texts = ["title", "subtitle", "body", "text", "caption", "alt", "name"];
    for resource in package["resources"].as_array().unwrap() {
        let header = fs::read_to_string(to.join(resource["path"].as_str().unwrap())).unwrap();
        let header: Vec<&str> = header.lines().next().unwrap().split(',').collect();
        let fields: Vec<&str> = resource["schema"]["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|field| field["name"].as_str().unwrap())
            .collect();
        assert_eq!(header, fields, "{}", resource["name"]);
        assert!(fields.iter().all(|field| !texts.contains(field)), "{fields:?}");
    }
    let done = &package["provenance"]["personal_data"];
    assert_eq!((&done["pseudonymised"], &done["texts_left_out"]), (&Value::Bool(true), &Value::Bool(true)));
    let readme = fs::read_to_string(to.join("README.md")).unwrap();
    assert!(readme.contains("de-identification") && readme.contains("去标识化"), "{readme}");
    for text in [&descriptor, &readme] {
        assert!(!text.contains(&person), "the filter names nobody");
    }
    let structured = rows(dir.path(), "articles", &["--drop-text"]);
    assert!(structured.iter().all(|row| row.get("body").is_none() && row["credits"][0]["names"][0].is_string()));
    let said = structured.iter().flat_map(|row| row["reflections"].as_array().unwrap());
    assert!(said.filter(|one| one.get("text").is_none() && one["people"][0].is_string()).count() > 5);
}
