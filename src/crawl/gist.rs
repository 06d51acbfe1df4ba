//! What an article's page brought, so that a trap is known: a text, by a digest of it, or none. Pure.
//!
//! A text of some length is itself: daily bulletins differ in numbers alone. Pages of a calendar are short, undated or of days
//! to come, and differ in numbers too, so of a short text digits and the words for numbers and days are left out, and
//! the day it was published stands for them. What a page without a text shows instead (pictures, a film, a file)
//! speaks for it.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use crate::domain::article::Article;
use crate::domain::record::Record;
use crate::domain::time::{Date, Timestamp};
use crate::domain::visit::{Outcome, Visit};

/// Letters from which a text is told from another by its numbers too.
const ENOUGH: usize = 60;

/// Characters of numbers and days, the lunar ones included.
const COUNTED: &str = "零〇一二三四五六七八九十百千廿卅初正冬腊闰年月日号时分秒星期周第期次上下午";

/// Warnings of articles that show something in place of a text.
const SHOWN: &[&str] = &["body-only-images", "pdf-viewer", "video-only", "external-by-script"];

/// What an article's page brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gist {
    /// Nothing can be said of it: a failure, a redirect, a page that was not read.
    Unknown,
    /// Something of its own: unchanged since an earlier run, a file, pictures.
    Own,
    /// A text with this digest.
    Text(u64),
    /// No text: a notice, an empty page, a list.
    Nothing,
}

/// The gist of a visit.
pub(super) fn of(visit: &Visit) -> Gist {
    let outcome = visit.outcome;
    if matches!(outcome, Outcome::Unchanged | Outcome::TooOld) {
        return Gist::Own;
    }
    if matches!(outcome, Outcome::NotFound | Outcome::Gone | Outcome::SoftNotFound | Outcome::PageRedirect) {
        return Gist::Nothing;
    }
    if outcome.is_failure() || outcome == Outcome::Redirect {
        return Gist::Unknown;
    }
    match visit.extraction.as_ref().map(|extraction| &extraction.record) {
        Some(Record::Article(article)) => {
            let today = visit.result.as_ref().ok().map(|capture| capture.at.china_date());
            of_article(article, today)
        }
        // A file of another kind behind a row is what the row is for.
        Some(Record::Other(other)) if other.warnings.first().is_some_and(|why| why == "not-html") => Gist::Own,
        Some(Record::Listing(_) | Record::Other(_)) => Gist::Nothing,
        None => Gist::Unknown,
    }
}

fn of_article(article: &Article, today: Option<Date>) -> Gist {
    let pictured = !article.images.is_empty() || !article.attachments.is_empty();
    let shown = article.warnings.iter().any(|code| SHOWN.contains(&code.as_str()));
    let day = article.published_at.map(Timestamp::china_date).filter(|day| today.is_some_and(|today| *day <= today));
    of_text(article.title.as_deref().unwrap_or_default(), &article.body, day, pictured || shown)
}

fn of_text(title: &str, body: &str, day: Option<Date>, shows: bool) -> Gist {
    let letters = stripped(body);
    if letters.chars().nth(ENOUGH).is_some() {
        return Gist::Text(digest(&(title, body)));
    }
    if shows { Gist::Own } else { Gist::Text(digest(&(stripped(title), letters, day.map(|day| day.to_string())))) }
}

fn stripped(text: &str) -> String {
    text.chars().filter(|c| is_kept(*c)).collect()
}

fn is_kept(c: char) -> bool {
    c.is_alphabetic() && !COUNTED.contains(c)
}

fn digest(of: &impl std::hash::Hash) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(of)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "与会人员围绕专题进行了深入交流，并结合本单位工作谈了体会和打算。会议要求，各单位要把学习成果转化为服务师生、推动发展的实际行动，\
        切实解决师生关心的问题，确保第3期读书班取得实效。";

    fn day(n: u32) -> Option<Date> {
        Date::new(2023, 6, n)
    }

    #[test]
    fn days_of_a_calendar_are_one_text_and_articles_are_not() {
        let calendar = |n| of_text(&format!("2031年5月{n}日"), "农历四月初三 星期四 暂无活动", None, false);
        assert_eq!(calendar(3), calendar(4));
        assert_ne!(of_text("读书班结业", TEXT, None, false), of_text("主题党日", TEXT, None, false));
        assert_ne!(of_text("通知", TEXT, None, false), of_text("通知", &TEXT.replace('3', "4"), None, false));
        assert_eq!(
            of_text("通知", TEXT, day(1), false),
            of_text("通知", TEXT, day(2), false),
            "a repost under another day"
        );
    }

    #[test]
    fn short_bulletins_are_told_by_their_day() {
        let bulletin = |n, day| of_text(&format!("6月{n}日通报"), &format!("今日新增{n}例。"), day, false);
        assert_ne!(bulletin(1, day(1)), bulletin(2, day(2)));
        assert_eq!(bulletin(1, None), bulletin(2, None));
    }

    #[test]
    fn pictures_speak_for_themselves_where_there_is_no_text() {
        assert_eq!(of_text("图说校园", "", None, true), Gist::Own);
        assert!(matches!(of_text("图说校园", "", None, false), Gist::Text(_)));
    }
}
