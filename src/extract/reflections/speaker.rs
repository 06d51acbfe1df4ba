//! Who speaks: reads the words before a lead-in.

use super::affiliation::{self, Standing};
use super::{names, roles, surnames};

/// Who a lead-in belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Speaker {
    /// Named persons.
    People(Named),
    /// A surname with a title: 关书记.
    Short(Short),
    /// 他 or 她: the person named last.
    Pronoun,
    /// Nobody said again; the sentence goes on with the verb alone.
    Elided,
    /// A group without names: 大家, 与会人员.
    Group,
    /// Not a lead-in of this article's speakers: 我, a statesman, no subject at all.
    None,
}

/// Named persons and the words before the first of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// Names as the record holds them, in order.
    pub(super) people: Vec<String>,
    /// Affiliation and role.
    pub(super) standing: Standing,
}

/// A surname and a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Short {
    /// 关
    pub(super) surname: String,
    /// 书记
    pub(super) title: &'static str,
}

/// Words between a speaker and the verb that say how or where: taken off from the right.
const FILLERS: &[&str] = &[
    "首先",
    "也",
    "还",
    "则",
    "都",
    "又",
    "并",
    "先",
    "再次",
    "特别",
    "着重",
    "明确",
    "重点",
    "尤其",
    "同时",
    "进一步",
    "深有感触",
    "深有感触地",
    "深受启发地",
    "动情地",
    "激动地",
    "深情地",
    "感慨地",
    "高兴地",
    "自豪地",
    "由衷地",
    "由衷",
    "坚定地",
    "纷纷",
    "一致",
    "均",
    "最后",
    "接着",
    "随后",
    "继续",
    "曾",
    "深刻",
    "高度",
    "在会上",
    "会上",
    "在会议上",
    "在讲话中",
    "在发言中",
    "在总结中",
    "在交流中",
    "在座谈中",
    "在分享中",
    "在致辞中",
    "在报告中",
    "发言",
    "致辞",
    "讲话",
    "总结",
    "谈感受时",
    "在接受采访时",
    "接受采访时",
    "分享时",
    "发言时",
    "交流时",
    "总结时",
    "讲话时",
    "中",
    "时",
    "地",
    "认真",
    "主动",
    "真诚",
    "郑重",
    "郑重地",
    "充满深情",
    "满怀深情",
    "笑着",
    "向大家",
    "对大家",
    "向记者",
    "对记者",
    "在此",
    "现场",
    "积极",
    "强烈",
    "主要",
    "还特别",
    "再",
    "更",
    "即",
    "便",
    "分别",
    "殷切",
    "殷切的",
    "殷切地",
    "由衷的",
    "真诚的",
    "衷心的",
    "恳切的",
    "热切的",
    "总结发言",
    "总结讲话",
    "补充",
    "激动",
    "表态",
    "这样",
    "如此",
    "就此",
];

/// Words with which a speech goes on, its speaker not named again: 最后，鼓励大家….
const GOES_ON: &[&str] = &["最后", "同时", "此外", "另外", "其次", "再次", "首先", "并且"];

/// What may follow the name of a subject whose verb comes later in the clause.
const AFTER_SUBJECT: &[&str] = &[
    "在", "从", "以", "就", "重点", "对", "与", "和", "跟", "向", "为", "围绕", "结合", "作为", "代表", "首先", "也",
    "还", "则", "深", "动情", "激动", "感", "回", "分享", "介绍", "通过", "联系", "针对", "带", "作", "做", "发", "听",
    "看", "参", "讲", "说", "谈", "表", "认", "指", "强", "提", "总结", "致", "主持", "进行", "给", "用", "同", "率",
    "宣", "最后", "随后", "接着", "同时", "担任", "受", "站", "走", "（", "(", "，", ",", "：", ":", "现场", "面对",
    "借", "根据", "于", "再次", "又", "曾", "先", "上台", "出席", "应邀", "一", "将", "把", "坦", "补充", "明确",
    "特别", "希望", "要求", "解", "点评", "欣", "高", "满", "笑", "经", "领学", "主讲", "宣读", "颁", "阐", "剖析",
    "传达", "部署", "安排", "汇报", "梳理", "带领", "深入", "全面", "详细", "系统", "认真", "逐一", "简要", "生动",
    "充分", "亲切", "热情", "亲自", "到", "前往", "勉励", "鼓励", "肯定", "感谢", "祝贺", "讲授", "授课", "开展",
    "组织", "召集", "集", "引", "分别", "先后", "依次", "相继", "逐个",
];

/// Words that make the named person an object: 会议邀请…, 传达了….
const OBJECT: &[&str] = &[
    "邀请",
    "请",
    "由",
    "听取",
    "学习了",
    "观看",
    "传达",
    "宣读",
    "根据",
    "按照",
    "跟随",
    "随着",
    "聆听",
    "组织",
    "采访",
    "看望",
    "慰问",
    "跟着",
    "陪同",
    "有",
    "与",
    "和",
    "受",
    "被",
];

/// Most clauses between a subject and its verb; a phrase in quotation marks counts as one.
const MOST_CLAUSES: usize = 6;

/// The speaker of the words led in after this text (from the sentence's start to the verb).
pub(super) fn before_verb(text: &str) -> Speaker {
    // A name may end with a filler (王建中), so the whole is tried before anything is taken off.
    let mut said = text.trim_end();
    let whole = said.len();
    let clause = clauses(said).pop().unwrap_or(said);
    if surnames::names_statesman(clause) {
        return Speaker::None;
    }
    loop {
        let bare = said.trim_end_matches(['，', ',', '、', '：', ':']);
        if bare.trim().is_empty() || GOES_ON.contains(&bare.trim()) {
            return Speaker::Elided;
        }

        // A transliterated name has no fixed length, so the words after it are taken off first.
        if said.contains(['·', '•'])
            && let Some(shorter) = without_filler(said)
        {
            said = shorter;
            continue;
        }
        if let Some(direct) = direct(bare, bare.len() == said.len(), said.len() < whole) {
            return direct;
        }
        let Some(shorter) = without_filler(said) else { break };
        said = shorter;
    }
    clauses(text).into_iter().rev().take(MOST_CLAUSES).find_map(subject).unwrap_or(Speaker::None)
}

/// The speaker right before the verb.
fn direct(text: &str, adjoining: bool, manner: bool) -> Option<Speaker> {
    let clause = clauses(text).pop().unwrap_or(text);
    if adjoining && let Some(pronoun) = pronoun(clause) {
        return Some(pronoun);
    }
    if let Some(people) = people_at_end(text) {
        return Some(people);
    }
    // 对学员们提出要求: the group is spoken to.
    let near = clause.char_indices().rev().nth(13).and_then(|(at, _)| clause.get(at..)).unwrap_or(clause);
    let spoken_to = near.contains(['对', '向']);
    if spoken_to || !(adjoining && roles::ends_with_group(clause)) {
        return None;
    }
    // 江一帆代表全体学员承诺: one speaks for the group. 江一帆与学员交流时指出: one speaks with it, and the manner was taken off.
    // 江一帆讲话希望: the last word only reads like a group.
    let with_group = manner && ["与", "同", "跟", "和", "给", "为", "带领"].iter().any(|word| clause.contains(word));
    let said = without_filler(clause).filter(|rest| *rest != clause).and_then(people_at_end);
    let for_group = said.or_else(|| (with_group || clause.contains("代表")).then(|| subject(clause)).flatten());
    Some(for_group.filter(|speaker| matches!(speaker, Speaker::People(_))).unwrap_or(Speaker::Group))
}

fn pronoun(clause: &str) -> Option<Speaker> {
    if clause.ends_with("其他") {
        return Some(Speaker::Group);
    }
    if clause.ends_with('他') || clause.ends_with('她') || clause.ends_with("其") {
        return Some(Speaker::Pronoun);
    }
    ["我", "我们", "自己", "人", "你", "咱们", "这"].iter().any(|own| clause.ends_with(own)).then_some(Speaker::None)
}

/// The persons a text ends with: names, `、` lists, `等同学`, titles; a surname with a title.
pub(super) fn people_at_end(text: &str) -> Option<Speaker> {
    let text = text.trim_end();
    let (text, unit) = without_note(text);
    let text = without_open_end(text);
    let (rest, title, tells) = roles::title_at_end(text).unwrap_or((text, "", false));
    let rest = rest.strip_suffix('等').unwrap_or(rest).trim_end();
    let found = if title.is_empty() { names::at_end(rest, true) } else { names::before_title(rest, true) };
    let Some(last) = found else {
        return short_at_end(rest, title);
    };
    let mut people = vec![last.name];
    let mut left = rest.get(..last.start)?;
    while let Some((before, found)) = earlier(left) {
        people.insert(0, found);
        left = before;
    }
    let mut standing = affiliation::divide(own_words(left));
    let mut words = own_words(left).to_owned();
    while let Some((companion, before)) = companion(&words) {
        people.insert(0, companion);
        standing = affiliation::divide(&before);
        words = before;
    }
    if standing.role.is_none() && tells && !title.is_empty() {
        standing.role = Some(title.to_owned());
    }
    if standing.affiliation.is_none() {
        standing.affiliation = unit.map(str::to_owned);
    }
    Some(Speaker::People(Named { people, standing }))
}

/// `江一帆（测绘学院）`: the note in brackets after a name.
fn without_note(text: &str) -> (&str, Option<&str>) {
    let inside = text.strip_suffix(['）', ')']).and_then(|open| open.rsplit_once(['（', '(']));
    match inside {
        Some((before, note)) if !note.is_empty() && note.chars().count() <= 24 && note.chars().any(names::is_han) => {
            (before.trim_end(), Some(note))
        }
        _ => (text, None),
    }
}

/// `等同学`, `等三位老师`, `等人`: an open list's end, the names kept.
fn without_open_end(text: &str) -> &str {
    let Some(at) = text.rfind('等') else { return text };
    let tail = text.get(at + '等'.len_utf8()..).unwrap_or_default();
    let people = [
        "",
        "人",
        "同学",
        "同志",
        "老师",
        "教师",
        "党员",
        "学生",
        "学生党员",
        "代表",
        "学员",
        "教授",
        "专家",
        "党员代表",
        "学生代表",
        "教师代表",
        "青年教师",
        "研究生",
        "本科生",
        "师生",
        "团员",
    ];
    let tail = tail.trim_start_matches(|c: char| "一二三四五六七八九十两几多0123456789名位个".contains(c));
    if people.contains(&tail) { text.get(..at).unwrap_or(text) } else { text }
}

fn earlier(left: &str) -> Option<(&str, String)> {
    let separators = ["以及", "、", "和", "与", "及"];
    let before = separators.iter().find_map(|separator| left.strip_suffix(separator))?;
    let untitled = roles::title_at_end(before).map_or(before, |(rest, _, _)| rest);
    let untitled = (untitled.len() < before.len()).then(|| names::before_title(untitled.trim_end(), true)).flatten();
    let found = untitled.or_else(|| names::at_end(before, true))?;
    Some((before.get(..found.start).unwrap_or_default(), found.name))
}

/// `教师甲和学生`: a person with words of its own inside the words before the last name; and the words before that person.
fn companion(words: &str) -> Option<(String, String)> {
    let (before, _) = words.rsplit_once(['、', '和', '与'])?;
    let untitled = roles::title_at_end(before).map_or(before, |(rest, _, _)| rest);
    let found = names::at_end(untitled, false).or_else(|| names::at_end(before, false))?;
    Some((found.name, before.get(..found.start)?.to_owned()))
}

/// The one person a text ends with, with that person's own words: what stands before other persons is left out.
pub(super) fn one_at_end(text: &str) -> Option<Named> {
    let (rest, title, tells) = roles::title_at_end(text).unwrap_or((text, "", false));
    let found = if title.is_empty() { names::at_end(rest, true) } else { names::before_title(rest, true) }?;
    let left = own_words(rest.get(..found.start)?);
    let after_others = others_before(left);
    let mut standing = affiliation::divide(after_others.unwrap_or(left));
    if standing.role.is_none() && tells {
        standing.role = Some(title.to_owned());
    }
    Some(Named { people: vec![found.name], standing })
}

/// `赵启明学长（机械系）以及校长奖章`: what stands after other persons in a list, if such stand there.
fn others_before(words: &str) -> Option<&str> {
    let joint = ["以及", "、", "和", "与"].iter().filter_map(|joint| Some((words.rfind(joint)?, joint.len())));
    let (at, length) = joint.max_by_key(|(at, _)| *at)?;
    let before = words.get(..at)?;
    let person = companion(words).is_some() || before.ends_with(['）', ')']) || courteous_at_end(before);
    person.then(|| words.get(at + length..)).flatten()
}

fn courteous_at_end(text: &str) -> bool {
    roles::title_at_end(text).is_some_and(|(_, title, _)| roles::is_courtesy(title) || title == "老师")
}

fn short_at_end(rest: &str, title: &'static str) -> Option<Speaker> {
    if title.is_empty() || title == "代表" {
        return None;
    }
    let surname = rest.char_indices().next_back().and_then(|(at, _)| rest.split_at_checked(at));
    let (left, surname) = surname.filter(|(_, surname)| names::is_surname(surname))?;
    let clause = clauses(left).pop().unwrap_or(left);
    let opened = affiliation::without_opening(clause);
    let free = opened.is_empty()
        || !opened.ends_with(names::is_han)
        || roles::introduces_name(opened)
        || opened.chars().count() <= 4;
    free.then(|| Speaker::Short(Short { surname: surname.to_owned(), title }))
}

/// Whether a sentence opens with a person or group as its subject, other than these people.
pub(super) fn turns_to_another(sentence: &str, people: &[String]) -> bool {
    let clause = clauses(affiliation::without_opening(sentence)).into_iter().next().unwrap_or_default();
    match mention_at_start(clause, opens_sentence) {
        Some(Speaker::People(named)) => !named.people.iter().any(|name| people.contains(name)),
        Some(Speaker::Short(short)) => !people.iter().any(|name| name.starts_with(short.surname.as_str())),
        Some(Speaker::Pronoun | Speaker::Elided | Speaker::Group | Speaker::None) | None => false,
    }
}

/// Whether a sentence names one of these people again as its subject and tells what was shown or gone through: the reporter
/// goes on (江一帆老师介绍了近年的考试大纲).
pub(super) fn tells_of(sentence: &str, people: &[String]) -> bool {
    let clause = clauses(affiliation::without_opening(sentence)).into_iter().next().unwrap_or_default();
    let named = match mention_at_start(clause, opens_sentence) {
        Some(Speaker::People(named)) => named.people.iter().any(|name| people.contains(name)),
        Some(Speaker::Short(short)) => people.iter().any(|name| name.starts_with(short.surname.as_str())),
        Some(Speaker::Pronoun | Speaker::Elided | Speaker::Group | Speaker::None) | None => false,
    };
    named && TOLD.iter().any(|verb| clause.contains(verb))
}

/// What a speaker did before the audience, told by the reporter.
const TOLD: &[&str] = &[
    "介绍了",
    "讲解了",
    "阐述了",
    "讲述了",
    "分析了",
    "回顾了",
    "展示了",
    "解读了",
    "梳理了",
    "总结了",
    "汇报了",
    "通报了",
    "宣读了",
    "分享了",
    "解答了",
    "传达了",
    "部署了",
    "安排了",
    "演示了",
    "作了",
    "做了",
    "做出了",
    "作出了",
    "进行了",
];

/// The subject of a sentence: in the last of its clauses that has a person at its start.
pub(super) fn subject_of(sentence: &str) -> Option<Speaker> {
    let person = |speaker: &Speaker| !matches!(speaker, Speaker::Group | Speaker::None | Speaker::Elided);
    // 她的经历打动了大家 has no person as its subject.
    let owned = |clause: &&str| clause.starts_with("他的") || clause.starts_with("她的");
    let clauses = clauses(affiliation::without_opening(sentence));
    clauses.into_iter().rev().take(12).filter(|clause| !owned(clause)).filter_map(subject).find(person)
}

/// Whether the clause that ends here makes the person before the verb the doer of a thing in the passive: `方案由江一帆提出`.
pub(super) fn is_passive(before: &str) -> bool {
    let clause = clauses(before).pop().unwrap_or_default();
    let Some((left, right)) = clause.rsplit_once('由') else { return false };
    !left.ends_with(['自', '理', '不', '缘', '事']) && !right.starts_with(['于', '此', '衷', '来'])
}

/// A clause whose subject stands at its start and whose verb comes later: `某某在发言中…`.
fn subject(clause: &str) -> Option<Speaker> {
    let opened = affiliation::without_opening(clause);
    // 江一帆最后…, 江一帆在听完宣讲之后…: the words of time stand after the name.
    subject_in(opened)
        .or_else(|| (opened.len() < clause.len()).then(|| mention_in_subject(clause.trim_start())).flatten())
}

fn mention_in_subject(clause: &str) -> Option<Speaker> {
    mention_at_start(clause, |_, right| follows_subject(right) || right.starts_with('、'))
        .filter(|speaker| !stops_at_list(speaker, clause))
}

/// `江一帆、`: a list of which only the first was read as a name.
fn stops_at_list(speaker: &Speaker, clause: &str) -> bool {
    let Speaker::People(named) = speaker else { return false };
    let only = named.people.first().filter(|_| named.people.len() == 1);
    only.and_then(|name| clause.split_once(name.as_str())).is_some_and(|(_, right)| right.starts_with('、'))
}

fn subject_in(clause: &str) -> Option<Speaker> {
    let own = [
        "他们",
        "她们",
        "大家",
        "同学们",
        "我",
        "与会",
        "会议",
        "参会",
        "全体",
        "学院",
        "党支部",
        "老师们",
        "党员们",
        "活动",
        "各",
        "师生",
    ];
    if clause.starts_with("他们") || clause.starts_with("她们") {
        return Some(Speaker::Group);
    }
    if clause.starts_with('他') || clause.starts_with('她') {
        return Some(Speaker::Pronoun);
    }
    if let Some(found) = mention_in_subject(clause) {
        return Some(found);
    }
    // 在电话中他讲述了…: the clause has its own subject.
    if clause.char_indices().take(12).any(|(at, c)| matches!(c, '他' | '她') && stands_alone(clause, at)) {
        return Some(Speaker::Pronoun);
    }
    own.iter().any(|word| clause.starts_with(word)).then_some(Speaker::Group)
}

/// Whether 他 or 她 at this byte is one person and not 他们 or 其他.
fn stands_alone(clause: &str, at: usize) -> bool {
    let (left, right) = (clause.get(..at).unwrap_or_default(), clause.get(at..).unwrap_or_default());
    let after = right.chars().nth(1);
    // 对他的影响: an object.
    !left.ends_with(['其', '对', '向', '为', '给', '与', '和', '跟', '让', '把', '被', '了'])
        && !matches!(after, Some('们' | '人' | '的' | '国'))
}

/// Whether a person at the start of a sentence turns the report to that person: what follows lets it be the subject, or
/// words that only a person can follow stand before the name and a list or a clause after it.
fn opens_sentence(words: &str, right: &str) -> bool {
    let introduced = words.ends_with('的') || roles::role_at_end(words).is_some();
    let goes_on = right.starts_with(names::is_han) && !right.starts_with('的');
    follows_subject(right) || right.starts_with('、') || (introduced && goes_on)
}

/// The persons a clause begins with, `may_follow` having the words before a name and those after it.
fn mention_at_start(clause: &str, may_follow: impl Fn(&str, &str) -> bool) -> Option<Speaker> {
    // 来自2022级的江一帆, 考取云水县的江一帆同学
    let graded = clause.find('的').map(|at| at + '的'.len_utf8()).filter(|&at| {
        let (words, rest) = clause.split_at_checked(at).unwrap_or_default();
        let named = || names::at_start(rest, |right| roles::title_at_start(right).is_some());
        is_grade(words)
            || (words.len() < 60
                && named().is_some_and(|found| title_length(rest.get(found.end..).unwrap_or_default()) > 0))
    });
    let places = std::iter::once(0).chain(roles::name_places(clause).into_iter().take_while(|&at| at < 120));
    let mut places: Vec<usize> = places.chain(graded).collect();
    places.sort_unstable();
    for place in places {
        let (words, rest) = clause.split_at_checked(place)?;
        // 播放了…教授: what stands after 了 is an object.
        if OBJECT.iter().any(|verb| words.starts_with(verb)) || words.contains(['了', '》']) {
            return None;
        }
        if let Some(found) = names::at_start(rest, |right| may_follow(words, right)) {
            let end = place + found.end;
            let end = end + title_length(clause.get(end..)?);
            return with_others(people_at_end(clause.get(..end)?)?, clause.get(end..)?);
        }
        if let Some(short) = short_at_start(rest) {
            return Some(short);
        }
    }
    None
}

/// `来自2022级的`, `15级的`: a grade after which a name may stand.
fn is_grade(words: &str) -> bool {
    words.len() < 60 && words.contains(|c: char| c.is_ascii_digit()) && words.ends_with(['的'])
}

/// Bytes of the title a text begins with; 代表 after a name is the verb (江一帆代表学院发言).
fn title_length(text: &str) -> usize {
    roles::title_at_start(text).map_or(0, |(title, _)| if title == "代表" { 0 } else { title.len() })
}

/// `第一党支部江一帆和第二党支部赵启明对…`: subjects with words of their own, joined by 和.
fn with_others(speaker: Speaker, mut rest: &str) -> Option<Speaker> {
    let Speaker::People(mut named) = speaker else { return Some(speaker) };
    for _ in 0..MOST_SUBJECTS {
        let Some(next) = ["以及", "、", "和", "与", "及"].iter().find_map(|joint| rest.strip_prefix(joint))
        else {
            break;
        };
        let near = next.char_indices().nth(24).and_then(|(at, _)| next.get(..at)).unwrap_or(next);
        let found = std::iter::once(0).chain(roles::name_places(near)).find_map(|place| {
            let right = next.get(place..)?;
            let found = names::at_start(right, |right| follows_subject(right) || right.starts_with(['、', '等']))?;
            let end = place + found.end;
            Some((found.name, end + title_length(next.get(end..)?)))
        });
        let Some((name, end)) = found else { break };
        named.people.push(name);
        rest = next.get(end..)?;
    }
    Some(Speaker::People(named))
}

/// Most persons joined to one subject.
const MOST_SUBJECTS: usize = 12;

fn short_at_start(rest: &str) -> Option<Speaker> {
    let first = rest.chars().next()?;
    let (surname, after) = rest.split_at_checked(first.len_utf8())?;
    let (title, _) = roles::title_at_start(after).filter(|(title, _)| *title != "代表")?;
    let follows = after
        .get(title.len()..)
        .is_some_and(|right| right.is_empty() || AFTER_SUBJECT.iter().any(|word| right.starts_with(word)));
    (follows && names::is_surname(surname)).then(|| Speaker::Short(Short { surname: surname.to_owned(), title }))
}

/// Whether the text after a name lets it be a subject.
pub(super) fn follows_subject(right: &str) -> bool {
    let right = right.trim_start();
    let untitled = roles::title_at_start(right).and_then(|(title, _)| right.get(title.len()..)).unwrap_or(right);
    let follows = |right: &str| right.is_empty() || AFTER_SUBJECT.iter().any(|word| right.starts_with(word));
    follows(untitled) || follows(right)
}

/// The words of the last clause: what an affiliation can hold.
fn own_words(left: &str) -> &str {
    clauses(left).pop().unwrap_or(left)
}

/// Clauses: cut at commas, stops and quotation marks.
fn clauses(text: &str) -> Vec<&str> {
    text.split(['，', ',', '。', '；', ';', '：', ':', '！', '？', '“', '”', '"', '\n']).collect()
}

/// Takes one word of manner or place off the right end, the longest that fits.
fn without_filler(text: &str) -> Option<&str> {
    FILLERS.iter().filter_map(|filler| text.strip_suffix(filler)).min_by_key(|rest| rest.len()).map(str::trim_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(speaker: &Speaker) -> String {
        match speaker {
            Speaker::People(named) => {
                let part = |part: &Option<String>| part.clone().unwrap_or_default();
                format!(
                    "{}|{}|{}",
                    named.people.join("、"),
                    part(&named.standing.affiliation),
                    part(&named.standing.role)
                )
            }
            Speaker::Short(short) => format!("{}+{}", short.surname, short.title),
            Speaker::Pronoun | Speaker::Elided | Speaker::Group | Speaker::None => format!("{speaker:?}"),
        }
    }

    #[test]
    fn the_words_before_a_verb_tell_the_speaker() {
        for (before, want) in [
            ("2016级学生党员吕宗清", "吕宗清|2016级|学生党员"),
            ("农学院党总支副书记许拂衣深有感触地", "许拂衣|农学院党总支|副书记"),
            ("会上，来自软件工程19级的赵启明同学", "赵启明|软件工程19级|"),
            ("耿疏影、赵怀川等老师", "耿疏影、赵怀川||"),
            ("教师方知行和学生尹素心", "方知行、尹素心||教师"),
            ("江一帆（测绘学院）", "江一帆|测绘学院|"),
            ("第一党支部江一帆和第二党支部赵启明对注意事项作了说明，并", "江一帆、赵启明|第一党支部|"),
            ("在电话中他讲述了学院大一学生赵启明将收入捐出的故事，并", "Pronoun"),
            ("他为大家播放了专题片《云岭》东湖大学耿维为教授的讲解，并", "Pronoun"),
            ("东湖大学耿维为教授", "耿维为|东湖大学|教授"),
            ("最后，赵启一学长举了例子，", "赵启一||"),
            ("测绘学院党委书记江一帆对学员们", "江一帆|测绘学院党委|书记"),
            ("副校长赵启明、纪委委员耿疏影对学院工作给予肯定，同时对领导班子", "赵启明、耿疏影||副校长"),
            ("江一帆代表全体学员郑重", "江一帆||"),
            ("邱万山在总结讲话中对学员们给予肯定，并", "邱万山||"),
            ("接着，关书记", "关+书记"),
            ("关书记在会上作了总结，", "关+书记"),
            ("院党委书记关秦川领学了文件，", "关秦川|院党委|书记"),
            ("随后，他还", "Pronoun"),
            ("大家纷纷", "Group"),
            ("其他同学", "Group"),
            ("与会人员一致", "Group"),
            ("我", "None"),
            ("习近平总书记", "None"),
            ("各参会党支部书记", "Group"),
            ("", "Elided"),
        ] {
            assert_eq!(shown(&before_verb(before)), want, "{before}");
        }
    }
}
