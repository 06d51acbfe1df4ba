//! Numbers and addresses that lead to one person: telephone, identity card and other papers, e-mail, QQ, WeChat.
//!
//! Patterns over the searchable text, where full-width digits are plain ones. A number that tells by its shape what it is
//! (a mobile number, an identity card's region and day of birth) needs no word before it; the rest needs one (QQ, 电话, 学号).
//! The check digit of an identity card (GB 11643-1999) is not asked for: a mistyped number still leads to its owner.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Kind;

/// A number found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    /// Bytes of the searchable text.
    pub(super) range: Range<usize>,
    /// What it is.
    pub(super) kind: Kind,
    /// As it is compared: digits and letters only.
    pub(super) canonical: String,
}

/// A pattern whose group 1 or 2, where it has one, is the number.
struct Pattern {
    kind: Kind,
    regex: Regex,
}

/// In the order of their rights: of two that overlap the first one stands.
static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    [
        (Kind::Mail, r"[a-z0-9][a-z0-9._%+-]*(?: ?@ ?| ?[\[(（](?:at|@)[\])）] ?)[a-z0-9-]+(?:\.[a-z0-9-]+)+"),
        // six digits of region, day of birth, three digits, check digit; before 1999 two digits of the year and no check digit
        (
            Kind::Paper,
            r"[1-8]\d{5}[ -]?(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}[\dx]",
        ),
        (Kind::Paper, r"[1-8]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}"),
        (
            Kind::Paper,
            r"(?:身份证|证件|学号|工号|考号|准考证|护照|军官证|通行证|银行卡|卡号|账号|帐号|学籍)(?:号码|号)?[^\da-z\n]{0,4}([a-z]{0,3}\d{5,20}x?)",
        ),
        (
            Kind::Qq,
            r"(?:qq|扣扣|企鹅)(?:群|号码|号|交流|咨询|讨论|答疑|工作|账号|帐号|id)*[^\da-z\n]{0,4}([1-9]\d{4,11})",
        ),
        (
            Kind::WeChat,
            r"(?:微信|vx|wx|wechat|weixin|薇信|威信)(?:号码|号|账号|帐号|id)?(?:(?: ?[:：是为（( ] ?)([a-z0-9][a-z0-9_-]{5,19})|([a-z][a-z0-9_-]{5,19}))",
        ),
        (Kind::WeChat, r"wxid_[a-z0-9]{4,}"),
        (Kind::Phone, r"(?:\+?86[ -]?)?(1[3-9]\d[ -]?\d{4}[ -]?\d{4})"),
        (Kind::Phone, r"[(（]?0\d{2,3}[)）]?[ -]?\d{7,8}(?: ?(?:-|转) ?\d{1,6})?"),
        (Kind::Phone, r"[48]00-\d{3,4}-\d{3,4}"),
        (
            Kind::Phone,
            r"(?:电话|手机|热线|传真|联系方式|致电|tel|phone)(?:号码|号)?[^\d\n]{0,8}(\d{3,4}[ -]?\d{4}(?: ?(?:-|转) ?\d{1,6})?)",
        ),
        // the second of two numbers: 电话：87600001、87600002
        (Kind::Phone, r"(?:电话|手机|热线|传真|联系方式|tel)[^\d\n]{0,8}\d{7,8}[、,，/; ]{1,2}(\d{7,8})"),
    ]
    .into_iter()
    .map(|(kind, pattern)| Pattern { kind, regex: compiled(pattern) })
    .collect()
});

#[expect(clippy::expect_used, reason = "constant patterns; every test that reads a text compiles them")]
fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

/// The numbers in a searchable text; none overlaps another.
pub(super) fn find(text: &str) -> Vec<Number> {
    let mut found: Vec<Number> = Vec::new();
    if !text.bytes().any(|b| b.is_ascii_alphanumeric()) {
        return found;
    }
    for Pattern { kind, regex } in PATTERNS.iter() {
        let mut at = 0;
        while let Some(captured) = regex.captures_at(text, at) {
            let Some(whole) = captured.get(0) else { break };
            let number = captured.get(1).or_else(|| captured.get(2)).unwrap_or(whole);
            at = whole.end().max(at + 1);
            while !text.is_char_boundary(at) {
                at += 1;
            }
            if !stands_alone(text, &number.range(), *kind) || !begins_alone(text, whole.start()) {
                // The next may begin within what was refused.
                at = next_char(text, whole.start());
                continue;
            }
            if found.iter().all(|other| other.range.end <= number.start() || number.end() <= other.range.start) {
                let canonical = canonical(*kind, number.as_str());
                found.push(Number { range: number.range(), kind: *kind, canonical });
            }
        }
    }
    found.sort_by_key(|number| number.range.start);
    found
}

fn next_char(text: &str, at: usize) -> usize {
    at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
}

/// Whether the number is no part of a longer one, and a name on WeChat no part of a longer word.
fn stands_alone(text: &str, range: &Range<usize>, kind: Kind) -> bool {
    let before = text.get(..range.start).and_then(|text| text.chars().next_back());
    let after = text.get(range.end..).and_then(|text| text.chars().next());
    let goes_on = |c: Option<char>| {
        c.is_some_and(|c| {
            c.is_ascii_digit() || (matches!(kind, Kind::Mail | Kind::WeChat) && c.is_ascii_alphanumeric())
        })
    };
    !goes_on(before) && !goes_on(after)
}

/// Whether a label of Latin letters is no end of a longer word.
fn begins_alone(text: &str, start: usize) -> bool {
    let label = text.get(start..).is_some_and(|text| text.starts_with(|c: char| c.is_ascii_lowercase()));
    let before = text.get(..start).and_then(|text| text.chars().next_back());
    !label || !before.is_some_and(|c| c.is_ascii_alphanumeric())
}

fn canonical(kind: Kind, number: &str) -> String {
    match kind {
        Kind::Mail => {
            number.replace(['[', '(', '（', ' '], "").replace("at]", "@").replace("at)", "@").replace("at）", "@")
        }
        Kind::WeChat => number.to_owned(),
        Kind::Person | Kind::Phone | Kind::Paper | Kind::Qq | Kind::Address | Kind::Digest | Kind::Work => {
            number.chars().filter(char::is_ascii_alphanumeric).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(Kind, String)> {
        find(text).into_iter().map(|number| (number.kind, number.canonical)).collect()
    }

    #[test]
    fn numbers_are_known_by_shape_or_by_the_word_before_them() {
        for (text, want) in [
            ("手机13800001111，", vec![(Kind::Phone, "13800001111")]),
            ("138-0000-1111", vec![(Kind::Phone, "13800001111")]),
            ("+86 138 0000 1111", vec![(Kind::Phone, "13800001111")]),
            ("电话:87600001、87600002", vec![(Kind::Phone, "87600001"), (Kind::Phone, "87600002")]),
            ("(028)87600001", vec![(Kind::Phone, "02887600001")]),
            ("身份证11010119900307001x", vec![(Kind::Paper, "11010119900307001x")]),
            ("110101 19900307 0011", vec![(Kind::Paper, "110101199003070011")]),
            ("110101900307001", vec![(Kind::Paper, "110101900307001")]),
            ("学号:2022110123", vec![(Kind::Paper, "2022110123")]),
            ("邮箱:a.b@dhnu.example.cn。", vec![(Kind::Mail, "a.b@dhnu.example.cn")]),
            ("a.b(at)dhnu.example", vec![(Kind::Mail, "a.b@dhnu.example")]),
            ("12345678@qq.example", vec![(Kind::Mail, "12345678@qq.example")]),
            ("qq:12345678", vec![(Kind::Qq, "12345678")]),
            ("qq交流群:123456789", vec![(Kind::Qq, "123456789")]),
            ("加qq群 13800001111", vec![(Kind::Qq, "13800001111")]),
            ("微信号:lin_zy2022", vec![(Kind::WeChat, "lin_zy2022")]),
            ("加微信linzhiyuan", vec![(Kind::WeChat, "linzhiyuan")]),
            ("vx:linzhiyuan", vec![(Kind::WeChat, "linzhiyuan")]),
        ] {
            let want: Vec<(Kind, String)> = want.into_iter().map(|(kind, text)| (kind, text.to_owned())).collect();
            assert_eq!(found(text), want, "{text}");
        }
    }

    #[test]
    fn other_numbers_stay() {
        for text in [
            "2023年4月12日，共260余人",
            "党发〔2023〕17号",
            "20230606164909123",
            "138000019992222",
            "微信公众号:donghai_news2023",
            "http://news.dhnu.example/info/1042/20230412.htm",
            "版本2.0.1，占96.8%",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
