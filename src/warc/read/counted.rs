//! A reader that knows its offset and can hash what is taken from it.

use std::io::{self, BufRead, Read};

use sha2::{Digest as _, Sha256};

/// Counts and, on demand, hashes consumed bytes.
pub(super) struct Counted<R> {
    inner: R,
    at: u64,
    hash: Option<Sha256>,
}

impl<R: BufRead> Counted<R> {
    /// `inner` stands at `at`.
    pub(super) fn new(inner: R, at: u64) -> Self {
        Self { inner, at, hash: None }
    }

    /// Offset of the next byte.
    pub(super) fn position(&self) -> u64 {
        self.at
    }

    /// Hashes what is taken from now on.
    pub(super) fn begin_hash(&mut self) {
        self.hash = Some(Sha256::new());
    }

    /// SHA-256 of what was taken since [`Counted::begin_hash`].
    pub(super) fn end_hash(&mut self) -> Option<[u8; 32]> {
        self.hash.take().map(|hash| hash.finalize().into())
    }

    /// Gives the source back, where it stands.
    pub(super) fn into_inner(self) -> R {
        self.inner
    }
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let taken = available.len().min(out.len());
        if let (Some(to), Some(from)) = (out.get_mut(..taken), available.get(..taken)) {
            to.copy_from_slice(from);
        }
        self.consume(taken);
        Ok(taken)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        if let Some(hash) = &mut self.hash {
            // What is consumed was filled before, so this reads nothing.
            if let Ok(buffer) = self.inner.fill_buf() {
                hash.update(buffer.get(..amount).unwrap_or(buffer));
            }
        }
        self.at += amount as u64;
        self.inner.consume(amount);
    }
}
