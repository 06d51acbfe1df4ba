//! A case as it is written, and whether it ended as it says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rusqlite::Connection;
use serde::Deserialize;

use super::tls::Flaw;
use super::wire::{self, StepSpec};
use crate::crawl::college::{College, path};
use crate::support::response::Response;
use crate::support::server::Request;

/// Where every case's listing stands.
const LISTING: &str = "/xwzx.htm";

/// What arrival may differ from departure on a busy machine.
const JITTER: Duration = Duration::from_millis(10);

/// One small site that misbehaves.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    /// Also its host name, below `mis.test`.
    pub(super) name: String,
    /// The row of the catalogue of faults.
    pub(super) id: String,
    /// What the server does, for people.
    #[serde(rename = "does")]
    _does: String,
    #[serde(default)]
    pub(super) connect: Connect,
    /// The site has a file that says `tls = "lenient"`.
    #[serde(default)]
    pub(super) lenient: bool,
    /// The answer of robots.txt, of the listing, of the article, in place of the good one.
    robots: Option<Vec<StepSpec>>,
    listing: Option<Vec<StepSpec>>,
    article: Option<Vec<StepSpec>>,
    /// The article's answer to the first request only.
    first: Option<Vec<StepSpec>>,
    #[serde(skip)]
    asked: Arc<AtomicUsize>,
    /// Further paths; a `*` at the end stands for anything.
    #[serde(default)]
    more: BTreeMap<String, Vec<StepSpec>>,
    ends: Ends,
}

/// How the client gets there.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Connect {
    /// Over plain TCP.
    #[default]
    Plain,
    /// Over TLS, with this wrong about the certificate.
    Tls(Flaw),
    /// Nobody listens.
    Refused,
    /// The name does not resolve: `.test` never does (RFC 6761 6.2).
    Unnamed,
}

/// How it must end.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ends {
    /// Path whose visits are judged: what was overridden, unless said.
    path: Option<String>,
    /// Outcome of the last visit; empty where it must never be asked for.
    #[serde(rename = "as")]
    outcome: String,
    /// Part of the failure, or of what is noted of the certificate.
    because: Option<String>,
    /// `WARC-Truncated`.
    truncated: Option<String>,
    /// Exact bytes of the payload stored.
    bytes: Option<i64>,
    /// Requests of this host at the most.
    hits: Option<usize>,
    /// Milliseconds between the first two requests for the article, at the least.
    gap: Option<u64>,
    /// Whether the article is held in the end.
    #[serde(default)]
    held: bool,
    /// Why the site failed, in part; absent where it must not fail.
    failed: Option<String>,
    /// The site's verdict.
    verdict: Option<String>,
}

impl Case {
    pub(super) fn host(&self) -> String {
        format!("{}.mis.test", self.name)
    }

    pub(super) fn seed(&self) -> String {
        let scheme = if matches!(self.connect, Connect::Tls(_)) { "https" } else { "http" };
        format!("{scheme}://{}{LISTING}", self.host())
    }

    pub(super) fn answer(&self, request: &Request) -> Response {
        if request.header("cookie").or(request.header("referer")).or(request.header("authorization")).is_some() {
            return Response::status(500);
        }
        let article = path(1);
        let steps = match request.path() {
            "/robots.txt" if self.robots.is_some() => self.robots.as_ref(),
            LISTING if self.listing.is_some() => self.listing.as_ref(),
            at if at == article && self.first.is_some() && self.asked.fetch_add(1, Ordering::SeqCst) == 0 => {
                self.first.as_ref()
            }
            at if at == article && self.article.is_some() => self.article.as_ref(),
            _ => {
                let fits = || self.more.iter().find(|(at, _)| matches(at, &request.target)).map(|(_, steps)| steps);
                self.more.get(&request.target).or_else(fits)
            }
        };
        match steps {
            Some(steps) => wire::response(steps, request),
            None => College::with(1).respond(request),
        }
    }

    fn judged(&self) -> String {
        let overridden = match (&self.robots, &self.listing) {
            (Some(_), _) => "/robots.txt".to_owned(),
            (_, Some(_)) => LISTING.to_owned(),
            _ if matches!(self.connect, Connect::Plain) => path(1),
            _ => "/robots.txt".to_owned(),
        };
        self.ends.path.clone().unwrap_or(overridden)
    }

    /// What is not as it should be.
    pub(super) fn judge(&self, database: &Connection, report: &serde_json::Value, hits: &[Request]) -> Vec<String> {
        let mut wrong = Vec::new();
        let url = self.seed().replace(LISTING, &self.judged());
        let visit = last_visit(database, &url);
        let (outcome, said, truncated, bytes) = visit.clone().unwrap_or_default();
        if outcome != self.ends.outcome {
            wrong.push(format!("{url} ended as {outcome:?} ({said}), not {:?}", self.ends.outcome));
        }
        if let Some(because) = self.ends.because.as_ref().filter(|because| !said.contains(*because)) {
            wrong.push(format!("{said:?} does not say {because:?}"));
        }
        if self.ends.truncated.as_deref() != truncated.as_deref() {
            wrong.push(format!("WARC-Truncated {truncated:?}, not {:?}", self.ends.truncated));
        }
        if self.ends.bytes.is_some_and(|want| Some(want) != bytes) {
            wrong.push(format!("{bytes:?} bytes, not {:?}", self.ends.bytes));
        }
        let own: Vec<&Request> = hits.iter().filter(|hit| hit.host() == self.host()).collect();
        if let Some(most) = self.ends.hits.filter(|most| own.len() > *most) {
            wrong.push(format!("asked {} times, not {most} at the most", own.len()));
        }
        if let Some(least) = self.ends.gap.map(Duration::from_millis) {
            let times: Vec<_> = own.iter().filter(|hit| hit.path() == path(1)).map(|hit| hit.at).collect();
            if times.len() < 2 || times[1] - times[0] + JITTER < least {
                wrong.push(format!("asked {} times, not {least:?} apart", times.len()));
            }
        }
        let held: u32 = database
            .query_row("SELECT count(*) FROM articles WHERE instr(url, ?1)", [format!("//{}/", self.host())], |row| {
                row.get(0)
            })
            .unwrap();
        if (held > 0) != self.ends.held {
            wrong.push(format!("{held} articles held"));
        }
        let id = if self.lenient { self.name.clone() } else { self.host() };
        let site = report["sites"].as_array().unwrap().iter().find(|site| site["site"] == id.as_str());
        let failed = site.and_then(|site| site["failed"].as_str());
        match (failed, &self.ends.failed) {
            (None, None) => {}
            (Some(why), Some(part)) if why.contains(part) => {}
            (why, part) => wrong.push(format!("site failed: {why:?}, not {part:?}")),
        }
        let verdict = site.and_then(|site| site["verdict"].as_str());
        if self.ends.verdict.is_some() && verdict != self.ends.verdict.as_deref() {
            wrong.push(format!("verdict {verdict:?}, not {:?}", self.ends.verdict));
        }
        wrong
    }
}

type Seen = (String, String, Option<String>, Option<i64>);

/// Outcome, failure or flaw, truncation and size of the last visit of a URL.
fn last_visit(database: &Connection, url: &str) -> Option<Seen> {
    let sql = "SELECT outcome, coalesce(failure || ': ' || failure_detail, tls_flaw, status, ''), truncated, bytes \
        FROM captures WHERE url = ?1 ORDER BY id DESC LIMIT 1";
    let row = |row: &rusqlite::Row<'_>| {
        let said = row.get_ref(1)?;
        let said = said.as_str().map_or_else(|_| said.as_i64().unwrap_or_default().to_string(), str::to_owned);
        Ok((row.get(0)?, said, row.get(2)?, row.get(3)?))
    };
    database.query_row(sql, [url], row).ok()
}

fn matches(at: &str, target: &str) -> bool {
    at.strip_suffix('*').map_or(target == at, |front| target.starts_with(front))
}

/// All cases of a folder, by file name and place.
pub(super) fn load(dir: &Path) -> Vec<Case> {
    #[derive(Deserialize)]
    struct File {
        case: Vec<Case>,
    }
    let mut paths: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "toml"));
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let file: Result<File, _> = toml::from_str(&fs::read_to_string(path).unwrap());
        file.map_err(|error| format!("{}: {error}", path.display())).unwrap().case
    };
    let cases: Vec<Case> = paths.iter().flat_map(read).collect();
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "a name was given twice");
    cases
}
