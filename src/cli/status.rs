//! `status`: what is held, and how each site's last run went.

use std::fmt::Write as _;

use std::collections::HashMap;

use serde::Serialize;

use super::args::{GlobalArgs, StatusArgs};
use super::due::Timetable;
use super::exit::Exit;
use super::{output, selectors, settings, table, takedown};
use crate::domain::schedule::Standing;
use crate::domain::time::CaptureTime;
use crate::store::{Reader, SiteStatus, TAKEDOWN_FILE, Totals, Withheld};

/// A site's figures with what its file adds: when it is due next.
#[derive(Debug, Serialize)]
struct Row {
    #[serde(flatten)]
    status: SiteStatus,
    /// RFC 3339 in UTC, `now`, or `never`; `null` for a site without a file, which no schedule crawls.
    next_due: Option<String>,
}

/// Runs the command.
pub(super) fn run(args: &StatusArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let withheld = takedown::open(&global.archive_dir(), takedown::Asked::Few)?.withheld().cloned();
    let reader = Reader::whole(&global.archive_dir())?;
    let (sites, totals) = (rows(reader.status()?, global)?, reader.totals()?);
    let text = if args.json {
        json(&sites, &totals, withheld.as_ref())?
    } else {
        people(&sites, &totals) + &withheld.as_ref().map_or_else(String::new, taken_down)
    };
    output::data(text.as_bytes())?;
    Ok(Exit::Done)
}

/// Sites the archive knows and sites that are only configured so far, by id.
fn rows(held: Vec<SiteStatus>, global: &GlobalArgs) -> anyhow::Result<Vec<Row>> {
    let file = settings::load(global)?;
    let catalogue = selectors::load(global, &file)?;
    let timetable = Timetable::read(&global.archive_dir(), &file.crawl)?;
    let mut due = HashMap::new();
    for spec in catalogue.sites() {
        let next = match timetable.standing(spec)? {
            Standing::Due => "now".to_owned(),
            Standing::Next(at) => at.to_seconds_string(),
            Standing::Never => "never".to_owned(),
        };
        due.insert(spec.site.clone(), next);
    }
    let mut rows: Vec<Row> =
        held.into_iter().map(|status| Row { next_due: due.remove(&status.site), status }).collect();
    rows.extend(
        due.into_iter()
            .map(|(site, next)| Row { status: SiteStatus { site, ..SiteStatus::default() }, next_due: Some(next) }),
    );
    rows.sort_by(|one, other| one.status.site.cmp(&other.status.site));
    Ok(rows)
}

fn json(sites: &[Row], totals: &Totals, withheld: Option<&Withheld>) -> serde_json::Result<String> {
    let value = serde_json::json!({ "totals": totals, "withheld": withheld, "sites": sites });
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

/// The columns for people.
const HEAD: [&str; 9] =
    ["site", "last run (+08:00)", "next due (+08:00)", "ended", "new", "changed", "gone", "failed", "articles"];

/// A moment to the second for people, on the clock schedules are written by; `now` and `never` as they are.
fn short(moment: &str) -> String {
    CaptureTime::parse(moment).map_or_else(|| moment.to_owned(), CaptureTime::to_china_string)
}

fn people(sites: &[Row], totals: &Totals) -> String {
    if sites.is_empty() {
        return "nothing crawled yet: `shiguan crawl --seed URL` begins, `shiguan demo` shows how\n".to_owned();
    }
    let mut rows = vec![HEAD.map(str::to_owned).to_vec()];
    for Row { status: site, next_due } in sites {
        let numbers = [site.new, site.changed, site.gone, site.failed, site.articles].map(|n| n.to_string());
        let last = site.last_run.as_deref().map_or_else(|| "never".to_owned(), short);
        let next = next_due.as_deref().map_or_else(|| "—".to_owned(), short);
        let verdict = site.verdict.clone().unwrap_or_else(|| "—".to_owned());
        rows.push([vec![output::printable(&site.site), last, next, verdict], numbers.to_vec()].concat());
    }
    let mut text = table::align(&rows, 4);
    // Writing to a String cannot fail.
    for Row { status, .. } in sites {
        if let Some(why) = &status.why {
            writeln!(text, "\n{}: {}", output::printable(&status.site), output::printable(why)).ok();
        }
    }
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

/// What the takedown list hides, for people. The figures above are of the whole archive.
fn taken_down(withheld: &Withheld) -> String {
    let entries = table::count(i64::try_from(withheld.entries).unwrap_or(i64::MAX), "request");
    let fitting = match withheld.unmatched {
        0 => String::new(),
        unmatched => format!("; {unmatched} of them fit nothing held"),
    };
    format!(
        "{TAKEDOWN_FILE}: {entries}, hiding {} and {} of others{fitting}\n",
        table::count(withheld.articles, "article"),
        table::count(withheld.reflections, "reflection"),
    )
}

/// Bytes as megabytes for people; the loss beyond 2^52 bytes is no matter here.
#[expect(clippy::cast_precision_loss, reason = "printed with one decimal")]
fn megabytes(bytes: i64) -> f64 {
    bytes as f64 / 1_000_000.0
}
