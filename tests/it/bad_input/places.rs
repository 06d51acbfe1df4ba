//! Names and places as they come: a file for a folder, names that are no text, links in a ring, a full or a missing stdout.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use tempfile::TempDir;

use super::{held, one_line};
use crate::support::program::{command, ran, run};

/// A name no JSON can say.
const ODD: &[u8] = b"\xe6\xa1\xa3 \xff\xfe";

#[test]
fn a_file_in_the_archive_s_place_is_three_for_every_command() {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("archive"), "").unwrap();
    fs::write(dir.path().join("page.warc"), "WARC/1.0").unwrap();
    for words in [
        &["status"][..],
        &["stats"],
        &["search", "学"],
        &["show", "1"],
        &["export", "articles"],
        &["package", "--format", "wacz", "-o", "a.wacz"],
        &["verify"],
        &["import", "page.warc"],
        &["reextract"],
        &["reindex"],
        &["watch"],
        &["crawl", "--seed", "http://a.test/"],
    ] {
        one_line(&run(dir.path(), words), 3, &["archive: not a folder"]);
    }
}

#[test]
fn the_demo_goes_into_no_archive_of_something_else() {
    let dir = held();
    one_line(&run(dir.path(), &["--archive", "archive", "demo"]), 3, &["archive: holds ", "no archive of the demo's"]);
}

#[test]
fn names_that_are_no_text_are_names_all_the_same() {
    let dir = held();
    let name = |end: &str| OsStr::from_bytes(&[ODD, end.as_bytes()].concat()).to_owned();
    let go = |words: &[&str], odd: &OsStr, more: &[&str]| {
        ran(command(dir.path()).args(words).arg(odd).args(more).output().unwrap())
    };
    let made = go(&["package", "--format", "wacz", "--json", "-o"], &name(".wacz"), &[]);
    assert_eq!((made.code, made.stderr.as_str()), (0, ""));
    assert!(made.stdout.contains("\"package\": \"档 \u{fffd}\u{fffd}.wacz\""), "{}", made.stdout);
    for more in [&["--json"][..], &["--report", "r.json"], &["--report", "r.html"]] {
        let ran = go(&["verify"], &name(".wacz"), more);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{more:?}");
    }
    let page = fs::read_to_string(dir.path().join("r.html")).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("移交包检查报告"), "{page}");
    assert!(serde_json::from_slice::<serde_json::Value>(&fs::read(dir.path().join("r.json")).unwrap()).is_ok());
    fs::write(dir.path().join(name(".html")), "<title>标题</title><p>正文").unwrap();
    one_line(&run(dir.path(), &["inspect", "http://[a"]), 2, &["http://[a: "]);
    for words in ["inspect", "extract"] {
        assert_eq!(go(&[words], &name(".html"), &[]).code, 0, "{words}");
    }
    fs::rename(dir.path().join("archive"), dir.path().join(name(""))).unwrap();
    for words in [&["status"][..], &["verify", "--json"], &["reindex", "--json"], &["export", "articles"]] {
        let ran = go(&[words, &["--archive"]].concat(), &name(""), &[]);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{words:?}");
    }
}

#[test]
fn nothing_to_import_makes_no_archive() {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("page.html"), "<p>").unwrap();
    let ran = run(dir.path(), &["import", "page.html", "nowhere.warc"]);
    assert_eq!(ran.code, 4);
    assert!(ran.stderr.contains("page.html: neither WARC nor WACZ\nnowhere.warc: No such file"), "{}", ran.stderr);
    fs::create_dir(dir.path().join("empty")).unwrap();
    let ran = run(dir.path(), &["import", "empty"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (4, "empty: holds neither WARC nor WACZ\n"));
    assert!(!dir.path().join("archive").exists());
}

#[test]
fn a_full_stdout_is_seven_and_named() {
    let Ok(full) = File::options().write(true).open("/dev/full") else { return };
    let dir = held();
    for words in [&["status"][..], &["export", "articles"], &["verify"], &["man"], &["search", "学"]] {
        let output = command(dir.path()).args(words).stdout(full.try_clone().unwrap()).output().unwrap();
        one_line(&ran(output), 7, &["writing to stdout"]);
    }
    one_line(&run(dir.path(), &["export", "articles", "-o", "/dev/full"]), 7, &["writing /dev/full"]);
}

#[test]
fn a_filter_that_finds_nothing_for_how_it_is_written_is_said_by_verify_too() {
    let dir = held();
    let ran = run(dir.path(), &["verify", "--site", "nosuch"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, "--site nosuch: nothing is held of such a site\n"));
}

#[test]
fn reports_are_for_the_group_as_their_folder_is() {
    let dir = held();
    let reports = dir.path().join("archive/reports");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let report = fs::read_dir(&reports).unwrap().next().unwrap().unwrap().path();
    assert_eq!((mode(&reports), mode(&report)), (0o750, 0o640));
}

#[test]
fn selectors_out_of_place_are_named() {
    let dir = TempDir::new().unwrap();
    let path = |name: &str| dir.path().join(name);
    fs::create_dir_all(path("mine/sites")).unwrap();
    // Two rings of links: whoever follows them walks for ever.
    symlink(".", path("mine/one")).unwrap();
    symlink("..", path("mine/sites/two")).unwrap();
    fs::write(path("mine/yllg.toml"), "site = \"yllg\"").unwrap();
    let ran = run(dir.path(), &["selectors", "lint", "mine"]);
    let stray = "note: yllg.toml is not read: sites stand in sites/, families in families/\n1 file, no problem\n";
    assert_eq!((ran.code, ran.stderr.as_str()), (0, stray));
    fs::write(path("mine/sites/yllg.toml"), b"site = \"yllg\"\nname = \"\xff\"\n").unwrap();
    one_line(&run(dir.path(), &["crawl", "--selectors", "mine"]), 3, &["mine/sites/yllg.toml:2: not UTF-8"]);
    fs::write(path("shiguan.toml"), "selectors = \"nowhere\"\n").unwrap();
    let words = ["crawl", "--config", "shiguan.toml"];
    one_line(&run(dir.path(), &words), 3, &["shiguan.toml: selectors: ", "nowhere: no such folder of selectors"]);
}
