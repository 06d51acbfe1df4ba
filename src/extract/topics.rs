//! Which campaigns an article belongs to: `selectors/topics.toml`, compiled, and the points its words give.
//!
//! A campaign is a name, a window of days and words. Words of the headline count twice those of the body, and an article
//! published outside the window is never tagged: 不忘初心 was written before 2019 and is still written. One pass over the
//! text, whatever the number of campaigns.

use aho_corasick::{AhoCorasick, BuildError};
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
    words: AhoCorasick,
    /// For every word of `words`: its campaign, and whether it is a name of it.
    owners: Vec<(usize, Strength)>,
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

impl Topics {
    /// Compiles the file; a fault names the field.
    pub(in crate::extract) fn compile(spec: TopicsSpec) -> Result<Self, Fault> {
        let (mut campaigns, mut words, mut owners) = (Vec::<Campaign>::new(), Vec::new(), Vec::new());
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
                owners.extend(list.iter().map(|_| (index, strength)));
                words.extend(list);
            }
            campaigns.push(Campaign { tag: topic.tag, since, until });
        }
        let words = AhoCorasick::new(&words).map_err(|error: BuildError| Fault::new("topic", error.to_string()))?;
        Ok(Self { campaigns, words, owners })
    }

    /// Tags of an article, in the file's order.
    pub fn tags(&self, title: Option<&str>, body: &str, published: Option<Date>) -> Vec<String> {
        let headline = self.counts(title.unwrap_or_default());
        let text = self.counts(body);
        let mut points = vec![0; self.campaigns.len()];
        for ((in_title, in_body), (campaign, strength)) in headline.iter().zip(&text).zip(&self.owners) {
            let worth = match strength {
                Strength::Strong => 4 * u32::from(*in_title > 0) + if *in_body > 0 { (*in_body).min(2) + 1 } else { 0 },
                Strength::Weak => 2 * u32::from(*in_title > 0) + u32::from(*in_body > 0),
            };
            if let Some(sum) = points.get_mut(*campaign) {
                *sum += worth;
            }
        }
        let enough = |campaign: &Campaign, points: u32| match published {
            Some(day) => points >= ENOUGH && (campaign.since..=campaign.until).contains(&day),
            None => points >= ENOUGH_UNDATED,
        };
        let scored = self.campaigns.iter().zip(points);
        scored
            .filter(|(campaign, points)| enough(campaign, *points))
            .map(|(campaign, _)| campaign.tag.clone())
            .collect()
    }

    /// How often each word stands in the text.
    fn counts(&self, text: &str) -> Vec<u32> {
        let mut counts = vec![0; self.owners.len()];
        for found in self.words.find_overlapping_iter(text) {
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
