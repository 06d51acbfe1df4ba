//! Flags to settings, settings to a command, result to text and exit code.

use std::process::ExitCode;

/// Runs the program with the process's own arguments.
pub fn run() -> ExitCode {
    ExitCode::SUCCESS
}
