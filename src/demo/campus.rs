//! The sites and articles of the made-up university, read once from the TOML built into the program.
//!
//! A repost stands in the data as a reference to its original, as on the real aggregator, where it is a copy: reading
//! fills in the original's body. No markup here; `pages` turns this into what each family serves.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::time::Timestamp;

/// One file a site, in order of the sites' first appearance in a crawl.
const SOURCES: &[&str] = &[
    include_str!("../../fixtures/demo/sites/yunling-news.toml"),
    include_str!("../../fixtures/demo/sites/yunling-marx.toml"),
    include_str!("../../fixtures/demo/sites/yunling-party.toml"),
    include_str!("../../fixtures/demo/sites/yuren.toml"),
];

/// An unreadable file is a mistake of ours that a unit test finds; at run time the site would be absent.
static SITES: LazyLock<Vec<Site>> = LazyLock::new(|| {
    let mut sites: Vec<Site> = SOURCES.iter().filter_map(|source| toml::from_str(source).ok()).collect();
    let originals: Vec<(String, Article)> =
        sites.iter().flat_map(|s| s.articles.iter().map(|a| (format!("{}/{}", s.id, a.id), a.clone()))).collect();
    for article in sites.iter_mut().flat_map(|s| &mut s.articles) {
        if let Some((_, original)) = originals.iter().find(|(key, _)| article.repost.as_ref() == Some(key)) {
            article.copy(original);
        }
    }
    sites
});

/// One site of the made-up university.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Short name, such as `yunling-news`.
    pub id: String,
    /// Host name under `.example`.
    pub host: String,
    /// What people call it.
    pub name: String,
    /// The CMS whose markup it serves.
    pub family: Family,
    /// The column its articles stand in.
    pub column: String,
    /// Rows of one listing page.
    pub page_size: usize,
    /// Its robots.txt.
    pub robots: String,
    /// Listing rows that lead to no article: dead, elsewhere, disallowed, redirecting.
    #[serde(default, rename = "row")]
    pub rows: Vec<Row>,
    /// Its articles, in no order.
    #[serde(rename = "article")]
    pub articles: Vec<Article>,
}

/// The CMS families of the made-up university.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// 博达 VSB (`Visual SiteBuilder`); listing files count down.
    Vsb,
    /// 苏迪 webplus; listing files count up.
    Webplus,
    /// TRS WCM; a script makes the pager.
    Trs,
    /// ZCMS, the aggregator; the listing is JSON.
    Zcms,
}

/// A listing row that leads to no article of the site.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// What the listing prints.
    pub title: String,
    /// The day the listing prints.
    pub date: String,
    /// Where it leads, as written in the page.
    pub href: String,
    /// Article id the address redirects to, where it redirects.
    #[serde(default)]
    pub redirects_to: Option<u64>,
}

/// One article, with its changes over the days.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Article {
    /// The CMS's id.
    pub id: u64,
    /// Headline; a repost without one has its original's.
    #[serde(default)]
    pub title: String,
    /// `YYYY-MM-DD HH:MM:SS`, China Standard Time.
    pub published: String,
    /// 来源, where the page names one.
    #[serde(default)]
    pub source: String,
    /// 作者, where the page names one.
    #[serde(default)]
    pub author: String,
    /// 责任编辑, where the page names one.
    #[serde(default)]
    pub editor: String,
    /// One paragraph a line; `@png` or `@jpg` begins an image line, the rest of which is its caption; `@page` begins
    /// another page of the article, where its CMS cuts long ones.
    #[serde(default)]
    pub body: String,
    /// The body from day two on, where it was edited.
    #[serde(default)]
    pub edited: Option<String>,
    /// `site/id` of the article this one copies.
    #[serde(default)]
    pub repost: Option<String>,
    /// First day it is there.
    #[serde(default = "first_day")]
    pub appears: u32,
    /// First day it is gone (404).
    #[serde(default)]
    pub vanishes: Option<u32>,
    /// What the page is encoded in and how it says so.
    #[serde(default)]
    pub charset: Charset,
    /// Files offered under the body.
    #[serde(default, rename = "attachment")]
    pub attachments: Vec<Attachment>,
    /// What a reader finds, in order: `signed 罗一帆`, `quoted 甲、乙`, `reported 丙`.
    #[serde(default)]
    pub reflections: Vec<String>,
}

fn first_day() -> u32 {
    1
}

/// How a page is encoded and labelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Charset {
    /// UTF-8, labelled in header and page.
    #[default]
    Utf8,
    /// GBK bytes, labelled `GBK` in header and page.
    Gbk,
    /// GBK bytes with characters GB2312 has not, labelled `gb2312` in the page only.
    Gb2312MetaOnly,
}

/// A file offered with an article.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// The name shown to readers.
    pub name: String,
    /// Whether the server asks for a captcha instead of giving the file.
    #[serde(default)]
    pub captcha: bool,
}

/// A piece of an article's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Block<'a> {
    /// A paragraph of text.
    Paragraph(&'a str),
    /// An image.
    Image {
        /// Place among the article's images, from 0.
        index: usize,
        /// `png` or `jpg`.
        extension: &'static str,
        /// Caption printed below it; may be empty.
        caption: &'a str,
    },
}

impl Site {
    /// All sites, originals before the aggregator.
    pub fn all() -> &'static [Self] {
        &SITES
    }

    /// The site of this host name, case ignored.
    pub fn by_host(host: &str) -> Option<&'static Self> {
        SITES.iter().find(|site| site.host.eq_ignore_ascii_case(host))
    }

    /// Address of the first listing page.
    pub fn seed(&self) -> String {
        format!("http://{}{}", self.host, super::pages::listing_path(self, 1, 1))
    }

    /// Articles that are there on `day`, newest first.
    pub fn articles_on(&self, day: u32) -> Vec<&Article> {
        let mut articles: Vec<&Article> = self.articles.iter().filter(|a| a.is_there(day)).collect();
        articles.sort_by(|a, b| b.published.cmp(&a.published).then(b.id.cmp(&a.id)));
        articles
    }
}

impl Article {
    /// Whether readers find it on `day`.
    pub fn is_there(&self, day: u32) -> bool {
        self.appears <= day && self.vanishes.is_none_or(|gone| day < gone)
    }

    /// The body of `day`, piece by piece.
    pub fn blocks(&self, day: u32) -> Vec<Block<'_>> {
        self.paged(day).into_iter().map(|(_, block)| block).collect()
    }

    /// What stands on one of its pages, counted from 0, on `day`.
    pub fn blocks_of(&self, day: u32, page: usize) -> Vec<Block<'_>> {
        self.paged(day).into_iter().filter(|(on, _)| *on == page).map(|(_, block)| block).collect()
    }

    /// How many pages it stands on in a CMS that cuts long articles.
    pub fn pages(&self, day: u32) -> usize {
        1 + self.text_on(day).lines().filter(|line| line.trim() == NEXT_PAGE).count()
    }

    fn paged(&self, day: u32) -> Vec<(usize, Block<'_>)> {
        let (mut page, mut images, mut blocks) = (0, 0, Vec::new());
        for line in self.text_on(day).lines().map(str::trim).filter(|line| !line.is_empty()) {
            if line == NEXT_PAGE {
                page += 1;
            } else {
                blocks.push((page, block(line, &mut images)));
            }
        }
        blocks
    }

    /// When the page last changed before or on `day`, for `Last-Modified`: the edit came a day after publication.
    pub fn changed_at(&self, day: u32) -> Option<i64> {
        let published = Timestamp::parse(&format!("{}+08:00", self.published.replace(' ', "T")))?;
        let edited = day >= 2 && self.edited.is_some();
        Some(published.epoch_seconds() + if edited { 86_400 } else { 0 })
    }

    /// The day printed in listings, `YYYY-MM-DD`.
    pub fn day_printed(&self) -> &str {
        self.published.split(' ').next().unwrap_or_default()
    }

    fn text_on(&self, day: u32) -> &str {
        self.edited.as_deref().filter(|_| day >= 2).unwrap_or(&self.body)
    }

    fn copy(&mut self, original: &Self) {
        if self.title.is_empty() {
            self.title.clone_from(&original.title);
        }
        self.body.clone_from(&original.body);
        self.reflections.clone_from(&original.reflections);
    }
}

/// The line that begins another page of an article.
const NEXT_PAGE: &str = "@page";

fn block<'a>(line: &'a str, images: &mut usize) -> Block<'a> {
    for (mark, extension) in [("@png", "png"), ("@jpg", "jpg")] {
        if let Some(caption) = line.strip_prefix(mark) {
            *images += 1;
            return Block::Image { index: *images - 1, extension, caption: caption.trim() };
        }
    }
    Block::Paragraph(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_is_read() {
        for source in SOURCES {
            toml::from_str::<Site>(source).unwrap();
        }
        assert_eq!(Site::all().len(), SOURCES.len());
    }

    #[test]
    fn every_repost_has_found_its_original() {
        let mut reposts = 0;
        for article in Site::all().iter().flat_map(|site| &site.articles) {
            reposts += usize::from(article.repost.is_some());
            assert!(!article.title.is_empty() && !article.body.is_empty(), "{} is empty", article.id);
        }
        assert!(reposts >= 10);
    }

    #[test]
    fn an_image_line_is_not_text() {
        let article =
            Article { body: "甲\n\n@png 图为会场\n乙\n@jpg".into(), ..Site::all()[0].articles[0].clone() };
        assert_eq!(
            article.blocks(1),
            [
                Block::Paragraph("甲"),
                Block::Image { index: 0, extension: "png", caption: "图为会场" },
                Block::Paragraph("乙"),
                Block::Image { index: 1, extension: "jpg", caption: "" },
            ]
        );
    }

    #[test]
    fn day_two_edits_one_adds_one_and_takes_one_down() {
        let all = || Site::all().iter().flat_map(|site| &site.articles);
        assert_eq!(all().filter(|a| a.edited.is_some()).count(), 1);
        assert_eq!(all().filter(|a| !a.is_there(1) && a.is_there(2)).count(), 1);
        assert_eq!(all().filter(|a| a.is_there(1) && !a.is_there(2)).count(), 1);
    }
}
