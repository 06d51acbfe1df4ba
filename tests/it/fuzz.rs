//! The targets of `fuzz/` over inputs that once went wrong, and over some that could: what was found stays mended, and
//! the targets keep up with the code they are written for.

#[expect(unreachable_pub, reason = "a library there")]
#[path = "../../fuzz/src/lib.rs"]
mod targets;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use targets::{TARGETS, try_one};

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(dir) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn what_went_wrong_once_goes_right() {
    let mut tried = 0;
    for (name, _) in TARGETS {
        for path in files(&fuzz().join("regressions").join(name)) {
            println!("{}", path.display());
            try_one(name, &fs::read(&path).unwrap());
            tried += 1;
        }
    }
    let known = files(&fuzz().join("regressions")).iter().map(|folder| files(folder).len()).sum::<usize>();
    assert_eq!(tried, known, "a folder of regressions is named like no target");
}

#[test]
fn every_target_takes_anything() {
    let page = fs::read(fuzz().join("../fixtures/vsb/article/page.html")).unwrap();
    let warc = fs::read(fuzz().join("../fixtures/warc/others.warc.gz")).unwrap();
    let inputs =
        [&b""[..], b"\n", b"\0\xff\xfe\n\r\n\r\n", b"PK\x05\x06", b"PK\x03\x04\n==\n", &page, &warc, &warc[..700]];
    for (name, _) in TARGETS {
        for input in inputs {
            try_one(name, input);
        }
    }
}

#[test]
fn every_target_has_its_program() {
    let manifest: toml::Table = fs::read_to_string(fuzz().join("Cargo.toml")).unwrap().parse().unwrap();
    let programs = manifest["bin"].as_array().unwrap();
    let programs: Vec<_> = programs.iter().map(|program| program["name"].as_str().unwrap().to_owned()).collect();
    let names: Vec<_> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(programs, names);
    let files: BTreeSet<_> = files(&fuzz().join("fuzz_targets"))
        .iter()
        .map(|path| path.file_stem().unwrap().display().to_string())
        .collect();
    assert_eq!(files, names.into_iter().collect());
}
