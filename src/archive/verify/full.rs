//! One member unpacked, its record held against the index and against its own digests.

use std::io::Cursor;

use crate::domain::digest::RecordId;
use crate::store::MemberRow;
use crate::warc::{Kind, Reader, Record};

/// What is wrong with the record in these bytes; empty where all is well.
pub(super) fn judge(file: &str, member: &MemberRow, bytes: &[u8]) -> Vec<String> {
    let mut records = match Reader::new(Cursor::new(bytes)) {
        Ok(records) => records,
        Err(error) => return vec![error.to_string()],
    };
    let record = match records.next() {
        Some(Ok(found)) if found.length == Some(member.length) => found.record,
        Some(Ok(_)) => return vec!["more than one record in a member".to_owned()],
        Some(Err(damage)) => return vec![damage.harm.to_string()],
        None => return vec!["no record".to_owned()],
    };
    let mut wrong = Vec::new();
    if !record.block_digest_fits() {
        wrong.push("the block does not fit its digest".to_owned());
    }
    if !member.imported && !record.payload_digest_fits() {
        wrong.push("the payload does not fit its digest".to_owned());
    }
    if record.kind().as_str() != member.kind {
        wrong.push(format!("the index calls this {} record a {}", record.kind().as_str(), member.kind));
    }
    match record.kind() {
        Kind::Response | Kind::Revisit if !member.imported => wrong.extend(differences(&record, member)),
        Kind::Warcinfo if !file.ends_with(record.fields.get("WARC-Filename").unwrap_or_default()) => {
            wrong.push("warcinfo names another file".to_owned());
        }
        Kind::Response
        | Kind::Revisit
        | Kind::Warcinfo
        | Kind::Request
        | Kind::Metadata
        | Kind::Resource
        | Kind::Conversion
        | Kind::Continuation
        | Kind::Other => {}
    }
    wrong
}

/// Fields in which an answer's record and its capture differ.
fn differences(record: &Record, member: &MemberRow) -> Vec<String> {
    let id = record.id();
    [
        ("id", id.as_ref().map(RecordId::as_str), member.record_id.as_deref()),
        ("URL", record.target_uri(), member.url.as_deref()),
        ("payload digest", record.fields.get("WARC-Payload-Digest"), member.payload_digest.as_deref()),
    ]
    .into_iter()
    .filter(|(_, record, index)| record != index)
    .map(|(what, record, index)| {
        format!("record and index differ in the {what}: {} and {}", record.unwrap_or("none"), index.unwrap_or("none"))
    })
    .collect()
}
