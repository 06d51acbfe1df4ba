//! `import`: what other tools wrote becomes what a crawl of the same pages would have left.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use serde_json::Value;
use shiguan::domain::digest::PayloadDigest;
use shiguan::warc::{Deflater, Found, Kind, Reader};
use tempfile::TempDir;

use crate::archive::warc_files;
use crate::support::dump::{differences, dump};
use crate::support::program::{Ran, run};

fn import(dir: &TempDir, archive: &str, paths: &[&Path]) -> Ran {
    let mut words = vec!["import", "--archive", archive];
    words.extend(paths.iter().map(|path| path.to_str().unwrap()));
    run(dir.path(), &words)
}

/// Articles by address, without what belongs to one archive only.
fn articles(dir: &TempDir, archive: &str) -> BTreeMap<String, Value> {
    let ran = run(dir.path(), &["export", "articles", "--format", "jsonl", "--archive", archive]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let row = |line: &str| {
        let mut row: Value = serde_json::from_str(line).unwrap();
        let fields = row.as_object_mut().unwrap();
        for own in ["id", "site", "warc_file", "warc_offset"] {
            fields.remove(own);
        }
        (row["url"].as_str().unwrap().to_owned(), row)
    };
    ran.stdout.lines().map(row).collect()
}

/// A crawled demo archive in this folder.
fn demo(dir: &TempDir) -> PathBuf {
    assert_eq!(run(dir.path(), &["demo", "-q"]).code, 0);
    dir.path().join("archive/demo")
}

/// What every import has to leave: a sound archive whose index can be rebuilt.
fn assert_sound(dir: &TempDir, archive: &str) {
    let verified = run(dir.path(), &["verify", "--full", "--archive", archive]);
    assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
    let path = dir.path().join(archive);
    let before = dump(&path);
    assert_eq!(run(dir.path(), &["reindex", "--archive", archive]).code, 0);
    let differences = differences(&before, &dump(&path));
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    let again = run(dir.path(), &["reextract", "--archive", archive, "--json"]);
    let said: Value = serde_json::from_str(&again.stdout).unwrap();
    assert_eq!((&said["changed"], &said["new"]), (&0.into(), &0.into()), "{}", again.stdout);
}

/// Records of these files, one after the other.
fn records(files: &[PathBuf]) -> Vec<Found> {
    let all = files.iter().flat_map(|file| Reader::new(Cursor::new(fs::read(file).unwrap())).unwrap());
    all.map(|found| found.unwrap()).collect()
}

fn plain(found: &Found) -> Vec<u8> {
    [&found.head[..], &found.record.block, b"\r\n\r\n"].concat()
}

#[test]
fn an_archive_of_our_own_is_taken_in_as_it_was_crawled() {
    let dir = TempDir::new().unwrap();
    let files = warc_files(&demo(&dir));
    let paths: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let ran = import(&dir, "mine", &paths);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    let (crawled, imported) = (articles(&dir, "archive/demo"), articles(&dir, "mine"));
    assert_eq!(imported.keys().collect::<Vec<_>>(), crawled.keys().collect::<Vec<_>>());
    for (url, row) in &crawled {
        assert_eq!(&imported[url], row, "{url}");
    }
    let before = dump(&dir.path().join("mine"));
    let again = import(&dir, "mine", &paths);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(again.stdout.starts_with("took in nothing: "), "{}", again.stdout);
    assert_eq!(differences(&before, &dump(&dir.path().join("mine"))), Vec::<String>::new(), "twice is once");
    assert_sound(&dir, "mine");
    // Records stand in our files as they stood in theirs.
    let ours: Vec<Vec<u8>> = records(&warc_files(&dir.path().join("mine"))).iter().map(plain).collect();
    for found in records(&files).iter().filter(|found| found.record.kind() != Kind::Warcinfo) {
        assert!(ours.contains(&plain(found)), "{:?}", found.record.fields);
    }
}

/// Requests and notes of our own come back in a package beside the answers; the index does not know their ids.
#[test]
fn what_was_handed_over_and_comes_back_is_held_already() {
    let dir = TempDir::new().unwrap();
    let archive = demo(&dir);
    let held = records(&warc_files(&archive)).len() - warc_files(&archive).len();
    for (format, name) in [("wacz", "whole.wacz"), ("bagit", "bag")] {
        let ran = run(dir.path(), &["package", "--format", format, "--archive", "archive/demo", "-o", name]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
    let (index, files) = (dump(&archive), warc_files(&archive));
    for package in ["whole.wacz", "bag"] {
        let ran = import(&dir, "archive/demo", &[Path::new(package)]);
        assert_eq!(ran.stdout, format!("took in nothing: {held} records of 2 WARC files are held already\n"));
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_eq!(differences(&index, &dump(&archive)), Vec::<String>::new(), "{package}");
        assert_eq!(warc_files(&archive), files, "{package}");
    }
}

/// A bag holds much beside its WARC files. What is named, or bears the name of a WARC file, has to be one.
#[test]
fn a_folder_is_asked_for_its_warc_files_only() {
    let dir = TempDir::new().unwrap();
    demo(&dir);
    assert_eq!(run(dir.path(), &["package", "--format", "bagit", "--archive", "archive/demo", "-o", "bag"]).code, 0);
    let ran = import(&dir, "mine", &[Path::new("bag")]);
    assert!(ran.stdout.contains(" from 2 WARC files"), "{}", ran.stdout);
    let words: Vec<&str> = ran.stderr.split_once(" files beside them").unwrap().0.split(' ').collect();
    assert!(words[1].parse::<u32>().unwrap() > 10, "{}", ran.stderr);
    assert_eq!((ran.code, ran.stderr.lines().count()), (0, 1), "{}", ran.stderr);
    fs::write(dir.path().join("bag/data/odd.WARC.gz"), b"no record").unwrap();
    for path in ["bag", "bag/bagit.txt"] {
        let ran = import(&dir, "mine", &[Path::new(path)]);
        assert!(ran.code == 4 && ran.stderr.contains(": neither WARC nor WACZ"), "{path}: {}", ran.stderr);
    }
}

/// What claims to have been written here is believed only where it stands: a lost request comes back from a package.
#[test]
fn a_record_of_ours_that_was_lost_is_taken_in() {
    let dir = TempDir::new().unwrap();
    let archive = demo(&dir);
    assert_eq!(
        run(dir.path(), &["package", "--format", "wacz", "--archive", "archive/demo", "-o", "whole.wacz"]).code,
        0
    );
    let file = &warc_files(&archive)[0];
    let mut bytes = fs::read(file).unwrap();
    let lost =
        records(std::slice::from_ref(file)).into_iter().find(|found| found.record.kind() == Kind::Request).unwrap();
    let middle = usize::try_from(lost.offset + lost.length.unwrap() / 2).unwrap();
    bytes[middle] ^= 0x10;
    fs::write(file, bytes).unwrap();
    let ran = import(&dir, "archive/demo", &[Path::new("whole.wacz")]);
    assert!(ran.stdout.starts_with("took in 1 record with 0 captures "), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn every_wrapping_and_either_version_gives_the_same() {
    let dir = TempDir::new().unwrap();
    let files = warc_files(&demo(&dir));
    let found = records(&files);
    let all: Vec<u8> = found.iter().flat_map(plain).collect();
    let mut one_member = Vec::new();
    Deflater::default().member(&all, &mut one_member);
    let old = found.iter().flat_map(|found| {
        let bytes = plain(found);
        [b"WARC/1.0", &bytes[8..]].concat()
    });
    let wacz = |method| {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        for (n, file) in files.iter().enumerate() {
            zip.start_file(format!("archive/{n}.warc.gz"), options).unwrap();
            zip.write_all(&fs::read(file).unwrap()).unwrap();
        }
        zip.start_file("datapackage.json", options).unwrap();
        zip.write_all(b"{}").unwrap();
        zip.finish().unwrap().into_inner()
    };
    let crawled = articles(&dir, "archive/demo");
    for (name, bytes) in [
        ("plain.warc", all.clone()),
        ("whole.warc.gz", one_member),
        ("old.warc", old.collect()),
        ("stored.wacz", wacz(zip::CompressionMethod::Stored)),
        ("deflated.wacz", wacz(zip::CompressionMethod::Deflated)),
    ] {
        let path = dir.path().join(name);
        fs::write(&path, bytes).unwrap();
        let ran = import(&dir, name.split('.').next().unwrap(), &[&path]);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{name}");
        assert_eq!(articles(&dir, name.split('.').next().unwrap()), crawled, "{name}");
    }
    // What came in one member for all stands in members of our own, so it can be handed over.
    for (format, out) in [("wacz", "whole.wacz"), ("bagit", "bag")] {
        let out = dir.path().join(out);
        let words = ["package", "--format", format, "--archive", "whole", "--output", out.to_str().unwrap()];
        let ran = run(dir.path(), &words);
        assert_eq!(ran.code, 0, "{format}: {}", ran.stderr);
        assert!(out.exists(), "{format}");
    }
    assert_eq!(run(dir.path(), &["verify", "--full", "--archive", "whole"]).code, 0);
    let ran = import(&dir, "back", &[&dir.path().join("whole.wacz")]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(articles(&dir, "back"), crawled, "a package of it tells the same");
}

/// One record in the manner of another tool.
fn record(kind: &str, id: u32, extra: &str, block: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{id:012}>\r\n\
         WARC-Date: 2024-05-01T02:03:0{}Z\r\n{extra}Content-Length: {}\r\n\r\n",
        id % 10,
        block.len()
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

const PAGE: &str = "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>我校举办读书班-云岭理工大学新闻网</title>\
    <meta name=\"pageType\" content=\"3\"><!--Announced by Visual SiteBuilder 9--></head><body>\
    <form name=\"_newscontent_fromname\"><div class=\"title\"><h1>我校举办读书班</h1></div><div class=\"info\">\
    <span>来源：党委宣传部</span><span>发布时间：2024-04-30 09:30</span></div><div id=\"vsb_content\">\
    <div class=\"v_news_content\"><p>云岭理工大学主题教育读书班在学术报告厅举行，各学院师生代表参加了学习交流。</p>\
    <p>会议指出，要把学习成果转化为服务师生、推动发展的实际行动，切实解决师生关心的问题。</p></div></div></form></body></html>";

/// A crawl in Heritrix' manner: dns, chunked blocks, requests behind, metadata, a resource, revisits, a lower-case header.
fn heritrix() -> Vec<u8> {
    let (front, back) = PAGE.as_bytes().split_at(100);
    let chunked = [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n".as_slice(),
        front,
        format!("\r\n{:x}\r\n", back.len()).as_bytes(),
        back,
        b"\r\n0\r\n\r\n",
    ]
    .concat();
    let a = "WARC-Target-URI: http://news.yllg.example/info/1001/7.htm\r\n";
    let b = "WARC-Target-URI: <http://www.yllg.example/info/1001/7.htm>\r\n";
    let http = "Content-Type: application/http; msgtype=response\r\n";
    let refers = "WARC-Refers-To: <urn:uuid:00000000-0000-4000-8000-000000000003>\r\n\
        WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest\r\n";
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";
    [
        record(
            "warcinfo",
            1,
            "Content-Type: application/warc-fields\r\n",
            b"software: Heritrix/3.4.0\r\nformat: WARC\r\n",
        ),
        record(
            "response",
            2,
            "WARC-Target-URI: dns:news.yllg.example\r\nContent-Type: text/dns\r\n",
            b"20240501\nnews 1 IN A 127.0.0.1\n",
        ),
        record("response", 3, &format!("{a}{http}warc-ip-address: 127.0.0.1\r\n"), &chunked),
        record(
            "request",
            4,
            &format!("{a}WARC-Concurrent-To: <urn:uuid:00000000-0000-4000-8000-000000000003>\r\n"),
            b"GET /info/1001/7.htm HTTP/1.0\r\n\r\n",
        ),
        record(
            "metadata",
            5,
            &format!("{a}Content-Type: application/warc-fields\r\n"),
            b"fetchTimeMs: 7\r\nShiguan-Event: run-began\r\n",
        ),
        record(
            "resource",
            6,
            "WARC-Target-URI: http://news.yllg.example/info/1001/8.htm\r\nContent-Type: text/html\r\n",
            PAGE.as_bytes(),
        ),
        record("revisit", 7, &format!("{a}{http}{refers}"), head),
        record("revisit", 8, &format!("{b}{http}{refers}"), head),
        record(
            "revisit",
            9,
            "WARC-Target-URI: http://news.yllg.example/never.htm\r\nWARC-Payload-Digest: sha1:AAAA\r\n",
            head,
        ),
    ]
    .concat()
}

#[test]
fn an_article_whose_further_pages_stand_in_a_later_file_is_one() {
    let dir = TempDir::new().unwrap();
    let files = warc_files(&demo(&dir));
    let further = |found: &Found| found.record.target_uri().is_some_and(|url| url.contains("_1.html"));
    let (further, first): (Vec<Found>, Vec<Found>) = records(&files).into_iter().partition(further);
    assert!(further.iter().any(|found| found.record.kind() == Kind::Response));
    let write = |name: &str, records: &[Found]| {
        let path = dir.path().join(name);
        fs::write(&path, records.iter().flat_map(plain).collect::<Vec<u8>>()).unwrap();
        path
    };
    let (first, further) = (write("first.warc", &first), write("further.warc", &further));
    let bodies = |archive: &str| -> BTreeMap<String, Value> {
        articles(&dir, archive).into_iter().map(|(url, row)| (url, row["body"].clone())).collect()
    };
    let ran = import(&dir, "mine", &[&first, &further]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(bodies("mine"), bodies("archive/demo"));
    assert_sound(&dir, "mine");
}

#[test]
fn a_crawl_in_heritrix_manner_is_taken_in() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("heritrix.warc");
    fs::write(&path, heritrix()).unwrap();
    let ran = import(&dir, "mine", &[&path]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(ran.stdout, "took in 8 records with 4 captures from 1 WARC file\n");
    let held = articles(&dir, "mine");
    let urls: Vec<&str> = held.keys().map(String::as_str).collect();
    assert_eq!(
        urls,
        [
            "http://news.yllg.example/info/1001/7.htm",
            "http://news.yllg.example/info/1001/8.htm",
            "http://www.yllg.example/info/1001/7.htm"
        ]
    );
    for row in held.values() {
        assert_eq!((&row["title"], &row["source"]), (&"我校举办读书班".into(), &"党委宣传部".into()));
        assert_eq!(row["work_id"], held[urls[0]]["work_id"]);
    }
    assert_eq!(held[urls[0]]["last_seen"], "2024-05-01T02:03:07.000000Z", "the revisit showed it still");
    assert_sound(&dir, "mine");
    let index = rusqlite::Connection::open(dir.path().join("mine/shiguan.db")).unwrap();
    let source: (String, String, i64) = index
        .query_row("SELECT name, software, (SELECT count(*) FROM runs) FROM import_sources", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .unwrap();
    assert_eq!(source, (path.display().to_string(), "Heritrix/3.4.0".to_owned(), 1), "a planted entry is no run");
}

#[test]
fn damaged_input_gives_its_whole_records_and_names_the_rest() {
    let dir = TempDir::new().unwrap();
    let files = warc_files(&demo(&dir));
    let mut bytes = fs::read(&files[0]).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    bytes.truncate(bytes.len() - 9);
    let path = dir.path().join("damaged.warc.gz");
    fs::write(&path, bytes).unwrap();
    let (page, nothing) = (dir.path().join("page.html"), dir.path().join("nothing.warc"));
    fs::write(&page, PAGE).unwrap();
    let ran = import(&dir, "mine", &[&path, &page, &nothing]);
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    for want in ["damaged.warc.gz: offset", "page.html: neither WARC nor WACZ", "nothing.warc: "] {
        assert!(ran.stderr.contains(want), "{want}: {}", ran.stderr);
    }
    assert!(articles(&dir, "mine").len() > 20, "whole records are in: {}", ran.stdout);
    assert_sound(&dir, "mine");
}

#[test]
fn a_package_that_leads_elsewhere_is_refused() {
    let dir = TempDir::new().unwrap();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    zip.start_file("archive/../../evil.warc", options).unwrap();
    zip.write_all(&heritrix()).unwrap();
    let path = dir.path().join("evil.wacz");
    fs::write(&path, zip.finish().unwrap().into_inner()).unwrap();
    let ran = import(&dir, "deep/mine", &[&path]);
    assert_eq!(ran.code, 4);
    assert!(ran.stderr.contains("leads out of the package"), "{}", ran.stderr);
    assert!(!dir.path().join("evil.warc").exists() && !dir.path().join("deep/evil.warc").exists());
}

#[test]
fn a_page_no_listing_names_and_no_family_knows_makes_no_record() {
    let dir = TempDir::new().unwrap();
    let text = "我们的学院创办于一九五八年，设有四个系，在校学生三千余人，教职工二百余人，图书馆藏书丰富。".repeat(8);
    let page = |title: &str| {
        format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><head><title>{title}</title></head><body><h1>{title}</h1>\
             <p>时间：2024-04-30 作者：林知远</p><div>{}</div></body></html>",
            format!("<p>{text}</p>").repeat(3)
        )
    };
    let row = |n: u32| {
        format!("<li><a href=\"/{n}.html\">学院举办第{n}次主题教育读书班并进行交流</a><span>2024-04-{n}</span></li>")
    };
    let rows: String = (10..20).map(row).collect();
    let listing = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><head><title>新闻</title></head><body><ul>{rows}</ul></body></html>"
    );
    let of = |path: &str| format!("WARC-Target-URI: http://xy.example/{path}\r\n");
    let warc = [
        record("response", 1, &of("11.html"), page("学院举办第11次主题教育读书班并进行交流").as_bytes()),
        record("response", 2, &of("about.html"), page("学院概况").as_bytes()),
        record("response", 3, &of("list.html"), listing.as_bytes()),
    ]
    .concat();
    let path = dir.path().join("a.warc");
    fs::write(&path, warc).unwrap();
    let ran = import(&dir, "mine", &[&path]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(articles(&dir, "mine").keys().collect::<Vec<_>>(), ["http://xy.example/11.html"]);
    assert_sound(&dir, "mine");
}

#[test]
fn extract_reads_pages_out_of_warc_and_wacz_in_record_order() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("heritrix.warc");
    let css = "HTTP/1.1 200 OK\r\nContent-Type: text/css\r\n\r\n<html> { }";
    let gone = "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<html><h1>404</h1></html>";
    let of = |path: &str| format!("WARC-Target-URI: http://xy.example/{path}\r\n");
    let others =
        [record("response", 11, &of("a.css"), css.as_bytes()), record("response", 12, &of("b"), gone.as_bytes())];
    fs::write(&path, [heritrix(), others.concat()].concat()).unwrap();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    zip.start_file("archive/a.warc", options).unwrap();
    zip.write_all(&fs::read(&path).unwrap()).unwrap();
    let package = dir.path().join("a.wacz");
    fs::write(&package, zip.finish().unwrap().into_inner()).unwrap();
    for name in ["heritrix.warc", "a.wacz"] {
        let ran = run(dir.path(), &["extract", name]);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
        let lines: Vec<Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let urls: Vec<&str> = lines.iter().map(|line| line["url"].as_str().unwrap()).collect();
        assert_eq!(urls, ["http://news.yllg.example/info/1001/7.htm", "http://news.yllg.example/info/1001/8.htm"]);
        assert!(lines.iter().all(|line| line["kind"] == "article" && line["title"] == "我校举办读书班"));
    }
    fs::write(&path, &heritrix()[..1500]).unwrap();
    let cut = run(dir.path(), &["extract", "heritrix.warc"]);
    assert_eq!(cut.code, 4);
    assert!(cut.stderr.contains("heritrix.warc: offset"), "{}", cut.stderr);
    assert_eq!(run(dir.path(), &["extract", "a.wacz", "--url", "http://a.example/"]).code, 2);
}

/// Records with a digest of their block, behind one member's checksum: `stored` keeps their bytes as they are in it.
fn shared_member(records: &[Vec<u8>]) -> Vec<u8> {
    let mut member = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    member.write_all(&records.concat()).unwrap();
    member.finish().unwrap()
}

fn response(id: u32, extra: &str, page: &str) -> Vec<u8> {
    let block = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{page}");
    let digest = match extra {
        "block" => format!("WARC-Block-Digest: {}\r\n", PayloadDigest::of(block.as_bytes())),
        "payload" => format!("WARC-Payload-Digest: {}\r\n", PayloadDigest::of(page.as_bytes())),
        _ => String::new(),
    };
    let url = format!("WARC-Target-URI: http://news.yllg.example/info/1001/{id}.htm\r\n");
    record(
        "response",
        id,
        &format!("{url}Content-Type: application/http; msgtype=response\r\n{digest}"),
        block.as_bytes(),
    )
}

/// The checksum of a member stands behind all of its records. Whatever byte of a page is flipped, no flipped page gets in, and
/// every loss is named.
#[test]
fn a_flipped_page_in_a_member_of_many_records_never_gets_in() {
    let dir = TempDir::new().unwrap();
    let page = |id: u32| PAGE.replace("我校举办读书班", &format!("第{id}次读书班"));
    let sound: Vec<Vec<u8>> = [(1, "block"), (2, "payload"), (3, "none"), (4, "block"), (5, "block")]
        .map(|(id, digest)| response(id, digest, &page(id)))
        .to_vec();
    let path = dir.path().join("one-member.warc.gz");
    fs::write(&path, shared_member(&sound)).unwrap();
    let extract = || run(dir.path(), &["extract", "one-member.warc.gz"]);
    let whole = extract();
    assert_eq!((whole.code, whole.stderr.as_str(), whole.stdout.lines().count()), (0, "", 5));
    assert_eq!(import(&dir, "whole", &[&path]).code, 0);
    let all = articles(&dir, "whole");

    for flipped in 0..5 {
        let mut records = sound.clone();
        let at = records[flipped].len() - 300;
        records[flipped][at] ^= 1;
        let mut bytes = shared_member(&sound);
        let mut behind = shared_member(&records);
        // The checksum is that of the sound records, as after a flip on a disk.
        let end = bytes.len() - 8;
        behind.truncate(end);
        behind.extend(bytes.drain(end..));
        fs::write(&path, behind).unwrap();
        let ran = extract();
        assert_eq!(ran.code, 4);
        // The one without a digest is not believed, whichever was flipped; the last is read together with the checksum.
        let kept: Vec<&str> = whole
            .stdout
            .lines()
            .enumerate()
            .filter(|(n, _)| ![flipped, 2, 4].contains(n))
            .map(|(_, line)| line)
            .collect();
        assert_eq!(ran.stdout.lines().collect::<Vec<_>>(), kept, "{flipped}: {}", ran.stderr);
        for lost in [3, flipped + 1].into_iter().filter(|lost| *lost < 5) {
            let url = format!("offset 0: http://news.yllg.example/info/1001/{lost}.htm: ");
            assert!(ran.stderr.contains(&url), "{}", ran.stderr);
        }
        assert!(ran.stderr.contains("one-member.warc.gz: offset 0: broken gzip member"), "{}", ran.stderr);

        let archive = format!("flipped-{flipped}");
        let taken = import(&dir, &archive, &[&path]);
        assert_eq!(taken.code, 4, "{}", taken.stderr);
        assert!(taken.stderr.contains("proved by each record's own digest"), "{}", taken.stderr);
        let held = articles(&dir, &archive);
        assert_eq!(held.len(), kept.len(), "{}", taken.stderr);
        for (url, row) in &held {
            assert_eq!(row, &all[url]);
        }
        assert_sound(&dir, &archive);
    }
}

/// Tools reckon payload digests in their own ways. Where the gzip checksum shows that the record is as it was written, a page is not
/// lost for that; without such a checksum it is not believed.
#[test]
fn a_payload_that_does_not_fit_its_digest_is_marked_or_refused() {
    let dir = TempDir::new().unwrap();
    let other = PayloadDigest::of(b"other");
    let mut text = String::from_utf8(response(1, "payload", PAGE)).unwrap();
    let said = PayloadDigest::of(PAGE.as_bytes());
    text = text.replace(said.as_str(), other.as_str());
    let mut member = Vec::new();
    Deflater::default().member(text.as_bytes(), &mut member);
    for (name, bytes, taken) in [("own.warc.gz", member, 1), ("plain.warc", text.into_bytes(), 0)] {
        fs::write(dir.path().join(name), bytes).unwrap();
        let extracted = run(dir.path(), &["extract", name]);
        assert_eq!((extracted.code, extracted.stdout.lines().count()), (4, taken), "{}", extracted.stderr);
        let imported = import(&dir, name.split('.').next().unwrap(), &[&dir.path().join(name)]);
        assert_eq!(imported.code, 4);
        assert!(imported.stdout.starts_with(&format!("took in {taken} record")), "{}", imported.stdout);
        for ran in [extracted, imported] {
            let what = "/info/1001/1.htm: the payload does not fit its digest";
            assert!(ran.stderr.contains(what) && ran.stderr.contains(name), "{}", ran.stderr);
        }
    }
}
