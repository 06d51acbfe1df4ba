//! `inspect` and `selectors` as the person writing selectors sees them.

use std::fs;
use std::path::{Path, PathBuf};

use shiguan::decode;
use shiguan::domain::time::Date;
use shiguan::extract::trace::shape::Outcome;
use shiguan::extract::{Catalogue, Hints, extract, trace};
use tempfile::TempDir;
use url::Url;

use crate::support::program::run;
use crate::support::response::Response;
use crate::support::server::Server;

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    path.to_str().unwrap().to_owned()
}

fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            pages(&path, found);
        } else if path.file_stem().is_some_and(|stem| stem == "page") {
            found.push(path);
        }
    }
}

#[test]
fn every_fixture_is_explained_and_the_record_is_extracts() {
    let mut files = Vec::new();
    pages(Path::new(&fixture("")), &mut files);
    assert!(files.len() > 40, "the walk found the fixtures");
    let catalogue = Catalogue::load(&[]).unwrap();
    for file in files {
        let capture = fs::read_to_string(file.with_file_name("capture.toml")).unwrap_or_default();
        let url = capture.lines().find_map(|line| Url::parse(line.strip_prefix("url = \"")?.strip_suffix('"')?).ok());
        let hints = decode::Hints { url: url.as_ref(), ..decode::Hints::default() };
        let page = decode::decode(&fs::read(&file).unwrap(), &hints, Date::new(2023, 7, 1).unwrap());
        let told = trace::trace(&page, &catalogue, &Hints::default());
        let place = file.display();
        assert_eq!(told.record, extract(&page, &catalogue, &Hints::default()).record, "{place}");
        if told.family.chosen_by == "marks" {
            let enough = |one: &&trace::shape::Candidate| one.sum >= one.threshold;
            let first = told.family.candidates.iter().find(enough).unwrap();
            let read_by = told.family.fell_back_from.as_deref().unwrap_or_else(|| told.record.family());
            assert_eq!(first.family, read_by, "{place}: the sums are not those of the recogniser");
        }
        for field in
            told.fields.iter().filter(|field| matches!(field.name, "title" | "source" | "body" | "rows" | "next"))
        {
            let won = field.tries.iter().filter(|tried| tried.outcome == Outcome::Won).count();
            assert!(won < 2, "{place}: {won} rules won {}", field.name);
            for tried in &field.tries {
                assert!(tried.rule.line.is_some() && !tried.rule.written.is_empty(), "{place}: {:?}", tried.rule);
            }
        }
    }
}

#[test]
fn an_article_is_printed_field_by_field() {
    let dir = TempDir::new().unwrap();
    let page = fixture("vsb/article/page.html");
    let ran = run(dir.path(), &["inspect", &page, "--url", "http://hj.donghu.example/info/1038/2857.htm"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    for want in [
        "charset       UTF-8, by ",
        "family        vsb@0001-01-01 (by its marks)",
        "text = \"Announced by Visual SiteBuilder\"  families/vsb.toml:",
        "title         环境学院师生开展“清洁东湖”主题党日活动   [rule]",
        "+ { css = \"form[name=_newscontent_fromname] h3\" }",
        "published_at  2023-06-18T16:06:00+08:00 (minute)   [meta line]",
        "- { meta = \"PubDate\" }",
        "(an earlier rule won)",
        "rules match nothing (--all shows them)",
        "topics        nothing",
    ] {
        assert!(ran.stdout.contains(want), "{want:?} is missing in\n{}", ran.stdout);
    }
    let forced = run(dir.path(), &["inspect", &page, "--family", "generic", "--all"]);
    assert!(forced.stdout.contains("generic@0001-01-01 (as asked)"), "{}", forced.stdout);
    assert!(!forced.stdout.contains("--all shows them"));
}

#[test]
fn a_campaign_is_explained_by_words_and_days() {
    let dir = TempDir::new().unwrap();
    let page = |day: &str| {
        format!(
            "<!doctype html><meta charset=utf-8><title>学院开展党史学习教育</title><h1>学院开展党史学习教育</h1><p>发布时间：{day}</p>\
             <div class=content><p>六月十一日，学院全体党员走进云岭革命纪念馆，开展党史学习教育，听讲解员讲述先辈的故事。</p>\
             <p>大家表示，要学党史、悟思想、办实事、开新局，不忘初心，把所学所得带回到各自的岗位上去。</p></div>"
        )
    };
    let told = |day: &str| {
        fs::write(dir.path().join("page.html"), page(day)).unwrap();
        run(dir.path(), &["inspect", "page.html", "--url", "http://news.yunling.example/a/1.htm"]).stdout
    };
    let within = told("2021-06-11");
    for want in [
        "topics        党史   [rule]",
        "+ \"党史\"",
        "topics.toml:",
        "9 points of 3   (党史学习教育 in the headline 4, 党史学习教育 in the body 2, 学党史、悟思想 in the body 2, 学党史 in the body 1; \
         2021-06-11 is in 2021-02-01 to 2022-03-31)",
        "- \"不忘初心\"",
        "1 points of 3   (不忘初心 in the body 1; 2021-06-11 is not in 2019-05-13 to 2020-03-31)",
    ] {
        assert!(within.contains(want), "{want:?} is missing in\n{within}");
    }
    let before = told("2018-06-11");
    assert!(before.contains("topics        nothing"), "{before}");
    assert!(before.contains("2018-06-11 is not in 2021-02-01 to 2022-03-31"), "{before}");
}

#[test]
fn json_is_one_object_and_html_is_written_without_scripts() {
    let dir = TempDir::new().unwrap();
    let page = fixture("webplus/listing/page.html");
    let arguments =
        ["inspect", &page, "--url", "https://wxy.xiping.example/24251/list.htm", "--json", "--html", "seen.html"];
    let ran = run(dir.path(), &arguments);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let told: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&told["kind"], &told["record"]["kind"]), (&"listing".into(), &"listing".into()));
    let rows = told["fields"].as_array().unwrap().iter().find(|field| field["name"] == "rows").unwrap();
    assert_eq!(rows["tries"][0]["outcome"], "won");
    assert!(rows["tries"][0]["rule"]["file"].as_str().unwrap().starts_with("families/webplus.toml"));
    let html = fs::read_to_string(dir.path().join("seen.html")).unwrap();
    assert!(html.contains("Content-Security-Policy") && html.contains("data-shiguan=\"row\""));
    assert!(!html.to_ascii_lowercase().contains("<script"));
}

#[test]
fn a_rule_of_ones_own_is_named_as_such() {
    let dir = TempDir::new().unwrap();
    fs::create_dir_all(dir.path().join("own/sites")).unwrap();
    let site =
        "site = \"hj\"\nname = \"x\"\nseeds = [\"http://hj.donghu.example/\"]\n[article]\ntitle = [{ css = \"h9\" }]\n";
    fs::write(dir.path().join("own/sites/hj.toml"), site).unwrap();
    let page = fixture("vsb/article/page.html");
    let ran = run(dir.path(), &["inspect", &page, "--selectors", "own", "--site", "hj", "--all"]);
    assert!(ran.stdout.contains("- { css = \"h9\" }"), "{}", ran.stdout);
    assert!(ran.stdout.contains("sites/hj.toml:5 (yours)"), "{}", ran.stdout);
}

#[test]
fn what_cannot_be_read_is_four_and_wrong_use_is_two() {
    let dir = TempDir::new().unwrap();
    for (arguments, code) in [
        (&["inspect", "missing.html"][..], 4),
        (&["inspect", "http://127.0.0.1:9/"], 4),
        (&["inspect", "http://news.yunling.example/", "--url", "http://a.example/"], 2),
        (&["inspect", "missing.html", "--family", "no-such-family"], 2),
        (&["inspect"], 2),
        (&["selectors", "lint"], 2),
        (&["selectors", "lint", "nowhere"], 3),
    ] {
        let ran = run(dir.path(), arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {}", ran.stderr);
        assert!(ran.stdout.is_empty() && !ran.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn lint_says_everything_with_file_and_line() {
    let dir = TempDir::new().unwrap();
    fs::create_dir_all(dir.path().join("own/families")).unwrap();
    fs::create_dir_all(dir.path().join("own/sites")).unwrap();
    let family = "family = \"odd\"\nname = \"x\"\nevidence = \"general\"\n[detect]\nthreshold = 1\n[[revision]]\nsince = \"0001-01-01\"\n[revision.article]\n";
    fs::write(dir.path().join("own/families/odd.toml"), format!("{family}body = [\"div[\"]\ntitel = []\n")).unwrap();
    fs::write(dir.path().join("own/sites/x.toml"), "site = \"y\"\nname = \"x\"\nseeds = []\n").unwrap();
    let ran = run(dir.path(), &["selectors", "lint", "own"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let places: Vec<&str> = ran.stdout.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(places, ["families/odd.toml:9:", "families/odd.toml:10:", "sites/x.toml:1:"], "{}", ran.stdout);
    let one = run(dir.path(), &["selectors", "lint", "own/sites/x.toml"]);
    assert_eq!((one.code, one.stdout.lines().count()), (3, 1));
    fs::write(dir.path().join("own/families/odd.toml"), format!("{family}body = [\"div\"]\n")).unwrap();
    fs::write(dir.path().join("own/sites/x.toml"), "site = \"x\"\nname = \"x\"\nseeds = []\n").unwrap();
    let clean = run(dir.path(), &["selectors", "lint", "own"]);
    assert_eq!((clean.code, clean.stdout.as_str()), (0, ""), "{}", clean.stderr);
}

#[test]
fn pages_beside_selectors_are_tested() {
    let dir = TempDir::new().unwrap();
    let case = dir.path().join("own/fixtures/odd/article");
    fs::create_dir_all(&case).unwrap();
    fs::create_dir_all(dir.path().join("own/families")).unwrap();
    let family = "family = \"odd\"\nname = \"x\"\nevidence = \"general\"\n[detect]\nthreshold = 10\nmarks = [{ text = \"odd-cms\", weight = 10 }]\n[[revision]]\nsince = \"0001-01-01\"\n[revision.article]\ntitle = [{ css = \".t\" }]\nbody = [\".text\"]\n";
    fs::write(dir.path().join("own/families/odd.toml"), family).unwrap();
    let page = "<!-- odd-cms --><div class=t>会议召开</div><div class=text><p>六月六日，会议在云岭召开。</p></div>";
    fs::write(case.join("page.html"), page).unwrap();
    let note = "url = \"http://a.example/1.html\"\ncaptured_at = \"2024-05-01T02:00:00Z\"\nfamily = \"odd\"\n";
    fs::write(case.join("capture.toml"), note).unwrap();
    let unwritten = run(dir.path(), &["selectors", "test", "own"]);
    assert_eq!(unwritten.code, 3, "{}", unwritten.stderr);
    assert!(unwritten.stderr.contains("record.json"), "{}", unwritten.stderr);
    assert_eq!(run(dir.path(), &["selectors", "test", "own", "--update"]).code, 0);
    let same = run(dir.path(), &["selectors", "test", "own"]);
    assert_eq!((same.code, same.stdout.as_str()), (0, ""), "{}", same.stderr);
    fs::write(case.join("page.html"), page.replace("召开</div>", "开幕</div>")).unwrap();
    let other = run(dir.path(), &["selectors", "test", "--selectors", "own"]);
    assert_eq!(other.code, 4, "{}", other.stderr);
    assert_eq!(other.stdout, "odd/article\n  title\n- \"会议召开\"\n+ \"会议开幕\"\n");
    assert_eq!(run(dir.path(), &["selectors", "test", "nowhere"]).code, 3);
}

#[test]
fn the_schema_printed_is_the_schema_kept() {
    let dir = TempDir::new().unwrap();
    for kind in ["family", "site"] {
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("selectors/schema/{kind}.json"));
        assert_eq!(run(dir.path(), &["selectors", "schema", kind]).stdout, fs::read_to_string(kept).unwrap());
    }
}

#[test]
fn an_address_is_asked_once_without_robots_and_redirects_are_told() {
    let dir = TempDir::new().unwrap();
    let article = fs::read(fixture("vsb/article/page.html")).unwrap();
    let server = Server::start(move |request| match request.path() {
        "/old.htm" => Response::redirect("/info/1038/2857.htm"),
        _ => Response::html(article.clone()),
    });
    let resolve = server.resolve("hj.donghu.example");
    let ran = run(dir.path(), &["inspect", "http://hj.donghu.example/info/1038/2857.htm", "--resolve", &resolve]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("robots.txt is not asked"), "{}", ran.stderr);
    assert!(ran.stdout.contains("title         环境学院师生开展"), "{}", ran.stdout);
    let ran = run(dir.path(), &["inspect", "http://hj.donghu.example/old.htm", "--resolve", &resolve]);
    assert_eq!((ran.code, ran.stdout.as_str()), (4, ""));
    assert!(ran.stderr.contains("leads to http://hj.donghu.example/info/1038/2857.htm"), "{}", ran.stderr);
    assert_eq!(server.targets(), ["/info/1038/2857.htm", "/old.htm"]);
}

#[test]
fn answers_that_are_no_page_are_explained_too() {
    let dir = TempDir::new().unwrap();
    for (page, url, family, rows) in [
        (
            "zcms/listing/page.json",
            "http://yuren.example/zcms/front/information/studio?pageIndex=0",
            "(by its marks)",
            "families/zcms.toml:",
        ),
        (
            "zcms/listing/page.json",
            "http://yuren.example/rows?pageIndex=0",
            "(its pointers lead to rows)",
            "families/zcms.toml:",
        ),
        (
            "generic/listing-rss/page.xml",
            "http://yuren.example/rss.xml",
            "(no family's marks",
            "what feeds and sitemaps are",
        ),
    ] {
        let ran = run(dir.path(), &["inspect", &fixture(page), "--url", url, "--html", "seen.html"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(ran.stdout.contains(family) && ran.stdout.contains(rows), "{url}\n{}", ran.stdout);
        assert!(ran.stdout.contains("what the answer is made of"), "{}", ran.stdout);
        assert!(ran.stderr.contains("not HTML") && !dir.path().join("seen.html").exists());
    }
}
