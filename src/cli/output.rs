//! The only place that writes to the terminal: data to stdout, words to stderr.

use std::io::{self, Write as _};
use std::path::Path;

/// Writes data for the next program.
pub(super) fn data(bytes: &[u8]) -> io::Result<()> {
    Stdout.write_all(bytes)?;
    Stdout.flush()
}

/// The process's stdout, whose errors say that they are its.
pub(super) struct Stdout;

impl io::Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        io::stdout().write(bytes).map_err(|error| named(&error))
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stdout().flush().map_err(|error| named(&error))
    }
}

/// An interruption is not an error and must stay recognisable; so must a reader that hung up. Both are by their kind.
fn named(error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("writing to stdout: {error}"))
}

/// The folder a file is to stand in; the current one for a bare name.
pub(super) fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes a line for the person, control characters shown and not obeyed: pages can put escapes in URLs and titles.
pub(super) fn note(line: &str) {
    let mut stderr = io::stderr().lock();
    // Nobody can be told that stderr is gone.
    writeln!(stderr, "{}", printable(line)).ok();
}

/// Control and direction-changing characters as `\x1b`, `\u{202e}`; line breaks and tabs stay.
pub(super) fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => out.push(c),
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                out.extend(c.escape_unicode());
            }
            c if c.is_control() => {
                use std::fmt::Write as _;
                // Writing to a String cannot fail.
                write!(out, "\\x{:02x}", u32::from(c)).ok();
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_shown_not_obeyed() {
        assert_eq!(printable("a\x1b[31mb\r\u{202e}c\n中"), "a\\x1b[31mb\\x0d\\u{202e}c\n中");
    }
}
