//! `articles`: one row a record, gone ones too.

use serde::Serialize;
use serde_json::Value;

use super::super::{Cell, Row};
use super::{Column, Holds, Reference, Table, WORK_ID, column};
use crate::domain::held::HeldArticle;
use crate::domain::time::Precision;

/// The table.
pub static TABLE: Table = Table {
    name: "articles",
    about: "one row a record, gone ones too",
    about_zh: "每行一条记录（一处发表的一篇文章），已消失的也在内",
    columns: COLUMNS,
    key: &["id"],
    refers: &[Reference { column: "work_id", table: "works", key: "work_id", whole_only: false }],
};

const COLUMNS: &[Column] = &[
    column("kind", Holds::Text, "记录种类，恒为 article", "kind of record, always `article`").nested().required(),
    column("id", Holds::Integer, "文章编号，在本存档内不变", "stable number within the archive").required(),
    column("url", Holds::Address, "采集时的网址", "where it was captured"),
    column("canonical_url", Holds::Address, "规范网址", "the page's own canonical link, else the normalised url"),
    column("site", Holds::Text, "站点标识", "site id"),
    column("family", Holds::Text, "读取该页所用的 CMS 家族", "CMS family that read it; `generic` where none fitted")
        .required(),
    column("title", Holds::Text, "标题，不含站名", "headline as printed, without a site suffix"),
    column("subtitle", Holds::Text, "副标题", "second headline"),
    column("source", Holds::Text, "来源：页面注明的媒体或单位", "the outlet or unit the page names as its source"),
    column(
        "published_at",
        Holds::Published,
        "发布时间，RFC 3339，默认东八区",
        "time of publication, +08:00 unless the page says otherwise",
    ),
    column("published_precision", Holds::Text, "发布时间精确到秒、分或日", "how much of published_at was printed")
        .one_of(&["second", "minute", "day"]),
    column(
        "credits",
        Holds::Credits,
        "署名，“角色:姓名”，以分号相连；另见 credits 表",
        "`role:name` joined by `;`; whole in table credits",
    ),
    column("body", Holds::Text, "正文，一段一行", "plain text, one paragraph a line"),
    column("reflections", Holds::Structure, "心得，全文", "words of named persons").nested(),
    column("images", Holds::Structure, "图片", "images of the body").nested(),
    column("attachments", Holds::Structure, "附件", "files offered").nested(),
    column("breadcrumbs", Holds::Texts, "所在栏目路径", "path of the column it stands in").nested(),
    column("n_reflections", Holds::Integer, "心得条数", "number of reflections").flat().required(),
    column("n_images", Holds::Integer, "图片数", "number of images").flat().required(),
    column("n_attachments", Holds::Integer, "附件数", "number of attachments").flat().required(),
    column("topics", Holds::Texts, "所属专题教育，以分号相连", "campaigns it belongs to, joined by `;`"),
    column("warnings", Holds::Texts, "缺失或存疑之处，固定代码", "what was missing or doubtful, as stable codes"),
    column("extractor", Holds::Text, "读取程序及版本", "program and version that read the page").required(),
    column("selectors", Holds::Text, "所用规则的家族与版本", "family and revision of the rules used").required(),
    column("first_seen", Holds::Captured, "首次采集时间（UTC）", "first capture, UTC").required(),
    column("last_seen", Holds::Captured, "最近一次仍可见的采集时间（UTC）", "latest capture that still showed it, UTC")
        .required(),
    column("versions", Holds::Integer, "所存不同文本数", "different texts held").required(),
    column("gone_at", Holds::Captured, "首次发现消失的时间（UTC）", "when it was first found gone, UTC"),
    column("content_digest", Holds::Text, "内容字段的 SHA-256 摘要", "SHA-256 of the content fields").required(),
    WORK_ID,
    column("warc_file", Holds::Text, "作为凭证的 WARC 文件", "WARC file of the capture that proves it").required(),
    column("warc_offset", Holds::Integer, "凭证在该文件中的字节偏移", "its offset in that file, in bytes").required(),
    column("payload_digest", Holds::Text, "凭证内容的 SHA-1 摘要（Base32）", "SHA-1 of its payload in Base32")
        .required(),
];

/// The row of an article.
pub fn row(held: HeldArticle) -> Row {
    let HeldArticle { id, record, first_seen, last_seen, versions, gone_at, content_digest, work_id, .. } = held;
    vec![
        Cell::Text("article".to_owned()),
        Cell::Integer(id),
        Cell::text(record.url),
        Cell::text(record.canonical_url),
        Cell::text(record.site),
        Cell::Text(record.family),
        Cell::text(record.title),
        Cell::text(record.subtitle),
        Cell::text(record.source),
        Cell::published(record.published_at),
        Cell::text(record.published_precision.map(Precision::as_str)),
        Cell::Credits(record.credits),
        Cell::Text(record.body),
        structure(&record.reflections),
        structure(&record.images),
        structure(&record.attachments),
        Cell::List(record.breadcrumbs),
        Cell::count(record.reflections.len()),
        Cell::count(record.images.len()),
        Cell::count(record.attachments.len()),
        Cell::List(record.topics),
        Cell::List(record.warnings),
        Cell::Text(record.extractor),
        Cell::Text(record.selectors),
        Cell::Captured(first_seen),
        Cell::Captured(last_seen),
        Cell::Integer(versions),
        gone_at.map_or(Cell::Null, Cell::Captured),
        Cell::Text(content_digest),
        Cell::Text(work_id),
        Cell::Text(held.warc_file),
        Cell::Integer(held.warc_offset),
        Cell::Text(held.payload_digest),
    ]
}

/// Our own plain data always has a JSON form; the null arm only satisfies the type.
fn structure(value: &impl Serialize) -> Cell {
    Cell::Structure(serde_json::to_value(value).unwrap_or(Value::Null))
}
