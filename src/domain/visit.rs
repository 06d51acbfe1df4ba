//! Everything learned from one request, and what the archive says back.

use super::capture::{Capture, FetchFailure};
use super::digest::RecordId;
use super::extraction::Extraction;
use super::page::Charset;
use super::request::FetchRequest;

/// Everything learned from one request; what the archive commits.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The request.
    pub request: FetchRequest,
    /// The answer, or why there is none.
    pub result: Result<Capture, FetchFailure>,
    /// How the payload became text, where it was read.
    pub charset: Option<Charset>,
    /// What the page said, where it was read. A listing page that has not changed carries the listing as last read, so
    /// that the walk holds it.
    pub extraction: Option<Extraction>,
    /// The one word that sums the visit up.
    pub outcome: Outcome,
}

/// The one word that sums a visit up; stable, stored, exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// A page was read: article, listing, or a robots.txt.
    Ok,
    /// 304, or the same payload as last time.
    Unchanged,
    /// A redirect, kept as a capture; its target is another request.
    Redirect,
    /// 404.
    NotFound,
    /// 410.
    Gone,
    /// Another 4xx, or a firewall's page in place of the page.
    Refused,
    /// A challenge or a captcha in place of the page; never solved.
    Challenged,
    /// A page that wants an account, or a redirect to one.
    LoginWall,
    /// A notice that the page is for the campus network only, or a redirect to its gateway.
    CampusOnly,
    /// 5xx, or 429.
    ServerError,
    /// 200, but a notice that the page is gone; a jump to the home page too.
    SoftNotFound,
    /// 200, but the page only leads elsewhere, by `<meta>` or by script; not followed.
    PageRedirect,
    /// 200, but not news: a template, a file of another kind, nothing to read.
    NotNews,
    /// An article earlier than the run asked for (`--since`): captured, no record made, asked for again by a later run.
    TooOld,
    /// An imported page that reads like an article, but no listing names it and no family knows it: captured, no record
    /// made, asked for by a run that finds it listed.
    Unlisted,
    /// 200, but nothing could be read: not HTML, or broken.
    Unreadable,
    /// Cut before its end; asked for again next run.
    Truncated,
    /// No answer; the failure says why.
    Unreachable,
    /// Our own address rules forbade it.
    Forbidden,
    /// In place of a file of an article came a page that asks for a captcha. Kept as evidence, never taken for the file.
    Captcha,
    /// In place of a file of an article came something else: a page of errors or of login, a text, nothing.
    NotAFile,
}

impl Outcome {
    /// Every outcome there is.
    pub const ALL: [Self; 21] = [
        Self::Ok,
        Self::Unchanged,
        Self::Redirect,
        Self::NotFound,
        Self::Gone,
        Self::Refused,
        Self::Challenged,
        Self::LoginWall,
        Self::CampusOnly,
        Self::ServerError,
        Self::SoftNotFound,
        Self::PageRedirect,
        Self::NotNews,
        Self::TooOld,
        Self::Unlisted,
        Self::Unreadable,
        Self::Truncated,
        Self::Unreachable,
        Self::Forbidden,
        Self::Captcha,
        Self::NotAFile,
    ];

    /// The outcome a stored word stands for; `None` for a word of another version.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }

    /// The word used in the index, in exports and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Unchanged => "unchanged",
            Self::Redirect => "redirect",
            Self::NotFound => "not-found",
            Self::Gone => "gone",
            Self::Refused => "refused",
            Self::Challenged => "challenged",
            Self::LoginWall => "login-wall",
            Self::CampusOnly => "campus-only",
            Self::SoftNotFound => "soft-404",
            Self::PageRedirect => "page-redirect",
            Self::ServerError => "server-error",
            Self::NotNews => "not-news",
            Self::TooOld => "too-old",
            Self::Unlisted => "unlisted",
            Self::Unreadable => "unreadable",
            Self::Truncated => "truncated",
            Self::Unreachable => "unreachable",
            Self::Forbidden => "forbidden",
            Self::Captcha => "captcha",
            Self::NotAFile => "not-a-file",
        }
    }

    /// Whether something that is no news came in place of the page, under a status that says otherwise.
    pub fn is_notice(self) -> bool {
        matches!(self, Self::SoftNotFound | Self::PageRedirect | Self::NotNews)
    }

    /// What the contract counts as a failure: unreachable, timeout, 5xx, blocked (refused, or a wall in
    /// place of the page), unreadable. 404 and 410 are outcomes, and so is a notice of the same.
    pub fn is_failure(self) -> bool {
        matches!(
            self,
            Self::Refused
                | Self::Challenged
                | Self::LoginWall
                | Self::CampusOnly
                | Self::ServerError
                | Self::Unreadable
                | Self::Truncated
                | Self::Unreachable
                | Self::Forbidden
        )
    }
}

/// Whether a capture brought something new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Novelty {
    /// First capture of this URL, with a payload.
    New,
    /// Same payload as an earlier capture (`identical-payload-digest`).
    SamePayload,
    /// The server said 304 (`server-not-modified`).
    NotModified,
    /// Another payload than last time.
    Changed,
}

/// What the archive says back once a visit is safe on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Id of the response or revisit record; `None` where there was no answer to keep.
    pub record_id: Option<RecordId>,
    /// Whether it was new.
    pub novelty: Option<Novelty>,
    /// Whether the visit made a new article, or a new version of one.
    pub article: ArticleChange,
}

/// What a visit did to the articles held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArticleChange {
    /// No article on this page.
    None,
    /// An article not held before.
    New,
    /// Its text or fields changed.
    Changed,
    /// Held already, nothing changed.
    Same,
}
