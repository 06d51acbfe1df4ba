//! Packages: what is handed over is what is held, and only what is asked for.

use std::fs;
use std::io::{Cursor, Read as _};
use std::path::Path;

use shiguan::archive::{Archive, record_event};
use shiguan::domain::digest::PayloadDigest;
use shiguan::domain::event::Event;
use shiguan::domain::extraction::Extraction;
use shiguan::domain::profile::MetadataSpec;
use shiguan::domain::record::{Listing, ListingItem, Record};
use shiguan::domain::request::Purpose;
use shiguan::domain::time::Date;
use shiguan::domain::visit::{Outcome, Visit};
use shiguan::handover::metadata::Sayings;
use shiguan::handover::{About, Asked, Beside, Error, Filter, Job, bagit, check, entry, wacz};
use shiguan::segment::Query;
use shiguan::warc::Reader;

use crate::archive::{answer, at, begin, open, request, url, visit, warc_files};

pub(crate) fn job(dir: &Path, filter: Filter) -> Job {
    let about = About {
        title: "云岭理工大学档案馆".to_owned(),
        description: String::new(),
        software: "shiguan/0.1.0".to_owned(),
        created: at(600),
        organization: None,
        archive_id: String::new(),
    };
    Job { dir: dir.to_owned(), filter, query: None, about }
}

fn robots() -> Visit {
    Visit {
        request: request("/robots.txt", Purpose::Robots),
        result: Ok(answer("/robots.txt", 1, 200, "User-agent: *\nDisallow:\n")),
        charset: None,
        extraction: None,
        outcome: Outcome::Ok,
    }
}

fn listing(path: &str, second: u32, rows: &[&str]) -> Visit {
    let items = rows.iter().map(|row| ListingItem { url: Some(url(row)), title: (*row).to_owned(), date: None });
    let listing = Listing {
        url: Some(url(path)),
        site: Some("yllg".to_owned()),
        family: "vsb".to_owned(),
        items: items.collect(),
        next: None,
        warnings: Vec::new(),
        extractor: "shiguan 0".to_owned(),
        selectors: "vsb@2018".to_owned(),
    };
    let mut page = visit(path, second, path);
    page.request.purpose = Purpose::Listing;
    page.extraction = Some(Extraction { record: Record::Listing(listing), article_id: None, outlinks: Vec::new() });
    page
}

/// An article published on another day and tagged otherwise than [`visit`] makes them.
fn of_another_day(path: &str, second: u32, payload: &str) -> Visit {
    let mut other = visit(path, second, payload);
    let Some(Extraction { record: Record::Article(article), .. }) = &mut other.extraction else { return other };
    article.published_at = shiguan::domain::time::Timestamp::parse("2021-07-01T08:00:00+08:00");
    article.topics = vec!["2021党史".to_owned()];
    other
}

/// Two listings, two articles (one edited, one repeating another's payload), robots.txt.
pub(crate) async fn small(dir: &Path) {
    let (archive, _): (Archive, _) = open(dir);
    begin(&archive).await;
    for visit in [
        robots(),
        listing("/xwzx.htm", 2, &["/info/1/2.htm"]),
        listing("/ds.htm", 3, &["/info/9/2.htm"]),
        visit("/info/1/2.htm", 4, "开班\n学思想。"),
        of_another_day("/info/9/2.htm", 5, "开班\n学思想。"),
        visit("/info/1/2.htm", 6, "开班\n学思想，强党性。"),
        of_another_day("/info/9/3.htm", 7, "结业\n建新功。"),
    ] {
        archive.commit(visit).await.unwrap();
    }
    archive.close().await.unwrap();
}

/// Entries of a ZIP file, in order.
fn entries(path: &Path) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let mut entries = Vec::new();
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        entries.push((entry.name().unwrap().into_owned(), bytes));
    }
    entries
}

fn entry_named<'a>(entries: &'a [(String, Vec<u8>)], name: &str) -> &'a [u8] {
    &entries.iter().find(|(found, _)| found == name).unwrap().1
}

/// Target URIs of a WARC file's answers.
fn answers(warc: &[u8]) -> Vec<String> {
    let records = Reader::new(Cursor::new(warc)).unwrap().map(|found| found.unwrap().record);
    let answers = records.filter(|record| matches!(record.fields.get("WARC-Type"), Some("response" | "revisit")));
    answers.map(|record| record.target_uri().unwrap().replace("http://news.yllg.example", "")).collect()
}

fn index_of(entries: &[(String, Vec<u8>)]) -> String {
    let mut text = String::new();
    let members = flate2::read::MultiGzDecoder::new(entry_named(entries, "indexes/index.cdx.gz"));
    std::io::BufReader::new(members).read_to_string(&mut text).unwrap();
    text
}

#[test]
fn the_index_of_another_tools_file_is_that_of_cdxj_indexer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/warc");
    let file = fs::read(folder.join("others.warc.gz")).unwrap();
    let records = Reader::new(Cursor::new(file)).unwrap().map(Result::unwrap);
    let entries =
        records.filter_map(|found| entry(&found.record, found.offset, found.length.unwrap(), "others.warc.gz"));
    let mut lines: Vec<String> = entries.map(|entry| entry.line()).collect();
    lines.sort();
    let reference = fs::read_to_string(folder.join("others.cdxj")).unwrap();
    assert_eq!(lines.concat(), reference, "others.cdxj is what cdxj-indexer 1.5.0 printed");
}

#[tokio::test]
async fn a_wacz_of_everything_holds_the_files_as_they_are() {
    let dir = tempfile::tempdir().unwrap();
    small(dir.path()).await;
    let path = dir.path().join("all.wacz");
    let made = wacz(&job(dir.path(), Filter::default()), &path).unwrap();
    assert_eq!((made.files, made.captures, made.pages), (1, 7, 6));
    let warc = warc_files(dir.path()).remove(0);
    let base = warc.file_name().unwrap().to_str().unwrap();
    let entries = entries(&path);
    assert_eq!(
        entries.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        [
            format!("archive/{base}").as_str(),
            "pages/pages.jsonl",
            "indexes/index.cdx.gz",
            "indexes/index.idx",
            "datapackage.json",
            "datapackage-digest.json"
        ]
    );
    assert_eq!(entries[0].1, fs::read(&warc).unwrap(), "byte for byte");
    let index = index_of(&entries);
    assert_eq!(index.lines().count(), 7);
    assert!(index.lines().is_sorted());
    let digest = PayloadDigest::of("开班\n学思想。".as_bytes());
    for (path, mime) in [("/info/1/2.htm", "text/html"), ("/info/9/2.htm", "warc/revisit")] {
        let line =
            format!("\"url\": \"{}\", \"mime\": \"{mime}\", \"status\": \"200\", \"digest\": \"{digest}\"", url(path));
        assert!(index.contains(&line), "{line} in {index}");
    }
    let pages = String::from_utf8(entry_named(&entries, "pages/pages.jsonl").to_vec()).unwrap();
    let pages: Vec<serde_json::Value> = pages.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(pages[0]["format"], "json-pages-1.0");
    assert_eq!(pages[1]["url"], url("/info/1/2.htm").as_str());
    assert_eq!(pages[1]["ts"], "2026-11-22T09:00:04Z");
    assert_eq!(pages[1]["title"], "开班");
    let edited = pages.iter().find(|page| page["ts"] == "2026-11-22T09:00:06Z").unwrap();
    assert_eq!(edited["text"], "学思想，强党性。", "each version is a page");
}

#[tokio::test]
async fn a_filter_takes_the_articles_and_what_belongs_to_them() {
    let dir = tempfile::tempdir().unwrap();
    small(dir.path()).await;
    let path = dir.path().join("some.wacz");
    for (filter, captures, urls) in [
        (
            Filter { topics: vec!["2023主题教育".to_owned()], ..Filter::default() },
            4,
            vec!["/robots.txt", "/xwzx.htm", "/info/1/2.htm", "/info/1/2.htm"],
        ),
        (
            Filter { until: Date::new(2021, 7, 1), ..Filter::default() },
            5,
            vec!["/robots.txt", "/ds.htm", "/info/1/2.htm", "/info/9/2.htm", "/info/9/3.htm"],
        ),
        (
            Filter { sites: vec!["yllg".to_owned()], since: Date::new(2026, 11, 20), ..Filter::default() },
            4,
            vec!["/robots.txt", "/xwzx.htm", "/info/1/2.htm", "/info/1/2.htm"],
        ),
    ] {
        let made = wacz(&job(dir.path(), filter.clone()), &path).unwrap();
        let entries = entries(&path);
        let (name, warc) = &entries[0];
        assert!(name.starts_with("archive/shiguan_selection-20261122"), "{name}");
        assert_eq!(answers(warc), urls, "{filter:?}: a repeated payload comes with the capture that holds it");
        assert_eq!(made.captures, captures);
        let index = index_of(&entries);
        assert_eq!(index.lines().count(), urls.len());
        for line in index.lines() {
            let place: serde_json::Value = serde_json::from_str(&line[line.find('{').unwrap()..]).unwrap();
            let number = |key: &str| place[key].as_str().unwrap().parse::<usize>().unwrap();
            let member = &warc[number("offset")..number("offset") + number("length")];
            let record = Reader::new(Cursor::new(member)).unwrap().next().unwrap().unwrap().record;
            assert_eq!(record.target_uri().unwrap(), place["url"], "the index points at the members' new places");
        }
        let pages = String::from_utf8(entry_named(&entries, "pages/pages.jsonl").to_vec()).unwrap();
        for page in pages.lines().skip(1).map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()) {
            assert!(urls.contains(&page["url"].as_str().unwrap().trim_start_matches("http://news.yllg.example")));
        }
    }
    let nothing = Filter { sites: vec!["nowhere".to_owned()], ..Filter::default() };
    let untouched = fs::read(&path).unwrap();
    assert!(matches!(wacz(&job(dir.path(), nothing), &path), Err(Error::Nothing)));
    assert_eq!(fs::read(&path).unwrap(), untouched, "a package in the place stays as it was");
}

#[tokio::test]
async fn a_search_chooses_as_filters_do_and_together_with_them() {
    let dir = tempfile::tempdir().unwrap();
    small(dir.path()).await;
    let path = dir.path().join("found.wacz");
    let asked = |typed: &str| Some(Asked { typed: typed.to_owned(), query: Query::read(typed).unwrap() });
    let of = |filter: Filter, typed: &str| wacz(&Job { query: asked(typed), ..job(dir.path(), filter) }, &path);
    let of_2021 = || Filter { topics: vec!["2021党史".to_owned()], ..Filter::default() };
    for (filter, typed, urls) in [
        (Filter::default(), "强党性", vec!["/robots.txt", "/xwzx.htm", "/info/1/2.htm", "/info/1/2.htm"]),
        (Filter::default(), "学思想 -强党性", vec!["/robots.txt", "/ds.htm", "/info/1/2.htm", "/info/9/2.htm"]),
        (of_2021(), "结业 OR 强党性", vec!["/robots.txt", "/info/9/3.htm"]),
    ] {
        of(filter, typed).unwrap();
        assert_eq!(answers(&entries(&path)[0].1), urls, "{typed}");
    }
    assert!(matches!(of(of_2021(), "强党性"), Err(Error::Nothing)), "both must hold");
}

#[tokio::test]
async fn damage_is_never_handed_over() {
    let dir = tempfile::tempdir().unwrap();
    small(dir.path()).await;
    let warc = warc_files(dir.path()).remove(0);
    let whole = fs::read(&warc).unwrap();
    let package = dir.path().join("p.wacz");
    let mut broken = whole.clone();
    let flipped = whole.len() / 2;
    broken[flipped] ^= 1;
    for bytes in [&broken[..], &whole[..whole.len() - 3]] {
        fs::write(&warc, bytes).unwrap();
        match wacz(&job(dir.path(), Filter::default()), &package) {
            Err(Error::Damaged { file, offset, .. }) => {
                assert!(warc.ends_with(&file), "{file}");
                assert!(offset <= flipped as u64 || bytes.len() < whole.len());
            }
            other => panic!("{other:?}"),
        }
        assert!(!package.exists(), "half a package is no package");
    }
    let left = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(left.filter(|name| name.contains("package")).count(), 0, "nothing half-made stays");
}

/// Files below a folder, with `/` between the parts of their paths.
pub(crate) fn files_below(root: &Path) -> Vec<String> {
    fn walk(root: &Path, dir: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                found.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    let mut found = Vec::new();
    walk(root, root, &mut found);
    found.sort();
    found
}

/// Every line of a manifest holds, and every file of the payload has one.
fn manifest_holds(bag: &Path, name: &str, prefix: &str) {
    use sha2::Digest as _;
    let manifest = fs::read_to_string(bag.join(name)).unwrap();
    let mut named = Vec::new();
    for line in manifest.lines() {
        let (digest, path) = line.split_once("  ").unwrap();
        let bytes = fs::read(bag.join(path)).unwrap();
        let found = match digest.len() {
            64 => data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(&bytes)),
            _ => data_encoding::HEXLOWER.encode(&sha2::Sha512::digest(&bytes)),
        };
        assert_eq!(found, digest, "{path}");
        named.push(path.to_owned());
    }
    named.sort();
    let there = files_below(bag).into_iter().filter(|file| file.starts_with("data/") == (prefix == "data/"));
    let there: Vec<String> = there.filter(|file| !file.starts_with("tagmanifest")).collect();
    assert_eq!(named, there);
}

/// Rows of a CSV file as maps of column to cell.
fn rows(path: &Path) -> Vec<std::collections::HashMap<String, String>> {
    csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
}

pub(crate) fn beside() -> Beside {
    let said =
        |key: &str, value: &str| serde_json::from_value::<MetadataSpec>(serde_json::json!({ key: value })).unwrap();
    let mut sayings = Sayings { archive: said("fonds", "0123"), ..Sayings::default() };
    sayings.sites.insert("yllg".to_owned(), ("云岭理工大学新闻网".to_owned(), said("retention", "30年")));
    Beside { settings: "contact = \"archive@yllg.example\"\n".to_owned(), sayings }
}

#[tokio::test]
async fn a_bag_holds_everything_and_says_what_it_is() {
    let dir = tempfile::tempdir().unwrap();
    small(dir.path()).await;
    let bag = dir.path().join("bag");
    let made = bagit(&job(dir.path(), Filter::default()), &beside(), &bag).unwrap();
    assert_eq!((made.files, made.captures), (1, 7));
    for (name, prefix) in [
        ("manifest-sha256.txt", "data/"),
        ("manifest-sha512.txt", "data/"),
        ("tagmanifest-sha256.txt", ""),
        ("tagmanifest-sha512.txt", ""),
    ] {
        manifest_holds(&bag, name, prefix);
    }
    let warc = warc_files(dir.path()).remove(0);
    let below = warc.strip_prefix(dir.path()).unwrap();
    assert_eq!(fs::read(bag.join("data").join(below)).unwrap(), fs::read(&warc).unwrap());
    let info = fs::read_to_string(bag.join("bag-info.txt")).unwrap();
    let payload = files_below(&bag).into_iter().filter(|file| file.starts_with("data/"));
    let sizes: Vec<u64> = payload.map(|file| fs::metadata(bag.join(file)).unwrap().len()).collect();
    assert!(info.contains(&format!("Payload-Oxum: {}.{}\n", sizes.iter().sum::<u64>(), sizes.len())), "{info}");
    assert!(info.contains("Bagging-Date: 2026-11-22\n"), "{info}");

    let index = fs::read_to_string(bag.join("data/index/index.cdxj")).unwrap();
    assert_eq!(index.lines().count(), 7);
    for readme in ["README.md", "README.zh-CN.md"] {
        let text = fs::read_to_string(bag.join("data").join(readme)).unwrap();
        assert!(text.starts_with("# 云岭理工大学档案馆\n") && !text.contains('{'), "{readme}: {text}");
    }
    match bagit(&job(dir.path(), Filter::default()), &beside(), &bag) {
        Err(Error::Exists { path }) => assert_eq!(path, bag),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn each_record_is_described_under_its_chinese_names() {
    let dir = tempfile::tempdir().unwrap();
    small(dir.path()).await;
    let bag = dir.path().join("bag");
    bagit(&job(dir.path(), Filter::default()), &beside(), &bag).unwrap();
    let metadata = rows(&bag.join("data/metadata/metadata.csv"));
    assert_eq!(metadata.len(), 3);
    let first = &metadata[0];
    for (name, want) in [
        ("题名", "开班"),
        ("责任者", "党委宣传部"),
        ("来源", "党委宣传部"),
        ("作者", "林知远"),
        ("日期", "2026-11-20T23:30:00+08:00"),
        ("网址", "http://news.yllg.example/info/1/2.htm"),
        ("采集时间", "2026-11-22T09:00:06.000001Z"),
        ("网站", "云岭理工大学新闻网"),
        ("档号", "0123-党群类-2026-30年-0001"),
        ("类别", "党群类"),
        ("保管期限", "30年"),
        ("密级", "公开"),
        ("语种", "zh"),
        ("采集策略", "遵守 robots.txt（RFC 9309），同一主机逐一请求并有间隔"),
        ("传输安全", "http，未加密"),
        ("版本数", "2"),
        ("格式", "text/html"),
        ("校验值", PayloadDigest::of("开班\n学思想，强党性。".as_bytes()).as_str()),
    ] {
        assert_eq!(first[name], want, "{name}");
    }
    let numbers: Vec<&str> = metadata.iter().map(|row| row["档号"].as_str()).collect();
    assert_eq!(numbers[1..], ["0123-党群类-2021-30年-0001", "0123-党群类-2021-30年-0002"], "no gap within a year");
    for row in &metadata {
        let file = fs::read(bag.join("data").join(&row["文件"])).unwrap();
        let (offset, length): (usize, usize) = (row["偏移"].parse().unwrap(), row["长度"].parse().unwrap());
        let record = Reader::new(Cursor::new(&file[offset..offset + length])).unwrap().next().unwrap().unwrap();
        assert_eq!(record.record.fields.get("WARC-Payload-Digest"), Some(row["校验值"].as_str()));
    }
}

#[tokio::test]
async fn a_bag_of_some_articles_points_at_their_new_places() {
    let dir = tempfile::tempdir().unwrap();
    small(dir.path()).await;
    let bag = dir.path().join("bag");
    let filter = Filter { until: Date::new(2021, 7, 1), ..Filter::default() };
    bagit(&job(dir.path(), filter), &beside(), &bag).unwrap();
    let metadata = rows(&bag.join("data/metadata/metadata.csv"));
    assert_eq!(
        metadata.iter().map(|row| row["档号"].as_str()).collect::<Vec<_>>(),
        ["0123-党群类-2021-30年-0001", "0123-党群类-2021-30年-0002"]
    );
    let captures = rows(&bag.join("data/records/captures.csv"));
    assert_eq!(captures.len(), 5);
    for row in &captures {
        let file = fs::read(bag.join("data").join(&row["warc_file"])).unwrap();
        let offset: usize = row["warc_offset"].parse().unwrap();
        let record = Reader::new(Cursor::new(&file[offset..])).unwrap().next().unwrap().unwrap().record;
        assert_eq!(record.target_uri(), Some(row["url"].as_str()));
    }
    assert_eq!(rows(&bag.join("data/records/articles.csv")).len(), 2);
}

/// Texts of all files below a folder of a bag.
fn texts(bag: &Path, folder: &str) -> String {
    let files = files_below(bag).into_iter().filter(|file| file.starts_with(folder));
    files.map(|file| fs::read_to_string(bag.join(file)).unwrap()).collect()
}

const TAKEN_DOWN: &str = "[[article]]\nurl = \"http://news.yllg.example/info/1/2.htm\"\ndate = 2026-11-30\nreason = \"来函\"\nasked_by = \"宣传部\"\n\
    [[person]]\nname = \"林知远\"\ndate = 2026-11-30\nreason = \"本人要求\"\nasked_by = \"邮件\"\n";

#[tokio::test]
async fn a_package_keeps_the_captures_of_what_is_taken_down_and_shows_none_of_it() {
    let dir = tempfile::tempdir().unwrap();
    small(dir.path()).await;
    let (archive, _) = open(dir.path());
    begin(&archive).await;
    archive.commit(visit("/info/1/5.htm", 8, "记林知远\n林知远带队走访。")).await.unwrap();
    archive.close().await.unwrap();
    let (before, bag) = (dir.path().join("before"), dir.path().join("bag"));
    let everything = || job(dir.path(), Filter::default());
    bagit(&everything(), &beside(), &before).unwrap();
    assert!(!before.join("data/settings/takedown.toml").exists());
    let urls = |bag: &Path, table: &str, column: &str| -> Vec<String> {
        let cell = |row: std::collections::HashMap<String, String>| row[column].replace("http://news.yllg.example", "");
        rows(&bag.join(format!("data/{table}.csv"))).into_iter().map(cell).collect()
    };
    let all = ["/info/1/2.htm", "/info/9/2.htm", "/info/9/3.htm", "/info/1/5.htm"];
    assert_eq!(urls(&before, "records/articles", "url"), all);
    let shown = texts(&before, "data/records") + &texts(&before, "data/metadata");
    assert!(shown.contains("/info/1/2.htm") && shown.contains("林知远"));

    fs::write(dir.path().join("takedown.toml"), TAKEN_DOWN).unwrap();
    let made = bagit(&everything(), &beside(), &bag).unwrap();
    assert_eq!(made.captures, 8);
    for warc in warc_files(dir.path()) {
        let copy = bag.join("data").join(warc.strip_prefix(dir.path()).unwrap());
        assert_eq!(fs::read(copy).unwrap(), fs::read(&warc).unwrap(), "captures stay whole");
    }
    assert!(fs::read_to_string(bag.join("data/index/index.cdxj")).unwrap().contains("/info/1/2.htm"));
    // The text of the second one was first captured at the address taken down.
    assert_eq!(urls(&bag, "records/articles", "url"), all[1..]);
    assert_eq!(urls(&bag, "metadata/metadata", "网址"), all[1..]);
    assert!(!urls(&bag, "records/captures", "url").contains(&all[0].to_owned()));
    let numbers = |bag: &Path| urls(bag, "metadata/metadata", "档号");
    assert_eq!(numbers(&bag), numbers(&before)[1..], "the others keep their 档号");
    let shown = texts(&bag, "data/records") + &texts(&bag, "data/metadata");
    assert!(!shown.contains("/info/1/2.htm") && !shown.contains("林知远"), "{shown}");
    assert!(shown.contains("记某某") && shown.contains("某某带队走访。"), "{shown}");
    assert_eq!(fs::read_to_string(bag.join("data/settings/takedown.toml")).unwrap(), TAKEN_DOWN);
    assert!(fs::read_to_string(bag.join("bag-info.txt")).unwrap().contains("1 articles and 0 reflections"));
    check(&bag, &mut |problem| panic!("{problem:?}")).unwrap();

    let path = dir.path().join("all.wacz");
    assert_eq!(wacz(&everything(), &path).unwrap().captures, 8);
    let entries = entries(&path);
    assert!(index_of(&entries).contains("/info/1/2.htm"));
    let pages = String::from_utf8(entry_named(&entries, "pages/pages.jsonl").to_vec()).unwrap();
    assert!(!pages.contains("/info/1/2.htm\"") && !pages.contains("林知远"), "{pages}");
    assert!(pages.contains("/info/9/2.htm\"") && pages.contains("某某带队走访。"), "{pages}");
    let described = String::from_utf8(entry_named(&entries, "datapackage.json").to_vec()).unwrap();
    assert!(described.contains("taken down, so in the WARC files and nowhere else: 1 articles"), "{described}");
}

#[tokio::test]
async fn events_are_linked_and_survive_a_new_index() {
    let dir = tempfile::tempdir().unwrap();
    small(dir.path()).await;
    let event = |object: &str| Event {
        kind: Event::FIXITY_CHECK.to_owned(),
        at: at(700),
        outcome: "success".to_owned(),
        agent: "shiguan/0.1.0".to_owned(),
        object: object.to_owned(),
        detail: "{}".to_owned(),
    };
    assert_eq!(record_event(dir.path(), &event("archive")).unwrap(), Some(1));
    let reading = shiguan::store::Reader::open(dir.path()).unwrap();
    assert_eq!(record_event(dir.path(), &event("a.wacz")).unwrap(), Some(2), "a reader keeps nobody waiting");
    assert_eq!(reading.events().unwrap().len(), 1, "nor is it kept waiting");
    let events = shiguan::store::Reader::open(dir.path()).unwrap().events().unwrap();
    assert_eq!(events[0].link, event("archive").link(""));
    assert_eq!(events[1].link, event("a.wacz").link(&events[0].link));
    let rebuilt = shiguan::store::Rebuilt::begin(dir.path()).unwrap();
    rebuilt.replace_old().unwrap();
    assert_eq!(shiguan::store::Reader::open(dir.path()).unwrap().events().unwrap(), events);
}
