//! Every way of being a bad server that we know of, crawled at once by the real program.
//!
//! The cases are data: `tests/misbehaviours/*.toml`, one small site each. A site is a listing and one article, both
//! good, but for what its case says. In the same run a good site is crawled: it must be stored whole, whatever the others do.
//! Everything is on loopback, times are short by ordinary settings.

mod case;
mod child;
mod tls;
mod wire;

use std::fmt::Write as _;
use std::path::Path;

use rusqlite::Connection;
use tempfile::TempDir;

use crate::crawl::college::{College, HOST};
use crate::support::program;
use crate::support::response::Response;
use crate::support::server::{Request, Server};

use case::{Case, Connect};
use child::Ended;

/// Articles of the site that behaves.
const GOOD: u32 = 12;

/// Peak memory of the crawling process (RELIABILITY T2).
const MOST_MEMORY: u64 = 256 << 20;

const SETTINGS: &str = "[crawl]\nattempts = 2\nbackoff = 0.02\nmax_wait = 3\n\
    [fetch]\nconnect_timeout = 3.0\nheader_timeout = 3.0\nidle_timeout = 2.0\ntotal_timeout = 6.0\nmax_body_mib = 8\n\
    ca_file = \"ca.pem\"\n[archive]\nfree_space_mib = 1\n";

/// What the servers answer, by host.
fn answer(cases: &[Case], request: &Request) -> Response {
    let good = College::with(GOOD);
    if request.host() == HOST {
        return good.respond(request);
    }
    let case = cases.iter().find(|case| case.host() == request.host());
    let Some(case) = case else { return Response::status(421) };
    case.answer(request)
}

#[test]
fn every_misbehaviour_ends_as_its_row_says_and_the_others_go_on() {
    let cases = case::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/misbehaviours"));
    let answered = cases.clone();
    let server = Server::start(move |request| answer(&answered, request));
    let secure = tls::Server::start(cases.clone());
    let dir = TempDir::new().unwrap();
    let ended = crawl(dir.path(), &cases, &server, &secure);
    assert_eq!(ended.code, 4, "many sites failed: {}", ended.stderr);
    let database = Connection::open(dir.path().join("archive/shiguan.db")).unwrap();
    let report: serde_json::Value =
        serde_json::from_slice(&std::fs::read(dir.path().join("report.json")).unwrap()).unwrap();
    let hits = server.hits();
    let mut wrong = String::new();
    for case in &cases {
        for what in case.judge(&database, &report, &hits) {
            writeln!(wrong, "{} ({}): {what}", case.name, case.id).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{wrong}", cases.len());
    let stored: u32 =
        database.query_row("SELECT count(*) FROM articles WHERE site = ?1", [HOST], |row| row.get(0)).unwrap();
    assert_eq!(stored, GOOD, "the site that behaves is stored whole");
    assert!(ended.peak_memory > 0 && ended.peak_memory < MOST_MEMORY, "{} MiB", ended.peak_memory >> 20);

    assert!(cases.len() >= 120, "{} cases", cases.len());
    println!("{} cases; {} MiB at the most", cases.len(), ended.peak_memory >> 20);
    let verify = program::run(dir.path(), &["verify", "--full"]);
    assert_eq!(verify.code, 0, "{}{}", verify.stdout, verify.stderr);
}

/// Crawls all sites at once; the sites with a key of their own have a file, the others are seeds.
fn crawl(dir: &Path, cases: &[Case], server: &Server, secure: &tls::Server) -> Ended {
    let archive = dir.join("archive");
    std::fs::create_dir(&archive).unwrap();
    std::fs::write(archive.join("shiguan.toml"), SETTINGS).unwrap();
    std::fs::write(archive.join("ca.pem"), secure.root_pem()).unwrap();
    std::fs::create_dir_all(dir.join("selectors/sites")).unwrap();
    let mut command = program::command(dir);
    command.args(["crawl", "--selectors", "selectors", "--report", "report.json"]);
    command.args(["--delay", "0", "--concurrency", "24"]);
    command.args(["--seed", &format!("http://{HOST}/xwzx.htm"), "--resolve", &server.resolve(HOST)]);
    for case in cases {
        let host = case.host();
        let to = match case.connect {
            Connect::Plain => Some(server.resolve(&host)),
            Connect::Tls(_) => Some(format!("{host}:127.0.0.1:{}", secure.port())),
            Connect::Refused => Some(format!("{host}:127.0.0.1:1")),
            Connect::Unnamed => None,
        };
        command.args(to.iter().flat_map(|to| ["--resolve", to]));
        if case.lenient {
            let id = &case.name;
            let file = format!("site = \"{id}\"\nname = \"{id}\"\nseeds = [\"{}\"]\ntls = \"lenient\"\n", case.seed());
            std::fs::write(dir.join(format!("selectors/sites/{id}.toml")), file).unwrap();
            command.arg(id);
        } else {
            command.args(["--seed", &case.seed()]);
        }
    }
    child::run(command)
}
