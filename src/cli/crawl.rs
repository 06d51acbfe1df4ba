//! `crawl`: what was typed becomes a job for the conductor; its summary becomes a report and an exit code.

use std::hash::{BuildHasher as _, RandomState};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;

use super::args::{CrawlArgs, GlobalArgs};
use super::due::Timetable;
use super::exit::{Exit, Failure};
use super::progress::Watch;
use super::report::RunReport;
use super::settings::{CrawlSettings, SettingsFile};
use super::signals::Signals;
use super::{due, legacy_tls, metrics, output, plan, report, selectors, settings, works};
use crate::archive::{self, Archive, History, Version};
use crate::crawl::{self, Job, Keep, Summary};
use crate::domain::profile::TlsSpec;
use crate::domain::site::Site;
use crate::domain::time::CaptureTime;
use crate::extract::Catalogue;
use crate::fetch::{self, HttpFetch};
use crate::{frontier, store};

/// Runs the command.
pub(super) fn run(args: &CrawlArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let runtime = runtime()?;
    let signals = listen(&runtime)?;
    once(args, global, &runtime, &signals)
}

/// Starts listening for signals, which needs the runtime.
pub(super) fn listen(runtime: &tokio::runtime::Runtime) -> anyhow::Result<Signals> {
    runtime.block_on(async { Signals::listen() }).context("listening for signals")
}

/// One crawl from its settings to its report. Settings and selectors are read anew each time.
pub(super) fn once(
    args: &CrawlArgs,
    global: &GlobalArgs,
    runtime: &tokio::runtime::Runtime,
    signals: &Signals,
) -> anyhow::Result<Exit> {
    args.report.iter().try_for_each(|path| report::check(path))?;
    let file = settings::load(global)?;
    let catalogue = Arc::new(selectors::load(global, &file)?);
    let merged = settings::crawl(args, &file);
    let timetable = if !args.due {
        None
    } else if args.dry_run {
        Some(Timetable::read(&global.archive_dir(), &file.crawl)?)
    } else {
        Some(Timetable::of_run(&global.archive_dir(), &file.crawl)?)
    };
    let sites = plan::sites(args, &merged, &catalogue, timetable.as_ref())?;
    if sites.is_empty() {
        tracing::info!("no site is due");
        let metrics = args.metrics.as_deref().or(file.crawl.metrics.as_deref());
        let written = metrics.map(|path| metrics::write_of(path, &global.archive_dir(), Exit::Done, due::now()));
        return written.transpose().map(|_| Exit::Done);
    }
    let options = crawl::Options {
        frontier: manners(args, &merged),
        full: args.full,
        since: args.since,
        max_time: args.max_time,
        max_failures: merged.max_failures,
        ..crawl::Options::default()
    };
    let mut fetch = fetch_options(args, &file)?;
    fetch.lenient_hosts = plan::hosts_with(TlsSpec::Lenient, &sites, &catalogue);
    fetch.legacy_hosts = plan::hosts_with(TlsSpec::Legacy, &sites, &catalogue);
    if let Some(host) = fetch.legacy_hosts.first() {
        legacy_tls::ensure(host)?;
    }
    let start = Start { sites, options, catalogue, watch: Watch::new(!global.quiet) };
    let mut archive = archive_options(args, &file, global, &fetch.user_agent);
    archive.sites = start.sites.iter().map(|site| site.id.clone()).collect();
    let least = start.sites.iter().map(|site| site.politeness.delay).min().unwrap_or_default();
    archive.gather = archive::Options::gather_within(least);
    let fetch = HttpFetch::new(fetch).map_err(|error| Failure::unusable(error.to_string()))?;
    if args.dry_run {
        let past = match History::open(&global.archive_dir()) {
            Err(store::Error::Missing { .. }) => None,
            opened => Some(opened?),
        };
        let ended = runtime.block_on(start.conduct(Keep::DryRun(past), fetch, signals))?;
        return ended.exit(args, None, None);
    }
    let archive = start.open(archive)?;
    let ended = runtime.block_on(async {
        let ended = start.conduct(Keep::Archive(archive.clone()), fetch, signals).await;
        let closed = archive.close().await;
        let mut ended = ended?;
        // What broke the run off says more than an archive that cannot be closed after it.
        ended.broken = ended.broken.or(closed.err().map(anyhow::Error::new));
        anyhow::Ok(ended)
    })?;
    let metrics = args.metrics.as_deref().or(file.crawl.metrics.as_deref());
    ended.exit(args, Some(&global.archive_dir()), metrics)
}

/// How politely, over all hosts. Each process has a jitter of its own.
fn manners(args: &CrawlArgs, merged: &CrawlSettings) -> frontier::Options {
    frontier::Options {
        concurrency: merged.concurrency,
        ignore_robots: args.ignore_robots,
        ignore_crawl_delay: args.ignore_crawl_delay,
        max_pages: args.max_pages,
        attempts: merged.attempts,
        failures_to_stop: merged.failures_to_stop,
        backoff: merged.backoff,
        jitter: merged.jitter,
        seed: RandomState::new().hash_one(std::process::id()),
        max_wait: merged.max_wait,
        ..frontier::Options::default()
    }
}

/// A runtime for the network, with one thread beside the conductor's: reading pages and writing the archive have threads of
/// their own.
pub(super) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .context("starting the asynchronous runtime")
}

/// A crawl about to start.
pub(super) struct Start {
    pub(super) sites: Vec<Site>,
    pub(super) options: crawl::Options,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) watch: Watch,
}

impl Start {
    /// Opens the archive for writing and says what a crash had left.
    pub(super) fn open(&self, options: archive::Options) -> anyhow::Result<Archive> {
        let (archive, recovery) = Archive::open(options, &crawl::reread(&self.catalogue))?;
        if recovery.indexed > 0 {
            tracing::info!(captures = recovery.indexed, "took in captures an interrupted run had left");
        }
        for torn in &recovery.quarantined {
            tracing::info!(file = %torn.display(), "moved a torn record to quarantine");
        }
        Ok(archive)
    }

    /// Crawls to the end, or to a signal.
    pub(super) async fn conduct(self, keep: Keep, fetch: HttpFetch, signals: &Signals) -> anyhow::Result<Ended> {
        let (command, started_at) = (command_line(), due::now());
        let job = Job { sites: self.sites, options: self.options, keep, catalogue: self.catalogue, command };
        let (summary, broken) = match crawl::run(job, Arc::new(fetch), self.watch, signals.first()).await {
            Ok(summary) => (summary, None),
            Err(crawl::Error::Broken { error, summary }) => (*summary, Some(anyhow::Error::new(*error))),
            Err(error) => return Err(error.into()),
        };
        Ok(Ended { summary, broken, signal: signals.received(), started_at })
    }
}

/// A crawl that came to its end.
pub(super) struct Ended {
    pub(super) summary: Summary,
    /// What broke the run off.
    pub(super) broken: Option<anyhow::Error>,
    pub(super) signal: Option<Exit>,
    started_at: CaptureTime,
}

impl Ended {
    /// Says what failed, writes the reports, and gives the exit code. A report that cannot be written is said and, where
    /// nothing else went wrong, is the exit code; the run is complete without it. What broke the run off is the error.
    fn exit(self, args: &CrawlArgs, archive: Option<&Path>, metrics: Option<&Path>) -> anyhow::Result<Exit> {
        for line in report::complaints(&self.summary) {
            output::note(&line);
        }
        if let (Some(archive), None) = (archive, &self.broken) {
            works::tell_vain_rulings(archive);
        }
        let mut exit = match (&self.broken, self.signal) {
            (Some(error), _) => Exit::of(error),
            (None, Some(signal)) => signal,
            (None, None) if self.summary.exit == 0 => Exit::Done,
            (None, None) => Exit::Partial,
        };
        let run = RunReport {
            program: crate::extract::EXTRACTOR,
            started_at: self.started_at.to_seconds_string(),
            ended_at: due::now().to_seconds_string(),
            exit: exit.code(),
            error: self.broken.as_ref().map(|error| format!("{error:#}")),
            summary: &self.summary,
        };
        let mut paths: Vec<_> = archive.map(report::own_path).into_iter().collect();
        paths.extend(args.report.clone());
        let reports = paths.iter().map(|path| report::write_run(path, &run));
        let metrics = metrics.zip(archive).map(|(path, archive)| metrics::write_of(path, archive, exit, due::now()));
        let written = reports.chain(metrics);
        for error in written.filter_map(Result::err) {
            let rest = if self.broken.is_none() { "; the run itself is complete" } else { "" };
            output::note(&format!("error: {error:#}{rest}"));
            exit = if exit == Exit::Done { Exit::of(&error) } else { exit };
        }
        self.broken.map_or(Ok(exit), Err)
    }
}

/// Who answers for the crawl.
fn contact<'a>(args: &'a CrawlArgs, file: &'a SettingsFile) -> Option<&'a str> {
    args.contact.as_deref().or(file.contact.as_deref())
}

fn fetch_options(args: &CrawlArgs, file: &SettingsFile) -> Result<fetch::Options, Failure> {
    let mut options = contact(args, file).map_or_else(fetch::Options::default, fetch::Options::identified);
    if let Some(agent) = &file.user_agent {
        options.user_agent.clone_from(agent);
    }
    options.resolve.clone_from(&args.resolve);
    options.allow.clone_from(&args.allow_addresses);
    options.proxy.clone_from(&file.proxy);
    file.fetch.apply(&mut options)?;
    Ok(options)
}

fn archive_options(args: &CrawlArgs, file: &SettingsFile, global: &GlobalArgs, user_agent: &str) -> archive::Options {
    let mut options = archive::Options::new(global.archive_dir());
    let version = args.warc_version.as_deref().or(file.archive.warc_version.as_deref());
    if version == Some("1.0") {
        options.warc_version = Version::V1_0;
    }
    if let Some(mib) = file.archive.roll_mib {
        options.roll_at_bytes = mib.saturating_mul(1 << 20);
    }
    options.free_space_floor = file.archive.free_space_mib.map(|mib| mib.saturating_mul(1 << 20));
    options.operator.clone_from(&file.operator);
    options.contact = contact(args, file).map(str::to_owned);
    options.robots_policy = String::from(if args.ignore_robots { "ignore" } else { "obey" });
    user_agent.clone_into(&mut options.user_agent);
    options
}

/// The command line for the run's log. Credentials in URLs are blanked; nothing else on it is secret.
pub(super) fn command_line() -> String {
    let blank = |argument: String| match url::Url::parse(&argument) {
        Ok(mut url) if url.password().is_some() => {
            url.set_password(Some("…")).ok();
            url.to_string()
        }
        Ok(_) | Err(_) => argument,
    };
    std::env::args_os().map(|a| blank(a.to_string_lossy().into_owned())).collect::<Vec<_>>().join(" ")
}
