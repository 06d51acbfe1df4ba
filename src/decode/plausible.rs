//! Whether a text makes sense as Chinese. Bytes read in the wrong charset decode without an error surprisingly often,
//! but into characters nobody uses.
//!
//! The measure is the share of the commonest characters among all Chinese ones: in prose every third or so, in
//! misread bytes hardly any.

/// Commonest characters of prose and of this kind of news, simplified and traditional, in order of code point.
/// The list need not be exact; it must only be common in the right reading and rare in every wrong one.
const COMMON: &str = "一上下不与专业东两个中为主义习书事于些京人今从代以们任会作你使保信個做先全公共其典内再农\
出分别到制力办加务动北区十千华南卫历去又发变口只可史号各合同名后向员和周品四回因团国图在地场士大天太夫头好如妇子\
字学安完定实室家导对小少就局山工已市师席常干年广应度建开式强当形彩心必志思性总情想意感成我战所手技把报提政教文新方\
族无日时是最月有服期本机条来校核格楼次正此步武每比民气水江法活海深清点热然爱片特王现理生用电由百的目直相省看真着\
知研社神种科秘等管系级红经结给继续网置美群老考者而联肯育能自至色节英行表要见规视角解议让记设访评识诗话详说语请读调\
谈责质赛起路身车转较辅达过还这进远连通造道那部都重量金长门问间队阳院陈除随集青非面革音项题风首高黄黨學國會時來這個們\
爲為與業務動員問題對發現經過開關義書長東師範舉行術議";

/// Fewest Chinese characters from which a share says anything.
const ENOUGH: usize = 12;

/// Fewest Chinese characters that speak against a declaration without a doubt.
const LITTLE: usize = 30;

/// What a text is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Sense {
    /// Chinese characters.
    chinese: usize,
    /// Those of [`COMMON`].
    common: usize,
    /// Kana, which mark a text as Japanese (or as bytes misread: GB 2312 has them at the places of EUC-JP).
    kana: usize,
    /// Signs no page means: U+FFFD, private use, C1 controls.
    broken: usize,
}

impl Sense {
    /// Counts.
    pub(super) fn of(text: &str) -> Self {
        let mut sense = Self::default();
        for c in text.chars().filter(|c| !c.is_ascii()) {
            match c {
                '\u{4e00}'..='\u{9fff}' => {
                    sense.chinese += 1;
                    sense.common += usize::from(is_common(c));
                }
                '\u{3040}'..='\u{30ff}' => sense.kana += 1,
                '\u{80}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}' | '\u{fffd}' => sense.broken += 1,
                _ => {}
            }
        }
        sense
    }

    /// More is better. A broken sign weighs more than a common one.
    pub(super) fn score(self) -> isize {
        let weigh = |n: usize| isize::try_from(n).unwrap_or(isize::MAX / 8);
        weigh(self.common + self.kana).saturating_sub(weigh(self.broken).saturating_mul(4))
    }

    /// No broken sign, and Chinese (enough of it to tell) in which every tenth character is common.
    pub(super) fn is_good(self) -> bool {
        self.broken == 0 && self.chinese > 0 && !self.is_poor()
    }

    /// No sign that no page means.
    pub(super) fn is_whole(self) -> bool {
        self.broken == 0
    }

    /// Too little Chinese to overrule a declaration that may be right: of thirty characters misread hardly ever none breaks.
    pub(super) fn is_little(self) -> bool {
        self.chinese < LITTLE
    }

    /// More kana than a Chinese page about a Japanese guest would have.
    pub(super) fn is_japanese(self) -> bool {
        self.kana * 10 > self.chinese
    }

    /// Enough Chinese to tell, and hardly a common character in it.
    pub(super) fn is_poor(self) -> bool {
        self.chinese >= ENOUGH && (self.common + self.kana) * 10 < self.chinese
    }
}

fn is_common(c: char) -> bool {
    COMMON_SORTED.binary_search(&c).is_ok()
}

static COMMON_SORTED: std::sync::LazyLock<Vec<char>> = std::sync::LazyLock::new(|| {
    let mut all: Vec<char> = COMMON.chars().collect();
    all.sort_unstable();
    all.dedup();
    all
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_good_and_misread_prose_is_not() {
        let prose = "东湖师范大学召开主题教育动员会，校党委书记出席会议并作动员讲话，全体师生代表参加。";
        assert!(Sense::of(prose).is_good());
        let misread = encoding_rs::GB18030.decode_without_bom_handling(prose.as_bytes()).0;
        assert!(!Sense::of(&misread).is_good(), "{misread}");
        assert!(Sense::of(&misread).score() < Sense::of(prose).score());
    }

    #[test]
    fn a_short_text_is_not_condemned() {
        assert!(!Sense::of("蹇翀赟喆").is_poor());
    }
}
