//! Listings that are sitemaps (sitemaps.org protocol 0.9), news sitemaps and indexes of sitemaps.
//!
//! Read as a stream of events: nothing is kept but what a row needs, and no entity but the five of XML is resolved.

use quick_xml::Reader;
use quick_xml::events::Event;
use url::Url;

use crate::domain::address;
use crate::domain::page::Page;
use crate::domain::record::ListingItem;

use super::{Listing, date};

/// Limits of the protocol: larger files are cut there.
const MAX_BYTES: usize = 50 * 1024 * 1024;
const MAX_URLS: usize = 50_000;

/// One `<url>` or `<sitemap>` being read.
#[derive(Default)]
struct Place {
    loc: String,
    title: String,
    lastmod: String,
    published: String,
}

/// Reads a sitemap; `None` where it is none. What stands before a fault counts, with the warning `xml-broken`.
pub fn read(page: &Page) -> Option<Listing> {
    let mut listing = Listing::default();
    let mut reader = Reader::from_str(page.text.get(..MAX_BYTES.min(page.text.len())).unwrap_or(&page.text));
    reader.config_mut().check_end_names = false;
    let (mut place, mut field, mut is_sitemap) = (Place::default(), String::new(), false);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                let name = tag.local_name().as_ref().to_owned();
                is_sitemap |= matches!(name.as_str(), "urlset" | "sitemapindex");
                if !is_sitemap {
                    return None;
                }
                if matches!(name.as_str(), "url" | "sitemap") {
                    place = Place::default();
                }
                field = name;
            }
            Ok(Event::Text(text)) => place.add(&field, &text),
            Ok(Event::CData(text)) => place.add(&field, &text),
            Ok(Event::GeneralRef(entity)) => {
                if let Some(c) = resolved(&entity) {
                    place.add(&field, c.encode_utf8(&mut [0; 4]));
                }
            }
            Ok(Event::End(tag)) => {
                match tag.local_name().as_ref() {
                    "url" => listing.items.extend(std::mem::take(&mut place).item(page)),
                    "sitemap" => listing.listings.extend(std::mem::take(&mut place).url(page)),
                    _ => {}
                }
                field.clear();
            }
            Ok(Event::Eof) => break,
            Ok(Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_)) => {}
            Err(_) => {
                listing.warnings.push("xml-broken".to_owned());
                break;
            }
        }
        if listing.items.len() + listing.listings.len() >= MAX_URLS {
            listing.warnings.push("listing-cut".to_owned());
            break;
        }
    }
    is_sitemap.then_some(listing)
}

fn resolved(entity: &quick_xml::events::BytesRef<'_>) -> Option<char> {
    if let Ok(Some(c)) = entity.resolve_char_ref() {
        return Some(c);
    }
    match &**entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

impl Place {
    fn add(&mut self, field: &str, text: &str) {
        let slot = match field {
            "loc" => &mut self.loc,
            "title" => &mut self.title,
            "lastmod" => &mut self.lastmod,
            "publication_date" => &mut self.published,
            _ => return,
        };
        slot.push_str(text);
    }

    fn url(&self, page: &Page) -> Option<Url> {
        match &page.url {
            Some(base) => address::resolve(base, &self.loc),
            None => Url::parse(self.loc.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https")),
        }
    }

    fn item(self, page: &Page) -> Option<ListingItem> {
        let url = self.url(page)?;
        let day = date::with_year(&self.published).or_else(|| date::with_year(&self.lastmod));
        Some(ListingItem { url: Some(url), title: self.title.trim().to_owned(), date: day })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::tests::page;

    #[test]
    fn a_sitemap_gives_rows_and_an_index_gives_listings() {
        let listing = read(&page(
            "http://news.example.edu.cn/sitemap.xml",
            r#"<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url>
            <loc>http://news.example.edu.cn/show.jsp?id=1&amp;c=2</loc><lastmod>2023-06-07T01:02:03+08:00</lastmod>
            <news:news><news:title>动员会召开</news:title><news:publication_date>2023-06-06</news:publication_date></news:news></url>
            <url><loc>/2.htm</loc></url></urlset>"#,
        ))
        .unwrap();
        let rows: Vec<_> = listing.items.iter().map(|i| (i.url.as_ref().unwrap().as_str(), i.title.as_str())).collect();
        assert_eq!(
            rows,
            [("http://news.example.edu.cn/show.jsp?id=1&c=2", "动员会召开"), ("http://news.example.edu.cn/2.htm", "")]
        );
        assert_eq!(listing.items[0].date.unwrap().to_string(), "2023-06-06");

        let index = "<sitemapindex><sitemap><loc>http://news.example.edu.cn/s1.xml</loc></sitemap></sitemapindex>";
        let listing = read(&page("http://news.example.edu.cn/sitemap.xml", index)).unwrap();
        assert_eq!(listing.listings.len(), 1);
    }

    #[test]
    fn a_broken_sitemap_keeps_what_stood_before_and_bombs_do_nothing() {
        let broken = "<urlset><url><loc>/1.htm</loc></url><url><loc>/2.htm</lo";
        let listing = read(&page("http://news.example.edu.cn/sitemap.xml", broken)).unwrap();
        assert_eq!((listing.items.len(), listing.warnings.len()), (1, 1));
        let bomb = r#"<!DOCTYPE urlset [<!ENTITY a "aaaa"><!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>/1.htm?&a;&x;</loc></url></urlset>"#;
        let listing = read(&page("http://news.example.edu.cn/sitemap.xml", bomb)).unwrap();
        assert_eq!(listing.items[0].url.as_ref().unwrap().as_str(), "http://news.example.edu.cn/1.htm?");
        assert!(read(&page("http://news.example.edu.cn/", "<rss/>")).is_none());
    }
}
