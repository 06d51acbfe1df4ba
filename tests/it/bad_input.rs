//! What is wrong with what the program is given: one clear line that names the place, the contract's exit code, and
//! nothing lost.

mod places;
pub(crate) mod running;

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::thread;

use tempfile::TempDir;

use crate::crawl::college::{College, HOST};
use crate::support::program::{Ran, command, ran, run};
use crate::support::response::Response;
use crate::support::server::{Request, Server};

/// Crawls a seed of `a.test`, which is served here, into `archive`.
fn crawl(dir: &Path, server: &Server, seed: &str) -> Ran {
    let resolve = server.resolve("a.test");
    run(dir, &["crawl", "--seed", seed, "--resolve", &resolve, "--delay", "0"])
}

/// An archive with a small college in it, its server gone.
fn held() -> TempDir {
    let (_college, server) = College::with(3).serve();
    let dir = TempDir::new().unwrap();
    let (seed, resolve) = (format!("http://{HOST}/xwzx.htm"), server.resolve(HOST));
    let ran = run(dir.path(), &["crawl", "--seed", &seed, "--resolve", &resolve, "--delay", "0"]);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""), "cron wants silence");
    dir
}

fn one_line(ran: &Ran, code: i32, words: &[&str]) {
    assert_eq!(ran.code, code, "{words:?}: {}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1, "one clear line: {}", ran.stderr);
    for word in words {
        assert!(ran.stderr.contains(word), "{:?} does not say {word:?}", ran.stderr);
    }
}

fn answer(request: &Request) -> Response {
    match request.path() {
        "/empty" => Response::html("<html><title>新闻</title><body><div class=\"list\"><ul></ul></div></body></html>"),
        "/image" => Response::new(200, "image/png", &b"\x89PNG\r\n\x1a\n\0\0\0\0"[..]),
        "/round" => Response::redirect("/about"),
        "/about" => Response::redirect("/round"),
        "/self" => Response::redirect("/self"),
        "/403" => Response::status(403),
        "/500" => Response::status(500),
        _ => Response::status(404),
    }
}

#[test]
fn a_seed_that_gives_nothing_is_four_and_says_why() {
    let server = Server::start(answer);
    for (path, words) in [
        ("/missing", "status 404"),
        ("/403", "status 403"),
        ("/500", "status 500"),
        ("/empty", "neither a listing nor an article (no-content)"),
        ("/image", "neither a listing nor an article (not-html)"),
        ("/round", "redirects in a circle"),
        ("/self", "redirects in a circle"),
    ] {
        let dir = TempDir::new().unwrap();
        let ran = crawl(dir.path(), &server, &format!("http://a.test{path}"));
        one_line(&ran, 4, &["a.test: failed: ", ": http://a.test/", words]);
        let rows = run(dir.path(), &["export", "captures"]).stdout;
        assert!(rows.lines().count() >= 2, "{path}: even a failure is recorded\n{rows}");
    }
}

#[test]
fn hosts_that_cannot_be_asked_are_four_and_say_why() {
    let shut = Server::start(|_| Response::text("User-agent: *\nDisallow: /\n"));
    let dir = TempDir::new().unwrap();
    let ran = crawl(dir.path(), &shut, "http://a.test/xwzx.htm");
    one_line(&ran, 4, &["http://a.test/xwzx.htm", "forbidden by robots.txt"]);

    for (seed, resolve, words) in [
        ("http://b.test/", "b.test:127.0.0.1:1", "connect: Connection refused"),
        ("http://b.test/", "b.test:203.0.113.1", "203.0.113.1 is public and no contact is set"),
        ("http://127.0.0.1/", "b.test:127.0.0.1", "127.0.0.1 is not a public address"),
    ] {
        let dir = TempDir::new().unwrap();
        let ran = run(dir.path(), &["crawl", "--seed", seed, "--resolve", resolve]);
        one_line(&ran, 4, &[seed, words]);
    }
}

#[test]
fn https_at_a_port_that_speaks_http_is_said_so() {
    use std::io::{Read as _, Write as _};
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let resolve = format!("a.test:{}", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let heard = stream.read(&mut [0; 4096]).unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
        heard
    });
    let dir = TempDir::new().unwrap();
    let ran = run(dir.path(), &["crawl", "--seed", "https://a.test/", "--resolve", &resolve]);
    one_line(&ran, 4, &["https://a.test/robots.txt: tls", "is it http?"]);
    assert!(server.join().unwrap() > 0);
}

#[test]
fn settings_that_cannot_be_used_are_three() {
    for (text, words) in [
        (&b"dleay = 1\n"[..], "shiguan.toml:1: unknown field `dleay`"),
        (b"[crawl]\nconcurrency = 1000000\n", "shiguan.toml:2: concurrency: lies between 1 and 1024"),
        (b"contact = \"x\"\noperator = \"\xff\"\n", "shiguan.toml:2: not UTF-8"),
        (b"proxy = \"nonsense\"\n", "shiguan.toml:1: "),
    ] {
        let dir = TempDir::new().unwrap();
        fs::create_dir(dir.path().join("archive")).unwrap();
        fs::write(dir.path().join("archive/shiguan.toml"), text).unwrap();
        one_line(&run(dir.path(), &["crawl", "--seed", "http://127.0.0.1/"]), 3, &[words]);
    }
    let dir = TempDir::new().unwrap();
    fs::create_dir_all(dir.path().join("archive/shiguan.toml")).unwrap();
    one_line(&run(dir.path(), &["crawl", "--seed", "http://127.0.0.1/"]), 3, &["archive/shiguan.toml"]);
    one_line(&run(dir.path(), &["init"]), 3, &["archive/shiguan.toml"]);
}

#[cfg(not(feature = "legacy-tls"))]
#[test]
fn a_site_with_tls_of_another_age_needs_a_program_that_speaks_it() {
    let dir = TempDir::new().unwrap();
    let sites = dir.path().join("selectors/sites");
    fs::create_dir_all(&sites).unwrap();
    let file = "site = \"old\"\nname = \"old\"\nseeds = [\"https://old.test/\"]\ntls = \"legacy\"\n";
    fs::write(sites.join("old.toml"), file).unwrap();
    let ran = run(dir.path(), &["crawl", "--selectors", "selectors", "--resolve", "old.test:127.0.0.1:9"]);
    one_line(&ran, 3, &["old.test", "--features legacy-tls"]);
}

#[test]
fn an_empty_settings_file_and_a_day_to_come_are_nothing_wrong() {
    let (_college, server) = College::with(3).serve();
    let dir = TempDir::new().unwrap();
    fs::create_dir(dir.path().join("archive")).unwrap();
    fs::write(dir.path().join("archive/shiguan.toml"), "").unwrap();
    let (seed, resolve) = (format!("http://{HOST}/xwzx.htm"), server.resolve(HOST));
    let ran =
        run(dir.path(), &["crawl", "--seed", &seed, "--resolve", &resolve, "--delay", "0", "--since", "2999-01-01"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(run(dir.path(), &["export", "articles", "--format", "jsonl"]).stdout, "");
}

#[test]
fn arguments_nobody_can_mean_are_two() {
    use std::os::unix::ffi::OsStrExt as _;
    let dir = TempDir::new().unwrap();
    for arguments in [
        &["crawl", "--archive", ""][..],
        &["crawl", "--concurrency", "5000"],
        &["crawl", "--concurrency", "99999999999999999999"],
        &["crawl", "--seed", "ftp://a.test/"],
        &["crawl", "--seed", "http:///"],
        &["crawl", "--seed", "http://127.0.0.1/", "--report", "report.txt"],
        &["export", "articles", "-o", ""],
    ] {
        let ran = run(dir.path(), arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
    }
    let odd = std::ffi::OsStr::from_bytes(b"http://a.test/\xff");
    assert_eq!(ran(command(dir.path()).args(["crawl", "--seed"]).arg(odd).output().unwrap()).code, 2);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "nothing was begun");
}

#[test]
fn places_that_cannot_be_written_are_three_before_anything_is_asked() {
    let dir = held();
    fs::write(dir.path().join("file"), "").unwrap();
    fs::create_dir(dir.path().join("folder.json")).unwrap();
    for (arguments, words) in [
        (&["crawl", "--archive", "file"][..], "file: not a folder"),
        (&["crawl", "--archive", "file/below"], "file/below: not a folder"),
        // No process may make a folder there, not even root's.
        (&["crawl", "--archive", "/sys/archive"], "/sys/archive: not writable"),
        (&["crawl", "--report", "file/report.json"], "file/report.json"),
        (&["crawl", "--report", "folder.json"], "folder.json: is a folder"),
        (&["export", "articles", "-o", "nowhere/a.csv"], "nowhere/a.csv: no such folder"),
        (&["export", "articles", "-o", "folder.json"], "folder.json: is a folder"),
    ] {
        let seed = ["--seed", "http://127.0.0.1:1/"];
        let arguments = if arguments[0] == "crawl" { [arguments, &seed].concat() } else { arguments.to_vec() };
        one_line(&run(dir.path(), &arguments), 3, &[words]);
    }
    let leftovers = |name: &str| name.starts_with(".shiguan") || name.starts_with(".tmp");
    for entry in fs::read_dir(dir.path()).unwrap() {
        assert!(!leftovers(&entry.unwrap().file_name().to_string_lossy()));
    }
}

#[test]
fn a_damaged_or_missing_index_is_five_and_stays_as_it_is() {
    let dir = held();
    let index = dir.path().join("archive/shiguan.db");
    let whole = fs::read(&index).unwrap();
    let noise: Vec<u8> = (0..40_000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
    for (bytes, words) in [
        (Some(noise), "index damaged"),
        (Some(whole[..whole.len() / 3].to_vec()), "index damaged"),
        (Some(Vec::new()), "index missing"),
        (None, "index missing"),
    ] {
        for name in ["shiguan.db", "shiguan.db-wal", "shiguan.db-shm"] {
            fs::remove_file(dir.path().join("archive").join(name)).ok();
        }
        if let Some(bytes) = &bytes {
            fs::write(&index, bytes).unwrap();
        }
        for arguments in
            [&["crawl", "--seed", "http://127.0.0.1:1/"][..], &["status"], &["export", "articles"], &["verify"]]
        {
            let ran = run(dir.path(), arguments);
            one_line(&ran, 5, &["archive/shiguan.db", words]);
            assert_eq!(ran.stdout, "");
        }
        assert_eq!(fs::read(&index).ok(), bytes, "a damaged index is somebody's evidence");
    }
    fs::write(&index, whole).unwrap();
    assert_eq!(run(dir.path(), &["verify", "--full"]).code, 0, "nothing else was touched");
}

#[test]
fn an_archive_of_a_newer_version_is_three_and_stays_as_it_is() {
    let dir = held();
    let index = dir.path().join("archive/shiguan.db");
    crate::support::dump::by_hand(&dir.path().join("archive")).execute_batch("PRAGMA user_version = 99").unwrap();
    let before = fs::read(&index).unwrap();
    for arguments in
        [&["crawl", "--seed", "http://127.0.0.1:1/"][..], &["status"], &["export", "articles"], &["verify"]]
    {
        one_line(&run(dir.path(), arguments), 3, &["archive/shiguan.db", "99 is newer"]);
    }
    assert_eq!(fs::read(&index).unwrap(), before);
}

#[test]
fn the_free_space_floor_is_seven_and_the_next_run_goes_on() {
    let (_college, server) = College::with(3).serve();
    let dir = TempDir::new().unwrap();
    let settings = dir.path().join("archive/shiguan.toml");
    fs::create_dir(dir.path().join("archive")).unwrap();
    let (seed, resolve) = (format!("http://{HOST}/xwzx.htm"), server.resolve(HOST));
    let arguments = ["crawl", "--seed", &seed, "--resolve", &resolve, "--delay", "0"];

    fs::write(&settings, "[archive]\nfree_space_mib = 1_000_000_000\n").unwrap();
    one_line(&run(dir.path(), &arguments), 7, &["archive: out of space", "bytes free"]);
    fs::write(&settings, "").unwrap();
    let ran = run(dir.path(), &arguments);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(run(dir.path(), &["export", "articles", "--format", "jsonl"]).stdout.lines().count(), 3);
    assert_eq!(run(dir.path(), &["verify", "--full"]).code, 0);
}

#[test]
fn help_and_tables_into_a_closed_pipe_are_no_failure() {
    let dir = held();
    for arguments in [&["--help"][..], &["status"], &["export", "articles"], &["verify"], &["man"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let ran = ran(command(dir.path()).args(arguments).stdout(writer).output().unwrap());
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{arguments:?}");
    }
}
