//! Where an article goes on: its next page, where it stands on several.
//!
//! A family's own pager is believed first (TRS writes `createPageHTML(3, 0, …)` into the article). Else a link counts
//! that says 下一页 or the next number *and* whose address is this page's own with the next number in it (`123_2.html`
//! after `123.html`, `?page=2`). Neither sign is enough alone: 下一页 may lead to the next article, and a number in an
//! address may be an id.

use url::Url;

use crate::extract::listing::pager::{self, Step, View};
use crate::extract::profile::Pager;

/// Pages of one article at most; a number beyond is an id, or a trap.
pub const MOST_PAGES: u32 = 20;
/// Query parameters that number pages.
const PAGE_KEYS: &[&str] = &["page", "p", "pn", "pageno", "page_no", "pagenum", "pageindex", "currentpage", "curpage"];
/// What pagers print around a number or a word.
const BRACKETS: &[char] = &['[', ']', '【', '】', '(', ')', '（', '）', '<', '>', '«', '»', '›', '《', '》', '→'];

/// The next page of the article on this page.
pub(crate) fn next(view: View<'_, '_>, pager: Option<&Pager>) -> Option<Url> {
    match pager.map(|pager| pager::step(view, pager)) {
        Some(Step::Next(url)) => Some(url),
        Some(Step::Last) => None,
        Some(Step::Unknown) | None => by_address(view),
    }
}

/// The link that is this page's address one further, and says so.
fn by_address(view: View<'_, '_>) -> Option<Url> {
    let own = view.page.url.as_ref()?;
    view.outline.entries().find_map(|(at, _)| {
        let element = view.outline.element(at).filter(|element| element.name() == "a")?;
        let next = view.resolve(element.attr("href")?)?;
        let numbers = follows(own, &next)?;
        says(&view.outline.text(at), numbers).then_some(next)
    })
}

/// Whether a link's words lead on: 下一页, or one of the numbers the next page can bear.
fn says(words: &str, numbers: [u32; 2]) -> bool {
    let core = words.trim_matches(|c: char| c.is_whitespace() || BRACKETS.contains(&c));
    let next = matches!(core, "下一页" | "下页" | "后一页" | "后页" | "下一頁");
    next || core.trim_matches(['第', '页', '頁', ' ']).parse().is_ok_and(|number: u32| numbers.contains(&number))
}

/// The numbers the next page can bear, where one address is the other with its page counted up by one.
fn follows(own: &Url, next: &Url) -> Option<[u32; 2]> {
    if own.origin() != next.origin() {
        return None;
    }
    if own.path() == next.path() {
        let (rest, number) = numbered_query(next);
        let (own_rest, own_number) = numbered_query(own);
        let (number, from) = (number?, own_number.unwrap_or(1));
        return (rest == own_rest && number == from + 1 && number <= MOST_PAGES).then_some([number, number]);
    }
    let ((folder, stem, ext), (next_folder, next_stem, next_ext)) = (file(own)?, file(next)?);
    if (folder, ext, own.query()) != (next_folder, next_ext, next.query()) {
        return None;
    }
    let (base, separator, number) = counted(next_stem)?;
    if stem == base {
        // Page two is `_2`, or `_1` where files count from zero.
        return (1..=2).contains(&number).then_some([2, 2]);
    }
    let (own_base, own_separator, from) = counted(stem)?;
    let on = own_base == base && own_separator == separator && from >= 1 && number == from + 1;
    on.then_some([number, number + 1])
}

/// The query without its page number, and the number.
fn numbered_query(url: &Url) -> (Vec<(String, String)>, Option<u32>) {
    let mut number = None;
    let rest = url.query_pairs().into_owned().filter(|(key, value)| {
        let page = PAGE_KEYS.contains(&key.to_ascii_lowercase().as_str());
        number = number.or_else(|| value.parse().ok().filter(|_| page));
        !page
    });
    (rest.collect(), number)
}

/// Folder, stem and ending of a file's path.
fn file(url: &Url) -> Option<(&str, &str, &str)> {
    let (folder, file) = url.path().rsplit_once('/')?;
    let (stem, ext) = file.rsplit_once('.').unwrap_or((file, ""));
    (!stem.is_empty()).then_some((folder, stem, ext))
}

/// A stem that ends in a page number: what stands before, the separator, the number.
fn counted(stem: &str) -> Option<(&str, char, u32)> {
    let at = stem.rfind(['_', '-'])?;
    let (base, tail) = stem.split_at_checked(at)?;
    let separator = tail.chars().next()?;
    let digits = tail.get(separator.len_utf8()..)?;
    let number = digits.parse().ok().filter(|number| *number <= MOST_PAGES && !digits.starts_with('0'))?;
    (!base.is_empty()).then_some((base, separator, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_next_page_is_the_own_address_counted_up() {
        let url = |path: &str| Url::parse("http://www.yl.example").unwrap().join(path).unwrap();
        for (own, next, want) in [
            ("/a/xw/2023/0606/123.html", "/a/xw/2023/0606/123_2.html", Some([2, 2])),
            ("/a/xw/2023/0606/123_2.html", "/a/xw/2023/0606/123_3.html", Some([3, 4])),
            ("/info/1038/3204.htm", "/info/1038/3204_1.htm", Some([2, 2])),
            ("/info/1038/3204_1.htm", "/info/1038/3204_2.htm", Some([2, 3])),
            ("/show-10-99-1.html", "/show-10-99-2.html", Some([2, 3])),
            ("/view.php?id=5", "/view.php?id=5&page=2", Some([2, 2])),
            ("/view.php?id=5&page=2", "/view.php?id=5&page=3", Some([3, 3])),
            // Another article, another page, another place.
            ("/view.php?id=5", "/view.php?id=6&page=2", None),
            ("/info/1038/3204.htm", "/info/1038/3205.htm", None),
            ("/info/1038/3204.htm", "/info/1039/3204_1.htm", None),
            ("/news-3204.htm", "/news-3205.htm", None),
            ("/t20230606_5512.html", "/t20230606_5513.html", None),
            ("/123.html", "/123_3.html", None),
            ("/123_3.html", "/123_2.html", None),
            ("/123.html", "http://other.example/123_2.html", None),
        ] {
            assert_eq!(follows(&url(own), &url(next)), want, "{own} {next}");
        }
    }

    #[test]
    fn words_must_lead_on() {
        for (words, want) in [
            ("下一页", true),
            ("[2]", true),
            ("第2页", true),
            ("【下一页】", true),
            ("3", false),
            ("下一篇", false),
            ("尾页", false),
        ] {
            assert_eq!(says(words, [2, 2]), want, "{words}");
        }
    }
}
