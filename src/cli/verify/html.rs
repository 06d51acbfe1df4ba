//! The report as a page: text and tables only, nothing that runs, nothing from elsewhere.

use super::Found;
use crate::cli::markup::{joined, text};
use crate::domain::appraisal::Check;
use crate::domain::fixity::Problem;
use crate::domain::time::CaptureTime;
use crate::handover::Checked;

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
        ("时间 / checked at", moment(found.checked_at)),
        ("程序 / program", found.agent.clone()),
        ("WARC 文件 / files", fixity.files.to_string()),
        ("记录 / records", fixity.records.to_string()),
        ("字节 / bytes", fixity.bytes.to_string()),
        ("问题 / problems", fixity.problems.len().to_string()),
        ("事件编号 / event", found.event.map_or_else(|| "—".to_owned(), |id| id.to_string())),
    ];
    let checks = joined(&found.checks, row);
    let checks = format!(
        "<h2>检测项 / checks</h2><table><tr><th>性质</th><th>检测项</th><th>结果</th><th>依据</th></tr>{checks}</table>"
    );
    let problems = list("固化信息检测中的问题 / fixity", &fixity.problems);
    whole(&format!("四性检测报告 {stage}"), &facts, &(checks + &problems))
}

/// The page of a package that was checked by itself.
pub(super) fn of_package(checked: &Checked, at: CaptureTime, agent: &str) -> String {
    let problems = checked.problems.len() as u64 + checked.further_problems;
    let facts = [
        ("移交包 / package", checked.package.to_string_lossy().into_owned()),
        ("格式 / format", checked.format.to_owned()),
        ("时间 / checked at", moment(at)),
        ("程序 / program", agent.to_owned()),
        ("文件 / files", checked.files.to_string()),
        ("字节 / bytes", checked.bytes.to_string()),
        ("WARC 记录 / records", checked.records.to_string()),
        ("索引行 / index lines", checked.index_lines.to_string()),
        ("问题 / problems", problems.to_string()),
    ];
    whole("移交包检查报告", &facts, &list("问题 / problems", &checked.problems))
}

fn moment(at: CaptureTime) -> String {
    format!("{} (UTC+08:00)", at.to_china_string())
}

fn list(title: &str, problems: &[Problem]) -> String {
    let problems = joined(problems, |problem| format!("<li>{}</li>", text(&problem.to_string())));
    format!("<h2>{title}</h2><ul>{problems}</ul>")
}

fn whole(title: &str, facts: &[(&str, String)], rest: &str) -> String {
    let facts = joined(facts, |(name, value)| format!("<tr><th>{}</th><td>{}</td></tr>", text(name), text(value)));
    let title = text(title.trim());
    format!(
        "<!DOCTYPE html>\n<html lang=\"zh\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <style>{STYLE}</style></head><body><h1>{title}</h1><table>{facts}</table>{rest}</body></html>\n"
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
