//! How well and how fast reposts are found: a generated set with planted reposts and near misses, stored one article at a
//! time.
//!
//! `cargo bench --bench works [-- ARTICLES REPOSTS MISSES]` (20,000, 3,000 and 2,000 where nothing is named). Precision and
//! recall are over pairs of articles. Processor time is that of storing the articles, works included, and once more of
//! computing all works from nothing; both must give the same works.

#![expect(clippy::print_stdout, reason = "figures are what a benchmark is for")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed setup should stop the benchmark")]
#![expect(clippy::cast_precision_loss, reason = "counts are small")]

use std::collections::HashMap;

use shiguan::domain::held::Filter;
use shiguan::store::Reader;

#[path = "../tests/it/support/corpus.rs"]
mod corpus;
#[path = "support/processor.rs"]
mod processor;

use corpus::{Planted, Shelf};

fn main() {
    let mut named = std::env::args().skip(1).filter_map(|arg| arg.parse().ok());
    let (articles, reposts, misses) =
        (named.next().unwrap_or(20_000), named.next().unwrap_or(3_000), named.next().unwrap_or(2_000));
    let set = corpus::planted(20_231_106, articles, reposts, misses);
    let dir = tempfile::tempdir().unwrap();
    let mut shelf = Shelf::open(dir.path());
    let texts = set.texts.iter().enumerate();
    let made: Vec<_> = texts
        .map(|(at, (title, body))| {
            let url = format!("https://news{}.example/info/{at}.htm", at % 400);
            (u32::try_from(at).unwrap(), corpus::article(&url, title, body))
        })
        .collect();
    let letters: usize = set.texts.iter().map(|(_, body)| body.chars().count()).sum();
    println!("{articles} articles of {} characters, {reposts} reposts, {misses} near misses", letters / articles);
    let before = processor::seconds();
    for group in made.chunks(64) {
        shelf.put(group.iter().cloned());
    }
    let stored = processor::seconds() - before;
    let kept = works(dir.path());
    let before = processor::seconds();
    shelf.index.begin().unwrap();
    shelf.index.rebuild_works().unwrap();
    shelf.index.commit().unwrap();
    let rebuilt = processor::seconds() - before;
    let each = 1e3 / articles as f64;
    println!(
        "stored: {:.2} ms of processor time an article; works from nothing: {:.2} ms",
        stored * each,
        rebuilt * each
    );
    let anew = works(dir.path());
    let differ = kept.iter().zip(&anew).filter(|(kept, anew)| kept != anew).count();
    println!("kept up one at a time and computed from nothing: {differ} of {} articles in another work", anew.len());
    judge(&set, &anew);
}

/// The works by number of the article.
fn works(dir: &std::path::Path) -> Vec<String> {
    let reader = Reader::open(dir).unwrap();
    let mut works: Vec<_> = reader.articles(&Filter::default()).map(|held| held.unwrap()).collect();
    let number = |url: &str| url.rsplit('/').next().unwrap().trim_end_matches(".htm").parse::<usize>().unwrap();
    works.sort_by_key(|held| number(held.record.url.as_ref().unwrap().as_str()));
    works.into_iter().map(|held| held.work_id).collect()
}

fn judge(set: &Planted, found: &[String]) {
    let pairs = |name: &dyn Fn(usize) -> String| {
        let mut groups: HashMap<String, f64> = HashMap::new();
        (0..found.len()).for_each(|at| *groups.entry(name(at)).or_default() += 1.0);
        groups.values().map(|size| size * (size - 1.0) / 2.0).sum::<f64>()
    };
    let truth = pairs(&|at| set.works[at].to_string());
    let put = pairs(&|at| found[at].clone());
    let both = pairs(&|at| format!("{} {}", set.works[at], found[at]));
    println!("precision {:.4}, recall {:.4} over {truth} pairs", both / put, both / truth);
    for kind in corpus::REPOSTS {
        let of_kind: Vec<usize> = (0..found.len()).filter(|at| set.kinds[*at] == *kind).collect();
        let hit = of_kind.iter().filter(|at| found[**at] == found[set.works[**at]]).count();
        println!("  {kind}: {hit} of {} found", of_kind.len());
    }
    let mut first: HashMap<&str, usize> = HashMap::new();
    let mut shown = 0;
    for (at, work) in found.iter().enumerate() {
        let other = *first.entry(work.as_str()).or_insert(at);
        if set.works[other] != set.works[at] && shown < 10 {
            shown += 1;
            println!("  wrongly one: {:?}\n    {:?}", set.texts[other], set.texts[at]);
        }
    }
}
