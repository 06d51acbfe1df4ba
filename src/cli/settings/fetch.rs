//! `[fetch]`: what one request may take, whom TLS believes, and where passwords are kept.

mod logins;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use serde::Deserialize;

use crate::cli::exit::Failure;
use crate::fetch::Options;

/// Longest of each time, in seconds.
const LONGEST: f64 = 3600.0;
/// Largest payload taken, in MiB. A capture is held in memory while it is read.
const LARGEST: u64 = 1024;

/// `[fetch]`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cli) struct FetchSection {
    connect_timeout: Option<f64>,
    header_timeout: Option<f64>,
    idle_timeout: Option<f64>,
    total_timeout: Option<f64>,
    max_body_mib: Option<u64>,
    /// PEM file of further root certificates.
    ca_file: Option<PathBuf>,
    /// File of passwords, which nobody but its owner may read.
    login_file: Option<PathBuf>,
}

impl FetchSection {
    /// What the types cannot say: the field, and what is wrong with it.
    pub(super) fn check(&self) -> Result<(), (&'static str, String)> {
        for (field, seconds) in [
            ("connect_timeout", self.connect_timeout),
            ("header_timeout", self.header_timeout),
            ("idle_timeout", self.idle_timeout),
            ("total_timeout", self.total_timeout),
        ] {
            if seconds.is_some_and(|seconds| !(0.01..=LONGEST).contains(&seconds)) {
                return Err((field, format!("seconds lie between 0.01 and {LONGEST}")));
            }
        }
        if self.max_body_mib.is_some_and(|mib| !(1..=LARGEST).contains(&mib)) {
            return Err(("max_body_mib", format!("lies between 1 and {LARGEST}")));
        }
        Ok(())
    }

    /// Paths count from the settings file's folder.
    pub(super) fn resolve_paths(&mut self, folder: &Path) {
        for path in [&mut self.ca_file, &mut self.login_file] {
            *path = path.take().map(|path| folder.join(path));
        }
    }

    /// Lays what the file says over the options.
    pub(in crate::cli) fn apply(&self, options: &mut Options) -> Result<(), Failure> {
        for (time, seconds) in [
            (&mut options.connect_timeout, self.connect_timeout),
            (&mut options.header_timeout, self.header_timeout),
            (&mut options.idle_timeout, self.idle_timeout),
            (&mut options.total_timeout, self.total_timeout),
        ] {
            *time = seconds.map_or(*time, Duration::from_secs_f64);
        }
        if let Some(bytes) = self.max_body_mib.and_then(|mib| usize::try_from(mib << 20).ok()) {
            options.max_wire_bytes = bytes;
        }
        if let Some(path) = &self.ca_file {
            options.roots = roots(path)?;
        }
        if let Some(path) = &self.login_file {
            options.logins = logins::read(path)?;
        }
        Ok(())
    }
}

fn roots(path: &Path) -> Result<Vec<Vec<u8>>, Failure> {
    let unusable = |what: String| Failure::unusable(format!("{}: {what}", path.display()));
    let pem = fs::read(path).map_err(|error| unusable(error.to_string()))?;
    let found = CertificateDer::pem_slice_iter(&pem).map(|root| root.map(|root| root.to_vec()));
    let found: Vec<Vec<u8>> = found.collect::<Result<_, _>>().map_err(|error| unusable(format!("{error:?}")))?;
    if found.is_empty() { Err(unusable("no certificate in PEM form".to_owned())) } else { Ok(found) }
}
