//! WARC records to bytes and back, over Write and Read (ISO 28500:2017, and 28500:2009 on request).
//!
//! What is written: one gzip member a record; `warcinfo` first in each file; per exchange a `response` or a `revisit`
//! and then its `request`. Payloads stay as they travelled: a content coding is kept, chunking is undone and
//! `Transfer-Encoding` renamed `X-Archive-Orig-Transfer-Encoding`. Heads are written from parsed fields, because the
//! HTTP client hands over nothing else; `warcinfo` says so.
//!
//! What is read: anything with gzip members or none, also of other tools; damage is a value that names its offset,
//! and reading goes on behind it.
//!
//! It refuses to let a value begin a new line: control characters are percent-encoded wherever text from outside meets
//! a header. It reads no clock and draws no ids: both come through [`Stamp`], so that bytes can be asserted.

mod exchange;
mod fields;
mod http;
mod info;
mod member;
mod metadata;
mod name;
mod proof;
mod read;
mod record;
mod section;
mod stamp;

pub use exchange::{Exchange, Original, RevisitProfile, exchange};
pub use fields::Fields;
pub use http::Response;
pub use info::Info;
pub use member::Deflater;
pub use metadata::{About, fields_of, metadata};
pub use name::file_name;
pub use proof::Proof;
pub use read::{Damage, Found, Harm, Reader};
pub use record::{Kind, Record, Version};
pub use section::Section;
pub use stamp::{RandomIds, Stamp};
