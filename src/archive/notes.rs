//! The crawl's own notes on a record, as `Shiguan-*` fields of the answer: what the index would otherwise be the only
//! one to know. Readers of WARC ignore fields they do not know (ISO 28500:2017, 4).

use url::Url;

use crate::domain::request::{FetchRequest, Purpose};
use crate::domain::time::CaptureTime;
use crate::domain::visit::{Outcome, Visit};
use crate::warc::{Fields, Version};

/// What was wrong with a certificate that was accepted all the same.
pub(super) const TLS_FLAW: &str = "Shiguan-Tls-Flaw";

/// The notes on a visit's answer. WARC 1.0 has no fraction of a second in its own dates, so there the notes have it.
pub(super) fn write(run: i64, visit: &Visit, version: Version) -> Fields {
    let mut fields = Fields::new();
    push(&mut fields, run, visit);
    if let Ok(capture) = &visit.result {
        fields.push("Shiguan-Elapsed-Ms", capture.elapsed_ms.to_string());
        if let Some(flaw) = &capture.tls_flaw {
            fields.push(TLS_FLAW, flaw);
        }
        if version == Version::V1_0 {
            fields.push("Shiguan-At", capture.at.to_micros_string());
        }
    }
    fields
}

/// What is noted of every visit, answered or not.
pub(super) fn push(fields: &mut Fields, run: i64, visit: &Visit) {
    push_request(fields, run, &visit.request, visit.outcome);
}

/// The same of a request and what it came to.
pub(super) fn push_request(fields: &mut Fields, run: i64, request: &FetchRequest, outcome: Outcome) {
    fields.push("Shiguan-Run", run.to_string());
    fields.push("Shiguan-Site", &request.site);
    fields.push("Shiguan-Purpose", request.purpose.as_str());
    fields.push("Shiguan-Outcome", outcome.as_str());
    if let Some(walk) = request.walk {
        fields.push("Shiguan-Walk", walk.to_string());
    }
    if let Some(via) = &request.via {
        fields.push("Shiguan-Via", via.as_str());
    }
}

/// What the notes of a stored answer say.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Notes {
    /// The run that made it.
    pub(super) run: i64,
    /// The request, as far as it matters afterwards.
    pub(super) request: FetchRequest,
    /// The word that summed the visit up.
    pub(super) outcome: Outcome,
    /// Milliseconds from sending to the last byte.
    pub(super) elapsed_ms: u64,
    /// The moment of the visit, where the record's own date is not exact.
    pub(super) at: Option<CaptureTime>,
}

/// Reads the notes back; `None` for a record of another program.
pub(super) fn read(fields: &Fields, url: Url) -> Option<Notes> {
    let get = |name: &str| fields.get(name);
    let request = FetchRequest {
        url,
        site: get("Shiguan-Site")?.to_owned(),
        purpose: Purpose::from_word(get("Shiguan-Purpose")?)?,
        via: get("Shiguan-Via").and_then(|via| Url::parse(via).ok()),
        hops: 0,
        attempt: 0,
        walk: get("Shiguan-Walk").and_then(|walk| walk.parse().ok()),
        item: None,
        prior: None,
    };
    Some(Notes {
        run: get("Shiguan-Run")?.parse().ok()?,
        request,
        outcome: Outcome::from_word(get("Shiguan-Outcome")?)?,
        elapsed_ms: get("Shiguan-Elapsed-Ms").and_then(|ms| ms.parse().ok()).unwrap_or_default(),
        at: get("Shiguan-At").and_then(CaptureTime::parse),
    })
}
