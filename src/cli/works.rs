//! What whoever keeps `works.toml` is told after a run.

use std::path::Path;

use super::output;
use crate::archive;

/// Addresses named; further ones are counted.
const NAMED: usize = 20;

/// Names the addresses at which the rulings find no article. Nothing of the run depends on it.
pub(super) fn tell_vain_rulings(archive: &Path) {
    let vain = match archive::vain_rulings(archive) {
        Ok(vain) => vain,
        Err(error) => return tracing::info!(%error, "cannot say which rulings of works.toml find no article"),
    };
    for line in vain.iter().take(NAMED) {
        output::note(&format!("note: {line}"));
    }
    if vain.len() > NAMED {
        output::note(&format!("note: … and {} more", vain.len() - NAMED));
    }
}
