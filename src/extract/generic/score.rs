//! What a line counts for or against the block that holds it, and sums over ranges of lines.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::outline::{Outline, PageLine};

/// Words of page furniture that reads like prose: imprints, disclaimers, calls to share.
const BOILERPLATE: &[&str] = &[
    "版权所有",
    "Copyright",
    "copyright",
    "©",
    "ICP备",
    "公网安备",
    "技术支持",
    "主办单位：",
    "网友评论仅供",
    "未经授权",
    "不得转载",
    "免责声明",
    "版权声明",
    "扫一扫",
    "扫描二维码",
    "许可证",
    "违法和不良信息",
    "举报电话",
    "Cookie",
    "浏览器版本",
    "客户端下载",
    "转载请注明",
    "仅代表作者",
    "本网站所刊载",
    "侵权",
    "建议使用",
    "登录后",
    "发表评论",
    "自觉遵守",
    "邮政编码",
    "邮编：",
];
/// All of [`BOILERPLATE`], looked for at once.
static BOILERPLATE_WORDS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(BOILERPLATE).ok());
/// What one line counts at most: a single huge line (a script's leftovers, a terms-of-use page) is no article.
const MOST: usize = 2000;

/// Prefix sums over the lines of a page.
#[derive(Debug)]
pub(super) struct Sums {
    excused: Vec<Range<usize>>,
    value: Vec<i64>,
    chars: Vec<usize>,
    linked: Vec<usize>,
}

impl Sums {
    pub(super) fn of(outline: &Outline) -> Self {
        let excused = excused(outline);
        let mut sums = Self { excused: Vec::new(), value: vec![0], chars: vec![0], linked: vec![0] };
        let (mut value, mut chars, mut linked) = (0, 0, 0);
        for (at, line) in outline.lines.iter().enumerate() {
            let aside = line.aside && !excused.iter().any(|range| range.contains(&at));
            value += worth(line, aside);
            chars += line.chars;
            linked += line.linked;
            sums.value.push(value);
            sums.chars.push(chars);
            sums.linked.push(linked);
        }
        sums.excused = excused;
        sums
    }

    /// Whether a block's name was found to be wrong.
    pub(super) fn is_excused(&self, lines: &Range<usize>) -> bool {
        self.excused.contains(lines)
    }

    /// The sum of a range.
    pub(super) fn value(&self, range: &Range<usize>) -> i64 {
        let at = |index: usize| self.value.get(index).copied().unwrap_or_default();
        at(range.end) - at(range.start)
    }

    /// Characters of a range, and those of them in links.
    pub(super) fn printed(&self, range: &Range<usize>) -> (usize, usize) {
        let of = |sums: &[usize]| {
            let at = |index: usize| sums.get(index).copied().unwrap_or_default();
            at(range.end).saturating_sub(at(range.start))
        };
        (of(&self.chars), of(&self.linked))
    }
}

/// What a line counts where its place and not its prose makes a text: characters outside links for, in links or as
/// furniture against.
pub(super) fn print_worth(line: &PageLine) -> i64 {
    let signed = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let (own, linked) = (signed(line.chars.saturating_sub(line.linked)), signed(line.linked));
    match worth(line, line.aside) {
        0 if line.aside => 0,
        worth if worth < -2 => worth,
        _ => own.min(signed(MOST)) - linked,
    }
}

/// Blocks named like furniture that hold most of the page's prose: the name is wrong, not the text.
fn excused(outline: &Outline) -> Vec<Range<usize>> {
    let prose = |range: &Range<usize>| -> i64 {
        outline.lines.get(range.clone()).unwrap_or_default().iter().map(|line| worth(line, false).max(0)).sum()
    };
    let all = prose(&(0..outline.lines.len()));
    let suspects =
        outline.blocks.iter().filter(|block| block.aside && block.lines.len() * 4 > outline.lines.len().min(40));
    // Named blocks do not nest in the outline, so these ranges are looked at once each.
    suspects.filter(|block| prose(&block.lines) * 2 > all).map(|block| block.lines.clone()).collect()
}

/// Prose for, links and furniture against.
fn worth(line: &PageLine, aside: bool) -> i64 {
    let own = line.chars.saturating_sub(line.linked);
    let signed = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    if aside {
        // Left out of the text anyway, so it is no reason against the block around it.
        return 0;
    }
    let has_words = || BOILERPLATE_WORDS.as_ref().is_some_and(|words| words.is_match(&line.text));
    if *line.boilerplate.get_or_init(has_words) {
        return -signed(line.chars.min(60)) / 2 - 4;
    }
    if line.linked * 2 > line.chars {
        return -signed(line.linked.min(40)) / 2 - 6;
    }
    let prose = (line.marks >= 1 && own >= 12) || own >= 40;
    match (line.heading > 0, prose, line.marks >= 1 && own >= 5) {
        (true, _, _) => 0,
        (false, true, _) => signed(own.min(MOST)),
        (false, false, true) => signed(own) / 2,
        (false, false, false) => -2,
    }
}
