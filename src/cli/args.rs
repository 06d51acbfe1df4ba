//! What was typed. Parsing only; nothing here does work. Defaults are printed from the modules that use them.

use std::path::PathBuf;

use clap::{ArgAction, Args as ClapArgs, Parser, Subcommand, ValueEnum};
use url::Url;

/// shiguan (史馆): crawler and archive for university theme-education news.
#[derive(Debug, Parser)]
#[command(name = "shiguan", version, propagate_version = true, max_term_width = 100)]
pub struct Args {
    /// Flags every command takes.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags every command takes.
#[derive(Debug, Clone, ClapArgs)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArgs {
    /// The archive's folder
    #[arg(long, global = true, env = "SHIGUAN_ARCHIVE", default_value = "archive", value_name = "DIR")]
    pub archive: PathBuf,
    /// Folder of selector files laid over the built-in ones
    #[arg(long, global = true, env = "SHIGUAN_SELECTORS", value_name = "DIR")]
    pub selectors: Option<PathBuf>,
    /// Settings file [default: shiguan.toml in the archive]
    #[arg(long, global = true, env = "SHIGUAN_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Form of log lines on stderr
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text, value_name = "FORMAT")]
    pub log_format: LogFormat,
    /// Say only what went wrong
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more; twice for every URL
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
}

/// Form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Pages to records on stdout: no network, no archive
    Extract(ExtractArgs),
}

/// `extract`.
#[derive(Debug, ClapArgs)]
pub struct ExtractArgs {
    /// Pages, or folders of pages; `-` is one page on stdin
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The address of the page (with one page only)
    #[arg(long)]
    pub url: Option<Url>,
    /// Read with this family instead of the recognised one; `generic` too
    #[arg(long, value_name = "NAME")]
    pub family: Option<String>,
    /// Read with the rules of this site
    #[arg(long, value_name = "ID")]
    pub site: Option<String>,
}
