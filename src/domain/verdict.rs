//! How a site fared in a run, as one word: what a person must know before looking closer.

use schemars::JsonSchema;
use serde::Serialize;

use super::visit::Outcome;

/// The one word that sums up a site's run; stable, stored, shown, exported as a metric. `docs/operations.md` says what to do
/// about each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SiteVerdict {
    /// Its listings were read, and something was new or had changed.
    #[default]
    Ok,
    /// Its listings were read, with rows, and nothing was new.
    NoNews,
    /// The run ended before the site's work was done.
    Unfinished,
    /// Its window shut before its work was done, or was not open at all.
    OutsideWindow,
    /// No answer: no such name (`dns`), no connection, bad encryption, too slow. The reason begins with which.
    Unreachable,
    /// 5xx or 429.
    ServerError,
    /// 403, 405 and their like, or a firewall's page.
    Blocked,
    /// A challenge (瑞数, 加速乐) or a captcha, which is not solved.
    Challenged,
    /// A page that wants an account.
    LoginWall,
    /// A notice that pages are for the campus network only.
    CampusOnly,
    /// The listing itself is gone: 404, 410, or a notice of the same.
    ListingGone,
    /// The listing came and no row of it could be read: redesigned, or emptied.
    NoRows,
    /// Articles came, and a field nearly all of the site's had before is found in hardly one of them.
    SelectorsMissed,
    /// The listing leads elsewhere: in a circle, to another host, or by `<meta>` or script.
    Redirected,
    /// What came could not be read, or was cut short.
    Unreadable,
    /// robots.txt forbids the listing.
    Robots,
    /// The host asked us to wait longer than a run waits.
    Postponed,
}

impl SiteVerdict {
    /// Every verdict, the good ones first.
    pub const ALL: [Self; 17] = [
        Self::Ok,
        Self::NoNews,
        Self::Unfinished,
        Self::OutsideWindow,
        Self::Unreachable,
        Self::ServerError,
        Self::Blocked,
        Self::Challenged,
        Self::LoginWall,
        Self::CampusOnly,
        Self::ListingGone,
        Self::NoRows,
        Self::SelectorsMissed,
        Self::Redirected,
        Self::Unreadable,
        Self::Robots,
        Self::Postponed,
    ];

    /// The word used in the index, in reports and in metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::NoNews => "no-news",
            Self::Unfinished => "unfinished",
            Self::OutsideWindow => "outside-window",
            Self::Unreachable => "unreachable",
            Self::ServerError => "server-error",
            Self::Blocked => "blocked",
            Self::Challenged => "challenged",
            Self::LoginWall => "login-wall",
            Self::CampusOnly => "campus-only",
            Self::ListingGone => "listing-gone",
            Self::NoRows => "no-rows",
            Self::SelectorsMissed => "selectors-missed",
            Self::Redirected => "redirected",
            Self::Unreadable => "unreadable",
            Self::Robots => "robots",
            Self::Postponed => "postponed",
        }
    }

    /// Whether a stored word says that the site failed. Archives of earlier versions hold `failed`.
    pub fn is_failing_word(word: &str) -> bool {
        !matches!(word, "ok" | "no-news" | "unfinished" | "outside-window")
    }

    /// What an outcome of this kind means where the site hangs on it: its listing, or most of its articles.
    pub fn of_outcome(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Ok | Outcome::Unchanged | Outcome::TooOld | Outcome::Unlisted => Self::Ok,
            Outcome::Redirect | Outcome::PageRedirect => Self::Redirected,
            Outcome::NotFound | Outcome::Gone | Outcome::SoftNotFound => Self::ListingGone,
            Outcome::Refused => Self::Blocked,
            Outcome::Challenged | Outcome::Captcha => Self::Challenged,
            Outcome::LoginWall => Self::LoginWall,
            Outcome::CampusOnly => Self::CampusOnly,
            Outcome::ServerError => Self::ServerError,
            Outcome::NotNews => Self::NoRows,
            Outcome::Unreadable | Outcome::Truncated | Outcome::NotAFile => Self::Unreadable,
            Outcome::Unreachable | Outcome::Forbidden => Self::Unreachable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_reports() {
        for verdict in SiteVerdict::ALL {
            assert_eq!(serde_json::to_value(verdict).unwrap(), verdict.as_str());
        }
        assert!(SiteVerdict::is_failing_word("failed"), "the word of earlier versions");
        assert!(!SiteVerdict::is_failing_word("no-news"));
    }

    #[test]
    fn what_is_a_failure_of_a_page_is_one_of_a_site() {
        for outcome in Outcome::ALL.into_iter().filter(|outcome| outcome.is_failure()) {
            let verdict = SiteVerdict::of_outcome(outcome);
            assert!(SiteVerdict::is_failing_word(verdict.as_str()), "{outcome:?}");
        }
    }
}
