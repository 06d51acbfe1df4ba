//! What an index line says of a record.

use crate::domain::capture::Head;
use crate::domain::digest::PayloadDigest;
use crate::package::cdxj::{Entry, mime};
use crate::warc::Record;

/// The entry of a record at this place; `None` for a record no reader looks up by URL (requests, `warcinfo`, and the
/// crawl's own notes as `application/warc-fields`).
pub fn entry(record: &Record, offset: u64, length: u64, filename: &str) -> Option<Entry> {
    let kind = record.fields.get("WARC-Type")?.to_ascii_lowercase();
    let own_type = record.fields.get("Content-Type");
    let answer = matches!(kind.as_str(), "response" | "revisit");
    let about_itself = own_type == Some("application/warc-fields");
    if !answer && (about_itself || !matches!(kind.as_str(), "resource" | "metadata")) {
        return None;
    }
    let head = record.http_head().filter(|head| answer && head.line.starts_with("HTTP/"));
    let media_type = match (kind.as_str(), &head) {
        ("revisit", _) => Some("warc/revisit".to_owned()),
        ("response", head) => head.as_ref().and_then(content_type).map(|value| mime(&value)),
        _ => own_type.map(mime),
    };
    let digest = record
        .fields
        .get("WARC-Payload-Digest")
        .map_or_else(|| PayloadDigest::of(record.payload()).as_str().to_owned(), str::to_owned);
    Some(Entry {
        url: record.target_uri()?.replace(' ', "%20"),
        at: record.date()?,
        mime: media_type,
        status: head.and_then(|head| head.line.split(' ').nth(1).map(str::to_owned)),
        digest,
        length,
        offset,
        filename: filename.to_owned(),
    })
}

/// `Content-Type` of an answer; bytes that are no UTF-8 are taken for Latin-1, as warcio does.
fn content_type(head: &Head) -> Option<String> {
    let (_, value) = head.fields.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"))?;
    let text = String::from_utf8(value.clone());
    Some(text.unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect()))
}
