//! What a payload says about its own charset: header, `<meta>`, XML declaration.
//!
//! The prescan reads bytes, not a tree: it must cost next to nothing on every page. It skips comments and the insides of
//! `script`, `style`, `title` and `textarea`, where old pages keep a `<meta>` of another age.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::domain::page::{CharsetSource, PageFormat};

/// How far a `<meta>` is looked for. The standard asks for 1,024 bytes; some pages declare later (CMS facts, section 5).
const PRESCAN: usize = 8 << 10;

/// A declaration found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Declared {
    /// Encoding of the label; `None` where the label names one that cannot be decoded (HZ, UTF-7, ISO-2022-CN …).
    pub(super) encoding: Option<&'static Encoding>,
    /// Where it stood.
    pub(super) source: CharsetSource,
}

/// The strongest declaration below a byte order mark: header, then `<meta>` or XML declaration. JSON is declared by its
/// own standard (RFC 8259 8.1), not by a label, but a header is heard.
pub(super) fn declared(body: &[u8], content_type: Option<&str>, format: PageFormat) -> Option<Declared> {
    let header = content_type.and_then(|header| charset_in(header.as_bytes()));
    if let Some(encoding) = header.and_then(known) {
        return Some(Declared { encoding: Some(encoding), source: CharsetSource::Header });
    }
    let head = body.get(..body.len().min(PRESCAN)).unwrap_or_default();
    let written = match format {
        PageFormat::Html => meta(head).or_else(|| xml_declaration(head)),
        PageFormat::Xml => xml_declaration(head),
        PageFormat::Json | PageFormat::Text | PageFormat::Binary => None,
    };
    match (written, header) {
        (Some(label), _) => Some(Declared { encoding: known(label).map(from_within), source: CharsetSource::Meta }),
        (None, Some(label)) => undecodable(label).then_some(Declared { encoding: None, source: CharsetSource::Header }),
        (None, None) => None,
    }
}

/// An encoding we can decode with. `replacement` is the standard's word for those nobody should.
fn known(label: &[u8]) -> Option<&'static Encoding> {
    Encoding::for_label(label).filter(|encoding| *encoding != encoding_rs::REPLACEMENT)
}

fn undecodable(label: &[u8]) -> bool {
    label.eq_ignore_ascii_case(b"utf-7") || Encoding::for_label(label).is_some()
}

/// A page whose ASCII `<meta>` could be read is not UTF-16 (HTML 13.2.3.2).
fn from_within(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == UTF_16LE || encoding == UTF_16BE {
        UTF_8
    } else if encoding == encoding_rs::X_USER_DEFINED {
        WINDOWS_1252
    } else {
        encoding
    }
}

/// The value of `charset=` in a header or a `content` attribute, quotes and blanks removed.
fn charset_in(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text;
    loop {
        let at = rest.windows(7).position(|word| word.eq_ignore_ascii_case(b"charset"))?;
        rest = rest.get(at + 7..)?.trim_ascii_start();
        let Some(value) = rest.strip_prefix(b"=") else { continue };
        let value = value.trim_ascii_start();
        let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
        let end = value.iter().position(|b| b"\"';, \t\r\n".contains(b)).unwrap_or(value.len());
        return value.get(..end).filter(|label| !label.is_empty());
    }
}

/// `encoding` of an XML declaration at the very start.
fn xml_declaration(head: &[u8]) -> Option<&[u8]> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let declaration = head.strip_prefix(b"<?xml")?;
    let declaration = declaration.get(..memchr::memchr(b'>', declaration)?)?;
    let at = memchr::memmem::find(declaration, b"encoding")?;
    let value = declaration.get(at + 8..)?.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, value) = value.split_first()?;
    let end = value.iter().position(|b| b == quote)?;
    matches!(quote, b'"' | b'\'').then(|| value.get(..end)).flatten().map(<[u8]>::trim_ascii)
}

/// The label of the first `<meta>` that has one.
fn meta(head: &[u8]) -> Option<&[u8]> {
    let mut rest = head;
    loop {
        rest = rest.get(memchr::memchr(b'<', rest)? + 1..)?;
        if let Some(comment) = rest.strip_prefix(b"!--") {
            // `<!-->` is a whole comment, so the end may overlap the start.
            rest = after(rest.get(1..).filter(|_| !comment.is_empty())?, b"-->")?;
            continue;
        }
        let name_end = rest.iter().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let name = rest.get(..name_end)?;
        if name.is_empty() {
            continue;
        }
        let mut attributes = Attributes { rest: rest.get(name_end..)? };
        if name.eq_ignore_ascii_case(b"meta") {
            if let Some(label) = meta_label(&mut attributes) {
                return Some(label);
            }
        } else {
            attributes.by_ref().for_each(drop);
        }
        rest = attributes.rest;
        if let Some(end) = RAW_TEXT.iter().find(|(raw, _)| name.eq_ignore_ascii_case(raw)).map(|(_, end)| end) {
            let at = rest.windows(end.len()).position(|tag| tag.eq_ignore_ascii_case(end))?;
            rest = rest.get(at..)?;
        }
    }
}

/// Elements whose inside is no markup, with their end tags.
const RAW_TEXT: &[(&[u8], &[u8])] =
    &[(b"script", b"</script"), (b"style", b"</style"), (b"title", b"</title"), (b"textarea", b"</textarea")];

fn after<'a>(text: &'a [u8], mark: &[u8]) -> Option<&'a [u8]> {
    text.get(memchr::memmem::find(text, mark)? + mark.len()..)
}

/// `charset`, or `content` beside `http-equiv="content-type"` (HTML 13.2.3.2).
fn meta_label<'a>(attributes: &mut Attributes<'a>) -> Option<&'a [u8]> {
    let (mut charset, mut content, mut is_content_type) = (None, None, false);
    for (name, value) in attributes {
        if name.eq_ignore_ascii_case(b"charset") {
            charset = charset.or(Some(value.trim_ascii()));
        } else if name.eq_ignore_ascii_case(b"content") {
            content = content.or_else(|| charset_in(value));
        } else if name.eq_ignore_ascii_case(b"http-equiv") {
            is_content_type |= value.trim_ascii().eq_ignore_ascii_case(b"content-type");
        }
    }
    charset.filter(|label| !label.is_empty()).or(content.filter(|_| is_content_type))
}

/// Attributes of a tag up to its `>`.
struct Attributes<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.rest.iter().position(|b| !b.is_ascii_whitespace() && *b != b'/')?;
        self.rest = self.rest.get(start..)?;
        if self.rest.first() == Some(&b'>') {
            return None;
        }
        let name_end = self.rest.iter().skip(1).position(|b| b.is_ascii_whitespace() || b"=/>".contains(b))? + 1;
        let (name, rest) = self.rest.split_at_checked(name_end)?;
        let after_name = rest.trim_ascii_start();
        let Some(value) = after_name.strip_prefix(b"=") else {
            self.rest = rest;
            return Some((name, b""));
        };
        let value = value.trim_ascii_start();
        let (value, rest) = match value.split_first()? {
            (quote @ (b'"' | b'\''), inside) => {
                let end = memchr::memchr(*quote, inside)?;
                (inside.get(..end)?, inside.get(end + 1..)?)
            }
            _ => value.split_at_checked(value.iter().position(|b| b.is_ascii_whitespace() || *b == b'>')?)?,
        };
        self.rest = rest;
        Some((name, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(page: &str) -> Option<String> {
        meta(page.as_bytes()).map(|label| String::from_utf8_lossy(label).into_owned())
    }

    #[test]
    fn the_first_real_meta_counts() {
        for (page, want) in [
            ("<meta charset=gbk>", Some("gbk")),
            ("<META CharSet = 'GB2312' />", Some("GB2312")),
            (r#"<meta http-equiv="Content-Type" content="text/html; charset=gb2312" />"#, Some("gb2312")),
            (r#"<meta content="text/html;charset = 'big5'" http-equiv=content-type>"#, Some("big5")),
            (r#"<meta name="x" content="text/html; charset=gb2312">"#, None),
            ("<!-- <meta charset=big5> --><meta charset=gbk>", Some("gbk")),
            ("<!--><meta charset=gbk>", Some("gbk")),
            ("<!--[if IE]><meta charset=big5><![endif]--><meta charset=gbk>", Some("gbk")),
            ("<script>document.write('<meta charset=big5>')</script><meta charset=gbk>", Some("gbk")),
            ("<style>/*<meta charset=big5>*/</STYLE ><meta charset=gbk>", Some("gbk")),
            ("<title><meta charset=big5></title><meta charset=gbk>", Some("gbk")),
            ("<a title='<meta charset=big5>'><meta charset=gbk>", Some("gbk")),
            ("<p title=\"a>b\" ><meta charset=gbk>", Some("gbk")),
            ("<meta charset><meta charset=gbk>", Some("gbk")),
            ("<meta charset=", None),
            ("<meta charset=gbk", None),
            ("<meta", None),
            ("<", None),
            ("<!--", None),
            ("<!-- charset=gbk", None),
            ("<metal charset=gbk>", None),
            ("charset=gbk", None),
        ] {
            assert_eq!(label(page).as_deref(), want, "{page}");
        }
    }

    #[test]
    fn a_late_meta_is_found() {
        let late = format!("<head>{}<meta charset=gbk>", "<link rel=stylesheet href=/css/style.css>".repeat(100));
        assert_eq!(label(&late).as_deref(), Some("gbk"));
    }

    #[test]
    fn the_header_comes_first_and_a_useless_one_is_passed_over() {
        use PageFormat::{Html, Json, Xml};
        let name = |body: &str, header, format| {
            declared(body.as_bytes(), header, format).map(|d| (d.encoding.map(Encoding::name), d.source.as_str()))
        };
        let meta = "<meta charset=gb2312>";
        assert_eq!(name(meta, Some("text/html; charset=utf-8"), Html), Some((Some("UTF-8"), "header")));
        assert_eq!(name(meta, Some("text/html; CHARSET=\"UTF8\""), Html), Some((Some("UTF-8"), "header")));
        assert_eq!(name(meta, Some("text/html; charset="), Html), Some((Some("GBK"), "meta")));
        assert_eq!(name(meta, Some("text/html; charset=zh_CN"), Html), Some((Some("GBK"), "meta")));
        assert_eq!(name("", Some("text/html; charset=hz-gb-2312"), Html), Some((None, "header")));
        assert_eq!(name("<meta charset=utf-16>", None, Html), Some((Some("UTF-8"), "meta")));
        assert_eq!(name("<?xml version='1.0' encoding='GBK'?><rss/>", None, Xml), Some((Some("GBK"), "meta")));
        assert_eq!(name("<?xml version='1.0'?><rss/>", None, Xml), None);
        assert_eq!(name(meta, None, Json), None);
    }
}
