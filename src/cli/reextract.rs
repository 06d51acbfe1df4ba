//! `reextract`: records derived again from stored captures with today's selectors.

use std::fmt::Write as _;

use anyhow::Context as _;

use super::args::{GlobalArgs, ReextractArgs};
use super::exit::{Exit, Failure};
use super::{output, selectors, settings, table, works};
use crate::archive::{self, ReextractOptions, Reextracted};
use crate::crawl;
use crate::store::Reader;

/// Runs the command.
pub(super) fn run(args: &ReextractArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let dir = global.archive_dir();
    let catalogue = selectors::load(global, &settings::load(global)?)?;
    archive::bring_up_to_date(&dir)?;
    let held = Reader::whole(&dir)?.status()?;
    if let Some(unknown) = args.sites.iter().find(|site| held.iter().all(|held| held.site != **site)) {
        return Err(Failure::unusable(format!("{unknown}: nothing is held of such a site")).into());
    }
    let options = ReextractOptions { sites: args.sites.clone(), dry_run: args.dry_run };
    let found = archive::reextract(&dir, &options, &crawl::reread(&catalogue))?;
    for damage in &found.damages {
        output::note(&format!("damaged: {damage}"));
    }
    let text = if args.json {
        serde_json::to_string_pretty(&found).context("writing the result as JSON")? + "\n"
    } else {
        people(&found, args.dry_run, global.verbose > 0)
    };
    output::data(text.as_bytes())?;
    works::tell_vain_rulings(&dir);
    Ok(if found.damages.is_empty() { Exit::Done } else { Exit::Damaged })
}

fn people(found: &Reextracted, dry: bool, each: bool) -> String {
    let mut text = String::new();
    let count = |number: u64, noun: &str| table::count(i64::try_from(number).unwrap_or(i64::MAX), noun);
    if each {
        for change in &found.changes {
            let fields =
                if change.fields.is_empty() { String::new() } else { format!(": {}", change.fields.join(", ")) };
            // Writing to a String cannot fail.
            writeln!(text, "{} {}{fields}", change.what, output::printable(&change.url)).ok();
        }
    }
    let would = if dry { "would change: " } else { "" };
    let mut parts = vec![format!("{} changed", count(found.changed, "article"))];
    let others = [
        (found.new, format!("{} new", found.new)),
        (found.no_longer, format!("{} no longer read as articles, their records kept", found.no_longer)),
        (found.rows, count(found.rows, "new listing row")),
    ];
    parts.extend(others.into_iter().filter(|(number, _)| *number > 0).map(|(_, words)| words));
    writeln!(text, "read {} again; {would}{}", count(found.captures, "page"), parts.join(", ")).ok();
    let mut fields: Vec<(&String, &u64)> = found.fields.iter().collect();
    fields.sort_by_key(|(name, number)| (std::cmp::Reverse(**number), name.as_str()));
    let rows: Vec<Vec<String>> =
        fields.into_iter().map(|(name, number)| vec![format!("  {name}"), number.to_string()]).collect();
    text.push_str(&table::align(&rows, 1));
    text
}
