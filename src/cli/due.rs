//! Which configured sites are due, by their schedules and what the archive says of their last crawl.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use super::exit::Failure;
use super::plan;
use super::settings::CrawlSection;
use crate::archive;
use crate::domain::profile::SiteSpec;
use crate::domain::schedule::{Last, Standing};
use crate::domain::time::CaptureTime;
use crate::domain::window::Pane;
use crate::store::{self, Reader};

/// The present moment.
#[expect(clippy::disallowed_methods, reason = "the command line is the edge where the clock is read")]
pub(super) fn now() -> CaptureTime {
    CaptureTime::from_system(std::time::SystemTime::now())
}

/// The past of sites, and the schedule of those that name none.
#[derive(Debug)]
pub(super) struct Timetable<'a> {
    last: HashMap<String, Last>,
    defaults: &'a CrawlSection,
    now: CaptureTime,
}

impl<'a> Timetable<'a> {
    /// Reads the past from the archive; a folder that holds none yet has no past.
    pub(super) fn read(archive: &Path, defaults: &'a CrawlSection) -> Result<Self, store::Error> {
        let exists = archive.join(store::DATABASE).exists();
        let last = if exists { Reader::whole(archive)?.last_crawls()? } else { HashMap::new() };
        Ok(Self { last, defaults, now: now() })
    }

    /// The same for a run that is about to write: an archive of an earlier version is brought up to date first, so that a
    /// timer goes on after the program was renewed.
    pub(super) fn of_run(archive: &Path, defaults: &'a CrawlSection) -> Result<Self, archive::Error> {
        if archive.join(store::DATABASE).exists() {
            archive::bring_up_to_date(archive)?;
        }
        Ok(Self::read(archive, defaults)?)
    }

    /// How a configured site stands: by its schedule, and where that falls outside its window, by when this opens.
    pub(super) fn standing(&self, spec: &SiteSpec) -> Result<Standing, Failure> {
        let schedule = plan::schedule(spec, self.defaults.schedule.as_deref())?;
        let standing = schedule.standing(self.last.get(&spec.site).copied(), self.now);
        let at = match standing {
            Standing::Due => self.now,
            Standing::Next(at) => at,
            Standing::Never => return Ok(standing),
        };
        Ok(match plan::window(spec, self.defaults.window.as_deref())?.map(|window| window.at(at)) {
            Some(Pane::Shut(left)) => Standing::Next(at.plus(left)),
            Some(Pane::Open(_)) | None => standing,
        })
    }

    /// How long until the first of these sites is due: nothing where one is, `None` where none will ever be.
    pub(super) fn wait(&self, specs: &[&SiteSpec]) -> Result<Option<Duration>, Failure> {
        let mut least = None;
        for spec in specs {
            let wait = match self.standing(spec)? {
                Standing::Due => Duration::ZERO,
                Standing::Next(at) => between(self.now, at),
                Standing::Never => continue,
            };
            least = Some(least.map_or(wait, |held: Duration| held.min(wait)));
        }
        Ok(least)
    }

    /// Whether a configured site is due.
    pub(super) fn is_due(&self, spec: &SiteSpec) -> Result<bool, Failure> {
        Ok(self.standing(spec)? == Standing::Due)
    }
}

/// From one moment to a later one.
fn between(now: CaptureTime, later: CaptureTime) -> Duration {
    Duration::from_micros(u64::try_from(later.epoch_micros() - now.epoch_micros()).unwrap_or_default())
}
