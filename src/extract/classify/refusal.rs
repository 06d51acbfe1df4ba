//! Pages that answer 200 and are not what was asked for: challenges, captchas, login walls, soft 404s, unfilled templates.
//!
//! Recognised so that a crawl can stop or say so; never worked around (CMS facts, section 7). Words count only on
//! short pages: an article may well be about a page that does not exist.

use crate::domain::page::Page;
use crate::extract::dom::{self, outline::Outline};

/// A page with more visible characters than this says more than "no".
const SHORT: usize = 500;

/// A page with fewer visible characters than this says nothing.
const EMPTY: usize = 60;

/// Marks of bot defences: 瑞数 (`$_ts`), 加速乐, and interstitials of their kind.
const CHALLENGE: &[&str] = &[
    "$_ts=window",
    "$_ts.cd",
    "window['$_ts']",
    "__jsl_clearance",
    "_$jsvmp",
    "/_guard/auto.js",
    "cf-chl-",
    "acw_sc__v2",
];

/// Words of pages behind a login or a campus fence.
const LOGIN: &[&str] = &[
    "请在校内访问",
    "仅限校内访问",
    "仅限校内",
    "只允许校内",
    "校内资源",
    "您的IP不在允许范围",
    "IP不在允许",
    "IP地址不在",
    "无权访问",
    "没有权限访问",
    "没有访问权限",
    "统一身份认证",
    "请先登录",
    "请登录后",
    "登录后查看",
    "校外访问",
    "WebVPN",
    "webvpn",
];

/// Words of pages that are gone, though the status says otherwise.
const GONE: &[&str] = &[
    "页面不存在",
    "文章不存在",
    "内容不存在",
    "信息不存在",
    "该文章已删除",
    "文章已删除",
    "文章已被删除",
    "已被删除",
    "被发布者删除",
    "因违规无法查看",
    "页面找不到",
    "找不到页面",
    "找不到该页",
    "页面未找到",
    "未找到页面",
    "您访问的页面",
    "你访问的页面",
    "您要查看的页面",
    "您要访问的页面",
    "信息正在审核",
    "内容正在审核",
    "文章正在审核",
    "已下线",
    "404 Not Found",
    "Page Not Found",
    "page not found",
    "404错误",
    "404 错误",
    "网页不存在",
    "资源不存在",
    "栏目不存在",
    "已经过期或不存在",
];

/// Words of a download page that asks for a captcha (VSB `download.jsp`).
const CAPTCHA: &[&str] = &["验证码下载", "请输入验证码", "输入验证码"];

/// Placeholders of templates published by mistake.
const PLACEHOLDERS: &[&str] = &[
    "[文章标题]",
    "[发布时间]",
    "[文章内容]",
    "{标题}",
    "{内容}",
    "{发布时间}",
    "{短标题}",
    "{站点",
    "{文章标题}",
    "$cms.",
    "$content.",
    "$article.",
    "$!{",
    "#foreach(",
    "{{title}}",
    "{{item.",
    "${title}",
    "<%=",
    "{$title",
    "{pe:",
    "{dede:",
    "[!--title--]",
    "[!--newstext--]",
];

/// Why the page is not news, as a stable code; `None` where nothing speaks against it.
pub(super) fn why(page: &Page, outline: &Outline<'_>, title: Option<&str>) -> Option<&'static str> {
    let visible = Visible::new(outline);
    if visible.chars <= SHORT && is_challenge(page, visible.chars) {
        return Some("challenge");
    }
    let says = |words: &[&str]| {
        words.iter().any(|word| visible.text.contains(word) || title.is_some_and(|t| t.contains(word)))
    };
    if PLACEHOLDERS.iter().filter(|word| visible.text.contains(**word)).count() >= 2 {
        return Some("template");
    }
    if visible.chars > SHORT {
        return None;
    }
    if says(CAPTCHA) && has_code_image(page) {
        return Some("captcha");
    }
    if says(GONE) || title.is_some_and(|title| title.trim().starts_with("404")) {
        return Some("soft-404");
    }
    if says(LOGIN) || is_login_address(page) || (has_password(outline) && visible.chars <= SHORT) {
        return Some("login-wall");
    }
    let one_placeholder = visible.chars <= EMPTY && PLACEHOLDERS.iter().any(|word| visible.text.contains(word));
    one_placeholder.then_some("template")
}

/// The first visible text of a page and how much there is in all, links of menus left out.
struct Visible {
    text: String,
    chars: usize,
}

impl Visible {
    fn new(outline: &Outline<'_>) -> Self {
        let (mut text, mut chars) = (String::new(), 0);
        for piece in outline.all_texts() {
            let linked = outline.upward(piece.at).take(4).any(|at| outline.tag(at) == "a");
            if linked {
                continue;
            }
            chars += piece.text.chars().count();
            if text.len() < 16 * 1024 {
                text.push_str(&piece.text);
                text.push(' ');
            }
        }
        Self { text, chars }
    }
}

fn is_challenge(page: &Page, visible: usize) -> bool {
    let marked = CHALLENGE.iter().any(|mark| page.text.contains(mark));
    let refused = matches!(page.status, Some(412 | 521 | 202));
    marked || (refused && visible <= EMPTY && page.text.contains("<script"))
}

fn has_code_image(page: &Page) -> bool {
    ["codeimg", "createimage.jsp", "codeValue", "captcha", "验证码"].iter().any(|mark| page.text.contains(mark))
}

fn is_login_address(page: &Page) -> bool {
    page.url.as_ref().is_some_and(|url| {
        let path = url.path().to_ascii_lowercase();
        path.contains("/authserver/login")
            || path.contains("/cas/login")
            || url.host_str().is_some_and(|h| h.starts_with("webvpn"))
    })
}

fn has_password(outline: &Outline<'_>) -> bool {
    outline.entries().any(|(at, _)| {
        outline.element(at).is_some_and(|element| {
            element.name() == "input"
                && dom::attr(element, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("password"))
        })
    })
}
