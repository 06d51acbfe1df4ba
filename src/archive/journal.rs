//! What the archive notes of its own work, as `metadata` records between the exchanges: runs, walks, and visits that
//! got no answer. Without them the index would be the only one to know (`docs/adr/0010-work-is-in-warc-too.md`).
//!
//! An entry reads back as exactly the rows it was written with, because the rows are made from what would be read.

use url::Url;

use super::error::Error;
use super::notes;
use crate::domain::capture::{FailureKind, FetchFailure};
use crate::domain::digest::RecordId;
use crate::domain::fared::Fared;
use crate::domain::request::FetchRequest;
use crate::domain::time::CaptureTime;
use crate::domain::visit::{Outcome, Visit};
use crate::store::{ImportSource, Index, WalkEnd};
use crate::warc::{self, About, Fields, Kind, Record, Stamp, Version};

/// The field that says which kind of entry a record is.
const EVENT: &str = "Shiguan-Event";

/// The field that names a page, once a page.
const PAGE: &str = "Shiguan-Page";

/// The field that names a file's address, once a file.
const PLACE: &str = "Shiguan-Place";

/// One entry.
#[derive(Debug, Clone)]
pub(super) enum Entry {
    /// A run began.
    RunBegan { run: i64, at: CaptureTime, program: String, command: String },
    /// A run ended.
    RunEnded { run: i64, at: CaptureTime, ended: String },
    /// A site's part in a run ended.
    SiteEnded { run: i64, at: CaptureTime, fared: Fared },
    /// A walk over a seed's listing pages began.
    WalkBegan { walk: i64, run: i64, site: String, seed: Url, at: CaptureTime },
    /// A walk ended.
    WalkEnded { walk: i64, at: CaptureTime, ended: WalkEnd },
    /// A request got no answer.
    NoAnswer { run: i64, visit: Box<Visit> },
    /// The pages of an article were joined: the URL and the record of each page's answer.
    Joined { at: CaptureTime, site: String, first: Url, pages: Vec<(String, RecordId)>, missing: bool },
    /// Files of articles will not be asked for: why, and which.
    NotAsked { at: CaptureTime, why: String, places: Vec<Url> },
    /// Records of another tool follow, up to the next such entry or the end of the file.
    ImportBegan(Box<ImportSource>),
    /// The next record is another tool's answer.
    Imported(Box<Imported>),
}

/// What is noted of another tool's answer: its notes, as if it had been ours, and where it came from.
#[derive(Debug, Clone)]
pub(super) struct Imported {
    /// Its `WARC-Record-ID`.
    pub(super) record_id: RecordId,
    /// The run that took it in.
    pub(super) run: i64,
    /// The request it answers.
    pub(super) request: FetchRequest,
    /// Its date.
    pub(super) at: CaptureTime,
    /// What it came to.
    pub(super) outcome: Outcome,
    /// Where it stood in its file, in bytes.
    pub(super) offset: u64,
}

impl Entry {
    /// The entry of a visit without an answer; `None` for one that has an answer.
    pub(super) fn no_answer(run: i64, visit: &Visit) -> Option<Self> {
        let failure = visit.result.as_ref().err()?;
        let failure = FetchFailure { detail: Fields::as_read(&failure.detail), ..failure.clone() };
        Some(Self::NoAnswer { run, visit: Box::new(Visit { result: Err(failure), ..visit.clone() }) })
    }

    /// The same entry as it would be read back.
    pub(super) fn settled(self) -> Self {
        let read = |text: String| Fields::as_read(&text);
        match self {
            Self::RunBegan { run, at, program, command } => {
                Self::RunBegan { run, at, program: read(program), command: read(command) }
            }
            Self::RunEnded { run, at, ended } => Self::RunEnded { run, at, ended: read(ended) },
            Self::SiteEnded { run, at, fared } => {
                let (site, verdict, why) = (read(fared.site), read(fared.verdict), fared.why.map(read));
                Self::SiteEnded { run, at, fared: Fared { site, verdict, why, ..fared } }
            }
            Self::WalkBegan { walk, run, site, seed, at } => Self::WalkBegan { walk, run, site: read(site), seed, at },
            Self::ImportBegan(source) => Self::ImportBegan(Box::new(ImportSource {
                name: read(source.name),
                software: source.software.map(read),
                ..*source
            })),
            Self::WalkEnded { .. }
            | Self::NoAnswer { .. }
            | Self::Imported(_)
            | Self::Joined { .. }
            | Self::NotAsked { .. } => self,
        }
    }

    /// When it happened.
    pub(super) fn at(&self) -> CaptureTime {
        match self {
            Self::RunBegan { at, .. }
            | Self::RunEnded { at, .. }
            | Self::SiteEnded { at, .. }
            | Self::WalkBegan { at, .. }
            | Self::WalkEnded { at, .. }
            | Self::Joined { at, .. }
            | Self::NotAsked { at, .. } => *at,
            Self::ImportBegan(source) => source.at,
            Self::Imported(imported) => imported.at,
            Self::NoAnswer { visit, .. } => match &visit.result {
                Ok(capture) => capture.at,
                Err(failure) => failure.at,
            },
        }
    }

    /// The entry's record.
    pub(super) fn record(&self, stamp: &mut dyn Stamp, version: Version, warcinfo: Option<&RecordId>) -> Record {
        let about = match self {
            Self::NoAnswer { visit, .. } => About { target_uri: Some(visit.request.url.as_str()), ..About::default() },
            Self::Imported(imported) => About {
                target_uri: Some(imported.request.url.as_str()),
                record: Some(&imported.record_id),
                ..About::default()
            },
            Self::RunBegan { .. }
            | Self::RunEnded { .. }
            | Self::SiteEnded { .. }
            | Self::WalkBegan { .. }
            | Self::WalkEnded { .. }
            | Self::Joined { .. }
            | Self::NotAsked { .. }
            | Self::ImportBegan(_) => About::default(),
        };
        warc::metadata(stamp, version, self.at(), About { warcinfo, ..about }, &self.fields())
    }

    fn fields(&self) -> Fields {
        let mut fields = Fields::new();
        fields.push(EVENT, self.word());
        // WARC 1.0 has no fraction of a second in its own dates.
        fields.push("Shiguan-At", self.at().to_micros_string());
        match self {
            Self::RunBegan { run, program, command, .. } => {
                fields.push("Shiguan-Run", run.to_string());
                fields.push("Shiguan-Program", program);
                fields.push("Shiguan-Command", command);
            }
            Self::RunEnded { run, ended, .. } => {
                fields.push("Shiguan-Run", run.to_string());
                fields.push("Shiguan-Ended", ended);
            }
            Self::SiteEnded { run, fared, .. } => {
                fields.push("Shiguan-Run", run.to_string());
                fields.push("Shiguan-Site", &fared.site);
                fields.push("Shiguan-Verdict", &fared.verdict);
                if let Some(why) = &fared.why {
                    fields.push("Shiguan-Why", why);
                }
                fields.push("Shiguan-Figures", fared.figures.map(|figure| figure.to_string()).join(" "));
            }
            Self::WalkBegan { walk, run, site, seed, .. } => {
                fields.push("Shiguan-Walk", walk.to_string());
                fields.push("Shiguan-Run", run.to_string());
                fields.push("Shiguan-Site", site);
                fields.push("Shiguan-Seed", seed);
            }
            Self::WalkEnded { walk, ended, .. } => {
                fields.push("Shiguan-Walk", walk.to_string());
                fields.push("Shiguan-Ended", ended.as_str());
            }
            Self::ImportBegan(source) => push_source(&mut fields, source),
            Self::Imported(imported) => {
                notes::push_request(&mut fields, imported.run, &imported.request, imported.outcome);
                fields.push("Shiguan-Source-Offset", imported.offset.to_string());
            }
            Self::NoAnswer { run, visit } => {
                notes::push(&mut fields, *run, visit);
                if let Err(failure) = &visit.result {
                    fields.push("Shiguan-Failure", failure.kind.as_str());
                    fields.push("Shiguan-Detail", &failure.detail);
                }
            }
            Self::Joined { site, first, pages, missing, .. } => {
                fields.push("Shiguan-Site", site);
                fields.push("Shiguan-First", first);
                for (url, record) in pages {
                    fields.push(PAGE, format!("<{record}> {url}"));
                }
                fields.push("Shiguan-Missing", if *missing { "yes" } else { "no" });
            }
            Self::NotAsked { why, places, .. } => {
                fields.push("Shiguan-Why", why);
                for place in places {
                    fields.push(PLACE, place);
                }
            }
        }
        fields
    }

    fn word(&self) -> &'static str {
        match self {
            Self::RunBegan { .. } => "run-began",
            Self::RunEnded { .. } => "run-ended",
            Self::SiteEnded { .. } => "site-ended",
            Self::WalkBegan { .. } => "walk-began",
            Self::WalkEnded { .. } => "walk-ended",
            Self::NoAnswer { .. } => "no-answer",
            Self::Joined { .. } => "joined",
            Self::NotAsked { .. } => "not-asked",
            Self::ImportBegan(_) => "import-began",
            Self::Imported(_) => "imported",
        }
    }

    /// Reads an entry back; `None` for any other record.
    pub(super) fn read(record: &Record) -> Option<Self> {
        if record.kind() != Kind::Metadata {
            return None;
        }
        let fields = warc::fields_of(record)?;
        let get = |name: &str| fields.get(name);
        let number = |name: &str| get(name)?.parse::<i64>().ok();
        let at = CaptureTime::parse(get("Shiguan-At")?)?;
        match get(EVENT)? {
            "run-began" => Some(Self::RunBegan {
                run: number("Shiguan-Run")?,
                at,
                program: get("Shiguan-Program")?.to_owned(),
                command: get("Shiguan-Command")?.to_owned(),
            }),
            "run-ended" => {
                Some(Self::RunEnded { run: number("Shiguan-Run")?, at, ended: get("Shiguan-Ended")?.to_owned() })
            }
            "walk-began" => Some(Self::WalkBegan {
                walk: number("Shiguan-Walk")?,
                run: number("Shiguan-Run")?,
                site: get("Shiguan-Site")?.to_owned(),
                seed: Url::parse(get("Shiguan-Seed")?).ok()?,
                at,
            }),
            "walk-ended" => Some(Self::WalkEnded {
                walk: number("Shiguan-Walk")?,
                at,
                ended: WalkEnd::from_word(get("Shiguan-Ended")?)?,
            }),
            "site-ended" => Some(Self::SiteEnded { run: number("Shiguan-Run")?, at, fared: fared(&fields)? }),
            "no-answer" => no_answer(record, &fields, at),
            "joined" => joined(&fields, at),
            "not-asked" => not_asked(&fields, at),
            "import-began" => Some(Self::ImportBegan(Box::new(ImportSource {
                id: number("Shiguan-Import")?,
                run: number("Shiguan-Run")?,
                at,
                name: get("Shiguan-Source")?.to_owned(),
                sha256: get("Shiguan-Source-Digest")?.strip_prefix("sha256:")?.to_owned(),
                software: get("Shiguan-Source-Software").map(str::to_owned),
            }))),
            "imported" => {
                let notes = notes::read(&fields, Url::parse(record.target_uri()?).ok()?)?;
                Some(Self::Imported(Box::new(Imported {
                    record_id: record.fields.get("WARC-Refers-To").map(RecordId::from_stored)?,
                    run: notes.run,
                    request: notes.request,
                    at,
                    outcome: notes.outcome,
                    offset: get("Shiguan-Source-Offset")?.parse().ok()?,
                })))
            }
            _ => None,
        }
    }

    /// Writes the entry's rows.
    pub(super) fn store(&self, index: &Index) -> Result<(), Error> {
        match self {
            Self::RunBegan { run, at, program, command } => index.begin_run(*run, *at, program, command)?,
            Self::RunEnded { run, at, ended } => index.end_run(*run, *at, ended)?,
            Self::SiteEnded { run, at, fared } => {
                index.ensure_run(*run, *at)?;
                index.note_fared(*run, fared)?;
            }
            Self::WalkBegan { walk, run, site, seed, at } => {
                index.ensure_run(*run, *at)?;
                index.begin_walk((*walk, *run), site, seed, *at)?;
            }
            Self::WalkEnded { walk, at, ended } => index.end_walk(*walk, *ended, *at)?,
            Self::NoAnswer { run, visit } => {
                index.ensure_run(*run, self.at())?;
                index.store(*run, visit, None)?;
            }
            // Its rows are made by whoever has, or makes, the joined record.
            // Those of an import's note are made with the record it is about.
            Self::Joined { .. } | Self::Imported(_) => {}
            Self::NotAsked { why, places, .. } => {
                for place in places {
                    index.skip_media(place, why)?;
                }
            }
            Self::ImportBegan(source) => {
                index.ensure_run(source.run, source.at)?;
                index.add_source(source)?;
            }
        }
        Ok(())
    }
}

/// How a site fared, from its entry's fields.
fn fared(fields: &Fields) -> Option<Fared> {
    let figures: Vec<u64> = fields.get("Shiguan-Figures")?.split(' ').map(str::parse).collect::<Result<_, _>>().ok()?;
    Some(Fared {
        site: fields.get("Shiguan-Site")?.to_owned(),
        verdict: fields.get("Shiguan-Verdict")?.to_owned(),
        why: fields.get("Shiguan-Why").map(str::to_owned),
        figures: figures.try_into().ok()?,
    })
}

fn no_answer(record: &Record, fields: &Fields, at: CaptureTime) -> Option<Entry> {
    let notes = notes::read(fields, Url::parse(record.target_uri()?).ok()?)?;
    let kind = FailureKind::from_word(fields.get("Shiguan-Failure")?)?;
    let detail = fields.get("Shiguan-Detail").unwrap_or_default().to_owned();
    let visit = Visit {
        request: notes.request,
        result: Err(FetchFailure { at, kind, detail, retry: false }),
        charset: None,
        extraction: None,
        outcome: notes.outcome,
    };
    Some(Entry::NoAnswer { run: notes.run, visit: Box::new(visit) })
}

/// Reads back an entry about files that will not be asked for.
fn not_asked(fields: &Fields, at: CaptureTime) -> Option<Entry> {
    let places = fields.iter().filter(|(name, _)| *name == PLACE).map(|(_, url)| Url::parse(url).ok());
    let why = fields.get("Shiguan-Why")?.to_owned();
    Some(Entry::NotAsked { at, why, places: places.collect::<Option<_>>()? })
}

fn joined(fields: &Fields, at: CaptureTime) -> Option<Entry> {
    let page = |text: &str| {
        let (record, url) = text.split_once(' ')?;
        Some((url.to_owned(), RecordId::from_stored(record)))
    };
    let pages = fields.iter().filter(|(name, _)| *name == PAGE).map(|(_, text)| page(text));
    Some(Entry::Joined {
        at,
        site: fields.get("Shiguan-Site")?.to_owned(),
        first: Url::parse(fields.get("Shiguan-First")?).ok()?,
        pages: pages.collect::<Option<_>>()?,
        missing: fields.get("Shiguan-Missing")? == "yes",
    })
}

fn push_source(fields: &mut Fields, source: &ImportSource) {
    fields.push("Shiguan-Import", source.id.to_string());
    fields.push("Shiguan-Run", source.run.to_string());
    fields.push("Shiguan-Source", &source.name);
    fields.push("Shiguan-Source-Digest", format!("sha256:{}", source.sha256));
    if let Some(software) = &source.software {
        fields.push("Shiguan-Source-Software", software);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::request::Purpose;

    fn request(url: &Url) -> FetchRequest {
        FetchRequest {
            url: url.clone(),
            site: "yllg".to_owned(),
            purpose: Purpose::Listing,
            via: Some(url.clone()),
            hops: 0,
            attempt: 0,
            walk: Some(3),
            item: None,
            prior: None,
        }
    }

    fn assert_reads_back(entry: Entry) {
        let entry = entry.settled();
        for version in [Version::V1_1, Version::V1_0] {
            let record = entry.record(&mut warc::RandomIds, version, None);
            assert_eq!(format!("{:?}", Entry::read(&record).unwrap()), format!("{entry:?}"));
        }
    }

    #[test]
    fn entries_read_back_as_what_their_rows_were_made_from() {
        let at = CaptureTime::parse("2026-11-22T09:00:00.000001Z").unwrap();
        let url = Url::parse("http://news.yllg.example/a.htm").unwrap();
        let request = request(&url);
        let failure = FetchFailure { at, kind: FailureKind::Dns, detail: " no\nname\0 ".to_owned(), retry: false };
        let outcome = Outcome::Unreachable;
        let visit = Visit { request, result: Err(failure), charset: None, extraction: None, outcome };
        let entries = [
            Entry::RunBegan { run: 7, at, program: "shiguan/0".to_owned(), command: "crawl --seed 'a\nb' ".to_owned() },
            Entry::RunEnded { run: 7, at, ended: "done".to_owned() },
            Entry::SiteEnded {
                run: 7,
                at,
                fared: Fared {
                    site: "云岭".to_owned(),
                    verdict: "failed".to_owned(),
                    why: Some("no\nanswer ".to_owned()),
                    figures: [1, 2, 3, 4, 5, 6, 7, u64::MAX],
                },
            },
            Entry::WalkBegan { walk: 3, run: 7, site: "云岭".to_owned(), seed: url.clone(), at },
            Entry::WalkEnded { walk: 3, at, ended: WalkEnd::MetKnown },
            Entry::no_answer(7, &visit).unwrap(),
            Entry::Joined {
                at,
                site: "云岭".to_owned(),
                first: url.clone(),
                pages: vec![
                    (url.to_string(), RecordId::from_stored("urn:uuid:1")),
                    ("http://news.yllg.example/a_1.htm".to_owned(), RecordId::from_stored("urn:uuid:2")),
                ],
                missing: true,
            },
            Entry::NotAsked { at, why: "other-host".to_owned(), places: vec![url.clone(), url] },
        ];
        entries.into_iter().for_each(assert_reads_back);
    }

    #[test]
    fn so_do_entries_of_an_import() {
        let at = CaptureTime::parse("2026-11-22T09:00:00.000001Z").unwrap();
        let url = Url::parse("http://news.yllg.example/a.htm").unwrap();
        let entries = [
            Entry::ImportBegan(Box::new(ImportSource {
                id: 1,
                run: 7,
                at,
                name: "a\nb.wacz!archive/1.warc.gz".to_owned(),
                sha256: "00".to_owned(),
                software: Some("wget".to_owned()),
            })),
            Entry::Imported(Box::new(Imported {
                record_id: RecordId::from_stored("urn:uuid:1"),
                run: 7,
                request: request(&url),
                at,
                outcome: Outcome::Unlisted,
                offset: 17,
            })),
        ];
        entries.into_iter().for_each(assert_reads_back);
    }
}
