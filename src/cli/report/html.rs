//! A run's report as a page for people: what happened, who must do what, and the figures. Text and tables only, nothing
//! that runs, nothing from elsewhere. Made from the same values as the JSON.

use super::RunReport;
use super::advice::{self, Advice, Group};
use crate::cli::markup::{joined, text};
use crate::crawl::{Counts, SiteSummary, Stopped};
use crate::domain::time::CaptureTime;
use crate::domain::verdict::SiteVerdict;
use crate::frontier::Trapped;

const STYLE: &str = "body{font:16px/1.55 system-ui,'Noto Sans CJK SC',sans-serif;color:#222;max-width:72em;margin:1.5em auto;padding:0 1em}\
    h1{font-size:1.5em;margin:0}h2{font-size:1.15em;margin:1.8em 0 .5em;border-bottom:2px solid #ddd;padding-bottom:.2em}\
    .when{color:#666;margin:.2em 0 1em}.night{padding:.8em 1em;border-left:6px solid #2e7d32;background:#eef6ee}\
    .night.bad{border-color:#c62828;background:#fdeeee}.night.mixed{border-color:#b26a00;background:#fff6e5}.night p{margin:.2em 0}\
    .tiles{display:flex;flex-wrap:wrap;gap:.6em;margin:1em 0}.tile{border:1px solid #ddd;border-radius:6px;padding:.4em .9em;min-width:6em}\
    .tile b{display:block;font-size:1.4em}.tile span{color:#555;font-size:.85em}table{border-collapse:collapse;width:100%}\
    th,td{border:1px solid #ddd;padding:.35em .6em;text-align:left;vertical-align:top;overflow-wrap:anywhere}th{background:#f4f4f4;font-weight:600}\
    td.n,th.n{text-align:right;white-space:nowrap}.en{color:#666;font-size:.88em}.site{font-weight:600;overflow-wrap:break-word}td.site{min-width:8.5em}.quiet{line-height:1.9}\
    .tag{display:inline-block;border-radius:4px;padding:0 .5em;background:#fbdada;white-space:nowrap}.tag.later{background:#ffe9c2}\
    .tag.well{background:#dff0df}.tag.cut{background:#e2e6f5}ul.pages{margin:.3em 0 0;padding-left:1.2em;font-size:.88em}.do{margin:0}";

/// Failed pages named of each site.
const PAGES: usize = 3;

/// The page.
pub(super) fn page(report: &RunReport<'_>) -> String {
    let told: Vec<Told<'_>> = report.summary.sites.iter().map(Told::of).collect();
    let of = |group: Group| told.iter().filter(|told| told.advice.group == group).collect::<Vec<_>>();
    let (person, later) = (of(Group::Person), of(Group::Later));
    let (cut, well) = (of(Group::CutOff), of(Group::Well));
    let sections = [
        troubles("需要处理的网站 / Sites that need a person", &person),
        troubles("暂时没采成，下次自动再试 / Not tonight; the next run tries again", &later),
        unfinished(&cut),
        traps(&told),
        walls(&told),
        healthy(&well),
        figures(&report.summary.total),
    ];
    let mood = match (report.error.is_some() || report.exit > 4, person.len() + later.len()) {
        (true, _) => "bad",
        (false, 0) => "good",
        (false, _) => "mixed",
    };
    let (started, ended) = (on_clock(&report.started_at), on_clock(&report.ended_at));
    let day = started.get(..10).unwrap_or_default();
    format!(
        "<!DOCTYPE html>\n<html lang=\"zh\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>采集报告 {day}</title><style>{STYLE}</style></head><body>\
         <h1>采集报告 {day} <span class=\"en\">Report of the run</span></h1><p class=\"when\">{} — {} 北京时间 (UTC+08:00)　{}　退出码 exit code {}</p>\
         <div class=\"night {mood}\">{}</div>{}{}</body></html>\n",
        text(&started),
        text(&ended),
        text(report.program),
        report.exit,
        night(report, [person.len(), later.len(), cut.len(), well.len()]),
        tiles(&report.summary.total, [person.len(), later.len(), cut.len(), well.len()]),
        sections.concat(),
    )
}

/// A moment of the JSON on the clock people and schedules go by.
fn on_clock(moment: &str) -> String {
    CaptureTime::parse(moment).map_or_else(|| moment.to_owned(), CaptureTime::to_china_string)
}

/// A site and what is said of it.
struct Told<'a> {
    site: &'a SiteSummary,
    advice: Advice,
}

impl<'a> Told<'a> {
    fn of(site: &'a SiteSummary) -> Self {
        Self { site, advice: advice::of(site.verdict, site.failed.as_deref().unwrap_or_default()) }
    }
}

/// How the night went, in two sentences, in two languages.
fn night(report: &RunReport<'_>, [person, later, cut, well]: [usize; 4]) -> String {
    let sites = report.summary.sites.len();
    let Counts { new, changed, gone, not_found, .. } = report.summary.total;
    let missing = gone + not_found;
    let (end_zh, end_en) = ending(report);
    let part =
        |count: usize, words: &str| if count == 0 { String::new() } else { words.replace('#', &count.to_string()) };
    let zh = format!(
        "共 {sites} 个网站：{well} 个正常{}{}{}。新增文章 {new} 篇，更新 {changed} 篇，消失 {missing} 篇。{end_zh}",
        part(person, "，<b># 个需要处理</b>"),
        part(later, "，# 个下次再试"),
        part(cut, "，# 个未采完"),
    );
    let en = format!(
        "Of {sites} sites {well} went well{}{}{}. {new} articles are new, {changed} changed, {missing} are missing. {end_en}",
        part(person, ", # need a person"),
        part(later, ", # will be tried again"),
        part(cut, ", # are not finished"),
    );
    let error = report.error.as_ref().map(|error| format!("<p><code>{}</code></p>", text(error))).unwrap_or_default();
    format!("<p>{zh}</p><p class=\"en\">{en}</p>{error}")
}

/// How the run itself ended, where that is worth a sentence.
fn ending(report: &RunReport<'_>) -> (&'static str, &'static str) {
    match (report.summary.stopped, report.exit) {
        (_, 7) => (
            "<b>磁盘空间不足，采集提前停止</b>；已采内容完好。请腾出空间，下次接着采。",
            "The disk was full, so the run broke off; everything before is safe. Make room: the next run goes on there.",
        ),
        (Some(Stopped::Broken), _) => (
            "<b>采集异常中断</b>；已采内容完好，原因见下。",
            "The run broke off; everything before is safe. Why is said below.",
        ),
        (Some(Stopped::Interrupted), _) => {
            ("采集被人为停止，下次接着采。", "The run was told to stop; the next one goes on there.")
        }
        (Some(Stopped::TimeUp), _) => ("时间用完，下次接着采。", "Its time was up; the next run goes on there."),
        (None, _) => ("", ""),
    }
}

fn tiles(total: &Counts, [person, later, cut, well]: [usize; 4]) -> String {
    let sites = [
        (well as u64, "正常 well"),
        (person as u64, "需处理 need a person"),
        (later as u64, "再试 tried again"),
        (cut as u64, "未采完 not finished"),
    ];
    let articles = [(total.new, "新增 new"), (total.changed, "更新 changed"), (total.requests, "请求 requests")];
    let tile = |(count, name): (u64, &str)| format!("<div class=\"tile\"><b>{count}</b><span>{name}</span></div>");
    format!("<div class=\"tiles\">{}</div>", joined(sites.into_iter().chain(articles), tile))
}

fn tag(advice: &Advice) -> String {
    let class = match advice.group {
        Group::Person => "",
        Group::Later => " later",
        Group::CutOff => " cut",
        Group::Well => " well",
    };
    format!("<span class=\"tag{class}\">{}</span><br><span class=\"en\">{}</span>", advice.name.0, advice.name.1)
}

fn troubles(title: &str, told: &[&Told<'_>]) -> String {
    if told.is_empty() {
        return String::new();
    }
    let rows = joined(told, |told| {
        let Advice { what: (zh, en), .. } = &told.advice;
        format!(
            "<tr><td class=\"site\">{}</td><td>{}</td><td>{}{}</td><td><p class=\"do\">{}</p><p class=\"do en\">{}</p></td></tr>",
            text(&told.site.site),
            tag(&told.advice),
            text(told.site.failed.as_deref().unwrap_or_default()),
            pages(told.site),
            text(zh),
            text(en),
        )
    });
    format!(
        "<h2>{title}（{}）</h2><table><tr><th>网站 site</th><th>判断 verdict</th><th>原因 reason</th>\
         <th>怎么办 what to do</th></tr>{rows}</table>",
        told.len()
    )
}

/// The first pages that failed, but for the one the reason names.
fn pages(site: &SiteSummary) -> String {
    let why = site.failed.as_deref().unwrap_or_default();
    let others: Vec<_> =
        site.failures.iter().filter(|failure| !why.starts_with(&format!("{}: ", failure.url))).collect();
    if others.is_empty() {
        return String::new();
    }
    let items = joined(others.iter().take(PAGES), |failure| {
        format!("<li>{} — {}: {}</li>", text(failure.url.as_str()), failure.outcome, text(&failure.detail))
    });
    let more = others.len().saturating_sub(PAGES);
    let rest = if more > 0 { format!("<li>… {more} more, in the JSON report</li>") } else { String::new() };
    format!("<ul class=\"pages\">{items}{rest}</ul>")
}

fn unfinished(told: &[&Told<'_>]) -> String {
    if told.is_empty() {
        return String::new();
    }
    let rows = joined(told, |told| {
        let Counts { new, requests, .. } = told.site.counts;
        format!(
            "<tr><td class=\"site\">{}</td><td>{}</td><td class=\"n\">{new}</td><td class=\"n\">{requests}</td><td class=\"n\">{}</td></tr>",
            text(&told.site.site),
            tag(&told.advice),
            told.site.left_over
        )
    });
    format!(
        "<h2>还没采完，以后接着采 / Not finished; a later run goes on there（{}）</h2><table><tr><th>网站 site</th><th>判断 verdict</th>\
         <th class=\"n\">新增 new</th><th class=\"n\">请求 requests</th><th class=\"n\">剩余 left over</th></tr>{rows}</table>",
        told.len()
    )
}

/// Article pages behind walls of sites that are not in trouble for them.
fn walls(told: &[Told<'_>]) -> String {
    let sites = told.iter().map(|told| told.site).filter(|site| site.failed.is_none());
    let rows = joined(sites.filter_map(|site| Some((site, site.walled()?))), |(site, words)| {
        let first = site.first_walled().map(|page| page.url.as_str());
        format!(
            "<tr><td class=\"site\">{}</td><td>{}<br><span class=\"en\">{}</span></td></tr>",
            text(&site.site),
            text(&words),
            text(first.unwrap_or_default())
        )
    });
    if rows.is_empty() {
        return rows;
    }
    format!(
        "<h2>墙后的文章页 / Article pages behind a wall</h2><p class=\"en\">公开列表里仅限校内或须登录的文章，已记录，不算网站失败。 Pages for the campus or for \
         whoever has an account, on public listings: counted, and held against no site.</p>\
         <table><tr><th>网站 site</th><th>多少，第一个 how many, the first</th></tr>{rows}</table>"
    )
}

fn traps(told: &[Told<'_>]) -> String {
    let found = told.iter().flat_map(|told| told.site.traps.iter().map(move |trap| (&told.site.site, trap)));
    let rows = joined(found, |(site, trap)| {
        let why = match trap.why {
            Trapped::Barren => "一直没有新内容 nothing new came",
            Trapped::Winding => "路径自我重复 the path repeats itself",
            Trapped::Endless => "列表页过多 listing pages without end",
            Trapped::Long => "地址过长 addresses too long",
        };
        let known = if trap.known { "，同前 as before" } else { "" };
        let first = trap.first.first().map(url::Url::as_str).unwrap_or_default();
        format!(
            "<tr><td class=\"site\">{}</td><td><code>{}</code><br><span class=\"en\">{}</span></td><td>{why}{known}</td>\
             <td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
            text(site),
            text(&trap.pattern),
            text(first),
            trap.asked,
            trap.left
        )
    });
    if rows.is_empty() {
        return rows;
    }
    format!(
        "<h2>已停下的陷阱 / Traps that were left</h2><p class=\"en\">没有尽头又没有新内容的地址，采到这里为止，不算失败。 Addresses without end that bring nothing new; \
         no failure.</p><table><tr><th>网站 site</th><th>地址样式 pattern</th><th>原因 why</th><th class=\"n\">已请求 asked</th>\
         <th class=\"n\">未请求 left</th></tr>{rows}</table>"
    )
}

/// Sites with something new in a table, the quiet ones in a line: of a hundred sites most are quiet.
fn healthy(told: &[&Told<'_>]) -> String {
    if told.is_empty() {
        return String::new();
    }
    let is_quiet = |told: &&Told<'_>| told.site.verdict == SiteVerdict::NoNews;
    let (quiet, lively): (Vec<&Told<'_>>, Vec<&Told<'_>>) = told.iter().copied().partition(is_quiet);
    let rows = joined(&lively, |told| {
        let Counts { new, changed, gone, not_found, listings, requests, .. } = told.site.counts;
        let figures = [new, changed, gone + not_found, listings, requests];
        let figures = joined(figures, |figure| format!("<td class=\"n\">{figure}</td>"));
        format!("<tr><td class=\"site\">{}</td>{figures}</tr>", text(&told.site.site))
    });
    let table = format!(
        "<table><tr><th>网站 site</th><th class=\"n\">新增 new</th><th class=\"n\">更新 changed</th><th class=\"n\">消失 missing</th>\
         <th class=\"n\">列表页 listings</th><th class=\"n\">请求 requests</th></tr>{rows}</table>"
    );
    let names = joined(&quiet, |told| format!("<span class=\"site\">{}</span> ", text(&told.site.site)));
    format!(
        "<h2>正常的网站 / Sites that went well（{}）</h2>{}{}",
        told.len(),
        if lively.is_empty() { String::new() } else { table },
        if quiet.is_empty() {
            names
        } else {
            format!(
                "<p class=\"quiet\">列表已读，无新内容 / listings read, nothing new（{}）： {names}</p>",
                quiet.len()
            )
        }
    )
}

/// All counts that are not zero.
fn figures(total: &Counts) -> String {
    let Counts { media, skipped, instead, .. } = total;
    let rows = [
        ("请求 requests", total.requests),
        ("列表页 listing pages", total.listings),
        ("文章页 article pages", total.articles),
        ("新增 new", total.new),
        ("更新 changed", total.changed),
        ("未变 unchanged", total.unchanged),
        ("不存在 404", total.not_found),
        ("已删除 410", total.gone),
        ("软 404：页面说已不存在 soft 404", instead.soft_404),
        ("跳转页 pages that only lead elsewhere", instead.page_redirect),
        ("其他非新闻页 other pages that are no news", instead.other),
        ("文章页失败 article pages that failed", total.failed),
        ("　其中 无法连接 no answer", instead.unreachable),
        ("　其中 服务器出错 server error", instead.server_error),
        ("　其中 被拒绝 refused", instead.blocked),
        ("　其中 反爬验证 challenged", instead.challenged),
        ("　其中 要求登录 login", instead.login_wall),
        ("　其中 仅限校内 campus only", instead.campus_only),
        ("　其中 无法读取 unreadable", instead.unreadable),
        ("　　与上次相同的墙 behind the wall of last time", total.known_walls),
        ("　　初次遇到的登录或校内限制 fences met for the first time", total.new_fences),
        ("图片和附件 images and attachments", media.files),
        ("其字节 their bytes", media.bytes),
        ("未取到的图片附件 files not had", media.missing),
        ("未请求：robots.txt forbids", skipped.robots),
        ("未请求：其他主机 other hosts", skipped.other_host),
        ("未请求：早于所求日期 earlier than asked for", skipped.since),
        ("未请求：页数上限 page limit", skipped.page_limit),
        ("未请求：主机停止应答 host stopped answering", skipped.host_stopped),
        ("未请求：对方要求等待 asked to wait", skipped.postponed),
        ("未请求：不在采集时段 outside the window", skipped.outside_window),
        ("未请求：反爬验证 challenged", skipped.challenged),
        ("未请求：陷阱 traps", skipped.trap),
        ("未请求：墙已立一周，每周看一次 behind a wall that stood for a week", skipped.walled),
    ];
    let rows = joined(rows.into_iter().filter(|(_, count)| *count > 0), |(name, count)| {
        format!("<tr><td>{name}</td><td class=\"n\">{count}</td></tr>")
    });
    format!("<h2>全部数字 / All figures</h2><table>{rows}</table>")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crawl::{PageFailure, Summary};

    fn site(n: usize, verdict: SiteVerdict, why: Option<&str>) -> SiteSummary {
        let failure = PageFailure {
            url: url::Url::parse("http://a.example/<b>").unwrap(),
            outcome: "refused",
            detail: "<script>alert(1)</script>".to_owned(),
        };
        SiteSummary {
            site: format!("site-{n}"),
            verdict,
            failed: why.map(str::to_owned),
            failures: why.map(|_| failure).into_iter().collect(),
            ..SiteSummary::default()
        }
    }

    fn shown(sites: Vec<SiteSummary>, exit: u8, error: Option<&str>) -> String {
        let summary = Summary { sites, ..Summary::default() };
        page(&RunReport {
            program: "shiguan",
            started_at: "2026-11-30T02:00:00Z".to_owned(),
            ended_at: "2026-11-30T02:50:00Z".to_owned(),
            exit,
            error: error.map(str::to_owned),
            summary: &summary,
        })
    }

    #[test]
    fn nothing_runs_and_nothing_comes_from_elsewhere() {
        let page = shown(vec![site(1, SiteVerdict::Blocked, Some("<img src=x>"))], 4, Some("<i>full</i>"));
        for forbidden in ["<script", "<img", "<i>", "<b>\"", "href=", "src=x>", "url(", "@import"] {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
        assert!(page.contains("&lt;img src=x&gt;") && page.contains("被拒绝访问"));
    }

    #[test]
    fn each_site_stands_in_its_section_once() {
        let mut sites: Vec<_> = SiteVerdict::ALL.into_iter().enumerate().map(|(n, v)| site(n, v, None)).collect();
        sites.extend((100..250).map(|n| site(n, SiteVerdict::NoNews, None)));
        let page = shown(sites.clone(), 4, None);
        for site in &sites {
            assert_eq!(page.matches(&format!(" class=\"site\">{}</", site.site)).count(), 1, "{}", site.site);
        }
        assert!(page.contains("共 167 个网站：152 个正常"), "{page}");
    }

    #[test]
    fn walls_are_told_of_sites_that_went_well() {
        let failure = |(outcome, path): (&'static str, &str)| PageFailure {
            url: url::Url::parse("http://a.example/").unwrap().join(path).unwrap(),
            outcome,
            detail: String::new(),
        };
        let walled = |verdict, why| {
            let mut site = site(1, verdict, why);
            (site.counts.known_walls, site.counts.instead.campus_only) = (2, 2);
            site.failures = [("challenged", "1"), ("campus-only", "2"), ("refused", "3")].map(failure).into();
            shown(vec![site], 0, None)
        };
        let well = walled(SiteVerdict::NoNews, None);
        assert!(
            well.contains("墙后的文章页")
                && well.contains("2 article pages behind a wall (2 campus-only), 2 of them as last time")
        );
        assert!(well.contains("<span class=\"en\">http://a.example/2</span>"), "a challenge is no such wall: {well}");
        assert!(!walled(SiteVerdict::CampusOnly, Some("2 of 2")).contains("墙后的文章页"));
    }

    #[test]
    fn a_quiet_night_is_a_short_page() {
        let page = shown(vec![site(1, SiteVerdict::NoNews, None)], 0, None);
        assert!(!page.contains("需要处理的网站") && !page.contains("陷阱</h2>") && page.contains("night good"));
    }

    /// A night from 02:10 to 02:50 in China lies on the day before in UTC.
    #[test]
    fn one_clock_for_the_day_and_the_times() {
        let summary = Summary::default();
        let page = page(&RunReport {
            program: "shiguan",
            started_at: "2026-11-29T18:10:00Z".to_owned(),
            ended_at: "2026-11-29T18:50:00Z".to_owned(),
            exit: 0,
            error: None,
            summary: &summary,
        });
        assert!(page.contains("<h1>采集报告 2026-11-30 "), "{page}");
        assert!(page.contains("2026-11-30 02:10:00 — 2026-11-30 02:50:00 北京时间 (UTC+08:00)"), "{page}");
        assert!(!page.contains("2026-11-29"), "{page}");
    }

    #[test]
    fn a_full_disk_is_said_first() {
        let page = shown(vec![site(1, SiteVerdict::Unfinished, None)], 7, Some("out of space"));
        let at = |part: &str| page.find(part).unwrap();
        assert!(at("磁盘空间不足") < at("<h2>") && page.contains("night bad"));
    }
}
