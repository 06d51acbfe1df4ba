//! The words before a name, divided into affiliation and role.

use std::sync::LazyLock;

use regex::Regex;

use super::roles;

/// What stands before a name, divided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// The words before the name without 来自/的 and without the role.
    pub(super) affiliation: Option<String>,
    /// Function or status word.
    pub(super) role: Option<String>,
}

/// Words of sequence, place and manner that open a clause and belong to no affiliation.
static OPENING: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "a constant pattern; every test that reads a reflection compiles it")]
    Regex::new(
        "^(?:(?:随后|接着|紧接着|接下来|之后|然后|最后|首先|其次|再次|其中|会上|会议上|会中|会后|会议最后|会议伊始|会议期间|期间|活动中|活动上|活动最后|活动现场\
        |座谈会上|座谈中|交流中|交流会上|讨论中|研讨中|发言中|采访中|课上|课后|现场|在现场|典礼上|典礼最后|仪式上|最终|同时|此外|另外|同样|而|且|并且|而且|但|其间|例如|比如\
        |正如|据|来自|一位|一名|[^,，]{0,14}?(?:邀请到了?|邀请了|邀请|请来了?|请到了?|请出了?|采访了?|听取了)|作为|身为|当天|当日|当晚|(?:在|于)?[^,，]{0,16}?(?:最后|伊始|开始时?|开始后|期间|过程中|环节|之后|之前)\
        |[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日(?:上午|下午|晚)?|[0-9]{1,2}月[0-9]{1,2}日(?:上午|下午|晚)?|一是|二是|三是|[①-⑩]|(?:第[一二三四五六七八九十0-9]+|最后一|另一)位(?:分享者|分享人|发言者|发言人|宣讲人|选手|嘉宾|同学|老师)?(?:是|为)?)[,，:：]?\\s*)+",
    )
    .expect("a constant pattern")
});

/// Takes the opening words off a clause; gives the rest.
pub(super) fn without_opening(clause: &str) -> &str {
    let clause = clause.trim_start_matches(|c: char| c.is_whitespace() || "▲△◆●■★·-—*#◎○".contains(c));
    let rest = OPENING.find(clause).and_then(|found| clause.get(found.end()..));
    // What is left must be something: 班长 alone is a role, not an opening.
    rest.unwrap_or(clause).trim_start()
}

/// The last word after which a sentence comes to the person: 出席的领导有…, 会议由…, 介绍了….
static LEADING_UP: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "a constant pattern; every test that reads a reflection compiles it")]
    Regex::new("^.*(?:来自|由|是|(?:的|还|嘉宾|领导|人员|包括)有|了|》|请|听|对着|跟着|分别为|分别是|寻访|采访|走访|拜访|访问|看望|慰问|探望|联系到|(?:本|此|这)(?:次|场|期)(?:论坛|讲座|活动|会议|比赛|大赛|培训|报告会|座谈会|分享会|交流会|沙龙|党课|课程)的?)").expect("a constant pattern")
});

/// Divides the words before a name.
pub(super) fn divide(words: &str) -> Standing {
    let words = without_opening(words);
    let words = trimmed(LEADING_UP.find(words).and_then(|found| words.get(found.end()..)).unwrap_or(words));
    let role = roles::role_at_end(words).map(|role| doubled(words, widened(words, role)));
    let before = role.and_then(|role| words.strip_suffix(role)).unwrap_or(words);
    let affiliation = trimmed(before);
    Standing { affiliation: (!affiliation.is_empty()).then(|| folded(affiliation)), role: role.map(str::to_owned) }
}

/// `资深总监`, `特邀专家`: adjectives of rank that belong to the role and not to the unit.
fn widened<'a>(words: &'a str, role: &'a str) -> &'a str {
    const RANKS: &[&str] = &[
        "知名", "杰出", "著名", "资深", "特邀", "优秀", "新任", "时任", "原", "前任", "现任", "执行", "常务", "专职",
        "兼职", "名誉",
    ];
    let Some(before) = words.strip_suffix(role) else { return role };
    let rank = RANKS.iter().find(|rank| before.ends_with(*rank));
    let start = before.len() - rank.map_or(0, |rank| rank.len());
    let ranked = words.get(start..).unwrap_or(role);
    // 励志代表: what is no unit and no number says what kind of delegate.
    let kind = before.chars().count() <= 6
        && !before.is_empty()
        && before.chars().all(super::names::is_han)
        && !roles::introduces_name(before);
    let takes_kind = ["代表", "人物", "标兵", "获得者", "得主", "选手"].contains(&role);
    if takes_kind && kind { words } else { ranked }
}

/// `书记、院长`: functions in a row are one role.
fn doubled<'a>(words: &'a str, role: &'a str) -> &'a str {
    let before = words.strip_suffix(role).and_then(|before| before.strip_suffix('、'));
    let Some(earlier) = before.and_then(roles::role_at_end) else { return role };
    words.get(words.len() - role.len() - '、'.len_utf8() - earlier.len()..).unwrap_or(role)
}

fn trimmed(words: &str) -> &str {
    let outer = |c: char| c.is_whitespace() || "、,，:：-—·【】[]《》〔〕|/".contains(c);
    let words = words.trim_matches(outer);
    let words = words.strip_prefix("来自于").or_else(|| words.strip_prefix("来自")).unwrap_or(words);
    words.strip_suffix('的').unwrap_or(words).trim_matches(outer)
}

/// White space between Han characters is layout; between words of Latin script it is one space.
fn folded(words: &str) -> String {
    let parts: Vec<&str> = words.split_whitespace().collect();
    let mut out = String::with_capacity(words.len());
    for part in parts {
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
        if latin(out.chars().last()) && latin(part.chars().next()) {
            out.push(' ');
        }
        out.push_str(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_before_a_name_are_divided() {
        for (words, affiliation, role) in [
            ("2016级学生党员", Some("2016级"), Some("学生党员")),
            ("来自软件工程19级的", Some("软件工程19级"), None),
            ("农学院党总支副书记", Some("农学院党总支"), Some("副书记")),
            ("民主党派人士、教务处副处长", Some("民主党派人士、教务处"), Some("副处长")),
            ("创业园党委书记、主任", Some("创业园党委"), Some("书记、主任")),
            ("出席会议的领导有学生工作部部长", Some("学生工作部"), Some("部长")),
            ("院长", None, Some("院长")),
            ("励志代表", None, Some("励志代表")),
            ("优秀代表", None, Some("优秀代表")),
            ("测绘学院代表", Some("测绘学院"), Some("代表")),
            ("本次论坛主讲人", None, Some("主讲人")),
            ("第三位分享者18070143团支部", Some("18070143团支部"), None),
            ("实践队赴往某公司寻访13级学长", Some("13级"), Some("学长")),
            ("随后，来自2022级预科5班的", Some("2022级预科5班"), None),
            ("博士研究生", Some("博士研究生"), None),
            ("软件学院 2020 级科硕党支部", Some("软件学院2020级科硕党支部"), None),
            ("", None, None),
        ] {
            let want = Standing { affiliation: affiliation.map(str::to_owned), role: role.map(str::to_owned) };
            assert_eq!(divide(words), want, "{words}");
        }
    }
}
