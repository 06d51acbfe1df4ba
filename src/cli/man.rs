//! `man` and `completions`: made from the same command tree the parser uses, so they cannot differ from it.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use clap::{Command, CommandFactory as _};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::args::{Args, CompletionsArgs, ManArgs};
use super::exit::{Exit, Failure};
use super::output;
use crate::export::{FORMATS, TABLES};

/// Runs `completions`.
pub(super) fn completions(args: &CompletionsArgs) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "shiguan", &mut script);
    output::data(&script)?;
    Ok(Exit::Done)
}

/// Runs `man`.
pub(super) fn run(args: &ManArgs) -> anyhow::Result<Exit> {
    let mut command = Args::command();
    command.build();
    match &args.output {
        None => output::data(&page(command)?)?,
        Some(dir) => {
            fs::create_dir_all(dir).map_err(|error| Failure::unusable(format!("{}: {error}", dir.display())))?;
            for sub in command.get_subcommands().filter(|c| c.get_name() != "help") {
                let name = format!("shiguan-{}", sub.get_name());
                // A page knows its command by a name that lives as long as the program.
                write(dir, &name, &page(sub.clone().name(name.clone().leak() as &'static str))?)?;
            }
            write(dir, "shiguan", &page(command)?)?;
        }
    }
    Ok(Exit::Done)
}

fn write(dir: &Path, name: &str, page: &[u8]) -> anyhow::Result<()> {
    let path = dir.join(format!("{name}.1"));
    fs::write(&path, page).with_context(|| format!("writing {}", path.display()))
}

fn page(command: Command) -> anyhow::Result<Vec<u8>> {
    let mut out = Vec::new();
    Man::new(command).render(&mut out)?;
    tables().to_writer(&mut out)?;
    Ok(out)
}

/// Exit codes, tables and formats: from the lists the program itself runs on.
fn tables() -> Roff {
    let mut roff = Roff::default();
    roff.control("SH", ["EXIT STATUS"]);
    for (exit, meaning) in Exit::TABLE {
        roff.control("TP", []);
        roff.text([bold(exit.code().to_string())]);
        roff.text([roman(*meaning)]);
    }
    roff.control("SH", ["TABLES AND FORMATS OF EXPORT"]);
    let rows = TABLES.iter().map(|t| (t.name, t.about)).chain(FORMATS.iter().map(|f| (f.name, f.about)));
    for (name, about) in rows {
        roff.control("TP", []);
        roff.text([bold(name)]);
        roff.text([roman(about)]);
    }
    roff
}
