//! The file of passwords. It stands apart from the settings, which are shown, handed over and kept under version control.

use std::fs;
use std::ops::Range;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;
use url::Url;

use crate::cli::exit::Failure;
use crate::fetch::Login;

/// The file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LoginFile {
    #[serde(default)]
    login: Vec<Spanned<Entry>>,
}

/// One `[[login]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    origin: Url,
    user: String,
    password: String,
}

/// Reads the file. An error names it and the line, and never shows what stands there.
pub(super) fn read(path: &Path) -> Result<Vec<Login>, Failure> {
    let unusable = |what: String| Failure::unusable(format!("{}{what}", path.display()));
    let open = fs::metadata(path).map_err(|error| unusable(format!(": {error}")))?;
    if is_read_by_others(&open) {
        return Err(unusable(": holds passwords and is readable by others; chmod 600 it".to_owned()));
    }
    let text = fs::read_to_string(path).map_err(|error| unusable(format!(": {error}")))?;
    parse(&text).map_err(|(line, what)| unusable(format!(":{line}: {what}")))
}

fn parse(text: &str) -> Result<Vec<Login>, (usize, String)> {
    let line = |at: Range<usize>| text.bytes().take(at.start).filter(|byte| *byte == b'\n').count() + 1;
    let file: LoginFile = toml::from_str(text)
        .map_err(|error| (line(error.span().unwrap_or_default()), error.message().trim().to_owned()))?;
    let login = |entry: Spanned<Entry>| {
        let at = line(entry.span());
        let Entry { origin, user, password } = entry.into_inner();
        Login::new(&origin, &user, &password).map_err(|what| (at, what))
    };
    file.login.into_iter().map(login).collect()
}

#[cfg(unix)]
fn is_read_by_others(file: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    file.permissions().mode() & 0o077 != 0
}

/// Nothing to ask here: permissions are other things.
#[cfg(not(unix))]
fn is_read_by_others(_file: &fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_and_mistakes_name_their_line() {
        let good = "[[login]]\norigin = \"https://intra.example.edu\"\nuser = \"a\"\npassword = \"b\"\n";
        assert_eq!(parse(good).unwrap().len(), 1);
        assert!(parse("").unwrap().is_empty());
        for (text, line, what) in [
            (good.replace("user", "name"), 3, "unknown field `name`"),
            (good.replace(".edu", ".edu/x"), 1, "more than scheme, host and port"),
            (good.replace("https", "ftp"), 1, "not an http or https address"),
            (format!("\n{good}[[login]]\norigin = \"x\"\n"), 7, "relative URL without a base"),
        ] {
            let (at, said) = parse(&text).unwrap_err();
            assert_eq!(at, line, "{text}: {said}");
            assert!(said.contains(what), "{said}");
        }
    }
}
