//! What `show` prints for people: 80 cells wide, sections in the order questions come. Pure.

use serde_json::Value;

use super::super::output::printable;
use super::super::table;
use super::absence::{self, Absence};
use super::difference::{Change, Difference};
use super::{HeldCapture, HeldFile, HeldRepost, HeldShowing, HeldTombstone, HeldVersion, Shown};
use crate::domain::article::{Article, Reflection};
use crate::domain::time::CaptureTime;

/// Cells a line.
const WIDTH: usize = 80;

/// The whole text.
pub(super) fn people(shown: &Shown) -> String {
    let record = &shown.article.record;
    let files = shown.images.iter().map(|held| file(&held.image.url, &held.file));
    let attachments = shown.attachments.iter().map(|held| {
        let named = format!("{} {}", held.attachment.name, held.attachment.url);
        file(&named, &held.file)
    });
    let sections = [
        ("body", table::wrap(&printable(&record.body), WIDTH, "  ")),
        ("reflections", record.reflections.iter().map(reflection).collect()),
        ("images", files.collect()),
        ("attachments", attachments.collect()),
        ("versions", shown.versions.iter().zip(&shown.pages).map(|(held, pages)| version(held, pages)).collect()),
        ("shown since", showings(shown)),
        ("differences", shown.differences.iter().map(difference).collect()),
        ("captures", shown.captures.iter().map(capture).collect()),
        ("disappearances", shown.tombstones.iter().map(|held| tombstone(held, shown)).collect()),
        ("reposts", if shown.reposts.len() > 1 { reposts(shown) } else { String::new() }),
    ];
    let mut text = head(shown);
    for (title, section) in sections.iter().filter(|(_, section)| !section.is_empty()) {
        text.extend(["\n", title, "\n", section]);
    }
    text
}

fn wrapped(text: &str) -> String {
    table::wrap(&printable(text), WIDTH, "  ")
}

/// A moment to the second, on the clock pages print their times by; the head says which.
fn short(at: CaptureTime) -> String {
    at.to_china_string()
}

fn head(shown: &Shown) -> String {
    let (held, record) = (&shown.article, &shown.article.record);
    let credits: Vec<String> =
        record.credits.iter().map(|credit| format!("{}：{}", credit.role, credit.names.join("、"))).collect();
    let url = |url: &Option<url::Url>| url.as_ref().map(ToString::to_string);
    let list = |list: &[String], between: &str| (!list.is_empty()).then(|| list.join(between));
    let fields = [
        ("id", Some(held.id.to_string())),
        ("url", url(&record.url)),
        ("canonical", url(&record.canonical_url).filter(|canonical| Some(canonical) != url(&record.url).as_ref())),
        ("title", record.title.clone()),
        ("subtitle", record.subtitle.clone()),
        ("source", record.source.clone()),
        ("published", published(record)),
        ("credits", list(&credits, "； ")),
        ("topics", list(&record.topics, ", ")),
        ("column", list(&record.breadcrumbs, " > ")),
        ("warnings", list(&record.warnings, ", ")),
        ("site", record.site.clone()),
        ("family", Some(record.family.clone())),
        ("selectors", Some(record.selectors.clone())),
        ("first seen", Some(short(held.first_seen))),
        ("last seen", Some(short(held.last_seen))),
        ("gone", held.gone_at.map(|at| format!("since {}", short(at)))),
        ("times", Some("in +08:00".to_owned())),
        ("work", Some(held.work_id.clone())),
    ];
    let present = fields.iter().filter_map(|(name, value)| value.as_ref().map(|value| (name, value)));
    present.map(|(name, value)| field(name, value)).collect()
}

fn published(record: &Article) -> Option<String> {
    let precision = record.published_precision.map_or(String::new(), |p| format!(" (to the {})", p.as_str()));
    record.published_at.map(|at| format!("{at}{precision}"))
}

/// A named value; what does not fit goes on under where it began.
fn field(name: &str, value: &str) -> String {
    const COLUMN: usize = 12;
    let lines = table::wrap(&printable(value), WIDTH, &" ".repeat(COLUMN));
    format!("{name:<COLUMN$}{}", lines.trim_start())
}

fn reflection(reflection: &Reflection) -> String {
    let who = [reflection.affiliation.as_deref(), reflection.role.as_deref(), Some(&*reflection.people.join("、"))];
    let who: Vec<&str> = who.into_iter().flatten().collect();
    let head = format!("{}. {} ({})", reflection.ordinal, who.join(" "), reflection.kind.as_str());
    format!("{}{}", wrapped(&head), table::wrap(&printable(&reflection.text), WIDTH, "     "))
}

fn file(name: &str, file: &HeldFile) -> String {
    let had = file.bytes.map(|bytes| format!(", {bytes} bytes"));
    let kind = file.media_type.as_ref().map(|kind| format!(", {kind}"));
    let outcome = file.outcome.as_deref().unwrap_or("not asked for yet");
    let fate = format!("{outcome}{}{}", kind.unwrap_or_default(), had.unwrap_or_default());
    let digest = file.payload_digest.as_ref().map(|digest| under(digest)).unwrap_or_default();
    format!("{}{}{digest}", wrapped(name), under(&fate))
}

/// A line that belongs to the one above.
fn under(text: &str) -> String {
    table::wrap(&printable(text), WIDTH, "     ")
}

fn place(file: &str, offset: i64) -> String {
    format!("{file} at {offset}")
}

fn version(version: &HeldVersion, pages: &[HeldCapture]) -> String {
    let HeldVersion { ordinal, captured_at, warc_file, warc_offset, payload_digest, .. } = version;
    let head = format!("{ordinal}. captured {}", short(*captured_at));
    let text = format!("{}{}{}", wrapped(&head), under(&place(warc_file, *warc_offset)), under(payload_digest));
    let further = pages.iter().filter(|page| page.url != version.url);
    further.fold(text, |text, page| text + &further_page(page))
}

/// A further page of an article of several, with its own capture.
fn further_page(page: &HeldCapture) -> String {
    let stands = page.warc_file.as_ref().zip(page.warc_offset).map(|(file, at)| under(&place(file, at)));
    let digest = page.payload_digest.as_ref().map(|digest| under(digest)).unwrap_or_default();
    let head = format!("further page, captured {}", short(page.captured_at));
    format!("{}{}{}{digest}", under(&head), under(&page.url), stands.unwrap_or_default())
}

/// Only where a text came back: otherwise the versions say it.
fn showings(shown: &Shown) -> String {
    if shown.showings.len() <= shown.versions.len() {
        return String::new();
    }
    let line = |(at, showing): (usize, &HeldShowing)| {
        let first = absence::before(&shown.showings, at);
        let again = first.map(|first| format!(", the text of {} again", short(first.began_at))).unwrap_or_default();
        wrapped(&format!("{} version {}{again}", short(showing.began_at), showing.version))
    };
    shown.showings.iter().enumerate().map(line).collect()
}

fn difference(difference: &Difference) -> String {
    let mut text = wrapped(&format!("version {} to {}", difference.from, difference.to));
    for field in &difference.fields {
        text.push_str(&under(&format!("{}:", field.name)));
        text.push_str(&marked('-', &value(&field.before)));
        text.push_str(&marked('+', &value(&field.after)));
    }
    let mut skipped = false;
    for line in &difference.body {
        match line.change {
            Change::Equal if skipped => {}
            Change::Equal => text.push_str("       …\n"),
            Change::Removed => text.push_str(&marked('-', &line.line)),
            Change::Added => text.push_str(&marked('+', &line.line)),
        }
        skipped = line.change == Change::Equal;
    }
    text
}

fn value(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "(none)".to_owned(),
        other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => other.to_string(),
    }
}

/// A line with its mark, going on behind where it began.
fn marked(mark: char, line: &str) -> String {
    let lines = table::wrap(&printable(line), WIDTH, "       ");
    format!("     {mark} {}", if lines.is_empty() { "\n" } else { lines.trim_start() })
}

fn capture(capture: &HeldCapture) -> String {
    let status = capture.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    let kind = capture.warc_type.as_ref().map(|kind| format!(" {kind}")).unwrap_or_default();
    let head = format!("{} {} {status}{kind}", short(capture.captured_at), capture.outcome);
    let stands = capture.warc_file.as_ref().zip(capture.warc_offset).map(|(file, offset)| under(&place(file, offset)));
    format!("{}{}{}", wrapped(&head), under(&capture.url), stands.unwrap_or_default())
}

fn tombstone(tombstone: &HeldTombstone, shown: &Shown) -> String {
    let Absence { last_seen, asked } = absence::of(tombstone, &shown.captures);
    let end = match tombstone.ended_at {
        Some(end) => format!(", seen again {}", short(end)),
        None => ", not seen since".to_owned(),
    };
    let head = format!("{} {}{end}", short(tombstone.began_at), tombstone.kind);
    let before = last_seen.map(|at| under(&format!("last seen before: {}", short(at)))).unwrap_or_default();
    let asked = under(&format!("asked for and not there: {asked} times").replace(" 1 times", " once"));
    let span = tombstone.ended_at.map(|end| under(&format!("for {}", absence::span(tombstone.began_at, end))));
    let before = before + &span.unwrap_or_default();
    let proof = tombstone.warc_file.as_ref().zip(tombstone.warc_offset).map(|(file, at)| under(&place(file, at)));
    format!("{}{before}{asked}{}{}", wrapped(&head), under(&tombstone.url), proof.unwrap_or_default())
}

fn reposts(shown: &Shown) -> String {
    shown.reposts.iter().map(|repost| appearance(repost, repost.article_id == shown.article.id)).collect()
}

fn appearance(repost: &HeldRepost, this: bool) -> String {
    let when = repost.published_at.map_or_else(|| short(repost.first_seen), |at| at.to_string());
    let what = match &repost.likeness {
        None => "the first".to_owned(),
        Some(_) if repost.changes.is_empty() => "a copy".to_owned(),
        Some(found) => format!("{} ({:.2} alike)", repost.changes.join(", "), found.score),
    };
    let this = if this { " (this one)" } else { "" };
    let head = format!("{when} id {}{this}: {what}", repost.article_id);
    let about = [repost.title.as_deref(), repost.source.as_deref(), repost.url.as_deref()];
    let about: String = about.into_iter().flatten().map(under).collect();
    format!("{}{about}", wrapped(&head))
}
