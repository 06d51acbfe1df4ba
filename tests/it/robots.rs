//! From a host's answer to its rules, over a real connection.

use std::path::Path;
use std::{env, fs};

use shiguan::decode::undo_coding;
use shiguan::domain::capture::{Capture, Truncation};
use shiguan::domain::request::{FetchRequest, Purpose};
use shiguan::domain::robots::RobotsRules;
use shiguan::fetch::{Fetch as _, HttpFetch, Options};
use shiguan::robots::{self, Verdict};
use url::Url;

use crate::support::response::Response;
use crate::support::server::Server;

fn ask(response: Response) -> Capture {
    let server = Server::start(move |_| response.clone());
    let request = FetchRequest {
        url: server.url("/robots.txt"),
        site: "donghu".to_owned(),
        purpose: Purpose::Robots,
        via: None,
        hops: 0,
        attempt: 0,
        walk: None,
        item: None,
        prior: None,
    };
    let options = Options { allow: vec!["127.0.0.0/8".parse().unwrap()], ..Options::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(HttpFetch::new(options).unwrap().fetch(&request)).unwrap()
}

fn rules(capture: &Capture) -> RobotsRules {
    match robots::verdict(Some(capture.status)) {
        Verdict::Rules => robots::parse(&undo_coding(&capture.payload, capture.header("content-encoding")), "shiguan"),
        Verdict::AllowAll => RobotsRules::allow_all(),
        Verdict::DisallowAll => RobotsRules::disallow_all(),
    }
}

fn allows(response: Response, path: &str) -> bool {
    rules(&ask(response)).allows(&Url::parse("http://news.donghu.example").unwrap().join(path).unwrap())
}

#[test]
fn an_answer_decides_what_is_open() {
    let file = "\u{feff}User-agent: *\r\nDisallow: /admin\r\n";
    for (case, response, admin, news) in [
        ("the file", Response::text(file), false, true),
        ("in GBK", Response::text(&b"# \xcb\xb5\xc3\xf7\nUser-agent: *\nDisallow: /admin"[..]), false, true),
        ("marked up in a remark", Response::text(format!("# <!-- <a href=x> -->\n{}", &file[3..])), false, true),
        ("the home page", Response::html("<html><body>\nUser-agent: *\nDisallow: /\n</body>"), true, true),
        ("no file", Response::status(404), true, true),
        ("closed file", Response::status(403), true, true),
        ("broken server", Response::status(500), false, false),
    ] {
        assert_eq!((allows(response.clone(), "/admin/a"), allows(response, "/news")), (admin, news), "{case}");
    }
}

#[test]
fn a_huge_file_is_cut_and_its_rules_still_count() {
    let file = format!("User-agent: *\nDisallow: /admin\n{}", "Disallow: /x/y/z\n".repeat(100_000));
    let capture = ask(Response::text(file));
    assert_eq!((capture.payload.len(), capture.truncated), (1 << 20, Some(Truncation::Length)));
    assert!(!rules(&capture).allows(&Url::parse("http://news.donghu.example/admin").unwrap()));
}

/// One case, as a line of JSON: a file, who asks for what, and the answer; the file's bytes are hex where they are no text.
#[derive(serde::Deserialize)]
struct Case {
    name: String,
    #[serde(default)]
    robots: String,
    robots_hex: Option<String>,
    agent: String,
    url: Url,
    /// `None` where only the answer is asked for.
    allowed: Option<bool>,
}

impl Case {
    fn answer(&self) -> bool {
        let hex = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap();
        let bytes = self.robots_hex.as_deref().map_or_else(|| self.robots.clone().into_bytes(), hex);
        robots::parse(&bytes, &self.agent).allows(&self.url)
    }
}

fn cases(path: &Path) -> Vec<Case> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Our own cases, and those of the file that `SHIGUAN_ROBOTS_CASES` names; `SHIGUAN_ROBOTS_ANSWERS` is where our answers to
/// the latter go (`tests/robots` compares them with another program's).
#[test]
fn every_case_is_answered_as_it_says() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/robots/cases.jsonl");
    let mut wrong = Vec::new();
    let mut judge = |case: &Case| {
        let answer = case.answer();
        if case.allowed.is_some_and(|allowed| allowed != answer) {
            wrong.push(format!("{}: {}", case.name, if answer { "allowed" } else { "forbidden" }));
        }
        answer
    };
    let held = cases(&own);
    assert!(held.len() > 80 && held.iter().all(|case| case.allowed.is_some()));
    for case in &held {
        judge(case);
    }
    if let Some(more) = env::var_os("SHIGUAN_ROBOTS_CASES") {
        let more = cases(Path::new(&more));
        let answers: Vec<&str> =
            more.iter().map(|case| if judge(case) { "allowed\n" } else { "forbidden\n" }).collect();
        if let Some(path) = env::var_os("SHIGUAN_ROBOTS_ANSWERS") {
            fs::write(path, answers.concat()).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
