//! One writer an archive: an advisory lock on `.lock`, which the system lets go of when its holder dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::error::{Error, Holder};
use super::{clock, folder};

/// Pause before a lock that is held is tried again.
const PAUSE: Duration = Duration::from_millis(20);
/// Times a lock is tried before its holder is believed to be what the file says: whoever just took it may not have
/// written there yet.
const TRIES: u32 = 6;
/// Times it is tried while it is held for a moment only: ten seconds, as long as a busy database is waited for.
const TRIES_FOR_A_MOMENT: u32 = 500;
/// What the file says of a holder that will be gone at once.
const FOR_A_MOMENT: &str = "for a moment\n";

/// Held for as long as the archive is open for writing.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock at once or names its holder; one that notes an event and is gone is waited for.
    pub(super) fn take(dir: &Path) -> Result<Self, Error> {
        Self::take_saying(dir, "")
    }

    /// Takes the lock for noting an event: whoever comes meanwhile waits.
    pub(super) fn take_for_a_moment(dir: &Path) -> Result<Self, Error> {
        Self::take_saying(dir, FOR_A_MOMENT)
    }

    fn take_saying(dir: &Path, what: &str) -> Result<Self, Error> {
        let path = dir.join(".lock");
        let mut options = OpenOptions::new();
        let mut file = folder::open_file(&path, options.read(true).write(true).create(true).truncate(false))?;
        let io = |doing, source| Error::Io { path: path.clone(), doing, source };
        let mut tries = 1;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(source)) => return Err(io("locking", source)),
                Err(TryLockError::WouldBlock) => {}
            }
            // Whoever cannot be read is still a holder.
            let said = said(&mut file).unwrap_or_default();
            let most = if said.ends_with(FOR_A_MOMENT) { TRIES_FOR_A_MOMENT } else { TRIES };
            if tries >= most {
                return Err(Error::Locked { holder: holder(&said) });
            }
            tries += 1;
            thread::sleep(PAUSE);
        }
        let said = format!("pid {}\nsince {}\n{what}", std::process::id(), clock::now().to_seconds_string());
        file.set_len(0)
            .and_then(|()| file.seek(SeekFrom::Start(0)))
            .and_then(|_| file.write_all(said.as_bytes()))
            .map_err(|source| io("writing", source))?;
        Ok(Self { _file: file })
    }
}

/// What the file says of its holder.
fn said(file: &mut File) -> io::Result<String> {
    let mut said = String::new();
    file.seek(SeekFrom::Start(0))?;
    file.take(1024).read_to_string(&mut said)?;
    Ok(said)
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
        assert_eq!(
            holder("pid 17\nsince 2026-11-22T09:00:00Z\n").to_string(),
            "process 17 since 2026-11-22 17:00:00 (+08:00)"
        );
        assert_eq!(holder("").to_string(), "another process");
    }

    fn held(dir: &Path, said: &str) -> File {
        let file = File::create(dir.join(".lock")).unwrap();
        (&file).write_all(said.as_bytes()).unwrap();
        file.lock().unwrap();
        file
    }

    #[test]
    fn who_holds_it_for_a_moment_is_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let other = held(dir.path(), "pid 17\nsince 2026-11-22T09:00:00Z\nfor a moment\n");
        let soon = thread::spawn(move || {
            thread::sleep(PAUSE * TRIES * 2);
            drop(other);
        });
        let lock = Lock::take(dir.path()).unwrap();
        soon.join().unwrap();
        let said = std::fs::read_to_string(dir.path().join(".lock")).unwrap();
        assert!(said.starts_with(&format!("pid {}\n", std::process::id())) && said.lines().count() == 2, "{said:?}");
        drop(lock);
        let _lock = Lock::take_for_a_moment(dir.path()).unwrap();
        let said = std::fs::read_to_string(dir.path().join(".lock")).unwrap();
        assert!(said.ends_with(FOR_A_MOMENT), "{said:?}");
    }

    #[test]
    fn who_holds_it_for_a_run_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let _other = held(dir.path(), "pid 17\nsince 2026-11-22T09:00:00Z\n");
        for taken in [Lock::take(dir.path()), Lock::take_for_a_moment(dir.path())] {
            let Err(Error::Locked { holder }) = taken else { panic!("{taken:?}") };
            assert_eq!(holder.pid, Some(17));
        }
    }
}
