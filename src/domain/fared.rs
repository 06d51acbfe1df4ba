//! How a site fared in a run, as the archive keeps it.

/// A site at the end of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fared {
    /// The site's id.
    pub site: String,
    /// One stable word: `ok`, or what kept the site from being crawled as it should be.
    pub verdict: String,
    /// The same for people: why it failed, else the traps it led into; `None` where there is nothing to say.
    pub why: Option<String>,
    /// Figures, in the order of [`Fared::FIGURES`].
    pub figures: [u64; 8],
}

impl Fared {
    /// What the figures count: requests, listing pages, and article pages by what became of them.
    pub const FIGURES: [&str; 8] =
        ["requests", "listings", "new", "changed", "unchanged", "missing", "not-news", "failed"];
}
