//! Where the text is on a page no family knows.
//!
//! The page is taken as lines and the blocks that hold them (`outline`). A line of prose counts for its block, a line of
//! links or furniture against it; the block with the largest sum holds the article. That is one prefix sum over the
//! lines, so it is linear in the page, and the tightest block around the text wins by itself, since everything else
//! inside a wider one counts against it. Names of classes only weigh (`hint`).

pub(crate) mod hint;
pub(crate) mod outline;
mod score;
mod short;

use std::collections::HashSet;
use std::ops::Range;

use ego_tree::NodeId;

use outline::{Block, Outline};
use score::Sums;

/// Least sum of a block that is believed to be an article: about two sentences.
const LEAST: i64 = 45;
/// A block whose sum is less may be a box of the page: a short text under the headline goes before it.
const SURE: i64 = 200;
/// A block named like a body by convention wins with this share of the best sum, in percent.
const NAMED_SHARE: i64 = 60;

/// The block that holds the text.
#[derive(Debug)]
pub(crate) struct Found {
    /// Its element.
    pub(crate) id: NodeId,
    /// Subtrees in it that are not text.
    pub(crate) dropped: HashSet<NodeId>,
}

/// Finds it; `None` where no block has as much as two sentences of prose. `title` is the headline's line: on pages that
/// string several articles together, the one under the page's own headline counts.
pub(crate) fn find(outline: &Outline, title: Option<usize>) -> Option<Found> {
    let sums = Sums::of(outline);
    let whole = 0..outline.lines.len();
    let mut prose = best(outline, &sums, &whole);
    if let Some(own) = title.map(|title| own_lines(outline, title)) {
        let apart = |at: usize| outline.blocks.get(at).is_some_and(|block| !meet(&block.lines, &own));
        if prose.is_some_and(apart) {
            prose = best(outline, &sums, &own).or(prose);
        }
        prose = short_text(outline, &sums, &own, prose).or(prose);
    }
    let at = prose?;
    Some(Found { id: outline.blocks.get(at)?.id, dropped: furniture(outline, at, &sums) })
}

/// From the headline to the next headline of the first level.
fn own_lines(outline: &Outline, title: usize) -> Range<usize> {
    let after = outline.lines.get(title + 1..).unwrap_or_default();
    // A headline's own element may print more lines (a button to listen to it).
    let own = after.iter().take_while(|line| line.heading == 1).count();
    let next = after.iter().skip(own).position(|line| line.heading == 1);
    title..next.map_or(outline.lines.len(), |next| title + 1 + own + next)
}

/// A text under the headline that is hardly prose, where the prose found is none or a small box elsewhere.
fn short_text(outline: &Outline, sums: &Sums, own: &Range<usize>, prose: Option<usize>) -> Option<usize> {
    let lines = prose.and_then(|at| outline.blocks.get(at)).map(|block| &block.lines);
    let sum = lines.map_or(0, |lines| sums.value(lines));
    if sum >= SURE {
        return None;
    }
    let apart = |at: &usize| outline.blocks.get(*at).is_some_and(|block| lines.is_none_or(|l| !meet(l, &block.lines)));
    let under = || short::under(outline, sums, own).filter(|(_, printed)| *printed > sum).map(|(at, _)| at);
    short::named(outline, sums, own.start).or_else(under).filter(apart)
}

fn meet(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// The block within these lines with the largest sum; one named like a body is preferred.
fn best(outline: &Outline, sums: &Sums, within: &Range<usize>) -> Option<usize> {
    let mut best: Option<(usize, i64)> = None;
    let mut named: Option<(usize, i64)> = None;
    let inside = |block: &Block| !block.leaf && block.lines.start >= within.start && block.lines.end <= within.end;
    for (at, block) in outline.blocks.iter().enumerate().filter(|(_, block)| inside(block)) {
        let sum = sums.value(&block.lines);
        // Of equals the later is the deeper, tighter one.
        if best.is_none_or(|(_, most)| sum >= most) {
            best = Some((at, sum));
        }
        if block.body_name && named.is_none_or(|(_, most)| sum >= most) {
            named = Some((at, sum));
        }
    }
    let (widest, most) = best.filter(|(_, sum)| *sum >= LEAST)?;
    Some(named.filter(|(_, sum)| *sum * 100 >= most * NAMED_SHARE).map_or(widest, |(at, _)| at))
}

/// Blocks inside the text that are lists of links or named like furniture, and carry no prose worth it.
fn furniture(outline: &Outline, at: usize, sums: &Sums) -> HashSet<NodeId> {
    let Some(body) = outline.blocks.get(at) else { return HashSet::new() };
    let inside = outline
        .blocks
        .iter()
        .skip(at + 1)
        .take_while(|block| block.lines.start < body.lines.end && block.depth > body.depth);
    inside
        .filter(|block| !block.lines.is_empty() && block.lines.len() < body.lines.len())
        .filter(|block| {
            let (chars, linked) = sums.printed(&block.lines);
            let links = linked * 2 > chars && (block.lines.len() > 1 || linked > 12);
            let bad = sums.value(&block.lines) < 0;
            (bad && links && !block.leaf) || (block.aside && !sums.is_excused(&block.lines))
        })
        .map(|block| block.id)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::{ElementRef, Html};

    fn text_of(html: &str) -> Option<String> {
        let doc = Html::parse_document(html);
        let found = find(&Outline::of(&doc), None)?;
        let body = doc.tree.get(found.id).and_then(ElementRef::wrap)?;
        let prose = crate::extract::article::prose::read(&[body], &found.dropped);
        Some(prose.lines().map(|line| line.text.clone()).collect::<Vec<_>>().join("\n"))
    }

    #[test]
    fn the_block_of_prose_wins_over_links_and_footers() {
        let page = "<div><ul><li><a>学校首页</a></li><li><a>新闻中心</a></li><li><a>人才培养，招生就业</a></li></ul></div>
            <div class=wrap><div><h1>我校召开会议</h1><div>2023-06-06 来源：校报</div>
            <div class=x><p>六月六日，云岭理工大学召开会议，总结上半年工作，部署下半年任务。</p><p>校长李禾主持会议，各学院负责人参加，会议认为成绩来之不易。</p>
            <ul><li><a>相关新闻一，很长的标题在这里</a></li><li><a>相关新闻二，很长的标题在这里</a></li></ul></div></div></div>
            <div class=footer>版权所有：云岭理工大学，地址：云岭市学府路一号，邮编：000000，电话：12345678</div>";
        assert_eq!(
            text_of(page).as_deref(),
            Some(
                "我校召开会议\n2023-06-06 来源：校报\n六月六日，云岭理工大学召开会议，总结上半年工作，部署下半年任务。\n校长李禾主持会议，各学院负责人参加，会议认为成绩来之不易。"
            )
        );
    }

    #[test]
    fn a_page_of_links_has_no_text() {
        let list = "<li><a href=/1>学院召开第三次会议，部署工作</a></li>".repeat(40);
        assert_eq!(text_of(&format!("<ul>{list}</ul>")), None);
    }
}
