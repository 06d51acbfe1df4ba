//! What is fuzzed: a function for each parser that meets bytes from outside, and how long it may take.
//!
//! A target asks for more than "no panic" wherever something must hold of every input: what is read twice is read the
//! same, what is written can be read. `tests/it/fuzz.rs` runs the same functions over inputs that once went wrong.

mod files;
mod http;
mod pages;
mod words;

use rustix::time::{ClockId, clock_gettime};

/// Takes any bytes; panics where something is wrong.
pub type Target = fn(&[u8]);

/// All targets by name. Each has a file of its name in `fuzz_targets/`.
pub const TARGETS: &[(&str, Target)] = &[
    ("head", http::head),
    ("answer", http::answer),
    ("decode", pages::decode),
    ("page", pages::page),
    ("inspect", pages::inspect),
    ("data", pages::data),
    ("robots", http::robots),
    ("address", http::address),
    ("warc", files::warc),
    ("package", files::package),
    ("reindex", files::reindex),
    ("settings", files::settings),
    ("selectors", files::selectors),
    ("works", files::works),
    ("arguments", words::arguments),
    ("query", words::query),
    ("schedule", words::schedule),
    ("reflections", words::reflections),
    ("texts", words::texts),
];

/// Longest input that is tried.
pub const LONGEST: usize = 1 << 20;

/// Most processor time one input may take, in milliseconds: what a page may cost a crawl that meets it. It is the time
/// of an instrumented build with all checks on, so several times that of the program itself.
const MOST: i64 = 5000;

/// Runs a target over one input. An unknown name is a mistake in `fuzz_targets/`.
pub fn try_one(name: &str, input: &[u8]) {
    let (_, target) = TARGETS.iter().find(|(known, _)| *known == name).unwrap();
    let begun = milliseconds();
    target(input);
    let took = milliseconds() - begun;
    assert!(took <= MOST, "{name}: {took} ms of processor time for {} bytes", input.len());
}

/// Processor time of this thread.
fn milliseconds() -> i64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec * 1000 + time.tv_nsec / 1_000_000
}

/// The first line and what follows it; all of it where there is no line.
fn first_line(input: &[u8]) -> (&[u8], &[u8]) {
    match input.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&input[..end], &input[end + 1..]),
        None => (b"", input),
    }
}
