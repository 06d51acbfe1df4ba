//! Figures of the last run for Prometheus' text-file collector: one file, written whole after every run.
//!
//! Gauges only: the program does not live between runs, so nothing here counts on. What a run did is in its report; here
//! is what an alarm needs: when it ended, how, and how each site fared.

use std::fmt;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::exit::Exit;
use super::output;
use crate::crawl::{Counts, Summary};
use crate::domain::time::CaptureTime;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Site {
    site: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SiteResult {
    site: String,
    result: Outcome,
}

/// What became of article pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelValue)]
#[expect(non_camel_case_types, reason = "the names are the label's values")]
enum Outcome {
    new,
    changed,
    unchanged,
    missing,
    not_news,
    failed,
}

impl Outcome {
    fn of(counts: &Counts) -> [(Self, u64); 6] {
        [
            (Self::new, counts.new),
            (Self::changed, counts.changed),
            (Self::unchanged, counts.unchanged),
            (Self::missing, counts.gone + counts.not_found),
            (Self::not_news, counts.not_news),
            (Self::failed, counts.failed),
        ]
    }
}

/// Writes the file, whole or not at all, readable by the collector's own user.
pub(super) fn write(path: &Path, summary: &Summary, exit: Exit, ended_at: CaptureTime) -> anyhow::Result<()> {
    let place = || format!("writing {}", path.display());
    let mut text = String::new();
    render(&mut text, summary, exit, ended_at).with_context(place)?;
    let folder = output::folder_of(path);
    fs::create_dir_all(folder).with_context(place)?;
    let readable = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    let mut file = tempfile::Builder::new().permissions(readable).tempfile_in(folder).with_context(place)?;
    file.write_all(text.as_bytes()).with_context(place)?;
    file.persist(path).map_err(|error| error.error).with_context(place)?;
    Ok(())
}

fn render(out: &mut impl fmt::Write, summary: &Summary, exit: Exit, ended_at: CaptureTime) -> fmt::Result {
    let mut registry = Registry::with_prefix("shiguan");
    let gauge = |registry: &mut Registry, name: &str, help: &str, value: i64| {
        let gauge = Gauge::<i64>::default();
        gauge.set(value);
        registry.register(name, help, gauge);
    };
    gauge(&mut registry, "run_end_time_seconds", "When the last run ended, Unix time", ended_at.epoch_seconds());
    gauge(&mut registry, "run_exit_code", "Exit code of the last run", i64::from(exit.code()));
    gauge(&mut registry, "run_requests", "Requests of the last run", signed(summary.total.requests));
    let (failed, requests, listings) = (by_site(), by_site(), by_site());
    let articles = Family::<SiteResult, Gauge>::default();
    for site in &summary.sites {
        let label = Site { site: site.site.clone() };
        failed.get_or_create(&label).set(i64::from(site.failed.is_some()));
        requests.get_or_create(&label).set(signed(site.counts.requests));
        listings.get_or_create(&label).set(signed(site.counts.listings));
        for (result, count) in Outcome::of(&site.counts) {
            articles.get_or_create(&SiteResult { site: site.site.clone(), result }).set(signed(count));
        }
    }
    registry.register("site_failed", "Whether the site failed in its last run", failed);
    registry.register("site_requests", "Requests of the site's last run", requests);
    registry.register("site_listings", "Listing pages read in the site's last run", listings);
    registry.register("site_articles", "Article pages of the site's last run, by result", articles);
    encode(out, &registry)
}

fn by_site() -> Family<Site, Gauge> {
    Family::default()
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crawl::SiteSummary;

    #[test]
    fn the_file_says_when_how_and_how_each_site_fared() {
        let counts = Counts { requests: 12, listings: 2, new: 3, not_found: 1, ..Counts::default() };
        let site =
            SiteSummary { site: "云\"岭".to_owned(), counts, failed: Some("x".to_owned()), ..SiteSummary::default() };
        let summary = Summary { total: site.counts, sites: vec![site], ..Summary::default() };
        let mut text = String::new();
        let at = CaptureTime::parse("2026-11-25T02:00:00Z").unwrap();
        render(&mut text, &summary, Exit::Partial, at).unwrap();
        for line in [
            "shiguan_run_end_time_seconds 1795572000",
            "shiguan_run_exit_code 4",
            "shiguan_run_requests 12",
            "shiguan_site_failed{site=\"云\\\"岭\"} 1",
            "shiguan_site_articles{site=\"云\\\"岭\",result=\"new\"} 3",
            "shiguan_site_articles{site=\"云\\\"岭\",result=\"missing\"} 1",
            "# TYPE shiguan_site_articles gauge",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
    }
}
