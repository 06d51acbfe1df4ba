//! Digests and earlier captures to a verdict: new, revisit, changed; and the digest of an article's content.
//!
//! Pure functions over what the index looked up. Nothing is thrown away by a verdict: a revisit is a record too, and
//! articles of one work stay articles of their own.

use crate::domain::article::Article;
use crate::domain::capture::Capture;
use crate::domain::digest::{PayloadDigest, RecordId};
use crate::domain::time::CaptureTime;
use crate::domain::visit::Novelty;

/// A whole payload the archive holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldPayload {
    /// Row of its capture.
    pub capture: i64,
    /// Its response record.
    pub record_id: RecordId,
    /// The URL that record answers.
    pub url: String,
    /// That record's date.
    pub captured_at: CaptureTime,
    /// Its digest.
    pub payload_digest: PayloadDigest,
}

/// What the index knows that bears on an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    /// The payload last held for the same URL.
    pub same_url: Option<HeldPayload>,
    /// The first payload held with the same digest, under any URL.
    pub same_payload: Option<HeldPayload>,
}

/// What an answer is beside the past, and the payload it repeats, where it does.
pub fn judge(answer: &Capture, past: Past) -> (Novelty, Option<HeldPayload>) {
    let Past { same_url, same_payload } = past;
    let fresh = if same_url.is_some() { Novelty::Changed } else { Novelty::New };
    if answer.status == 304 {
        // A 304 to a question we never asked has nothing to refer to and is kept as it came.
        return match same_url {
            Some(held) => (Novelty::NotModified, Some(held)),
            None => (Novelty::New, None),
        };
    }
    // An empty payload is shorter than a reference to another; a cut one proves nothing.
    if answer.payload.is_empty() || answer.truncated.is_some() {
        return (fresh, None);
    }
    let same = same_url.filter(|held| held.payload_digest == answer.payload_digest).or(same_payload);
    match same.filter(|held| held.payload_digest == answer.payload_digest) {
        Some(held) => (Novelty::SamePayload, Some(held)),
        None => (fresh, None),
    }
}

/// Digest of what a reader of the page would call its content. Derived fields (reflections, topics, warnings) and the
/// program's own marks stay out, so that better rules do not look like an edited page.
pub fn content_digest(article: &Article) -> String {
    let mut parts = Parts::default();
    parts.add("title", article.title.as_deref());
    parts.add("subtitle", article.subtitle.as_deref());
    parts.add("source", article.source.as_deref());
    parts.add("published", article.published_at.map(|at| at.to_string()).as_deref());
    for credit in &article.credits {
        parts.add("role", Some(&credit.role));
        credit.names.iter().for_each(|name| parts.add("name", Some(name)));
    }
    parts.add("body", Some(&article.body));
    article.images.iter().for_each(|image| parts.add("image", Some(&image.url)));
    article.attachments.iter().for_each(|file| parts.add("attachment", Some(&file.url)));
    format!("sha256:{}", parts.hex())
}

/// Named parts under one digest, each with its length, so that no two different lists give the same bytes.
#[derive(Default)]
struct Parts(sha2::Sha256);

impl Parts {
    fn add(&mut self, name: &str, value: Option<&str>) {
        use sha2::Digest as _;
        let Some(value) = value else { return };
        self.0.update(format!("{name} {}\n", value.len()));
        self.0.update(value);
    }

    fn hex(self) -> String {
        use sha2::Digest as _;
        data_encoding::HEXLOWER.encode(&self.0.finalize())
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use url::Url;

    use super::*;
    use crate::domain::article::Credit;
    use crate::domain::capture::{Head, Truncation};

    fn answer(status: u16, payload: &'static str) -> Capture {
        Capture {
            url: Url::parse("http://news.dhnu.example/info/1/2.htm").unwrap(),
            at: CaptureTime::parse("2026-11-22T09:00:00Z").unwrap(),
            ip: None,
            request: Head::default(),
            status,
            response: Head::default(),
            payload: Bytes::from_static(payload.as_bytes()),
            payload_digest: PayloadDigest::of(payload.as_bytes()),
            truncated: None,
            tls_flaw: None,
            head_ms: 0,
            elapsed_ms: 1,
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "the table of cases reads better with one word")]
    fn held(capture: i64, payload: &str) -> Option<HeldPayload> {
        Some(HeldPayload {
            capture,
            record_id: RecordId::from_stored("urn:uuid:1"),
            url: "http://news.dhnu.example/".to_owned(),
            captured_at: CaptureTime::parse("2026-11-21T09:00:00Z").unwrap(),
            payload_digest: PayloadDigest::of(payload.as_bytes()),
        })
    }

    #[test]
    fn verdicts() {
        use Novelty::{Changed, New, NotModified, SamePayload};
        for (status, payload, same_url, same_payload, novelty, of) in [
            (200, "a", None, None, New, None),
            (200, "a", held(1, "a"), None, SamePayload, Some(1)),
            (200, "a", held(1, "b"), None, Changed, None),
            (200, "a", held(1, "b"), held(2, "a"), SamePayload, Some(2)),
            (200, "a", held(1, "a"), held(2, "a"), SamePayload, Some(1)),
            (404, "a", None, held(2, "a"), SamePayload, Some(2)),
            (301, "", None, held(2, ""), New, None),
            (304, "", held(1, "b"), None, NotModified, Some(1)),
            (304, "", None, held(2, ""), New, None),
        ] {
            let (got, original) = judge(&answer(status, payload), Past { same_url, same_payload });
            assert_eq!((got, original.map(|held| held.capture)), (novelty, of), "{status} {payload}");
        }
    }

    #[test]
    fn a_cut_payload_repeats_nothing() {
        let mut cut = answer(200, "a");
        cut.truncated = Some(Truncation::Length);
        assert_eq!(judge(&cut, Past { same_url: held(1, "a"), same_payload: None }), (Novelty::Changed, None));
    }

    fn article(title: &str, body: &str) -> Article {
        Article {
            url: None,
            canonical_url: None,
            site: None,
            family: "vsb".to_owned(),
            title: Some(title.to_owned()),
            subtitle: None,
            source: None,
            published_at: None,
            published_precision: None,
            credits: Vec::new(),
            body: body.to_owned(),
            reflections: Vec::new(),
            images: Vec::new(),
            attachments: Vec::new(),
            breadcrumbs: Vec::new(),
            topics: Vec::new(),
            warnings: Vec::new(),
            extractor: "shiguan".to_owned(),
            selectors: "vsb@1".to_owned(),
        }
    }

    #[test]
    fn content_is_what_the_page_says() {
        let before = article("题", "文");
        let mut after = before.clone();
        after.selectors = "vsb@2".to_owned();
        after.warnings.push("no-source".to_owned());
        assert_eq!(content_digest(&before), content_digest(&after));
        after.credits.push(Credit { role: "作者".to_owned(), names: vec!["林知远".to_owned()] });
        assert_ne!(content_digest(&before), content_digest(&after));
    }
}
