//! Where the text is when it is hardly prose: a notice of one line, a list of names, a table of marks.
//!
//! Such a text is known by its place alone: it stands under the headline, behind a line that holds a day. Without both
//! there is none, since the same lines anywhere else are a menu, a form, an imprint.

use std::ops::Range;

use super::outline::{Outline, PageLine};
use super::score::{Sums, print_worth};

/// Least printed characters outside links of such a text.
const LEAST: i64 = 12;
/// Characters between headline and text at most, links not counted: meta line, subtitle, share bar.
const NEAR: usize = 200;

/// Under a headline, the first block named like a body that is not links.
pub(super) fn named(outline: &Outline, sums: &Sums, title: usize) -> Option<usize> {
    outline.blocks.iter().position(|block| {
        let (chars, linked) = sums.printed(&block.lines);
        block.body_name && block.lines.start > title && chars > 0 && linked * 2 <= chars
    })
}

/// Within the headline's own lines, the block behind its day that prints most outside links, and how much that is.
pub(super) fn under(outline: &Outline, sums: &Sums, own: &Range<usize>) -> Option<(usize, i64)> {
    let lines = outline.lines.get(own.clone())?;
    let day = own.start + 1 + lines.iter().skip(1).take_while(|line| !is_long(line)).position(has_day)?;
    let worths = prefix(lines);
    let worth = |range: &Range<usize>| {
        let at = |line: usize| worths.get(line.saturating_sub(own.start)).copied().unwrap_or_default();
        at(range.end) - at(range.start)
    };
    let mut best: Option<(usize, i64)> = None;
    for (at, block) in outline.blocks.iter().enumerate() {
        if block.leaf || block.lines.start <= day || block.lines.end > own.end {
            continue;
        }
        let (chars, linked) = sums.printed(&(own.start + 1..block.lines.start));
        let worth = worth(&block.lines);
        // Of equals the later is the deeper, tighter one.
        if worth >= LEAST && chars.saturating_sub(linked) <= NEAR && best.is_none_or(|(_, most)| worth >= most) {
            best = Some((at, worth));
        }
    }
    best
}

/// Sums of what lines print outside links, less what they print in links and as furniture.
fn prefix(lines: &[PageLine]) -> Vec<i64> {
    let mut sum = 0;
    let mut sums = vec![0];
    for line in lines {
        sum += print_worth(line);
        sums.push(sum);
    }
    sums
}

fn is_long(line: &PageLine) -> bool {
    line.marks >= 2 && line.chars > NEAR / 2
}

/// `2023-06-06`, `2023年06月`, `2023/6/6`, `2023.6.6`: a year of this time and what follows one.
fn has_day(line: &PageLine) -> bool {
    let text = line.text.as_str();
    text.match_indices(['1', '2']).any(|(at, _)| {
        let year = text.get(at..at + 4).filter(|year| year.bytes().all(|b| b.is_ascii_digit()));
        let rest = text.get(at + 4..).map(str::trim_start).unwrap_or_default();
        let month = rest.strip_prefix(['-', '/', '.', '年']).map(str::trim_start).unwrap_or_default();
        year.is_some_and(|year| year.starts_with("19") || year.starts_with("20"))
            && month.starts_with(|c: char| c.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use crate::extract::generic::{find, outline::Outline};
    use scraper::Html;

    /// First and last line of the text of a page whose headline is its first line.
    fn ends(html: &str) -> Option<(String, String)> {
        let doc = Html::parse_document(html);
        let outline = Outline::of(&doc);
        let found = find(&outline, Some(0))?;
        let lines = outline.lines.get(outline.lines_of(found.id)?)?;
        Some((lines.first()?.text.trim().to_owned(), lines.last()?.text.trim().to_owned()))
    }

    const FOOTER: &str = "<div class=end><div>地址：云岭市学府路一号，电话：12345678，欢迎来访，谢谢。</div></div>";

    #[test]
    fn a_table_under_headline_and_day_is_a_text() {
        let rows = "<tr><td><p>1001</p></td><td><p>李禾</p></td><td><p>优</p></td></tr>".repeat(60);
        let page = format!(
            "<div><h3>培训班成绩公示</h3><div>发布时间：2023年06月06日</div><div id=x><p>现将成绩公示如下：</p><table>{rows}</table>
            <p>学院党委</p></div></div><ul><li><a>上一条：关于放假的通知</a></li></ul>{FOOTER}"
        );
        assert_eq!(ends(&page), Some(("现将成绩公示如下：".to_owned(), "学院党委".to_owned())));
    }

    #[test]
    fn without_a_day_there_is_no_such_text() {
        let page = "<div><h3>学院概况与办学条件</h3><div id=x><p>教学楼三座</p><p>实验室十间</p></div></div>";
        assert_eq!(ends(page), None);
    }

    #[test]
    fn a_named_block_under_the_headline_beats_a_box_further_on() {
        let page = "<div><h1>东湖秋景一组</h1><div class=article_content><p>东湖师范大学供图</p></div></div>
            <div class=box><p>说明：余额可以用来兑换纪念品，兑换之后不能退回，也不能转让给其他的人，请在兑换之前想好。</p></div>";
        assert_eq!(ends(page).map(|ends| ends.0).as_deref(), Some("东湖师范大学供图"));
    }
}
