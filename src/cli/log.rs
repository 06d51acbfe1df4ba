//! Logging: `tracing` to stderr, as lines for people or JSON for machines. Silent unless something is wrong.

use std::io;

use tracing_subscriber::EnvFilter;

use super::args::{GlobalArgs, LogFormat};

/// Starts logging; the first call wins, later ones (tests in one process) change nothing.
pub(super) fn start(global: &GlobalArgs) {
    let level = match (global.quiet, global.verbose) {
        (true, _) => "error",
        (false, 0) => "warn",
        (false, 1) => "info",
        (false, 2) => "debug",
        (false, _) => "trace",
    };
    let filter = EnvFilter::new(format!("error,shiguan={level}"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_target(false);
    // A second start in one process is refused by tracing; the first one's choice stays.
    match global.log_format {
        LogFormat::Text => builder.without_time().try_init().ok(),
        LogFormat::Json => builder.json().try_init().ok(),
    };
}
