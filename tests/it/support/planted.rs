//! An archive with persons and numbers planted in it, in sentences of many kinds, and the words an export must no longer hold.
//!
//! Each person is told to the archive in one place (words of theirs, a credit, a role before the name) and stands in others with
//! nothing beside the name that says so. Some persons are told nowhere: what is found of them is measured, not promised.

use std::collections::BTreeSet;

use shiguan::domain::article::{Article, Attachment, Credit, Facets, Image, Reflection, ReflectionKind};

use super::generated::{self, Numbers};

/// One name or number at one place.
pub(crate) struct Plant {
    /// Stands once, before the planted words, in the article's body; what follows up to the line's end is judged.
    pub(crate) marker: String,
    /// What stood there.
    pub(crate) words: String,
    /// Spellings that must stand nowhere in the export; empty for a name that is an everyday word.
    pub(crate) spellings: Vec<String>,
    /// Whether the archive is told of it.
    pub(crate) told: bool,
}

/// The planted archive.
pub(crate) struct Planted {
    pub(crate) articles: Vec<Article>,
    pub(crate) plants: Vec<Plant>,
    /// Everybody there is, and every number, as printed.
    pub(crate) all: BTreeSet<String>,
}

const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文解查仇覃冼蔺逄爨妫撒宝侴鲜";
/// Those of them that are in no list of the reader of mentions: a role before such a name tells nothing.
const UNHEARD: &str = "爨妫撒宝侴鲜";
const GIVEN: &str = "子涵雨桐欣怡浩然思远俊杰梓萱博文诗琪宇航佳宁晨曦明轩若曦嘉懿泽楷语嫣承翰静姝鸿煊映雪清越知念磊晓峰建华国强志伟秀英丽娜红梅海燕春生立新永康奕昕铭睿婧瑶珂岚朔澄霁骁翊笙筱黛岑蕙";
const COMPOUND: [&str; 8] = ["欧阳", "司马", "上官", "诸葛", "慕容", "皇甫", "亓官", "公羊"];
const SOUNDS: [&str; 12] = [
    "阿依努尔",
    "麦麦提",
    "古丽",
    "艾力",
    "买买提",
    "阿卜杜拉",
    "热依汗",
    "迪丽拜尔",
    "巴图",
    "其其格",
    "扎西",
    "卓玛",
];
/// Names that are everyday words.
const EVERYDAY: [&str; 12] =
    ["高峰", "文明", "方法", "和平", "向阳", "江山", "金星", "安宁", "白云", "田野", "黄河", "高原"];
/// Sentences in which those words are words.
const WORDS: [&str; 12] = [
    "错过早高峰，车辆有序进出。",
    "建设文明校园，讲文明树新风。",
    "改进工作方法，注重方法创新。",
    "热爱和平，维护和平发展环境。",
    "一路向阳而生，心向阳光。",
    "江山就是人民，打江山守江山靠的是民心。",
    "金星伴月的天象引来观测者。",
    "守护校园安宁，岁月安宁。",
    "蓝天白云下，学生在操场列队。",
    "走向田野，把论文写在田野上。",
    "黄河流域生态保护，保护母亲黄河。",
    "高原缺氧不缺精神，雪域高原见证。",
];

/// Sentences for a name; nothing beside it need say that it is one.
const OF_PERSONS: [&str; 24] = [
    "那天傍晚{}一直留在实验室。",
    "最难忘的是{}递来的一杯热水。",
    "操场边站着{}，手里拿着旗子。",
    "“{}，你来读这一段。”",
    "获奖名单里有{}（二等奖）。",
    "后来才知道{}把机会让给了别人。",
    "{}说，读书要下笨功夫。",
    "大家请{}再讲一遍。",
    "{}，来自云水县，爱好长跑。",
    "照片左起第三人是{}。",
    "学生{}作了发言。",
    "感谢{}老师的指导。",
    "谁也没有想到{}会第一个报名",
    "记者见到{}时，他刚下课。",
    "材料见附件{}.docx及附表。",
    "一封写给{}的信在校园里流传。",
    "{}从不迟到，也从不早走。",
    "台下坐着{}和几位新生。",
    "这首歌是{}写的。",
    "第二天大家没有等到{}",
    "{}的父亲在矿上干了三十年。",
    "晚上九点，值班表上轮到{}。",
    "把名额给{}吧，他更需要。",
    "报上把这件事记在{}名下，没有人反对。",
];

/// How a role or a title tells the archive of a person.
const TELLING: [&str; 6] = [
    "党支部书记{}主持会议。",
    "{}同学介绍了经验。",
    "辅导员{}表示，要做学生的知心人。",
    "会上，{}教授作了报告。",
    "主讲人：{}。",
    "（通讯员 {}）",
];

/// Plants about so many names and numbers. The same number gives the same archive.
pub(crate) fn planted(count: usize) -> Planted {
    let articles = (count / 5).max(40);
    let articles: Vec<Article> = (0..articles).map(filled).collect();
    let said = articles.iter().flat_map(|article| article.reflections.iter().flat_map(|r| r.people.clone()));
    let credited = articles.iter().flat_map(|article| article.credits.iter().flat_map(|c| c.names.clone()));
    let all = said.chain(credited).collect();
    let mut made = Planted { articles, plants: Vec::new(), all };
    let mut numbers = Numbers::new(7);
    for at in 0..count {
        match at % 10 {
            0..=5 => made.person(at, &mut numbers),
            6 => made.everyday(&mut numbers),
            _ => made.number(at, &mut numbers),
        }
    }
    made
}

fn filled(number: usize) -> Article {
    let mut article = generated::article(number);
    article.body.push('\n');
    article.body.push_str(WORDS[number % WORDS.len()]);
    article.body.push_str(WORDS[(number / 3 + 5) % WORDS.len()]);
    article
}

/// A name of any of the shapes names have, and none of the everyday words.
pub(crate) fn name(numbers: &mut Numbers) -> String {
    loop {
        let name = any_name(numbers);
        if !EVERYDAY.contains(&name.as_str()) {
            return name;
        }
    }
}

fn any_name(numbers: &mut Numbers) -> String {
    let (surnames, given): (Vec<char>, Vec<char>) = (SURNAMES.chars().collect(), GIVEN.chars().collect());
    let mut two = |count: usize| (0..count).map(|_| *numbers.one(&given)).collect::<String>();
    let (one, both) = (two(1), two(2));
    match numbers.below(20) {
        0 => format!("{}{both}", numbers.one(&COMPOUND)),
        1 | 2 => format!("{}·{}", numbers.one(&SOUNDS), numbers.one(&SOUNDS)),
        3..=6 => format!("{}{one}", numbers.one(&surnames)),
        _ => format!("{}{both}", numbers.one(&surnames)),
    }
}

/// As pages print names too.
fn printed(name: &str, numbers: &mut Numbers) -> String {
    let spaced = name.chars().count() == 2 && numbers.below(2) == 0;
    let glue = ["　", " "][numbers.below(2)];
    match numbers.below(6) {
        0 if name.contains('·') => name.replace('·', ["•", "．", "・"][numbers.below(3)]),
        _ if spaced => name.chars().map(String::from).collect::<Vec<_>>().join(glue),
        1 => name.replace('学', "學").replace('国', "國").replace('华', "華").replace('伟', "偉"),
        _ => name.to_owned(),
    }
}

impl Planted {
    fn article(&mut self, numbers: &mut Numbers) -> &mut Article {
        let at = numbers.below(self.articles.len());
        &mut self.articles[at]
    }

    /// Appends a line with the words to a body.
    fn plant(&mut self, article: usize, [sentence, words]: [&str; 2], spellings: Vec<String>, told: bool) {
        let marker = format!("第p{}条，", self.plants.len());
        self.all.insert(words.to_owned());
        let line = sentence.replace("{}", words);
        self.articles[article].body.extend(["\n", &marker, &line]);
        self.plants.push(Plant { marker, words: words.to_owned(), spellings, told });
    }

    fn person(&mut self, at: usize, numbers: &mut Numbers) {
        let name = name(numbers);
        self.all.insert(name.clone());
        // One in six is told nowhere.
        let told = at % 60 >= 10;
        let printed = printed(&name, numbers);
        let sentence = *numbers.one(&OF_PERSONS);
        let article = numbers.below(self.articles.len());
        let spellings = if told { vec![name.clone(), printed.clone(), encoded(&name)] } else { Vec::new() };
        self.plant(article, [sentence, &printed], spellings, told);
        if told {
            self.tell(&name, numbers);
            self.scatter(&name, numbers);
        }
    }

    /// Tells the archive of a person, in an article of its own choice.
    fn tell(&mut self, name: &str, numbers: &mut Numbers) {
        let unheard = name.starts_with(|c| UNHEARD.contains(c));
        let way = if unheard { 0 } else { numbers.below(4) };
        let sentence = numbers.one(&TELLING).replace("{}", name);
        let article = self.article(numbers);
        match way {
            0 => article.credits.push(Credit { role: "摄影".to_owned(), names: vec![name.to_owned()] }),
            1 => {
                article.body.push('\n');
                article.body.push_str(&sentence);
            }
            way => {
                let start = article.body.chars().count() + 1;
                let words = format!("{name}的心得：读史明志，知行合一。");
                article.body.extend(["\n", &words]);
                if way == 2 {
                    article.body.extend(["（研22级第一党支部 ", name, "）"]);
                }
                article.reflections.push(Reflection {
                    ordinal: article.reflections.len() + 1,
                    people: vec![name.to_owned()],
                    affiliation: Some(format!("研22级第一党支部（{name}小组）")),
                    facets: Facets::default(),
                    role: None,
                    kind: ReflectionKind::Signed,
                    end: start + words.chars().count(),
                    text: words,
                    start,
                });
            }
        }
    }

    /// Writes a name into fields beside the body.
    fn scatter(&mut self, name: &str, numbers: &mut Numbers) {
        let place = numbers.below(8);
        let article = self.article(numbers);
        match place {
            0 => article.title = Some(format!("记{name}二三事")),
            1 => article.images.push(Image {
                url: format!("http://donghai.example/upload/{}.jpg", encoded(name)),
                alt: Some(format!("{name}在讲课")),
                caption: Some(format!("图为{name}（右一）")),
            }),
            2 => article.attachments.push(Attachment {
                url: format!("http://donghai.example/d/{name}.docx"),
                name: format!("附件3：{name}先进事迹.docx"),
            }),
            3 => article.source = Some(format!("{name}工作室")),
            4 => article.subtitle = Some(format!("——访{name}")),
            _ => {}
        }
    }

    /// A person whose name is a word stands with nothing beside it in an article that tells of the person.
    fn everyday(&mut self, numbers: &mut Numbers) {
        let name = *numbers.one(&EVERYDAY);
        let article = numbers.below(self.articles.len());
        let sentence = *numbers.one(&[
            "那天傍晚{}一直留在实验室。",
            "大家请{}再讲一遍。",
            "{}说，读书要下笨功夫。",
            "学生{}作了发言。",
        ]);
        self.articles[article].credits.push(Credit { role: "作者".to_owned(), names: vec![name.to_owned()] });
        self.plant(article, [sentence, name], Vec::new(), true);
    }

    fn number(&mut self, at: usize, numbers: &mut Numbers) {
        let mut digits = |count: usize| {
            (0..count)
                .map(|_| char::from_digit(u32::try_from(numbers.below(10)).unwrap(), 10).unwrap())
                .collect::<String>()
        };
        let (four, eight) = (digits(4), digits(8));
        let mobile = format!("13{}{eight}", &four[..1]);
        let letters: String = eight.bytes().map(|b| char::from(b'a' + (b - b'0') * 2)).collect();
        let (sentence, words) = match at / 10 % 14 {
            0 => ("联系电话：{}。", mobile),
            1 => ("有意者请拨打{}咨询", format!("{}-{}-{}", &mobile[..3], &mobile[3..7], &mobile[7..])),
            2 => ("办公电话：{}（工作时间）", format!("8{}", &eight[..7])),
            3 => ("值班室{}全天有人", format!("0{}-8{}", &four[..2].replace('0', "1"), &eight[..7])),
            4 => ("身份证号{}已核对。", format!("51010719{}0{}1{}{}X", 70 + at % 30, 1 + at % 9, at % 9, &four[..3])),
            5 => ("证件为{}，请妥善保管", format!("510107{}0{}2{}{}", 70 + at % 30, 1 + at % 9, at % 9, &four[..3])),
            6 => ("稿件发至{}即可。", format!("{letters}@donghai.example.cn")),
            7 => ("投稿邮箱 {}，", format!("{letters}.{four}@qq.example")),
            8 => ("QQ：{}。", format!("1{eight}")),
            9 => ("加入QQ群 {} 报名", format!("2{eight}")),
            10 => ("微信号：{}（注明姓名）", format!("{letters}_{four}")),
            11 => ("扫码或加微信{}联系。", letters),
            12 => ("学号：2022{}。", eight),
            _ => {
                ("手机　{}（同微信）", mobile.chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap()).collect())
            }
        };
        let article = numbers.below(self.articles.len());
        let judged = if sentence.contains("2022") { format!("2022{words}") } else { words.clone() };
        let sentence = sentence.replace("2022{}", "{}");
        self.plant(article, [&sentence, &judged], vec![judged.clone()], true);
    }
}

/// Percent-encoded, as in addresses.
fn encoded(text: &str) -> String {
    text.bytes().flat_map(|byte| ["%".to_owned(), format!("{byte:02X}")]).collect()
}
