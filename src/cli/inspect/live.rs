//! One page off the network.

use url::Url;

use crate::cli::args::ReachArgs;
use crate::cli::crawl;
use crate::cli::exit::Failure;
use crate::cli::output;
use crate::cli::settings::SettingsFile;
use crate::decode;
use crate::domain::address;
use crate::domain::capture::Capture;
use crate::domain::page::Page;
use crate::domain::request::{FetchRequest, Purpose};
use crate::fetch::{self, Fetch as _, HttpFetch};

/// Asks for a page once. The inner error is the page's: unreachable, refused, a redirect; the outer one is ours.
pub(super) fn page(url: &Url, reach: &ReachArgs, file: &SettingsFile) -> anyhow::Result<Result<Page, String>> {
    let fetch = HttpFetch::new(options(reach, file)?).map_err(|error| Failure::unusable(error.to_string()))?;
    output::note("robots.txt is not asked: this is one page for a person to look at");
    let request = FetchRequest {
        url: address::normalise(url),
        site: url.host_str().unwrap_or_default().to_owned(),
        purpose: Purpose::Seed,
        via: None,
        hops: 0,
        attempt: 0,
        walk: None,
        item: None,
        prior: None,
    };
    let answer = crawl::runtime()?.block_on(fetch.fetch(&request));
    Ok(match answer {
        Ok(capture) => read(&capture),
        Err(failure) => Err(failure.detail),
    })
}

fn read(capture: &Capture) -> Result<Page, String> {
    if let Some(target) = capture.redirect_target() {
        return Err(format!("answers {} and leads to {target}; inspect that", capture.status));
    }
    if !(200..300).contains(&capture.status) {
        output::note(&format!("the server answered {}; the page is read all the same", capture.status));
    }
    let hints = decode::Hints {
        url: Some(&capture.url),
        content_type: capture.header("content-type"),
        content_encoding: capture.header("content-encoding"),
        status: Some(capture.status),
    };
    Ok(decode::decode(&capture.payload, &hints, capture.at.china_date()))
}

fn options(reach: &ReachArgs, file: &SettingsFile) -> Result<fetch::Options, Failure> {
    let contact = reach.contact.as_deref().or(file.contact.as_deref());
    let mut options = contact.map_or_else(fetch::Options::default, fetch::Options::identified);
    if let Some(agent) = &file.user_agent {
        options.user_agent.clone_from(agent);
    }
    options.resolve.clone_from(&reach.resolve);
    options.allow.clone_from(&reach.allow_addresses);
    options.proxy.clone_from(&file.proxy);
    file.fetch.apply(&mut options)?;
    Ok(options)
}
