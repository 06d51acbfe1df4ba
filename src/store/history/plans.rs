//! Every question of a crawl is answered by an index: what a night costs must go by its sites, not by all that is held.

use super::*;
use crate::store::DATABASE;
use crate::store::connection::{asked, make};

/// Whether a step goes through a whole table or a whole index: one that looks something up names in brackets what by.
fn goes_through_all(step: &str) -> bool {
    let is_step = step.starts_with("SCAN") || step.starts_with("SEARCH");
    is_step && !step.contains('(') && !step.starts_with("SCAN CONSTANT ROW")
}

#[test]
fn no_question_goes_through_a_table() {
    let dir = tempfile::tempdir().unwrap();
    drop(make(&dir.path().join(DATABASE)).unwrap());
    let history = History::open(dir.path()).unwrap();
    let url = Url::parse("http://news.yunling.example/info/1001/1.htm").unwrap();
    let site = "news.yunling.example";
    let at = CaptureTime::parse("2023-06-01T00:00:00Z").unwrap();
    history.prior(&url).unwrap();
    history.known(std::slice::from_ref(&url)).unwrap();
    history.committed_in(1, &url).unwrap();
    history.last_verdict(site).unwrap();
    history.articles(site).unwrap();
    history.pending(site).unwrap();
    history.robots(site).unwrap();
    history.redirect_target(&url).unwrap();
    history.listing(&url).unwrap();
    history.found(site, 1, at).unwrap();
    history.stood(&url).unwrap();
    history.visited(site).unwrap();
    history.unfinished(site).unwrap();
    history.first_page(&url).unwrap();
    history.part(&url, 0).unwrap();
    history.open_media(site, &mut Cursor::default(), 10).unwrap();
    let questions = asked::all();
    assert!(questions.len() >= 16, "{} questions", questions.len());
    let connection = history.connection();
    for sql in questions {
        let through: Vec<String> = asked::plan(&connection, &sql)
            .into_iter()
            .map(|(_, step)| step)
            .filter(|step| goes_through_all(step))
            .collect();
        assert!(through.is_empty(), "{through:?} in {sql}");
    }
}
