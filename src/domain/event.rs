//! What was done to an archive after its captures: checks and hand-overs, in the words of PREMIS 3.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::time::CaptureTime;

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// PREMIS event type: `fixity check`, `information package creation`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it ended.
    pub at: CaptureTime,
    /// `success` or `failure`.
    pub outcome: String,
    /// Program and version, and who answers for it, where known.
    pub agent: String,
    /// What it was done to: `archive`, or the name of a package.
    pub object: String,
    /// What was found, as JSON.
    pub detail: String,
}

impl Event {
    /// `fixity check`.
    pub const FIXITY_CHECK: &'static str = "fixity check";
    /// `policy assignment`: what may be shown was decided anew.
    pub const POLICY_ASSIGNMENT: &'static str = "policy assignment";
    /// `information package creation`.
    pub const PACKAGE_CREATION: &'static str = "information package creation";

    /// The link that ties this event to the one before: SHA-256, in lower-case hexadecimal, of that one's link (nothing
    /// for the first), a line feed, and this event's six fields, each with a line feed behind it; line feeds within a
    /// field count as spaces. An event changed or taken out later breaks every link behind it.
    pub fn link(&self, before: &str) -> String {
        let at = self.at.to_micros_string();
        let mut digest = Sha256::new();
        for field in [before, &self.kind, &at, &self.outcome, &self.agent, &self.object, &self.detail] {
            digest.update(field.replace('\n', " "));
            digest.update("\n");
        }
        data_encoding::HEXLOWER.encode(&digest.finalize())
    }
}

/// An event as held, with its link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldEvent {
    /// Its number, ascending.
    pub id: i64,
    /// The event.
    pub event: Event,
    /// Its link, as written when it happened.
    pub link: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_depends_on_every_field_and_on_the_one_before() {
        let event = Event {
            kind: Event::FIXITY_CHECK.to_owned(),
            at: CaptureTime::parse("2026-11-22T09:00:00Z").unwrap(),
            outcome: "success".to_owned(),
            agent: "shiguan/0.1.0".to_owned(),
            object: "archive".to_owned(),
            detail: "{}".to_owned(),
        };
        // printf '\nfixity check\n2026-11-22T09:00:00.000000Z\nsuccess\nshiguan/0.1.0\narchive\n{}\n' | sha256sum
        assert_eq!(event.link(""), "24f55a07bd15d1034baaf61536c547944c52885a062ccfbff4bd79be0fc3867c");
        let changed = [
            Event { kind: "x".to_owned(), ..event.clone() },
            Event { outcome: "failure".to_owned(), ..event.clone() },
            Event { detail: "{ }".to_owned(), ..event.clone() },
        ];
        for other in changed {
            assert_ne!(other.link(""), event.link(""));
        }
        assert_ne!(event.link("a"), event.link(""));
    }
}
