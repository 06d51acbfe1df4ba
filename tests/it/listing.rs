//! Listings in the markup of real systems, with invented news: rows of the main column, whole headlines, days, next page.

use std::fmt::Write as _;

use shiguan::decode;
use shiguan::domain::record::{Listing, Record};
use shiguan::domain::time::Date;
use shiguan::extract::{self, Catalogue, Hints};
use url::Url;

/// What a page is read as, captured on 2023-06-07.
fn record(url: &str, html: &str) -> Record {
    let url = Url::parse(url).unwrap();
    let hints =
        decode::Hints { url: Some(&url), content_type: Some("text/html; charset=utf-8"), ..decode::Hints::default() };
    let page = decode::decode(html.as_bytes(), &hints, Date::new(2023, 6, 7).unwrap());
    extract::extract(&page, &Catalogue::load(&[]).unwrap(), &Hints::default()).record
}

fn listing(url: &str, html: &str) -> Listing {
    let record = record(url, html);
    assert_eq!((record.kind(), record.warnings()), ("listing", &[][..]), "{url}");
    record.listing().unwrap().clone()
}

/// `path|title|day` of every row, `-` for what is missing.
fn rows(listing: &Listing) -> Vec<String> {
    let row = |item: &shiguan::domain::record::ListingItem| {
        let path = item.url.as_ref().map_or("-".to_owned(), |url| match url.host_str() {
            Some("news.example.edu.cn") => url[url::Position::BeforePath..].to_owned(),
            _ => url.to_string(),
        });
        format!("{path}|{}|{}", item.title, item.date.map_or("-".to_owned(), |day| day.to_string()))
    };
    listing.items.iter().map(row).collect()
}

fn next(listing: &Listing) -> Option<String> {
    listing.next.as_ref().map(|url| url[url::Position::BeforePath..].to_owned())
}

/// A page around a main column: a menu, a sidebar of the same markup, a footer.
fn around(main: &str) -> String {
    format!(
        "<!DOCTYPE html><html><head><title>学院新闻-云岭理工大学地学院</title></head><body>\
         <div class='header'><ul class='nav'><li><a href='/index.htm'>网站首页</a></li><li><a href='/xygk.htm'>学院概况</a></li>\
         <li><a href='/szdw.htm'>师资队伍建设</a></li><li><a href='/djgz.htm'>党的建设工作</a></li></ul></div>\
         <div class='content'><div class='left'><h3>推荐阅读</h3><ul><li><a href='/info/9/901.htm'>东湖师范大学来我院调研交流</a></li>\
         <li><a href='/info/9/902.htm'>学院召开年度工作总结大会</a></li><li><a href='/info/9/903.htm'>学院教师获省级教学成果奖</a></li></ul></div>\
         <div class='right'><div class='position'>当前位置：<a href='/index.htm'>网站首页</a> &gt;&gt; <a href='/xwzx.htm'>新闻中心</a></div>{main}</div></div>\
         <div class='footer'><a href='http://www.example.edu.cn/'>云岭理工大学主页</a> 版权所有 2019-2023</div></body></html>"
    )
}

/// Rows `1..=n` with a template of `{n}`; headlines differ.
fn repeat(n: usize, template: &str) -> String {
    (1..=n).fold(String::new(), |mut all, i| {
        write!(all, "{}", template.replace("{n}", &i.to_string())).unwrap();
        all
    })
}

const LIST: &str = "http://news.example.edu.cn/xwzx/xyxw.htm";

#[test]
fn every_row_markup_gives_headline_and_day() {
    let titled = |n: usize| format!("/info/1/{n}.htm|学院召开第{n}次学习教育推进会|2023-05-1{n}");
    let want: Vec<String> = (1..=4).map(titled).collect();
    let link = "<a href='../info/1/{n}.htm'>学院召开第{n}次学习教育推进会</a>";
    for (what, before, row, after) in [
        ("date behind", "<ul>", "<li>LINK<span>2023-05-1{n}</span></li>", "</ul>"),
        ("date before", "<ul>", "<li><font>[2023/05/1{n}]</font><div>LINK</div></li>", "</ul>"),
        ("unclosed li", "<ul>", "<li>LINK<em>2023.05.1{n}</em>", "</ul>"),
        (
            "day box",
            "<div>",
            "<div class='it'><div class='d'><b>1{n}</b><i>2023-05</i></div><p>LINK</p></div>",
            "</div>",
        ),
        (
            "year box last",
            "<div>",
            "<div class='it'><span>05/1{n}</span><span>2023</span><h4>LINK</h4><p>会议于2022年1月1日开始筹备，各支部参加。</p></div>",
            "</div>",
        ),
        (
            "table row",
            "<table>",
            "<tr><td><img src='d.gif'></td><td>LINK</td><td>2023年05月1{n}日</td></tr><tr><td colspan=3></td></tr>",
            "</table>",
        ),
        ("table a row", "<div>", "<table class='t'><tr><td>·LINK</td><td>(2023-05-1{n})</td></tr></table>", "</div>"),
        ("dl", "<dl>", "<dt>LINK</dt><dd>2023-05-1{n}</dd>", "</dl>"),
        ("flat, after", "<div class='txt'>", "LINK <span>2023-05-1{n}</span><br>", "</div>"),
        ("flat, before", "<div class='txt'>", "<span>2023-05-1{n}</span> LINK<br>", "</div>"),
        ("category", "<ul>", "<li><a href='/xyxw.htm'>[学院新闻]</a>LINK<span>2023-05-1{n}</span></li>", "</ul>"),
        ("label", "<ul>", "<li>LINK<p>发布时间：2023-05-1{n} 08:30:00　浏览次数：12</p></li>", "</ul>"),
        (
            "link around all",
            "<ul>",
            "<li><a href='../info/1/{n}.htm'><span>2023-05-1{n}</span><h3>学院召开第{n}次学习教育推进会</h3><p>五月，学院召开会议，对学习教育作出安排。</p></a></li>",
            "</ul>",
        ),
        (
            "picture and more",
            "<ul>",
            "<li><a href='../info/1/{n}.htm'><img src='{n}.jpg'></a>LINK<p>2023-05-1{n}</p><a href='../info/1/{n}.htm'>查看详情</a></li>",
            "</ul>",
        ),
        ("english month", "<ul>", "<li><b>1{n}</b><i>May 2023</i>LINK</li>", "</ul>"),
        (
            "row on click",
            "<ul>",
            "<li onclick=\"window.open('../info/1/{n}.htm')\"><p>学院召开第{n}次学习教育推进会</p><span>2023-05-1{n}</span></li>",
            "</ul>",
        ),
    ] {
        let html = around(&format!(
            "{before}{}{after}<div class='fy'>共30条 1/3 <a href='xyxw/2.htm'>下页</a> <a href='xyxw/1.htm'>尾页</a></div>",
            repeat(4, &row.replace("LINK", link))
        ));
        assert_eq!(rows(&listing(LIST, &html)), want, "{what}");
        assert_eq!(next(&listing(LIST, &html)).as_deref(), Some("/xwzx/xyxw/2.htm"), "{what}");
    }
}

#[test]
fn without_a_pager_the_dated_column_is_the_main_one() {
    let html = around(&format!(
        "<ul class='list'>{}</ul>",
        repeat(6, "<li><a href='../info/1/{n}.htm'>学院召开第{n}次推进会</a><span>05-0{n}</span></li>")
    ));
    let listing = listing("http://news.example.edu.cn/xwzx/tz/", &html);
    assert_eq!(listing.items.len(), 6);
    assert_eq!(listing.items[0].date.unwrap().to_string(), "2023-05-01");
    assert_eq!(listing.next, None);
}

#[test]
fn dead_rows_hidden_rows_and_comments() {
    let html = around(
        "<ul><li><a href='javascript:;' title='学院召开专题学习会暨工作推进会'>学院召开专题学习会…</a> 2023-05-01</li>\
         <li style='display: none'><a href='/info/1/2.htm'>隐藏的新闻不应出现</a> 2023-05-02</li>\
         <!-- <li><a href='/info/1/3.htm'>注释里的新闻不应出现</a> 2023-05-03</li> -->\
         <li><a href='/info/1/4.htm' title='点击打开'>支部举行主题党日活动</a> 2023-05-04</li>\
         <li><a href='https://mp.weixin.qq.com/s/abc'>公众号推送：毕业季</a> 2023-05-05</li></ul>\
         <div>共3条 1/1 首页 上页 下页 尾页</div>",
    );
    let listing = listing(LIST, &html);
    assert_eq!(
        rows(&listing),
        [
            "-|学院召开专题学习会暨工作推进会|2023-05-01",
            "/info/1/4.htm|支部举行主题党日活动|2023-05-04",
            "https://mp.weixin.qq.com/s/abc|公众号推送：毕业季|2023-05-05",
        ]
    );
    assert_eq!(listing.next, None);
}

#[test]
fn a_list_cut_into_several_is_one() {
    let part = |from: usize| {
        let row = "<li><a href='/info/FROM/{n}.htm'>学院第{n}党支部开展学习活动</a><span>2023-05-01</span></li>";
        format!("<ul class='l'>{}</ul><hr>", repeat(3, &row.replace("FROM", &from.to_string())))
    };
    let html = around(&format!("<div>{}{}{}</div><div><a href='?page=2'>下一页</a></div>", part(1), part(4), part(7)));
    assert_eq!(listing(LIST, &html).items.len(), 9);
}

#[test]
fn a_home_page_of_blocks_is_a_listing_in_page_order() {
    let block = |name: &str, from: usize| {
        let rows = repeat(
            4,
            &format!(
                "<li><a href='info/{from}/{{n}}.htm'>{name}第{{n}}期学习活动顺利举行</a><span>05-0{{n}}</span></li>"
            ),
        );
        format!("<div class='block'><h2>{name}<a href='{from}.htm'>更多&gt;&gt;</a></h2><ul>{rows}</ul></div>")
    };
    let html = format!(
        "<html><head><title>云岭理工大学</title></head><body><div class='nav'><a href='xygk.htm'>学院概况</a><a href='szdw.htm'>师资队伍</a></div>{}{}{}</body></html>",
        block("学院新闻", 10),
        block("通知公告", 20),
        block("党建动态", 30)
    );
    let listing = listing("http://news.example.edu.cn/", &html);
    let paths: Vec<String> = listing.items.iter().map(|item| item.url.as_ref().unwrap().path().to_owned()).collect();
    assert_eq!(paths.len(), 12);
    assert_eq!((paths[0].as_str(), paths[11].as_str()), ("/info/10/1.htm", "/info/30/4.htm"));
    assert_eq!(listing.next, None);
}

const VSB: &str = "<!--Announced by Visual SiteBuilder 9--><script src='/system/resource/js/a.js'></script>";
const TRS: &str = "<div class='TRS_Editor'></div>";
const WEBPLUS: &str = "<link href='/_css/_system/system.css'>";

/// (address, family mark, pager, next page).
const PAGERS: &[(&str, &str, &str, Option<&str>)] = &[
    ("/xw/a.htm", "", "<a href='a_2.htm'>下一页</a><a href='a_9.htm'>尾页</a>", Some("/xw/a_2.htm")),
    ("/xw/a.htm", "", "<a href='javascript:void(0)' class='next'>&gt;</a>共5条", None),
    ("/xw/a_2.htm", "", "<a href='a_1.htm'>上一页</a><a href='a_2.htm'>下一页</a>", None),
    ("/xw/a.htm", "", "<a href='$cms.next($p)'>下一页</a>", None),
    ("/xw/a.htm", "", "<a href='{next}'>下一页</a>", None),
    ("/xw/a.htm", "", "<div class='pagination'><a class='next' href='?page=2'>›</a></div>", Some("/xw/a.htm?page=2")),
    (
        "/xw/a.htm",
        "",
        "<div class='pages'><span class='current'>2</span><a href='3.htm'>3</a><a href='4.htm'>4</a></div>",
        Some("/xw/3.htm"),
    ),
    (
        "/xw/a.htm",
        "",
        "<div class='pages'><a href='1.htm'>1</a><a href='2.htm' class='on'>2</a><a href='3.htm'>3</a></div>",
        Some("/xw/3.htm"),
    ),
    ("/xw/a.htm", "", "上一篇：<a href='/info/1/8.htm'>某文</a> 下一篇：<a href='/info/1/9.htm'>某文</a> 共5条", None),
    (
        "/xw/xyxw.htm",
        VSB,
        "<td id='fanye1'>共89条&nbsp;&nbsp;1/9&nbsp;</td><a class='Next' href='javascript:;'>下页</a><a class='Next' href='xyxw/1.htm'>尾页</a>",
        Some("/xw/xyxw/8.htm"),
    ),
    (
        "/xw/xyxw/8.htm",
        VSB,
        "<td id='fanye1'>共89条&nbsp;&nbsp;2/9&nbsp;</td><a class='Next' href='7.htm'>下页</a><a class='Next' href='1.htm'>尾页</a>",
        Some("/xw/xyxw/7.htm"),
    ),
    (
        "/xw/xyxw/1.htm",
        VSB,
        "<td id='fanye1'>共89条&nbsp;&nbsp;9/9&nbsp;</td><span class='NextDisabled'>下页</span>",
        None,
    ),
    (
        "/xw/xyxw.htm",
        VSB,
        "<div class='pb_sys_common'><span class='p_t'>共89条</span><span class='p_pages'><span class='p_next p_fun'><a href='xyxw/8.htm'>下页</a></span><span class='p_last p_fun'><a href='xyxw/1.htm'>尾页</a></span></span></div>",
        Some("/xw/xyxw/8.htm"),
    ),
    ("/xw/", TRS, "<script>createPageHTML(12, 0, \"index\", \"html\");</script>", Some("/xw/index_1.html")),
    ("/xw/index_3.html", TRS, "<script>createPageHTML(12, 3, 'index', 'html');</script>", Some("/xw/index_4.html")),
    ("/xw/index_11.html", TRS, "<script>createPageHTML(12, 11, 'index', 'html');</script>", None),
    (
        "/xw/index.html",
        TRS,
        "<script>var countPage = 2//共多少页\nvar currentPage = 0;</script>",
        Some("/xw/index_1.html"),
    ),
    ("/xw/index_1.html", TRS, "<script>var currentPage = 1;//从0开始\nvar countPage = 2</script>", None),
    (
        "/12/list.htm",
        WEBPLUS,
        "<ul class='wp_paging'><a class='next' href='/12/list2.htm'><span>下一页&gt;&gt;</span></a></ul>",
        Some("/12/list2.htm"),
    ),
    ("/12/list.htm", WEBPLUS, "<em class=\"all_pages\">9</em>", Some("/12/list2.htm")),
    (
        "/12/list9.htm",
        WEBPLUS,
        "<a class='next' href='javascript:void(0);'>下一页</a><em class='all_pages'>9</em>",
        None,
    ),
];

#[test]
fn every_pager_finds_the_next_page_and_knows_the_last() {
    let rows =
        repeat(5, "<li><a href='/info/1/{n}.htm'>学院召开第{n}次学习教育推进会</a><span>2023-05-1{n}</span></li>");
    for (url, mark, pager, want) in PAGERS {
        let html = around(&format!("{mark}<ul>{rows}</ul><div>{pager}</div>"));
        let listing = listing(&format!("http://news.example.edu.cn{url}"), &html);
        assert_eq!(listing.items.len(), 5, "{url} {pager}");
        assert_eq!(next(&listing).as_deref(), *want, "{url} {pager}");
    }
}

#[test]
fn a_data_store_in_a_script_holds_the_rows() {
    let records = repeat(
        3,
        "<record><![CDATA[<li><a href='/art/2023/5/1{n}/art_19_10{n}.html' title='学院召开第{n}次推进会暨动员会'>学院召开第{n}次…</a><span>2023-05-1{n}</span></li>]]></record>",
    );
    let html = format!(
        "<html><head><meta name='Generator' content='大汉版通'></head><body><div id='19'><script type='text/xml'><datastore><recordset>{records}</recordset></datastore></script></div></body></html>"
    );
    let listing = listing("http://news.example.edu.cn/col/col19/index.html", &html);
    assert_eq!(listing.family, "hanweb");
    assert_eq!(rows(&listing)[0], "/art/2023/5/11/art_19_101.html|学院召开第1次推进会暨动员会|2023-05-11");
    assert_eq!(listing.items.len(), 3);
}

#[test]
fn pages_that_refuse_say_why() {
    for (why, url, html) in [
        ("soft-404", "/info/1/2.htm", "<title>提示</title><body><p>您访问的页面不存在或已被删除</p></body>"),
        (
            "campus-only",
            "/info/1/2.htm",
            "<title>提示</title><body><p>该信息仅限校内访问，您的IP不在允许范围内。</p></body>",
        ),
        ("blocked", "/info/1/2.htm", "<title>提示</title><body><p>您的访问已被防火墙拦截</p></body>"),
        ("redirect", "/", "<html><head><meta http-equiv=refresh content='0;url=xwzx/index.htm'></head></html>"),
        ("no-news", "/xwzx.htm", "<title>新闻</title><body><ul></ul><p>暂无内容</p></body>"),
        ("login-wall", "/authserver/login?service=x", "<body><form><input name=u><input type=password></form></body>"),
        (
            "challenge",
            "/",
            "<html><head><meta id='9' content='x' r='m'><script>$_ts=window['$_ts'];</script></head><body></body></html>",
        ),
        (
            "captcha",
            "/system/_content/download.jsp",
            "<title>附件下载</title><body>请输入验证码下载附件<img id='codeimg'></body>",
        ),
        ("template", "/a.htm", "<body><h1>{标题}</h1><p>发布时间：{发布时间}</p><div>{内容}</div></body>"),
        ("no-content", "/a.htm", "<title>空</title><body></body>"),
    ] {
        let record = record(&format!("http://news.example.edu.cn{url}"), html);
        assert_eq!((record.kind(), record.warnings().first().map(String::as_str)), ("other", Some(why)), "{html}");
    }
}
