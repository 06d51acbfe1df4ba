//! `export`: a table of the archive as a file, whole or not at all, with what proves it beside it.

mod all;
mod file;
mod key;
mod progress;
mod rows;
mod sharing;
mod sidecar;
mod treatment;

use std::io;
use std::path::Path;

use anyhow::Context as _;

use super::args::{ExportArgs, FilterArgs, GlobalArgs};
use super::exit::{Exit, Failure};
use super::{output, settings, table::count as cells, takedown};
use crate::domain::held::{Filter, Matched};
use crate::export::{self, Format, Options, Row, Sink, Table};
use crate::segment::Query;
use crate::store::{self, Reader};

pub(super) use file::replace_plain;
use progress::Watch;
use sharing::Sharing;

/// Stands for every table on the command line.
pub(super) const ALL: &str = "all";

/// Runs the command.
pub(super) fn run(args: &ExportArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let format = export::format_named(&args.format).ok_or_else(|| Failure::usage("no such format"))?;
    let options = Options { bom: args.bom, formula_guard: !args.raw_csv };
    match &args.output {
        None if args.table == ALL => return Err(Failure::usage("export all needs -o DIR").into()),
        None if !format.to_stdout => {
            return Err(Failure::usage(format!("--format {} needs -o FILE", format.name)).into());
        }
        None | Some(_) => {}
    }
    let reader = takedown::open(&global.archive_dir(), takedown::Asked::Many)?;
    note_vain(&reader, &args.filter)?;
    let filter = Filter { matched: matched(&reader, args.query.as_deref())?, ..filter(&args.filter) };
    let key = args.pseudonymize.as_deref().map(|path| key(path, args.output.as_deref())).transpose()?;
    let sharing = Sharing::new(&reader, key, args.keep_addresses, args.drop_text)?;
    let job = Job { reader: &reader, filter, format, options, sharing, quiet: global.quiet };
    if let (ALL, Some(path)) = (args.table.as_str(), &args.output) {
        let file = settings::load(global)?;
        let filters = in_words(args, &job.sharing);
        let said = all::Said { section: file.export, operator: file.operator, filters };
        all::write(&job, said, path)?;
        return Ok(Exit::Done);
    }
    let table = export::table_named(&args.table).ok_or_else(|| Failure::usage("no such table"))?;
    match &args.output {
        Some(path) => job.to_file(table, path)?,
        None => {
            job.write(table, Box::new(output::Stdout), &mut Watch::unseen())?;
        }
    }
    Ok(Exit::Done)
}

/// The key of pseudonyms, which must not be where the export goes.
fn key(path: &Path, output: Option<&Path>) -> Result<crate::veil::Key, Failure> {
    if output.is_some_and(|output| output == path) {
        return Err(Failure::usage("--pseudonymize and -o name one file"));
    }
    key::load_or_make(path)
}

/// The filters as typed, for a README; whom they name is not told where persons are not.
fn in_words(args: &ExportArgs, sharing: &Sharing<'_>) -> String {
    let query = args.query.iter().map(|query| format!("query {}", sharing.words(query)));
    let told = |words: &Option<String>| words.as_deref().map(|words| sharing.words(words).into_owned());
    let filter = FilterArgs { person: told(&args.filter.person), unit: told(&args.filter.unit), ..args.filter.clone() };
    let filters = Some(filter.in_words()).filter(|words| !words.is_empty());
    filters.into_iter().chain(query).collect::<Vec<_>>().join(", ")
}

/// What a search of the archive finds, for a filter.
pub(super) fn matched(reader: &Reader, query: Option<&str>) -> anyhow::Result<Option<Matched>> {
    let Some(typed) = query else { return Ok(None) };
    let query = Query::read(typed).map_err(|error| Failure::usage(format!("--query: {error}")))?;
    Ok(Some(reader.find(&query, typed)?))
}

/// What was typed, as the index understands it.
pub(super) fn filter(args: &FilterArgs) -> Filter {
    Filter {
        sites: args.sites.clone(),
        since: args.since,
        until: args.until,
        topics: args.topics.clone(),
        person: args.person.clone(),
        unit: args.unit.clone(),
        matched: None,
    }
}

/// Says where a filter can find nothing because of how it is written: an empty table looks the same as one of which nothing
/// is held.
pub(super) fn note_vain(reader: &Reader, args: &FilterArgs) -> Result<(), store::Error> {
    let held = if args.sites.is_empty() { Vec::new() } else { reader.status()? };
    for site in args.sites.iter().filter(|site| held.iter().all(|held| held.site != **site)) {
        output::note(&format!("--site {site}: nothing is held of such a site"));
    }
    if let (Some(since), Some(until)) = (args.since, args.until)
        && since > until
    {
        output::note(&format!("--since {since} is later than --until {until}"));
    }
    Ok(())
}

/// What a written table came to.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    rows: u64,
    /// Texts longer than the format holds.
    cut: u64,
}

/// What is exported, and how.
struct Job<'a> {
    reader: &'a Reader,
    filter: Filter,
    format: &'static Format,
    options: Options,
    sharing: Sharing<'a>,
    quiet: bool,
}

impl Job<'_> {
    /// Writes a table to a file; where the file is an ordinary one, its digest and its description stand beside it.
    fn to_file(&self, table: &'static Table, path: &Path) -> anyhow::Result<()> {
        let mut watch = self.watch(table)?;
        if file::is_device(path) {
            let device = std::fs::OpenOptions::new().write(true).open(path);
            let device = device.map_err(|error| Failure::unusable(format!("{}: {error}", path.display())))?;
            let written = self.write(table, Box::new(device), &mut watch);
            return written.map(|_| ()).with_context(|| format!("writing {}", path.display()));
        }
        file::check(path)?;
        let mut counts = Counts::default();
        let written = file::replace(path, |sink| {
            counts = self.write(table, sink, &mut watch)?;
            Ok(())
        })?;
        Self::tell_cut(&path.display().to_string(), counts);
        sidecar::write(path, &written, &self.description(table, counts, &written)?)
    }

    fn watch(&self, table: &Table) -> Result<Watch, store::Error> {
        Watch::new(table.name, !self.quiet, || self.reader.count(table.name, &self.filter))
    }

    /// Says that texts were cut, where any were.
    fn tell_cut(file: &str, counts: Counts) {
        if counts.cut > 0 {
            let texts = cells(i64::try_from(counts.cut).unwrap_or(i64::MAX), "text");
            output::note(&format!(
                "{file}: {texts} longer than a cell holds cut; CSV, JSON Lines and Parquet hold them whole"
            ));
        }
    }

    fn write(&self, table: &'static Table, sink: Sink<'_>, watch: &mut Watch) -> anyhow::Result<Counts> {
        let sink = Box::new(io::BufWriter::with_capacity(1 << 16, sink));
        let mut exporter = (self.format.open)(sink, self.sharing.table(table), self.options)?;
        let mut rows = 0;
        let mut write = |row: &Row| -> anyhow::Result<()> {
            exporter.write(row)?;
            rows += 1;
            watch.moved(rows);
            Ok(())
        };
        if self.sharing.gathers(table) {
            let mut people = sharing::People::default();
            rows::each(self.reader, table, &self.filter, |row| {
                people.add(self.sharing.row(table, row)?);
                Ok(())
            })?;
            people.rows().try_for_each(|row| write(&row))?;
        } else {
            rows::each(self.reader, table, &self.filter, |row| write(&self.sharing.row(table, row)?))?;
        }
        let cut = exporter.cut();
        exporter.finish()?;
        Ok(Counts { rows, cut })
    }

    fn description(
        &self,
        table: &Table,
        counts: Counts,
        written: &file::Written,
    ) -> anyhow::Result<sidecar::Description> {
        Ok(sidecar::Description {
            table: table.name,
            format: self.format.name,
            rows: counts.rows,
            cut_cells: counts.cut,
            bytes: written.bytes,
            sha256: written.sha256.clone(),
            options: self.options,
            filters: sidecar::Filters::of(&self.filter, &self.sharing),
            personal_data: self.sharing.statement(),
            withheld: self.reader.withheld().cloned(),
            archive: self.reader.provenance()?,
            program: concat!("shiguan ", env!("CARGO_PKG_VERSION")),
        })
    }
}
