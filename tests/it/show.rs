//! `show`: one article of the demo with its versions, what was edited, its captures, its end and its reposts.

use serde_json::Value;
use shiguan::domain::time::CaptureTime;
use tempfile::TempDir;

use crate::crawl::college::{College, HOST, path};
use crate::crawl::serial::{Serial, part};
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

#[test]
fn a_text_that_came_back_is_said_to_be_the_first_and_its_absence_is_bounded() {
    let (college, server) = College { etags: true, ..College::with(2) }.serve();
    let dir = TempDir::new().unwrap();
    let (seed, resolve) = (format!("http://{HOST}/xwzx.htm"), server.resolve(HOST));
    let full = || run(dir.path(), &["crawl", "--full", "--seed", &seed, "--resolve", &resolve, "--delay", "0"]).code;
    assert_eq!(full(), 0);
    college.lock().unwrap().edited.insert(2);
    assert_eq!(full(), 0);
    college.lock().unwrap().status.insert(path(2), 404);
    assert_eq!((full(), full()), (0, 0));
    college.lock().unwrap().status.clear();
    college.lock().unwrap().edited.clear();
    assert_eq!(full(), 0);

    let address = format!("http://{HOST}{}", path(2));
    let said: Value = serde_json::from_str(&run(dir.path(), &["show", "--json", &address]).stdout).unwrap();
    let showings = said["appearances"].as_array().unwrap();
    let versions: Vec<_> = showings.iter().map(|showing| showing["version"].as_i64().unwrap()).collect();
    assert_eq!(versions, [1, 2, 1]);
    assert_eq!(
        (&showings[1]["returned_from"], &showings[2]["returned_from"]),
        (&Value::Null, &showings[0]["began_at"])
    );
    let tombstone = &said["tombstones"][0];
    assert_eq!(tombstone["asked_meanwhile"], 2);
    assert_eq!(tombstone["last_seen_before"], said["captures"][1]["captured_at"]);
    assert_eq!(tombstone["ended_at"], showings[2]["began_at"]);

    let text = run(dir.path(), &["show", &address]).stdout;
    let first = CaptureTime::parse(showings[0]["began_at"].as_str().unwrap()).unwrap().to_china_string();
    for words in [
        format!(" version 1, the text of {first} again\n"),
        " not-found, seen again 20".to_owned(),
        "     for less than an hour\n".to_owned(),
        "last seen before: 20".to_owned(),
        "asked for and not there: 2 times\n".to_owned(),
    ] {
        assert!(text.contains(&words), "{words:?} in {text}");
    }
}

#[test]
fn further_pages_are_shown_with_their_own_captures_and_go_into_a_selection() {
    let (_serial, server) = Serial::with(&[3, 1]).serve();
    let dir = TempDir::new().unwrap();
    let (seed, resolve) = (format!("http://{HOST}/xw/index.html"), server.resolve(HOST));
    assert_eq!(run(dir.path(), &["crawl", "--seed", &seed, "--resolve", &resolve, "--delay", "0"]).code, 0);
    let address = |page| format!("http://{HOST}{}", part(1, page));
    let said: Value = serde_json::from_str(&run(dir.path(), &["show", "--json", &address(0)]).stdout).unwrap();
    let pages: Vec<_> =
        said["versions"][0]["pages"].as_array().unwrap().iter().map(|page| page["url"].as_str().unwrap()).collect();
    assert_eq!(pages, [address(0), address(1), address(2)]);
    let text = run(dir.path(), &["show", &address(0)]).stdout;
    assert_eq!(text.matches("further page, captured ").count(), 2, "{text}");
    assert!(text.contains(&format!("     {}\n     warc/", address(2))), "{text}");

    // A filter that chooses articles takes all their pages.
    let package = ["package", "--format", "wacz", "-o", "some.wacz", "--since", "2023-06-06", "--until", "2023-06-06"];
    let made = run(dir.path(), &package);
    assert_eq!(made.code, 0, "{}", made.stderr);
    let extracted = run(dir.path(), &["extract", "some.wacz"]).stdout;
    for page in 0..3 {
        assert!(extracted.contains(&format!("\"url\":\"{}\"", address(page))), "page {page}");
    }
}
