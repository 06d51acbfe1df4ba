//! A crawl on the bench: an archive in a temporary folder, a client that reaches only loopback, no waiting.

use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;
use std::time::Duration;

use shiguan::archive::{self, Archive, History};
use shiguan::crawl::{self, Error, Job, Keep, Options, Progress, Standing, Summary};
use shiguan::domain::held::Filter;
use shiguan::domain::record::ListingItem;
use shiguan::domain::site::{Politeness, Share, Site};
use shiguan::extract::Catalogue;
use shiguan::fetch::{self, HttpFetch};
use shiguan::store::Reader;
use tempfile::TempDir;
use url::Url;

use super::college::HOST;
use crate::support::dump::{differences, dump};
use crate::support::server::Server;

/// Compiled once for all tests.
static CATALOGUE: LazyLock<Arc<Catalogue>> = LazyLock::new(|| Arc::new(Catalogue::load(&[]).unwrap()));

/// An archive, and how it is filled.
pub(crate) struct Bench {
    dir: TempDir,
    /// How the next run goes about it.
    pub(crate) options: Options,
    /// What the next run crawls.
    pub(crate) sites: Vec<Site>,
    resolve: Vec<fetch::Resolve>,
}

/// What a dry run named.
type Named = Arc<Mutex<Vec<String>>>;

struct Listener(Named);

impl Progress for Listener {
    fn moved(&mut self, _standing: Standing<'_>) {}

    fn would_fetch(&mut self, _site: &str, item: &ListingItem) {
        self.0.lock().unwrap().push(item.url.as_ref().unwrap().path().to_owned());
    }
}

/// Whatever a test did with an archive, its index can be rebuilt from the WARC files alone.
impl Drop for Bench {
    fn drop(&mut self) {
        let nothing = || std::fs::read_dir(self.dir().join("warc")).map_or(0, Iterator::count) == 0;
        if thread::panicking() || nothing() {
            return;
        }
        let before = dump(self.dir());
        let found = archive::reindex(self.dir(), &crawl::reread(&CATALOGUE)).unwrap();
        assert_eq!(found.damages, Vec::<String>::new());
        let differences = differences(&before, &dump(self.dir()));
        assert!(differences.is_empty(), "the rebuilt index differs:\n{}", differences.join("\n"));
    }
}

impl Bench {
    /// One site, `yunling`, whose column is served here.
    pub(crate) fn new(server: &Server) -> Self {
        let mut options = Options::default();
        options.frontier.backoff = Duration::from_millis(1);
        let mut bench = Self {
            dir: TempDir::new().unwrap(),
            options,
            sites: vec![site("yunling", &["/xwzx.htm"])],
            resolve: Vec::new(),
        };
        bench.host(HOST, server);
        bench
    }

    /// Sends a host name to a server.
    pub(crate) fn host(&mut self, host: &str, server: &Server) {
        self.resolve.push(server.resolve(host).parse().unwrap());
    }

    /// Sends a host name to an address: `HOST:ADDR:PORT`.
    pub(crate) fn resolve(&mut self, rule: &str) {
        self.resolve.push(rule.parse().unwrap());
    }

    /// What the archive knows.
    pub(crate) fn history(&self) -> History {
        History::open(self.dir()).unwrap()
    }

    /// Headlines of the articles held, by number.
    pub(crate) fn titles(&self) -> Vec<String> {
        titles_in(self.dir())
    }

    /// The outcomes of every visit to this path, in order.
    pub(crate) fn outcomes(&self, path: &str) -> Vec<String> {
        let reader = Reader::open(self.dir()).unwrap();
        let filter = Filter::default();
        let captures = reader.captures(&filter).map(Result::unwrap);
        captures.filter(|capture| capture.url == url(path).as_str()).map(|capture| capture.outcome).collect()
    }

    /// The archive's folder.
    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Reads the archive's captures again with the rules they were read with.
    pub(crate) fn reextract(&self) -> archive::Reextracted {
        let options = archive::ReextractOptions::default();
        archive::reextract(self.dir(), &options, &crawl::reread(&CATALOGUE)).unwrap()
    }

    /// A run to its end.
    pub(crate) fn run(&self) -> Summary {
        wait(self.run_until(std::future::pending())).unwrap()
    }

    /// A run that is asked to stop when `shutdown` resolves.
    pub(crate) async fn run_until(&self, shutdown: impl Future<Output = ()>) -> Result<Summary, Error> {
        let catalogue = Arc::clone(&CATALOGUE);
        let options = archive::Options { free_space_floor: Some(0), ..archive::Options::new(self.dir()) };
        let reader = Arc::clone(&catalogue);
        let (archive, _) = tokio::task::spawn_blocking(move || open(&options, &reader)).await.unwrap()?;
        let job = self.job(Keep::Archive(archive.clone()), catalogue);
        let summary = crawl::run(job, self.client(), crawl::Unwatched, shutdown).await;
        archive.close().await?;
        summary
    }

    /// A dry run: what it did, and the paths of the articles it named.
    pub(crate) fn dry_run(&self) -> (Summary, Vec<String>) {
        let named = Named::default();
        let job = self.job(Keep::DryRun(History::open(self.dir()).ok()), Arc::clone(&CATALOGUE));
        let run = crawl::run(job, self.client(), Listener(Arc::clone(&named)), std::future::pending());
        let summary = wait(run).unwrap();
        let named = named.lock().unwrap().clone();
        (summary, named)
    }

    fn job(&self, keep: Keep, catalogue: Arc<Catalogue>) -> Job {
        Job { sites: self.sites.clone(), options: self.options, keep, catalogue, command: "crawl".to_owned() }
    }

    fn client(&self) -> Arc<HttpFetch> {
        let options = fetch::Options { resolve: self.resolve.clone(), ..fetch::Options::default() };
        Arc::new(HttpFetch::new(options).unwrap())
    }
}

/// Opens the archive. A test beside this one may just be starting a program: until that has replaced its copy of this
/// process, it shares the lock of the run before.
fn open(options: &archive::Options, catalogue: &Catalogue) -> Result<(Archive, archive::Recovery), archive::Error> {
    let mut tries = 0;
    loop {
        match Archive::open(options.clone(), &crawl::reread(catalogue)) {
            Err(archive::Error::Locked { .. }) if tries < 200 => thread::sleep(Duration::from_millis(5)),
            opened => return opened,
        }
        tries += 1;
    }
}

/// A site on [`HOST`] that is asked without delay.
pub(crate) fn site(id: &str, seeds: &[&str]) -> Site {
    Site {
        id: id.to_owned(),
        name: None,
        seeds: seeds.iter().map(|path| url(path)).collect(),
        hosts: vec![HOST.to_owned()],
        family: None,
        politeness: Politeness { delay: Duration::ZERO, per_host: 1, share: Share::Host },
        media: true,
        recheck: shiguan::domain::recheck::Recheck::default(),
        window: None,
    }
}

/// A URL on [`HOST`].
pub(crate) fn url(path: &str) -> Url {
    Url::parse(&format!("http://{HOST}{path}")).unwrap()
}

/// Runs a future to its end on threads of its own.
pub(crate) fn wait<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(future)
}

/// Headlines of the articles an archive holds, by number.
pub(crate) fn titles_in(dir: &Path) -> Vec<String> {
    let reader = Reader::open(dir).unwrap();
    let filter = Filter::default();
    let articles = reader.articles(&filter).map(Result::unwrap);
    let mut titles: Vec<String> = articles.map(|article| article.record.title.unwrap()).collect();
    titles.sort_by_key(|title| title.chars().filter(char::is_ascii_digit).collect::<String>().parse::<u32>().unwrap());
    titles
}
