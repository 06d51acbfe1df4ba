//! How large the full-text index is, how fast it is made, and how fast it answers.
//!
//! `cargo bench --bench search [-- ARTICLES]` (100,000 where nothing is named): articles are generated and indexed; then 200
//! queries of one to eight characters, cut from the texts, are asked as `search` asks them, each with the first page of hits.
//! Indexing is in processor time; an answer is in wall time, the best of three.

#![expect(clippy::print_stdout, reason = "figures are what a benchmark is for")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed setup should stop the benchmark")]
#![expect(clippy::cast_precision_loss, reason = "counts are small")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::time::Instant;

use rusqlite::{Connection, params};
use shiguan::domain::held::Filter;
use shiguan::segment::Query;
use shiguan::store::{Index, Reader};

#[path = "../tests/it/support/corpus.rs"]
#[expect(dead_code, reason = "other benchmarks and tests use the rest")]
mod corpus;
#[path = "support/processor.rs"]
mod processor;

use corpus::{Numbers, Recipe};

fn main() {
    let named = std::env::args().skip(1).find_map(|arg| arg.parse().ok());
    let articles: usize = named.unwrap_or(100_000);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("shiguan.db");
    let index = Index::open(dir.path()).unwrap();
    let mut numbers = Numbers(3);
    let (bytes, words) = fill(&Connection::open(&path).unwrap(), articles, &mut numbers);
    let before = processor::seconds();
    index.begin().unwrap();
    index.rebuild_words().unwrap();
    index.commit().unwrap();
    let seconds = processor::seconds() - before;
    println!("{articles} articles, {:.0} MB of text", bytes as f64 / 1e6);
    println!("indexing: {:.0} articles a processor second", articles as f64 / seconds);
    let size: i64 = Connection::open(&path)
        .unwrap()
        .query_row("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'search%'", [], |row| row.get(0))
        .unwrap();
    println!("index: {:.0} MB, {:.2} times the text", size as f64 / 1e6, size as f64 / bytes as f64);
    answer(dir.path(), &words);
}

/// Rows of articles without captures, as far as search reads them; gives the bytes of text and words to ask for.
fn fill(database: &Connection, articles: usize, numbers: &mut Numbers) -> (usize, Vec<String>) {
    let (mut bytes, mut words) = (0, Vec::new());
    database.execute_batch("PRAGMA foreign_keys = OFF; BEGIN").unwrap();
    let captures = "INSERT INTO runs (id, started_at, program, command) VALUES (1, '2026-11-01T00:00:00Z', '', ''); \
        INSERT INTO warc_files (id, name, warcinfo_id) VALUES (1, 'warc/a.warc.gz', ''); \
        INSERT INTO captures (id, run_id, site, purpose, url, captured_at, outcome, original_id, file_id, warc_offset, \
        payload_digest) VALUES (1, 1, '', 'article', '', '2026-11-01T00:00:00.000000Z', 'ok', 1, 1, 0, 'sha1:A')";
    database.execute_batch(captures).unwrap();
    let mut article = database
        .prepare(
            "INSERT INTO articles (id, key, family, published_on, content_digest, work_id, version_id, versions, capture_id, \
             first_seen, last_seen) VALUES (?1, ?1, '', ?2, '', '', ?1, 1, 1, ?3, ?3)",
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
        let (title, body) = (recipe.title(), recipe.body());
        bytes += title.len() + body.len();
        if at % (articles / 200).max(1) == 0 && words.len() < 200 {
            words.push(cut(&body, 1 + words.len() % 8, numbers));
        }
        let record =
            serde_json::to_string(&corpus::article(&format!("https://a.example/{id}"), &title, &body)).unwrap();
        let day = format!("2023-{:02}-{:02}", 1 + numbers.below(12), 1 + numbers.below(28));
        article.execute(params![id, day, "2026-11-01T00:00:00.000000Z"]).unwrap();
        version.execute(params![id, record]).unwrap();
    }
    database.execute_batch("COMMIT").unwrap();
    (bytes, words)
}

/// So many characters of a text, letters and digits only.
fn cut(text: &str, length: usize, numbers: &mut Numbers) -> String {
    let chars: Vec<char> = text.chars().collect();
    loop {
        let word: Vec<char> = chars.iter().skip(numbers.below(chars.len())).take(length).copied().collect();
        if word.len() == length && word.iter().all(|c| c.is_alphanumeric()) {
            return word.into_iter().collect();
        }
    }
}

fn answer(dir: &std::path::Path, words: &[String]) {
    let reader = Reader::open(dir).unwrap();
    let mut times: Vec<(f64, &str, usize)> = words
        .iter()
        .map(|word| {
            let query = Query::read(word).unwrap();
            let ask = || {
                let from = Instant::now();
                let found = reader.search(&query, &Filter::default(), 0, 20).unwrap();
                (from.elapsed().as_secs_f64() * 1e3, found.total)
            };
            let runs = [ask(), ask(), ask()];
            let best = runs.iter().map(|(time, _)| *time).fold(f64::MAX, f64::min);
            (best, word.as_str(), runs.first().map_or(0, |(_, total)| *total))
        })
        .collect();
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    let at = |percent: usize| times.get(times.len() * percent / 100).or(times.last()).copied().unwrap_or_default();
    let ((p50, ..), (p99, ..)) = (at(50), at(99));
    println!("{} queries: p50 {p50:.1} ms, p99 {p99:.1} ms", times.len());
    for (time, word, total) in times.iter().rev().take(3) {
        println!("  slowest: {word} ({total} found) {time:.1} ms");
    }
}
