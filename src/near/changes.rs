//! What a repost did to the text it took over.

use crate::domain::article::Article;
use crate::fold;

use super::align::{Alignment, align};
use super::{Text, compare};

/// One thing a repost changed. None at all: it was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Another title.
    Retitled,
    /// Something was left out.
    Trimmed,
    /// Something was added.
    Extended,
    /// Words were swapped for others.
    Reworded,
    /// Other quotation marks.
    QuotationMarks,
    /// Other punctuation beside them.
    Punctuation,
    /// Simplified characters became traditional ones.
    Traditional,
    /// Traditional characters became simplified ones.
    Simplified,
}

impl Change {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Retitled => "retitled",
            Self::Trimmed => "trimmed",
            Self::Extended => "extended",
            Self::Reworded => "reworded",
            Self::QuotationMarks => "quotation-marks",
            Self::Punctuation => "punctuation",
            Self::Traditional => "traditional",
            Self::Simplified => "simplified",
        }
    }
}

/// What the later article changed.
pub fn changes(first: &Article, later: &Article) -> Vec<Change> {
    let title = |article: &Article| fold::letters(article.title.as_deref().unwrap_or_default());
    let aligned = match (Text::of(first), Text::of(later)) {
        (Some(a), Some(b)) => align(&a, &b),
        (a, b) => {
            Alignment { removed: usize::from(a.is_some()), added: usize::from(b.is_some()), ..Alignment::default() }
        }
    };
    let traditional = |article: &Article| article.body.chars().filter(|c| fold::is_traditional(*c)).count();
    let (before, after) = (traditional(first), traditional(later));
    let whole = aligned.removed == 0 && aligned.added == 0 && aligned.swaps.is_empty();
    let marks = marks(&first.body, &later.body);
    // A name may keep its traditional form in a simplified text, so a few characters do not make a script.
    [
        (title(first) != title(later), Change::Retitled),
        (aligned.removed > 0, Change::Trimmed),
        (aligned.added > 0, Change::Extended),
        (aligned.swaps.iter().any(compare::is_change), Change::Reworded),
        (marks.quotation, Change::QuotationMarks),
        (whole && marks.other, Change::Punctuation),
        (after > 3 * before + 2, Change::Traditional),
        (before > 3 * after + 2, Change::Simplified),
    ]
    .into_iter()
    .filter_map(|(is, change)| is.then_some(change))
    .collect()
}

/// Which marks differ.
struct Marks {
    quotation: bool,
    other: bool,
}

const QUOTATION: [char; 12] = ['“', '”', '‘', '’', '「', '」', '『', '』', '"', '\'', '＂', '＇'];

fn marks(a: &str, b: &str) -> Marks {
    let kinds = |text: &str| QUOTATION.map(|mark| text.contains(mark));
    let other = |text: &str| -> Vec<char> {
        let marks = text.chars().filter(|c| !c.is_alphanumeric() && !c.is_whitespace() && !QUOTATION.contains(c));
        marks.flat_map(|c| fold::text(c.encode_utf8(&mut [0; 4])).chars().collect::<Vec<_>>()).collect()
    };
    Marks { quotation: kinds(a) != kinds(b), other: other(a) != other(b) }
}
