//! `stats`: how much is held, by site, month, campaign, unit and kind of reflection, and how much of what listings named.
//!
//! Counts only: no estimate, no rate. Whoever draws a conclusion has the rows from `export` with the same filters.

mod chart;
mod people;

use std::path::Path;

use serde_json::{Map, Value, json};

use super::args::{GlobalArgs, StatsArgs, StatsFormat};
use super::exit::{Exit, Failure};
use super::{export, output, takedown};
use crate::domain::held::Filter;
use crate::domain::statistics::{Breakdown, Coverage, Tally};
use crate::export::{Options, format_named, table};
use crate::store::Reader;

/// The counts of one breakdown.
type Class = (Breakdown, Vec<Tally>);

/// Runs the command.
pub(super) fn run(args: &StatsArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    if let Some(dir) = &args.svg {
        refuse_unusable(dir)?;
    }
    let reader = takedown::open(&global.archive_dir(), takedown::Asked::Many)?;
    export::note_vain(&reader, &args.filter)?;
    let matched = export::matched(&reader, args.query.as_deref())?;
    let classes = count(&reader, &Filter { matched, ..export::filter(&args.filter) })?;
    let format = if args.json { StatsFormat::Json } else { args.format };
    match format {
        StatsFormat::Table => output::data(people::text(&classes).as_bytes())?,
        StatsFormat::Json => output::data(json(args, &classes)?.as_bytes())?,
        StatsFormat::Csv => csv(&classes)?,
    }
    if let Some(dir) = &args.svg {
        for (by, tallies) in classes.iter().filter(|(by, _)| *by != Breakdown::Total) {
            let drawn =
                chart::draw(*by, tallies).map_err(|error| anyhow::anyhow!("drawing {}: {error}", by.as_str()))?;
            export::replace_plain(&dir.join(format!("{}.svg", by.as_str())), &drawn)?;
        }
    }
    Ok(Exit::Done)
}

fn refuse_unusable(dir: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(dir)
        .map_err(|error| Failure::unusable(format!("{}: no folder for charts: {error}", dir.display())).into())
}

/// All breakdowns; sites and the total with their coverage, sites of which only listings are held too.
fn count(reader: &Reader, filter: &Filter) -> anyhow::Result<Vec<Class>> {
    let mut classes = Vec::new();
    for by in Breakdown::ALL {
        classes.push((by, reader.tallies(by, filter)?));
    }
    if let Some(coverage) = reader.coverage(filter)? {
        for (by, tallies) in &mut classes {
            match by {
                Breakdown::Total => {
                    let all = coverage.iter().fold(Coverage::default(), |sum, (_, of)| sum.and(*of));
                    for tally in tallies {
                        tally.coverage = Some(all);
                    }
                }
                Breakdown::Site => cover(tallies, &coverage),
                Breakdown::Month | Breakdown::Topic | Breakdown::Unit | Breakdown::Kind => {}
            }
        }
    }
    Ok(classes)
}

fn cover(sites: &mut Vec<Tally>, coverage: &[(String, Coverage)]) {
    for tally in sites.iter_mut() {
        tally.coverage = Some(Coverage::default());
    }
    for (site, of) in coverage {
        if let Some(tally) = sites.iter_mut().find(|tally| tally.key.as_ref() == Some(site)) {
            tally.coverage = Some(*of);
        } else {
            sites.push(Tally { key: Some(site.clone()), coverage: Some(*of), ..Tally::default() });
        }
    }
}

fn json(args: &StatsArgs, classes: &[Class]) -> serde_json::Result<String> {
    let mut object = Map::new();
    let filters = args.filter.in_words();
    let asked = [Some(filters), args.query.as_ref().map(|query| format!("query {query}"))];
    let asked: Vec<String> = asked.into_iter().flatten().filter(|words| !words.is_empty()).collect();
    object.insert("filters".to_owned(), json!(asked.join(", ")));
    for (by, tallies) in classes {
        let value = match (by, tallies.first()) {
            (Breakdown::Total, Some(total)) => serde_json::to_value(total)?,
            _ => serde_json::to_value(tallies)?,
        };
        object.insert(by.as_str().to_owned(), value);
    }
    Ok(serde_json::to_string_pretty(&Value::Object(object))? + "\n")
}

/// One table of all classes, guarded against formulas as exports are.
fn csv(classes: &[Class]) -> anyhow::Result<()> {
    let format = format_named("csv").ok_or_else(|| Failure::usage("no such format"))?;
    let options = Options { bom: false, formula_guard: true };
    let mut exporter = (format.open)(Box::new(output::Stdout), &table::stats::TABLE, options)?;
    for (by, tallies) in classes {
        for tally in tallies {
            exporter.write(&table::stats::row(*by, tally))?;
        }
    }
    exporter.finish()?;
    Ok(())
}
