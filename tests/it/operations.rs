//! What whoever runs it every night goes by: schedules, `watch`, `status`, reports and figures, also of a night that went wrong.

use std::fs;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use crate::bad_input::running::signal;
use crate::crawl::college::{College, HOST};
use crate::support::program::{self, run};
use crate::support::server::Server;

/// A folder of selectors with one site whose schedule this is.
fn configure(dir: &Path, id: &str, schedule: &str) {
    let sites = dir.join("selectors/sites");
    fs::create_dir_all(&sites).unwrap();
    let seed = format!("http://{HOST}/xwzx.htm");
    let text = format!("site = \"{id}\"\nname = \"云岭\"\nseeds = [\"{seed}\"]\nschedule = \"{schedule}\"\n");
    fs::write(sites.join(format!("{id}.toml")), text).unwrap();
}

fn due(dir: &Path, server: &Server, more: &[&str]) -> program::Ran {
    let resolve = server.resolve(HOST);
    run(dir, &[&["crawl", "--due", "--selectors", "selectors", "--resolve", &resolve], more].concat())
}

fn next_due(dir: &Path) -> serde_json::Value {
    let ran = run(dir, &["status", "--json", "--selectors", "selectors"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str::<serde_json::Value>(&ran.stdout).unwrap()["sites"][0]["next_due"].clone()
}

#[test]
fn a_site_is_crawled_when_due_and_then_left_alone() {
    let (_college, server) = College::with(3).serve();
    let dir = TempDir::new().unwrap();
    configure(dir.path(), "yunling", "0 0 1 1 *");
    let first = due(dir.path(), &server, &["--delay", "0", "--metrics", "figures/shiguan.prom"]);
    assert_eq!((first.code, first.stdout.as_str(), first.stderr.as_str()), (0, "", ""));
    let figures = fs::read_to_string(dir.path().join("figures/shiguan.prom")).unwrap();
    assert!(figures.contains("shiguan_site_articles{site=\"yunling\",result=\"new\"} 3\n"), "{figures}");
    assert!(figures.contains("shiguan_run_exit_code 0\n"), "{figures}");
    let asked = server.hits().len();
    assert!(asked > 3, "robots.txt, a listing and three articles, not {asked}");
    let second = due(dir.path(), &server, &["--delay", "0"]);
    assert_eq!((second.code, second.stdout.as_str(), second.stderr.as_str()), (0, "", ""));
    assert_eq!(server.hits().len(), asked, "not due again before new year");
    let next = next_due(dir.path());
    assert!(next.as_str().is_some_and(|at| at.ends_with("-12-31T16:00:00Z")), "{next}");
    let text = run(dir.path(), &["status", "--selectors", "selectors"]).stdout;
    assert!(text.contains("-01-01 00:00:00"), "the schedule's own clock: {text}");
    assert!(text.lines().next().is_some_and(|head| head.contains("next due (+08:00)")), "{text}");
}

#[test]
fn a_crawl_cut_off_by_its_time_is_due_at_once() {
    let (_college, server) = College::with(12).serve();
    let dir = TempDir::new().unwrap();
    configure(dir.path(), "yunling", "@yearly");
    let cut = due(dir.path(), &server, &["--delay", "0.4", "--max-time", "1s"]);
    assert_eq!((cut.code, cut.stderr.trim()), (0, "time is up; the next run goes on from here"));
    assert_eq!(next_due(dir.path()), "now");
    assert_eq!(due(dir.path(), &server, &["--delay", "0"]).code, 0);
    assert_ne!(next_due(dir.path()), "now");
    let asked = server.targets();
    assert!(
        (1..=12).all(|n| asked.iter().filter(|t| t.ends_with(&format!("/{n}.htm")) && t.contains("info")).count() == 1),
        "{asked:?}"
    );
}

#[test]
fn a_schedule_that_cannot_be_read_names_file_and_key() {
    let (_college, server) = College::with(1).serve();
    let server = server.may_stay_unasked();
    let dir = TempDir::new().unwrap();
    configure(dir.path(), "yunling", "every night");
    let ran = due(dir.path(), &server, &["--delay", "0"]);
    assert_eq!(ran.code, 3);
    assert!(ran.stderr.contains("sites/yunling.toml:4: schedule: \"every night\" is no schedule"), "{}", ran.stderr);
    assert_eq!(run(dir.path(), &["crawl", "--due", "--seed", "http://news.yunling.test/"]).code, 2);
    let lint = run(dir.path(), &["selectors", "lint", "selectors"]);
    assert_eq!(lint.code, 3);
    assert!(lint.stdout.contains("yunling.toml") && lint.stdout.contains("schedule"), "{}", lint.stdout);
}

/// A window that opens in two hours.
fn shut_now() -> String {
    #[expect(clippy::disallowed_methods, reason = "the program under test reads the same clock")]
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() / 60 + 8 * 60;
    let [from, to] = [120, 180].map(|later| (now + later) % 1440).map(|at| format!("{:02}:{:02}", at / 60, at % 60));
    format!("{from}-{to}")
}

/// The site's file with one more line.
fn add_line(dir: &Path, line: &str) {
    configure(dir, "yunling", "@daily");
    let path = dir.join("selectors/sites/yunling.toml");
    fs::write(&path, fs::read_to_string(&path).unwrap() + line + "\n").unwrap();
}

#[test]
fn outside_its_window_a_site_is_not_due_and_nothing_is_asked_of_it() {
    let (_college, server) = College::with(3).serve();
    let server = server.may_stay_unasked();
    let dir = TempDir::new().unwrap();
    add_line(dir.path(), &format!("window = \"{}\"", shut_now()));
    let waiting = due(dir.path(), &server, &["--delay", "0"]);
    assert_eq!((waiting.code, waiting.stderr.as_str(), server.hits().len()), (0, "", 0));
    add_line(dir.path(), "window = \"always\"");
    assert_eq!(due(dir.path(), &server, &["--delay", "0"]).code, 0);
    assert_eq!(server.hits().len(), 5, "robots.txt, a listing and three articles");
    add_line(dir.path(), &format!("window = \"{}\"", shut_now()));
    let resolve = server.resolve(HOST);
    let more = ["--selectors", "selectors", "--resolve", &resolve, "--delay", "0", "--report", "r.json"];
    let asked_for = run(dir.path(), &[&["crawl", "yunling"], &more[..]].concat());
    assert_eq!((asked_for.code, asked_for.stderr.as_str(), server.hits().len()), (0, "", 5));
    let report: serde_json::Value = serde_json::from_slice(&fs::read(dir.path().join("r.json")).unwrap()).unwrap();
    let site = &report["sites"][0];
    assert!(site["postponed"].as_str().is_some_and(|why| why.contains("outside its window")), "{site}");
    let told = (&site["verdict"], &site["left_over"], &site["counts"]["skipped"]["outside_window"]);
    assert_eq!(told, (&"outside-window".into(), &1.into(), &1.into()));
    let status = run(dir.path(), &["status", "--selectors", "selectors"]).stdout;
    assert!(status.contains("outside-window") && status.contains("outside its window"), "{status}");
    assert_ne!(next_due(dir.path()), "now", "it is for the window, although a run was begun and not ended");
    add_line(dir.path(), "window = \"always\"");
    assert_eq!(next_due(dir.path()), "now");
    assert_eq!(due(dir.path(), &server, &["--delay", "0"]).code, 0);
    assert_eq!(server.count("/xwzx.htm"), 2, "what was left over is done");
}

#[test]
fn the_window_of_the_settings_is_that_of_every_site_that_names_none() {
    let (_college, server) = College::with(1).serve();
    let server = server.may_stay_unasked();
    let dir = TempDir::new().unwrap();
    configure(dir.path(), "yunling", "@daily");
    fs::write(dir.path().join("s.toml"), format!("[crawl]\nwindow = \"{}\"\n", shut_now())).unwrap();
    let waiting = due(dir.path(), &server, &["--delay", "0", "--config", "s.toml"]);
    assert_eq!((waiting.code, server.hits().len()), (0, 0), "{}", waiting.stderr);
    add_line(dir.path(), "window = \"always\"");
    assert_eq!(due(dir.path(), &server, &["--delay", "0", "--config", "s.toml"]).code, 0);
    assert_eq!(server.hits().len(), 3);
}

#[test]
fn a_window_that_cannot_be_read_names_file_line_and_key() {
    let (_college, server) = College::with(1).serve();
    let server = server.may_stay_unasked();
    let dir = TempDir::new().unwrap();
    add_line(dir.path(), "window = \"22:00 to 6:00\"");
    let ran = due(dir.path(), &server, &["--delay", "0"]);
    assert_eq!(ran.code, 3);
    let want = "sites/yunling.toml:5: window: \"22:00 to 6:00\" is no window such as \"22:00-06:00\"";
    assert!(ran.stderr.contains(want), "{}", ran.stderr);
}

#[test]
fn the_watch_says_when_it_is_ready_crawls_and_ends_at_a_signal() {
    let (_college, server) = College::with(2).serve();
    let dir = TempDir::new().unwrap();
    configure(dir.path(), "yunling", "@daily");
    let socket = dir.path().join("notify");
    let manager = UnixDatagram::bind(&socket).unwrap();
    manager.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    let mut child = program::command(dir.path())
        .args(["watch", "--selectors", "selectors", "--resolve", &server.resolve(HOST), "--delay", "0"])
        .env("NOTIFY_SOCKET", &socket)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut heard = Vec::new();
    let mut buffer = [0; 256];
    while !heard.iter().any(|said: &String| said.contains("waiting")) {
        let length = manager.recv(&mut buffer).unwrap();
        heard.push(String::from_utf8(buffer[..length].to_vec()).unwrap());
    }
    assert!(heard[0].contains("READY=1"), "{heard:?}");
    assert_eq!(server.count("/info/1001/1.htm"), 1, "the crawl came before the wait");
    signal(&child, "TERM");
    assert_eq!(child.wait().unwrap().code(), Some(143));
    assert_eq!(run(dir.path(), &["watch", "--seed", "http://news.yunling.test/"]).code, 2);
    let unknown = run(dir.path(), &["watch", "--selectors", "selectors", "nosuch"]);
    assert!(unknown.code == 3 && unknown.stderr.contains("nosuch: no such site"), "{}", unknown.stderr);
}

/// What `status --json` says of the only site.
fn standing(dir: &Path) -> serde_json::Value {
    let ran = run(dir, &["status", "--json", "--selectors", "selectors"]);
    serde_json::from_str::<serde_json::Value>(&ran.stdout).unwrap()["sites"][0].clone()
}

#[test]
fn a_site_that_failed_is_named_by_status_report_and_figures() {
    let mut college = College::with(2);
    college.status.insert("/xwzx.htm".to_owned(), 403);
    let (_college, server) = college.serve();
    let dir = TempDir::new().unwrap();
    configure(dir.path(), "yunling", "@daily");
    let reports = ["--report", "r.json", "--report", "r.html"];
    let night = due(dir.path(), &server, &[&["--delay", "0", "--metrics", "m.prom"], &reports[..]].concat());
    assert_eq!(night.code, 4);
    let why = format!("http://{HOST}/xwzx.htm: status 403 (forbidden by the server)");
    let standing = standing(dir.path());
    assert_eq!((&standing["verdict"], &standing["why"]), (&"blocked".into(), &why.as_str().into()), "{standing}");
    assert!(night.stderr.contains(&format!("yunling: failed: blocked: {why}\n")), "{}", night.stderr);
    assert!(run(dir.path(), &["status"]).stdout.contains(&format!("yunling: {why}\n")));
    let figures = fs::read_to_string(dir.path().join("m.prom")).unwrap();
    assert!(figures.contains("shiguan_site_failed{site=\"yunling\"} 1\n"), "{figures}");
    assert!(figures.contains("shiguan_site_verdict{site=\"yunling\",verdict=\"blocked\"} 1\n"), "{figures}");
    let report: serde_json::Value = serde_json::from_slice(&fs::read(dir.path().join("r.json")).unwrap()).unwrap();
    assert_eq!((&report["exit"], &report["sites"][0]["failed"]), (&4.into(), &why.as_str().into()), "{report:#}");
    assert_eq!(report["sites"][0]["verdict"], "blocked", "{report:#}");
    let page = fs::read_to_string(dir.path().join("r.html")).unwrap();
    assert!(page.contains("被拒绝访问") && page.contains(&why), "{page}");
}

#[test]
fn a_night_that_ran_out_of_space_has_its_report() {
    let (_college, server) = College::with(2).serve();
    let server = server.may_stay_unasked();
    let dir = TempDir::new().unwrap();
    configure(dir.path(), "yunling", "@daily");
    fs::write(dir.path().join("settings.toml"), "[archive]\nfree_space_mib = 1000000000\n").unwrap();
    let more = ["--delay", "0", "--config", "settings.toml", "--report", "r.json", "--metrics", "m.prom"];
    let night = due(dir.path(), &server, &more);
    assert_eq!(night.code, 7, "{}", night.stderr);
    assert!(night.stderr.lines().last().unwrap().contains("out of space"), "{}", night.stderr);
    let report: serde_json::Value = serde_json::from_slice(&fs::read(dir.path().join("r.json")).unwrap()).unwrap();
    assert_eq!((&report["exit"], &report["stopped"]), (&7.into(), &"broken".into()), "{report:#}");
    assert!(report["error"].as_str().unwrap().contains("out of space"), "{report:#}");
    assert!(report["sites"][0]["left_over"].as_u64().unwrap() > 0, "{report:#}");
    assert!(fs::read_to_string(dir.path().join("m.prom")).unwrap().contains("shiguan_run_exit_code 7\n"));
}
