//! Figures of the last run for Prometheus' text-file collector: one file, written whole after every run.
//!
//! Gauges only: the program does not live between runs, so nothing here counts on. What a run did is in its report; here
//! is what an alarm needs: when it ended, how, and how each site fared.

use std::fmt;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::exit::Exit;
use super::output;
use crate::domain::fared::Fared;
use crate::domain::time::CaptureTime;
use crate::domain::verdict::SiteVerdict as Verdict;
use crate::store::{LastRun, Reader};

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Site {
    site: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SiteResult {
    site: String,
    result: &'static str,
}

/// A site's last run and the word of how it ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SiteVerdict {
    site: String,
    verdict: String,
}

/// Writes the figures of this archive's sites. One that cannot be read any more still gets the time and the exit code.
pub(super) fn write_of(path: &Path, archive: &Path, exit: Exit, ended_at: CaptureTime) -> anyhow::Result<()> {
    let sites = Reader::whole(archive).and_then(|reader| reader.last_runs()).unwrap_or_default();
    write(path, &sites, exit, ended_at)
}

/// Writes the file, whole or not at all, readable by the collector's own user.
fn write(path: &Path, sites: &[LastRun], exit: Exit, ended_at: CaptureTime) -> anyhow::Result<()> {
    let place = || format!("writing {}", path.display());
    let mut text = String::new();
    render(&mut text, sites, exit, ended_at).with_context(place)?;
    let folder = output::folder_of(path);
    fs::create_dir_all(folder).with_context(place)?;
    let readable = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    let mut file = tempfile::Builder::new().permissions(readable).tempfile_in(folder).with_context(place)?;
    file.write_all(text.as_bytes()).with_context(place)?;
    file.persist(path).map_err(|error| error.error).with_context(place)?;
    Ok(())
}

fn render(out: &mut impl fmt::Write, sites: &[LastRun], exit: Exit, ended_at: CaptureTime) -> fmt::Result {
    let mut registry = Registry::with_prefix("shiguan");
    let gauge = |registry: &mut Registry, name: &str, help: &str, value: i64| {
        let gauge = Gauge::<i64>::default();
        gauge.set(value);
        registry.register(name, help, gauge);
    };
    gauge(&mut registry, "run_end_time_seconds", "When the last run ended, Unix time", ended_at.epoch_seconds());
    gauge(&mut registry, "run_exit_code", "Exit code of the last run", i64::from(exit.code()));
    let (ended, failed, requests, listings) = (by_site(), by_site(), by_site(), by_site());
    let verdicts = Family::<SiteVerdict, Gauge>::default();
    let articles = Family::<SiteResult, Gauge>::default();
    for LastRun { ended_at, fared } in sites {
        let label = Site { site: fared.site.clone() };
        ended.get_or_create(&label).set(ended_at.epoch_seconds());
        failed.get_or_create(&label).set(i64::from(Verdict::is_failing_word(&fared.verdict)));
        verdicts.get_or_create(&SiteVerdict { site: fared.site.clone(), verdict: fared.verdict.clone() }).set(1);
        let mut figures = Fared::FIGURES.into_iter().zip(fared.figures.map(signed));
        for (family, (_, figure)) in [&requests, &listings].into_iter().zip(&mut figures) {
            family.get_or_create(&label).set(figure);
        }
        for (result, figure) in figures {
            articles.get_or_create(&SiteResult { site: fared.site.clone(), result }).set(figure);
        }
    }
    registry.register("site_run_end_time_seconds", "When the site's last run ended, Unix time", ended);
    registry.register("site_failed", "Whether the site failed in its last run", failed);
    registry.register("site_verdict", "How the site's last run ended, as a word", verdicts);
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

    #[test]
    fn the_file_says_when_how_and_how_each_site_fared() {
        let at = CaptureTime::parse("2026-11-25T02:00:00Z").unwrap();
        let fared = Fared {
            site: "云\"岭".to_owned(),
            verdict: "login-wall".to_owned(),
            why: Some("x".to_owned()),
            figures: [12, 2, 3, 0, 5, 1, 0, 7],
        };
        let mut text = String::new();
        render(&mut text, &[LastRun { ended_at: at, fared }], Exit::Partial, at).unwrap();
        for line in [
            "shiguan_run_end_time_seconds 1795572000",
            "shiguan_run_exit_code 4",
            "shiguan_site_run_end_time_seconds{site=\"云\\\"岭\"} 1795572000",
            "shiguan_site_requests{site=\"云\\\"岭\"} 12",
            "shiguan_site_failed{site=\"云\\\"岭\"} 1",
            "shiguan_site_verdict{site=\"云\\\"岭\",verdict=\"login-wall\"} 1",
            "shiguan_site_articles{site=\"云\\\"岭\",result=\"new\"} 3",
            "shiguan_site_articles{site=\"云\\\"岭\",result=\"failed\"} 7",
            "# TYPE shiguan_site_articles gauge",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
    }
}
