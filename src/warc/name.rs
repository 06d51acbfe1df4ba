//! Names of WARC files: `PREFIX-TIMESTAMP-SERIAL-HOST.warc.gz`, the rule of the IIPC guidelines.

use crate::domain::time::CaptureTime;

/// The name of a file begun at this moment. Whatever in `prefix` and `host` is not an ASCII letter, digit, dot or
/// underscore becomes an underscore: the hyphen separates the parts, and a name must not lead anywhere.
pub fn file_name(prefix: &str, at: CaptureTime, serial: u64, host: &str) -> String {
    format!("{}-{}-{serial:05}-{}.warc.gz", plain(prefix), at.to_digits14(), plain(host))
}

fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_') { c } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_when_where_and_which() {
        let at = CaptureTime::parse("2026-11-22T09:08:07.5Z").unwrap();
        assert_eq!(file_name("shiguan", at, 7, "crawl-1/../x"), "shiguan-20261122090807-00007-crawl_1_.._x.warc.gz");
    }
}
