//! `show`: one article of the demo with its versions, what was edited, its captures, its end and its reposts.

use serde_json::Value;
use tempfile::TempDir;

use crate::support::program::{Ran, run};

fn show(dir: &TempDir, arguments: &[&str]) -> Ran {
    run(dir.path(), &[&["show", "--archive", "archive/demo"], arguments].concat())
}

fn json(dir: &TempDir, url: &str) -> Value {
    serde_json::from_str(&show(dir, &["--json", url]).stdout).unwrap()
}

#[test]
fn the_demo_has_an_edited_a_reposted_and_a_gone_article() {
    let dir = TempDir::new().unwrap();
    assert_eq!(run(dir.path(), &["demo", "-q"]).code, 0);

    let edited = "http://news.yunling.example/info/1012/2055.htm";
    let said = json(&dir, edited);
    assert_eq!(said["versions"].as_array().unwrap().len(), 2);
    let body = said["differences"][0]["body"].as_array().unwrap();
    assert!(body.iter().any(|line| line["change"] != "equal"), "{body:?}");
    assert_eq!(said["captures"][0]["url"], edited);
    let shown = show(&dir, &[&said["id"].to_string()]);
    assert_eq!((shown.code, shown.stderr.as_str()), (0, ""));
    assert_eq!(shown.stdout, show(&dir, &[&format!("{edited}#top")]).stdout, "by id as by address");
    for part in ["\nversions\n  1. captured ", "\n  2. captured ", "\n  version 1 to 2\n", "\n     + "] {
        assert!(shown.stdout.contains(part), "{part:?} in {}", shown.stdout);
    }

    let gone = json(&dir, "http://news.yunling.example/info/1012/2057.htm");
    assert_eq!(gone["tombstones"][0]["began_at"], gone["gone_at"]);
    assert!(gone["gone_at"].is_string());
    assert!(show(&dir, &[&gone["id"].to_string()]).stdout.contains("\ngone        since 20"));

    let reposted = json(&dir, "http://yuren.example/a/yllgdx/230616/1543101.shtml");
    let urls: Vec<&Value> = reposted["reposts"].as_array().unwrap().iter().map(|repost| &repost["url"]).collect();
    assert_eq!(urls[0], "http://party.yunling.example/xxjy/202306/t20230615_5519.html");
    assert_eq!(urls[1], "http://yuren.example/a/yllgdx/230616/1543101.shtml");

    for unknown in ["9999", "http://news.yunling.example/none.htm", "党课"] {
        let ran = show(&dir, &[unknown]);
        assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.lines().count()), (3, "", 1), "{unknown}");
        assert!(ran.stderr.contains(unknown), "{}", ran.stderr);
    }
    let missing = run(dir.path(), &["show", "--archive", "nowhere", "1"]);
    assert_eq!(missing.code, 3);
    assert!(missing.stderr.contains("no archive here"), "{}", missing.stderr);
}
