//! `extract`: pages to records on stdout, one JSON line a page.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::args::{ExtractArgs, GlobalArgs};
use super::exit::{Exit, Failure};
use super::{output, selectors, settings};
use crate::decode;
use crate::domain::time::{CaptureTime, Date};
use crate::extract::{self, Catalogue};

/// Runs the command.
pub(super) fn run(args: &ExtractArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let catalogue = selectors::load(global, &settings::load(global)?)?;
    check(args.family.as_deref(), args.site.as_deref(), &catalogue)?;
    let mut failed = false;
    let mut pages = Vec::new();
    for path in &args.paths {
        if path.is_dir() {
            walk(path, &mut pages, &mut failed);
        } else {
            pages.push(path.clone());
        }
    }
    if args.url.is_some() && pages.len() > 1 {
        return Err(Failure::usage("--url is the address of one page; several were given").into());
    }
    let today = today();
    for path in &pages {
        match read(path) {
            Ok(bytes) => print(bytes, args, &catalogue, today)?,
            Err(error) => {
                output::note(&format!("{}: {error}", path.display()));
                failed = true;
            }
        }
    }
    Ok(if failed { Exit::Partial } else { Exit::Done })
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
    let hints = extract::Hints { family: args.family.as_deref(), site: args.site.as_deref() };
    let extraction = extract::extract(&page, catalogue, &hints);
    drop(page);
    let mut line = serde_json::to_vec(&extraction.record).context("writing a record as JSON")?;
    line.push(b'\n');
    output::data(&line).context("writing to stdout")
}

/// Completes dates printed without a year, for pages that say nothing of when they were saved.
#[expect(clippy::disallowed_methods, reason = "the command line is the edge where the clock is read")]
pub(super) fn today() -> Date {
    CaptureTime::from_system(std::time::SystemTime::now()).china_date()
}
