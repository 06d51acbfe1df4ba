//! When each host was last asked, and until when it wants to be left alone: `.hosts`, beside the index.
//!
//! The distance between two requests holds from one run to the next, and a run may be killed at any instant. What is under way
//! then is in no index yet, so every request is noted here before it leaves: one line a host, overwritten in place. Nothing
//! is synced: what outlives the process is enough, since no machine starts again within a delay.
//!
//! Nothing else rests on this file. One that is absent, damaged or from another clock makes the next run wait a delay
//! too many, never one too few.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::error::Error;
use super::folder;
use crate::domain::time::CaptureTime;

/// Its name in the archive.
pub(super) const FILE: &str = ".hosts";
/// Where it is written anew, before it takes the name.
pub(super) const NEW: &str = ".hosts.new";
/// The first line, for whoever looks.
const HEAD: &str = "# host last asked, to be left alone until, under way (>) or not (.), host\n";
/// How long a line is of use: no delay is longer.
const KEPT: Duration = Duration::from_hours(24);
/// Longest time a host is left alone because it asked for it (RELIABILITY L1), also where the clock was set back since.
const LONGEST_REST: Duration = Duration::from_hours(1);
/// Most bytes of the file that are read.
const MOST: u64 = 64 << 20;
/// Characters of a moment: `2026-11-22T09:00:00.123456Z`.
const MOMENT: usize = 27;
/// Stands for a moment where there is none.
const NEVER: &str = "                          -";

/// A host's last request, as the moment the file was opened sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// How long ago it left. Nothing where it was under way when its run ended: it may have left a moment ago.
    pub ago: Duration,
    /// How much longer the host wants to be left alone.
    pub rest: Duration,
}

/// One host's line.
#[derive(Debug, Clone, Copy)]
struct Line {
    /// Where it stands in the file.
    offset: u64,
    until: Option<CaptureTime>,
    under_way: u32,
}

/// The file, held by the one run that may write it.
#[derive(Debug)]
pub struct Hosts {
    path: PathBuf,
    file: File,
    end: u64,
    lines: HashMap<String, Line>,
}

impl Hosts {
    /// Takes the file up, without the lines that are of no use any more: what earlier runs left in it, by authority, or
    /// `None` where nothing is known of them. The archive's lock is held.
    pub(super) fn open(dir: &Path, now: CaptureTime) -> Result<(Self, Option<HashMap<String, Asked>>), Error> {
        let (path, new) = (dir.join(FILE), dir.join(NEW));
        let held = read(&path).map_err(|source| Error::Io { path: path.clone(), doing: "reading", source })?;
        let useful: Vec<Held> = held.iter().flatten().filter(|line| line.is_useful(now)).cloned().collect();
        let io = |doing, source| Error::Io { path: new.clone(), doing, source };
        let mut file = folder::open_file(&new, OpenOptions::new().write(true).create(true).truncate(true))?;
        let (mut text, mut lines) = (HEAD.to_owned(), HashMap::new());
        for line in &useful {
            // A request that was under way is from now on one that left just now.
            let at = if line.under_way { now } else { line.at };
            lines.insert(line.host.clone(), Line { offset: text.len() as u64, until: line.until, under_way: 0 });
            text.push_str(&written(at, line.until, false, &line.host));
        }
        file.write_all(text.as_bytes()).map_err(|source| io("writing", source))?;
        fs::rename(&new, &path).map_err(|source| io("renaming", source))?;
        let known = held.map(|_| useful.into_iter().map(|line| (line.host.clone(), line.asked(now))).collect());
        Ok((Self { path, file, end: text.len() as u64, lines }, known))
    }

    /// Notes that a request is about to leave.
    pub fn asks(&mut self, host: &str, at: CaptureTime) -> Result<(), Error> {
        if !self.lines.contains_key(host) {
            self.lines.insert(host.to_owned(), Line { offset: self.end, until: None, under_way: 0 });
            self.end += written(at, None, true, host).len() as u64;
        }
        let Some(line) = self.lines.get_mut(host) else { return Ok(()) };
        line.under_way = line.under_way.saturating_add(1);
        let line = *line;
        self.write(host, line, at)
    }

    /// Notes that a request came to its end: when it had left, and until when its host wants to be left alone.
    pub fn asked(&mut self, host: &str, left: CaptureTime, until: Option<CaptureTime>) -> Result<(), Error> {
        let Some(line) = self.lines.get_mut(host) else { return Ok(()) };
        line.under_way = line.under_way.saturating_sub(1);
        line.until = line.until.max(until);
        let line = *line;
        self.write(host, line, left)
    }

    fn write(&self, host: &str, line: Line, at: CaptureTime) -> Result<(), Error> {
        let text = written(at, line.until, line.under_way > 0, host);
        let io = |source| Error::Io { path: self.path.clone(), doing: "writing", source };
        self.file.write_all_at(text.as_bytes(), line.offset).map_err(io)
    }
}

/// A line as read.
#[derive(Debug, Clone)]
struct Held {
    at: CaptureTime,
    until: Option<CaptureTime>,
    under_way: bool,
    host: String,
}

impl Held {
    /// Whether it can still make a run wait. One from the future can: the clock was set back.
    fn is_useful(&self, now: CaptureTime) -> bool {
        since(self.at, now) < KEPT || self.until.is_some_and(|until| until > now)
    }

    fn asked(&self, now: CaptureTime) -> Asked {
        let ago = if self.under_way { Duration::ZERO } else { since(self.at, now) };
        Asked { ago, rest: self.until.map_or(Duration::ZERO, |until| since(now, until).min(LONGEST_REST)) }
    }
}

/// From one moment to a later one; nothing where it is not later.
fn since(moment: CaptureTime, later: CaptureTime) -> Duration {
    Duration::from_micros(u64::try_from(later.epoch_micros() - moment.epoch_micros()).unwrap_or_default())
}

/// A line as written; its length depends on the host alone.
fn written(at: CaptureTime, until: Option<CaptureTime>, under_way: bool, host: &str) -> String {
    let until = until.map_or_else(|| NEVER.to_owned(), CaptureTime::to_micros_string);
    format!("{} {until} {} {host}\n", at.to_micros_string(), if under_way { '>' } else { '.' })
}

/// The lines of the file; `None` where there is none, or none that can be trusted.
fn read(path: &Path) -> io::Result<Option<Vec<Held>>> {
    let mut text = String::new();
    match File::open(path).and_then(|file| file.take(MOST).read_to_string(&mut text)) {
        Ok(_) => {}
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidData) => return Ok(None),
        Err(error) => return Err(error),
    }
    let whole = text.strip_prefix(HEAD).filter(|lines| lines.is_empty() || lines.ends_with('\n'));
    Ok(whole.and_then(|lines| lines.lines().map(parse).collect()))
}

fn parse(line: &str) -> Option<Held> {
    let (at, rest) = line.split_at_checked(MOMENT)?;
    let (until, rest) = rest.strip_prefix(' ')?.split_at_checked(MOMENT)?;
    let (mark, host) = rest.strip_prefix(' ')?.split_once(' ')?;
    Some(Held {
        at: CaptureTime::parse(at)?,
        until: if until == NEVER { None } else { Some(CaptureTime::parse(until)?) },
        under_way: match mark {
            ">" => true,
            "." => false,
            _ => return None,
        },
        host: host.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> CaptureTime {
        CaptureTime::parse(&format!("2026-11-30T{text}Z")).unwrap()
    }

    fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    type Known = Option<HashMap<String, Asked>>;

    fn open(dir: &Path, now: &str) -> (Hosts, Known) {
        Hosts::open(dir, at(now)).unwrap()
    }

    #[test]
    fn what_one_run_asked_the_next_one_knows() {
        let dir = tempfile::tempdir().unwrap();
        let (mut hosts, known) = open(dir.path(), "09:00:00");
        assert_eq!(known, None, "of a folder without the file nothing is known");
        for (host, asks, left, until) in [
            ("a.example", "09:00:01", Some("09:00:01.3"), None),
            ("b.example:8080", "09:00:02", Some("09:00:02"), Some("09:30:00")),
            ("c.example", "09:00:03", None, None),
        ] {
            hosts.asks(host, at(asks)).unwrap();
            if let Some(left) = left {
                hosts.asked(host, at(left), until.map(at)).unwrap();
            }
        }
        hosts.asks("a.example", at("09:00:04")).unwrap();
        hosts.asked("a.example", at("09:00:04.5"), None).unwrap();
        drop(hosts);
        let (_, known) = open(dir.path(), "09:00:10");
        let known = known.unwrap();
        assert_eq!(known["a.example"], Asked { ago: Duration::from_millis(5500), rest: seconds(0) });
        assert_eq!(known["b.example:8080"], Asked { ago: seconds(8), rest: seconds(29 * 60 + 50) });
        assert_eq!(known["c.example"], Asked { ago: seconds(0), rest: seconds(0) }, "under way when its run ended");
        let (_, known) = open(dir.path(), "09:00:12");
        assert_eq!(known.unwrap()["c.example"].ago, seconds(2), "and from the next run on a request like any other");
    }

    #[test]
    fn several_at_once_are_under_way_until_the_last_has_ended() {
        let dir = tempfile::tempdir().unwrap();
        let (mut hosts, _) = open(dir.path(), "09:00:00");
        hosts.asks("a.example", at("09:00:01")).unwrap();
        hosts.asks("a.example", at("09:00:02")).unwrap();
        hosts.asked("a.example", at("09:00:01"), None).unwrap();
        assert_eq!(open(dir.path(), "09:00:09").1.unwrap()["a.example"].ago, seconds(0));
    }

    #[test]
    fn a_clock_that_was_set_gives_no_negative_and_no_endless_wait() {
        let dir = tempfile::tempdir().unwrap();
        let (mut hosts, _) = open(dir.path(), "09:00:00");
        hosts.asks("a.example", at("09:00:01")).unwrap();
        hosts.asked("a.example", at("09:00:01"), Some(at("09:00:30"))).unwrap();
        let (_, known) = Hosts::open(dir.path(), CaptureTime::parse("2025-10-26T00:00:00Z").unwrap()).unwrap();
        let asked = Asked { ago: seconds(0), rest: seconds(3600) };
        assert_eq!(known.unwrap()["a.example"], asked, "set back: as if just now, and an hour at the most");
        let (_, known) = Hosts::open(dir.path(), CaptureTime::parse("2028-01-01T00:00:00Z").unwrap()).unwrap();
        assert_eq!(known, Some(HashMap::new()), "set forward: long ago, and the line is dropped");
        assert_eq!(fs::read_to_string(dir.path().join(FILE)).unwrap(), HEAD);
    }

    #[test]
    fn a_file_cut_or_changed_anywhere_is_not_trusted_or_says_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let (mut hosts, _) = open(dir.path(), "09:00:00");
        hosts.asks("a.example", at("09:00:01")).unwrap();
        hosts.asks("b.example", at("09:00:02")).unwrap();
        let whole = fs::read(dir.path().join(FILE)).unwrap();
        for cut in 0..whole.len() {
            fs::write(dir.path().join(FILE), &whole[..cut]).unwrap();
            let (_, known) = open(dir.path(), "09:00:09");
            let lines = std::str::from_utf8(&whole[..cut]).unwrap().lines().count();
            let at_a_line = cut > 0 && whole[cut - 1] == b'\n';
            assert_eq!(known.map(|known| known.len()), at_a_line.then(|| lines - 1), "cut at {cut}");
        }
        for change in HEAD.len()..whole.len() {
            let mut bytes = whole.clone();
            bytes[change] = 0xff;
            fs::write(dir.path().join(FILE), bytes).unwrap();
            assert_eq!(open(dir.path(), "09:00:09").1, None, "changed at {change}");
        }
    }
}
