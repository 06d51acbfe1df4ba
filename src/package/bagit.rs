//! BagIt (RFC 8493): files in a folder with two lists of their digests, checkable with `sha256sum` alone.
//!
//! This is the text of the bag's own files and the digests of what goes through; making folders is the caller's.

use std::io::{self, Write};

use sha2::{Digest as _, Sha256, Sha512};

/// `bagit.txt`, the declaration every bag begins with (RFC 8493, 2.1.1).
pub const DECLARATION: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

/// Digests of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digests {
    /// Path within the bag, `/` between its parts.
    pub path: String,
    /// Lower-case hexadecimal.
    pub sha256: String,
    /// Lower-case hexadecimal.
    pub sha512: String,
    /// Size.
    pub bytes: u64,
}

/// Passes bytes on and digests them.
#[derive(Debug)]
pub struct Digesting<W> {
    out: W,
    sha256: Sha256,
    sha512: Sha512,
    bytes: u64,
}

impl<W: Write> Digesting<W> {
    /// Digests what goes to `out`.
    pub fn new(out: W) -> Self {
        Self { out, sha256: Sha256::new(), sha512: Sha512::new(), bytes: 0 }
    }

    /// Where it went, and its digests under this path.
    pub fn finish(self, path: &str) -> (W, Digests) {
        let hex = |digest: &[u8]| data_encoding::HEXLOWER.encode(digest);
        let digests = Digests {
            path: path.to_owned(),
            sha256: hex(&self.sha256.finalize()),
            sha512: hex(&self.sha512.finalize()),
            bytes: self.bytes,
        };
        (self.out, digests)
    }
}

impl<W: Write> Write for Digesting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        let taken = bytes.get(..written).unwrap_or(bytes);
        self.sha256.update(taken);
        self.sha512.update(taken);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The two manifests over these files: names and texts (RFC 8493, 2.1.3 and 2.2.1). `kind` is `manifest` or
/// `tagmanifest`.
pub fn manifests(kind: &str, files: &[Digests]) -> [(String, String); 2] {
    let text = |digest: fn(&Digests) -> &str| {
        files.iter().fold(String::new(), |text, file| text + digest(file) + "  " + &encoded(&file.path) + "\n")
    };
    [
        (format!("{kind}-sha256.txt"), text(|file| &file.sha256)),
        (format!("{kind}-sha512.txt"), text(|file| &file.sha512)),
    ]
}

/// Line breaks and `%` in a path are percent-encoded (RFC 8493, 2.1.3).
fn encoded(path: &str) -> String {
    path.replace('%', "%25").replace('\n', "%0A").replace('\r', "%0D")
}

/// `Payload-Oxum`: bytes and files of the payload (RFC 8493, 2.2.2).
pub fn oxum(payload: &[Digests]) -> String {
    format!("{}.{}", payload.iter().map(|file| file.bytes).sum::<u64>(), payload.len())
}

/// `bag-info.txt`: labels and values, one line each; a value's line breaks become spaces.
pub fn info(fields: &[(&str, String)]) -> String {
    let line = |(label, value): &(&str, String)| {
        let value: Vec<&str> = value.split(|c: char| c.is_control()).filter(|part| !part.is_empty()).collect();
        format!("{label}: {}\n", value.join(" "))
    };
    fields.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digests(path: &str, bytes: &[u8]) -> Digests {
        let mut file = Digesting::new(Vec::new());
        file.write_all(bytes).unwrap();
        let (out, digests) = file.finish(path);
        assert_eq!(out, bytes);
        digests
    }

    #[test]
    fn manifests_name_every_file_with_its_digest() {
        let files = [digests("data/a", b"abc"), digests("data/50%\nx", b"")];
        let [(name, sha256), (_, sha512)] = manifests("manifest", &files);
        assert_eq!(name, "manifest-sha256.txt");
        // The digests of RFC 6234's test vectors and of the empty message.
        assert_eq!(
            sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  data/a\n\
             e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  data/50%25%0Ax\n"
        );
        assert!(sha512.starts_with("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea2"), "{sha512}");
        assert_eq!(oxum(&files), "3.2");
    }

    #[test]
    fn no_value_begins_a_line() {
        assert_eq!(
            info(&[("Source-Organization", "档案馆\r\nBag-Size: 0".to_owned())]),
            "Source-Organization: 档案馆 Bag-Size: 0\n"
        );
    }
}
