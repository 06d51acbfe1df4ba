//! Lines in bytewise order, however many: what does not fit into memory is sorted in parts beside the package and merged.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Seek as _, Write as _};
use std::path::PathBuf;

/// Bytes of lines held before a part is written out.
const HELD: usize = 16 << 20;

/// Takes lines in any order and gives each once, in order.
#[derive(Debug)]
pub(super) struct Sorted {
    folder: PathBuf,
    held: Vec<String>,
    bytes: usize,
    limit: usize,
    parts: Vec<File>,
}

impl Sorted {
    /// Parts are nameless files in this folder: a killed process leaves none.
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, held: Vec::new(), bytes: 0, limit: HELD, parts: Vec::new() }
    }

    /// Takes a line with its line end.
    pub(super) fn push(&mut self, line: String) -> io::Result<()> {
        self.bytes += line.len();
        self.held.push(line);
        if self.bytes < self.limit { Ok(()) } else { self.write_part() }
    }

    /// Gives the lines to `take`, in order.
    pub(super) fn each(mut self, mut take: impl FnMut(&str) -> io::Result<()>) -> io::Result<()> {
        self.held.sort_unstable();
        if self.parts.is_empty() {
            self.held.dedup();
            return self.held.iter().try_for_each(|line| take(line));
        }
        self.write_part()?;
        let mut parts: Vec<_> = self.parts.into_iter().map(BufReader::new).collect();
        let mut heads = BinaryHeap::new();
        for (at, part) in parts.iter_mut().enumerate() {
            heads.extend(next(part)?.map(|line| Reverse((line, at))));
        }
        let mut last = String::new();
        while let Some(Reverse((line, at))) = heads.pop() {
            if let Some(part) = parts.get_mut(at) {
                heads.extend(next(part)?.map(|line| Reverse((line, at))));
            }
            if line != last {
                take(&line)?;
                last = line;
            }
        }
        Ok(())
    }

    fn write_part(&mut self) -> io::Result<()> {
        self.held.sort_unstable();
        let mut part = BufWriter::new(tempfile::tempfile_in(&self.folder)?);
        for line in self.held.drain(..) {
            part.write_all(line.as_bytes())?;
        }
        self.bytes = 0;
        let mut part = part.into_inner().map_err(io::IntoInnerError::into_error)?;
        part.rewind()?;
        self.parts.push(part);
        Ok(())
    }
}

fn next(part: &mut BufReader<File>) -> io::Result<Option<String>> {
    let mut line = String::new();
    Ok((part.read_line(&mut line)? > 0).then_some(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(limit: usize, lines: &[String]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let mut sorted = Sorted { limit, ..Sorted::new(folder.path().to_owned()) };
        for line in lines {
            sorted.push(line.clone()).unwrap();
        }
        let mut out = Vec::new();
        sorted
            .each(|line| {
                out.push(line.to_owned());
                Ok(())
            })
            .unwrap();
        out
    }

    #[test]
    fn parts_are_merged_to_what_one_sort_gives() {
        let lines: Vec<String> = (0..2000_u64).map(|n| format!("{}é)\n", n * 7919 % 1000)).collect();
        let whole = sorted(usize::MAX, &lines);
        assert_eq!(whole.len(), 1000, "each line once");
        assert!(whole.is_sorted());
        for limit in [1, 64, 4096] {
            assert_eq!(sorted(limit, &lines), whole, "{limit}");
        }
        assert_eq!(sorted(64, &[]), Vec::<String>::new());
    }
}
