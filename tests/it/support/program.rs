//! The built binary, run with a cleared environment.

use std::path::Path;
use std::process::{Command, Output};

/// What a run of the program gave.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A command for the built binary in this folder, with nothing of the caller's environment that changes what it does.
pub(crate) fn command(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shiguan"));
    command.current_dir(dir);
    for (key, _) in std::env::vars_os() {
        let name = key.to_string_lossy();
        if name.starts_with("SHIGUAN_") || name.to_ascii_lowercase().ends_with("_proxy") {
            command.env_remove(&key);
        }
    }
    command
}

/// Runs the binary to its end.
pub(crate) fn run(dir: &Path, arguments: &[&str]) -> Ran {
    ran(command(dir).args(arguments).output().unwrap())
}

/// What a finished process gave.
pub(crate) fn ran(output: Output) -> Ran {
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}
