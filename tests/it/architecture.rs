//! Imports go down only. This test holds the table of rows, reads `src/` as text, and fails on any `crate::` path
//! that does not go downward and on any module without a row. It knows nothing of the compiler's mind: comments and
//! grouped `use` items are handled by hand and have their own tests.

use std::fs;
use std::path::{Path, PathBuf};

/// Rows from the ground up; modules of one row do not know each other.
const ROWS: &[&[&str]] = &[
    &["domain", "fold"],
    &["frontier", "robots", "decode", "extract", "dedup", "near", "warc", "export", "package", "segment", "veil"],
    &["fetch", "store"],
    &["archive", "handover"],
    &["crawl", "demo"],
    &["cli"],
];

fn row(module: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&module))
}

/// Modules named by `crate::…` paths in this source, comments and doc comments left out.
fn imports(source: &str) -> Vec<String> {
    let code: String =
        source.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for (at, marker) in code.match_indices("crate::") {
        let rest = &code[at + marker.len()..];
        if let Some(group) = rest.strip_prefix('{') {
            found.extend(first_segments(group));
        } else {
            found.extend(segment(rest));
        }
    }
    found.sort();
    found.dedup();
    found
}

/// First path segments of the items of a `{…}` group, at its outermost level.
fn first_segments(group: &str) -> Vec<String> {
    let mut depth = 0_i32;
    let mut at_start = true;
    let mut found = Vec::new();
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => at_start = true,
            c if at_start && !c.is_whitespace() => {
                found.extend(segment(&group[at..]));
                at_start = false;
            }
            _ => {}
        }
    }
    found
}

fn segment(path: &str) -> Option<String> {
    let name: String = path.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

fn sources(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files
}

#[test]
fn imports_go_down_only() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    let mut modules = 0;
    for file in sources(&src) {
        let relative = file.strip_prefix(&src).unwrap();
        let top = relative.components().next().unwrap().as_os_str().to_string_lossy();
        let top = top.trim_end_matches(".rs");
        if matches!(top, "lib" | "main") {
            continue;
        }
        modules += 1;
        let Some(own) = row(top) else {
            wrong.push(format!("{}: module `{top}` has no row", relative.display()));
            continue;
        };
        for target in imports(&fs::read_to_string(&file).unwrap()) {
            if target == top {
                continue;
            }
            match row(&target) {
                Some(theirs) if theirs < own => {}
                _ => wrong.push(format!("{}: `{top}` must not know `{target}`", relative.display())),
            }
        }
    }
    assert!(modules > 10, "the walk found the sources");
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_grouped_use_is_read() {
    assert_eq!(imports("use crate::{domain::{page, time}, extract, warc::Writer};"), ["domain", "extract", "warc"]);
}

#[test]
fn comments_do_not_import() {
    assert_eq!(imports("/// see [`crate::cli`]\nuse crate::domain::page; // crate::crawl"), ["domain"]);
}
