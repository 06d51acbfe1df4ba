//! Links that could be headlines: where they lead, what they say.
//!
//! A link may hide its address in `onclick` (`checkXnwk('bmxw/1.htm')`), may be dead in a copy (`javascript:;`), and may be a
//! template that nobody filled in (`$cms.…`, `{{…}}`).

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use crate::domain::address;
use crate::extract::dom;
use crate::extract::dom::outline::Outline;

/// Links read off one page; a page with more is a trap.
pub(super) const MAX_LINKS: usize = 5_000;

/// An element that leads somewhere on a click is not larger than this many entries.
const MAX_CLICKED: usize = 60;

/// A headline is longer than a menu's word.
const MIN_HEADLINE: usize = 4;

/// A link with words.
#[derive(Debug)]
pub(super) struct Link<'a> {
    /// Its entry.
    pub(super) at: usize,
    /// Where it leads; `None` where it is dead, or relative on a page without an address.
    pub(super) url: Option<Url>,
    /// What tells it from other links: its address, or its place where it has none.
    pub(super) key: String,
    /// Its text in one line; empty for an image.
    pub(super) text: String,
    /// Its `title`, else its image's `alt`.
    pub(super) title: Option<&'a str>,
}

/// Words that are links everywhere and headlines nowhere.
const NOT_HEADLINES: &[&str] = &[
    "更多",
    "more",
    "详细",
    "详情",
    "查看详情",
    "查看更多",
    "阅读全文",
    "全文",
    "了解更多",
    "查看全部",
    "首页",
    "网站首页",
    "学校首页",
    "返回首页",
    "尾页",
    "末页",
    "上一页",
    "下一页",
    "上页",
    "下页",
    "返回",
    "返回顶部",
    "登录",
    "注册",
    "english",
    "加入收藏",
    "设为首页",
    "联系我们",
    "readmore",
    "learnmore",
    "viewmore",
    "next",
    "prev",
    "previous",
    "跳转",
    "回到顶部",
    "网站地图",
    "站内搜索",
];

/// A quoted path inside a script call.
static QUOTED_PATH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"['"]([^'"\s<>]*?(?:\.s?html?|\.jspx?|\.aspx?|\.php|\.psp|\.do|/)(?:[?#][^'"\s<>]*|[^'"\s<>]*))['"]"#)
        .ok()
});

/// All links of the page that could be headlines, in page order.
pub(super) fn collect<'a>(outline: &Outline<'a>, base: Option<&Url>, own: Option<&Url>) -> Vec<Link<'a>> {
    let own = own.map(address::normalise);
    let mut links = Vec::new();
    for (at, _) in outline.entries() {
        if links.len() == MAX_LINKS {
            break;
        }
        if let Some(link) = link(outline, at, base)
            && is_headline(&link)
            && !(link.url.is_none() && ends_trail(outline, at))
            && (own.is_none() || link.url.is_none() || link.url.as_ref().map(address::normalise) != own)
        {
            links.push(link);
        }
    }
    links
}

fn link<'a>(outline: &Outline<'a>, at: usize, base: Option<&Url>) -> Option<Link<'a>> {
    let element = outline.element(at)?;
    if element.attrs.is_empty() {
        return None;
    }
    let onclick = dom::attr(element, "onclick").and_then(quoted_path);
    let written = if element.name() == "a" {
        let href = dom::attr(element, "href").map(str::trim);
        if href.is_none() && dom::attr(element, "onclick").is_none() {
            return None;
        }
        match href {
            Some(href) if names_a_page(href) => Some(href),
            Some(href) => onclick.or_else(|| quoted_path(href.strip_prefix("javascript:")?)),
            None => onclick,
        }
    } else {
        // A whole page that answers to clicks is no link.
        outline.get(at).filter(|entry| entry.end - at <= MAX_CLICKED)?;
        Some(onclick?)
    };
    if written.is_some_and(is_foreign_scheme) {
        return None;
    }
    let url = written.and_then(|written| match base {
        Some(base) => address::resolve(base, written),
        None => Url::parse(written).ok().filter(|url| matches!(url.scheme(), "http" | "https")),
    });
    let key = match (&url, written) {
        (Some(url), _) => url.to_string(),
        (None, Some(written)) => written.to_owned(),
        (None, None) => format!("#{at}"),
    };
    let title = dom::attr(element, "title").map(str::trim).filter(|title| !title.is_empty());
    Some(Link { at, url, key, text: outline.text(at), title: title.or_else(|| image_alt(outline, at)) })
}

fn image_alt<'a>(outline: &Outline<'a>, at: usize) -> Option<&'a str> {
    let end = outline.get(at)?.end;
    (at..end)
        .filter_map(|inner| outline.element(inner))
        .filter(|element| element.name() == "img")
        .find_map(|image| dom::attr(image, "alt").or_else(|| dom::attr(image, "title")))
        .map(str::trim)
        .filter(|alt| alt.chars().count() >= MIN_HEADLINE && !alt.is_ascii())
}

/// Whether an `href` can be an address at all: not empty, not a fragment, not script, not an unfilled template.
pub(super) fn names_a_page(href: &str) -> bool {
    let scheme = href.get(..11).unwrap_or(href).to_ascii_lowercase();
    !(href.is_empty() || href.starts_with('#') || scheme.starts_with("javascript:") || href.contains(['$', '{', '<']))
}

fn is_foreign_scheme(href: &str) -> bool {
    let head = href.get(..7).unwrap_or(href).to_ascii_lowercase();
    ["mailto:", "tel:", "sms:", "data:", "ftp:"].iter().any(|scheme| head.starts_with(scheme))
}

fn quoted_path(script: &str) -> Option<&str> {
    let found = QUOTED_PATH.as_ref()?.captures(script)?.get(1)?.as_str();
    (names_a_page(found) && found != "/" && !found.starts_with("javascript")).then_some(found)
}

/// Whether a link stands beside 当前位置：, so that without an address it is the step the reader stands on.
fn ends_trail(outline: &Outline<'_>, at: usize) -> bool {
    outline.get(at).is_some_and(|entry| {
        // Twelve characters; the whole may be the page, once for every link on it.
        let beside = outline.start(entry.parent, 12 * 4);
        beside.chars().take(12).collect::<String>().contains("位置")
    })
}

/// Whether the words of a link could be a headline.
fn is_headline(link: &Link<'_>) -> bool {
    let words = if link.text.is_empty() { link.title.unwrap_or_default() } else { &link.text };
    let bare: String = words.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let long = bare.chars().count() >= MIN_HEADLINE || link.title.is_some_and(|t| t.chars().count() > MIN_HEADLINE);
    long && !NOT_HEADLINES.contains(&bare.as_str())
        && !bare.chars().all(|c| c.is_ascii_digit())
        && !is_category(words)
        && !is_template(words)
}

/// `[学院新闻]` before a headline names a column.
fn is_category(words: &str) -> bool {
    let words = words.trim();
    let pairs = [('[', ']'), ('【', '】'), ('［', '］'), ('(', ')'), ('（', '）')];
    pairs.iter().any(|(open, close)| {
        words
            .strip_prefix(*open)
            .and_then(|rest| rest.strip_suffix(*close))
            .is_some_and(|inside| inside.chars().count() <= 10 && !inside.contains([*open, *close]))
    })
}

/// Words of a template nobody filled in.
pub(super) fn is_template(words: &str) -> bool {
    ["{{", "${", "$cms", "[文章标题]", "{%", "<%"].iter().any(|mark| words.contains(mark))
}

/// Text compared without white space.
pub(super) fn squeezed(text: &str) -> String {
    dom::fold(text).chars().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(html: &str) -> Vec<Option<String>> {
        let doc = dom::parse(html);
        let outline = Outline::new(doc.root_element());
        let base = Url::parse("http://news.example.edu.cn/xwzx/list.htm").unwrap();
        collect(&outline, Some(&base), Some(&base))
            .into_iter()
            .map(|link| link.url.map(|url| url.path().to_owned()))
            .collect()
    }

    #[test]
    fn an_address_is_found_where_it_hides() {
        for (html, want) in [
            ("<a href=' ../info/1/2.htm '>学习教育动员会召开</a>", Some("/info/1/2.htm")),
            (
                "<a href='javascript:void(0);' onclick=\"checkXnwk('bmxw/1.htm','xw')\">学习教育动员会召开</a>",
                Some("/xwzx/bmxw/1.htm"),
            ),
            ("<a href=\"javascript:view('/a/1.shtml')\">学习教育动员会召开</a>", Some("/a/1.shtml")),
            ("<li onclick=\"window.open('../info/3/4.htm')\">学习教育动员会召开</li>", Some("/info/3/4.htm")),
            ("<a href='javascript:;'>学习教育动员会召开</a>", None),
            ("<a href=''>学习教育动员会召开</a>", None),
            ("<a href='$cms.getUrl($c)'>学习教育动员会召开</a>", None),
        ] {
            assert_eq!(urls(html), [want.map(str::to_owned)], "{html}");
        }
    }

    #[test]
    fn menus_and_templates_are_no_headlines() {
        for html in [
            "<a href='a.htm'>更多&gt;&gt;</a>",
            "<a href='a.htm'>[学院新闻]</a>",
            "<a href='a.htm'>{{item.title}}</a>",
            "<a href='a.htm'>12345</a>",
            "<a href='mailto:a@b.cn'>联系网站管理员</a>",
            "<a href='list.htm'>本栏目自己的链接</a>",
            "<a name='top'>只是一个锚点而已</a>",
        ] {
            assert_eq!(urls(html), [], "{html}");
        }
    }
}
