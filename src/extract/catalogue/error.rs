//! What can be wrong with a selector file.

/// What is wrong with a selector file: names file, line and field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}{}: {what}", line.map(|l| format!(":{l}")).unwrap_or_default())]
pub struct ProfileError {
    /// The file.
    pub path: String,
    /// The line, from 1, where known.
    pub line: Option<usize>,
    /// The field and what is wrong with it.
    pub what: String,
}
