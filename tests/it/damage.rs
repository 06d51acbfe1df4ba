//! Bytes that went wrong in WARC files: `verify` names every one, and the records around it stay readable.

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use shiguan::archive::verify;
use shiguan::warc::{Found, Harm, Reader};
use tempfile::TempDir;

use crate::archive::warc_files;
use crate::reindex::{Dice, tries};
use crate::support::program::run;

/// A WARC file of a sound archive: its name as `verify` gives it, its bytes, its records.
struct Sound {
    path: PathBuf,
    name: String,
    bytes: Vec<u8>,
    records: Vec<Found>,
}

fn begin_and_end(found: &Found) -> (usize, usize) {
    let begin = usize::try_from(found.offset).unwrap();
    (begin, begin + usize::try_from(found.length.unwrap()).unwrap())
}

/// The files of a crawled demo archive.
fn files(archive: &Path) -> Vec<Sound> {
    let sound = |path: PathBuf| {
        let bytes = fs::read(&path).unwrap();
        let records: Vec<Found> = Reader::new(Cursor::new(&bytes)).unwrap().map(|found| found.unwrap()).collect();
        let covered: usize = records.iter().map(begin_and_end).map(|(begin, end)| end - begin).sum();
        assert_eq!(covered, bytes.len(), "every byte belongs to a record");
        let name = path.strip_prefix(archive).unwrap().to_str().unwrap().to_owned();
        Sound { path, name, bytes, records }
    };
    warc_files(archive).into_iter().map(sound).collect()
}

/// Records read from damaged bytes that are as they were written, and those that pass for whole but are not.
fn read_again(sound: &[Found], bytes: &[u8]) -> (Vec<u64>, Vec<u64>) {
    let (mut same, mut wrong) = (Vec::new(), Vec::new());
    for found in Reader::new(Cursor::new(bytes)).unwrap().flatten() {
        let was = sound.iter().find(|was| was.offset == found.offset);
        let equal = was.is_some_and(|was| (&was.record, &was.head) == (&found.record, &found.head));
        if equal { same.push(found.offset) } else { wrong.push(found.offset) }
    }
    (same, wrong)
}

#[test]
fn every_flipped_byte_is_named_and_costs_no_other_record() {
    let dir = TempDir::new().unwrap();
    assert_eq!(run(dir.path(), &["demo", "-q"]).code, 0);
    let archive = dir.path().join("archive/demo");
    let files = files(&archive);
    let mut dice = Dice(20_261_125);
    for _ in 0..tries("SHIGUAN_FLIPS", 60) {
        let file = &files[dice.below(files.len())];
        let at = dice.below(file.bytes.len());
        let mut bytes = file.bytes.clone();
        bytes[at] ^= u8::try_from(1 + dice.below(255)).unwrap();
        fs::write(&file.path, &bytes).unwrap();
        let what = format!("{}: byte {at}: {:#04x} became {:#04x}", file.name, file.bytes[at], bytes[at]);

        let hit = file.records.iter().find(|found| (begin_and_end(found).0..begin_and_end(found).1).contains(&at));
        let hit = hit.unwrap().offset;
        let report = verify(&archive, false, &mut |_| {}).unwrap();
        let told: Vec<_> = report.problems.iter().map(|problem| (problem.file.as_str(), problem.offset)).collect();
        assert_eq!(told, [(file.name.as_str(), Some(hit))], "{what}");

        let (same, wrong) = read_again(&file.records, &bytes);
        for found in file.records.iter().filter(|found| found.offset != hit) {
            assert!(same.contains(&found.offset), "{what}: the record at {} is lost", found.offset);
        }
        assert_eq!(wrong, Vec::<u64>::new(), "{what}: read as whole though it is not");
        fs::write(&file.path, &file.bytes).unwrap();
    }
    assert!(verify(&archive, true, &mut |_| {}).unwrap().is_ok());
}

#[test]
fn every_cut_is_named_and_what_stands_before_it_is_read() {
    let dir = TempDir::new().unwrap();
    assert_eq!(run(dir.path(), &["demo", "-q"]).code, 0);
    let archive = dir.path().join("archive/demo");
    let files = files(&archive);
    let mut dice = Dice(20_261_126);
    for _ in 0..tries("SHIGUAN_CUTS", 30) {
        let file = &files[dice.below(files.len())];
        let at = dice.below(file.bytes.len());
        let bytes = &file.bytes[..at];
        fs::write(&file.path, bytes).unwrap();
        let what = format!("{} cut at {at}", file.name);

        let first_lost = file.records.iter().find(|found| begin_and_end(found).1 > at).unwrap().offset;
        let report = verify(&archive, false, &mut |_| {}).unwrap();
        let told: Vec<_> = report.problems.iter().map(|problem| (problem.file.as_str(), problem.offset)).collect();
        assert_eq!(told, [(file.name.as_str(), Some(first_lost))], "{what}");

        let (same, wrong) = read_again(&file.records, bytes);
        let kept = file.records.iter().map(|found| found.offset).filter(|offset| *offset < first_lost);
        assert_eq!((same, wrong), (kept.collect(), Vec::new()), "{what}");
        fs::write(&file.path, &file.bytes).unwrap();
    }
    assert!(verify(&archive, true, &mut |_| {}).unwrap().is_ok());
}

/// A record as a gzip member whose text stands in it uncompressed.
fn stored(text: &[u8]) -> Vec<u8> {
    let mut member = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    member.write_all(text).unwrap();
    member.finish().unwrap()
}

#[test]
fn a_shortened_length_is_not_believed_before_the_checksum() {
    let text = |length: u32| {
        format!(
            "WARC/1.1\r\nWARC-Type: resource\r\nContent-Length: {length}\r\n\r\n0123456789abcdef0123456789abcdef\r\n\r\n"
        )
    };
    let sound = stored(text(32).as_bytes());
    let mut damaged = sound.clone();
    let digit = damaged.windows(6).position(|bytes| bytes == b"32\r\n\r\n").unwrap();
    damaged[digit] = b'1';
    let both = [&damaged[..], &sound].concat();
    let read: Vec<_> = Reader::new(Cursor::new(&both)).unwrap().collect();
    assert_eq!(read.len(), 2, "{read:?}");
    let damage = read[0].as_ref().unwrap_err();
    assert!(damage.offset == 0 && matches!(damage.harm, Harm::Gzip(_)), "{damage}");
    assert_eq!(read[1].as_ref().unwrap().offset, damaged.len() as u64);

    // The same text with a checksum that fits is another tool's mistake: its record counts, and what follows is told.
    let mistaken = [stored(text(12).as_bytes()), sound].concat();
    let read: Vec<_> = Reader::new(Cursor::new(&mistaken)).unwrap().collect();
    assert_eq!(read.len(), 3, "{read:?}");
    assert_eq!(read[0].as_ref().unwrap().record.block, b"0123456789ab");
    assert_eq!(read[1].as_ref().unwrap_err().harm, Harm::NoRecord);
    assert!(read[2].is_ok());
}
