//! An archive of generated articles: an index without WARC files, for exports, statistics and their measuring. A number
//! gives the same articles on every machine. `examples/generate.rs` makes one on disk.

use std::error::Error;
use std::path::Path;

use shiguan::domain::article::{Article, Attachment, Credit, Facets, Image, Reflection, ReflectionKind};
use shiguan::domain::capture::{Capture, Head};
use shiguan::domain::digest::{PayloadDigest, RecordId};
use shiguan::domain::extraction::Extraction;
use shiguan::domain::record::Record;
use shiguan::domain::request::{FetchRequest, Purpose};
use shiguan::domain::time::{CaptureTime, Date, Precision, Timestamp};
use shiguan::domain::visit::{Novelty, Outcome, Visit};
use shiguan::store::{Index, Member, Placement};
use url::Url;

/// Visits a transaction.
const GROUP: usize = 2_000;

const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文";
const GIVEN: &str = "子涵雨桐欣怡浩然思远俊杰梓萱博文诗琪宇航佳宁晨曦明轩若曦嘉懿泽楷语嫣承翰静姝鸿煊映雪清越知远念一磊晓峰建华国强志伟秀英丽娜红梅海燕春生立新永康";
const UNITS: [&str; 8] =
    ["地学学院", "马克思主义学院", "测绘学院", "外国语学院", "党委宣传部", "校团委", "医学院", "土木工程学院"];
const SITES: [&str; 5] = ["yunling-news", "yunling-marx", "donghai-news", "beichuan-party", "yuren"];
const SENTENCES: [&str; 12] = [
    "近日，学院围绕主题教育开展专题学习，师生代表一百二十余人参加。",
    "会议指出，要把学习成果转化为推动高质量发展的实际行动。",
    "大家结合各自岗位谈体会、找差距、明方向，现场气氛热烈。",
    "活动自2023年4月12日启动以来，已走进十二个社区、八所中学。",
    "根据校党发〔2023〕17号文件要求，各支部制定了学习计划。",
    "志愿服务队为二百六十余名居民量血压、测血糖，讲解慢病防治知识。",
    "学校图书馆开放时间延长至二十三点，阅览座位增加三百余个。",
    "报告从历史逻辑、理论逻辑和实践逻辑三个方面作了深入阐释。",
    "与会人员参观了校史馆，重温入党誓词，聆听老党员讲述建校故事。",
    "下一步，将建立长效机制，推动学习教育走深走实、见行见效。",
    "实验室的灯光常常亮到深夜，一组组数据记录着攻关的过程。",
    "田野里的调查问卷收回四百一十三份，有效率百分之九十六点八。",
];

/// Numbers that look random and are the same everywhere (Knuth's multiplier, the upper bits).
pub(crate) struct Numbers(u64);

impl Numbers {
    /// A sequence of its own for every seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x1234_5678_9ABC_DEF1)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % end
    }

    /// One of a list.
    pub(crate) fn one<'t, T>(&mut self, list: &'t [T]) -> &'t T {
        let at = self.below(list.len());
        &list[at]
    }
}

/// A made-up name of two or three characters.
pub(crate) fn name(numbers: &mut Numbers) -> String {
    let surnames: Vec<char> = SURNAMES.chars().collect();
    let given: Vec<char> = GIVEN.chars().collect();
    let mut name = String::from(*numbers.one(&surnames));
    for _ in 0..=numbers.below(2) {
        name.push(*numbers.one(&given));
    }
    name
}

/// A made-up article, the same for the same number. About one in forty repeats an earlier one at another place.
pub(crate) fn article(number: usize) -> Article {
    let text = if number % 40 == 39 { number - 20 } else { number };
    let mut numbers = Numbers::new(text as u64);
    let unit = *numbers.one(&UNITS);
    let title = format!("{unit}开展主题教育第{}次集中学习", 1 + numbers.below(400) + text);
    let mut body = String::new();
    let mut reflections = Vec::new();
    for paragraph in 0..8 + numbers.below(8) {
        if paragraph > 0 {
            body.push('\n');
        }
        for _ in 0..2 + numbers.below(3) {
            body.push_str(numbers.one::<&str>(&SENTENCES));
        }
        if paragraph % 4 == 3 {
            reflections.push(reflection(&mut body, &mut numbers, unit, reflections.len() + 1));
        }
    }
    let mut place = Numbers::new(number as u64 + (1 << 40));
    let site = *place.one(&SITES);
    let host = format!("http://{site}.example");
    let url = Url::parse(&format!("{host}/info/{}/{number}.htm", 1000 + place.below(40))).unwrap();
    let day = Date::new(2019, 6, 1).unwrap().plus_days(i64::try_from(place.below(2_300)).unwrap()).unwrap();
    let (hour, minute) = (8 + place.below(10), place.below(60));
    Article {
        canonical_url: Some(url.clone()),
        url: Some(url),
        site: Some(site.to_owned()),
        family: "vsb".to_owned(),
        title: Some(title),
        subtitle: None,
        source: Some(unit.to_owned()),
        published_at: Timestamp::china(day, u32::try_from(hour).unwrap(), u32::try_from(minute).unwrap(), 0),
        published_precision: Some(Precision::Minute),
        credits: vec![
            Credit { role: "作者".to_owned(), names: vec![name(&mut numbers), name(&mut numbers)] },
            Credit { role: "责任编辑".to_owned(), names: vec![unit.to_owned()] },
        ],
        body,
        reflections,
        images: vec![Image {
            url: format!("{host}/__local/{number:x}.jpg"),
            alt: None,
            caption: Some("学习现场".to_owned()),
        }],
        attachments: number
            .is_multiple_of(7)
            .then(|| Attachment { url: format!("{host}/d?id={number}"), name: format!("学习计划{number}.docx") })
            .into_iter()
            .collect(),
        breadcrumbs: vec!["首页".to_owned(), "学院新闻".to_owned()],
        topics: vec![if day.year() < 2021 { "不忘初心" } else { "主题教育" }.to_owned()],
        warnings: Vec::new(),
        extractor: "shiguan 0.1.0".to_owned(),
        selectors: "vsb@0001-01-01".to_owned(),
    }
}

/// Adds a paragraph with words of a person to a body.
fn reflection(body: &mut String, numbers: &mut Numbers, unit: &str, ordinal: usize) -> Reflection {
    let (person, words) = (name(numbers), *numbers.one(&SENTENCES));
    let class = format!("{unit}研22级第{}班", 1 + numbers.below(9));
    body.push('\n');
    let start = body.chars().count();
    body.push_str(words);
    let end = body.chars().count();
    body.extend(["\n（", class.as_str(), " ", person.as_str(), "）"]);
    Reflection {
        ordinal,
        people: vec![person],
        affiliation: Some(class),
        facets: Facets { year: Some("2022".to_owned()), unit: Some(unit.to_owned()), ..Facets::default() },
        role: ordinal.is_multiple_of(2).then(|| "学生党员".to_owned()),
        kind: *numbers.one(&[ReflectionKind::Signed, ReflectionKind::Quoted, ReflectionKind::Reported]),
        text: words.to_owned(),
        start,
        end,
    }
}

/// Makes the index of an archive that holds these articles, captured a second apart.
pub(crate) fn archive(dir: &Path, articles: impl Iterator<Item = Article>) -> Result<(), Box<dyn Error>> {
    let begin = CaptureTime::parse("2026-01-01T00:00:00Z").unwrap();
    std::fs::create_dir_all(dir)?;
    let index = Index::open(dir)?;
    index.begin()?;
    index.meta("archive_id", || "urn:uuid:00000000-0000-4000-8000-000000000001".to_owned())?;
    let run = 1;
    index.begin_run(run, begin, "shiguan 0.1.0", "generate")?;
    let file = index.begin_file("warc/2026/generated.warc.gz", "urn:uuid:00000000-0000-4000-8000-000000000002")?;
    for (at, article) in articles.enumerate() {
        if at % GROUP == GROUP - 1 {
            index.commit()?;
            index.begin()?;
        }
        let member = Member { offset: at as u64 * 4_000, length: 4_000, sha256: [0; 32] };
        index.add_member(file, "response", &member)?;
        let placement = Placement {
            file,
            member,
            record_id: RecordId::from_stored(&format!("urn:uuid:00000000-0000-4000-9000-{at:012}")),
            novelty: Novelty::New,
            original: None,
            kind: shiguan::warc::Kind::Response,
        };
        index.store(run, &visit(at, article), Some(&placement))?;
    }
    index.end_run(run, begin, "done")?;
    index.commit()?;
    Ok(())
}

fn visit(number: usize, article: Article) -> Visit {
    let fallback = || Url::parse(&format!("http://nowhere.example/{number}")).unwrap();
    let url = article.url.clone().unwrap_or_else(fallback);
    let second = Date::new(2026, 1, 1).unwrap().midnight().unwrap().epoch_seconds() + i64::try_from(number).unwrap();
    let payload = number.to_string().into_bytes();
    Visit {
        request: FetchRequest {
            url: url.clone(),
            site: article.site.clone().unwrap_or_else(|| "nowhere".to_owned()),
            purpose: Purpose::Article,
            via: None,
            hops: 0,
            attempt: 0,
            walk: None,
            item: None,
            prior: None,
        },
        result: Ok(Capture {
            url,
            at: Timestamp::from_epoch_millis(second * 1_000).unwrap().to_capture_time(),
            ip: None,
            request: Head::default(),
            status: 200,
            response: Head::default(),
            payload_digest: PayloadDigest::of(&payload),
            payload: payload.into(),
            truncated: None,
            tls_flaw: None,
            head_ms: 0,
            elapsed_ms: 1,
        }),
        charset: None,
        extraction: Some(Extraction {
            record: Record::Article(Box::new(article)),
            article_id: Some(number.to_string()),
            outlinks: Vec::new(),
        }),
        outcome: Outcome::Ok,
    }
}

/// An article with this text in every field a page can fill.
pub(crate) fn holding(number: usize, text: &str) -> Article {
    let mut article = article(number);
    let owned = || text.to_owned();
    (article.title, article.subtitle, article.source) = (Some(owned()), Some(owned()), Some(owned()));
    article.body = owned();
    article.credits = vec![Credit { role: owned(), names: vec![owned()] }];
    article.reflections = vec![Reflection {
        ordinal: 1,
        people: vec![owned()],
        affiliation: Some(owned()),
        facets: Facets { unit: Some(owned()), ..Facets::default() },
        role: Some(owned()),
        kind: ReflectionKind::Quoted,
        text: owned(),
        start: 0,
        end: text.chars().count(),
    }];
    article.images = vec![Image { url: owned(), alt: Some(owned()), caption: Some(owned()) }];
    article.attachments = vec![Attachment { url: owned(), name: owned() }];
    article
}
