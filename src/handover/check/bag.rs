//! A bag (RFC 8493): every file named by every manifest, and as they say; nothing else in the payload.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Component, Path};

use sha2::{Digest as _, Sha256, Sha512};

use super::resources::{DataPackage, Seen};
use super::{Check, ends, is_index, is_warc};
use crate::handover::Error;

const INFO: &str = "bag-info.txt";
const LIST: &str = "data/datapackage.json";

/// Algorithms that are checked.
const ALGORITHMS: [&str; 3] = ["sha256", "sha512", "sha1"];

/// A manifest: its name, its algorithm, and the digest of each path.
struct Manifest {
    name: String,
    algorithm: &'static str,
    digests: BTreeMap<String, String>,
}

impl Check<'_> {
    pub(super) fn bag(&mut self) -> Result<(), Error> {
        let files = self.files_below()?;
        self.declaration();
        let info = fs::read_to_string(self.root.join(INFO)).unwrap_or_default();
        self.own = value(&info, "Bag-Software-Agent").is_some_and(|agent| agent.starts_with("shiguan/"));
        let payload = self.manifests(&files, "manifest-");
        let tags = self.manifests(&files, "tagmanifest-");
        self.coverage(&files, &payload, &tags);
        let mut seen = HashMap::new();
        for path in &files {
            let of = if path.starts_with("data/") { &payload } else { &tags };
            if let Some(found) = self.digests(path, of) {
                self.checked.files += 1;
                self.checked.bytes += found.bytes;
                seen.insert(path.clone(), found);
            }
        }
        self.oxum(&info, &seen);
        if seen.contains_key(LIST) {
            self.bag_list(&seen);
        } else if self.own {
            self.wrong(LIST, "missing");
        }
        for path in files.iter().filter(|path| seen.contains_key(*path) && path.starts_with("data/")) {
            let open = || File::open(self.root.join(path)).map(|file| BufReader::with_capacity(1 << 16, file));
            if is_warc(path) {
                let source = open().map_err(self.io())?;
                self.warc(path, source)?;
            } else if is_index(path) && !ends(path, &[".gz"]) {
                let source = open().map_err(self.io())?;
                self.index(path, source)?;
            }
        }
        Ok(())
    }

    /// Paths of all files, `/` between their parts, in order. A link leads elsewhere and is none of the bag.
    fn files_below(&mut self) -> Result<BTreeSet<String>, Error> {
        let mut folders = vec![String::new()];
        let mut files = BTreeSet::new();
        while let Some(folder) = folders.pop() {
            for found in fs::read_dir(self.root.join(&folder)).map_err(self.io())? {
                let found = found.map_err(self.io())?;
                let path = format!("{folder}{}", found.file_name().to_string_lossy());
                let kind = found.file_type().map_err(self.io())?;
                if kind.is_dir() {
                    folders.push(format!("{path}/"));
                } else if kind.is_file() {
                    files.insert(path);
                } else {
                    self.wrong(&path, "neither a file nor a folder");
                }
            }
        }
        Ok(files)
    }

    /// `bagit.txt` (RFC 8493, 2.1.1).
    fn declaration(&mut self) {
        match fs::read_to_string(self.root.join("bagit.txt")) {
            Err(error) => self.wrong("bagit.txt", format!("cannot be read: {error}")),
            Ok(text) => {
                let version = value(&text, "BagIt-Version").is_some_and(|version| {
                    version.split_once('.').is_some_and(|(a, b)| a.parse::<u8>().is_ok() && b.parse::<u8>().is_ok())
                });
                if !version || value(&text, "Tag-File-Character-Encoding") != Some("UTF-8") {
                    self.wrong("bagit.txt", "not the declaration of a bag in UTF-8");
                }
            }
        }
    }

    fn manifests(&mut self, files: &BTreeSet<String>, kind: &str) -> Vec<Manifest> {
        let mut manifests = Vec::new();
        for name in files {
            let Some(found) = name.strip_prefix(kind).and_then(|rest| rest.strip_suffix(".txt")) else { continue };
            let Some(algorithm) = ALGORITHMS.into_iter().find(|known| *known == found) else { continue };
            let mut manifest = Manifest { name: name.clone(), algorithm, digests: BTreeMap::new() };
            match fs::read_to_string(self.root.join(name)) {
                Err(error) => self.wrong(name, format!("cannot be read: {error}")),
                Ok(text) => {
                    for (number, line) in text.lines().enumerate() {
                        let number = number + 1;
                        let Some((digest, path)) = line_of(line) else {
                            self.wrong(name, format!("line {number}: not a digest and a path within the bag"));
                            continue;
                        };
                        if let Some(path) = manifest.digests.insert(path.clone(), digest).map(|_| path) {
                            self.wrong(name, format!("line {number}: {path} a second time"));
                        }
                    }
                }
            }
            manifests.push(manifest);
        }
        manifests
    }

    /// Every payload file in every manifest; every file named is there. Of our own bags more is known: which manifests
    /// there are, and that each names all files beside the payload.
    fn coverage(&mut self, files: &BTreeSet<String>, payload: &[Manifest], tags: &[Manifest]) {
        if payload.is_empty() {
            self.wrong("manifest-sha256.txt", "missing, and no other manifest that can be checked");
        }
        if self.own {
            for name in
                ["manifest-sha256.txt", "manifest-sha512.txt", "tagmanifest-sha256.txt", "tagmanifest-sha512.txt"]
            {
                if !files.contains(name) {
                    self.wrong(name, "missing");
                }
            }
        }
        for manifest in payload.iter().chain(tags) {
            for path in manifest.digests.keys().filter(|path| !files.contains(*path)) {
                self.wrong(path, format!("missing, though {} names it", manifest.name));
            }
        }
        for path in files {
            let (of, wanted) = if path.starts_with("data/") {
                (payload, true)
            } else {
                (tags, self.own && !path.starts_with("tagmanifest-"))
            };
            for manifest in of.iter().filter(|manifest| wanted && !manifest.digests.contains_key(path)) {
                self.wrong(path, format!("not named by {}", manifest.name));
            }
        }
    }

    /// Reads a file to its end and holds it against the manifests; `None` where it cannot be read.
    fn digests(&mut self, path: &str, manifests: &[Manifest]) -> Option<Seen> {
        let (mut sha1, mut sha256, mut sha512) = (sha1::Sha1::new(), Sha256::new(), Sha512::new());
        let with_sha1 = manifests.iter().any(|manifest| manifest.algorithm == "sha1");
        let (mut bytes, mut buffer) = (0, vec![0; 1 << 16]);
        let mut file = match File::open(self.root.join(path)) {
            Ok(file) => file,
            Err(error) => {
                self.wrong(path, format!("cannot be read: {error}"));
                return None;
            }
        };
        loop {
            let read = match file.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => buffer.get(..read).unwrap_or_default(),
                Err(error) => {
                    self.wrong(path, format!("cannot be read: {error}"));
                    return None;
                }
            };
            sha256.update(read);
            sha512.update(read);
            if with_sha1 {
                sha1.update(read);
            }
            bytes += read.len() as u64;
        }
        let hex = |digest: &[u8]| data_encoding::HEXLOWER.encode(digest);
        let (sha1, sha256, sha512) = (hex(&sha1.finalize()), hex(&sha256.finalize()), hex(&sha512.finalize()));
        for manifest in manifests {
            let ours = match manifest.algorithm {
                "sha1" => &sha1,
                "sha256" => &sha256,
                _ => &sha512,
            };
            if manifest.digests.get(path).is_some_and(|said| said != ours) {
                self.wrong(path, format!("not the bytes whose digest {} names", manifest.name));
            }
        }
        Some(Seen { bytes, sha256 })
    }

    /// `Payload-Oxum` (RFC 8493, 2.2.2), where there is one.
    fn oxum(&mut self, info: &str, seen: &HashMap<String, Seen>) {
        let payload = || seen.iter().filter(|(path, _)| path.starts_with("data/"));
        let found = format!("{}.{}", payload().map(|(_, seen)| seen.bytes).sum::<u64>(), payload().count());
        match value(info, "Payload-Oxum") {
            Some(said) if said == found => {}
            Some(said) => self.wrong(INFO, format!("bytes and files are {found}, and {said} by Payload-Oxum")),
            None if self.own => self.wrong(INFO, "no Payload-Oxum"),
            None => {}
        }
    }

    /// The list of tables inside the payload.
    fn bag_list(&mut self, seen: &HashMap<String, Seen>) {
        let text = fs::read(self.root.join(LIST)).unwrap_or_default();
        match serde_json::from_slice::<DataPackage>(&text) {
            Ok(package) if self.own => self.resources("data/", &package, seen),
            Err(error) if self.own => self.wrong(LIST, format!("cannot be read: {error}")),
            // What other tools put there is content like any other.
            Ok(_) | Err(_) => {}
        }
    }
}

/// A line of a manifest: the digest in lower case, and a path that stays within the bag.
fn line_of(line: &str) -> Option<(String, String)> {
    let (digest, path) = line.split_once([' ', '\t'])?;
    let path = path.trim_start_matches([' ', '\t']);
    let path = path.strip_prefix("./").unwrap_or(path);
    let path =
        path.replace("%0A", "\n").replace("%0a", "\n").replace("%0D", "\r").replace("%0d", "\r").replace("%25", "%");
    let within =
        !path.starts_with('~') && Path::new(&path).components().all(|part| matches!(part, Component::Normal(_)));
    let hex = digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    (within && hex && !path.is_empty()).then(|| (digest.to_ascii_lowercase(), path))
}

/// A value of `LABEL: VALUE` lines.
fn value<'t>(text: &'t str, label: &str) -> Option<&'t str> {
    text.lines().find_map(|line| line.strip_prefix(label)?.trim_start().strip_prefix(':')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_manifest_stays_within_the_bag() {
        for (line, want) in [
            ("AB12  data/a b.txt", Some(("ab12", "data/a b.txt"))),
            ("ab12\tdata/50%25%0Ax", Some(("ab12", "data/50%\nx"))),
            ("ab12  ./data/a", Some(("ab12", "data/a"))),
            ("ab12  ../a", None),
            ("ab12  data/../../a", None),
            ("ab12  /etc/passwd", None),
            ("ab12  ~/a", None),
            ("xyz  data/a", None),
            ("ab12", None),
            ("ab12  ", None),
            ("", None),
        ] {
            assert_eq!(line_of(line), want.map(|(digest, path)| (digest.to_owned(), path.to_owned())), "{line:?}");
        }
    }
}
