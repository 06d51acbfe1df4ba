//! Made-up articles in any number, from a seed: the same every time. The benchmarks use this file too.
//!
//! A recipe is the choice of sentences and of the words in them. The same sentences with other words are another event
//! by the same template; a repost has the same of both.

use std::collections::HashMap;
use std::fmt::Write as _;

use std::path::Path;

use bytes::Bytes;
use shiguan::domain::article::{Article, Credit};
use shiguan::domain::capture::{Capture, Head};
use shiguan::domain::digest::{PayloadDigest, RecordId};
use shiguan::domain::extraction::Extraction;
use shiguan::domain::record::Record;
use shiguan::domain::request::{FetchRequest, Purpose};
use shiguan::domain::time::CaptureTime;
use shiguan::domain::visit::{Novelty, Outcome, Visit};
use shiguan::store::{Index, Member, Placement};
use url::Url;

/// Numbers from a seed (`SplitMix64`).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    pub(crate) fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

const UNITS: &[&str] = &[
    "测绘学院",
    "地学学院",
    "马克思主义学院",
    "机械工程学院",
    "外国语学院",
    "数学与统计学院",
    "化学化工学院",
    "土木工程学院",
    "艺术与设计学院",
    "信息工程学院",
    "经济管理学院",
    "生命科学学院",
    "材料科学与工程学院",
    "体育部",
    "图书馆",
    "后勤保障部",
    "档案馆",
    "国际教育学院",
    "继续教育学院",
    "环境与生态学院",
    "法学院",
    "新闻与传播学院",
    "护理学院",
    "电气工程学院",
    "食品学院",
    "园林学院",
    "物理与电子学院",
    "心理健康教育中心",
];
const GROUPS: &[&str] = &[
    "党委",
    "党总支",
    "第一党支部",
    "第二党支部",
    "研究生党支部",
    "教工党支部",
    "本科生党支部",
    "团委",
    "青年理论学习小组",
];
const PLACES: &[&str] = &[
    "图书馆报告厅",
    "明理楼阶梯教室",
    "行政楼会议室",
    "大学生活动中心",
    "校史馆",
    "云岭烈士陵园",
    "南山革命旧址",
    "体育馆",
    "学术交流中心",
    "实验楼大厅",
    "青松书院",
    "东湖社区服务站",
    "双河村党群服务中心",
    "线上会议平台",
    "工程训练中心",
    "博物馆序厅",
    "师生服务大厅",
];
const BOOKS: &[&str] = &[
    "专题摘编",
    "学习纲要",
    "论述选编",
    "党章",
    "党史简编",
    "会议公报",
    "工作条例",
    "重要讲话单行本",
    "案例选读",
    "调研文集",
    "红色家书选",
    "支部工作手册",
];
const THEMES: &[&str] = &[
    "教育强国",
    "调查研究",
    "科技自立自强",
    "乡村振兴",
    "生态文明",
    "师德师风",
    "青年成长",
    "服务师生",
    "校园安全",
    "基层治理",
    "文化自信",
    "廉洁从教",
    "人才培养",
    "学科建设",
    "就业育人",
    "数字校园",
    "产教融合",
    "民族团结",
    "国家安全",
    "劳动教育",
    "心理育人",
    "课程思政",
    "节能降碳",
    "志愿服务",
];
const ACTS: &[&str] = &[
    "集中学习",
    "交流研讨",
    "专题党课",
    "参观见学",
    "知识竞赛",
    "主题征文",
    "读书分享",
    "现场教学",
    "结对帮扶",
    "义务劳动",
    "座谈走访",
    "成果汇报",
    "诵读活动",
    "摄影展",
    "影片观看",
    "情景党课",
    "微课比赛",
    "问卷调查",
];
const THINGS: &[&str] = &[
    "难点问题",
    "制度短板",
    "整改清单",
    "师生诉求",
    "工作台账",
    "任务分工",
    "经验做法",
    "典型案例",
    "调研报告",
    "服务流程",
    "实验条件",
    "课堂教学",
    "宿舍环境",
    "食堂价格",
    "自习座位",
    "就业岗位",
    "校园网络",
    "科研经费",
    "班级建设",
    "学业帮扶",
];
const DEEDS: &[&str] = &[
    "逐条梳理",
    "现场回应",
    "限期办结",
    "分组讨论",
    "深入剖析",
    "对照检查",
    "持续跟踪",
    "公开承诺",
    "统筹推进",
    "详细介绍",
    "系统总结",
    "当场明确",
    "专门听取",
    "重点部署",
    "认真核对",
    "共同商定",
];
const SURNAMES: &[&str] =
    &["林", "邓", "姜", "沈", "陆", "方", "任", "段", "龚", "白", "秦", "戴", "余", "顾", "常", "孟", "贺", "汤"];
const GIVEN: &[&str] = &[
    "知远", "晨", "颖", "海波", "若溪", "建平", "思齐", "书瑶", "长青", "雨桐", "明哲", "晓岚", "启文", "静怡", "子涵",
    "立新", "云舒", "博然", "嘉禾", "念慈",
];
/// What everyone writes, word for word.
const SLOGANS: &[&str] = &[
    "会议强调，要深入学习贯彻主题教育精神，牢牢把握总要求，把理论学习、调查研究、推动发展、检视整改贯通起来。",
    "大家一致表示，要以更加饱满的热情投入工作，为学校高质量发展作出新的更大贡献。",
    "要坚持学思用贯通、知信行统一，做到学思想、强党性、重实践、建新功。",
    "与会人员结合自身工作实际作了交流发言，气氛热烈。",
];
/// `{}` are, in turn, words of the kinds named behind.
const NEWS: &[(&str, &str)] = &[
    ("{}，{}{}在{}开展{}。", "dugpa"),
    ("{}{}{}以“{}”为题作了辅导报告。", "ugnt"),
    ("报告从{}个方面解读了{}的丰富内涵，并就{}{}。", "mtod"),
    ("{}同志领学了《{}》有关篇目，围绕{}谈了认识。", "nbt"),
    ("支部成员{}说，通过{}，对{}有了新的理解。", "nat"),
    ("学院先后召开{}次{}，收集意见建议{}条，对{}{}。", "mamod"),
    ("针对{}，{}牵头成立专班，{}{}。", "oudo"),
    ("{}还组织党员到{}开展{}，{}名师生参加。", "upam"),
    ("{}提出，下一步要把{}与{}结合起来，{}{}。", "nttdo"),
    ("活动期间，{}与{}就{}签订共建协议。", "uut"),
    ("据{}负责人{}介绍，{}已完成{}项，其余将于{}前{}。", "unomed"),
    ("现场还展出了反映{}的作品{}件，{}为大家讲解。", "tmn"),
    ("{}代表{}作表态发言，表示将{}{}。", "nudo"),
    ("在{}环节，{}和{}分别分享了阅读《{}》的体会。", "annb"),
    ("{}对{}提出三点要求：一是{}{}，二是抓好{}，三是办好{}。", "nudota"),
    ("来自{}的{}以一线经历讲述了{}的故事。", "unt"),
    ("学校将{}纳入年度重点，安排经费{}万元用于改善{}。", "tmo"),
    ("{}前往{}走访，了解{}情况，现场{}。", "npod"),
];
const NOTICE_OPENINGS: &[(&str, &str)] = &[
    ("经研究，定于{}在{}举办{}专题{}。", "epta"),
    ("为推进{}，{}拟于{}组织{}，地点在{}。", "tueap"),
    ("根据工作安排，{}将于{}起对{}开展集中{}。", "ueoa"),
    ("现将{}{}有关事项通知如下，时间为{}。", "tae"),
    ("{}{}定于{}召开{}工作会，请按时到{}签到。", "ugetp"),
    ("应{}邀请，{}教授将于{}来校作{}讲座，地点为{}。", "unetp"),
];
const NOTICE_MIDDLES: &[(&str, &str)] = &[
    ("主讲人为{}的{}。", "un"),
    ("联系人{}，电话{}。", "nk"),
    ("各支部请于{}前将{}报送{}。", "eou"),
    ("名额{}人，报满为止，由{}负责审核。", "mu"),
    ("参加人员携带《{}》，并提前思考{}。", "bt"),
    ("活动结束后由{}汇总{}。", "no"),
    ("材料请发至{}办公室，逾期不再受理。", "u"),
    ("请围绕{}准备不超过{}分钟的发言。", "tm"),
];
const NOTICE_CLOSINGS: &[&str] =
    &["特此通知。", "请相互转告。", "请准时参加。", "请各单位认真组织。", "如有变动另行通知。"];

/// Which sentences, and with which words.
#[derive(Clone)]
pub(crate) struct Recipe {
    short: bool,
    sentences: Vec<(&'static str, &'static str)>,
    words: Vec<Vec<String>>,
    title: (&'static str, &'static str),
    title_words: Vec<String>,
    breaks: Vec<bool>,
}

const NEWS_TITLES: &[(&str, &str)] = &[
    ("{}开展{}{}", "uta"),
    ("{}{}举行{}{}", "ugta"),
    ("{}召开{}推进会", "ut"),
    ("{}到{}开展{}", "upa"),
    ("{}讲授{}专题党课", "nt"),
];
const NOTICE_TITLES: &[(&str, &str)] =
    &[("关于举办{}{}的通知", "ta"), ("{}关于{}的通知", "uo"), ("关于报送{}的通知", "o"), ("{}讲座预告", "t")];

fn word(kind: char, n: &mut Numbers) -> String {
    match kind {
        'u' => n.pick(UNITS).to_owned(),
        'g' => n.pick(GROUPS).to_owned(),
        'p' => n.pick(PLACES).to_owned(),
        'b' => n.pick(BOOKS).to_owned(),
        't' => n.pick(THEMES).to_owned(),
        'a' => n.pick(ACTS).to_owned(),
        'o' => n.pick(THINGS).to_owned(),
        'd' if n.below(2) == 0 => n.pick(DEEDS).to_owned(),
        'n' => format!("{}{}", n.pick(SURNAMES), n.pick(GIVEN)),
        'm' => (2 + n.below(97)).to_string(),
        'k' => format!("{}", 6_000_000 + n.below(999_999)),
        _ => format!("{}月{}日", 1 + n.below(12), 1 + n.below(28)),
    }
}

fn words(kinds: &str, n: &mut Numbers) -> Vec<String> {
    kinds.chars().map(|kind| word(if kind == 'd' { 'd' } else { kind }, n)).collect()
}

fn filled(template: &str, words: &[String]) -> String {
    let mut words = words.iter();
    let mut text = String::new();
    for (at, part) in template.split("{}").enumerate() {
        if at > 0 {
            text.push_str(words.next().unwrap());
        }
        text.push_str(part);
    }
    text
}

impl Recipe {
    /// A news article of 5 to 24 sentences, or, three times in ten, a short notice.
    pub(crate) fn new(n: &mut Numbers) -> Self {
        let short = n.below(10) < 3;
        let mut sentences = Vec::new();
        if short {
            sentences.push(NOTICE_OPENINGS[n.below(NOTICE_OPENINGS.len())]);
            (0..2 + n.below(3)).for_each(|_| sentences.push(NOTICE_MIDDLES[n.below(NOTICE_MIDDLES.len())]));
            sentences.push((n.pick(NOTICE_CLOSINGS), ""));
        } else {
            for _ in 0..5 + n.below(20) {
                let slogan = n.below(6) == 0;
                sentences.push(if slogan { (n.pick(SLOGANS), "") } else { NEWS[n.below(NEWS.len())] });
            }
        }
        let titles = if short { NOTICE_TITLES } else { NEWS_TITLES };
        let title = titles[n.below(titles.len())];
        let words_of = sentences.iter().map(|(_, kinds)| words(kinds, n)).collect();
        let title_words = words(title.1, n);
        let breaks = sentences.iter().map(|_| n.below(3) == 0).collect();
        Self { short, sentences, words: words_of, title, title_words, breaks }
    }

    /// The same template for another event: days, numbers and people are others, and now and then places and units.
    pub(crate) fn other_event(&self, n: &mut Numbers) -> Self {
        let mut other = self.clone();
        let kinds = ["demkn", "demknp", "demknu"][n.below(3)];
        let mut swap = |kinds_of: &str, words: &mut Vec<String>| {
            for (kind, held) in kinds_of.chars().zip(words) {
                let before = held.clone();
                while kinds.contains(kind) && *held == before {
                    *held = word(kind, n);
                }
            }
        };
        for ((_, kinds_of), words) in self.sentences.iter().zip(&mut other.words) {
            swap(kinds_of, words);
        }
        swap(self.title.1, &mut other.title_words);
        other
    }

    /// Whether anything can be another day, number or person.
    pub(crate) fn has_event(&self) -> bool {
        self.sentences.iter().filter(|(_, kinds)| kinds.contains(['e', 'm', 'n', 'k'])).count() > 0
    }

    pub(crate) fn is_short(&self) -> bool {
        self.short
    }

    pub(crate) fn title(&self) -> String {
        filled(self.title.0, &self.title_words)
    }

    pub(crate) fn body(&self) -> String {
        let mut body = String::new();
        for (((template, _), words), ends) in self.sentences.iter().zip(&self.words).zip(&self.breaks) {
            body.push_str(&filled(template, words));
            if *ends {
                body.push('\n');
            }
        }
        body.trim_end().to_owned()
    }
}

/// What was done to a text when it was reposted.
pub(crate) const REPOSTS: &[&str] =
    &["copied", "retitled", "trimmed", "quotation-marks", "extended", "traditional", "retitled-and-trimmed"];

/// The repost of a title and a body.
pub(crate) fn repost(how: &str, title: &str, body: &str, n: &mut Numbers) -> (String, String) {
    let (mut title, mut body) = (title.to_owned(), body.to_owned());
    if how.contains("retitled") {
        title = format!("【{}】{}{}", n.pick(THEMES), n.pick(UNITS), n.pick(ACTS));
    }
    if how.contains("trimmed") {
        let ends: Vec<usize> = body.match_indices('。').map(|(at, mark)| at + mark.len()).collect();
        // At least half stays, and at least the first sentence goes or the last.
        let kept = (ends.len() * (50 + n.below(40))).div_ceil(100).min(ends.len().saturating_sub(1)).max(1);
        let from = if n.below(4) == 0 { ends.len() - kept } else { 0 };
        let begin = if from == 0 { 0 } else { ends[from - 1] };
        body = body[begin..ends[from + kept - 1]].trim().to_owned();
    }
    if how == "quotation-marks" {
        body = body.replace('“', "「").replace('”', "」").replace('，', ",");
    }
    if how == "extended" {
        let unit = n.pick(UNITS);
        write!(
            body,
            "\n（{unit}供稿）{unit}将继续把{}同{}结合起来，推动{}落到实处。",
            n.pick(THEMES),
            n.pick(ACTS),
            n.pick(THINGS)
        )
        .unwrap();
    }
    if how == "traditional" {
        (title, body) = (traditional(&title), traditional(&body));
    }
    (title, body)
}

/// The text in traditional characters, one for each simplified one.
pub(crate) fn traditional(text: &str) -> String {
    let table: Vec<char> =
        include_str!("../../../src/fold/simplified.txt").chars().filter(|c| !c.is_whitespace()).collect();
    let mut back: HashMap<char, char> = HashMap::new();
    for pair in table.chunks(2) {
        back.entry(pair[1]).or_insert(pair[0]);
    }
    text.chars().map(|c| back.get(&c).copied().unwrap_or(c)).collect()
}

/// An article at this address.
pub(crate) fn article(url: &str, title: &str, body: &str) -> Article {
    let url = Url::parse(url).unwrap();
    Article {
        canonical_url: Some(url.clone()),
        site: url.host_str().map(str::to_owned),
        url: Some(url),
        family: "generic".to_owned(),
        title: Some(title.to_owned()),
        subtitle: None,
        source: None,
        published_at: None,
        published_precision: None,
        credits: vec![Credit { role: "编辑".to_owned(), names: vec!["林知远".to_owned()] }],
        reflections: Vec::new(),
        body: body.to_owned(),
        images: Vec::new(),
        attachments: Vec::new(),
        breadcrumbs: Vec::new(),
        topics: Vec::new(),
        warnings: Vec::new(),
        extractor: "shiguan 0".to_owned(),
        selectors: "generic@1".to_owned(),
    }
}

/// A planted set: titles and bodies, and for each the number of the text it was made from.
pub(crate) struct Planted {
    pub(crate) texts: Vec<(String, String)>,
    /// Equal for reposts of one text.
    pub(crate) works: Vec<usize>,
    /// How each came about.
    pub(crate) kinds: Vec<&'static str>,
}

/// So many articles, of which so many are reposts and so many other events by the template of an article.
pub(crate) fn planted(seed: u64, articles: usize, reposts: usize, misses: usize) -> Planted {
    let mut n = Numbers(seed);
    let mut set = Planted { texts: Vec::new(), works: Vec::new(), kinds: Vec::new() };
    let recipes: Vec<Recipe> = (0..articles - reposts - misses).map(|_| Recipe::new(&mut n)).collect();
    let mut add = |title: String, body: String, work: usize, kind: &'static str| {
        set.texts.push((title, body));
        set.works.push(work);
        set.kinds.push(kind);
    };
    for (work, recipe) in recipes.iter().enumerate() {
        add(recipe.title(), recipe.body(), work, if recipe.is_short() { "notice" } else { "news" });
    }
    for at in 0..reposts {
        let work = n.below(recipes.len());
        let how = REPOSTS[at % REPOSTS.len()];
        let (title, body) = repost(how, &recipes[work].title(), &recipes[work].body(), &mut n);
        add(title, body, work, how);
    }
    for at in 0..misses {
        let recipe = loop {
            let recipe = &recipes[n.below(recipes.len())];
            if recipe.has_event() {
                break recipe.other_event(&mut n);
            }
        };
        add(recipe.title(), recipe.body(), recipes.len() + at, "other-event");
    }
    set
}

/// An index that articles are stored into as the archive's writer does, without the WARC files.
pub(crate) struct Shelf {
    pub(crate) index: Index,
    run: i64,
    file: i64,
    end: u64,
}

impl Shelf {
    pub(crate) fn open(dir: &Path) -> Self {
        let index = Index::open(dir).unwrap();
        index.begin().unwrap();
        let run = index.next_run().unwrap();
        index.begin_run(run, moment(0), "test", "test").unwrap();
        let file = index.begin_file(&format!("warc/2026/{run}.warc.gz"), "").unwrap();
        index.commit().unwrap();
        Self { index, run, file, end: 0 }
    }

    /// Stores these articles in one transaction, each as captured at its second.
    pub(crate) fn put(&mut self, articles: impl IntoIterator<Item = (u32, Article)>) {
        self.index.begin().unwrap();
        for (second, article) in articles {
            let placement = Placement {
                file: self.file,
                member: Member { offset: self.end, length: 1, sha256: [0; 32] },
                record_id: RecordId::from_stored(&format!("urn:uuid:{}-{}", self.run, self.end)),
                novelty: Novelty::New,
                original: None,
                kind: shiguan::warc::Kind::Response,
            };
            self.end += 1;
            self.index.store(self.run, &visit(second, article), Some(&placement)).unwrap();
        }
        self.index.commit().unwrap();
    }
}

fn moment(second: u32) -> CaptureTime {
    let (day, hour) = (1 + second / 86_400, second / 3600 % 24);
    CaptureTime::parse(&format!("2026-11-{day:02}T{hour:02}:{:02}:{:02}Z", second / 60 % 60, second % 60)).unwrap()
}

fn visit(second: u32, article: Article) -> Visit {
    let url = article.url.clone().unwrap();
    let payload = format!("{:?}{}", article.title, article.body);
    let capture = Capture {
        url: url.clone(),
        at: moment(second),
        ip: None,
        request: Head::default(),
        status: 200,
        response: Head { line: "HTTP/1.1 200 OK".to_owned(), fields: Vec::new() },
        payload_digest: PayloadDigest::of(payload.as_bytes()),
        payload: Bytes::from(payload),
        truncated: None,
        tls_flaw: None,
        head_ms: 0,
        elapsed_ms: 1,
    };
    let request = FetchRequest {
        site: article.site.clone().unwrap_or_default(),
        url,
        purpose: Purpose::Article,
        via: None,
        hops: 0,
        attempt: 0,
        walk: None,
        item: None,
        prior: None,
    };
    let record = Record::Article(Box::new(article));
    let extraction = Some(Extraction { record, article_id: None, outlinks: Vec::new() });
    Visit { request, result: Ok(capture), charset: None, extraction, outcome: Outcome::Ok }
}
