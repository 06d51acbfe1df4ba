//! A made-up college's news site, in the markup of one CMS family: a column that counts its pages down, and articles.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use crate::support::response::Response;
use crate::support::server::{Request, Server};

/// The site's host name; the server is asked under it.
pub(crate) const HOST: &str = "news.yunling.test";

/// Rows on a listing page.
pub(crate) const PER_PAGE: usize = 5;

/// What the site shows. Tests change it between runs.
#[derive(Debug, Clone, Default)]
pub(crate) struct College {
    /// Article numbers, newest first.
    pub(crate) articles: Vec<u32>,
    /// Rows that stay on top of every page, as they stand in the page.
    pub(crate) sticky: String,
    /// Paths answered with another status.
    pub(crate) status: BTreeMap<String, u16>,
    /// Paths answered with another page, under status 200.
    pub(crate) instead: BTreeMap<String, String>,
    /// Paths that lead elsewhere.
    pub(crate) moved: BTreeMap<String, String>,
    /// Articles whose text was edited.
    pub(crate) edited: BTreeSet<u32>,
    /// `robots.txt`; 404 where there is none.
    pub(crate) robots: Option<String>,
    /// Answers carry an `ETag` and heed it.
    pub(crate) etags: bool,
    /// Rows carry no date.
    pub(crate) undated: bool,
    /// Articles of another day than their number's.
    pub(crate) dated: BTreeMap<u32, String>,
}

/// A college that tests can change while it is served.
pub(crate) type Shared = Arc<Mutex<College>>;

impl College {
    /// A college with so many articles, numbered from 1, the oldest.
    pub(crate) fn with(articles: u32) -> Self {
        Self { articles: (1..=articles).rev().collect(), ..Self::default() }
    }

    /// Serves it.
    pub(crate) fn serve(self) -> (Shared, Server) {
        let shared = Arc::new(Mutex::new(self));
        let served = Arc::clone(&shared);
        (shared, Server::start(move |request| served.lock().unwrap().respond(request)))
    }

    /// What the server answers.
    pub(crate) fn respond(&self, request: &Request) -> Response {
        let path = request.path();
        if let Some(&status) = self.status.get(path) {
            return Response::status(status);
        }
        if let Some(target) = self.moved.get(path) {
            return Response::redirect(target);
        }
        let body = match path {
            "/robots.txt" => {
                return self
                    .robots
                    .as_ref()
                    .map_or_else(|| Response::status(404), |rules| Response::text(rules.as_str()));
            }
            "/xwzx.htm" => Some(self.listing(self.pages())),
            _ => self.instead.get(path).cloned().or_else(|| self.numbered(path)),
        };
        let Some(body) = body else { return Response::status(404) };
        if !self.etags {
            return Response::html(body);
        }
        let etag = format!("\"{:x}\"", body.bytes().fold(7_u64, |h, b| h.wrapping_mul(31).wrapping_add(b.into())));
        if request.header("if-none-match") == Some(etag.as_str()) {
            return Response::not_modified().header("ETag", etag);
        }
        Response::html(body).header("ETag", etag)
    }

    fn numbered(&self, path: &str) -> Option<String> {
        let number = |prefix: &str| path.strip_prefix(prefix)?.strip_suffix(".htm")?.parse::<u32>().ok();
        if let Some(page) = number("/xwzx/") {
            let page = usize::try_from(page).unwrap();
            return (1..self.pages()).contains(&page).then(|| self.listing(page));
        }
        let id = number("/info/1001/")?;
        self.articles.contains(&id).then(|| self.article(id))
    }

    fn pages(&self) -> usize {
        self.articles.len().div_ceil(PER_PAGE).max(1)
    }

    /// The listing page with this number: the highest is the first, as the family counts.
    fn listing(&self, number: usize) -> String {
        let pages = self.pages();
        let base = if number == pages { "" } else { "../" };
        let mut rows = self.sticky.clone();
        let shown = self.articles.iter().skip((pages - number) * PER_PAGE).take(PER_PAGE);
        for (row, id) in shown.enumerate() {
            let date = if self.undated { String::new() } else { format!("<span>{}</span>", self.date(*id)) };
            writeln!(
                rows,
                "<li id=\"line_u8_{row}\"><a href=\"{base}info/1001/{id}.htm\" target=\"_blank\" title=\"{title}\">{title}</a>{date}</li>",
                title = title(*id),
            )
            .unwrap();
        }
        let next = if number > 1 {
            let folder = if number == pages { "xwzx/" } else { "" };
            format!("<span class=\"p_next p_fun\"><a href=\"{folder}{}.htm\">下页</a></span>", number - 1)
        } else {
            "<span class=\"p_next_d p_fun_d\">下页</span>".to_owned()
        };
        format!(
            "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>学院新闻-云岭理工大学新闻网</title>\
             <!--Announced by Visual SiteBuilder 9--><link rel=\"stylesheet\" href=\"/_sitegray/_sitegray_d.css\"></head>\
             <body><div class=\"list\"><ul>\n{rows}</ul><div class=\"pb_sys_common pb_sys_normal\">\
             <span class=\"p_t\">共{count}条</span>{next}</div></div></body></html>",
            count = self.articles.len(),
        )
    }

    /// An article's page.
    pub(crate) fn article(&self, id: u32) -> String {
        let edit = if self.edited.contains(&id) { "（本文已更正）" } else { "" };
        format!(
            "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{title}-云岭理工大学新闻网</title>\
             <meta name=\"pageType\" content=\"3\"><meta name=\"pageTitle\" content=\"{title}\">\
             <!--Announced by Visual SiteBuilder 9--><link rel=\"stylesheet\" href=\"/_sitegray/_sitegray_d.css\"></head>\
             <body><form name=\"_newscontent_fromname\"><div class=\"title\"><h1>{title}</h1></div>\
             <div class=\"info\"><span>来源：党委宣传部</span><span>作者：苏岚</span><span>发布时间：{date} 09:30</span></div>\
             <div id=\"vsb_content\"><div class=\"v_news_content\">\
             <p>云岭理工大学第{id}次主题教育读书班在学术报告厅举行，各学院师生代表参加了学习。{edit}</p>\
             <p>会议指出，要把学习成果转化为服务师生、推动发展的实际行动，切实解决师生关心的问题。</p>\
             <p>与会人员围绕专题进行了深入交流，并结合本单位工作谈了体会和打算，会议取得了预期效果。</p>\
             </div></div></form></body></html>",
            title = title(id),
            date = self.date(id),
        )
    }

    fn date(&self, id: u32) -> String {
        self.dated.get(&id).cloned().unwrap_or_else(|| date(id))
    }
}

/// An article's headline.
pub(crate) fn title(id: u32) -> String {
    format!("我校举办第{id}次主题教育读书班")
}

/// An article's day: the larger the number the later.
pub(crate) fn date(id: u32) -> String {
    format!("2023-{:02}-{:02}", 1 + id / 28, 1 + id % 28)
}

/// An article's path.
pub(crate) fn path(id: u32) -> String {
    format!("/info/1001/{id}.htm")
}
