//! `show`: one article with everything the archive knows of it. Reads only; never waits for the lock.

mod absence;
mod difference;
mod print;

use serde_json::{Value, json};
use url::Url;

use super::args::{GlobalArgs, ShowArgs};
use super::exit::{Exit, Failure};
use super::{output, takedown};
use crate::domain::address::normalise;
use crate::domain::held::{
    HeldArticle, HeldAttachment, HeldCapture, HeldFile, HeldImage, HeldRepost, HeldShowing, HeldTombstone, HeldVersion,
};
use crate::domain::time::CaptureTime;
use crate::store::{self, Reader};
use difference::{Difference, difference};

/// Everything that is shown.
struct Shown {
    article: HeldArticle,
    images: Vec<HeldImage>,
    attachments: Vec<HeldAttachment>,
    versions: Vec<HeldVersion>,
    /// Captures of the pages of each version that stands on several.
    pages: Vec<Vec<HeldCapture>>,
    showings: Vec<HeldShowing>,
    differences: Vec<Difference>,
    captures: Vec<HeldCapture>,
    tombstones: Vec<HeldTombstone>,
    reposts: Vec<HeldRepost>,
}

/// Runs the command.
pub(super) fn run(args: &ShowArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let reader = takedown::open(&global.archive_dir(), takedown::Asked::Few)?;
    let article = find(&reader, &args.article)?.ok_or_else(|| {
        Failure::unusable(format!("{}: no article of this archive has it as id or URL", args.article))
    })?;
    let shown = gather(&reader, article)?;
    let text = if args.json { serde_json::to_string_pretty(&json(&shown)?)? + "\n" } else { print::people(&shown) };
    output::data(text.as_bytes())?;
    Ok(Exit::Done)
}

/// The article of this id, or that was read at this address.
fn find(reader: &Reader, asked: &str) -> Result<Option<HeldArticle>, store::Error> {
    let id = match (asked.parse::<i64>(), Url::parse(asked)) {
        (Ok(id), _) => Some(id),
        (Err(_), Ok(url)) => reader.article_at(normalise(&url).as_str())?,
        (Err(_), Err(_)) => None,
    };
    id.map_or(Ok(None), |id| reader.article(id))
}

fn gather(reader: &Reader, article: HeldArticle) -> anyhow::Result<Shown> {
    let id = article.id;
    let versions = reader.versions_of(id)?;
    let pairs = versions.iter().zip(versions.iter().skip(1));
    let differences = pairs.map(|(a, b)| difference((a.ordinal, &a.record), (b.ordinal, &b.record)));
    Ok(Shown {
        images: reader.images_of(id).collect::<Result<_, _>>()?,
        attachments: reader.attachments_of(id).collect::<Result<_, _>>()?,
        differences: differences.collect::<Result<_, _>>()?,
        pages: versions.iter().map(|v| reader.pages_of(v.id).collect()).collect::<Result<_, _>>()?,
        versions,
        showings: reader.appearances_of(id)?,
        captures: reader.captures_of(id).collect::<Result<_, _>>()?,
        tombstones: reader.tombstones_of(id)?,
        reposts: reader.reposts(id)?,
        article,
    })
}

fn json(shown: &Shown) -> serde_json::Result<Value> {
    let article = &shown.article;
    let images = shown.images.iter().map(|held| file(&held.image.url, &held.file));
    let attachments = shown.attachments.iter().map(|held| file(&held.attachment.url, &held.file));
    let versions = shown.versions.iter().zip(&shown.pages).map(|(v, pages)| {
        json!({
            "pages": pages.iter().map(capture).collect::<Vec<_>>(),
            "ordinal": v.ordinal, "captured_at": v.captured_at.to_micros_string(), "url": v.url,
            "warc_file": v.warc_file, "warc_offset": v.warc_offset, "payload_digest": v.payload_digest,
            "content_digest": v.content_digest, "record": v.record,
        })
    });
    let showings = shown.showings.iter().enumerate().map(|(at, s)| {
        let before = absence::before(&shown.showings, at);
        json!({
            "version": s.version, "began_at": s.began_at.to_micros_string(),
            "returned_from": before.map(|s| s.began_at.to_micros_string()),
        })
    });
    let captures = shown.captures.iter().map(capture);
    let tombstones = shown.tombstones.iter().map(|t| {
        let absence = absence::of(t, &shown.captures);
        json!({
            "last_seen_before": absence.last_seen.map(CaptureTime::to_micros_string), "asked_meanwhile": absence.asked,
            "kind": t.kind, "began_at": t.began_at.to_micros_string(), "url": t.url, "warc_file": t.warc_file,
            "warc_offset": t.warc_offset, "ended_at": t.ended_at.map(CaptureTime::to_micros_string),
        })
    });
    let reposts = shown.reposts.iter().map(repost).collect::<serde_json::Result<Vec<_>>>()?;
    Ok(json!({
        "id": article.id, "work_id": article.work_id, "first_seen": article.first_seen.to_micros_string(),
        "last_seen": article.last_seen.to_micros_string(),
        "gone_at": article.gone_at.map(CaptureTime::to_micros_string), "record": article.record,
        "images": images.collect::<Vec<_>>(), "attachments": attachments.collect::<Vec<_>>(),
        "versions": versions.collect::<Vec<_>>(), "appearances": showings.collect::<Vec<_>>(),
        "differences": shown.differences, "captures": captures.collect::<Vec<_>>(),
        "tombstones": tombstones.collect::<Vec<_>>(), "reposts": reposts,
    }))
}

fn capture(c: &HeldCapture) -> Value {
    json!({
        "id": c.id, "url": c.url, "captured_at": c.captured_at.to_micros_string(), "outcome": c.outcome,
        "status": c.status, "warc_type": c.warc_type, "warc_file": c.warc_file, "warc_offset": c.warc_offset,
        "payload_digest": c.payload_digest,
    })
}

fn file(url: &str, file: &HeldFile) -> Value {
    json!({
        "url": url, "outcome": file.outcome, "payload_digest": file.payload_digest, "bytes": file.bytes,
        "media_type": file.media_type,
    })
}

fn repost(repost: &HeldRepost) -> serde_json::Result<Value> {
    let likeness = repost.likeness.as_ref();
    let evidence: Option<Value> = likeness.map(|found| serde_json::from_str(&found.evidence)).transpose()?;
    Ok(json!({
        "article_id": repost.article_id, "url": repost.url, "site": repost.site, "title": repost.title,
        "source": repost.source, "published_at": repost.published_at,
        "first_seen": repost.first_seen.to_micros_string(), "score": likeness.map(|found| found.score),
        "evidence": evidence, "changes": repost.changes,
    }))
}
