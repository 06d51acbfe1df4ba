//! Which campaigns an article belongs to: `selectors/topics.toml`, compiled, and the points its words give.
//!
//! A campaign is a name, a window of days and words. Words of the headline count twice those of the body, and an article
//! published outside the window is never tagged: 不忘初心 was written before 2019 and is still written. One pass over the
//! text, whatever the number of campaigns. [`Topics::weigh`] says of every campaign that has points why it is tagged or not.

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError};
use serde::Deserialize;

use crate::domain::time::Date;

use super::profile::Fault;

/// Points from which an article is tagged.
const ENOUGH: u32 = 3;
/// Points from which an article without a date is tagged.
const ENOUGH_UNDATED: u32 = 4;

/// `topics.toml` as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopicsSpec {
    /// Campaigns, in the order tags are given.
    #[serde(default, rename = "topic")]
    topics: Vec<TopicSpec>,
}

/// One campaign as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TopicSpec {
    tag: String,
    /// For people who read the file.
    #[serde(rename = "name")]
    _name: String,
    since: String,
    until: String,
    strong: Vec<String>,
    #[serde(default)]
    weak: Vec<String>,
}

/// The campaigns, compiled.
#[derive(Debug)]
pub struct Topics {
    campaigns: Vec<Campaign>,
    search: AhoCorasick,
    /// The words of `search`, in its order.
    words: Vec<Word>,
}

#[derive(Debug)]
struct Word {
    text: String,
    /// Place of its campaign.
    campaign: usize,
    strength: Strength,
}

#[derive(Debug)]
struct Campaign {
    tag: String,
    since: Date,
    until: Date,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Strength {
    Strong,
    Weak,
}

impl Strength {
    /// Points of a word in the headline.
    fn in_title(self, times: u32) -> u32 {
        let worth = if self == Self::Strong { 4 } else { 2 };
        if times > 0 { worth } else { 0 }
    }

    /// Points of a word in the body.
    fn in_body(self, times: u32) -> u32 {
        match (self, times) {
            (_, 0) => 0,
            (Self::Strong, _) => times.min(2) + 1,
            (Self::Weak, _) => 1,
        }
    }
}

/// What speaks for one campaign, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    /// Place of the campaign in the file.
    pub index: usize,
    /// Its tag.
    pub tag: String,
    /// Sum of the points.
    pub points: u32,
    /// Points it takes, which depends on whether the article has a date.
    pub enough: u32,
    /// Each word that stands in the article, with its points in the headline and in the body.
    pub words: Vec<(String, u32, u32)>,
    /// First and last day of the campaign's window.
    pub window: (Date, Date),
    /// Whether the article's day is in it; `None` where it has no date.
    pub in_window: Option<bool>,
}

impl Weighed {
    /// Whether the article is tagged with it.
    pub fn is_tagged(&self) -> bool {
        self.points >= self.enough && self.in_window != Some(false)
    }
}

impl Topics {
    /// Compiles the file; a fault names the field.
    pub(in crate::extract) fn compile(spec: TopicsSpec) -> Result<Self, Fault> {
        let (mut campaigns, mut words) = (Vec::<Campaign>::new(), Vec::new());
        for (index, topic) in spec.topics.into_iter().enumerate() {
            let field = |name: &str| format!("topic[{index}].{name}");
            let day = |name: &str, text: &str| {
                Date::parse(text).ok_or_else(|| Fault::new(field(name), format!("`{text}` is no day YYYY-MM-DD")))
            };
            let (since, until) = (day("since", &topic.since)?, day("until", &topic.until)?);
            if until < since {
                return Err(Fault::new(field("until"), "is before `since`"));
            }
            if campaigns.iter().any(|campaign| campaign.tag == topic.tag) {
                return Err(Fault::new(field("tag"), format!("`{}` is there twice", topic.tag)));
            }
            for (name, list, strength) in
                [("strong", topic.strong, Strength::Strong), ("weak", topic.weak, Strength::Weak)]
            {
                if let Some(empty) = list.iter().position(|word| word.trim().is_empty()) {
                    return Err(Fault::new(format!("topic[{index}].{name}[{empty}]"), "is empty"));
                }
                words.extend(list.into_iter().map(|text| Word { text, campaign: index, strength }));
            }
            campaigns.push(Campaign { tag: topic.tag, since, until });
        }
        // A third of the memory, for a few microseconds a page.
        let search = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(words.iter().map(|word| &word.text))
            .map_err(|error: BuildError| Fault::new("topic", error.to_string()))?;
        Ok(Self { campaigns, search, words })
    }

    /// Tags of an article, in the file's order.
    pub fn tags(&self, title: Option<&str>, body: &str, published: Option<Date>) -> Vec<String> {
        self.weigh(title, body, published).into_iter().filter(Weighed::is_tagged).map(|campaign| campaign.tag).collect()
    }

    /// Every campaign that has points, in the file's order.
    pub fn weigh(&self, title: Option<&str>, body: &str, published: Option<Date>) -> Vec<Weighed> {
        let headline = self.counts(title.unwrap_or_default());
        let text = self.counts(body);
        let enough = if published.is_some() { ENOUGH } else { ENOUGH_UNDATED };
        let mut weighed: Vec<Weighed> = Vec::new();
        // Words stand in the order of their campaigns.
        for ((in_title, in_body), word) in headline.iter().zip(&text).zip(&self.words) {
            let (in_title, in_body) = (word.strength.in_title(*in_title), word.strength.in_body(*in_body));
            let (Some(campaign), true) = (self.campaigns.get(word.campaign), in_title + in_body > 0) else { continue };
            if weighed.last().is_none_or(|last| last.index != word.campaign) {
                weighed.push(Weighed {
                    index: word.campaign,
                    tag: campaign.tag.clone(),
                    points: 0,
                    enough,
                    words: Vec::new(),
                    window: (campaign.since, campaign.until),
                    in_window: published.map(|day| (campaign.since..=campaign.until).contains(&day)),
                });
            }
            if let Some(last) = weighed.last_mut() {
                last.points += in_title + in_body;
                last.words.push((word.text.clone(), in_title, in_body));
            }
        }
        weighed
    }

    /// How often each word stands in the text.
    fn counts(&self, text: &str) -> Vec<u32> {
        let mut counts = vec![0; self.words.len()];
        for found in self.search.find_overlapping_iter(text) {
            if let Some(count) = counts.get_mut(found.pattern().as_usize()) {
                *count += 1;
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Catalogue;
    use crate::extract::catalogue::SourceFile;

    fn tags(title: &str, body: &str, day: Option<&str>) -> Vec<String> {
        let catalogue = Catalogue::load(&[]).unwrap();
        catalogue.topics().tags(Some(title), body, day.map(|day| Date::parse(day).unwrap()))
    }

    #[test]
    fn campaigns_are_known_by_words_and_days() {
        for (title, body, day, want) in [
            ("学院举行“学思想·强党性·重实践·建新功”微沙龙", "主题教育开展以来", Some("2023-06-06"), vec!["主题教育"]),
            ("学院召开主题教育推进会", "以学铸魂、以学增智", Some("2023-06-06"), vec!["主题教育"]),
            ("支部开展党史学习教育", "走进纪念馆", Some("2021-06-11"), vec!["党史"]),
            ("支部参观纪念馆", "按照“不忘初心、牢记使命”主题教育安排", Some("2019-10-11"), vec!["不忘初心"]),
            ("党纪学习教育读书班开班", "集中学习纪律处分条例", Some("2024-05-20"), vec!["党纪"]),
            ("深入贯彻中央八项规定精神学习教育", "作风建设永远在路上", Some("2025-05-20"), vec!["八项规定"]),
            // Outside the window the same words are no campaign.
            ("支部开展党史学习教育", "走进纪念馆", Some("2018-06-11"), vec![]),
            // One watchword in passing is not enough.
            ("学院举行运动会", "同学们不忘初心，奋勇争先", Some("2019-10-11"), vec![]),
            ("支部开展党史学习教育", "学党史、悟思想", None, vec!["党史"]),
            ("参观纪念馆", "党史学习教育中", None, vec![]),
        ] {
            assert_eq!(tags(title, body, day), want, "{title} {day:?}");
        }
    }

    #[test]
    fn what_speaks_for_a_campaign_is_told_word_by_word() {
        let catalogue = Catalogue::load(&[]).unwrap();
        let weigh = |day: Option<&str>| {
            let day = day.map(|day| Date::parse(day).unwrap());
            catalogue.topics().weigh(Some("支部开展党史学习教育"), "学党史、悟思想，不忘初心", day)
        };
        let dated = weigh(Some("2021-06-11"));
        let told: Vec<_> =
            dated.iter().map(|one| (one.tag.as_str(), one.points, one.in_window, one.is_tagged())).collect();
        assert_eq!(told, [("不忘初心", 1, Some(false), false), ("党史", 7, Some(true), true)]);
        let words: Vec<_> = dated[1].words.iter().map(|(word, title, body)| (word.as_str(), *title, *body)).collect();
        assert_eq!(words, [("党史学习教育", 4, 0), ("学党史、悟思想", 0, 2), ("学党史", 0, 1)]);
        assert_eq!(dated[1].words.iter().map(|(_, title, body)| title + body).sum::<u32>(), dated[1].points);
        assert_eq!(weigh(None)[1].enough, 4, "without a date it takes more");
        assert!(!weigh(Some("2018-06-11"))[1].is_tagged(), "outside the window");
    }

    #[test]
    fn a_mistake_is_named_with_file_line_and_field() {
        let topic = "[[topic]]\ntag = \"x\"\nname = \"X\"\nsince = \"2023-04-01\"\nuntil = \"2024-01-01\"\nstrong = [\"甲乙\"]\n";
        for (text, line, field) in [
            (topic.replace("since = \"2023-04-01\"", "since = \"2023-02-30\""), 4, "topic[0].since"),
            (topic.replace("2024-01-01", "2022-01-01"), 5, "topic[0].until"),
            (topic.replace("strong", "stronk"), 6, "stronk"),
            (topic.repeat(2), 8, "topic[1].tag"),
            (topic.replace("甲乙", " "), 6, "topic[0].strong[0]"),
        ] {
            let error = Catalogue::load(&[SourceFile { path: "topics.toml".to_owned(), text }]).unwrap_err();
            assert_eq!((error.path.as_str(), error.line), ("topics.toml", Some(line)), "{error}");
            assert!(error.what.contains(field), "{error}");
        }
    }
}
