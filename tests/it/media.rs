//! Files of articles in the index: what became of each is said in the rows of every article that names it.

use shiguan::domain::request::Purpose;
use shiguan::domain::visit::{Outcome, Visit};

use crate::archive::{answer, begin, open, request, visit};

/// The answer to a request for a file of an article.
fn file(path: &str, second: u32, status: u16, payload: &str, outcome: Outcome) -> Visit {
    let request = shiguan::domain::request::FetchRequest {
        via: Some(crate::archive::url("/info/1/1.htm")),
        ..request(path, Purpose::Image)
    };
    Visit { request, result: Ok(answer(path, second, status, payload)), charset: None, extraction: None, outcome }
}

/// Article, outcome, bytes and whether there is a digest, of every image row.
fn rows(dir: &std::path::Path) -> Vec<(i64, Option<String>, Option<i64>, bool)> {
    let index = rusqlite::Connection::open(dir.join("shiguan.db")).unwrap();
    let sql = "SELECT article_id, outcome, bytes, payload_digest IS NOT NULL FROM images ORDER BY article_id, ordinal";
    let mut statement = index.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

#[tokio::test]
async fn a_file_is_told_of_wherever_it_is_named_and_outlives_an_edit() {
    let dir = tempfile::tempdir().unwrap();
    let (archive, _) = open(dir.path());
    begin(&archive).await;
    archive.commit(visit("/info/1/1.htm", 1, "开班\n学思想。")).await.unwrap();
    assert_eq!(rows(dir.path()), [(1, None, None, false)], "not asked for yet");
    archive.commit(file("/1.jpg", 2, 200, "bytes", Outcome::Ok)).await.unwrap();
    let had = (Some("ok".to_owned()), Some(5), true);
    assert_eq!(rows(dir.path()), [(1, had.0.clone(), had.1, had.2)]);
    archive.commit(visit("/info/1/2.htm", 3, "结业\n建新功。")).await.unwrap();
    archive.commit(visit("/info/1/1.htm", 4, "开班\n学思想，强党性。")).await.unwrap();
    archive.close().await.unwrap();
    assert_eq!(rows(dir.path()), [(1, had.0.clone(), had.1, had.2), (2, had.0, had.1, had.2)]);
}

#[tokio::test]
async fn the_end_of_a_redirect_speaks_for_its_beginning_and_a_page_is_no_file() {
    let dir = tempfile::tempdir().unwrap();
    let (archive, _) = open(dir.path());
    begin(&archive).await;
    archive.commit(visit("/info/1/1.htm", 1, "开班\n学思想。")).await.unwrap();
    let mut moved = file("/1.jpg", 2, 302, "", Outcome::Redirect);
    let fields = &mut moved.result.as_mut().unwrap().response.fields;
    fields.push(("location".to_owned(), b"/d//1.jpg".to_vec()));
    archive.commit(moved).await.unwrap();
    assert_eq!(rows(dir.path()), [(1, Some("redirect".to_owned()), None, false)]);
    let mut hop = file("/d/1.jpg", 3, 200, "<html>", Outcome::Captcha);
    hop.request.via = Some(crate::archive::url("/1.jpg"));
    archive.commit(hop).await.unwrap();
    assert_eq!(
        rows(dir.path()),
        [(1, Some("captcha".to_owned()), None, false)],
        "no digest, no size: it is not the file"
    );
    archive.commit(visit("/info/1/2.htm", 4, "结业\n建新功。")).await.unwrap();
    archive.close().await.unwrap();
    assert_eq!(rows(dir.path())[1].1.as_deref(), Some("captcha"));
}

#[tokio::test]
async fn rows_of_an_older_archive_get_their_places() {
    let dir = tempfile::tempdir().unwrap();
    let (archive, _) = open(dir.path());
    begin(&archive).await;
    archive.commit(visit("/info/1/1.htm", 1, "开班\n学思想。")).await.unwrap();
    archive.close().await.unwrap();
    let index = crate::support::dump::by_hand(dir.path());
    index.execute("UPDATE images SET place = NULL", []).unwrap();
    index
        .execute("INSERT INTO attachments (article_id, ordinal, url, name) VALUES (1, 1, 'data:,x', 'x')", [])
        .unwrap();
    drop(index);
    open(dir.path()).0.close().await.unwrap();
    let index = rusqlite::Connection::open(dir.path().join("shiguan.db")).unwrap();
    let place: String = index.query_row("SELECT place FROM images", [], |row| row.get(0)).unwrap();
    assert_eq!(place, crate::archive::url("/1.jpg").as_str());
    let why: String = index.query_row("SELECT outcome FROM attachments", [], |row| row.get(0)).unwrap();
    assert_eq!(why, "not-fetchable");
}
