//! Rows for exports and figures for `status`, over a read-only connection.

mod articles;
mod captures;
mod credits;
mod fared;
mod hidden;
mod holdings;
mod last;
mod matched;
mod media;
mod pages;
mod people;
#[cfg(test)]
mod plans;
mod provenance;
mod reflections;
mod reposts;
mod search;
mod show;
mod statistics;
mod status;
mod works;

use std::collections::HashMap;
use std::path::Path;

use rusqlite::Connection;

use super::connection::open_for_reading;
use super::fixity::{self, FileRow};
use super::takedown::Takedown;
use super::{DATABASE, Error, seal};
use crate::domain::event::HeldEvent;
use crate::domain::held::{
    Filter, Found, HeldArticle, HeldAttachment, HeldCapture, HeldCredit, HeldDescription, HeldImage, HeldMember,
    HeldPage, HeldPair, HeldPerson, HeldReflection, HeldRepost, HeldRun, HeldShowing, HeldTombstone, HeldVersion,
    HeldWork, Likeness, Matched,
};
use crate::domain::schedule::Last;
use crate::domain::statistics::{Breakdown, Coverage, Tally};
use crate::segment::Query;
pub use fared::LastRun;
use hidden::Hidden;
pub use hidden::Withheld;
pub(super) use holdings::chosen_articles;
use pages::Pages;
pub use provenance::Provenance;
pub use status::{SiteStatus, Totals};

/// Bytes of an index that are read through for any question: a matter of milliseconds.
const READ_THROUGH: u64 = 64 << 20;

/// A read-only view of an archive, one snapshot for its whole life: what a run commits meanwhile is not seen, so that
/// the tables of one export fit each other.
#[derive(Debug)]
pub struct Reader {
    connection: Connection,
    /// What is taken down; `None` where nothing is, or where the whole archive is read.
    hidden: Option<Hidden>,
    takedown: Takedown,
}

impl Reader {
    /// Opens the archive in this folder, without what its takedown list hides. An index that differs from its seal is refused.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        seal::check(dir)?;
        Self::open_shown(dir)
    }

    /// The same for a question that is answered from a few rows: an index above 64 MiB is not read through for it.
    pub fn open_for_few(dir: &Path) -> Result<Self, Error> {
        let small = dir.join(DATABASE).metadata().is_ok_and(|found| found.len() <= READ_THROUGH);
        if small { Self::open(dir) } else { Self::open_shown(dir) }
    }

    /// Opens the archive whole, whatever was taken down: for keeping it, not for showing it.
    pub fn whole(dir: &Path) -> Result<Self, Error> {
        seal::check(dir)?;
        Self::open_unchecked(dir)
    }

    /// Beside the whole archive: what of it may be shown, where the takedown list hides anything. The seal is the business of
    /// whoever opens the whole.
    pub fn shown_beside(dir: &Path) -> Result<Option<Self>, Error> {
        let reader = Self::open_shown(dir)?;
        Ok(Some(reader).filter(|reader| reader.hidden.is_some()))
    }

    fn open_shown(dir: &Path) -> Result<Self, Error> {
        let takedown = Takedown::load(dir)?;
        let reader = Self::open_unchecked(dir)?;
        let hidden = (!takedown.is_empty()).then(|| Hidden::apply(&reader.connection, &takedown)).transpose()?;
        Ok(Self { hidden, takedown, ..reader })
    }

    fn open_unchecked(dir: &Path) -> Result<Self, Error> {
        let connection = open_for_reading(dir)?;
        // The snapshot begins with the first read.
        connection
            .execute_batch("BEGIN; SELECT count(*) FROM meta;")
            .map_err(super::connection::place(&dir.join(DATABASE), "beginning to read"))?;
        Ok(Self { connection, hidden: None, takedown: Takedown::default() })
    }

    /// The list of what is taken down; empty for the whole archive.
    pub fn takedown(&self) -> &Takedown {
        &self.takedown
    }

    /// What is not shown; `None` where nothing is taken down.
    pub fn withheld(&self) -> Option<&Withheld> {
        self.hidden.as_ref().map(Hidden::withheld)
    }

    /// Rows as they may be shown.
    fn shown<T>(
        &self,
        rows: impl Iterator<Item = Result<T, Error>>,
        hide: impl Fn(&Hidden, &mut T),
    ) -> impl Iterator<Item = Result<T, Error>> {
        rows.map(move |row| {
            let mut row = row?;
            self.hidden.iter().for_each(|hidden| hide(hidden, &mut row));
            Ok(row)
        })
    }

    /// Articles, in the order they were first held.
    pub fn articles(&self, filter: &Filter) -> impl Iterator<Item = Result<HeldArticle, Error>> {
        self.shown(Pages::new(&self.connection, articles::query(filter), articles::read), Hidden::article)
    }

    /// Reflections of the articles' current versions, in article order.
    pub fn reflections(&self, filter: &Filter) -> impl Iterator<Item = Result<HeldReflection, Error>> {
        Pages::new(&self.connection, reflections::query(filter), reflections::read).map(|held| {
            let mut held = held?;
            if let Some(hidden) = self.hidden.as_ref().filter(|hidden| hidden.masks())
                && let Some(article) = articles::by_id(&self.connection, held.article_id)?
            {
                hidden.reflection(&mut held, &article.record.body);
            }
            Ok(held)
        })
    }

    /// Captures in the order they were made, failures included.
    pub fn captures(&self, filter: &Filter) -> impl Iterator<Item = Result<HeldCapture, Error>> {
        self.shown(Pages::new(&self.connection, captures::query(filter), captures::read), Hidden::capture)
    }

    /// All WARC files, in the order they were begun.
    pub fn files(&self) -> Result<Vec<FileRow>, Error> {
        fixity::files(&self.connection)
    }

    /// Members of a file, in file order.
    pub fn members(&self, file: i64) -> impl Iterator<Item = Result<HeldMember, Error>> {
        Pages::new(&self.connection, holdings::members(file), holdings::read_member)
    }

    /// Ids, ascending, of the captures that belong to the articles a filter chooses: theirs, on the way to them, of
    /// their images and attachments, of the listings that named them, of their sites' robots.txt.
    pub fn chosen(&self, filter: &Filter) -> Result<Vec<i64>, Error> {
        holdings::chosen(&self.connection, filter)
    }

    /// Every version of the articles as a page to begin reading at.
    pub fn versions(&self, filter: &Filter) -> impl Iterator<Item = Result<HeldPage, Error>> {
        self.shown(Pages::new(&self.connection, holdings::versions(filter), holdings::read_version), Hidden::page)
    }

    /// Every listing page as last read.
    pub fn listings(&self) -> impl Iterator<Item = Result<HeldPage, Error>> {
        self.shown(Pages::new(&self.connection, holdings::listings(), holdings::read_listing), Hidden::page)
    }

    /// Articles with what is known of the captures that prove them, in the order they were first held.
    pub fn described(&self, filter: &Filter) -> impl Iterator<Item = Result<HeldDescription, Error>> {
        let described = Pages::new(&self.connection, holdings::described(filter), holdings::read_described);
        self.shown(described, |hidden, held| hidden.article(&mut held.article))
    }

    /// Ids of all articles and the year each belongs to: of its publication, else of its first capture.
    pub fn years(&self) -> impl Iterator<Item = Result<(i64, String), Error>> {
        Pages::new(&self.connection, holdings::years(), holdings::read_year)
    }

    /// Runs, in the order they were begun.
    pub fn runs(&self) -> impl Iterator<Item = Result<HeldRun, Error>> {
        Pages::new(&self.connection, holdings::runs(), holdings::read_run)
    }

    /// The log of events, in order.
    pub fn events(&self) -> Result<Vec<HeldEvent>, Error> {
        super::events::events(&self.connection)
    }

    /// The stable id of the archive; `None` where nothing was ever written.
    pub fn archive_id(&self) -> Result<Option<String>, Error> {
        holdings::archive_id(&self.connection)
    }

    /// So many of the articles a query and a filter find, behind the first so many; best first.
    pub fn search(&self, query: &Query, filter: &Filter, offset: usize, limit: usize) -> Result<Found, Error> {
        search::Search::new(self)?.page(query, filter, offset, limit)
    }

    /// Ids, ascending, of all articles a query and a filter find.
    pub fn matching(&self, query: &Query, filter: &Filter) -> Result<Vec<i64>, Error> {
        search::Search::new(self)?.matching(query, filter)
    }

    /// What a query finds, to be put into a filter of this reader: rows of the articles found, and of no other.
    pub fn find(&self, query: &Query, as_typed: &str) -> Result<Matched, Error> {
        matched::keep(&self.connection, as_typed, &self.matching(query, &Filter::default())?)
    }

    /// All appearances of an article's work, the first one first, each with what it changed of it.
    pub fn reposts(&self, article: i64) -> Result<Vec<HeldRepost>, Error> {
        self.shown(reposts::of(&self.connection, article)?.into_iter().map(Ok), Hidden::repost).collect()
    }

    /// The article with this id.
    pub fn article(&self, id: i64) -> Result<Option<HeldArticle>, Error> {
        let held = articles::by_id(&self.connection, id)?;
        self.shown(held.into_iter().map(Ok), Hidden::article).next().transpose()
    }

    /// Id of the article that was read at this normalised address.
    pub fn article_at(&self, url: &str) -> Result<Option<i64>, Error> {
        show::article_at(&self.connection, url)
    }

    /// An article's texts, in the order they were first seen.
    pub fn versions_of(&self, article: i64) -> Result<Vec<HeldVersion>, Error> {
        self.shown(show::versions(&self.connection, article)?.into_iter().map(Ok), Hidden::version).collect()
    }

    /// Captures of the pages a version of an article was joined from, by the version's number.
    pub fn pages_of(&self, version: i64) -> impl Iterator<Item = Result<HeldCapture, Error>> {
        self.shown(Pages::new(&self.connection, captures::of_version(version), captures::read), Hidden::capture)
    }

    /// Which of its texts an article showed since when.
    pub fn appearances_of(&self, article: i64) -> Result<Vec<HeldShowing>, Error> {
        show::appearances(&self.connection, article)
    }

    /// An article's disappearances.
    pub fn tombstones_of(&self, article: i64) -> Result<Vec<HeldTombstone>, Error> {
        show::tombstones(&self.connection, article)
    }

    /// Every capture of the addresses an article was read at.
    pub fn captures_of(&self, article: i64) -> impl Iterator<Item = Result<HeldCapture, Error>> {
        self.shown(Pages::new(&self.connection, captures::of_article(article), captures::read), Hidden::capture)
    }

    /// Images of one article's current version.
    pub fn images_of(&self, article: i64) -> impl Iterator<Item = Result<HeldImage, Error>> {
        self.shown(Pages::new(&self.connection, media::images_of(article), media::read_image), Hidden::image)
    }

    /// Attachments of one article's current version.
    pub fn attachments_of(&self, article: i64) -> impl Iterator<Item = Result<HeldAttachment, Error>> {
        self.shown(
            Pages::new(&self.connection, media::attachments_of(article), media::read_attachment),
            Hidden::attachment,
        )
    }

    /// How two articles compare, and why they are one work or two.
    pub fn likeness(&self, a: i64, b: i64) -> Result<Likeness, Error> {
        reposts::likeness(&self.connection, a, b)
    }

    /// Credits of the articles' current versions, in article order.
    pub fn credits(&self, filter: &Filter) -> impl Iterator<Item = Result<HeldCredit, Error>> {
        Pages::new(&self.connection, credits::query(filter), credits::read)
    }

    /// Images of the articles' current versions, in article order.
    pub fn images(&self, filter: &Filter) -> impl Iterator<Item = Result<HeldImage, Error>> {
        self.shown(Pages::new(&self.connection, media::images(filter), media::read_image), Hidden::image)
    }

    /// Attachments of the articles' current versions, in article order.
    pub fn attachments(&self, filter: &Filter) -> impl Iterator<Item = Result<HeldAttachment, Error>> {
        self.shown(Pages::new(&self.connection, media::attachments(filter), media::read_attachment), Hidden::attachment)
    }

    /// Works with at least one article the filter takes, by id.
    pub fn works(&self, filter: &Filter) -> impl Iterator<Item = Result<HeldWork, Error>> {
        self.shown(Pages::new(&self.connection, works::works(filter), works::read_work), Hidden::work)
    }

    /// Pairs of articles of one work, at least one of them taken by the filter, by work.
    pub fn duplicates(&self, filter: &Filter) -> impl Iterator<Item = Result<HeldPair, Error>> {
        let pairs = Pages::new(&self.connection, works::pairs(filter), works::read_pair).map(|pair| {
            let pair = pair?;
            let Likeness { score, evidence } = self.likeness(pair.first.article_id, pair.repost.article_id)?;
            Ok(HeldPair { score, evidence, ..pair })
        });
        self.shown(pairs, Hidden::pair)
    }

    /// People whose words are held, by name.
    pub fn people(&self, filter: &Filter) -> impl Iterator<Item = Result<HeldPerson, Error>> {
        self.shown(Pages::new(&self.connection, people::query(filter), people::read), Hidden::person)
    }

    /// How many rows the export table of this name has.
    pub fn count(&self, table: &str, filter: &Filter) -> Result<u64, Error> {
        let query = match table {
            "articles" => articles::query(filter),
            "reflections" => reflections::query(filter),
            "credits" => credits::query(filter),
            "images" => media::images(filter),
            "attachments" => media::attachments(filter),
            "works" => works::works(filter),
            "duplicates" => works::pairs(filter),
            "people" => people::query(filter),
            _captures => captures::query(filter),
        };
        query.count(&self.connection).map_err(|source| Error::Sqlite { doing: "counting rows", source })
    }

    /// Counts of a filter's articles and reflections by class; classes without a name last.
    pub fn tallies(&self, by: Breakdown, filter: &Filter) -> Result<Vec<Tally>, Error> {
        statistics::tallies(&self.connection, by, filter)
    }

    /// What listings named against what is held, by site id; `None` where a listing cannot tell what the filter asks.
    pub fn coverage(&self, filter: &Filter) -> Result<Option<Vec<(String, Coverage)>>, Error> {
        statistics::coverage(&self.connection, filter)
    }

    /// What this snapshot of the archive is.
    pub fn provenance(&self) -> Result<Provenance, Error> {
        provenance::of(&self.connection)
    }

    /// Family and revision of the rules the articles' current versions were read with, each once.
    pub fn selectors(&self) -> Result<Vec<String>, Error> {
        provenance::selectors(&self.connection)
    }

    /// Figures a site, by site id.
    pub fn status(&self) -> Result<Vec<SiteStatus>, Error> {
        status::sites(&self.connection)
    }

    /// How each site fared in its last run, by site id.
    pub fn last_runs(&self) -> Result<Vec<LastRun>, Error> {
        fared::last_runs(&self.connection)
    }

    /// When each site was last crawled, by site id.
    pub fn last_crawls(&self) -> Result<HashMap<String, Last>, Error> {
        last::crawls(&self.connection)
    }

    /// Figures of the archive.
    pub fn totals(&self) -> Result<Totals, Error> {
        status::totals(&self.connection)
    }
}
