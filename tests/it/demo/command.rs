//! The `demo` command end to end: the archive it leaves holds what the made-up university says it has.

use std::collections::BTreeSet;

use serde_json::Value;
use shiguan::demo::{Article, Site, expected, works};
use tempfile::TempDir;

use crate::support::program::run;

/// The one article that was taken down between the days.
fn taken_down() -> (&'static Site, &'static Article) {
    all_articles().find(|(_, article)| article.is_there(1) && !article.is_there(2)).unwrap()
}

fn all_articles() -> impl Iterator<Item = (&'static Site, &'static Article)> {
    Site::all().iter().flat_map(|site| site.articles.iter().map(move |article| (site, article)))
}

/// The reposts of day two with their originals.
fn reposts() -> impl Iterator<Item = (&'static Article, &'static Article)> {
    let of = |key: &String| all_articles().find(|(site, article)| format!("{}/{}", site.id, article.id) == *key);
    all_articles().filter_map(move |(_, repost)| Some((repost, of(repost.repost.as_ref()?)?.1)))
}

fn rows(dir: &TempDir, table: &str) -> Vec<Value> {
    let ran = run(dir.path(), &["export", table, "--format", "jsonl", "--archive", "archive/demo"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn count_in_sqlite(dir: &TempDir, sql: &str) -> usize {
    let index = rusqlite::Connection::open(dir.path().join("archive/demo/shiguan.db")).unwrap();
    let count: i64 = index.query_row(sql, [], |row| row.get(0)).unwrap();
    usize::try_from(count).unwrap()
}

#[test]
fn it_leaves_what_the_university_has() {
    let dir = TempDir::new().unwrap();
    let demo = run(dir.path(), &["demo"]);
    assert_eq!((demo.code, demo.stderr.as_str()), (0, ""));
    assert!(demo.stdout.contains("First night") && demo.stdout.contains("Second night"), "{}", demo.stdout);

    let (articles, reflections) = (rows(&dir, "articles"), rows(&dir, "reflections"));
    let (home, gone) = taken_down();
    for held in expected(2) {
        let of_site = |row: &&Value| row["site"] == held.site && row["title"] != gone.title.as_str();
        assert_eq!(articles.iter().filter(of_site).count(), held.articles, "articles of {}", held.site);
        assert_eq!(reflections.iter().filter(of_site).count(), held.reflections, "reflections of {}", held.site);
    }
    let removed: Vec<&Value> = articles.iter().filter(|row| row["title"] == gone.title.as_str()).collect();
    assert_eq!(removed.len(), 1, "a page that disappears is never deleted");
    assert_eq!((&removed[0]["site"], removed[0]["gone_at"].is_string()), (&Value::from(home.id.as_str()), true));
    assert_eq!(articles.iter().filter(|row| row["gone_at"].is_string()).count(), 1);

    let (_, edited) = all_articles().find(|(_, article)| article.edited.is_some()).unwrap();
    let of_versions = |n: u64| articles.iter().filter(move |row| row["versions"] == n).map(|row| row["title"].clone());
    assert_eq!(of_versions(2).collect::<Vec<_>>(), [edited.title.as_str()]);
    assert_eq!(of_versions(1).count(), articles.len() - 1);

    let serials: Vec<_> = all_articles().filter(|(_, article)| article.pages(2) > 1).collect();
    let paged: Vec<&Value> =
        articles.iter().filter(|row| serials.iter().any(|(_, a)| row["title"] == *a.title)).collect();
    assert_eq!((serials.len(), paged.len()), (2, 2), "one on several pages in two systems");
    for row in &paged {
        assert_eq!((&row["warnings"], row["body"].as_str().unwrap().lines().count()), (&serde_json::json!([]), 5));
    }
    assert_eq!(paged[0]["work_id"], paged[1]["work_id"]);

    let current = articles.iter().filter(|row| row["gone_at"].is_null());
    let held_works: BTreeSet<&str> = current.map(|row| row["work_id"].as_str().unwrap()).collect();
    let retitled = reposts().filter(|(repost, original)| repost.title != original.title).count();
    assert!(retitled > 0, "a repost has another headline");
    assert_eq!(held_works.len(), works(2), "a work is one text, wherever it stands and whatever its headline");

    let outcomes = |outcome: &str| {
        let of = |table| count_in_sqlite(&dir, &format!("SELECT count(*) FROM {table} WHERE outcome IS '{outcome}'"));
        of("images") + of("attachments")
    };
    let traps = all_articles().flat_map(|(_, article)| &article.attachments).filter(|file| file.captcha).count();
    assert_eq!(outcomes("captcha"), traps, "a page that asks for a captcha is never taken for the file");
    let shown = |(_, article): (&Site, &Article)| {
        let image = |block: &shiguan::demo::Block<'_>| matches!(block, shiguan::demo::Block::Image { .. });
        article.blocks(2).iter().filter(|block| image(block)).count() + article.attachments.len()
    };
    assert_eq!(outcomes("ok"), all_articles().map(shown).sum::<usize>() - traps, "every other file was had");

    let text: String = articles.iter().chain(&reflections).map(Value::to_string).collect();
    assert!(!text.contains('\u{fffd}'), "every charset was found");
    assert!(text.contains('喆'), "a name GB2312 cannot write");
    assert_eq!(articles.len(), count_in_sqlite(&dir, "SELECT count(*) FROM articles"));
    assert_eq!(rows(&dir, "captures").len(), count_in_sqlite(&dir, "SELECT count(*) FROM captures"));
    let csv = run(dir.path(), &["export", "articles", "--archive", "archive/demo", "-o", "a.csv"]);
    assert_eq!((csv.code, csv.stdout.as_str(), csv.stderr.as_str()), (0, "", ""));
    assert_eq!(run(dir.path(), &["verify", "--full", "--archive", "archive/demo"]).code, 0);
}

#[test]
fn a_second_time_finds_nothing_new() {
    let dir = TempDir::new().unwrap();
    assert_eq!(run(dir.path(), &["demo", "-q"]).code, 0);
    let before = rows(&dir, "articles");
    let again = run(dir.path(), &["demo", "-q"]);
    assert_eq!((again.code, again.stderr.as_str()), (0, ""));
    let after = rows(&dir, "articles");
    let same = |row: &Value| (row["id"].clone(), row["versions"].clone(), row["content_digest"].clone());
    assert_eq!(after.iter().map(same).collect::<Vec<_>>(), before.iter().map(same).collect::<Vec<_>>());
}
