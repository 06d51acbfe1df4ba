//! `watch`: the long-running alternative to cron. Sleeps until a site is due, crawls what is due, sleeps again.
//!
//! Settings, selectors and schedules are read anew before every run, so that a new site file needs no restart. The
//! archive's lock is held during a run only; between runs any other command may write. What ends a single run with
//! trouble at a site is told and outlived; what concerns the archive itself (damage, no space, settings that cannot be
//! read) ends the watch with that exit code, for the service manager to see.

use std::time::Duration;

use anyhow::Context as _;
use sd_notify::NotifyState;

use super::args::{GlobalArgs, WatchArgs};
use super::crawl::{listen, once, runtime};
use super::due::Timetable;
use super::exit::{Exit, Failure};
use super::signals::Signals;
use super::{output, plan, selectors, settings};

/// Longest sleep, after which settings and clock are looked at again.
const LOOK_AGAIN: Duration = Duration::from_mins(10);
/// Least rest between two runs: a site that is due again at once must not make the watch spin.
const REST: Duration = Duration::from_secs(5);
/// How long an archive another run holds is left alone.
const BUSY: Duration = Duration::from_mins(1);

/// Runs the command.
pub(super) fn run(args: &WatchArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    refuse_single(args)?;
    let mut crawl = args.crawl.clone();
    crawl.due = true;
    let runtime = runtime()?;
    let signals = listen(&runtime)?;
    runtime.spawn(keep_alive());
    tell(&[NotifyState::Ready]);
    let mut looked = Looked::default();
    loop {
        let wait = until_due(args, global, &mut looked)?;
        if wait.is_zero() {
            tell(&[NotifyState::Status("crawling what is due")]);
            let wait = match once(&crawl, global, &runtime, &signals) {
                Ok(Exit::Done | Exit::Partial) => REST,
                Ok(signal) => return Ok(stopping(signal)),
                Err(error) if Exit::of(&error) == Exit::Busy => {
                    output::note(&format!("{error:#}; trying again in {} s", BUSY.as_secs()));
                    BUSY
                }
                Err(error) => return Err(error),
            };
            if let Some(signal) = runtime.block_on(sleep(wait, &signals)) {
                return Ok(stopping(signal));
            }
            continue;
        }
        tell(&[NotifyState::Status(&format!("waiting; next look in {} s", wait.as_secs()))]);
        if let Some(signal) = runtime.block_on(sleep(wait, &signals)) {
            return Ok(stopping(signal));
        }
    }
}

/// Flags of a single run are wrong usage here.
fn refuse_single(args: &WatchArgs) -> Result<(), Failure> {
    let crawl = &args.crawl;
    let given = [!crawl.seeds.is_empty(), crawl.dry_run, crawl.since.is_some(), crawl.due, !crawl.report.is_empty()];
    match WatchArgs::OF_ONE_RUN.into_iter().zip(given).find(|(_, given)| *given) {
        Some((flag, _)) => {
            let flag = flag.trim_end_matches('s').replace('_', "-");
            Err(Failure::usage(format!("--{flag}: belongs to a single run; use `crawl`")))
        }
        None => Ok(()),
    }
}

/// What the last look found: that there is no site is said once, and again after there were some.
#[derive(Debug, Default)]
struct Looked {
    without_sites: bool,
}

impl Looked {
    /// Takes in a look; whether it is the first of a row that found no site.
    fn begins_without(&mut self, without_sites: bool) -> bool {
        !std::mem::replace(&mut self.without_sites, without_sites) && without_sites
    }
}

/// How long to sleep before the next look; nothing where a site is due.
fn until_due(args: &WatchArgs, global: &GlobalArgs, looked: &mut Looked) -> anyhow::Result<Duration> {
    let file = settings::load(global)?;
    let catalogue = selectors::load(global, &file)?;
    let wanted = &args.crawl.sites;
    plan::refuse_unknown(wanted, &catalogue)?;
    let sites: Vec<_> = catalogue.sites().filter(|spec| wanted.is_empty() || wanted.contains(&spec.site)).collect();
    if looked.begins_without(sites.is_empty()) {
        output::note("no sites are configured; looking again for files in the selectors' sites/ folder");
    }
    let timetable = Timetable::of_run(&global.archive_dir(), &file.crawl)?;
    Ok(timetable.wait(&sites)?.unwrap_or(LOOK_AGAIN).min(LOOK_AGAIN))
}

/// Sleeps, or hears a signal.
async fn sleep(time: Duration, signals: &Signals) -> Option<Exit> {
    if signals.received().is_none() {
        tokio::select! {
            () = tokio::time::sleep(time) => {}
            () = signals.first() => {}
        }
    }
    signals.received()
}

fn stopping(signal: Exit) -> Exit {
    tell(&[NotifyState::Stopping]);
    signal
}

/// Tells the service manager, where there is one (`sd_notify(3)`); nobody else listens.
fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state).context("telling the service manager") {
        tracing::debug!("{error:#}");
    }
}

/// Pings the service manager's watchdog twice as often as it asks for, where it asks.
async fn keep_alive() {
    let Some(every) = sd_notify::watchdog_enabled() else { return };
    loop {
        tell(&[NotifyState::Watchdog]);
        tokio::time::sleep(every / 2).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lack_of_sites_is_told_once_and_again_after_there_were_some() {
        let mut looked = Looked::default();
        let told = [true, true, true, false, false, true, true].map(|without| looked.begins_without(without));
        assert_eq!(told, [true, false, false, false, false, true, false]);
    }
}
