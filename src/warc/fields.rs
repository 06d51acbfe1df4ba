//! Named fields of a record header or of an `application/warc-fields` block: ordered, one line each.

use std::fmt::Write as _;

/// Fields in their order. A value never contains a control character: [`Fields::push`] percent-encodes them, so that
/// no URL, server, or setting can begin a line of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// No fields.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a field at the end. Control characters of the value are percent-encoded.
    pub fn push(&mut self, name: &str, value: impl AsRef<str>) {
        self.0.push((escape(name), escape(value.as_ref())));
    }

    /// First value of a field; names compare without case (ISO 28500:2017, 4).
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// A value as it will be read back: control characters percent-encoded, no white space at its ends.
    pub fn as_read(value: &str) -> String {
        escape(value).trim().to_owned()
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// `Name: value` lines, each ended by CR LF.
    pub fn write_to(&self, out: &mut Vec<u8>) {
        for (name, value) in &self.0 {
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b": ");
            out.extend_from_slice(value.as_bytes());
            out.extend_from_slice(b"\r\n");
        }
    }

    /// Reads lines until the text ends; a line that begins with white space continues the one before (RFC 2822 folding,
    /// which ISO 28500 allows). A line without a colon is the error.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).filter(|l| !l.is_empty()) {
            if line.starts_with([' ', '\t']) {
                let (_, value) = fields.last_mut().ok_or_else(|| line.to_owned())?;
                value.push(' ');
                value.push_str(line.trim());
                continue;
            }
            let (name, value) = line.split_once(':').ok_or_else(|| line.to_owned())?;
            fields.push((name.trim().to_owned(), value.trim().to_owned()));
        }
        Ok(Self(fields))
    }
}

/// Percent-encodes control characters; everything else, Chinese included, stays.
pub(super) fn escape(text: &str) -> String {
    if !text.chars().any(char::is_control) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if c.is_control() {
            let mut utf8 = [0; 4];
            for byte in c.encode_utf8(&mut utf8).bytes() {
                // Writing to a String cannot fail.
                write!(out, "%{byte:02X}").ok();
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_begins_a_line() {
        let mut fields = Fields::new();
        fields.push("operator", "云岭理工大学\r\nWARC-Type: response\r\n\r\nx");
        let mut out = Vec::new();
        fields.write_to(&mut out);
        assert_eq!(String::from_utf8(out).unwrap(), "operator: 云岭理工大学%0D%0AWARC-Type: response%0D%0A%0D%0Ax\r\n");
    }

    #[test]
    fn folded_lines_and_bare_newlines_are_read() {
        let fields = Fields::parse("A: 1\nB: two\r\n  three\r\n").unwrap();
        assert_eq!(fields.iter().collect::<Vec<_>>(), [("A", "1"), ("B", "two three")]);
        assert_eq!(Fields::parse("no colon"), Err("no colon".to_owned()));
        assert_eq!(Fields::parse("  first line folded"), Err("  first line folded".to_owned()));
    }
}
