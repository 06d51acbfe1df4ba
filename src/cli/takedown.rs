//! The takedown list where people read: rows without what it hides, and a note in the archive's log whenever it has changed.

use std::path::Path;

use serde_json::{Value, json};

use super::output;
use crate::archive;
use crate::domain::event::Event;
use crate::domain::time::CaptureTime;
use crate::store::{self, Reader, Takedown};

/// Which readers there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// For many rows.
    Many,
    /// For a few.
    Few,
}

/// Opens the archive without what is taken down. A list that is not the one last noted is noted first.
pub(super) fn open(dir: &Path, asked: Asked) -> Result<Reader, store::Error> {
    let reader = read(dir, asked)?;
    let Some(event) = change(reader.takedown(), &last_noted(&reader)?) else { return Ok(reader) };
    // The log cannot be written in order while somebody reads.
    drop(reader);
    match archive::record_event(dir, &event) {
        Ok(Some(_)) => {}
        Ok(None) => tracing::info!("the archive is of an earlier version and has no log of events yet"),
        Err(error) => {
            let error = anyhow::Error::new(error);
            output::note(&format!("{}: not noted in the archive's log: {error:#}", store::TAKEDOWN_FILE));
        }
    }
    read(dir, asked)
}

fn read(dir: &Path, asked: Asked) -> Result<Reader, store::Error> {
    match asked {
        Asked::Many => Reader::open(dir),
        Asked::Few => Reader::open_for_few(dir),
    }
}

/// What the log says last of the list.
fn last_noted(reader: &Reader) -> Result<Value, store::Error> {
    let mut events = reader.events()?;
    events.retain(|held| held.event.kind == Event::POLICY_ASSIGNMENT && held.event.object == store::TAKEDOWN_FILE);
    Ok(events.pop().and_then(|held| serde_json::from_str(&held.event.detail).ok()).unwrap_or_default())
}

/// The event of a list that is not the one noted.
fn change(list: &Takedown, noted: &Value) -> Option<Event> {
    let before: Vec<&str> =
        noted.get("entries").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let same = noted.get("sha256").and_then(Value::as_str).unwrap_or_default() == list.sha256;
    if same || (list.is_empty() && before.is_empty()) {
        return None;
    }
    let entries: Vec<String> = list.entries.iter().map(|entry| entry.what.in_words()).collect();
    let added: Vec<Value> = list
        .entries
        .iter()
        .filter(|entry| !before.contains(&entry.what.in_words().as_str()))
        .map(|entry| {
            json!({
                "what": entry.what.in_words(), "date": entry.date, "reason": entry.reason, "asked_by": entry.asked_by,
            })
        })
        .collect();
    let removed: Vec<&str> = before.into_iter().filter(|what| !entries.iter().any(|entry| entry == what)).collect();
    Some(Event {
        kind: Event::POLICY_ASSIGNMENT.to_owned(),
        at: now(),
        outcome: "success".to_owned(),
        agent: format!("shiguan/{}", env!("CARGO_PKG_VERSION")),
        object: store::TAKEDOWN_FILE.to_owned(),
        detail: json!({ "sha256": list.sha256, "entries": entries, "added": added, "removed": removed }).to_string(),
    })
}

#[expect(clippy::disallowed_methods, reason = "the command line is the edge where the clock is read")]
fn now() -> CaptureTime {
    CaptureTime::from_system(std::time::SystemTime::now())
}
