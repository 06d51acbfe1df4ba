//! What stands beside a stretch that may be a name: whether a person fits there.
//!
//! The likeliest reading judges the characters alone, so a name that is a word (秦国), or has a surname hardly anybody has
//! (宝筱), loses against words. Chinese has few words that persons alone stand beside, but many that persons mostly do: who
//! is asked, thanked, waited for; who speaks, comes from a place, has a father. One on each side is reason enough.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::TITLES;
use crate::veil::skeleton::is_han;

/// How much stands beside a name that it takes to count: a word on one side, and on the other at least a clause's end.
pub(super) const ENOUGH: u8 = 3;

/// Verbs and prepositions that persons follow, and what persons are.
const BEFORE: &str = "请 让 叫 给 向 跟 同 和 与 问 找 教 帮 陪 替 送 谢 感谢 祝贺 看到 见到 遇到 想到 想起 等到 轮到 听到 知道 得知 \
    说到 提到 写给 交给 送给 寄给 站着 坐着 住着 躺着 有 是 由 被 把 对 记在 名叫 叫做 如 及 学生 老师 同学 记者 作者 组长 队长 班长 \
    书记 主任 委员 院长 校长 教授 博士 医生 护士 师傅 辅导员 志愿者 党员 干部";
/// Words of time, behind which a clause may as well begin.
const TIMES: &str = "清晨 早上 早晨 上午 中午 下午 傍晚 晚上 当晚 深夜 今天 昨天 当天 那天 这天 当时 此时 这时 后来 随后 最后 终于 其中 会上";
/// What persons do, and how a clause goes on behind them.
const AFTER: &str = "说 道 问 答 想 笑 喊 把 将 被 给 会 从 在 也 就 都 却 正 已 曾 又 再 才 还 不 没 来 去 一直 时 写 递 作 做 走 站 坐 拿 带 \
    跑 读 讲 谈 和 与 跟 等 吧 呢 名下 表示 认为 介绍 指出 回忆 告诉 获 为 对";
/// Whom and what persons have.
const HAS: &str = "父亲 母亲 父母 爸爸 妈妈 爷爷 奶奶 儿子 女儿 哥哥 姐姐 弟弟 妹妹 丈夫 妻子 爱人 家人 同学 老师 导师 室友 朋友 学生 徒弟 \
    师傅 心得 感悟 发言 作品 论文";
/// How a person is introduced or addressed, behind a comma.
const INTRODUCED: &str = "你 您 男 女 来自 生于 出生 现任 时任 毕业 汉族 中共 就读";
/// Ends of names of files, which are often persons' names: 附件：陶岚.docx.
const FILES: [&str; 10] = [".doc", ".pdf", ".xls", ".ppt", ".jpg", ".jpeg", ".png", ".txt", ".zip", ".mp4"];

/// Words, each with what it tells, by the character they are looked up by.
struct Words(HashMap<char, Vec<(&'static str, u8)>>);

impl Words {
    fn of(lists: [(&[&'static str], u8); 2], key: fn(&str) -> Option<char>) -> Self {
        let mut words: HashMap<char, Vec<_>> = HashMap::new();
        for (list, tells) in lists {
            for word in list.iter().flat_map(|words| words.split(' ')) {
                if let Some(key) = key(word) {
                    words.entry(key).or_default().push((word, tells));
                }
            }
        }
        Self(words)
    }

    /// The most that a word tells which stands there.
    fn tell(&self, key: Option<char>, stands: impl Fn(&str) -> bool) -> u8 {
        let words = key.and_then(|key| self.0.get(&key)).into_iter().flatten();
        words.filter(|(word, _)| stands(word)).map(|(_, tells)| *tells).max().unwrap_or_default()
    }
}

fn first(text: &str) -> Option<char> {
    text.chars().next()
}

fn last(text: &str) -> Option<char> {
    text.chars().next_back()
}

static ON_THE_LEFT: LazyLock<Words> = LazyLock::new(|| Words::of([(&[BEFORE], 2), (&[TIMES], 1)], last));
static ON_THE_RIGHT: LazyLock<Words> = LazyLock::new(|| Words::of([(&[AFTER], 2), (TITLES, 2)], first));
static BELONGINGS: LazyLock<Words> = LazyLock::new(|| Words::of([(&[HAS], 2), (&[], 0)], first));
static INTRODUCTIONS: LazyLock<Words> = LazyLock::new(|| Words::of([(&[INTRODUCED], 2), (&[], 0)], first));

/// How well a person fits between the text `before` was told of and this one, folded both: two for a word on one side, one for
/// a clause's end.
pub(super) fn fits(before: u8, right: &str) -> u8 {
    if right.starts_with('.') && FILES.iter().any(|end| right.starts_with(end)) {
        return ENOUGH;
    }
    // Without anything before it, nothing behind it makes it enough.
    if before == 0 { 0 } else { before + after(right) }
}

/// How well a person fits behind this text.
pub(super) fn before(left: &str) -> u8 {
    match last(left).filter(|last| is_han(*last)) {
        Some(last) => ON_THE_LEFT.tell(Some(last), |word| left.ends_with(word)),
        None => 1,
    }
}

fn after(right: &str) -> u8 {
    let tell = |words: &Words, text: &str| words.tell(first(text), |word| text.starts_with(word));
    if let Some(what) = right.strip_prefix('的') {
        return tell(&BELONGINGS, what).max(1);
    }
    match first(right).filter(|first| is_han(*first)) {
        Some(_) => tell(&ON_THE_RIGHT, right),
        None => right.strip_prefix(',').map_or(1, |what| tell(&INTRODUCTIONS, what).max(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_fits_where_words_on_both_sides_say_so() {
        for (left, right, want) in [
            ("大家请", "再讲一遍", 4),
            ("照片左起第三人是", "。", 3),
            ("", ",来自云水县", 3),
            ("“", "的父亲在矿上", 3),
            ("那天傍晚", "一直留在实验室", 3),
            ("感谢", "老师的指导", 4),
            ("材料见附件", ".docx及附表", 3),
            ("", "的精神", 2),
            ("讲", "说", 0),
            ("建设", "校园", 0),
        ] {
            assert_eq!(fits(before(left), right), want, "{left}…{right}");
        }
    }
}
