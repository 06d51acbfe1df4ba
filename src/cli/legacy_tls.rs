//! Hosts that speak only TLS of another age: OpenSSL has to be told to speak it, and takes that from the environment of a
//! program that starts.
//!
//! So a crawl with such a site starts itself once more, as the same process, with `OPENSSL_CONF` naming settings that
//! stand in a file without a name. Whoever has set `OPENSSL_CONF` is left to it. All other hosts are rustls', which reads
//! none of this.

use super::exit::Failure;

/// OpenSSL's settings: TLS from 1.0, ciphers and keys of any strength, servers without secure renegotiation (RFC 5746).
#[cfg(all(unix, feature = "legacy-tls"))]
const SETTINGS: &str = "\
openssl_conf = legacy
[legacy]
ssl_conf = contexts
[contexts]
system_default = any
[any]
MinProtocol = TLSv1
CipherString = DEFAULT:@SECLEVEL=0
Options = UnsafeLegacyServerConnect
";

/// Where OpenSSL looks for its settings (`config(5ssl)`).
#[cfg(all(unix, feature = "legacy-tls"))]
const VARIABLE: &str = "OPENSSL_CONF";

/// Sees to it that this process speaks TLS as `host` does, or says why it cannot. Returns only where nothing is left to
/// do; call it before anything is opened.
#[cfg(all(unix, feature = "legacy-tls"))]
pub(super) fn ensure(host: &str) -> Result<(), Failure> {
    use std::os::unix::process::CommandExt as _;
    if std::env::var_os(VARIABLE).is_some() {
        return Ok(());
    }
    let again = || -> std::io::Result<std::convert::Infallible> {
        let (_kept, place) = settings_file()?;
        let mut command = std::process::Command::new(std::env::current_exe()?);
        Err(command.args(std::env::args_os().skip(1)).env(VARIABLE, place).exec())
    };
    let Err(error) = again();
    Err(Failure::unusable(format!("{host}: OpenSSL cannot be given settings for tls = \"legacy\": {error}")))
}

/// The settings in a file without a name, which the next program finds open under the second value.
#[cfg(all(unix, feature = "legacy-tls"))]
fn settings_file() -> std::io::Result<(std::fs::File, String)> {
    use std::io::{Seek as _, Write as _};
    use std::os::fd::AsRawFd as _;
    let mut file = tempfile::tempfile()?;
    file.write_all(SETTINGS.as_bytes())?;
    file.rewind()?;
    rustix::io::fcntl_setfd(&file, rustix::io::FdFlags::empty())?;
    let place = format!("/dev/fd/{}", file.as_raw_fd());
    Ok((file, place))
}

/// Nothing: a program built without TLS of another age has no client for such hosts, and says so when it makes its own.
#[cfg(not(all(unix, feature = "legacy-tls")))]
#[expect(clippy::unnecessary_wraps, reason = "the other build's may fail")]
pub(super) fn ensure(_host: &str) -> Result<(), Failure> {
    Ok(())
}
