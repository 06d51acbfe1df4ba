//! Payloads to text: whatever arrives, a page comes out, right or flagged.

use proptest::prelude::*;
use shiguan::decode::{Hints, decode};
use shiguan::domain::page::{CharsetSource, Page, PageFormat};
use shiguan::domain::time::Date;
use url::Url;

const PROSE: &str = "云岭理工大学召开主题教育动员大会，校党委书记出席会议并讲话，张喆、李赟、王翀等同志参加。";

fn page(payload: &[u8], hints: &Hints<'_>) -> Page {
    decode(payload, hints, Date::new(2026, 11, 22).unwrap())
}

fn html(charset: &str) -> String {
    format!(
        r#"<!DOCTYPE html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"></head><p>{PROSE}</p>"#
    )
}

#[test]
fn what_is_known_is_passed_on() {
    let url = Url::parse("https://news.yunling.example/info/1001/2.htm").unwrap();
    let hints = Hints { url: Some(&url), content_type: Some("text/html"), status: Some(404), ..Hints::default() };
    let page = page(html("utf-8").as_bytes(), &hints);
    assert_eq!((page.url, page.status, page.captured_on.to_string()), (Some(url), Some(404), "2026-11-22".to_owned()));
    assert_eq!((page.format, page.charset.source), (PageFormat::Html, CharsetSource::Meta));
    assert!(page.warnings.is_empty());
}

/// Every label against every true charset: the text is right, or the page says that it may not be.
#[test]
fn no_wrong_label_makes_silent_mojibake() {
    let truths = ["utf-8", "gb18030", "utf-16le", "big5"];
    let labels = [
        "utf-8",
        "gb2312",
        "gbk",
        "big5",
        "iso-8859-1",
        "shift_jis",
        "euc-kr",
        "windows-1251",
        "utf-16",
        "hz-gb-2312",
        "x-none",
    ];
    for truth in truths {
        for label in labels {
            for header in [
                None,
                Some("text/html"),
                Some("text/html; charset=utf-8"),
                Some("text/html; charset=ISO-8859-1"),
                Some("text/html; charset=gbk"),
            ] {
                let written = html(label);
                let encoding = encoding_rs::Encoding::for_label(truth.as_bytes()).unwrap();
                let payload = match truth {
                    "utf-16le" => written.encode_utf16().flat_map(u16::to_le_bytes).collect(),
                    "big5" => encoding.encode(&html(label).replace(PROSE, TRADITIONAL)).0.into_owned(),
                    _ => encoding.encode(&written).0.into_owned(),
                };
                let prose = if truth == "big5" { TRADITIONAL } else { PROSE };
                let page = page(&payload, &Hints { content_type: header, ..Hints::default() });
                assert!(
                    page.text.contains(prose),
                    "{truth} labelled {label}, header {header:?}: {:?} {}",
                    page.charset,
                    page.text
                );
            }
        }
    }
}

const TRADITIONAL: &str = "東湖師範大學舉行學術會議，與會者就當前的教育問題進行了討論，並對未來的發展提出了建議。";

#[test]
fn feeds_and_json_have_their_own_ways() {
    let feed = format!("<?xml version=\"1.0\" encoding=\"gb2312\"?><rss><title>{PROSE}</title></rss>");
    let payload = encoding_rs::GB18030.encode(&feed).0;
    let read = page(&payload, &Hints { content_type: Some("text/xml"), ..Hints::default() });
    assert_eq!(
        (read.text.as_str(), read.format, read.charset.name.as_str()),
        (feed.as_str(), PageFormat::Xml, "GB18030")
    );
    let json = format!("{{\"title\": \"{PROSE}\"}}");
    let read = page(json.as_bytes(), &Hints { content_type: Some("text/html;charset=UTF-8"), ..Hints::default() });
    assert_eq!((read.text.as_str(), read.format, read.charset.doubtful), (json.as_str(), PageFormat::Json, false));
}

#[test]
fn a_file_in_the_guise_of_a_page_is_flagged() {
    let read = page(b"%PDF-1.7\n\x80\x81", &Hints { content_type: Some("text/html"), ..Hints::default() });
    assert_eq!(
        (read.text.as_str(), read.format, read.warnings),
        ("", PageFormat::Binary, vec!["type-mismatch".to_owned()])
    );
}

#[test]
fn a_declaration_that_may_be_right_is_not_overruled_in_silence() {
    let text = "<meta charset=gb2312><p>古壩君嗑古凭冫喱儿助位姊</p>";
    let read =
        page(&encoding_rs::GB18030.encode(text).0, &Hints { content_type: Some("text/html"), ..Hints::default() });
    assert!(read.text == text || read.charset.doubtful, "{:?}", read.charset);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// No payload and no header stops the reader, and what it gives is never more than the cap.
    #[test]
    fn any_bytes_make_a_page(
        payload in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..600),
            r"<(meta|!--|script|a) ?(charset|content|http-equiv)? ?=? ?['\x22]?[a-z0-9/;=-]{0,20}['\x22]?/?>?".prop_map(String::into_bytes),
            proptest::collection::vec(any::<u8>(), 0..60).prop_map(|tail| [&[0x1f, 0x8b, 8, 0][..], &tail].concat()),
            proptest::collection::vec(any::<u8>(), 0..60).prop_map(|tail| [&[0x78, 0x9c][..], &tail].concat()),
        ],
        content_type in proptest::option::of("[a-z/+;= \"-]{0,40}"),
        content_encoding in proptest::option::of(prop_oneof!["(gzip|deflate|br|x)(, ?(gzip|deflate|br)){0,3}", ".{0,12}"]),
    ) {
        let hints = Hints { content_type: content_type.as_deref(), content_encoding: content_encoding.as_deref(), ..Hints::default() };
        let page = page(&payload, &hints);
        let unsure = page.text.contains(char::REPLACEMENT_CHARACTER);
        prop_assert!(!unsure || page.charset.doubtful, "U+FFFD without a flag");
    }

    /// What is written in a charset and says so is read back to the letter.
    #[test]
    fn declared_pages_are_read_to_the_letter(words in "[一-龥]{0,60}", name in prop_oneof!["utf-8", "gb2312", "gb18030"]) {
        let text = format!("<meta charset={name}><p>{words}</p>");
        let encoding = if name == "utf-8" { encoding_rs::UTF_8 } else { encoding_rs::GB18030 };
        let page = page(&encoding.encode(&text).0, &Hints { content_type: Some("text/html"), ..Hints::default() });
        prop_assert!(page.text == text || page.charset.doubtful, "{:?}", page.charset);
    }
}

#[test]
fn a_page_too_long_to_read_is_cut_where_no_character_is() {
    let long = format!("<!DOCTYPE html><title>长</title>{}", "<p>云岭理工大学召开会议".repeat(150_000));
    let page = page(long.as_bytes(), &Hints { content_type: Some("text/html; charset=utf-8"), ..Hints::default() });
    assert!(page.warnings.iter().any(|code| code == "decoded-cut"), "{:?}", page.warnings);
    assert!(page.text.len() <= 4 << 20 && long.starts_with(&page.text) && !page.charset.doubtful);
    let list = format!("[{}1]", "1,".repeat(3 << 20));
    let hints = Hints { content_type: Some("application/json"), ..Hints::default() };
    let data = decode(list.as_bytes(), &hints, Date::new(2026, 11, 22).unwrap());
    assert_eq!((data.text.len(), data.format), (list.len(), PageFormat::Json), "data is read whole");
}
