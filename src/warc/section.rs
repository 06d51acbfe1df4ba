//! A stretch of a source as if it were all of it: a WARC file inside a package, read where it stands.

use std::io::{self, Read, Seek, SeekFrom};

/// Reads and seeks within the stretch only.
#[derive(Debug)]
pub struct Section<R> {
    source: R,
    begin: u64,
    length: u64,
    at: u64,
}

impl<R: Read + Seek> Section<R> {
    /// The `length` bytes from `begin` on.
    pub fn new(mut source: R, begin: u64, length: u64) -> io::Result<Self> {
        source.seek(SeekFrom::Start(begin))?;
        Ok(Self { source, begin, length, at: 0 })
    }
}

impl<R: Read + Seek> Read for Section<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = (&mut self.source).take(self.length.saturating_sub(self.at)).read(out)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl<R: Read + Seek> Seek for Section<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
        };
        let at = target.ok_or(io::ErrorKind::InvalidInput)?;
        self.source.seek(SeekFrom::Start(self.begin.saturating_add(at)))?;
        self.at = at;
        Ok(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_is_read() {
        let mut section = Section::new(io::Cursor::new(b"before|within|after".to_vec()), 7, 6).unwrap();
        let mut all = String::new();
        section.read_to_string(&mut all).unwrap();
        assert_eq!(all, "within");
        assert_eq!(section.seek(SeekFrom::End(-2)).unwrap(), 4);
        all.clear();
        section.read_to_string(&mut all).unwrap();
        assert_eq!(all, "in");
        section.seek(SeekFrom::Start(9)).unwrap();
        assert_eq!(section.read(&mut [0; 4]).unwrap(), 0);
        assert!(section.seek(SeekFrom::Current(-10)).is_err());
    }
}
