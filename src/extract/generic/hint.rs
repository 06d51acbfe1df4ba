//! What class names and ids say of an element. Hints only: they weigh, they never decide alone.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use html5ever::local_name;
use scraper::node::Element;

use crate::extract::dom;

/// Parts of names that mark page furniture.
const ASIDE: &[&str] = &[
    "comment",
    "pinglun",
    "footer",
    "copyright",
    "related",
    "relate-",
    "recommend",
    "sidebar",
    "side-bar",
    "breadcrumb",
    "crumb",
    "bdshare",
    "share-",
    "-share",
    "sharebox",
    "toolbar",
    "advert",
    "login",
    "hotnews",
    "hot-news",
    "hot_news",
    "pagination",
    "prevnext",
    "prev-next",
    "pre_next",
    "qrcode",
    "navbar",
    "submenu",
    "friendlink",
    "tag-list",
    "taglist",
    "disclaimer",
    "newslist",
    "news-list",
    "list-news",
    "xgxw",
    "xgyd",
    "tuijian",
    "subscribe",
    "feedback",
    "jubao",
    "appdown",
    "download-app",
    "video-js",
    "vjs-",
    "videoplayer",
    "video-player",
    "player-",
    "guess",
    "rankbox",
    "rank-list",
    "ranklist",
    "hotlist",
    "hot-list",
    "paper_num",
    "edit-cs",
];
/// Whole names that mark page furniture. `left`, `right`, `list`, `top` are not among them: templates call main columns so.
const ASIDE_WORDS: &[&str] = &[
    "nav", "foot", "side", "aside", "ad", "ads", "gg", "rel", "relate", "tags", "tool", "tools", "vote", "digg",
    "share", "menu", "banner", "rank", "pager", "pages", "catalog", "toc", "links", "bottom",
];
/// Parts of names that mark the text whatever else the name says.
const STRONG: &[&str] = &[
    "article-content",
    "article_content",
    "artibody",
    "articlebody",
    "article-body",
    "content-article",
    "maincontent",
    "main-content",
];
/// Names that by convention hold the text and nothing else.
const BODY: &[&str] = &[
    "article-content",
    "article_content",
    "articlecontent",
    "artibody",
    "articlebody",
    "article-body",
    "article_body",
    "post_body",
    "post_text",
    "rich_media_content",
    "js_content",
    "trs_editor",
    "wp_articlecontent",
    "v_news_content",
    "entry-content",
    "news_content",
    "news-content",
    "newscontent",
    "rm_txt_con",
    "content_area",
    "main_text",
    "maintext",
    "art_content",
    "article-text",
    "article_text",
    "detail-content",
    "detail_content",
    "contenttxt",
    "content-txt",
    "zoom",
    "ozoom",
    "cont_text",
    "text_content",
    "news_txt",
    "article-con",
    "the_content",
    "article__content",
];

fn names(element: &Element) -> impl Iterator<Item = &str> {
    let named = |name| dom::attr_of(element, name).into_iter();
    named(&local_name!("class")).chain(named(&local_name!("id"))).flat_map(str::split_whitespace)
}

/// All of [`ASIDE`], looked for at once, and whatever their case: this is asked of every element of a page.
static ASIDE_MARKS: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(ASIDE).ok());
static STRONG_MARKS: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(STRONG).ok());

/// Whether an element is called something that is not the text.
pub(crate) fn is_aside(element: &Element) -> bool {
    if matches!(element.name(), "nav" | "aside" | "footer") {
        return true;
    }
    let holds = |marks: &Option<AhoCorasick>, name: &str| marks.as_ref().is_some_and(|marks| marks.is_match(name));
    names(element)
        .any(|name| (holds(&ASIDE_MARKS, name) || is_one_of(name, ASIDE_WORDS)) && !holds(&STRONG_MARKS, name))
}

/// Names that by convention hold the text and nothing else.
pub(crate) fn is_body(element: &Element) -> bool {
    dom::attr(element, "itemprop").is_some_and(|prop| prop.eq_ignore_ascii_case("articleBody"))
        || names(element).any(|name| is_one_of(name, BODY))
}

fn is_one_of(name: &str, words: &[&str]) -> bool {
    words.iter().any(|word| name.eq_ignore_ascii_case(word))
}
