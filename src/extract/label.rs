//! The words Chinese pages print before a colon, and what follows each of them.
//!
//! One table for meta lines, article footers, credit lines inside bodies and the label rules of selectors. A label is found
//! wherever it stands, glued to the value before it or not, because templates leave no space between fields
//! (`发布者:护管学院发布时间:2021-10-22`). It refuses to give meaning to look-alikes: 资料来源 is no source,
//! 会议时间 no publication time; those are labels of [`Field::Noise`] so that they end a value and start none.

mod table;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use table::{COLONS, SLASHES, Table};

/// What the value after a label is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    /// Time of publication.
    Published,
    /// Time of the last change; believed only where nothing better is printed.
    Updated,
    /// Outlet or unit named as source.
    Source,
    /// Somebody's part in the article.
    Credit,
    /// Counters, tags, page furniture: read over.
    Noise,
}

/// What stands between a label and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Separator {
    /// `：`, `:` or an upright bar.
    Colon,
    /// `文/李文`.
    Slash,
    /// `编辑 周某`: a label only where a line or a bracket begins with it.
    Space,
}

/// A label found in a text; positions are bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit {
    /// Where the label begins.
    pub(crate) start: usize,
    /// Where its value may begin: after the separator.
    pub(crate) end: usize,
    /// The label without separator and inner white space.
    pub(crate) word: String,
    /// What it announces.
    pub(crate) field: Field,
    /// How it is set off from its value.
    pub(crate) separator: Separator,
}

const PUBLISHED: &str = "发布时间 发布日期 发表时间 发表日期 发稿时间 发稿日期 发文时间 发文日期 公布时间 公布日期 \
    发布于 发表于 发布 添加时间 添加日期 录入时间 加入时间 提交时间 上传时间 上传日期 创建时间 创建日期 撰写时间 \
    编辑时间 信息时间 稿件时间 新闻时间 文章时间 时间 日期 Date";
const UPDATED: &str = "更新时间 更新日期 更新于 修改时间 修改日期 最后更新 最近更新 最后修改";
const SOURCE: &str = "文章来源 信息来源 稿件来源 新闻来源 内容来源 本文来源 消息来源 原文来源 转载来源 稿源 来源于 来源 \
    转载自 转自 出处 文章出处 作者单位 来稿单位 单位";
/// Roles found on university pages and at the end of news reports. Ordinary words that also begin sentences are in
/// [`BOUNDED`]: they need a boundary before them.
const CREDIT: &str = "责任编辑 网络编辑 文字编辑 图文编辑 图片编辑 视觉编辑 排版编辑 执行编辑 值班编辑 本期编辑 本文编辑 网站编辑 微信编辑 \
    新媒体编辑 技术编辑 后期编辑 编辑者 编辑 责编 美编 编审 主编 副主编 总编 执行主编 编发 编校 编排 编译 编稿 \
    责任校对 校对 校审 校核 责校 一校 二校 三校 初校 复校 终校 \
    一审一校 二审二校 三审三校 一审 二审 三审 四审 初审 复审 终审 审核人 审核者 审核 审稿人 审稿 审读 审阅 审定 审签 审校 \
    核稿 核发 复核 签发人 签发 责任审核 内容审核 单位审核 部门审核 值班主任 值班领导 值班总编 \
    作者 原作者 文章作者 本文作者 撰稿人 撰稿单位 撰稿 撰文 撰写人 撰写 执笔人 执笔 采写 采访 采编 供稿人 供稿单位 供稿部门 供稿 投稿人 投稿单位 投稿 来稿 \
    通讯员 本报通讯员 特约通讯员 学生通讯员 通讯记者 本报记者 本网记者 见习记者 实习记者 学生记者 校园记者 特约记者 全媒体记者 摄影记者 文字记者 \
    报道记者 记者 特约评论员 评论员 信息员 报送人 报送单位 报送 \
    摄影摄像 摄影报道 摄影师 摄影者 摄影 摄像 拍摄 图片提供 照片提供 供图 配图 图片 照片 图文 文图 文字 文案 图 文 摄 视频 音频 配音 朗诵 剪辑 航拍 \
    整理人 整理 翻译 译者 校译 排版 美工 设计 制图 制作 版式 海报 策划 总策划 统筹 总统筹 监制 总监制 出品 出品人 指导老师 指导教师 指导 顾问 \
    发布者 发布人 发布单位 发布部门 发布机构 信息发布 发布人员 上传者 上传人 上传 文章录入 录入者 录入员 录入人 录入 添加者 添加人 发稿人 发稿单位 发稿 发表人";
const NOISE: &str = "资料来源 图片来源 数据来源 视频来源 题图来源 素材来源 图源 经费来源 资金来源 生源来源 \
    活动时间 会议时间 截止时间 截止日期 报名时间 生成时间 页面生成时间 当前时间 访问时间 阅读时间 开始时间 结束时间 学习时间 讲座时间 出版时间 成文日期 生效日期 失效日期 \
    点击次数 点击数 点击率 点击量 点击 浏览次数 浏览数 浏览量 浏览人数 浏览 阅读次数 阅读数 阅读量 阅读人数 已阅读 阅读 访问次数 访问量 访问人数 访问 查看次数 查看 \
    次数 人气 热度 点赞 点赞数 评论数 评论 收藏 转发 下载次数 下载量 字体大小 字体 字号 大小 分享到 分享 打印 关键词 关键字 主题词 标签 Tags Tag \
    所属栏目 栏目 所属分类 分类 类别 文章类别 索引号 信息索引号 文号 发文字号 主题分类 体裁 有效性 语种 当前位置 现在位置 您的位置 您现在的位置 您当前的位置 所在位置 位置 \
    上一篇 下一篇 上一条 下一条 附件 附件下载 相关附件 联系人 联系电话 电话 邮箱 通讯地址 通讯作者 第一作者 网址 链接 地址 责任单位";
/// Ordinary words: a label only at the start or after something that is no letter.
const BOUNDED: &[&str] = &[
    "文",
    "图",
    "摄",
    "发布",
    "单位",
    "上传",
    "制作",
    "设计",
    "指导",
    "图片",
    "照片",
    "文字",
    "视频",
    "音频",
    "采访",
    "记者",
    "评论",
    "分享",
    "打印",
    "收藏",
    "转发",
    "查看",
    "访问",
    "阅读",
    "浏览",
    "点击",
    "位置",
    "地址",
    "大小",
    "次数",
    "出品",
    "来稿",
    "投稿",
    "整理",
    "翻译",
    "拍摄",
    "顾问",
    "策划",
    "发稿",
    "报送",
    "录入",
    "审定",
    "审阅",
    "复核",
    "评论员",
    "日期",
    "编排",
    "撰写",
    "热度",
    "人气",
    "标签",
    "分类",
    "类别",
    "栏目",
    "链接",
    "附件",
    "电话",
    "转自",
    "发布于",
    "发表于",
    "Date",
    "Tag",
    "Tags",
];

fn words(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split_whitespace()
}

/// What each word announces; a word of several lists is of the last.
static FIELDS: LazyLock<HashMap<&str, Field>> = LazyLock::new(|| {
    let lists = [
        (CREDIT, Field::Credit),
        (SOURCE, Field::Source),
        (UPDATED, Field::Updated),
        (PUBLISHED, Field::Published),
        (NOISE, Field::Noise),
    ];
    lists.into_iter().flat_map(|(list, field)| words(list).map(move |word| (word, field))).collect()
});

/// White space between two letters of a label, at the most.
const APART: usize = 6;

static LABELS: LazyLock<Table> = LazyLock::new(|| {
    let alone = [NOISE, PUBLISHED, UPDATED, SOURCE].into_iter().flat_map(words);
    Table::of(alone, words(CREDIT))
});

/// Every label of a text, in order. Labels set off by a space only are given too; most callers pass over them.
pub(crate) fn find_all(text: &str) -> Vec<Hit> {
    // Nothing is a label without something after it.
    if !text.contains(|c: char| c.is_whitespace() || COLONS.contains(&c) || SLASHES.contains(&c)) {
        return Vec::new();
    }
    let mut hits = Vec::new();
    let mut from = 0;
    while let Some(found) = LABELS.find_at(text, from) {
        let (word, separator) = parts(text.get(found.clone()).unwrap_or_default());
        if is_torn(word) {
            // Another label may begin within it.
            from = found.start + word.chars().next().map_or(1, char::len_utf8);
            continue;
        }
        from = found.end;
        let printed: String = word.chars().filter(|c| !c.is_whitespace()).collect();
        // What is in no list is several roles in one (文/图).
        let field = FIELDS.get(printed.as_str()).copied().unwrap_or(Field::Credit);
        let before = text.get(..found.start).and_then(|t| t.chars().next_back());
        let free = before.is_none_or(|c| !c.is_alphanumeric());
        let bounded = separator != Separator::Colon || BOUNDED.contains(&printed.as_str());
        if free || !bounded {
            hits.push(Hit { start: found.start, end: found.end, word: printed, field, separator });
        }
    }
    hits
}

/// Whether letters stand too far apart to be one word.
fn is_torn(word: &str) -> bool {
    word.split(|c: char| !c.is_whitespace()).any(|gap| gap.chars().nth(APART).is_some())
}

/// A label as found, and what sets it off. No word ends in white space or in a separator.
fn parts(found: &str) -> (&str, Separator) {
    let (bare, separator) = if let Some(bare) = found.strip_suffix(SLASHES) {
        (bare, Separator::Slash)
    } else if let Some(bare) = found.strip_suffix(COLONS) {
        (bare, Separator::Colon)
    } else {
        (found, Separator::Space)
    };
    (bare.trim_end(), separator)
}

/// Characters within which a label and what sets it off stand, spaced letters included.
const LONGEST: usize = 24;

/// Labels that forms print beside 姓名 too, so that a line which opens with one is no line of credits.
const OF_FORMS: &[&str] = &["单位", "指导老师", "指导教师"];

/// Whether a line opens with a credit, a source, an attachment or the way to the next article, in a bracket or not.
pub(crate) fn opens_credits(line: &str) -> bool {
    let bare = line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '（' | '(' | '【' | '['));
    let ends_article = ["附件", "上一篇", "下一篇", "上一条", "下一条"];
    if ends_article.contains(&bare.trim_end()) {
        return true;
    }
    let head = bare.char_indices().nth(LONGEST).map_or(bare, |(end, _)| bare.get(..end).unwrap_or(bare));
    find_all(head).first().is_some_and(|hit| {
        let kind = match hit.field {
            Field::Credit | Field::Source => !OF_FORMS.contains(&hit.word.as_str()),
            Field::Noise => ends_article.contains(&hit.word.as_str()),
            Field::Published | Field::Updated => false,
        };
        let set_off = hit.separator != Separator::Space || hit.word.chars().count() > 1;
        hit.start == 0 && kind && set_off
    })
}

/// Whether a text opens with a label and its colon or slash, in a bracket or not.
pub(crate) fn opens_field(text: &str) -> bool {
    let bare = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '（' | '(' | '【' | '[' | '|'));
    let head = bare.char_indices().nth(LONGEST).map_or(bare, |(end, _)| bare.get(..end).unwrap_or(bare));
    find_all(head).first().is_some_and(|hit| hit.start == 0 && hit.separator != Separator::Space)
}

/// Byte range of the first label that a colon sets off, the colon included.
pub(crate) fn first(text: &str) -> Option<Range<usize>> {
    find_all(text).into_iter().find(|hit| hit.separator == Separator::Colon).map(|hit| hit.start..hit.end)
}

/// What stands after the first match of `label`, to the next label, trimmed.
pub(crate) fn value_after<'a>(line: &'a str, label: &Regex) -> Option<&'a str> {
    let rest = line.get(label.find(line)?.end()..)?;
    let end = first(rest).map_or(rest.len(), |next| next.start);
    rest.get(..end).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words_of(text: &str) -> Vec<String> {
        find_all(text).into_iter().filter(|h| h.separator != Separator::Space).map(|h| h.word).collect()
    }

    #[test]
    fn labels_are_found_glued_spaced_and_joined() {
        for (text, expected) in [
            ("发布者:护管学院发布时间:2021-10-22浏览次数:319", vec!["发布者", "发布时间", "浏览次数"]),
            ("作　者：李某 来  源：党委宣传部", vec!["作者", "来源"]),
            ("文、图/李某 初审/金某 终审/管某", vec!["文、图", "初审", "终审"]),
            ("文/图：李某", vec!["文/图"]),
            ("（资料来源：某报）", vec!["资料来源"]),
            ("来      源：党委宣传部", vec!["来源"]),
            ("来       源：党委宣传部", vec![]),
            ("文       图片来源：某社 来       作者：李某", vec!["图片来源", "作者"]),
            ("课文:第一单元", vec![]),
            ("12:05 和 16:49", vec![]),
        ] {
            assert_eq!(words_of(text), expected, "{text}");
        }
    }

    #[test]
    fn look_alikes_mean_nothing() {
        assert_eq!(find_all("图片来源：某社").first().map(|h| h.field), Some(Field::Noise));
        assert_eq!(find_all("会议时间：2023-06-06").first().map(|h| h.field), Some(Field::Noise));
    }

    #[test]
    fn a_rule_of_selectors_reads_the_same_labels() {
        let label = Regex::new("来源[:：]").unwrap();
        for (line, want) in [
            ("发布者:护管学院来源:校报稿源:云岭日报", Some("校报")),
            ("来源： 三审三校：李禾", Some("")),
            ("作者：李禾", None),
        ] {
            assert_eq!(value_after(line, &label), want, "{line}");
        }
        assert_eq!(first("编辑 李禾 审核：王某").map(|range| range.start), Some("编辑 李禾 ".len()));
    }

    #[test]
    fn a_field_is_told_by_its_first_word() {
        for (text, want) in [
            ("【来源：云岭校报】", true),
            ("来源：云岭校报 作者：李禾", true),
            ("李禾说：来源", false),
            ("会议指出，", false),
        ] {
            assert_eq!(opens_field(text), want, "{text}");
        }
    }

    #[test]
    fn lines_of_credits_are_told_by_their_first_word() {
        for (line, want) in [
            ("（撰稿：梁某某；一审：涂某某）", true),
            ("责任编辑:地学学院", true),
            ("文/图 张某", true),
            ("图文 张某", true),
            ("附件", true),
            ("上一条：会议召开", true),
            ("单位：测绘学院", false),
            ("实践时间：2023年7月", false),
            ("文学院召开会议", false),
            ("江一帆：编辑部的工作让我成长", false),
        ] {
            assert_eq!(opens_credits(line), want, "{line}");
        }
    }
}
