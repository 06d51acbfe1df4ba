//! How fast pages become records: decode, extract and JSON, from bytes to bytes, on one thread.
//!
//! `cargo bench --bench extract -- DIR…` reads every file below the folders (`fixtures/` where none is named), each folder
//! on its own line. Reading files from disk is not measured.
//!
//! - *pages/s* is pages per second of processor time, user and system, over all passes;
//! - *p50*, *p99*, *max* are milliseconds of processor time of one page, the best of all passes: what the page costs, not what
//!   else ran. On a busy machine all of these are worse, since others empty the processor's caches: compare figures of one hour;
//! - *peak* is the largest resident size of the process so far, catalogue and all pages of the folder included.

#![expect(clippy::print_stdout, reason = "figures are what a benchmark is for")]

use std::error::Error;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use shiguan::domain::time::Date;
use shiguan::extract::{self, Catalogue};
use shiguan::{decode, domain::page::PageFormat};

/// A folder is read again until this much time has gone by, and at least [`LEAST_PASSES`] times.
const LONG_ENOUGH: Duration = Duration::from_secs(3);
const LEAST_PASSES: usize = 3;

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo hands `--bench` to every benchmark.
    let named: Vec<PathBuf> = std::env::args_os().skip(1).filter(|arg| arg != "--bench").map(PathBuf::from).collect();
    let fixtures = || vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")];
    let folders = if named.is_empty() { fixtures() } else { named };
    let catalogue = Catalogue::load(&[])?;
    println!(
        "{:>6} {:>9} {:>9} {:>8} {:>8} {:>8} {:>8}  folder",
        "pages", "KiB/page", "pages/s", "p50", "p99", "max", "peak"
    );
    for folder in &folders {
        let pages = read_all(folder)?;
        if pages.is_empty() {
            println!("no pages in {}", folder.display());
            continue;
        }
        println!("{}  {}", Figures::measure(&pages, &catalogue), folder.display());
    }
    Ok(())
}

/// Every file below a folder, or the file itself.
fn read_all(path: &Path) -> io::Result<Vec<Vec<u8>>> {
    let (mut pages, mut waiting) = (Vec::new(), vec![path.to_owned()]);
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            for entry in fs::read_dir(path)? {
                waiting.push(entry?.path());
            }
        } else {
            pages.push(fs::read(path)?);
        }
    }
    Ok(pages)
}

/// What was measured of one folder.
struct Figures {
    pages: usize,
    bytes: usize,
    per_second: f64,
    /// Best time of each page, shortest first.
    best: Vec<Duration>,
}

impl Figures {
    #[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
    #[expect(clippy::cast_precision_loss, reason = "counts of pages are small")]
    fn measure(pages: &[Vec<u8>], catalogue: &Catalogue) -> Self {
        let mut best = vec![Duration::MAX; pages.len()];
        let (started, before) = (Instant::now(), processor_time());
        let mut passes = 0;
        while passes < LEAST_PASSES || started.elapsed() < LONG_ENOUGH {
            for (page, best) in pages.iter().zip(&mut best) {
                let from = processor_time();
                std::hint::black_box(record(page, catalogue));
                *best = processor_time().saturating_sub(from).min(*best);
            }
            passes += 1;
        }
        let seconds = processor_time().saturating_sub(before).as_secs_f64();
        best.sort_unstable();
        let bytes = pages.iter().map(Vec::len).sum();
        Self { pages: pages.len(), bytes, per_second: (pages.len() * passes) as f64 / seconds, best }
    }

    /// Milliseconds that so many of a hundred pages do not need.
    fn percentile(&self, percent: usize) -> f64 {
        let at = (self.best.len() * percent / 100).min(self.best.len().saturating_sub(1));
        self.best.get(at).map_or(0.0, |time| time.as_secs_f64() * 1e3)
    }
}

impl std::fmt::Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (p50, p99, max) = (self.percentile(50), self.percentile(99), self.percentile(100));
        let size = self.bytes / self.pages.max(1) / 1024;
        let peak = peak_mebibytes().map_or_else(|| "?".to_owned(), |peak| format!("{peak} MiB"));
        write!(f, "{:>6} {size:>9} {:>9.0} {p50:>8.2} {p99:>8.2} {max:>8.2} {peak:>8}", self.pages, self.per_second)
    }
}

/// The record of a page as the command line prints it; nothing of what is no text.
fn record(bytes: &[u8], catalogue: &Catalogue) -> Option<Vec<u8>> {
    let page = decode::decode(bytes, &decode::Hints::default(), Date::new(2026, 1, 1)?);
    if page.format == PageFormat::Binary {
        return None;
    }
    let extraction = extract::extract(&page, catalogue, &extract::Hints::default());
    serde_json::to_vec(&extraction.record).ok()
}

/// Processor time of this process so far, user and system.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// Largest resident size so far.
fn peak_mebibytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kibibytes| kibibytes / 1024)
}
