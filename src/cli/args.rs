//! What was typed. Parsing only; nothing here does work. Defaults are printed from the modules that use them.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{ArgAction, Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use ipnet::IpNet;
use url::Url;

use super::parse::{self, Percent};
use super::settings;
use crate::domain::appraisal::Stage;
use crate::domain::time::Date;
use crate::export;
use crate::fetch::Resolve;

/// shiguan (史馆): crawler and archive for university theme-education news.
#[derive(Debug, Parser)]
#[command(name = "shiguan", version, propagate_version = true, max_term_width = 100)]
pub struct Args {
    /// Flags every command takes.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags every command takes.
#[derive(Debug, Clone, ClapArgs)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArgs {
    /// The archive's folder [default: archive; archive/demo for `demo`]
    #[arg(long, global = true, env = "SHIGUAN_ARCHIVE", value_name = "DIR")]
    pub archive: Option<PathBuf>,
    /// Folder of selector files laid over the built-in ones
    #[arg(long, global = true, env = "SHIGUAN_SELECTORS", value_name = "DIR")]
    pub selectors: Option<PathBuf>,
    /// Settings file [default: shiguan.toml in the archive]
    #[arg(long, global = true, env = "SHIGUAN_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Form of log lines on stderr
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text, value_name = "FORMAT")]
    pub log_format: LogFormat,
    /// Say only what went wrong
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more; twice for every URL
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
}

impl GlobalArgs {
    /// The archive's folder.
    pub fn archive_dir(&self) -> PathBuf {
        self.archive.clone().unwrap_or_else(|| PathBuf::from("archive"))
    }
}

/// Form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// A newcomer's first minute: crawl a made-up university and show what came of it
    Demo(DemoArgs),
    /// Make an archive folder with a commented settings file
    Init(InitArgs),
    /// Fetch what is new: incremental, polite, resumable
    Crawl(Box<CrawlArgs>),
    /// Crawl sites whenever they are due, until told to stop: the alternative to cron
    Watch(Box<WatchArgs>),
    /// Pages to records on stdout: no network, no archive
    Extract(ExtractArgs),
    /// How one page is read: which rule matched, which lost, and why
    Inspect(Box<InspectArgs>),
    /// Check selector files, or print the schema editors check them with
    #[command(subcommand)]
    Selectors(SelectorsCommand),
    /// Write a table of the archive as a file
    Export(ExportArgs),
    /// Search titles and bodies: words, "phrases", AND OR NOT, field:, parentheses
    Search(SearchArgs),
    /// One record: versions, differences, captures, reposts
    Show(ShowArgs),
    /// Make a self-describing package to hand over, which other programs open
    Package(PackageArgs),
    /// Counts by site, month, campaign, unit and kind, and what of the listings is held
    Stats(StatsArgs),
    /// What is held, and how each site's last run went
    Status(StatusArgs),
    /// Check every record and the index against their digests, or a package by itself
    Verify(VerifyArgs),
    /// Take in WARC and WACZ written by other tools
    Import(ImportArgs),
    /// Read stored captures again with today's selectors: no request
    Reextract(ReextractArgs),
    /// Rebuild the index from the WARC files alone
    Reindex(ReindexArgs),
    /// Print a completion script
    Completions(CompletionsArgs),
    /// Print the manual page, or write all of them
    Man(ManArgs),
}

impl Command {
    /// Whether it reads or writes the archive's folder; what only reads settings there is about something else.
    pub(super) fn is_about_an_archive(&self) -> bool {
        match self {
            Self::Demo(_)
            | Self::Init(_)
            | Self::Extract(_)
            | Self::Inspect(_)
            | Self::Selectors(_)
            | Self::Completions(_)
            | Self::Man(_) => false,
            Self::Verify(args) => args.package.is_none(),
            Self::Crawl(_)
            | Self::Watch(_)
            | Self::Search(_)
            | Self::Show(_)
            | Self::Export(_)
            | Self::Package(_)
            | Self::Stats(_)
            | Self::Status(_)
            | Self::Import(_)
            | Self::Reextract(_)
            | Self::Reindex(_) => true,
        }
    }
}

/// `demo`.
#[derive(Debug, ClapArgs)]
pub struct DemoArgs {
    /// Keep the made-up university up after the crawl, until interrupted
    #[arg(long)]
    pub serve: bool,
}

/// `init`.
#[derive(Debug, ClapArgs)]
pub struct InitArgs {
    /// The folder to make [default: that of --archive]
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

/// `crawl`.
#[derive(Debug, Clone, ClapArgs)]
pub struct CrawlArgs {
    /// Sites by id; all configured sites where neither sites nor seeds are given
    #[arg(value_name = "SITE")]
    pub sites: Vec<String>,
    /// Crawl this listing, feed, sitemap, home page or article that has no site file
    #[arg(long = "seed", value_name = "URL")]
    pub seeds: Vec<Url>,
    /// Walk every listing page and recheck every known article
    #[arg(long)]
    pub full: bool,
    /// Skip articles dated earlier than this day
    #[arg(long, value_name = "DATE", value_parser = parse::date)]
    pub since: Option<Date>,
    /// Page requests a site at the most
    #[arg(long, value_name = "N")]
    pub max_pages: Option<u64>,
    /// Stop a run in order after this long, such as 90m or 6h; the next one goes on from there
    #[arg(long, value_name = "T", value_parser = parse::duration)]
    pub max_time: Option<std::time::Duration>,
    /// Crawl only the configured sites whose schedule says so
    #[arg(long, conflicts_with = "seeds")]
    pub due: bool,
    /// Fetch robots and listings, print what would be fetched, write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Seconds between two requests to one host [default: 1]
    #[arg(long, value_name = "S", value_parser = parse::seconds)]
    pub delay: Option<std::time::Duration>,
    /// Requests under way at once to one host [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=settings::MOST_PER_HOST))]
    pub per_host: Option<u16>,
    /// Requests under way at once over all hosts [default: 16]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=settings::MOST_CONCURRENCY))]
    pub concurrency: Option<u16>,
    /// Percentage of a site's article requests that may fail before the site has failed [default: 5]
    #[arg(long, value_name = "PERCENT", value_parser = parse::percent)]
    pub max_failures: Option<Percent>,
    /// Fetch no images and attachments; a later run without this flag fetches them
    #[arg(long)]
    pub no_media: bool,
    /// Follow links to this host too
    #[arg(long = "allow-host", value_name = "HOST")]
    pub allow_hosts: Vec<String>,
    /// Send a host name to an address, and permit that address
    #[arg(long = "resolve", value_name = "HOST:ADDR[:PORT]")]
    pub resolve: Vec<Resolve>,
    /// Permit addresses that are refused by default (loopback, private, link-local …)
    #[arg(long = "allow-address", value_name = "CIDR", value_parser = parse::network)]
    pub allow_addresses: Vec<IpNet>,
    /// Do not wait as long as robots.txt asks between requests
    #[arg(long)]
    pub ignore_crawl_delay: bool,
    /// Fetch what robots.txt forbids
    #[arg(long)]
    pub ignore_robots: bool,
    /// Who answers for this crawl: an e-mail address or a page, sent with every request
    #[arg(long, env = "SHIGUAN_CONTACT", value_name = "CONTACT", value_parser = parse::contact)]
    pub contact: Option<String>,
    /// WARC version to write [default: 1.1]
    #[arg(long, value_name = "VERSION", value_parser = ["1.0", "1.1"])]
    pub warc_version: Option<String>,
    /// Write figures of the run here for Prometheus' text-file collector (.prom)
    #[arg(long, value_name = "FILE")]
    pub metrics: Option<PathBuf>,
    /// Write the run's report here too (.json for scripts, .html for people); may be given twice
    #[arg(long, value_name = "FILE")]
    pub report: Vec<PathBuf>,
}

/// `watch`: the flags of `crawl`, but for those that belong to a single run.
#[derive(Debug, Clone, ClapArgs)]
#[command(mut_args(|arg| if WatchArgs::OF_ONE_RUN.contains(&arg.get_id().as_str()) { arg.hide(true) } else { arg }))]
pub struct WatchArgs {
    /// How each run goes about it.
    #[command(flatten)]
    pub crawl: CrawlArgs,
}

impl WatchArgs {
    /// Flags that make no sense for runs that come again and again.
    pub const OF_ONE_RUN: [&str; 5] = ["seeds", "dry_run", "since", "due", "report"];
}

/// `export`.
#[derive(Debug, ClapArgs)]
pub struct ExportArgs {
    /// The table
    #[arg(value_name = "TABLE", value_parser = PossibleValuesParser::new(export::TABLES.iter().map(|t| clap::builder::PossibleValue::new(t.name).help(t.about)).chain([clap::builder::PossibleValue::new(super::export::ALL).help("every table, as a Frictionless Data Package (-o names a new folder)")])))]
    pub table: String,
    /// The format
    #[arg(long, default_value = "csv", value_parser = PossibleValuesParser::new(export::FORMATS.iter().map(|f| clap::builder::PossibleValue::new(f.name).help(f.about))))]
    pub format: String,
    /// Write to this file (`all`: new folder), whole or not at all [default: stdout]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Begin with a byte order mark, by which Excel knows UTF-8
    #[arg(long)]
    pub bom: bool,
    /// Do not guard cells that spreadsheets would read as formulas
    #[arg(long)]
    pub raw_csv: bool,
    /// Make tokens of persons, their numbers and addresses with the key in this file; where there is none, one is made
    #[arg(long, value_name = "KEYFILE", help_heading = "Sharing")]
    pub pseudonymize: Option<PathBuf>,
    /// Leave addresses, digests and works as they are, but for names in them
    #[arg(long, requires = "pseudonymize", help_heading = "Sharing")]
    pub keep_addresses: bool,
    /// Leave out texts: titles, bodies, words of reflections, captions, names of files
    #[arg(long, help_heading = "Sharing")]
    pub drop_text: bool,
    /// Which rows.
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Of articles this search finds, written as for `search`
    #[arg(long, value_name = "QUERY", help_heading = "Filters")]
    pub query: Option<String>,
}

/// `search`.
#[derive(Debug, ClapArgs)]
pub struct SearchArgs {
    /// What to find; several words are all to be found
    #[arg(required = true, value_name = "QUERY")]
    pub query: Vec<String>,
    /// Articles shown at the most
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub limit: usize,
    /// Articles passed over first
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub offset: usize,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Which articles.
    #[command(flatten)]
    pub filter: FilterArgs,
}

/// `show`.
#[derive(Debug, ClapArgs)]
#[command(after_help = SHOW_JSON)]
pub struct ShowArgs {
    /// The article: its id, or any address it was read at
    #[arg(value_name = "ID|URL")]
    pub article: String,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// What `show --json` prints.
const SHOW_JSON: &str = "\
JSON: one object with
  id, work_id, first_seen, last_seen, gone_at
  record       the record as read last, as `extract` prints it
  images, attachments
               url, outcome (null: nobody asked yet), payload_digest, bytes, media_type
  versions     ordinal, captured_at, url, warc_file, warc_offset, payload_digest,
               content_digest, record
  appearances  version (its ordinal), began_at: a text that comes back has another row
  differences  from, to (ordinals), fields [{field, before, after}],
               body [{change: equal|removed|added, line}]
  captures     id, url, captured_at, outcome, status, warc_type, warc_file, warc_offset,
               payload_digest
  tombstones   kind, began_at, url, warc_file, warc_offset, ended_at
  reposts      the articles of its work in order of appearance: article_id, url, site, title,
               source, published_at, first_seen, score, evidence, changes";

/// Which rows. Days are inclusive, in +08:00.
#[derive(Debug, Clone, Default, ClapArgs)]
#[command(next_help_heading = "Filters")]
pub struct FilterArgs {
    /// Only this site; may be repeated
    #[arg(long = "site", value_name = "ID")]
    pub sites: Vec<String>,
    /// Published on this day or later
    #[arg(long, value_name = "DATE", value_parser = parse::date)]
    pub since: Option<Date>,
    /// Published on this day or earlier
    #[arg(long, value_name = "DATE", value_parser = parse::date)]
    pub until: Option<Date>,
    /// Tagged with this campaign; may be repeated
    #[arg(long = "topic", value_name = "TOPIC")]
    pub topics: Vec<String>,
    /// With words of this person
    #[arg(long, value_name = "NAME")]
    pub person: Option<String>,
    /// With words of someone of this unit
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<String>,
}

impl FilterArgs {
    /// What was typed, for the description of a package; empty where nothing was.
    pub fn in_words(&self) -> String {
        let mut words: Vec<String> = Vec::new();
        words.extend(self.sites.iter().map(|site| format!("site {site}")));
        words.extend(self.since.map(|day| format!("since {day}")));
        words.extend(self.until.map(|day| format!("until {day}")));
        words.extend(self.topics.iter().map(|topic| format!("topic {topic}")));
        words.extend(self.person.iter().map(|person| format!("person {person}")));
        words.extend(self.unit.iter().map(|unit| format!("unit {unit}")));
        words.join(", ")
    }
}

/// `package`.
#[derive(Debug, ClapArgs)]
pub struct PackageArgs {
    /// The format
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: PackageFormat,
    /// Write to this file (WACZ) or folder (BagIt) [default: shiguan-TIME.wacz or shiguan-TIME in the current folder]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// What the package is called [default: the operator of the settings file, else the archive folder's name]
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Which articles, with all that belongs to them.
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Of articles this search finds, written as for `search`
    #[arg(long, value_name = "QUERY", help_heading = "Filters")]
    pub query: Option<String>,
}

/// Formats of packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PackageFormat {
    /// WACZ 1.1.1: one file, replayed by ReplayWeb.page and pywb
    Wacz,
    /// BagIt 1.0: a folder with everything, its metadata and its digests, for long keeping
    Bagit,
}

/// `stats`.
#[derive(Debug, ClapArgs)]
pub struct StatsArgs {
    /// The form
    #[arg(long, value_enum, default_value_t = StatsFormat::Table, value_name = "FORMAT", conflicts_with = "json")]
    pub format: StatsFormat,
    /// Print JSON: the same as --format json
    #[arg(long)]
    pub json: bool,
    /// Draw charts into this folder too: site.svg, month.svg, topic.svg, unit.svg, kind.svg
    #[arg(long, value_name = "DIR")]
    pub svg: Option<PathBuf>,
    /// What is counted.
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Of articles this search finds, written as for `search`
    #[arg(long, value_name = "QUERY", help_heading = "Filters")]
    pub query: Option<String>,
}

/// Forms of `stats`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StatsFormat {
    /// Tables for people
    Table,
    /// One table, RFC 4180
    Csv,
    /// One object
    Json,
}

/// `status`.
#[derive(Debug, ClapArgs)]
pub struct StatusArgs {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `verify`.
#[derive(Debug, ClapArgs)]
pub struct VerifyArgs {
    /// Check this package (a WACZ file or the folder of a bag) by itself instead of the archive: always in full
    #[arg(value_name = "PACKAGE", conflicts_with_all = ["full", "stage", "sites", "since", "until", "topics", "person", "unit"])]
    pub package: Option<PathBuf>,
    /// Also unpack and parse every record and recompute its digests
    #[arg(long)]
    pub full: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Check the four properties of records too (真实性 完整性 可用性 安全性), as this stage asks
    #[arg(long, value_name = "STAGE", value_parser = parse::stage)]
    pub stage: Option<Stage>,
    /// Write a report here with each check, its evidence and its result, of the stage 保存 unless another is named (.json, .html)
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Which articles the four properties are checked of; bytes are always checked of all.
    #[command(flatten)]
    pub filter: FilterArgs,
}

/// `import`.
#[derive(Debug, ClapArgs)]
pub struct ImportArgs {
    /// WARC or WACZ files, or folders of them, oldest first: what is older than the last capture of its address changes
    /// no record, and a revisit needs the answer it repeats
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The site all pages belong to [default: each page's host]
    #[arg(long, value_name = "ID", value_parser = parse::site)]
    pub site: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `reextract`.
#[derive(Debug, ClapArgs)]
pub struct ReextractArgs {
    /// Sites by id; all that are held where none is given
    #[arg(value_name = "SITE")]
    pub sites: Vec<String>,
    /// Say what would change and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `reindex`.
#[derive(Debug, ClapArgs)]
pub struct ReindexArgs {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `completions`.
#[derive(Debug, ClapArgs)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
}

/// `man`.
#[derive(Debug, ClapArgs)]
pub struct ManArgs {
    /// Write a page for every command into this folder
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

/// `extract`.
#[derive(Debug, ClapArgs)]
pub struct ExtractArgs {
    /// Pages, WARC or WACZ files, or folders of them; `-` is one page on stdin
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The address of the page (with one page only)
    #[arg(long)]
    pub url: Option<Url>,
    /// Read with this family instead of the recognised one; `generic` too
    #[arg(long, value_name = "NAME")]
    pub family: Option<String>,
    /// Read with the rules of this site
    #[arg(long, value_name = "ID")]
    pub site: Option<String>,
}

/// `inspect`.
#[derive(Debug, ClapArgs)]
pub struct InspectArgs {
    /// The page: an address, fetched once, or a file; `-` is a page on stdin
    #[arg(value_name = "URL|PATH")]
    pub page: OsString,
    /// The address of a page that is a file
    #[arg(long)]
    pub url: Option<Url>,
    /// Read with this family instead of the recognised one; `generic` too
    #[arg(long, value_name = "NAME")]
    pub family: Option<String>,
    /// Read with the rules of this site
    #[arg(long, value_name = "ID")]
    pub site: Option<String>,
    /// Write the page here with its parts outlined and labelled; its scripts are taken out
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Show every rule, also those that match nothing
    #[arg(long)]
    pub all: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Where requests may go.
    #[command(flatten)]
    pub reach: ReachArgs,
}

/// Where requests may go, and in whose name.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct ReachArgs {
    /// Send a host name to an address, and permit that address
    #[arg(long = "resolve", value_name = "HOST:ADDR[:PORT]")]
    pub resolve: Vec<Resolve>,
    /// Permit addresses that are refused by default (loopback, private, link-local …)
    #[arg(long = "allow-address", value_name = "CIDR", value_parser = parse::network)]
    pub allow_addresses: Vec<IpNet>,
    /// Who answers for this request: an e-mail address or a page, sent with it
    #[arg(long, env = "SHIGUAN_CONTACT", value_name = "CONTACT", value_parser = parse::contact)]
    pub contact: Option<String>,
}

/// `selectors`.
#[derive(Debug, Subcommand)]
pub enum SelectorsCommand {
    /// Say everything that is wrong with selector files, one line each
    Lint {
        /// Folders of selectors, or single files [default: the folder of --selectors]
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// Read the pages in the folder `fixtures` of a folder of selectors, or beside it, and say what their records read otherwise
    Test {
        /// Folder of selectors [default: the folder of --selectors]
        #[arg(value_name = "DIR")]
        dir: Option<PathBuf>,
        /// Write what is read into each record.json; read it before you keep it
        #[arg(long)]
        update: bool,
    },
    /// Print the JSON Schema of a family's or a site's file
    Schema {
        /// Which file's
        #[arg(value_name = "KIND", value_parser = ["family", "site"], default_value = "family")]
        kind: String,
    },
}
