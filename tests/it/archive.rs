//! The archive as a crawl uses it: what is acknowledged stays, whatever happens next.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use shiguan::archive::{
    Archive, Error, Known, Options, Reading, Recovery, RunEnd, RunStart, Unusable, WalkEnd, verify,
};
use shiguan::domain::capture::{Capture, FailureKind, FetchFailure, Head};
use shiguan::domain::digest::PayloadDigest;
use shiguan::domain::extraction::Extraction;
use shiguan::domain::record::{Listing, ListingItem, Record};
use shiguan::domain::request::{FetchRequest, Purpose};
use shiguan::domain::time::{CaptureTime, Date};
use shiguan::domain::visit::{ArticleChange, Novelty, Outcome, Visit};
use shiguan::warc::Reader;
use url::Url;

pub(crate) fn at(second: u32) -> CaptureTime {
    CaptureTime::parse(&format!("2026-11-22T09:{:02}:{:02}.000001Z", second / 60, second % 60)).unwrap()
}

pub(crate) fn url(path: &str) -> Url {
    Url::parse("http://news.yllg.example").unwrap().join(path).unwrap()
}

pub(crate) fn options(dir: &Path) -> Options {
    Options { free_space_floor: Some(0), ..Options::new(dir) }
}

pub(crate) fn request(path: &str, purpose: Purpose) -> FetchRequest {
    FetchRequest {
        url: url(path),
        site: "yllg".to_owned(),
        purpose,
        via: Some(url("/xwzx.htm")),
        hops: 0,
        attempt: 0,
        walk: None,
        item: None,
        prior: None,
    }
}

pub(crate) fn answer(path: &str, second: u32, status: u16, payload: &str) -> Capture {
    Capture {
        url: url(path),
        at: at(second),
        ip: Some("127.0.0.1".parse().unwrap()),
        request: Head {
            line: format!("GET {path} HTTP/1.1"),
            fields: vec![("host".to_owned(), b"news.yllg.example".to_vec())],
        },
        status,
        response: Head {
            line: format!("HTTP/1.1 {status} -"),
            fields: vec![
                ("content-type".to_owned(), b"text/html; charset=utf-8".to_vec()),
                ("etag".to_owned(), format!("\"{second}\"").into_bytes()),
            ],
        },
        payload_digest: PayloadDigest::of(payload.as_bytes()),
        payload: Bytes::copy_from_slice(payload.as_bytes()),
        truncated: None,
        tls_flaw: None,
        head_ms: 0,
        elapsed_ms: 12,
    }
}

pub(crate) fn visit(path: &str, second: u32, payload: &str) -> Visit {
    let capture = answer(path, second, 200, payload);
    let extraction = read(&capture).extraction;
    Visit {
        request: request(path, Purpose::Article),
        result: Ok(capture),
        charset: None,
        extraction,
        outcome: Outcome::Ok,
    }
}

/// A stand-in for decode and extract: the payload's first line is the headline, the rest the body.
pub(crate) fn read(capture: &Capture) -> Reading {
    let text = String::from_utf8_lossy(&capture.payload).into_owned();
    let Some((title, body)) = text.split_once('\n') else { return Reading::default() };
    let article = serde_json::json!({
        "kind": "article", "url": capture.url, "canonical_url": capture.url, "site": "yllg", "family": "vsb",
        "title": title, "subtitle": null, "source": "党委宣传部", "published_at": "2026-11-20T23:30:00+08:00",
        "published_precision": "minute", "credits": [{"role": "作者", "names": ["林知远"]}], "body": body,
        "reflections": [{"ordinal": 1, "people": ["阿依古丽·买买提"], "affiliation": "测绘学院研22级党支部",
            "facets": {"degree": null, "year": "2022", "major": null, "class": null, "branch": "党支部", "unit": "测绘学院"},
            "role": null, "kind": "signed", "text": body, "start": 0, "end": body.chars().count()}],
        "images": [{"url": "http://news.yllg.example/1.jpg", "alt": null, "caption": "合影"}], "attachments": [],
        "breadcrumbs": ["首页"], "topics": ["2023主题教育"], "warnings": [], "extractor": "shiguan 0", "selectors": "vsb@2018",
    });
    let record = serde_json::from_value(article).unwrap();
    let extraction = Extraction { record, article_id: None, outlinks: Vec::new() };
    Reading { charset: None, extraction: Some(extraction) }
}

pub(crate) fn open(dir: &Path) -> (Archive, Recovery) {
    Archive::open(options(dir), &|_: &FetchRequest, capture: &Capture| read(capture)).unwrap()
}

pub(crate) async fn begin(archive: &Archive) -> shiguan::archive::RunId {
    archive.begin_run(RunStart { started_at: at(0), command: "crawl".to_owned() }).await.unwrap()
}

/// WARC files of an archive, finished or not.
pub(crate) fn warc_files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for year in fs::read_dir(dir.join("warc")).unwrap() {
        files.extend(fs::read_dir(year.unwrap().path()).unwrap().map(|entry| entry.unwrap().path()));
    }
    files.sort();
    files
}

fn types_of(file: &Path) -> Vec<String> {
    let reader = Reader::new(std::io::BufReader::new(fs::File::open(file).unwrap())).unwrap();
    reader.map(|found| found.unwrap().record.fields.get("WARC-Type").unwrap().to_owned()).collect()
}

fn copy_dir(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_dir(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

#[tokio::test]
async fn what_is_acknowledged_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let (archive, recovery) = open(dir.path());
    assert_eq!(recovery, Recovery::default());
    let run = begin(&archive).await;
    let receipt = archive.commit(visit("/info/1/2.htm", 1, "开班\n学思想。")).await.unwrap();
    assert_eq!((receipt.novelty, receipt.article), (Some(Novelty::New), ArticleChange::New));
    let repost = archive.commit(visit("/info/9/2.htm", 2, "开班\n学思想。")).await.unwrap();
    assert_eq!((repost.novelty, repost.article), (Some(Novelty::SamePayload), ArticleChange::New));
    let again = archive.commit(visit("/info/1/2.htm", 3, "开班\n学思想,强党性。")).await.unwrap();
    assert_eq!((again.novelty, again.article), (Some(Novelty::Changed), ArticleChange::Changed));

    let history = archive.history().unwrap();
    let prior = history.prior(&url("/info/1/2.htm")).unwrap().unwrap();
    assert_eq!(prior.etag.as_deref(), Some("\"3\""));
    assert_eq!(prior.payload_digest, Some(PayloadDigest::of("开班\n学思想,强党性。".as_bytes())));
    assert_eq!(prior.selectors.as_deref(), Some("vsb@2018"));
    assert_eq!(Some(&prior.record_id), again.record_id.as_ref());
    let known = history.known(&[url("/info/1/2.htm#top"), url("/never.htm")]).unwrap();
    assert_eq!(known, [Known::Held(Outcome::Ok, at(3)), Known::Unseen]);
    assert!(history.committed_in(run.0, &url("/info/9/2.htm")).unwrap());
    assert!(!history.committed_in(run.0 + 1, &url("/info/9/2.htm")).unwrap());

    archive.end_run(run, RunEnd { ended_at: at(9), ended: "done".to_owned(), sites: Vec::new() }).await.unwrap();
    archive.close().await.unwrap();
    let files = warc_files(dir.path());
    assert_eq!(files.len(), 1);
    assert!(files[0].to_str().unwrap().ends_with(".warc.gz"), "{files:?}");
    let answers = ["response", "request", "revisit", "request", "response", "request"];
    let with_run = [&["warcinfo", "metadata"][..], &answers, &["metadata"]].concat();
    assert_eq!(types_of(&files[0]), with_run);
}

#[tokio::test]
async fn a_304_refers_to_the_payload_held() {
    let dir = tempfile::tempdir().unwrap();
    let (archive, _) = open(dir.path());
    begin(&archive).await;
    archive.commit(visit("/info/1/2.htm", 1, "开班\n学思想。")).await.unwrap();
    let unchanged = Visit {
        request: request("/info/1/2.htm", Purpose::Article),
        result: Ok(answer("/info/1/2.htm", 5, 304, "")),
        charset: None,
        extraction: None,
        outcome: Outcome::Unchanged,
    };
    let receipt = archive.commit(unchanged).await.unwrap();
    assert_eq!((receipt.novelty, receipt.article), (Some(Novelty::NotModified), ArticleChange::Same));
    let prior = archive.history().unwrap().prior(&url("/info/1/2.htm")).unwrap().unwrap();
    assert_eq!(prior.captured_at, at(1), "a revisit refers to the response, not to another revisit");
    assert_eq!(prior.etag.as_deref(), Some("\"5\""), "but the newest validator is asked with");
    archive.close().await.unwrap();
}

#[tokio::test]
async fn the_second_run_is_told_who_holds_the_archive() {
    let dir = tempfile::tempdir().unwrap();
    let (archive, _) = open(dir.path());
    match Archive::open(options(dir.path()), &|_: &FetchRequest, capture: &Capture| read(capture)) {
        Err(Error::Locked { holder }) => {
            assert_eq!(holder.pid, Some(std::process::id()));
            assert!(holder.since.is_some());
        }
        other => panic!("{other:?}"),
    }
    archive.close().await.unwrap();
    open(dir.path()).0.close().await.unwrap();
}

#[test]
fn what_cannot_be_an_archive_is_said_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    let link = dir.path().join("link");
    std::os::unix::fs::symlink(dir.path(), &link).unwrap();
    let planted = dir.path().join("planted");
    fs::create_dir(&planted).unwrap();
    std::os::unix::fs::symlink(&file, planted.join("shiguan.db")).unwrap();
    for (path, want) in [
        (file.clone(), Unusable::NotAFolder),
        (file.join("below"), Unusable::NotAFolder),
        (link, Unusable::SymbolicLink),
        (planted, Unusable::SymbolicLink),
    ] {
        match Archive::open(options(&path), &|_: &FetchRequest, capture: &Capture| read(capture)) {
            Err(Error::Unusable { why, .. }) => assert_eq!(why, want, "{}", path.display()),
            other => panic!("{}: {other:?}", path.display()),
        }
    }
    assert_eq!(fs::read(&file).unwrap(), b"", "nothing was written through the link");
}

#[tokio::test]
async fn a_newer_archive_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    open(dir.path()).0.close().await.unwrap();
    let connection = crate::support::dump::by_hand(dir.path());
    connection.execute_batch("PRAGMA user_version = 99").unwrap();
    drop(connection);
    let error = Archive::open(options(dir.path()), &|_: &FetchRequest, capture: &Capture| read(capture)).unwrap_err();
    assert!(error.to_string().contains("version 99 is newer"), "{error}");
}

/// An archive whose last two visits reached the WARC file but not the index: the database is the one from before.
async fn killed_before_the_index(dir: &Path) -> PathBuf {
    let (archive, _) = open(&dir.join("live"));
    begin(&archive).await;
    archive.commit(visit("/info/1/1.htm", 1, "一\n甲。")).await.unwrap();
    let killed = dir.join("killed");
    copy_dir(&dir.join("live"), &killed);
    archive.commit(visit("/info/1/2.htm", 2, "二\n乙。")).await.unwrap();
    archive.commit(visit("/info/9/2.htm", 3, "二\n乙。")).await.unwrap();
    let warc = warc_files(&dir.join("live")).remove(0);
    fs::copy(&warc, killed.join(warc.strip_prefix(dir.join("live")).unwrap())).unwrap();
    archive.close().await.unwrap();
    killed
}

#[tokio::test]
async fn members_the_index_missed_are_taken_in_once() {
    let dir = tempfile::tempdir().unwrap();
    let killed = killed_before_the_index(dir.path()).await;
    let (archive, recovery) = open(&killed);
    assert_eq!(recovery, Recovery { indexed: 2, quarantined: Vec::new() });
    let history = archive.history().unwrap();
    let urls = [url("/info/1/1.htm"), url("/info/1/2.htm"), url("/info/9/2.htm")];
    let held = [1, 2, 3].map(|second| Known::Held(Outcome::Ok, at(second)));
    assert_eq!(history.known(&urls).unwrap(), held);
    archive.close().await.unwrap();
    let (archive, recovery) = open(&killed);
    assert_eq!(recovery, Recovery::default(), "nothing is taken in twice");
    archive.close().await.unwrap();
    let connection = rusqlite::Connection::open(killed.join("shiguan.db")).unwrap();
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM captures"), 3);
    assert_eq!(count("SELECT count(*) FROM articles"), 3, "recovered pages have their records");
    assert_eq!(count("SELECT count(*) FROM captures WHERE warc_type = 'revisit'"), 1);
}

#[tokio::test]
async fn a_listing_walk_is_resumed_from_its_pages() {
    let dir = tempfile::tempdir().unwrap();
    let (archive, _) = open(dir.path());
    let run = begin(&archive).await;
    let walk = archive.begin_walk(run, "yllg", &url("/xwzx.htm")).await.unwrap();
    assert!(!walk.resumed && !walk.history_complete);
    let items = vec![
        ListingItem { url: Some(url("/info/1/2.htm")), title: "开班".to_owned(), date: Date::new(2026, 11, 20) },
        ListingItem { url: None, title: "无链接".to_owned(), date: None },
        ListingItem { url: Some(url("/info/1/3.htm")), title: "结业".to_owned(), date: None },
    ];
    let listing = Listing {
        url: Some(url("/xwzx.htm")),
        site: Some("yllg".to_owned()),
        family: "vsb".to_owned(),
        items,
        next: Some(url("/xwzx/1.htm")),
        warnings: Vec::new(),
        extractor: "shiguan 0".to_owned(),
        selectors: "vsb@2018".to_owned(),
    };
    let mut page = visit("/xwzx.htm", 1, "<html>");
    page.request.purpose = Purpose::Listing;
    page.request.walk = Some(walk.id);
    page.extraction =
        Some(Extraction { record: Record::Listing(listing.clone()), article_id: None, outlinks: Vec::new() });
    archive.commit(page).await.unwrap();
    archive.commit(visit("/info/1/2.htm", 2, "开班\n学思想。")).await.unwrap();
    archive.close().await.unwrap();

    let (archive, _) = open(dir.path());
    let run = begin(&archive).await;
    let resumed = archive.begin_walk(run, "yllg", &url("/xwzx.htm")).await.unwrap();
    assert!(resumed.resumed && resumed.id == walk.id);
    assert_eq!(resumed.pages.len(), 1);
    assert_eq!(resumed.pages[0].listing, listing);
    let history = archive.history().unwrap();
    assert_eq!(history.listing(&url("/xwzx.htm")).unwrap(), Some(listing));
    let pending = history.pending("yllg").unwrap();
    assert_eq!(pending.len(), 1);
    assert_eq!(pending[0].item.url, Some(url("/info/1/3.htm")));
    archive.end_walk(walk.id, WalkEnd::ReachedEnd).await.unwrap();
    assert!(archive.begin_walk(run, "yllg", &url("/xwzx.htm")).await.unwrap().history_complete);
    archive.close().await.unwrap();
}

#[tokio::test]
async fn failures_are_tried_again_and_redirects_lead_on() {
    let dir = tempfile::tempdir().unwrap();
    let (archive, _) = open(dir.path());
    begin(&archive).await;
    let failed = Visit {
        request: request("/a.htm", Purpose::Article),
        result: Err(FetchFailure { at: at(1), kind: FailureKind::Timeout, detail: "slow\0".to_owned(), retry: true }),
        charset: None,
        extraction: None,
        outcome: Outcome::Unreachable,
    };
    archive.commit(failed).await.unwrap();
    let mut moved = visit("/b.htm", 2, "");
    moved.outcome = Outcome::Redirect;
    if let Ok(capture) = &mut moved.result {
        capture.status = 302;
        capture.response.fields.push(("location".to_owned(), b"/c.htm".to_vec()));
    }
    archive.commit(moved).await.unwrap();
    let history = archive.history().unwrap();
    let known = history.known(&[url("/a.htm"), url("/b.htm")]).unwrap();
    assert_eq!(known, [Known::Retry(Outcome::Unreachable), Known::Moved(url("/c.htm"))]);
    assert_eq!(history.redirect_target(&url("/b.htm")).unwrap(), Some(url("/c.htm")));
    archive.commit(visit("/c.htm", 3, "题\n文")).await.unwrap();
    assert_eq!(history.known(&[url("/b.htm")]).unwrap(), [Known::Held(Outcome::Ok, at(3))]);
    archive.close().await.unwrap();
}

#[tokio::test]
async fn robots_are_remembered_with_their_payload() {
    let dir = tempfile::tempdir().unwrap();
    let (archive, _) = open(dir.path());
    begin(&archive).await;
    let mut robots = visit("/robots.txt", 1, "User-agent: *");
    robots.request.purpose = Purpose::Robots;
    robots.extraction = None;
    archive.commit(robots).await.unwrap();
    let cached = archive.history().unwrap().robots("news.yllg.example").unwrap().unwrap();
    assert_eq!((cached.status, &cached.payload[..], cached.at), (Some(200), &b"User-agent: *"[..], at(1)));
    assert_eq!(archive.history().unwrap().robots("other.example").unwrap(), None);
    archive.close().await.unwrap();
}

#[tokio::test]
async fn a_floor_above_what_is_free_stops_before_anything_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let floor = Options { free_space_floor: Some(u64::MAX), ..Options::new(dir.path()) };
    let (archive, _) = Archive::open(floor, &|_: &FetchRequest, capture: &Capture| read(capture)).unwrap();
    begin(&archive).await;
    let error = archive.commit(visit("/info/1/2.htm", 1, "题\n文")).await.unwrap_err();
    assert!(error.is_no_space(), "{error}");
    archive.close().await.unwrap();
    assert_eq!(fs::read_dir(dir.path().join("warc")).unwrap().count(), 0);
}

#[tokio::test]
async fn a_file_that_is_long_enough_is_finished_and_another_begun() {
    let dir = tempfile::tempdir().unwrap();
    let rolling = Options { roll_at_bytes: 1, ..options(dir.path()) };
    let (archive, _) = Archive::open(rolling, &|_: &FetchRequest, capture: &Capture| read(capture)).unwrap();
    begin(&archive).await;
    for n in 0..3 {
        archive.commit(visit(&format!("/info/1/{n}.htm"), n, &format!("题{n}\n文"))).await.unwrap();
    }
    archive.close().await.unwrap();
    let files = warc_files(dir.path());
    assert_eq!(files.len(), 3);
    for (n, file) in files.iter().enumerate() {
        assert!(file.to_str().unwrap().contains(&format!("-{:05}-", n + 1)), "{}", file.display());
        let begun: &[&str] = if n == 0 { &["warcinfo", "metadata"] } else { &["warcinfo"] };
        assert_eq!(types_of(file), [begun, &["response", "request"]].concat(), "a run begins in its first file");
    }
}

#[tokio::test]
async fn a_torn_file_is_put_right_at_every_cut() {
    let dir = tempfile::tempdir().unwrap();
    let killed = killed_before_the_index(dir.path()).await;
    let warc = warc_files(&killed).remove(0);
    let whole = fs::read(&warc).unwrap();
    let reader = Reader::new(std::io::Cursor::new(&whole)).unwrap();
    let places: Vec<(u64, String)> = reader
        .map(|found| {
            let found = found.unwrap();
            (found.offset + found.length.unwrap(), found.record.fields.get("WARC-Type").unwrap().to_owned())
        })
        .collect();
    let indexed_to = usize::try_from(places[3].0).unwrap();
    let ends = places.iter().filter_map(|(end, _)| usize::try_from(*end).ok()).filter(|end| *end >= indexed_to);
    let beside = ends.flat_map(|end| [end, end + 1]).filter(|cut| *cut <= whole.len());
    for cut in (indexed_to..whole.len()).step_by(67).chain(beside) {
        let copy = dir.path().join(format!("cut{cut}"));
        copy_dir(&killed, &copy);
        let file = copy.join(warc.strip_prefix(&killed).unwrap());
        fs::write(&file, &whole[..cut]).unwrap();
        let (archive, recovery) = open(&copy);
        archive.close().await.unwrap();
        let held = places[4..].iter().filter(|(end, kind)| *end <= cut as u64 && kind != "request").count();
        let torn = !places.iter().any(|(end, _)| *end == cut as u64);
        assert_eq!((recovery.indexed, recovery.quarantined.len()), (held, usize::from(torn)), "cut at {cut}");
        let report = verify(&copy, true, &mut |_| {}).unwrap();
        assert!(report.is_ok() && report.files == 1, "cut at {cut}: {:?}", report.problems);
        let last = places.iter().map(|(end, _)| *end).filter(|end| *end <= cut as u64).max().unwrap();
        assert_eq!(fs::metadata(warc_files(&copy).remove(0)).unwrap().len(), last, "cut at {cut}");
        if torn {
            assert_eq!(fs::read(&recovery.quarantined[0]).unwrap(), &whole[usize::try_from(last).unwrap()..cut]);
        }
        fs::remove_dir_all(&copy).unwrap();
    }
}

#[tokio::test]
async fn a_file_torn_before_its_first_commit_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    open(dir.path()).0.close().await.unwrap();
    fs::create_dir_all(dir.path().join("warc/2026")).unwrap();
    fs::write(dir.path().join("warc/2026/shiguan-20261122090000-00001-x.warc.gz.open"), b"\x1f\x8b\x08").unwrap();
    let (archive, recovery) = open(dir.path());
    assert_eq!((recovery.indexed, recovery.quarantined.len()), (0, 1));
    assert_eq!(warc_files(dir.path()), Vec::<PathBuf>::new());
    archive.close().await.unwrap();
}

#[tokio::test]
async fn every_flipped_byte_is_found_and_named() {
    let dir = tempfile::tempdir().unwrap();
    let (archive, _) = open(dir.path());
    begin(&archive).await;
    for n in 1..=3 {
        archive.commit(visit(&format!("/info/1/{n}.htm"), n, &format!("题{n}\n文{n}"))).await.unwrap();
    }
    archive.close().await.unwrap();
    let file = warc_files(dir.path()).remove(0);
    let whole = fs::read(&file).unwrap();
    let sound = verify(dir.path(), true, &mut |_| {}).unwrap();
    assert!(sound.is_ok(), "{:?}", sound.problems);
    assert_eq!((sound.records, sound.captures, sound.bytes), (8, 3, whole.len() as u64));
    let first_answer = verify_offsets(&whole)[2];
    for at in (0..whole.len()).step_by(97) {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        fs::write(&file, &damaged).unwrap();
        let mut told = 0;
        let report = verify(dir.path(), false, &mut |_| told += 1).unwrap();
        assert_eq!((report.problems.len(), told), (1, 1), "byte {at}");
        let problem = &report.problems[0];
        assert!(file.ends_with(&problem.file));
        let begin = verify_offsets(&whole).into_iter().rfind(|begin| *begin <= at as u64);
        assert_eq!(problem.offset, begin, "byte {at}");
        assert_eq!(problem.url.is_some(), at as u64 >= first_answer, "every answer and request has its URL");
    }
}

fn verify_offsets(file: &[u8]) -> Vec<u64> {
    Reader::new(std::io::Cursor::new(file)).unwrap().map(|found| found.unwrap().offset).collect()
}

#[tokio::test]
async fn missing_longer_shorter_and_unknown_files_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let (archive, _) = open(dir.path());
    begin(&archive).await;
    archive.commit(visit("/info/1/1.htm", 1, "题\n文")).await.unwrap();
    archive.close().await.unwrap();
    let file = warc_files(dir.path()).remove(0);
    let whole = fs::read(&file).unwrap();
    let told = |what: &str| {
        let report = verify(dir.path(), false, &mut |_| {}).unwrap();
        assert_eq!(report.problems.len(), 1, "{what}: {:?}", report.problems);
        assert!(report.problems[0].what.contains(what), "{:?}", report.problems);
    };
    fs::write(&file, &whole[..whole.len() - 1]).unwrap();
    told("ends before");
    fs::write(&file, [&whole[..], b"x"].concat()).unwrap();
    told("1 bytes the index does not know");
    fs::remove_file(&file).unwrap();
    told("cannot be read");
    fs::write(&file, &whole).unwrap();
    fs::write(file.with_file_name("stranger.warc.gz"), &whole).unwrap();
    told("does not know this file");
    fs::remove_file(file.with_file_name("stranger.warc.gz")).unwrap();
    let connection = crate::support::dump::by_hand(dir.path());
    connection.execute_batch("UPDATE captures SET url = 'http://elsewhere.example/'").unwrap();
    let report = verify(dir.path(), true, &mut |_| {}).unwrap();
    assert!(report.problems[0].what.contains("differ in the URL"), "{:?}", report.problems);
}

#[tokio::test]
async fn a_reader_that_stays_ends_a_run_before_the_log_fills_the_disk() {
    const MOST: u64 = 1 << 20;
    let dir = tempfile::tempdir().unwrap();
    let open = || {
        let limited = Options { log_most_bytes: MOST, ..options(dir.path()) };
        Archive::open(limited, &|_: &FetchRequest, capture: &Capture| read(capture)).unwrap().0
    };
    let long = |n: u32| visit(&format!("/info/1/{n}.htm"), n, &format!("题{n}\n{}", format!("第{n}段。").repeat(4000)));
    let archive = open();
    begin(&archive).await;
    for n in 0..60 {
        archive.commit(long(n)).await.unwrap();
    }
    let wal = dir.path().join("shiguan.db-wal");
    assert!(fs::metadata(&wal).unwrap().len() < 2 * MOST, "where nobody reads the wal is cut");

    let reader = rusqlite::Connection::open(dir.path().join("shiguan.db")).unwrap();
    reader.execute_batch("BEGIN").unwrap();
    let before: u32 = reader.query_row("SELECT count(*) FROM articles", [], |row| row.get(0)).unwrap();
    let (mut held, mut ended) = (60, None);
    while ended.is_none() && held < 200 {
        match archive.commit(long(held)).await {
            Ok(_) => held += 1,
            Err(error) => ended = Some(error.to_string()),
        }
    }
    assert!(ended.unwrap().contains("another program keeps reading"), "{held} were held");
    assert!(before == 60 && held > before && fs::metadata(&wal).unwrap().len() < 2 * MOST);
    drop(reader);
    archive.commit(long(held)).await.unwrap();
    archive.close().await.unwrap();
    let report = verify(dir.path(), true, &mut |_| {}).unwrap();
    assert!(report.is_ok() && report.captures == u64::from(held) + 1, "{report:?}");
}

#[tokio::test]
async fn visits_are_gathered_until_enough_came_or_somebody_waits_or_time_is_up() {
    let (dir, page) = (tempfile::tempdir().unwrap(), |n: u32| visit(&format!("/info/1/{n}.htm"), n, "题\n文"));
    let open = |gather| {
        let gathering = Options { gather, ..options(dir.path()) };
        Archive::open(gathering, &|_: &FetchRequest, capture: &Capture| read(capture)).unwrap().0
    };
    assert_eq!(open(Duration::ZERO).gathered(), 0);

    // So long that none of what follows could have waited for it.
    let archive = open(Duration::from_hours(1));
    begin(&archive).await;
    let enough = futures_util::future::join_all((0..16).map(|n| archive.commit(page(n))));
    let minute = Duration::from_mins(1);
    assert!(tokio::time::timeout(minute, enough).await.expect("sixteen are enough").iter().all(Result::is_ok));

    let (one, other) = (archive.clone(), archive.clone());
    let waits = async move { one.commit(page(16)).await };
    let asks = async move {
        tokio::time::sleep(Duration::from_millis(50)).await;
        other.close().await
    };
    let (gathered, closed) = tokio::time::timeout(minute, futures_util::future::join(waits, asks))
        .await
        .expect("who asks for something else does not wait");
    assert!(gathered.is_ok() && closed.is_ok());

    let archive = open(Duration::from_millis(200));
    begin(&archive).await;
    let begun = tokio::time::Instant::now();
    archive.commit(page(17)).await.unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(200), "others may come");
    archive.close().await.unwrap();
    let report = verify(dir.path(), true, &mut |_| {}).unwrap();
    assert!(report.is_ok() && report.captures == 18, "{report:?}");
}
