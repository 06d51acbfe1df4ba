//! The labels of meta lines: 来源, 发布时间, 责任编辑 … (CMS facts, section 6), and what stands after one.
//!
//! Empty labels are normal (`作者： 来源：` with nothing between), so a value always ends where the next known label
//! begins.

use std::sync::LazyLock;

use regex::Regex;

/// Labels printed before the publication time.
pub const TIME: &[&str] = &[
    "发布时间",
    "发布日期",
    "发表时间",
    "发表日期",
    "发稿时间",
    "更新时间",
    "更新日期",
    "创建时间",
    "上传时间",
    "添加时间",
    "编辑时间",
    "录入时间",
    "时间",
    "日期",
];

/// Labels printed before the source. 供稿 and 供稿单位 are credits, not sources.
pub const SOURCE: &[&str] =
    &["文章来源", "信息来源", "新闻来源", "稿件来源", "内容来源", "来源", "作者单位", "发布单位", "发布部门", "单位"];

/// Labels printed before names: the role is the label.
pub const CREDIT: &[&str] = &[
    "责任编辑",
    "本文编辑",
    "网络编辑",
    "执行编辑",
    "文字编辑",
    "编辑",
    "责编",
    "编审",
    "编校",
    "美编",
    "本文作者",
    "文章作者",
    "作者",
    "通讯员",
    "撰稿人",
    "撰稿",
    "供稿单位",
    "供稿人",
    "供稿",
    "投稿",
    "记者",
    "发布者",
    "发布人",
    "录入者",
    "录入人",
    "摄影",
    "摄像",
    "图片",
    "图文",
    "文字",
    "审核人",
    "审核",
    "审校",
    "审稿人",
    "审稿",
    "校对",
    "一审",
    "二审",
    "三审",
    "初审",
    "复审",
    "终审",
    "签发",
    "监制",
    "策划",
    "来稿",
    "排版",
    "文/图",
    "文",
    "图",
];

/// Labels of counters, of which nothing is kept.
pub const COUNTER: &[&str] = &[
    "点击次数",
    "点击数",
    "点击率",
    "点击量",
    "点击",
    "浏览次数",
    "浏览量",
    "浏览数",
    "浏览",
    "阅读次数",
    "阅读量",
    "阅读数",
    "阅读",
    "访问次数",
    "访问量",
    "访问",
    "人气",
    "字号",
    "字体",
    "分享到",
    "分享",
    "打印",
];

/// A known label with its colon, at any place.
static KNOWN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&alternatives()).ok());

/// `(?:责任编辑|…)\s*[:：]`, longest first, so that 责任编辑 is not read as 编辑.
fn alternatives() -> String {
    let mut labels: Vec<&str> = [TIME, SOURCE, CREDIT, COUNTER].concat();
    labels.sort_by_key(|label| std::cmp::Reverse(label.len()));
    format!("(?:{})[ \u{a0}\u{3000}]*[:：]", labels.join("|"))
}

/// Byte range of the first known label with its colon.
pub fn find(text: &str) -> Option<std::ops::Range<usize>> {
    KNOWN.as_ref()?.find(text).map(|found| found.range())
}

/// What stands after the first match of `label`, to the next known label, trimmed.
pub fn value_after<'a>(line: &'a str, label: &Regex) -> Option<&'a str> {
    let rest = line.get(label.find(line)?.end()..)?;
    let end = find(rest).map_or(rest.len(), |next| next.start);
    rest.get(..end).map(str::trim)
}
