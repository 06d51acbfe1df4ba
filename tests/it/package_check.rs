//! `verify PACKAGE`: what is sound passes, and what was damaged, cut, taken out or put in is named.

use std::fs;
use std::io::{Cursor, Read as _, Write as _};
use std::path::{Path, PathBuf};

use shiguan::domain::time::Date;
use shiguan::handover::{Checked, Filter, bagit, check, wacz};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

use crate::archive::{begin, open, visit, warc_files};
use crate::package::{beside, files_below, job, small};
use crate::reindex::{Dice, tries};
use crate::support::program::run;

/// A WACZ file and a bag of a small archive.
async fn packages() -> (TempDir, PathBuf, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    small(&dir.path().join("archive")).await;
    let (file, bag) = (dir.path().join("all.wacz"), dir.path().join("bag"));
    let job = job(&dir.path().join("archive"), Filter::default());
    wacz(&job, &file).unwrap();
    bagit(&job, &beside(), &bag).unwrap();
    (dir, file, bag)
}

fn checked(path: &Path) -> Checked {
    let mut told = Vec::new();
    let checked = check(path, &mut |problem| told.push(problem.clone())).unwrap();
    assert_eq!(told, checked.problems, "each problem is told as it is met");
    checked
}

/// What is wrong, a line each.
fn wrong(path: &Path) -> Vec<String> {
    checked(path).problems.iter().map(ToString::to_string).collect()
}

/// Names and bytes of all entries; `None` where the package cannot be read to its end.
fn content(bytes: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut content = Vec::new();
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).ok()?;
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).ok()?;
        content.push((entry.name().ok()?.into_owned(), bytes));
    }
    Some(content)
}

/// The package made anew with other entries, as a careless or a cunning tool would.
fn rewritten(entries: &[(String, Vec<u8>)], to: &Path) {
    let mut zip = zip::ZipWriter::new(fs::File::create(to).unwrap());
    for (name, bytes) in entries {
        let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        zip.start_file(name.as_str(), stored).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

#[tokio::test]
async fn sound_packages_pass_whole_and_in_part() {
    let (dir, file, bag) = packages().await;
    let of_file = checked(&file);
    assert_eq!(of_file.problems, []);
    assert_eq!((of_file.format, of_file.files, of_file.index_lines), ("wacz", 6, 7));
    let of_bag = checked(&bag);
    assert_eq!(of_bag.problems, []);
    assert_eq!((of_bag.format, of_bag.index_lines), ("bagit", 7));
    assert_eq!(of_bag.files, files_below(&bag).len() as u64);
    assert_eq!(of_bag.records, of_file.records);
    assert!(of_file.records > 14, "answers, requests, warcinfo and the journal, not {}", of_file.records);

    let some = Filter { until: Date::new(2021, 7, 1), ..Filter::default() };
    let job = job(&dir.path().join("archive"), some);
    wacz(&job, &dir.path().join("some.wacz")).unwrap();
    bagit(&job, &beside(), &dir.path().join("some")).unwrap();
    assert_eq!(wrong(&dir.path().join("some.wacz")), Vec::<String>::new());
    assert_eq!(wrong(&dir.path().join("some")), Vec::<String>::new());
}

#[tokio::test]
async fn a_flipped_byte_of_a_wacz_is_found_unless_nothing_it_holds_is_changed() {
    let (dir, file, _) = packages().await;
    let sound = fs::read(&file).unwrap();
    let content_was = content(&sound).unwrap();
    let path = dir.path().join("flipped.wacz");
    let (mut dice, mut passed) = (Dice(20_261_125), 0);
    let most = tries("SHIGUAN_FLIPS", 150);
    for _ in 0..most {
        let at = dice.below(sound.len());
        let mut bytes = sound.clone();
        bytes[at] ^= u8::try_from(1 + dice.below(255)).unwrap();
        fs::write(&path, &bytes).unwrap();
        if checked(&path).is_ok() {
            passed += 1;
            assert_eq!(content(&bytes).as_ref(), Some(&content_was), "byte {at} changed what the package holds");
        }
    }
    // Times, attributes and versions in ZIP headers: no list of a package says anything of them.
    assert!(passed * 10 < most, "{passed} of {most} flips passed");
}

#[tokio::test]
async fn every_flipped_byte_inside_an_entry_of_a_wacz_is_found() {
    let (dir, file, _) = packages().await;
    let sound = fs::read(&file).unwrap();
    let mut zip = zip::ZipArchive::new(Cursor::new(&sound)).unwrap();
    let path = dir.path().join("flipped.wacz");
    let mut dice = Dice(7);
    for entry in 0..zip.len() {
        let entry = zip.by_index(entry).unwrap();
        let (name, begin) = (entry.name().unwrap().into_owned(), usize::try_from(entry.data_start().unwrap()).unwrap());
        let length = usize::try_from(entry.compressed_size()).unwrap();
        for _ in 0..tries("SHIGUAN_FLIPS", 60) / 6 {
            let at = begin + dice.below(length);
            let mut bytes = sound.clone();
            bytes[at] ^= u8::try_from(1 + dice.below(255)).unwrap();
            fs::write(&path, &bytes).unwrap();
            let found = checked(&path);
            let named = found.problems.iter().any(|problem| problem.file == name);
            // The last byte of a deflated entry has bits that mean nothing.
            let means_nothing = at + 1 == begin + length && content(&bytes) == content(&sound);
            assert!(named || means_nothing, "{name}: byte {at}: {:?}", found.problems);
        }
    }
}

#[tokio::test]
async fn a_cut_package_is_damaged_wherever_it_is_cut() {
    let (dir, file, bag) = packages().await;
    let sound = fs::read(&file).unwrap();
    let path = dir.path().join("cut.wacz");
    let mut dice = Dice(11);
    for cut in (0..tries("SHIGUAN_CUTS", 60)).map(|_| dice.below(sound.len())).chain([0, 1, sound.len() - 1]) {
        fs::write(&path, &sound[..cut]).unwrap();
        assert!(!checked(&path).is_ok(), "cut at {cut} of {}", sound.len());
    }
    for name in files_below(&bag) {
        let file = bag.join(&name);
        let whole = fs::read(&file).unwrap();
        if whole.is_empty() {
            continue;
        }
        fs::write(&file, &whole[..dice.below(whole.len())]).unwrap();
        assert!(!checked(&bag).is_ok(), "{name} was cut");
        fs::write(&file, &whole).unwrap();
    }
    assert_eq!(wrong(&bag), Vec::<String>::new());
}

#[tokio::test]
async fn every_flipped_byte_of_a_bag_is_found_and_its_file_named() {
    let (_dir, _, bag) = packages().await;
    let files = files_below(&bag);
    let mut dice = Dice(3);
    for round in 0..tries("SHIGUAN_FLIPS", 60) {
        let name = &files[round % files.len()];
        let sound = fs::read(bag.join(name)).unwrap();
        if sound.is_empty() {
            continue;
        }
        let mut bytes = sound.clone();
        let at = dice.below(bytes.len());
        bytes[at] ^= u8::try_from(1 + dice.below(255)).unwrap();
        fs::write(bag.join(name), &bytes).unwrap();
        let found = wrong(&bag);
        // A tag manifest is proved by nothing but the files it names.
        let named = name.starts_with("tagmanifest-") || found.iter().any(|line| line.starts_with(name.as_str()));
        assert!(!found.is_empty() && named, "{name}: byte {at}: {found:?}");
        fs::write(bag.join(name), &sound).unwrap();
    }
}

#[tokio::test]
async fn what_is_missing_or_too_much_is_named() {
    let (dir, file, bag) = packages().await;
    for name in files_below(&bag) {
        let whole = fs::read(bag.join(&name)).unwrap();
        fs::remove_file(bag.join(&name)).unwrap();
        let found = wrong(&bag);
        assert!(found.iter().any(|line| line.starts_with(name.as_str())), "{name}: {found:?}");
        fs::write(bag.join(&name), whole).unwrap();
    }
    for name in ["data/more.txt", "data/warc/2026/other.warc.gz", "more.txt"] {
        fs::write(bag.join(name), "more").unwrap();
        let found = wrong(&bag);
        assert!(found.iter().any(|line| line.starts_with(&format!("{name}: not named by "))), "{found:?}");
        fs::remove_file(bag.join(name)).unwrap();
    }
    std::os::unix::fs::symlink("/etc/hostname", bag.join("data/link")).unwrap();
    assert_eq!(wrong(&bag), ["data/link: neither a file nor a folder"]);
    fs::remove_file(bag.join("data/link")).unwrap();
    assert_eq!(wrong(&bag), Vec::<String>::new());

    let entries = content(&fs::read(&file).unwrap()).unwrap();
    let path = dir.path().join("other.wacz");
    for (at, (name, _)) in entries.iter().enumerate() {
        let mut less = entries.clone();
        less.remove(at);
        rewritten(&less, &path);
        let found = wrong(&path);
        assert!(found.iter().any(|line| line.starts_with(name.as_str())), "{name}: {found:?}");
    }
    let mut more = entries.clone();
    more.push(("archive/more.warc.gz".to_owned(), b"more".to_vec()));
    rewritten(&more, &path);
    assert!(wrong(&path).contains(&"archive/more.warc.gz: not named by datapackage.json".to_owned()));
    more.pop();
    more.push(("../outside".to_owned(), Vec::new()));
    rewritten(&more, &path);
    assert!(wrong(&path).contains(&"../outside: its name leads out of the package".to_owned()));
    rewritten(&entries, &path);
    assert_eq!(wrong(&path), Vec::<String>::new(), "made anew with the same entries it is the same package");
}

/// Lists that were made to fit again: only the records and the index themselves tell.
#[tokio::test]
async fn an_index_that_leads_elsewhere_is_found_though_every_digest_fits() {
    let (_dir, _, bag) = packages().await;
    let index = bag.join("data/index/index.cdxj");
    let sound = fs::read_to_string(&index).unwrap();
    let lines: Vec<&str> = sound.lines().collect();
    let offset = sound.split("\"offset\": \"").nth(1).unwrap().split('"').next().unwrap();
    for (text, want) in [
        (lines[1..].join("\n") + "\n", "no index names this record"),
        (
            sound.replace(&format!("\"offset\": \"{offset}\""), "\"offset\": \"1\""),
            "the index names a record that does not begin here",
        ),
        (sound.replacen("\"status\": \"200\"", "\"status\": \"404\"", 1), "index and record differ"),
        (format!("{sound}rubbish\n"), "not a line of an index"),
        (lines.iter().rev().fold(String::new(), |text, line| text + line + "\n"), "out of order"),
    ] {
        fs::write(&index, &text).unwrap();
        let found = wrong(&bag);
        assert!(found.iter().any(|line| line.contains(want)), "{want}: {found:?}");
    }
    fs::write(&index, &sound).unwrap();
    assert_eq!(wrong(&bag), Vec::<String>::new());
}

#[tokio::test]
async fn the_command_says_what_it_found_and_ends_with_five_where_that_is_damage() {
    let (dir, file, bag) = packages().await;
    let sound = run(dir.path(), &["verify", "all.wacz"]);
    assert_eq!((sound.code, sound.stderr.as_str()), (0, ""));
    assert!(sound.stdout.starts_with("all as it says (wacz: checked 6 files, "), "{}", sound.stdout);
    assert_eq!(run(dir.path(), &["verify", "bag"]).code, 0);

    let mut bytes = fs::read(&file).unwrap();
    bytes[300] ^= 1;
    fs::write(&file, bytes).unwrap();
    fs::remove_file(bag.join("data/README.md")).unwrap();
    let damaged = run(dir.path(), &["verify", "all.wacz", "--report", "report.json"]);
    assert_eq!(damaged.code, 5);
    assert!(damaged.stderr.starts_with("damaged: archive/"), "{}", damaged.stderr);
    let report: serde_json::Value = serde_json::from_slice(&fs::read(dir.path().join("report.json")).unwrap()).unwrap();
    assert_eq!(report["format"], "wacz");
    assert!(report["problems"].as_array().is_some_and(|problems| !problems.is_empty()));
    let json = run(dir.path(), &["verify", "bag", "--json"]);
    assert_eq!((json.code, json.stderr.as_str()), (5, ""));
    assert!(json.stdout.contains("missing, though manifest-sha256.txt names it"), "{}", json.stdout);

    for (path, why) in [
        ("nowhere.wacz", "no such file or folder"),
        ("report.json", "neither a WACZ file nor the folder of a bag"),
        ("archive", "an archive and no package"),
    ] {
        let refused = run(dir.path(), &["verify", path]);
        assert_eq!(refused.code, 3, "{path}: {}", refused.stderr);
        assert!(refused.stderr.contains(why), "{}", refused.stderr);
    }
    assert_eq!(run(dir.path(), &["verify", "bag", "--stage", "移交"]).code, 2);
}

/// Two WARC files of one name in two years: index lines and WACZ know files by their names alone.
#[tokio::test]
async fn files_of_one_name_stay_two() {
    let dir = tempfile::tempdir().unwrap();
    let archive = dir.path().join("archive");
    small(&archive).await;
    let (later, _) = open(&archive);
    begin(&later).await;
    later.commit(visit("/info/1/9.htm", 9, "结业\n建新功。")).await.unwrap();
    later.close().await.unwrap();
    let files = warc_files(&archive);
    assert_eq!(files.len(), 2);
    let base = files[0].file_name().unwrap().to_str().unwrap();
    fs::create_dir(archive.join("warc/2020")).unwrap();
    fs::rename(&files[1], archive.join("warc/2020").join(base)).unwrap();
    let index = rusqlite::Connection::open(archive.join("shiguan.db")).unwrap();
    let sql = "UPDATE warc_files SET name = 'warc/2020/' || ?1 WHERE id = 2";
    assert_eq!(index.execute(sql, [base]).unwrap(), 1);

    let (file, bag) = (dir.path().join("all.wacz"), dir.path().join("bag"));
    let job = job(&archive, Filter::default());
    wacz(&job, &file).unwrap();
    bagit(&job, &beside(), &bag).unwrap();
    assert_eq!(wrong(&file), Vec::<String>::new());
    assert_eq!(wrong(&bag), Vec::<String>::new());
    let entries = content(&fs::read(&file).unwrap()).unwrap();
    let names: Vec<_> = entries.iter().filter(|(name, _)| name.starts_with("archive/")).map(|(name, _)| name).collect();
    assert_eq!(names, [&format!("archive/{base}"), &format!("archive/{}", base.replacen('-', "_again-", 1))]);
    let captures = fs::read_to_string(bag.join("data/records/captures.csv")).unwrap();
    let moved = format!("warc/2020/{}", base.replacen('-', "_again-", 1));
    assert!(captures.contains(&moved) && bag.join("data").join(&moved).is_file(), "{captures}");
}
