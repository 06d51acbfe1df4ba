//! A made-up site whose articles stand on several pages, in TRS's markup: page two of `t20230606_1.html` is
//! `t20230606_1_1.html`, and only a script says how many there are.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use crate::support::response::Response;
use crate::support::server::{Request, Server};

/// What the site shows. Tests change it between runs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Serial {
    /// Articles by number: the paragraph of each page.
    pub(crate) articles: BTreeMap<u32, Vec<String>>,
    /// Paths answered with another status.
    pub(crate) status: BTreeMap<String, u16>,
    /// Paths that lead elsewhere.
    pub(crate) moved: BTreeMap<String, String>,
    /// A mark in every page that readers do not see, so that the payload changes and the text does not.
    pub(crate) mark: String,
}

/// A site that tests can change while it is served.
pub(crate) type Shared = Arc<Mutex<Serial>>;

/// Path of an article's page, from 0.
pub(crate) fn part(id: u32, page: usize) -> String {
    if page == 0 { format!("/xw/t20230606_{id}.html") } else { format!("/xw/t20230606_{id}_{page}.html") }
}

/// What a page of an article says.
pub(crate) fn says(id: u32, page: usize) -> String {
    format!(
        "湿地观测第{id}篇连载的第{page}段，观测队员在晨雾里记下水位、风向与候鸟的种类，并与去年同期的数据逐项比对，写进了当天的日志。"
    )
}

impl Serial {
    /// Articles of so many pages each, numbered from 1.
    pub(crate) fn with(pages: &[usize]) -> Self {
        let text = |id, count| (0..count).map(|page| says(id, page)).collect();
        let articles = (1..).zip(pages).map(|(id, count)| (id, text(id, *count))).collect();
        Self { articles, ..Self::default() }
    }

    /// Serves it.
    pub(crate) fn serve(self) -> (Shared, Server) {
        let shared = Arc::new(Mutex::new(self));
        let served = Arc::clone(&shared);
        (shared, Server::start(move |request| served.lock().unwrap().respond(request)))
    }

    fn respond(&self, request: &Request) -> Response {
        let path = request.path();
        if let Some(status) = self.status.get(path) {
            return Response::status(*status);
        }
        if let Some(target) = self.moved.get(path) {
            return Response::redirect(target);
        }
        let body = if path == "/xw/index.html" { Some(self.listing()) } else { self.page(path) };
        let Some(body) = body else { return Response::status(404) };
        let etag = format!("\"{:x}\"", body.bytes().fold(7_u64, |h, b| h.wrapping_mul(31).wrapping_add(b.into())));
        if request.header("if-none-match") == Some(etag.as_str()) {
            return Response::not_modified().header("ETag", etag);
        }
        Response::html(body).header("ETag", etag)
    }

    fn listing(&self) -> String {
        let mut rows = String::new();
        // Rows that lead to another host are listed and not asked for.
        for n in 1..=4 {
            let href = format!("http://paper.donghu.test/{n}.html");
            write!(
                rows,
                "<li><span>2023-06-0{n}</span><a href=\"{href}\" title=\"他校报道第{n}则\">他校报道第{n}则</a></li>"
            )
            .unwrap();
        }
        for id in self.articles.keys() {
            let href = part(*id, 0);
            write!(
                rows,
                "<li><span>2023-06-06</span><a href=\"{href}\" title=\"湿地连载第{id}篇\">湿地连载第{id}篇</a></li>"
            )
            .unwrap();
        }
        format!(
            "<html><head><title>连载-云岭生态报</title></head><body><div class=\"list\"><ul>{rows}</ul></div>\
            <script>createPageHTML(1, 0, \"index\", \"html\");</script></body></html>"
        )
    }

    fn page(&self, path: &str) -> Option<String> {
        let (id, text, number) = self.articles.iter().find_map(|(id, pages)| {
            let number = (0..pages.len()).find(|page| part(*id, *page) == path)?;
            Some((id, pages.get(number)?, number))
        })?;
        let count = self.articles[id].len();
        Some(format!(
            "<html><head><title>湿地连载第{id}篇</title></head><body><!-- {mark} --><h1>湿地连载第{id}篇</h1>\
             <p>来源：云岭生态报 2023-06-06</p><div class=\"TRS_Editor\"><p>{text}</p></div>\
             <script>createPageHTML({count}, {number}, \"t20230606_{id}\", \"html\");</script></body></html>",
            mark = self.mark,
        ))
    }
}
