//! What an archive holds, as rows: the shapes the index gives out and exports write.

use super::article::{Article, Attachment, Image, Reflection};
use super::time::{CaptureTime, Date, Timestamp};

/// An article as held: its record, and what the archive adds to it.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldArticle {
    /// Stable id within the archive.
    pub id: i64,
    /// The record of the latest version.
    pub record: Article,
    /// First capture.
    pub first_seen: CaptureTime,
    /// Latest capture that still showed it.
    pub last_seen: CaptureTime,
    /// Different texts held, at least 1.
    pub versions: i64,
    /// When it was first found gone.
    pub gone_at: Option<CaptureTime>,
    /// Digest of the record's content fields.
    pub content_digest: String,
    /// Articles with one text share it.
    pub work_id: String,
    /// The capture that proves it: file below the archive folder.
    pub warc_file: String,
    /// Its offset in the file, in bytes.
    pub warc_offset: i64,
    /// Digest of its payload.
    pub payload_digest: String,
}

/// A reflection with what a researcher cites of its article.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldReflection {
    /// The article's id.
    pub article_id: i64,
    /// The reflection.
    pub reflection: Reflection,
    /// The article's address.
    pub url: Option<String>,
    /// The article's site.
    pub site: Option<String>,
    /// The article's headline.
    pub title: Option<String>,
    /// The article's source.
    pub source: Option<String>,
    /// The article's publication time.
    pub published_at: Option<Timestamp>,
    /// The article's topics.
    pub topics: Vec<String>,
    /// The article's work.
    pub work_id: String,
}

/// A capture as the index knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldCapture {
    /// Its number, ascending in the order captures were committed.
    pub id: i64,
    /// The URL asked for.
    pub url: String,
    /// When.
    pub captured_at: CaptureTime,
    /// Status code; `None` where no answer came.
    pub status: Option<u16>,
    /// The word of [`super::visit::Outcome`].
    pub outcome: String,
    /// `Content-Type` without parameters.
    pub media_type: Option<String>,
    /// Payload bytes as they travelled.
    pub bytes: Option<i64>,
    /// Digest of the payload.
    pub payload_digest: Option<String>,
    /// `response` or `revisit`; `None` where no answer came.
    pub warc_type: Option<String>,
    /// File below the archive folder.
    pub warc_file: Option<String>,
    /// Offset of the member, in bytes.
    pub warc_offset: Option<i64>,
    /// Length of the member, in bytes.
    pub warc_length: Option<i64>,
    /// The page or hop that led here.
    pub via: Option<String>,
    /// The run that made it.
    pub run_id: i64,
}

/// A gzip member of a WARC file, with the capture it is the answer of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldMember {
    /// First byte.
    pub offset: u64,
    /// Bytes.
    pub length: u64,
    /// `WARC-Type`.
    pub kind: String,
    /// SHA-256 of its bytes.
    pub sha256: Vec<u8>,
    /// Id of the capture, for an answer.
    pub capture: Option<i64>,
    /// URL of the capture, for an answer.
    pub url: Option<String>,
}

/// An article with what is known of the capture that proves it.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldDescription {
    /// The article.
    pub article: HeldArticle,
    /// When it was captured.
    pub captured_at: CaptureTime,
    /// `WARC-Record-ID` of the capture.
    pub record_id: Option<String>,
    /// Status code.
    pub status: Option<u16>,
    /// `Content-Type` without parameters.
    pub media_type: Option<String>,
    /// Payload bytes as they travelled.
    pub bytes: Option<i64>,
    /// How the payload became text.
    pub charset: Option<String>,
    /// By what the charset was known.
    pub charset_source: Option<String>,
    /// Why the payload is not whole, where it is not.
    pub truncated: Option<String>,
    /// SHA-256 of the record's member.
    pub sha256: Vec<u8>,
    /// Bytes of the record's member.
    pub warc_length: i64,
    /// Program that made the capture.
    pub program: String,
    /// Its command line.
    pub command: String,
    /// What was wrong with the host's certificate, where it was read all the same.
    pub tls_flaw: Option<String>,
    /// Addresses of images and attachments named by the article and not held, with what came of asking for each, where it was.
    pub files_missing: Vec<(String, Option<String>)>,
}

/// A run of the program that made captures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRun {
    /// Its number.
    pub id: i64,
    /// RFC 3339.
    pub started_at: String,
    /// Program and version.
    pub program: String,
    /// The command line, without secrets.
    pub command: String,
    /// RFC 3339; `None` for a run that was cut off.
    pub ended_at: Option<String>,
    /// The word of how it ended.
    pub ended: Option<String>,
}

/// A captured page worth beginning to read at: a version of an article, or a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldPage {
    /// Id of the capture.
    pub capture: i64,
    /// Address.
    pub url: String,
    /// When it was captured.
    pub at: CaptureTime,
    /// Site id, where known.
    pub site: Option<String>,
    /// Headline of an article.
    pub title: Option<String>,
    /// Text of an article.
    pub text: Option<String>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Articles found in all.
    pub total: usize,
    /// The page asked for, best first, each with its score; 0 where only the date decides.
    pub hits: Vec<(HeldArticle, f64)>,
}

/// An article as one appearance of its work.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldRepost {
    /// The article's id.
    pub article_id: i64,
    /// Its address.
    pub url: Option<String>,
    /// Its site.
    pub site: Option<String>,
    /// Its headline.
    pub title: Option<String>,
    /// Its source.
    pub source: Option<String>,
    /// Its publication time.
    pub published_at: Option<Timestamp>,
    /// Its first capture.
    pub first_seen: CaptureTime,
    /// How it compares with the first appearance; `None` for that one itself.
    pub likeness: Option<Likeness>,
    /// What it changed, as stable words; empty for a copy.
    pub changes: Vec<String>,
}

/// How two articles compare.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    /// The part of the shorter text that stands unchanged in the longer, 0 to 1.
    pub score: f64,
    /// Why they are one work or two, as JSON: the rule, and what was found to differ.
    pub evidence: String,
}

/// One text of an article, and the capture that first showed it.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldVersion {
    /// Its number in the archive.
    pub id: i64,
    /// Place among the article's versions, from 1.
    pub ordinal: i64,
    /// The record.
    pub record: Article,
    /// Digest of the record's content fields.
    pub content_digest: String,
    /// When it was captured.
    pub captured_at: CaptureTime,
    /// The URL asked for.
    pub url: String,
    /// File below the archive folder that holds the payload.
    pub warc_file: String,
    /// Offset of the member, in bytes.
    pub warc_offset: i64,
    /// Digest of the payload.
    pub payload_digest: String,
}

/// Since when an article showed a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldShowing {
    /// The version's ordinal.
    pub version: i64,
    /// Time of the capture that first showed it, this time.
    pub began_at: CaptureTime,
}

/// A disappearance of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldTombstone {
    /// Kind of evidence: `not-found`, `gone`, `soft-404`, `login-wall`.
    pub kind: String,
    /// When it was found gone.
    pub began_at: CaptureTime,
    /// The URL asked for by the capture that proves it.
    pub url: String,
    /// File below the archive folder; `None` where the capture has no record.
    pub warc_file: Option<String>,
    /// Offset of the member, in bytes.
    pub warc_offset: Option<i64>,
    /// When it was seen again; `None` while it is gone.
    pub ended_at: Option<CaptureTime>,
}

/// A credit of an article's current version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldCredit {
    /// The article's id.
    pub article_id: i64,
    /// Place among the article's credits, from 1.
    pub ordinal: i64,
    /// Role as printed.
    pub role: String,
    /// Persons or units, in order.
    pub names: Vec<String>,
}

/// An image of an article's current version, and what became of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldImage {
    /// The article's id.
    pub article_id: i64,
    /// Place among the article's images, from 1.
    pub ordinal: i64,
    /// The image.
    pub image: Image,
    /// The file.
    pub file: HeldFile,
}

/// An attachment of an article's current version, and what became of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldAttachment {
    /// The article's id.
    pub article_id: i64,
    /// Place among the article's attachments, from 1.
    pub ordinal: i64,
    /// The attachment.
    pub attachment: Attachment,
    /// The file.
    pub file: HeldFile,
}

/// What is known of a file an article shows or offers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeldFile {
    /// Digest of the payload; `None` where the file was not had.
    pub payload_digest: Option<String>,
    /// Payload bytes as they travelled.
    pub bytes: Option<i64>,
    /// `Content-Type` without parameters.
    pub media_type: Option<String>,
    /// What became of it; `None` where nobody asked yet.
    pub outcome: Option<String>,
}

/// A work: one text, whatever the number of places it was published at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldWork {
    /// Its id.
    pub work_id: String,
    /// The article that appeared first: by publication time, by first capture where a page prints none.
    pub first: HeldAppearance,
    /// When that article was first captured.
    pub first_seen: CaptureTime,
    /// The articles that repeat it, in order of appearance.
    pub reposts: Vec<i64>,
    /// Different sites it appeared on.
    pub sites: i64,
}

/// An article as an appearance of a work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldAppearance {
    /// The article's id.
    pub article_id: i64,
    /// Its address.
    pub url: Option<String>,
    /// Its site.
    pub site: Option<String>,
    /// Its headline.
    pub title: Option<String>,
    /// Its publication time.
    pub published_at: Option<Timestamp>,
}

/// Two articles judged to be one work, the earlier one first.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldPair {
    /// The work.
    pub work_id: String,
    /// The article that appeared first.
    pub first: HeldAppearance,
    /// The article that repeats it.
    pub repost: HeldAppearance,
    /// Similarity, from 0 to 1.
    pub score: f64,
    /// Why the two are one work.
    pub evidence: String,
}

/// A person whose words are held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldPerson {
    /// The name; persons of one name are not told apart.
    pub person: String,
    /// Affiliations as printed, each once, in order of their first appearance.
    pub affiliations: Vec<String>,
    /// Reflections attributed to the name.
    pub n_reflections: i64,
}

/// Which rows are wanted. Days are inclusive, in +08:00.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only these sites; empty means all.
    pub sites: Vec<String>,
    /// Published (captured, for captures) on this day or later.
    pub since: Option<Date>,
    /// Published (captured, for captures) on this day or earlier.
    pub until: Option<Date>,
    /// Tagged with one of these topics; empty means all.
    pub topics: Vec<String>,
    /// With a reflection by this person.
    pub person: Option<String>,
    /// With a reflection whose affiliation contains this.
    pub unit: Option<String>,
    /// Found by a search.
    pub matched: Option<Matched>,
}

/// What a search found, known to the reader it was asked of and to no other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// The query as typed.
    pub query: String,
    /// The reader's number for what was found.
    pub number: i64,
}
