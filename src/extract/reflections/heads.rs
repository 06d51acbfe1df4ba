//! Lines that name the person whose text stands beside them: headings, `姓名：` openings, signatures, forms, table rows.

use std::sync::LazyLock;

use regex::Regex;

use super::affiliation;
use super::lead_in;
use super::lines;
use super::names;
use super::roles;
use super::speaker::{self, Named, Speaker};

#[expect(clippy::expect_used, reason = "constant patterns; every test that reads a body compiles them")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a constant pattern")
}

static NUMBERING: LazyLock<Regex> = LazyLock::new(|| {
    pattern("^(?:[（(]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})(?:[.．、）)]\\s*)|[①-⑩●◆■★▶►✦☆◇○•·♦\\-—#*\\s]+)")
});
static INTRODUCTION: LazyLock<Regex> =
    LazyLock::new(|| pattern("^(?:\\p{Han}{0,6}好[，,！!。])?我(?:是|叫)([^，。！,；：“”]{2,45})[，。！,；]"));

/// Words no head holds: the line is a credit, a caption, a notice or a list.
const NOT_HEADS: &[&str] = &[
    "撰稿",
    "供稿",
    "作者",
    "编辑",
    "审核",
    "摄影",
    "通讯员",
    "文/",
    "图/",
    "文／",
    "来源",
    "图为",
    "联系人",
    "联系",
    "电话",
    "时间",
    "地点",
    "一等奖",
    "二等奖",
    "三等奖",
    "名单",
    "附件",
    "合影",
    "为大家",
    "主讲：",
    "主讲人：",
    "主持人：",
    "讲解",
    "进行",
    "组织",
    "开展",
    "参观",
    "作报告",
    "授课",
    "讲话",
    "发言",
    "致辞",
    "宣读",
    "颁",
    "供图",
    "审稿",
    "校对",
    "主持",
    "获",
    "指导老师：",
    "报告",
    "介绍",
    "参加",
    "带领",
];

/// Labels that only look like `姓名：`.
const LABELS: &[&str] = &["主讲", "主持", "记者", "问", "答", "编者按", "导语", "摘要", "关键词"];

/// `[25] 国家统计局：《…》`: an entry of a list of references, whose author is no writer of the text beside it.
static REFERENCE: LazyLock<Regex> = LazyLock::new(|| pattern("^[\\[［][0-9]{1,3}[\\]］][^：:]{1,40}[：:]\\s*《"));

/// A head and how sure it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// Who.
    pub(super) named: Named,
    /// Words before the name say a unit, a year, a class or a role.
    pub(super) placed: bool,
}

impl Head {
    fn new(named: Named) -> Self {
        let placed = named.standing.affiliation.is_some() || named.standing.role.is_some();
        Self { named, placed }
    }
}

/// `研22测绘第二党支部 任颖`: a whole line that is nothing but a person and where the person belongs.
pub(super) fn heading(line: &str) -> Option<Head> {
    let text = NUMBERING.replace(line, "");
    let text = text.trim().trim_end_matches(['：', ':']).trim();
    if text.chars().count() > 45
        || text.contains(['。', '！', '？', '；', '“', '”', '!', '?', '：', ':'])
        || NOT_HEADS.iter().any(|word| text.contains(word))
    {
        return None;
    }
    let text = text.replace(['【', '】', '[', ']', '｜', '|', '丨'], " ");
    let text = text.trim();
    status_after(text).or_else(|| person(text)).or_else(|| name_first(text)).filter(is_no_list).map(Head::new)
}

/// `[单位]姓名：TEXT` at the start of a paragraph: the head and the byte at which the text begins.
pub(super) fn opening(line: &str) -> Option<(Head, usize)> {
    let (at, mark) =
        line.char_indices().take(48).find(|(_, c)| "：:。！？；“".contains(*c)).filter(|(_, c)| "：:".contains(*c))?;
    let before = line.get(..at)?;
    if LABELS.contains(&before.trim())
        || lead_in::ends_with_verb(before.trim_end())
        || lines::is_footer(line)
        || REFERENCE.is_match(line)
        || before.contains(['，', ','])
    {
        return None;
    }
    heading(before).map(|head| (head, at + mark.len_utf8()))
}

/// `【测绘学院 江一帆】TEXT`.
pub(super) fn bracketed(line: &str) -> Option<(Head, usize)> {
    let inside = line.strip_prefix('【')?;
    let close = inside.find('】')?;
    let head = heading(inside.get(..close)?).filter(|head| head.placed)?;
    Some((head, '【'.len_utf8() + close + '】'.len_utf8()))
}

/// `——测绘学院 江一帆` or `（测绘学院 江一帆）` as a whole line.
pub(super) fn signature(line: &str) -> Option<Head> {
    let dashed = line.strip_prefix("——").or_else(|| line.strip_prefix("—")).or_else(|| line.strip_prefix("--"));
    let text = dashed.map(|rest| rest.trim_start_matches(['—', '-', ' '])).or_else(|| in_brackets(line))?;
    heading(text)
}

/// A signature at the end of a paragraph: the head and the byte at which the signature begins.
pub(super) fn closing(line: &str) -> Option<(Head, usize)> {
    let at = line
        .rfind("——")
        .filter(|&at| at > 0)
        .or_else(|| line.rfind(['（', '(']).filter(|_| line.ends_with(['）', ')'])))?;
    let (text, mark) = line.split_at_checked(at)?;
    let ended = text.trim_end().ends_with(['。', '！', '？', '!', '…', '”', '～', '~']);
    let head = signature(mark.trim()).filter(|_| ended)?;
    Some((head, at))
}

/// `我是公共管理学院20230901班研究生池某某，…`: a text that names its writer.
pub(super) fn introduction(line: &str) -> Option<Head> {
    let words = INTRODUCTION.captures(line)?.get(1)?.as_str();
    person(words).map(Head::new).filter(|head| head.placed)
}

/// A form block's fields.
pub(super) fn form(fields: &[(String, &str)]) -> Option<Head> {
    let value =
        |labels: &[&str]| fields.iter().find(|(label, _)| labels.contains(&label.as_str())).map(|(_, value)| *value);
    let name = names::whole(value(&["姓名", "作者姓名", "学生姓名"])?)?;
    let parts: Vec<&str> = fields
        .iter()
        .filter(|(label, _)| {
            [
                "学校",
                "学院",
                "院系",
                "单位",
                "年级",
                "专业",
                "班级",
                "党支部",
                "所在支部",
                "支部",
                "专业班级",
                "所在单位",
            ]
            .contains(&label.as_str())
        })
        .map(|(_, value)| *value)
        .collect();
    let mut standing = affiliation::divide(&parts.concat());
    if let Some(role) = value(&["身份", "职务", "政治面貌"]) {
        standing.role = Some(role.to_owned());
    }
    Some(Head::new(Named { people: vec![name], standing }))
}

/// A table row printed as one line: `江一帆 测绘学院 TEXT` or `1 测绘学院 江一帆 TEXT`.
pub(super) fn row(line: &str) -> Option<(Head, usize)> {
    let mut cells = Vec::new();
    let mut at = 0;
    for cell in line.split([' ', '\t', '\u{3000}', '|', '｜']) {
        if !cell.is_empty() {
            cells.push((at, cell));
        }
        at = line.get(..at + cell.len())?.len();
        at += line.get(at..)?.chars().next().map_or(0, char::len_utf8);
        if cells.len() > 4 {
            break;
        }
    }
    let text = cells.iter().position(|(_, cell)| lines::is_text(cell))?;
    let head: Vec<&str> = cells
        .get(..text)?
        .iter()
        .map(|(_, cell)| *cell)
        .filter(|cell| !cell.chars().all(|c| c.is_ascii_digit()))
        .collect();
    if !(2..=3).contains(&head.len()) {
        return None;
    }
    let start = cells.get(text)?.0;
    heading(&head.join(" ")).filter(|head| head.placed).map(|head| (head, start))
}

/// A row of names, or a name beside a student number, is a list and heads no text.
fn is_no_list(named: &Named) -> bool {
    let words = named.standing.affiliation.as_deref().unwrap_or_default();
    let longest_number = words.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    let placed =
        words.is_empty() || named.standing.role.is_some() || longest_number > 0 || roles::introduces_name(words);
    placed
        && longest_number < 9
        && names::whole(words).is_none()
        && !(longest_number > 0 && words.len() == longest_number)
}

fn in_brackets(line: &str) -> Option<&str> {
    line.strip_prefix(['（', '(']).and_then(|rest| rest.strip_suffix(['）', ')']))
}

/// `18人资魏泽樱 中共党员`.
fn status_after(text: &str) -> Option<Named> {
    let (before, status) = text.rsplit_once(char::is_whitespace)?;
    if !roles::is_status(status) {
        return None;
    }
    let mut named = person(before.trim_end())?;
    named.standing.role = Some(status.to_owned());
    Some(named)
}

fn person(text: &str) -> Option<Named> {
    if let Some(Speaker::People(named)) = speaker::people_at_end(text) {
        return Some(named);
    }
    let coded = text.chars().any(|c| c.is_ascii_digit());
    let found = names::glued_at_end(text).filter(|found| coded && found.start > 0)?;
    Some(Named { people: vec![found.name], standing: affiliation::divide(text.get(..found.start)?) })
}

/// `任颖 测绘学院`, `任颖 研22测绘第二党支部`.
fn name_first(text: &str) -> Option<Named> {
    let (first, rest) = text.split_once([' ', '\u{3000}', '/', '，'])?;
    let people: Option<Vec<String>> = first.split('、').map(names::whole).collect();
    let rest = rest.trim();
    let placed = roles::introduces_name(rest) || rest.chars().any(|c| c.is_ascii_digit());
    placed.then_some(Named { people: people?, standing: affiliation::divide(rest) })
}
