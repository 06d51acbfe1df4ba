//! The pieces of a source that go on to the parser: nothing is copied, however much is left out.

/// Most that is read of a page, in bytes of UTF-8, after style sheets, scripts and long attributes were left out: every
/// reader after this one keeps a copy of the text it shows. A book's chapter has a tenth of it.
pub(super) const MAX_KEPT: usize = 6 << 20;

/// Said of a page of which only the beginning was read.
const TOO_LONG: &str = "too-long";

/// What is kept of a source so far.
#[derive(Debug)]
pub(in crate::extract::dom) struct Kept<'s> {
    source: &'s str,
    pieces: Vec<&'s str>,
    bytes: usize,
    /// Where the next piece begins.
    taken: usize,
    /// Caps that were reached.
    said: Vec<&'static str>,
}

impl<'s> Kept<'s> {
    pub(super) fn of(source: &'s str) -> Self {
        Self { source, pieces: Vec::new(), bytes: 0, taken: 0, said: Vec::new() }
    }

    pub(super) fn leave_out_if(&mut self, out: bool, from: usize, to: usize) {
        if out {
            self.leave_out(from, to);
        }
    }

    pub(super) fn leave_out(&mut self, from: usize, to: usize) {
        self.keep_to(from);
        self.taken = to.max(self.taken);
    }

    pub(super) fn say(&mut self, cap: &'static str) {
        if !self.said.contains(&cap) {
            self.said.push(cap);
        }
    }

    /// Whether nothing after this place would be kept.
    pub(super) fn is_full(&self, at: usize) -> bool {
        self.bytes + at.saturating_sub(self.taken) > MAX_KEPT
    }

    fn keep_to(&mut self, end: usize) {
        let piece = self.source.get(self.taken..end).unwrap_or_default();
        let room = MAX_KEPT.saturating_sub(self.bytes);
        let kept = piece.get(..piece.floor_char_boundary(room)).unwrap_or_default();
        if kept.len() < piece.len() {
            self.say(TOO_LONG);
        }
        if !kept.is_empty() {
            self.pieces.push(kept);
            self.bytes += kept.len();
        }
    }

    /// The pieces in order, and which caps were reached.
    pub(super) fn finish(mut self) -> (Vec<&'s str>, Vec<&'static str>) {
        self.keep_to(self.source.len());
        (self.pieces, self.said)
    }
}
