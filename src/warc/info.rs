//! The `warcinfo` record: what a file is, who made it, and what its heads are (ISO 28500:2017, 6.2).

use super::fields::Fields;
use super::record::{Kind, Record, Version};
use super::stamp::Stamp;
use crate::domain::time::CaptureTime;

/// What `warcinfo` says. Only facts that do not change later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Info {
    /// Program and version.
    pub software: String,
    /// Host that crawled, as in the file's name.
    pub hostname: String,
    /// Who is responsible.
    pub operator: Option<String>,
    /// Address a site's owner can write to (`http-header-from`).
    pub contact: Option<String>,
    /// How robots.txt is treated.
    pub robots: String,
    /// Ids of the sites the run was about that began the file; a later run may add captures of others.
    pub sites: Vec<String>,
    /// `User-Agent` as sent.
    pub user_agent: String,
    /// The archive it belongs to, a stable id.
    pub is_part_of: String,
}

impl Info {
    /// What every file of ours says about its heads and payloads.
    pub const DESCRIPTION: &'static str = "HTTP heads are written anew from parsed fields: names in lower case, order \
        kept, HTTP/1.1 on the wire. Payloads are the bytes that travelled: content coding kept, chunking undone, \
        Transfer-Encoding renamed X-Archive-Orig-Transfer-Encoding; a Content-Length that differs from the stored \
        payload is renamed X-Archive-Orig-Content-Length. Fields named Shiguan-* carry the crawl's own notes.";

    /// The record for a file of this name.
    pub fn record(&self, stamp: &mut dyn Stamp, version: Version, at: CaptureTime, file: &str) -> Record {
        let mut record = Record::begin(version, Kind::Warcinfo, &stamp.record_id(), at);
        record.fields.push("WARC-Filename", file);
        let mut about = Fields::new();
        about.push("software", &self.software);
        about.push("format", format!("WARC File Format {}", version.as_str()));
        about.push("conformsTo", conforms_to(version));
        about.push("hostname", &self.hostname);
        for (name, value) in [("operator", &self.operator), ("http-header-from", &self.contact)] {
            if let Some(value) = value {
                about.push(name, value);
            }
        }
        about.push("robots", &self.robots);
        about.push("http-header-user-agent", &self.user_agent);
        if !self.sites.is_empty() {
            about.push("shiguan-sites", self.sites.join(" "));
        }
        about.push("isPartOf", &self.is_part_of);
        about.push("description", Self::DESCRIPTION);
        let mut block = Vec::with_capacity(1024);
        about.write_to(&mut block);
        record.finish("application/warc-fields", block)
    }
}

fn conforms_to(version: Version) -> &'static str {
    match version {
        Version::V1_1 => "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        Version::V1_0 => "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.0/",
    }
}
