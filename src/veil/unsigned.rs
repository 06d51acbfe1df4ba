//! Names that nothing signs: where a stretch of Chinese reads better with a person's name in it than as words alone.
//!
//! 那天傍晚江一帆一直留在实验室 has no role, title or bracket beside the name, and the archive may know the person from nowhere
//! else. A dictionary tells: of 江一帆 it leaves three single characters over, of which the first is a surname and the
//! others are common in given names. So a stretch is read as words and names in the likeliest way (a unigram model,
//! searched by Viterbi), with names taken for commoner than they are, since here a missed name is worse than a hidden
//! word ([`EAGERNESS`]). What else stands in the archive is not asked: each place is judged by itself.

mod beside;
mod lexicon;

use std::ops::Range;

use lexicon::LEXICON;

/// A name's cost (the negative logarithm of its probability) for standing there at all: one word in 170 is a name in
/// news.
const NAME: f32 = 5.1;
/// Taken off it. `docs/personal-data.md` has the figures: at less more names are missed, at more hardly fewer are and more
/// of everything else is hidden.
const EAGERNESS: f32 = 4.0;
/// Costs of the shapes: a surname and one character more, two more, a surname of two characters.
const SHORT: f32 = 1.5;
const LONG: f32 = 0.3;
const COMPOUND: f32 = 6.9;
/// More for a name that begins with a word (文明树), and for one that ends like a place or a unit (安新镇).
const OF_WORDS: f32 = 1.0;
const OF_PLACES: f32 = 4.0;
const PLACES: &str = "省市县区镇乡村街路楼院校站馆州湖河岛湾店厂社会党部队系级班";
/// Taken off a doubtful name for each step by which a person fits where it stands ([`beside::fits`]).
const FITTING: f32 = 1.25;
/// A surname of this cost or more is so rare that a name with it is doubtful.
const RARE_SURNAME: f32 = 10.0;
/// The cost of a surname that is in no list.
const UNLISTED: f32 = 13.0;
/// A word of a cost below this is too common to be taken for a name because a person would fit.
const COMMON_WORD: f32 = 10.5;
/// 王老师 stays as it is, and is no given name.
const TITLES: &[&str] = &[
    "老师", "先生", "女士", "同学", "同志", "教授", "书记", "院长", "主任", "校长", "学长", "学姐", "师傅", "医生",
    "总理", "主席", "处长", "部长", "局长", "科长", "经理",
];
/// A dot between sounds is nearly always a name's; between words (青春·梦想) it is punctuation.
const DOTTED: f32 = -5.5;
/// A dot that is no name's.
const DOT: f32 = 1.0;
/// Characters of a part of a dotted name at the most, and parts.
const PART: usize = 8;
const PARTS: usize = 4;
/// Given names of news that hold them are fewer than names followed by them.
const NEVER_GIVEN: &str = "的了是在们我你他她它这那就也都将把被让从到个说啊吗呢吧着每各该或且与及等者";

/// Where names may stand, as bytes of a folded text.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut run: Vec<(usize, char)> = Vec::new();
    for (at, c) in text.char_indices().chain([(text.len(), '\n')]) {
        if lexicon::is_known(c) || c == '·' {
            run.push((at, c));
        } else if !run.is_empty() {
            found.extend(Reading::of(text, &run, at).names());
            run.clear();
        }
    }
    found
}

/// How the likeliest reading of the first characters ends.
#[derive(Clone, Copy)]
struct Step {
    cost: f32,
    /// Where its last word or name begins.
    from: usize,
    is_name: bool,
}

/// What makes a name doubtful, and what may take the doubt away.
#[derive(Clone, Copy)]
struct Doubt {
    /// How well a person fits behind what stands before it.
    left: u8,
    /// Whether its surname is a known one.
    listed: bool,
}

/// The likeliest reading of a stretch of characters.
struct Reading<'t> {
    text: &'t str,
    run: &'t [(usize, char)],
    /// One past the stretch's last byte.
    end: usize,
    /// By how many characters are read.
    steps: Vec<Step>,
}

impl<'t> Reading<'t> {
    fn of(text: &'t str, run: &'t [(usize, char)], end: usize) -> Self {
        let unread = Step { cost: f32::INFINITY, from: 0, is_name: false };
        let mut reading = Self { text, run, end, steps: vec![unread; run.len() + 1] };
        if let Some(first) = reading.steps.first_mut() {
            first.cost = 0.0;
        }
        for at in 0..run.len() {
            reading.words(at);
            reading.plain_names(at);
            reading.dotted_names(at);
        }
        reading
    }

    /// The byte at which a character begins.
    fn byte(&self, at: usize) -> usize {
        self.run.get(at).map_or(self.end, |(byte, _)| *byte)
    }

    fn char(&self, at: usize) -> Option<char> {
        self.run.get(at).map(|(_, c)| *c)
    }

    fn part(&self, from: usize, to: usize) -> &'t str {
        self.text.get(self.byte(from)..self.byte(to)).unwrap_or_default()
    }

    /// Reads on from one place to another, if that is likelier than what was found before.
    fn put(&mut self, from: usize, to: usize, cost: f32, is_name: bool) {
        let Some(before) = self.steps.get(from).map(|step| step.cost) else { return };
        if let Some(step) = self.steps.get_mut(to).filter(|step| before + cost < step.cost) {
            *step = Step { cost: before + cost, from, is_name };
        }
    }

    fn words(&mut self, at: usize) {
        if self.char(at) == Some('·') {
            return self.put(at, at + 1, DOT, false);
        }
        self.put(at, at + 1, LEXICON.word(self.part(at, at + 1)).unwrap_or(lexicon::UNKNOWN), false);
        for (length, cost) in LEXICON.words(self.part(at, at + lexicon::LONGEST)) {
            self.put(at, at + length / lexicon::WIDTH, cost, false);
        }
    }

    /// A surname and one or two characters more.
    fn plain_names(&mut self, at: usize) {
        let Some(first) = self.char(at) else { return };
        let left = beside::before(self.text.get(..self.byte(at)).unwrap_or_default());
        let known = LEXICON.surname(first);
        let other = || self.may_fit(left, at + 3) && LEXICON.can_be_surname(first) && !NEVER_GIVEN.contains(first);
        if let Some(surname) = known.or_else(|| other().then_some(UNLISTED)) {
            let doubt = Doubt { left, listed: known.is_some() };
            self.given_names(at, at + 1, [surname + SHORT, surname + LONG], doubt);
        }
        if LEXICON.is_compound(self.part(at, at + 2)) {
            self.given_names(at, at + 2, [COMPOUND; 2], Doubt { left, listed: true });
        }
    }

    /// Names whose given name begins at `from`. Where the surname is no listed one, only what stands beside a name makes it
    /// one.
    fn given_names(&mut self, at: usize, from: usize, shapes: [f32; 2], doubt: Doubt) {
        let mut given = 0.0;
        for (to, shape) in (from..).zip(shapes) {
            let Some(c) = self.char(to).filter(|c| *c != '·' && !NEVER_GIVEN.contains(*c)) else { return };
            given += LEXICON.given(c);
            if TITLES.contains(&self.part(from, to + 1)) {
                return;
            }
            let of_words = to == at + 2 && LEXICON.word(self.part(at, to)).is_some();
            let doubts = if of_words { OF_WORDS } else { 0.0 } + if PLACES.contains(c) { OF_PLACES } else { 0.0 };
            let fitting = self.fitting(at, from, to + 1, doubt);
            if doubt.listed || fitting > 0.0 {
                self.put(at, to + 1, NAME - EAGERNESS + shape + given + doubts - fitting, true);
            }
        }
    }

    /// Whether what stands beside a name that ends at or before `to` can make a person fit: see [`beside::fits`].
    fn may_fit(&self, left: u8, to: usize) -> bool {
        left > 0 || to >= self.run.len()
    }

    /// What is taken off a doubtful name's cost for what stands beside it.
    fn fitting(&self, from: usize, given: usize, to: usize, doubt: Doubt) -> f32 {
        if !self.may_fit(doubt.left, to) || !self.is_doubtful(from, given, to, doubt.listed) {
            return 0.0;
        }
        let fits = beside::fits(doubt.left, self.text.get(self.byte(to)..).unwrap_or_default());
        if fits < beside::ENOUGH { 0.0 } else { f32::from(fits) * FITTING }
    }

    /// Whether the characters alone hardly tell that it is a name: what stands beside it is asked too.
    fn is_doubtful(&self, from: usize, given: usize, to: usize, listed: bool) -> bool {
        if let Some(word) = LEXICON.word(self.part(from, to)) {
            return listed && word >= COMMON_WORD;
        }
        let rare = given == from + 1
            && self.char(from).and_then(|first| LEXICON.surname(first)).is_none_or(|cost| cost >= RARE_SURNAME);
        let is_word = |from, to| LEXICON.word(self.part(from, to)).is_some();
        rare || is_word(from, from + 2) || is_word(from + 1, to)
    }

    /// 阿依努尔·麦麦提: parts of characters that write sounds.
    fn dotted_names(&mut self, at: usize) {
        let dot = (at + 1..=at + PART).find(|to| self.char(*to) == Some('·'));
        let mut begun = dot.map(|dot| (dot + 1, NAME - EAGERNESS + DOTTED + self.sounds(at, dot)));
        let mut parts = 1;
        while let Some((from, before)) = begun.take().filter(|_| parts < PARTS) {
            parts += 1;
            for to in from + 1..=from + PART {
                let cost = before + self.sounds(from, to);
                if self.char(to - 1).is_none_or(|c| c == '·') {
                    break;
                }
                self.put(at, to, cost, true);
                if self.char(to) == Some('·') {
                    begun = Some((to + 1, cost));
                }
            }
        }
    }

    /// The cost of a part of a dotted name.
    fn sounds(&self, from: usize, to: usize) -> f32 {
        let sounds = (from..to).filter_map(|at| self.char(at)).map(|c| LEXICON.sound(c));
        let (cost, all) = sounds.fold((0.0, true), |(cost, all), (one, sounds)| (cost + one, all && sounds));
        // 古丽 and 卓玛 are in the dictionary.
        let word = LEXICON.word(self.part(from, to)).filter(|_| all && to - from > 1);
        word.map_or(cost, |word| word.min(cost))
    }

    /// The names of the likeliest reading, in order.
    fn names(self) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut at = self.run.len();
        while let Some(step) = self.steps.get(at).filter(|step| step.from < at) {
            if step.is_name {
                found.push(self.byte(step.from)..self.byte(at));
            }
            at = step.from;
        }
        found.reverse();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        find(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn what_reads_better_with_a_name_has_one() {
        for (text, want) in [
            ("那天傍晚江一帆一直留在实验室。", vec!["江一帆"]),
            ("操场边站着欧阳霁骁，手里拿着旗子。", vec!["欧阳霁骁"]),
            ("后来才知道冼晨把机会让给了别人。", vec!["冼晨"]),
            ("感谢傅岑老师的指导", vec!["傅岑"]),
            ("一封写给蔺朔澄的信", vec!["蔺朔澄"]),
            ("最难忘的是阿依努尔·麦麦提递来的一杯热水", vec!["阿依努尔·麦麦提"]),
            ("感谢阿依·古丽", vec!["阿依·古丽"]),
            ("卓玛·阿卜杜拉·买买提", vec!["卓玛·阿卜杜拉·买买提"]),
            ("陶岚", vec!["陶岚"]),
            ("台下坐着宝怡和几位新生", vec!["宝怡"]),
            ("“宝轩晨，你来读这一段。”", vec!["宝轩晨"]),
            ("这首歌是秦国写的，后来才知道文华把机会让给了别人", vec!["秦国", "文华"]),
            ("材料见附件顾念.docx及附表", vec!["顾念"]),
            ("大家请粮思远再讲一遍，桥婧从不迟到", vec!["粮思远", "桥婧"]),
        ] {
            assert_eq!(found(text), want, "{text}");
        }
    }

    #[test]
    fn words_are_words() {
        for text in [
            "学院高质量发展，全体党员同志参加。",
            "会议强调，要深入学习贯彻主题教育精神，牢牢把握总要求",
            "建设文明校园，讲文明树新风。",
            "青春·梦想·奋斗",
            "《论语·学而》",
            "错过早高峰，车辆有序进出。",
            "秦国的变法使秦国富强，江山如画。",
            "李强表示，对文明的追求是高原的底色",
            "把宝贝给孩子，宝塔山下的宝藏",
            "",
            "·",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }
}
