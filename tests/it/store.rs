//! The index as exports and `status` read it.

use shiguan::domain::capture::{FailureKind, FetchFailure};
use shiguan::domain::held::Filter;
use shiguan::domain::request::Purpose;
use shiguan::domain::time::Date;
use shiguan::domain::visit::{Outcome, Visit};
use shiguan::store::{Error, Reader, SiteStatus};

use crate::archive::{answer, at, begin, open, request, url, visit};
use crate::support::generated;

/// Two articles, one reposted and later gone, and a failure.
async fn archive(dir: &std::path::Path) {
    let (archive, _) = open(dir);
    begin(&archive).await;
    archive.commit(visit("/info/1/1.htm", 1, "开班\n学思想。")).await.unwrap();
    archive.commit(visit("/info/9/1.htm", 2, "开班\n学思想。")).await.unwrap();
    archive.commit(visit("/info/1/1.htm", 3, "开班\n学思想、强党性。")).await.unwrap();
    begin(&archive).await;
    let missing = Visit {
        request: request("/info/1/1.htm", Purpose::Article),
        result: Ok(answer("/info/1/1.htm", 61, 404, "no such page")),
        charset: None,
        extraction: None,
        outcome: Outcome::NotFound,
    };
    archive.commit(missing).await.unwrap();
    let failed = Visit {
        request: request("/info/1/7.htm", Purpose::Article),
        result: Err(FetchFailure {
            at: at(62),
            kind: FailureKind::Dns,
            detail: "no such name".to_owned(),
            retry: true,
        }),
        charset: None,
        extraction: None,
        outcome: Outcome::Unreachable,
    };
    archive.commit(failed).await.unwrap();
    archive.commit(visit("/info/1/8.htm", 63, "结业\n建新功。")).await.unwrap();
    archive.close().await.unwrap();
}

#[tokio::test]
async fn articles_come_with_what_proves_them() {
    let dir = tempfile::tempdir().unwrap();
    archive(dir.path()).await;
    let reader = Reader::open(dir.path()).unwrap();
    let articles: Vec<_> = reader.articles(&Filter::default()).map(Result::unwrap).collect();
    let titles: Vec<_> = articles.iter().map(|held| held.record.title.as_deref().unwrap()).collect();
    assert_eq!(titles, ["开班", "开班", "结业"]);
    assert_eq!(articles[0].record.body, "学思想、强党性。");
    assert_eq!((articles[0].versions, articles[0].gone_at), (2, Some(at(61))));
    assert_eq!((articles[0].first_seen, articles[0].last_seen), (at(1), at(3)));
    assert_eq!((articles[1].versions, articles[1].gone_at), (1, None));
    assert_ne!(articles[0].work_id, articles[2].work_id);
    for held in &articles {
        let file = std::fs::File::open(dir.path().join(&held.warc_file)).unwrap();
        let mut file = std::io::BufReader::new(file);
        std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(held.warc_offset.try_into().unwrap())).unwrap();
        let record = shiguan::warc::Reader::new(file).unwrap().next().unwrap().unwrap().record;
        assert_eq!(record.fields.get("WARC-Payload-Digest"), Some(held.payload_digest.as_str()));
        assert_eq!(record.kind(), shiguan::warc::Kind::Response, "a revisit proves nothing by itself");
    }
}

#[tokio::test]
async fn filters_choose_rows() {
    let dir = tempfile::tempdir().unwrap();
    archive(dir.path()).await;
    let reader = Reader::open(dir.path()).unwrap();
    let day = |d| Date::new(2026, 11, d);
    let only = |change: &dyn Fn(&mut Filter)| {
        let mut filter = Filter::default();
        change(&mut filter);
        (
            reader.articles(&filter).map(Result::unwrap).count(),
            reader.reflections(&filter).map(Result::unwrap).count(),
            reader.captures(&filter).map(Result::unwrap).count(),
        )
    };
    assert_eq!(only(&|_| {}), (3, 3, 6));
    assert_eq!(only(&|f| f.sites = vec!["elsewhere".to_owned()]), (0, 0, 0));
    assert_eq!(only(&|f| f.sites = vec!["elsewhere".to_owned(), "yllg".to_owned()]), (3, 3, 6));
    assert_eq!(only(&|f| f.since = day(20)), (3, 3, 6));
    assert_eq!(only(&|f| f.since = day(21)), (0, 0, 6));
    assert_eq!(only(&|f| f.until = day(20)), (3, 3, 0));
    assert_eq!(only(&|f| f.until = day(19)), (0, 0, 0));
    // One of the captures is of no article.
    assert_eq!(only(&|f| f.topics = vec!["2023主题教育".to_owned()]), (3, 3, 5));
    assert_eq!(only(&|f| f.topics = vec!["2021党史".to_owned()]), (0, 0, 0));
    assert_eq!(only(&|f| f.person = Some("阿依古丽·买买提".to_owned())), (3, 3, 5));
    assert_eq!(only(&|f| f.person = Some("阿依古丽".to_owned())), (0, 0, 0));
    assert_eq!(only(&|f| f.unit = Some("测绘".to_owned())), (3, 3, 5));
    assert_eq!(only(&|f| f.unit = Some("地学".to_owned())), (0, 0, 0));
}

#[tokio::test]
async fn a_reflection_carries_its_article() {
    let dir = tempfile::tempdir().unwrap();
    archive(dir.path()).await;
    let reader = Reader::open(dir.path()).unwrap();
    let held = reader.reflections(&Filter::default()).next().unwrap().unwrap();
    assert_eq!(held.reflection.people, ["阿依古丽·买买提"]);
    assert_eq!(held.reflection.facets.year.as_deref(), Some("2022"));
    assert_eq!((held.reflection.start, held.reflection.end), (0, 8));
    assert_eq!(held.title.as_deref(), Some("开班"));
    assert_eq!(held.topics, ["2023主题教育"]);
    assert_eq!(held.published_at.unwrap().to_string(), "2026-11-20T23:30:00+08:00");
}

#[tokio::test]
async fn captures_are_listed_in_order_failures_included() {
    let dir = tempfile::tempdir().unwrap();
    archive(dir.path()).await;
    let reader = Reader::open(dir.path()).unwrap();
    let captures: Vec<_> = reader.captures(&Filter::default()).map(Result::unwrap).collect();
    let seen: Vec<_> = captures.iter().map(|c| (c.outcome.as_str(), c.warc_type.as_deref(), c.run_id)).collect();
    assert_eq!(
        seen,
        [
            ("ok", Some("response"), 1),
            ("ok", Some("revisit"), 1),
            ("ok", Some("response"), 1),
            ("not-found", Some("response"), 2),
            ("unreachable", None, 2),
            ("ok", Some("response"), 2),
        ]
    );
    assert_eq!(captures[0].media_type.as_deref(), Some("text/html"));
    assert_eq!(captures[0].via.as_deref(), Some(url("/xwzx.htm").as_str()));
    assert!(captures[0].warc_length.unwrap() > 0);
    assert_eq!(captures[4].warc_file, None);
}

#[tokio::test]
async fn status_tells_of_the_last_run() {
    let dir = tempfile::tempdir().unwrap();
    archive(dir.path()).await;
    let reader = Reader::open(dir.path()).unwrap();
    let want = SiteStatus {
        site: "yllg".to_owned(),
        last_run: Some(at(0).to_micros_string()),
        new: 1,
        changed: 0,
        gone: 1,
        failed: 1,
        articles: 3,
        verdict: None,
        why: None,
    };
    assert_eq!(reader.status().unwrap(), [want]);
    let totals = reader.totals().unwrap();
    assert_eq!((totals.runs, totals.captures, totals.articles, totals.reflections), (2, 6, 3, 3));
    let file = crate::archive::warc_files(dir.path()).remove(0);
    assert_eq!(totals.warc_bytes, i64::try_from(std::fs::metadata(file).unwrap().len()).unwrap());
}

#[tokio::test]
async fn a_reader_sees_one_moment() {
    let dir = tempfile::tempdir().unwrap();
    let (archive, _) = open(dir.path());
    begin(&archive).await;
    archive.commit(visit("/info/1/1.htm", 1, "开班\n学思想。")).await.unwrap();
    let reader = Reader::open(dir.path()).unwrap();
    archive.commit(visit("/info/1/2.htm", 2, "结业\n建新功。")).await.unwrap();
    assert_eq!(reader.articles(&Filter::default()).count(), 1);
    assert_eq!(Reader::open(dir.path()).unwrap().articles(&Filter::default()).count(), 2);
    archive.close().await.unwrap();
}

#[tokio::test]
async fn long_tables_are_read_to_their_end() {
    let dir = tempfile::tempdir().unwrap();
    let (archive, _) = open(dir.path());
    begin(&archive).await;
    let visits = (0..600).map(|n| archive.commit(visit(&format!("/info/1/{n}.htm"), n % 60, &format!("题{n}\n文{n}"))));
    for receipt in futures_util::future::join_all(visits).await {
        receipt.unwrap();
    }
    let reader = Reader::open(dir.path()).unwrap();
    assert_eq!(reader.captures(&Filter::default()).map(Result::unwrap).count(), 600);
    let reflections: Vec<_> = reader.reflections(&Filter::default()).map(|held| held.unwrap().article_id).collect();
    assert_eq!(reflections, (1..=600).collect::<Vec<_>>());
    archive.close().await.unwrap();
}

#[test]
fn no_archive_is_said_so() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(Reader::open(dir.path()), Err(Error::Missing { .. })));
}

#[test]
fn what_a_killed_writer_left_half_done_is_undone_by_whoever_reads() {
    let (made, killed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    generated::archive(made.path(), (0..50).map(generated::article)).unwrap();
    let titles = |dir: &std::path::Path| -> Vec<Option<String>> {
        let articles = Reader::open(dir).unwrap().articles(&Filter::default()).map(Result::unwrap).collect::<Vec<_>>();
        articles.into_iter().map(|held| held.record.title).collect()
    };
    let before = titles(made.path());
    std::fs::remove_file(made.path().join("shiguan.db.seal")).ok();
    let writer = rusqlite::Connection::open(made.path().join("shiguan.db")).unwrap();
    let journal: String = writer.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0)).unwrap();
    assert_eq!(journal, "delete", "an index as `reindex` makes it, before its first writer");
    // So little memory that pages are written before the transaction ends.
    writer.execute_batch("PRAGMA cache_size = 1; BEGIN; UPDATE article_versions SET record = '{}'").unwrap();
    for name in ["shiguan.db", "shiguan.db-journal"] {
        std::fs::copy(made.path().join(name), killed.path().join(name)).unwrap();
    }
    drop(writer);
    let read_only = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let stranger = rusqlite::Connection::open_with_flags(killed.path().join("shiguan.db"), read_only).unwrap();
    let refused = stranger.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0));
    assert!(refused.is_err(), "SQLite alone refuses to read it");
    drop(stranger);
    assert_eq!(titles(killed.path()), before);
    assert!(!killed.path().join("shiguan.db-journal").exists());
}
