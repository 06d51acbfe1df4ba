//! The binary as scripts see it: stdout, stderr, exit code.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use tempfile::TempDir;

use crate::support::program::{command, ran, run};

const ARTICLE: &str = "<html><head><title>云岭理工大学召开主题教育推进会-云岭理工大学新闻网</title></head><body>\
<h1>云岭理工大学召开主题教育推进会</h1><p>发布时间：2023-06-06 16:49 来源：党委宣传部</p><div class=\"content\">\
<p>6月5日，云岭理工大学召开学习贯彻主题教育推进会，全校各基层党组织负责人参加会议，会议由副书记主持。</p>\
<p>会议要求，各单位要把理论学习同解决师生急难愁盼的问题结合起来，确保主题教育取得实效，真正落到实处。</p></div></body></html>";

fn folder_with(files: &[(&str, &str)]) -> TempDir {
    let dir = TempDir::new().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

#[test]
fn wrong_usage_is_two() {
    let dir = folder_with(&[("a.html", ARTICLE), ("b.html", ARTICLE)]);
    for arguments in [
        &["no-such-command"][..],
        &[][..],
        &["extract"],
        &["extract", "--family", "no-such-family", "a.html"],
        &["extract", "--site", "no-such-site", "a.html"],
        &["extract", "--url", "http://a.example/", "a.html", "b.html"],
        &["extract", "--url", "not a url", "a.html"],
        &["export", "no-such-table"],
        &["export", "articles", "--format", "no-such-format"],
        &["export", "articles", "--since", "2023-02-30"],
        &["crawl", "--delay", "-1"],
        &["crawl", "--resolve", "nonsense"],
        &["crawl", "--max-failures", "101"],
    ] {
        let ran = run(dir.path(), arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.stderr);
        assert!(ran.stdout.is_empty(), "{arguments:?} wrote to stdout");
        assert!(!ran.stderr.is_empty(), "{arguments:?} said nothing");
    }
}

#[test]
fn help_and_version_are_data() {
    let dir = TempDir::new().unwrap();
    for command in
        ["demo", "init", "crawl", "extract", "inspect", "selectors", "export", "status", "verify", "completions", "man"]
    {
        let help = run(dir.path(), &[command, "--help"]);
        assert_eq!(help.code, 0, "{command}");
        assert!(help.stdout.contains("Usage: shiguan ") && help.stdout.contains("--archive"), "{command}");
    }
    assert_eq!(run(dir.path(), &["--version"]).stdout, format!("shiguan {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn pages_become_one_line_each_in_order_and_the_unreadable_are_named() {
    let dir = folder_with(&[("b/2.html", ARTICLE), ("b/1.html", ARTICLE), ("a.html", ARTICLE)]);
    let ran = run(dir.path(), &["extract", "b", "missing.html", "a.html"]);
    assert_eq!(ran.code, 4);
    assert!(ran.stderr.contains("missing.html"), "{}", ran.stderr);
    let records: Vec<serde_json::Value> = ran.stdout.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(records.len(), 3);
    for record in &records {
        assert_eq!(record["kind"], "article");
        assert_eq!(record["title"], "云岭理工大学召开主题教育推进会");
        assert_eq!(record["published_at"], "2023-06-06T16:49:00+08:00");
        assert_eq!(record["url"], serde_json::Value::Null);
    }
}

#[test]
fn a_dash_is_one_page_on_stdin() {
    let dir = TempDir::new().unwrap();
    let mut child = command(dir.path())
        .args(["extract", "-", "--url", "http://news.yunling.example/a.html"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(ARTICLE.as_bytes()).unwrap();
    let ran = ran(child.wait_with_output().unwrap());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let record: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(record["url"], "http://news.yunling.example/a.html");
}

#[test]
fn unusable_settings_and_selectors_are_three_and_name_the_place() {
    let family = "family = \"odd\"\nname = \"x\"\nevidence = \"general\"\n[detect]\nthreshold = 1\n[[revision]]\nsince = \"0001-01-01\"\n[revision.article]\n";
    for (file, text, arguments, want) in [
        ("archive/shiguan.toml", "contact = 1\n".to_owned(), &["extract", "a.html"][..], "shiguan.toml:1"),
        ("archive/shiguan.toml", "[crawl]\ndleay = 1\n".to_owned(), &["extract", "a.html"], "shiguan.toml:2"),
        (
            "s/families/odd.toml",
            format!("{family}titel = []\n"),
            &["extract", "--selectors", "s", "a.html"],
            "families/odd.toml:9",
        ),
        (
            "s/families/odd.toml",
            format!("{family}body = [\"div[\"]\n"),
            &["extract", "--selectors", "s", "a.html"],
            "families/odd.toml:9",
        ),
        (
            "s/sites/x.toml",
            "site = \"x\"\nname = \"x\"\nseeds = [\"http://x.example/\"]\nfamily = \"nope\"\n".to_owned(),
            &["extract", "--selectors", "s", "a.html"],
            "sites/x.toml:4",
        ),
    ] {
        let dir = folder_with(&[("a.html", ARTICLE), (file, &text)]);
        let ran = run(dir.path(), arguments);
        assert_eq!(ran.code, 3, "{file}: {}", ran.stderr);
        assert!(ran.stderr.contains(want), "{:?} does not name {want}", ran.stderr);
        assert_eq!(ran.stderr.trim_end().lines().count(), 1, "one clear line: {}", ran.stderr);
    }
    let dir = folder_with(&[("a.html", ARTICLE)]);
    for arguments in
        [&["extract", "--selectors", "nowhere", "a.html"][..], &["extract", "--config", "nowhere.toml", "a.html"]]
    {
        let ran = run(dir.path(), arguments);
        assert_eq!(ran.code, 3, "{}", ran.stderr);
        assert!(ran.stderr.contains("nowhere"));
    }
}

#[test]
fn init_makes_settings_and_writes_over_nothing() {
    let dir = TempDir::new().unwrap();
    assert_eq!(run(dir.path(), &["init", "held"]).code, 0);
    let file = dir.path().join("held/shiguan.toml");
    assert!(fs::read_to_string(&file).unwrap().contains("#contact = "));
    fs::write(&file, "contact = \"a@b.example\"\n").unwrap();
    assert_eq!(run(dir.path(), &["init", "held"]).code, 0);
    assert_eq!(fs::read_to_string(&file).unwrap(), "contact = \"a@b.example\"\n");
    let ran = run(dir.path(), &["init", "held/shiguan.toml"]);
    assert_eq!(ran.code, 3);
    assert!(ran.stderr.contains("not a folder"), "{}", ran.stderr);
}

#[test]
fn no_archive_is_three() {
    let dir = TempDir::new().unwrap();
    for arguments in [&["export", "articles"][..], &["status"], &["verify"]] {
        let ran = run(dir.path(), arguments);
        assert_eq!(ran.code, 3, "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains("archive"), "{}", ran.stderr);
    }
}

#[test]
fn a_reader_that_hangs_up_is_no_failure() {
    let dir = folder_with(&[]);
    for n in 0..200 {
        fs::write(dir.path().join(format!("{n}.html")), ARTICLE).unwrap();
    }
    let mut child =
        command(dir.path()).args(["extract", "."]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ran = ran(child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
}

#[test]
fn every_command_has_a_manual_page_and_completions() {
    let dir = TempDir::new().unwrap();
    assert_eq!(run(dir.path(), &["man", "-o", "man"]).code, 0);
    for command in
        ["demo", "init", "crawl", "extract", "inspect", "selectors", "export", "status", "verify", "completions", "man"]
    {
        let page = fs::read_to_string(dir.path().join(format!("man/shiguan-{command}.1"))).unwrap();
        assert!(page.contains("EXIT STATUS"), "{command}");
    }
    for shell in ["bash", "zsh", "fish"] {
        assert!(run(dir.path(), &["completions", shell]).stdout.contains("crawl"), "{shell}");
    }
}
