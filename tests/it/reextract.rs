//! `reextract`: better rules improve old records in place, with no request and no new version.

use std::path::Path;

use shiguan::archive::{Reading, ReextractOptions, Reextracted, reextract, reindex};
use shiguan::domain::capture::Capture;
use shiguan::domain::record::Record;
use shiguan::domain::request::FetchRequest;
use tempfile::TempDir;

use crate::archive::{begin, open, read, visit};
use crate::support::dump::{differences, dump};
use crate::support::program::run;

/// Rules that read more than [`read`] does: a subtitle on every page, another source on one, an article where there was none.
fn better(capture: &Capture) -> Reading {
    let text = String::from_utf8_lossy(&capture.payload).into_owned();
    let mut seen = capture.clone();
    if !text.contains('\n') {
        seen.payload = format!("{text}\n无标题").into();
    }
    let mut reading = read(&seen);
    if let Some(Record::Article(article)) = reading.extraction.as_mut().map(|e| &mut e.record) {
        article.subtitle = Some("副题".to_owned());
        "vsb@2026".clone_into(&mut article.selectors);
        if capture.url.path() == "/info/1/2.htm" {
            article.source = Some("学生处".to_owned());
        }
    }
    reading
}

/// Three pages, one of them edited, one not read as an article.
async fn archive(dir: &Path) {
    let (archive, _) = open(dir);
    begin(&archive).await;
    archive.commit(visit("/info/1/1.htm", 1, "开班\n学思想。")).await.unwrap();
    archive.commit(visit("/info/1/2.htm", 2, "结业\n建新功。")).await.unwrap();
    archive.commit(visit("/info/1/3.htm", 3, "一行")).await.unwrap();
    archive.commit(visit("/info/1/1.htm", 4, "开班\n学思想、强党性。")).await.unwrap();
    archive.commit(visit("/info/1/3.htm", 5, "另一行")).await.unwrap();
    archive.close().await.unwrap();
}

fn with(dir: &Path, dry_run: bool, rules: fn(&Capture) -> Reading) -> Reextracted {
    let options = ReextractOptions { sites: vec!["yllg".to_owned()], dry_run };
    reextract(dir, &options, &|_: &FetchRequest, capture: &Capture| rules(capture)).unwrap()
}

#[tokio::test]
async fn better_rules_improve_records_in_place_as_a_rebuilt_index_would_have_them() {
    let dir = TempDir::new().unwrap();
    archive(dir.path()).await;
    let before = dump(dir.path());
    let same = with(dir.path(), false, read);
    assert_eq!((same.captures, same.changed, same.new, same.no_longer), (5, 0, 0, 0));
    assert_eq!(differences(&before, &dump(dir.path())), Vec::<String>::new(), "the same rules change nothing");

    let would = with(dir.path(), true, better);
    assert_eq!(differences(&before, &dump(dir.path())), Vec::<String>::new(), "a dry run changes nothing");
    let found = with(dir.path(), false, better);
    assert_eq!((found.changed, found.new, found.no_longer), (3, 1, 0), "two versions of one, one of another");
    assert_eq!((would.changed, &would.fields), (found.changed, &found.fields));
    let fields: Vec<(&str, u64)> = found.fields.iter().map(|(name, n)| (name.as_str(), *n)).collect();
    assert_eq!(fields, [("source", 1), ("subtitle", 3)]);
    assert_eq!(found.changes[0].url, "http://news.yllg.example/info/1/1.htm");
    assert_eq!((found.changes[0].what, &found.changes[0].fields), ("changed", &vec!["subtitle".to_owned()]));

    // An article found late has a later id than it would have had; everything else is the same.
    let late = |line: &String| !line.contains("article_id=2") && !line.contains("article_id=3");
    let with_ids = ["articles:", "article_versions:", "appearances:"];
    let ids = |line: &String| !with_ids.iter().any(|table| line.starts_with(table));
    let in_place: Vec<String> = dump(dir.path()).into_iter().filter(|l| late(l) && ids(l)).collect();
    reindex(dir.path(), &|_: &FetchRequest, capture: &Capture| better(capture)).unwrap();
    let rebuilt: Vec<String> = dump(dir.path()).into_iter().filter(|l| late(l) && ids(l)).collect();
    assert_eq!(differences(&rebuilt, &in_place), Vec::<String>::new());
    let again = with(dir.path(), false, better);
    assert_eq!((again.changed, again.new), (0, 0), "twice is once");
}

#[tokio::test]
async fn rules_that_lose_an_article_lose_no_record() {
    let dir = TempDir::new().unwrap();
    archive(dir.path()).await;
    let before = dump(dir.path());
    let blind = |_: &Capture| {
        let extraction = serde_json::from_value(serde_json::json!({
            "kind": "other", "url": null, "site": null, "family": "generic", "title": null, "warnings": ["no-content"],
            "extractor": "shiguan 0", "selectors": "generic@2018",
        }));
        let record = extraction.unwrap();
        let extraction = shiguan::domain::extraction::Extraction { record, article_id: None, outlinks: Vec::new() };
        Reading { charset: None, extraction: Some(extraction) }
    };
    let found = with(dir.path(), false, blind);
    assert_eq!((found.no_longer, found.changed, found.new), (3, 0, 0));
    let articles = |lines: Vec<String>| lines.into_iter().filter(|l| l.starts_with("article")).collect::<Vec<_>>();
    assert_eq!(articles(dump(dir.path())), articles(before));
}

#[test]
fn a_changed_list_of_campaigns_is_applied_to_what_is_held() {
    let dir = TempDir::new().unwrap();
    assert_eq!(run(dir.path(), &["demo", "-q"]).code, 0);
    std::fs::create_dir(dir.path().join("own")).unwrap();
    let campaign = "[[topic]]\ntag = \"读书\"\nname = \"读书会\"\nsince = \"2023-04-01\"\nuntil = \"2023-06-10\"\nstrong = [\"读书会\"]\n";
    std::fs::write(dir.path().join("own/topics.toml"), campaign).unwrap();
    let articles = || -> Vec<serde_json::Value> {
        let ran = run(dir.path(), &["export", "articles", "--archive", "archive/demo", "--format", "jsonl"]);
        ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let before = articles();
    assert!(before.iter().any(|article| article["topics"] == serde_json::json!(["主题教育"])));
    let ran = run(dir.path(), &["reextract", "--archive", "archive/demo", "--selectors", "own"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // By the texts themselves: the headline gives four points, the body two for one place and three for more; three are enough.
    let belongs = |article: &serde_json::Value| {
        let text = |field: &str| article[field].as_str().unwrap().to_owned();
        let enough = text("title").contains("读书会") || text("body").matches("读书会").count() > 1;
        let day = text("published_at");
        enough && ("2023-04-01"..="2023-06-10").contains(&&day[..10])
    };
    let after = articles();
    let tagged = after.iter().filter(|article| article["topics"] == serde_json::json!(["读书"])).count();
    assert!(tagged > 0);
    for (old, new) in before.iter().zip(&after) {
        let want = if belongs(new) { vec!["读书"] } else { Vec::new() };
        assert_eq!(new["topics"], serde_json::json!(want), "{}", new["title"]);
        assert_eq!((&old["id"], &old["body"], &old["versions"]), (&new["id"], &new["body"], &new["versions"]));
    }
}

#[test]
fn the_demo_reads_the_same_with_the_same_rules() {
    let dir = TempDir::new().unwrap();
    assert_eq!(run(dir.path(), &["demo", "-q"]).code, 0);
    let archive = dir.path().join("archive/demo");
    let before = dump(&archive);
    let ran = run(dir.path(), &["reextract", "--archive", "archive/demo", "--json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let said: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (&said["changed"], &said["new"], &said["no_longer"], &said["rows"]),
        (&0.into(), &0.into(), &0.into(), &0.into())
    );
    assert_eq!(differences(&before, &dump(&archive)), Vec::<String>::new());

    // Rules that miss the body: the generic ones read it and say so, until the built-in ones are back.
    let vsb = concat!(env!("CARGO_MANIFEST_DIR"), "/selectors/families/vsb.toml");
    let rules = std::fs::read_to_string(vsb)
        .unwrap()
        .replace("v_news_content", "no_such_class")
        .replace("vsb_content", "no_such_id");
    std::fs::create_dir_all(dir.path().join("mine/families")).unwrap();
    std::fs::write(dir.path().join("mine/families/vsb.toml"), rules).unwrap();
    let ran = run(dir.path(), &["reextract", "--archive", "archive/demo", "--selectors", "mine", "-v"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("\n  warnings ") && ran.stdout.contains("changed http://"), "{}", ran.stdout);
    let back = run(dir.path(), &["reextract", "--archive", "archive/demo"]);
    assert_eq!(back.code, 0, "{}", back.stderr);
    assert_eq!(differences(&before, &dump(&archive)), Vec::<String>::new(), "{}", ran.stdout);
    let unknown = run(dir.path(), &["reextract", "nowhere", "--archive", "archive/demo"]);
    assert_eq!(unknown.code, 3);
    assert!(unknown.stderr.contains("nowhere: nothing is held"), "{}", unknown.stderr);
}
