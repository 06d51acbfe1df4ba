//! Verbs that lead in what somebody said, and where the words begin after them.

use std::sync::LazyLock;

use regex::Regex;

/// How a verb takes its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// With a mark (`，` `：` `“`) or without: 表示, 认为.
    Anything,
    /// With a mark only, since the verb is a common syllable otherwise: 说.
    Mark,
    /// With or without a mark, and only from a speaker who stands right before it: 希望, 要求.
    Directive,
}

/// Longer forms first: the first that matches is taken.
const VERBS: &[(&str, Takes)] = &[
    (
        "(?:纷纷|一致)?表示|表态说|表态道|坦言|直言|谈道|谈到|谈及|讲到|讲道|说到|提到|提出|指出|认为|强调|介绍到|告诉(?:同学们|大家|我们|学员们?|新生们?|学生们?|队员们?|在场[^，。：]{0,6})",
        Takes::Anything,
    ),
    (
        "感慨[地的]?说?道?|给(?:了|出了?|予了?)[^，。：；]{0,14}?(?:建议|忠告)|提了[^，。：；]{0,10}?(?:建议|意见|希望|要求)|表态|深有感慨|深有感触地说|感言|感叹道?|感悟道|分享道|分享到|分享说|分享了自己的(?:学习|参观)?(?:感悟|体会|心得|感受)|发言道|发言说|补充说?道|补充说\
         |介绍道|介绍说|介绍|总结道|总结说|总结|如是说|写道|写到|回忆道|回忆说|说道|讲述道|讲述|解释道|解释说|回答道|回应道|告诉记者|告诉大家|告诉笔者|鼓励道|寄语道|寄语|交流道|谈了自己的(?:感受|体会|感悟)|承诺|相信|发出倡议|感受到|体会到|认识到|意识到|说",
        Takes::Mark,
    ),
    (
        "寄望|嘱托|劝勉|提倡|倡导|要求|希望|建议|号召|勉励|鼓励|期望|期待|叮嘱|嘱咐|呼吁|倡议|提醒|告诫",
        Takes::Directive,
    ),
];

static ANY: LazyLock<Regex> = LazyLock::new(|| {
    let groups: Vec<String> = VERBS.iter().map(|(verbs, _)| format!("({verbs})")).collect();
    #[expect(clippy::expect_used, reason = "constant patterns; every test that reads speech compiles them")]
    Regex::new(&format!("{}|([：:]\\s*[“\"「『])", groups.join("|"))).expect("a constant pattern")
});

/// 提出三点要求：, 作了总结讲话：, 谈学习体会： between a verb and its colon.
static NOUN: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "a constant pattern; every test that reads speech compiles it")]
    Regex::new("^[^，。；：,;:“”]{0,16}?(?:要求|希望|建议|意见|期望|期许|寄语|倡议|看法|观点|感受|体会|感悟|心得|问题|号召|嘱托|感言)[：:，,]").expect("a constant pattern")
});

/// `提出要求。一要…；二要…`: the points stand in sentences of their own.
static POINTS: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "a constant pattern; every test that reads speech compiles it")]
    Regex::new("^[^，。；：,;:“”]{0,16}?(?:要求|希望|建议|意见|期望|倡议)。").expect("a constant pattern")
});

/// How a wish is given: words of manner before 希望 that make no noun of it (老师殷切的希望同学们…).
const ARDENT: &[&str] = &["殷切的", "殷切地", "由衷的", "真诚的", "衷心的", "恳切的", "热切的"];

/// A place where words may be led in. Positions are bytes in the paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LeadIn {
    /// Where the verb (or the colon) begins: what stands before it names the speaker.
    pub(super) verb: usize,
    /// Where the words begin, an opening mark included.
    pub(super) words: usize,
    /// Only a speaker right before the verb counts.
    pub(super) directive: bool,
    /// A colon stands before the words.
    pub(super) colon: bool,
    /// The verb ends the clause (`“…”某某说。`): the words stand before it.
    pub(super) closing: bool,
}

/// Before 说 it is part of another word or has no speaker: 小说, 来说, 俗话说.
const NOT_BEFORE_SAY: &[&str] = &[
    "小",
    "传",
    "解",
    "据",
    "听",
    "述",
    "诉",
    "演",
    "游",
    "劝",
    "来",
    "虽",
    "再",
    "或者",
    "俗话",
    "常言",
    "古语",
    "可以",
    "应该",
    "不用",
    "所",
    "总",
    "换句话",
    "就是",
    "难",
    "二话没",
    "俗",
    "古人",
    "文学",
    "科学",
    "哲学",
    "老话",
    "一般",
    "怎么",
    "具体",
    "简单",
    "不好",
    "如果",
    "话",
];
/// Before a directive it is a noun: 按照要求, 新的希望.
const NOT_BEFORE_DIRECTIVE: &[&str] = &[
    "所",
    "按照",
    "根据",
    "按",
    "有关",
    "相关",
    "自己的",
    "新",
    "高",
    "充满",
    "满怀",
    "有",
    "的",
    "总",
    "工作",
    "学习",
    "和",
    "与",
    "、",
    "提出",
    "任务",
    "具体",
    "政治",
    "标准",
    "纪律",
    "学校",
    "学院",
    "上级",
    "中央",
    "几点",
    "在",
];
/// What follows a verb that leads in nothing: 强调了…的重要性, 表示感谢, 说明.
const NOT_FOLLOWED_BY: &[&str] = &[
    "了", "的", "过", "着", "明", "服", "法", "话", "教", "唱", "欢迎", "感谢", "热烈", "衷心", "诚挚", "祝贺", "赞同",
    "肯定", "慰问", "敬意", "由衷", "赞赏", "认同", "支持", "崇高", "场", "亲切", "充分", "高度", "和", "与", "、",
    "；", "书",
];

/// All lead-ins of a paragraph outside quotations, in order.
pub(super) fn find(paragraph: &str, quoted: impl Fn(usize) -> bool) -> Vec<LeadIn> {
    let mut found: Vec<LeadIn> = ANY
        .captures_iter(paragraph)
        .filter_map(|found| {
            let whole = found.get(0)?;
            if quoted(whole.start()) {
                return None;
            }
            if found.get(VERBS.len() + 1).is_some() {
                let words = whole.end() - whole.as_str().chars().next_back()?.len_utf8();
                return Some(LeadIn { verb: whole.start(), words, directive: false, colon: true, closing: false });
            }
            let takes = VERBS
                .iter()
                .enumerate()
                .find(|(group, _)| found.get(group + 1).is_some())
                .map(|(_, (_, takes))| *takes)?;
            taken(paragraph, whole.start(), whole.end(), takes)
        })
        .collect();
    // A verb and the colon after it are one lead-in.
    found.dedup_by(|later, earlier| later.verb < earlier.words);
    found
}

fn taken(paragraph: &str, verb: usize, end: usize, takes: Takes) -> Option<LeadIn> {
    let before = paragraph.get(..verb)?;
    let after = paragraph.get(end..)?;
    let word = paragraph.get(verb..end)?;
    let spoiled = match takes {
        Takes::Directive => NOT_BEFORE_DIRECTIVE,
        Takes::Mark if word == "说" => NOT_BEFORE_SAY,
        Takes::Mark | Takes::Anything => &[],
    };
    let ardent = takes == Takes::Directive && ARDENT.iter().any(|word| before.ends_with(word));
    if !ardent && (spoiled.iter().any(|part| before.ends_with(part)) || is_noun(before, word)) {
        return None;
    }
    let lead = |words: usize, closing: bool| LeadIn {
        verb,
        words,
        directive: takes == Takes::Directive,
        colon: paragraph.get(..words).is_some_and(|before| before.ends_with(['：', ':'])),
        closing,
    };
    // 谈到自己的感受，详细讲述了…: after a comma the report goes on.
    let asks = word == "提出" || word == "寄语";
    let noun =
        NOUN.find(after).filter(|noun| asks || (word.starts_with("谈") && !noun.as_str().ends_with(['，', ','])));
    let goes_on = |noun: &regex::Match<'_>| {
        let rest = after.get(noun.end()..).unwrap_or_default();
        noun.as_str().ends_with(['，', ','])
            && ["并", "随", "最后", "双方", "现场", "也"].iter().any(|word| rest.starts_with(word))
    };
    if let Some(noun) = noun.filter(|noun| !goes_on(noun)) {
        return Some(LeadIn { directive: false, ..lead(end + noun.end(), false) });
    }
    if asks && let Some(points) = POINTS.find(after) {
        return Some(LeadIn { directive: false, ..lead(end + points.end(), false) });
    }
    let marked = after.trim_start_matches([' ', '\u{3000}']);
    let at = end + after.len() - marked.len();
    if word == "相信" && !marked.starts_with(['：', ':']) {
        return None;
    }
    match marked.chars().next() {
        None | Some('。' | '！' | '；') => Some(lead(end, true)),
        Some('，' | ',') if takes == Takes::Directive => None,
        Some(mark @ ('，' | ',' | '：' | ':')) => Some(lead(at + mark.len_utf8(), false)),
        Some('“' | '"' | '「' | '『' | '”') => Some(lead(at, false)),
        Some(_) if takes == Takes::Mark || (takes == Takes::Anything && is_noun_phrase(word, after)) => None,
        Some('了') if is_told_clause(word, marked) => Some(lead(at + '了'.len_utf8(), false)),
        Some(_) if NOT_FOLLOWED_BY.iter().any(|part| marked.starts_with(part)) => None,
        Some(_) => Some(lead(at, false)),
    }
}

/// Verbs after which a thing can stand that is told of and no speech: 谈到自己的感想。
const TELLS_OF: &[&str] = &["谈道", "谈到", "谈及", "讲到", "讲道", "说到", "提到", "提出", "指出", "介绍到"];

/// 指出存在的问题, 提到大学生活时: after the bare verb stands a thing or a time, not what was said.
fn is_noun_phrase(word: &str, after: &str) -> bool {
    const TOLD: &[&str] = &["感想", "感受", "感悟", "体会", "心得", "经历", "想法", "情况", "历程", "故事"];
    const ENDS: &[&str] = &[
        "问题",
        "建议",
        "意见",
        "重要性",
        "意义",
        "要求",
        "希望",
        "看法",
        "作用",
        "事项",
        "经验",
        "技巧",
        "事情",
        "不足",
        "方法",
        "时",
        "感谢",
        "欢迎",
        "祝贺",
        "期望",
        "慰问",
        "敬意",
        "肯定",
        "后",
        "支持",
        "认可",
        "赞赏",
        "关心",
        "关注",
        "敬佩",
        "缅怀",
        "谢意",
        "哀悼",
        "问候",
    ];
    let near = after.char_indices().nth(40).and_then(|(at, _)| after.get(..at)).unwrap_or(after);
    let clause = near.split(['，', ',', '。', '；', '：', ':', '“']).next().unwrap_or_default();
    // 容易出现的问题并加以强调
    let thing = clause.split_once('并').map_or(clause, |(thing, _)| thing);
    // 谈到参观的感受时说，…: the next verb leads in the words.
    if TELLS_OF.contains(&word) && AT_ANOTHER_VERB.iter().any(|next| clause.contains(next)) {
        return true;
    }
    // 指出做好评估对发展有着重要的意义: a clause with a verb of its own.
    let has_verb = ["有着", "具有", "起着", "起到"].iter().any(|verb| thing.contains(verb))
        || ["一是", "一要", "要", "首先要"].iter().any(|opening| clause.starts_with(opening));
    let told = TELLS_OF.contains(&word) && !clause.contains('是') && TOLD.iter().any(|end| thing.ends_with(end));
    // 认为 takes a clause and never a thing: 认为应该平衡两件事情.
    let thanks = ENDS.iter().any(|end| clause.ends_with(end) || (TELLS_OF.contains(&word) && thing.ends_with(end)));
    told || (thanks && word != "认为" && !has_verb)
}

/// The end of a clause of time and the verb that takes the words.
const AT_ANOTHER_VERB: &[&str] =
    &["时说", "时表示", "时指出", "时强调", "时感慨", "时坦言", "时认为", "时谈", "时讲", "时提到", "时激动", "时动情"];

/// 提出了读书是用来充实自己的: what follows 了 is a clause and no thing.
fn is_told_clause(word: &str, after: &str) -> bool {
    let clause = after.split(['，', ',', '。', '；', '：', ':', '“']).next().unwrap_or_default();
    ["提出", "指出", "强调", "提到", "谈到"].contains(&word)
        && clause.split_once('是').is_some_and(|(thing, rest)| thing.chars().count() > 2 && !rest.starts_with('否'))
        && !is_noun_phrase(word, after)
}

/// 进行总结, 作了详细介绍, 给予寄语: the word is the object of another verb of its clause.
fn is_noun(before: &str, word: &str) -> bool {
    const NOUNS: &[&str] = &[
        "介绍", "总结", "寄语", "讲述", "希望", "建议", "提醒", "期望", "期待", "倡议", "要求", "承诺", "解释", "教导",
        "嘱托", "强调",
    ];
    const HOLDERS: &[&str] = &[
        "进行",
        "做了",
        "作了",
        "做",
        "作",
        "给予",
        "给出",
        "发表了",
        "发表",
        "予以",
        "开展",
        "详细",
        "逐一",
        "简要",
        "提出了",
        "致以",
        "展开",
        "加以",
        "宣读",
        "听取",
        "达到",
        "符合",
        "落实",
        "对照",
        "做到",
        "作出",
        "做出",
        "牢记",
        "兑现",
        "践行",
    ];
    let near = before.char_indices().rev().nth(7).and_then(|(at, _)| before.get(at..)).unwrap_or(before);
    let near = near.rsplit(['，', ',', '。', '；']).next().unwrap_or_default();
    NOUNS.contains(&word) && (near.ends_with('的') || HOLDERS.iter().any(|holder| near.contains(holder)))
}

/// Whether the text ends with a verb of speech, so that the colon after it leads in speech and opens no text of its own.
pub(super) fn ends_with_verb(text: &str) -> bool {
    ANY.find_iter(text).last().is_some_and(|found| found.end() == text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_lead_in_only_where_words_follow() {
        for (paragraph, words) in [
            ("江一帆说，收获很大", Some("收获很大")),
            ("江一帆表示要继续努力", Some("要继续努力")),
            ("江一帆感慨道：“收获很大”", Some("“收获很大”")),
            ("江一帆提出三点要求：一是认真", Some("一是认真")),
            ("江一帆希望同学们努力", Some("同学们努力")),
            ("江一帆表示热烈欢迎", None),
            ("江一帆强调了安全的重要性", None),
            ("江一帆指出工作中存在的问题。", None),
            ("江一帆作了详细介绍，随后参观", None),
            ("江一帆对新生提出意见与建议，并对大学生活送上祝愿", None),
            ("江一帆相信“苦尽甘来”", None),
            ("江一帆宣读答辩要求以及评委介绍之后", None),
            ("博士就环境保护发表了影响因素等方面的讲述，并且提及发展", None),
            ("江一帆提出在书写档案时容易出现的问题并加以说明", None),
            ("江一帆谈到自己做学生工作时的一些感想。", None),
            ("江一帆认为这是一次难忘的经历。", Some("这是一次难忘的经历。")),
            ("江一帆认为我们要平衡这两件事情。", Some("我们要平衡这两件事情。")),
            ("张主任告诉队员们，两馆一园定期开放", Some("两馆一园定期开放")),
            ("他始终相信：我们每个人都有力量", Some("我们每个人都有力量")),
            ("江一帆告诉同学们要合理安排时间", Some("要合理安排时间")),
            ("这部小说，情节动人", None),
            ("按照学校要求，各单位报送", None),
        ] {
            let found = find(paragraph, |_| false);
            assert_eq!(found.first().map(|lead| &paragraph[lead.words..]), words, "{paragraph}");
        }
    }
}
