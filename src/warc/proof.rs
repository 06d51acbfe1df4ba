//! What a record's own digests say of its bytes, whichever tool wrote them (ISO 28500:2017, 5.8 and 5.9).
//!
//! Tools write SHA-1 and SHA-2 in base32 or in hexadecimal. An algorithm or a spelling that is none of these proves
//! nothing, and is no reason for doubt either.

use sha2::Digest as _;

use super::http::{self, Response};
use super::record::{Kind, Record};

/// How far a record is proved by what stands in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// A digest fits.
    Fits,
    /// It has none that could be checked.
    Nothing,
    /// The digest of the block speaks against it.
    BlockDiffers,
    /// The digest of the payload speaks against it, and there is none of the block.
    PayloadDiffers,
}

impl Proof {
    /// What is wrong, in words.
    pub fn complaint(self) -> Option<&'static str> {
        match self {
            Self::Fits | Self::Nothing => None,
            Self::BlockDiffers => Some("the block does not fit its digest"),
            Self::PayloadDiffers => Some("the payload does not fit its digest"),
        }
    }
}

impl Record {
    /// Holds the record against its digests. That of the block covers all behind the header and settles it. That of the payload
    /// settles it where it stands alone; tools reckon it before or after chunking is undone, and either will do. A
    /// revisit's payload digest is about another record. No digest covers the header.
    pub fn proof(&self) -> Proof {
        let said = |name| self.fields.get(name);
        match said("WARC-Block-Digest").and_then(|said| fits(said, &self.block)) {
            Some(true) => return Proof::Fits,
            Some(false) => return Proof::BlockDiffers,
            None => {}
        }
        match said("WARC-Payload-Digest").and_then(|said| self.payload_fits(said)) {
            Some(true) => Proof::Fits,
            Some(false) => Proof::PayloadDiffers,
            None => Proof::Nothing,
        }
    }

    fn payload_fits(&self, said: &str) -> Option<bool> {
        match self.kind() {
            Kind::Response | Kind::Request => {
                let as_it_stands = fits(said, http::split(&self.block)?.1)?;
                let unchunked = || Response::parse(&self.block).and_then(|answer| fits(said, &answer.payload));
                Some(as_it_stands || unchunked() == Some(true))
            }
            Kind::Resource => fits(said, &self.block),
            Kind::Warcinfo | Kind::Revisit | Kind::Metadata | Kind::Conversion | Kind::Continuation | Kind::Other => {
                None
            }
        }
    }
}

/// Whether a labelled digest is that of these bytes; `None` where it cannot be told.
fn fits(said: &str, bytes: &[u8]) -> Option<bool> {
    let (label, value) = said.split_once(':')?;
    let ours = match label.to_ascii_lowercase().replace('-', "").as_str() {
        "sha1" => sha1::Sha1::digest(bytes).to_vec(),
        "sha256" => sha2::Sha256::digest(bytes).to_vec(),
        "sha512" => sha2::Sha512::digest(bytes).to_vec(),
        _ => return None,
    };
    let value = value.trim().trim_end_matches('=').to_ascii_uppercase();
    let spellings = [data_encoding::BASE32_NOPAD.encode(&ours), data_encoding::HEXUPPER.encode(&ours)];
    let spelled = spellings.iter().find(|spelling| spelling.len() == value.len())?;
    Some(*spelled == value)
}

#[cfg(test)]
mod tests {
    use super::super::Reader;
    use super::*;

    fn record(kind: &str, fields: &[(&str, &str)], block: &str) -> Record {
        let fields = fields.iter().fold(String::new(), |text, (name, value)| text + name + ": " + value + "\r\n");
        let text = format!(
            "WARC/1.1\r\nWARC-Type: {kind}\r\nContent-Type: application/http\r\n{fields}Content-Length: {}\r\n\r\n{block}\r\n\r\n",
            block.len()
        );
        Reader::new(std::io::Cursor::new(text)).unwrap().next().unwrap().unwrap().record
    }

    /// `sha1sum` and `sha256sum` of "abc" (FIPS 180).
    const SHA1: &str = "a9993e364706816aba3e25717850c26c9cd0d89d";
    const SHA256: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn every_spelling_of_a_digest_is_checked() {
        let wrong = Proof::BlockDiffers;
        for (said, proof) in [
            (format!("sha1:{SHA1}"), Proof::Fits),
            ("sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5".to_owned(), Proof::Fits),
            ("SHA-1:vgmt4nsha2awvor6evyxqugcnsonbwe5".to_owned(), Proof::Fits),
            (format!("sha256:{SHA256}"), Proof::Fits),
            (format!("sha-256:{}", SHA256.to_uppercase()), Proof::Fits),
            (format!("sha1:{}", SHA1.replace('a', "b")), wrong),
            (format!("sha256:{}", SHA256.replace('0', "1")), wrong),
            ("sha1:short".to_owned(), Proof::Nothing),
            ("md5:900150983cd24fb0d6963f7d28e17f72".to_owned(), Proof::Nothing),
            (SHA1.to_owned(), Proof::Nothing),
        ] {
            assert_eq!(record("resource", &[("WARC-Block-Digest", &said)], "abc").proof(), proof, "{said}");
        }
        assert_eq!(record("response", &[], "abc").proof(), Proof::Nothing);
    }

    #[test]
    fn a_payload_digest_alone_may_be_of_either_form_of_the_payload() {
        let said = format!("sha1:{SHA1}");
        let fields = [("WARC-Payload-Digest", said.as_str())];
        let wrong = Proof::PayloadDiffers;
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
        for (kind, block, proof) in [
            ("response", "HTTP/1.1 200 OK\r\n\r\nabc", Proof::Fits),
            ("response", chunked, Proof::Fits),
            ("response", "HTTP/1.1 200 OK\r\n\r\nabd", wrong),
            ("resource", "abc", Proof::Fits),
            ("resource", "abd", wrong),
            ("revisit", "HTTP/1.1 200 OK\r\n\r\n", Proof::Nothing),
        ] {
            assert_eq!(record(kind, &fields, block).proof(), proof, "{kind} {block}");
        }
    }
}
