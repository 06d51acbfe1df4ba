//! The four properties: a sound archive raises no alarm, and each check finds the fault that is its own.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use shiguan::archive::{Report, appraise, record_event, verify};
use shiguan::domain::appraisal::{Check, Stage, Verdict};
use shiguan::domain::event::Event;
use shiguan::domain::held::Filter;
use shiguan::domain::time::Date;

use crate::archive::{at, open, url, warc_files};
use crate::package::small;
use crate::support::dump::by_hand;
use crate::support::program::run;

async fn sound(dir: &Path) {
    small(dir).await;
    let (archive, _) = open(dir);
    archive.skip_media("other-host", vec![url("/1.jpg")]).await.unwrap();
    archive.close().await.unwrap();
    for object in ["archive", "a.wacz", "archive"] {
        let event = Event {
            kind: Event::FIXITY_CHECK.to_owned(),
            at: at(700),
            outcome: "success".to_owned(),
            agent: "shiguan/0.1.0".to_owned(),
            object: object.to_owned(),
            detail: "{}".to_owned(),
        };
        record_event(dir, &event).unwrap();
    }
}

fn check(dir: &Path, filter: &Filter, stage: Stage) -> (Report, Vec<Check>) {
    let fixity = verify(dir, true, &mut |_| {}).unwrap();
    let checks = appraise(dir, filter, stage, &fixity, true).unwrap();
    (fixity, checks)
}

fn failed(checks: &[Check]) -> Vec<&'static str> {
    checks.iter().filter(|check| check.result == Verdict::Fail).map(|check| check.id).collect()
}

fn sql(dir: &Path, text: &str) {
    let connection = by_hand(dir);
    connection.execute_batch(&format!("PRAGMA foreign_keys = OFF; {text}")).unwrap();
}

#[tokio::test]
async fn a_sound_archive_raises_no_alarm_at_any_stage() {
    let dir = tempfile::tempdir().unwrap();
    sound(dir.path()).await;
    for own in ["takedown.toml", "works.toml"] {
        fs::write(dir.path().join(own), "").unwrap();
    }
    for stage in Stage::ALL {
        let (fixity, checks) = check(dir.path(), &Filter::default(), stage);
        assert!(fixity.is_ok(), "{:?}", fixity.problems);
        assert_eq!(failed(&checks), Vec::<&str>::new(), "{stage}: {checks:#?}");
        assert!(checks.iter().all(|check| !check.evidence.is_empty()), "each result has its evidence");
        let passed = checks.iter().filter(|check| check.result == Verdict::Pass).count();
        assert!(passed >= 18, "{stage}: {passed} passed");
    }
}

/// Puts garbage into an answer's member and makes the index promise just that: only unpacking finds it.
fn forge(dir: &Path) {
    use sha2::Digest as _;
    let connection = by_hand(dir);
    let (offset, length): (u32, u32) = connection
        .query_row("SELECT offset, length FROM members WHERE kind = 'response' LIMIT 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    let warc = warc_files(dir).remove(0);
    let mut bytes = fs::read(&warc).unwrap();
    let member = &mut bytes[offset as usize..(offset + length) as usize];
    member.fill(b'x');
    let sha256 = sha2::Sha256::digest(&*member).to_vec();
    connection.execute("UPDATE members SET sha256 = ?1 WHERE offset = ?2", rusqlite::params![sha256, offset]).unwrap();
    fs::write(&warc, bytes).unwrap();
}

type Plant = fn(&Path);

/// One fault a check, each in an archive that is sound otherwise.
const FAULTS: &[(&str, Plant)] = &[
    ("digests", |dir| {
        let warc = warc_files(dir).remove(0);
        let mut bytes = fs::read(&warc).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&warc, bytes).unwrap();
    }),
    ("links", |dir| sql(dir, "UPDATE captures SET original_id = NULL WHERE warc_type = 'revisit'")),
    ("forms", |dir| sql(dir, "UPDATE captures SET status = 9999 WHERE id = 4")),
    ("copies", |dir| sql(dir, "UPDATE articles SET title = '另一个题名' WHERE id = 1")),
    ("origins", |dir| sql(dir, "UPDATE captures SET site = '' WHERE id = 4")),
    ("log", |dir| sql(dir, "DELETE FROM events WHERE id = 2")),
    ("log", |dir| sql(dir, "UPDATE events SET outcome = 'failure' WHERE id = 1")),
    ("amounts", |dir| fs::remove_file(warc_files(dir).remove(0)).unwrap()),
    ("elements", |dir| {
        sql(
            dir,
            "UPDATE articles SET title = NULL WHERE id = 1; \
            UPDATE article_versions SET record = json_set(record, '$.title', NULL, '$.warnings', json('[]'))",
        );
    }),
    ("ordinals", |dir| sql(dir, "UPDATE article_versions SET ordinal = 7 WHERE ordinal = 2")),
    ("contents", |dir| sql(dir, "UPDATE images SET payload_digest = 'sha1:A' WHERE article_id = 1")),
    ("contents", |dir| sql(dir, "UPDATE images SET payload_digest = NULL, outcome = NULL WHERE article_id = 1")),
    ("database", |dir| {
        sql(dir, "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'captures_url'");
    }),
    ("records", forge),
    ("texts", |dir| {
        sql(dir, "UPDATE article_versions SET record = json_set(record, '$.body', 'a' || char(65533))");
    }),
    ("formats", |dir| sql(dir, "UPDATE captures SET media_type = 'application/x-msdownload' WHERE id = 4")),
    ("codings", |dir| sql(dir, "UPDATE captures SET content_encoding = 'x-secret' WHERE id = 4")),
    ("software", |dir| sql(dir, "UPDATE runs SET program = ''")),
    ("foreign-files", |dir| fs::write(dir.join("setup.exe"), "MZ").unwrap()),
    ("foreign-files", |dir| fs::write(warc_files(dir)[0].with_file_name("setup.exe"), "MZ").unwrap()),
    ("permissions", |dir| {
        fs::set_permissions(dir.join("shiguan.db"), fs::Permissions::from_mode(0o666)).unwrap();
    }),
    ("credentials", |dir| sql(dir, "UPDATE captures SET url = 'http://u:p@news.yllg.example/' WHERE id = 1")),
    ("credentials", |dir| sql(dir, "UPDATE runs SET command = 'shiguan crawl --seed http://u:geheim@a.example/'")),
];

#[tokio::test]
async fn each_check_finds_the_fault_that_is_its_own() {
    for (id, plant) in FAULTS {
        let dir = tempfile::tempdir().unwrap();
        sound(dir.path()).await;
        plant(dir.path());
        let (_, checks) = check(dir.path(), &Filter::default(), Stage::Keeping);
        let found = checks.iter().find(|check| check.id == *id).unwrap();
        assert_eq!(found.result, Verdict::Fail, "{id}: {:?}", failed(&checks));
        assert!(!found.examples.is_empty(), "{id}: what is wrong is named");
    }
}

/// The demo offers one attachment behind a captcha: asked for, refused, and on record. Whoever receives the records is told its address.
#[test]
fn what_a_record_lacks_is_named_and_fails_where_nobody_asked_for_it() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(run(dir.path(), &["demo", "-q"]).code, 0);
    let verify = || run(dir.path(), &["verify", "--stage", "移交", "--report", "r.json", "--archive", "archive/demo"]);
    let ran = verify();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    let lines: Vec<&str> = ran.stdout.lines().skip(2).collect();
    assert!(
        lines[0].starts_with("完整性 contents: 28 of 29 images and attachments held; 1 not held"),
        "{}",
        ran.stdout
    );
    let address = "/system/_content/download.jsp?urltype=news.DownloadAttachUrl";
    assert!(lines[1].contains(address) && lines[1].ends_with(": captcha") && lines.len() == 2, "{}", ran.stdout);
    let contents = || {
        let report: serde_json::Value = serde_json::from_slice(&fs::read(dir.path().join("r.json")).unwrap()).unwrap();
        report["checks"].as_array().unwrap().iter().find(|check| check["id"] == "contents").unwrap().clone()
    };
    assert_eq!((&contents()["result"], contents()["examples"].as_array().unwrap().len()), (&"pass".into(), 1));
    // Whoever receives the bag has the same list beside each record.
    assert_eq!(run(dir.path(), &["package", "--format", "bagit", "-o", "bag", "--archive", "archive/demo"]).code, 0);
    let metadata = fs::read_to_string(dir.path().join("bag/data/metadata/metadata.csv")).unwrap();
    let said: Vec<&str> = metadata.split("缺图片或附件 ").skip(1).collect();
    assert!(said.len() == 1 && said[0].starts_with("1 件：http://news.yunling.example"), "{said:?}");
    assert!(said[0].split(',').next().unwrap().ends_with("（captcha）"), "{said:?}");
    sql(&dir.path().join("archive/demo"), "UPDATE attachments SET outcome = NULL WHERE outcome = 'captcha'");
    let ran = verify();
    assert_eq!(ran.code, 4, "{}", ran.stdout);
    assert!(ran.stderr.contains(address) && ran.stderr.contains(" was never asked for\n"), "{}", ran.stderr);
    assert_eq!(contents()["result"], "fail");
}

#[tokio::test]
async fn a_selection_is_checked_alone() {
    let dir = tempfile::tempdir().unwrap();
    sound(dir.path()).await;
    sql(dir.path(), "UPDATE articles SET title = '另一个题名' WHERE url LIKE '%/info/9/3.htm'");
    let of = |since, until| Filter { since: Date::parse(since), until: Date::parse(until), ..Filter::default() };
    let (_, checks) = check(dir.path(), &of("2026-01-01", "2026-12-31"), Stage::Keeping);
    assert_eq!(failed(&checks), Vec::<&str>::new());
    let (_, checks) = check(dir.path(), &of("2021-01-01", "2021-12-31"), Stage::Keeping);
    assert_eq!(failed(&checks), ["copies"]);
}

#[tokio::test]
async fn the_command_reports_and_notes_its_checks() {
    let dir = tempfile::tempdir().unwrap();
    sound(&dir.path().join("archive")).await;
    let ran = run(dir.path(), &["verify", "--full", "--stage", "移交", "--report", "r.html"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(
        ran.stdout.starts_with("all as it was (checked ") && ran.stdout.contains("四性 (移交): "),
        "{}",
        ran.stdout
    );
    let page = fs::read_to_string(dir.path().join("r.html")).unwrap();
    for words in ["真实性", "完整性", "可用性", "安全性", "<code>digests</code>", "事件编号 / event</th><td>4<"]
    {
        assert!(page.contains(words), "{words}");
    }
    assert_eq!(run(dir.path(), &["verify"]).code, 0);
    sql(&dir.path().join("archive"), "UPDATE articles SET title = '另一个题名' WHERE id = 1");
    let ran = run(dir.path(), &["verify", "--stage", "保存", "--report", "r.json"]);
    assert_eq!(ran.code, 4, "bytes are sound, a record is not");
    assert!(ran.stderr.contains("failed: 真实性 copies"), "{}", ran.stderr);
    let report: serde_json::Value = serde_json::from_slice(&fs::read(dir.path().join("r.json")).unwrap()).unwrap();
    assert_eq!((&report["stage"], &report["event"]), (&"保存".into(), &6.into()), "every run is an event");
    let copies = report["checks"].as_array().unwrap().iter().find(|check| check["id"] == "copies").unwrap();
    assert_eq!((&copies["result"], &copies["property"]), (&"fail".into(), &"真实性".into()));
    let events = shiguan::store::Reader::open(&dir.path().join("archive")).unwrap().events().unwrap();
    let outcomes: Vec<&str> = events.iter().skip(3).map(|held| held.event.outcome.as_str()).collect();
    assert_eq!(outcomes, ["success", "success", "failure"]);
    assert_eq!(run(dir.path(), &["verify", "--report", "r.txt"]).code, 2);
    assert_eq!(run(dir.path(), &["verify", "--stage", "昨天"]).code, 2);
}
