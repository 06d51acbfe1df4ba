//! What to crawl: configured sites by id, seeds from the command line, or everything configured.

use std::collections::HashSet;

use anyhow::bail;
use url::Url;

use super::args::CrawlArgs;
use super::due::Timetable;
use super::exit::Failure;
use super::settings::CrawlSettings;
use crate::domain::address;
use crate::domain::profile::{SiteSpec, TlsSpec};
use crate::domain::recheck::Recheck;
use crate::domain::schedule::{self, Schedule};
use crate::domain::site::{Politeness, Site};
use crate::domain::window::Window;
use crate::extract::Catalogue;

/// The sites of a crawl, in the order they were named.
pub(super) fn sites(
    args: &CrawlArgs,
    settings: &CrawlSettings,
    catalogue: &Catalogue,
    timetable: Option<&Timetable<'_>>,
) -> anyhow::Result<Vec<Site>> {
    let mut sites = configured(args, settings, catalogue)?;
    for seed in &args.seeds {
        add_seed(&mut sites, seed, settings)?;
    }
    if sites.is_empty() {
        bail!(Failure::unusable(
            "no sites are configured: give --seed URL, or --selectors DIR with files in its sites/ folder"
        ));
    }
    if let Some(timetable) = timetable {
        let due = due(catalogue, timetable)?;
        sites.retain(|site| due.contains(&site.id));
    }
    for site in &mut sites {
        site.hosts.extend(args.allow_hosts.iter().cloned());
    }
    Ok(sites)
}

fn configured(args: &CrawlArgs, settings: &CrawlSettings, catalogue: &Catalogue) -> anyhow::Result<Vec<Site>> {
    let wanted = |spec: &SiteSpec| {
        if args.sites.is_empty() { args.seeds.is_empty() } else { args.sites.contains(&spec.site) }
    };
    refuse_unknown(&args.sites, catalogue)?;
    catalogue.sites().filter(|spec| wanted(spec)).map(|spec| of_spec(spec, args, settings)).collect()
}

/// Refuses the id of a site nobody configured.
pub(super) fn refuse_unknown(ids: &[String], catalogue: &Catalogue) -> Result<(), Failure> {
    let unknown = ids.iter().find(|id| !catalogue.sites().any(|spec| spec.site == **id));
    unknown.map_or(Ok(()), |id| {
        let what = format!("{id}: no such site in the sites/ folder of the selectors; use --seed to crawl a URL");
        Err(Failure::unusable(what))
    })
}

/// Ids of the configured sites that are due.
fn due(catalogue: &Catalogue, timetable: &Timetable<'_>) -> Result<HashSet<String>, Failure> {
    let mut due = HashSet::new();
    for spec in catalogue.sites() {
        if timetable.is_due(spec)? {
            due.insert(spec.site.clone());
        }
    }
    Ok(due)
}

/// A configured site's schedule: its file's own, else the settings', else once a day.
pub(super) fn schedule(spec: &SiteSpec, default: Option<&str>) -> Result<Schedule, Failure> {
    let text = spec.schedule.as_deref().or(default).unwrap_or(schedule::DEFAULT);
    Schedule::parse(text).map_err(|error| Failure::unusable(format!("{}: schedule: {error}", spec.site)))
}

/// A configured site's window: its file's own, else the settings', else none.
pub(super) fn window(spec: &SiteSpec, default: Option<&str>) -> Result<Option<Window>, Failure> {
    let text = spec.window.as_deref().or(default);
    let window = text.map_or(Ok(None), Window::setting);
    window.map_err(|error| Failure::unusable(format!("{}: window: {error}", spec.site)))
}

fn of_spec(spec: &SiteSpec, args: &CrawlArgs, settings: &CrawlSettings) -> anyhow::Result<Site> {
    let mut seeds = Vec::new();
    for text in &spec.seeds {
        let url =
            Url::parse(text).map_err(|e| Failure::unusable(format!("sites/{}.toml: seeds: {text}: {e}", spec.site)))?;
        seeds.push(web(&url)?);
    }
    if seeds.is_empty() {
        bail!(Failure::unusable(format!("sites/{}.toml: seeds: at least one address is needed", spec.site)));
    }
    let own_delay =
        spec.delay.filter(|_| args.delay.is_none()).and_then(|s| std::time::Duration::try_from_secs_f64(s).ok());
    let hosts = seeds.iter().filter_map(Url::host_str).map(str::to_owned).chain(spec.hosts.iter().cloned());
    Ok(Site {
        id: spec.site.clone(),
        name: Some(spec.name.clone()),
        hosts: hosts.collect(),
        seeds,
        family: spec.family.clone(),
        politeness: Politeness {
            delay: own_delay.unwrap_or(settings.politeness.delay),
            share: spec.share.unwrap_or(settings.politeness.share),
            ..settings.politeness
        },
        window: window(spec, settings.window.as_deref())?,
        media: !args.no_media && spec.media.unwrap_or(settings.media),
        recheck: Recheck {
            steps: spec.recheck.as_ref().unwrap_or(&settings.recheck.steps).clone(),
            most: settings.recheck.most,
        },
    })
}

/// Hosts of these sites whose files take TLS in this way, in lower case.
pub(super) fn hosts_with(tls: TlsSpec, sites: &[Site], catalogue: &Catalogue) -> Vec<String> {
    let takes = |site: &&Site| catalogue.sites().any(|spec| spec.site == site.id && spec.tls == Some(tls));
    let hosts = sites.iter().filter(takes).flat_map(|site| &site.hosts);
    hosts.map(|host| host.trim_end_matches('.').to_ascii_lowercase()).collect()
}

/// A seed without a file belongs to the site named by its host; two seeds of one host are one site.
fn add_seed(sites: &mut Vec<Site>, seed: &Url, settings: &CrawlSettings) -> Result<(), Failure> {
    let window = settings.window.as_deref().map_or(Ok(None), Window::setting);
    let url = web(seed)?;
    let host = url.host_str().unwrap_or_default().to_owned();
    match sites.iter_mut().find(|site| site.id == host) {
        Some(site) if site.seeds.contains(&url) => {}
        Some(site) => site.seeds.push(url),
        None => sites.push(Site {
            id: host.clone(),
            name: None,
            seeds: vec![url],
            hosts: vec![host],
            family: None,
            politeness: settings.politeness,
            media: settings.media,
            recheck: settings.recheck.clone(),
            window: window.map_err(|error| Failure::unusable(error.to_string()))?,
        }),
    }
    Ok(())
}

fn web(url: &Url) -> Result<Url, Failure> {
    if matches!(url.scheme(), "http" | "https") && url.host().is_some() {
        return Ok(address::normalise(url));
    }
    Err(Failure::usage(format!("{url}: only http and https addresses are crawled")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_of_one_host_are_one_site() {
        let (mut sites, settings) = (Vec::new(), crate::cli::settings::usual());
        for seed in
            ["http://a.example/x.htm#top", "http://b.example/", "http://a.example/y.htm", "http://a.example/x.htm"]
        {
            add_seed(&mut sites, &Url::parse(seed).unwrap(), &settings).unwrap();
        }
        let found: Vec<(&str, usize)> = sites.iter().map(|s| (s.id.as_str(), s.seeds.len())).collect();
        assert_eq!(found, [("a.example", 2), ("b.example", 1)]);
        assert!(add_seed(&mut sites, &Url::parse("file:///etc/passwd").unwrap(), &settings).is_err());
    }
}
