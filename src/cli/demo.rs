//! `demo`: the newcomer's first minute. A made-up university on loopback, crawled by the ordinary crawler, twice.

use std::fmt::Write as _;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpListener;

use super::args::{DemoArgs, GlobalArgs};
use super::crawl::{Start, runtime};
use super::exit::{Exit, Failure};
use super::progress::Watch;
use super::signals::Signals;
use super::{output, selectors, settings, table};
use crate::archive;
use crate::crawl::{self, Keep, Summary};
use crate::demo;
use crate::domain::article::{Article, ReflectionKind};
use crate::domain::held::{Filter, HeldArticle};
use crate::domain::site::{Politeness, Site};
use crate::domain::time::Precision;
use crate::extract::Catalogue;
use crate::fetch::{self, HttpFetch, Resolve};
use crate::store::Reader;

/// Runs the command.
pub(super) fn run(args: &DemoArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let dir = global.archive.clone().unwrap_or_else(|| PathBuf::from("archive").join("demo"));
    let file = settings::load(&GlobalArgs { archive: Some(dir.clone()), ..global.clone() })?;
    let catalogue = Arc::new(selectors::load(global, &file)?);
    refuse_others(&dir)?;
    runtime()?.block_on(show(args, &dir, catalogue, !global.quiet))
}

/// What is made up does not go into an archive of anything else, where it would stand for good.
fn refuse_others(dir: &Path) -> anyhow::Result<()> {
    let Ok(reader) = Reader::whole(dir) else { return Ok(()) };
    let ours = sites();
    let held = reader.last_crawls()?;
    let Some(other) = held.keys().filter(|site| ours.iter().all(|our| our.id != **site)).min() else { return Ok(()) };
    let message = format!(
        "{}: holds {other} and is no archive of the demo's: name another folder, or none, with --archive or SHIGUAN_ARCHIVE",
        dir.display()
    );
    Err(Failure::unusable(message).into())
}

async fn show(args: &DemoArgs, dir: &Path, catalogue: Arc<Catalogue>, watch: bool) -> anyhow::Result<Exit> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("listening on loopback")?;
    let server = demo::serve(listener).context("serving the made-up university")?;
    let first_time = !dir.join(crate::store::DATABASE).exists();
    say(&format!(
        "云岭理工大学 is made up; its {} sites are up on {} and are crawled from there.\n",
        demo::Site::all().len(),
        server.address()
    ))?;
    let night = |full| Night { dir, catalogue: &catalogue, server: &server, full, watch };
    let mut exit = Exit::Done;
    if first_time {
        let ended = night(false).crawl().await?;
        say(&format!("First night: everything is new.\n{}", counted(&ended)))?;
        exit = worse(exit, &ended);
    }
    server.set_day(2);
    let ended = night(true).crawl().await?;
    let told = if first_time {
        "Second night: one article was edited, one added, one taken down."
    } else {
        "This archive holds the university already; a full recheck finds what changed since."
    };
    say(&format!("{told}\n{}", counted(&ended)))?;
    exit = worse(exit, &ended);
    say(&held(dir)?)?;
    if args.serve {
        stay(&server).await?;
    }
    server.shutdown().await.context("stopping the made-up university")?;
    Ok(exit)
}

fn say(text: &str) -> anyhow::Result<()> {
    Ok(output::data(format!("{text}\n").as_bytes())?)
}

fn worse(exit: Exit, summary: &Summary) -> Exit {
    if summary.exit == 0 { exit } else { Exit::Partial }
}

/// One crawl of the university.
struct Night<'a> {
    dir: &'a Path,
    catalogue: &'a Arc<Catalogue>,
    server: &'a demo::Server,
    full: bool,
    watch: bool,
}

impl Night<'_> {
    async fn crawl(&self) -> anyhow::Result<Summary> {
        let start = Start {
            sites: sites(),
            options: crawl::Options { full: self.full, ..crawl::Options::default() },
            catalogue: Arc::clone(self.catalogue),
            watch: Watch::new(self.watch),
        };
        let resolve = self.server.resolves().into_iter().map(|(host, address)| Resolve {
            host: host.to_owned(),
            addr: address.ip(),
            port: Some(address.port()),
        });
        let options = fetch::Options { resolve: resolve.collect(), ..fetch::Options::default() };
        let mut kept = archive::Options::new(self.dir);
        kept.operator = Some("shiguan demo".to_owned());
        kept.user_agent.clone_from(&options.user_agent);
        kept.sites = start.sites.iter().map(|site| site.id.clone()).collect();
        let archive = tokio::task::block_in_place(|| start.open(kept))?;
        let signals = Signals::listen().context("listening for signals")?;
        let ended = start.conduct(Keep::Archive(archive.clone()), HttpFetch::new(options)?, &signals).await;
        let closed = archive.close().await;
        let ended = ended?;
        ended.broken.or(closed.err().map(anyhow::Error::new)).map_or(Ok(()), Err)?;
        match ended.signal {
            Some(exit) => {
                Err(Failure { exit, message: "interrupted; the next demo goes on from here".to_owned() }.into())
            }
            None => Ok(ended.summary),
        }
    }
}

/// The university's sites. Nobody is bothered by a crawl of one's own loopback, so there is no delay.
fn sites() -> Vec<Site> {
    let politeness = Politeness { delay: Duration::ZERO, per_host: 4, ..Politeness::default() };
    demo::seeds()
        .into_iter()
        .map(|(id, url)| Site {
            id: id.to_owned(),
            name: None,
            hosts: url.host_str().map(str::to_owned).into_iter().collect(),
            seeds: vec![url],
            family: None,
            politeness,
            media: true,
            recheck: crate::domain::recheck::Recheck::default(),
            window: None,
        })
        .collect()
}

fn counted(summary: &Summary) -> String {
    let mut rows = vec![
        ["site", "requests", "listing pages", "new", "changed", "unchanged", "missing", "failed", "files", "no file"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for site in &summary.sites {
        let c = &site.counts;
        let missing = c.gone + c.not_found;
        let numbers =
            [c.requests, c.listings, c.new, c.changed, c.unchanged, missing, c.failed, c.media.files, c.media.missing]
                .map(|n| n.to_string());
        rows.push([vec![site.site.clone()], numbers.to_vec()].concat());
    }
    table::align(&rows, 1)
}

/// What the archive holds, three records of it, where it is, and what to try next.
fn held(dir: &Path) -> anyhow::Result<String> {
    let reader = Reader::whole(dir)?;
    let totals = reader.totals()?;
    let mut articles: Vec<HeldArticle> = reader.articles(&Filter::default()).collect::<Result<_, _>>()?;
    // Sites are crawled side by side, so the order of ids is chance; the newcomer is shown the same three each time.
    articles.sort_by_key(|held| (held.record.published_at, held.record.url.clone()));
    let mut text = format!(
        "Held: {} articles with {} reflections, from {} captures.\n\nThree of them:\n",
        totals.articles, totals.reflections, totals.captures
    );
    for (what, article) in samples(&articles) {
        text.push_str(&sample(what, article, &articles));
    }
    let place = dir.display();
    let program = std::env::args().next().unwrap_or_else(|| "shiguan".to_owned());
    // Writing to a String cannot fail.
    write!(
        text,
        "\nWhere it is:
  {place}/warc/        every exchange as WARC 1.1, for any web archive tool
  {place}/shiguan.db   the records as SQLite, for any database tool

Try next:
  {program} export articles --archive {place} --bom -o articles.csv
  {program} export reflections --archive {place} --format jsonl
  {program} status --archive {place}
  {program} verify --archive {place} --full
  sqlite3 {place}/shiguan.db .schema
"
    )
    .ok();
    Ok(text)
}

/// A signed reflection, an edited article, a repost: the three things a newcomer should see.
fn samples(articles: &[HeldArticle]) -> Vec<(&'static str, &HeldArticle)> {
    let signed = |a: &&HeldArticle| a.record.reflections.iter().any(|r| r.kind == ReflectionKind::Signed);
    let reposted = |a: &&HeldArticle| elsewhere(a, articles).next().is_some();
    [
        ("with signed reflections", articles.iter().find(signed)),
        ("edited since it was first seen", articles.iter().find(|a| a.versions > 1)),
        ("one text at several places", articles.iter().find(reposted)),
    ]
    .into_iter()
    .filter_map(|(what, article)| Some((what, article?)))
    .collect()
}

/// Addresses at which the same text is held too.
fn elsewhere<'a>(held: &'a HeldArticle, articles: &'a [HeldArticle]) -> impl Iterator<Item = String> + 'a {
    let same = articles.iter().filter(|other| other.work_id == held.work_id && other.id != held.id);
    same.filter_map(|other| other.record.url.as_ref().map(ToString::to_string))
}

fn sample(what: &str, held: &HeldArticle, articles: &[HeldArticle]) -> String {
    let record = &held.record;
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "—".to_owned());
    let credits = record.credits.iter().map(|c| format!("{} {}", c.role, c.names.join("、"))).collect::<Vec<_>>();
    let mut text = format!("\n  {} ({what})\n", record.title.as_deref().unwrap_or("—"));
    let fields = [
        ("url", or_dash(record.url.as_ref().map(ToString::to_string))),
        ("source", or_dash(record.source.clone())),
        ("published", or_dash(published(record))),
        ("credits", or_dash((!credits.is_empty()).then(|| credits.join("; ")))),
        ("body", beginning(&record.body, 36)),
    ];
    let fields = fields.into_iter().chain(elsewhere(held, articles).map(|url| ("also at", url)));
    for (name, value) in fields {
        writeln!(text, "    {name:<10} {value}").ok();
    }
    for reflection in record.reflections.iter().take(3) {
        let before: String =
            [reflection.affiliation.as_deref(), reflection.role.as_deref()].into_iter().flatten().collect();
        let who = format!("{before} {}", reflection.people.join("、"));
        let words = beginning(&reflection.text, 24);
        writeln!(text, "    {:<10} {}: {words}", reflection.kind.as_str(), who.trim_start()).ok();
    }
    text
}

/// As much of the moment as the page printed.
fn published(record: &Article) -> Option<String> {
    let moment = record.published_at?;
    let day_only = record.published_precision == Some(Precision::Day);
    Some(if day_only { moment.date().to_string() } else { moment.to_string() })
}

/// The first characters of a text, on one line.
fn beginning(text: &str, length: usize) -> String {
    let line = text.replace('\n', " ");
    let begin: String = line.chars().take(length).collect();
    if begin.len() < line.len() { begin + "…" } else { begin }
}

async fn stay(server: &demo::Server) -> anyhow::Result<()> {
    let mut text = String::from("The university stays up until Ctrl-C. Crawl it yourself:\n");
    for (host, address) in server.resolves() {
        writeln!(text, "  --resolve {host}:{address}").ok();
    }
    for (_, seed) in demo::seeds() {
        writeln!(text, "  --seed '{seed}'").ok();
    }
    say(&text)?;
    // Any signal that ends a run ends this too: the crawls before have taken them all from their usual course.
    Signals::listen().context("listening for signals")?.first().await;
    Ok(())
}
