//! `extract`: pages to records on stdout, one JSON line a page.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use url::Url;

use super::args::{ExtractArgs, GlobalArgs};
use super::exit::{Exit, Failure};
use super::{output, selectors, settings};
use crate::archive::source::{self, Broken, Part, Trust};
use crate::decode;
use crate::domain::page::{Page, PageFormat};
use crate::domain::time::{CaptureTime, Date};
use crate::extract::{self, Catalogue};
use crate::warc::{Kind, Response};

/// Runs the command.
pub(super) fn run(args: &ExtractArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let catalogue = selectors::load(global, &settings::load(global)?)?;
    check(args.family.as_deref(), args.site.as_deref(), &catalogue)?;
    let mut failed = false;
    let pages = files(&args.paths, &mut failed);
    if args.url.is_some() && pages.len() > 1 {
        return Err(Failure::usage("--url is the address of one page; several were given").into());
    }
    let today = today();
    for path in &pages {
        let parts = if path.as_os_str() == "-" { Ok(None) } else { source::parts(path) };
        let read = match parts {
            Ok(Some(parts)) => {
                for part in &parts {
                    failed |= !records(part, args, &catalogue)?;
                }
                continue;
            }
            Ok(None) => read(path),
            Err(error) => Err(error),
        };
        match read {
            Ok(bytes) => print(bytes, args, &catalogue, today)?,
            Err(error) => {
                output::note(&format!("{}: {error}", path.display()));
                failed = true;
            }
        }
    }
    Ok(if failed { Exit::Partial } else { Exit::Done })
}

/// The files at these paths, those of folders in bytewise order of their paths.
pub(super) fn files(paths: &[PathBuf], failed: &mut bool) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            walk(path, &mut files, failed);
        } else {
            files.push(path.clone());
        }
    }
    files
}

/// Whether family and site named by flags exist.
pub(super) fn check(family: Option<&str>, site: Option<&str>, catalogue: &Catalogue) -> Result<(), Failure> {
    if let Some(family) = family
        && !catalogue.has_family(family)
    {
        let known = catalogue.families().join(", ");
        return Err(Failure::usage(format!("--family {family}: no such family; there are {known}")));
    }
    if let Some(site) = site
        && !catalogue.sites().any(|s| s.site == site)
    {
        return Err(Failure::usage(format!("--site {site}: no such site in selectors/sites")));
    }
    Ok(())
}

/// Files below a folder in bytewise order of their paths. A folder that cannot be read is said and passed over.
fn walk(dir: &Path, pages: &mut Vec<PathBuf>, failed: &mut bool) {
    let mut folders = vec![dir.to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                output::note(&format!("{}: {error}", folder.display()));
                *failed = true;
                continue;
            }
        };
        for entry in entries.flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(_) => found.push(entry.path()),
                Err(error) => {
                    output::note(&format!("{}: {error}", entry.path().display()));
                    *failed = true;
                }
            }
        }
    }
    found.sort_by(|a, b| a.as_os_str().as_encoded_bytes().cmp(b.as_os_str().as_encoded_bytes()));
    pages.extend(found);
}

/// A file's bytes; `-` is stdin.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    if path.as_os_str() != "-" {
        return fs::read(path);
    }
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn print(bytes: Vec<u8>, args: &ExtractArgs, catalogue: &Catalogue, today: Date) -> anyhow::Result<()> {
    let hints = decode::Hints { url: args.url.as_ref(), ..decode::Hints::default() };
    let page = decode::decode(&bytes, &hints, today);
    // Neither is needed while the next is made, and either may be as large as a page can be.
    drop(bytes);
    print_page(page, args, catalogue)
}

fn print_page(page: Page, args: &ExtractArgs, catalogue: &Catalogue) -> anyhow::Result<()> {
    let hints = extract::Hints { family: args.family.as_deref(), site: args.site.as_deref() };
    let extraction = extract::extract(&page, catalogue, &hints);
    drop(page);
    let mut line = serde_json::to_vec(&extraction.record).context("writing a record as JSON")?;
    line.push(b'\n');
    Ok(output::data(&line)?)
}

/// Pages of a WARC file in record order: answers of status 2xx that are HTML or JSON, each with its own address, type and
/// day of capture. A revisit's page stands elsewhere and is not read again. False where something could not be read.
fn records(part: &Part, args: &ExtractArgs, catalogue: &Catalogue) -> anyhow::Result<bool> {
    if args.url.is_some() {
        return Err(Failure::usage("--url is the address of one page; records of a WARC file have their own").into());
    }
    let note = |error: &dyn std::fmt::Display| output::note(&format!("{}: {error}", part.name()));
    let records = match part.records() {
        Ok(records) => records,
        Err(error) => {
            note(&error);
            return Ok(false);
        }
    };
    let (mut whole, mut broken) = (true, None);
    for found in records {
        let found = match found {
            Ok(found) => found,
            Err(damage) => {
                note(&damage);
                whole = false;
                continue;
            }
        };
        // Whether a member of several records is whole shows at its end only, so it is read before they are believed.
        if found.length.is_none() && broken.is_none() {
            broken = Some(Broken::of(part).context("reading once more")?);
        }
        let trust = source::trust(&found, broken.as_ref().unwrap_or(&Broken::default()));
        if let Trust::Refused(what) | Trust::Marked(what) = trust {
            let url = found.record.target_uri().unwrap_or_default();
            note(&format!("offset {}: {url}: {what}", found.offset));
            whole = false;
        }
        if matches!(trust, Trust::Refused(_)) {
            continue;
        }
        let record = found.record;
        if !matches!(record.kind(), Kind::Response | Kind::Resource) {
            continue;
        }
        let url = record.target_uri().and_then(|uri| Url::parse(uri).ok());
        let web = url.filter(|url| matches!(url.scheme(), "http" | "https"));
        let (Some(url), Some(answer)) = (web, Response::of(&record)) else { continue };
        if !(200..300).contains(&answer.status) {
            continue;
        }
        let hints = decode::Hints {
            url: Some(&url),
            content_type: answer.head.get("content-type"),
            content_encoding: answer.head.get("content-encoding"),
            status: Some(answer.status),
        };
        let day = record.date().map_or_else(today, CaptureTime::china_date);
        let page = decode::decode(&answer.payload, &hints, day);
        if matches!(page.format, PageFormat::Html | PageFormat::Json) && is_page(&answer) {
            print_page(page, args, catalogue)?;
        }
    }
    Ok(whole)
}

/// Whether an answer's type, where it says one, is that of a page: a style sheet can look like text with markup.
fn is_page(answer: &Response) -> bool {
    let kind = answer.head.get("content-type").map(str::to_ascii_lowercase).unwrap_or_default();
    !["css", "javascript", "image/", "font", "video/", "audio/", "xml-dtd"].iter().any(|other| kind.contains(other))
}

/// Completes dates printed without a year, for pages that say nothing of when they were saved.
#[expect(clippy::disallowed_methods, reason = "the command line is the edge where the clock is read")]
pub(super) fn today() -> Date {
    CaptureTime::from_system(std::time::SystemTime::now()).china_date()
}
