//! Names and places as they come: a file for a folder, names that are no text, links in a ring, a full or a missing stdout.

use std::fs::{self, File};

use tempfile::TempDir;

use super::{held, one_line};
use crate::support::program::{command, ran, run};

#[test]
fn nothing_to_import_makes_no_archive() {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("page.html"), "<p>").unwrap();
    let ran = run(dir.path(), &["import", "page.html", "nowhere.warc"]);
    assert_eq!(ran.code, 4);
    assert!(ran.stderr.contains("page.html: neither WARC nor WACZ\nnowhere.warc: No such file"), "{}", ran.stderr);
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
}
