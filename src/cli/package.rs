//! `package`: the archive, or what the filters choose of it, as a package to hand over.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::args::{GlobalArgs, PackageArgs, PackageFormat};
use super::exit::{Exit, Failure};
use super::settings::SettingsFile;
use super::{export, output, selectors, settings, table};
use crate::archive;
use crate::domain::event::Event;
use crate::domain::time::CaptureTime;
use crate::handover::metadata::Sayings;
use crate::handover::{self, About, Asked, Beside, Job, Summary};
use crate::segment::Query;
use crate::store::{self, Takedown};

/// Runs the command.
pub(super) fn run(args: &PackageArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let file = settings::load(global)?;
    let dir = global.archive_dir();
    let created = now();
    let path = args.output.clone().unwrap_or_else(|| default_name(args.format, created));
    check(&path, args.format)?;
    let query = args.query.as_deref().map(asked).transpose()?;
    let job = Job { about: about(args, &file, &dir, created), filter: export::filter(&args.filter), query, dir };
    let made = match args.format {
        PackageFormat::Wacz => handover::wacz(&job, &path)?,
        PackageFormat::Bagit => handover::bagit(&job, &beside(&file, global)?, &path)?,
    };
    log(&job, &made);
    warn(&job.dir)?;
    let text = if args.json {
        serde_json::to_string_pretty(&made).context("writing the summary as JSON")? + "\n"
    } else {
        summed_up(&made)
    };
    output::data(text.as_bytes())?;
    Ok(Exit::Done)
}

/// What was chosen, for those who get the package.
fn in_words(args: &PackageArgs) -> String {
    let query = args.query.as_ref().map(|query| format!("query {query}"));
    let filters = Some(args.filter.in_words()).filter(|words| !words.is_empty());
    filters.into_iter().chain(query).collect::<Vec<_>>().join(", ")
}

fn asked(typed: &str) -> Result<Asked, Failure> {
    let query = Query::read(typed).map_err(|error| Failure::usage(format!("--query: {error}")))?;
    Ok(Asked { typed: typed.to_owned(), query })
}

/// Sees that a package can stand here before any work is done.
fn check(path: &Path, format: PackageFormat) -> Result<(), Failure> {
    let unusable = |what: &str| Failure::unusable(format!("{}: {what}", path.display()));
    if path.is_dir() && format == PackageFormat::Wacz {
        return Err(unusable("is a folder, not a file"));
    }
    let folder = output::folder_of(path);
    if !folder.is_dir() {
        return Err(unusable(&format!("no such folder as {}", folder.display())));
    }
    match tempfile::tempfile_in(folder) {
        Ok(_) => Ok(()),
        Err(error) => Err(unusable(&format!("cannot write here: {}", error.kind()))),
    }
}

/// What a bag holds beside the archive's content: the settings as handed over, and what is said of records.
fn beside(file: &SettingsFile, global: &GlobalArgs) -> anyhow::Result<Beside> {
    let catalogue = selectors::load(global, file)?;
    let sites = catalogue.sites().map(|site| (site.site.clone(), (site.name.clone(), site.metadata.clone())));
    let sayings = Sayings { archive: file.metadata.clone(), sites: sites.collect(), operator: file.operator.clone() };
    Ok(Beside { settings: settings::without_secrets(global), sayings })
}

/// A package keeps the captures whole, for whoever keeps them next; what is taken down is among them.
fn warn(dir: &Path) -> Result<(), store::Error> {
    let list = Takedown::load(dir)?;
    if !list.is_empty() {
        let entries = table::count(i64::try_from(list.entries.len()).unwrap_or(i64::MAX), "request");
        output::note(&format!(
            "{}: {entries}; the WARC files of the package hold what they take down, so it is to be kept, not published",
            store::TAKEDOWN_FILE
        ));
    }
    Ok(())
}

/// Notes the hand-over in the archive's log. A package is whole without the note, so its absence is only said.
fn log(job: &Job, made: &Summary) {
    let event = Event {
        kind: Event::PACKAGE_CREATION.to_owned(),
        at: now(),
        outcome: "success".to_owned(),
        agent: job.about.software.clone(),
        object: made.package.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        detail: serde_json::to_string(made).unwrap_or_default(),
    };
    match archive::record_event(&job.dir, &event) {
        Ok(Some(_)) => {}
        Ok(None) => tracing::info!("the archive is of an earlier version and has no log of events yet"),
        Err(error) => output::note(&format!("not noted in the archive's log: {:#}", anyhow::Error::new(error))),
    }
}

fn about(args: &PackageArgs, file: &SettingsFile, dir: &Path, created: CaptureTime) -> About {
    let folder = || {
        let dir = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
        dir.file_name().map_or_else(|| "archive".to_owned(), |name| name.to_string_lossy().into_owned())
    };
    About {
        title: args.title.clone().or_else(|| file.operator.clone()).unwrap_or_else(folder),
        description: in_words(args),
        software: format!("shiguan/{}", env!("CARGO_PKG_VERSION")),
        created,
        organization: file.operator.clone(),
        archive_id: String::new(),
    }
}

fn default_name(format: PackageFormat, created: CaptureTime) -> PathBuf {
    let extension = match format {
        PackageFormat::Wacz => ".wacz",
        PackageFormat::Bagit => "",
    };
    PathBuf::from(format!("shiguan-{}{extension}", created.to_digits14()))
}

fn summed_up(made: &Summary) -> String {
    let Summary { package, files, captures, warc_bytes, .. } = made;
    let package = output::printable(&package.display().to_string());
    format!("{package} (captures {captures}, WARC files {files}, bytes {warc_bytes})\n")
}

#[expect(clippy::disallowed_methods, reason = "the command line is the edge where the clock is read")]
fn now() -> CaptureTime {
    CaptureTime::from_system(std::time::SystemTime::now())
}
