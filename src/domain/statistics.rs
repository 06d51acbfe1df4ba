//! Counts over what is held. Every count equals the number of rows, or of different values, that an export with the
//! same filters gives; nothing is estimated.

use serde::Serialize;

/// By what is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Breakdown {
    /// Everything.
    Total,
    /// The site of the article.
    Site,
    /// The month of publication in +08:00, `YYYY-MM`.
    Month,
    /// The campaign; an article of two counts for both.
    Topic,
    /// The unit a speaker belongs to.
    Unit,
    /// `signed`, `quoted` or `reported`.
    Kind,
}

impl Breakdown {
    /// All, in the order they are printed.
    pub const ALL: [Self; 6] = [Self::Total, Self::Site, Self::Month, Self::Topic, Self::Unit, Self::Kind];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Site => "site",
            Self::Month => "month",
            Self::Topic => "topic",
            Self::Unit => "unit",
            Self::Kind => "kind",
        }
    }

    /// Whether reflections are what is put into classes: articles without any are not counted.
    pub fn of_reflections(self) -> bool {
        matches!(self, Self::Unit | Self::Kind)
    }
}

/// What is counted of one class.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// The class; `None` for what has none (no date, no campaign, no unit), and for the total.
    pub key: Option<String>,
    /// Articles, gone ones included.
    pub articles: i64,
    /// Works among them: a repost adds none.
    pub works: i64,
    /// Reflections.
    pub reflections: i64,
    /// Different names under them; persons of one name are not told apart.
    pub people: i64,
    /// Of a site: its listings against what is held. `None` for other classes, and where a filter speaks of what only an
    /// article tells.
    pub coverage: Option<Coverage>,
}

/// What listings named, and what became of it. The last three sum up to the first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Rows of listings, each address once.
    pub listed: i64,
    /// Led, through redirects too, to an article that is held.
    pub held: i64,
    /// Asked for, and no article came: missing, refused, no news.
    pub without: i64,
    /// Never asked for: other hosts, forbidden by robots.txt, not reached yet.
    pub unasked: i64,
}

impl Coverage {
    /// The sum of two sites.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            listed: self.listed + other.listed,
            held: self.held + other.held,
            without: self.without + other.without,
            unasked: self.unasked + other.unasked,
        }
    }
}
