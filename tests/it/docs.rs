//! What the documents say is what the program does.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::CommandFactory as _;
use shiguan::cli::{Args, Exit};
use shiguan::domain::visit::Outcome;
use shiguan::export::{FORMATS, TABLES};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

#[test]
fn the_readme_lists_the_commands_as_help_does() {
    let help = Args::command().render_help().to_string();
    let commands = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    assert!(read("README.md").contains(commands), "README.md lacks this block:\n{commands}");
}

#[test]
fn the_readme_tells_every_exit_code() {
    let readme = read("README.md");
    for (exit, meaning) in Exit::TABLE {
        let row = format!("| {} | {meaning} |", exit.code());
        assert!(readme.contains(&row), "README.md lacks {row}");
    }
}

/// Second words of the indented lines that call the program.
fn commands_called(readme: &str) -> BTreeSet<&str> {
    readme.lines().filter_map(|line| line.strip_prefix("    shiguan ")?.split(' ').next()).collect()
}

#[test]
fn the_chinese_readme_is_the_twin_of_the_english_one() {
    let (english, chinese) = (read("README.md"), read("README.zh-CN.md"));
    for command in Args::command().get_subcommands() {
        let row = format!("\n| `{}` | ", command.get_name());
        assert!(chinese.contains(&row), "README.zh-CN.md lacks the command {}", command.get_name());
    }
    let called = commands_called(&english);
    assert!(called.len() > 10, "calls were found: {called:?}");
    assert_eq!(called, commands_called(&chinese), "commands shown in use");
    for (exit, _) in Exit::TABLE {
        // 129, 130 and 143 share a row there.
        assert!(chinese.contains(&exit.code().to_string()), "README.zh-CN.md lacks exit code {}", exit.code());
    }
    for table in TABLES {
        assert!(chinese.contains(&format!("export {}", table.name)), "README.zh-CN.md lacks {}", table.name);
    }
    for format in FORMATS {
        assert!(chinese.contains(&format!("--format {}", format.name)), "README.zh-CN.md lacks {}", format.name);
    }
}

#[test]
fn both_readmes_name_every_script_of_the_tests() {
    let mut scripts = BTreeSet::new();
    for entry in fs::read_dir(root().join("tests")).unwrap() {
        let entry = entry.unwrap();
        let is_script = entry.path().extension().is_none() && entry.path().is_file();
        if is_script {
            scripts.insert(format!("tests/{}", entry.file_name().into_string().unwrap()));
        }
    }
    assert!(scripts.len() > 10, "scripts were found: {scripts:?}");
    for readme in ["README.md", "README.zh-CN.md"] {
        let text = read(readme);
        let is_named = |script: &&String| {
            text.match_indices(script.as_str())
                .any(|(at, found)| text[at + found.len()..].starts_with([' ', ';', '\n']))
        };
        let missing: Vec<_> = scripts.iter().filter(|script| !is_named(script)).collect();
        assert!(missing.is_empty(), "{readme} does not name {missing:?}");
    }
}

#[test]
fn the_glossary_knows_every_outcome() {
    let glossary = read("docs/glossary.md");
    for outcome in Outcome::ALL {
        assert!(glossary.contains(&format!("`{}`", outcome.as_str())), "{}", outcome.as_str());
    }
}

#[test]
fn every_table_and_format_is_in_the_readme() {
    let readme = read("README.md");
    for table in TABLES {
        assert!(readme.contains(&format!("export {}", table.name)), "{}", table.name);
    }
    for format in FORMATS {
        assert!(readme.contains(&format!("--format {}", format.name)), "{}", format.name);
    }
}

#[test]
fn every_family_is_in_the_guide_to_selectors() {
    let guide = read("selectors/README.md");
    for entry in fs::read_dir(root().join("selectors/families")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "toml") {
            let family = path.file_stem().unwrap().to_string_lossy().into_owned();
            assert!(guide.contains(&format!("`{family}`")), "selectors/README.md does not name {family}");
        }
    }
}

/// Targets of `](…)` links in a Markdown text.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut checked = 0;
    for document in ["README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "selectors/README.md"] {
        let folder = Path::new(document).parent().unwrap();
        for link in links(&read(document)).filter(|link| !link.starts_with("http") && !link.starts_with('#')) {
            let path = link.split('#').next().unwrap();
            assert!(root().join(folder).join(path).exists(), "{document} links to {link}");
            checked += 1;
        }
    }
    assert!(checked > 10, "links were found");
}

#[test]
fn files_the_map_names_are_there() {
    let map = read("ARCHITECTURE.md");
    let mut checked = 0;
    for quoted in map.split('`').skip(1).step_by(2).filter(|q| !q.contains(['<', ' ', '…'])) {
        if quoted.starts_with("src/") || quoted.starts_with("selectors/") || quoted.starts_with("tests/") {
            assert!(root().join(quoted).exists(), "ARCHITECTURE.md names {quoted}");
            checked += 1;
        }
    }
    assert!(checked > 8, "names of files were found");
}
