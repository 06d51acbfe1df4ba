//! What hostile pages cost the program: processor time and peak memory of a process that reads one page.
//!
//! The program reads the page and then waits for a second one on its standard input; while it waits, the kernel is asked
//! what it has needed so far. Neither figure depends on what else the machine does. An optimised build reads pages of full
//! size (`cargo test --release --test it hostile`), any other build a fifth of it.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use super::pages;
use crate::support::program;

/// Processor seconds that one page may take, start of the program included.
const SECONDS: f64 = if cfg!(debug_assertions) { 40.0 } else { 2.0 };

/// Bytes that one page may take besides four times its own size.
const MEMORY: usize = (64 << 20) + UNOPTIMISED;
/// What the code of a build without optimisation takes above that of a release build.
const UNOPTIMISED: usize = if cfg!(debug_assertions) { 12 << 20 } else { 0 };

/// Linux counts processor time in hundredths of a second.
const TICKS_PER_SECOND: f64 = 100.0;

/// What a process has needed so far.
struct Cost {
    seconds: f64,
    bytes: usize,
}

impl Cost {
    fn of(process: &Child) -> Self {
        let about = |file: &str| fs::read_to_string(format!("/proc/{}/{file}", process.id())).unwrap();
        let status = about("status");
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        let kibibytes: usize = peak.trim().trim_end_matches(" kB").trim().parse().unwrap();
        let stat = about("stat");
        // The second field is the program's name in brackets and may hold anything.
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_ascii_whitespace().collect();
        let ticks = |field: usize| fields[field].parse::<f64>().unwrap();
        Self { seconds: (ticks(11) + ticks(12)) / TICKS_PER_SECOND, bytes: kibibytes << 10 }
    }
}

/// What reading one page costs, and its record.
fn read(page: &[u8]) -> (Cost, String) {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("page.html"), page).unwrap();
    let mut command = program::command(dir.path());
    let mut process =
        command.args(["extract", "page.html", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut record = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut record).unwrap();
    let cost = Cost::of(&process);
    drop(process.stdin.take());
    process.wait().unwrap();
    (cost, record)
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "asks the kernel through /proc")]
fn no_page_takes_more_time_or_memory_than_its_size_allows() {
    let mut over = Vec::new();
    for (name, page) in pages::all(if cfg!(debug_assertions) { 5 } else { 1 }) {
        let (cost, record) = read(&page);
        assert!(record.starts_with("{\"kind\":"), "{name}: {record}");
        let allowed = MEMORY + 4 * page.len();
        let mebibytes = |bytes: usize| bytes.div_ceil(1 << 20);
        if cost.bytes > allowed || cost.seconds > SECONDS {
            let (took, may) = (mebibytes(cost.bytes), mebibytes(allowed));
            over.push(format!("{name}: {took} MiB of {may}, {:.1} s of {SECONDS}", cost.seconds));
        }
    }
    assert!(over.is_empty(), "{over:#?}");
}

#[test]
fn a_page_of_too_many_links_says_so() {
    let (_, record) = read(&pages::page(&pages::distinct_links(6_000)));
    assert!(record.contains("\"too-many-links\""), "{}", record.chars().rev().take(300).collect::<String>());
    let (_, record) = read(&pages::page(&pages::distinct_links(200)));
    assert!(record.contains("\"kind\":\"listing\"") && !record.contains("too-many-links"), "{record}");
}
