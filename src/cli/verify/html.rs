//! The report as a page: text and tables only, nothing that runs, nothing from elsewhere.

use super::Found;
use crate::cli::markup::{joined, text};
use crate::domain::appraisal::Check;

const STYLE: &str = "body{font:16px/1.5 sans-serif;max-width:70em;margin:2em auto;padding:0 1em}\
    table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:.3em .6em;text-align:left;\
    vertical-align:top}.pass{background:#e6f4e6}.fail{background:#fbdada}.na{background:#eee}li{overflow-wrap:anywhere}";

/// The page.
pub(super) fn page(found: &Found) -> String {
    let fixity = &found.fixity;
    let stage = found.stage.map(|stage| stage.to_string()).unwrap_or_default();
    let selection = if found.selection.is_empty() { "全部 / all" } else { &found.selection };
    let facts = [
        ("阶段 / stage", stage.clone()),
        ("范围 / selection", selection.to_owned()),
        ("时间 / checked at", format!("{} (UTC+08:00)", found.checked_at.to_china_string())),
        ("程序 / program", found.agent.clone()),
        ("WARC 文件 / files", fixity.files.to_string()),
        ("记录 / records", fixity.records.to_string()),
        ("字节 / bytes", fixity.bytes.to_string()),
        ("问题 / problems", fixity.problems.len().to_string()),
        ("事件编号 / event", found.event.map_or_else(|| "—".to_owned(), |id| id.to_string())),
    ];
    let facts = joined(&facts, |(name, value)| format!("<tr><th>{}</th><td>{}</td></tr>", text(name), text(value)));
    let checks = joined(&found.checks, row);
    let problems = joined(&fixity.problems, |problem| format!("<li>{}</li>", text(&problem.to_string())));
    format!(
        "<!DOCTYPE html>\n<html lang=\"zh\"><head><meta charset=\"utf-8\"><title>四性检测报告 {}</title>\
         <style>{STYLE}</style></head><body><h1>四性检测报告</h1><table>{facts}</table><h2>检测项 / checks</h2>\
         <table><tr><th>性质</th><th>检测项</th><th>结果</th><th>依据</th></tr>{checks}</table>\
         <h2>固化信息检测中的问题 / fixity</h2><ul>{problems}</ul></body></html>\n",
        text(&stage)
    )
}

fn row(check: &Check) -> String {
    let examples = joined(&check.examples, |example| format!("<li>{}</li>", text(example)));
    let list = if examples.is_empty() { String::new() } else { format!("<ul>{examples}</ul>") };
    let result = check.result.as_str();
    format!(
        "<tr class=\"{}\"><td>{}</td><td>{}<br><code>{}</code></td><td>{result}</td><td>{}{list}</td></tr>",
        result.replace('.', ""),
        check.property.as_str(),
        text(check.about),
        check.id,
        text(&check.evidence),
    )
}
