//! A labelled set of answers that stand in the place of a page, and of pages that only look so: how well each class is told.
//!
//! The answers are data: `tests/walls/*.toml`. They are judged as a crawl judges them, from status, head and body. What is
//! counted is the outcome, so that a wall which is seen and then called by another's name is an error of both.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use bytes::Bytes;
use serde::Deserialize;
use shiguan::archive::Judges as _;
use shiguan::crawl;
use shiguan::domain::capture::{Capture, Head};
use shiguan::domain::digest::PayloadDigest;
use shiguan::domain::record::Record;
use shiguan::domain::time::CaptureTime;
use shiguan::domain::visit::Outcome;
use shiguan::extract::Catalogue;
use url::Url;

/// What is neither wall nor notice.
const NEWS: &str = "news";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    want: String,
    #[serde(default = "ok")]
    status: u16,
    #[serde(default)]
    head: Vec<String>,
    #[serde(default = "an_article")]
    url: String,
    #[serde(default = "bare")]
    frame: String,
    #[serde(default)]
    title: String,
    body: String,
}

fn ok() -> u16 {
    200
}

fn an_article() -> String {
    "/info/1001/1.htm".to_owned()
}

fn bare() -> String {
    "bare".to_owned()
}

const MENU: &str = "<div class=\"nav\"><a href=\"/\">首页</a><a href=\"/xxgk.htm\">学校概况</a><a href=\"/xwzx.htm\">新闻中心</a>\
    <a href=\"/jgsz.htm\">机构设置</a></div>";
const FOOT: &str =
    "<div class=\"foot\">版权所有 © 云岭理工大学　地址：云岭市学府路1号　邮编：100000　技术支持：信息中心</div>";

impl Case {
    fn source(&self) -> String {
        let Self { title, body, .. } = self;
        let head = format!("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{title}</title>");
        match self.frame.as_str() {
            "raw" => body.clone(),
            "bare" => format!("{head}</head><body>{body}</body></html>"),
            "site" => format!("{head}</head><body>{MENU}<div class=\"main\">{body}</div>{FOOT}</body></html>"),
            "vsb" => format!(
                "{head}<!--Announced by Visual SiteBuilder 9--><link href=\"/_sitegray/_sitegray_d.css\"></head><body>{MENU}\
                 <form name=\"_newscontent_fromname\"><h1>{title}</h1><div class=\"info\"><span>来源：党委宣传部</span>\
                 <span>发布时间：2023-06-01 09:30</span><span>浏览：[<script>_showDynClicks(1)</script>]次</span></div>\
                 <div id=\"vsb_content\"><div class=\"v_news_content\">{body}</div></div></form>{FOOT}</body></html>"
            ),
            "webplus" => format!(
                "{head}<link href=\"/_css/_system/system.css\"></head><body frag=\"窗口1\">{MENU}<div class=\"article\">\
                 <h1 class=\"arti_title\">{title}</h1><p class=\"arti_metas\"><span class=\"arti_publisher\">发布者：云岭</span>\
                 <span class=\"arti_update\">发布时间：2023-06-01</span></p><div class=\"wp_articlecontent\">{body}</div></div>{FOOT}</body></html>"
            ),
            other => unreachable!("{}: no frame {other}", self.name),
        }
    }

    fn capture(&self) -> Capture {
        let mut fields = vec![("content-type".to_owned(), b"text/html; charset=utf-8".to_vec())];
        fields.extend(self.head.iter().map(|line| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_ascii_lowercase(), value.as_bytes().to_vec())
        }));
        let payload = Bytes::from(self.source());
        Capture {
            url: Url::parse("http://news.yunling.example").unwrap().join(&self.url).unwrap(),
            at: CaptureTime::parse("2026-11-22T09:00:00Z").unwrap(),
            ip: None,
            request: Head::default(),
            status: self.status,
            response: Head { line: String::new(), fields },
            payload_digest: PayloadDigest::of(&payload),
            payload,
            truncated: None,
            tls_flaw: None,
            elapsed_ms: 1,
            head_ms: 1,
        }
    }

    /// The class it belongs to: a captcha is a challenge.
    fn class(&self) -> &str {
        match self.want.as_str() {
            "challenge" | "captcha" => "challenged",
            want => want,
        }
    }

    /// What the crawl would call it, and the code of its record.
    fn told(&self, catalogue: &Catalogue) -> (&'static str, String) {
        let judged = crawl::judge(catalogue).judge("yunling", &self.capture());
        let code = judged.reading.extraction.and_then(|extraction| match extraction.record {
            Record::Other(other) => other.warnings.first().cloned(),
            Record::Article(_) | Record::Listing(_) => None,
        });
        let code = code.unwrap_or_default();
        let words = [
            (Outcome::Challenged, "challenged"),
            (Outcome::LoginWall, "login-wall"),
            (Outcome::CampusOnly, "campus-only"),
            (Outcome::Refused, "blocked"),
            (Outcome::SoftNotFound, "soft-404"),
            (Outcome::PageRedirect, "redirect"),
        ];
        let template = (judged.outcome == Outcome::NotNews && code == "template").then_some("template");
        let word = words.into_iter().find(|(outcome, _)| *outcome == judged.outcome).map(|(_, word)| word);
        let word = word.or(template).unwrap_or(NEWS);
        (word, code)
    }
}

fn load() -> Vec<Case> {
    #[derive(Deserialize)]
    struct File {
        page: Vec<Case>,
    }
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/walls");
    let mut paths: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let file: Result<File, _> = toml::from_str(&fs::read_to_string(path).unwrap());
        file.map_err(|error| format!("{}: {error}", path.display())).unwrap().page
    };
    let cases: Vec<Case> = paths.iter().flat_map(read).collect();
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "a name was given twice");
    cases
}

/// Of one class: told rightly, called so wrongly, called otherwise.
#[derive(Debug, Default, Clone, Copy)]
struct Score {
    right: u32,
    wrongly: u32,
    missed: u32,
}

impl Score {
    fn precision(self) -> f64 {
        f64::from(self.right) / f64::from((self.right + self.wrongly).max(1))
    }

    fn recall(self) -> f64 {
        f64::from(self.right) / f64::from((self.right + self.missed).max(1))
    }
}

#[test]
fn walls_are_told_from_news_and_from_each_other() {
    let cases = load();
    let catalogue = Catalogue::load(&[]).unwrap();
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let mut errors = String::new();
    for case in &cases {
        let (told, code) = case.told(&catalogue);
        let class = case.class();
        if told == class {
            scores.entry(class.to_owned()).or_default().right += 1;
            continue;
        }
        scores.entry(class.to_owned()).or_default().missed += 1;
        scores.entry(told.to_owned()).or_default().wrongly += 1;
        writeln!(errors, "  {}: {class}, told as {told} ({code})", case.name).unwrap();
    }
    let mut table = format!("{:12} {:>5} {:>9} {:>6}\n", "class", "pages", "precision", "recall");
    let mut all = Score::default();
    for (class, score) in &scores {
        let pages = score.right + score.missed;
        writeln!(table, "{class:12} {pages:>5} {:>9.3} {:>6.3}", score.precision(), score.recall()).unwrap();
        if class != NEWS {
            all.right += score.right;
            all.wrongly += score.wrongly;
            all.missed += score.missed;
        }
    }
    writeln!(table, "{:12} {:>5} {:>9.3} {:>6.3}", "all walls", all.right + all.missed, all.precision(), all.recall())
        .unwrap();
    println!("{table}{errors}");
    let news = scores[NEWS].right + scores[NEWS].missed;
    assert!(cases.len() >= 120 && news >= 60, "{} pages, {news} of them no walls", cases.len());
    assert!(all.precision() >= 0.98, "precision\n{table}{errors}");
    assert!(all.recall() >= 0.9, "recall\n{table}{errors}");
    for (class, score) in scores {
        assert!(score.precision() >= 0.9 && score.recall() >= 0.85, "{class}\n{table}{errors}");
    }
}
