//! The four properties an electronic record is checked for (DA/T 70-2018), the stages at which it is, and what one
//! check found.

use std::fmt;

use serde::Serialize;

/// What is checked (四性).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Property {
    /// It is what it says it is.
    #[serde(rename = "真实性")]
    Authenticity,
    /// Nothing is missing.
    #[serde(rename = "完整性")]
    Integrity,
    /// It can be read.
    #[serde(rename = "可用性")]
    Usability,
    /// Nothing endangers it, and it endangers nothing.
    #[serde(rename = "安全性")]
    Security,
}

/// When it is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum Stage {
    /// When records are filed.
    #[serde(rename = "归档")]
    Filing,
    /// When they are handed over or received.
    #[serde(rename = "移交")]
    Transfer,
    /// While they are kept.
    #[default]
    #[serde(rename = "保存")]
    Keeping,
}

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Verdict {
    /// As it should be.
    #[serde(rename = "pass")]
    Pass,
    /// Not as it should be; the evidence says what.
    #[serde(rename = "fail")]
    Fail,
    /// Does not apply here, or was not asked for; the evidence says why.
    #[serde(rename = "n.a.")]
    NotApplicable,
}

/// One check with its result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Property it belongs to.
    pub property: Property,
    /// Stable name.
    pub id: &'static str,
    /// What is checked, in Chinese and English.
    pub about: &'static str,
    /// What it came to.
    pub result: Verdict,
    /// By what that is known: figures, or what is wrong.
    pub evidence: String,
    /// The first things found wrong, by name; behind them all that is no fault and has to be named.
    pub examples: Vec<String>,
}

impl Property {
    /// The Chinese word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authenticity => "真实性",
            Self::Integrity => "完整性",
            Self::Usability => "可用性",
            Self::Security => "安全性",
        }
    }
}

impl Stage {
    /// All stages.
    pub const ALL: [Self; 3] = [Self::Filing, Self::Transfer, Self::Keeping];

    /// The Chinese word, as typed on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Filing => "归档",
            Self::Transfer => "移交",
            Self::Keeping => "保存",
        }
    }
}

impl Verdict {
    /// The word in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::NotApplicable => "n.a.",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
