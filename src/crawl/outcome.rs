//! One word for each visit, and what it means for the host. Pure.

use url::Url;

use crate::domain::capture::{Capture, FailureKind, FetchFailure, Truncation};
use crate::domain::page::PageFormat;
use crate::domain::record::Record;
use crate::domain::request::Purpose;
use crate::domain::visit::Outcome;
use crate::extract::walls::{Wall, Walls};
use crate::frontier::{Ending, retry_after};

/// What is to be done with an answer, from its head and its completeness alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// A page: read it, its text decides the outcome.
    Page,
    /// A page cut at the size cap: read what is there, the outcome stands.
    CutPage,
    /// The page held is still the page (304).
    NotModified,
    /// No page; the outcome says why.
    NoPage(Outcome),
}

/// Sorts an answer by status (RFC 9110 15). `conditional` says whether the request named an earlier capture; a 304 to a
/// request that did not is no answer.
pub(super) fn answer(capture: &Capture, conditional: bool) -> Answer {
    match (capture.status, capture.truncated) {
        (200 | 203, None) => Answer::Page,
        (200 | 203, Some(Truncation::Length)) => Answer::CutPage,
        (200 | 203, Some(Truncation::Time | Truncation::Disconnect)) => Answer::NoPage(Outcome::Truncated),
        (304, _) if conditional => Answer::NotModified,
        (301 | 302 | 303 | 307 | 308, _) if capture.redirect_target().is_some() => Answer::NoPage(Outcome::Redirect),
        (404, _) => Answer::NoPage(Outcome::NotFound),
        (410, _) => Answer::NoPage(Outcome::Gone),
        (429 | 500.., _) => Answer::NoPage(Outcome::ServerError),
        (400..=499, _) => Answer::NoPage(Outcome::Refused),
        _ => Answer::NoPage(Outcome::Unreadable),
    }
}

/// The outcome where there was no answer.
pub(super) fn no_answer(failure: &FetchFailure) -> Outcome {
    if failure.kind == FailureKind::Forbidden { Outcome::Forbidden } else { Outcome::Unreachable }
}

/// The outcome of a page that was read. What is packed in a way nobody here can undo may come otherwise next time. A wall in
/// place of the page (login, campus, challenge, firewall) is a failure and asked for again next run. A file of another kind (PDF, office document) behind a listing row is settled: it is not news, and it
/// will not become news by asking again.
pub(super) fn page(record: &Record, format: PageFormat, payload_len: usize) -> Outcome {
    let Record::Other(other) = record else { return Outcome::Ok };
    if other.warnings.iter().any(|code| code == "content-coding-unknown") {
        return Outcome::Unreadable;
    }
    if let Some(wall) = wall_of(record) {
        return of_wall(wall);
    }
    match other.warnings.first().map(String::as_str) {
        Some("not-html") if format == PageFormat::Binary && payload_len > 0 => Outcome::NotNews,
        Some("not-html") => Outcome::Unreadable,
        _ if payload_len == 0 => Outcome::Unreadable,
        _ => Outcome::NotNews,
    }
}

/// What stands in the place of the page, where something does.
pub(super) fn wall_of(record: &Record) -> Option<Wall> {
    match record {
        Record::Other(other) => Wall::from_code(other.warnings.first()?),
        Record::Article(_) | Record::Listing(_) => None,
    }
}

/// The outcome of a wall.
pub(super) fn of_wall(wall: Wall) -> Outcome {
    match wall {
        Wall::Challenge | Wall::Captcha => Outcome::Challenged,
        Wall::Blocked => Outcome::Refused,
        Wall::CampusOnly => Outcome::CampusOnly,
        Wall::LoginWall => Outcome::LoginWall,
        Wall::SoftNotFound => Outcome::SoftNotFound,
        Wall::Redirect => Outcome::PageRedirect,
        Wall::Template | Wall::NoNews => Outcome::NotNews,
    }
}

/// Whether the page under a refusing status may say more than the status does (瑞数 412, 加速乐 521, interstitials under
/// 202, 403, 503, a fence under 401 or 403).
pub(super) fn may_hide_a_wall(status: u16) -> bool {
    matches!(status, 202 | 400..=403 | 405..=409 | 411..=429 | 500..)
}

/// What such a page says: where it is a wall that the status does not name, that.
pub(super) fn behind(status: Outcome, wall: Option<Wall>) -> Outcome {
    match wall {
        Some(wall @ (Wall::Challenge | Wall::Captcha | Wall::CampusOnly | Wall::LoginWall)) => of_wall(wall),
        Some(Wall::Blocked | Wall::SoftNotFound | Wall::Redirect | Wall::Template | Wall::NoNews) | None => status,
    }
}

/// A wall that a redirect leads to. Where an article's leads to the home page the article is gone; a listing is looked
/// for wherever it went.
pub(super) fn of_redirect(from: &Url, to: &Url, purpose: Purpose, walls: &Walls) -> Option<Wall> {
    let wall = walls.of_jump(from, to)?;
    match purpose {
        Purpose::Article | Purpose::ArticlePage => Some(wall),
        Purpose::Seed | Purpose::Listing => Some(wall).filter(|wall| *wall != Wall::SoftNotFound),
        Purpose::Robots | Purpose::Image | Purpose::Attachment => None,
    }
}

/// A wall in words, for people.
pub(super) fn words(wall: Wall) -> &'static str {
    match wall {
        Wall::Challenge => "a challenge, which is not solved",
        Wall::Captcha => "a captcha, which is not solved",
        Wall::Blocked => "a firewall's page",
        Wall::CampusOnly => "for the campus network only",
        Wall::LoginWall => "wants an account",
        Wall::SoftNotFound => "a notice that the page is gone",
        Wall::Redirect => "only leads elsewhere, by <meta> or by script, which is not followed",
        Wall::Template => "an unfilled template",
        Wall::NoNews => "says that there is nothing yet",
    }
}

/// What a result means for its host.
pub(super) fn ending(result: &Result<Capture, FetchFailure>) -> Ending {
    match result {
        Ok(capture) if capture.status == 429 || capture.status >= 500 => {
            Ending::Strained { wait: capture.header("retry-after").and_then(|value| retry_after(value, capture.at)) }
        }
        Ok(_) => Ending::Answered,
        Err(failure) if failure.retry => Ending::Strained { wait: None },
        Err(_) => Ending::Hopeless,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;
    use url::Url;

    use super::*;
    use crate::domain::capture::Head;
    use crate::domain::digest::PayloadDigest;
    use crate::domain::record::Other;
    use crate::domain::time::CaptureTime;

    fn capture(status: u16, fields: &[(&str, &str)]) -> Capture {
        let fields = fields.iter().map(|(n, v)| ((*n).to_owned(), v.as_bytes().to_vec())).collect();
        Capture {
            url: Url::parse("http://news.example.edu/1").unwrap(),
            at: CaptureTime::parse("2026-11-22T09:00:00Z").unwrap(),
            ip: None,
            request: Head::default(),
            status,
            response: Head { line: String::new(), fields },
            payload: Bytes::new(),
            payload_digest: PayloadDigest::of(b""),
            truncated: None,
            tls_flaw: None,
            head_ms: 0,
            elapsed_ms: 0,
        }
    }

    #[test]
    fn every_status_has_one_meaning() {
        for (status, want) in [
            (200, Answer::Page),
            (203, Answer::Page),
            (204, Answer::NoPage(Outcome::Unreadable)),
            (206, Answer::NoPage(Outcome::Unreadable)),
            (101, Answer::NoPage(Outcome::Unreadable)),
            (302, Answer::NoPage(Outcome::Unreadable)),
            (400, Answer::NoPage(Outcome::Refused)),
            (403, Answer::NoPage(Outcome::Refused)),
            (404, Answer::NoPage(Outcome::NotFound)),
            (410, Answer::NoPage(Outcome::Gone)),
            (412, Answer::NoPage(Outcome::Refused)),
            (429, Answer::NoPage(Outcome::ServerError)),
            (500, Answer::NoPage(Outcome::ServerError)),
            (521, Answer::NoPage(Outcome::ServerError)),
        ] {
            assert_eq!(answer(&capture(status, &[]), false), want, "{status}");
        }
        let moved = capture(301, &[("location", "/2")]);
        assert_eq!(answer(&moved, false), Answer::NoPage(Outcome::Redirect));
        let elsewhere = capture(301, &[("location", "ftp://news.example.edu/2")]);
        assert_eq!(answer(&elsewhere, false), Answer::NoPage(Outcome::Unreadable));
    }

    #[test]
    fn a_304_answers_only_a_condition() {
        assert_eq!(answer(&capture(304, &[]), true), Answer::NotModified);
        assert_eq!(answer(&capture(304, &[]), false), Answer::NoPage(Outcome::Unreadable));
    }

    #[test]
    fn a_page_cut_short_is_never_whole() {
        for (why, want) in [
            (Truncation::Length, Answer::CutPage),
            (Truncation::Time, Answer::NoPage(Outcome::Truncated)),
            (Truncation::Disconnect, Answer::NoPage(Outcome::Truncated)),
        ] {
            let cut = Capture { truncated: Some(why), ..capture(200, &[]) };
            assert_eq!(answer(&cut, true), want, "{why:?}");
        }
    }

    #[test]
    fn what_is_not_news_is_told_from_what_was_refused() {
        for (why, format, len, want) in [
            ("soft-404", PageFormat::Html, 900, Outcome::SoftNotFound),
            ("redirect", PageFormat::Html, 900, Outcome::PageRedirect),
            ("no-news", PageFormat::Html, 900, Outcome::NotNews),
            ("template", PageFormat::Html, 900, Outcome::NotNews),
            ("no-content", PageFormat::Html, 0, Outcome::Unreadable),
            ("login-wall", PageFormat::Html, 900, Outcome::LoginWall),
            ("campus-only", PageFormat::Html, 900, Outcome::CampusOnly),
            ("blocked", PageFormat::Html, 900, Outcome::Refused),
            ("challenge", PageFormat::Html, 900, Outcome::Challenged),
            ("captcha", PageFormat::Html, 900, Outcome::Challenged),
            ("not-html", PageFormat::Binary, 900, Outcome::NotNews),
            ("not-html", PageFormat::Binary, 0, Outcome::Unreadable),
            ("not-html", PageFormat::Text, 900, Outcome::Unreadable),
        ] {
            let record = Record::Other(Other {
                url: None,
                site: None,
                family: "generic".to_owned(),
                title: None,
                warnings: vec![why.to_owned()],
                extractor: String::new(),
                selectors: String::new(),
            });
            assert_eq!(page(&record, format, len), want, "{why}, {format:?}, {len} bytes");
        }
    }

    #[test]
    fn strain_is_told_from_hopelessness() {
        let failure = |retry| FetchFailure {
            at: CaptureTime::parse("2026-11-22T09:00:00Z").unwrap(),
            kind: FailureKind::Timeout,
            detail: String::new(),
            retry,
        };
        assert_eq!(ending(&Err(failure(true))), Ending::Strained { wait: None });
        assert_eq!(ending(&Err(failure(false))), Ending::Hopeless);
        let busy = capture(503, &[("retry-after", "7")]);
        assert_eq!(ending(&Ok(busy)), Ending::Strained { wait: Some(Duration::from_secs(7)) });
        assert_eq!(ending(&Ok(capture(404, &[]))), Ending::Answered);
    }
}
