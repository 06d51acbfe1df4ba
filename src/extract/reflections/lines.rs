//! The lines of a body, and what kind of line each is, by its own words alone.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::extract::label;

/// One paragraph and where it stands in the body, in bytes; white space at its ends left out.
#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    /// Its words.
    pub(super) text: &'a str,
    /// Its place in the body.
    pub(super) range: Range<usize>,
}

/// Lines that hold words, in order.
pub(super) fn lines(body: &str) -> Vec<Line<'_>> {
    let mut at = 0;
    let mut found = Vec::new();
    for raw in body.split('\n') {
        let text = raw.trim();
        if !text.is_empty() {
            let start = at + raw.len() - raw.trim_start().len();
            found.push(Line { text, range: start..start + text.len() });
        }
        at += raw.len() + 1;
    }
    found
}

#[expect(clippy::expect_used, reason = "constant patterns; every test that reads a body compiles them")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a constant pattern")
}

static DATE_LINE: LazyLock<Regex> = LazyLock::new(|| {
    pattern("^[（(]?(?:19|20)[0-9][0-9]\\s*[年.\\-/]\\s*[0-9]{1,2}\\s*[月.\\-/]\\s*[0-9]{1,2}\\s*日?[）)]?$")
});
static CAPTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^(?:[（(]?图\\s*[0-9一二三四五六七八九十]*[：:、.\\s为中]|图为|图片|▲|△|↑|↓|左起|右起|上图|下图)|(?:合影|留念|现场|现场图|剪影)[）)]?$",
    )
});
static SECTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|第[一二三四五六七八九十]+(?:部分|篇章)|[①-⑩])",
    )
});
static REFLECTIVE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "感悟|心得|感想|体会|感言|寄语|感受|收获|心声|反响|有感|有话说|声音|学思|悟思|领悟|所思|所悟|所感|随笔|日记|学习笔记|畅谈|分享交流",
    )
});
static NARRATIVE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^(?:第[一二三四五六七八九十]项(?:议程)?[，,是]|(?:接下来|最后|随后|紧接着|第[一二三四五六七八九十]+[个位]|下一[个位])?(?:发言|分享|交流|宣讲|上台)的是|(?:第[一二三四五六七八九十]+|下一|最后一)[位名个](?:发言|分享|交流|宣讲|上台|演讲)|此次|本次|这次|该次|据悉|据了解|下一步|活动最后|会议最后|会议|活动|座谈会|主题党日|培训|讲座|最后|随后|接着|接下来|之后|随即|会后|课后|至此|通过此次|通过本次|通过这次|活动结束|今后，学院|近年来|截至\
         |为深入|为贯彻|为进一步|与会|参会|在场|现场|同学们|大家|师生们|老师们|党员们|全体|整场|整个|典礼|仪式|学院将|学校将|未来，学院|各党支部|各支部|本期|会中|在\\p{Han}{2,6}(?:环节|阶段)|会上还|期间|当天|当日|当晚|[0-9]{1,2}月[0-9]{1,2}日|[0-9]{4}年[0-9]{1,2}月)",
    )
});
static AUDIENCE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "(?:大家|同学们?|学员们?|党员们?|师生们?|听众|观众|新生们?|老师们|在场[^，。]{0,8})(?:听后)?(?:纷纷|都|均|也)?(?:表示)?(?:受益匪浅|获益匪浅|受益良多|受益颇多|获益良多|收获颇丰|收获颇多|收获满满|深受启发|深受鼓舞|深受感动|对[^，。]{2,30}有了)|受到[^，。]{0,14}好评|(?:讲话|发言|分享|教诲|讲座|报告|讲解|授课|宣讲)[^，。；“”]{0,6}[，,]?(?:感染|打动|赢得|引起了?|激励|引发)",
    )
});
static FIELD: LazyLock<Regex> =
    LazyLock::new(|| pattern("^\\s*(\\p{Han}(?:[\\p{Han}\\s\u{3000}?]{0,8}\\p{Han}))\\s*[：:]\\s*(.{1,40})$"));
static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern("^(?:NO\\.?|No\\.?|第)?\\s*[0-9]{1,2}\\s*[.、]?$"));
static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^(?:[（(]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})[）)]?\\s*[.．、,，]|[（(](?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})[）)]|[①-⑩]|第[一二三四五六七八九十][，,、]|[一二三四五六七八九]是)",
    )
});
static PERSONAL: LazyLock<Regex> =
    LazyLock::new(|| pattern("本人|笔者|作为一名|感触|感受到|体会到|深感|受益|收获|我们|感悟|认识到|让人|自己"));

/// 责任编辑：, （撰稿：…）, a date by itself: the article's end matter.
pub(super) fn is_footer(text: &str) -> bool {
    (text.chars().count() < 120 && label::opens_credits(text)) || DATE_LINE.is_match(text)
}

/// Words under or over an image.
pub(super) fn is_caption(text: &str) -> bool {
    text.chars().count() < 50 && !ends_sentence(text) && CAPTION.is_match(text)
}

/// A heading of a part of the article.
pub(super) fn is_section(text: &str) -> bool {
    let short = text.chars().count() <= 45;
    short && !ends_sentence(text) && (SECTION.is_match(text) || is_reflective(text))
}

/// Whether the words announce reflections.
pub(super) fn is_reflective(text: &str) -> bool {
    REFLECTIVE.is_match(text)
}

/// A paragraph or sentence in which the reporter goes on with the event.
pub(super) fn is_narrative(text: &str) -> bool {
    NARRATIVE.is_match(text)
}

/// Whether the sentence tells how the audience took it or how the event ended.
pub(super) fn is_aftermath(text: &str) -> bool {
    const ENDS: &[&str] = &["掌声", "合影", "圆满结束", "落下帷幕", "拉开帷幕", "推向高潮", "热烈讨论"];
    ENDS.iter().any(|word| text.contains(word)) || AUDIENCE.is_match(text)
}

/// `实践地点：甸柳社区`: label and value of a short line that is no sentence.
pub(super) fn field(text: &str) -> Option<(String, &str)> {
    let found = FIELD.captures(text)?;
    let label: String = found.get(1)?.as_str().chars().filter(|c| !c.is_whitespace() && *c != '?').collect();
    let value = found.get(2)?.as_str().trim();
    (label.chars().count() <= 6 && !ends_sentence(text)).then_some((label, value))
}

/// `1.…`, `（二）…`, `三是…`: a line of a numbered list.
pub(super) fn is_numbered(text: &str) -> bool {
    NUMBERED.is_match(text)
}

/// A bare number that stands above a part: `01`.
pub(super) fn is_number(text: &str) -> bool {
    NUMBER.is_match(text)
}

/// A paragraph of running text.
pub(super) fn is_text(text: &str) -> bool {
    text.chars().count() >= 20 && (text.contains(['。', '！', '？', '，', ',', '!', '；']) || ends_sentence(text))
}

/// Whether the line closes like a sentence.
pub(super) fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['”', '"', '」', '）', ')']).ends_with(['。', '！', '？', '!', '?', '…', '；', '.'])
}

/// Whether somebody speaks of himself: 我 that is not 我院 or 我国.
pub(super) fn says_i(text: &str) -> bool {
    text.match_indices('我').any(|(at, own)| {
        let next = text.get(at + own.len()..).and_then(|rest| rest.chars().next());
        next.is_none_or(|next| !"院校系国党省市县部所处军队区社们司".contains(next))
    })
}

/// Whether the text can be somebody's own: 我, 我们, 感触, 受益.
pub(super) fn is_personal(text: &str) -> bool {
    says_i(text) || PERSONAL.is_match(text)
}
