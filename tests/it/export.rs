//! Every format writes the same rows of every table; the snapshots are what users get.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use shiguan::domain::article::{Article, Attachment, Credit, Facets, Image, Reflection, ReflectionKind};
use shiguan::domain::held::{
    HeldAppearance, HeldArticle, HeldAttachment, HeldCapture, HeldCredit, HeldFile, HeldImage, HeldPair, HeldPerson,
    HeldReflection, HeldWork,
};
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
        "articles" => [full(), bare()].map(export::table::articles::row).into(),
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
            vec![export::table::reflections::row(held)]
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
            [answered, silent].map(export::table::captures::row).into()
        }
        other => rows_of_lists(other),
    }
}

/// What is known of a file that was had.
fn had() -> HeldFile {
    HeldFile {
        payload_digest: Some("sha1:BBBB".into()),
        bytes: Some(48_213),
        media_type: Some("image/jpeg".into()),
        outcome: Some("ok".into()),
    }
}

fn appearance(article_id: i64) -> HeldAppearance {
    let record = full().record;
    HeldAppearance {
        article_id,
        url: record.url.map(String::from),
        site: record.site,
        title: record.title,
        published_at: record.published_at,
    }
}

fn rows_of_lists(table: &str) -> Vec<Row> {
    let record = full().record;
    match table {
        "credits" => (1..)
            .zip(record.credits)
            .map(|(ordinal, credit)| HeldCredit { article_id: 1, ordinal, role: credit.role, names: credit.names })
            .map(export::table::credits::row)
            .collect(),
        "images" => [had(), HeldFile::default()]
            .map(|file| HeldImage { article_id: 1, ordinal: 1, image: record.images[0].clone(), file })
            .map(export::table::media::image)
            .into(),
        "attachments" => {
            let file = HeldFile { outcome: Some("captcha".into()), ..HeldFile::default() };
            let held = HeldAttachment { article_id: 1, ordinal: 1, attachment: record.attachments[0].clone(), file };
            vec![export::table::media::attachment(held)]
        }
        "works" => {
            let first_seen = moment("2026-11-22T01:00:00.000001Z");
            let work =
                |reposts| HeldWork { work_id: "w-1".into(), first: appearance(1), first_seen, reposts, sites: 2 };
            [vec![7, 3], vec![]].map(|reposts| export::table::works::row(work(reposts))).into()
        }
        "duplicates" => {
            let (first, repost) = (appearance(1), appearance(7));
            let evidence = "same headline and text".into();
            vec![export::table::duplicates::row(HeldPair {
                work_id: "w-1".into(),
                first,
                repost,
                score: 0.925,
                evidence,
            })]
        }
        "people" => {
            let affiliations = vec!["研22级测绘第二党支部".into(), "测绘学院".into()];
            vec![export::table::people::row(HeldPerson { person: "邓晨".into(), affiliations, n_reflections: 2 })]
        }
        other => unreachable!("no rows for table {other}"),
    }
}

#[test]
fn every_format_of_text_writes_every_table() {
    for format in FORMATS.iter().filter(|format| format.to_stdout) {
        for table in TABLES {
            let bytes = write(format.name, table, &rows(table.name), Options::default());
            let text = String::from_utf8(bytes).unwrap().replace("\r\n", "␍␊\n");
            insta::assert_snapshot!(format!("{}_{}", table.name, format.name), text);
        }
    }
}

#[test]
fn parquet_has_types_lists_and_nulls() {
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    for table in TABLES {
        let bytes = write("parquet", table, &rows(table.name), Options::default());
        let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
        let mut text = Vec::new();
        parquet::schema::printer::print_schema(&mut text, reader.metadata().file_metadata().schema());
        let mut text = String::from_utf8(text).unwrap();
        for row in reader.get_row_iter(None).unwrap() {
            text.extend([row.unwrap().to_string(), "\n".to_owned()]);
        }
        insta::assert_snapshot!(format!("{}_parquet", table.name), text);
    }
}

#[test]
fn a_row_group_ends_before_memory_does() {
    use parquet::file::metadata::RowGroupMetaData;
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    let table = export::table_named("articles").unwrap();
    let mut held = full();
    held.record.body = "字".repeat(100_000);
    let bytes = write("parquet", table, &vec![export::table::articles::row(held); 60], Options::default());
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
    let groups: Vec<i64> = reader.metadata().row_groups().iter().map(RowGroupMetaData::num_rows).collect();
    assert_eq!((groups.len(), groups.iter().sum::<i64>()), (3, 60), "{groups:?}");
}

/// A part of a workbook, as text.
fn part(workbook: Vec<u8>, name: &str) -> String {
    let mut zip = zip::ZipArchive::new(io::Cursor::new(workbook)).unwrap();
    io::read_to_string(zip.by_name(name).unwrap()).unwrap()
}

#[test]
fn a_workbook_holds_text_only() {
    for table in TABLES {
        let sheet = part(write("xlsx", table, &rows(table.name), Options::default()), "xl/worksheets/sheet1.xml");
        let cells = sheet.matches("<c ").count();
        assert!(cells > table.columns.len() / 2, "{}", table.name);
        assert_eq!(sheet.matches("t=\"inlineStr\"").count(), cells, "{}", table.name);
        assert!(!sheet.contains("<f>") && !sheet.contains("<hyperlink"), "{}", table.name);
        insta::assert_snapshot!(format!("{}_xlsx", table.name), sheet.replace("<row", "\n<row"));
    }
}

#[test]
fn a_workbook_says_how_many_texts_it_cut() {
    let table = export::table_named("articles").unwrap();
    let kept = Kept::default();
    let format = export::format_named("xlsx").unwrap();
    let mut exporter = (format.open)(Box::new(kept.clone()), table, Options::default()).unwrap();
    let mut held = full();
    held.record.body = "a\u{1}b\r\nc_x0041_".to_owned() + &"字".repeat(40_000);
    exporter.write(&export::table::articles::row(held)).unwrap();
    exporter.write(&rows("articles")[0]).unwrap();
    assert_eq!(exporter.cut(), 1);
    exporter.finish().unwrap();
    let sheet = part(kept.0.lock().unwrap().clone(), "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("a_x0001_b"), "a control character is escaped as Excel does");
    assert!(sheet.contains("c_x005F_x0041_"), "and what looks like an escape is none");
    assert!(sheet.contains("字…[截断 cut]"));
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
fn references_lead_to_keys() {
    for table in TABLES {
        let names: Vec<&str> = table.flat_columns().map(|(_, column)| column.name).collect();
        assert!(table.key.iter().all(|key| names.contains(key)), "{}", table.name);
        for reference in table.refers {
            assert!(names.contains(&reference.column), "{}: {}", table.name, reference.column);
            assert_eq!(export::table_named(reference.table).unwrap().key, [reference.key], "{}", table.name);
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
