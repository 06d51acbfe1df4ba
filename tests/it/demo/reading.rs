//! What the program reads off the made-up university's pages agrees with what the university holds. No socket: pages
//! come from `respond`, as a crawl would ask for them.

use std::sync::LazyLock;

use shiguan::decode::{self, decode};
use shiguan::demo::{self, Article, Site, expected, respond};
use shiguan::domain::page::Page;
use shiguan::domain::record::{Listing, Record};
use shiguan::domain::time::Date;
use shiguan::extract::{self, Catalogue, Rest, extract, join, next_part};
use url::Url;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::load(&[]).unwrap());

/// The page at `url` on day one.
fn page(url: &Url) -> Page {
    let target = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let response = respond(url.host_str().unwrap(), &target, &[], 1);
    assert_eq!(response.status, 200, "{url}");
    let hints = decode::Hints {
        url: Some(url),
        content_type: response.header("content-type"),
        content_encoding: None,
        status: Some(200),
    };
    decode(&response.body, &hints, Date::new(2023, 9, 1).unwrap())
}

/// The page as a record.
fn read(url: &Url) -> Record {
    extract(&page(url), &CATALOGUE, &extract::Hints::default()).record
}

/// An article with all its pages.
fn read_article(url: &Url) -> shiguan::domain::article::Article {
    let hints = extract::Hints::default();
    let mut pages = vec![page(url)];
    while let Some(next) = next_part(&extract(pages.last().unwrap(), &CATALOGUE, &hints).outlinks) {
        pages.push(page(next));
    }
    join(&pages, Rest::Open, &CATALOGUE, &hints).unwrap().record.article().cloned().unwrap()
}

/// Listing pages from the seed on, by the next links the program finds.
fn walk(site: &Site) -> Vec<Listing> {
    let mut next = Some(Url::parse(&site.seed()).unwrap());
    let mut pages = Vec::new();
    while let Some(url) = next.take().filter(|_| pages.len() < 20) {
        let listing = read(&url).listing().cloned().unwrap();
        next.clone_from(&listing.next);
        pages.push(listing);
    }
    pages
}

/// The article's address, as the listing gives it.
fn address(pages: &[Listing], article: &Article) -> Url {
    let mut rows = pages.iter().flat_map(|page| &page.items);
    rows.find(|row| row.title == article.title).and_then(|row| row.url.clone()).unwrap()
}

#[test]
fn a_walk_finds_every_page_and_row() {
    for held in expected(1) {
        let site = Site::by_host(held.host).unwrap();
        let pages = walk(site);
        let rows: usize = pages.iter().map(|page| page.items.len()).sum();
        assert_eq!((pages.len(), rows), (held.listing_pages, held.rows), "{}", held.site);
        for article in site.articles_on(1) {
            let row = pages.iter().flat_map(|page| &page.items).find(|item| item.title == article.title).unwrap();
            assert_eq!(
                row.date.map(|date| date.to_string()).as_deref(),
                Some(article.day_printed()),
                "{}",
                article.title
            );
        }
    }
}

#[test]
fn every_article_is_read_as_it_was_written() {
    let mut wrong = Vec::new();
    for site in Site::all() {
        let pages = walk(site);
        for article in site.articles_on(1) {
            let record = read_article(&address(&pages, article));
            let mut check = |what: &str, found: String, held: String| {
                if found != held {
                    wrong.push(format!("{} {} {what}: {found} is not {held}", site.id, article.id));
                }
            };
            check("title", record.title.clone().unwrap_or_default(), article.title.clone());
            let shows_source = site.family != demo::Family::Webplus;
            check(
                "source",
                record.source.clone().unwrap_or_default(),
                if shows_source { article.source.clone() } else { String::new() },
            );
            check("body", record.body.clone(), printed(article));
            check("images", record.images.len().to_string(), images(article).to_string());
            check("attachments", record.attachments.len().to_string(), article.attachments.len().to_string());
            check("warnings", format!("{:?}", record.warnings), "[]".to_owned());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_reflection_is_found_and_no_other() {
    let mut wrong = Vec::new();
    for site in Site::all() {
        let pages = walk(site);
        for article in site.articles.iter().filter(|article| article.is_there(1)) {
            let record = read_article(&address(&pages, article));
            let found: Vec<String> =
                record.reflections.iter().map(|r| format!("{} {}", r.kind.as_str(), r.people.join("、"))).collect();
            if found != article.reflections {
                wrong.push(format!("{} {}: {found:?} is not {:?}", site.id, article.id, article.reflections));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Paragraphs and captions, one a line.
fn printed(article: &Article) -> String {
    let lines = article.blocks(1).into_iter().filter_map(|block| match block {
        demo::Block::Paragraph(text) => Some(text),
        demo::Block::Image { caption, .. } => Some(caption).filter(|caption| !caption.is_empty()),
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn images(article: &Article) -> usize {
    article.blocks(1).iter().filter(|block| matches!(block, demo::Block::Image { .. })).count()
}
