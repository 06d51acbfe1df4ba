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
    let plain = (0..args.articles).map(generated::article);
    let odd = (args.articles..).zip(&strings).map(|(number, text)| generated::holding(number, text));
    generated::archive(&args.dir, plain.chain(odd))
}
