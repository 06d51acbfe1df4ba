//! `reindex`: an index rebuilt from the WARC files alone is equal to the one it replaces.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use rusqlite::Connection;
use shiguan::warc::{Deflater, Fields, Found, Kind, Reader, Record};
use tempfile::TempDir;

use crate::support::dump::{by_hand, differences, dump};
use crate::support::program::{Ran, run};

fn reindex(dir: &TempDir, archive: &str) -> Ran {
    run(dir.path(), &["reindex", "--archive", archive])
}

/// Rebuilds the index and holds it against the one from before.
fn assert_equal_after(dir: &TempDir, archive: &str, before: &[String]) {
    let ran = reindex(dir, archive);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    let differences = differences(before, &dump(&dir.path().join(archive)));
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn two_nights_of_the_demo_are_rebuilt_equal() {
    let dir = TempDir::new().unwrap();
    assert_eq!(run(dir.path(), &["demo", "-q"]).code, 0);
    let archive = dir.path().join("archive/demo");
    let before = dump(&archive);
    assert!(before.iter().any(|line| line.starts_with("runs:") && line.contains("ended=\"done\"")));
    assert_equal_after(&dir, "archive/demo", &before);
    assert!(archive.join("shiguan.db.before-reindex").is_file());
    assert!(!archive.join("shiguan.db.reindexing").exists());

    for file in ["shiguan.db", "shiguan.db-wal", "shiguan.db-shm"] {
        fs::remove_file(archive.join(file)).ok();
    }
    assert_equal_after(&dir, "archive/demo", &before);
    fs::write(archive.join("shiguan.db"), "not a database").unwrap();
    assert_equal_after(&dir, "archive/demo", &before);
    assert_eq!(run(dir.path(), &["verify", "--full", "--archive", "archive/demo"]).code, 0);

    let again = run(dir.path(), &["demo", "-q"]);
    assert_eq!((again.code, again.stderr.as_str()), (0, ""), "and a crawl goes on from there");
    assert_equal_after(&dir, "archive/demo", &dump(&archive));
}

/// An index of an earlier layout may hold what was never written to WARC: whatever is rebuilt later, it stays.
#[test]
fn no_index_that_was_kept_is_written_over() {
    let dir = TempDir::new().unwrap();
    assert_eq!(run(dir.path(), &["demo", "-q"]).code, 0);
    let archive = dir.path().join("archive/demo");
    let path = |name: &str| archive.join(name);
    let mut held = Vec::new();
    for name in ["shiguan.db.before-reindex", "shiguan.db.before-reindex.2", "shiguan.db.before-reindex.3"] {
        by_hand(&archive).execute("UPDATE runs SET command = ?1 WHERE id = 1", [name]).unwrap();
        let ran = reindex(&dir, "archive/demo");
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
        assert!(ran.stdout.ends_with(&format!("; the old index is kept as {name}\n")), "{}", ran.stdout);
        held.push(name);
        for name in &held {
            let kept = Connection::open(path(name)).unwrap();
            let command: String =
                kept.query_row("SELECT command FROM runs WHERE id = 1", [], |row| row.get(0)).unwrap();
            assert_eq!(command, **name);
        }
    }
    let verified = run(dir.path(), &["verify", "--stage", "保存", "--archive", "archive/demo"]);
    assert_eq!(verified.code, 0, "{}", verified.stderr);
}

#[test]
fn where_there_is_no_archive_it_says_so_and_makes_none() {
    let dir = TempDir::new().unwrap();
    let ran = reindex(&dir, "nowhere");
    assert_eq!(ran.code, 3);
    assert!(ran.stderr.contains("no archive here"), "{}", ran.stderr);
    assert!(!Path::new(&dir.path().join("nowhere")).exists());
}

/// A demo archive whose WARC files are written anew, record by record: kept, left out, or with others behind.
fn rewritten(dir: &TempDir, mut each: impl FnMut(&Record, &[u8]) -> Vec<u8>) -> std::path::PathBuf {
    assert_eq!(run(dir.path(), &["demo", "-q"]).code, 0);
    let archive = dir.path().join("archive/demo");
    for file in crate::archive::warc_files(&archive) {
        let whole = fs::read(&file).unwrap();
        let mut written = Vec::new();
        for found in Reader::new(Cursor::new(&whole)).unwrap() {
            let Found { record, offset, length, .. } = found.unwrap();
            let begin = usize::try_from(offset).unwrap();
            let end = begin + usize::try_from(length.unwrap()).unwrap();
            written.extend(each(&record, &whole[begin..end]));
        }
        fs::write(&file, written).unwrap();
    }
    archive
}

/// Lines of these tables, without what says where a record stands.
fn of_tables(dump: &[String], tables: &[&str]) -> Vec<String> {
    let wanted = |line: &&String| tables.iter().any(|table| line.starts_with(&format!("{table}: ")));
    dump.iter().filter(wanted).cloned().collect()
}

#[test]
fn an_archive_without_entries_is_rebuilt_as_far_as_its_answers_tell() {
    let dir = TempDir::new().unwrap();
    // Archives from before runs were written to WARC hold no joined articles either.
    let of_work = |record: &Record| {
        let fields = shiguan::warc::fields_of(record);
        record.kind() == Kind::Metadata && fields.is_none_or(|fields| fields.get("Shiguan-Event") != Some("joined"))
    };
    let archive = rewritten(&dir, |record, bytes| if of_work(record) { Vec::new() } else { bytes.to_vec() });
    let before = dump(&archive);
    let ran = reindex(&dir, "archive/demo");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("2 runs known by captures only"), "{}", ran.stderr);
    let after = dump(&archive);
    let tables = ["articles", "article_versions", "reflections", "credits", "images", "people", "places"];
    assert_eq!(differences(&of_tables(&before, &tables), &of_tables(&after, &tables)), Vec::<String>::new());
    assert_eq!(run(dir.path(), &["verify", "--full", "--archive", "archive/demo"]).code, 0);
    assert_eq!(run(dir.path(), &["demo", "-q"]).code, 0, "and a crawl goes on from there");
}

#[test]
fn a_planted_record_with_our_field_names_is_not_believed() {
    let dir = TempDir::new().unwrap();
    let mut planted = 0;
    let archive = rewritten(&dir, |record, bytes| {
        let mut written = bytes.to_vec();
        if planted == 0 && record.kind() == Kind::Response {
            planted += 1;
            let mut foreign = record.clone();
            let mut fields = Fields::new();
            for (name, value) in record.fields.iter() {
                let foreign = format!("<urn:uuid:{}>", "0".repeat(32));
                let other = matches!(name, "WARC-Warcinfo-ID" | "WARC-Record-ID");
                fields.push(name, if other { &foreign } else { value });
            }
            foreign.fields = fields;
            let mut plain = Vec::new();
            foreign.write_to(&mut plain);
            Deflater::default().member(&plain, &mut written);
        }
        written
    });
    let before = dump(&archive);
    assert_eq!(reindex(&dir, "archive/demo").code, 0);
    let tables = ["articles", "article_versions", "runs", "walks"];
    let after = dump(&archive);
    assert_eq!(differences(&of_tables(&before, &tables), &of_tables(&after, &tables)), Vec::<String>::new());
    assert_eq!(of_tables(&before, &["captures"]).len(), of_tables(&after, &["captures"]).len());
}

#[test]
fn a_strange_file_is_left_alone_and_a_damaged_stretch_named() {
    let dir = TempDir::new().unwrap();
    assert_eq!(run(dir.path(), &["demo", "-q"]).code, 0);
    let archive = dir.path().join("archive/demo");
    let files = crate::archive::warc_files(&archive);
    let mut plain = Vec::new();
    let mut strange =
        b"WARC/1.0\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: <urn:uuid:1>\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
            .to_vec();
    Deflater::default().member(&strange, &mut plain);
    strange.clear();
    fs::write(files[0].with_file_name("other-20200101000000-00009-x.warc.gz"), plain).unwrap();
    let mut whole = fs::read(&files[0]).unwrap();
    let middle = whole.len() / 2;
    whole[middle] ^= 0x55;
    fs::write(&files[0], whole).unwrap();
    let before = of_tables(&dump(&archive), &["captures"]).len();
    let ran = reindex(&dir, "archive/demo");
    assert_eq!(ran.code, 5, "{}", ran.stderr);
    assert!(ran.stderr.contains("damaged: warc/") && ran.stderr.contains("offset"), "{}", ran.stderr);
    assert!(ran.stderr.contains("other-20200101000000-00009-x.warc.gz: does not belong"), "{}", ran.stderr);
    let after = of_tables(&dump(&archive), &["captures"]).len();
    assert!(after + 1 >= before && after < before + 1, "one record at the most is lost: {before}, {after}");
}

/// Numbers that look random and are the same in every run (a linear congruential generator).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n.max(1)
    }
}

/// A damage of one of the kinds disks and copies make.
fn damage(whole: &[u8], dice: &mut Dice) -> (String, Vec<u8>) {
    let mut bytes = whole.to_vec();
    let at = dice.below(bytes.len());
    let page = at / 4096 * 4096;
    match dice.below(4) {
        0 => {
            bytes[at] ^= 1 << dice.below(8);
            (format!("a bit at {at}"), bytes)
        }
        1 => {
            let end = (page + 4096).min(bytes.len());
            bytes[page..end].fill(0);
            (format!("page at {page} empty"), bytes)
        }
        2 => {
            let end = (page + 4096).min(bytes.len());
            bytes.drain(page..end);
            (format!("page at {page} cut out"), bytes)
        }
        _ => {
            bytes.truncate(at);
            (format!("cut at {at}"), bytes)
        }
    }
}

/// How many damages are tried; the full number is asked for by the environment.
pub(crate) fn tries(name: &str, few: usize) -> usize {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(few)
}

/// What is asked of a damaged index: every way of reading it.
const QUESTIONS: [&[&str]; 8] = [
    &["status"],
    &["export", "articles"],
    &["export", "captures", "--format", "jsonl"],
    &["export", "reflections"],
    &["search", "学习"],
    &["show", "1"],
    &["crawl", "--dry-run", "--seed", "http://127.0.0.1:1/"],
    &["verify"],
];

/// A sealed index that was damaged answers nothing; one whose seal is lost gives what SQLite notices, and the answers that
/// are wrong all the same are counted. `reindex` mends either.
#[test]
fn a_damaged_index_gives_an_error_and_is_mended() {
    let dir = TempDir::new().unwrap();
    assert_eq!(run(dir.path(), &["demo", "-q"]).code, 0);
    let archive = dir.path().join("archive/demo");
    let (index, seal) = (archive.join("shiguan.db"), archive.join("shiguan.db.seal"));
    let (before, whole, sealed) = (dump(&archive), fs::read(&index).unwrap(), fs::read(&seal).unwrap());
    let mut dice = Dice(20_261_122);
    let ask = |words: &[&str]| run(dir.path(), &[words, &["--archive", "archive/demo"]].concat());
    let sound = QUESTIONS.map(|words| if words[0] == "verify" { String::new() } else { ask(words).stdout });
    let (mut tried, mut silent) = (0, 0);
    for _ in 0..tries("SHIGUAN_DAMAGES", 12) {
        let (what, bytes) = damage(&whole, &mut dice);
        fs::write(&index, &bytes).unwrap();
        fs::write(&seal, &sealed).unwrap();
        for words in QUESTIONS.iter().filter(|_| bytes != whole) {
            let ran = ask(words);
            tried += 1;
            assert_eq!(ran.code, 5, "{what}: {words:?}: {}{}", ran.stdout, ran.stderr);
            assert!(ran.stderr.contains("shiguan.db"), "{what}: {words:?}: {}", ran.stderr);
            assert!(!ran.stderr.contains("panicked"), "{what}: {words:?}: {}", ran.stderr);
            assert!(ran.stdout.is_empty() || words[0] == "verify", "{what}: {words:?}: {}", ran.stdout);
        }
        fs::remove_file(&seal).unwrap();
        for (words, sound) in QUESTIONS[..6].iter().zip(&sound) {
            let ran = ask(words);
            assert!(
                [0, 5].contains(&ran.code) || words[0] == "show",
                "{what}: {words:?}: {}: {}",
                ran.code,
                ran.stderr
            );
            assert!(!ran.stderr.contains("panicked"), "{what}: {words:?}: {}", ran.stderr);
            assert!(ran.code == 0 || !ran.stderr.is_empty(), "{what}: {words:?} says nothing");
            silent += usize::from(ran.code == 0 && ran.stdout != *sound);
        }
        let ran = reindex(&dir, "archive/demo");
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{what}");
        let differences = differences(&before, &dump(&archive));
        assert!(differences.is_empty(), "{what}: {}", differences.join("\n"));
        assert!(seal.exists(), "a rebuilt index is sealed");
    }
    assert!(tried > 0);
    println!("asked {tried} times with the seal: no answer; without it, wrong answers without a word: {silent}");
}

#[test]
fn an_index_damaged_with_its_seal_in_place_is_not_written_to() {
    let dir = TempDir::new().unwrap();
    assert_eq!(run(dir.path(), &["demo", "-q"]).code, 0);
    let archive = dir.path().join("archive/demo");
    let index = archive.join("shiguan.db");
    for words in [&["verify"][..], &["package", "--format", "wacz", "-o", "a.wacz"], &["reextract"]] {
        assert_eq!(run(dir.path(), &[words, &["--archive", "archive/demo"]].concat()).code, 0, "{words:?}");
        assert!(archive.join("shiguan.db.seal").exists(), "{words:?} seals what it wrote");
    }
    let mut whole = fs::read(&index).unwrap();
    let (from, to) = ("云岭".as_bytes(), "云领".as_bytes());
    let at = whole.windows(from.len()).position(|bytes| bytes == from).unwrap();
    whole[at..at + to.len()].copy_from_slice(to);
    fs::write(&index, &whole).unwrap();
    for words in [&["reextract"][..], &["crawl", "--seed", "http://127.0.0.1:1/"], &["import", "a.wacz"]] {
        let ran = run(dir.path(), &[words, &["--archive", "archive/demo"]].concat());
        assert_eq!(ran.code, 5, "{words:?}: {}", ran.stderr);
        assert!(ran.stderr.contains("parts are not as the last run left them"), "{words:?}: {}", ran.stderr);
    }
    assert_eq!(fs::read(&index).unwrap(), whole);
    assert_eq!(reindex(&dir, "archive/demo").code, 0);
    assert_eq!(run(dir.path(), &["verify", "--full", "--archive", "archive/demo"]).code, 0);
}
