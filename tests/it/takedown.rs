//! `takedown.toml`: what it hides is nowhere where people read, is counted where keepers look, and is logged.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use shiguan::domain::article::{Article, Credit, Facets, Reflection, ReflectionKind};

use crate::support::generated;
use crate::support::program::{Ran, run};

/// A made-up person who asks.
const PERSON: &str = "林知远";
const WHY: &str = "date = 2026-11-30\nreason = \"本人要求\"\nasked_by = \"本人，邮件\"\n";

/// Twenty articles; numbers 3 and 4 hold words of the person, 5 an author, 6 and 7 the name in other spellings.
fn archive() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let articles = (0..20).map(|number| {
        let mut article = generated::article(number);
        match number {
            3 => says(&mut article, &[PERSON], "我是林知远，读书使我明理。"),
            4 => says(&mut article, &[PERSON, "何青禾"], "我们一起值守图书馆。"),
            5 => article
                .credits
                .push(Credit { role: "摄影".to_owned(), names: vec![PERSON.to_owned(), "何青禾".to_owned()] }),
            6 => {
                says(&mut article, &["何青禾"], "林　知远教我写报告。");
                article.title = Some(format!("记{PERSON}二三事"));
            }
            7 => article.body.push_str("\n林知遠、林 知 远都来了。"),
            _ => {}
        }
        article
    });
    generated::archive(dir.path(), articles).unwrap();
    dir
}

fn says(article: &mut Article, people: &[&str], words: &str) {
    article.body.push('\n');
    let start = article.body.chars().count();
    article.body.push_str(words);
    article.body.extend(["\n（测绘学院 ", &people.join("、"), "）"]);
    article.reflections.push(Reflection {
        ordinal: article.reflections.len() + 1,
        people: people.iter().map(|name| (*name).to_owned()).collect(),
        affiliation: Some("测绘学院".to_owned()),
        facets: Facets::default(),
        role: None,
        kind: ReflectionKind::Signed,
        text: words.to_owned(),
        start,
        end: start + words.chars().count(),
    });
}

fn shiguan(dir: &Path, arguments: &[&str]) -> Ran {
    run(dir, &[arguments, &["--archive", "."]].concat())
}

fn rows(dir: &Path, table: &str) -> Vec<Value> {
    let ran = shiguan(dir, &["export", table, "--format", "jsonl"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn json(dir: &Path, arguments: &[&str]) -> Value {
    let ran = shiguan(dir, &[arguments, &["--json"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

const TABLES: [&str; 9] =
    ["articles", "reflections", "credits", "images", "attachments", "captures", "works", "duplicates", "people"];

#[test]
fn an_article_taken_down_is_nowhere_and_is_there_again_without_the_list() {
    let dir = archive();
    let before: Vec<Vec<Value>> = TABLES.iter().map(|table| rows(dir.path(), table)).collect();
    let hidden = &before[0][0];
    let (url, id) = (hidden["url"].as_str().unwrap(), hidden["id"].as_i64().unwrap());
    let title = hidden["title"].as_str().unwrap();
    assert_eq!(json(dir.path(), &["search", &format!("\"{title}\"")])["total"], 1);
    fs::write(dir.path().join("takedown.toml"), format!("[[article]]\nurl = \"{url}\"\n{WHY}")).unwrap();
    for (table, before) in TABLES.iter().zip(&before) {
        let after = rows(dir.path(), table);
        assert!(after.iter().all(|row| !row.to_string().contains(url)), "{table}");
        let of = |row: &&Value| {
            row["article_id"] == id || row["id"] == id || row["first_article_id"] == id || row["url"] == url
        };
        if *table != "people" {
            assert_eq!(after.len(), before.iter().filter(|row| !of(row)).count(), "{table}");
        }
    }
    assert_eq!(json(dir.path(), &["search", &format!("\"{title}\"")])["total"], 0);
    assert_eq!(json(dir.path(), &["search", "NOT 没有的词"])["total"], 19);
    for asked in [url, &id.to_string()] {
        assert_eq!(shiguan(dir.path(), &["show", asked]).code, 3, "{asked}");
    }
    let counted = shiguan(dir.path(), &["stats", "--format", "csv"]).stdout;
    assert!(counted.contains("\ntotal,,19,"), "{counted}");
    // Keepers see that it is there, and that it is hidden.
    let status = json(dir.path(), &["status"]);
    assert_eq!((&status["totals"]["articles"], &status["withheld"]["articles"]), (&Value::from(20), &Value::from(1)));
    fs::remove_file(dir.path().join("takedown.toml")).unwrap();
    for (table, before) in TABLES.iter().zip(&before) {
        assert_eq!(&rows(dir.path(), table), before, "{table}");
    }
}

#[test]
fn a_person_taken_down_is_not_told_not_found_and_not_named() {
    let dir = archive();
    let before = rows(dir.path(), "reflections").len();
    assert!(json(dir.path(), &["search", PERSON])["total"].as_u64().unwrap() >= 4);
    fs::write(dir.path().join("takedown.toml"), format!("[[person]]\nname = \"{PERSON}\"\n{WHY}")).unwrap();
    for table in TABLES {
        for row in rows(dir.path(), table) {
            let text = row.to_string();
            for spelling in [PERSON, "林知遠", "林　知远", "林 知 远"] {
                assert!(!text.contains(spelling), "{table}: {text}");
            }
        }
    }
    let reflections = rows(dir.path(), "reflections");
    assert_eq!(reflections.len(), before - 2);
    let articles = rows(dir.path(), "articles");
    let place = |row: &Value, name: &str| usize::try_from(row[name].as_u64().unwrap()).unwrap();
    for row in &reflections {
        let article = articles.iter().find(|article| article["id"] == row["article_id"]).unwrap();
        let body = article["body"].as_str().unwrap().chars();
        let words: String = body.skip(place(row, "start")).take(place(row, "end") - place(row, "start")).collect();
        assert_eq!(words, row["text"].as_str().unwrap(), "where it stands in the masked body");
    }
    assert!(reflections.iter().any(|row| row["text"] == "某某教我写报告。"));
    assert!(articles.iter().any(|row| row["title"] == "记某某二三事"));
    let credits = rows(dir.path(), "credits");
    assert!(credits.iter().any(|row| row["role"] == "摄影" && row["names"] == serde_json::json!(["何青禾"])));
    assert!(rows(dir.path(), "people").iter().all(|row| row["person"] != PERSON));
    // Neither the name nor a part of it that only the name has.
    for query in [PERSON, "林知遠", "知远", "person:林知远", "\"林 知 远\"", "title:林知远", "远都来了", "林知远教我"]
    {
        assert_eq!(json(dir.path(), &["search", query])["total"], 0, "{query}");
    }
    assert_eq!(json(dir.path(), &["search", "何青禾"])["total"], 2, "others are found as before");
    assert_eq!(shiguan(dir.path(), &["export", "articles", "--person", PERSON]).stdout.lines().count(), 1);
    for article in &articles {
        let shown = shiguan(dir.path(), &["show", &article["id"].to_string(), "--json"]).stdout;
        assert!(!shown.contains(PERSON) && !shown.contains("林知遠"), "{shown}");
    }
    let status = json(dir.path(), &["status"]);
    assert_eq!(
        (&status["withheld"]["reflections"], &status["withheld"]["unmatched"]),
        (&Value::from(2), &Value::from(0))
    );
}

#[test]
fn the_list_is_said_in_what_is_exported_and_every_change_is_logged_once() {
    let dir = archive();
    let list = dir.path().join("takedown.toml");
    let person = format!("[[person]]\nname = \"{PERSON}\"\n{WHY}");
    let unknown = format!("[[article]]\nurl = \"http://nowhere.example/x\"\n{WHY}");
    fs::write(&list, &person).unwrap();
    let out: PathBuf = dir.path().join("people.csv");
    for _ in 0..2 {
        assert_eq!(shiguan(dir.path(), &["export", "people", "-o", out.to_str().unwrap()]).code, 0);
    }
    let said: Value = serde_json::from_slice(&fs::read(dir.path().join("people.csv.meta.json")).unwrap()).unwrap();
    let digest = data_encoding::HEXLOWER.encode(&<sha2::Sha256 as sha2::Digest>::digest(&person));
    assert_eq!(
        (&said["withheld"]["entries"], &said["withheld"]["list_sha256"]),
        (&Value::from(1), &Value::from(digest))
    );
    fs::write(&list, format!("{person}{unknown}")).unwrap();
    assert_eq!(json(dir.path(), &["status"])["withheld"]["unmatched"], 1);
    fs::write(&list, &unknown).unwrap();
    shiguan(dir.path(), &["stats"]);
    fs::remove_file(&list).unwrap();
    shiguan(dir.path(), &["search", "学习"]);
    shiguan(dir.path(), &["search", "学习"]);
    let events = shiguan::store::Reader::whole(dir.path()).unwrap().events().unwrap();
    let details: Vec<Value> = events.iter().map(|held| serde_json::from_str(&held.event.detail).unwrap()).collect();
    let changed = |detail: &Value| {
        let count = |name: &str| detail[name].as_array().unwrap().len();
        (count("entries"), count("added"), count("removed"))
    };
    assert_eq!(details.iter().map(changed).collect::<Vec<_>>(), [(1, 1, 0), (2, 1, 0), (1, 0, 1), (0, 0, 1)]);
    assert_eq!(details[0]["added"][0]["reason"], "本人要求");
    assert!(events.iter().all(|held| held.event.kind == "policy assignment"));
}

#[test]
fn a_list_that_cannot_be_read_hides_nothing_and_stops_everything() {
    let dir = archive();
    fs::write(dir.path().join("takedown.toml"), format!("[[person]]\nnane = \"{PERSON}\"\n{WHY}")).unwrap();
    for command in [&["export", "people"][..], &["search", "学习"], &["show", "1"], &["stats"], &["status"]] {
        let ran = shiguan(dir.path(), command);
        assert_eq!((ran.code, ran.stdout.as_str()), (3, ""), "{command:?}");
        assert!(ran.stderr.contains("takedown.toml:2: unknown field `nane`"), "{}", ran.stderr);
    }
}
