//! Progress of a crawl: a line for each site on a terminal, nothing elsewhere; a dry run's findings on stdout.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal as _};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::output;
use crate::crawl::{Progress, Standing};
use crate::domain::record::ListingItem;

/// Sites shown at once; a screen holds no more, and the others are still crawled.
const LINES: usize = 20;

/// Watches a crawl.
pub(super) struct Watch {
    /// `None` where nobody looks.
    bars: Option<MultiProgress>,
    lines: BTreeMap<String, ProgressBar>,
}

impl Watch {
    /// A watch that shows bars where they are wanted and stderr is a terminal.
    pub(super) fn new(wanted: bool) -> Self {
        let bars = (wanted && io::stderr().is_terminal()).then(MultiProgress::new);
        Self { bars, lines: BTreeMap::new() }
    }
}

impl Progress for Watch {
    fn moved(&mut self, standing: Standing<'_>) {
        let Some(bars) = &self.bars else { return };
        if !self.lines.contains_key(standing.site) {
            if self.lines.len() >= LINES {
                return;
            }
            let style = ProgressStyle::with_template("{spinner} {prefix:24!} {wide_msg}");
            let bar = bars.add(ProgressBar::new_spinner());
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            bar.set_prefix(output::printable(standing.site));
            self.lines.insert(standing.site.to_owned(), bar);
        }
        if let Some(bar) = self.lines.get(standing.site) {
            let counts = standing.counts;
            bar.set_message(format!(
                "{} requests, {} new, {} changed, {} failed, {} to go",
                counts.requests, counts.new, counts.changed, counts.failed, standing.open
            ));
            bar.tick();
        }
    }

    fn would_fetch(&mut self, _site: &str, item: &ListingItem) {
        let Some(url) = &item.url else { return };
        let date = item.date.map(|d| d.to_string()).unwrap_or_default();
        let line = format!("{url}\t{date}\t{}\n", output::printable(&item.title).replace(['\t', '\n'], " "));
        // A reader that has hung up wants no more lines; the run itself writes nothing.
        output::data(line.as_bytes()).ok();
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        for bar in self.lines.values() {
            bar.finish();
        }
    }
}
