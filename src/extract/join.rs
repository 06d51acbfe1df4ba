//! An article over several pages as one record.
//!
//! Each page is read by itself, since each brings its own frame; what the pages say together is then derived from the
//! joined text, as if it had been printed on one. What is said of the article as a whole (headline, time, trail,
//! address, identity) is page one's. It never fetches: which pages there are is the caller's to find out.

use super::article::closing::{self, Closing};
use super::article::meta_line::add;
use super::article::warn;
use super::{Catalogue, Hints, extract, reflections};
use crate::domain::article::Article;
use crate::domain::extraction::{Extraction, Outlink};
use crate::domain::page::Page;
use crate::domain::record::Record;
use crate::domain::time::{Date, Timestamp};

/// What is known of the page after the last one given, where there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// Not asked for yet: the record warns `more-pages` and leads there.
    Open,
    /// Asked for and not to be had: the record warns `part-missing` and leads nowhere.
    Missing,
}

/// Reads the pages of one article, in order, as one record; `None` of no page at all. A page that turns out to be no
/// article counts as missing, and those after it are left out: text with an unmarked hole in it would be a lie.
pub fn join(pages: &[Page], rest: Rest, catalogue: &Catalogue, hints: &Hints<'_>) -> Option<Extraction> {
    let (first, later) = pages.split_first()?;
    let mut joined = extract(first, catalogue, hints);
    let Record::Article(article) = &mut joined.record else { return Some(joined) };
    let (mut rest, mut onward) = (rest, next_part(&joined.outlinks).is_some());
    let mut parts = Vec::new();
    for page in later {
        let read = extract(page, catalogue, hints);
        let Record::Article(part) = read.record else {
            (rest, onward) = (Rest::Missing, true);
            break;
        };
        onward = next_part(&read.outlinks).is_some();
        joined.outlinks = read.outlinks;
        parts.push(*part);
    }
    if !parts.is_empty() {
        append(article, parts, first.captured_on);
        let day = article.published_at.map(Timestamp::china_date);
        article.topics = catalogue.topics().tags(article.title.as_deref(), &article.body, day);
    }
    article.warnings.retain(|warning| warning != warn::MORE_PAGES);
    match rest {
        Rest::Open if onward => article.warnings.push(warn::MORE_PAGES.to_owned()),
        Rest::Missing if onward => {
            article.warnings.push(warn::PART_MISSING.to_owned());
            joined.outlinks.clear();
        }
        Rest::Open | Rest::Missing => {}
    }
    Some(joined)
}

/// The further page an article's reading leads to.
pub fn next_part(outlinks: &[Outlink]) -> Option<&url::Url> {
    outlinks.iter().find_map(|link| match link {
        Outlink::NextPage(url) => Some(url),
        Outlink::Item(_) | Outlink::NextListing(_) | Outlink::Listing(_) => None,
    })
}

/// Puts later pages behind the first and derives again what depends on the whole text.
fn append(article: &mut Article, parts: Vec<Article>, captured_on: Date) {
    let alone = |body: &str| closing::read(&body.lines().collect::<Vec<_>>(), captured_on);
    let first_alone = alone(&article.body);
    let last_source = parts.last().and_then(|part| part.source.clone());
    let mut outside = Vec::new();
    for part in parts {
        outside.extend(not_of(&alone(&part.body), part.credits));
        if !article.body.is_empty() && !part.body.is_empty() {
            article.body.push('\n');
        }
        article.body.push_str(&part.body);
        article.images.extend(part.images);
        for file in part.attachments {
            if !article.attachments.contains(&file) {
                article.attachments.push(file);
            }
        }
        for warning in part.warnings.into_iter().filter(|warning| warn::OF_ANY_PART.contains(&warning.as_str())) {
            if !article.warnings.contains(&warning) {
                article.warnings.push(warning);
            }
        }
    }
    let whole = alone(&article.body);
    let credits = not_of(&first_alone, std::mem::take(&mut article.credits));
    for credit in credits.into_iter().chain(whole.credits).chain(outside) {
        add(&mut article.credits, &credit.role, credit.names);
    }
    // A line that ended page one is in the middle of the whole and names no source there.
    let source = article.source.take().filter(|source| first_alone.source.as_ref() != Some(source));
    article.source = source.or(whole.source).or(last_source);
    if !article.body.is_empty() {
        article.warnings.retain(|warning| !warn::OF_NO_TEXT.contains(&warning.as_str()));
    }
    let title = article.title.as_deref();
    article.reflections = reflections::find(&article.body, &reflections::Context { title });
}

/// Credits but those that the text of this page alone gave: at the end of a page is not at the end of the article.
fn not_of(alone: &Closing, credits: Vec<crate::domain::article::Credit>) -> Vec<crate::domain::article::Credit> {
    credits.into_iter().filter(|credit| !alone.credits.contains(credit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::tests::page;

    const PATH: &str = "http://www.gyst.example/xwdt/202305/t20230511_5301";

    /// Page `number` (from 0) of `pages`, in TRS's markup.
    fn part(number: usize, pages: usize, paragraphs: &str) -> Page {
        let url = if number == 0 { format!("{PATH}.html") } else { format!("{PATH}_{number}.html") };
        let html = format!(
            "<html><head><title>高原湿地的二十年守望</title></head><body><h1>高原湿地的二十年守望</h1>\
             <p>来源：云岭生态报 2023-05-11</p><div class=\"TRS_Editor\">{paragraphs}</div>\
             <script>createPageHTML({pages}, {number}, \"t20230511_5301\", \"html\");</script></body></html>"
        );
        page(&url, &html)
    }

    fn parts() -> [Page; 3] {
        [
            part(0, 3, "<p>二十年前，第一支观测队在湿地边搭起两顶帐篷。</p><p>摄影：李禾</p><img src=\"W1.jpg\">"),
            part(1, 3, "<p>观测站站长梅清表示：“数据不会骗人，脚步也不会。”</p>"),
            part(2, 3, "<p>新的样地正在打桩。</p><img src=\"W2.jpg\"><p>撰稿：周一苇 审核：沈舟</p>"),
        ]
    }

    fn joined(pages: &[Page], rest: Rest) -> (Article, Option<String>) {
        let catalogue = Catalogue::load(&[]).unwrap();
        let extraction = join(pages, rest, &catalogue, &Hints::default()).unwrap();
        let next = next_part(&extraction.outlinks).map(url::Url::to_string);
        (extraction.record.article().unwrap().clone(), next)
    }

    #[test]
    fn pages_in_order_are_one_article() {
        let (article, next) = joined(&parts(), Rest::Open);
        let lines: Vec<&str> = article.body.lines().collect();
        assert_eq!(lines.len(), 5, "{lines:?}");
        assert_eq!(
            lines.first().zip(lines.last()),
            Some((&"二十年前，第一支观测队在湿地边搭起两顶帐篷。", &"撰稿：周一苇 审核：沈舟"))
        );
        let images: Vec<&str> = article.images.iter().filter_map(|image| image.url.rsplit('/').next()).collect();
        assert_eq!(images, ["W1.jpg", "W2.jpg"]);
        let roles: Vec<&str> = article.credits.iter().map(|credit| credit.role.as_str()).collect();
        assert_eq!(roles, ["摄影", "撰稿", "审核"]);
        assert_eq!(
            article.url.as_ref().map(url::Url::as_str),
            Some("http://www.gyst.example/xwdt/202305/t20230511_5301.html")
        );
        assert_eq!((article.warnings.as_slice(), next), ([].as_slice(), None));
    }

    #[test]
    fn reflections_count_in_the_joined_body() {
        let (article, _) = joined(&parts(), Rest::Open);
        for reflection in &article.reflections {
            let slice: String =
                article.body.chars().skip(reflection.start).take(reflection.end - reflection.start).collect();
            assert_eq!(slice, reflection.text);
        }
        assert!(article.reflections.iter().any(|r| r.people == ["梅清"]), "{:?}", article.reflections);
    }

    #[test]
    fn what_is_not_there_yet_and_what_never_will_be_are_told_apart() {
        let pages = parts();
        let second = Some(format!("{PATH}_1.html"));
        let third = Some(format!("{PATH}_2.html"));
        for (pages, rest, warning, next) in [
            (&pages[..1], Rest::Open, Some("more-pages"), second),
            (&pages[..2], Rest::Open, Some("more-pages"), third),
            (&pages[..1], Rest::Missing, Some("part-missing"), None),
            (&pages[..2], Rest::Missing, Some("part-missing"), None),
            (&pages[..], Rest::Missing, None, None),
        ] {
            let (article, found) = joined(pages, rest);
            let warnings: Vec<&str> = article.warnings.iter().map(String::as_str).collect();
            assert_eq!((warnings, found), (warning.into_iter().collect(), next), "{} pages, {rest:?}", pages.len());
        }
    }

    #[test]
    fn a_part_that_is_no_article_ends_the_text() {
        let [first, _, third] = parts();
        let gone = page(&format!("{PATH}_1.html"), "<html><title>404</title><body>该页面不存在</body></html>");
        let (article, next) = joined(&[first, gone, third], Rest::Open);
        assert_eq!(
            (article.body.lines().count(), article.warnings.as_slice()),
            (2, ["part-missing".to_owned()].as_slice())
        );
        assert_eq!(next, None);
    }

    #[test]
    fn nothing_is_no_article() {
        let catalogue = Catalogue::load(&[]).unwrap();
        assert!(join(&[], Rest::Open, &catalogue, &Hints::default()).is_none());
    }
}
