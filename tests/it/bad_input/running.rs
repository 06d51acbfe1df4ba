//! Runs that meet each other, and runs that are told to stop.

use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::crawl::bench::titles_in;
use crate::crawl::college::{College, HOST, title};
use crate::support::program::{Ran, command, ran, run};
use crate::support::server::Server;

const ARTICLES: u32 = 12;

/// A crawl that takes a while.
fn arguments(server: &Server, delay: &str) -> Vec<String> {
    let (seed, resolve) = (format!("http://{HOST}/xwzx.htm"), server.resolve(HOST));
    ["crawl", "--seed", &seed, "--resolve", &resolve, "--delay", delay].map(str::to_owned).to_vec()
}

fn start(dir: &TempDir, server: &Server) -> Child {
    let mut command = command(dir.path());
    command.args(arguments(server, "0.2")).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let asked = (0..3000).any(|_| {
        thread::sleep(Duration::from_millis(5));
        server.hits().len() >= 4
    });
    assert!(asked, "the crawl did not begin");
    child
}

/// Sends a signal by its name.
pub(crate) fn signal(child: &Child, name: &str) {
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
}

fn finish(dir: &TempDir, server: &Server) -> Ran {
    let arguments = arguments(server, "0");
    run(dir.path(), &arguments.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn a_second_run_is_six_at_once_and_readers_do_not_wait() {
    let (_college, server) = College::with(ARTICLES).serve();
    let dir = TempDir::new().unwrap();
    let mut first = start(&dir, &server);
    let second = finish(&dir, &server);
    assert_eq!((second.code, second.stderr.lines().count()), (6, 1), "{}", second.stderr);
    let holder = format!("process {} since 20", first.id());
    assert!(second.stderr.contains(&holder), "{:?} does not name {holder:?}", second.stderr);

    let captures = run(dir.path(), &["export", "captures"]);
    assert_eq!(captures.code, 0, "{}", captures.stderr);
    assert!(captures.stdout.lines().count() > 2, "what is committed is there to be read");
    assert!(run(dir.path(), &["status"]).stdout.contains(HOST));
    assert!(first.try_wait().unwrap().is_none(), "the first run is still at work");
    signal(&first, "INT");
    assert_eq!(ran(first.wait_with_output().unwrap()).code, 130);
}

#[test]
fn a_run_told_to_stop_commits_what_it_has_and_goes_on_next_time() {
    for (name, code) in [("HUP", 129), ("INT", 130), ("TERM", 143)] {
        let (_college, server) = College::with(ARTICLES).serve();
        let dir = TempDir::new().unwrap();
        let child = start(&dir, &server);
        signal(&child, name);
        let stopped = ran(child.wait_with_output().unwrap());
        assert_eq!((stopped.code, stopped.stdout.as_str()), (code, ""), "{name}: {}", stopped.stderr);
        assert_eq!(stopped.stderr, "interrupted; the next run goes on from here\n");
        let asked = server.hits().len();
        let captures = run(dir.path(), &["export", "captures"]).stdout.lines().count() - 1;
        assert_eq!(captures, asked, "{name}: everything fetched is committed");

        let rest = finish(&dir, &server);
        assert_eq!((rest.code, rest.stderr.as_str()), (0, ""), "{name}");
        assert_eq!(titles_in(&dir.path().join("archive")), (1..=ARTICLES).map(title).collect::<Vec<_>>());
        let targets = server.targets();
        let twice = targets.iter().filter(|t| targets.iter().filter(|o| o == t).count() > 1).collect::<Vec<_>>();
        assert!(twice.is_empty(), "{name}: asked twice: {twice:?}");
        assert_eq!(run(dir.path(), &["verify", "--full"]).code, 0);
    }
}

#[test]
fn a_second_signal_ends_the_run_at_once() {
    let server = Server::start(|request| {
        let silent = request.path() != "/robots.txt";
        let answer = crate::support::response::Response::status(404);
        if silent { answer.after(Duration::from_secs(9)) } else { answer }
    });
    let dir = TempDir::new().unwrap();
    let (seed, resolve) = (format!("http://{HOST}/xwzx.htm"), server.resolve(HOST));
    let mut child = command(dir.path())
        .args(["crawl", "--seed", &seed, "--resolve", &resolve, "--delay", "0"])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    assert!((0..1000).any(|_| {
        thread::sleep(Duration::from_millis(5));
        server.hits().len() >= 2
    }));
    signal(&child, "TERM");
    thread::sleep(Duration::from_millis(200));
    assert!(child.try_wait().unwrap().is_none(), "the first signal waits for what is under way");
    signal(&child, "TERM");
    let ended = (0..400).find_map(|_| {
        thread::sleep(Duration::from_millis(5));
        child.try_wait().unwrap()
    });
    assert_eq!(ended.and_then(|status| status.code()), Some(143));
    assert_eq!(run(dir.path(), &["verify", "--full"]).code, 0);
}

#[test]
fn a_university_kept_up_goes_down_at_the_first_signal() {
    use std::io::{BufRead as _, BufReader};
    for name in ["INT", "TERM"] {
        let dir = TempDir::new().unwrap();
        let mut child = command(dir.path()).args(["demo", "--serve"]).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let up = lines.map(Result::unwrap).filter(|line| line.starts_with("  --seed '")).take(4).count();
        assert_eq!(up, 4, "one seed a site, quoted for the shell");
        // The last line is printed before the wait begins.
        thread::sleep(Duration::from_millis(200));
        signal(&child, name);
        let ended = (0..1000).find_map(|_| {
            thread::sleep(Duration::from_millis(5));
            child.try_wait().unwrap()
        });
        child.kill().ok();
        assert_eq!(ended.and_then(|status| status.code()), Some(0), "{name}");
    }
}
