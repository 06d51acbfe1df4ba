//! The settings file, and flags over environment over file over defaults, merged once.
//!
//! Below this module nobody sees settings: each part gets its own small options.

mod fetch;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use url::Url;

use self::fetch::FetchSection;
use super::args::{CrawlArgs, GlobalArgs};
use super::exit::Failure;
use crate::domain::profile::MetadataSpec;
use crate::domain::recheck::Recheck;
use crate::domain::schedule::Schedule;
use crate::domain::site::{Politeness, Share};
use crate::domain::window::Window;
use crate::export::datapackage::Licence;
use crate::extract::catalogue;
use crate::frontier;

/// Name of the settings file in an archive.
pub(super) const FILE_NAME: &str = "shiguan.toml";

/// What `init` writes: every key, commented, with its default.
pub(super) const TEMPLATE: &str = include_str!("settings_template.toml");

/// Largest settings file read, in bytes; a larger one is a mistake.
const MAX_FILE: u64 = 1 << 20;

/// The file as written.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SettingsFile {
    /// Who answers for the crawl.
    pub(super) contact: Option<String>,
    /// The institution, for `warcinfo`.
    pub(super) operator: Option<String>,
    /// What requests call themselves, instead of the program's own name.
    pub(super) user_agent: Option<String>,
    /// Proxy all requests go through.
    pub(super) proxy: Option<Url>,
    /// Folder of selector files laid over the built-in ones, relative to the settings file.
    pub(super) selectors: Option<PathBuf>,
    /// `[crawl]`.
    #[serde(default)]
    pub(super) crawl: CrawlSection,
    /// `[fetch]`.
    #[serde(default)]
    pub(super) fetch: FetchSection,
    /// `[archive]`.
    #[serde(default)]
    pub(super) archive: ArchiveSection,
    /// `[export]`: what data packages say of themselves.
    #[serde(default)]
    pub(super) export: ExportSection,
    /// `[metadata]`: what packages say of records where a site's file says nothing else.
    #[serde(default)]
    pub(super) metadata: MetadataSpec,
}

/// `[crawl]`: defaults of the flags of the same name.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CrawlSection {
    delay: Option<f64>,
    per_host: Option<i64>,
    concurrency: Option<i64>,
    max_failures: Option<f64>,
    media: Option<bool>,
    /// When sites are due whose file does not say.
    pub(super) schedule: Option<String>,
    /// Hours in which sites are asked whose file does not say.
    pub(super) window: Option<String>,
    share: Option<Share>,
    /// Days after which articles are asked for again, of sites whose file does not say.
    recheck: Option<Vec<u32>>,
    recheck_most: Option<u32>,
    /// File for Prometheus' text-file collector, relative to the settings file.
    pub(super) metrics: Option<PathBuf>,
    attempts: Option<i64>,
    backoff: Option<f64>,
    /// Percent of the delay that chance adds at the most.
    jitter: Option<f64>,
    failures_to_stop: Option<i64>,
    max_wait: Option<f64>,
}

/// `[archive]`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ArchiveSection {
    /// `1.1` or `1.0`.
    pub(super) warc_version: Option<String>,
    /// Free space below which a run stops, in MiB.
    pub(super) free_space_mib: Option<u64>,
    /// Size at which a WARC file is closed, in MiB.
    pub(super) roll_mib: Option<u64>,
}

/// `[export]`: what nobody says here is absent from data packages; nothing is made up.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExportSection {
    /// What packages are called.
    pub(super) title: Option<String>,
    /// Whom to cite.
    #[serde(default)]
    pub(super) authors: Vec<String>,
    /// Under which terms they are shared.
    #[serde(default)]
    pub(super) licences: Vec<Licence>,
}

/// How a crawl is to behave, merged and checked.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CrawlSettings {
    /// Delay and parallelism for each host, where the site's file says nothing.
    pub(super) politeness: Politeness,
    /// Hours in which hosts are asked, where the site's file says nothing.
    pub(super) window: Option<String>,
    /// Requests under way at once over all hosts.
    pub(super) concurrency: usize,
    /// Fraction of a site's article requests that may fail.
    pub(super) max_failures: f64,
    /// Whether images and attachments are fetched, where the site's file says nothing.
    pub(super) media: bool,
    /// When articles are asked for again; the steps where the site's file says nothing.
    pub(super) recheck: Recheck,
    /// Times one request is made before its failure stands.
    pub(super) attempts: u8,
    /// Pause after a host's first failure.
    pub(super) backoff: Duration,
    /// Thousandths of the delay that chance adds at the most.
    pub(super) jitter: u32,
    /// Failures in a row that stop a host.
    pub(super) failures_to_stop: u32,
    /// What one host may have a run wait by `Retry-After`, all told.
    pub(super) max_wait: Duration,
}

/// Requests under way at once over all hosts, unless told otherwise.
const DEFAULT_CONCURRENCY: usize = 16;
/// Most requests under way at once to one host.
pub(super) const MOST_PER_HOST: i64 = 256;
/// Most requests under way at once over all hosts.
pub(super) const MOST_CONCURRENCY: i64 = 1024;
/// Most times one request is made.
const MOST_ATTEMPTS: i64 = 20;
/// Most failures in a row before a host is left alone.
const MOST_FAILURES: i64 = 10_000;
/// Percentage of article requests that may fail, unless told otherwise: the contract's default.
const DEFAULT_MAX_FAILURES: f64 = 5.0;

/// Refuses a file where the archive's folder should be, before each part says in its own way what it misses.
pub(super) fn refuse_file(archive: &Path) -> Result<(), Failure> {
    let is_folder = match fs::metadata(archive) {
        Ok(found) => found.is_dir(),
        // A file stands in the place of a folder above it.
        Err(error) => error.kind() != io::ErrorKind::NotADirectory,
    };
    if is_folder { Ok(()) } else { Err(Failure::unusable(format!("{}: not a folder", archive.display()))) }
}

/// Reads the settings: the file named, which must exist, else the archive's own, which may not.
pub(super) fn load(global: &GlobalArgs) -> Result<SettingsFile, Failure> {
    let (path, required) = (path(global), global.config.is_some());
    let size = match fs::metadata(&path) {
        Ok(metadata) => metadata.len(),
        Err(error) if !required && error.kind() == io::ErrorKind::NotFound => return Ok(SettingsFile::default()),
        Err(error) => return Err(Failure::unusable(format!("{}: {error}", path.display()))),
    };
    if size > MAX_FILE {
        return Err(Failure::unusable(format!("{}: {size} bytes is too large for a settings file", path.display())));
    }
    let bytes = fs::read(&path).map_err(|error| Failure::unusable(format!("{}: {error}", path.display())))?;
    let text = utf8(bytes).map_err(|line| Failure::unusable(format!("{}:{line}: not UTF-8", path.display())))?;
    let mut file = read(&text).map_err(|what| Failure::unusable(format!("{}:{what}", path.display())))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    file.selectors = file.selectors.take().map(|selectors| folder.join(selectors));
    file.crawl.metrics = file.crawl.metrics.take().map(|metrics| folder.join(metrics));
    file.fetch.resolve_paths(folder);
    Ok(file)
}

/// Where the settings are, or would be.
pub(super) fn path(global: &GlobalArgs) -> PathBuf {
    global.config.clone().unwrap_or_else(|| global.archive_dir().join(FILE_NAME))
}

/// The settings file's text as it may be handed over: without the proxy, whose address can hold a password. Empty where
/// there is no file.
pub(super) fn without_secrets(global: &GlobalArgs) -> String {
    let text = fs::read_to_string(path(global)).unwrap_or_default();
    text.lines()
        .filter(|line| !line.trim_start().starts_with("proxy"))
        .fold(String::new(), |kept, line| kept + line + "\n")
}

/// Reads the file's text; an error begins with the line.
pub(super) fn read(text: &str) -> Result<SettingsFile, String> {
    let file: SettingsFile = toml::from_str(text).map_err(|error| {
        let (line, field) = catalogue::place_of(text, error.span().map_or(0, |span| span.start));
        let what = error.message().trim();
        // A key that is not known is in the message already.
        let key = field.rsplit('.').next().unwrap_or_default();
        let is_named = key.is_empty() || what.contains(&format!("`{key}`"));
        if is_named { format!("{line}: {what}") } else { format!("{line}: {field}: {what}") }
    })?;
    check(&file).map_err(|(field, what)| format!("{}: {field}: {what}", line_of(text, field)))?;
    Ok(file)
}

/// The text in these bytes; the error is the first line that is none.
pub(super) fn utf8(bytes: Vec<u8>) -> Result<String, usize> {
    String::from_utf8(bytes).map_err(|error| lines_before(error.as_bytes(), error.utf8_error().valid_up_to()))
}

/// The line a byte stands on, from 1.
fn lines_before(text: &[u8], at: usize) -> usize {
    text.iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

/// What the types cannot say.
fn check(file: &SettingsFile) -> Result<(), (&'static str, String)> {
    let line_break = |value: &Option<String>| value.as_deref().is_some_and(|v| v.chars().any(char::is_control));
    for (field, value) in [("contact", &file.contact), ("operator", &file.operator), ("user_agent", &file.user_agent)] {
        if line_break(value) {
            return Err((field, "must be one line of text".to_owned()));
        }
        if value.as_deref().is_some_and(|value| value.trim().is_empty()) {
            return Err((field, "is empty; put a `#` before it to leave it out".to_owned()));
        }
    }
    if file.crawl.delay.is_some_and(|s| !(0.0..=86_400.0).contains(&s)) {
        return Err(("delay", "seconds lie between 0 and 86400".to_owned()));
    }
    if file.crawl.backoff.is_some_and(|s| !(0.0..=3600.0).contains(&s)) {
        return Err(("backoff", "seconds lie between 0 and 3600".to_owned()));
    }
    if file.crawl.max_wait.is_some_and(|s| !(0.0..=86_400.0).contains(&s)) {
        return Err(("max_wait", "seconds lie between 0 and 86400".to_owned()));
    }
    if file.crawl.jitter.is_some_and(|p| !(0.0..=100.0).contains(&p)) {
        return Err(("jitter", "a percentage lies between 0 and 100".to_owned()));
    }
    for (field, value, most) in [
        ("per_host", file.crawl.per_host, MOST_PER_HOST),
        ("concurrency", file.crawl.concurrency, MOST_CONCURRENCY),
        ("attempts", file.crawl.attempts, MOST_ATTEMPTS),
        ("failures_to_stop", file.crawl.failures_to_stop, MOST_FAILURES),
    ] {
        if value.is_some_and(|value| !(1..=most).contains(&value)) {
            return Err((field, format!("lies between 1 and {most}")));
        }
    }
    if file.crawl.max_failures.is_some_and(|p| !(0.0..=100.0).contains(&p)) {
        return Err(("max_failures", "a percentage lies between 0 and 100".to_owned()));
    }
    if let Some(Err(error)) = file.crawl.schedule.as_deref().map(Schedule::parse) {
        return Err(("schedule", error.to_string()));
    }
    if let Some(Err(error)) = file.crawl.window.as_deref().map(Window::setting) {
        return Err(("window", error.to_string()));
    }
    if let Some(Err(what)) = file.crawl.recheck.as_deref().map(Recheck::check) {
        return Err(("recheck", what));
    }
    file.fetch.check()?;
    match file.archive.warc_version.as_deref() {
        None | Some("1.0" | "1.1") => Ok(()),
        Some(other) => Err(("warc_version", format!("is 1.0 or 1.1, not {other}"))),
    }
}

/// The line a key stands on, from 1.
fn line_of(text: &str, key: &str) -> usize {
    text.lines().position(|line| line.split('=').next().is_some_and(|name| name.trim() == key)).map_or(1, |at| at + 1)
}

/// Flags over file over defaults.
pub(super) fn crawl(args: &CrawlArgs, file: &SettingsFile) -> CrawlSettings {
    let (section, usual) = (&file.crawl, frontier::Options::default());
    CrawlSettings {
        politeness: Politeness {
            delay: args.delay.or(section.delay.map(Duration::from_secs_f64)).unwrap_or(Politeness::DEFAULT_DELAY),
            per_host: count(args.per_host, section.per_host).unwrap_or(Politeness::DEFAULT_PER_HOST),
            share: section.share.unwrap_or_default(),
        },
        concurrency: count(args.concurrency, section.concurrency).unwrap_or(DEFAULT_CONCURRENCY),
        window: section.window.clone(),
        media: !args.no_media && section.media.unwrap_or(true),
        recheck: Recheck {
            steps: section.recheck.clone().unwrap_or_else(|| Recheck::DEFAULT_STEPS.to_vec()),
            most: section.recheck_most.and_then(|n| usize::try_from(n).ok()).unwrap_or(Recheck::DEFAULT_MOST),
        },
        max_failures: args
            .max_failures
            .map_or(section.max_failures.unwrap_or(DEFAULT_MAX_FAILURES) / 100.0, super::parse::Percent::fraction),
        attempts: section.attempts.and_then(|n| u8::try_from(n).ok()).unwrap_or(usual.attempts),
        max_wait: section.max_wait.map_or(usual.max_wait, Duration::from_secs_f64),
        backoff: section.backoff.map_or(usual.backoff, Duration::from_secs_f64),
        jitter: section.jitter.map_or(usual.jitter, thousandths),
        failures_to_stop: section
            .failures_to_stop
            .and_then(|n| u32::try_from(n).ok())
            .unwrap_or(usual.failures_to_stop),
    }
}

/// A checked percentage as thousandths.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
fn thousandths(percent: f64) -> u32 {
    (percent.clamp(0.0, 100.0) * 10.0).round() as u32
}

/// A checked number of requests: the flag's, else the file's.
fn count(flag: Option<u16>, file: Option<i64>) -> Option<usize> {
    flag.map(usize::from).or(file.and_then(|n| usize::try_from(n).ok()))
}

/// Neither flags nor a file.
#[cfg(test)]
pub(super) fn usual() -> CrawlSettings {
    use clap::Parser as _;

    #[derive(clap::Parser)]
    struct Alone {
        #[command(flatten)]
        crawl: CrawlArgs,
    }
    crawl(&Alone::parse_from(["crawl"]).crawl, &SettingsFile::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_a_settings_file_that_changes_nothing() {
        assert_eq!(read(TEMPLATE).unwrap(), SettingsFile::default());
    }

    #[test]
    fn every_key_of_the_template_is_known_once_uncommented() {
        let uncommented: String = TEMPLATE
            .lines()
            .map(|line| line.strip_prefix("#").filter(|rest| !rest.starts_with(' ')).unwrap_or(line))
            .fold(String::new(), |text, line| text + line + "\n");
        let file = read(&uncommented).unwrap();
        assert!(file.contact.is_some() && file.crawl.delay.is_some() && file.archive.roll_mib.is_some());
    }

    #[test]
    fn errors_name_the_line_and_the_field() {
        for (text, want) in [
            ("contact = \"a@b.cn\"\ndleay = 1\n", "2: unknown field `dleay`"),
            ("\n[crawl]\ndelay = \"x\"\n", "3: crawl.delay: invalid type"),
            ("[crawl]\ndelay = -1\n", "2: delay: seconds lie"),
            ("[crawl]\n\nper_host = 0\n", "3: per_host: lies between 1 and 256"),
            ("[crawl]\nconcurrency = 100000\n", "2: concurrency: lies between 1 and 1024"),
            ("[crawl]\nattempts = 0\n", "2: attempts: lies between 1 and 20"),
            ("[crawl]\n\nrecheck = [3, 1]\n", "3: recheck: each step must be later"),
            ("[crawl]\nrecheck = [0]\n", "2: recheck: days lie between 1 and 3650"),
            ("[crawl]\nwindow = \"22-6\"\n", "2: window: \"22-6\" is no window"),
            ("[crawl]\n\nshare = \"site\"\n", "3: crawl.share: unknown variant `site`"),
            ("[crawl]\nbackoff = -1\n", "2: backoff: seconds lie"),
            ("[crawl]\njitter = 101\n", "2: jitter: a percentage lies"),
            ("[fetch]\nidle_timeout = 0\n", "2: idle_timeout: seconds lie between 0.01 and 3600"),
            ("[fetch]\nmax_body_mib = 0\n", "2: max_body_mib: lies between 1 and 1024"),
            ("[archive]\nwarc_version = \"2\"\n", "2: warc_version: is 1.0 or 1.1, not 2"),
            ("operator = \"a\\nb\"\n", "1: operator: must be one line"),
            ("\ncontact = \" \"\n", "2: contact: is empty"),
            ("contact = [1]\n", "1: contact: invalid type"),
            ("[export]\nauthors = [\"a\", 5]\n", "2: export.authors"),
            ("contact = \n", "1: "),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.starts_with(want), "{error:?} for {text:?}");
        }
    }
}
