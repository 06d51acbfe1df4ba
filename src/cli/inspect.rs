//! `inspect`: one page, field by field, for the person who writes selectors.
//!
//! A file is read without any network. An address is asked for once, with the crawl's own fetch and its refusals; nothing
//! is stored, no redirect is followed, and robots.txt is not asked, since a person looks at one page.

mod live;
mod print;

use std::ffi::OsStr;
use std::path::Path;

use anyhow::Context as _;
use url::Url;

use super::args::{GlobalArgs, InspectArgs};
use super::exit::{Exit, Failure};
use super::{extract, output, selectors, settings};
use crate::decode;
use crate::domain::page::Page;
use crate::extract::{Hints, trace};

/// Runs the command.
pub(super) fn run(args: &InspectArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let file = settings::load(global)?;
    let catalogue = selectors::load(global, &file)?;
    extract::check(args.family.as_deref(), args.site.as_deref(), &catalogue)?;
    let page = match address(&args.page)? {
        Some(_) if args.url.is_some() => {
            return Err(Failure::usage("--url is the address of a file; the page given is an address itself").into());
        }
        Some(url) => match live::page(&url, &args.reach, &file)? {
            Ok(page) => page,
            Err(why) => {
                output::note(&format!("{url}: {why}"));
                return Ok(Exit::Partial);
            }
        },
        None => match saved(args) {
            Ok(page) => page,
            Err(error) => {
                output::note(&format!("{}: {error}", args.page.display()));
                return Ok(Exit::Partial);
            }
        },
    };
    let hints = Hints { family: args.family.as_deref(), site: args.site.as_deref() };
    let trace = match &args.html {
        Some(path) => {
            let (trace, html) = trace::marked(&page, &catalogue, &hints);
            write_marked(path, html)?;
            trace
        }
        None => trace::trace(&page, &catalogue, &hints),
    };
    let text = if args.json {
        serde_json::to_string_pretty(&trace).context("writing the answer as JSON")? + "\n"
    } else {
        print::people(&trace, args.all)
    };
    output::data(text.as_bytes())?;
    Ok(Exit::Done)
}

/// An address where it begins like one; everything else is a path.
fn address(page: &OsStr) -> Result<Option<Url>, Failure> {
    let begins = |text: &&str| text.starts_with("http://") || text.starts_with("https://");
    let Some(text) = page.to_str().filter(begins) else { return Ok(None) };
    Url::parse(text).map(Some).map_err(|error| Failure::usage(format!("{text}: {error}")))
}

fn saved(args: &InspectArgs) -> std::io::Result<Page> {
    let bytes = extract::read(Path::new(&args.page))?;
    let hints = decode::Hints { url: args.url.as_ref(), ..decode::Hints::default() };
    Ok(decode::decode(&bytes, &hints, extract::today()))
}

fn write_marked(path: &Path, html: Option<String>) -> anyhow::Result<()> {
    let Some(html) = html else {
        output::note("the page is not HTML: nothing to mark, no file written");
        return Ok(());
    };
    std::fs::write(path, html).with_context(|| format!("writing {}", path.display()))
}
