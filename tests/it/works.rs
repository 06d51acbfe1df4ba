//! Works: which articles are one text, whatever the order in which they came, and what a person may overrule.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use proptest::prelude::*;
use shiguan::archive::{Archive, Error, ReextractOptions, reextract};
use shiguan::domain::article::Article;
use shiguan::domain::capture::Capture;
use shiguan::domain::held::Filter;
use shiguan::domain::request::FetchRequest;
use shiguan::near::{self, Text};
use shiguan::store::{Index, Reader};

use crate::archive::{begin, open, options, read, visit};
use crate::support::corpus::{self, Numbers, Planted, Shelf};
use crate::support::program::run;

/// Work by address.
fn works(dir: &Path) -> BTreeMap<String, String> {
    let reader = Reader::open(dir).unwrap();
    let all = Filter::default();
    let held = reader.articles(&all).map(Result::unwrap);
    held.map(|held| (held.record.url.unwrap().to_string(), held.work_id)).collect()
}

fn url(at: usize) -> String {
    format!("https://news{}.example/info/{at}.htm", at % 40)
}

fn articles(set: &Planted) -> Vec<(u32, Article)> {
    let texts = set.texts.iter().enumerate();
    texts.map(|(at, (title, body))| (u32::try_from(at).unwrap(), corpus::article(&url(at), title, body))).collect()
}

/// Precision and recall over pairs: of those put into one work, how many are one; of those that are one, how many
/// were put into one.
pub(crate) fn figures(set: &Planted, found: &BTreeMap<String, String>) -> (f64, f64) {
    let pairs = |sizes: &dyn Fn(usize) -> String| {
        let mut groups: HashMap<String, f64> = HashMap::new();
        (0..set.texts.len()).for_each(|at| *groups.entry(sizes(at)).or_default() += 1.0);
        groups.values().map(|size| size * (size - 1.0) / 2.0).sum::<f64>()
    };
    let truth = pairs(&|at| set.works[at].to_string());
    let put = pairs(&|at| found[&url(at)].clone());
    let both = pairs(&|at| format!("{} {}", set.works[at], found[&url(at)]));
    (both / put, both / truth)
}

#[test]
fn planted_reposts_are_found_and_other_events_are_not_taken_for_them() {
    let dir = tempfile::tempdir().unwrap();
    let set = corpus::planted(1, 1000, 150, 100);
    Shelf::open(dir.path()).put(articles(&set));
    let (precision, recall) = figures(&set, &works(dir.path()));
    assert!(precision >= 0.99 && recall >= 0.97, "precision {precision:.4}, recall {recall:.4}");
}

#[test]
fn giving_up_early_changes_no_decision() {
    let set = corpus::planted(2, 120, 40, 40);
    let read = |(title, body): &(String, String)| Text::new(title, body, &[]).unwrap();
    let texts: Vec<Text> = set.texts.iter().map(read).collect();
    let mut works = 0;
    for (at, a) in texts.iter().enumerate() {
        for b in &texts[..at] {
            let (whole, early) = (near::compare(a, b), near::one(a, b));
            assert_eq!(early, whole.filter(|found| found.same), "{a:?} {b:?}");
            works += usize::from(early.is_some());
        }
    }
    assert!(works >= 40, "{works}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    /// Kept up one at a time in any order, with edits on the way, or computed from nothing: the works are the same.
    #[test]
    fn works_do_not_depend_on_the_order_of_arrival(seed in any::<u64>()) {
        let set = corpus::planted(seed % 1000, 40, 16, 8);
        let mut numbers = Numbers(seed);
        let straight = tempfile::tempdir().unwrap();
        Shelf::open(straight.path()).put(articles(&set));
        let want = works(straight.path());

        let shuffled = tempfile::tempdir().unwrap();
        let mut order = articles(&set);
        for at in (1..order.len()).rev() {
            order.swap(at, numbers.below(at + 1));
        }
        let mut shelf = Shelf::open(shuffled.path());
        // A third of the articles first hold another's text and are edited later.
        let texts = order.clone();
        let first = order.iter().map(|(second, article)| {
            let mut article = article.clone();
            if numbers.below(3) == 0 {
                article.body.clone_from(&texts[numbers.below(texts.len())].1.body);
            }
            (*second, article)
        });
        shelf.put(first.collect::<Vec<_>>());
        shelf.put(order.iter().map(|(second, article)| (second + 1000, article.clone())).collect::<Vec<_>>());
        prop_assert_eq!(&works(shuffled.path()), &want);
        shelf.index.begin().unwrap();
        shelf.index.rebuild_works().unwrap();
        shelf.index.commit().unwrap();
        prop_assert_eq!(&works(shuffled.path()), &want);
    }
}

const TEXT: &str = "党委第一党支部在校史馆开展参观见学。支部成员围绕教育强国交流了体会，并就整改清单逐条梳理。\n\
    学院先后召开12次座谈，收集意见建议46条，对师生诉求现场回应。大家结合岗位谈了认识和打算。";

#[test]
fn a_work_tells_its_reposts_in_order_and_what_each_changed() {
    let dir = tempfile::tempdir().unwrap();
    let at = |day: u32, url: &str, title: &str, body: &str| {
        let mut article = corpus::article(url, title, body);
        article.published_at = shiguan::domain::time::Timestamp::parse(&format!("2023-06-{day:02}T08:00:00+08:00"));
        article
    };
    let trimmed = TEXT.split_inclusive('\n').next().unwrap();
    Shelf::open(dir.path()).put([
        (1, at(9, "https://c.example/3", "校史馆里学党史", &format!("{trimmed}“学”而后行。"))),
        (2, at(6, "https://a.example/1", "第一党支部开展参观见学", TEXT)),
        (3, at(8, "https://b.example/2", "第一党支部开展参观见学", &corpus::traditional(TEXT))),
        (4, at(7, "https://d.example/4", "图书馆闭馆通知", "因检修，图书馆周五上午闭馆，请相互转告。")),
    ]);
    let reader = Reader::open(dir.path()).unwrap();
    let held: Vec<_> = reader.articles(&Filter::default()).map(Result::unwrap).collect();
    let reposts = reader.reposts(held[0].id).unwrap();
    let told: Vec<_> = reposts.iter().map(|r| (r.url.as_deref().unwrap(), r.changes.join(" "))).collect();
    let want = [
        ("https://a.example/1", ""),
        ("https://b.example/2", "traditional"),
        ("https://c.example/3", "retitled trimmed extended quotation-marks"),
    ];
    assert_eq!(told, want.map(|(url, changes)| (url, changes.to_owned())));
    assert_eq!(reposts[0].likeness, None);
    assert_eq!(reposts[1].likeness.as_ref().unwrap().evidence, r#"{"rule":"same-letters"}"#);
    let likeness = reposts[2].likeness.as_ref().unwrap();
    assert!(likeness.score >= 0.9 && likeness.evidence.starts_with(r#"{"rule":"same-text""#), "{likeness:?}");
    assert_eq!(reader.reposts(held[3].id).unwrap().len(), 1);
    let strangers = reader.likeness(held[1].id, held[3].id).unwrap();
    assert_eq!((strangers.score, strangers.evidence.as_str()), (0.0, r#"{"rule":"through-others"}"#));
}

/// A ruling on an address that holds no article does nothing: that is said once a run, and is no error.
#[test]
fn rulings_that_find_no_article_are_named() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(run(dir.path(), &["demo", "-q"]).code, 0);
    let archive = dir.path().join("archive/demo");
    let held = works(&archive).into_keys().next().unwrap();
    let of = |list: &str, other: &str| {
        format!("[[{list}]]\narticles = [\n  \"{held}\",\n  \"{other}\",\n]\nwho = \"王\"\nwhy = \"同\"\n")
    };
    let [first, second] = ["http://news.yunling.example/nowhere.htm", "http://elsewhere.example/a"];
    let text = of("different", first) + &of("different", second) + &of("same", first);
    std::fs::write(archive.join("works.toml"), text).unwrap();
    let note = |line: u32, entry: &str, url: &str| {
        format!(
            "note: archive/demo/works.toml:{line}: [[{entry}: articles: {url}: no article is held at this address\n"
        )
    };
    let want = note(18, "same]] 1", first) + &note(4, "different]] 1", first) + &note(11, "different]] 2", second);
    let address = format!("http://{}/", "news.yunling.example");
    for words in [
        vec!["reextract", "--archive", "archive/demo"],
        vec!["reindex", "--archive", "archive/demo"],
        vec![
            "crawl",
            "--archive",
            "archive/demo",
            "--seed",
            &address,
            "--max-pages",
            "1",
            "--resolve",
            "news.yunling.example:127.0.0.1:9",
            "--delay",
            "0",
        ],
    ] {
        let ran = run(dir.path(), &words);
        assert_eq!(ran.code, 0, "{words:?}: {}", ran.stderr);
        let notes: String = ran.stderr.split_inclusive('\n').filter(|line| line.starts_with("note: ")).collect();
        assert_eq!(notes, want, "{words:?}");
    }
}

#[test]
fn a_later_article_takes_its_text_out_of_a_work() {
    let dir = tempfile::tempdir().unwrap();
    let mut shelf = Shelf::open(dir.path());
    let of = |url: &str, body: &str| corpus::article(url, "参观见学", body);
    shelf.put([(1, of("https://a.example/1", TEXT)), (2, of("https://b.example/2", TEXT))]);
    let before = works(dir.path());
    assert_eq!(before["https://a.example/1"], before["https://b.example/2"]);
    shelf.put([(3, of("https://a.example/1", "本文因故撤下，另行发布新稿，敬请谅解。"))]);
    let after = works(dir.path());
    assert_ne!(after["https://a.example/1"], after["https://b.example/2"]);
    assert_eq!(after["https://a.example/1"], before["https://a.example/1"], "the one seen first keeps the name");
}

async fn two_notices(dir: &Path) {
    let (archive, _) = open(dir);
    begin(&archive).await;
    archive
        .commit(visit("/info/1/1.htm", 1, "放假通知\n学校定于下周五起放假三天，请各单位做好值班安排并报送名单。"))
        .await
        .unwrap();
    archive
        .commit(visit("/info/1/2.htm", 2, "放假通知\n学校定于下周五起放假三天，请各单位做好值班安排并报送名单。"))
        .await
        .unwrap();
    archive.commit(visit("/info/1/3.htm", 3, "关于放假的说明\n值班室电话不变。")).await.unwrap();
    archive.close().await.unwrap();
}

fn numbers(dir: &Path) -> Vec<usize> {
    let works: Vec<_> = works(dir).into_values().collect();
    works.iter().map(|work| works.iter().position(|other| other == work).unwrap()).collect()
}

#[tokio::test]
async fn a_person_may_overrule() {
    let dir = tempfile::tempdir().unwrap();
    two_notices(dir.path()).await;
    assert_eq!(numbers(dir.path()), [0, 0, 2]);
    let ruling = |kind: &str, one: u32, two: u32| {
        format!(
            "[[{kind}]]\narticles = [\"http://news.yllg.example/info/1/{one}.htm\", \
             \"http://news.yllg.example/info/1/{two}.htm\"]\nwho = \"王编辑\"\nwhy = \"核对过\"\n"
        )
    };
    let file = dir.path().join("works.toml");
    for (text, want) in [
        (ruling("different", 1, 2), [0, 1, 2]),
        (ruling("same", 3, 2), [0, 0, 0]),
        (ruling("same", 3, 2) + &ruling("different", 2, 1), [0, 1, 1]),
        (String::new(), [0, 0, 2]),
    ] {
        std::fs::write(&file, text).unwrap();
        let (archive, _) = open(dir.path());
        archive.close().await.unwrap();
        assert_eq!(numbers(dir.path()), want);
    }
    std::fs::write(&file, ruling("different", 1, 2)).unwrap();
    for (dry_run, want) in [(true, [0, 0, 2]), (false, [0, 1, 2])] {
        let again = ReextractOptions { dry_run, ..ReextractOptions::default() };
        reextract(dir.path(), &again, &|_: &FetchRequest, capture: &Capture| read(capture)).unwrap();
        assert_eq!(numbers(dir.path()), want);
    }
    std::fs::remove_file(&file).unwrap();
    std::fs::write(&file, "[[same]]\narticles = []\nwho = \"王\"\nwhy = \"\"\n").unwrap();
    let error = Archive::open(options(dir.path()), &|_: &FetchRequest, capture: &Capture| read(capture)).unwrap_err();
    assert!(matches!(error, Error::Rulings { .. }));
    assert_eq!(error.to_string(), format!("{}:2: articles: names at least two addresses", file.display()));
}

#[tokio::test]
async fn an_archive_of_an_earlier_program_gets_its_works() {
    let dir = tempfile::tempdir().unwrap();
    two_notices(dir.path()).await;
    let want = works(dir.path());
    let database = crate::support::dump::by_hand(dir.path());
    database
        .execute_batch(
            "DELETE FROM text_pairs; DELETE FROM text_keys; DELETE FROM article_texts; DELETE FROM texts; \
             UPDATE articles SET work_id = 'w' || id; DELETE FROM meta WHERE key = 'works_version';",
        )
        .unwrap();
    assert_ne!(works(dir.path()), want);
    drop(Index::open(dir.path()).unwrap());
    assert_eq!(works(dir.path()), want);
}
