//! Every format writes the same rows of every table; the snapshots are what users get.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use shiguan::domain::article::{Article, Attachment, Credit, Facets, Image, Reflection, ReflectionKind};
use shiguan::domain::held::{HeldArticle, HeldCapture, HeldReflection};
use shiguan::domain::time::{CaptureTime, Precision, Timestamp};
use shiguan::export::{self, FORMATS, Options, Row, TABLES, Table};
use url::Url;

/// A sink whose bytes the test keeps.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn write(format: &str, table: &'static Table, rows: &[Row], options: Options) -> Vec<u8> {
    let kept = Kept::default();
    let mut exporter = (export::format_named(format).unwrap().open)(Box::new(kept.clone()), table, options).unwrap();
    for row in rows {
        exporter.write(row).unwrap();
    }
    exporter.finish().unwrap();
    let bytes = kept.0.lock().unwrap();
    bytes.clone()
}

fn moment(text: &str) -> CaptureTime {
    CaptureTime::parse(text).unwrap()
}

fn reflection() -> Reflection {
    Reflection {
        ordinal: 1,
        people: vec!["阿依古丽·买买提".into(), "邓晨".into()],
        affiliation: Some("研22级测绘第二党支部".into()),
        facets: Facets { year: Some("2022".into()), branch: Some("测绘第二党支部".into()), ..Facets::default() },
        role: None,
        kind: ReflectionKind::Signed,
        text: "=要把“学”和“做”连起来，\"知行合一\"。".into(),
        start: 4,
        end: 24,
    }
}

fn full() -> HeldArticle {
    let url = Url::parse("http://news.yunling.example/info/1038/2001.htm").unwrap();
    HeldArticle {
        id: 1,
        record: Article {
            url: Some(url.clone()),
            canonical_url: Some(url),
            site: Some("news.yunling.example".into()),
            family: "vsb".into(),
            title: Some("云岭理工大学举行主题教育读书班, 第一期".into()),
            subtitle: None,
            source: Some("党委宣传部".into()),
            published_at: Timestamp::parse("2023-06-06T16:49:00+08:00"),
            published_precision: Some(Precision::Minute),
            credits: vec![
                Credit { role: "作者".into(), names: vec!["邓晨".into(), "姜颖".into()] },
                Credit { role: "责任编辑".into(), names: vec!["地学学院".into()] },
            ],
            body: "第一段。\n=要把“学”和“做”连起来，\"知行合一\"。".into(),
            reflections: vec![reflection()],
            images: vec![Image {
                url: "http://news.yunling.example/a.jpg".into(),
                alt: None,
                caption: Some("图1".into()),
            }],
            attachments: vec![Attachment {
                url: "http://news.yunling.example/d?f=1".into(), name: "通知.docx".into()
            }],
            breadcrumbs: vec!["首页".into(), "学院新闻".into()],
            topics: vec!["主题教育".into()],
            warnings: vec![],
            extractor: "shiguan 0.1.0".into(),
            selectors: "vsb@0001-01-01".into(),
        },
        first_seen: moment("2026-11-22T01:00:00.000001Z"),
        last_seen: moment("2026-11-23T01:00:00Z"),
        versions: 2,
        gone_at: None,
        content_digest: "sha256:00".into(),
        work_id: "w-1".into(),
        warc_file: "warc/2026/a.warc.gz".into(),
        warc_offset: 512,
        payload_digest: "sha1:AAAA".into(),
    }
}

/// An article of which the page said next to nothing.
fn bare() -> HeldArticle {
    let mut held = full();
    held.id = 2;
    held.gone_at = Some(moment("2026-11-24T01:00:00Z"));
    let record = &mut held.record;
    (record.url, record.canonical_url, record.site, record.title, record.source) = (None, None, None, None, None);
    (record.published_at, record.published_precision) = (None, None);
    record.body = String::new();
    record.warnings = vec!["no-title".into(), "body-empty".into()];
    for list in [&mut record.breadcrumbs, &mut record.topics] {
        list.clear();
    }
    record.credits.clear();
    record.reflections.clear();
    record.images.clear();
    record.attachments.clear();
    held
}

fn rows(table: &str) -> Vec<Row> {
    match table {
        "articles" => [full(), bare()].iter().map(export::table::articles::row).collect(),
        "reflections" => {
            let article = full();
            let held = HeldReflection {
                article_id: article.id,
                reflection: reflection(),
                url: article.record.url.map(String::from),
                site: article.record.site,
                title: article.record.title,
                source: article.record.source,
                published_at: article.record.published_at,
                topics: article.record.topics,
                work_id: article.work_id,
            };
            vec![export::table::reflections::row(&held)]
        }
        "captures" => {
            let answered = HeldCapture {
                id: 1,
                url: "http://news.yunling.example/info/1038/2001.htm".into(),
                captured_at: moment("2026-11-22T01:00:00.000001Z"),
                status: Some(200),
                outcome: "ok".into(),
                media_type: Some("text/html".into()),
                bytes: Some(12_000),
                payload_digest: Some("sha1:AAAA".into()),
                warc_type: Some("response".into()),
                warc_file: Some("warc/2026/a.warc.gz".into()),
                warc_offset: Some(512),
                warc_length: Some(4_000),
                via: Some("http://news.yunling.example/xwzx.htm".into()),
                run_id: 1,
            };
            let mut silent = answered.clone();
            (silent.status, silent.media_type, silent.bytes, silent.payload_digest) = (None, None, None, None);
            (silent.warc_type, silent.warc_file, silent.warc_offset, silent.warc_length) = (None, None, None, None);
            silent.outcome = "unreachable".into();
            [answered, silent].iter().map(export::table::captures::row).collect()
        }
        other => unreachable!("no rows for table {other}"),
    }
}

#[test]
fn every_format_writes_every_table() {
    for format in FORMATS {
        for table in TABLES {
            let bytes = write(format.name, table, &rows(table.name), Options::default());
            let text = String::from_utf8(bytes).unwrap().replace("\r\n", "␍␊\n");
            insta::assert_snapshot!(format!("{}_{}", table.name, format.name), text);
        }
    }
}

#[test]
fn a_row_has_a_cell_for_each_column() {
    for table in TABLES {
        for row in rows(table.name) {
            assert_eq!(row.len(), table.columns.len(), "{}", table.name);
        }
    }
}

#[test]
fn the_byte_order_mark_comes_first_and_only_when_asked() {
    let table = export::table_named("captures").unwrap();
    let with = write("csv", table, &[], Options { bom: true, ..Options::default() });
    let without = write("csv", table, &[], Options::default());
    assert_eq!(with.strip_prefix("\u{feff}".as_bytes()).unwrap(), without);
}

#[test]
fn raw_csv_leaves_text_as_it_is() {
    let table = export::table_named("reflections").unwrap();
    let raw = write("csv", table, &rows("reflections"), Options { formula_guard: false, ..Options::default() });
    let guarded = write("csv", table, &rows("reflections"), Options::default());
    let field = |bytes: &[u8]| {
        let mut reader = csv::Reader::from_reader(bytes);
        let at = reader.headers().unwrap().iter().position(|h| h == "text").unwrap();
        reader.records().next().unwrap().unwrap()[at].to_owned()
    };
    assert_eq!(field(&raw), reflection().text, "quotes and commas survive the round trip");
    assert_eq!(field(&guarded), format!("'{}", reflection().text));
}

/// A sink that is full, or whose reader has hung up.
struct Broken(io::ErrorKind);

impl Write for Broken {
    fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(self.0.into())
    }
}

#[test]
fn every_format_says_why_the_sink_broke() {
    for kind in [io::ErrorKind::StorageFull, io::ErrorKind::BrokenPipe] {
        for format in FORMATS {
            let table = export::table_named("articles").unwrap();
            let written = (format.open)(Box::new(Broken(kind)), table, Options::default()).and_then(|mut exporter| {
                for _ in 0..1_000 {
                    exporter.write(&rows("articles")[0])?;
                }
                exporter.finish()
            });
            assert_eq!(written.unwrap_err().kind(), kind, "{}", format.name);
        }
    }
}
