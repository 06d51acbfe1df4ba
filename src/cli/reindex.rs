//! `reindex`: the index made anew from the WARC files alone.

use anyhow::Context as _;

use super::args::{GlobalArgs, ReindexArgs};
use super::exit::Exit;
use super::{output, selectors, settings, table, works};
use crate::archive::{self, Reindexed};
use crate::crawl;

/// Runs the command. Damaged stretches of WARC files are named and make it exit with 5; everything else is rebuilt.
pub(super) fn run(args: &ReindexArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let catalogue = selectors::load(global, &settings::load(global)?)?;
    let dir = global.archive_dir();
    let found = archive::reindex(&dir, &crawl::reread(&catalogue))?;
    for damage in &found.damages {
        output::note(&format!("damaged: {damage}"));
    }
    for name in &found.left_alone {
        output::note(&format!(
            "{name}: does not belong to this archive and is left alone; `shiguan import` takes it in"
        ));
    }
    if found.runs_without_entry > 0 {
        let runs = table::count(found.runs_without_entry, "run");
        output::note(&format!(
            "note: {runs} known by captures only; their commands, ends and failed requests were never written to WARC"
        ));
    }
    let text = if args.json {
        serde_json::to_string_pretty(&found).context("writing the result as JSON")? + "\n"
    } else {
        summed_up(&found)
    };
    output::data(text.as_bytes())?;
    works::tell_vain_rulings(&dir);
    Ok(if found.damages.is_empty() { Exit::Done } else { Exit::Damaged })
}

fn summed_up(found: &Reindexed) -> String {
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let kept = found.old_index.as_ref().map_or_else(String::new, |name| format!("; the old index is kept as {name}"));
    format!(
        "rebuilt from {}: {} with {}{kept}\n",
        table::count(number(found.files), "WARC file"),
        table::count(found.captures, "capture"),
        table::count(found.articles, "article"),
    )
}
