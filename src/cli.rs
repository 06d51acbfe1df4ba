//! Flags to settings, settings to a command, result to text and exit code.
//!
//! The only layer that knows of terminals, environment variables and process exit. Two steps, as in ripgrep: `args` is
//! what was typed, `settings` is checked and typed; below this module nobody sees either. stdout carries data only,
//! everything else goes to stderr, and a reader that hangs up early is success.

pub mod args;
mod crawl;
mod demo;
mod due;
mod exit;
mod export;
mod extract;
mod fixtures;
mod import;
mod init;
mod inspect;
mod legacy_tls;
mod lint;
mod log;
mod man;
mod markup;
mod metrics;
mod output;
mod package;
mod parse;
mod plan;
mod progress;
mod reextract;
mod reindex;
mod report;
mod search;
mod selectors;
mod settings;
mod show;
mod signals;
mod stats;
mod status;
mod table;
mod takedown;
mod verify;
mod watch;
mod works;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;

pub use args::Args;
pub use exit::Exit;

use args::Command;

/// Runs the program with the process's own arguments.
pub fn run() -> ExitCode {
    run_with(std::env::args_os())
}

/// Runs the program with these arguments, the first being the program's name.
pub fn run_with(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args = match Args::try_parse_from(arguments) {
        Ok(args) => args,
        Err(error) => return usage(&error),
    };
    log::start(&args.global);
    let exit = match dispatch(args) {
        Ok(exit) => exit,
        Err(error) => {
            let exit = Exit::of(&error);
            if exit != Exit::Done {
                output::note(&format!("error: {error:#}"));
            }
            exit
        }
    };
    ExitCode::from(exit.code())
}

/// Whether a settings file with this text can be used; an error begins with the line. For `fuzz/`, which has no folders.
#[doc(hidden)]
pub fn check_settings(text: &str) -> Result<(), String> {
    settings::read(text).map(drop)
}

/// Help and version are data on stdout; everything else clap says is a usage error.
fn usage(error: &clap::Error) -> ExitCode {
    let text = error.render().to_string();
    if error.use_stderr() {
        output::note(text.trim_end());
        return ExitCode::from(Exit::Usage.code());
    }
    match output::data(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => ExitCode::from(Exit::of(&error.into()).code()),
    }
}

fn dispatch(args: Args) -> anyhow::Result<Exit> {
    let Args { global, command } = args;
    if command.is_about_an_archive() {
        settings::refuse_file(&global.archive_dir())?;
    }
    match command {
        Command::Demo(args) => demo::run(&args, &global),
        Command::Init(args) => init::run(&args, &global),
        Command::Crawl(args) => crawl::run(&args, &global),
        Command::Watch(args) => watch::run(&args, &global),
        Command::Extract(args) => extract::run(&args, &global),
        Command::Completions(args) => man::completions(&args),
        Command::Man(args) => man::run(&args),
        Command::Inspect(args) => inspect::run(&args, &global),
        Command::Selectors(command) => lint::run(&command, &global),
        Command::Search(args) => search::run(&args, &global),
        Command::Show(args) => show::run(&args, &global),
        Command::Export(args) => export::run(&args, &global),
        Command::Package(args) => package::run(&args, &global),
        Command::Stats(args) => stats::run(&args, &global),
        Command::Status(args) => status::run(&args, &global),
        Command::Import(args) => import::run(&args, &global),
        Command::Reextract(args) => reextract::run(&args, &global),
        Command::Reindex(args) => reindex::run(&args, &global),
        Command::Verify(args) => verify::run(&args, &global),
    }
}
