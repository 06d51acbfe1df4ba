//! Which charset a body is in, and its text.
//!
//! Order: byte order mark, then what is declared, then the bytes themselves. A declaration is believed while the bytes
//! bear it out; where they do not, the reading that makes most sense wins ([`super::plausible`]) and the source is
//! `Overruled`. gb2312 and GBK are read as GB18030, their superset: names need 喆, 镕, 赟. Text that may be wrong is marked
//! doubtful; a wrong text without that mark is the one unforgivable result.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};
use url::Url;

use super::label::Declared;
use super::plausible::Sense;
use crate::domain::page::{Charset, CharsetSource};

/// Bytes judged when readings are compared; the whole body is then read the winner's way.
const SAMPLE: usize = 64 << 10;

/// Reads a body.
pub(super) fn read(body: &[u8], declared: Option<Declared>, url: Option<&Url>) -> (String, Charset) {
    if let Some((encoding, mark)) = Encoding::for_bom(body) {
        let body = body.get(mark..).unwrap_or_default();
        let (text, had_errors) = encoding.decode_without_bom_handling(body);
        let doubtful = had_errors || text.contains('\u{fffd}');
        return (text.into_owned(), charset(encoding, CharsetSource::Bom, doubtful));
    }
    if let Some(encoding) = wide(body) {
        let source = declared.map_or(CharsetSource::Detector, |_| CharsetSource::Overruled);
        return finish(body, encoding, source, false);
    }
    if let Some(text) = UTF_8.decode_without_bom_handling_and_without_replacement(body)
        && let Some(charset) = as_utf8(&text, declared)
    {
        return (text.into_owned(), charset);
    }
    by_sense(body, declared, url)
}

/// UTF-16 without a mark: markup is ASCII, so every other byte is zero. The other half has a zero now and then (一 is 4E00).
pub(super) fn wide(body: &[u8]) -> Option<&'static Encoding> {
    let head = body.get(..body.len().min(256))?;
    let pairs = head.len() / 2;
    let zeros = |first: usize| head.iter().skip(first).step_by(2).filter(|b| **b == 0).count();
    let (high, low) = (zeros(0), zeros(1));
    if pairs > 2 && low * 3 > pairs && high * 8 < low {
        Some(UTF_16LE)
    } else if pairs > 2 && high * 3 > pairs && low * 8 < high {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// The charset of a body that is valid UTF-8, where that settles it.
fn as_utf8(text: &str, declared: Option<Declared>) -> Option<Charset> {
    let replaced = text.contains('\u{fffd}');
    if text.is_ascii() {
        return as_ascii(text, declared);
    }
    match declared {
        None => Some(charset(UTF_8, CharsetSource::Detector, replaced)),
        Some(Declared { encoding: Some(encoding), source }) if encoding == UTF_8 => {
            Some(charset(UTF_8, source, replaced))
        }
        // 一 in GBK is a Cyrillic letter in UTF-8; three bytes in a row that make one sign are no accident.
        Some(_) if text.chars().any(|c| c.len_utf8() >= 3) => Some(charset(UTF_8, CharsetSource::Overruled, replaced)),
        Some(_) => None,
    }
}

/// ASCII reads the same in every charset but the seven-bit ones, which hide Chinese in it.
fn as_ascii(text: &str, declared: Option<Declared>) -> Option<Charset> {
    let (encoding, source) = match declared {
        Some(Declared { encoding: Some(encoding), source }) if encoding.is_ascii_compatible() => (encoding, source),
        // ISO-2022-JP: escapes, read as declared. UTF-16 that is ASCII is no UTF-16.
        Some(Declared { encoding: Some(encoding), .. }) if encoding != UTF_16LE && encoding != UTF_16BE => return None,
        Some(Declared { encoding: Some(_), .. }) => (UTF_8, CharsetSource::Overruled),
        Some(Declared { encoding: None, source }) => return Some(charset(UTF_8, source, true)),
        None => (UTF_8, CharsetSource::Detector),
    };
    let hidden = (text.contains("~{") && text.contains("~}")) || text.contains("\u{1b}$");
    Some(charset(encoding, source, hidden))
}

/// Reads by what makes sense: as declared if that does and is a charset of Chinese, else the best of all candidates.
/// A foreign declaration is heard, but must stand the comparison: 本学 in EUC-JP makes some sense in any reading.
fn by_sense(body: &[u8], declared: Option<Declared>, url: Option<&Url>) -> (String, Charset) {
    let sample = body.get(..body.len().min(SAMPLE)).unwrap_or_default();
    let spoken = declared.and_then(|d| d.encoding).map(superset);
    let sense = |encoding: &'static Encoding| Sense::of(&peek(sample, encoding));
    let said = spoken.map(|encoding| (encoding, sense(encoding)));
    if let (Some((encoding, sense)), Some(declared)) = (said, declared)
        && sense.is_good()
        && is_of_chinese(encoding)
    {
        return finish(body, encoding, declared.source, false);
    }
    let best = |candidates: &[&'static Encoding]| {
        let rated = candidates.iter().map(|candidate| (*candidate, sense(candidate)));
        // Of equals the first: what is declared, then what is likelier.
        rated.fold(said, |best, next| best.filter(|(_, most)| most.score() >= next.1.score()).or(Some(next)))
    };
    let mut guess = None;
    let mut found = best(OF_CHINESE).filter(|(_, sense)| sense.is_good() && !sense.is_japanese());
    if found.is_none() || !spoken.is_none_or(is_of_chinese) {
        let detected = superset(detect(sample, url));
        guess = Some(detected);
        found = best(&[&[detected], OF_CHINESE].concat());
    }
    let (encoding, sense) = found.unwrap_or((GB18030, Sense::default()));
    let source = match declared {
        None => CharsetSource::Detector,
        Some(declared) if spoken == Some(encoding) => declared.source,
        Some(_) => CharsetSource::Overruled,
    };
    // A few characters can make sense by chance in a charset nobody declared, while what was declared has no error.
    let by_chance = source == CharsetSource::Overruled
        && sense.is_little()
        && said.is_some_and(|(declared, sense)| is_of_chinese(declared) && sense.is_whole());
    let foreign = !(is_of_chinese(encoding) || guess == Some(encoding));
    finish(body, encoding, source, !sense.is_good() || foreign || by_chance)
}

/// Charsets Chinese pages are really written in, likeliest first.
const OF_CHINESE: &[&Encoding] = &[GB18030, UTF_8, BIG5];

fn is_of_chinese(encoding: &'static Encoding) -> bool {
    OF_CHINESE.contains(&encoding)
}

fn finish(body: &[u8], encoding: &'static Encoding, source: CharsetSource, doubtful: bool) -> (String, Charset) {
    let (text, _) = encoding.decode_without_bom_handling(body);
    let replaced = text.contains('\u{fffd}');
    (text.into_owned(), charset(encoding, source, doubtful || replaced))
}

/// The start of the text; a character cut by the sample's end is not an error.
fn peek(sample: &[u8], encoding: &'static Encoding) -> String {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(decoder.max_utf8_buffer_length(sample.len()).unwrap_or(sample.len()));
    let (_result, _read, _had_errors) = decoder.decode_to_string(sample, &mut text, false);
    text
}

fn superset(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == GBK { GB18030 } else { encoding }
}

fn detect(sample: &[u8], url: Option<&Url>) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, false);
    detector.guess(Some(tld(url).as_bytes()), Utf8Detection::Allow)
}

/// Country code of the page's host; China where there is none, since that is where our pages come from.
fn tld(url: Option<&Url>) -> String {
    let last = url.and_then(Url::domain).and_then(|domain| domain.trim_end_matches('.').rsplit('.').next());
    let code = last.filter(|label| label.len() == 2 && label.bytes().all(|b| b.is_ascii_alphabetic()));
    code.unwrap_or("cn").to_ascii_lowercase()
}

fn charset(encoding: &'static Encoding, source: CharsetSource, doubtful: bool) -> Charset {
    let name = if superset(encoding) == GB18030 { "GB18030" } else { encoding.name() };
    Charset { name: name.to_owned(), source, doubtful }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{EUC_JP, SHIFT_JIS, WINDOWS_1252};

    use super::*;

    const TEXT: &str = "<p>云岭理工大学主题教育领导小组召开会议，学习贯彻重要讲话精神，张喆、李赟同志参加了活动。</p>";
    const TRADITIONAL: &str =
        "<p>東湖師範大學舉行學術會議，與會者就當前的教育問題進行了討論，並對未來的發展提出了建議。</p>";

    #[expect(clippy::unnecessary_wraps, reason = "the form in which `read` takes it")]
    fn says(encoding: &'static Encoding, source: CharsetSource) -> Option<Declared> {
        Some(Declared { encoding: Some(encoding), source })
    }

    #[test]
    fn right_or_flagged() {
        use CharsetSource::{Detector, Header, Meta, Overruled};
        let bytes = |text: &str, encoding: &'static Encoding| encoding.encode(text).0.into_owned();
        for (body, declared, name, source) in [
            (bytes(TEXT, UTF_8), says(UTF_8, Header), "UTF-8", Header),
            (bytes(TEXT, UTF_8), None, "UTF-8", Detector),
            (bytes(TEXT, UTF_8), says(GBK, Meta), "UTF-8", Overruled),
            (bytes(TEXT, UTF_8), says(WINDOWS_1252, Header), "UTF-8", Overruled),
            (bytes(TEXT, GB18030), says(GBK, Meta), "GB18030", Meta),
            (bytes(TEXT, GB18030), says(GB18030, Header), "GB18030", Header),
            (bytes(TEXT, GB18030), says(UTF_8, Header), "GB18030", Overruled),
            (bytes(TEXT, GB18030), says(WINDOWS_1252, Header), "GB18030", Overruled),
            (bytes(TEXT, GB18030), says(BIG5, Meta), "GB18030", Overruled),
            (bytes(TEXT, GB18030), None, "GB18030", Detector),
            (bytes(TRADITIONAL, BIG5), says(BIG5, Meta), "Big5", Meta),
            (bytes(TRADITIONAL, BIG5), says(UTF_8, Meta), "Big5", Overruled),
            (bytes(TRADITIONAL, BIG5), says(GBK, Meta), "Big5", Overruled),
            (bytes(TRADITIONAL, BIG5), None, "Big5", Detector),
        ] {
            let want = if name == "Big5" { TRADITIONAL } else { TEXT };
            let (text, charset) = read(&body, declared, None);
            assert_eq!((text.as_str(), charset.name.as_str(), charset.source), (want, name, source), "{declared:?}");
            assert!(!charset.doubtful, "{declared:?} {name}");
        }
    }

    #[test]
    fn a_word_that_is_valid_both_ways_is_read_as_declared() {
        let body = b"\xd2\xbb"; // 一 in GBK, U+04BB in UTF-8
        assert_eq!(read(body, says(GBK, CharsetSource::Meta), None).0, "一");
    }

    #[test]
    fn one_broken_character_does_not_overturn_a_page() {
        let mut body = TEXT.as_bytes().to_vec();
        body.truncate(body.len() - 6);
        let (text, charset) = read(&body, says(UTF_8, CharsetSource::Header), None);
        assert!(text.starts_with("<p>云岭理工大学") && text.ends_with('\u{fffd}'), "{text}");
        assert_eq!((charset.name.as_str(), charset.source, charset.doubtful), ("UTF-8", CharsetSource::Header, true));
    }

    #[test]
    fn marks_and_wide_bytes() {
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        let marked = [b"\xff\xfe".to_vec(), wide(TEXT)].concat();
        let (text, charset) = read(&marked, says(GBK, CharsetSource::Header), None);
        assert_eq!((text.as_str(), charset.name.as_str(), charset.source), (TEXT, "UTF-16LE", CharsetSource::Bom));
        let page = format!("<!DOCTYPE html><html><head><title>x</title></head>{TEXT}");
        let (text, charset) = read(&wide(&page), None, None);
        assert_eq!(
            (text.as_str(), charset.name.as_str(), charset.source),
            (&*page, "UTF-16LE", CharsetSource::Detector)
        );
        let (text, charset) = read(b"\xef\xbb\xbfab", None, None);
        assert_eq!((text.as_str(), charset.source, charset.doubtful), ("ab", CharsetSource::Bom, false));
    }

    #[test]
    fn what_cannot_be_read_is_flagged() {
        for (body, declared) in [
            (&b"~{VPND~}"[..], None),
            (b"~{VPND~}", Some(Declared { encoding: None, source: CharsetSource::Meta })),
            (b"+Zyk-", Some(Declared { encoding: None, source: CharsetSource::Header })),
            (b"\x1b$)A4sQ'\x0f", None),
            ("<p>\u{fffd}</p>".as_bytes(), says(UTF_8, CharsetSource::Meta)),
            (b"\xff\xff\xff\xff\x80\x80", None),
        ] {
            assert!(read(body, declared, None).1.doubtful, "{body:?}");
        }
    }

    #[test]
    fn plain_ascii_takes_the_declared_name() {
        let name = |declared| {
            let (_, charset) = read(b"<p>ok</p>", declared, None);
            (charset.name, charset.source.as_str(), charset.doubtful)
        };
        assert_eq!(name(None), ("UTF-8".to_owned(), "detector", false));
        assert_eq!(name(says(GBK, CharsetSource::Meta)), ("GB18030".to_owned(), "meta", false));
        assert_eq!(name(says(UTF_16LE, CharsetSource::Header)), ("UTF-8".to_owned(), "overruled", false));
    }

    #[test]
    fn other_countries_keep_their_declarations() {
        let japanese = "<p>本学の教育について、学生の皆さんにお知らせします。</p>";
        let body = SHIFT_JIS.encode(japanese).0;
        assert_eq!(read(&body, says(SHIFT_JIS, CharsetSource::Meta), None).0, japanese);
        let body = EUC_JP.encode(japanese).0;
        let host = Url::parse("http://www.example.ac.jp/").unwrap();
        assert_eq!(read(&body, None, Some(&host)).0, japanese);
        let french = "<p>L'université a reçu des élèves à l'école</p>";
        let body = WINDOWS_1252.encode(french).0;
        assert_eq!(read(&body, says(WINDOWS_1252, CharsetSource::Meta), None).0, french);
    }
}
