//! Files from outside: WARC, packages, an archive's own files, settings and selectors.

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::PathBuf;

use shiguan::domain::time::Date;
use shiguan::extract::catalogue::{SourceFile, lint};
use shiguan::extract::{self, Catalogue, Hints};
use shiguan::near::Rulings;
use shiguan::package::surt;
use shiguan::warc::{Reader, Response, fields_of};
use shiguan::{archive, cli, crawl, decode, handover};
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::LONGEST;
use super::pages::CATALOGUE;

/// A folder in memory where there is such a thing.
fn folder() -> TempDir {
    let memory = PathBuf::from("/dev/shm");
    let at = if memory.is_dir() { memory } else { std::env::temp_dir() };
    tempfile::tempdir_in(at).unwrap()
}

/// Records of any tool, damaged or not.
pub(crate) fn warc(input: &[u8]) {
    let reader = Reader::new(Cursor::new(input)).unwrap().with_max_block(16 << 20);
    let mut before = 0;
    for found in reader {
        let offset = match &found {
            Ok(found) => found.offset,
            Err(damage) => damage.offset,
        };
        assert!(offset >= before && offset <= input.len() as u64, "offsets ascend: {before}, {offset}");
        before = offset;
        let Ok(found) = found else { continue };
        let record = &found.record;
        record.id();
        record.date();
        record.target_uri().map(surt);
        record.proof();
        record.http_head();
        Response::of(record);
        fields_of(record);
        if let Some(length) = found.length {
            assert!(offset + length <= input.len() as u64, "a member ends within the file");
        }
    }
}

/// Stands between the files of a package in an input.
const BETWEEN: &[u8] = b"\n==\n";

/// The parts of an input between the marks.
fn pieces(mut input: &[u8]) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    while let Some(at) = input.windows(BETWEEN.len()).position(|window| window == BETWEEN) {
        pieces.push(&input[..at]);
        input = &input[at + BETWEEN.len()..];
    }
    pieces.push(input);
    pieces
}

/// What packages hold, in the order in which an input has it.
const WACZ: [&str; 5] =
    ["datapackage.json", "indexes/index.cdxj", "pages/pages.jsonl", "datapackage-digest.json", "archive/a.warc.gz"];
const BAG: [&str; 6] = [
    "bagit.txt",
    "manifest-sha256.txt",
    "bag-info.txt",
    "tagmanifest-sha256.txt",
    "data/datapackage.json",
    "data/archive/a.warc.gz",
];

/// Packages: a ZIP file as it is, or the files of a package, put into a ZIP file and into a bag.
pub(crate) fn package(input: &[u8]) {
    let dir = folder();
    let wacz = dir.path().join("a.wacz");
    if input.starts_with(b"PK") {
        fs::write(&wacz, input).unwrap();
        examine(&wacz);
        if let Ok(Some(parts)) = archive::source::parts(&wacz) {
            for part in parts.iter().take(10) {
                part.records().into_iter().flatten().take(1000).for_each(drop);
            }
        }
        return;
    }
    let pieces = pieces(input);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, piece) in WACZ.iter().zip(&pieces) {
        zip.start_file(*name, stored).and_then(|()| Ok(zip.write_all(piece)?)).unwrap();
    }
    fs::write(&wacz, zip.finish().unwrap().into_inner()).unwrap();
    examine(&wacz);
    let bag = dir.path().join("bag");
    fs::create_dir_all(bag.join("data/archive")).unwrap();
    for (name, piece) in BAG.iter().zip(&pieces) {
        fs::write(bag.join(name), piece).unwrap();
    }
    examine(&bag);
}

fn examine(path: &std::path::Path) {
    // What is no package is an error, which is an answer too.
    if let Ok(checked) = handover::check(path, &mut |problem| assert!(!problem.file.is_empty())) {
        assert!(checked.problems.len() <= 1000);
    }
}

/// An archive's own WARC file, from which the index is made anew, and checked against it.
pub(crate) fn reindex(input: &[u8]) {
    let dir = folder();
    fs::create_dir_all(dir.path().join("warc/2026")).unwrap();
    fs::write(dir.path().join("warc/2026/shiguan-20261130090000-00001-a.warc.gz"), input).unwrap();
    archive::reindex(dir.path(), &crawl::reread(&CATALOGUE)).unwrap();
    archive::verify(dir.path(), true, &mut |_| {}).unwrap();
}

/// A settings file.
pub(crate) fn settings(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Err(what) = cli::check_settings(text) {
        line_first(&what);
    }
}

/// What a person ruled about works.
pub(crate) fn works(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Err(what) = Rulings::read(text) {
        line_first(&what);
    }
}

/// An error names its line.
fn line_first(what: &str) {
    assert!(what.split(':').next().is_some_and(|line| line.parse::<usize>().is_ok()), "{what}");
}

/// A family, a site and the campaigns, as a user may write them; where they load, a page is read with them.
pub(crate) fn selectors(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let paths = ["families/vsb.toml", "sites/a.toml", "topics.toml"];
    let kinds = [text.contains("family ="), text.contains("site ="), text.contains("[[topic]]")];
    let path = paths[kinds.iter().rposition(|kind| *kind).unwrap_or(0)];
    let files = [SourceFile { path: path.to_owned(), text: text.to_owned() }];
    match Catalogue::load(&files) {
        Ok(catalogue) => {
            let hints = decode::Hints { content_type: Some("text/html"), ..decode::Hints::default() };
            let page = decode::decode(PAGE, &hints, Date::new(2026, 11, 30).unwrap());
            extract::extract(&page, &catalogue, &Hints { family: Some("vsb"), site: None });
            extract::extract(&page, &catalogue, &Hints { family: None, site: Some("a") });
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            if text.len() < LONGEST / 64 {
                assert!(!lint(&files).is_empty(), "what does not load has a problem");
            }
        }
    }
}

/// A page for rules to be tried on.
const PAGE: &[u8] = include_bytes!("../../fixtures/vsb/article/page.html");
