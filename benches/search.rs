//! How large the full-text index is, how fast it is made, whether it finds everything, and how fast it answers.
//!
//! `cargo bench --bench search [-- ARTICLES]` (100,000 where nothing is named): articles are generated and indexed, one in five
//! in traditional characters; then 200 queries of one to eight characters, cut from the texts, are asked as `search` asks
//! them, each with the first page of hits, one in five in the other script too.
//!
//! What must be found is computed without the index: the words as they were before any was put into traditional characters, looked
//! for in every paragraph of the texts as they were then; a number or a Latin word counts where it stands whole (`docs/search.md`).
//! Indexing and answers are in processor time, an answer the first time it is asked for and the best of three; wall time beside it.

#![expect(clippy::print_stdout, reason = "figures are what a benchmark is for")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed setup should stop the benchmark")]
#![expect(clippy::cast_precision_loss, reason = "counts are small")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::path::Path;
use std::time::Instant;

use rusqlite::{Connection, params};
use rustix::time::{ClockId, clock_gettime};
use shiguan::domain::held::Filter;
use shiguan::segment::Query;
use shiguan::store::{Index, Reader};

#[path = "../tests/it/support/corpus.rs"]
#[expect(dead_code, reason = "other benchmarks and tests use the rest")]
mod corpus;
#[path = "support/processor.rs"]
mod processor;

use corpus::{Numbers, Recipe};

const QUERIES: usize = 200;

fn main() {
    let named = std::env::args().skip(1).find_map(|arg| arg.parse().ok());
    let articles: usize = named.unwrap_or(100_000);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("shiguan.db");
    let index = Index::open(dir.path()).unwrap();
    let mut numbers = Numbers(3);
    let texts = Texts::fill(&Connection::open(&path).unwrap(), articles, &mut numbers);
    let before = processor::seconds();
    index.begin().unwrap();
    index.rebuild_words().unwrap();
    index.commit().unwrap();
    let seconds = processor::seconds() - before;
    println!("{articles} articles, {:.0} MB of text", texts.bytes as f64 / 1e6);
    println!("indexing: {:.0} articles a processor second", articles as f64 / seconds);
    let size: i64 = Connection::open(&path)
        .unwrap()
        .query_row("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'search%'", [], |row| row.get(0))
        .unwrap();
    println!("index: {:.0} MB, {:.2} times the text", size as f64 / 1e6, size as f64 / texts.bytes as f64);
    let words: Vec<String> = (0..QUERIES).map(|at| texts.cut(1 + at % 8, &mut numbers)).collect();
    let asked: Vec<Asked<'_>> = words.iter().enumerate().map(|(at, word)| ask(dir.path(), at, word)).collect();
    check(&texts, &asked);
    tell(&asked);
}

/// The texts as they were written, before some were put into the other script.
struct Texts {
    /// Title and paragraphs of each article.
    lines: Vec<Vec<String>>,
    /// Bytes of all titles and bodies.
    bytes: usize,
}

impl Texts {
    /// Makes rows of articles without captures, as far as search reads them.
    fn fill(database: &Connection, articles: usize, numbers: &mut Numbers) -> Self {
        let mut texts = Self { lines: Vec::new(), bytes: 0 };
        database.execute_batch("PRAGMA foreign_keys = OFF; BEGIN").unwrap();
        let captures = "INSERT INTO runs (id, started_at, program, command) VALUES (1, '2026-11-01T00:00:00Z', '', ''); \
            INSERT INTO warc_files (id, name, warcinfo_id) VALUES (1, 'warc/a.warc.gz', ''); \
            INSERT INTO captures (id, run_id, site, purpose, url, captured_at, outcome, original_id, file_id, warc_offset, \
            payload_digest) VALUES (1, 1, '', 'article', '', '2026-11-01T00:00:00.000000Z', 'ok', 1, 1, 0, 'sha1:A')";
        database.execute_batch(captures).unwrap();
        let mut article = database
            .prepare(
                "INSERT INTO articles (id, key, family, published_on, content_digest, work_id, version_id, versions, \
                 capture_id, first_seen, last_seen) VALUES (?1, ?1, '', ?2, '', '', ?1, 1, 1, ?3, ?3)",
            )
            .unwrap();
        let mut version = database
            .prepare(
                "INSERT INTO article_versions (id, article_id, ordinal, capture_id, content_digest, record) \
                 VALUES (?1, ?1, 1, 1, '', ?2)",
            )
            .unwrap();
        for at in 1..=articles {
            let id = i64::try_from(at).unwrap();
            let recipe = Recipe::new(numbers);
            let (mut title, mut body) = (recipe.title(), recipe.body());
            texts.bytes += title.len() + body.len();
            texts.lines.push([title.as_str()].into_iter().chain(body.lines()).map(str::to_owned).collect());
            if at % 5 == 0 {
                (title, body) = (corpus::traditional(&title), corpus::traditional(&body));
            }
            let record =
                serde_json::to_string(&corpus::article(&format!("https://a.example/{id}"), &title, &body)).unwrap();
            let day = format!("2023-{:02}-{:02}", 1 + numbers.below(12), 1 + numbers.below(28));
            article.execute(params![id, day, "2026-11-01T00:00:00.000000Z"]).unwrap();
            version.execute(params![id, record]).unwrap();
        }
        database.execute_batch("COMMIT").unwrap();
        texts
    }

    /// So many characters in a row of some text, letters and digits only, no number or Latin word cut in two.
    fn cut(&self, length: usize, numbers: &mut Numbers) -> String {
        loop {
            let lines = &self.lines[numbers.below(self.lines.len())];
            let line: Vec<char> = lines[numbers.below(lines.len())].chars().collect();
            let from = numbers.below(line.len());
            let word: String = line.iter().skip(from).take(length).collect();
            let whole = word.chars().count() == length && word.chars().all(char::is_alphanumeric);
            if whole && stands(&line.iter().collect::<String>(), &word) {
                return word;
            }
        }
    }
}

/// Whether the word stands in the line, its first and last numbers and Latin words whole.
fn stands(line: &str, word: &str) -> bool {
    let joined = |a: Option<char>, b: Option<char>| match (a, b) {
        (Some(a), Some(b)) => {
            (a.is_ascii_digit() && b.is_ascii_digit()) || (a.is_ascii_alphabetic() && b.is_ascii_alphabetic())
        }
        _ => false,
    };
    line.match_indices(word).any(|(at, _)| {
        let (before, behind) = (line[..at].chars().next_back(), line[at + word.len()..].chars().next());
        !joined(before, word.chars().next()) && !joined(word.chars().next_back(), behind)
    })
}

/// A query and what came of it; milliseconds.
struct Asked<'w> {
    word: &'w str,
    found: Vec<i64>,
    total: usize,
    first: f64,
    best: f64,
    wall: f64,
}

/// Asks as the command does: a connection of its own, so that nothing is prepared beforehand.
fn ask<'w>(dir: &Path, at: usize, word: &'w str) -> Asked<'w> {
    let typed = if at % 5 == 4 { corpus::traditional(word) } else { word.to_owned() };
    let query = Query::read(&typed).unwrap();
    let once = || {
        let reader = Reader::open(dir).unwrap();
        let (from, before) = (Instant::now(), thread_milliseconds());
        let total = reader.search(&query, &Filter::default(), 0, 20).unwrap().total;
        (thread_milliseconds() - before, from.elapsed().as_secs_f64() * 1e3, total)
    };
    let runs = [once(), once(), once()];
    let least = |times: [f64; 3]| times.into_iter().fold(f64::MAX, f64::min);
    Asked {
        word,
        found: Reader::open(dir).unwrap().matching(&query, &Filter::default()).unwrap(),
        total: runs[0].2,
        first: runs[0].0,
        best: least(runs.map(|run| run.0)),
        wall: least(runs.map(|run| run.1)),
    }
}

fn thread_milliseconds() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

/// Holds what was found against what stands in the texts.
fn check(texts: &Texts, asked: &[Asked<'_>]) {
    let (mut missed, mut wrong, mut hits) = (0, 0, 0);
    for Asked { word, found, total, .. } in asked {
        let has = |lines: &&Vec<String>| lines.iter().any(|line| stands(line, word));
        let want: Vec<i64> = (1..).zip(&texts.lines).filter(|(_, lines)| has(lines)).map(|(id, _)| id).collect();
        let lacking = want.iter().filter(|id| found.binary_search(id).is_err()).count();
        let beyond = found.iter().filter(|id| want.binary_search(id).is_err()).count();
        if lacking + beyond > 0 || *total != found.len() {
            println!("  {word}: {lacking} missed, {beyond} wrong, {total} said of {}", found.len());
        }
        (missed, wrong, hits) = (missed + lacking, wrong + beyond, hits + want.len());
    }
    println!("{} queries, {hits} hits expected: {missed} missed, {wrong} found wrongly", asked.len());
}

fn tell(asked: &[Asked<'_>]) {
    for (what, of) in [
        ("processor time, first", (|one: &Asked<'_>| one.first) as fn(&Asked<'_>) -> f64),
        ("processor time, best of three", |one| one.best),
        ("wall time, best of three", |one| one.wall),
    ] {
        let mut times: Vec<f64> = asked.iter().map(of).collect();
        times.sort_by(f64::total_cmp);
        let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
        println!("{what}: p50 {:.1} ms, p99 {:.1} ms, longest {:.1} ms", at(50), at(99), at(100));
    }
    let mut slow: Vec<&Asked<'_>> = asked.iter().collect();
    slow.sort_by(|a, b| b.first.total_cmp(&a.first));
    for one in slow.iter().take(3) {
        println!("  slowest: {} ({} found) {:.1} ms", one.word, one.total, one.first);
    }
}
