//! What the made-up university serves, in the markup of each CMS family: addresses and pages, as text.
//!
//! Templates hold `{{name}}` places; what is put there is escaped by the caller, so that a title may hold `<` or `&`.

mod trs;
mod vsb;
mod webplus;
mod zcms;

use super::campus::{Article, Block, Charset, Family, Site};

/// A row of a listing as every family prints it.
pub(super) struct Line {
    /// Headline.
    pub(super) title: String,
    /// `YYYY-MM-DD`.
    pub(super) date: String,
    /// Address as written in the page, from the root or absolute.
    pub(super) href: String,
    /// Article id, 0 where the row leads to no article.
    pub(super) id: u64,
}

/// One page of a listing.
pub(super) struct Slice<'a> {
    /// Its rows.
    pub(super) lines: &'a [Line],
    /// Rows of all pages.
    pub(super) total: usize,
    /// Its number, from 1, as readers count.
    pub(super) page: usize,
    /// How many there are.
    pub(super) pages: usize,
}

/// All rows of the site's listing on `day`, newest first.
pub(super) fn lines(site: &Site, day: u32) -> Vec<Line> {
    let articles = site.articles_on(day).into_iter().map(|article| Line {
        title: article.title.clone(),
        date: article.published.clone(),
        href: article_path(site, article),
        id: article.id,
    });
    let others = site.rows.iter().map(|row| Line {
        title: row.title.clone(),
        date: format!("{} 00:00:00", row.date),
        href: row.href.clone(),
        id: 0,
    });
    let mut lines: Vec<Line> = articles.chain(others).collect();
    lines.sort_by(|a, b| b.date.cmp(&a.date));
    lines
}

/// Path of an article.
pub(super) fn article_path(site: &Site, article: &Article) -> String {
    match site.family {
        Family::Vsb => vsb::article_path(article),
        Family::Webplus => webplus::article_path(article),
        Family::Trs => trs::article_path(article),
        Family::Zcms => zcms::article_path(article),
    }
}

/// Path and query of listing page `page` of `pages`, both from 1.
pub(super) fn listing_path(site: &Site, page: usize, pages: usize) -> String {
    match site.family {
        Family::Vsb => vsb::listing_path(page, pages),
        Family::Webplus => webplus::listing_path(page),
        Family::Trs => trs::listing_path(page),
        Family::Zcms => zcms::listing_path(site, page),
    }
}

/// Path of an article's image.
pub(super) fn image_path(site: &Site, article: &Article, index: usize, extension: &str) -> String {
    match site.family {
        Family::Vsb => vsb::image_path(article, index, extension),
        Family::Webplus => webplus::image_path(article, index, extension),
        Family::Trs => trs::image_path(article, index, extension),
        Family::Zcms => zcms::image_path(article, index, extension),
    }
}

/// Path and query of an article's attachment.
pub(super) fn attachment_path(site: &Site, article: &Article, index: usize) -> String {
    match site.family {
        Family::Vsb => vsb::attachment_path(article, index),
        Family::Webplus => webplus::attachment_path(article, index),
        Family::Trs => trs::attachment_path(article, index),
        Family::Zcms => zcms::attachment_path(article, index),
    }
}

/// How many pages the site cuts the article into: TRS and ZCMS do so, the others print it on one.
pub(super) fn parts(site: &Site, article: &Article, day: u32) -> usize {
    match site.family {
        Family::Vsb | Family::Webplus => 1,
        Family::Trs | Family::Zcms => article.pages(day),
    }
}

/// Path of page `part` of an article, from 0.
pub(super) fn part_path(site: &Site, article: &Article, part: usize) -> String {
    match (site.family, part) {
        (Family::Trs, 1..) => trs::part_path(article, part),
        (Family::Zcms, 1..) => zcms::part_path(article, part),
        (Family::Vsb | Family::Webplus | Family::Trs | Family::Zcms, _) => article_path(site, article),
    }
}

/// Page `part` of an article, from 0.
pub(super) fn article(site: &Site, article: &Article, day: u32, part: usize) -> String {
    match site.family {
        Family::Vsb => vsb::article(site, article, day),
        Family::Webplus => webplus::article(site, article, day),
        Family::Trs => trs::article(site, article, day, part),
        Family::Zcms => zcms::article(site, article, day, part),
    }
}

/// A page of the listing.
pub(super) fn listing(site: &Site, slice: &Slice<'_>) -> String {
    match site.family {
        Family::Vsb => vsb::listing(site, slice),
        Family::Webplus => webplus::listing(site, slice),
        Family::Trs => trs::listing(site, slice),
        Family::Zcms => zcms::listing(site, slice),
    }
}

/// The template with its places filled, in one pass: a value that looks like a place stays as it is.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut page = String::with_capacity(template.len() + 4096);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        page.push_str(before);
        let Some((name, after)) = after.split_once("}}") else {
            rest = after;
            break;
        };
        page.push_str(values.iter().find(|(n, _)| *n == name).map_or("", |(_, value)| value));
        rest = after;
    }
    page.push_str(rest);
    page
}

/// Text made safe for element content and double-quoted attributes.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The body's pieces, each rendered by the family.
fn body(blocks: Vec<Block<'_>>, paragraph: impl Fn(&str) -> String, image: impl Fn(usize, &str) -> String) -> String {
    let mut html = String::new();
    for block in blocks {
        match block {
            Block::Paragraph(text) => html.push_str(&paragraph(&escape(text))),
            Block::Image { index, extension, caption } => {
                html.push_str(&image(index, extension));
                if !caption.is_empty() {
                    html.push_str(&["<p style=\"text-align: center;\">", &escape(caption), "</p>\n"].concat());
                }
            }
        }
    }
    html
}

/// `2023-06-06` as (`2023`, `06`, `06`); empty pieces where the data is not of this shape.
fn ymd(published: &str) -> (&str, &str, &str) {
    let mut parts = published.get(..10).unwrap_or_default().split('-');
    let mut next = || parts.next().unwrap_or_default();
    (next(), next(), next())
}

/// The charset named by the page itself.
fn label(charset: Charset) -> &'static str {
    match charset {
        Charset::Utf8 => "UTF-8",
        Charset::Gbk => "GBK",
        Charset::Gb2312MetaOnly => "gb2312",
    }
}

/// Hexadecimal digits made of a number, always the same for the same number: CMS file names without a clock or a die.
fn hex(seed: u64, digits: usize) -> String {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let turn = || {
        state ^= state >> 29;
        state = state.wrapping_mul(0xBF58_476D_1CE4_E5B9);
        format!("{state:016X}")
    };
    let mut text = std::iter::repeat_with(turn).take(digits.div_ceil(16)).collect::<Vec<_>>().concat();
    text.truncate(digits);
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_filled_value_is_not_filled_again() {
        assert_eq!(fill("<b>{{a}}</b>{{b}}{{c}}", &[("a", "{{b}}"), ("b", "2")]), "<b>{{b}}</b>2");
        assert_eq!(fill("{{open", &[]), "open");
    }

    #[test]
    fn no_two_things_share_an_address() {
        for site in Site::all() {
            let mut seen = BTreeSet::new();
            for article in &site.articles {
                assert!(seen.insert(article_path(site, article)), "{} twice", article.id);
                for index in 0..article.attachments.len() {
                    assert!(seen.insert(attachment_path(site, article, index)));
                }
                for index in 0..3 {
                    assert!(seen.insert(image_path(site, article, index, "png")));
                }
            }
        }
    }

    #[test]
    fn hex_names_are_stable_and_as_long_as_asked() {
        assert_eq!(hex(7, 27), hex(7, 27));
        assert_eq!(hex(7, 27).len(), 27);
        assert_ne!(hex(7, 27), hex(8, 27));
    }

    #[test]
    fn every_template_place_has_a_value() {
        for site in Site::all() {
            for found in site.articles.iter().map(|a| article(site, a, 1, 0)) {
                assert!(!found.contains("{{") && found.contains(&site.name), "{}", site.id);
            }
        }
    }
}
