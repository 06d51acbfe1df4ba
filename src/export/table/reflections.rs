//! `reflections`: one row for each named person's words, with what a researcher cites of the article.

use super::super::{Cell, Row};
use super::{ARTICLE_ID, Column, Holds, OF_ARTICLE, ORDINAL, PLACE_IN_ARTICLE, Table, WORK_ID, column};
use crate::domain::held::HeldReflection;

/// The table.
pub static TABLE: Table = Table {
    name: "reflections",
    about: "one row for the words of named persons, with their article",
    about_zh: "每行一条心得（具名者的话）及其所在文章",
    columns: COLUMNS,
    key: PLACE_IN_ARTICLE,
    refers: &[OF_ARTICLE],
};

const COLUMNS: &[Column] = &[
    ARTICLE_ID,
    ORDINAL,
    column("people", Holds::Texts, "姓名，多人以分号相连", "names, joined by `;`"),
    column("affiliation", Holds::Text, "姓名前的单位、身份，如页面所示", "the words before the name"),
    column("degree", Holds::Text, "学段：本科、硕士、博士……", "degree, as printed"),
    column("year", Holds::Text, "入学年份，四位", "year of entry, four digits"),
    column("major", Holds::Text, "专业", "major"),
    column("class", Holds::Text, "班级", "class"),
    column("branch", Holds::Text, "党、团支部", "branch of Party or League"),
    column("unit", Holds::Text, "学院、系、部、处……", "school, department, office"),
    column("role", Holds::Text, "职务或身份：书记、教师、学生党员……", "function or status"),
    column(
        "kind",
        Holds::Text,
        "signed 署名，quoted 直接引语，reported 转述",
        "signed, quoted, or reported in the reporter's words",
    )
    .required()
    .one_of(&["signed", "quoted", "reported"]),
    column("text", Holds::Text, "原话，不含引导语和外层引号", "the words themselves").required(),
    column("start", Holds::Integer, "在正文中的起点（按 Unicode 字符）", "first character in the article's body")
        .required(),
    column("end", Holds::Integer, "在正文中的终点，不含", "one past the last character in the body").required(),
    column("url", Holds::Address, "文章网址", "the article's address"),
    column("site", Holds::Text, "文章所在站点", "the article's site"),
    column("title", Holds::Text, "文章标题", "the article's headline"),
    column("source", Holds::Text, "文章来源", "the article's source"),
    column("published_at", Holds::Published, "文章发布时间", "the article's time of publication"),
    column("topics", Holds::Texts, "文章所属专题教育", "the article's campaigns"),
    WORK_ID,
];

/// The row of a reflection.
pub fn row(held: HeldReflection) -> Row {
    let reflection = held.reflection;
    let facets = reflection.facets;
    vec![
        Cell::Integer(held.article_id),
        Cell::count(reflection.ordinal),
        Cell::List(reflection.people),
        Cell::text(reflection.affiliation),
        Cell::text(facets.degree),
        Cell::text(facets.year),
        Cell::text(facets.major),
        Cell::text(facets.class),
        Cell::text(facets.branch),
        Cell::text(facets.unit),
        Cell::text(reflection.role),
        Cell::Text(reflection.kind.as_str().to_owned()),
        Cell::Text(reflection.text),
        Cell::count(reflection.start),
        Cell::count(reflection.end),
        Cell::text(held.url),
        Cell::text(held.site),
        Cell::text(held.title),
        Cell::text(held.source),
        Cell::published(held.published_at),
        Cell::List(held.topics),
        Cell::Text(held.work_id),
    ]
}
