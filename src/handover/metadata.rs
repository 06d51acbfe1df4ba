//! What is known of each record under the Chinese names of archival metadata (DA/T 80, GB/T 42147), one row an article.
//!
//! What no page says (全宗, 类别, 保管期限, 密级, 责任者) comes from the site's file, else from the settings; what nobody said
//! has the defaults below or stays empty. A 档号 exists where there is a 全宗.

use std::collections::HashMap;

use crate::domain::article::Article;
use crate::domain::held::HeldDescription;
use crate::domain::profile::MetadataSpec;
use crate::domain::time::Precision;
use crate::export::{Cell, Column, Row, Table};

/// 类别 unless said otherwise: theme education is the Party committee's work.
pub const CATEGORY: &str = "党群类";
/// 保管期限 unless said otherwise: an archive throws nothing away.
pub const RETENTION: &str = "永久";
/// 密级 unless said otherwise: it was published on the web.
pub const SECURITY: &str = "公开";

/// What an archivist says of records.
#[derive(Debug, Clone, Default)]
pub struct Sayings {
    /// For the whole archive.
    pub archive: MetadataSpec,
    /// By site id: what the site is called, and what its file says.
    pub sites: HashMap<String, (String, MetadataSpec)>,
    /// The institution.
    pub operator: Option<String>,
}

const fn column(name: &'static str) -> Column {
    Column::plain(name)
}

/// The table.
pub(super) static TABLE: Table = Table {
    name: "metadata",
    about: "what is known of each record, under its Chinese name",
    about_zh: "",
    key: &[],
    refers: &[],
    columns: &[
        column("标识符"),
        column("档号"),
        column("题名"),
        column("责任者"),
        column("来源"),
        column("作者"),
        column("编辑"),
        column("审核"),
        column("日期"),
        column("日期精度"),
        column("采集时间"),
        column("网址"),
        column("规范网址"),
        column("网站"),
        column("栏目"),
        column("专题"),
        column("全宗"),
        column("类别"),
        column("保管期限"),
        column("密级"),
        column("开放状态"),
        column("语种"),
        column("字符集"),
        column("字符集依据"),
        column("格式"),
        column("大小"),
        column("校验值"),
        column("记录校验值"),
        column("状态码"),
        column("采集软件"),
        column("采集策略"),
        column("传输安全"),
        column("机构"),
        column("完整性说明"),
        column("图片"),
        column("附件"),
        column("版本数"),
        column("作品标识"),
        column("文件"),
        column("偏移"),
        column("长度"),
    ],
};

/// The row of a record; `number` is its year and its place in the year.
pub(super) fn row(held: &HeldDescription, number: &(String, u64), sayings: &Sayings) -> Row {
    let article = &held.article;
    let record = &article.record;
    let site = record.site.as_deref().and_then(|site| sayings.sites.get(site));
    let said = |of: fn(&MetadataSpec) -> &Option<String>| {
        site.and_then(|(_, spec)| of(spec).clone()).or_else(|| of(&sayings.archive).clone())
    };
    let fonds = said(|spec| &spec.fonds);
    let category = said(|spec| &spec.category).unwrap_or_else(|| CATEGORY.to_owned());
    let retention = said(|spec| &spec.retention).unwrap_or_else(|| RETENTION.to_owned());
    let (year, place) = number;
    let file_number = fonds.as_ref().map(|fonds| format!("{fonds}-{category}-{year}-{retention}-{place:04}"));
    let site_name = site.map(|(name, _)| name.clone()).or_else(|| record.site.clone());
    let responsible = said(|spec| &spec.responsible).or_else(|| record.source.clone()).or_else(|| site_name.clone());
    let url = record.url.as_ref().or(record.canonical_url.as_ref());
    let images = record.images.iter().map(|image| image.url.clone()).collect();
    let attachments = record.attachments.iter().map(|file| file.url.clone()).collect();
    vec![
        Cell::text(held.record_id.as_deref()),
        Cell::text(file_number),
        Cell::text(record.title.as_deref()),
        Cell::text(responsible),
        Cell::text(record.source.as_deref()),
        names(record, &["作者", "文", "撰稿", "供稿", "记者", "通讯员"]),
        names(record, &["编辑", "责任编辑", "责编"]),
        names(record, &["审核", "审稿", "初审", "复审", "终审"]),
        Cell::display(record.published_at),
        Cell::text(record.published_precision.map(Precision::as_str)),
        Cell::Text(held.captured_at.to_micros_string()),
        Cell::display(url),
        Cell::display(record.canonical_url.as_ref()),
        Cell::text(site_name),
        Cell::List(record.breadcrumbs.clone()),
        Cell::List(record.topics.clone()),
        Cell::text(fonds),
        Cell::Text(category),
        Cell::Text(retention),
        Cell::Text(said(|spec| &spec.security).unwrap_or_else(|| SECURITY.to_owned())),
        Cell::Text(if article.gone_at.is_some() { "原网页已消失" } else { "开放" }.to_owned()),
        Cell::Text(language(&record.body).to_owned()),
        Cell::text(held.charset.as_deref()),
        Cell::text(held.charset_source.as_deref()),
        Cell::text(held.media_type.as_deref()),
        held.bytes.map_or(Cell::Null, Cell::Integer),
        Cell::Text(article.payload_digest.clone()),
        Cell::Text(format!("sha256:{}", data_encoding::HEXLOWER.encode(&held.sha256))),
        held.status.map_or(Cell::Null, |status| Cell::Integer(i64::from(status))),
        Cell::Text(held.program.clone()),
        Cell::Text(policy(&held.command).to_owned()),
        Cell::Text(transport(url.map(url::Url::scheme), held.tls_flaw.as_deref(), is_import(&held.command))),
        Cell::text(sayings.operator.as_deref()),
        Cell::Text(completeness(held)),
        Cell::List(images),
        Cell::List(attachments),
        Cell::Integer(article.versions),
        Cell::Text(article.work_id.clone()),
        Cell::Text(article.warc_file.clone()),
        Cell::Integer(article.warc_offset),
        Cell::Integer(held.warc_length),
    ]
}

/// Names under any of these roles, as printed.
fn names(record: &Article, roles: &[&str]) -> Cell {
    let fits = |role: &str| roles.contains(&role);
    let names = record.credits.iter().filter(|credit| fits(&credit.role)).flat_map(|credit| credit.names.clone());
    Cell::List(names.collect())
}

fn completeness(held: &HeldDescription) -> String {
    let mut said = Vec::new();
    if let Some(reason) = &held.truncated {
        said.push(format!("截断（{reason}）"));
    }
    if !held.files_missing.is_empty() {
        let why = |outcome: &Option<String>| outcome.clone().unwrap_or_else(|| "未请求".to_owned());
        let named = held.files_missing.iter().map(|(url, outcome)| format!("{url}（{}）", why(outcome)));
        let named: Vec<String> = named.collect();
        said.push(format!("缺图片或附件 {} 件：{}", named.len(), named.join("，")));
    }
    if said.is_empty() { "完整".to_owned() } else { said.join("；") }
}

/// Whether the run took in what another program had captured.
fn is_import(command: &str) -> bool {
    command.split_whitespace().any(|word| word == "import")
}

/// 采集策略: how robots.txt was treated, as the run's command line says.
fn policy(command: &str) -> &'static str {
    if command.split_whitespace().any(|word| word == "--ignore-robots") {
        "未遵守 robots.txt（--ignore-robots）"
    } else if is_import(command) {
        "其他软件采集后导入，策略见其 warcinfo 记录"
    } else {
        "遵守 robots.txt（RFC 9309），同一主机逐一请求并有间隔"
    }
}

/// 传输安全: whether the bytes came over TLS, and what was wrong with the certificate. Whether another program looked at it is
/// not known.
fn transport(scheme: Option<&str>, flaw: Option<&str>, imported: bool) -> String {
    match (scheme, flaw) {
        (Some("https"), None) if imported => "https，证书是否有效未记录".to_owned(),
        (Some("https"), None) => "https，证书有效".to_owned(),
        (Some("https"), Some(flaw)) => format!("https，证书有缺陷：{flaw}"),
        _ => "http，未加密".to_owned(),
    }
}

/// 语种 by its letters (ISO 639): `zh`, `ja` where kana are among them, `und` where few letters are Chinese.
fn language(text: &str) -> &'static str {
    let (mut han, mut kana, mut others) = (0_usize, 0_usize, 0_usize);
    for letter in text.chars().filter(|c| c.is_alphabetic()) {
        match letter {
            '\u{3041}'..='\u{30ff}' => kana += 1,
            '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' => han += 1,
            _ => others += 1,
        }
    }
    // A Latin word is about five letters long, a Chinese one two.
    match (han, kana) {
        (0, 0) => "und",
        (han, kana) if kana * 4 > han => "ja",
        (han, _) if han * 3 >= others => "zh",
        _ => "und",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_told_by_its_letters() {
        for (text, want) in [
            ("会议指出，要学习 Rust 语言和 SQLite。", "zh"),
            ("會議指出，要把學習成果轉化為實際行動。", "zh"),
            ("大学の図書館で読書会を開きました。", "ja"),
            ("The meeting was held in the library 图书馆.", "und"),
            ("2023-06-06", "und"),
            ("", "und"),
        ] {
            assert_eq!(language(text), want, "{text}");
        }
    }

    #[test]
    fn policy_and_transport_are_those_of_the_run() {
        assert!(policy("crawl --due").starts_with("遵守"));
        assert!(policy("crawl --ignore-robots").starts_with("未遵守"));
        assert!(policy("shiguan import a.warc.gz").starts_with("其他软件"));
        assert_eq!(transport(Some("https"), None, false), "https，证书有效");
        assert_eq!(transport(Some("https"), None, true), "https，证书是否有效未记录");
        assert_eq!(transport(Some("https"), Some("expired"), false), "https，证书有缺陷：expired");
        assert_eq!(transport(Some("http"), None, false), "http，未加密");
    }
}
