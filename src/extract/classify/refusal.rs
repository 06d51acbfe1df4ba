//! Pages that answer 200 and are not what was asked for: challenges, captchas, fences, login walls, soft 404s, jumps, unfilled templates.
//!
//! The words are data (`selectors/walls.toml`); here is what they must stand against. A page that says much is never a
//! wall, a sentence inside quotation marks or among others is about a wall and not one: an article may well be about a
//! page that does not exist.

mod jump;
mod said;

use scraper::Html;

use crate::domain::page::Page;
use crate::extract::dom::{self, outline::Outline};
use crate::extract::walls::{Rules, Wall, Walls, any};

use said::{SHORT, Said};

/// A page with fewer visible characters than this says nothing.
const EMPTY: usize = 60;

/// What may stand beside a notice, in characters: a way home, an excuse. An article's page, which has a line that dates
/// it, holds the notice and little else.
const BESIDE: usize = 80;
const BESIDE_IN_ARTICLE: usize = 30;

/// Rows of links from which a page is a list that happens to have a login box.
const ROWS: usize = 3;

/// Statuses under which bot defences send their script.
const REFUSED: [u16; 3] = [412, 521, 202];

/// Why the page is not news; `None` where nothing speaks against it.
pub(super) fn why(doc: &Html, page: &Page, outline: &Outline<'_>, title: Option<&str>, walls: &Walls) -> Option<Wall> {
    let said = Said::of(&page.text, outline, title, walls);
    if said.chars > SHORT {
        return is_template(&said, walls).then_some(Wall::Template);
    }
    let view = View { page, outline, said: &said, walls };
    let found = view.challenge().or_else(|| is_template(&said, walls).then_some(Wall::Template));
    let found = found.or_else(|| page.url.as_ref().and_then(|url| walls.of_address(url)));
    let found = found.or_else(|| view.by_title(title)).or_else(|| view.by_notice());
    found.or_else(|| view.by_password()).or_else(|| {
        let target = (said.chars <= EMPTY).then(|| jump::target(doc, page))??;
        let from = page.url.as_ref()?;
        Some(walls.of_jump(from, &target).unwrap_or(Wall::Redirect))
    })
}

/// Why a page without any content has none, where it says so itself.
pub(super) fn emptiness(page: &Page, outline: &Outline<'_>, walls: &Walls) -> Option<Wall> {
    let said = Said::of(&page.text, outline, None, walls);
    let rules = walls.of(Wall::NoNews)?;
    said.sentences.iter().any(|sentence| any(&rules.notices, sentence)).then_some(Wall::NoNews)
}

struct View<'v, 'a> {
    page: &'v Page,
    outline: &'v Outline<'a>,
    said: &'v Said,
    walls: &'v Walls,
}

impl View<'_, '_> {
    fn challenge(&self) -> Option<Wall> {
        let rules = self.walls.of(Wall::Challenge)?;
        let shown = |mark: &str| self.said.sentences.iter().any(|sentence| sentence.contains(mark));
        let marked = || rules.marks.iter().any(|mark| self.page.text.contains(mark.as_str()) && !shown(mark.as_str()));
        let refused = self.page.status.is_some_and(|status| REFUSED.contains(&status));
        let by_mark = self.said.prose() <= BESIDE && marked();
        let by_script = refused && self.said.chars <= EMPTY && self.page.text.contains("<script");
        (by_mark || by_script).then_some(Wall::Challenge)
    }

    fn by_title(&self, title: Option<&str>) -> Option<Wall> {
        let whole = title.filter(|_| !self.said.is_article)?;
        let head = whole.split([' ', '-', '_', '|', '–', '—']).next().unwrap_or(whole);
        let fits = |rules: &Rules| any(&rules.titles, head) || any(&rules.titles, whole);
        self.walls.rules().find(|(wall, rules)| self.may_be(*wall) && fits(rules)).map(|(wall, _)| wall)
    }

    /// A sentence to the visitor, with little beside it.
    fn by_notice(&self) -> Option<Wall> {
        let room = if self.said.is_article { BESIDE_IN_ARTICLE } else { BESIDE };
        let walls = self.walls.rules().filter(|(wall, _)| *wall != Wall::NoNews && self.may_be(*wall));
        walls.into_iter().find_map(|(wall, rules)| {
            let beside = self.said.beside(&rules.notices)?;
            (beside <= room).then_some(wall)
        })
    }

    /// A captcha needs a picture, and one beside an article's text is its comment box.
    fn may_be(&self, wall: Wall) -> bool {
        let pictured = || {
            let marks = self.walls.of(Wall::Captcha).map(|rules| rules.marks.as_slice()).unwrap_or_default();
            self.page.text.contains("<img") && marks.iter().any(|mark| self.page.text.contains(mark.as_str()))
        };
        wall != Wall::Captcha || (!self.said.is_article && pictured())
    }

    /// A page that is a form for a password.
    fn by_password(&self) -> Option<Wall> {
        let asks = || {
            self.outline.entries().any(|(at, _)| {
                self.outline.element(at).is_some_and(|element| {
                    element.name() == "input"
                        && dom::attr(element, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("password"))
                })
            })
        };
        (!self.said.is_article && self.said.rows < ROWS && asks()).then_some(Wall::LoginWall)
    }
}

/// Placeholders in places of their own. A manual names several in one sentence.
fn is_template(said: &Said, walls: &Walls) -> bool {
    let marks = walls.of(Wall::Template).map(|rules| rules.marks.as_slice()).unwrap_or_default();
    let holds = |sentence: &&String| {
        sentence.chars().count() <= EMPTY / 2 && marks.iter().any(|mark| sentence.contains(mark.as_str()))
    };
    let found = said.sentences.iter().filter(holds).count();
    found >= 2 || (found == 1 && said.chars <= EMPTY)
}
