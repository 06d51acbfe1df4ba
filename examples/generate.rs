//! Makes an archive of generated articles, for measuring and for checks with foreign programs:
//!
//!     cargo run --example generate -- DIR --articles N [--strings FILE]
//!
//! `--strings` adds an article for every string of a JSON array, which stands in each of its fields.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "shared with the tests: a failed setup should stop it"
)]

use std::error::Error;
use std::path::PathBuf;

use clap::Parser;
use shiguan::domain::article::Article;

#[path = "../tests/it/support/generated.rs"]
mod generated;

/// An archive of generated articles.
#[derive(Parser)]
struct Args {
    /// The folder to make.
    dir: PathBuf,
    /// How many articles.
    #[arg(long, default_value_t = 1_000)]
    articles: usize,
    /// A JSON array of strings.
    #[arg(long)]
    strings: Option<PathBuf>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::parse();
    let strings: Vec<String> = match &args.strings {
        Some(path) => serde_json::from_str(&std::fs::read_to_string(path)?)?,
        None => Vec::new(),
    };
    let plain = (0..args.articles).map(of_its_own);
    let odd = (args.articles..).zip(&strings).map(|(number, text)| generated::holding(number, text));
    generated::archive(&args.dir, plain.chain(odd))
}

/// An article whose body has letters of its own, but for the words of persons; a repost has those of its original. Articles
/// made of the same twelve sentences would each be compared with all others, as no real ones are.
fn of_its_own(number: usize) -> Article {
    let mut article = generated::article(number);
    let text = if number % 40 == 39 { number - 20 } else { number };
    let mut numbers = generated::Numbers::new(text as u64 + (1 << 41));
    let letters: Vec<char> = article.body.chars().filter(|c| c.is_alphabetic()).collect();
    let spoken = |at: usize| article.reflections.iter().any(|one| (one.start..one.end).contains(&at));
    let body = article.body.chars().enumerate();
    let own = body.map(|(at, c)| if c.is_alphabetic() && !spoken(at) { *numbers.one(&letters) } else { c }).collect();
    article.body = own;
    article
}
