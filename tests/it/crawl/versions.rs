//! One article over the years: edited, taken down, walled off, back again. Nothing is ever deleted.

use std::fs::File;
use std::io::BufReader;

use shiguan::domain::held::Filter;
use shiguan::store::Reader;
use shiguan::warc::{self, Kind};

use super::bench::Bench;
use super::college::{College, path};
use crate::archive::warc_files;

/// Ordinals of the versions the articles showed, one after the other.
fn shown(bench: &Bench) -> Vec<i64> {
    let index = rusqlite::Connection::open(bench.dir().join("shiguan.db")).unwrap();
    let sql = "SELECT v.ordinal FROM appearances s JOIN article_versions v ON v.id = s.version_id \
               WHERE s.article_id = (SELECT article_id FROM article_urls WHERE url LIKE '%/1001/2.htm') ORDER BY s.ordinal";
    index.prepare(sql).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Kind of each tombstone, and whether it has ended.
fn tombstones(bench: &Bench) -> Vec<(String, bool)> {
    let index = rusqlite::Connection::open(bench.dir().join("shiguan.db")).unwrap();
    let sql = "SELECT kind, ended_at IS NOT NULL AND end_capture_id IS NOT NULL FROM tombstones ORDER BY id";
    index
        .prepare(sql)
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

/// Versions, whether it is gone, and whether the text held is the edited one.
fn article(bench: &Bench) -> (i64, bool, bool) {
    let reader = Reader::open(bench.dir()).unwrap();
    let filter = Filter::default();
    let mut articles = reader.articles(&filter).map(Result::unwrap);
    let held = articles.find(|held| held.record.url.as_ref().unwrap().path() == path(2)).unwrap();
    (held.versions, held.gone_at.is_some(), held.record.body.contains("已更正"))
}

/// Profiles of all revisit records; each names what it refers to, and when that was.
fn revisits(bench: &Bench) -> Vec<String> {
    let mut profiles = Vec::new();
    for file in warc_files(bench.dir()) {
        for found in warc::Reader::new(BufReader::new(File::open(file).unwrap())).unwrap() {
            let record = found.unwrap().record;
            if record.kind() == Kind::Revisit {
                for field in ["WARC-Refers-To", "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date"] {
                    assert!(record.fields.get(field).is_some(), "{field}");
                }
                let profile = record.fields.get("WARC-Profile").unwrap();
                profiles.push(profile.rsplit('/').next().unwrap().to_owned());
            }
        }
    }
    profiles
}

#[test]
fn four_runs_give_two_texts_a_tombstone_with_its_end_and_revisits() {
    for etags in [true, false] {
        let (college, server) = College { etags, ..College::with(3) }.serve();
        let mut bench = Bench::new(&server);
        bench.run();
        bench.options.full = true;
        college.lock().unwrap().edited.insert(2);
        assert_eq!(bench.run().total.changed, 1);
        assert_eq!(article(&bench), (2, false, true));

        college.lock().unwrap().status.insert(path(2), 404);
        assert_eq!(bench.run().total.not_found, 1);
        assert_eq!(article(&bench), (2, true, true), "the text stays");
        assert_eq!(tombstones(&bench), [("not-found".to_owned(), false)]);
        bench.run();
        assert_eq!(tombstones(&bench).len(), 1, "gone is gone once");

        {
            let mut college = college.lock().unwrap();
            college.status.clear();
            college.edited.clear();
        }
        let back = bench.run().total;
        assert_eq!((back.new, back.changed, back.unchanged), (0, 1, 2));
        assert_eq!(article(&bench), (2, false, false), "the first text, recognised");
        assert_eq!(shown(&bench), [1, 2, 1]);
        assert_eq!(tombstones(&bench), [("not-found".to_owned(), true)]);
        let revisits = revisits(&bench);
        let count = |profile: &str| revisits.iter().filter(|found| *found == profile).count();
        let unchanged = count("server-not-modified");
        assert_eq!(unchanged > 0, etags, "{revisits:?}");
        // The text that came back, and where the server knows no validators every unchanged page.
        assert!(count("identical-payload-digest") > usize::from(!etags) * 8, "{revisits:?}");
        assert_eq!(bench.reextract().changes, [], "each version reads as it did");
        assert_eq!(article(&bench), (2, false, false));
        assert!(shiguan::archive::verify(bench.dir(), true, &mut |_| {}).unwrap().is_ok());
    }
}

#[test]
fn a_notice_or_a_wall_in_place_of_a_text_never_replaces_it() {
    let page = |title: &str, words: &str| {
        format!("<html><head><title>{title}</title></head><body><div><p>{words}</p></div></body></html>")
    };
    let challenge =
        "<html><head><script>$_ts=window['$_ts'];$_ts.cd='x'</script></head><body></body></html>".to_owned();
    for (instead, kind) in [
        (page("提示", "您访问的页面不存在或文章已删除"), Some("soft-404")),
        (page("统一身份认证", "请登录后查看，校外访问请使用WebVPN"), Some("login-wall")),
        (challenge, None),
    ] {
        let (college, server) = College { etags: true, ..College::with(3) }.serve();
        let mut bench = Bench::new(&server);
        bench.options.max_failures = 1.0;
        bench.run();
        bench.options.full = true;
        college.lock().unwrap().instead.insert(path(2), instead);
        bench.run();
        bench.run();
        assert_eq!(article(&bench), (1, kind.is_some(), false), "{kind:?}");
        let want: Vec<_> = kind.iter().map(|kind| ((*kind).to_owned(), false)).collect();
        assert_eq!(tombstones(&bench), want);

        college.lock().unwrap().instead.clear();
        bench.run();
        assert_eq!(article(&bench), (1, false, false));
        assert_eq!(tombstones(&bench).iter().filter(|(_, ended)| *ended).count(), want.len());
        assert_eq!(shown(&bench), [1]);
    }
}
