//! The decision about two texts, with its score and its evidence.
//!
//! The score is the part of the shorter text that stands unchanged in the longer one. The rules are in [`verdict`], each
//! with its reason; figures were set on generated reposts and near misses (`benches/works.rs` measures them).

use serde::{Deserialize, Serialize};

use super::Text;
use super::align::{Alignment, Swapped, align, align_if, numeral};
use super::sketch::{common, shingles};

/// Below this part of shingles in common texts are strangers, and nothing is noted of them.
const LEAST_CONTAINED: f64 = 0.5;
/// Below this score two texts are two works.
const LEAST_SCORE: f64 = 0.8;
/// Below this part of the longer text, whatever the titles, the shorter one is not that text.
const LEAST_SIZE: f64 = 0.2;
/// Letters below which a text is a short notice: its few words are all that tells one event from another.
const SHORT: usize = 250;
/// Letters below which a body says nothing without its title (详见附件).
const TINY: usize = 20;
/// Letters from which on, under one title, one number or name may have been corrected.
const LONG: usize = 400;
/// Swaps that evidence names; their number is always told.
const SWAPS_TOLD: usize = 12;

/// What came of comparing two texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Whether they are one work.
    pub same: bool,
    /// The part of the shorter text that stands unchanged in the longer, 0 to 1.
    pub score: f64,
    /// Why.
    pub evidence: Evidence,
}

/// What a decision rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The rule that decided, as a stable word.
    pub rule: String,
    /// Shingles of four letters in both, of those in either, 0 to 1.
    pub jaccard: f64,
    /// How the titles compare.
    pub titles: TitleRelation,
    /// Letters of the shorter body.
    pub letters: usize,
    /// Letters only in the first text.
    pub removed: usize,
    /// Letters only in the second text.
    pub added: usize,
    /// Numbers, names, words swapped for others.
    pub swapped: [usize; 3],
    /// The first of them.
    pub swaps: Vec<Swap>,
}

/// Letters that stand in place of others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swap {
    /// What they are.
    pub kind: SwapKind,
    /// In the first text.
    pub old: String,
    /// In the second text.
    pub new: String,
}

/// What was swapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SwapKind {
    /// Digits, dates, ordinals.
    Number,
    /// What looks like a person's name.
    Name,
    /// Anything else.
    Words,
}

/// How two titles compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TitleRelation {
    /// The same letters.
    Same,
    /// One stands in the other.
    Contained,
    /// Neither, but they name no different numbers.
    Retitled,
    /// They name different numbers: 第一期, 第二期.
    Numbered,
}

impl TitleRelation {
    fn is_one(self) -> bool {
        matches!(self, Self::Same | Self::Contained)
    }
}

/// Compares two texts; `None` where they have too little in common to say anything of.
pub fn compare(a: &Text, b: &Text) -> Option<Comparison> {
    let common = in_common(a, b)?;
    Some(decide(a, b, &align(a, b), common))
}

/// What [`compare`] gives for two texts of one work, at much less cost for all others.
pub fn one(a: &Text, b: &Text) -> Option<Comparison> {
    let (shorter, longer) = (a.body.len().min(b.body.len()), a.body.len().max(b.body.len()));
    if ratio(shorter, longer) < LEAST_SIZE {
        return None;
    }
    // One less than the score asks for, since a score is rounded.
    let least = (shorter * 8 / 10).saturating_sub(1);
    let allowed = usize::from(shorter >= LONG && titles(&a.title, &b.title).is_one());
    let too_many = |swaps: &[Swapped], kind: SwapKind| {
        swaps.iter().filter_map(swap).filter(|swap| swap.kind == kind).count() > allowed
    };
    let hopeless = |swaps: &[Swapped]| too_many(swaps, SwapKind::Number) || too_many(swaps, SwapKind::Name);
    let alignment = align_if(a, b, least, hopeless)?;
    let likely = decide(a, b, &alignment, 0.0).same;
    let found = likely.then(|| in_common(a, b)).flatten().map(|jaccard| decide(a, b, &alignment, jaccard));
    found.filter(|found| found.same)
}

/// Jaccard similarity of the two; `None` for strangers.
fn in_common(a: &Text, b: &Text) -> Option<f64> {
    let (jaccard, contained) = overlap(&shingles(a), &shingles(b));
    (contained >= LEAST_CONTAINED).then_some(jaccard)
}

fn decide(a: &Text, b: &Text, alignment: &Alignment, jaccard: f64) -> Comparison {
    let letters = a.body.len().min(b.body.len());
    let swaps: Vec<Swap> = alignment.swaps.iter().filter_map(swap).collect();
    let count = |kind| swaps.iter().filter(|swap| swap.kind == kind).count();
    let score = rounded(ratio(alignment.matched, letters)).min(1.0);
    let mut evidence = Evidence {
        rule: String::new(),
        jaccard: rounded(jaccard),
        titles: titles(&a.title, &b.title),
        letters,
        removed: alignment.removed,
        added: alignment.added,
        swapped: [count(SwapKind::Number), count(SwapKind::Name), count(SwapKind::Words)],
        swaps: Vec::new(),
    };
    let (same, rule) = verdict(&evidence, &swaps, score, ratio(letters, a.body.len().max(b.body.len())), alignment);
    rule.clone_into(&mut evidence.rule);
    evidence.swaps = swaps.into_iter().take(SWAPS_TOLD).collect();
    Comparison { same, score, evidence }
}

/// The rules, in order. `size` is the shorter body's length of the longer one's.
fn verdict(evidence: &Evidence, swaps: &[Swap], score: f64, size: f64, alignment: &Alignment) -> (bool, &'static str) {
    let [numbers, names, words] = evidence.swapped;
    let one_title = evidence.titles.is_one();
    let identical = swaps.is_empty() && alignment.removed == 0 && alignment.added == 0;
    let worded = swaps.iter().filter(|swap| swap.kind == SwapKind::Words);
    let worded: usize = worded.map(|swap| swap.old.chars().count().max(swap.new.chars().count())).sum();
    let worded = ratio(worded, evidence.letters);
    let short = evidence.letters < SHORT;
    // In a long text under one title a figure or a name may have been put right.
    let corrected = usize::from(evidence.letters >= LONG && one_title && score >= 0.95);
    if score < LEAST_SCORE {
        return (false, "little-in-common");
    }
    if evidence.letters < TINY && !one_title {
        return (false, "tiny-under-another-title");
    }
    // A round-up that holds a notice whole is not the notice.
    if size < if one_title { LEAST_SIZE } else { 0.4 } {
        return (false, "small-part");
    }
    if numbers > corrected {
        return (false, "numbers-swapped");
    }
    if names > corrected {
        return (false, "names-swapped");
    }
    if evidence.titles == TitleRelation::Numbered && (short || !identical) {
        return (false, "titles-numbered");
    }
    // Under another title a few sentences of its own tell a short text from another with the same phrases of the day.
    if short && !one_title && alignment.removed.min(alignment.added) * 10 > evidence.letters {
        return (false, "short-and-each-has-its-own");
    }
    match (one_title, short) {
        (false, true) if words > 0 => (false, "short-and-reworded-under-another-title"),
        (false, false) if worded > 0.02 => (false, "reworded-under-another-title"),
        (true, true) if words > 1 || worded > 0.05 => (false, "short-and-reworded"),
        (true, false) if worded > 0.10 => (false, "reworded"),
        _ if identical => (true, "same-letters"),
        _ => (true, "same-text"),
    }
}

/// Jaccard similarity of two ascending lists, and the part of the shorter one that is in both.
fn overlap(a: &[u64], b: &[u64]) -> (f64, f64) {
    let common = common(a, b);
    (ratio(common, a.len() + b.len() - common), ratio(common, a.len().min(b.len())))
}

/// What a swap is; `None` where one number is only written another way (第一期, 第1期).
fn swap(swapped: &Swapped) -> Option<Swap> {
    let numbers = |letters: &[char]| letters.iter().map(|c| numeral(*c)).collect::<Option<Vec<u32>>>();
    let (old, new) = (numbers(&swapped.old), numbers(&swapped.new));
    if old.is_some() && old == new {
        return None;
    }
    let digits = swapped.old.iter().chain(&swapped.new).any(char::is_ascii_digit);
    let kind = if digits || (old.is_some() && new.is_some()) {
        SwapKind::Number
    } else if is_name(swapped) {
        SwapKind::Name
    } else {
        SwapKind::Words
    };
    Some(Swap { kind, old: swapped.old.iter().collect(), new: swapped.new.iter().collect() })
}

/// Whether a swap is more than another way to write a number.
pub(super) fn is_change(swapped: &Swapped) -> bool {
    swap(swapped).is_some()
}

/// The hundred commonest surnames, for short words that stand in each other's place.
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴\
    夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文";

/// Whether two short words look like names: both begin with a surname, or differ behind the same one.
fn is_name(swapped: &Swapped) -> bool {
    let surname = |c: Option<&char>| c.is_some_and(|c| SURNAMES.contains(*c));
    let (old, new) = (&swapped.old, &swapped.new);
    let short = |most: usize| (1..=most).contains(&old.len()) && (1..=most).contains(&new.len());
    (short(4) && surname(old.first()) && surname(new.first())) || (short(2) && surname(swapped.before.as_ref()))
}

fn titles(a: &[char], b: &[char]) -> TitleRelation {
    let (shorter, longer) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if a == b {
        TitleRelation::Same
    } else if shorter.len() >= 6 && longer.windows(shorter.len()).any(|part| part == shorter) {
        TitleRelation::Contained
    } else if numbers_of(a) != numbers_of(b) && !numbers_of(a).is_empty() && !numbers_of(b).is_empty() {
        TitleRelation::Numbered
    } else {
        TitleRelation::Retitled
    }
}

/// Numbers a title names: runs of digits, and what stands behind 第.
fn numbers_of(title: &[char]) -> Vec<Vec<u32>> {
    let mut numbers = Vec::new();
    let mut run: Vec<u32> = Vec::new();
    let mut counts = false;
    let mut before = None;
    for c in title.iter().copied().chain(['\n']) {
        match numeral(c) {
            Some(digit) => {
                counts |= c.is_ascii_digit() || (run.is_empty() && before == Some('第'));
                run.push(digit);
            }
            None if counts && !run.is_empty() => numbers.push(std::mem::take(&mut run)),
            None => run.clear(),
        }
        counts &= !run.is_empty();
        before = Some(c);
    }
    numbers
}

#[expect(clippy::cast_precision_loss, reason = "letters of a text are few")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Four digits: enough to explain, and the same wherever it is computed.
fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTICE: &str = "定于6月6日下午在图书馆报告厅举办主题教育专题讲座，主讲人为马克思主义学院教授林知远。\
        请各支部组织党员准时参加，并做好考勤。";

    fn decided(a: (&str, &str), b: (&str, &str)) -> Option<(bool, String)> {
        let text = |(title, body)| Text::new(title, body, &[]).unwrap();
        let one = compare(&text(a), &text(b));
        let other = compare(&text(b), &text(a));
        assert_eq!(one.as_ref().map(|c| c.same), other.map(|c| c.same), "whichever is named first");
        one.map(|c| (c.same, c.evidence.rule))
    }

    #[test]
    fn short_notices() {
        let title = "关于举办主题教育专题讲座的通知";
        let swap = |from: &str, to: &str| NOTICE.replace(from, to);
        for (other_title, body, same, rule) in [
            (title, NOTICE.to_owned(), true, "same-letters"),
            ("讲座通知", NOTICE.to_owned(), true, "same-letters"),
            (title, swap("举办", "举行"), true, "same-text"),
            ("讲座通知", swap("举办", "举行"), false, "short-and-reworded-under-another-title"),
            (title, swap("6月6日", "6月16日"), false, "numbers-swapped"),
            (title, swap("林知远", "邓晨"), false, "names-swapped"),
            (title, swap("图书馆报告厅", "明理楼阶梯教室"), false, "short-and-reworded"),
            (title, format!("{NOTICE}\n讲座结束后请各支部于本周内上报学习总结。"), true, "same-text"),
            (title, NOTICE.split('。').next().unwrap().to_owned(), true, "same-text"),
            ("党课预告", format!("{NOTICE}联系人为组织员邓晨。"), true, "same-text"),
        ] {
            let got = decided((title, NOTICE), (other_title, &body));
            assert_eq!(got, Some((same, rule.to_owned())), "{other_title} {body}");
        }
    }

    #[test]
    fn phrases_of_the_day_make_no_work() {
        let (a, b) = (format!("{NOTICE}会后参观校史馆新展厅。"), format!("{NOTICE}由组织员邓晨负责签到考勤事宜。"));
        let (one, another) = ("关于举办讲座的通知", "党课预告");
        assert_eq!(decided((one, &a), (another, &b)).unwrap(), (false, "short-and-each-has-its-own".to_owned()));
        assert_eq!(decided((one, &a), (one, &b)).unwrap(), (true, "same-text".to_owned()));
        assert_eq!(decided((one, &a), (another, NOTICE)).unwrap(), (true, "same-text".to_owned()));
    }

    #[test]
    fn titles_weigh() {
        let body = "详见附件。";
        assert_eq!(decided(("停水通知", body), ("放假通知", body)).unwrap().1, "tiny-under-another-title");
        let one = decided(("读书班第一期", NOTICE), ("读书班第二期", NOTICE));
        assert_eq!(one.unwrap(), (false, "titles-numbered".to_owned()));
        assert_eq!(titles(&['第', '一'], &['第', '1']), TitleRelation::Retitled, "one number in two writings");
    }

    #[test]
    fn strangers_are_not_noted() {
        assert_eq!(decided(("题", NOTICE), ("题", "图书馆周五闭馆。请相互转告。")), None);
    }
}
