//! Gzip members: one a record, so that a record can be read, checked and lost alone.

use flate2::{Compress, Compression, Crc, FlushCompress, Status};

/// A gzip header without name and time (RFC 1952), from an unknown system: the same record gives the same bytes.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// Compresses records into members, with one state for all of them: making a new one a record costs more than a
/// small record itself.
pub struct Deflater {
    state: Compress,
}

impl std::fmt::Debug for Deflater {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Deflater")
    }
}

impl Deflater {
    /// The level everything is written with; `docs/adr/0008-light-compression.md` holds the measurement.
    pub const LEVEL: u32 = 2;

    /// A compressor of this level, 1 to 9.
    pub fn new(level: u32) -> Self {
        Self { state: Compress::new(Compression::new(level), false) }
    }

    /// Appends `plain` to `out` as one member and gives its length.
    pub fn member(&mut self, plain: &[u8], out: &mut Vec<u8>) -> u64 {
        let begin = out.len();
        out.extend_from_slice(&HEADER);
        self.state.reset();
        let mut rest = plain;
        loop {
            out.reserve(rest.len() / 2 + 4096);
            let before = self.state.total_in();
            // Only an inflater's stream can be broken; deflating into spare capacity always makes progress.
            let status = self.state.compress_vec(rest, out, FlushCompress::Finish);
            let taken = usize::try_from(self.state.total_in() - before).unwrap_or(usize::MAX);
            rest = rest.get(taken..).unwrap_or_default();
            if matches!(status, Ok(Status::StreamEnd) | Err(_)) {
                break;
            }
        }
        let mut crc = Crc::new();
        crc.update(plain);
        out.extend_from_slice(&crc.sum().to_le_bytes());
        out.extend_from_slice(&crc.amount().to_le_bytes());
        (out.len() - begin) as u64
    }
}

impl Default for Deflater {
    fn default() -> Self {
        Self::new(Self::LEVEL)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn members_of_any_size_inflate_to_what_went_in() {
        let mut deflater = Deflater::default();
        let noise: Vec<u8> = (0..300_000_u32).flat_map(|i| i.wrapping_mul(2_654_435_761).to_be_bytes()).collect();
        for plain in [&b""[..], b"a", &noise, &vec![7; 100_000]] {
            let mut out = b"before".to_vec();
            let length = deflater.member(plain, &mut out);
            assert_eq!(length, out.len() as u64 - 6);
            let mut back = Vec::new();
            let member = out.strip_prefix(b"before").unwrap();
            flate2::bufread::GzDecoder::new(member).read_to_end(&mut back).unwrap();
            assert!(back == plain);
        }
    }
}
