//! WARC as bytes, and back.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use proptest::prelude::*;
use shiguan::domain::capture::{Capture, Head, Truncation};
use shiguan::domain::digest::{PayloadDigest, RecordId};
use shiguan::domain::time::CaptureTime;
use shiguan::warc::{
    Deflater, Exchange, Fields, Harm, Info, Original, Reader, Record, Response, RevisitProfile, Stamp, Version,
    exchange,
};

use crate::archive::{answer, at};

/// Counts instead of drawing.
struct Counted(u64);

impl Stamp for Counted {
    fn record_id(&mut self) -> RecordId {
        self.0 += 1;
        RecordId::from_stored(&format!("urn:uuid:00000000-0000-4000-8000-{:012}", self.0))
    }
}

fn info() -> Info {
    Info {
        software: "shiguan/0.1.0".to_owned(),
        hostname: "crawl.example".to_owned(),
        operator: Some("云岭理工大学档案馆\r\nWARC-Type: response".to_owned()),
        contact: Some("archive@yllg.example".to_owned()),
        robots: "obey".to_owned(),
        sites: vec!["yllg".to_owned(), "news.example.edu.cn".to_owned()],
        user_agent: "shiguan/0.1.0 (+mailto:archive@yllg.example)".to_owned(),
        is_part_of: "urn:uuid:archive".to_owned(),
    }
}

fn original() -> Original {
    Original {
        record_id: RecordId::from_stored("urn:uuid:00000000-0000-4000-8000-000000000099"),
        url: "http://news.yllg.example/first.htm".to_owned(),
        captured_at: CaptureTime::parse("2026-11-21T08:00:00.5Z").unwrap(),
        payload_digest: PayloadDigest::of("正文".as_bytes()),
    }
}

/// An answer that was chunked, with a GBK byte and a line break in a field.
fn chunked() -> Capture {
    let mut capture = answer("/a.htm", 1, 200, "正文");
    capture.response.fields.push(("transfer-encoding".to_owned(), b"chunked".to_vec()));
    capture.response.fields.push(("x-note".to_owned(), b"\xd5\r\nx: y".to_vec()));
    capture
}

/// Everything we write, in one version, uncompressed.
fn everything(version: Version) -> Vec<u8> {
    let mut stamp = Counted(0);
    let mut records = vec![info().record(&mut stamp, version, at(0), "shiguan-20261122090000-00001-x.warc.gz")];
    let (chunked, cut, same, unchanged) =
        (chunked(), cut(), answer("/b.htm", 3, 200, "正文"), answer("/a.htm", 4, 304, ""));
    let original = original();
    let mut notes = Fields::new();
    notes.push("Shiguan-Site", "yllg");
    let warcinfo = records[0].id().unwrap();
    for (capture, revisit) in [
        (&chunked, None),
        (&cut, None),
        (&same, Some((RevisitProfile::IdenticalPayload, &original))),
        (&unchanged, Some((RevisitProfile::NotModified, &original))),
    ] {
        let what = Exchange { capture, revisit, warcinfo: Some(&warcinfo), notes: &notes };
        records.extend(exchange(&mut stamp, version, &what));
    }
    let mut out = Vec::new();
    for record in &records {
        record.write_to(&mut out);
    }
    out
}

/// A payload cut at a cap: the server's length is no longer true of what is stored.
fn cut() -> Capture {
    let mut capture = answer("/big.htm", 2, 200, "half");
    capture.response.fields.push(("content-length".to_owned(), b"4000".to_vec()));
    capture.truncated = Some(Truncation::Length);
    capture
}

#[test]
fn records_are_these_bytes() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/warc");
    for (version, name) in [(Version::V1_1, "everything-1.1.warc"), (Version::V1_0, "everything-1.0.warc")] {
        let path = fixtures.join(name);
        let written = everything(version);
        if std::env::var_os("UPDATE_FIXTURES").is_some() {
            fs::write(&path, &written).unwrap();
        }
        let expected = fs::read(&path).unwrap();
        assert_eq!(String::from_utf8_lossy(&written), String::from_utf8_lossy(&expected), "{name}");
        assert!(written == expected, "{name}: bytes that are no text differ");
    }
}

#[test]
fn what_is_written_is_read_and_its_digests_fit() {
    for version in [Version::V1_1, Version::V1_0] {
        let bytes = everything(version);
        let found: Vec<_> = Reader::new(Cursor::new(&bytes)).unwrap().map(Result::unwrap).collect();
        assert_eq!(found.len(), 9, "no value became a record or a field");
        for found in &found {
            assert!(found.record.block_digest_fits() && found.record.payload_digest_fits(), "{found:?}");
            assert_eq!(found.record.version, version.as_str());
        }
        let response = Response::parse(&found[1].record.block).unwrap();
        assert_eq!((response.status, &response.payload[..]), (200, "正文".as_bytes()));
        assert_eq!(response.head.get("x-archive-orig-transfer-encoding"), Some("chunked"));
        assert_eq!(response.head.get("x"), None);
    }
}

fn members(records: &[Record]) -> Vec<u8> {
    let mut deflater = Deflater::default();
    let mut file = Vec::new();
    for record in records {
        let mut plain = Vec::new();
        record.write_to(&mut plain);
        deflater.member(&plain, &mut file);
    }
    file
}

fn three_records() -> Vec<Record> {
    let notes = Fields::new();
    let capture = chunked();
    let what = Exchange { capture: &capture, revisit: None, warcinfo: None, notes: &notes };
    let mut stamp = Counted(0);
    let mut records = vec![info().record(&mut stamp, Version::V1_1, at(0), "x.warc.gz")];
    records.extend(exchange(&mut stamp, Version::V1_1, &what));
    records
}

#[test]
fn a_damaged_member_costs_itself_only() {
    let records = three_records();
    let whole = members(&records);
    let second = members(&records[..1]).len();
    let third = members(&records[..2]).len();
    for at in second..third {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x10;
        let read: Vec<_> = Reader::new(Cursor::new(&damaged)).unwrap().collect();
        assert_eq!(read.first().unwrap().as_ref().unwrap().record, records[0], "byte {at}");
        assert_eq!(read.last().unwrap().as_ref().unwrap().record, records[2], "byte {at}");
        // Gzip does not look at the time and system of a member's header, nor at the bits that fill up the last byte of
        // its stream; everything else is noticed here, and these by the index, which holds a digest of the bytes.
        let unseen = (second + 4..second + 10).contains(&at) || at == third - 9;
        let harmed = read.iter().any(|found| matches!(found, Err(damage) if damage.offset == second as u64));
        assert!(harmed || unseen, "byte {at}: {read:?}");
    }
}

#[test]
fn a_cut_file_gives_its_whole_members_at_every_cut() {
    let records = three_records();
    let whole = members(&records);
    let ends: Vec<usize> = (1..=3).map(|n| members(&records[..n]).len()).collect();
    for cut in 0..=whole.len() {
        let read: Vec<_> = Reader::new(Cursor::new(&whole[..cut])).unwrap().collect();
        let held = ends.iter().filter(|&&end| end <= cut).count();
        assert_eq!(read.iter().filter(|found| found.is_ok()).count(), held, "cut at {cut}");
        let torn = !ends.contains(&cut) && cut != 0;
        assert_eq!(read.len(), held + usize::from(torn), "cut at {cut}");
    }
}

#[test]
fn a_body_that_looks_like_records_is_one_record() {
    let inner = members(&three_records());
    let mut plain = Vec::new();
    for record in three_records() {
        record.write_to(&mut plain);
    }
    for payload in [inner, plain] {
        let mut capture = answer("/trap.htm", 1, 200, "");
        capture.payload_digest = PayloadDigest::of(&payload);
        capture.payload = payload.clone().into();
        let notes = Fields::new();
        let what = Exchange { capture: &capture, revisit: None, warcinfo: None, notes: &notes };
        let records = exchange(&mut Counted(0), Version::V1_1, &what);
        let read: Vec<_> = Reader::new(Cursor::new(members(&records))).unwrap().map(Result::unwrap).collect();
        assert_eq!(read.len(), 2);
        assert_eq!(Response::parse(&read[0].record.block).unwrap().payload, payload);
    }
}

#[test]
fn files_of_other_tools_are_read() {
    let records = three_records();
    let mut plain = Vec::new();
    for record in &records {
        record.write_to(&mut plain);
    }
    let mut one_member = Vec::new();
    Deflater::default().member(&plain, &mut one_member);
    for file in [plain, one_member] {
        let read: Vec<_> = Reader::new(Cursor::new(&file)).unwrap().map(|found| found.unwrap().record).collect();
        assert_eq!(read, records);
    }
    let junk: Vec<_> = Reader::new(Cursor::new(b"not a warc at all")).unwrap().collect();
    assert!(matches!(&junk[..], [Err(damage)] if damage.harm == Harm::NoRecord));
    assert_eq!(Reader::new(Cursor::new(b"")).unwrap().count(), 0);
}

#[test]
fn a_block_over_the_limit_is_left_out() {
    let file = members(&three_records());
    let read: Vec<_> = Reader::new(Cursor::new(&file)).unwrap().with_max_block(64).collect();
    assert!(read.iter().any(|found| matches!(found, Err(damage) if matches!(damage.harm, Harm::TooLarge(_)))));
}

proptest! {
    #[test]
    fn any_payload_and_any_field_come_back(
        payload in proptest::collection::vec(any::<u8>(), 0..5000),
        value in proptest::collection::vec(any::<u8>(), 0..60),
        note in any::<String>(),
    ) {
        let mut capture = answer("/any.htm", 1, 200, "");
        capture.payload_digest = PayloadDigest::of(&payload);
        capture.payload = payload.clone().into();
        capture.response = Head { line: "HTTP/1.1 200 OK".to_owned(), fields: vec![("x-any".to_owned(), value)] };
        let mut notes = Fields::new();
        notes.push("Shiguan-Site", &note);
        let what = Exchange { capture: &capture, revisit: None, warcinfo: None, notes: &notes };
        let records = exchange(&mut Counted(0), Version::V1_1, &what);
        let read: Vec<_> = Reader::new(Cursor::new(members(&records))).unwrap().map(|found| found.unwrap().record).collect();
        prop_assert_eq!(read.len(), 2);
        prop_assert!(read[0].block_digest_fits() && read[0].payload_digest_fits());
        let response = Response::parse(&read[0].block).unwrap();
        prop_assert_eq!(response.payload, payload);
        prop_assert_eq!(response.head.fields.len(), 2);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..3000), cut in 0_usize..400) {
        prop_assert!(Reader::new(Cursor::new(&bytes)).unwrap().count() <= bytes.len() + 1);
        let mut mixed = members(&three_records());
        mixed.truncate(cut);
        mixed.extend(&bytes);
        prop_assert!(Reader::new(Cursor::new(&mixed)).unwrap().count() <= mixed.len() + 1);
    }
}
