//! Names and places as they come: a file for a folder, names that are no text, links in a ring, a full or a missing stdout.

use std::fs;

use tempfile::TempDir;

use super::one_line;
use crate::support::program::run;

#[test]
fn nothing_to_import_makes_no_archive() {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("page.html"), "<p>").unwrap();
    let ran = run(dir.path(), &["import", "page.html", "nowhere.warc"]);
    assert_eq!(ran.code, 4);
    assert!(ran.stderr.contains("page.html: neither WARC nor WACZ\nnowhere.warc: No such file"), "{}", ran.stderr);
    assert!(!dir.path().join("archive").exists());
}
