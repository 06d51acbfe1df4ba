//! `stats` over the demo archive: the numbers of the made-up university, and those that exports with the same filters give.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;
use shiguan::demo::{expected, works};
use tempfile::TempDir;

use crate::support::program::{Ran, run};

fn ask(dir: &Path, command: &[&str]) -> Ran {
    let ran = run(dir, &[command, &["--archive", "archive/demo"]].concat());
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{command:?}");
    ran
}

fn json(dir: &Path, filters: &[&str]) -> Value {
    serde_json::from_str(&ask(dir, &[&["stats", "--json"], filters].concat()).stdout).unwrap()
}

fn rows(dir: &Path, table: &str, filters: &[&str]) -> Vec<Value> {
    let ran = ask(dir, &[&["export", table, "--format", "jsonl"], filters].concat());
    ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Class and number, in the order printed.
fn counts(stats: &Value, by: &str, what: &str) -> Vec<(String, i64)> {
    let classes = stats[by].as_array().unwrap().iter();
    classes.map(|row| (row["key"].as_str().unwrap_or("none").to_owned(), row[what].as_i64().unwrap())).collect()
}

fn named(pairs: &[(&str, i64)]) -> Vec<(String, i64)> {
    pairs.iter().map(|(key, number)| ((*key).to_owned(), *number)).collect()
}

#[test]
fn the_demo_archive_is_counted() {
    let dir = TempDir::new().unwrap();
    assert_eq!(run(dir.path(), &["demo"]).code, 0);
    whole(dir.path());
    listings_against_articles(dir.path());
    equal_to_exports(dir.path());
    vain_filters_are_named(dir.path());
    every_form(dir.path());
}

fn whole(dir: &Path) {
    let stats = json(dir, &[]);
    // One article was taken down between the days: it is held all the same.
    let held: usize = expected(2).iter().map(|site| site.articles).sum();
    assert_eq!(stats["total"]["articles"], held + 1);
    assert_eq!(stats["total"]["works"], works(2) + 1);
    let sites = [("yunling-news", 21), ("yunling-marx", 15), ("yuren", 14), ("yunling-party", 11)];
    assert_eq!(counts(&stats, "site", "articles"), named(&sites));
    let months = [("2023-04", 4), ("2023-05", 20), ("2023-06", 34), ("2023-07", 2), ("2023-09", 1)];
    assert_eq!(counts(&stats, "month", "articles"), named(&months));
    assert_eq!(counts(&stats, "topic", "articles"), named(&[("主题教育", 10), ("none", 51)]));
    let kinds = [("reported", 35), ("signed", 18), ("quoted", 17)];
    assert_eq!(counts(&stats, "kind", "reflections"), named(&kinds));
    assert_eq!(counts(&stats, "kind", "works"), named(&[("reported", 18), ("signed", 4), ("quoted", 12)]));
    let units = counts(&stats, "unit", "reflections");
    assert_eq!(units[0], ("马院".to_owned(), 6));
    assert_eq!(units.last(), Some(&("none".to_owned(), 57)), "what has no unit comes last");
    assert_eq!(stats["total"]["people"], 43);
}

fn listings_against_articles(dir: &Path) {
    let stats = json(dir, &[]);
    for site in expected(2) {
        let row = stats["site"].as_array().unwrap().iter().find(|row| row["key"] == site.site).unwrap();
        let seen = &row["coverage"];
        // What was taken down is still what the listing of the first day named.
        let gone = seen["listed"].as_u64().unwrap() - site.rows as u64;
        assert!(gone <= 1, "{}: {seen}", site.site);
        // Two rows can lead to one article, one of them by a redirect.
        let lead_nowhere = site.missing + site.elsewhere + site.disallowed;
        assert_eq!(seen["held"], (site.rows - lead_nowhere) as u64 + gone, "{}", site.site);
        assert_eq!(seen["without"], site.missing, "{}", site.site);
        assert_eq!(seen["unasked"], site.elsewhere + site.disallowed, "{}", site.site);
    }
    let total = &stats["total"]["coverage"];
    assert_eq!((&total["listed"], &total["held"]), (&Value::from(67), &Value::from(62)), "one through a redirect");
    assert!(json(dir, &["--person", "梅清越"])["total"]["coverage"].is_null(), "no listing tells who speaks");
    let may = json(dir, &["--since", "2023-05-01", "--until", "2023-05-31", "--site", "yuren"]);
    assert_eq!(may["total"]["coverage"]["listed"], may["total"]["articles"]);
}

fn vain_filters_are_named(dir: &Path) {
    for words in [&["stats"][..], &["export", "articles"], &["search", "党课"]] {
        let asked = |filters: &[&str]| run(dir, &[words, &["--archive", "archive/demo"], filters].concat());
        let vain = asked(&["--site", "yuern", "--site", "yuren", "--since", "2023-06-02"]);
        assert_eq!(vain.stderr.trim(), "--site yuern: nothing is held of such a site", "{words:?}");
        let turned = asked(&["--since", "2023-06-02", "--until", "2023-06-01"]);
        assert_eq!(turned.stderr.trim(), "--since 2023-06-02 is later than --until 2023-06-01", "{words:?}");
    }
}

fn equal_to_exports(dir: &Path) {
    for filters in [
        &["--since", "2023-05-01", "--until", "2023-05-31"][..],
        &["--site", "yuren", "--site", "yunling-marx"],
        &["--topic", "主题教育"],
        &["--person", "梅清越"],
        &["--unit", "马院"],
        &["--query", "党课"],
        &["--person", "谁也不是"],
    ] {
        let (stats, articles, reflections) =
            (json(dir, filters), rows(dir, "articles", filters), rows(dir, "reflections", filters));
        let total = &stats["total"];
        let works: BTreeSet<&str> = articles.iter().map(|row| row["work_id"].as_str().unwrap()).collect();
        let want = [articles.len(), works.len(), reflections.len(), rows(dir, "people", filters).len()];
        let got = ["articles", "works", "reflections", "people"].map(|name| total[name].as_u64().unwrap());
        assert_eq!(got, want.map(|number| number as u64), "{filters:?}");
        let mut kinds = BTreeMap::<String, i64>::new();
        for row in &reflections {
            *kinds.entry(row["kind"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        let counted: BTreeMap<String, i64> = counts(&stats, "kind", "reflections").into_iter().collect();
        assert_eq!(counted, kinds, "{filters:?}");
    }
}

fn every_form(dir: &Path) {
    let table = ask(dir, &["stats"]).stdout;
    assert!(table.contains("\n2023-06        34  "), "{table}");
    assert!(table.contains("\n主题教育        10"), "{table}");
    let csv = ask(dir, &["stats", "--format", "csv"]).stdout;
    let head = "by,key,articles,works,reflections,people,listed,listed_held,listed_without,listed_unasked\r\n";
    assert!(csv.starts_with(&format!("{head}total,,61,49,70,43,67,62,3,2\r\n")), "{csv}");
    assert!(csv.contains("\r\nsite,yunling-news,21,21,21,21,24,21,1,2\r\n"), "{csv}");
    ask(dir, &["stats", "--quiet", "--svg", "charts"]);
    for name in ["site", "month", "topic", "unit", "kind"] {
        let svg = std::fs::read_to_string(dir.join(format!("charts/{name}.svg"))).unwrap();
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{name}");
    }
    let months = std::fs::read_to_string(dir.join("charts/month.svg")).unwrap();
    assert!(months.contains("2023-08"), "a month without articles has its place");
    let blocked = run(dir, &["stats", "--svg", "archive/demo/shiguan.db", "--archive", "archive/demo"]);
    assert_eq!((blocked.code, blocked.stdout.as_str()), (3, ""), "{}", blocked.stderr);
}
