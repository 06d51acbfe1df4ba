//! The client's errors as the few classes a crawl acts on.

use std::error::Error;
use std::io;

use super::guard::Refused;
use crate::domain::capture::FailureKind;

/// A failure before it has a time.
#[derive(Debug)]
pub(super) struct Why {
    pub(super) kind: FailureKind,
    pub(super) detail: String,
    pub(super) retry: bool,
}

impl Why {
    pub(super) fn new(kind: FailureKind, detail: String, retry: bool) -> Self {
        Self { kind, detail, retry }
    }
}

/// What an error means. Retried is what may be better in a minute: not a refusal, a certificate, or a server that does
/// not speak HTTP.
pub(super) fn classify(error: &reqwest::Error) -> Why {
    let (kind, retry) = if find::<Refused>(error).is_some() {
        (FailureKind::Forbidden, false)
    } else if find::<rustls::Error>(error).is_some() {
        (FailureKind::Tls, false)
    } else if error.is_timeout() {
        (FailureKind::Timeout, true)
    } else if error.is_dns() {
        (FailureKind::Dns, true)
    } else if error.is_connect() {
        (FailureKind::Connect, true)
    } else if find::<hyper::Error>(error).is_some_and(hyper::Error::is_parse) {
        (FailureKind::Protocol, false)
    } else if find::<hyper::Error>(error).is_some() || find::<io::Error>(error).is_some() {
        (FailureKind::Disconnect, true)
    } else {
        (FailureKind::Protocol, false)
    };
    Why::new(kind, in_words(error, kind), retry)
}

/// What a person can act on: our own refusal where there is one, else the innermost cause. What the client wraps around
/// it repeats the URL and its own layers.
fn in_words(error: &(dyn Error + 'static), kind: FailureKind) -> String {
    if let Some(refused) = find::<Refused>(error) {
        return refused.to_string();
    }
    let mut innermost = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    let words = innermost.to_string();
    let plain = kind == FailureKind::Tls && words.contains("InvalidContentType");
    if plain { format!("{words} (no TLS on this port; is it http?)") } else { words }
}

/// The first error of a type in a chain, looking inside I/O errors, which hide theirs from `source`.
fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        let inside = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(found) = inside.and_then(|inside| find::<E>(inside)) {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// An error and its causes in one line.
pub(super) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        next = cause.source();
    }
    text
}
