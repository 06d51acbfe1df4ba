//! The program as a child whose memory is watched.

use std::fs;
use std::io::Read as _;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

/// What a watched run gave.
pub(super) struct Ended {
    pub(super) code: i32,
    pub(super) stderr: String,
    /// Largest resident size seen, in bytes.
    pub(super) peak_memory: u64,
}

/// Runs to the end. The kernel keeps the peak itself, so looking now and then misses nothing but the last moment.
pub(super) fn run(mut command: Command) -> Ended {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stderr.take().unwrap();
    let reading = thread::spawn(move || {
        let mut text = String::new();
        pipe.read_to_string(&mut text).unwrap();
        text
    });
    let mut peak_memory = 0;
    let status = loop {
        peak_memory = peak_memory.max(peak_of(child.id()).unwrap_or_default());
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        thread::sleep(Duration::from_millis(20));
    };
    Ended { code: status.code().unwrap_or(-1), stderr: reading.join().unwrap(), peak_memory }
}

fn peak_of(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? << 10)
}
