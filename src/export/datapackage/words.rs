//! What a package says to people: README, data dictionary, citation.

use std::fmt::Write as _;

use super::super::{Holds, Table};
use super::{About, Resource, Written};

/// One line on a package.
pub(super) fn description(about: &About) -> String {
    let part = if about.filters.is_empty() { String::new() } else { format!(" ({})", about.filters) };
    format!("Records of university theme-education (主题教育) news read from archived web pages{part}.")
}

/// `README.md`: Chinese, then English.
pub fn readme(about: &About, written: Written, resources: &[Resource]) -> String {
    let mut text = format!("# {}\n\n", one_line(&about.title));
    text.push_str(&fill(include_str!("readme.zh.md"), about, 0));
    text.push_str(&tables(resources, |table| table.about_zh, ["表", "文件", "行数", "内容"]));
    text.push_str(&format_note(written, 0));
    text.push_str(&withheld(about, 0));
    text.push_str("\n## In English\n\n");
    text.push_str(&fill(include_str!("readme.en.md"), about, 1));
    text.push_str(&tables(resources, |table| table.about, ["table", "file", "rows", "what it holds"]));
    text.push_str(&format_note(written, 1));
    text.push_str(&withheld(about, 1));
    text
}

fn fill(template: &str, about: &About, language: usize) -> String {
    let not_stated = ["未说明", "not stated"];
    let or_not_stated = |list: Vec<String>| {
        let told = list.join(["、", "; "].get(language).copied().unwrap_or("; "));
        if told.is_empty() { not_stated.get(language).copied().unwrap_or_default().to_owned() } else { told }
    };
    let licences = about.licences.iter().filter_map(|licence| {
        let name = licence.name.as_ref().or(licence.title.as_ref())?;
        Some(licence.path.as_ref().map_or_else(|| name.clone(), |path| format!("{name} <{path}>")))
    });
    let everything = ["全部", "everything"].get(language).copied().unwrap_or_default().to_owned();
    [
        ("{authors}", or_not_stated(about.authors.clone())),
        ("{licences}", or_not_stated(licences.collect())),
        ("{archive}", about.archive_id.clone().unwrap_or_else(|| or_not_stated(Vec::new()))),
        ("{as_of}", about.last_capture.clone().unwrap_or_else(|| or_not_stated(Vec::new()))),
        ("{filters}", if about.filters.is_empty() { everything } else { about.filters.clone() }),
        ("{program}", about.program.clone()),
    ]
    .into_iter()
    .fold(template.to_owned(), |text, (mark, value)| text.replace(mark, &one_cell(&value)))
}

/// What was left out or replaced; nothing where nothing was.
fn withheld(about: &About, language: usize) -> String {
    if about.withheld.is_empty() {
        return String::new();
    }
    let head = ["已替换或未列入的内容：", "Replaced or left out:"].get(language).copied().unwrap_or_default();
    let said = about.withheld.iter().filter_map(|said| said.get(language));
    said.fold(format!("\n{head}\n\n"), |text, line| text + "- " + line + "\n")
}

fn tables(resources: &[Resource], about: fn(&Table) -> &'static str, head: [&str; 4]) -> String {
    let [table, file, rows, what] = head;
    let mut text = format!("\n| {table} | {file} | {rows} | {what} |\n| --- | --- | ---: | --- |\n");
    for resource in resources {
        // Writing to a String cannot fail.
        writeln!(
            text,
            "| `{}` | `{}` | {} | {} |",
            resource.table.name,
            resource.path,
            resource.rows,
            about(resource.table)
        )
        .ok();
    }
    text
}

fn format_note(written: Written, language: usize) -> String {
    let notes = match written.format.name {
        "csv" if written.options.formula_guard => [
            "\n多值以分号相连；电子表格可能当作公式执行的单元格以 `'` 开头。发布时间带时区（+08:00），采集时间为 UTC。\n",
            "\nLists are joined by `;`; a cell a spreadsheet could run as a formula begins with `'`. Times of publication carry \
             their offset (+08:00), times of capture are UTC.\n",
        ],
        "csv" | "xlsx" => [
            "\n多值以分号相连。发布时间带时区（+08:00），采集时间为 UTC。\n",
            "\nLists are joined by `;`. Times of publication carry their offset (+08:00), times of capture are UTC.\n",
        ],
        "jsonl" => [
            "\n每行一个 JSON 对象。发布时间带时区（+08:00），采集时间为 UTC。\n",
            "\nOne JSON object a line. Times of publication carry their offset (+08:00), times of capture are UTC.\n",
        ],
        _parquet => [
            "\n发布时间为北京时间（不带时区），采集时间为 UTC。\n",
            "\nTimes of publication are wall time in +08:00 without a zone, times of capture are UTC.\n",
        ],
    };
    notes.get(language).copied().unwrap_or_default().to_owned()
}

/// `DICTIONARY.md`: every column of every table, in Chinese and English.
pub fn dictionary(written: Written, resources: &[Resource]) -> String {
    let mut text = String::from("# 数据字典 · Data dictionary\n");
    for resource in resources {
        let table = resource.table;
        write!(text, "\n## `{}`\n\n{}\n\n{}\n\n", table.name, table.about_zh, table.about).ok();
        if !table.key.is_empty() {
            write!(text, "主键 key: `{}`\n\n", table.key.join("`, `")).ok();
        }
        text.push_str("| 列 column | 类型 type | 含义 | meaning |\n| --- | --- | --- | --- |\n");
        for column in written.columns(table) {
            let refers = table.refers.iter().find(|refers| refers.column == column.name);
            let to = refers.map_or_else(String::new, |refers| format!(" → `{}.{}`", refers.table, refers.key));
            let words = if column.words.is_empty() { String::new() } else { format!(" ({})", column.words.join(", ")) };
            writeln!(
                text,
                "| `{}` | {}{to} | {} | {}{words} |",
                column.name,
                kind(column.holds),
                one_cell(column.zh),
                one_cell(column.en)
            )
            .ok();
        }
    }
    text
}

fn kind(holds: Holds) -> &'static str {
    match holds {
        Holds::Text => "文本 text",
        Holds::Address => "网址 address",
        Holds::Integer => "整数 integer",
        Holds::Number => "数 number",
        Holds::Published | Holds::Captured => "时间 time",
        Holds::Texts => "多个文本 texts",
        Holds::Integers => "多个整数 integers",
        Holds::Credits => "署名 credits",
        Holds::Structure => "结构 structure",
    }
}

/// `CITATION.cff` (Citation File Format 1.2.0).
pub fn citation(about: &About) -> String {
    let mut text = String::from(
        "cff-version: 1.2.0\nmessage: 引用本数据集时请注明。If you use this data set, please cite it.\ntype: dataset\n",
    );
    writeln!(text, "title: {}", quoted(&about.title)).ok();
    text.push_str("authors:\n");
    if about.authors.is_empty() {
        // The format asks for an author; nobody is made up.
        text.push_str("  - name: \"未说明 not stated\"\n");
    }
    for author in &about.authors {
        writeln!(text, "  - name: {}", quoted(author)).ok();
    }
    if let Some(day) = about.last_capture.as_deref().and_then(|at| at.get(..10)) {
        writeln!(text, "date-released: {day}").ok();
    }
    if let Some(id) = &about.archive_id {
        let description = "the archive the rows are from";
        write!(text, "identifiers:\n  - type: other\n    value: {}\n    description: {description}\n", quoted(id)).ok();
    }
    for licence in about.licences.iter().take(1) {
        if let Some(name) = &licence.name {
            writeln!(text, "license: {}", quoted(name)).ok();
        }
        if let Some(path) = &licence.path {
            writeln!(text, "license-url: {}", quoted(path)).ok();
        }
    }
    writeln!(text, "abstract: {}", quoted(&description(about))).ok();
    text
}

/// A scalar of YAML, which takes JSON's strings.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn one_line(text: &str) -> String {
    text.split(char::is_control).collect::<Vec<_>>().join(" ")
}

/// Text for a cell of a table.
fn one_cell(text: &str) -> String {
    one_line(text).replace('|', "\\|")
}
