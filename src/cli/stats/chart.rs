//! A breakdown as an SVG picture: a bar a class. Text stays text, in whatever font for Chinese the viewer has.

use plotters::coord::Shift;
use plotters::drawing::DrawingAreaErrorKind;
use plotters::prelude::{
    BLACK, DrawingArea, IntoDrawingArea as _, IntoFont as _, RGBColor, Rectangle, SVGBackend, Text, TextStyle, WHITE,
};
use plotters::style::Color as _;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::super::output;
use crate::domain::statistics::{Breakdown, Tally};

/// Fonts with Chinese characters on the common systems; the last is the viewer's own choice.
const FONTS: &str = "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, WenQuanYi Zen Hei, sans-serif";
/// Classes drawn of one breakdown; months are all drawn.
const DRAWN: usize = 30;
/// Cells of a label; what is longer is cut.
const LABEL: usize = 36;
/// Pixels: the picture's width, a row's height, where bars begin and end, the room above and below.
const WIDTH: i32 = 900;
const ROW: i32 = 26;
const BARS: (i32, i32) = (300, 820);
const ABOVE: i32 = 60;
const BELOW: i32 = 34;
const BAR: RGBColor = RGBColor(0x9b, 0x2c, 0x2c);
const GREY: RGBColor = RGBColor(0x66, 0x66, 0x66);

type Drawn<T = ()> = Result<T, DrawingAreaErrorKind<std::io::Error>>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// The picture.
pub(super) fn draw(by: Breakdown, tallies: &[Tally]) -> Drawn<String> {
    let bars = bars(by, tallies);
    let drawn = if by == Breakdown::Month { bars.len() } else { DRAWN.min(bars.len()) };
    let rows = i32::try_from(drawn).unwrap_or(i32::MAX / ROW - 100);
    let height = ABOVE + ROW * rows + BELOW;
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH.unsigned_abs(), height.unsigned_abs())).into_drawing_area();
        area.fill(&WHITE)?;
        write(&area, title(by), (20, 18), (20, HPos::Left, BLACK))?;
        let most = bars.iter().take(drawn).map(|(_, number)| *number).max().unwrap_or(0).max(1);
        for ((label, number), y) in bars.iter().take(drawn).zip((0..).map(|at| ABOVE + ROW * at)) {
            let end = BARS.0 + length(*number, most);
            write(&area, label, (BARS.0 - 10, y + 4), (14, HPos::Right, BLACK))?;
            area.draw(&Rectangle::new([(BARS.0, y + 2), (end, y + ROW - 4)], BAR.filled()))?;
            write(&area, &number.to_string(), (end + 6, y + 4), (14, HPos::Left, BLACK))?;
        }
        write(&area, &remark(bars.len() - drawn), (20, height - BELOW + 10), (12, HPos::Left, GREY))?;
        area.present()?;
    }
    Ok(svg)
}

fn write(area: &Area<'_>, text: &str, at: (i32, i32), (size, edge, colour): (i32, HPos, RGBColor)) -> Drawn {
    let style = TextStyle::from((FONTS, size).into_font()).pos(Pos::new(edge, VPos::Top)).color(&colour);
    area.draw(&Text::new(text.to_owned(), at, style))
}

/// Pixels of a bar, to the nearest.
fn length(number: i64, most: i64) -> i32 {
    let room = i64::from(BARS.1 - BARS.0);
    i32::try_from((number * room + most / 2) / most).unwrap_or(0)
}

fn title(by: Breakdown) -> &'static str {
    match by {
        Breakdown::Total => "文章总数 Articles",
        Breakdown::Site => "各站点文章数 Articles by site",
        Breakdown::Month => "各月文章数 Articles by month of publication",
        Breakdown::Topic => "各专题文章数 Articles by campaign",
        Breakdown::Unit => "各单位心得条数 Reflections by unit",
        Breakdown::Kind => "各类心得条数 Reflections by kind",
    }
}

fn remark(left_out: usize) -> String {
    match left_out {
        0 => "转载各计一次 Reposts count once each".to_owned(),
        more => format!("转载各计一次；另有 {more} 类未画出 Reposts count once each; {more} more are not drawn"),
    }
}

/// Labels and numbers of the bars. Months without articles between the first and the last have their place too: a gap is
/// part of the picture.
fn bars(by: Breakdown, tallies: &[Tally]) -> Vec<(String, i64)> {
    let mut bars = Vec::new();
    let mut behind: Option<String> = None;
    for tally in tallies {
        let number = if by.of_reflections() { tally.reflections } else { tally.articles };
        if let (Breakdown::Month, Some(month)) = (by, &tally.key) {
            let gap = std::iter::successors(behind.as_deref().and_then(next_month), |month| next_month(month));
            // A century: no date of an article is further from the next, but for a page's misprint.
            bars.extend(gap.take_while(|between| between < month).take(1200).map(|between| (between, 0)));
            behind = Some(month.clone());
        }
        bars.push((tally.key.as_deref().map_or_else(|| "（无 none）".to_owned(), label), number));
    }
    bars
}

/// The month behind `YYYY-MM`.
fn next_month(month: &str) -> Option<String> {
    let (year, month) = month.split_once('-')?;
    let (year, month): (u32, u32) = (year.parse().ok()?, month.parse().ok()?);
    Some(if month >= 12 { format!("{:04}-01", year + 1) } else { format!("{year:04}-{:02}", month + 1) })
}

fn label(key: &str) -> String {
    let key = output::printable(&key.replace(['\n', '\t'], " "));
    if key.width() <= LABEL {
        return key;
    }
    let mut cells = 0;
    let fits = |c: &char| {
        cells += c.width().unwrap_or(0);
        cells < LABEL
    };
    key.chars().take_while(fits).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(key: Option<&str>, articles: i64) -> Tally {
        Tally { key: key.map(str::to_owned), articles, reflections: articles, ..Tally::default() }
    }

    #[test]
    fn a_month_without_articles_has_its_place() {
        let tallies = [tally(Some("2023-11"), 2), tally(Some("2024-02"), 1), tally(None, 3)];
        let want = [("2023-11", 2), ("2023-12", 0), ("2024-01", 0), ("2024-02", 1), ("（无 none）", 3)];
        assert_eq!(bars(Breakdown::Month, &tallies), want.map(|(label, number)| (label.to_owned(), number)));
    }

    #[test]
    fn text_is_text_of_the_picture_whatever_stands_in_it() {
        let units = [tally(Some("马院<&>\"'\u{1}"), 4), tally(None, 2)];
        let svg = draw(Breakdown::Unit, &units).unwrap();
        let mut reader = quick_xml::Reader::from_str(&svg);
        while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
        assert!(svg.contains("马院&lt;&amp;&gt;") && svg.contains("\\x01"), "{svg}");
        assert!(svg.contains("各单位心得条数"), "{svg}");
        let widths = ["width=\"520\"", "width=\"260\""].map(|width| svg.matches(width).count());
        assert_eq!(widths, [1, 1], "two bars, one half as long: {svg}");
        assert!(svg.contains("Noto Sans CJK SC"), "{svg}");
    }

    #[test]
    fn a_long_name_is_cut_by_cells() {
        assert_eq!(label(&"支".repeat(30)).width(), 35);
    }
}
