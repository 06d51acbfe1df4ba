//! One writer an archive: an advisory lock on `.lock`, which the system lets go of when its holder dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use super::error::{Error, Holder};
use super::{clock, folder};

/// Held for as long as the archive is open for writing.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock at once or names its holder.
    pub(super) fn take(dir: &Path) -> Result<Self, Error> {
        let path = dir.join(".lock");
        let mut options = OpenOptions::new();
        let mut file = folder::open_file(&path, options.read(true).write(true).create(true).truncate(false))?;
        let io = |doing, source| Error::Io { path: path.clone(), doing, source };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut said = String::new();
                // Whoever cannot be read is still a holder.
                file.take(1024).read_to_string(&mut said).ok();
                return Err(Error::Locked { holder: holder(&said) });
            }
            Err(TryLockError::Error(source)) => return Err(io("locking", source)),
        }
        let said = format!("pid {}\nsince {}\n", std::process::id(), clock::now().to_seconds_string());
        file.set_len(0)
            .and_then(|()| file.seek(SeekFrom::Start(0)))
            .and_then(|_| file.write_all(said.as_bytes()))
            .map_err(|source| io("writing", source))?;
        Ok(Self { _file: file })
    }
}

fn holder(said: &str) -> Holder {
    let value = |key: &str| said.lines().find_map(|line| line.strip_prefix(key)).map(str::trim);
    Holder {
        pid: value("pid ").and_then(|pid| pid.parse().ok()),
        since: value("since ").filter(|since| !since.is_empty()).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holder_says_what_is_known() {
        assert_eq!(holder("pid 17\nsince 2026-11-22T09:00:00Z\n").to_string(), "process 17 since 2026-11-22T09:00:00Z");
        assert_eq!(holder("").to_string(), "another process");
    }
}
