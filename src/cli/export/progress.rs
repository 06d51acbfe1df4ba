//! How far an export is: a bar on a terminal, nothing elsewhere.

use std::io::{self, IsTerminal as _};

use indicatif::{ProgressBar, ProgressStyle};

use crate::store;

/// Rows between two looks at the bar.
const STEP: u64 = 64;

/// Watches an export; `None` where nobody looks.
pub(super) struct Watch(Option<ProgressBar>);

impl Watch {
    /// A watch nobody looks at.
    pub(super) fn unseen() -> Self {
        Self(None)
    }

    /// A bar where it is wanted and stderr is a terminal; only then are the rows counted beforehand.
    pub(super) fn new(
        table: &str,
        wanted: bool,
        total: impl FnOnce() -> Result<u64, store::Error>,
    ) -> Result<Self, store::Error> {
        if !wanted || !io::stderr().is_terminal() {
            return Ok(Self::unseen());
        }
        let style = ProgressStyle::with_template("{prefix:12} {bar:30} {human_pos}/{human_len} rows, {eta} to go");
        let bar = ProgressBar::new(total()?).with_prefix(table.to_owned());
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Ok(Self(Some(bar)))
    }

    /// So many rows are written.
    pub(super) fn moved(&mut self, rows: u64) {
        if let Some(bar) = self.0.as_ref().filter(|_| rows.is_multiple_of(STEP)) {
            bar.set_position(rows);
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
