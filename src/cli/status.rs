//! `status`: what is held, and how each site's last run went.

use std::fmt::Write as _;

use super::args::{GlobalArgs, StatusArgs};
use super::exit::Exit;
use super::{output, table};
use crate::store::{Reader, SiteStatus, Totals};

/// Runs the command.
pub(super) fn run(args: &StatusArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let reader = Reader::open(&global.archive_dir())?;
    let (sites, totals) = (reader.status()?, reader.totals()?);
    let text = if args.json { json(&sites, &totals)? } else { people(&sites, &totals) };
    output::data(text.as_bytes())?;
    Ok(Exit::Done)
}

fn json(sites: &[SiteStatus], totals: &Totals) -> serde_json::Result<String> {
    let value = serde_json::json!({ "totals": totals, "sites": sites });
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

fn people(sites: &[SiteStatus], totals: &Totals) -> String {
    if sites.is_empty() {
        return "nothing crawled yet: `shiguan crawl --seed URL` begins, `shiguan demo` shows how\n".to_owned();
    }
    let mut rows =
        vec![["site", "last run (UTC)", "new", "changed", "gone", "failed", "articles"].map(str::to_owned).to_vec()];
    for site in sites {
        let numbers = [site.new, site.changed, site.gone, site.failed, site.articles].map(|n| n.to_string());
        let last = site.last_run.as_deref().map_or("never", |t| t.get(..19).unwrap_or(t)).replace('T', " ");
        rows.push([vec![output::printable(&site.site), last], numbers.to_vec()].concat());
    }
    let mut text = table::align(&rows, 2);
    // Writing to a String cannot fail.
    writeln!(
        text,
        "\n{} with {}; {} of {} in {}, {:.1} MB",
        table::count(totals.articles, "article"),
        table::count(totals.reflections, "reflection"),
        table::count(totals.captures, "capture"),
        table::count(totals.runs, "run"),
        table::count(totals.warc_files, "WARC file"),
        megabytes(totals.warc_bytes),
    )
    .ok();
    text
}

/// Bytes as megabytes for people; the loss beyond 2^52 bytes is no matter here.
#[expect(clippy::cast_precision_loss, reason = "printed with one decimal")]
fn megabytes(bytes: i64) -> f64 {
    bytes as f64 / 1_000_000.0
}
