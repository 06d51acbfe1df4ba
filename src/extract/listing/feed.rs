//! Listings that are feeds: RSS 0.9 to 2.0, Atom.

use std::borrow::Cow;

use url::Url;

use crate::domain::address;
use crate::domain::page::Page;
use crate::domain::record::ListingItem;
use crate::domain::time::Timestamp;
use crate::extract::dom;

use super::Listing;

/// Entries taken from one feed.
const MAX_ENTRIES: usize = 5_000;

/// Reads a feed; `None` where it is none, or broken beyond reading.
pub fn read(page: &Page) -> Option<Listing> {
    let source = first_entries(without_declaration(&page.text));
    let feed = feed_rs::parser::parse(source.as_bytes()).ok()?;
    let resolve = |written: &str| match &page.url {
        Some(base) => address::resolve(base, written),
        None => Url::parse(written).ok(),
    };
    let items = feed
        .entries
        .iter()
        .take(MAX_ENTRIES)
        .map(|entry| {
            let page_link = entry.links.iter().find(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"));
            let url = page_link.or(entry.links.first()).and_then(|link| resolve(&link.href));
            let moment = entry.published.or(entry.updated).map(|moment| moment.timestamp_millis());
            ListingItem {
                url,
                title: entry.title.as_ref().map(printed).unwrap_or_default(),
                date: moment.and_then(Timestamp::from_epoch_millis).map(Timestamp::date),
            }
        })
        .collect();
    // RFC 5005, section 3: a paged feed names its next page.
    let next = feed.links.iter().find(|link| link.rel.as_deref() == Some("next")).and_then(|link| resolve(&link.href));
    Some(Listing { items, next, ..Listing::default() })
}

/// The text is decoded already; a declaration would have it decoded once more.
fn without_declaration(source: &str) -> &str {
    let trimmed = source.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
    let rest = trimmed.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")).map(|(_, rest)| rest);
    rest.unwrap_or(trimmed)
}

/// The feed without the entries beyond [`MAX_ENTRIES`]: the parser makes a large value of every entry, however small, and a
/// feed of nothing but empty entries would take twenty times its size.
fn first_entries(source: &str) -> Cow<'_, str> {
    let without_rest = |name: &str| {
        let (open, close) = (format!("<{name}"), format!("</{name}>"));
        let is_named =
            |rest: Option<&str>| rest.is_some_and(|rest| rest.starts_with(['>', '/', ' ', '\t', '\n', '\r']));
        let mut starts = source.match_indices(&open).filter(|(at, open)| is_named(source.get(at + open.len()..)));
        let (cut, _) = starts.nth(MAX_ENTRIES)?;
        let end = source.rfind(&close).map(|at| at + close.len()).filter(|end| *end > cut)?;
        Some(format!("{}{}", source.get(..cut)?, source.get(end..)?))
    };
    without_rest("item").or_else(|| without_rest("entry")).map_or(Cow::Borrowed(source), Cow::Owned)
}

/// A title as readers see it: `type="html"` (RFC 4287, 3.1.1.2) is markup in escapes.
fn printed(title: &feed_rs::model::Text) -> String {
    if title.content_type.subty() == "html" {
        let fragment = scraper::Html::parse_fragment(&title.content);
        return dom::fold(&fragment.root_element().text().collect::<String>());
    }
    dom::fold(&title.content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::tests::page;

    const RSS: &str = r#"<?xml version="1.0" encoding="gb2312"?><rss version="2.0"><channel><title>云岭新闻</title>
        <item><title>学习教育动员会召开</title><link>http://news.example.edu.cn/info/1/2.htm</link>
        <pubDate>Tue, 06 Jun 2023 20:30:00 GMT</pubDate></item>
        <item><title><![CDATA[座谈会 召开]]></title><link>/info/1/1.htm</link></item></channel></rss>"#;

    const ATOM: &str = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>云岭</title><id>x</id><updated>2023-06-06T00:00:00Z</updated>
        <link rel="next" href="http://news.example.edu.cn/feed?page=2"/>
        <entry><id>1</id><title>动员会召开</title><link href="http://news.example.edu.cn/1.htm"/><updated>2023-06-06T01:00:00+08:00</updated></entry></feed>"#;

    fn rows(source: &str) -> Vec<(String, String, String)> {
        let listing = read(&page("http://news.example.edu.cn/rss.xml", source)).unwrap();
        let show = |item: ListingItem| {
            (item.title, item.url.unwrap().to_string(), item.date.map(|d| d.to_string()).unwrap_or_default())
        };
        listing.items.into_iter().map(show).collect()
    }

    #[test]
    fn rss_gives_rows_with_days_in_china() {
        let row = |title: &str, url: &str, day: &str| (title.to_owned(), url.to_owned(), day.to_owned());
        assert_eq!(
            rows(RSS),
            [
                row("学习教育动员会召开", "http://news.example.edu.cn/info/1/2.htm", "2023-06-07"),
                row("座谈会 召开", "http://news.example.edu.cn/info/1/1.htm", ""),
            ]
        );
    }

    #[test]
    fn entries_beyond_the_most_are_passed_over_and_the_feed_still_ends() {
        let item = |n: usize| format!("<item><title>第{n}期</title><link>/info/1/{n}.htm</link></item>");
        let items: String = (1..=MAX_ENTRIES + 3).map(item).collect();
        let rss = format!("<rss version='2.0'><channel><items>x</items>{items}<title>云岭新闻</title></channel></rss>");
        let cut = first_entries(&rss);
        assert!(
            cut.ends_with(
                "第5000期</title><link>/info/1/5000.htm</link></item><title>云岭新闻</title></channel></rss>"
            )
        );
        let rows = rows(&rss);
        assert_eq!(rows.len(), MAX_ENTRIES);
        assert_eq!(rows.last().map(|(title, ..)| title.as_str()), Some("第5000期"));
        assert_eq!(first_entries(RSS), RSS);
        assert_eq!(first_entries(ATOM), ATOM);
    }

    #[test]
    fn atom_names_its_next_page() {
        let listing = read(&page("http://news.example.edu.cn/feed", ATOM)).unwrap();
        assert_eq!(listing.next.unwrap().query(), Some("page=2"));
        assert_eq!(listing.items.len(), 1);
        assert!(read(&page("http://news.example.edu.cn/", "<html/>")).is_none());
    }
}
