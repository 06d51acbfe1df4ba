//! What a check of bytes found wrong.

use serde::Serialize;

/// Something that is not as an archive or a package promises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The file, below the archive's folder or within the package.
    pub file: String,
    /// Where in it, in bytes.
    pub offset: Option<u64>,
    /// The URL whose record is concerned, where it is known.
    pub url: Option<String>,
    /// What is wrong.
    pub what: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.file)?;
        if let Some(offset) = self.offset {
            write!(f, ": offset {offset}")?;
        }
        if let Some(url) = &self.url {
            write!(f, ": {url}")?;
        }
        write!(f, ": {}", self.what)
    }
}
