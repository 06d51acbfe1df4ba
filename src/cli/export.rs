//! `export`: a table of the archive as a file, whole or not at all.

use std::io;
use std::path::Path;

use anyhow::Context as _;

use super::args::{ExportArgs, FilterArgs, GlobalArgs};
use super::exit::{Exit, Failure};
use super::output;
use crate::domain::held::Filter;
use crate::export::{self, Format, Options, Row, Sink, Table, table};
use crate::store::{self, Reader};

/// Runs the command.
pub(super) fn run(args: &ExportArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let format = export::format_named(&args.format).ok_or_else(|| Failure::usage("no such format"))?;
    let table = export::table_named(&args.table).ok_or_else(|| Failure::usage("no such table"))?;
    let reader = Reader::open(&global.archive_dir())?;
    let options = Options { bom: args.bom, formula_guard: !args.raw_csv };
    let job = Job { reader: &reader, filter: filter(&args.filter), table, format, options };
    match &args.output {
        Some(path) => job.to_file(path)?,
        None => job.write(Box::new(io::stdout()))?,
    }
    Ok(Exit::Done)
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
    }
}

struct Job<'a> {
    reader: &'a Reader,
    filter: Filter,
    table: &'static Table,
    format: &'static Format,
    options: Options,
}

impl Job<'_> {
    /// Writes beside the target and renames, so that a reader sees the old file or the new one, never half of one.
    fn to_file(&self, path: &Path) -> anyhow::Result<()> {
        let place = || format!("writing {}", path.display());
        let folder = output::folder_of(path);
        let unusable = |what: &str| Failure::unusable(format!("{}: {what}", path.display()));
        if path.is_dir() {
            return Err(unusable("is a folder, not a file").into());
        }
        if !folder.is_dir() {
            return Err(unusable(&format!("no such folder as {}", folder.display())).into());
        }
        let mut file = tempfile::Builder::new()
            .prefix(".shiguan-export-")
            .permissions(new_file_mode())
            .tempfile_in(folder)
            .map_err(|error| unusable(&format!("cannot write here: {}", error.kind())))?;
        self.write(Box::new(file.as_file_mut())).with_context(place)?;
        file.as_file().sync_all().with_context(place)?;
        file.persist(path).map_err(|error| error.error).with_context(place)?;
        Ok(())
    }

    fn write(&self, sink: Sink<'_>) -> anyhow::Result<()> {
        let sink = Box::new(io::BufWriter::with_capacity(1 << 16, sink));
        let mut exporter = (self.format.open)(sink, self.table, self.options)?;
        let mut write = |row: Row| exporter.write(&row);
        match self.table.name {
            "articles" => each(self.reader.articles(&self.filter), |held| write(table::articles::row(&held)))?,
            "reflections" => each(self.reader.reflections(&self.filter), |held| write(table::reflections::row(&held)))?,
            _ => each(self.reader.captures(&self.filter), |held| write(table::captures::row(&held)))?,
        }
        Ok(exporter.finish()?)
    }
}

fn each<T>(
    rows: impl Iterator<Item = Result<T, store::Error>>,
    mut write: impl FnMut(T) -> io::Result<()>,
) -> anyhow::Result<()> {
    for row in rows {
        write(row?)?;
    }
    Ok(())
}

/// Files users make are readable as their umask says, not only by them as temporary files are.
fn new_file_mode() -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::Permissions::from_mode(0o644)
}
